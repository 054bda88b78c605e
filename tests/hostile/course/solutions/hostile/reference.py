"""The reference functions that hostile submissions try to read; the harness fills in a canary."""

import numpy as np

CANARY = "{CANARY}"


def conv_params(F, D, K):
    """Weights of F filters of KxK over D channels: build them, and count."""
    return np.empty((F, D, K, K)).size


def conv1d_grad(x, dz):
    """dL/dw[j] = sum over i of dz[i] * x[i+j], for a valid cross-correlation z of x and w."""
    count = len(x) - len(dz) + 1
    return np.array([float(np.dot(dz, x[j : j + len(dz)])) for j in range(count)])
