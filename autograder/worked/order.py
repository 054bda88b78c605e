"""Putting factors and terms into the order in which the author writes the names: sympy sorts them by its own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from autograder.expression import Fold, Index, Node, Number, Op, Symbol, free_names, rebuild, walk

__all__ = ["in_order", "order_of"]


def order_of(node: Node) -> tuple[str, ...]:
    """Names in the order in which a formula has them; a bracket in a product counts by its first name.

    >>> from autograder.expression import parse
    >>> order_of(parse("(W - K + 1)*F*(D*K**2 + 1)"))
    ('W', 'F', 'D', 'K')
    """
    found: dict[str, None] = {}
    for part in walk(node):
        if isinstance(part, Op) and part.op == "*":
            for factor in part.args:
                found |= dict.fromkeys(_names(factor)[:1])
    found |= dict.fromkeys(_names(node))
    return tuple(found)


def _names(node: Node) -> list[str]:
    named = (part for part in walk(node) if isinstance(part, Symbol | Index))
    return [part.name if isinstance(part, Symbol) else part.base for part in named]


def in_order(node: Node, names: Sequence[str]) -> Node:
    """The same formula, its factors and terms sorted by the first of these names that each holds.

    Numbers stand first in a product and last in a sum; a sum begins with a term that is not negative.

    >>> from autograder.expression import parse, to_text
    >>> to_text(in_order(parse("D*F*K - D + W"), ["W", "F", "D", "K"]))
    'W + F*D*K - D'
    """
    rank = {name: place for place, name in enumerate(names)}

    def first(part: Node) -> int:
        return min((rank.get(name, len(rank)) for name in free_names(part)), default=len(rank) + 1)

    def factor(part: Node) -> tuple[int, int]:
        if isinstance(part, Fold):
            return (2, 0)
        return (0, 0) if isinstance(part, Number) else (1, first(part))

    def change(part: Node) -> Node:
        part = rebuild(part, change)
        if isinstance(part, Op) and part.op == "/" and _long(part.args[0]) and isinstance(part.args[1], Number):
            share = Op("/", (Number(Fraction(1), "1"), part.args[1]))
            return Op("*", (share, part.args[0]))  # one quarter of a sum, rather than a sum over 4
        if isinstance(part, Op) and part.op == "*":
            return Op("*", tuple(sorted(part.args, key=factor)))
        if isinstance(part, Op) and part.op == "+":
            terms = sorted(part.args, key=first)
            ahead = next((term for term in terms if not _negative(term)), terms[0])
            return Op("+", (ahead, *(term for term in terms if term is not ahead)))
        return part

    return change(node)


def _long(node: Node) -> bool:
    return isinstance(node, Fold)


def _negative(node: Node) -> bool:
    return isinstance(node, Op) and node.op == "neg"
