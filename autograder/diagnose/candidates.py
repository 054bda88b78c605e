"""Functions with one slip: in the source of the implementation, in another way to write it, or in its arguments."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np

from autograder.diagnose.arguments import argument_slips
from autograder.diagnose.columns import Same
from autograder.diagnose.mutants import mutants
from autograder.diagnose.outputs import Arguments

__all__ = ["FAILED", "Candidate", "called", "candidates"]

FAILED = object()
TWICE = frozenset({"argument-ignored", "first-for-all"})  # slips that are made with two arguments at once
MOST_AXES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A wrong function: the code of its sentence, what was changed, and what it gives for the first call.

    twice: whether the slip is made with two arguments.
    """

    code: str
    text: str
    function: Callable[..., Any]
    first: Any = FAILED
    twice: bool = False


def called(function: Callable[..., Any], arguments: Arguments) -> Any:
    """What a function gives for copies of the arguments; FAILED where it raises, and so explains nothing."""
    try:
        return function(*copy.deepcopy(arguments))
    except Exception:  # noqa: BLE001 - a slip may make a function fail
        return FAILED


@lru_cache(maxsize=128)
def candidates(
    implementation: Callable[..., Any], styles: tuple[Callable[..., Any], ...], first: Same, usual: Same
) -> tuple[Candidate, ...]:
    """Every wrong function, the plainest first, called once with the arguments of the first call.

    usual: a value of each argument; those of the first call may be left out.
    """
    found = [*_of_arguments(implementation, tuple(usual)), *_reordered(implementation, tuple(first))]
    for source in (implementation, *styles):
        found += [Candidate(one.code, one.text, one.function) for one in mutants(source)]
    found += _pairs_of_arguments(implementation, tuple(usual))
    return tuple(replace(one, first=called(one.function, tuple(first))) for one in found)


def _of_arguments(implementation: Callable[..., Any], usual: Arguments) -> Iterator[Candidate]:
    for code, change in _argument_slips(implementation, usual):
        function = lambda *args, change=change: implementation(*change(args))  # noqa: E731
        yield Candidate(code, f"{code} of the arguments", function)


def _argument_slips(
    implementation: Callable[..., Any], usual: Arguments
) -> Iterator[tuple[str, Callable[[Arguments], Arguments]]]:
    parameters = inspect.signature(implementation).parameters.values()
    empty = inspect.Parameter.empty
    defaults = {place: one.default for place, one in enumerate(parameters) if one.default is not empty}
    return argument_slips(usual, defaults)


def _reordered(implementation: Callable[..., Any], first: Arguments) -> Iterator[Candidate]:
    """An array is reshaped, there and back, where an axis should be moved."""
    for place, argument in enumerate(first):
        if isinstance(argument, np.ndarray) and 2 < argument.ndim <= MOST_AXES:
            for source in range(argument.ndim):
                for target in range(argument.ndim):
                    if abs(source - target) > 1 or source < target:
                        function = _reshaping(implementation, place, source, target)
                        yield Candidate("reshape-for-transpose", f"axis {source} to {target}", function)


def _reshaping(implementation: Callable[..., Any], place: int, source: int, target: int) -> Callable[..., Any]:
    def function(*args: Any) -> Any:
        array = args[place]
        moved = np.moveaxis(np.empty(array.shape), source, target).shape
        read = np.moveaxis(array.reshape(moved), target, source)
        result = implementation(*args[:place], read, *args[place + 1 :])
        return np.moveaxis(result, source, target).reshape(array.shape)

    return function


def _pairs_of_arguments(implementation: Callable[..., Any], usual: Arguments) -> Iterator[Candidate]:
    """The same slip with two arguments at once."""
    slips = [slip for slip in _argument_slips(implementation, usual) if slip[0] in TWICE]
    for (code, one), (second, other) in combinations(slips, 2):
        if code == second:
            function = lambda *args, one=one, other=other: implementation(*one(other(args)))  # noqa: E731
            yield Candidate(code, f"{code} of two arguments", function, twice=True)
