"""What an author declares beside the reference: the item of the sheet, known mistakes, conventions, cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Case", "Cases", "Convention", "Item", "Mistake", "Property", "Published", "Words"]

# a text in each language: {"en": "...", "fa": "..."}
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """A question of the sheet, of which one or several answers are graded.

    id: as on the sheet, such as "Q1a.2".  question: what is asked, in each language.
    source: where the reference comes from (paper, section).  sheet: what the original solution sheet wrote.
    by_hand: how to work out a small case by hand, said beside a counterexample to its formulas and numbers.
    """

    id: str
    title: Words
    question: Words
    source: str = ""
    sheet: str = ""
    by_hand: Words = field(default_factory=dict)

    @property
    def check(self) -> str:
        """What a notebook calls it, as in `grader.check("q1a2")`.

        >>> Item(id="Q1a.2", title={}, question={}).check
        'q1a2'
        """
        return self.id.replace(".", "").lower()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mistake:
    """A wrong answer that students give.

    answer: a sympy expression (Formula, Number) or a Python function (Function).
    hint: the author's own words; without them the generic sentence of `code` is used, or none.
    credit: share of the points, 0 to 1.
    """

    id: str
    answer: Any
    hint: Words = field(default_factory=dict)
    credit: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Convention:
    """A right answer under another named convention: PARTIAL with the course's `convention_credit`.

    id: a name of the table in messages, such as "bias-counted", "two-operations-per-multiply-add".
    """

    id: str
    answer: Any
    hint: Words = field(default_factory=dict)
    credit: Fraction | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """A figure that others printed: the audit checks that the reference gives it.

    at: values of the symbols.  convention: the id of the convention under which the figure holds, "" for none.
    """

    value: Any
    source: str
    at: Mapping[str, Any] = field(default_factory=dict)
    convention: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One call of a student's function: positional arguments, and a label that students may see."""

    args: tuple[Any, ...]
    label: str = ""


# receives a generator seeded from the course's secret and the problem's name
Cases = Callable[["np.random.Generator"], Sequence[Case]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Property:
    """Two calls that must agree, such as batch norm with and without a bias before it."""

    id: str
    words: Words
    pairs: Callable[[np.random.Generator], Sequence[tuple[Case, Case]]] = field(repr=False)
