"""A network as a value: one row per layer, and totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add as plus

from autograder.errors import ConfigError, ConfigProblem
from autograder.layers.cost import Cost, Leaf, State, apply
from autograder.layers.exact import Size, difference, is_unknown, number, plain
from autograder.layers.geometry import LayerError, View, hull
from autograder.layers.nodes import Add, Aux, Concat, Layer, Seq, op_name

__all__ = ["MOST_ROWS", "Network", "Row", "network"]

MOST_ROWS = 100_000
DEEPEST = 60


class Seen:
    """What one output sees of the network's input, from a view along each axis."""

    __slots__ = ()
    views: tuple[View, ...]

    @property
    def rf(self) -> tuple[Size, ...]:
        """Receptive field in cells of the network's input, per axis."""
        return tuple(view.cells for view in self.views)

    @property
    def stride(self) -> tuple[Size, ...]:
        """Effective stride, per axis."""
        return tuple(view.stride for view in self.views)

    @property
    def padding(self) -> tuple[Size, ...]:
        """Effective padding: how far the first output's view begins before the input, per axis."""
        return tuple(view.padding for view in self.views)


@dataclass(frozen=True, slots=True)
class Row(Seen):
    """One layer, or a named seq, concat or add, which sums up its parts above it.

    shape: channels and sizes that come out.  views: one per axis.  depth: how many groups it stands in.
    aux: it belongs to a side head.  shared: its parameters were counted where they occurred first.
    """

    name: str | None
    op: str
    shape: tuple[Size, ...]
    views: tuple[View, ...]
    cost: Cost
    depth: int = 0
    group: bool = False
    aux: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Network(Seen):
    """A network with everything counted.  totals leave side heads out; aux counts them alone."""

    input: tuple[Size, ...]
    output: tuple[Size, ...]
    rows: tuple[Row, ...]
    totals: Cost
    aux: Cost
    views: tuple[View, ...] = field(default=())

    def row(self, name: str) -> Row:
        """The first row of that name; KeyError if there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)


def network(
    *,
    input: Sequence[Size],
    layers: Sequence[Layer],
    file: str = "network",
    locate: Callable[[str], int | None] | None = None,
) -> Network:
    """Count a network: input is (channels, size of each axis), all ints or expressions.

    Raises ConfigError for layers that cannot be, with their place.

    >>> from autograder.layers.nodes import conv, dense
    >>> lenet_c1 = network(input=(1, 32, 32), layers=[conv(out=6, k=5)])
    >>> lenet_c1.output, lenet_c1.totals.params, lenet_c1.totals.connections_with_bias
    ((6, 28, 28), 156, 122304)
    >>> import sympy as sp
    >>> W, H, D, K, F = sp.symbols("W H D K F")
    >>> network(input=(D, H, W), layers=[conv(out=F, k=K)]).totals.weights
    D*F*K**2
    """
    walk = _Walk(file, locate)
    try:
        sizes = tuple(plain(size) for size in input)
    except TypeError as error:
        raise walk.error(
            LayerError(f"the input {list(input)!r}: {error}", "Write (channels, sizes...)."), "input"
        ) from None
    if not sizes or any(number(size) and (size < 1 or not isinstance(size, int)) for size in sizes):
        raise walk.error(
            LayerError(f"the input is {list(sizes)}.", "Write channels and sizes, each 1 or more."), "input"
        )
    start = State(sizes[0], sizes[1:], tuple(View() for _ in sizes[1:]))
    state, total, head = walk.run(tuple(layers), start, "graph")
    return Network(sizes, state.shape, tuple(walk.rows), total, head, state.views)


Run = tuple[State, Cost, Cost]
"""What comes out, what it costs, what its side heads cost."""


class _Walk:
    """One walk through a network: the rows so far, and the shared layers that were met."""

    def __init__(self, file: str, locate: Callable[[str], int | None] | None = None) -> None:
        self.file = file
        self.locate = locate or (lambda place: None)
        self.rows: list[Row] = []
        self.shared: dict[str, tuple[type, Size, Size, Size]] = {}
        self.depth = 0
        self.in_head = False

    def error(self, error: LayerError, place: str) -> ConfigError:
        return ConfigError(
            [ConfigProblem(self.file, self.locate(place), f"{place}: {error.message}", error.advice)]
        )

    def run(self, layers: tuple[Layer, ...], state: State, place: str) -> Run:
        total, head = [], []
        for i, layer in enumerate(layers):
            state, cost, side = self.layer(layer, state, f"{place}[{i}]")
            total.append(cost)
            head.append(side)
        return state, reduce(plus, total, Cost()), reduce(plus, head, Cost())

    def layer(self, layer: Layer, state: State, place: str) -> Run:
        if len(self.rows) >= MOST_ROWS or self.depth > DEEPEST:
            raise self.error(
                LayerError("the network is too large.", f"Stay below {MOST_ROWS} layers and {DEEPEST} levels."),
                place,
            )
        if not isinstance(layer, Layer):
            what = getattr(layer, "__name__", type(layer).__name__)
            raise self.error(LayerError(f"{what} is no layer.", "Call it: relu(), conv(out=8, k=3)."), place)
        if not isinstance(layer, Seq | Concat | Add | Aux):
            return self.leaf(layer, state, place)
        self.depth += 1
        try:
            result = self.group(layer, state, place)
        finally:
            self.depth -= 1
        if layer.name is not None and not isinstance(layer, Aux):
            out, cost, _ = result
            self.note(Row(layer.name, op_name(layer), out.shape, out.views, cost, group=True))
        return result

    def note(self, row: Row) -> None:
        self.rows.append(replace(row, depth=self.depth, aux=self.in_head))

    def leaf(self, layer: Leaf, state: State, place: str) -> Run:
        try:
            out, cost = apply(layer, state)
            again = self.met_before(layer, cost)
        except LayerError as error:
            raise self.error(LayerError(f"{op_name(layer)}: {error.message}", error.advice), place) from None
        except TypeError as error:
            raise self.error(LayerError(f"{op_name(layer)}: {error}.", "Write a whole number."), place) from None
        if again:
            cost = replace(cost, weights=0, biases=0, norm=0, stats=0)
        self.note(Row(layer.name, op_name(layer), out.shape, out.views, cost, shared=again))
        return out, cost, Cost()

    def met_before(self, layer: Leaf, cost: Cost) -> bool:
        """Was this layer counted already?  Raises LayerError if it cannot be the same layer."""
        key = getattr(layer, "share", None)
        if key is None:
            return False
        form = (type(layer), cost.weights, cost.biases, cost.norm)
        if key not in self.shared:
            self.shared[key] = form
            return False
        if self.shared[key] != form:
            raise LayerError(
                f'it shares "{key}" with a layer that has other parameters.',
                "Shared layers need equal shapes: use another key.",
            )
        return True

    def group(self, layer: Seq | Concat | Add | Aux, state: State, place: str) -> Run:
        if isinstance(layer, Seq):
            return self.sequence(layer, state, place)
        if isinstance(layer, Aux):
            outer, self.in_head = self.in_head, True
            _, cost, side = self.run(layer.layers, state, f"{place}.layers")
            self.in_head = outer
            return state, Cost(), cost + side
        if not layer.branches:
            raise self.error(LayerError(f"{op_name(layer)} has no branches.", "List at least one."), place)
        ends = [self.run(branch, state, f"{place}.branches[{i}]") for i, branch in enumerate(layer.branches)]
        try:
            out = _joined([end for end, _, _ in ends], isinstance(layer, Concat))
        except LayerError as error:
            raise self.error(LayerError(f"{op_name(layer)}: {error.message}", error.advice), place) from None
        return out, reduce(plus, (cost for _, cost, _ in ends)), reduce(plus, (side for _, _, side in ends))

    def sequence(self, layer: Seq, state: State, place: str) -> Run:
        if (
            not isinstance(layer.repeat, int)
            or isinstance(layer.repeat, bool)
            or not 0 <= layer.repeat <= MOST_ROWS
        ):
            raise self.error(LayerError(f"repeat is {layer.repeat!r}.", "Write a whole number, 0 or more."), place)
        total, head = Cost(), Cost()
        for _ in range(layer.repeat if layer.layers else 0):
            state, cost, side = self.run(layer.layers, state, f"{place}.layers")
            total, head = total + cost, head + side
        return state, total, head


def _joined(ends: list[State], concat: bool) -> State:
    first = ends[0]
    for other in ends[1:]:
        here, there = (first.sizes, other.sizes) if concat else (first.shape, other.shape)
        if any(_differ(a, b) for a, b in zip(here, there, strict=True)):
            what = "sizes" if concat else "shapes"
            raise LayerError(
                f"branches end with {what} {_text(here)} and {_text(there)}.",
                "All branches must end alike; look at their strides and paddings.",
            )
    channels = plain(sum(end.channels for end in ends)) if concat else first.channels
    views = tuple(hull([end.views[i] for end in ends], size) for i, size in enumerate(first.sizes))
    return State(channels, first.sizes, views)


def _differ(left: Size, right: Size) -> bool:
    """Are they different for certain?  Symbols may still decide, which is not for us to forbid."""
    gap = difference(left, right)
    return bool(gap != 0) if number(gap) else gap.is_zero is False


def _text(sizes: tuple[Size, ...]) -> str:
    return "(" + ", ".join("?" if is_unknown(size) else str(size) for size in sizes) + ")"
