"""An assignment -> the plain data that a student's file may know of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder import __version__
from autograder.locale import LANGUAGES
from autograder.problem import Choice, Derivation, Formula, Function, Number, Problem
from autograder.problem.formula import names_of

__all__ = ["Plan", "plain_sheet"]

DIGITS = 6  # of the floating-point numbers in a public example


@dataclass(frozen=True, slots=True)
class Plan:
    """What a student's file is made for: the assignment's name and titles, its language, how much it may tell."""

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    level: str = "parse"
    seconds: float = 10.0


def plain_sheet(plan: Plan, problems: Sequence[Problem]) -> dict[str, Any]:
    """What the file knows, as plain data in the order of the sheet."""
    return {
        "name": plan.name,
        "version": __version__,
        "language": plan.language,
        "level": plan.level,
        "seconds": plan.seconds,
        "titles": dict(plan.titles),
        "items": {problem.item.id: _in_languages(problem.item.title) for problem in problems},
        "answers": [_entry(problem) for problem in problems],
    }


def _in_languages(words: Mapping[str, str]) -> dict[str, str]:
    return {language: words[language] for language in LANGUAGES if words.get(language)}


def _entry(problem: Problem) -> dict[str, Any]:
    """One answer: what reading it needs, nothing of what is right."""
    own: dict[str, Any] = {}
    match problem:
        case Formula() | Derivation():
            names = names_of(problem)
            own = {"symbols": sorted(names.symbols or ()), "arrays": dict(sorted(names.arrays.items()))}
        case Number():
            given = {name: str(value) for name, value in sorted(problem.given_values.items())}
            own = {"symbols": sorted(given), "given": given, "percent": problem.percent}
        case Choice():
            own = {"options": list(problem.options)}
        case Function():
            own = _public_example(problem)
    plain = {"name": problem.name, "item": problem.item.id, "kind": problem.kind}
    return plain | {key: value for key, value in own.items() if value}


def _public_example(problem: Function) -> dict[str, Any]:
    """How a function is called, and its public inputs, drawn without the course's secret."""
    case = problem.cases(np.random.default_rng(0))[0]
    try:
        arguments = [_argument(value) for value in case.args]
    except TypeError:
        return {"call": problem.signature}
    return {"call": problem.signature, "case": {"en": case.label}, "arguments": arguments}


def _argument(value: Any) -> Any:
    """An input as JSON: arrays with their type, tuples as such, floats cut to a few digits.

    Raises TypeError for anything else.
    """
    if isinstance(value, np.ndarray):
        return {"array": json.loads(json.dumps(value.tolist()), parse_float=_short), "dtype": value.dtype.name}
    if isinstance(value, np.generic):
        return _argument(value.item())
    if isinstance(value, tuple):
        return {"tuple": [_argument(part) for part in value]}
    if isinstance(value, list):
        return [_argument(part) for part in value]
    if isinstance(value, float):
        return _short(str(value))
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(type(value).__name__)


def _short(text: str) -> float:
    return float(f"{float(text):.{DIGITS}g}")
