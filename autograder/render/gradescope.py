"""A report as Gradescope's results.json: one row for each answer, Markdown that also reads well as plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograder.messages import Say
from autograder.render import jsonform
from autograder.report import Report, Row
from autograder.score import plain
from autograder.verdict import Status

__all__ = ["fallback", "render"]

MOST_OUTPUT = 4000  # characters of one row; a whole file stays below 1 MB
MOST_TOTAL = 600_000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def fallback(reason: str) -> dict[str, Any]:
    """What stands in results.json until grading is done, or if it never is."""
    return {
        "score": 0,
        "output": reason,
        "output_format": "text",
        "extra_data": {"state": "incomplete"},
        "tests": [{"name": "Grader did not finish", "status": "failed", "output": reason, "output_format": "text"}],
    }


def render(report: Report, say: Say, *, visibility: str = "visible", state: str = "complete") -> dict[str, Any]:
    """The whole object; valid against Gradescope's schema whatever the student wrote."""
    room = MOST_TOTAL // max(1, len(report.rows))
    tests = [_test(row, say, visibility, min(MOST_OUTPUT, room)) for row in report.rows]
    return {
        "score": plain(report.points),
        "output": _summary(report),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "state": state,
            "engine": report.engine,
            "key": report.key,
            "assignment": report.assignment,
            "pending": plain(report.pending),
            "walls": dict(report.walls),
        },
        "tests": tests,
    }


def _summary(report: Report) -> str:
    lines = [f"{report.title or report.assignment}: {plain(report.points)} of {plain(report.most)} points."]
    if report.pending:
        lines.append(f"{plain(report.pending)} points wait for a person.")
    lines += [clean(note) for note in report.notes[:50]]
    return "\n".join(lines)


def _test(row: Row, say: Say, visibility: str, room: int) -> dict[str, Any]:
    title = row.item.title.get(say.language) or row.item.title.get("en", "")
    form = jsonform.problem(row, "student", say)
    test: dict[str, Any] = {
        "number": row.number,
        "name": clean(f"{row.item.id} {title} ({row.name})"),
        "max_score": plain(row.score.most),
        "output": _output(row, room),
        "output_format": "text",
        "tags": [row.item.id, row.kind],
        "visibility": visibility,
        "extra_data": {
            "name": row.name,
            "status": form["status"],
            "evidence": _clean_all(form["evidence"]),
            "finding": None if form["finding"] is None else form["finding"]["kind"],
        },
    }
    hidden_verdict = not say.at_least("verdict")
    if row.verdict.status is not Status.UNDECIDED and not hidden_verdict:
        test["score"] = plain(row.score.points)
        test["status"] = "passed" if row.score.points == row.score.most else "failed"
    return test


def _output(row: Row, room: int) -> str:
    """How the answer was read, and what is said about it."""
    reading = clean(row.verdict.reading)
    if len(reading) > room // 4:
        reading = reading[: room // 4] + " ..."
    head = f"Read as: {reading}\n\n" if reading else ""
    return (head + clean(row.message))[:room]


def clean(text: str) -> str:
    """Text without control characters, ANSI sequences, direction marks or lone surrogates.

    >>> clean("a" + chr(27) + "[31mb" + chr(0))
    'ab'
    """
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return CONTROL.sub("", re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", safe))


def _clean_all(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)[:2000]
    if isinstance(value, Mapping):
        return {clean(str(key)): _clean_all(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_all(part) for part in value]
    return value
