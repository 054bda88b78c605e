"""Layers as frozen values.  The fields of a class are the fields of its node in a graph file.

Lower-case names build them, as one would write a network on paper:

>>> conv(out=64, k=7, s=2, p=3).k
7
>>> seq(conv(out=8, k=3, p="same"), relu(), repeat=2).repeat
2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.layers.exact import Size

__all__ = [
    "OPS",
    "Act",
    "AdaptivePool",
    "Add",
    "Aux",
    "Concat",
    "Conv",
    "ConvT",
    "Flatten",
    "GlobalPool",
    "Layer",
    "Linear",
    "Norm",
    "PerAxis",
    "Pool",
    "Seq",
    "activation",
    "adaptivepool",
    "add",
    "aux",
    "avgpool",
    "batchnorm",
    "concat",
    "conv",
    "convtranspose",
    "dense",
    "dropout",
    "flatten",
    "globalpool",
    "groupnorm",
    "identity",
    "instancenorm",
    "layernorm",
    "maxpool",
    "op_name",
    "relu",
    "seq",
]

PerAxis = Size | Sequence[Size]
"""One size for every axis, or a sequence with one for each."""
Padding = Size | str | Sequence[Size | Sequence[Size]]
"""A size, one per axis, [low, high] per axis, or 'valid', 'same', 'same_torch', 'full', 'causal'."""


@dataclass(frozen=True, kw_only=True)
class Conv:
    """A convolution with `out` filters of `k` cells per axis (cross-correlation, as in every framework).

    s stride, p padding, d dilation, g groups; g="dw" is depthwise, and `out` is then the input's channels
    if it is left out.  links: pairs of an input and an output map that are connected, if fewer than all
    (LeNet-5's third layer has 60).  share: layers with the same key have one set of parameters.
    """

    k: PerAxis
    out: Size | None = None
    s: PerAxis = 1
    p: Padding = 0
    d: PerAxis = 1
    g: Size | str = 1
    bias: bool = True
    links: Size | None = None
    share: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConvT:
    """A transposed convolution; op_ is the output padding."""

    k: PerAxis
    out: Size | None = None
    s: PerAxis = 1
    p: Padding = 0
    op_: PerAxis = 0
    d: PerAxis = 1
    g: Size | str = 1
    bias: bool = True
    share: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A dense layer over everything that comes in, flattened."""

    out: Size
    bias: bool = True
    share: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Norm:
    """Normalisation: kind is 'bn', 'gn', 'ln' or 'in'.

    affine: a scale and a shift per channel; noscale: a shift only; stats: a running mean and variance per
    channel, which are parameters, but not trained (batch norm only).
    """

    kind: str = "bn"
    affine: bool = True
    noscale: bool = False
    stats: bool = True
    share: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Pooling over windows; kind is 'maxpool' or 'avgpool', the stride is the window unless it is given.

    ceil: sizes are rounded up, but a window starts inside the input or its left padding (as PyTorch does).
    affine: a trained coefficient and bias per map, as in LeNet-5's subsampling.
    """

    k: PerAxis
    kind: str = "maxpool"
    s: PerAxis | None = None
    p: Padding = 0
    d: PerAxis = 1
    ceil: bool = False
    affine: bool = False
    share: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class GlobalPool:
    """One value per channel."""

    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class AdaptivePool:
    """Pooling to `out` cells per axis, whatever comes in: cell i covers floor(i*n/out) to ceil((i+1)*n/out)."""

    out: PerAxis
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Flatten:
    """All cells become channels."""

    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """Anything that changes no shape and has no parameters: an activation, dropout, the identity ..."""

    kind: str = "act"
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Seq:
    """Layers one after the other, the whole `repeat` times (each time with parameters of its own)."""

    layers: tuple[Layer, ...]
    repeat: int = 1
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Concat:
    """Branches from one input, their channels put side by side.  An empty branch is the identity."""

    branches: tuple[tuple[Layer, ...], ...]
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Add:
    """Branches from one input, added.  An empty branch is the identity: a residual connection."""

    branches: tuple[tuple[Layer, ...], ...]
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Aux:
    """A side head: counted apart, and not part of what flows on."""

    layers: tuple[Layer, ...]
    name: str | None = None


Layer = Conv | ConvT | Linear | Norm | Pool | GlobalPool | AdaptivePool | Flatten | Act | Seq | Concat | Add | Aux

OPS: dict[str, tuple[type[Layer], str | None]] = {
    "conv": (Conv, None),
    "convT": (ConvT, None),
    "bn": (Norm, "bn"),
    "gn": (Norm, "gn"),
    "ln": (Norm, "ln"),
    "in": (Norm, "in"),
    "relu": (Act, "relu"),
    "act": (Act, "act"),
    "dropout": (Act, "dropout"),
    "lrn": (Act, "lrn"),
    "identity": (Act, "identity"),
    "maxpool": (Pool, "maxpool"),
    "avgpool": (Pool, "avgpool"),
    "gap": (GlobalPool, None),
    "adaptavg": (AdaptivePool, None),
    "flatten": (Flatten, None),
    "linear": (Linear, None),
    "concat": (Concat, None),
    "add": (Add, None),
    "seq": (Seq, None),
    "aux": (Aux, None),
}

"""op of a node -> the class that holds it, and the kind that distinguishes ops of one class."""

_NAMES = {cls: op for op, (cls, kind) in OPS.items() if kind is None}


def op_name(layer: Layer) -> str:
    """The op that the layer has in a graph file.

    >>> op_name(maxpool(k=2)), op_name(dense(out=10))
    ('maxpool', 'linear')
    """
    return layer.kind if isinstance(layer, Norm | Pool | Act) else _NAMES[type(layer)]


conv, convtranspose, dense = Conv, ConvT, Linear
globalpool, adaptivepool, flatten = GlobalPool, AdaptivePool, Flatten


def maxpool(
    *, k: PerAxis, s: PerAxis | None = None, p: Padding = 0, ceil: bool = False, name: str | None = None
) -> Pool:
    """The largest value of each window."""
    return Pool(kind="maxpool", k=k, s=s, p=p, ceil=ceil, name=name)


def avgpool(
    *,
    k: PerAxis,
    s: PerAxis | None = None,
    p: Padding = 0,
    ceil: bool = False,
    affine: bool = False,
    name: str | None = None,
) -> Pool:
    """The mean of each window; affine: with a trained coefficient and bias per map."""
    return Pool(kind="avgpool", k=k, s=s, p=p, ceil=ceil, affine=affine, name=name)


def batchnorm(*, affine: bool = True, noscale: bool = False, stats: bool = True, name: str | None = None) -> Norm:
    """Batch normalisation."""
    return Norm(kind="bn", affine=affine, noscale=noscale, stats=stats, name=name)


def groupnorm(*, affine: bool = True, name: str | None = None) -> Norm:
    """Group normalisation: a scale and a shift per channel, whatever the groups."""
    return Norm(kind="gn", affine=affine, stats=False, name=name)


def layernorm(*, affine: bool = True, name: str | None = None) -> Norm:
    """Layer normalisation with a scale and a shift per channel."""
    return Norm(kind="ln", affine=affine, stats=False, name=name)


def instancenorm(*, affine: bool = False, name: str | None = None) -> Norm:
    """Instance normalisation, without parameters unless asked."""
    return Norm(kind="in", affine=affine, stats=False, name=name)


def relu(name: str | None = None) -> Act:
    """max(x, 0)."""
    return Act(kind="relu", name=name)


def activation(name: str | None = None) -> Act:
    """Any function applied to each value."""
    return Act(kind="act", name=name)


def dropout(name: str | None = None) -> Act:
    """Random zeros while training; nothing when the network is used."""
    return Act(kind="dropout", name=name)


def identity(name: str | None = None) -> Act:
    """Nothing at all."""
    return Act(kind="identity", name=name)


def seq(*layers: Layer, repeat: int = 1, name: str | None = None) -> Seq:
    """Layers one after the other."""
    return Seq(layers=layers, repeat=repeat, name=name)


def concat(*branches: Sequence[Layer], name: str | None = None) -> Concat:
    """Branches, each a list of layers, whose channels are put side by side."""
    return Concat(branches=tuple(tuple(branch) for branch in branches), name=name)


def add(*branches: Sequence[Layer], name: str | None = None) -> Add:
    """Branches, each a list of layers, whose results are added."""
    return Add(branches=tuple(tuple(branch) for branch in branches), name=name)


def aux(*layers: Layer, name: str | None = None) -> Aux:
    """A side head."""
    return Aux(layers=layers, name=name)
