"""Why a wrong function is wrong: a declared mistake that gives its outputs, or a slip that is looked for."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from autograder.diagnose import Calls, Keeper, attempted, diagnose_function
from autograder.diagnose import Case as DiagnosisCase
from autograder.diagnose.columns import Same, indexes
from autograder.diagnose.search import Slips
from autograder.domain import domain
from autograder.problem.formula import as_node, case_of, near_by, topics_of
from autograder.problem.kinds import Formula, Function, Number, Problem
from autograder.problem.number import number_case
from autograder.problem.options import CheckOptions
from autograder.problem.outcomes import Run, agreement, part_names, part_of, parts_of, prepared, values_of
from autograder.verdict import Finding, Status, Verdict, status_of

__all__ = ["explained", "function_indexes"]


def explained(problem: Function, verdict: Verdict, run: Run, options: CheckOptions) -> Verdict:
    """A convention or a declared mistake that gives the student's outputs on every case."""
    for convention in problem.conventions:
        if _same_outputs(problem, convention.answer, run):
            credit = max(options.credit_of(convention.id, convention.credit), verdict.credit)
            found = Finding(
                "convention", convention.id, {"id": convention.id}, convention.answer.__name__, convention.hint
            )
            return replace(verdict, status=status_of(credit), credit=credit, finding=found)
    for mistake in problem.mistakes:
        if _same_outputs(problem, mistake.answer, run):
            finding = Finding("mistake", mistake.id, {"id": mistake.id}, mistake.answer.__name__, mistake.hint)
            credit = max(mistake.credit, verdict.credit)
            status = Status.PARTIAL if credit else Status.INCORRECT
            return replace(verdict, status=status, credit=credit, finding=finding)
    slip = (
        None
        if _says_enough(verdict.finding) or not options.search
        else attempted(lambda: _diagnosed(problem, run, options))
    )
    return verdict if slip is None else replace(verdict, finding=slip)


def _says_enough(finding: Finding | None) -> bool:
    """Whether what was found needs no other reason; a slope of a rectifier may be whole without having been cut."""
    return (
        finding is not None and finding.kind not in ("value", "shape") and not finding.code.startswith("integers")
    )


def _diagnosed(problem: Function, run: Run, options: CheckOptions) -> Finding | None:
    """A slip that leads to the student's values of one wrong output."""
    everything = {name: values_of(problem, run, name) for name in part_names(problem, run.cases[0].expected)}
    arguments = _arguments(problem, options)
    expected = {name: tuple(wanted for _, wanted in pairs) for name, pairs in everything.items()}
    own = {name: tuple(value for value, _ in pairs) for name, pairs in everything.items()}
    for name, pairs in everything.items():
        if all(agreement(value, wanted, run.closeness).ok for value, wanted in pairs):
            continue
        others = {other: values for other, values in expected.items() if other != name}
        found = diagnose_function(
            Calls(
                problem.implementation,
                arguments,
                expected[name],
                own[name],
                run.closeness,
                part=partial(part_of, problem, name),
                name=name,
                parameters=tuple(inspect.signature(problem.implementation).parameters),
                styles=problem.styles,
                formulas=_formulas(problem, name, options.questions, options.keeper),
                others=others,
                own={other: values for other, values in own.items() if other != name},
                mutated=run.mutated,
            )
        )
        if found is not None:
            return found
    return None


def function_indexes(problem: Function, options: CheckOptions) -> Iterator[Slips]:
    """What wrong outputs are looked up in: the slips in the formulas behind each output, at the hidden inputs."""
    cases, arguments = prepared(problem, options), Same(_arguments(problem, options))
    parameters = tuple(inspect.signature(problem.implementation).parameters)
    for name in part_names(problem, cases[0].expected):
        expected = Same(part_of(problem, name, item.expected) for item in cases)
        formulas = _formulas(problem, name, options.questions, options.keeper)
        yield from indexes(formulas, parameters, arguments, expected)


@lru_cache(maxsize=1024)
def _arguments(problem: Function, options: CheckOptions) -> tuple[tuple[Any, ...], ...]:
    """The arguments of every case, with the defaults of those that it leaves out."""
    found = []
    for item in prepared(problem, options):
        bound = inspect.signature(problem.implementation).bind(*item.case.args)
        bound.apply_defaults()
        found.append(tuple(bound.arguments.values()))
    return tuple(found)


@lru_cache(maxsize=1024)
def _formulas(
    problem: Function, name: str, questions: tuple[Problem, ...], keeper: Keeper | None
) -> tuple[DiagnosisCase, ...]:
    """The formula behind an output, and those of the same question: slips are looked for in them."""
    near = [other for other in questions if near_by(problem, other)]
    found = [case_of(other, keeper) for other in near if isinstance(other, Formula)]
    found += [number_case(other, keeper) for other in near if isinstance(other, Number)]
    own = problem.formulas.get(name, problem.reference)
    if own is not None:
        names = tuple(sorted(problem.symbols))
        kinds = domain(dict(problem.symbols), where=problem.where)
        written = [step.expression for step in problem.steps if step.expression is not None]
        topics = topics_of(problem) | {"number"}
        found.insert(
            0, DiagnosisCase(as_node(own), kinds, names, tuple(map(as_node, written)), topics, keeper=keeper)
        )
    return tuple(found)


def _same_outputs(problem: Function, other: Callable[..., Any], run: Run) -> bool:
    for number, (item, given) in enumerate(zip(run.cases, run.outputs, strict=True)):
        try:
            wrong = other(*copy.deepcopy(item.case.args))
        except Exception:  # noqa: BLE001 - a wrong function may fail on some inputs: then it explains nothing
            return False
        if not all(part.agreement.ok for part in parts_of(problem, number, given, wrong, run.closeness)):
            return False
    return True
