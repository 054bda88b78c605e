"""A page that looks like Gradescope's list of results: what a student would see, for one or many submissions."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from autograder.messages import clean
from autograder.simulate.resources import Used
from autograder.simulate.seen import Seen

__all__ = ["Shown", "page", "rendered"]

ANSI = re.compile(r"\x1b\[[0-9;]*m")
MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")


@dataclass(frozen=True, slots=True)
class Shown:
    """One submission on the page: its name, what the student sees, what the run used, notes for the teacher."""

    name: str
    seen: Seen
    used: Used
    notes: tuple[str, ...] = ()


def page(title: str, shown: Sequence[Shown], note: str) -> str:
    """The whole page: no script, nothing from elsewhere.  note: how it was run."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["rendered"] = lambda one: Markup(rendered(one.output, one.format))  # noqa: S704 - escaped below
    environment.filters["plain"] = lambda number: f"{number:g}"
    return environment.get_template("page.html").render(title=title, shown=shown, note=note)


def rendered(text: str, form: str) -> str:
    """An output as Gradescope renders its format; HTML is shown as written: what is allowed is not documented.

    >>> rendered("**7** of `12`", "md")
    '<p><strong>7</strong> of <code>12</code></p>'
    >>> rendered("a < b", "text")
    '<pre>a &lt; b</pre>'
    """
    if form == "md":
        return str(MARKDOWN.render(text)).strip()
    if form == "simple_format":
        return f"<p>{html.escape(clean(text))}</p>".replace("\n", "<br>")
    return f"<pre>{html.escape(clean(ANSI.sub('', text)))}</pre>"
