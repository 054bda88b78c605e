"""What a student starts from: the questions with blanks, as a plain .py file or as the cells of a notebook.

Nothing of the key is used here but names, kinds, symbols and signatures.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from autograder.messages import directed
from autograder.problem import Choice, Derivation, Formula, Function, Item, Problem, Words
from autograder.render.words import html, markdown

__all__ = ["Cell", "blank", "cells", "in_language", "notebook", "script"]

WIDTH = 100

HOW_TO_WRITE: Words = {
    "en": r"""Replace every `...` with your answer. Leave a blank as it is if you have no answer.

A formula is a text in quotes, written as in Python: `"2*a*b^3"`, `"(a - b)/3 + 4"`, `"sqrt(a)"`, `"floor(a/3)"`,
`"Sum(a[i]*b[i+2], (i, 1, n))"`, `"Piecewise((a, a > 1), (b, True))"`. A power is `a^2` or `a**2`, and a product
needs its star: `a*b`, not `ab`. LaTeX is read too: `r"\frac{a^2 - 3}{4}"`. A number may be written as arithmetic:
`"3*5*7 + 11"`. A function returns its result; do not print it.""",
    "fa": r"""به جای هر `...` پاسخ خود را بنویسید. اگر پاسخی ندارید جای خالی را همان‌طور بگذارید.

فرمول، متنی در گیومه و به شیوهٔ پایتون است: `"2*a*b^3"`، `"(a - b)/3 + 4"`، `"sqrt(a)"`، `"floor(a/3)"`،
`"Sum(a[i]*b[i+2], (i, 1, n))"`، `"Piecewise((a, a > 1), (b, True))"`. توان به شکل `a^2` یا `a**2` نوشته می‌شود و ضرب
ستاره می‌خواهد: `a*b` و نه `ab`. لاتک هم خوانده می‌شود: `r"\frac{a^2 - 3}{4}"`. عدد را می‌توان به شکل محاسبه نوشت:
`"3*5*7 + 11"`. تابع باید نتیجه را برگرداند، نه این‌که چاپ کند.""",
}

HOW_TO_CHECK: Words = {
    "en": """A cell such as `grader.check("q1")` shows how your answers above it were read, and what is still blank.
It is not the grade. It needs no network, but the file `grader.py` in the folder of this notebook. Keep these
cells.""",
    "fa": """سلولی مانند `grader.check("q1")` نشان می‌دهد که پاسخ‌های بالای آن چگونه خوانده شده‌اند و
چه چیزی هنوز خالی است.
این نمره نیست. به اینترنت نیاز ندارد، اما پروندهٔ `grader.py` باید در پوشهٔ همین دفترچه باشد.
این سلول‌ها را نگه دارید.""",
}

KIND_LINE: Mapping[str, Words] = {
    "Formula": {"en": "a formula in {names}", "fa": "فرمولی بر حسب {names}"},
    "Number": {"en": "a number", "fa": "یک عدد"},
    "Derivation": {"en": "a list of steps, each a formula", "fa": "فهرستی از گام‌ها، هر گام یک فرمول"},
    "Choice": {"en": "one or several of {names}", "fa": "یک یا چند گزینه از {names}"},
    "Written": {"en": "a few sentences", "fa": "چند جمله"},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a student's notebook, of kind markdown, code, or check: a `grader.check` that stays as it is.

    problem is set where the cell holds that answer's blank, item on every cell of a question.
    """

    kind: str
    text: str
    problem: Problem | None = None
    item: Item | None = None


def in_language(words: Words, language: str) -> str:
    """The text in a language, or in English where there is none.

    >>> in_language({"en": "a number"}, "fa")
    'a number'
    """
    return words.get(language) or words.get("en") or ""


def blank(problem: Problem, language: str = "en") -> str:
    """The code that stands where the answer goes.

    >>> from autograder.problem import Item, Number
    >>> item = Item(id="Q1a.2", title={}, question={})
    >>> print(blank(Number(name="q1c1_pixels", item=item, reference=64)))
    q1c1_pixels = ...  # a number
    """
    if isinstance(problem, Function):
        doc = in_language(problem.doc, language) or in_language(problem.ask, language)
        body = "\n".join(textwrap.wrap(doc, WIDTH - 4)) or problem.name
        lines = textwrap.indent(f'"""{body}"""\nreturn ...', "    ")
        return f"def {problem.signature}:\n{lines}"
    hint = in_language(KIND_LINE[problem.kind], language).format(names=_names(problem))
    if isinstance(problem, Derivation):
        return f"{problem.name} = [\n    ...,  # {hint}\n]"
    return f"{problem.name} = ...  # {hint}"


def _names(problem: Problem) -> str:
    if isinstance(problem, Choice):
        return ", ".join(problem.options)
    if isinstance(problem, Formula):
        symbols = [*problem.symbols, *problem.indices, *problem.arrays]
        return ", ".join(symbols) or "numbers"
    return ""


def _by_item(problems: Sequence[Problem]) -> Iterator[tuple[Item, list[Problem]]]:
    for _, group in groupby(problems, key=lambda problem: problem.item.id):
        members = list(group)
        yield members[0].item, members


def script(title: str, problems: Sequence[Problem], language: str = "en") -> str:
    """The plain .py starter: questions as comments, blanks as code."""
    how = in_language(HOW_TO_WRITE, language).replace("`", "")
    head = f'"""{title}\n\n{how}\n"""\n\nimport numpy as np\n'
    parts = [head.replace("\\", "\\\\")]
    for item, members in _by_item(problems):
        parts.append(_comment(f"{item.id}  {in_language(item.title, language)}", rule=True))
        parts.append(_comment(in_language(item.question, language)))
        for problem in members:
            ask = in_language(problem.ask, language)
            code = blank(problem, language)
            gap = "\n\n" if isinstance(problem, Function) else "\n"
            comment = "" if isinstance(problem, Function) or not ask else _comment(ask)
            parts.append(f"{gap}{comment}{code}\n")
    return "".join(parts).rstrip("\n") + "\n"


def _comment(text: str, *, rule: bool = False) -> str:
    lines = [line for part in text.splitlines() for line in (textwrap.wrap(part, WIDTH - 2) or [""])]
    top = "\n\n# " + "-" * (WIDTH - 2) + "\n" if rule else ""
    return top + "".join(f"# {line}".rstrip() + "\n" for line in lines)


def cells(title: str, problems: Sequence[Problem], language: str = "en") -> list[Cell]:
    """The cells of the student's notebook; Persian text is set right to left, formulas in it left to right."""
    how = f"{in_language(HOW_TO_WRITE, language)}\n\n{in_language(HOW_TO_CHECK, language)}"
    found = [
        Cell("markdown", "\n\n".join([_heading(1, title, language), _prose(_unwrapped(how), language)])),
        Cell("code", "import grader\nimport numpy as np"),
    ]
    for item, members in _by_item(problems):
        head = _heading(2, f"{item.id}: {in_language(item.title, language)}", language)
        question = _prose(in_language(item.question, language), language)
        found.append(Cell("markdown", f"{head}\n\n{question}", item=item))
        for problem in members:
            ask = in_language(problem.ask, language)
            if ask:
                found.append(Cell("markdown", _prose(f"`{problem.name}` {ask}", language), item=item))
            found.append(Cell("code", blank(problem, language), problem, item))
        found.append(Cell("check", f'grader.check("{item.check}")', item=item))
    return found


def notebook(found: Sequence[Cell]) -> str:
    """Cells as the text of a notebook file (nbformat 4.5); the same cells give the same bytes."""
    entries = [_entry(number, cell) for number, cell in enumerate(found, start=1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    form = {"cells": entries, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(form, ensure_ascii=False, indent=1) + "\n"


def _entry(number: int, cell: Cell) -> dict[str, object]:
    name = cell.problem.name.replace("_", "-") if cell.problem else f"cell-{number}"
    entry: dict[str, object] = {"cell_type": "code", "id": name, "metadata": {}}
    if cell.kind == "markdown":
        entry["cell_type"] = "markdown"
    else:
        entry |= {"execution_count": None, "outputs": []}
    if cell.kind == "check":
        entry |= {"id": f"check-{cell.item.check if cell.item else number}"}
        entry["metadata"] = {"deletable": False, "editable": False}
    return entry | {"source": cell.text.splitlines(keepends=True)}


def _heading(level: int, text: str, language: str) -> str:
    if language == "fa":
        return f'<h{level} dir="rtl">{_prose(text, language)}</h{level}>'
    return f"{'#' * level} {markdown(text)}"


def _prose(text: str, language: str) -> str:
    """Words of a question for a notebook: nothing in them is markup but code between backquotes.

    Persian is set as HTML: notebooks align Markdown's own paragraphs to the left, whatever their direction.

    >>> _prose("x[i]*w[j] and `K`", "en")
    'x\\\\[i\\\\]\\\\*w\\\\[j\\\\] and `K`'
    """
    if language != "fa":
        return markdown(text)
    paragraphs = html(directed(text, language), language)
    return paragraphs.replace('<p dir="rtl">', '<div dir="rtl">').replace("</p>", "</div>")


def _unwrapped(text: str) -> str:
    """Paragraphs without the line breaks inside them."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)
