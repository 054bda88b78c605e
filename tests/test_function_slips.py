"""That a wrong function is explained only by what it does: no slip is found in noise, and in nothing that is infinite."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_explanations import EXPLAINED, OPTIONS, PROBLEMS, built, calling, hidden

from autograder.answer import Answer, FunctionValue
from autograder.problem import Function
from autograder.problem.check import check
from autograder.verdict import Status, Verdict

FUNCTIONS = [name for name, one in PROBLEMS.items() if isinstance(one, Function)]


def judged(name: str, function: Callable[..., Any]) -> Verdict:
    """The verdict on a student's function when no declared mistake explains it."""
    return hidden(PROBLEMS[name], Answer(FunctionValue(name), calling(function)))[1]


def noisy(value: Any, chance: np.random.Generator) -> Any:
    """An output with every number changed by another amount; whole numbers stay whole."""
    if isinstance(value, dict):
        return {key: noisy(part, chance) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(noisy(part, chance) for part in value)
    array = np.asarray(value)
    if array.dtype.kind == "f":
        return array + chance.normal(size=array.shape) * (1 + np.abs(array))
    return int(value + chance.integers(3, 10 + 2 * abs(int(value))))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("turn", range(3))
def test_noise_is_never_explained(name: str, turn: int) -> None:
    chance = np.random.default_rng(zlib.crc32(f"{name} {turn}".encode()))
    right = PROBLEMS[name].implementation
    verdict = judged(name, lambda *args: noisy(right(*args), chance))
    assert verdict.status is Status.INCORRECT
    assert verdict.finding is not None
    assert verdict.finding.kind not in EXPLAINED, verdict.finding


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_slip_that_ends_in_infinity_explains_nothing() -> None:
    verdict = judged("reduction", built(PROBLEMS["reduction"], "return np.sin(1 - b/a)"))
    assert verdict.finding is not None
    assert verdict.finding.kind == "value"


def test_the_largest_difference_is_not_the_largest_magnitude() -> None:
    body = "\n".join(
        (
            "def bn(x):",
            "    return (x - x.mean(0))/np.sqrt(x.var(0) + eps)",
            "return np.max(bn(alpha*X) - bn(X))",
        )
    )
    problem = PROBLEMS["bn_scale_invariance"]
    answer = Answer(FunctionValue(problem.name), calling(built(problem, body)))
    assert check(problem, answer, OPTIONS).status is Status.INCORRECT
