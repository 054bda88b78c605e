"""Counts the weights where the parameters were asked for."""

q1a2_weights = "F*D*K^2"
q1c2_params = "3*3*64*128"


def conv_params(K, Cin, Cout, bias=True):
    return K * K * Cin * Cout
