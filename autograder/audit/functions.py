"""Auditing functions and derivations."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from flint import fmpq

from autograder.answer import Answer, CallOutcome, FunctionValue, Raised, Returned
from autograder.audit.mutants import output_mutants
from autograder.audit.trial import Slip, Stopped, Trial, value_of
from autograder.decide.values import is_exact, text
from autograder.expression import to_text
from autograder.problem import Convention, Derivation, Function, Mistake
from autograder.problem.derivation import check_derivation
from autograder.problem.formula import as_node, declared_node
from autograder.problem.function import check_function
from autograder.problem.outcomes import part_of, prepared
from autograder.verdict import Status, Verdict

__all__ = ["audit_derivation", "audit_function"]


def audit_function(problem: Function, trial: Trial) -> Iterator[Slip]:
    """The implementation must pass its own cases; mistakes and spoiled outputs must not."""
    try:
        cases = prepared(problem, trial.options)
    except Exception as error:
        raise Stopped(f"the implementation or its cases raised {type(error).__name__}: {error}") from error
    trial.instances += len(cases)
    if len(cases) < 2:
        message = "one case is not enough: only the first is public, so there has to be a hidden one."
        yield Slip("cases", message, "cases=")
    if _status(problem, problem.implementation, trial) is not Status.CORRECT:
        yield Slip("reference", "the implementation does not pass its own cases (is it deterministic?).")
        return
    for style in problem.styles:
        if _status(problem, style, trial) is not Status.CORRECT:
            yield Slip("style", f"{style.__name__!r} is no right way to write the implementation.", "styles=")
    own = {} if problem.reference is None else {"": problem.reference}
    for name, formula in {**problem.formulas, **own}.items():
        yield from _against_formula(problem, name, formula, cases)
    declared: list[Mistake | Convention] = [*problem.mistakes, *problem.conventions]
    for mistake in declared:
        trial.mutants += 1
        near = f'"{mistake.id}"'
        if _status(problem, mistake.answer, trial) is Status.CORRECT:
            yield Slip("mistake", f"the cases cannot tell {mistake.id!r} from the implementation.", near)
        if slip := _typing_slip(mistake.answer, cases):
            yield Slip("mistake", f"{mistake.id!r} cannot run: {slip}.", near)
    for change, mutant in output_mutants(problem.implementation):
        trial.mutants += 1
        if _status(problem, mutant, trial) is Status.CORRECT and not _same_outputs(problem, mutant, trial):
            yield Slip("mutant", f"the cases accept an output that was {change}.")
    yield from _properties(problem)


def _typing_slip(function: Callable[..., Any], cases: Sequence[Any]) -> str:
    """What a mistake that cannot run raises; a shape that does not fit is a mistake that students make, too."""
    try:
        function(*copy.deepcopy(tuple(cases[0].case.args)))
    except (NameError, AttributeError, ImportError) as error:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - students' mistakes may fail
        return ""
    return ""


def _status(problem: Function, function: Callable[..., Any], trial: Trial) -> Status:
    """What a student who hands in this function would get."""

    def call(arguments: Sequence[Any]) -> CallOutcome:
        try:
            return Returned(function(*copy.deepcopy(tuple(arguments))))
        except Exception as error:  # noqa: BLE001 - a wrong function may fail
            return Raised(type(error).__name__, str(error))

    names = tuple(inspect.signature(problem.implementation).parameters)
    return check_function(
        problem, Answer(FunctionValue(problem.name, names), call), replace(trial.options, search=False)
    ).status


def _same_outputs(problem: Function, mutant: Callable[..., Any], trial: Trial) -> bool:
    """A spoiled output that is the same output spoils nothing: the transpose of a number."""
    for item in prepared(problem, trial.options):
        spoiled, expected = _outputs(mutant(*copy.deepcopy(item.case.args))), _outputs(item.expected)
        if not all(map(np.array_equal, spoiled, expected)):
            return False
    return True


def _outputs(result: Any) -> list[Any]:
    """The outputs of one call as arrays: one, or several of any shapes."""
    parts = result.values() if isinstance(result, dict) else result if isinstance(result, tuple) else (result,)
    return [np.asarray(part) for part in parts]


def _against_formula(problem: Function, name: str, formula: Any, cases: Sequence[Any]) -> Iterator[Slip]:
    """A function that counts has to count what its formula says; name: of the output, "" of the only one."""
    reference = as_node(formula)
    parameters = inspect.signature(problem.implementation)
    for item in cases:
        bound = parameters.bind(*item.case.args)
        bound.apply_defaults()
        if not all(isinstance(value, int) for value in bound.arguments.values()):
            continue
        point = {each: fmpq(int(value)) for each, value in bound.arguments.items()}
        wanted, expected = value_of(reference, point), part_of(problem, name, item.expected)
        if is_exact(wanted) and fmpq(int(expected)) != wanted:
            shown = ", ".join(f"{each}={value}" for each, value in point.items())
            yield Slip("reference", f"at {shown} the formula gives {text(wanted)}, the implementation {expected}.")
            return


def _properties(problem: Function) -> Iterator[Slip]:
    for one in problem.properties:
        for first, second in one.pairs(np.random.default_rng(0)):
            left, right = (_outputs(problem.implementation(*copy.deepcopy(case.args))) for case in (first, second))
            if not all(np.allclose(a, b, rtol=1e-9, atol=1e-12) for a, b in zip(left, right, strict=True)):
                message = f"the implementation itself does not have the property {one.id!r}."
                yield Slip("property", message, f'"{one.id}"')
                return


def audit_derivation(problem: Derivation, trial: Trial) -> Iterator[Slip]:
    """The checkpoints in order must be a right derivation; the last one twice must earn nothing."""
    lines = [to_text(as_node(checkpoint.reference)) for checkpoint in problem.checkpoints]
    trial.instances += 1
    verdict = check_derivation(problem, Answer(lines), trial.options)
    if verdict.status is not Status.CORRECT:
        yield _no_derivation(problem, verdict)
        return
    twice = check_derivation(problem, Answer([lines[-1], lines[-1]]), trial.options)
    if twice.credit > 0:
        message = "writing the end twice earns credit: give the checkpoints different values or forms."
        yield Slip("checkpoint", message, "checkpoints=")
    for at, checkpoint in enumerate(problem.checkpoints):
        for mistake in checkpoint.mistakes:
            trial.mutants += 1
            yield from _unrecognised(problem, mistake, lines[:at], trial)


def _unrecognised(problem: Derivation, mistake: Mistake, before: list[str], trial: Trial) -> Iterator[Slip]:
    """A mistake of a checkpoint, written behind the lines before it, has to be told by its name."""
    wrong = to_text(declared_node(mistake))
    finding = check_derivation(problem, Answer([*before, wrong]), trial.options).finding
    told = finding.cause if finding else None
    if told is not None and told.kind == "mistake" and told.code == mistake.id:
        return
    how = "is a right line there"
    if finding is not None and finding.code in ("wrong-step", "wrong-start"):
        how = f"is taken for {told.code!r}" if told else "is not recognised"
    yield Slip("mistake", f"the mistake {mistake.id!r}, {wrong}, {how}.", f'"{mistake.id}"')


def _no_derivation(problem: Derivation, verdict: Verdict) -> Slip:
    """Why the checkpoints themselves, written one after the other, are not taken for a derivation."""
    finding = verdict.finding
    passed = int(finding.fields.get("passed", finding.fields.get("step", "1"))) if finding else 0
    checkpoint = problem.checkpoints[min(passed, len(problem.checkpoints) - 1)]
    why = f"does not come out ({finding.code if finding else verdict.status.value})"
    if finding and finding.code == "unfinished-derivation":
        why = "has the value of the one before it, so there is nothing to derive: give it another value or a form"
    return Slip("reference", f"the checkpoint {checkpoint.id!r} {why}.", f'"{checkpoint.id}"')
