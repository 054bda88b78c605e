"""The files that students get for an assignment: generated from the problems, nothing of the key in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.pack.starter import cells, notebook, script
from autograder.problem import Problem

__all__ = ["student_files"]


def student_files(name: str, title: str, problems: Sequence[Problem], language: str = "en") -> Mapping[str, str]:
    """File name -> text of the plain starter and of the notebook."""
    return {
        f"{name}.py": script(title, problems, language),
        f"{name}.ipynb": notebook(cells(title, problems, language)),
    }
