"""A report that a person likes to read in a terminal: one line for each answer, a sentence where it helps."""

from __future__ import annotations

import textwrap
from itertools import groupby

from autograder.report import Report, Row
from autograder.score import plain
from autograder.verdict import Status

__all__ = ["render"]

MARKS = {
    Status.CORRECT: ("✓", "32"),
    Status.PARTIAL: ("◐", "33"),
    Status.INCORRECT: ("✗", "31"),
    Status.MISSING: ("·", "2"),
    Status.UNREADABLE: ("!", "35"),
    Status.UNDECIDED: ("…", "36"),
}
BOLD, DIM = "1", "2"


def render(report: Report, *, color: bool = False, width: int = 100, missing: bool = False) -> str:
    """The report as text; answers left blank are counted, and listed only where asked for."""
    paint = _painter(color)
    lines = [paint(f"{report.title or report.assignment}: {report.submission}", BOLD)]
    lines += [paint(f"  note: {note}", DIM) for note in report.notes]
    for _, group in groupby(report.rows, key=lambda row: row.item.id):
        rows = [row for row in group if missing or row.verdict.status is not Status.MISSING]
        if rows:
            lines.append("")
            head = (
                f"{rows[0].item.id}  {rows[0].item.title.get(report.language) or rows[0].item.title.get('en', '')}"
            )
            lines.append(paint(head, BOLD))
            for row in rows:
                lines += _row(row, paint, width)
    return "\n".join([*lines, "", *_total(report, paint)])


def _painter(color: bool):  # type: ignore[no-untyped-def]
    return (lambda text, code: f"\033[{code}m{text}\033[0m") if color else (lambda text, _: text)


def _row(row: Row, paint, width: int) -> list[str]:  # type: ignore[no-untyped-def]
    mark, code = MARKS[row.verdict.status]
    points = f"{plain(row.score.points)}/{plain(row.score.most)}"
    if row.score.pending:
        points = f"?/{plain(row.score.most)}"
    reading = " ".join(row.verdict.reading.split())
    room = max(20, width - 44)
    shown = reading if len(reading) <= room else reading[: room - 1] + "…"
    lines = [f"  {paint(mark, code)} {row.name:<28} {points:>7}  {paint(shown, DIM)}".rstrip()]
    if row.verdict.status is not Status.CORRECT or row.verdict.finding is not None:
        lines += _wrapped(row.message, width)
    trace = row.verdict.finding.fields.get("trace", "") if row.verdict.finding else ""
    lines += ["      | " + line for line in trace.splitlines()]
    return lines


def _wrapped(message: str, width: int) -> list[str]:
    """The message under its row; lines that show the student's own text keep their columns."""
    lines = []
    for line in message.split("\n"):
        if line.startswith("    "):
            lines.append("      " + line)
        else:
            lines += textwrap.wrap(line, width - 6, initial_indent="      ", subsequent_indent="      ")
    return lines


def _total(report: Report, paint) -> list[str]:  # type: ignore[no-untyped-def]
    counts = {status: 0 for status in Status}
    for row in report.rows:
        counts[row.verdict.status] += 1
    summary = ", ".join(f"{count} {status.value}" for status, count in counts.items() if count)
    lines = [paint(f"{plain(report.points)} of {plain(report.most)} points", BOLD) + f"  ({summary})"]
    if report.pending:
        lines.append(f"{plain(report.pending)} points wait for a person.")
    return lines
