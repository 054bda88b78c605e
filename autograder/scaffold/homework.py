"""A new homework: its table in grader.toml, its folders, and a first problem that works."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from autograder.errors import ConfigError, ConfigProblem
from autograder.scaffold.names import homework_name
from autograder.scaffold.problem import Made, new_problem

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["new_homework"]

FIRST_PROBLEM = ("q1_loss", "number")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

COURSE = """\
# Everything that a teacher may change.  Problems are in solutions/; students get what `autograder pack` writes.

[course]
name = "My course"
term = ""
language = "en"                     # "en" or "fa": what students read
languages = ["en", "fa"]            # those in which the audit wants every text; ["en"] if yours are in English only
# Keys the hidden inputs of this course: keep this file from students.  It was drawn at random for you.
secret = "{secret}"

[feedback]
level = "hint"                      # received, verdict, hint, counterexample or full (after the due date)
reveal = false                      # may a counterexample show the expected value?
"""

HOMEWORK = """\

[assignments.{name}]
title = {{ en = "{title}", fa = "{title_fa}" }}
type = "homework"                   # or "exam", which says nothing until its results are published
visibility = "visible"              # visible, after_due_date, after_published or hidden
# due = 2030-12-01T23:59:00+00:00

[assignments.{name}.points]
default = 1
# {first} = 2                       # other points for single answers
"""


def new_homework(root: Path, name: str) -> list[Made]:
    """Make solutions/<name> with a first problem, and its table at the end of grader.toml; nothing is overwritten.

    Raises ConfigError where the name is no name, where such a homework exists, or where grader.toml cannot simply
    be added to.
    """
    name = homework_name(name)
    folder = root / "solutions" / name
    if folder.exists():
        advice = f"Add to it: autograder new problem {name} NAME --kind formula"
        raise ConfigError([ConfigProblem(str(folder), None, "is there already; nothing was changed.", advice)])
    made = [_extend(root / "grader.toml", name)]
    folder.mkdir(parents=True)
    (root / "assignments" / name).mkdir(parents=True, exist_ok=True)
    return [*made, new_problem(root, name, *FIRST_PROBLEM)]


def _extend(path: Path, name: str) -> Made:
    """Append the homework's table; what the file holds stays as it is, byte for byte."""
    new = not path.exists()
    before = "" if new else path.read_bytes().decode("utf-8")
    try:
        if name in tomllib.loads(before).get("assignments", {}):
            return Made(path, f"has a table for {name} already, and stays as it is")
        added = _addition(before, name)
        tomllib.loads(before + added)
    except tomllib.TOMLDecodeError as error:
        advice = f"Mend the file, or write the table yourself:\n{_table(name)}"
        message = f"the table [assignments.{name}] cannot be added at its end: {error}."
        raise ConfigError([ConfigProblem(str(path), None, message, advice)]) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(added.encode())
    return Made(path, "made, with a new secret: keep it from students" if new else f"a table for {name} was added")


def _addition(before: str, name: str) -> str:
    if not before.strip():
        return COURSE.format(secret=secrets.token_urlsafe(24)) + _table(name)
    ends = before.endswith("\n")
    text = ("" if ends else "\n") + _table(name)
    return text.replace("\n", "\r\n") if "\r\n" in before else text


def _table(name: str) -> str:
    number = name.removeprefix("hw")
    english, persian = (
        (f"Homework {number}", f"تمرین {number.translate(PERSIAN)}") if number.isdigit() else (name, name)
    )
    return HOMEWORK.format(name=name, title=english, title_fa=persian, first=FIRST_PROBLEM[0])
