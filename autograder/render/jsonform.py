"""Reports as JSON for programs: the shapes are stable and documented in docs/json.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from autograder.messages import Say, clean
from autograder.report import Report, Row, student_row
from autograder.score import plain
from autograder.verdict import Evidence, Finding

__all__ = ["evidence", "finding", "problem", "reports"]

MOST_TEXT = 20_000  # characters of one text: an essay fits


def reports(found: Sequence[Report], view: str, say: Say | None = None) -> dict[str, Any]:
    """What `grade --json` prints."""
    first = found[0] if found else None
    return {
        "assignment": first.assignment if first else "",
        "engine": first.engine if first else "",
        "key": first.key if first else "",
        "submissions": [_submission(report, view) for report in found],
    }


def _submission(report: Report, view: str) -> dict[str, Any]:
    problems = [problem(row, view) for row in report.rows]
    shown = all(entry["score"] is not None for entry in problems)
    return {
        "id": _text(report.submission),
        "submitters": [_text(name) for name in report.submitters],
        "score": plain(report.points) if shown else None,
        "max_score": plain(report.most),
        "pending": plain(report.pending),
        "notes": [_text(note) for note in report.notes],
        "problems": problems,
    }


def problem(row: Row, view: str, say: Say | None = None) -> dict[str, Any]:
    """One answer: what `try --json` prints.  score is null where the level keeps it from students."""
    seen = row if view == "staff" else student_row(row)
    return {
        "name": seen.name,
        "kind": seen.kind,
        "status": seen.verdict.status.value,
        "score": plain(seen.score.points) if seen.shown else None,
        "max_score": plain(seen.score.most),
        "reading": _text(seen.verdict.reading),
        "message": seen.message,
        "evidence": evidence(seen.verdict.evidence),
        "finding": finding(seen.verdict.finding),
    }


def evidence(found: Evidence) -> dict[str, Any]:
    """Evidence as plain data: its kind and its fields.

    >>> from autograder.verdict import Grid
    >>> evidence(Grid(24))
    {'kind': 'grid', 'points': 24}
    """
    form: dict[str, Any] = {"kind": found.kind}
    for entry in fields(found):
        if entry.name == "first":  # what students see instead of the worst entry
            continue
        value = getattr(found, entry.name)
        if value or entry.name not in ("entry", "far", "shape", "tried"):
            form[entry.name] = _plain(value)
    return form


def _plain(value: Any) -> Any:
    match value:
        case Fraction():
            # an error bound such as 2**-80 must not be rounded to 0, which would claim a proof
            return value.numerator if value.denominator == 1 else float(value)
        case str():
            return _text(value)
        case Mapping():
            return {_text(str(key)): _plain(part) for key, part in value.items()}
        case tuple():
            return [_plain(part) for part in value]
        case _:
            return value


def finding(found: Finding | None) -> dict[str, Any] | None:
    """A finding as plain data: what its sentence needs, kind and code; formula and cause where there are any."""
    if found is None:
        return None
    form: dict[str, Any] = {name: _text(value) for name, value in found.fields.items()} | {
        "kind": found.kind,
        "code": found.code,
    }
    if found.formula:
        form["formula"] = found.formula
    return form | {"cause": finding(found.cause)} if found.cause else form


def _text(value: str) -> str:
    """What may stand in JSON for any reader: no control characters, no lone surrogates, no megabytes."""
    return clean(value) if len(value) <= MOST_TEXT else clean(value[:MOST_TEXT]) + " ..."
