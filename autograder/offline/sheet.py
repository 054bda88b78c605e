"""What a student's file knows of an assignment: names, kinds, symbols; at higher levels seals, worked points."""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from autograder.errors import AnswerError
from autograder.expression import Names, Node, parse
from autograder.offline.exact import Point

__all__ = ["LEVELS", "Entry", "Sheet", "sheet_of"]

FILE = "grader.py"  # the name under which students get it
LEVELS = ("parse", "verdict", "examples")  # each tells a student more than the one before
PLAIN = ("given", "points", "examples")


@dataclass(frozen=True)
class Entry:
    """One answer as the file knows it.

    call, case, arguments: how a function is called, and the inputs of its public example.
    seals: slow hashes of the exact values at the points, of each answer that counts as right.
    plain_given, plain_points, plain_examples: as the file holds them; read when they are asked for.
    """

    name: str
    item: str
    kind: str
    names: Names = field(default_factory=lambda: Names(frozenset()))
    percent: bool = False
    plain_given: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    call: str = ""
    case: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[Any] | None = None
    plain_points: Sequence[Mapping[str, Any]] = ()
    salt: str = ""
    seals: tuple[str, ...] = ()
    plain_examples: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def given(self) -> dict[str, Node]:
        """What a number's question gives: a name's value."""
        return {name: parse(value) for name, value in self.plain_given.items()}

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Where the seals take their values."""
        return tuple(map(_point, self.plain_points))

    @cached_property
    def examples(self) -> tuple[tuple[Point, str], ...]:
        """Worked points, each with the value of a right answer there."""
        return tuple((_point(one["at"]), one["value"]) for one in self.plain_examples)


@dataclass(frozen=True)
class Sheet:
    """An assignment as the file knows it.  cost: of the slow hash, as scrypt names it: n, r, p."""

    name: str
    version: str
    language: str
    level: str
    titles: Mapping[str, str]
    items: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    cost: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 10.0

    def find(self, name: str) -> tuple[Entry, ...]:
        """The answers that a name means: one answer, those of an item ("q1a2"), or of a part of the sheet ("q1a").

        Raises AnswerError with what may be meant.
        """
        word = str(name).strip().lower().replace(".", "")
        if not word:
            return self.entries
        shorts = {entry.item: short(entry.item) for entry in self.entries}
        for fits in (
            lambda entry: entry.name == str(name).strip(),
            lambda entry: shorts[entry.item] == word,
            lambda entry: shorts[entry.item].startswith(word),
        ):
            found = tuple(entry for entry in self.entries if fits(entry))
            if found:
                return found
        known = [*dict.fromkeys(shorts.values()), *(entry.name for entry in self.entries)]
        close = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
        fields = {
            "name": str(name),
            "suggestion": close[0] if close else "",
            "known": ", ".join(dict.fromkeys(shorts.values())),
        }
        raise AnswerError("check.unknown", fields=fields)


def short(item: str) -> str:
    """An item's id as a student types it.

    >>> short("Q1a.2")
    'q1a2'
    """
    return item.lower().replace(".", "")


def sheet_of(plain: Mapping[str, Any]) -> Sheet:
    """The sheet in a file's plain data."""
    entries = tuple(_entry(one) for one in plain["answers"])
    rest = {key: value for key, value in plain.items() if key != "answers"}
    return Sheet(entries=entries, **rest)


def _entry(plain: Mapping[str, Any]) -> Entry:
    rest = {key: value for key, value in plain.items() if key not in ("symbols", "arrays", *PLAIN)}
    rest["names"] = Names(frozenset(plain.get("symbols", ())), dict(plain.get("arrays", {})))
    rest |= {f"plain_{key}": plain[key] for key in PLAIN if key in plain}
    for key in ("options", "seals"):
        rest[key] = tuple(plain.get(key, ()))
    return Entry(**rest)


def _point(plain: Mapping[str, Any]) -> Point:
    symbols = {name: Fraction(value) for name, value in plain["symbols"].items()}
    shapes = {name: tuple(shape) for name, shape in plain.get("shapes", {}).items()}
    return Point(symbols, shapes, plain.get("outside", "error"), plain.get("fill", ""))


def sheet_in(text: str) -> Sheet:
    """The sheet that a student's file holds, read without running the file.

    Raises ValueError where it is no such file.
    """
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "SHEET":
            strings = [part.value for part in ast.walk(statement.value) if isinstance(part, ast.Constant)]
            return sheet_of(json.loads(str(strings[0])))
    raise ValueError("no sheet")
