"""`autograder check`: what a student can ask at home, of the file `grader.py` that lies beside their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.cli.common import FINDINGS, UNOPENED, JsonOption, app, echo
from autograder.errors import AnswerError
from autograder.messages import error_text
from autograder.offline import FILE, sheet_in
from autograder.offline.main import as_json, check_file
from autograder.offline.sheet import Sheet

__all__ = ["check"]


@app.command()
def check(
    file: Annotated[Optional[Path], typer.Argument(help="Your file, such as hw1.ipynb or hw1.py.")] = None,  # noqa: UP045
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[NAME]...", help="Such as q1a2.")] = None,  # noqa: UP045
    pack: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--pack", metavar="FILE", help=f"The course's {FILE} (default: the one beside your file)."),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="en or fa (default: the course's).")] = "",
    as_json_: JsonOption = False,
) -> None:
    """Show a student how their own answers are read: no key is needed, and this is not the grade.

    The file grader.py beside yours says what the answers are.  Your file is run in this process, as Python would.

    Example:  autograder check hw1.ipynb q1a2
    """
    try:
        folder = file if file and file.is_dir() else file.parent if file else Path()
        sheet = _sheet(pack or folder / FILE, file)
        report = check_file(sheet, file or "", names or (), language)
    except AnswerError as error:
        echo(error_text(error, language or "en"))
        raise typer.Exit(UNOPENED) from None
    echo(json.dumps(as_json(report), ensure_ascii=False, indent=2) if as_json_ else report)
    raise typer.Exit(0 if report.clean else FINDINGS)


def _sheet(pack: Path, file: Path | None) -> Sheet:
    try:
        return sheet_in(pack.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        raise AnswerError("check.no-pack", fields={"file": str(file or Path.cwd())}) from None
