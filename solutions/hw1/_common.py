"""What the questions of homework 1 share: layers that are built and run, so that costs are counted by doing."""

import numpy as np

POSITIVE = "positive integer"


def convolve(x, w, bias=None, stride=1, padding=0):
    """A convolution layer run for real: x is (D, H, W), w is (F, D, K, K); returns outputs and multiply-adds done."""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    filters, _, size, _ = w.shape
    rows = (x.shape[1] - size) // stride + 1
    columns = (x.shape[2] - size) // stride + 1
    out = np.zeros((filters, rows, columns))
    done = 0
    for place in np.ndindex(filters, rows, columns):
        f, i, j = place
        window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
        products = window * w[f]
        done += products.size
        out[place] = products.sum() + (0 if bias is None else bias[f])
    return out, done


def touched(forward, length):
    """Positions of a one-dimensional input that reach the middle of the output: an impulse at each is tried."""
    middle = len(forward(np.zeros(length))) // 2
    found = []
    for place in range(length):
        impulse = np.zeros(length)
        impulse[place] = 1.0
        if forward(impulse)[middle] != 0:
            found.append(place)
    return found


def dilated(x, size, dilation=1, stride=1):
    """A one-dimensional convolution with a kernel of ones: `size` taps, `dilation` cells apart."""
    reach = (size - 1) * dilation
    return np.array([x[i : i + reach + 1 : dilation].sum() for i in range(0, len(x) - reach, stride)])
