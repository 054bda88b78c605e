"""One function fails when it is called; the answers around it are right."""

import numpy as np

q1a2_weights = "F*D*K^2"


def conv_weights(D, K, F, bias=False):
    weights = np.empty((F, D, K, K))
    return weights.sizes + (F if bias else 0)


def effective_kernel(F, D):
    return (F - 1) * D + 1


q5b_field = "(F-1)*D + 1"
