"""A refuted formula -> the slip that leads to it, or None."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import islice

import numpy as np

from autograder.decide import decide
from autograder.diagnose.edits import Edit
from autograder.diagnose.plausible import LEFT_OVER, nearest, plainer_scaled, together
from autograder.diagnose.sampling import Row, close_rows
from autograder.diagnose.search import Case, Slips, slips
from autograder.diagnose.trees import ONE, ZERO, literal, total
from autograder.diagnose.tuples import diagnose_tuple
from autograder.expression import Node, Number, Op, Symbol, Tuple, free_names, size, substitute, to_text, walk
from autograder.verdict import Finding

__all__ = ["diagnose", "finding_of", "may_equal", "plainest", "single"]

TRIED = 3  # candidates with the same values that are decided
DENOMINATOR, LARGEST = 100, 10**6
GENERAL = {"S": ONE, "P": ZERO}  # stride and padding of an answer that holds for any


def diagnose(
    answer: Node, case: Case, others: Mapping[str, Node] | None = None, secret: bytes = b""
) -> Finding | None:
    """What a refuted formula is: one slip, a constant factor, the answer to another question, two slips; or None.

    others: the answers to other questions, by name.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> kinds = dict.fromkeys("FDK", "positive integer")
    >>> weights = Case(parse("F*D*K^2"), domain(kinds), ("F", "D", "K"))
    >>> diagnose(parse("K*F*D"), weights).code, diagnose(parse("F*D*K^2 + 7"), weights).code
    ('power-low', 'offset')
    """
    if isinstance(answer, Tuple) or isinstance(case.reference, Tuple):
        return diagnose_tuple(answer, case, secret)
    known = slips(case)
    row = known.sampler.row(answer)
    if row is None or known.reference is None or close_rows(row, known.reference):
        return None
    return (
        _other(answer, row, case, others or {}, secret)
        or plainest(single(known.singles.at(row), answer, case, secret), answer, row, known, secret)
        or _number_put_in(answer, row, known, secret)
        or _double(answer, row, known, secret)
        or _general(answer, case, secret)
    )


def _other(answer: Node, row: Row, case: Case, others: Mapping[str, Node], secret: bytes) -> Finding | None:
    for name, other in others.items():
        telling = size(other) > 1 and free_names(other)
        if telling and may_equal(row, other, case) and _equal(answer, other, case, secret):
            return Finding("other_answer", "other_answer", {"other": name}, to_text(other))
    return None


def plainest(one: Finding | None, answer: Node, row: Row, known: Slips, secret: bytes) -> Finding | None:
    """One slip; a constant factor or offset where that says the same in plainer words."""
    if one is not None and not plainer_scaled(one.code, known.case.reference):
        return one
    return _scaled(answer, row, known, secret) or one


def single(candidates: Sequence[Edit], answer: Node, case: Case, secret: bytes) -> Finding | None:
    """The slip, of those with the answer's values, that is believed and proved: an answer without a symbol is what
    is left of the reference, nothing more elaborate."""
    found = nearest(candidates, answer)
    if not free_names(answer):
        found = [edit for edit in found if edit.code in LEFT_OVER]
    if isinstance(answer, Symbol):
        found = [edit for edit in found if edit.kind != "convention"]
    edit = _proved(found, answer, case, secret)
    return None if edit is None else finding_of(edit)


def _double(answer: Node, row: Row, known: Slips, secret: bytes) -> Finding | None:
    if not free_names(answer) or isinstance(answer, Symbol):
        return None
    found = together(known.pairs.at(row), answer, known.case.reference)
    edit = _proved(found, answer, known.case, secret)
    return None if edit is None else finding_of(edit)


def _number_put_in(answer: Node, row: Row, known: Slips, secret: bytes) -> Finding | None:
    """The reference with a number of the answer's own in the place of one of its symbols."""
    case = known.case
    numbers = {part for part in walk(answer) if isinstance(part, Number)}
    for name in sorted((free_names(case.reference) & set(case.names)) - free_names(answer)):
        code = "one-size-only" if name in known.counts else "one-value-only"
        for number in sorted(numbers, key=lambda part: part.value)[:TRIED]:
            wrong = substitute(case.reference, {name: number})
            if close_rows(row, known.sampler.row(wrong)) and _equal(answer, wrong, case, secret):
                return Finding("edit", code, formula=to_text(wrong))
    return None


def may_equal(row: Row | None, other: Node, case: Case) -> bool:
    """Whether a formula with this row may equal another one: a screening before `decide`."""
    return close_rows(row, slips(case).sampler.row(other))


def finding_of(edit: Edit) -> Finding:
    """What is said of a slip; the formula is the wrong one that it leads to."""
    if edit.kind == "convention":
        return Finding("convention", edit.code, {"id": edit.code}, to_text(edit.tree))
    if edit.second:
        code = "same-slip-twice" if edit.code == edit.second else "two-edits"
        return Finding("edit", code, {"first": edit.code, "second": edit.second}, to_text(edit.tree))
    return Finding("edit", edit.code, formula=to_text(edit.tree))


def _proved(candidates: Sequence[Edit], answer: Node, case: Case, secret: bytes) -> Edit | None:
    """The first candidate that equals the answer."""
    tried = islice(candidates, TRIED)
    return next((edit for edit in tried if _equal(answer, edit.tree, case, secret)), None)


def _equal(answer: Node, other: Node, case: Case, secret: bytes) -> bool:
    """Whether a formula is another one, and has a value wherever that one has, and the other way round."""
    if decide(answer, other, case.domain, secret=secret).equal is not True:
        return False
    real = not any(kind.complex for kind in case.domain.kinds.values())
    return (real and total(other)) or decide(other, answer, case.domain, secret=secret).equal is True


def _scaled(answer: Node, row: Row, known: Slips, secret: bytes) -> Finding | None:
    """The reference times a constant, or with a constant added."""
    reference, case = known.reference, known.case
    if (
        reference is None
        or not free_names(case.reference)
        or len(set(reference[~np.isnan(reference)].tolist())) < 3
    ):
        return None
    with np.errstate(all="ignore"):
        ratio = _constant(np.where(reference == 0, np.where(row == 0, np.nan, np.inf), row / reference))
        shift = _constant(row - reference)
    if ratio is not None and ratio != 0:
        tree: Node = Op("*", (literal(ratio), case.reference))
        if _equal(answer, tree, case, secret):
            return Finding("factor", "factor", formula=to_text(tree))
    if shift is not None:
        tree = Op("+", (case.reference, literal(shift)))
        if _equal(answer, tree, case, secret):
            return Finding("offset", "offset", formula=to_text(tree))
    return None


def _constant(values: Row) -> Fraction | None:
    """The one simple fraction that all values are."""
    there = values[~np.isnan(values)]
    if there.size < 3 or not np.isfinite(there).all() or abs(there[0]) > LARGEST:
        return None
    if not np.allclose(there, there[0], rtol=1e-9, atol=1e-9):
        return None
    found = Fraction(float(there[0])).limit_denominator(DENOMINATOR)
    return found if abs(float(found) - there[0]) < 1e-8 * max(1.0, abs(there[0])) else None


def _general(answer: Node, case: Case, secret: bytes) -> Finding | None:
    """Right for any stride and padding, where the question gives them."""
    extra = {
        name: value for name, value in GENERAL.items() if name in free_names(answer) - free_names(case.reference)
    }
    if extra and _equal(substitute(answer, extra), case.reference, case, secret):
        return Finding("edit", "values-not-put-in", formula=to_text(answer))
    return None
