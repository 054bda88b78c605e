"""Other right ways to write the functions, as students do: a slip in one of them explains a wrong function."""

from __future__ import annotations

import numpy as np

# --- counts ---


def conv_weights_closed(D, K, F, bias=False):
    return F * D * K**2 + F if bias else F * D * K**2


def conv_connections_closed(W, H, D, K, F, S=1, P=0, bias=False):
    columns = (W + 2 * P - K) // S + 1
    rows = (H + 2 * P - K) // S + 1
    return columns * rows * F * (D * K**2 + int(bias))


def conv_params_closed(K, Cin, Cout, bias=True):
    return K**2 * Cin * Cout + Cout * int(bias)


def pixels_closed(N, L):
    return (N // 2**L) ** 2


def conv_macs_in_loops(H_out, W_out, Cin, Cout, K):
    operations = 0
    for _ in range(H_out):
        for _ in range(W_out):
            operations += K**2 * Cin * Cout
    return operations


def bottleneck_closed(H, W, Cin, R, Cout, K):
    squeezed = H * W * Cin * R
    spread = H * W * R * Cout * K**2
    return squeezed + spread


def inception_closed(H, W, Cin, c1, r3, c3, r5, c5, pp):
    size = H * W
    counts = {
        "branch1": size * c1 * Cin,
        "branch2": size * r3 * Cin + size * c3 * 3**2 * r3,
        "branch3": size * r5 * Cin + size * c5 * 5**2 * r5,
        "branch4": size * pp * Cin,
    }
    return counts | {"total": sum(counts.values())}


def effective_kernel_closed(F, D):
    return (F - 1) * D + 1


def dilated_output_closed(M, N, F, D):
    field = (F - 1) * D + 1
    return M - field + 1, N - field + 1


def halved_in_a_loop(N, L):
    for _ in range(L):
        N = N // 2
    return N * N


def stacked_in_a_loop(k0, k, L):
    channels = k0
    for _ in range(L):
        channels += k
    return channels


def field_with_a_jump(kernels, dilations, strides=None):
    strides = [1] * len(kernels) if strides is None else strides
    field = 1
    jump = 1
    for kernel, dilation, stride in zip(kernels, dilations, strides, strict=True):
        extent = (kernel - 1) * dilation + 1
        field += (extent - 1) * jump
        jump *= stride
    return field


# --- normalisation ---


def bn_dense_at_once(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=0)
    variance = X.var(axis=0)
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta


def bn_conv_by_channel(X, gamma, beta, eps=1e-5):
    out = np.zeros(X.shape)
    for c in range(X.shape[1]):
        part = X[:, c]
        out[:, c] = gamma[c] * (part - part.mean()) / np.sqrt(part.var() + eps) + beta[c]
    return out


def bn_of_affine_at_once(U, W, b, gamma, beta, eps):
    Z = U @ W.T + b
    return gamma * (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + eps) + beta


def normalised(X, eps):
    return (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps)


def scale_invariance_at_once(X, alpha, eps):
    return float(np.max(np.abs(normalised(alpha * X, eps) - normalised(X, eps))))


def group_norm_by_group(X, G, gamma, beta, eps=1e-5):
    width = X.shape[1] // G
    out = np.zeros(X.shape)
    for n in range(X.shape[0]):
        for g in range(G):
            part = X[n, g * width : (g + 1) * width]
            out[n, g * width : (g + 1) * width] = (part - part.mean()) / np.sqrt(part.var() + eps)
    return gamma[None, :, None, None] * out + beta[None, :, None, None]


# --- gradients of convolutions ---


def grad_w_in_loops(x, dz, k):
    grad = np.zeros(k)
    for j in range(k):
        for i in range(len(dz)):
            grad[j] += dz[i] * x[i + j]
    return grad


def grad_P2_by_window(dz):
    h, w, K = dz.shape
    grad = np.zeros((2 * h, 2 * w, K))
    for i in range(h):
        for j in range(w):
            grad[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] += dz[i, j] / 4
    return grad


def grad_P1_spread(dz, w2):
    M, N, L, _ = w2.shape
    back = np.repeat(np.repeat(dz, 2, axis=0), 2, axis=1) / 4
    grad = np.zeros((back.shape[0] + M - 1, back.shape[1] + N - 1, L))
    for p in range(back.shape[0]):
        for q in range(back.shape[1]):
            grad[p : p + M, q : q + N] += w2 @ back[p, q]
    return grad


def grad_P1_by_tap(dz, w2):
    M, N, L, _ = w2.shape
    back = np.repeat(np.repeat(dz, 2, axis=0), 2, axis=1) / 4
    A, B, _ = back.shape
    grad = np.zeros((A + M - 1, B + N - 1, L))
    for m in range(M):
        for n in range(N):
            grad[m : m + A, n : n + B] += back @ w2[m, n].T
    return grad


def grad_P1_padded(dz, w2):
    M, N, L, _ = w2.shape
    back = np.repeat(np.repeat(dz, 2, axis=0), 2, axis=1) / 4
    wide = np.pad(back, ((M - 1, M - 1), (N - 1, N - 1), (0, 0)))
    flipped = w2[::-1, ::-1]
    grad = np.zeros((back.shape[0] + M - 1, back.shape[1] + N - 1, L))
    for a in range(grad.shape[0]):
        for b in range(grad.shape[1]):
            grad[a, b] = np.tensordot(wide[a : a + M, b : b + N], flipped, axes=((0, 1, 2), (0, 1, 3)))
    return grad


def grad_w2_in_loops(P1, dz, kshape):
    h, w, K = dz.shape
    M, N = kshape
    grad = np.zeros((M, N, P1.shape[2], K))
    for m in range(M):
        for n in range(N):
            for i in range(h):
                for j in range(w):
                    window = P1[2 * i + m : 2 * i + m + 2, 2 * j + n : 2 * j + n + 2].sum(axis=(0, 1))
                    grad[m, n] += np.outer(window, dz[i, j]) / 4
    return grad


# --- matrices ---


def dilated_kernel_in_loops(K, D):
    F = len(K)
    out = np.zeros(((F - 1) * D + 1, (F - 1) * D + 1))
    for i in range(F):
        for j in range(F):
            out[i * D, j * D] = K[i, j]
    return out


def residual_product(J0, J1):
    n = len(J0)
    return (np.eye(n) + J1) @ (np.eye(n) + J0)


def residual_expanded(J0, J1):
    return np.eye(len(J0)) + (J0 + J1) + J1 @ J0


def plain_product(J0, J1):
    return J1 @ J0


def dsigmoid_product(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)
