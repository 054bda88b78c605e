"""Proves an answer key by experiment: `autograder audit`.

For every problem: the reference equals what the implementation measures; worked steps lead to the answer; each
declared mistake is refuted and differs from the others; small slips in the reference or the implementation are
rejected by the problem's own checks; texts exist in both languages and do not give the answer away.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.audit.functions import audit_derivation, audit_function
from autograder.audit.names import audit_names
from autograder.audit.symbolic import audit_formula, audit_number
from autograder.audit.texts import audit_texts
from autograder.audit.trial import Slip, Stopped, Trial
from autograder.catalog import Assignment, line_of
from autograder.problem import Derivation, Formula, Function, Number, Problem
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
    assignment: Assignment,
    options: CheckOptions,
    after_each: Callable[[Problem], None] = lambda _: None,
    languages: Sequence[str] = ("en", "fa"),
) -> AuditReport:
    """Audit every problem of an assignment, its texts in these languages; after_each is called as each is done."""
    trial = Trial(options, tuple(languages))
    findings: list[AuditFinding] = []
    for problem in assignment.problems:
        path = assignment.places[problem.name]
        for slip in _slips(problem, trial, assignment.folder):
            file, line = slip.at or (str(path), line_of(path, problem.name, slip.near))
            findings.append(AuditFinding(file, line, problem.name, slip.kind, slip.message))
        after_each(problem)
    return AuditReport(tuple(findings), len(assignment.problems), trial.instances, trial.mutants)


def _slips(problem: Problem, trial: Trial, folder: Path) -> Iterator[Slip]:
    try:
        undeclared = [*audit_names(problem)]
        yield from undeclared
        if undeclared:
            return  # nothing can be computed with a name that means nothing
        yield from audit_texts(problem, trial.languages)
        yield from _by_kind(problem, trial)
    except Stopped as error:
        yield Slip("implementation", f"{error}.", at=_raised_at(error, folder))
    except Exception as error:  # noqa: BLE001 - an author's function may raise anything
        message = f"the audit of this problem stopped with {type(error).__name__}: {error}"
        yield Slip("broken", message, at=_raised_at(error, folder))


def _raised_at(error: BaseException, folder: Path) -> tuple[str, int] | None:
    """The author's file and line in which an error was raised, if it was in one."""
    frames = traceback.extract_tb((error.__cause__ or error).__traceback__)
    ours = [(frame.filename, frame.lineno) for frame in frames if Path(frame.filename).parent == folder]
    return (ours[-1][0], ours[-1][1] or 1) if ours else None


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
        case _:
            return ()
