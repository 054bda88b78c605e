"""The check that needs no key: one standard-library file that students keep beside their notebook.

The file is put together from the grader's own modules, so what it reads is what the grader reads.  By default it
says how each answer is read and what is still blank; a teacher may let it say more (`Plan.level`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from autograder.offline.sheet import FILE, LEVELS, Sheet, sheet_in

if TYPE_CHECKING:
    from autograder.offline.making import student_file
    from autograder.offline.pack import Plan, plan_of

__all__ = ["FILE", "LEVELS", "Plan", "Sheet", "plan_of", "sheet_in", "student_file"]

MAKING = {"Plan": "pack", "plan_of": "pack", "student_file": "making"}


def __getattr__(name: str) -> Any:
    """What makes a file is loaded when it is asked for: a check of one must not wait for it."""
    if name in MAKING:
        return getattr(importlib.import_module(f"autograder.offline.{MAKING[name]}"), name)
    raise AttributeError(name)
