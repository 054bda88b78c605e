"""`autograder key`: writes the answer key, or the question sheet, of an assignment that passes its audit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.audit.record import findings_of
from autograder.bench import bench
from autograder.cli.bench import one_of
from autograder.cli.common import FINDINGS, ConfigOption, app, course, from_here
from autograder.errors import ConfigError, ConfigProblem
from autograder.publish import FORMS, key_of, published

__all__ = ["key_command"]


@app.command("key")
def key_command(  # noqa: PLR0913 - a command's options are its parameters
    assignment: Annotated[str, typer.Argument(help="Such as hw1.")],
    form: Annotated[str, typer.Option("--format", help="md, html, pdf or ipynb.")] = "md",
    lang: Annotated[str, typer.Option("--lang", help="en or fa.")] = "en",
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="File to write (default: print it).")] = None,  # noqa: UP045
    only: Annotated[str, typer.Option("--only", help="Only answers whose name begins so, such as q42.")] = "",
    without_answers: Annotated[bool, typer.Option("--without-answers", help="The sheet for an exam.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write the answer key.  A key whose audit has a finding is refused: exit code 1, with the finding.

    Example:  autograder key hw1 --format pdf --lang fa -o key.pdf
    """
    one_of("--format", form, FORMS)
    one_of("--lang", lang, ("en", "fa"))
    if form == "pdf" and out is None and sys.stdout.isatty():
        raise ConfigError([ConfigProblem("--format pdf", None, "a PDF is no text to print.", "Add  -o key.pdf")])
    found = bench(course(config), assignment)
    key = key_of(found, only, lang, answers=not without_answers)
    findings = findings_of(found.assignment, found.options, found.config.course.languages)
    if findings:
        for finding in findings:
            place = from_here(f"{finding.file}:{finding.line or 1}")
            print(f"{place}  {finding.name}  {finding.kind}: {finding.message}", file=sys.stderr)
        print("The key is not written: mend these, then ask again.", file=sys.stderr)
        raise typer.Exit(FINDINGS)
    data = published(key, form)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)
