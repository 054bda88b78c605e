"""Commands that make new things: `new homework`, `new problem`.  Nothing is ever overwritten."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from autograder import config as configuration
from autograder.cli.common import ConfigOption, app, course, echo
from autograder.errors import ConfigError
from autograder.scaffold import KINDS, Made, new_homework, new_problem

__all__ = ["homework_command", "problem_command"]

new_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(new_app, name="new", help="Make a new homework or problem, which passes the audit as it is.")


@new_app.command(
    "homework",
    epilog="Examples:  autograder new homework hw2   (in an empty folder as well: autograder new homework hw1)",
)
def homework_command(
    name: Annotated[str, typer.Argument(help="Such as hw2: small letters, digits and _.")],
    config: ConfigOption = None,
) -> None:
    """Make solutions/NAME with a first problem, and its table in grader.toml (a new file where there is none)."""
    root = _root(config)
    made = new_homework(root, name)
    _tell(name, made, f"autograder new problem {name} conv-params --kind formula")


@new_app.command("problem", epilog="Example:  autograder new problem hw2 conv-params --kind formula")
def problem_command(
    homework: Annotated[str, typer.Argument(help="Such as hw2.")],
    name: Annotated[str, typer.Argument(help="The answer's name, such as conv-params (in Python conv_params).")],
    kind: Annotated[str, typer.Option("--kind", help=f"One of: {', '.join(KINDS)}.")] = "formula",
    config: ConfigOption = None,
) -> None:
    """Make a file in solutions/HOMEWORK with a whole problem of this kind, to be replaced by your own.

    It has a reference, an experiment, two mistakes with hints, steps and a source, and comments that explain them.
    """
    root = course(config).root
    made = new_problem(root, homework, name, kind)
    _tell(homework, [made])


def _root(config: Path | None) -> Path:
    """The folder of the grader.toml in use, or of one that is still to be made."""
    if config is not None:
        return config.resolve().parent
    try:
        return configuration.find(Path.cwd()).parent
    except ConfigError:
        return Path.cwd()


def _tell(homework: str, made: Sequence[Made], then: str = "") -> None:
    for one in made:
        echo(f"{Path(os.path.relpath(one.path)).as_posix()}: {one.what}")
    last = made[-1]
    echo("Next: put your question in place of the example, then")
    echo(f"  autograder audit {homework}")
    echo(f"  autograder try {homework} {last.answer} {shlex.quote(last.sample)}")
    if then:
        echo(f"and more questions:\n  {then}")
