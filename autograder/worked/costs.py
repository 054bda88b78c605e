"""Costs of layers, factor by factor, with the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.diagnose.trees import added, product
from autograder.expression import Node, Tuple, to_text
from autograder.layers import AdaptivePool, GlobalPool, Linear, Pool
from autograder.problem import Costs
from autograder.problem.formula import as_node
from autograder.problem.stages import Stage, branches, stages
from autograder.worked.arithmetic import arithmetic
from autograder.worked.lines import Line
from autograder.worked.words import say

__all__ = ["cost_lines"]


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
        yield Line(say("sum"), arithmetic(added(parts), at), concludes=True)


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
    channels = added([as_node(end.channels) for end in ends])
    chain = arithmetic(channels, at)
    counting = working.count == "channels"
    if len(ends) > 1:
        yield Line(say("joined"), chain, concludes=counting)
    if not counting:
        shape = Tuple((*map(as_node, ends[0].sizes), chain[-1]))
        yield Line(say("shape"), (shape,), concludes=True)
