"""One line of a worked solution, and small trees to build it from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.expression import Node, Number, Op, Symbol, to_text

__all__ = ["ONE", "Line", "product", "symbol", "total", "whole"]

ONE = Number(Fraction(1), "1")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: words, and a chain of equal formulas.

    left: what stands before the chain and is only shown, such as z[i] before its definition.
    concludes: the chain is equal to the answer as well.  rounded: the last formula is the one before, rounded.
    shown: a formula that is shown and not decided, as it holds derivatives yet to be taken.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    chain: tuple[Node, ...] = ()
    left: Node | None = None
    concludes: bool = False
    rounded: bool = False
    shown: Node | None = None

    @property
    def text(self) -> str:
        """The chain as plain text.

        >>> Line(chain=(whole(28), whole(784)), left=Symbol("r")).text
        'r = 28 = 784'
        """
        parts = [to_text(part) for part in ((self.left,) if self.left is not None else ())]
        *exact, last = [*parts, *map(to_text, self.chain)]
        return f"{' = '.join(exact)} {'≈' if self.rounded else '='} {last}" if exact else last


def whole(value: int) -> Number:
    """A whole number as a literal.

    >>> whole(28).text
    '28'
    """
    return Number(Fraction(value), str(value))


def symbol(name: str) -> Symbol:
    """A name as it is typeset; it is not read again."""
    return Symbol(name)


def product(factors: Iterable[Node]) -> Node:
    """Factors in their order; a product of one is that factor.  Factors of one are left out.

    >>> from autograder.expression import to_text
    >>> to_text(product([whole(28), whole(1), Symbol("K")]))
    '28*K'
    """
    kept: list[Node] = []
    for factor in factors:
        if isinstance(factor, Op) and factor.op == "*":
            kept += factor.args
        elif factor != ONE:
            kept.append(factor)
    if not kept:
        return ONE
    return kept[0] if len(kept) == 1 else Op("*", tuple(kept))


def total(terms: Iterable[Node]) -> Node:
    """Terms in their order; a sum of one is that term."""
    kept = tuple(terms)
    return kept[0] if len(kept) == 1 else Op("+", kept)
