"""Where conditions may stand in a tree."""

from __future__ import annotations

from fractions import Fraction

from autograder.expression.tree import Logic, Node, Number, Piecewise, Relation, Truth, Tuple
from autograder.expression.walk import children

__all__ = ["BOOLEAN", "conditions", "parts", "zero_or_one"]

BOOLEAN = (Relation, Logic, Truth)


def parts(node: Node, may: bool) -> list[tuple[Node, bool]]:
    """The parts of a node, and whether each may be a condition."""
    if isinstance(node, Piecewise):
        return [entry for value, test in node.branches for entry in ((value, False), (test, True))]
    allowed = isinstance(node, Logic) or (isinstance(node, Tuple) and may)
    return [(part, allowed) for part in children(node)]


def conditions(node: Node) -> tuple[Node, ...]:
    """The parts of a node that have to be conditions."""
    if isinstance(node, Piecewise):
        return tuple(test for _, test in node.branches)
    return node.args if isinstance(node, Logic) else ()


def zero_or_one(node: Node) -> Node:
    """A comparison among numbers, as in dy*(x > 0): 1 where it holds, else 0, as Python counts it."""
    if not isinstance(node, Relation | Logic):
        return node
    one, zero = Number(Fraction(1), "1"), Number(Fraction(0), "0")
    return Piecewise(((one, node), (zero, Truth(True))))
