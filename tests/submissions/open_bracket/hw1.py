"""A bracket is missing in one formula."""

q1a2_weights = "F*(D*K^2"
q1a3_connections = "(W-K+1)*(H-K+1)*F*D*K^2"
