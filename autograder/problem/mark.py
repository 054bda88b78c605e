"""The fingerprint of what a student wrote: equal answers to one problem share it, however they are written."""

from __future__ import annotations

from autograder.domain import domain
from autograder.errors import AnswerError
from autograder.expression import parse, substitute
from autograder.fingerprint import fingerprint
from autograder.problem.formula import facts
from autograder.problem.kinds import Formula, Number, Problem
from autograder.problem.number import number_facts
from autograder.verdict import Status, Verdict

__all__ = ["mark"]

DECIDED = frozenset({Status.CORRECT, Status.PARTIAL, Status.INCORRECT})
NO_DOMAIN = domain({})


def mark(problem: Problem, verdict: Verdict) -> str:
    """The value hash of a formula or a number that was decided; "" for every other answer.

    >>> from autograder.problem import Item
    >>> area = Formula(name="q1", item=Item(id="Q1", title={}, question={}), reference="K*K", symbols={"K": "real"})
    >>> mark(area, Verdict(Status.CORRECT, reading="K^2")) == mark(area, Verdict(Status.CORRECT, reading="K*K"))
    True
    """
    if verdict.status not in DECIDED or not verdict.reading:
        return ""
    try:
        match problem:
            case Formula():
                known = facts(problem)
                return fingerprint(parse(verdict.reading, known.names), known.domain) or ""
            case Number():
                numbers = number_facts(problem)
                value = substitute(parse(verdict.reading, numbers.names), numbers.at)
                return fingerprint(value, NO_DOMAIN) or ""
            case _:
                return ""
    except AnswerError:  # a reading is meant for people; one that cannot be read back has no fingerprint
        return ""
