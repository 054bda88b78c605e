"""`autograder audit`: proves a key."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated, Optional

import typer

from autograder.audit import audit
from autograder.cli.bench import bench
from autograder.cli.common import DONE, FINDINGS, ConfigOption, JsonOption, app, course, echo, from_here

__all__ = ["audit_command"]


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
