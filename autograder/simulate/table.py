"""What a student would see, as text: the output at the top, then one line for each row with what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.render.terminal import wrapped
from autograder.simulate.page import Shown
from autograder.simulate.seen import Seen

__all__ = ["table"]

MARKS = {"passed": ("✓", "32"), "failed": ("✗", "31"), "none": ("·", "36")}
ESCAPED = re.compile(r"\\([\\`*_\[\]<>~|&$#+=.)>-])")
INDENT = "      "


def table(shown: Shown, width: int, *, color: bool = False) -> str:
    """One submission; Markdown is shown as plain text, which it is written to be."""
    view = shown.seen
    lines = [_paint(f"== {shown.name}", "1", color), *(f"   {line}" for line in _used(shown))]
    lines += [_paint(f"   INVALID  {problem}", "31", color) for problem in view.problems]
    for paragraph in _paragraphs(view.output, view.format):
        lines += wrapped(paragraph, width, "   ")
    for test in view.tests:
        mark, code = MARKS.get(test.state, MARKS["none"])
        head = f"{test.number}) {test.name}" if test.number else test.name
        lines.append(f"   {_paint(mark, code, color)} {head}  {test.points or '-'}")
        if test.state != "passed":
            for paragraph in _paragraphs(test.output, test.format):
                lines += wrapped(paragraph, width, INDENT)
    for place, count in view.later.items():
        lines.append(f"   {count} rows are {place}: the student sees no total until then")
    lines.append(f"   Autograder score: {_total(view)}")
    return "\n".join(lines)


def _total(view: Seen) -> str:
    return f"{'-' if view.total is None else f'{view.total:g}'} / {view.most:g}"


def _used(shown: Shown) -> Iterator[str]:
    used = shown.used
    parts = [f"{used.seconds:.1f} s"]
    parts += [] if used.cpu_seconds is None else [f"{used.cpu_seconds:.1f} CPU s"]
    parts += [] if used.peak_mb is None else [f"at most {used.peak_mb:.0f} MiB"]
    parts += [f"{used.killed} killed for want of memory"] if used.killed else []
    yield ", ".join(parts)
    yield from shown.notes


def _paragraphs(text: str, form: str) -> list[str]:
    lines = text.split("\n") if form == "md" else text.rstrip().split("\n")
    plain = [line if line.startswith("    ") or form != "md" else ESCAPED.sub(r"\1", line) for line in lines]
    return [line for line in plain if line.strip()]


def _paint(text: str, code: str, color: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if color else text
