"""Homework 1: convolutional networks.  A student who has everything right."""

import numpy as np

# Question 1 a: convolution and dense layers
q1a1_w_out = "W - K + 1"
q1a1_h_out = "H - K + 1"
q1a1_d_out = "F"


def conv_output_shape(W, H, D, K, F, S=1, P=0):
    return (W + 2 * P - K) // S + 1, (H + 2 * P - K) // S + 1, F


q1a2_weights = "F * D * K^2"


def conv_weights(D, K, F, bias=False):
    return F * (D * K * K + (1 if bias else 0))


q1a3_connections = "(W - K + 1) * (H - K + 1) * F * D * K**2"


def conv_connections(W, H, D, K, F, S=1, P=0, bias=False):
    w, h, _ = conv_output_shape(W, H, D, K, F, S, P)
    return w * h * conv_weights(D, K, F, bias)


q1a4_weights = "W*H*D*F"
q1a4_connections = "W*H*D*F"


def dense_weights(W, H, D, F, bias=False):
    return W * H * D * F + (F if bias else 0)


q1a5_ratio = "W*H / K^2"
q1a5_text = """A convolution looks at a small window and shares its weights over all positions, so the dense layer
has W*H/K^2 times more weights. More parameters need more data, otherwise the network over-fits."""

# Question 1 b: batch normalisation
q1b1_params = "2 * N_neurons"


def bn_dense(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=0)
    variance = X.var(axis=0)
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta


q1b2_params = "2*C"
q1b2_samples_per_statistic = "N*H*W"


def bn_conv(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=(0, 2, 3), keepdims=True)
    variance = X.var(axis=(0, 2, 3), keepdims=True)
    return gamma[None, :, None, None] * (X - mean) / np.sqrt(variance + eps) + beta[None, :, None, None]


q1b3_dl_db = 0


def bn_of_affine(U, W, b, gamma, beta, eps):
    return bn_dense(U @ W.T + b, gamma, beta, eps)


q1b3_text = """The batch mean contains b as well, so subtracting it cancels b exactly, and dL/db = 0. The shift beta
does what the bias did. Without batch norm the bias is needed to move the threshold of the activation."""

q1b4_bn_scaled = "alpha*(x - mu)/sqrt(alpha^2*v + eps)"
q1b4_grad_factor = "1/alpha"


def bn_scale_invariance(X, alpha, eps):
    ones, zeros = np.ones(X.shape[1]), np.zeros(X.shape[1])
    return float(np.abs(bn_dense(alpha * X, ones, zeros, eps) - bn_dense(X, ones, zeros, eps)).max())


q1b5_samples_per_statistic = "C*H*W/G"
q1b5_params = "2*C"


def group_norm(X, G, gamma, beta, eps=1e-5):
    N, C, H, W = X.shape
    groups = X.reshape(N, G, C // G, H, W)
    mean = groups.mean(axis=(2, 3, 4), keepdims=True)
    variance = groups.var(axis=(2, 3, 4), keepdims=True)
    normal = ((groups - mean) / np.sqrt(variance + eps)).reshape(N, C, H, W)
    return gamma[None, :, None, None] * normal + beta[None, :, None, None]


q1b5_text = """High resolution images fill the memory, so batches are small and the batch statistics are noisy and
differ between training and test. Group norm takes its statistics from one sample, whatever the batch size."""

# Question 1 c: counting
q1c1_pixels = 64


def pixels_after(N, L):
    return (N // 2**L) ** 2


q1c2_params = "3*3*64*128 + 128"


def conv_params(K, Cin, Cout, bias=True):
    return K * K * Cin * Cout + (Cout if bias else 0)


# Question 1 d: looking into a network
q1d1_text = """A second network is trained to reconstruct the image from the features of a layer. Convolution layers keep
where things are, dense layers lose it; quality falls with depth. It shows what the whole layer preserves."""
q1d2_text = """Un-pool with the recorded switches, apply ReLU, filter with the transposed kernels. Only the activation of
interest is kept, all others are set to zero."""
q1d3_text = """Up-convolution explains a whole representation and has to be trained; the deconvnet explains one unit for one
image and needs no training."""

# Question 2: gradient of a 1-D convolution
q2_grad = "Sum(dz[i]*x[i+j], (i, 0, n-k))"
q2_steps = ["Sum(w[j]*x[i+j], (j, 0, k-1))", "x[i+j]", "Sum(dz[i]*x[i+j], (i, 0, n-k))"]


def grad_w(x, dz, k):
    return np.array([np.dot(dz, x[j : j + len(dz)]) for j in range(k)])


# Question 3: average pooling between two convolutions
q31_grad = "1/4 * dz[floor(p/2), floor(q/2), k]"
q31_steps = [
    "1/4*Sum(P2[2*floor(p/2) + r, 2*floor(q/2) + s, k], (r, 0, 1), (s, 0, 1))",
    "1/4*dz[floor(p/2), floor(q/2), k]",
]


def grad_P2(dz):
    return np.repeat(np.repeat(dz, 2, axis=0), 2, axis=1) / 4


q32_grad = """1/4*Sum(w2[m,n,l,k]*dz[floor((a-m)/2), floor((b-n)/2), k],
              (m, 0, M-1), (n, 0, N-1), (k, 0, K-1))"""
q32_steps = [
    "Sum(w2[m,n,l,k]*dP2[a-m, b-n, k], (m, 0, M-1), (n, 0, N-1), (k, 0, K-1))",
    "Sum(w2[m,n,l,k]*dz[floor((a-m)/2), floor((b-n)/2), k], (m, 0, M-1), (n, 0, N-1), (k, 0, K-1))/4",
]


def grad_P1(dz, w2):
    M, N, L, K = w2.shape
    dP2 = grad_P2(dz)
    rows, columns, _ = dP2.shape
    dP1 = np.zeros((rows + M - 1, columns + N - 1, L))
    for m in range(M):
        for n in range(N):
            dP1[m : m + rows, n : n + columns] += dP2 @ w2[m, n].T
    return dP1


q33_grad = "1/4*Sum(dz[i,j,k]*P1[2*i+a+m, 2*j+b+n, l], (i, 0, h-1), (j, 0, w-1), (a, 0, 1), (b, 0, 1))"


def grad_w2(P1, dz, kshape):
    M, N = kshape
    dP2 = grad_P2(dz)
    rows, columns, K = dP2.shape
    dw2 = np.zeros((M, N, P1.shape[2], K))
    for m in range(M):
        for n in range(N):
            dw2[m, n] = np.tensordot(P1[m : m + rows, n : n + columns], dP2, axes=([0, 1], [0, 1]))
    return dw2


q34_grad = "Sum(dP1[a,b,l]*x[a+m,b+n,c], (a, 0, A-1), (b, 0, B-1))"


def correlate(x, w):
    M, N, C, L = w.shape
    rows, columns = x.shape[0] - M + 1, x.shape[1] - N + 1
    out = np.zeros((rows, columns, L))
    for m in range(M):
        for n in range(N):
            out += x[m : m + rows, n : n + columns] @ w[m, n]
    return out


def grads(x, w1, w2, dz):
    P1 = correlate(x, w1)
    dP2 = grad_P2(dz)
    dP1 = grad_P1(dz, w2)
    M, N, C, L = w1.shape
    rows, columns, _ = dP1.shape
    dw1 = np.zeros(w1.shape)
    dx = np.zeros(x.shape)
    for m in range(M):
        for n in range(N):
            dw1[m, n] = np.tensordot(x[m : m + rows, n : n + columns], dP1, axes=([0, 1], [0, 1]))
            dx[m : m + rows, n : n + columns] += dP1 @ w1[m, n].T
    return {"P2": dP2, "P1": dP1, "w1": dw1, "w2": grad_w2(P1, dz, w2.shape[:2]), "x": dx}


# Question 4: DenseNet and GoogLeNet
q41_direct_connections = "L*(L+1)/2"
q41_text = """DenseNet connects each layer with all earlier ones and concatenates; ResNet adds the input of a block to its
output. So features are reused and the channels grow, where ResNet keeps its width."""
q41b_text = """There is a short path from the loss to every layer, because concatenation passes earlier features on
unchanged: an identity block in the Jacobian."""
q41c_text = "Features are reused, the layers can be narrow and have few parameters, and it regularises."
q41d_channels = "32 + 3*24"


def dense_block_channels(k0, k, L):
    return k0 + L * k


q42a_macs = "28*28*32*5*5*192"


def conv_macs(H_out, W_out, Cin, Cout, K):
    return H_out * W_out * Cout * K * K * Cin


q42b_macs = 28 * 28 * 16 * 192 + 28 * 28 * 32 * 5 * 5 * 16


def bottleneck_macs(H, W, Cin, R, Cout, K):
    return conv_macs(H, W, Cin, R, 1) + conv_macs(H, W, R, Cout, K)


q42c_reduction = "89.7%"


def reduction(a, b):
    return (a - b) / a


q42d_macs = "H*W*64*Cin"
q42d_shape = (28, 28, 64)
q42e_macs = "28*28*96*192 + 28*28*128*9*96"
q42e_shape = (28, 28, 128)
q42f_macs = 12443648
q42f_shape = (28, 28, 32)
q42g_macs = "28*28*32*192"
q42g_shape = (28, 28, 32)
q42h_macs = 128049152
q42h_channels = 256
q42h_weights = 163328
q42h_shape = (28, 28, 256)


def inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp):
    branches = {
        "branch1": conv_macs(H, W, Cin, c1, 1),
        "branch2": bottleneck_macs(H, W, Cin, r3, c3, 3),
        "branch3": bottleneck_macs(H, W, Cin, r5, c5, 5),
        "branch4": conv_macs(H, W, Cin, pp, 1),
    }
    return branches | {"total": sum(branches.values())}


q42i_text = "Several scales are seen in parallel, and the network can choose among them."
q42j_text = """Yes: auxiliary losses inject gradient in the middle of the network, and the parallel branches give shorter paths.
The 1x1 bottleneck saves cost, it is no reason by itself."""
q42k_text = """Small classifiers attached to intermediate layers; their loss is added in training, and they are removed for
inference."""
q42l_text = "The design is complex with many hyper-parameters, filter sizes are set by hand, and there are no skip connections."

# Question 5: other convolutions
q5a_offset_channels = "2*K^2"
q5a_offset_conv_params = "2*K^2*(Cin*K^2 + 1)"
q5a_text = """The sampling grid is regular in a convolution; here learned offsets that depend on the input move it. A
convolution on the same features produces the offsets, and bilinear interpolation makes it differentiable."""
q5b_field = "(F - 1)*D + 1"


def effective_kernel(F, D):
    return (F - 1) * D + 1


q5c_m_out = "M - F*D + D"
q5c_n_out = "N - ((F - 1)*D + 1) + 1"


def dilated_output(M, N, F, D):
    field = effective_kernel(F, D)
    return M - field + 1, N - field + 1


q5d_rows_dropped = "D - 1"
q5d_size = "(F-1)*D + 1"


def dilated_kernel(K, D):
    A = np.zeros((D, D))
    A[0, 0] = 1
    size = (K.shape[0] - 1) * D + 1
    return np.kron(K, A)[:size, :size]


q5e_r1 = "(d-1)*(w-2) + 1"
q5e_r2 = "d*(w-1) + 1 + (d-1)*(w-2)"
q5e_r3 = "3*(w-1)*d + 3"


def receptive_field(kernels, dilations, strides=None):
    strides = strides or [1] * len(kernels)
    field, jump = 1, 1
    for kernel, dilation, stride in zip(kernels, dilations, strides):
        field += (kernel - 1) * dilation * jump
        jump *= stride
    return field


q5f_active_type_a = "(K^2 - 1)/2"
q5f_active_type_b = "(K^2 + 1)/2"
q5f_text = """The weights at future positions are set to zero, so that a pixel depends only on those before it, as
autoregressive models need. Its limits are a blind spot, a smaller receptive field and weaker gradients."""
q5g_wavenet_rf = "1 + (k - 1)*(2^L - 1)"
q5g_text = "With dilations 1, 2, 4, ... the receptive field grows exponentially at the same cost."

# Question 6: vanishing gradients
q6a_bound = "sigma^(L - i)"
q6a_text = """The spectral norm of a product is at most the product of the norms. Each factor is at most sigma_max, so the
product is at most sigma_max^(L-i), and if sigma_max < 1 (and |phi'| <= 1) this tends to zero as L - i grows."""
q6a_condition = "a"
q6b_bound = 2.66e-5


def bound(sigma, L, i=0):
    return sigma ** (L - i)


q6c_var = "2/(C*K^2)"
q6c_std = 0.102


def he_std(C, K):
    return np.sqrt(2 / (C * K * K))


q6d_dsigmoid = "exp(-x)/(1 + exp(-x))^2"
q6d_max = 0.25


def dsigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


q6d_text = """The sigmoid is flat on both sides, so its gradient goes to zero; its slope is 1/4 at most and a product of many
layers shrinks. ReLU has slope 1 on its active side."""
q6e_text = """When the input of the neuron is negative its output and gradient are zero; if that holds for all samples, no update
ever comes and it does not recover."""
q6f_f = "Piecewise((x, x > 0), (alpha*x, True))"
q6f_df = "Piecewise((1, x > 0), (alpha, True))"
q6f_dalpha = "0 if x > 0 else x"


def prelu(x, alpha):
    positive = x > 0
    return np.where(positive, x, alpha * x), np.where(positive, 1.0, alpha), np.where(positive, 0.0, x)


q6g_f = "x if x > 0 else alpha*x"
q6g_df = "1 if x > 0 else alpha"


def leaky_relu(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x), np.where(x > 0, 1.0, alpha)


q6h_f = "Piecewise((x, x > 0), (alpha*(exp(x) - 1), True))"
q6h_df = "Piecewise((1, x > 0), (alpha*exp(x), True))"


def elu(x, alpha=1.0):
    negative = np.minimum(x, 0)
    return np.where(x > 0, x, alpha * np.expm1(negative)), np.where(x > 0, 1.0, alpha * np.exp(negative))


q6h_smooth = "b"

q6i_dx2_dx0 = "(1 + f1)*(1 + f0)"
q6i_dx2_dx1 = "1 + f1"


def residual_jacobian(J0, J1):
    identity = np.eye(len(J0))
    return (identity + J1) @ (identity + J0)


q6j_f = "Hx - x"
q6j_text = """The derivative has the term 1 from the identity, so it does not vanish; the residual is easier to learn, and the
identity is reached with F = 0."""
q6k_dx2_dx0 = "f1*f0"


def plain_jacobian(J0, J1):
    return J1 @ J0
