"""One axis at a time: padding, output size, and which cells of the input an output cell sees.

Sources: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning" (sizes);
Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks" (views).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from autograder.layers.exact import (
    Size,
    ceil_div,
    difference,
    floor_div,
    is_unknown,
    maximum,
    minimum,
    number,
    plain,
    quotient,
    unknown,
)

__all__ = [
    "PADDINGS",
    "LayerError",
    "View",
    "Window",
    "hull",
    "padded",
    "pooled_size",
    "seen_through",
    "transposed_view",
]

PADDINGS = ("valid", "same", "same_torch", "full", "causal")


class LayerError(Exception):
    """A layer that cannot be: what is wrong, and what to do.  The caller adds the place and the file."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Window:
    """A kernel or pooling window along one axis: k taps, d cells apart, moved s cells, low and high padding."""

    k: Size
    s: Size
    d: Size
    low: Size
    high: Size

    @property
    def extent(self) -> Size:
        """Cells from the first tap to the last.

        >>> Window(3, 1, 4, 0, 0).extent
        9
        """
        return plain((self.k - 1) * self.d + 1)


def padded(size: Size, k: Size, s: Size, d: Size, padding: Size | str | tuple[Size, Size]) -> Window:
    """The window with its padding in cells.

    'same' is TensorFlow's: the output has ceil(size / s) cells and the odd cell of padding goes to the end.
    'same_torch' is PyTorch's: (k-1)*d cells in all, for stride 1 only.  'full' keeps every place where window
    and input touch; 'causal' pads the past only, so that no output sees what comes after it.

    >>> padded(224, 3, 2, 1, "same")
    Window(k=3, s=2, d=1, low=0, high=1)
    """
    reach = plain((k - 1) * d)
    if isinstance(padding, tuple):
        return Window(k, s, d, padding[0], padding[1])
    if padding == "valid":
        return Window(k, s, d, 0, 0)
    if padding == "full":
        return Window(k, s, d, reach, reach)
    if padding == "causal":
        return Window(k, s, d, reach, 0)
    if padding == "same_torch" and s != 1:
        raise LayerError(
            f'p is "same_torch", but the stride is {s}.', 'PyTorch has it for stride 1 only: use "same" or numbers.'
        )
    if padding in ("same", "same_torch"):
        return _same(size, k, s, d)
    return Window(k, s, d, padding, padding)


def _same(size: Size, k: Size, s: Size, d: Size) -> Window:
    reach = plain((k - 1) * d)
    if s == 1 or reach == 0:
        total = reach
    elif is_unknown(size):
        low = unknown("low", size, reach, s)
        return Window(k, s, d, low, unknown("high", size, reach, s))
    else:
        total = maximum(plain((ceil_div(size, s) - 1) * s + reach + 1 - size), 0)
    low = floor_div(total, 2)
    return Window(k, s, d, low, plain(total - low))


def pooled_size(size: Size, window: Window, padding: object = None, ceil: bool = False) -> Size:
    """Cells that come out.

    >>> pooled_size(227, Window(11, 4, 1, 0, 0)), pooled_size(112, Window(3, 2, 1, 0, 0), ceil=True)
    (55, 56)
    """
    if padding == "same":
        return ceil_div(size, window.s)
    room = difference(size + window.low + window.high, window.extent)
    if ceil:  # the last window must start inside the input or its left padding
        cells = minimum(plain(ceil_div(room, window.s) + 1), ceil_div(size + window.low, window.s))
    else:
        cells = plain(floor_div(room, window.s) + 1)
    if number(cells) and cells < 1:
        raise LayerError(
            f"a window over {window.extent} cells does not fit {size} cells"
            f" with {window.low} + {window.high} of padding.",
            "Make the window smaller, the padding larger or the input larger.",
        )
    return cells


@dataclass(frozen=True, slots=True)
class View:
    """What an output cell sees of the network's input along one axis.

    rf: cells from the first to the last it depends on; stride: cells between the views of neighbours;
    start: the first cell that output 0 sees (minus the effective padding).
    """

    rf: Size = 1
    stride: Size = 1
    start: Size = 0

    @property
    def cells(self) -> Size:
        """rf in whole cells: between the cells of a transposed convolution it may end inside one."""
        return ceil_div(self.rf, 1) if number(self.rf) else self.rf

    @property
    def padding(self) -> Size:
        """How far output 0 sees beyond the input's first cell."""
        return plain(-self.start)


def seen_through(view: View, window: Window) -> View:
    """The view behind one more window.

    Source: Araujo et al. 2019, eq. 2 and its companions: r + (k-1) d j, j s, u - p j with j the stride so far.

    >>> seen_through(View(7, 2, -3), Window(3, 2, 1, 1, 1))
    View(rf=11, stride=4, start=-5)
    """
    return View(
        plain(view.rf + (window.k - 1) * window.d * view.stride),
        plain(view.stride * window.s),
        plain(view.start - window.low * view.stride),
    )


def transposed_view(view: View, window: Window) -> View:
    """The view behind a transposed convolution: neighbours are 1/s of a cell apart.

    Output cells come in s phases that see different taps.  rf is the largest of them; the start is the mean of
    the phases, so that the centre is exact.

    >>> transposed_view(View(), Window(4, 2, 1, 1, 1)).rf
    2
    """
    if number(window.d) and number(window.s):
        apart = window.s // gcd(window.d, window.s)  # taps of one phase are this many taps apart
    elif window.d == 1:
        apart = window.s
    else:
        apart = unknown("phase", window.d, window.s)
    steps = floor_div(window.k - 1, apart)
    reach = plain(quotient(steps * apart * window.d, window.s))
    centre = quotient(2 * window.low - (window.k - 1) * window.d, 2 * window.s)
    middle = view.start + quotient(view.rf - 1, 2) + centre * view.stride
    rf = plain(view.rf + reach * view.stride)
    return View(rf, quotient(view.stride, window.s), plain(middle - quotient(rf - 1, 2)))


def hull(views: list[View], size: Size) -> View:
    """The view of a cell where branches meet: from the first cell that any of them sees to the last.

    Strides must agree, or the branches would drift apart; on an axis of one cell there is nothing to drift.

    >>> hull([View(5, 2, -2), View(3, 2, 0)], 7)
    View(rf=5, stride=2, start=-2)
    """
    first = views[0]
    for other in views[1:]:
        if size != 1 and difference(first.stride, other.stride) != 0:
            raise LayerError(
                f"branches meet with effective strides {first.stride} and {other.stride}.",
                "Give every branch the same product of strides.",
            )
        start = minimum(first.start, other.start)
        end = maximum(first.start + first.rf, other.start + other.rf)
        # fractional starts (after a transposed convolution) see parts of cells: whole cells are reported
        rf = ceil_div(difference(end, start), 1) if not number(end - start) else -((start - end) // 1)
        first = View(plain(rf), maximum(first.stride, other.stride), start)
    return first
