"""Homework 1: convolutional networks

Replace every `...` with your answer. Leave a blank as it is if you have no answer.

A formula is a text in quotes, written as in Python: "F*D*K^2", "(W - K)/2 + 1", "sqrt(x)", "floor(p/2)",
"Sum(dz[i]*x[i+j], (i, 0, n-k))", "Piecewise((x, x > 0), (0, True))". A power is K^2 or K**2, and a product needs
its star: D*K, not DK. LaTeX is read too: r"\\frac{K^2 - 1}{2}". A number may be written as arithmetic: "28*28*64*192".
A function returns its result; do not print it.
"""

import numpy as np


# --------------------------------------------------------------------------------------------------
# Q1a.1  Output volume of a convolution
# An image of size W x H x D is convolved with F filters of size K x K (stride 1, no padding). What
# is the size of the output volume?

# The width of the output.
q1a1_w_out = ...  # a formula in K, W

# The height of the output.
q1a1_h_out = ...  # a formula in H, K

# The depth (number of channels) of the output.
q1a1_d_out = ...  # a formula in F


def conv_output_shape(W, H, D, K, F, S=1, P=0):
    """Output (width, height, depth) as whole numbers, for stride S and padding P on every side."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q1a.2  Weights of the convolution layer
# How many weights does that layer have? The bias is not counted.

# The number of weights.
q1a2_weights = ...  # a formula in D, F, K


def conv_weights(D, K, F, bias=False):
    """Number of weights, and of biases if asked for."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q1a.3  Connections of the convolution layer
# How many connections does it have? A bias is not counted as a connection.

# The number of connections.
q1a3_connections = ...  # a formula in W, H, D, K, F


def conv_connections(W, H, D, K, F, S=1, P=0, bias=False):
    """Number of connections for stride S and padding P; with bias=True a bias counts as a connection."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q1a.4  Dense layer: weights and connections
# The image is flattened and fed to a dense layer with F neurons. How many weights and connections
# does it have, without biases?

# The number of weights.
q1a4_weights = ...  # a formula in D, F, H, W

# The number of connections.
q1a4_connections = ...  # a formula in D, F, H, W


def dense_weights(W, H, D, F, bias=False):
    """Number of weights, and of biases if asked for."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q1a.5  Which one needs more data and why
# How many times more weights does the dense layer have than the convolution? Which one needs more
# training data, and why?

# Weights of the dense layer, divided by those of the convolution.
q1a5_ratio = ...  # a formula in H, K, W

# Which one needs more training data, and why?
q1a5_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q1c.1  Spatial size after five halvings
# A 256 x 256 image passes five layers that each halve the side. How many pixels has the last
# feature map?

# The number of pixels.
q1c1_pixels = ...  # a number


def pixels_after(N, L):
    """Pixels of an N x N image after L halvings of its side; N is divisible by 2^L."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q1c.2  Parameters of a 3x3 layer, 64 -> 128
# How many parameters has a convolution with 3 x 3 kernels, 64 input and 128 output channels, biases
# included?

# The number of parameters.
q1c2_params = ...  # a number


def conv_params(K, Cin, Cout, bias=True):
    """Number of weights, and of biases unless bias is False."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q2  Gradient of a 1-D convolution with respect to its kernel
# z[i] = Sum(w[j]*x[i+j], (j, 0, k-1)) for i = 0 ... n-k. dz[i] stands for dL/dz[i]. Find dL/dw[j].

# dL/dw[j] as a sum over i.
q2_grad = ...  # a formula in j, x, dz


def grad_w(x, dz, k):
    """dL/dw as an array of length k; x has length n, dz has length n-k+1."""
    return ...



# The derivation as a list of formulas: first z[i] itself, then dz[i]/dw[j], then dL/dw[j]. w has k
# entries.
q2_steps = [
    ...,  # a list of steps, each a formula
]


# --------------------------------------------------------------------------------------------------
# Q4.1  DenseNet and ResNet
# Explain DenseNet and ResNet: how do they differ in which layers they connect, and in how they
# combine features? How many direct connections does a dense block of L layers have?

# Write the number of direct connections in a dense block of L layers.
q41_direct_connections = ...  # a formula in L

# In a few sentences: which layers are connected, how are features combined, what follows from it?
q41_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q4.1b  Why gradients survive in DenseNet
# Why does DenseNet ease the problem of vanishing gradients?

# Give the reason in one or two sentences.
q41b_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q4.1c  Advantages of DenseNet
# Name advantages of DenseNet.

# Name at least three.
q41c_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q4.1d  Channels after a dense block
# A dense block receives k0 = 32 channels and has L = 3 layers with growth rate k = 24. How many
# channels leave it?

# Write the number of channels.
q41d_channels = ...  # a number


def dense_block_channels(k0, k, L):
    """Channels after a dense block: k0 channels enter, L layers have growth rate k. Returns a whole
    number."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q4.2a  Operations of a direct 5x5 convolution
# GoogLeNet 3a: the input is 28x28x192, and there are 32 filters of 5x5 with 'same' padding. How
# many operations (multiply-adds) does the layer need without a 1x1 layer before it?

# The number of operations (multiply-adds).
q42a_macs = ...  # a number


def conv_macs(H_out, W_out, Cin, Cout, K):
    """Multiply-adds of a K x K convolution with this output size."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q4.2b  Operations with the 1x1 bottleneck
# The same with 16 filters of 1x1 before the 5x5 layer.

# The number of operations (multiply-adds).
q42b_macs = ...  # a number


def bottleneck_macs(H, W, Cin, R, Cout, K):
    """Multiply-adds of R filters of 1x1 and then Cout filters of KxK; both keep the size H x W."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q4.2c  Reduction
# By which part (or how many percent) do the operations fall?

# A fraction, or a percentage with its % sign.
q42c_reduction = ...  # a number


def reduction(a, b):
    """By which part of a the cost falls when it goes from a to b."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q4.2d  Inception branch 1: 64 1x1
# Output size and operations of 64 filters of 1x1.

# The number of operations (multiply-adds).
q42d_macs = ...  # a number

# The output as (height, width, channels).
q42d_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2e  Inception branch 2: 96 1x1 then 128 3x3
# Output size and operations; padding 1 in the 3x3 layer.

# The number of operations (multiply-adds).
q42e_macs = ...  # a number

# The output as (height, width, channels).
q42e_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2f  Inception branch 3: 16 1x1 then 32 5x5
# Output size and operations; padding 2 in the 5x5 layer.

# The number of operations (multiply-adds).
q42f_macs = ...  # a number

# The output as (height, width, channels).
q42f_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2g  Inception branch 4: pool then 32 1x1
# Max pooling 3x3 (padding 1, stride 1), then 32 filters of 1x1. Pooling counts no operations.

# The number of operations (multiply-adds).
q42g_macs = ...  # a number

# The output as (height, width, channels).
q42g_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2h  Total operations and output volume of the module
# Total operations of the four branches; number of weights without biases; size after concatenation.

# The total number of operations.
q42h_macs = ...  # a number

# The number of output channels.
q42h_channels = ...  # a number

# The number of weights, without biases.
q42h_weights = ...  # a number

# The output as (height, width, channels).
q42h_shape = ...  # a formula in numbers


def inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp):
    """A dict with the multiply-adds of 'branch1' (c1 filters 1x1), 'branch2' (r3 1x1, then c3 3x3),
    'branch3' (r5 1x1, then c5 5x5), 'branch4' (pool, then pp 1x1) and 'total'."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q5a  Deformable and ordinary convolution
# What is the difference between an ordinary and a deformable convolution with a KxK kernel on Cin
# channels? The displacements come from a parallel convolution of the same kernel size, with biases;
# all filters share them, and there is no modulation.

# Write the number of channels that the convolution for the displacements gives.
q5a_offset_channels = ...  # a formula in K

# Write the number of parameters of that convolution, biases included.
q5a_offset_conv_params = ...  # a formula in Cin, K

# Explain the difference in a few sentences.
q5a_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q5b  Dilated kernel: effective field
# An FxF kernel has dilation D: neighbouring taps are D cells apart (D = 1 is an ordinary
# convolution). How many cells does it span along one axis?

# Write the number of cells.
q5b_field = ...  # a formula in F, D


def effective_kernel(F, D):
    """Cells that F taps with dilation D span along one axis. Returns a whole number."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q5c  Output size of a dilated convolution
# That kernel is applied to an MxN input with stride 1 and without padding. What is the size of the
# output?

# Write the number of rows.
q5c_m_out = ...  # a formula in M, F, D

# Write the number of columns.
q5c_n_out = ...  # a formula in N, F, D


def dilated_output(M, N, F, D):
    """Rows and columns of the output, as a tuple of two whole numbers."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q5d  Dilated kernel as a Kronecker product
# Write the dilated kernel as a Kronecker product of K (FxF) with a DxD matrix A. Which A is it, and
# how many rows, and as many columns, at the end of the product have to be dropped because they are
# all zeros?

# Write how many rows have to be dropped (and as many columns).
q5d_rows_dropped = ...  # a formula in D

# Write the number of rows that remain.
q5d_size = ...  # a formula in F, D


def dilated_kernel(K, D):
    """K: float64 array (F, F). D: dilation, a whole number. Returns the dilated kernel, its empty last
    rows and columns dropped."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q5e  Receptive field of three dilated layers
# Three layers with stride 1 have (kernel size, dilation) = (w-1, d-1), (w, d), (w+1, d+1). What is
# the receptive field along one axis after each of them? A dilation is the step from one tap to the
# next.

# Write the receptive field after the first layer.
q5e_r1 = ...  # a formula in d, w

# Write the receptive field after the second layer.
q5e_r2 = ...  # a formula in d, w

# Write the receptive field after the third layer.
q5e_r3 = ...  # a formula in d, w


def receptive_field(kernels, dilations, strides=None):
    """Lists with the kernel size, dilation and stride of each layer, the first layer first; without
    strides all are 1. Returns the receptive field of one output along one axis, a whole number."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q5f  Masked convolution
# What is a masked convolution, where is it used, and what are its limits? How many cells of a KxK
# kernel (K odd) stay active in one channel: for a mask of type A, which hides the centre, and of
# type B, which shows it?

# Write the number of active cells for type A.
q5f_active_type_a = ...  # a formula in K

# Write the number of active cells for type B.
q5f_active_type_b = ...  # a formula in K

# Explain it: what, where, and two limits.
q5f_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q5g  Dilation as a remedy
# How do dilated convolutions reduce these limits? What is the receptive field of L layers with
# kernel size k and dilations 1, 2, 4, ..., each twice the one before?

# Write the receptive field of the L layers.
q5g_wavenet_rf = ...  # a formula in L, k

# Answer in one or two sentences.
q5g_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q6a  Vanishing gradient bound
# The error signal of layer i is delta_i = W_{i+1}^T ... W_L^T delta_L, where the derivatives of the
# activations are at most 1 in magnitude. No weight matrix has a singular value above sigma. Bound
# |delta_i| / |delta_L|, and show when delta_i tends to 0.

# Write the bound for |delta_i| / |delta_L|.
q6a_bound = ...  # a formula in L, i, sigma

# Which condition on the weight matrices is enough for delta_i to tend to 0 as L - i grows?
q6a_condition = ...  # one or several of a, b, c, d

# Write the proof in a few sentences.
q6a_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q6b  Numeric bound
# The largest singular value is s = 0.9, there are n = 100 layers, and |delta_L| = eps. Give the
# upper bound for |delta_0| / eps.

# Write the upper bound: a power, or a decimal. A decimal has to be rounded up, by at most 3
# percent.
q6b_bound = ...  # a number


def bound(sigma, L, i=0):
    """The bound for |delta_i| / |delta_L| when no singular value exceeds sigma."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q6c  He initialisation
# A convolution with ReLU has C = 3 input channels, KxK = 8x8 kernels and Cout = 16 filters. Which
# variance and which standard deviation does He's initialisation (normal distribution, fan-in) give
# its weights?

# Write the variance, exactly or to within 1 percent.
q6c_var = ...  # a number

# Write the standard deviation, exactly or to within 1 percent.
q6c_std = ...  # a number


def he_std(C, K):
    """Standard deviation of He's initialisation for C input channels and KxK kernels."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q6i  Residual block: forward and gradient
# Two residual blocks compute x1 = F(x0) + x0 and x2 = F(x1) + x1. Write x2 in terms of x0 and the
# gradients. In the answers f0 stands for F'(x0) and f1 for F'(x1).

# Write dx2/dx0 in f0 and f1.
q6i_dx2_dx0 = ...  # a formula in f0, f1

# Write dx2/dx1.
q6i_dx2_dx1 = ...  # a formula in f1


def residual_jacobian(J0, J1):
    """J0, J1: float64 arrays (n, n), the Jacobians of F at x0 and at x1. Returns the Jacobian of x2
    with respect to x0, an array (n, n)."""
    return ...




# --------------------------------------------------------------------------------------------------
# Q6j  Residual learning argument
# Why are residual blocks a good idea? If a block is to compute H(x), what has its branch F to
# learn? Write Hx for H(x).

# Write what F has to learn.
q6j_f = ...  # a formula in Hx, x

# Give two reasons in a few sentences.
q6j_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q6k  Plain network gradient
# A plain network computes x1 = F(x0) and x2 = F(x1). What is dx2/dx0? Here f0 stands for F'(x0), f1
# for F'(x1) and f2 for F'(x2).

# Write dx2/dx0.
q6k_dx2_dx0 = ...  # a formula in f0, f1


def plain_jacobian(J0, J1):
    """J0, J1: float64 arrays (n, n), the Jacobians of F at x0 and at x1. Returns the Jacobian of x2
    with respect to x0, an array (n, n)."""
    return ...
