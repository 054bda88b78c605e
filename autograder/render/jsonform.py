"""Reports as JSON for programs: the shapes are stable and documented in docs/json.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from autograder.messages import Say
from autograder.report import Report, Row, student_view
from autograder.score import plain
from autograder.verdict import Evidence, Finding

__all__ = ["evidence", "finding", "problem", "reports"]


def reports(found: Sequence[Report], view: str, say: Say) -> dict[str, Any]:
    """What `grade --json` prints."""
    first = found[0] if found else None
    return {
        "assignment": first.assignment if first else "",
        "engine": first.engine if first else "",
        "key": first.key if first else "",
        "submissions": [_submission(report, view, say) for report in found],
    }


def _submission(report: Report, view: str, say: Say) -> dict[str, Any]:
    return {
        "id": report.submission,
        "score": plain(report.points),
        "max_score": plain(report.most),
        "pending": plain(report.pending),
        "notes": list(report.notes),
        "problems": [problem(row, view, say) for row in report.rows],
    }


def problem(row: Row, view: str, say: Say) -> dict[str, Any]:
    """One answer: what `try --json` prints."""
    verdict = row.verdict if view == "staff" else student_view(row.verdict, say)
    return {
        "name": row.name,
        "kind": row.kind,
        "status": verdict.status.value,
        "score": plain(row.score.points),
        "max_score": plain(row.score.most),
        "reading": verdict.reading,
        "message": row.message,
        "evidence": evidence(verdict.evidence),
        "finding": finding(verdict.finding),
    }


def evidence(found: Evidence) -> dict[str, Any]:
    """Evidence as plain data: its kind and its fields.

    >>> from autograder.verdict import Grid
    >>> evidence(Grid(24))
    {'kind': 'grid', 'points': 24}
    """
    plain_form: dict[str, Any] = {"kind": found.kind}
    for entry in fields(found):
        value = getattr(found, entry.name)
        if isinstance(value, Fraction):
            value = plain(value)
        if value or entry.name not in ("entry", "shape", "tried"):
            plain_form[entry.name] = list(value) if isinstance(value, tuple) else value
    return plain_form


def finding(found: Finding | None) -> dict[str, Any] | None:
    """A finding as plain data: its kind, its code, what its sentence needs; the formula only where it is there."""
    if found is None:
        return None
    form: dict[str, Any] = {"kind": found.kind, "code": found.code, **found.fields}
    if found.formula:
        form["formula"] = found.formula
    return form
