"""A small k where the sheet writes K."""

q1a2_weights = "F*D*k^2"
q1a4_weights = "W*H*D*F"
