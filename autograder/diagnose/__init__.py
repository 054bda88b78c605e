"""Why a wrong answer is wrong: slips in the reference that lead to it, found by value hash, proved by `decide`.

An explanation is shown only if the edited formula equals the answer; of several that fit, the simplest wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from autograder.decide import decide, rational
from autograder.diagnose.edits import Edit, edits
from autograder.domain import Domain
from autograder.expression import Node, Number, Op, Tuple, canonical, substitute, to_text
from autograder.fingerprint import fingerprint
from autograder.verdict import Finding

__all__ = ["Case", "diagnose", "diagnose_number"]

SINGLE = 400  # slips tried one at a time
FACTORS = [
    Fraction(n, d) for n, d in ((2, 1), (1, 2), (4, 1), (1, 4), (3, 1), (1, 3), (8, 1), (1, 8), (9, 1), (10, 1))
]
FACTORS += [Fraction(100), Fraction(1, 100), Fraction(1, 9), Fraction(1, 10)]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What is known of a symbolic problem: its reference, its domain, the names that a student may use."""

    reference: Node
    domain: Domain
    names: tuple[str, ...]


@lru_cache(maxsize=512)
def _index(case: Case) -> Mapping[str, tuple[Edit, ...]]:
    """Single slips by fingerprint, built at the first wrong answer to a problem."""
    found: dict[str, list[Edit]] = {}
    seen = {canonical(case.reference)}
    for edit in islice(edits(case.reference, case.names), SINGLE):
        key = canonical(edit.tree)
        if key in seen:
            continue
        seen.add(key)
        mark = fingerprint(edit.tree, case.domain)
        if mark is not None:
            found.setdefault(mark, []).append(edit)
    return {mark: tuple(entries) for mark, entries in found.items()}


def diagnose(
    answer: Node, case: Case, others: Mapping[str, Node] | None = None, secret: bytes = b""
) -> Finding | None:
    """What a refuted formula is: one slip, a constant factor, the answer to another question; or None.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> kinds = dict.fromkeys("FDK", "positive integer")
    >>> weights = Case(parse("F*D*K^2"), domain(kinds), ("F", "D", "K"))
    >>> diagnose(parse("K*F*D"), weights).code
    'power-low'
    """
    if isinstance(answer, Tuple) or isinstance(case.reference, Tuple):
        return None
    mark = fingerprint(answer, case.domain)
    if mark is None:
        return None
    single = _verified(answer, _index(case).get(mark, ()), case, secret)
    if single is not None:
        return Finding("edit", single.code, formula=to_text(single.tree))
    for factor in FACTORS:
        scaled = Op("*", (Number(factor), case.reference))
        if fingerprint(scaled, case.domain) == mark and _equal(answer, scaled, case, secret):
            return Finding("factor", "factor", formula=to_text(scaled))
    for name, other in (others or {}).items():
        if fingerprint(other, case.domain) == mark and _equal(answer, other, case, secret):
            return Finding("other_answer", "other_answer", {"other": name}, to_text(other))
    return None


def _verified(answer: Node, candidates: Sequence[Edit], case: Case, secret: bytes) -> Edit | None:
    return next((edit for edit in candidates if _equal(answer, edit.tree, case, secret)), None)


def _equal(answer: Node, other: Node, case: Case, secret: bytes) -> bool:
    return decide(answer, other, case.domain, secret=secret).equal is True


def diagnose_number(value: Fraction, reference: Node, at: Mapping[str, Node]) -> Finding | None:
    """A slip in the formula behind a number that gives exactly this value at the given sizes.

    >>> from autograder.expression import parse
    >>> sizes = {"H": parse("28"), "K": parse("5")}
    >>> diagnose_number(Fraction(140), parse("H*K^2"), sizes).code
    'power-low'
    """
    if value == 0 or not at:
        return None
    for edit in islice(edits(reference, sorted(at)), SINGLE):
        if rational(substitute(edit.tree, at)) == value:
            return Finding("edit", edit.code, formula=to_text(substitute(edit.tree, at)))
    true = rational(substitute(reference, at))
    if true and value / true in FACTORS:
        return Finding("factor", "factor", formula=str(value))
    return None
