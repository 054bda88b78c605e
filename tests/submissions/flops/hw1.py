"""Counts two operations for each multiply-add throughout."""

q42a_macs = "2*28*28*32*5*5*192"
q42b_macs = 24887296
q42e_macs = 202309632
q42f_macs = 24887296
q42h_macs = 256098304


def conv_macs(H_out, W_out, Cin, Cout, K):
    return 2 * H_out * W_out * Cout * K * K * Cin
