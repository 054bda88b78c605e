"""Slips in the layers behind a count or a shape: one left out, padding or stride forgotten, biases counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograder.diagnose.edits import Edit
from autograder.diagnose.trees import added, multiplied
from autograder.errors import AnswerError
from autograder.expression import Node, Tuple
from autograder.layers import Concat, Conv, Pool
from autograder.layers.geometry import LayerError
from autograder.problem.nodes import as_node
from autograder.problem.stages import Stage, branches, counted
from autograder.problem.working import Costs

__all__ = ["layer_slips"]

Layers = tuple[Any, ...]


def layer_slips(working: Costs) -> tuple[Edit, ...]:
    """What the layers give once something about them is misunderstood.

    >>> from autograder.expression import to_text
    >>> from autograder.layers import conv
    >>> two = (conv(out=8, k=1, bias=False), conv(out=16, k=3, p=1, bias=False))
    >>> [(edit.code, to_text(edit.tree)) for edit in layer_slips(Costs((64, 10, 12), two, "shape"))][:3]
    [('stride-ignored', '(5, 6, 16)'), ('layer-skipped', '(10, 12, 8)'), ('padding-ignored', '(8, 10, 16)')]
    """
    found = list(_counted_as_well(working))
    right = counted(working)
    for code, layers in _misunderstood(working.layers):
        try:
            found.append(Edit(code, counted(replace(working, layers=layers))))
        except (LayerError, AnswerError, ArithmeticError, IndexError, TypeError, ValueError):
            continue  # such layers do not fit together: nobody gets a number from them
    if working.count in ("channels", "shape"):
        found += _channels(branches(working), right)
    return tuple(edit for edit in found if edit.tree != right)


def _counted_as_well(working: Costs) -> Iterator[Edit]:
    """Biases, as often as they are added and once for each filter; what pooling takes."""
    if working.count not in ("weights", "connections", "macs"):
        return
    counting = [stage for branch in branches(working) for stage in branch if stage.weights()]
    filters = [as_node(stage.after.channels) for stage in counting]
    places = [[] if working.count == "weights" else stage.places() for stage in counting]
    uses = [multiplied([*own, outputs]) for own, outputs in zip(places, filters, strict=True)]
    code = "bias-additions-counted" if working.count == "macs" else "bias-counted"
    yield Edit(code, added([counted(working), *uses]), "convention")
    if working.count == "macs":
        pools = [stage for branch in branches(working) for stage in branch if isinstance(stage.layer, Pool)]
        for stage in pools:
            window = [as_node(size) for size in (*stage.after.shape, *stage.kernel)]
            yield Edit("pooling-counted", added([counted(working), multiplied(window)]), "convention")
    if working.count != "weights":
        yield Edit("add-term", added([counted(working), *filters]))


def _misunderstood(layers: Layers) -> Iterator[tuple[str, Layers]]:
    """The layers with one of them, or one branch, taken for something else; then the same in every branch."""
    if len(layers) == 1 and isinstance(layers[0], Concat):
        whole = layers[0]
        for place in range(len(whole.branches)):
            rest = (*whole.branches[:place], *whole.branches[place + 1 :])
            yield "layer-skipped", (replace(whole, branches=rest),)
            for code, branch in _in_a_row(tuple(whole.branches[place])):
                changed = (*whole.branches[:place], branch, *whole.branches[place + 1 :])
                yield code, (replace(whole, branches=changed),)
        longer = [tuple(branch)[1:] if _convolutions(branch) > 1 else tuple(branch) for branch in whole.branches]
        yield "layer-skipped", (replace(whole, branches=tuple(longer)),)
        bare = [tuple(map(_unpadded, branch)) for branch in whole.branches]
        yield "padding-ignored", (replace(whole, branches=tuple(bare)),)
    else:
        yield from _in_a_row(layers)


def _convolutions(layers: Sequence[Any]) -> int:
    return sum(isinstance(layer, Conv) for layer in layers)


def _in_a_row(layers: Layers) -> Iterator[tuple[str, Layers]]:
    for place, layer in enumerate(layers):
        before, after = layers[:place], layers[place + 1 :]
        if len(layers) > 1:
            yield "layer-skipped", (*before, *after)
        for code, changed in _taken_for(layer):
            yield code, (*before, changed, *after)


def _taken_for(layer: Any) -> Iterator[tuple[str, Any]]:
    """A layer with other padding or another stride."""
    if not isinstance(layer, Conv | Pool):
        return
    if layer.p != 0:
        yield "padding-ignored", _unpadded(layer)
    if layer.p != 1 and layer.k != 1:
        yield "padding-ignored", replace(layer, p=1)
    if layer.s == 1:
        yield "stride-ignored", replace(layer, s=2)
        yield "stride-ignored", replace(layer, s=layer.k)
        yield "stride-ignored", replace(_unpadded(layer), s=layer.k)


def _unpadded(layer: Any) -> Any:
    return replace(layer, p=0) if isinstance(layer, Conv | Pool) else layer


def _channels(found: list[list[Stage]], right: Node) -> Iterator[Edit]:
    """Channels that do not leave are counted with those that do; channels are multiplied."""
    ends = [as_node(branch[-1].after.channels) for branch in found]
    inner = [[as_node(stage.after.channels) for stage in branch[:-1] if stage.weights()] for branch in found]
    entering = as_node(found[0][0].before.channels)
    counts = [[*ends, *own] for own in inner if own]
    counts += [[*ends, *(channels for own in inner for channels in own)]] if len(counts) > 1 else []
    for parts in (*counts, [*ends, entering]):
        yield Edit("add-term", _with_channels(right, added(parts)))
    for own, end in zip(inner, ends, strict=True):
        if own:
            yield Edit("sum-for-product", _with_channels(right, multiplied([*own, end])))
    if len(ends) > 1:
        yield Edit("sum-for-product", _with_channels(right, multiplied(ends)))


def _with_channels(right: Node, channels: Node) -> Node:
    """A shape with other channels, or the channels alone."""
    return Tuple((*right.items[:-1], channels)) if isinstance(right, Tuple) else channels
