"""What the commands share: the app, the options that every command takes, and how an error ends a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from autograder import config as configuration
from autograder.config import Config

__all__ = [
    "DONE",
    "FINDINGS",
    "INTERRUPTED",
    "UNOPENED",
    "USAGE",
    "ConfigOption",
    "JsonOption",
    "app",
    "color",
    "course",
    "echo",
    "from_here",
]

DONE, FINDINGS, USAGE, UNOPENED, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Grades deep-learning homework: formulas, numbers, NumPy functions, gradients and derivations.",
    epilog="Start with:  autograder new homework hw1",
)

ConfigOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer evaluates this annotation, also on Python 3.10
    typer.Option("--config", metavar="FILE", help="The grader.toml to use (default: the nearest one)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def course(config: Path | None) -> Config:
    """The configuration in use: the file named, or the nearest grader.toml at or above this folder."""
    return configuration.load(config if config is not None else configuration.find(Path.cwd()))


def color() -> bool:
    """Whether standard output is a terminal that wants colours."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def from_here(text: str) -> str:
    """A message in which files below this folder are named from here, as one would type them."""
    return text.replace(f"{Path.cwd()}{os.sep}", "")


def echo(text: Any) -> None:
    """Print to standard output; text that the terminal's encoding lacks is escaped, never a crash."""
    line = f"{text}\n"
    try:
        sys.stdout.write(line)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding))
