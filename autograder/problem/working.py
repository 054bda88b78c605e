"""How an answer is worked out, as data: what the steps and the picture of an answer key are made from.

The declarations hold layers, kernels and definitions, never finished steps: those are derived from them, and
checked like an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Costs", "Gradient", "Kernel", "ReceptiveField", "Working"]


@dataclass(frozen=True, slots=True)
class Costs:
    """Layers that are counted one by one, factor by factor.

    input: (channels, sizes...).  layers: values of `autograder.layers`; sizes may be symbols of the problem.
    count: what is asked for, "weights", "connections", "macs", "channels" or "shape" (sizes, then channels).
    """

    input: tuple[Any, ...]
    layers: tuple[Any, ...]
    count: str = "macs"


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """Layers along one axis, the first one first: (kernel size, dilation, stride) of each.

    example: values of the symbols for the picture; none, no picture.
    """

    layers: tuple[tuple[Any, Any, Any], ...]
    example: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A dilated kernel, for the picture: (size, dilation) of each example."""

    examples: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gradient:
    """A gradient through a layer that is linear in the variable, from the layer's definition.

    output and forward: the definition, "z[i]" and "Sum(w[m]*x[i + m], (m, 0, k - 1))".  by: the variable, "w[j]".
    upstream: the gradient that arrives at the output, "dz[i]".  ranges: over which outputs the loss sums.
    The sums of `forward` use other indices than `by`.
    """

    output: str
    forward: str
    by: str
    upstream: str
    ranges: tuple[tuple[str, str, str], ...]


Working = Costs | ReceptiveField | Kernel | Gradient
