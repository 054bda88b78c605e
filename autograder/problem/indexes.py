"""Building ahead what wrong answers are looked up in, so that no submission waits for it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnose.numbers import slips_at
from autograder.diagnose.search import Slips, slips
from autograder.problem.checkpoints import checkpoint_case
from autograder.problem.explaining import function_indexes
from autograder.problem.formula import case_of
from autograder.problem.kinds import Derivation, Formula, Function, Number, Problem
from autograder.problem.number import number_case, number_facts
from autograder.problem.options import CheckOptions

__all__ = ["build_indexes", "indexes"]


def build_indexes(problem: Problem, options: CheckOptions) -> None:
    """Build whatever a wrong answer to this problem is looked up in; it stays where the options say."""
    for found in indexes(problem, options):
        if found.reference is not None:
            found.singles, found.pairs  # noqa: B018 - they are built when they are asked for


def indexes(problem: Problem, options: CheckOptions) -> Iterator[Slips]:
    """What wrong answers to a problem are looked up in; nothing is built until it is used."""
    match problem:
        case Formula():
            yield slips(case_of(problem, options.keeper))
        case Number():
            at = tuple(sorted(number_facts(problem).at.items()))
            yield slips_at(number_case(problem, options.keeper), at)
        case Function():
            yield from function_indexes(problem, options)
        case Derivation():
            for place in range(len(problem.checkpoints)):
                yield slips(checkpoint_case(problem, place, options.keeper))
