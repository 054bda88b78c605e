"""Proves an answer key by experiment: `autograder audit`.

For every problem: the reference equals what the implementation measures; worked steps lead to the answer; each
declared mistake is refuted and differs from the others; small slips in the reference or the implementation are
rejected by the problem's own checks; texts exist in both languages and do not give the answer away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.audit.functions import audit_derivation, audit_function
from autograder.audit.symbolic import audit_formula, audit_number
from autograder.audit.texts import audit_texts
from autograder.audit.trial import Slip, Trial
from autograder.catalog import Assignment
from autograder.problem import Choice, Derivation, Formula, Function, Number, Problem
from autograder.problem.options import CheckOptions

__all__ = ["AuditFinding", "AuditReport", "audit"]


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing to mend in the key: where it is declared, which answer, what is wrong."""

    file: str
    line: int | None
    name: str
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All findings, and how many instances and mutants were tried."""

    findings: tuple[AuditFinding, ...]
    problems: int
    instances: int
    mutants: int


def audit(
    assignment: Assignment, options: CheckOptions, after_each: Callable[[Problem], None] = lambda _: None
) -> AuditReport:
    """Audit every problem of an assignment; after_each is called as each is done."""
    trial = Trial(options)
    findings: list[AuditFinding] = []
    for problem in assignment.problems:
        for slip in _slips(problem, trial):
            path = assignment.places[problem.name]
            findings.append(
                AuditFinding(str(path), _line(path, problem.name), problem.name, slip.kind, slip.message)
            )
        after_each(problem)
    return AuditReport(tuple(findings), len(assignment.problems), trial.instances, trial.mutants)


def _slips(problem: Problem, trial: Trial) -> Iterator[Slip]:
    yield from audit_texts(problem)
    try:
        yield from _by_kind(problem, trial)
    except Exception as error:  # noqa: BLE001 - an author's function may raise anything
        yield Slip("broken", f"the audit of this problem stopped with {type(error).__name__}: {error}")


def _by_kind(problem: Problem, trial: Trial) -> Sequence[Slip] | Iterator[Slip]:
    match problem:
        case Formula():
            return audit_formula(problem, trial)
        case Number():
            return audit_number(problem, trial)
        case Function():
            return audit_function(problem, trial)
        case Derivation():
            return audit_derivation(problem, trial)
        case Choice(options=known, correct=correct):
            wrong = [option for option in correct if option not in known]
            return [Slip("choice", f"the correct option {option!r} is not among the options.") for option in wrong]
        case _:
            return ()


def _line(path: Path, name: str) -> int | None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if f'"{name}"' in line or f"'{name}'" in line:
            return number
    return None
