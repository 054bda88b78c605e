"""Commands that ask about one answer or all of them: `try`, `list`."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from autograder import submission
from autograder.answer import Answer
from autograder.cli.bench import VIEWS, Bench, bench, one_of, width
from autograder.cli.common import ConfigOption, JsonOption, app, color, course, echo
from autograder.errors import ConfigError, ConfigProblem
from autograder.grade import Graded, grade
from autograder.locale import LANGUAGES
from autograder.messages import LEVELS
from autograder.problem import Function, Problem
from autograder.problem.check import check
from autograder.render import jsonform, levels, terminal
from autograder.sandbox import Sandbox
from autograder.score import plain

__all__ = ["list_command", "try_command"]


@app.command("try")
def try_command(  # noqa: PLR0913 - a command's options are its parameters
    assignment: Annotated[str, typer.Argument(help="Such as hw1.")],
    name: Annotated[str, typer.Argument(help="The answer's name, such as q1a2_weights.")],
    answer: Annotated[str, typer.Argument(help='What a student would write, such as "F*D*K".')],
    as_json: JsonOption = False,
    level: Annotated[str, typer.Option("--level", help="received, verdict, hint, counterexample or full.")] = "",
    all_levels: Annotated[bool, typer.Option("--all-levels", help="What a student reads at each level.")] = False,
    language: Annotated[str, typer.Option("--lang", help="en or fa (--all-levels: both, if not named).")] = "",
    view: Annotated[str, typer.Option("--view", help="student or staff.")] = "staff",
    config: ConfigOption = None,
) -> None:
    """Say what the grader would say to an answer: verdict, points, finding; with --all-levels what a student reads.

    Steps of a derivation are a list, or have semicolons between them; a function is its source text, or a file that
    holds it.

    \b
    Examples:
      autograder try hw1 q1a2_weights "F*D*K"
      autograder try hw1 q1a2_weights "F*D*K" --all-levels --lang en
      autograder try hw1 q42d_macs 9830400 --level full
      autograder try hw1 q2_steps "Sum(w[m]*x[i+m], (m, 0, k-1)); x[i]" --view student
      autograder try hw1 grad_w my_answer.py --json
    """
    one_of("--view", view, VIEWS)
    one_of("--level", level, ("", *LEVELS))
    one_of("--lang", language, ("", *LANGUAGES))
    found = bench(course(config), assignment)
    own = _speaking(found, language) if language else found
    problem = _problem(found, name)
    if isinstance(problem, Function):
        graded = _try_function(found, problem, answer)
    else:
        graded = Graded(problem, check(problem, Answer(_typed(problem, answer)), found.options))
    shown = own.row(graded, level)
    if as_json:
        echo(json.dumps(jsonform.problem(shown, view, own.say(problem, level)), ensure_ascii=False, indent=2))
        return
    report = own.report("try", [shown])
    echo(terminal.render(report, color=color(), width=width(), missing=True, view=view))
    for each in ((language,) if language else LANGUAGES) if all_levels else ():
        rows = [_speaking(found, each).row(graded, one) for one in LEVELS]
        echo("\n" + levels.render(rows, shown.say.level, width()))


def _speaking(found: Bench, language: str) -> Bench:
    """The same bench, in another language."""
    name = found.assignment.name
    own = replace(found.config.assignment(name), language="fa" if language == "fa" else "en")
    return replace(found, config=replace(found.config, assignments={**found.config.assignments, name: own}))


def _typed(problem: Problem, text: str) -> Any:
    """What a student's variable would hold: steps of a derivation are a list, or have semicolons between them."""
    if problem.kind != "Derivation":
        return text
    try:
        written = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        written = None
    return written if isinstance(written, list) else [step.strip() for step in text.split(";")]


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
