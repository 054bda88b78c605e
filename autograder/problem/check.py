"""One answer to one problem -> a Verdict.  Whatever breaks in here is ours: UNDECIDED, and a person looks."""

from __future__ import annotations

import traceback

from autograder.answer import Answer
from autograder.problem.derivation import check_derivation
from autograder.problem.formula import check_formula
from autograder.problem.function import check_function
from autograder.problem.kinds import Choice, Derivation, Formula, Function, Number, Problem, Written
from autograder.problem.manual import check_choice, check_written
from autograder.problem.number import check_number
from autograder.problem.options import CheckOptions
from autograder.verdict import Finding, Status, Verdict

__all__ = ["check"]


def check(problem: Problem, answer: Answer, options: CheckOptions) -> Verdict:
    """Decide and explain one answer; never raises.

    >>> from autograder.problem import Item, Written
    >>> essay = Written(name="q1_text", item=Item(id="Q1", title={}, question={}), rubric=((1, {"en": "why"}),))
    >>> check(essay, Answer("Weights are shared."), CheckOptions()).status.value
    'undecided'
    """
    try:
        return _check(problem, answer, options)
    except Exception:  # noqa: BLE001 - a failure of ours never costs a student points
        fields = {"trace": traceback.format_exc(limit=-6)}
        return Verdict(Status.UNDECIDED, finding=Finding("internal", "internal", fields))


def _check(problem: Problem, answer: Answer, options: CheckOptions) -> Verdict:
    match problem:
        case Formula():
            return check_formula(problem, answer, options)
        case Number():
            return check_number(problem, answer, options)
        case Function():
            return check_function(problem, answer, options)
        case Derivation():
            return check_derivation(problem, answer, options)
        case Choice():
            return check_choice(problem, answer)
        case Written():
            return check_written(problem, answer)
        case _:
            raise TypeError(f"no check for the kind {type(problem).__name__}")
