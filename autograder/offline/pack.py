"""An assignment -> the plain data that a student's file may know of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder import __version__
from autograder.bench import Bench
from autograder.expression import Node, substitute
from autograder.locale import LANGUAGES
from autograder.offline.exact import Inexact, Point
from autograder.offline.points import seal_points, told_apart, worked_points
from autograder.offline.seal import COST, sealed, witness
from autograder.problem import Choice, Derivation, Formula, Function, Number, Problem
from autograder.problem.formula import as_node, declared_node, facts, names_of
from autograder.problem.number import number_facts
from autograder.problem.options import CheckOptions

__all__ = ["Plan", "plain_sheet", "plan_of"]

DIGITS = 6  # of the floating-point numbers in a public example


@dataclass(frozen=True, slots=True)
class Plan:
    """What a student's file is made for: the assignment's name and titles, its language, how much it may tell.

    seconds: after so many, a student's own loop is stopped.  options: the course's secret makes the salts, and what
    it accepts as right counts as right here.  cost: of the slow hash; a search costs as many of them as guesses.
    """

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    level: str = "parse"
    seconds: float = 10.0
    options: CheckOptions = field(default_factory=CheckOptions)
    cost: Mapping[str, int] = field(default_factory=lambda: COST)


def plan_of(found: Bench) -> Plan:
    """What grader.toml says of an assignment's file for students."""
    name = found.assignment.name
    settings = found.config.assignment(name)
    return Plan(
        name=name,
        titles={str(language): title for language, title in settings.title.items()},
        language=found.config.language_of(name),
        level=settings.check.level,
        seconds=found.config.limits_of(name).cell_seconds,
        options=found.options,
    )


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
        "cost": {} if plan.level == "parse" else dict(plan.cost),
        "answers": [_entry(problem) | _told(problem, plan) for problem in problems],
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


# --- what a teacher lets the file tell ---


def _told(problem: Problem, plan: Plan) -> dict[str, Any]:
    """Seals and worked points, as far as the level goes and exact values decide."""
    told: dict[str, Any] = {}
    if plan.level == "parse":
        return told
    points, accepted = _sealable(problem, plan)
    if points:
        salt = _salt(plan, problem.name)
        seals = [sealed(witness(node, points), salt, plan.cost) for node in accepted]
        told = {"points": list(map(_plain_point, points)), "salt": salt, "seals": seals}
    if plan.level == "examples" and isinstance(problem, Formula):
        worked = [{"at": _plain_point(point), "value": value} for point, value in worked_points(problem)]
        told |= {"examples": worked} if worked else {}
    return told


def _sealable(problem: Problem, plan: Plan) -> tuple[tuple[Point, ...], list[Node]]:
    """The points of a seal and the answers that are right; no points where exact values do not decide."""
    if isinstance(problem, Number):
        return _sealable_number(problem, plan)
    if not isinstance(problem, Formula) or problem.up_to:
        return (), []
    accepted = [facts(problem).reference, *(_accepted(problem, plan))]
    points = seal_points(problem)
    try:
        fit = bool(points) and told_apart(problem, points, accepted)
    except Inexact:
        fit = False
    return (points, accepted) if fit else ((), [])


def _sealable_number(problem: Number, plan: Plan) -> tuple[tuple[Point, ...], list[Node]]:
    if problem.tolerance is not None or problem.accept is not None or problem.partial is not None:
        return (), []
    at = number_facts(problem).at
    accepted = [substitute(node, at) for node in (as_node(problem.reference), *_accepted(problem, plan))]
    try:
        for node in accepted:
            witness(node, [Point({})])
    except Inexact:
        return (), []
    return (Point({}),), accepted


def _accepted(problem: Formula | Number, plan: Plan) -> list[Node]:
    """Conventions that this course counts as right."""
    return [
        declared_node(convention)
        for convention in problem.conventions
        if plan.options.credit_of(convention.id, convention.credit) >= 1
    ]


def _salt(plan: Plan, name: str) -> str:
    """A salt for each answer of each assignment of each course: no table of hashes serves two of them."""
    return hmac.new(plan.options.secret, f"check/{plan.name}/{name}".encode(), hashlib.sha256).hexdigest()[:32]


def _plain_point(point: Point) -> dict[str, Any]:
    plain: dict[str, Any] = {"symbols": {name: str(value) for name, value in point.symbols.items()}}
    if point.shapes:
        shapes = {name: list(shape) for name, shape in point.shapes.items()}
        plain |= {"shapes": shapes, "outside": point.outside, "fill": point.fill}
    return plain
