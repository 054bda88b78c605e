"""One submission -> verdicts: run it in its own process, read every answer, then check each one.

All names are read before the first hidden input is sent, so that no answer can depend on one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from autograder.answer import Answer, CallOutcome, Died, Earlier, FunctionValue, Missing, Raised, TimedOut, Value
from autograder.catalog import Assignment
from autograder.problem import Function, Number, Problem
from autograder.problem.check import check
from autograder.problem.number import exact_value
from autograder.problem.options import CheckOptions
from autograder.sandbox import CellOutcome
from autograder.submission import Submission
from autograder.verdict import Finding, Status, Verdict

__all__ = ["Graded", "Judgement", "grade"]


MOST_NOTES = 5  # cells that stopped, in one report
ANSWER_LINE = re.compile(r"(\w+)\s*=(?!=)")
UNDEFINED = re.compile(r"name '(\w+)' is not defined")
NOT_INSTALLED = frozenset({"ImportError", "ModuleNotFoundError"})


class Session(Protocol):
    """A submission in a process of its own: its cells run once, its values are read, its functions are called."""

    @property
    def output(self) -> str: ...
    @property
    def walls(self) -> Mapping[str, str]: ...
    def run(self) -> tuple[CellOutcome, ...]: ...
    def read(self, names: Sequence[str]) -> dict[str, Value]: ...
    def call(self, name: str, arguments: Sequence[Any], seed: int = 0) -> CallOutcome: ...


class Sandbox(Protocol):
    """Where submissions run: our own sandbox, or the kernel of a notebook."""

    def open(
        self, submission: Submission, checks: Mapping[str, Sequence[str]]
    ) -> AbstractContextManager[Session]: ...


@dataclass(frozen=True, slots=True)
class Graded:
    """One problem with the verdict on the student's answer to it."""

    problem: Problem
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts on one submission in the order of the sheet, with what its cells did and printed."""

    graded: tuple[Graded, ...]
    cells: tuple[CellOutcome, ...] = ()
    output: str = ""
    walls: Mapping[str, str] = field(default_factory=dict)
    kind: str = "py"

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What stopped while the cells ran, for the report: also where no answer was lost by it."""
        failed = [(outcome.number, one) for outcome in self.cells for one in outcome.failures[:1]]
        return tuple(_stopped(number, failure, self.kind) for number, failure in failed[:MOST_NOTES])


@dataclass(frozen=True, slots=True)
class Desk:
    """What the grading of one submission needs at hand."""

    submission: Submission
    assignment: Assignment
    options: CheckOptions
    session: Session
    cells: tuple[CellOutcome, ...]
    values: Mapping[str, Value]


def grade(
    submission: Submission,
    assignment: Assignment,
    options: CheckOptions,
    sandbox: Sandbox,
    after_each: Callable[[Graded], None] = lambda _: None,
) -> Judgement:
    """Grade one submission.  after_each is called with each verdict as soon as it is there."""
    with sandbox.open(submission, assignment.checks) as session:
        cells = session.run()
        values = session.read([problem.name for problem in assignment.problems])
        desk = Desk(submission, assignment, options, session, cells, values)
        verdicts: dict[str, Verdict] = {}
        for problem in _givens_first(assignment.problems):
            verdicts[problem.name] = _judge(problem, desk, verdicts)
            after_each(Graded(problem, verdicts[problem.name]))
        output, walls = session.output, dict(session.walls)
    graded = tuple(Graded(problem, verdicts[problem.name]) for problem in assignment.problems)
    return Judgement(graded, cells, output, walls, submission.kind)


def _givens_first(problems: Sequence[Problem]) -> list[Problem]:
    """Problems that follow from other answers come after those."""
    return sorted(problems, key=lambda problem: bool(problem.given))


def _judge(problem: Problem, desk: Desk, verdicts: Mapping[str, Verdict]) -> Verdict:
    value = desk.values.get(problem.name, Missing())
    failed = None
    if isinstance(value, Missing):
        failed = _failed_cell(problem.name, desk)
    elif isinstance(value, FunctionValue):
        failed = _failed_program(desk)
    if failed is not None:
        return failed
    seed = desk.options.seed(problem.name) % 2**31
    call = partial(desk.session.call, problem.name, seed=seed)
    answer = Answer(value, call, _earlier(problem, desk, verdicts))
    return check(problem, answer, desk.options)


def _earlier(problem: Problem, desk: Desk, verdicts: Mapping[str, Verdict]) -> dict[str, Earlier]:
    """The student's own answers that this problem may follow from."""
    found = {}
    for name in problem.given:
        other = desk.assignment[name]
        if isinstance(other, Number) and name in verdicts:
            correct = verdicts[name].status is Status.CORRECT
            found[name] = Earlier(exact_value(other, desk.values.get(name, Missing())), correct)
    return found


def _failed_cell(name: str, desk: Desk) -> Verdict | None:
    """UNREADABLE where the cell that would have set this name failed: the student sees which cell and why."""
    word = re.compile(rf"^\s*(?:def\s+{name}\b|{name}\s*[=:,])", re.MULTILINE)
    for cell, outcome in zip(desk.submission.cells, desk.cells, strict=True):
        if outcome.failures and word.search(cell.source):
            number = "" if desk.submission.kind == "py" else str(outcome.number)  # a .py file has no cells
            raised = [one for one in outcome.failures if isinstance(one, Raised) and _set_by(one) == name]
            raised = [one for one in raised if not _follows(one, cell.source)]
            quotes = None if isinstance(desk.assignment[name], Function) else next(map(_unquoted, raised), None)
            failure = next(iter(raised), outcome.failures[0])
            return Verdict(Status.UNREADABLE, finding=quotes or _cell_finding(failure, number))
    return None


def _set_by(failure: Raised) -> str:
    """The name that the failing line sets, or ""."""
    line = ANSWER_LINE.match(failure.source)
    return line.group(1) if line else ""


def _follows(failure: Raised, source: str) -> bool:
    """Whether a line failed only for want of a variable that another line sets, which failed before it."""
    name = UNDEFINED.match(failure.message)
    return name is not None and re.search(rf"^[ \t]*{name.group(1)}\s*=(?!=)", source, re.MULTILINE) is not None


def _unquoted(failure: Raised) -> Finding | None:
    """A formula without its quotes: Python looked for a variable."""
    name = UNDEFINED.match(failure.message) if failure.type_name == "NameError" else None
    shown = {"line": str(failure.line or ""), "source": failure.source}
    return Finding("exception", "unquoted", {"name": name.group(1)} | shown) if name else None


def _failed_program(desk: Desk) -> Verdict | None:
    """UNREADABLE for the functions of a .py file that does not run from top to bottom: nobody could import them.

    A package that is not installed here is no fault of the program's, and a line that only sets another answer
    (`answer = F`, its quotes forgotten) costs that answer.  Cells of a notebook stand alone.
    """
    if desk.submission.kind != "py":
        return None
    failures = [failure for outcome in desk.cells for failure in outcome.failures]
    own = [one for one in failures if not (isinstance(one, Raised) and _stands_alone(one, desk.assignment))]
    return Verdict(Status.UNREADABLE, finding=_cell_finding(own[0], "")) if own else None


def _stands_alone(failure: Raised, assignment: Assignment) -> bool:
    """Whether what failed is a package that is missing here, or the line of one answer that is no function."""
    if failure.type_name in NOT_INSTALLED:
        return True
    name = _set_by(failure)
    return any(one.name == name and not isinstance(one, Function) for one in assignment.problems)


def _stopped(number: int, failure: Raised | TimedOut | Died, kind: str) -> Finding:
    """A note about a cell, or about the file where there are no cells."""
    found = _cell_finding(failure, str(number))
    words = ": ".join(found.fields[name] for name in ("error", "message") if found.fields.get(name))
    code = found.code if kind == "ipynb" else found.code.replace("cell-", "file-")
    return Finding("cell", f"note.{code}", {**found.fields, "failure": words})


def _cell_finding(failure: Raised | TimedOut | Died, number: str) -> Finding:
    fields = {"cell": number}
    match failure:
        case TimedOut(seconds=seconds):
            return Finding("timeout", "cell-timeout", fields | {"seconds": f"{seconds:g}"})
        case Died(why=why):
            return Finding("died", "cell-died", fields | {"why": why})
        case Raised(type_name=kind, message=message, line=line, source=source):
            code = "cell-syntax" if kind in ("SyntaxError", "IndentationError", "TabError") else "cell-exception"
            shown = {"error": kind, "message": message, "line": str(line or ""), "source": source}
            return Finding("exception", code, fields | shown)
