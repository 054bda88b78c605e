"""Receptive fields, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnose.trees import ONE, added
from autograder.expression import Node, Op, Symbol
from autograder.problem import ReceptiveField
from autograder.problem.stages import field_terms
from autograder.worked.lines import Line
from autograder.worked.words import say

__all__ = ["field_lines"]


def field_lines(working: ReceptiveField) -> Iterator[Line]:
    """r = 1 at the input; each layer adds (kernel - 1) * dilation * strides of the layers before it.

    Source: Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks".
    """
    yield Line(say("field-rule"))
    terms: list[Node] = [ONE]
    for number, (layer, term) in enumerate(zip(working.layers, field_terms(working), strict=True), start=1):
        before = ONE if number == 1 else Symbol(f"r_{number - 1}")
        terms.append(term)
        last = number == len(working.layers)
        words = say("field-layer", number=str(number), kernel=layer[0], dilation=layer[1])
        shown = None if number == 1 else Op("+", (before, term))
        yield Line(words, (added(terms),), left=Symbol(f"r_{number}"), shown=shown, concludes=last)
