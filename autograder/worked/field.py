"""Receptive fields, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.expression import Node, Number, Op
from autograder.problem import ReceptiveField
from autograder.problem.formula import as_node
from autograder.worked.lines import ONE, Line, product, symbol, total
from autograder.worked.words import say

__all__ = ["field_lines"]


def field_lines(working: ReceptiveField) -> Iterator[Line]:
    """r = 1 at the input; each layer adds (kernel - 1) * dilation * strides of the layers before it.

    Source: Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks".
    """
    yield Line(say("field-rule"))
    terms: list[Node] = [ONE]
    jump: Node = ONE
    for number, layer in enumerate(working.layers, start=1):
        kernel, dilation, stride = map(as_node, layer)
        before = ONE if number == 1 else symbol(f"r_{number - 1}")
        added = product([one_less(kernel), dilation, jump])
        terms.append(added)
        last = number == len(working.layers)
        words = say("field-layer", number=str(number), kernel=layer[0], dilation=layer[1])
        shown = None if number == 1 else Op("+", (before, added))
        yield Line(words, (total(terms),), left=symbol(f"r_{number}"), shown=shown, concludes=last)
        jump = product([jump, stride])


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
