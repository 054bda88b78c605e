"""The files that students get for an assignment: generated from the problems, nothing of the key in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.bench import Bench
from autograder.offline import FILE, plan_of, student_file
from autograder.pack.starter import Cell, cells, notebook, script

__all__ = ["student_cells", "student_files"]


def student_cells(found: Bench) -> list[Cell]:
    """The cells of the students' notebook."""
    return cells(found.title or found.assignment.name, found.assignment.problems, found.language)


def student_files(found: Bench, made: Sequence[Cell] | None = None) -> Mapping[str, str]:
    """File name -> text of the plain starter, the notebook, and the file that checks it without a key.

    made: the notebook's cells as `otter assign` made them, which are the same.
    """
    own, problems = found.assignment, found.assignment.problems
    return {
        f"{own.name}.py": script(found.title or own.name, problems, found.language),
        f"{own.name}.ipynb": notebook(student_cells(found) if made is None else made),
        FILE: student_file(plan_of(found), problems),
    }
