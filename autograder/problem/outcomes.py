"""What a function returned where: the cases with their right outputs, and each output of a call apart."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.answer import Value
from autograder.arrays import Agreement, Closeness, compare
from autograder.problem.declare import Case
from autograder.problem.kinds import Function
from autograder.problem.options import CheckOptions
from autograder.verdict import Finding

__all__ = [
    "Part",
    "Prepared",
    "Run",
    "agreement",
    "listed",
    "part_names",
    "part_of",
    "parts_of",
    "prepared",
    "values_of",
]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case with what the reference implementation returns for it."""

    case: Case
    expected: Any


@dataclass(frozen=True, slots=True)
class Part:
    """One output of one call, judged."""

    case: int
    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Run:
    """Every case with what the student's function returned for it; mutated: the places of arguments it changed."""

    cases: Sequence[Prepared]
    outputs: tuple[Value, ...]
    closeness: Closeness
    mutated: frozenset[int] = frozenset()


@lru_cache(maxsize=1024)
def prepared(problem: Function, options: CheckOptions) -> tuple[Prepared, ...]:
    """The cases of a problem with their expected outputs, computed once in a run."""
    cases = problem.cases(np.random.default_rng(options.seed(problem.name)))
    return tuple(Prepared(case, problem.implementation(*copy.deepcopy(case.args))) for case in cases)


def parts_of(problem: Function, number: int, value: Value, expected: Any, closeness: Closeness) -> list[Part]:
    """Each named output apart; a wrong number of outputs is one wrong part for each."""
    if isinstance(expected, Mapping):
        given = value if isinstance(value, Mapping) else {}
        return [
            Part(number, str(key), agreement(given.get(key, ABSENT), part, closeness))
            for key, part in expected.items()
        ]
    if isinstance(expected, tuple):
        names = problem.parts or tuple(str(position + 1) for position in range(len(expected)))
        outputs = listed(value, len(expected))
        if outputs is None:
            finding = Finding("shape", "outputs", {"expected": str(len(expected))})
            return [Part(number, name, Agreement(False, finding)) for name in names]
        return [
            Part(number, name, compare(given, part, closeness))
            for name, given, part in zip(names, outputs, expected, strict=True)
        ]
    return [Part(number, "", compare(value, expected, closeness))]


ABSENT = object()


def agreement(given: Any, expected: Any, closeness: Closeness) -> Agreement:
    if given is ABSENT:
        return Agreement(False, Finding("shape", "output-missing"))
    return compare(given, expected, closeness)


def listed(value: Value, count: int) -> Sequence[Value] | None:
    if isinstance(value, tuple | list) and len(value) == count:
        return value
    if isinstance(value, np.ndarray) and value.ndim >= 1 and len(value) == count:
        return list(value)
    return None


def part_names(problem: Function, expected: Any) -> Sequence[str]:
    if isinstance(expected, Mapping):
        return tuple(map(str, expected))
    if isinstance(expected, tuple):
        return problem.parts or tuple(str(position + 1) for position in range(len(expected)))
    return ("",)


def values_of(problem: Function, run: Run, name: str) -> list[tuple[Any, Any]]:
    """The student's and the right value of one output, on every case."""
    return [
        (part_of(problem, name, output), part_of(problem, name, item.expected))
        for item, output in zip(run.cases, run.outputs, strict=True)
    ]


def part_of(problem: Function, name: str, output: Any) -> Any:
    """One output of what a function returned; absent where there is none of that name or place."""
    if not name:
        return output
    if isinstance(output, Mapping):
        return output.get(name, ABSENT)
    place = problem.parts.index(name) if name in problem.parts else int(name) - 1
    listed = isinstance(output, tuple | list) or (isinstance(output, np.ndarray) and output.ndim > 0)
    return output[place] if listed and place < len(output) else ABSENT
