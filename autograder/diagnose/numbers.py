"""A wrong number -> the slip in the formula behind it that gives this number, if it is plausible and unique enough.

Many slips reach a small whole number, so the fewer values there are around the student's, the more a hit says.  The
commonest slips are believed whenever they fit; rarer ones only where a chance hit is unlikely.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from autograder.decide import Rule, decide_number, rational
from autograder.diagnose.edits import Edit
from autograder.diagnose.formulas import finding_of
from autograder.diagnose.sampling import Sampler, Stage
from autograder.diagnose.search import Case, Found, Slips, slips_from
from autograder.diagnose.trees import Path, at_path, literal, paths, replaced
from autograder.domain import Domain
from autograder.errors import AnswerError
from autograder.expression import Node, Number, Op, Symbol, substitute, to_text
from autograder.verdict import Finding

__all__ = ["Sum", "diagnose_number", "slips_at"]

BASIC = frozenset(
    {"drop-term", "drop-factor", "drop-divisor", "off-by-one", "power-low", "power-high", "swapped-symbols"}
    | {"sum-for-product", "reciprocal", "complement", "sign", "product-for-power", "square-lost"}
)
SINGLE_CHANCE, DOUBLE_CHANCE = 0.2, 0.03
MOST_WAYS = 3  # more kinds of two slips that lead to one number are a sign of chance
FACTORS = (2, 3, 4, 8, 9, 10, 25, 100)
RARE, LARGEST = 50, 10**6  # one more in one place has to move the value by so much; how large that number may be
SMALL_OTHER = 100  # the answer to another question says little if it is a small number


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """What a number is known to be beside its formula: other questions' answers, and the sums without one part."""

    others: Mapping[str, Fraction] = field(default_factory=dict)
    parts: Mapping[str, Fraction] = field(default_factory=dict)


NOTHING = Sum()


def diagnose_number(value: Node, case: Case, at: Mapping[str, Node], known: Sum = NOTHING) -> Finding | None:
    """The slip that gives exactly this value at the given sizes, or this decimal once it is rounded.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> sizes = {"H": parse("28"), "K": parse("5")}
    >>> area = Case(parse("H*K^2"), domain(dict.fromkeys(sizes, "positive integer")), ("H", "K"))
    >>> diagnose_number(parse("140"), area, sizes).code
    'power-low'
    """
    number = Written.of(value, at)
    found = slips_at(case, tuple(sorted(at.items())))
    if number is None or found.reference is None:
        return None
    return (
        _other(value, known)
        or _single(number, found)
        or _factor(value, case, at)
        or _next_to_it(value, case, at)
        or _double(number, found)
        or _copied_wrong(value, case, at)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A student's number: as a tree, as a float, and how far the next number is that could have been written."""

    value: Node
    given: float
    cell: float
    at: Mapping[str, Node]

    @staticmethod
    def of(value: Node, at: Mapping[str, Node]) -> Written | None:
        """None where the value is no plain number."""
        given = _plain(substitute(value, at))
        return None if given != given else Written(value, given, _cell(value, given), at)

    @property
    def width(self) -> float:
        """How far a value may be that is this number once it is rounded; nothing for what is exact."""
        rounded = isinstance(self.value, Number) and self.value.value.denominator > 1
        return 0.5001 * self.cell if rounded else 0.0

    def hits(self, candidates: Found) -> tuple[list[tuple[Edit, int]], float]:
        """The slips with this value and in how many ways it is reached; how likely a number around here is hit."""
        near = max(self.width, abs(self.given) * 1e-9)
        low, high = np.searchsorted(candidates.keys, [self.given - near, self.given + near])
        places = sorted(range(low, high), key=lambda place: candidates.ranks[place])[:5]
        edges = sorted((self.given / 2, self.given * 2))
        around = int(np.sum((candidates.keys >= edges[0]) & (candidates.keys <= edges[1])))
        accident = around * self.cell / (max(1.5 * abs(self.given), self.cell) or 1.0)
        return [(candidates.edits[place], candidates.ways[place]) for place in places], accident

    def finding(self, edit: Edit) -> Finding | None:
        """The slip as a finding, if it gives exactly this number."""
        wrong = substitute(edit.tree, self.at)
        return finding_of(replace(edit, tree=wrong)) if _equal(self.value, wrong, self.width) else None


def _single(number: Written, found: Slips) -> Finding | None:
    hits, accident = number.hits(found.singles)
    believed = [
        edit for edit, _ in hits if edit.kind == "convention" or edit.code in BASIC or accident < SINGLE_CHANCE
    ]
    return next((said for edit in believed if (said := number.finding(edit)) is not None), None)


def _double(number: Written, found: Slips) -> Finding | None:
    """Two slips, only where no other two lead to the same number."""
    if not number.at:
        return None
    hits, accident = number.hits(found.pairs)
    believed = [edit for edit, ways in hits if accident < DOUBLE_CHANCE and ways <= MOST_WAYS]
    return next((said for edit in believed if (said := number.finding(edit)) is not None), None)


def _copied_wrong(value: Node, case: Case, at: Mapping[str, Node]) -> Finding | None:
    """Another whole number in one place of the formula, where few values can be reached like that."""
    wanted = rational(value)
    if wanted is None or wanted <= 0 or not at:
        return None
    for form in (case.reference, *case.forms):
        for path in paths(form):
            part = at_path(form, path)
            if not isinstance(part, Number | Symbol) or _is_exponent(form, path):
                continue
            low, high = (rational(substitute(replaced(form, {path: literal(n)}), at)) for n in (0, 1))
            step = None if low is None or high is None else high - low
            if low is None or not step or abs(step) < RARE:
                continue
            solved = (wanted - low) / step
            wrong = substitute(replaced(form, {path: literal(solved)}), at)
            if solved.denominator == 1 and 0 < solved <= LARGEST and _equal(value, wrong, 0.0):
                return Finding("edit", "constant", formula=to_text(wrong))
    return None


def _is_exponent(tree: Node, path: Path) -> bool:
    above = at_path(tree, path[:-1]) if path else tree
    return isinstance(above, Op) and above.op == "^"


@lru_cache(maxsize=512)
def slips_at(case: Case, at: tuple[tuple[str, Node], ...]) -> Slips:
    """The slips in a formula, at one point only."""
    values = {name: np.array([_plain(value)]) for name, value in at} or {"": np.zeros(1)}
    return slips_from(case, repr(at), (Stage(values),), BASIC)


def _plain(value: Node) -> float:
    row = Sampler(Domain(), value, ()).row(value)
    return float("nan") if row is None else float(row[0])


def _cell(value: Node, given: float) -> float:
    """How far the next value is that a student could have written instead."""
    if isinstance(value, Number):
        text = value.text.strip().rstrip("%").strip()
        scale = 0.01 if value.text.strip().endswith("%") else 1.0
        if "." in text and "e" not in text.lower():
            return float(10.0 ** -len(text.split(".")[1])) * scale
        return float(1 / value.value.denominator)
    if abs(given - round(given)) < 1e-9 * max(1.0, abs(given)):
        return 1.0
    return abs(given) * 1e-6


def _equal(value: Node, other: Node, width: float) -> bool:
    rule = Rule() if not width else Rule(absolute=Fraction(width).limit_denominator(10**12))
    try:
        return decide_number(value, other, rule).equal is True
    except AnswerError:
        return False


def _factor(value: Node, case: Case, at: Mapping[str, Node]) -> Finding | None:
    for factor in _both_ways(FACTORS):
        wrong = Op("*", (literal(factor), substitute(case.reference, at)))
        if _equal(value, wrong, 0.0) and not _equal(value, literal(0), 0.0):
            return Finding("factor", "factor", formula=to_text(wrong))
    return None


def _next_to_it(value: Node, case: Case, at: Mapping[str, Node]) -> Finding | None:
    """One more or one less than a count that is computed from sizes."""
    true = substitute(case.reference, at)
    if not at or _plain(true) % 1:
        return None
    for step in (1, -1):
        wrong = Op("+", (true, literal(step)))
        if _equal(value, wrong, 0.0):
            return Finding("edit", "off-by-one", formula=to_text(wrong))
    return None


def _both_ways(numbers: Iterable[int]) -> Sequence[Fraction]:
    return [each for number in numbers for each in (Fraction(number), Fraction(1, number))]


def _other(value: Node, known: Sum) -> Finding | None:
    """A sum in which one part is left out, or the answer to another question."""
    for less in known.parts.values():
        if _equal(value, literal(less), 0.0):
            return Finding("edit", "layer-skipped", formula=str(less))
    for name, other in known.others.items():
        if abs(other) >= SMALL_OTHER and _equal(value, literal(other), 0.0):
            return Finding("other_answer", "other_answer", {"other": name}, str(other))
    return None
