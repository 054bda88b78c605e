"""Homework 1: convolutional networks

Replace every ... with your answer. Leave a blank as it is if you have no answer.

A formula is a text in quotes, written as in Python: "2*a*b^3", "(a - b)/3 + 4", "sqrt(a)", "floor(a/3)",
"Sum(a[i]*b[i+2], (i, 1, n))", "Piecewise((a, a > 1), (b, True))". A power is a^2 or a**2, and a product
needs its star: a*b, not ab. LaTeX is read too: r"\\frac{a^2 - 3}{4}". A number may be written as arithmetic:
"3*5*7 + 11". A function returns its result; do not print it.
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
# Q1b.1  Batch norm in dense layers
# Write the batch-norm transform for a dense layer. Mean and biased variance are taken for each
# neuron over the samples of the batch (training mode). How many values does it learn?

# The number of learned values of a layer with N_neurons neurons.
q1b1_params = ...  # a formula in N_neurons


def bn_dense(X, gamma, beta, eps=1e-5):
    """X is (m, n): m samples, n neurons; gamma and beta are (n,). Returns an (m, n) array."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q1b.2  Batch norm in convolution layers
# The same for a convolution layer with N samples, C channels and maps of H x W.

# The number of learned values.
q1b2_params = ...  # a formula in C

# Over how many values is one mean taken?
q1b2_samples_per_statistic = ...  # a formula in H, N, W


def bn_conv(X, gamma, beta, eps=1e-5):
    """X is (N, C, H, W); gamma and beta are (C,). Returns an array of X's shape."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q1b.3  Is the bias needed before batch norm?
# What happens if the bias is removed, without batch norm and with it? What is dL/db if batch norm
# follows?

# dL/db when batch norm follows.
q1b3_dl_db = ...  # a number


def bn_of_affine(U, W, b, gamma, beta, eps):
    """U is (m, d), W is (n, d), b, gamma and beta are (n,). Returns batch norm of U*W^T + b, (m, n)."""
    return ...

# What happens without the bias, and why?
q1b3_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q1b.4  Scaling the weights (or the input) by alpha
# The pre-activation x has batch mean mu and batch variance v. All weights are multiplied by alpha >
# 0. What is the normalised value then, with eps kept? By which factor does the gradient with
# respect to the weights change, for eps = 0?

# The normalised value of alpha*x, with eps.
q1b4_bn_scaled = ...  # a formula in alpha, eps, mu, v, x

# The factor of the gradient with respect to the weights, for eps = 0.
q1b4_grad_factor = ...  # a formula in alpha


def bn_scale_invariance(X, alpha, eps):
    """The largest |BN(alpha*X) - BN(X)| of an (m, n) batch, with gamma = 1 and beta = 0."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q1b.5  Small batches in medical imaging, Group Norm
# Why is batch norm a problem with small batches, and what is the fix? Over how many values does
# group norm with G groups take a mean, and how many values does it learn?

# Over how many values is one mean taken?
q1b5_samples_per_statistic = ...  # a formula in C, G, H, W

# The number of learned values.
q1b5_params = ...  # a formula in C


def group_norm(X, G, gamma, beta, eps=1e-5):
    """X is (N, C, H, W), G divides C, gamma and beta are (C,). Returns an array of X's shape."""
    return ...

# Why is batch norm a problem there, and why does group norm help?
q1b5_text = ...  # a few sentences


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
# Q1d.1  Up-convolutional visualisation
# Explain visualisation with an up-convolutional network: what does it show at shallow, middle and
# fully connected layers?

# A short explanation.
q1d1_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q1d.2  Deconvolutional network
# Explain the deconvnet visualisation and its steps.

# The idea and the steps.
q1d2_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q1d.3  Comparison of the two
# When is each useful?

# A comparison in a few sentences.
q1d3_text = ...  # a few sentences


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
# Q3.1  Average pool forward and backward
# x -> convolution w1 -> P1 -> convolution w2 -> P2 -> 2x2 average pool -> P3 = z. P2[p,q,k] =
# Sum(w2[m,n,l,k]*P1[p+m,q+n,l]) over m, n, l. dz[i,j,k] stands for dL/dz[i,j,k] and is zero outside
# of its range. Find dL/dP2[p,q,k].

# dL/dP2[p,q,k] in terms of dz.
q31_grad = ...  # a formula in p, q, k, dz


def grad_P2(dz):
    """dz is (h, w, K); returns dL/dP2 of shape (2h, 2w, K)."""
    return ...

# Two steps as formulas: P3[i,j,k] of the window that holds P2[p,q,k], written with P2 and i =
# floor(p/2), j = floor(q/2); then dL/dP2[p,q,k].
q31_steps = [
    ...,  # a list of steps, each a formula
]


# --------------------------------------------------------------------------------------------------
# Q3.2  Gradient with respect to P1
# x -> convolution w1 -> P1 -> convolution w2 -> P2 -> 2x2 average pool -> P3 = z. P2[p,q,k] =
# Sum(w2[m,n,l,k]*P1[p+m,q+n,l]) over m, n, l. dz[i,j,k] stands for dL/dz[i,j,k] and is zero outside
# of its range. Find dL/dP1[a,b,l] in terms of w2 and dz.

# dL/dP1[a,b,l] in terms of w2 and dz.
q32_grad = ...  # a formula in a, b, l, dz, w2


def grad_P1(dz, w2):
    """dz is (h, w, K), w2 is (M, N, L, K); returns dL/dP1 of shape (2h+M-1, 2w+N-1, L)."""
    return ...

# Two steps as formulas: dL/dP1[a,b,l] in terms of w2 and dP2, where dP2 stands for dL/dP2; then in
# terms of w2 and dz.
q32_steps = [
    ...,  # a list of steps, each a formula
]


# --------------------------------------------------------------------------------------------------
# Q3.3  Gradient with respect to w2
# x -> convolution w1 -> P1 -> convolution w2 -> P2 -> 2x2 average pool -> P3 = z. P2[p,q,k] =
# Sum(w2[m,n,l,k]*P1[p+m,q+n,l]) over m, n, l. dz[i,j,k] stands for dL/dz[i,j,k] and is zero outside
# of its range. Find dL/dw2[m,n,l,k] in terms of P1 and dz.

# dL/dw2[m,n,l,k] in terms of P1 and dz.
q33_grad = ...  # a formula in m, n, l, k, dz, P1


def grad_w2(P1, dz, kshape):
    """P1 is (2h+M-1, 2w+N-1, L), dz is (h, w, K), kshape is (M, N); returns dL/dw2 of shape (M, N, L,
    K)."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q3.4  Gradient with respect to w1 (and x)
# x -> convolution w1 -> P1 -> convolution w2 -> P2 -> 2x2 average pool -> P3 = z. P2[p,q,k] =
# Sum(w2[m,n,l,k]*P1[p+m,q+n,l]) over m, n, l. dz[i,j,k] stands for dL/dz[i,j,k] and is zero outside
# of its range. P1[a,b,l] = Sum(w1[m,n,c,l]*x[a+m,b+n,c]) over m, n, c. Find dL/dw1[m,n,c,l] in
# terms of x and dP1, where dP1 stands for dL/dP1 of the question before.

# dL/dw1[m,n,c,l] in terms of x and dP1.
q34_grad = ...  # a formula in m, n, c, l, dP1, x


def grads(x, w1, w2, dz):
    """x is (H, W, C), w1 is (M1, N1, C, L), w2 is (M, N, L, K), dz is (h, w, K). Returns a dict with
    the gradients 'P2', 'P1', 'w1', 'w2' and 'x'."""
    return ...


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
# In GoogLeNet's module 3a the input is 28x28x192, and 32 filters of size 5x5 are applied with
# padding that keeps 28x28. How many operations (multiply-adds) does that take without a 1x1 layer
# before it? One multiply-add is one operation; biases are not counted.

# Write the number of multiply-adds.
q42a_macs = ...  # a number


def conv_macs(H_out, W_out, Cin, Cout, K):
    """Multiply-adds of a KxK convolution from Cin to Cout channels with an output of H_out x W_out. No
    biases. Returns a whole number."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q4.2b  Operations with the 1x1 bottleneck
# Now 16 filters of size 1x1 come first. How many operations do both convolutions take together?

# Write the number of multiply-adds.
q42b_macs = ...  # a number


def bottleneck_macs(H, W, Cin, R, Cout, K):
    """Multiply-adds of R filters 1x1 and then Cout filters KxK on an image H x W x Cin whose size is
    kept. Returns a whole number."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q4.2c  Reduction
# By which share do the operations fall?

# Write the reduction as a fraction, or in percent with the % sign. One decimal of a percent is
# enough.
q42c_reduction = ...  # a number


def reduction(a, b):
    """The share that is saved when the operations fall from a to b: a fraction between 0 and 1, not a
    percentage."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q4.2d  Inception branch 1: 64 filters 1x1
# Branch 1 of the module: 64 filters 1x1. What are the output size and the number of operations? The
# input is 28x28x192 (H = W = 28, Cin = 192); a multiply-add is one operation, and biases and
# pooling are not counted.

# Write the number of operations (multiply-adds).
q42d_macs = ...  # a number

# Write the output as (height, width, channels).
q42d_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2e  Inception branch 2: 96 filters 1x1, then 128 filters 3x3 with padding 1
# Branch 2 of the module: 96 filters 1x1, then 128 filters 3x3 with padding 1. What are the output
# size and the number of operations? The input is 28x28x192 (H = W = 28, Cin = 192); a multiply-add
# is one operation, and biases and pooling are not counted.

# Write the number of operations (multiply-adds).
q42e_macs = ...  # a number

# Write the output as (height, width, channels).
q42e_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2f  Inception branch 3: 16 filters 1x1, then 32 filters 5x5 with padding 2
# Branch 3 of the module: 16 filters 1x1, then 32 filters 5x5 with padding 2. What are the output
# size and the number of operations? The input is 28x28x192 (H = W = 28, Cin = 192); a multiply-add
# is one operation, and biases and pooling are not counted.

# Write the number of operations (multiply-adds).
q42f_macs = ...  # a number

# Write the output as (height, width, channels).
q42f_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2g  Inception branch 4: max pooling 3x3 with padding 1 and stride 1, then 32 filters 1x1
# Branch 4 of the module: max pooling 3x3 with padding 1 and stride 1, then 32 filters 1x1. What are
# the output size and the number of operations? The input is 28x28x192 (H = W = 28, Cin = 192); a
# multiply-add is one operation, and biases and pooling are not counted.

# Write the number of operations (multiply-adds).
q42g_macs = ...  # a number

# Write the output as (height, width, channels).
q42g_shape = ...  # a formula in numbers


# --------------------------------------------------------------------------------------------------
# Q4.2h  Total operations and output volume of the module
# The outputs of the four branches are concatenated. How many operations does the module take in
# total, how many weights does it have, and what is the size of its output? The input is 28x28x192
# (H = W = 28, Cin = 192); a multiply-add is one operation, and biases and pooling are not counted.

# Write the total number of operations.
q42h_macs = ...  # a number

# Write the number of channels of the output.
q42h_channels = ...  # a number

# Write the number of weights, without biases.
q42h_weights = ...  # a number

# Write the output as (height, width, channels).
q42h_shape = ...  # a formula in numbers


def inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp):
    """Returns a dict of whole numbers, the multiply-adds of 'branch1' (c1 filters 1x1), 'branch2' (r3
    1x1, then c3 3x3), 'branch3' (r5 1x1, then c5 5x5), 'branch4' (pool, then pp 1x1), and their
    'total'."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q4.2i  Benefit of different filter sizes
# Why does an Inception module combine filters of different sizes?

# Answer in one or two sentences.
q42i_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q4.2j  Is GoogLeNet robust to vanishing gradients?
# Is the architecture resistant to vanishing gradients, and why?

# Give the reasons in a few sentences.
q42j_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q4.2k  Auxiliary classifiers
# What are the auxiliary classifiers, and when are they used?

# Say where they are, what they do, and when.
q42k_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q4.2l  Limitations of GoogLeNet
# Name limitations of GoogLeNet.

# Name at least three.
q42l_text = ...  # a few sentences


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
# The error signal of layer i is delta_i = W_{i+1}^T * ... * W_L^T * delta_L, where the derivatives
# of the activations are at most 1 in magnitude. No weight matrix has a singular value above sigma.
# Bound |delta_i| / |delta_L|, and show when delta_i tends to 0.

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
# Q6d  Sigmoid and ReLU gradients
# Why does the sigmoid saturate and the ReLU not? What is the derivative of the sigmoid 1/(1 +
# exp(-x)), and its largest value?

# Write the derivative of the sigmoid.
q6d_dsigmoid = ...  # a formula in x

# Write the largest value of the derivative.
q6d_max = ...  # a number


def dsigmoid(x):
    """x: float64 array of any shape. Returns the derivative at every entry, an array of the same
    shape."""
    return ...

# Explain it in a few sentences.
q6d_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q6e  Dead neurons
# When does the problem of dead neurons occur?

# Answer in one or two sentences.
q6e_text = ...  # a few sentences


# --------------------------------------------------------------------------------------------------
# Q6f  PReLU
# The parametric ReLU is x for x > 0 and has the learned slope alpha elsewhere. Write the function
# and its derivatives, and name advantages and drawbacks.

# Write the function.
q6f_f = ...  # a formula in alpha, x

# Write the derivative with respect to x, for x != 0.
q6f_df = ...  # a formula in alpha, x

# Write the derivative with respect to alpha.
q6f_dalpha = ...  # a formula in x


def prelu(x, alpha):
    """x: float64 array, alpha: a number. Returns a tuple of three arrays of x's shape: f, df/dx,
    df/dalpha, entry by entry."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q6g  Leaky ReLU
# The leaky ReLU is x for x > 0 and has a small fixed slope alpha elsewhere. Write the function and
# its derivatives, and name advantages and drawbacks.

# Write the function.
q6g_f = ...  # a formula in alpha, x

# Write the derivative, for x != 0.
q6g_df = ...  # a formula in alpha, x


def leaky_relu(x, alpha=0.01):
    """x: float64 array, alpha: a number, 0.01 if it is left out. Returns a tuple of two arrays of x's
    shape: f, df/dx."""
    return ...


# --------------------------------------------------------------------------------------------------
# Q6h  ELU
# The exponential linear unit is x for x > 0, and elsewhere an exponential, scaled by alpha, that is
# 0 at 0 and tends to -alpha. Write the function and its derivatives, and name advantages and
# drawbacks.

# Write the function.
q6h_f = ...  # a formula in alpha, x

# Write the derivative, for x != 0.
q6h_df = ...  # a formula in alpha, x

# For which alpha > 0 does the ELU have a derivative at x = 0?
q6h_smooth = ...  # one or several of a, b, c, d


def elu(x, alpha=1.0):
    """x: float64 array, alpha: a number, 1 if it is left out. Returns a tuple of two arrays of x's
    shape: f, df/dx."""
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
