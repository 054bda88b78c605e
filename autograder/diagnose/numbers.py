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
from autograder.diagnose.plausible import ROUNDABOUT
from autograder.diagnose.sampling import Sampler, Stage
from autograder.diagnose.search import Case, Found, Slips, slips_from
from autograder.diagnose.trees import Path, at_path, literal, paths, replaced
from autograder.domain import Domain
from autograder.errors import AnswerError
from autograder.expression import Node, Number, Op, Symbol, substitute, to_text, walk
from autograder.verdict import Finding

__all__ = ["Sum", "diagnose_number", "slips_at"]

BASIC = frozenset(
    {"drop-term", "drop-factor", "drop-divisor", "off-by-one", "power-low", "power-high", "swapped-symbols"}
    | {"sum-for-product", "reciprocal", "complement", "sign", "product-for-power", "square-lost"}
    | {"layer-skipped", "padding-ignored", "stride-ignored"}
)
SINGLE_CHANCE, DOUBLE_CHANCE = 0.2, 0.03
# two of these are as plain as one: believed like one
LOSSES = frozenset({"drop-term", "drop-factor", "drop-divisor", "power-low", "sum-for-product", "complement"})
SCALING = frozenset({"add-factor", "add-divisor", "constant"})  # may be a factor of the whole as well
MOST_WAYS = 3  # more kinds of two slips that lead to one number are a sign of chance
FACTORS = (2, 4, 8, 9, 25)
UNITS = (10, 100, 1000, 10**6, 1024, 1024**2)  # a shifted point, thousands, millions, KiB, MiB
BASIC_CHANCE = 0.5  # of a rounded number, with the commonest slips
LOOKED_AT = 5  # of the slips with one value
RARE = Fraction(1, 200)  # of a value: one more in one place has to move it by so much, or any value can be reached
TELLING = 50  # numbers from here on are no multiples of each other by chance, and by not more than its square
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
        or _plainest(_single(number, found), number, case)
        or _next_to_it(value, case, at)
        or _double(number, found)
        or _copied_wrong(value, case, at)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A student's number: as a tree, as a float, and how far the next number is that could have been written.

    rounded: whether it is a decimal or a percentage, which stands for whatever rounds to it.
    """

    value: Node
    given: float
    cell: float
    at: Mapping[str, Node]
    rounded: bool

    @staticmethod
    def of(value: Node, at: Mapping[str, Node]) -> Written | None:
        """None where the value is no plain number."""
        given = _plain(substitute(value, at))
        if given != given:
            return None
        decimal = _decimal(value)
        return Written(value, given, _cell(value, given) if decimal is None else decimal, at, decimal is not None)

    @property
    def width(self) -> float:
        """How far a value may be that is this number once it is rounded; nothing for what is exact."""
        return 0.5001 * self.cell if self.rounded else 0.0

    def hits(self, candidates: Found, plain: frozenset[str]) -> list[tuple[Edit, int]]:
        """The slips with this value, the simplest first, and in how many ways it is reached.

        What is rounded may stand for several values: then it is the one that plain slips lead to, if that is one.
        """
        same = abs(self.given) * 1e-9
        low, high = np.searchsorted(candidates.keys, [self.given - same, self.given + same])
        if low == high and self.rounded:
            low, high = np.searchsorted(candidates.keys, [self.given - self.width, self.given + self.width])
        places = sorted(range(low, high), key=lambda place: candidates.ranks[place])
        if high > low and candidates.keys[high - 1] - candidates.keys[low] > 2 * same:
            places = [place for place in places if _codes(candidates.edits[place]) <= plain]
            keys = [candidates.keys[place] for place in places]
            if not keys or max(keys) - min(keys) > 2 * same:
                return []
        return [(candidates.edits[place], candidates.ways[place]) for place in places[:LOOKED_AT]]

    def accident(self, candidates: Found, codes: frozenset[str] | None = None) -> float:
        """How many slips, of these codes or of any, would hit a number around here by chance."""
        edges = sorted((self.given / 2, self.given * 2))
        low, high = np.searchsorted(candidates.keys, edges)
        around = sum(codes is None or code in codes for code in candidates.codes[low:high])
        return float(around * self.cell / (max(1.5 * abs(self.given), self.cell) or 1.0))

    def finding(self, edit: Edit) -> Finding | None:
        """The slip as a finding, if it gives exactly this number."""
        wrong = substitute(edit.tree, self.at)
        return finding_of(replace(edit, tree=wrong)) if _equal(self.value, wrong, self.width) else None


def _codes(edit: Edit) -> frozenset[str]:
    return frozenset({edit.code, edit.second} - {""})


def _single(number: Written, found: Slips) -> Finding | None:
    """One slip: the commonest ones whenever they fit, except where a number is rounded so much that many do."""
    hits = number.hits(found.singles, BASIC)
    accident = number.accident(found.singles)
    telling = not number.rounded or number.accident(found.singles, BASIC) < BASIC_CHANCE
    for edit, _ in hits:
        if accident >= SINGLE_CHANCE and edit.kind != "convention" and edit.code not in BASIC:
            continue
        said = number.finding(edit) if telling else replace(number, rounded=False).finding(edit)
        if said is not None:
            return said
    return None


def _plainest(single: Finding | None, number: Written, case: Case) -> Finding | None:
    """One slip; a factor of the whole where that says the same in plainer words."""
    if single is not None and single.code not in SCALING:
        return single
    simple = _factor(number, case, _both_ways(FACTORS + UNITS))
    if simple is not None or (single is not None and single.code == "constant"):
        return simple or single
    return _factor(number, case, _whole_factor(number, case)) or single


def _double(number: Written, found: Slips) -> Finding | None:
    """Two slips that are plain enough, only where no other two lead to the same number."""
    accident = number.accident(found.pairs)
    if not number.at or accident >= SINGLE_CHANCE:
        return None
    for edit, ways in number.hits(found.pairs, LOSSES):
        codes = _codes(edit)
        rare = accident < DOUBLE_CHANCE and ways <= MOST_WAYS
        believed = codes <= LOSSES or (rare and not codes & ROUNDABOUT)
        said = number.finding(edit) if believed else None
        if said is not None:
            return said
    return None


def _copied_wrong(value: Node, case: Case, at: Mapping[str, Node]) -> Finding | None:
    """A number of the formula that was misread, where few values can be reached like that."""
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
            if low is None or not step or abs(step) < RARE * wanted:
                continue
            solved = (wanted - low) / step
            wrong = substitute(replaced(form, {path: literal(solved)}), at)
            right = rational(substitute(part, at))
            if right is not None and _misread(right, solved) and _equal(value, wrong, 0.0):
                return Finding("edit", "constant", formula=to_text(wrong))
    return None


def _misread(right: Fraction, wrong: Fraction) -> bool:
    """Whether a whole number has one other digit, or two that have changed places.

    >>> [_misread(Fraction(192), Fraction(wrong)) for wrong in (172, 129, 19)]
    [True, True, False]
    """
    if right.denominator > 1 or wrong.denominator > 1 or right < 10 or wrong < 10:
        return False
    one, other = str(right), str(wrong)
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    swapped = len(places) == 2 and sorted(one) == sorted(other) and places[1] == places[0] + 1
    return len(one) == len(other) and (len(places) == 1 or swapped)


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
    """How far the next value is that a student could have written instead of an exact one."""
    if abs(given - round(given)) < 1e-9 * max(1.0, abs(given)):
        return 1.0
    return float(1 / value.value.denominator) if isinstance(value, Number) else abs(given) * 1e-6


def _decimal(value: Node) -> float | None:
    """One unit in the last place of a decimal or a percentage; None for what is neither.

    >>> from autograder.expression import parse
    >>> _decimal(parse("0.103")), _decimal(parse("-2.9e-5")), _decimal(parse("8")), _decimal(parse("1/3"))
    (0.001, 1e-06, None, None)
    """
    match value:
        case Op(op="neg", args=(inner,)):
            return _decimal(inner)
        case Op(op="/", args=(Number() as hundredths, Number(text="100"))):
            return 0.01 * (_decimal(hundredths) or 1.0)
        case Number(text=text):
            mantissa, _, exponent = text.strip().lower().partition("e")
            places = len(mantissa.partition(".")[2])
            return float(f"1e{int(exponent or 0) - places}") if places or exponent else None
    return None


def _equal(value: Node, other: Node, width: float) -> bool:
    rule = Rule() if not width else Rule(absolute=Fraction(width).limit_denominator(10**12))
    try:
        return decide_number(value, other, rule).equal is True
    except AnswerError:
        return False


def _factor(number: Written, case: Case, factors: Iterable[Fraction]) -> Finding | None:
    """Off by a factor: exactly, or by a unit once the number is rounded."""
    right = substitute(case.reference, number.at)
    if _equal(right, literal(0), 0.0):
        return None
    for factor in factors:
        wrong = Op("*", (literal(factor), right))
        width = number.width if factor in UNITS or 1 / factor in UNITS else 0.0
        if _equal(number.value, wrong, width):
            return Finding("factor", "factor", formula=to_text(wrong))
    return None


def _whole_factor(number: Written, case: Case) -> list[Fraction]:
    """How many times the right number it is; or which part of it, where the question has the number for that."""
    one, other = rational(number.value), rational(substitute(case.reference, number.at))
    if one is None or other is None or min(abs(one), abs(other)) < TELLING:
        return []
    ratio = one / other
    if ratio.denominator == 1 and 1 < ratio < TELLING**2:
        return [ratio]
    numbers = {
        part.value for form in (case.reference, *case.forms) for part in walk(form) if isinstance(part, Number)
    }
    return [ratio] if ratio and 1 / ratio in numbers | set(map(rational, number.at.values())) else []


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
