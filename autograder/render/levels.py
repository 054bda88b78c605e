"""What a student reads of one answer at each level, for an author: one block for each language."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.messages import LEVELS, sentence
from autograder.render.terminal import wrapped
from autograder.report import Row

__all__ = ["render"]

NAMES = {"en": "English", "fa": "فارسی"}
OWN = "*"


def render(rows: Sequence[Row], own: str, width: int = 100) -> str:
    """The message at each level, a star at the level that is set; a level that adds nothing says so.

    rows: one for each of the levels, all of one language.  own: the level that is set.
    """
    room = max(len(level) for level in LEVELS) + 4
    lines = [NAMES[rows[0].say.language]]
    for place, row in enumerate(rows):
        mark = OWN if row.say.level == own else " "
        label = f"{mark} {row.say.level}"
        same = place > 0 and row.message == rows[place - 1].message
        text = sentence("report.the-same", {}, row.say.language) if same else row.message
        shown = wrapped(text, width, " " * room)
        lines += [f"{label:<{room}}{shown[0].lstrip()}", *shown[1:]]
    return "\n".join(lines)
