"""A message -> Markdown or HTML.  Messages are plain text, with code between backquotes or on indented lines.

Nothing else in a message becomes markup, whatever a student wrote into it.
"""

from __future__ import annotations

import html as escaping
import re
from itertools import groupby

__all__ = ["html", "markdown"]

INDENT = "    "
SPAN = re.compile(r"(`[^`\n]+`)")
MARKUP = re.compile(r"([\\`*_\[\]<>~|&$])")
BLOCK = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=>]|\d+(?=[.)]))")
LEFT_TO_RIGHT, POP = "\u2066", "\u2069"


def markdown(message: str) -> str:
    r"""A message as Markdown that reads well as plain text too: paragraphs, code spans, indented code.

    >>> print(markdown("`K` is *not* here.\n    F*K\n      ^"))
    `K` is \*not\* here.
    <BLANKLINE>
        F*K
          ^
    """
    blocks = []
    for code, lines in groupby(message.split("\n"), key=lambda line: line.startswith(INDENT)):
        if code:
            blocks.append("\n".join(lines))
        else:
            blocks += [_paragraph(line) for line in lines if line.strip()]
    return "\n\n".join(blocks)


def _paragraph(line: str) -> str:
    parts = SPAN.split(line.strip())
    escaped = [part if number % 2 else MARKUP.sub(r"\\\1", part) for number, part in enumerate(parts)]
    return BLOCK.sub(_unblocked, "".join(escaped), count=1)


def _unblocked(found: re.Match[str]) -> str:
    """The start of a line that would make it a heading, a list or a quotation."""
    lead, mark = found.groups()
    return f"{lead}{mark}\\" if mark.isdigit() else f"{lead}\\{mark}"


def html(message: str, language: str = "en") -> str:
    """A message as HTML: right to left in Persian, with every formula in it left to right.

    >>> html("Try `K < 2`.")
    '<p>Try <bdi dir="ltr"><code>K &lt; 2</code></bdi>.</p>'
    """
    direction = ' dir="rtl"' if language == "fa" else ""
    blocks = []
    for code, lines in groupby(message.split("\n"), key=lambda line: line.startswith(INDENT)):
        if code:
            text = "\n".join(line.removeprefix(INDENT) for line in lines)
            text = text.replace(LEFT_TO_RIGHT, "").replace(POP, "")
            blocks.append(f'<pre dir="ltr">{escaping.escape(text)}</pre>')
        else:
            blocks += [f"<p{direction}>{_inline(line)}</p>" for line in lines if line.strip()]
    return "\n".join(blocks)


def _inline(line: str) -> str:
    bare = line.strip().replace(f"{LEFT_TO_RIGHT}`", "`").replace(f"`{POP}", "`")
    parts = SPAN.split(bare)
    return "".join(_code(part) if number % 2 else _prose(part) for number, part in enumerate(parts))


def _code(span: str) -> str:
    return f'<bdi dir="ltr"><code>{escaping.escape(span[1:-1])}</code></bdi>'


def _prose(text: str) -> str:
    """Isolates become elements: they pair up, since only our own are left in a message."""
    marked = escaping.escape(text)
    return marked.replace(LEFT_TO_RIGHT, '<bdi dir="ltr">').replace(POP, "</bdi>")
