"""Plain text that is safe to show: no control characters, formulas left to right, a mark under a place."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LEFT_TO_RIGHT", "MOST_FIELD", "POP", "caret", "clean", "directed", "printable", "quoted"]

LEFT_TO_RIGHT, POP = "\u2066", "\u2069"
MOST_FIELD = 300  # characters of one field: an exception's text may be a megabyte
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# in Persian text: code between backquotes, or a longest run without Persian letters that begins and ends as a
# formula or a word does
FORMULA = re.compile(
    r"`[^`\n]*`"
    r"|[A-Za-z0-9_(\[{√ΣΠ-][^\u0590-\u08ff\u200c«»`\n]*[A-Za-z0-9_)\]}%]"
    r"|[A-Za-z0-9]"
)


def clean(text: str) -> str:
    """Text without control characters, ANSI sequences, direction marks or lone surrogates.

    >>> clean("a" + chr(27) + "[31mb" + chr(0) + chr(0x202E) + "c")
    'abc'
    """
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return CONTROLS.sub("", ANSI.sub("", safe.replace("\r\n", "\n").replace("\t", "    ")))


def directed(text: str, language: str) -> str:
    """Text of a right-to-left language with each formula in it isolated left to right (Unicode UAX 9).

    >>> directed("K^2", "en")
    'K^2'
    >>> [hex(ord(mark)) for mark in directed("K^2", "fa")[::4]]
    ['0x2066', '0x2069']
    """
    if language != "fa":
        return text
    return FORMULA.sub(lambda found: _isolated(found.group()), text)


def _isolated(run: str) -> str:
    """A run between isolates; brackets that belong to the Persian text around it stay outside."""
    start, stop = 0, len(run)
    if not run.startswith("`"):
        while (
            start < stop and run[start] in "([{" and run[start:stop].count(run[start]) > _closers(run, start, stop)
        ):
            start += 1
        while (
            start < stop
            and run[stop - 1] in ")]}"
            and _openers(run, start, stop) < run[start:stop].count(run[stop - 1])
        ):
            stop -= 1
    inner = run[start:stop]
    return f"{run[:start]}{LEFT_TO_RIGHT}{inner}{POP}{run[stop:]}" if inner else run


def _closers(run: str, start: int, stop: int) -> int:
    return run[start:stop].count(")]}"["([{".index(run[start])])


def _openers(run: str, start: int, stop: int) -> int:
    return run[start:stop].count("([{"[")]}".index(run[stop - 1])])


def caret(text: str, offset: int, language: str = "en") -> str:
    """The student's own line with a mark under the place, cut to what fits around it.

    >>> print(caret("F*(D*K^^2 + 1)", 7))
        F*(D*K^^2 + 1)
               ^
    """
    start = text.rfind("\n", 0, offset) + 1
    line, place = text[start : offset + 60].split("\n")[0], offset - start
    if place > 60:
        line, place = "..." + line[place - 50 :], 53
    line = line[: place + 40] + ("..." if len(line) > place + 40 else "")
    line = printable(line)
    mark = f"{' ' * _width(line[:place])}^"
    if language == "fa":
        line, mark = f"{LEFT_TO_RIGHT}{line}{POP}", f"{LEFT_TO_RIGHT}{mark}{POP}"
    return f"    {line}\n    {mark}"


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def quoted(source: str, language: str) -> str:
    line = printable(source[:MOST_FIELD].strip().split("\n")[0])[:120]
    return f"    {LEFT_TO_RIGHT}{line}{POP}" if language == "fa" else f"    {line}"


def printable(line: str) -> str:
    """Character for character, so that places in the line stay what they are."""
    return "".join(char if char.isprintable() and clean(char) else "�" for char in line)
