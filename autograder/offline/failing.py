"""A student's file did not run as it was meant to: what is said of that at the top and of each answer."""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.answer import FunctionValue, Raised, TimedOut
from autograder.messages import sentence
from autograder.messages.findings import finding_text
from autograder.offline.looking import UNREADABLE, Row, plain
from autograder.offline.running import Ran
from autograder.submission.failing import (
    NOT_INSTALLED,
    SYNTAX,
    Failure,
    missing_because,
    own_failures,
    set_by,
    stops_program,
)
from autograder.verdict import Finding

__all__ = ["explained", "notes"]

MOST_NOTES = 3
MISSING = re.compile(r"No module named '(\w+)")


def explained(row: Row, ran: Ran, others: Collection[str], language: str) -> Row:
    """A row whose name was not set because the program failed, or whose function nobody could import.

    others: the names of all answers that are no functions.
    """
    name, why = row.entry.name, None
    if name not in ran.space:
        why = _missing(name, ran, function=row.entry.kind == "Function")
    elif not ran.notebook and isinstance(plain(ran.space[name]), FunctionValue):
        why = stops_program(ran.failures, others)
    if why is None:
        return row
    text = _not_run(why, language) if why.fields.get("error") in NOT_INSTALLED else finding_text(why, language)
    return Row(row.entry, UNREADABLE, notes=(text,))


def _missing(name: str, ran: Ran, *, function: bool) -> Finding | None:
    before: list[Failure] = []
    for cell in ran.cells:
        number = str(cell.number) if ran.notebook else ""
        why = missing_because(name, cell.source, cell.failures, function=function, cell=number, before=before)
        if why is not None:
            return why
        before += cell.failures
    return None


def _not_run(why: Finding, language: str) -> str:
    package = MISSING.search(why.fields["message"])
    return sentence("check.not-run", {"package": package.group(1) if package else why.fields["message"]}, language)


def notes(ran: Ran, answers: Collection[str], language: str, *, packages: bool = True) -> tuple[str, ...]:
    """What is said above the answers: failures that no answer's row tells of, and packages that are missing."""
    own = own_failures(ran.failures)
    found: list[Finding] = []
    for cell in ran.cells:
        for failure in cell.failures:
            lacking = MISSING.search(failure.message) if isinstance(failure, Raised) else None
            if isinstance(failure, TimedOut):
                found.append(Finding("timeout", "check.too-slow", {"seconds": f"{failure.seconds:g}"}))
            elif lacking and packages:
                code = "check.no-numpy" if lacking.group(1) == "numpy" else "check.no-package"
                found.append(Finding("exception", code, {"package": lacking.group(1)}))
            elif isinstance(failure, Raised) and failure in own and set_by(failure) not in answers:
                found.append(_stopped(failure, str(cell.number) if ran.notebook else ""))
    said = [finding_text(finding, language) for finding in found]
    if ran.interrupted:
        said.append(sentence("check.interrupted", {}, language))
    return tuple(dict.fromkeys(said))[:MOST_NOTES]


def _stopped(failure: Raised, cell: str) -> Finding:
    code = "syntax" if failure.type_name in SYNTAX else "stopped"
    shown = {"error": failure.type_name, "message": failure.message, "line": str(failure.line or "")}
    key = f"check.cell-{code}" if cell else f"check.{code}"
    return Finding("exception", key, {**shown, "cell": cell, "source": failure.source})
