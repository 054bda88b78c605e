"""Receptive fields, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.expression import Node, Op
from autograder.problem import ReceptiveField
from autograder.problem.stages import field_terms
from autograder.worked.lines import ONE, Line, symbol, total
from autograder.worked.words import say

__all__ = ["field_lines"]


def field_lines(working: ReceptiveField) -> Iterator[Line]:
    """r = 1 at the input; each layer adds (kernel - 1) * dilation * strides of the layers before it.

    Source: Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks".
    """
    yield Line(say("field-rule"))
    terms: list[Node] = [ONE]
    for number, (layer, added) in enumerate(zip(working.layers, field_terms(working), strict=True), start=1):
        before = ONE if number == 1 else symbol(f"r_{number - 1}")
        terms.append(added)
        last = number == len(working.layers)
        words = say("field-layer", number=str(number), kernel=layer[0], dilation=layer[1])
        shown = None if number == 1 else Op("+", (before, added))
        yield Line(words, (total(terms),), left=symbol(f"r_{number}"), shown=shown, concludes=last)
