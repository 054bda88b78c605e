"""A report that a person likes to read in a terminal: one line for each answer, a sentence where it helps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from itertools import groupby

from autograder.messages import clean, directed, sentence
from autograder.messages.evidence import point
from autograder.report import Report, Row, student
from autograder.score import plain
from autograder.verdict import Counterexample, Status, Tolerance

__all__ = ["columns", "render", "wrapped"]

MARKS = {
    Status.CORRECT: ("✓", "32"),
    Status.PARTIAL: ("◐", "33"),
    Status.INCORRECT: ("✗", "31"),
    Status.MISSING: ("·", "2"),
    Status.UNREADABLE: ("!", "35"),
    Status.UNDECIDED: ("…", "36"),
}
KEPT_BACK = ("→", "36")
BOLD, DIM = "1", "2"
INDENT = "      "
MOST_LINE = 2000  # characters of the student's text that are looked at
INVISIBLE = re.compile(r"\x1b\[[0-9;]*m|[\u2066-\u2069]")

Paint = Callable[[str, str], str]


def render(
    report: Report, *, color: bool = False, width: int = 100, missing: bool = False, view: str = "student"
) -> str:
    """The report as text; answers left blank are counted, and listed only where asked for.

    width: columns.  view: "student", or "staff" with evidence, wrong formulas and traces of our own failures.
    """
    if view == "student":
        report = student(report)
    paint: Paint = (lambda text, code: f"\033[{code}m{text}\033[0m") if color else (lambda text, _: text)
    who = _line(", ".join([report.submission, *report.submitters]))
    head = directed(f"{report.title or report.assignment}: {who}", report.language)
    lines = [paint(head, BOLD)]
    note = sentence("report.note", {}, report.language)
    for text in report.notes:
        lines += wrapped(f"{note}: {text}", width, "  ")
    for _, group in groupby(report.rows, key=lambda row: row.item.id):
        rows = [row for row in group if missing or row.verdict.status is not Status.MISSING]
        if rows:
            lines += ["", paint(f"{rows[0].item.id}  {rows[0].title(report.language)}".rstrip(), BOLD)]
            lines += [line for row in rows for line in _row(row, paint, width, view)]
    return "\n".join([*lines, "", *_total(report, paint, width)])


def _row(row: Row, paint: Paint, width: int, view: str) -> list[str]:
    mark, code = MARKS[row.verdict.status] if row.shown else KEPT_BACK
    room = max(10, width - 44)
    shown = _cut(_line(row.verdict.reading), room)
    lines = [f"  {paint(mark, code)} {row.name:<28} {_points(row):>7}  {paint(shown, DIM)}".rstrip()]
    if shown == "":
        lines = [f"  {paint(mark, code)} {row.name:<28} {_points(row):>7}"]
    quiet = row.verdict.status is Status.CORRECT and row.verdict.finding is None and row.say.level != "full"
    if row.shown and not quiet:
        lines += wrapped(row.message, width, INDENT)
    if view == "staff":
        lines += [paint(line, DIM) for line in _for_staff(row, width)]
    return lines


def _points(row: Row) -> str:
    most = plain(row.score.most)
    if not row.shown:
        return f"-/{most}"
    return f"?/{most}" if row.score.pending else f"{plain(row.score.points)}/{most}"


def _for_staff(row: Row, width: int) -> list[str]:
    """What the student is not told: both values at the point, the wrong formula, the trace of a failure of ours."""
    finding, evidence = row.verdict.finding, row.verdict.evidence
    lines = []
    if finding is not None and finding.formula:
        told = finding.cause or finding
        lines += wrapped(f"= {_line(finding.formula)}  ({told.kind}: {told.code})", width, INDENT)
    wrong = row.verdict.status in (Status.INCORRECT, Status.PARTIAL)
    if wrong and isinstance(evidence, Counterexample | Tolerance) and evidence.reference:
        lines += wrapped(_both_values(evidence), width, INDENT)
    trace = finding.fields.get("trace", "") if finding is not None else ""
    return lines + [f"{INDENT}| {clean(line)}" for line in trace.splitlines()]


def _both_values(evidence: Counterexample | Tolerance) -> str:
    entry, at = _line(evidence.entry), evidence.at if isinstance(evidence, Counterexample) else {}
    place = ", ".join(part for part in (_line(point(at)), entry) if part)
    values = f"answer {_line(evidence.answer)}, key {_line(evidence.reference)}"
    return f"at {place}: {values}" if place else values


def _line(text: str) -> str:
    return " ".join(clean(text[:MOST_LINE]).split())


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def columns(text: str) -> int:
    """Columns that a text takes: colours, isolates and combining marks take none, wide characters two.

    >>> columns("K^2"), columns("\u2066K\u2069"), columns("宽")
    (3, 1, 2)
    """
    visible = INVISIBLE.sub("", text)
    return sum(
        0 if unicodedata.combining(char) or unicodedata.category(char) == "Cf"
        else 2 if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in visible
    )  # fmt: skip


def wrapped(message: str, width: int, indent: str) -> list[str]:
    """The message under its row; lines that show the student's own text keep their columns."""
    lines = []
    for line in message.split("\n"):
        lines += [indent + line] if line.startswith("    ") else _filled(line, width, indent)
    return lines


def _filled(text: str, width: int, indent: str) -> list[str]:
    """Words on lines of at most this many columns (the standard library counts characters)."""
    lines: list[str] = []
    for word in text.split():
        if lines and columns(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines


def _total(report: Report, paint: Paint, width: int) -> list[str]:
    language = report.language
    counts: dict[str, int] = {}
    for row in report.rows:
        name = row.verdict.status.value if row.shown else "received"
        counts[name] = counts.get(name, 0) + 1
    order = [*(status.value for status in Status), "received"]
    named = [sentence(f"count.{name}", {"count": str(counts[name])}, language) for name in order if name in counts]
    comma = "، " if language == "fa" else ", "
    summary = f"({comma.join(named)})"
    fields = {"score": _number(report.points), "most": _number(report.most), "points": _number(report.pending)}
    head = sentence("report.total" if report.shown else "report.most", fields, language)
    if columns(f"{head}  {summary}") <= width:
        lines = [f"{paint(head, BOLD)}  {summary}"]
    else:
        lines = [paint(head, BOLD), *wrapped(summary, width, "")]
    if not report.shown:
        lines += [sentence("received", {}, language), sentence("report.later-published", {}, language)]
    elif report.pending:
        lines.append(sentence("report.waiting", fields, language))
    return lines


def _number(points: Fraction) -> str:
    return str(plain(points))
