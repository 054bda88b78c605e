"""Commands for instructors: `audit` proves a key, `key` writes it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.audit import audit
from autograder.cli.bench import bench
from autograder.cli.common import DONE, FINDINGS, USAGE, ConfigOption, JsonOption, app, course, echo, from_here
from autograder.render.key import Key, html_page, markdown

__all__ = ["audit_command", "key_command"]


@app.command("audit")
def audit_command(
    assignment: Annotated[Optional[str], typer.Argument(help="Such as hw1.")] = None,  # noqa: UP045
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Prove the key: references against experiments, mistakes, steps, mutants, texts.  Exit code 1 on a finding.

    Example:  autograder audit hw1
    """
    found = bench(course(config), assignment)
    done = [0]

    def progress(_: object) -> None:
        done[0] += 1
        if sys.stderr.isatty():
            print(f"\r{done[0]} of {len(found.assignment.problems)} audited", end="", file=sys.stderr, flush=True)

    report = audit(found.assignment, found.options, progress, found.config.course.languages)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if as_json:
        findings = [asdict(finding) for finding in report.findings]
        echo(json.dumps({"findings": findings, "instances": report.instances}, ensure_ascii=False, indent=2))
    else:
        for finding in report.findings:
            echo(
                from_here(f"{finding.file}:{finding.line or 1}  {finding.name}  {finding.kind}: {finding.message}")
            )
        echo(
            f"{found.assignment.name}: {report.problems} answers, {report.instances} instances measured, "
            f"{report.mutants} slips tried, {len(report.findings)} finding{'s' * (len(report.findings) != 1)}"
        )
    raise typer.Exit(FINDINGS if report.findings else DONE)


@app.command("key")
def key_command(  # noqa: PLR0913 - a command's options are its parameters
    assignment: Annotated[str, typer.Argument(help="Such as hw1.")],
    form: Annotated[str, typer.Option("--format", help="md or html.")] = "md",
    lang: Annotated[str, typer.Option("--lang", help="en or fa.")] = "en",
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="File to write (default: print it).")] = None,  # noqa: UP045
    only: Annotated[str, typer.Option("--only", help="Only answers whose name begins so, such as q42.")] = "",
    without_answers: Annotated[bool, typer.Option("--without-answers", help="The sheet for an exam.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write the answer key.  A key whose audit has a finding is refused: exit code 1, with the finding.

    Example:  autograder key hw1 --format html --lang fa -o key.html
    """
    writers = {"md": markdown, "html": html_page}
    if form not in writers or lang not in ("en", "fa"):
        print("--format is md or html, --lang is en or fa.", file=sys.stderr)
        raise typer.Exit(USAGE)
    found = bench(course(config), assignment)
    report = audit(found.assignment, found.options, languages=found.config.course.languages)
    if report.findings:
        for finding in report.findings:
            print(f"{finding.file}:{finding.line or 1}  {finding.name}  {finding.message}", file=sys.stderr)
        raise typer.Exit(FINDINGS)
    titles = {str(name): text for name, text in dict(found.config.assignment(assignment).title).items()}
    problems = [problem for problem in found.assignment.problems if problem.name.startswith(only)]
    title = titles.get(lang) or titles.get("en", assignment)
    text = writers[form](Key(title, problems, found.assignment.key, lang, not without_answers))
    if out is None:
        echo(text)
    else:
        out.write_text(text, encoding="utf-8")
