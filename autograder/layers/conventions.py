"""What counts: one table, a row for each named convention."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONVENTIONS", "Convention", "conventions"]


@dataclass(frozen=True, slots=True)
class Convention:
    """How often each thing is counted.  Parameters: weights always, and bias, norm, stats times theirs.

    Operations: mac for each multiply-add, bias_add for each bias added, window_op for each cell that a pooling
    window reads, norm_op for each value normalised.
    """

    bias: int = 1
    norm: int = 1
    stats: int = 0
    mac: int = 1
    bias_add: int = 0
    window_op: int = 0
    norm_op: int = 0
    about: str = ""


CONVENTIONS: dict[str, Convention] = {
    "macs": Convention(about="trainable parameters; one operation per multiply-add (papers, torchvision)"),
    "flops": Convention(mac=2, about="trainable parameters; two operations per multiply-add"),
    "weights": Convention(bias=0, norm=0, about="weights only; one operation per multiply-add (CS231n, GoogLeNet)"),
    "keras": Convention(stats=1, mac=2, bias_add=1, about="all parameters, running statistics included"),
    "tensorflow": Convention(
        mac=2, bias_add=1, window_op=1, about="TensorFlow's profiler: multiply-adds twice, biases, pooling windows"
    ),
    "tensorflow-unfused": Convention(
        mac=2, bias_add=1, window_op=1, norm_op=1, about="the same, with batch norm as a separate shift"
    ),
}


def conventions(name: str | Convention) -> Convention:
    """The convention of that name.  Raises KeyError with the known names.

    >>> conventions("flops").mac
    2
    """
    if isinstance(name, Convention):
        return name
    if name not in CONVENTIONS:
        raise KeyError(f"no convention {name!r}; there are {', '.join(CONVENTIONS)}")
    return CONVENTIONS[name]
