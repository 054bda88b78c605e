"""Building ahead what wrong answers are looked up in, so that no submission waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.answer import Answer, FunctionValue, Returned
from autograder.diagnose.numbers import slips_at
from autograder.diagnose.search import Slips, slips
from autograder.problem.check import check
from autograder.problem.checkpoints import checkpoint_case
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
    if isinstance(problem, Function):
        # its index needs the hidden inputs: it is built when an answer is checked that nothing explains
        answer = Answer(
            FunctionValue(problem.name), lambda args: Returned(_nonsense(problem.implementation(*args)))
        )
        check(problem, answer, options)


def indexes(problem: Problem, options: CheckOptions) -> Iterator[Slips]:
    """The indexes of a formula, a number or a derivation; they are built where they are used."""
    match problem:
        case Formula():
            yield slips(case_of(problem, options.keeper))
        case Number():
            at = tuple(sorted(number_facts(problem).at.items()))
            yield slips_at(number_case(problem, options.keeper), at)
        case Derivation():
            for place in range(len(problem.checkpoints)):
                yield slips(checkpoint_case(problem, place, options.keeper))


def _nonsense(value: Any) -> Any:
    """Of the shape of a right output, and far from anything that a slip leads to.

    >>> _nonsense((1, np.zeros(2)))
    (1.731..., array([1.        , 0.5403...]))
    """
    if isinstance(value, Mapping):
        return {name: _nonsense(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return tuple(map(_nonsense, value))
    right = np.asarray(value, dtype=np.float64)
    wrong = 0.7310585786 * right + np.cos(np.arange(right.size)).reshape(right.shape)
    return wrong if right.ndim else float(wrong)
