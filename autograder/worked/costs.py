"""Costs of layers, factor by factor, with the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.expression import Node, Tuple, to_text
from autograder.layers import AdaptivePool, Concat, Conv, GlobalPool, Linear, Pool, Seq
from autograder.layers.cost import State, apply, per_axis
from autograder.layers.exact import plain
from autograder.layers.geometry import View
from autograder.problem import Costs
from autograder.problem.formula import as_node
from autograder.worked.arithmetic import arithmetic
from autograder.worked.lines import Line, product, total
from autograder.worked.words import say

__all__ = ["Stage", "branches", "cost_lines", "stages"]


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


def cost_lines(working: Costs, at: Mapping[str, Node]) -> Iterator[Line]:
    """A line for each layer; the last line's chain ends with the answer."""
    if working.count in ("channels", "shape"):
        yield from _sizes(working, at)
        return
    counted = [stage for stage in stages(working) if stage.weights()]
    dense = all(isinstance(stage.layer, Linear) for stage in counted)
    yield Line(say("count.dense" if dense else f"count.{working.count}"))
    parts = []
    for place, stage in _placed(working):
        if isinstance(stage.layer, Pool | GlobalPool | AdaptivePool):
            yield Line(_in_branch(place, say("pool")))
        if not stage.weights():
            continue
        factors = stage.weights() if working.count == "weights" else [*stage.places(), *stage.weights()]
        chain = arithmetic(product(factors), at)
        parts.append(chain[-1])
        yield Line(_in_branch(place, _title(stage, working.count)), chain, concludes=len(counted) == 1)
    if len(counted) > 1:
        yield Line(say("sum"), arithmetic(total(parts), at), concludes=True)


def _placed(working: Costs) -> list[tuple[int, Stage]]:
    """Every layer with the number of its branch, 0 where there is one branch only."""
    all_branches = branches(working)
    return [
        (number if len(all_branches) > 1 else 0, stage)
        for number, branch in enumerate(all_branches, start=1)
        for stage in branch
    ]


def _in_branch(place: int, words: Mapping[str, str]) -> Mapping[str, str]:
    if not place:
        return words
    ahead = say("branch", number=str(place))
    return {language: f"{ahead[language]} {text}" for language, text in words.items()}


def _title(stage: Stage, count: str) -> Mapping[str, str]:
    after = to_text(as_node(stage.after.channels))
    if isinstance(stage.layer, Linear):
        inputs = to_text(product(as_node(size) for size in reversed((stage.before.channels, *stage.before.sizes))))
        return say("dense", before=inputs, after=after)
    if count == "weights":
        return say("conv-weights", kernel=crossed(stage.kernel), before=stage.before.channels, after=after)
    return say(
        "conv",
        kernel=crossed(stage.kernel),
        before=stage.before.channels,
        after=after,
        sizes=crossed(stage.after.sizes),
    )


def crossed(sizes: Sequence[Any]) -> str:
    """Sizes along the axes, as one says them.

    >>> crossed((5, 5)), crossed(("W - K + 1", "H"))
    ('5 x 5', '(W - K + 1) x H')
    """
    texts = [to_text(as_node(size)) for size in sizes]
    return " x ".join(f"({text})" if " " in text else text for text in texts)


def _sizes(working: Costs, at: Mapping[str, Node]) -> Iterator[Line]:
    """Shapes and channels: every layer says what comes out of it."""
    ends = [branch[-1].after for branch in branches(working)]
    for place, stage in _placed(working):
        kind = "pool-keeps" if isinstance(stage.layer, Pool) else "keeps"
        sizes = crossed(stage.after.sizes)
        words = say(kind, kernel=crossed(stage.kernel), sizes=sizes, after=stage.after.channels)
        yield Line(_in_branch(place, words))
    channels = total(as_node(end.channels) for end in ends)
    chain = arithmetic(channels, at)
    counting = working.count == "channels"
    if len(ends) > 1:
        yield Line(say("joined"), chain, concludes=counting)
    if not counting:
        shape = Tuple((*map(as_node, ends[0].sizes), chain[-1]))
        yield Line(say("shape"), (shape,), concludes=True)
