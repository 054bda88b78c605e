"""The command that grades: one submission or many, to the terminal, as JSON, as results.json."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from autograder import submission
from autograder.cli.bench import VIEWS, Bench, bench, one_of, width
from autograder.cli.common import DONE, UNOPENED, ConfigOption, JsonOption, app, color, course, echo
from autograder.errors import AnswerError
from autograder.grade import Graded, Judgement, grade
from autograder.messages import error_text
from autograder.problem.reading import unreadable
from autograder.render import gradescope, jsonform, terminal
from autograder.report import Report, Row
from autograder.sandbox import Sandbox
from autograder.verdict import Finding

__all__ = ["grade_command"]

INCOMPLETE = (
    "The grader stopped before it finished. Your work is stored. "
    "This is not your fault: please tell the course staff."
)


@app.command("grade")
def grade_command(  # noqa: PLR0913 - a command's options are its parameters
    paths: Annotated[list[Path], typer.Argument(help="Files, zips, or folders of one or many submissions.")],
    assignment: Annotated[Optional[str], typer.Option("-a", "--assignment", help="Such as hw1.")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="Write OUT/<id>/results.json.")] = None,  # noqa: UP045
    results: Annotated[
        Path | None, typer.Option("--results", help="Write one submission's results.json here.")
    ] = None,
    as_json: JsonOption = False,
    view: Annotated[str, typer.Option("--view", help="student or staff: who will read this?")] = "staff",
    config: ConfigOption = None,
) -> None:
    """Grade submissions and say why.

    Examples:

      autograder grade hw1.ipynb -a hw1

      autograder grade submissions/ -a hw1 -o out --view student
    """
    one_of("--view", view, VIEWS)
    if results is not None:
        _write(results, gradescope.fallback(INCOMPLETE))
    found = bench(course(config), assignment)
    opened, failures = _discover(paths)
    runner = _Runner(found, out, results, view)
    with Sandbox(
        found.config.limits_of(found.assignment.name), found.config.assignment(found.assignment.name).modules
    ) as sandbox:
        reports = [report for name, path in opened if (report := runner.one(name, path, sandbox, failures))]
    if as_json:
        say = found.say()
        echo(json.dumps(jsonform.reports(reports, view, say), ensure_ascii=False, indent=2))
    for message in failures:
        print(message, file=sys.stderr)
    raise typer.Exit(UNOPENED if failures or any(report.broken for report in reports) else DONE)


def _discover(paths: Sequence[Path]) -> tuple[list[tuple[str, Path]], list[str]]:
    opened: list[tuple[str, Path]] = []
    failures: list[str] = []
    for path in paths:
        try:
            opened += submission.discover(path)
        except AnswerError as error:
            failures.append(f"{path}: {error_text(error)}")
    return opened, failures


@dataclass(frozen=True, slots=True)
class _Runner:
    """Grades one submission after the other, and writes and prints what came of each."""

    bench: Bench
    out: Path | None
    results: Path | None
    view: str

    def one(self, name: str, path: Path, sandbox: Sandbox, failures: list[str]) -> Report | None:
        started = time.monotonic()
        try:
            handed_in = submission.read(path, self.bench.config.limits, name)
        except AnswerError as error:
            failures.append(f"{path}: {error_text(error)}")
            self._refused(name, error)
            return None
        target = self.results or (self.out / name / "results.json" if self.out else None)
        rows: list[Row] = []
        after_each = self._partial_writer(target, name, rows) if target else lambda _: None
        judged = grade(handed_in, self.bench.assignment, self.bench.options, sandbox, after_each)
        report = self._report(name, judged, handed_in.notes)
        if target:
            done = gradescope.render(report, self.bench.say(), visibility=self._visibility())
            _write(target, done | {"execution_time": round(time.monotonic() - started, 3)})
        if not self._quiet():
            echo(terminal.render(report, color=color(), width=width(), view=self.view) + "\n")
        return report

    def _quiet(self) -> bool:
        return "--json" in sys.argv

    def _visibility(self) -> str:
        return self.bench.config.assignment(self.bench.assignment.name).visibility

    def _report(self, name: str, judged: Judgement, notes: Sequence[Finding]) -> Report:
        rows = [self.bench.row(graded) for graded in judged.graded]
        report = self.bench.report(name, rows, notes)
        return replace(report, output=judged.output, walls=judged.walls)

    def _partial_writer(self, target: Path, name: str, rows: list[Row]) -> Callable[[Graded], None]:
        """After each problem the file holds what is known so far: a killed grader loses nothing."""
        last = [0.0]

        def write(graded: Graded) -> None:
            rows.append(self.bench.row(graded))
            if time.monotonic() - last[0] > 0.5:
                last[0] = time.monotonic()
                report = self.bench.report(name, rows)
                _write(target, gradescope.render(report, self.bench.say(), state="incomplete"))

        return write

    def _refused(self, name: str, error: AnswerError) -> None:
        """A submission that cannot be opened still gets a valid results.json, with every answer listed."""
        target = self.results or (self.out / name / "results.json" if self.out else None)
        if target is None:
            return
        verdicts = [Graded(problem, _unopened(error)) for problem in self.bench.assignment.problems]
        report = self.bench.report(name, [self.bench.row(graded) for graded in verdicts])
        report = replace(report, notes=(error_text(error, report.language),))
        _write(target, gradescope.render(report, self.bench.say(), visibility=self._visibility()))


def _unopened(error: AnswerError) -> Any:
    return unreadable(error)


def _write(target: Path, form: dict[str, Any]) -> None:
    """Write JSON under a temporary name, flush it, and move it into place: a reader sees all or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(form, ensure_ascii=False, allow_nan=False, indent=1)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
