"""A report as Gradescope's results.json: one row for each answer, Markdown that also reads well as plain text.

Everything here is for the student's eyes.  Rows whose level keeps the verdict back appear when results are
published; how those answers were read stands in the output at the top, which is always visible.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.messages import clean, directed, sentence
from autograder.render import jsonform
from autograder.render.words import markdown
from autograder.report import Report, Row, student
from autograder.score import plain
from autograder.verdict import Status

__all__ = ["Delivery", "fallback", "refusal", "render"]

MOST_OUTPUT = 4000  # characters of one row
MOST_TOTAL = 300_000  # of all rows; a character takes at most 3 bytes in UTF-8, so a file stays below 1 MB
MOST_DATA = 200  # characters of one text in extra_data
MOST_NOTES = 50
ESSAY_COLUMNS = 84  # code is not wrapped on Gradescope's page
INDENT = "    "
LEFT_TO_RIGHT, RIGHT_TO_LEFT, BY_CONTENT, POP = "\u2066", "\u2067", "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the submission came: which attempt, from which one on more is said, how late, and what that costs.

    lost: the share of the score; it is taken off Gradescope's total and never off a row.
    extended: members of the group have different due dates.
    """

    attempt: int | None = None
    more_from: int | None = None
    late_seconds: int = 0
    lost: Fraction = Fraction(0)
    extended: bool = False


def fallback(reason: str) -> dict[str, Any]:
    """What stands in results.json until grading is done, or if it never is."""
    return {
        "score": 0,
        "output": reason,
        "output_format": "text",
        "extra_data": {"state": "incomplete"},
        "tests": [{"name": "Grader did not finish", "status": "failed", "output": reason, "output_format": "text"}],
    }


def refusal(report: Report, why: str) -> dict[str, Any]:
    """What stands in results.json for a submission that cannot be opened: the reason, at the top and in each row.

    report: with one row for each answer, all of them lost.
    """
    name = clean(report.title or report.assignment)
    words = _marked(clean(why), report.language)
    head = sentence("report.refused", {}, report.language) + "."
    versions = {"engine": report.engine, "key": report.key}
    told = {"score": 0, "status": "failed", "output": words[:MOST_OUTPUT]}
    return {
        "score": 0,
        "output": f"{_marked(f'{name}: {head}', report.language)}\n\n{words}",
        "output_format": "md",
        "stdout_visibility": "hidden",
        "extra_data": {"state": "refused", **versions},
        "tests": [_test(row, report.language, "visible", MOST_OUTPUT, versions) | told for row in report.rows],
    }


def render(
    report: Report,
    *,
    visibility: str = "visible",
    state: str = "complete",
    delivery: Delivery = Delivery(),
) -> dict[str, Any]:
    """The whole object; valid against Gradescope's schema whatever the student wrote.

    visibility: of the rows, as Gradescope names it.  state: "incomplete" until the last answer is graded.
    """
    seen = student(report)
    room = min(MOST_OUTPUT, MOST_TOTAL // max(1, len(seen.rows)))
    versions = {"engine": report.engine, "key": report.key}
    return {
        "score": plain(seen.points * (1 - delivery.lost)),
        "output": _marked("\n".join(_summary(seen, visibility, state, delivery)), seen.language),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "state": state,
            **versions,
            "assignment": report.assignment,
            "pending": plain(report.pending),
            "attempt": delivery.attempt,
            "late_seconds": delivery.late_seconds,
            "late_share_lost": str(delivery.lost),
            "walls": dict(report.walls),
        },
        "tests": [_test(row, seen.language, visibility, room, versions) for row in seen.rows],
    }


def _summary(seen: Report, visibility: str, state: str, delivery: Delivery) -> list[str]:
    """The lines at the top: the total where it may be shown, what waits, and notes about the file."""
    language = seen.language
    name = clean(seen.title or seen.assignment)
    total = {"score": str(plain(seen.points)), "most": str(plain(seen.most)), "points": str(plain(seen.most))}
    shown = seen.shown and visibility == "visible"
    if visibility == "after_due_date":
        head = sentence("report.later", total, language)
    elif not shown:
        head = sentence("report.most", total, language) + " " + sentence("report.later-published", {}, language)
    else:
        head = sentence("report.total", total, language) + "."
    lines = [f"{name}: {head}", *_delivered(delivery, seen.points if shown else None, language)]
    if state != "complete":
        lines.append(sentence("report.incomplete", {}, language))
    if seen.pending:
        lines.append(sentence("report.waiting", {"points": str(plain(seen.pending))}, language))
    lines += [clean(note) for note in seen.notes[:MOST_NOTES]]
    kept = [row for row in seen.rows if not row.shown]
    if kept:
        lines.append(sentence("report.readings", {}, language))
        room = MOST_TOTAL // 4 // len(kept)
        lines += [f"    {row.name} = {_one_line(row.verdict.reading)[:room]}" for row in kept]
    return lines


def _delivered(delivery: Delivery, points: Fraction | None, language: str) -> list[str]:
    """How late, what that costs, and whether another attempt would be told more; points: None where kept back."""
    lines = []
    if delivery.late_seconds:
        minutes = -(-delivery.late_seconds // 60)
        days, hours = divmod(minutes // 60, 24)
        fields = {"days": str(days), "hours": str(hours), "minutes": str(minutes % 60)}
        words = [sentence("report.late-days" if days else "report.late", fields, language)]
        if delivery.extended:
            words.append(sentence("report.late-group", {}, language))
        if delivery.lost:
            words.append(sentence("report.late-lost", {"percent": str(plain(delivery.lost * 100))}, language))
        if delivery.lost and points is not None:
            left = str(plain(points * (1 - delivery.lost)))
            words.append(sentence("report.late-left", {"points": left}, language))
        lines.append(" ".join(words))
    if delivery.attempt is not None and delivery.more_from is not None:
        fields = {"attempt": str(delivery.attempt), "next": str(delivery.more_from)}
        lines.append(sentence("report.attempt", fields, language))
    return lines


def _test(row: Row, language: str, visibility: str, room: int, versions: dict[str, str]) -> dict[str, Any]:
    if not row.shown and visibility == "visible":
        visibility = "after_published"
    test: dict[str, Any] = {
        "number": row.number,
        "name": f"{clean(row.item.id)} {_title(row, language)} ({clean(row.name)})",
        "max_score": plain(row.score.most),
        "output": _marked(_output(row, language, room), language),
        "output_format": "md",
        "tags": [row.item.id, row.kind],
        "visibility": visibility,
        "extra_data": _data(row) | versions,
    }
    if not row.score.pending and not _waits(row):
        test["score"] = plain(row.score.points)
        if row.shown:
            test["status"] = "passed" if row.verdict.status is Status.CORRECT else "failed"
    return test


def _marked(message: str, language: str) -> str:
    """A message as Markdown; each Persian paragraph brings its direction, since the page runs left to right."""
    text = markdown(message)
    if language != "fa":
        return text
    blocks = text.split("\n\n")
    return "\n\n".join(block if block.startswith(INDENT) else f"{RIGHT_TO_LEFT}{block}{POP}" for block in blocks)


def _title(row: Row, language: str) -> str:
    title = clean(row.title(language))
    return f"{RIGHT_TO_LEFT}{directed(title, language)}{POP}" if language == "fa" else title


def _waits(row: Row) -> bool:
    """Whether a person has to look: such a row has no score, even if it is worth no points."""
    return row.shown and row.verdict.status is Status.UNDECIDED


def _data(row: Row) -> dict[str, Any]:
    """What comes back in the next run and in the export."""
    form = jsonform.problem(row, "student")
    finding = form["finding"]
    return {
        "name": row.name,
        "status": form["status"] if row.shown else "received",
        "evidence": {name: _short(value) for name, value in form["evidence"].items() if value not in ("", {}, [])},
        "finding": None if finding is None else finding["kind"],
        "code": None if finding is None else finding["code"],
        "fingerprint": row.fingerprint,
    }


def _short(value: Any) -> Any:
    match value:
        case str():
            return value if len(value) <= MOST_DATA else value[:MOST_DATA] + "..."
        case dict():
            return {_short(key): _short(part) for key, part in list(value.items())[:20]}
        case list():
            return [_short(part) for part in value[:20]]
        case Fraction():
            return float(value)
        case _:
            return value


def _output(row: Row, language: str, room: int) -> str:
    """How the answer was read, and what is said about it."""
    text = clean(row.verdict.reading[:room]).strip()
    text = text if len(text) <= room // 4 else text[: room // 4] + " ..."
    message = row.message[: room // 2]
    if not text:
        return message
    key = "report.your-text" if row.kind == "Written" else "report.read-as"
    head = sentence(key, {}, language) + ":"
    if "\n" in text or row.kind == "Written":
        lines = text.split("\n")
        if row.kind == "Written":
            lines = [part for line in lines for part in textwrap.wrap(line, ESSAY_COLUMNS) or [""]]
            # in Persian, each line of an essay runs as its own words do
            lines = [f"{BY_CONTENT}{line}{POP}" for line in lines] if language == "fa" else lines
        shown = "\n".join(INDENT + line for line in lines)
        return f"{head}\n{shown}\n{message}"
    quoted = text.replace("`", "'")
    isolated = f"{LEFT_TO_RIGHT}`{quoted}`{POP}" if language == "fa" else f"`{quoted}`"
    return f"{head} {isolated}\n{message}"


def _one_line(text: str) -> str:
    return " ".join(clean(text[:MOST_OUTPUT]).split())
