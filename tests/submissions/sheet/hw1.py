"""The solution sheet that homework 1 was made from, entered as it is written, wrong numbers included.

What the sheet answers in words, or not at all, is left out here.
"""

import numpy as np

# 1 a
q1a1_w_out = "(W - K)/1 + 1"
q1a1_h_out = "(H - K)/1 + 1"
q1a1_d_out = "F"
q1a2_weights = "F*(D*K*K)"
q1a3_connections = "((W - K)/1 + 1)*((H - K)/1 + 1)*F*(D*K*K)"
q1a4_weights = "W*H*D*F"
q1a4_connections = "W*H*D*F"
q1a5_text = """The convolution has far fewer weights than the dense layer, so the dense network needs much more data
to avoid over-fitting."""


# 1 b: x = Wu + b, normalised for each neuron, then shift and scale
def bn_dense(X, gamma, beta, eps=1e-5):
    normal = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)
    return gamma * normal + beta


def bn_conv(X, gamma, beta, eps=1e-5):
    axes = (0, 2, 3)
    normal = (X - X.mean(axis=axes, keepdims=True)) / np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return gamma.reshape(1, -1, 1, 1) * normal + beta.reshape(1, -1, 1, 1)


q1b3_text = """Without batch norm the missing bias can hurt, because it shifts the outputs. With batch norm it has no
effect, because shift and scale does its job."""
# "multiplying the weights has no effect, since batch norm cancels it in the end"
q1b4_bn_scaled = "(x - mu)/sqrt(v + eps)"
q1b5_text = """High resolution needs memory, so batches are small, and small batches make the statistics noisy. Group
normalisation normalises inside groups of channels."""

# 1 c
q1c1_pixels = 64
q1c2_params = "3*3*64*128 + 128"

# 1 d
q1d1_text = """Reconstructs an image from the extracted features and so shows what information each layer keeps. Early
layers keep almost all, middle ones local patterns, FC7 and FC8 high-level content."""
q1d2_text = "Shows which parts of the image activate chosen neurons most: up-sampling, deconvolution, filtering."
q1d3_text = "Up-convolution: how much of the input the network keeps. Deconvolution: interprets parts of the neurons."

# 2: the star is written as a convolution
q2_grad = "Sum(dz[i]*x[i+j], (i, 0, n-k))"


def grad_w(x, dz, k):
    return np.convolve(x, dz, "valid")


# 3: indices as printed
q31_grad = "1/4*Sum(dz[i,j,k], (i, 0, h-1), (j, 0, w-1))"
q32_grad = "1/4*Sum(Sum(dz[i,j,k]*w2[k,i], (i, 0, h-1), (j, 0, w-1)), (k, 0, K-1))"
q33_grad = "1/4*Sum(dz[i,j,k]*P1[c,m,r,i,h+j], (m, 0, M-1), (n, 0, N-1))"
q34_grad = "1/4*Sum(Sum(dz[i,j,k]*x[k,i], (i, 0, h-1), (k, 0, K-1)), (n, 0, N-1))"

# 4.1
q41_text = """DenseNet connects every layer to all previous ones and concatenates; ResNet adds the input of a block to
its output. The main difference is addition against concatenation."""
q41b_text = "Because of direct connections from the loss to all layers and to the input, gradients flow easily."
q41c_text = "No feature is learned twice, few filters are needed, and dense connections act as regularisation."
q41d_channels = "32 + 3*24"

# 4.2
q42a_macs = 120422400
q42b_macs = 12443648
q42c_reduction = "(120422400 - 12443648)/120422400"
q42d_macs = 9830400
q42d_shape = (28, 28, 64)
q42e_macs = 42004224
q42e_shape = (28, 28, 128)
q42f_macs = 12779520
q42f_shape = (28, 28, 32)
q42g_macs = 4715200
q42g_shape = (29, 29, 32)  # what the sheet's own 2x2 pool with padding 1 and stride 1 gives
q42h_macs = 67529344
q42i_text = "It lets the model learn local and wider patterns together."
q42j_text = """Yes: 1x1 filters act as a bottleneck and reduce the dimension; auxiliary classifiers add losses, so the first
layers get stronger gradients; several paths, if the gradient vanishes in one another carries it."""
q42k_text = """Classifiers in the deep layers that produce an output from intermediate features; used in training, removed
at inference."""
q42l_text = "Complex design; heavy in memory; extra cost of auxiliary heads; inflexible filter sizes; no skip connections."

# 5
q5a_text = """The sampling grid is fixed in a classic convolution; in a deformable one it is augmented with learned offsets
that a convolution computes from the previous feature map."""
q5b_field = "(F - 1)*D + 1"
q5c_m_out = "M - ((F - 1)*D + 1) + 1"
q5c_n_out = "N - F*D + D"
q5d_rows_dropped = "1"


def dilated_kernel(K, D):
    A = np.zeros((D, D))
    A[0, 0] = 1
    return np.kron(K, A)[:-1]  # "the last row should be dropped"


q5e_r1 = "(d-1)*(w-2) + 1"
q5e_r2 = "d*(w-1) + 1 + (d-1)*(w-2)"
q5e_r3 = "(3*w - 3)*d + 3"
q5f_text = """A mask zeroes some weights, so that a pixel depends on previous pixels only; for sequential data. Limits: a
mask that is too strict, a weak gradient, a smaller receptive field."""
q5g_text = "A dilated masked convolution widens the receptive field and improves the flow of the gradient."

# 6
q6a_bound = "sigma^(L - i)"
q6a_text = "The norm of the product is at most sigma_max^(L-i), which tends to zero as L-i grows."
q6b_bound = 2.6e-5
q6c_var = 0.0104
q6c_std = 0.102
q6d_text = """The sigmoid tends to 1 and 0 for large values and its gradient to zero; ReLU has gradient 1 for positive
values, and there are always positive neurons."""
q6e_text = "When the values of the neurons are negative: output and gradient are zero."
q6f_f = "Piecewise((x, x > 0), (alpha*x, x <= 0))"
q6f_df = "Piecewise((1, x > 0), (alpha, x <= 0))"
q6f_dalpha = "0"  # the sheet treats the slope as if it were not learned
q6g_f = "Piecewise((x, x > 0), (alpha*x, x <= 0))"
q6g_df = "Piecewise((1, x > 0), (alpha, x <= 0))"
q6h_f = "Piecewise((x, x > 0), (alpha*(exp(x) - 1), x <= 0))"
q6h_df = "Piecewise((1, x > 0), (alpha*exp(x), x <= 0))"
q6i_dx2_dx1 = "1 + f1"
q6i_dx2_dx0 = "1 + f1"  # where the sheet stops
q6j_f = "Hx - x"
q6j_text = "The gradient does not vanish because of the added term; the block learns the residual, which is easier."
q6k_dx2_dx0 = "f2*f1"
