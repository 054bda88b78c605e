"""Experiments that several questions share: products counted while convolving, slopes taken numerically."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Shape = tuple[int, int, int]
TINY = 1e-200  # a complex step has no cancellation, so it may be as small as floats allow


def multiply_adds(shape: Shape, filters: int, kernel: int, padding: int = 0) -> tuple[Shape, int]:
    """Convolve an image of ones with filters of ones: each output then says how many products it is the sum of.

    shape: (height, width, channels).  Returns the shape of the output, and the products of all outputs.
    Padded cells are ones as well: a product with a padded zero is computed like any other.

    >>> multiply_adds((4, 5, 2), filters=3, kernel=3)
    ((2, 3, 3), 324)
    """
    image = np.ones((shape[0] + 2 * padding, shape[1] + 2 * padding, shape[2]))
    weights = np.ones((kernel, kernel, shape[2], filters))
    height, width = image.shape[0] - kernel + 1, image.shape[1] - kernel + 1
    sums = np.zeros((height, width, filters))
    for row, column in np.ndindex(kernel, kernel):
        sums += image[row : row + height, column : column + width] @ weights[row, column]
    return (height, width, filters), int(sums.sum())


def slope(function: Callable[[Any], Any], at: Any) -> Any:
    """The derivative of a real function by a complex step: exact to the last digits, nothing cancels.

    Source: Squire and Trapp 1998, Using complex variables to estimate derivatives of real functions.

    >>> float(slope(lambda x: x**3, 2.0))
    12.0
    """
    return np.imag(function(np.asarray(at) + 1j * TINY)) / TINY


def touched(kernels: list[int], dilations: list[int], strides: list[int]) -> int:
    """Send an impulse back from one output through all layers: the span of the input cells that it reaches.

    >>> touched([3, 3], [1, 2], [1, 1])
    7
    """
    reached = np.ones(1)
    for kernel, dilation, stride in reversed(list(zip(kernels, dilations, strides, strict=True))):
        before = np.zeros((len(reached) - 1) * stride + (kernel - 1) * dilation + 1)
        for tap in range(kernel):
            start = tap * dilation
            before[start : start + (len(reached) - 1) * stride + 1 : stride] += reached
        reached = before > 0
    cells = np.flatnonzero(reached)
    return int(cells[-1] - cells[0] + 1)
