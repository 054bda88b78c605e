"""The tree of a formula, keeping the student's order of terms and the way they wrote it.

Every node is immutable and compares by content.  Nothing is evaluated here: `9**9**9**9` is five small nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

__all__ = [
    "Call",
    "Constant",
    "Fold",
    "Index",
    "Logic",
    "Matrix",
    "Node",
    "Number",
    "Op",
    "Piecewise",
    "Relation",
    "Symbol",
    "Truth",
    "Tuple",
]


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, exact: 0.1 is 1/10.  text is how it was written, which equality ignores."""

    value: Fraction
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that the problem declares, or a bound index."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """pi, E, I, oo, nan: only where the problem does not declare the name as a symbol."""

    name: str


@dataclass(frozen=True, slots=True)
class Op:
    """Arithmetic.  '+' and '*' have two or more args in the order written; '/', '^', '//', '%' have two;
    'neg' has one.  `a - b + c` is Op('+', (a, Op('neg', (b,)), c))."""

    op: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A known function under its canonical name: sqrt, exp, log, floor, Max, ..."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An entry of an indexed name: a[m + 1], w2[m, n, l, k]."""

    base: str
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """op is 'Sum' or 'Product'; limits are (name, lower, upper), both inclusive, the first one innermost."""

    op: str
    body: Node
    limits: tuple[tuple[str, Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Piecewise:
    """(value, condition) branches; the first whose condition holds; none: undefined there."""

    branches: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """True or False, as the condition of a last branch."""

    value: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """op is one of < <= > >= == !=, or '|' for divisibility (left divides right)."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """op is 'and', 'or' (two or more args) or 'not' (one)."""

    op: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple such as a shape, or a vector."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of equal length."""

    rows: tuple[tuple[Node, ...], ...]


Node = Number | Symbol | Constant | Op | Call | Index | Fold | Piecewise | Truth | Relation | Logic | Tuple | Matrix
