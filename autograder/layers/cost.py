"""What one layer costs: its shape, its numbers to be learned, its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from autograder.layers.conventions import Convention, conventions
from autograder.layers.exact import Size, ceil_div, difference, number, plain, product, quotient, unknown
from autograder.layers.geometry import (
    PADDINGS,
    LayerError,
    View,
    Window,
    padded,
    pooled_size,
    seen_through,
    transposed_view,
)
from autograder.layers.nodes import (
    Act,
    AdaptivePool,
    Conv,
    ConvT,
    Flatten,
    GlobalPool,
    Linear,
    Norm,
    Pool,
)

__all__ = ["Cost", "Leaf", "State", "apply"]

Leaf = Conv | ConvT | Linear | Norm | Pool | GlobalPool | AdaptivePool | Flatten | Act


@dataclass(frozen=True, slots=True)
class Cost:
    """Counts of one layer or of many; each is an int or an expression.

    weights, biases: of convolutions, dense layers and trained pooling.  norm: scales and shifts of normalisation.
    stats: its running means and variances (not trained).  macs: multiply-adds for one input.
    connections: pairs of a cell and a tap that meets it, biases left out.  bias_adds: additions of biases.
    window_ops: cells read by pooling windows.  norm_ops: values normalised.

    >>> (Cost(weights=9, macs=81) + Cost(biases=2)).params
    11
    """

    weights: Size = 0
    biases: Size = 0
    norm: Size = 0
    stats: Size = 0
    macs: Size = 0
    connections: Size = 0
    bias_adds: Size = 0
    window_ops: Size = 0
    norm_ops: Size = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def params(self) -> Size:
        """Trainable parameters."""
        return plain(self.weights + self.biases + self.norm)

    @property
    def params_total(self) -> Size:
        """All parameters, running statistics included: what Keras prints as total."""
        return plain(self.params + self.stats)

    @property
    def flops(self) -> Size:
        """Two operations per multiply-add, nothing else counted."""
        return plain(2 * self.macs)

    @property
    def connections_with_bias(self) -> Size:
        """Connections where each bias is one more, as LeCun et al. 1998 count."""
        return plain(self.connections + self.bias_adds)

    def parameters(self, convention: str | Convention) -> Size:
        """Parameters as a named convention counts them (conventions.py)."""
        rule = conventions(convention)
        return plain(self.weights + rule.bias * self.biases + rule.norm * self.norm + rule.stats * self.stats)

    def operations(self, convention: str | Convention) -> Size:
        """Operations as a named convention counts them.

        >>> [Cost(macs=100, bias_adds=10).operations(name) for name in ("macs", "flops", "tensorflow")]
        [100, 200, 210]
        """
        rule = conventions(convention)
        return plain(
            rule.mac * self.macs
            + rule.bias_add * self.bias_adds
            + rule.window_op * self.window_ops
            + rule.norm_op * self.norm_ops
        )


@dataclass(frozen=True, slots=True)
class State:
    """What flows between two layers: channels, a size and a view for each axis."""

    channels: Size
    sizes: tuple[Size, ...]
    views: tuple[View, ...]

    @property
    def shape(self) -> tuple[Size, ...]:
        return (self.channels, *self.sizes)


def apply(layer: Leaf, state: State) -> tuple[State, Cost]:
    """What comes out of a layer, and what it costs."""
    match layer:
        case Conv():
            return _conv(layer, state)
        case ConvT():
            return _transposed(layer, state)
        case Linear():
            return _linear(layer, state)
        case Norm():
            return _norm(layer, state)
        case Pool():
            return _pool(layer, state)
        case AdaptivePool():
            return _adaptive(layer, state)
        case GlobalPool():
            return State(state.channels, (1,) * len(state.sizes), _whole(state)), Cost()
        case Flatten():
            return _flat(state), Cost()
        case _:
            return state, Cost()


def _conv(layer: Conv, state: State) -> tuple[State, Cost]:
    groups, out = _groups(layer, state.channels)
    windows = _windows(layer, state)
    sizes = tuple(pooled_size(size, window, layer.p) for size, window in zip(state.sizes, windows, strict=True))
    views = tuple(seen_through(view, window) for view, window in zip(state.views, windows, strict=True))
    links = quotient(state.channels * out, groups) if layer.links is None else plain(layer.links)
    _not_more(links, state.channels * out)
    weights = plain(links * product(window.k for window in windows))
    return State(out, sizes, views), _worked(weights, product(sizes), out, layer.bias)


def _not_more(links: Size, most: Size) -> None:
    if number(links) and number(most) and not 0 < links <= most:
        raise LayerError(
            f"links is {links}, but there are {most} pairs of maps.", f"Write 1 to {most}, or leave it out."
        )


def _worked(weights: Size, places: Size, out: Size, bias: bool) -> Cost:
    """A layer whose every weight is used once at each of `places` places."""
    macs = plain(weights * places)
    biases = out if bias else 0
    return Cost(weights=weights, biases=biases, macs=macs, connections=macs, bias_adds=plain(biases * places))


def _transposed(layer: ConvT, state: State) -> tuple[State, Cost]:
    groups, out = _groups(layer, state.channels)
    kernels, strides, dilations = (per_axis(value, len(state.sizes)) for value in (layer.k, layer.s, layer.d))
    extras = per_axis(layer.op_, len(state.sizes))
    paddings = _paddings(layer.p, len(state.sizes))
    sizes, views = [], []
    for i, size in enumerate(state.sizes):
        window, extra = _cropped(kernels[i], strides[i], dilations[i], paddings[i])
        cells = plain((size - 1) * window.s - window.low - window.high + window.extent + extra + extras[i])
        if number(cells) and cells < 1:
            raise LayerError(f"{cells} cells would come out.", "Make the padding smaller.")
        sizes.append(cells)
        views.append(transposed_view(state.views[i], window))
    weights = plain(quotient(state.channels * out, groups) * product(kernels))
    macs = plain(weights * product(state.sizes))  # each input cell meets the whole kernel
    biases = out if layer.bias else 0
    cost = Cost(
        weights=weights, biases=biases, macs=macs, connections=macs, bias_adds=plain(biases * product(sizes))
    )
    return State(out, tuple(sizes), tuple(views)), cost


def _cropped(k: Size, s: Size, d: Size, padding: Size | str | tuple[Size, Size]) -> tuple[Window, Size]:
    """The window, and how much longer the output is than cropping alone would leave it.

    'valid' keeps everything, 'same' makes size * s cells, as Keras does.
    """
    if padding in ("full", "causal", "same_torch"):
        raise LayerError(f'convT has no padding "{padding}".', 'Write numbers, "valid" or "same".')
    if padding != "same":
        return padded(1, k, s, d, padding), 0
    spare = difference((k - 1) * d + 1, s)
    if not number(spare):
        raise LayerError('"same" needs numbers for k, s and d here.', "Write the padding as [low, high].")
    total = max(spare, 0)
    return Window(k, s, d, total // 2, total - total // 2), max(-spare, 0)


def _linear(layer: Linear, state: State) -> tuple[State, Cost]:
    flat = _flat(state)
    out = _positive(layer.out, "out")
    cost = _worked(plain(flat.channels * out), 1, out, layer.bias)
    return State(out, flat.sizes, flat.views), cost


def _flat(state: State) -> State:
    """Every cell becomes a channel; the axes stay, with one cell each."""
    return State(plain(product(state.shape)), (1,) * len(state.sizes), _whole(state))


def _whole(state: State) -> tuple[View, ...]:
    """Views that cover all the cells of each axis; the stride stays."""
    return tuple(
        seen_through(view, Window(size, 1, 1, 0, 0)) for view, size in zip(state.views, state.sizes, strict=True)
    )


def _norm(layer: Norm, state: State) -> tuple[State, Cost]:
    channels = state.channels
    per_channel = (1 if layer.noscale else 2) if layer.affine else 0
    stats = 2 * channels if layer.kind == "bn" and layer.stats else 0
    return state, Cost(norm=plain(per_channel * channels), stats=plain(stats), norm_ops=plain(product(state.shape)))


def _pool(layer: Pool, state: State) -> tuple[State, Cost]:
    windows = _windows(layer, state)
    pairs = list(zip(state.sizes, windows, strict=True))
    sizes = tuple(pooled_size(size, window, layer.p, layer.ceil) for size, window in pairs)
    views = tuple(seen_through(view, window) for view, window in zip(state.views, windows, strict=True))
    cells = plain(state.channels * product(sizes))
    read = plain(cells * product(window.k for window in windows))
    if not layer.affine:
        return State(state.channels, sizes, views), Cost(window_ops=read)
    cost = Cost(
        weights=state.channels,
        biases=state.channels,
        macs=cells,
        connections=read,
        bias_adds=cells,
        window_ops=read,
    )
    return State(state.channels, sizes, views), cost


def _adaptive(layer: AdaptivePool, state: State) -> tuple[State, Cost]:
    wanted = per_axis(layer.out, len(state.sizes))
    views = tuple(
        _binned(view, size, _positive(out, "out"))
        for view, size, out in zip(state.views, state.sizes, wanted, strict=True)
    )
    return State(state.channels, tuple(wanted), views), Cost()


def _binned(view: View, size: Size, out: Size) -> View:
    if out == 1:
        return seen_through(view, Window(size, 1, 1, 0, 0))
    step = quotient(size, out)
    if isinstance(step, int) or (not number(step) and step.is_integer):
        widest = step
    elif number(size) and number(out):
        widest = max(ceil_div((i + 1) * size, out) - i * size // out for i in range(min(out, MOST_BINS)))
    else:
        widest = unknown("bin", size, out)
    return View(plain(view.rf + (widest - 1) * view.stride), plain(view.stride * step), view.start)


MOST_BINS = 100_000


def _groups(layer: Conv | ConvT, channels: Size) -> tuple[Size, Size]:
    """(groups, output channels), checked."""
    if layer.g == "dw":
        groups: Size = channels
        out = channels if layer.out is None else _positive(layer.out, "out")
    elif isinstance(layer.g, str):
        raise LayerError(f'g is "{layer.g}".', 'Write a number of groups, or "dw" for depthwise.')
    elif layer.out is None:
        raise LayerError("out is missing.", 'Write the number of output channels (only g = "dw" needs none).')
    else:
        groups, out = _positive(layer.g, "g"), _positive(layer.out, "out")
    for name, count in (("input", channels), ("output", out)):
        share = quotient(count, groups)
        if number(share) and not isinstance(share, int):
            raise LayerError(
                f"{groups} groups do not divide {count} {name} channels.", "Choose g so that it divides both."
            )
    return groups, out


def _windows(layer: Conv | Pool, state: State) -> list[Window]:
    axes = len(state.sizes)
    if not axes:
        raise LayerError(
            "there is no axis left to move along.", "The input needs a size for each axis: [channels, sizes...]."
        )
    kernels = [_positive(k, "k") for k in per_axis(layer.k, axes)]
    strides = kernels if layer.s is None else [_positive(s, "s") for s in per_axis(layer.s, axes)]
    dilations = [_positive(d, "d") for d in per_axis(layer.d, axes)]
    paddings = _paddings(layer.p, axes)
    return [
        padded(size, k, s, d, p)
        for size, k, s, d, p in zip(state.sizes, kernels, strides, dilations, paddings, strict=True)
    ]


def per_axis(value: Size | Sequence[Size], axes: int) -> list[Size]:
    """One value for each axis.

    >>> per_axis(3, 2), per_axis([1, 7], 2)
    ([3, 3], [1, 7])
    """
    if not isinstance(value, list | tuple):
        return [plain(value)] * axes
    if len(value) != axes:
        raise LayerError(
            f"{list(value)} has {len(value)} entries, but there are {axes} axes.",
            "Write one number, or one per axis.",
        )
    return [plain(entry) for entry in value]


def _paddings(value: object, axes: int) -> list[Size | str | tuple[Size, Size]]:
    if isinstance(value, str):
        if value not in PADDINGS:
            raise LayerError(f'p is "{value}".', f"Write numbers, or one of {', '.join(PADDINGS)}.")
        return [value] * axes
    entries = list(value) if isinstance(value, list | tuple) else [value] * axes
    if len(entries) != axes:
        raise LayerError(
            f"p has {len(entries)} entries, but there are {axes} axes.",
            "Write one per axis, each a number or [low, high].",
        )
    return [_pair(entry) for entry in entries]


def _pair(entry: object) -> tuple[Size, Size]:
    pair = tuple(entry) if isinstance(entry, list | tuple) else (entry, entry)
    if len(pair) != 2:
        raise LayerError(
            f"the padding {list(pair)} of one axis has {len(pair)} entries.", "Write a number or [low, high]."
        )
    return _checked(pair[0], "p", 0), _checked(pair[1], "p", 0)


def _positive(value: Size, name: str) -> Size:
    return _checked(value, name, 1)


def _checked(value: Size, name: str, least: int) -> Size:
    exact = plain(value)
    if number(exact) and (exact < least or not isinstance(exact, int)):
        raise LayerError(f"{name} is {exact}.", f"Write a whole number, {least} or more.")
    return exact
