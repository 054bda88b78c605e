"""The master notebook for `otter assign`: questions, blanks, worked answers, and tests in which nothing stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.bench import Bench
from autograder.catalog import Assignment
from autograder.expression import to_text
from autograder.pack.starter import Cell
from autograder.pack.student import student_cells
from autograder.problem import Choice, Derivation, Formula, Function, Number, Problem, Written
from autograder.problem.formula import as_node
from autograder.score import plain

__all__ = ["KEY_FILES", "master"]

KEY_FILES = "key_{}"  # how the solutions' files are called beside the notebook with the worked answers
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def master(found: Bench, settings: Mapping[str, Any]) -> str:
    """The master notebook's text.  settings: of `otter assign`, beside those that make the cells ours."""
    made = student_cells(found)
    first = next(place for place, cell in enumerate(made) if cell.item is not None)
    own: dict[str, Any] = {"init_cell": False, "check_all_cell": False, "export_cell": False}
    own["tests"] = {"files": True, "ok_format": False}
    entries = [_raw("# ASSIGNMENT CONFIG\n" + json.dumps({**own, **settings}))]
    entries += [_entry(cell) for cell in made[:first]]
    for _, group in groupby(made[first:], key=lambda cell: cell.item and cell.item.id):
        entries += _question(found, list(group))
    form = {"cells": entries, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(form, ensure_ascii=False, indent=1)


def _question(found: Bench, group: Sequence[Cell]) -> Iterator[dict[str, Any]]:
    """One item of the sheet: what is asked and the blanks, then the answers, then one test."""
    item = group[0].item
    assert item is not None
    problems = [cell.problem for cell in group if cell.problem is not None]
    head = {"name": item.check, "points": plain(_points(found, problems))}
    yield _raw("# BEGIN QUESTION\n" + json.dumps(head))
    yield _entry(group[0])
    yield _raw("# BEGIN PROMPT")
    yield from (_entry(cell) for cell in group[1:] if cell.kind != "check")
    yield _raw("# END PROMPT")
    yield _raw("# BEGIN SOLUTION")
    for problem in problems:
        code = f"# BEGIN SOLUTION NO PROMPT\n{_answer(problem, found.assignment)}\n# END SOLUTION"
        yield _entry(Cell("code", code))
    yield _raw("# END SOLUTION")
    yield _raw("# BEGIN TESTS")
    call = f"import autograder\n    autograder.otter_check(env, {item.check!r})"
    yield _entry(Cell("code", f"def test_{item.check}(env):\n    {call}"))
    yield _raw("# END TESTS")
    yield _raw("# END QUESTION")


def _points(found: Bench, problems: Sequence[Problem]) -> Fraction:
    """What a test of Otter's can be worth: written answers wait for a person."""
    settings = found.config.assignment(found.assignment.name)
    return sum((settings.points_of(one.name) for one in problems if one.kind != Written.kind), Fraction(0))


def _entry(cell: Cell) -> dict[str, Any]:
    entry: dict[str, Any] = {"cell_type": cell.kind, "metadata": {}, "source": cell.text}
    return entry | {"execution_count": None, "outputs": []} if cell.kind == "code" else entry


def _raw(text: str) -> dict[str, Any]:
    return {"cell_type": "raw", "metadata": {}, "source": text}


def _answer(problem: Problem, assignment: Assignment) -> str:
    """Code that gives the right answer.  A function comes from the file in which its implementation stands."""
    match problem:
        case Formula() | Number():
            value = repr(to_text(as_node(problem.reference)))
        case Derivation():
            value = repr([to_text(as_node(point.reference)) for point in problem.checkpoints])
        case Choice():
            value = repr(", ".join(problem.correct))
        case Written():
            value = repr(problem.model.get("en") or "A few sentences.")
        case Function():
            module = KEY_FILES.format(Path(assignment.places[problem.name]).stem)
            value = f"{{one.name: one for one in PROBLEMS}}[{problem.name!r}].implementation"
            return f"from {module} import PROBLEMS\n{problem.name} = {value}"
        case _:
            raise TypeError(f"no worked answer for the kind {type(problem).__name__}")
    return f"{problem.name} = {value}"
