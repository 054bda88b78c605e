"""One submission -> verdicts: run it in its own process, read every answer, then check each one.

All names are read before the first hidden input is sent, so that no answer can depend on one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from autograder.answer import Answer, CallOutcome, Earlier, FunctionValue, Missing, Value
from autograder.catalog import Assignment
from autograder.problem import Function, Number, Problem
from autograder.problem.check import check
from autograder.problem.number import exact_value
from autograder.problem.options import CheckOptions
from autograder.sandbox import CellOutcome
from autograder.submission import Submission
from autograder.submission.failing import Failure, cell_finding, missing_because, stops_program
from autograder.verdict import Finding, Status, Verdict

__all__ = ["Graded", "Judgement", "grade"]


MOST_NOTES = 5  # cells that stopped, in one report


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
    function = isinstance(desk.assignment[name], Function)
    before: list[Failure] = []
    for cell, outcome in zip(desk.submission.cells, desk.cells, strict=True):
        number = "" if desk.submission.kind == "py" else str(outcome.number)  # a .py file has no cells
        why = missing_because(name, cell.source, outcome.failures, function=function, cell=number, before=before)
        if why is not None:
            return Verdict(Status.UNREADABLE, finding=why)
        before += outcome.failures
    return None


def _failed_program(desk: Desk) -> Verdict | None:
    """UNREADABLE for the functions of a .py file that does not run; cells of a notebook stand alone."""
    if desk.submission.kind != "py":
        return None
    failures = [failure for outcome in desk.cells for failure in outcome.failures]
    answers = {one.name for one in desk.assignment.problems if not isinstance(one, Function)}
    why = stops_program(failures, answers)
    return Verdict(Status.UNREADABLE, finding=why) if why else None


def _stopped(number: int, failure: Failure, kind: str) -> Finding:
    """A note about a cell, or about the file where there are no cells."""
    found = cell_finding(failure, str(number))
    words = ": ".join(found.fields[name] for name in ("error", "message") if found.fields.get(name))
    code = found.code if kind == "ipynb" else found.code.replace("cell-", "file-")
    return Finding("cell", f"note.{code}", {**found.fields, "failure": words})
