"""Commands that grade: `grade`, `try`, `list`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from autograder import __version__, catalog, submission
from autograder.answer import Answer
from autograder.catalog import Assignment
from autograder.cli.common import DONE, UNOPENED, ConfigOption, JsonOption, app, color, course, echo
from autograder.config import Config, check_names
from autograder.errors import AnswerError, ConfigError, ConfigProblem
from autograder.grade import Graded, Judgement, grade
from autograder.messages import LEVELS, Say, error_text
from autograder.problem import Function, Problem
from autograder.problem.check import check
from autograder.problem.options import CheckOptions
from autograder.render import gradescope, jsonform, terminal
from autograder.report import Report, Row, build, row
from autograder.sandbox import Sandbox
from autograder.score import plain
from autograder.verdict import Finding

__all__ = ["grade_command", "list_command", "try_command"]

INCOMPLETE = (
    "The grader stopped before it finished. Your work is stored. "
    "This is not your fault: please tell the course staff."
)


@dataclass(frozen=True, slots=True)
class Bench:
    """What grading needs, set up once for all submissions of a run."""

    config: Config
    assignment: Assignment
    options: CheckOptions

    def say(self, problem: Problem | None = None, level: str = "") -> Say:
        """To whom, in which language, at which level an answer's message speaks."""
        feedback = self.config.feedback_of(self.assignment.name)
        own = feedback.level_of(problem.name) if problem else feedback.level
        return Say(self.config.language_of(self.assignment.name), level or own, feedback.reveal)

    def row(self, graded: Graded, level: str = "") -> Row:
        """One answer's row with its points."""
        most = self.config.assignment(self.assignment.name).points_of(graded.problem.name)
        return row(graded.problem, graded.verdict, most, self.say(graded.problem, level))

    def report(self, name: str, rows: Sequence[Row], notes: Sequence[Finding] = ()) -> Report:
        """A report of these rows."""
        language = self.config.language_of(self.assignment.name)
        titles = self.config.assignment(self.assignment.name).title
        title = dict(titles).get(language) or dict(titles).get("en", "")  # type: ignore[call-overload]
        empty = Report(self.assignment.name, title, name, language, __version__, self.assignment.key, ())
        return build(empty, rows, notes)


def bench(config: Config, name: str | None) -> Bench:
    """The configuration, problems and options of one assignment; the only one there is if none is named."""
    folders = catalog.names(config.root)
    if name is None and len(folders) != 1:
        advice = f"Name it with -a: {', '.join(folders) or 'there is none yet'}."
        raise ConfigError([ConfigProblem(str(config.path), None, "several assignments are possible.", advice)])
    assignment = catalog.load(config.root, name or folders[0])
    check_names(config, assignment.name, [problem.name for problem in assignment.problems])
    own = config.assignment(assignment.name)
    known = {entry.id for problem in assignment.problems for entry in getattr(problem, "conventions", ())}
    for other in sorted(set(own.conventions) - known - {"percent-without-sign"}):
        advice = f"Conventions here: {', '.join(sorted(known))}."
        raise ConfigError([ConfigProblem(str(config.path), None, f"no answer has a convention {other!r}.", advice)])
    tolerances, credit = own.tolerances or config.tolerances, own.credit or config.credit
    options = CheckOptions(
        secret=f"{config.course.secret}/{assignment.name}".encode(),
        rtol=tolerances.rtol,
        atol=tolerances.atol,
        convention_credit=credit.convention,
        partial_credit=credit.rounding,
        follow_credit=credit.follow_through,
        conventions=tuple(sorted(own.conventions.items())),
    )
    return Bench(config, assignment, options)


VIEWS = ("student", "staff")


def one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    """An option's value has to be one of these.  Raises ConfigError otherwise."""
    if value not in allowed:
        known = [name for name in allowed if name]
        advice = f"Write {', '.join(known) if len(known) > 2 else ' or '.join(known)}."
        raise ConfigError([ConfigProblem(option, None, f"{value!r} is not known.", advice)])


# --- grade ---


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
            echo(terminal.render(report, color=color(), width=_width(), view=self.view) + "\n")
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
    from autograder.problem.reading import unreadable

    return unreadable(error)


def _width() -> int:
    try:
        return min(120, os.get_terminal_size().columns)
    except OSError:
        return 100


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


# --- try and list ---


@app.command("try")
def try_command(  # noqa: PLR0913 - a command's options are its parameters
    assignment: Annotated[str, typer.Argument(help="Such as hw1.")],
    name: Annotated[str, typer.Argument(help="The answer's name, such as q1a2_weights.")],
    answer: Annotated[str, typer.Argument(help='What a student would write, such as "F*D*K".')],
    as_json: JsonOption = False,
    level: Annotated[str, typer.Option("--level", help="received, verdict, hint, counterexample or full.")] = "",
    view: Annotated[str, typer.Option("--view", help="student or staff.")] = "staff",
    config: ConfigOption = None,
) -> None:
    """Say what the grader would say to an answer.

    Example:  autograder try hw1 q1a2_weights "F*D*K"
    """
    one_of("--view", view, VIEWS)
    one_of("--level", level, ("", *LEVELS))
    found = bench(course(config), assignment)
    problem = _problem(found, name)
    if isinstance(problem, Function):
        graded = _try_function(found, problem, answer)
    else:
        graded = Graded(problem, check(problem, Answer(_typed(problem, answer)), found.options))
    shown = found.row(graded, level)
    if as_json:
        echo(json.dumps(jsonform.problem(shown, view, found.say(problem, level)), ensure_ascii=False, indent=2))
    else:
        report = found.report("try", [shown])
        echo(terminal.render(report, color=color(), width=_width(), missing=True, view=view))


def _typed(problem: Problem, text: str) -> Any:
    """What a student's variable would hold: steps are separated by semicolons on the command line."""
    if problem.kind == "Derivation":
        return [step.strip() for step in text.split(";")]
    return text


def _try_function(found: Bench, problem: Function, source: str) -> Graded:
    """Run a function given as source text, or as a file that holds it."""
    path = Path(source)
    if len(source) < 500 and path.is_file():
        source = path.read_text(encoding="utf-8")
    cell = submission.Cell(1, f"import numpy as np\n{source}")
    only = replace(found.assignment, problems=(problem,))
    with Sandbox(found.config.limits_of(found.assignment.name)) as sandbox:
        judged = grade(submission.Submission("try", "py", (cell,)), only, found.options, sandbox)
    return judged.graded[0]


def _problem(found: Bench, name: str) -> Problem:
    import difflib

    known = [problem.name for problem in found.assignment.problems]
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        advice = f"Did you mean {close[0]!r}?" if close else f"See: autograder list {found.assignment.name}"
        raise ConfigError([ConfigProblem(found.assignment.name, None, f"there is no answer {name!r}.", advice)])
    return found.assignment[name]


@app.command("list")
def list_command(
    assignment: Annotated[Optional[str], typer.Argument(help="Such as hw1.")] = None,  # noqa: UP045
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the answers of an assignment: names, kinds, points, symbols.

    Example:  autograder list hw1
    """
    found = bench(course(config), assignment)
    settings = found.config.assignment(found.assignment.name)
    rows = [
        {
            "name": problem.name,
            "item": problem.item.id,
            "kind": problem.kind,
            "points": plain(settings.points_of(problem.name)),
            "symbols": dict(getattr(problem, "symbols", {})),
        }
        for problem in found.assignment.problems
    ]
    if as_json:
        echo(json.dumps({"assignment": found.assignment.name, "problems": rows}, ensure_ascii=False, indent=2))
        return
    for entry in rows:
        symbols = ", ".join(getattr(found.assignment[str(entry["name"])], "symbols", ()))
        echo(f"{entry['item']:8} {entry['name']:30} {entry['kind']:11} {entry['points']!s:>5}  {symbols}".rstrip())
    total = sum((settings.points_of(problem.name) for problem in found.assignment.problems), Fraction(0))
    echo(f"{len(rows)} answers, {plain(total)} points")
