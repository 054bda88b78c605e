"""Putting the student's file together: a head that says what it is, the grader's own code, sentences, the sheet."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.expression import CODES
from autograder.locale import LANGUAGES
from autograder.locale import template as catalogue
from autograder.messages.findings import EXTRAS
from autograder.offline.flatten import flatten
from autograder.offline.pack import Plan, plain_sheet
from autograder.problem import Problem

__all__ = ["student_file"]

SPEAKERS = ("AnswerError", "error", "say", "sentence")  # functions whose first argument names a sentence
ENDINGS = ("exception", "syntax", "timeout")
FOUND = ("unquoted", *(f"{place}-{how}" for place in ("cell", "file") for how in ENDINGS))  # named by findings
BUILT = (
    "right",
    "wrong",
    "not-the-grade.parse",
    "not-the-grade.verdict",
    "stopped",
    "cell-stopped",
    "syntax",
    "cell-syntax",
)  # named by their last word in the code
ROOTS = [
    ("autograder.offline.light", "Later"),
    ("autograder.offline.light", "Pattern"),
    ("autograder.offline.words", "SENTENCES"),
    ("autograder.offline.sheet", "sheet_of"),
    *(("autograder.offline.main", name) for name in ("check_names", "shown", "main")),
]

INSTEAD = {
    "autograder.locale": "autograder.offline.words",
    "dataclasses": "autograder.offline.light",
    "typing": "autograder.offline.light",
}
LATER = (
    "ast",
    "copy",
    "difflib",
    "getopt",
    "hashlib",
    "html",
    "textwrap",
    "threading",
    "unicodedata",
)
COMPILED = re.compile(r"^([A-Z_]+) = re\.compile\(", re.MULTILINE)
MATCH = re.compile(r"^( +match .+:)$", re.MULTILINE)

HEAD = '''"""Look at your answers to {title} before you hand them in.

In a notebook:    import grader
                  grader.check("q1a2")       a question, or the name of one answer; grader.check() looks at all
In a terminal:    python grader.py {name}.ipynb          or {name}.py, with names behind it if you like

Keep this file beside your notebook.  It needs Python 3.10 or newer and nothing else: no network, no packages.
{promise}
What it says is NOT your grade.

This file is generated: what you change in it changes nothing about how you are graded.  The grader's own modules
for reading a formula were copied into it, so that what you see here is what will be graded.
"""
'''
PROMISE = {
    "parse": "It holds no answer key in any form: it knows the answers' names and the symbols that each may use.",
    "verdict": "It holds no answer.  For some formulas and numbers it holds a salted slow hash of values at fixed\n"
    "points, which tells whether yours has the same values.",
    "examples": "For some formulas it holds the right value at a few worked points, and for some formulas and\n"
    "numbers a salted slow hash of values at fixed points, which tells whether yours has the same values.",
}
TAIL = '''

# -------------------- this assignment --------------------
SENTENCES.update(
    json.loads(
        r"""
{sentences}
"""
    )
)
SHEET = sheet_of(
    json.loads(
        r"""
{sheet}
"""
    )
)


def check(*names: str, language: str = "") -> Report:
    """Show how your answers are read.  names: a question such as "q1a2", or an answer's name; none: all of them."""
    return shown(check_names(SHEET, names, sys._getframe(1).f_globals, language))


if __name__ == "__main__":
    sys.exit(main(SHEET))
'''


def student_file(plan: Plan, problems: Sequence[Problem]) -> str:
    """The text of the file `grader.py` for students; the same inputs give the same bytes.

    >>> from autograder.offline import Plan, sheet_in
    >>> from autograder.problem import Item, Number
    >>> item = Item(id="Q1", title={"en": "Pixels"}, question={})
    >>> text = student_file(Plan("hw1"), [Number(name="q1_pixels", item=item, reference=60516)])
    >>> "q1_pixels" in text, "60516" in text, sheet_in(text).name
    (True, False, 'hw1')
    """
    code = flatten(ROOTS, INSTEAD, LATER)
    code = COMPILED.sub(r"\1 = Pattern(", code)
    code = MATCH.sub(r"\1  # a SyntaxError here: this Python is older than 3.10", code, count=1)
    title = plan.titles.get("en") or plan.name
    head = HEAD.format(title=title, name=plan.name, promise=PROMISE[plan.level])
    tail = TAIL.format(sentences=_lines(_sentences(code)), sheet=_lines(plain_sheet(plan, problems)))
    return head + code.rstrip("\n") + "\n" + tail


def _sentences(code: str) -> dict[str, dict[str, str]]:
    """What the file can have to say in each language: the catalogue's keys that its code names."""
    named = {*CODES, *FOUND, *(f"check.{word}" for word in BUILT)}
    for part in ast.walk(ast.parse(code)):
        if isinstance(part, ast.Constant) and str(part.value).startswith("check."):
            named.add(str(part.value))
        elif isinstance(part, ast.Call) and part.args and ast.unparse(part.func).split(".")[-1] in SPEAKERS:
            named |= {str(one.value) for one in ast.walk(part.args[0]) if isinstance(one, ast.Constant)}
    keys = {key for key in named if catalogue(key, "en")}
    keys |= {f"{key}.{extra}" for key in keys for extra in EXTRAS if catalogue(f"{key}.{extra}", "en")}
    return {language: {key: catalogue(key, language) for key in sorted(keys)} for language in LANGUAGES}


def _lines(plain: Mapping[str, Any]) -> str:
    """JSON with one entry of a list or table per line, so that a person can read it."""
    parts = []
    for key, value in plain.items():
        if isinstance(value, list):
            inner = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value)
            parts.append(f'"{key}": [\n  {inner}\n ]')
        elif isinstance(value, dict) and value:
            inner = ",\n  ".join(
                f"{json.dumps(name)}: {json.dumps(one, ensure_ascii=False)}" for name, one in value.items()
            )
            parts.append(f'"{key}": {{\n  {inner}\n }}')
        else:
            parts.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{" + ",\n ".join(parts) + "}"
