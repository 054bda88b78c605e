"""What was seen, as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from autograder.expression import to_mathml
from autograder.messages import clean, directed, sentence
from autograder.messages.text import LEFT_TO_RIGHT, POP
from autograder.offline.looking import BLANK, READ, RIGHT, UNREADABLE, WRONG, Row
from autograder.offline.sheet import Sheet

__all__ = ["Report"]

WIDTH = 80
MOST_SHOWN = 200  # characters of a reading
MOST_WORDS = 60  # characters of a written answer
NAMES_AT_MOST, ITEMS_AT_MOST = 12, 36  # so that a sentence stays one
MANY = 6  # answers, which a summary names again
WHOLE_SHEET = 20  # from so many answers on, blank ones are only listed at the end
STATES = {READ: "check.read-as", BLANK: "check.blank", UNREADABLE: "check.unreadable"}
COLORS = {READ: "#6e7781", BLANK: "#9a6700", UNREADABLE: "#cf222e", RIGHT: "#1a7f37", WRONG: "#cf222e"}


@dataclass(frozen=True)
class Report:
    """What a check found.  It shows itself in a notebook, and as text anywhere else."""

    sheet: Sheet
    rows: tuple[Row, ...]
    language: str
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether there is nothing to mend and nothing blank."""
        return not self.notes and all(row.state in (READ, RIGHT) for row in self.rows)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


def summary(report: Report) -> list[str]:
    """The sentences at the end: how many can be read, what is left to do, and that this is no grade."""

    def say(key: str, **fields: str) -> str:
        return sentence(key, fields, report.language)

    rows, lines = report.rows, []
    if not rows:
        return []
    readable = sum(row.state not in (BLANK, UNREADABLE) for row in rows)
    counts = {"read": str(readable), "count": str(len(rows))}
    if len(rows) > 1:
        lines.append(say("check.all-read" if readable == len(rows) else "check.count", **counts))
    if len(rows) >= MANY:
        for state, key in ((UNREADABLE, "check.to-mend"), (WRONG, "check.not-right"), (BLANK, "check.blanks")):
            names = [row.entry.name for row in rows if row.state == state]
            if names:
                lines.append(say(key, count=str(len(names)), names=_few(names, rows, state)))
    level = "parse" if report.sheet.level == "parse" else "verdict"
    return [*lines, say(f"check.not-the-grade.{level}")]


def _few(names: list[str], rows: Sequence[Row], state: str) -> str:
    """The names, or the questions where there are many of them."""
    if len(names) <= NAMES_AT_MOST:
        return ", ".join(names)
    items = list(dict.fromkeys(row.entry.item for row in rows if row.state == state))
    return ", ".join(items[:ITEMS_AT_MOST]) + (", ..." if len(items) > ITEMS_AT_MOST else "")


def _listed(report: Report) -> list[Row]:
    """The rows to list one by one."""
    return [row for row in report.rows if row.state != BLANK or len(report.rows) < WHOLE_SHEET]


def _word(row: Row, language: str) -> str:
    """What became of an answer, in a word or two."""
    if row.entry.kind == "Written" and row.state == READ:
        return sentence("check.written", {}, language)
    if row.reading and row.state == UNREADABLE:
        return sentence("check.fails", {}, language)
    if row.state in (RIGHT, WRONG):
        return f"{sentence(f'check.{row.state}', {}, language)}, {sentence('check.read-as', {}, language)}"
    return sentence(STATES[row.state], {}, language)


def _readings(row: Row) -> list[str]:
    """The lines of a reading, each cut to what one looks at."""
    lines = [" ".join(clean(line).split()) for line in row.reading.splitlines()] or [""]
    if row.entry.kind == "Written":
        lines = [textwrap.shorten(" ".join(lines), MOST_WORDS, placeholder=" ...")]
    return [line if len(line) <= MOST_SHOWN else f"{line[: MOST_SHOWN - 3]}..." for line in lines]


# --- text ---


def as_text(report: Report) -> str:
    """The report for a terminal."""
    lines = [line for note in report.notes for line in [*_wrapped(note, ""), ""]]
    most = max((len(row.entry.name) for row in _listed(report)), default=0)
    for item, rows in groupby(_listed(report), key=lambda row: row.entry.item):
        lines.append(f"{item}  {_title(report, item)}".rstrip())
        for row in rows:
            lines += _row_text(row, most, report.language)
        lines.append("")
    return "\n".join([*lines, *(line for text in summary(report) for line in _wrapped(text, ""))])


def _title(report: Report, item: str) -> str:
    titles = report.sheet.items.get(item, {})
    return titles.get(report.language) or titles.get("en", "")


def _row_text(row: Row, most: int, language: str) -> list[str]:
    readings, word = _readings(row), _word(row, language)
    shown = directed(readings[0], language) if row.entry.kind != "Written" else readings[0]
    lines = [f"  {row.entry.name:<{most}}  {word}  {shown}".rstrip()]
    lines += [f"  {'':<{most}}  {directed(line, language)}" for line in readings[1:]]
    return lines + [line for note in row.notes for line in _wrapped(note, "      ")]


def _wrapped(text: str, indent: str) -> list[str]:
    """Sentences broken into lines; lines of the student's own text stay as they are."""
    lines: list[str] = []
    for line in text.splitlines():
        own = line.startswith("    ")
        lines += [indent + line] if own else _isolated(textwrap.wrap(line, WIDTH - len(indent)), indent)
    return lines


def _isolated(lines: list[str], indent: str) -> list[str]:
    """Lines of one sentence; a formula that goes on in the next line is left to right in both."""
    closed, open_ = [], False
    for line in lines:
        whole = (LEFT_TO_RIGHT if open_ else "") + line
        open_ = whole.count(LEFT_TO_RIGHT) > whole.count(POP)
        closed.append(indent + whole + (POP if open_ else ""))
    return closed


# --- HTML ---

CODE = re.compile(r"`([^`\n]*)`")
BOX = "border-inline-start:3px solid {color};padding:.15em .8em;margin:.35em 0"


def as_html(report: Report) -> str:
    """The report for a notebook; Persian runs right to left, code left to right."""
    direction = "rtl" if report.language == "fa" else "ltr"
    parts = [f'<div dir="{direction}" style="font-family:sans-serif;line-height:1.5;max-width:60em">']
    parts += [_box(_prose(note), COLORS[UNREADABLE]) for note in report.notes]
    for item, rows in groupby(_listed(report), key=lambda row: row.entry.item):
        parts.append(f"<b>{html.escape(item)}</b> {html.escape(_title(report, item))}")
        parts += [_row_html(row, report.language) for row in rows]
    last = [f"<div>{_prose(text)}</div>" for text in summary(report)]
    return "".join([*parts, '<div style="opacity:.75;font-size:90%">', *last, "</div></div>"])


def _row_html(row: Row, language: str) -> str:
    word = html.escape(_word(row, language))
    head = f'{_code(row.entry.name)} <span style="color:{COLORS[row.state]}">{word}</span> '
    if row.node is not None:
        head += f'<span dir="ltr">{to_mathml(row.node)}</span> &nbsp; '
    if row.reading and row.entry.kind != "Written":
        head += "<br>".join(_code(line) for line in _readings(row))
    elif row.reading:
        head += f'<span dir="auto">{html.escape(_readings(row)[0])}</span>'
    return _box(head + "".join(f"<div>{_prose(note)}</div>" for note in row.notes), COLORS[row.state])


def _box(inner: str, color: str) -> str:
    return f'<div style="{BOX.format(color=color)}">{inner}</div>'


def _code(text: str) -> str:
    return f'<code dir="ltr">{html.escape(text)}</code>'


def _prose(text: str) -> str:
    """A message: code between backquotes, and the student's own lines, with a caret, as they are."""
    parts: list[str] = []
    for own, lines in groupby(text.splitlines(), key=lambda line: line.startswith("    ")):
        if own:
            block = html.escape("\n".join(line[4:] for line in lines))
            parts.append(f'<pre dir="ltr" style="margin:.2em 1em;background:none">{block}</pre>')
        else:
            parts.append(" ".join(CODE.sub(lambda found: _code_again(found), html.escape(line)) for line in lines))
    return "".join(parts)


def _code_again(found: Any) -> str:
    return f'<code dir="ltr">{found.group(1)}</code>'
