"""The command that grades: one submission or many, to the terminal, as JSON, as results.json."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder import submission
from autograder.cli.bench import VIEWS, Bench, bench, one_of, width
from autograder.cli.collecting import Collected, collected
from autograder.cli.common import DONE, UNOPENED, ConfigOption, JsonOption, app, color, course, echo
from autograder.errors import AnswerError
from autograder.grade import grade
from autograder.gradescope.metadata import Standing, load, standing
from autograder.messages import error_text
from autograder.render import jsonform, terminal
from autograder.report import Report
from autograder.results import ResultsFile, write_fallback
from autograder.sandbox import Sandbox

__all__ = ["grade_command"]

UNFINISHED = "on Gradescope the grader did not finish; the result that is stored there is incomplete."


@app.command("grade")
def grade_command(  # noqa: PLR0913 - a command's options are its parameters
    paths: Annotated[list[Path], typer.Argument(help="Files, zips, or folders of one or many submissions.")],
    assignment: Annotated[Optional[str], typer.Option("-a", "--assignment", help="Such as hw1.")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="Write OUT/<id>/results.json.")] = None,  # noqa: UP045
    results: Annotated[
        Path | None, typer.Option("--results", help="Take PATHS as one submission; write its results.json here.")
    ] = None,
    metadata: Annotated[
        Path | None, typer.Option("--metadata", help="With --results: Gradescope's submission_metadata.json.")
    ] = None,
    as_json: JsonOption = False,
    view: Annotated[str, typer.Option("--view", help="student or staff: who will read this?")] = "staff",
    config: ConfigOption = None,
) -> None:
    """Grade submissions and say why.

    Examples:

      autograder grade hw1.ipynb -a hw1

      autograder grade submissions/ -a hw1 -o out --view student

      autograder grade assignment_42_export.zip -a hw1 -o out
    """
    one_of("--view", view, VIEWS)
    if results is not None:
        write_fallback(results)
    found = bench(course(config), assignment)
    runner = _Runner(found, out, results, view, quiet=as_json)
    due = found.config.assignment(found.assignment.name).due
    if results is not None:
        known = load(metadata) if metadata is not None else None
        runner.standing = None if known is None else standing(known, due)
        reports = runner.all(Collected([(path.stem, path) for path in paths]))
    else:
        with collected(paths, due) as given:
            reports = runner.all(given)
        runner.messages[:0] = given.notices
    if as_json:
        echo(json.dumps(jsonform.reports(reports, view), ensure_ascii=False, indent=2))
    for message in runner.messages:
        print(message, file=sys.stderr)
    raise typer.Exit(UNOPENED if runner.failed or any(report.broken for report in reports) else DONE)


@dataclass(slots=True)
class _Runner:
    """Grades one submission after the other, and writes and prints what came of each."""

    bench: Bench
    out: Path | None
    results: Path | None
    view: str
    quiet: bool
    standing: Standing | None = None
    messages: list[str] = field(default_factory=list)
    failed: bool = False

    def all(self, given: Collected) -> list[Report]:
        """The report of each submission that could be opened."""
        settings = self.bench.config
        name = self.bench.assignment.name
        with Sandbox(settings.limits_of(name), settings.assignment(name).modules) as sandbox:
            found = [report for one, path in given.paths if (report := self._one(one, path, given, sandbox))]
        for path, error in given.failures:
            self._fail(path, error)
        for one, handed in given.handed.items():
            if handed.unfinished:
                self.messages.append(f"{one}, {', '.join(handed.names)}: {UNFINISHED}")
        return found

    def _one(self, name: str, path: Path, given: Collected, sandbox: Sandbox) -> Report | None:
        handed = given.handed.get(name)
        known = self.standing if handed is None else handed.standing
        bench = self.bench.standing(known)
        target = self.results or (self.out / name / "results.json" if self.out else None)
        file = None if target is None else ResultsFile(target, bench, name, known)
        if file is not None:
            file.begin()
        try:
            answers = [problem.name for problem in bench.assignment.problems]
            opened = submission.read(path, bench.config.limits_of(bench.assignment.name), name, answers)
        except AnswerError as error:
            self._fail(path, error)
            if file is not None:
                file.refuse(error)
            return None
        judged = grade(opened, bench.assignment, bench.options, sandbox, file.add if file else lambda _: None)
        report = bench.report(name, [bench.row(graded) for graded in judged.graded], (*opened.notes, *judged.notes))
        people = () if handed is None else handed.names
        report = replace(report, output=judged.output, walls=judged.walls, submitters=people)
        if file is not None:
            file.finish(report)
        if not self.quiet:
            echo(terminal.render(report, color=color(), width=width(), view=self.view) + "\n")
        return report

    def _fail(self, path: Path, error: AnswerError) -> None:
        self.failed = True
        self.messages.append(f"{path}: {error_text(error)}")
