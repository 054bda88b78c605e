"""From what a student's name held to a formula tree: text, sympy objects, numbers, tuples; else a kind refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from autograder.answer import FunctionValue, Missing, Opaque, SympyText, Value
from autograder.errors import AnswerError
from autograder.expression import Names, Node, Number, Tuple, parse, to_text
from autograder.verdict import Finding, Status, Verdict

__all__ = ["blank", "is_blank", "lines_of", "options_of", "read", "read_line", "reading_of", "unreadable"]

PLACEHOLDERS = frozenset({"", "...", "…", "?", "TODO", "todo", "None"})
# what a line may call its value, with `=` behind: L, z[i], dL/dw[j], a derivative as a LaTeX fraction
NAME = r"(?:\\partial\s*|∂|d\s)?[A-Za-z]\w*'*(?:_\{[^{}=]*\}|\[[^\[\]=]*\]|\([^()=]*\))?"
NAMED = re.compile(rf"\s*(?:{NAME}(?:\s*/\s*{NAME})?|\\frac\s*\{{[^=+*]*\}}\s*\{{[^=+*]*\}})\s*")
EQUALS = re.compile(r"(?<![<>=!:])=(?!=)")
ELLIPSIS_TYPES = frozenset({"ellipsis", "NotImplementedType"})


def is_blank(value: Value) -> bool:
    """Whether the answer was left as in the starter.

    >>> is_blank(" ... "), is_blank(0), is_blank(None)
    (True, False, True)
    """
    match value:
        case None | Missing():
            return True
        case str():
            return value.strip() in PLACEHOLDERS
        case Opaque(type_name=name):
            return name in ELLIPSIS_TYPES
        case list() | tuple():
            return not value or all(is_blank(item) for item in value)
        case _:
            return False


def read(value: Value, names: Names, *, number: bool = False, percent: bool = False) -> Node:
    """The tree of an answer.  number: thousands may be grouped; percent: 89.7% is read as a fraction.

    Raises AnswerError where the value is no formula.
    """
    match value:
        case str() | SympyText():
            text = value if isinstance(value, str) else value.text
            if number:
                return parse(text, names, grouped=True, percent=percent)
            return parse(text, names)
        case bool() | complex() | FunctionValue() | Opaque() | dict():
            raise AnswerError("not-a-formula-value", fields={"type": type_name(value)})
        case int() | float() | Fraction():
            return Number(exact(value))
        case list() | tuple():
            return Tuple(tuple(read(item, names) for item in value))
        case _ if hasattr(value, "tolist"):
            return read(value.tolist(), names, number=number)
        case _:
            raise AnswerError("not-a-formula-value", fields={"type": type_name(value)})


def exact(value: int | float | Fraction) -> Fraction:
    """A float means the decimal that Python prints for it.

    >>> import numpy as np
    >>> exact(0.1), exact(np.float64(0.5)), exact(7)
    (Fraction(1, 10), Fraction(1, 2), Fraction(7, 1))
    """
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise AnswerError("not-finite-number", fields={"value": str(value)})
        return Fraction(repr(float(value)))  # a NumPy float is a float whose own repr names its type
    return Fraction(value)


def lines_of(value: Value) -> Sequence[Value] | None:
    """The steps of a derivation: the entries of a list, or the lines of a text; None for anything else.

    >>> lines_of("a + b\\n\\nb + a")
    ['a + b', 'b + a']
    """
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return value if isinstance(value, list | tuple) else None


def read_line(line: Value, names: Names) -> list[Node]:
    """The steps of one line: `a = b = c` are three, and a name in front that the question does not have is none.

    Raises AnswerError where a side is no formula.

    >>> names = Names(symbols=frozenset({"a", "b"}))
    >>> [to_text(side) for side in read_line("dL/da = 2*(a + b) = 2*a + 2*b", names)]
    ['2*(a + b)', '2*a + 2*b']
    """
    sides = _sides(line) if isinstance(line, str) else []
    if len(sides) < 2 or not all(side.strip() for side in sides):
        return [read(line, names)]
    try:
        first = [read(sides[0], names)]
    except AnswerError:
        if not NAMED.fullmatch(sides[0]):
            raise
        first = []
    return [*first, *(read(side, names) for side in sides[1:])]


def _sides(line: str) -> list[str]:
    """A line cut at every `=` that stands in no bracket."""
    cuts = [found.start() for found in EQUALS.finditer(line)]
    outside = [cut for cut in cuts if not sum((char in "([{") - (char in ")]}") for char in line[:cut])]
    edges = [-1, *outside, len(line)]
    return [line[start + 1 : stop] for start, stop in pairwise(edges)]


def options_of(value: Value) -> tuple[str, ...] | None:
    """The options that a choice names, in lower case; None where the value is no choice.

    >>> options_of("A, c"), options_of(True), options_of(3)
    (('a', 'c'), ('true',), None)
    """
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str):
        return tuple(part.strip().lower() for part in value.replace(";", ",").split(",") if part.strip())
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(part.strip().lower() for part in value)
    return None


def type_name(value: Value) -> str:
    """The name that Python has for the type of a student's value."""
    match value:
        case Opaque(type_name=name):
            return name
        case FunctionValue():
            return "function"
        case _:
            return type(value).__name__


def reading_of(node: Node) -> str:
    """The formula as it was read, in the student's own order of terms."""
    return to_text(node)


def blank(value: Value) -> Verdict:
    """A MISSING verdict; a cell that failed before the name was set explains it."""
    why = value.why if isinstance(value, Missing) else ""
    return Verdict(Status.MISSING, finding=Finding("blank", "blank-after-error" if why else "blank", {"why": why}))


def unreadable(error: AnswerError) -> Verdict:
    """An UNREADABLE verdict with the place in the student's own text."""
    fields = dict(error.fields) | {"text": error.text}
    if error.offset is not None:
        fields["offset"] = str(error.offset)
    return Verdict(Status.UNREADABLE, finding=Finding("syntax", error.code, fields))
