"""A student's text -> tokens, each with its place in that text.  Nothing is evaluated.

Students paste: minus signs and dots from PDFs, superscripts, Greek letters, digits of other scripts.  Each such
character is read as what it means; characters that cannot be seen are skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograder.errors import AnswerError
from autograder.expression.names import GREEK

__all__ = ["LIMITS", "Limits", "Token", "tokens"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a formula may be.  A formula by a person stays far below each of these."""

    characters: int = 8000
    tokens: int = 2000
    depth: int = 60
    levels: int = 120
    nodes: int = 700
    digits: int = 400
    exponent: int = 400


LIMITS = Limits()


class Token(NamedTuple):
    """kind: number, name, command (LaTeX), op, end.  start and stop are offsets into the student's text."""

    kind: str
    text: str
    start: int
    stop: int


SAME_AS = {
    **dict.fromkeys("−–—‐‑‒﹣－⁻", "-"),
    **dict.fromkeys("×·⋅∙•∗⨯✕＊", "*"),
    **dict.fromkeys("÷∕⁄／", "/"),
    **dict.fromkeys("（﹙", "("),
    **dict.fromkeys("）﹚", ")"),
    "［": "[", "］": "]", "＋": "+", "＝": "=", "，": ",", "،": ",", "٫": ".", "＾": "^", "ˆ": "^", "＜": "<",
    "＞": ">",
    "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "∧": " and ", "∨": " or ", "¬": " not ",
    "∞": " oo ", "π": " pi ", "∑": " Sum ", "∏": " Product ", "\u2062": "*",
    **{sign: f"({part})" for sign, part in {"½": "1/2", "¼": "1/4", "¾": "3/4"}.items()},
    "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉", "√": "√", "′": "'",
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u2061"  # not the marks that reorder text: those are refused
)

NUMBER = r"(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
GROUPS = r"\d{1,3}(?:[,\u066c\u202f\u00a0 ]\d{3})+(?![\d,])(?:\.\d+)?"
REST = (
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<op>\*\*|//|<=|>=|==|!=|<>|&&|\|\||[-+*/%^()\[\]{}<>=,!|&~:;.?@#$'\"\\√⌊⌋⌈⌉])|(?P<other>.)"
)
PLAIN = re.compile(rf"(?P<space>\s+)|(?P<number>{NUMBER}){REST}", re.DOTALL)
GROUPED = re.compile(rf"(?P<space>\s+)|(?P<number>{GROUPS}|{NUMBER}){REST}", re.DOTALL)
LATEX = re.compile(
    rf"(?P<space>(?:\s|~|\\[,;:! ]|\\q?quad\b)+)|(?P<number>{NUMBER})|(?P<command>\\(?:[A-Za-z]+|.))"
    r"|(?P<name>[A-Za-z]+\d*)"
    r"|(?P<op><=|>=|!=|[-+*/^_()\[\]{}<>=,!|&:;.'])|(?P<other>.)",
    re.DOTALL,
)
GROUP_MARKS = {ord(mark): None for mark in ", \u066c\u202f\u00a0"}


def tokens(text: str, *, latex: bool = False, grouped: bool = False) -> list[Token]:
    """Every token of the text, and an end token.  grouped: 12,345,678 is one number.

    Raises AnswerError for characters and sizes that no formula has.

    >>> [token.text for token in tokens("F·K²")][:-1]
    ['F', '*', 'K', '^', '2']
    """
    if len(text) > LIMITS.characters:
        raise AnswerError("too-long", fields={"length": str(len(text)), "limit": str(LIMITS.characters)})
    plain, places = _plain(text)
    found: list[Token] = []
    for match in (LATEX if latex else GROUPED if grouped else PLAIN).finditer(plain):
        kind = match.lastgroup
        if kind == "space":
            continue
        start, stop = match.span()
        if kind is None or kind == "other":
            raise _bad_character(text, places[start])
        word = match.group()
        if grouped and kind == "number":
            word = word.translate(GROUP_MARKS)
        found.append(Token(kind, word, places[start], places[stop - 1] + 1))
        if len(found) > LIMITS.tokens:
            raise AnswerError("too-big", text=text, offset=places[start], fields={"limit": str(LIMITS.tokens)})
    found.append(Token("end", "", len(text), len(text)))
    return found


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain characters, and for each of them its place in the student's text."""
    if text.isascii():
        return text, range(len(text))
    out: list[str] = []
    places: list[int] = []
    raised = False
    for place, char in enumerate(text):
        if char in INVISIBLE:
            continue
        if char in SUPERSCRIPTS or (char == "⁻" and place + 1 < len(text) and text[place + 1] in SUPERSCRIPTS):
            plain = ("" if raised else "^") + SUPERSCRIPTS.get(char, "-")
            raised = True
        else:
            plain, raised = _same_as(text, place, char), False
        out.append(plain)
        places += [place] * len(plain)
    return "".join(out), places


def _same_as(text: str, place: int, char: str) -> str:
    if char.isascii():
        return char
    if char in SAME_AS:
        return SAME_AS[char]
    if char in GREEK:
        return GREEK[char]
    if char in SUBSCRIPTS:
        return "_" + SUBSCRIPTS[char]
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        return plain  # letters such as 𝐾 and Ｋ
    raise _bad_character(text, place)


def _bad_character(text: str, place: int) -> AnswerError:
    char = text[place]
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return AnswerError("bad-character", text=safe, offset=place, fields={"character": shown})
