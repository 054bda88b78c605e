"""One sentence of a catalogue with its gaps filled, and to whom it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.locale import template
from autograder.messages.text import MOST_FIELD, clean, directed

__all__ = ["LEVELS", "Say", "sentence"]

LEVELS = ("received", "verdict", "hint", "counterexample", "full")


@dataclass(frozen=True, slots=True)
class Say:
    """To whom a message speaks: language, level, and whether our own values may be shown."""

    language: str = "en"
    level: str = "hint"
    reveal: bool = False

    def at_least(self, level: str) -> bool:
        """Whether this much may be said."""
        return LEVELS.index(self.level) >= LEVELS.index(level)

    @property
    def may_reveal(self) -> bool:
        """Whether our own value may stand beside the student's."""
        return self.level == "full" or (self.reveal and self.at_least("counterexample"))


def sentence(key: str, fields: Mapping[str, str], language: str) -> str:
    """One sentence of the catalogue with its fields; "" for a key that the catalogue lacks.

    >>> sentence("unknown-name", {"name": "k"}, "en")
    '`k` is not a name of this question.'
    """
    shown = {name: _field(value) for name, value in fields.items()}
    return directed(template(key, language).format_map(_Blank(shown)), language)


class _Blank(dict[str, str]):
    """A field that a finding does not carry is left empty: a message is never lost over it."""

    def __missing__(self, key: str) -> str:
        return ""


def _field(value: str) -> str:
    """What fills a gap: on one line, without control characters or backquotes, not endless."""
    text = " ".join(clean(value[: 4 * MOST_FIELD]).replace("`", "'").split())
    return text if len(text) <= MOST_FIELD else text[: MOST_FIELD - 3] + "..."
