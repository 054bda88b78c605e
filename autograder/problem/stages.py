"""Layers one by one, with what goes in and comes out: what is counted of them, as sums of products.

The worked solution and the search for slips both start from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.diagnose.trees import ONE, TWO, ZERO, added, multiplied, product
from autograder.expression import Node, Number, Op, Tuple
from autograder.layers import Concat, Conv, Linear, Pool, Seq
from autograder.layers.cost import State, apply, per_axis
from autograder.layers.exact import plain
from autograder.layers.geometry import View
from autograder.problem.nodes import as_node
from autograder.problem.working import Costs, ReceptiveField

__all__ = ["Stage", "branches", "counted", "field_terms", "one_less", "stages"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One layer with what goes in and what comes out of it."""

    layer: Any
    before: State
    after: State

    @property
    def kernel(self) -> tuple[Any, ...]:
        """Cells of the window along each axis; () for a dense layer."""
        if not isinstance(self.layer, Conv | Pool):
            return ()
        return tuple(per_axis(self.layer.k, len(self.before.sizes)))

    def weights(self) -> list[Node]:
        """The factors of the number of weights: output channels, kernel, input channels."""
        if isinstance(self.layer, Linear):
            return [
                as_node(size) for size in (*reversed(self.before.sizes), self.before.channels, self.after.channels)
            ]
        if not isinstance(self.layer, Conv):
            return []
        groups = self.before.channels if self.layer.g == "dw" else self.layer.g
        inputs = plain(self.before.channels / groups) if groups != 1 else self.before.channels
        return [as_node(size) for size in (self.after.channels, *self.kernel, inputs)]

    def places(self) -> list[Node]:
        """The factors of the number of places at which each weight is used."""
        return [as_node(size) for size in self.after.sizes] if isinstance(self.layer, Conv) else []


def start(working: Costs) -> State:
    """What flows into the first layer."""
    sizes = tuple(plain(size) for size in working.input)
    return State(sizes[0], sizes[1:], tuple(View() for _ in sizes[1:]))


def branches(working: Costs) -> list[list[Stage]]:
    """The stages of every branch; layers in a row are one branch."""
    state = start(working)
    if len(working.layers) == 1 and isinstance(working.layers[0], Concat):
        return [list(_run(branch, state)) for branch in working.layers[0].branches]
    return [list(_run(working.layers, state))]


def stages(working: Costs) -> list[Stage]:
    """Every layer, branch after branch."""
    return [stage for branch in branches(working) for stage in branch]


def _run(layers: Sequence[Any], state: State) -> Iterator[Stage]:
    for layer in layers:
        if isinstance(layer, Seq):
            inner = list(_run(layer.layers * layer.repeat, state))
            yield from inner
            state = inner[-1].after if inner else state
            continue
        after, _ = apply(layer, state)
        yield Stage(layer, state, after)
        state = after


def counted(working: Costs) -> Node:
    """What is asked for, with every number as the layers have it: a sum of products, or a tuple.

    >>> from autograder.expression import to_text
    >>> from autograder.layers import conv
    >>> two = (conv(out=8, k=1, bias=False), conv(out=16, k=3, p=1, bias=False))
    >>> to_text(counted(Costs((64, 10, 12), two)))
    '10*12*8*64 + 10*12*16*3^2*8'
    >>> to_text(counted(Costs((64, 10, 12), two, "shape")))
    '(10, 12, 16)'
    """
    if working.count in ("channels", "shape"):
        ends = [branch[-1].after for branch in branches(working)]
        if working.count == "channels":
            return added([as_node(end.channels) for end in ends])
        return Tuple((*map(as_node, ends[0].sizes), as_node(plain(sum(end.channels for end in ends)))))
    terms = []
    for stage in stages(working):
        if stage.weights():
            places = [] if working.count == "weights" else stage.places()
            terms.append(multiplied(_squares([*places, *stage.weights()], stage.kernel)))
    return added(terms) if terms else ZERO


def _squares(factors: list[Node], kernel: tuple[Any, ...]) -> list[Node]:
    """A square window as a power; factors of one are left out."""
    if len(kernel) == 2 and kernel[0] == kernel[1]:
        side = as_node(kernel[0])
        place = next(at for at in range(len(factors) - 2, -1, -1) if factors[at : at + 2] == [side, side])
        factors = [*factors[:place], Op("^", (side, TWO)), *factors[place + 2 :]]
    return [factor for factor in factors if factor not in (ONE, Op("^", (ONE, TWO)))]


def field_terms(working: ReceptiveField) -> list[Node]:
    """What each layer adds to the receptive field: (kernel - 1) * dilation * strides of the layers before it."""
    terms: list[Node] = []
    jumps: list[Node] = []
    for layer in working.layers:
        kernel, dilation, stride = map(as_node, layer)
        terms.append(product([one_less(kernel), dilation, *jumps]))
        jumps.append(stride)
    return terms


def one_less(node: Node) -> Node:
    """A size less one, written shortly: w - 1 becomes w - 2.

    >>> from autograder.expression import parse, to_text
    >>> [to_text(one_less(parse(size))) for size in ("w - 1", "w", "w + 1", "3")]
    ['w - 2', 'w - 1', 'w', '2']
    """
    head, offset = node, -1
    if isinstance(node, Number):
        return as_node(int(node.value) - 1)
    if isinstance(node, Op) and node.op == "+" and len(node.args) == 2:
        sign, last = 1, node.args[1]
        if isinstance(last, Op) and last.op == "neg":
            sign, last = -1, last.args[0]
        if isinstance(last, Number) and last.value.denominator == 1:
            head, offset = node.args[0], sign * int(last.value) - 1
    if offset == 0:
        return head
    shift = as_node(abs(offset))
    return Op("+", (head, Op("neg", (shift,)) if offset < 0 else shift))
