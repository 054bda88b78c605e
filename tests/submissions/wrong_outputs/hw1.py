"""Right ideas in the wrong type, the wrong shape, and with a NaN."""

import numpy as np


def grad_w(x, dz, k):
    return np.array([[np.dot(dz, x[j : j + len(dz)])] for j in range(k)])  # a column


def dsigmoid(x):
    return (1 / np.log(1 - np.abs(x) / np.abs(x))) * x  # NaN everywhere


def effective_kernel(F, D):
    return str((F - 1) * D + 1)  # text


def dilated_kernel(K, D):
    size = (K.shape[0] - 1) * D + 1
    out = np.zeros((size, size), dtype=np.float32)
    out[::D, ::D] = K
    return out
