"""Running a student's own file on their own computer, to see what its names hold: statement by statement."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder.answer import Raised, TimedOut
from autograder.errors import AnswerError
from autograder.offline.watch import Watch
from autograder.sandbox.student import describe, future_flags, statements
from autograder.submission import code_cells
from autograder.submission.cells import kind_of
from autograder.submission.failing import Failure

__all__ = ["Ran", "run_file"]


@dataclass
class RanCell:
    """A cell of a notebook, or a whole .py file, and what failed in it."""

    number: int
    source: str
    failures: list[Failure] = field(default_factory=list)


@dataclass
class Ran:
    """What a file's names hold after it ran, and what went wrong.  interrupted: by a person, as with Ctrl-C."""

    space: dict[str, Any]
    notebook: bool
    cells: list[RanCell] = field(default_factory=list)
    interrupted: bool = False

    @property
    def failures(self) -> list[Failure]:
        """What failed in any cell."""
        return [failure for cell in self.cells for failure in cell.failures]


def run_file(path: str, seconds: float) -> Ran:
    """Run a .py file or the cells of a notebook; what stands after a failing statement still runs, as in grading.

    seconds: after so many, a cell is stopped.
    Raises AnswerError where the file cannot be opened as one of these.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        raise AnswerError("no-such-path", fields={"path": path}) from None
    cells, _ = code_cells(os.path.basename(path), content)
    notebook = kind_of(path) == "ipynb"
    module = types.ModuleType("__main__" if notebook else "submission")
    ran = Ran(module.__dict__, notebook)
    with _apart(module):
        for cell in cells:
            ran.cells.append(RanCell(cell.number, cell.source))
            _run_cell(ran.cells[-1], seconds, ran)
            if ran.interrupted:
                break
    return ran


def _run_cell(cell: RanCell, seconds: float, ran: Ran) -> None:
    found, failure = statements(cell.source)
    if failure:
        cell.failures.append(_raised(failure))
    flags = future_flags(found)
    watch = Watch(seconds)
    for node in found:
        try:
            with watch:
                exec(compile(ast.Module([node], []), "<answer>", "exec", flags, dont_inherit=True), ran.space)  # noqa: S102 - the student's own file, on their own computer
        except KeyboardInterrupt:
            ran.interrupted = not watch.rang
            cell.failures += [TimedOut(seconds)] if watch.rang else []
            return
        except BaseException as error:  # noqa: BLE001 - also SystemExit
            cell.failures.append(_raised(describe(error, cell.source)))


def _raised(found: Mapping[str, Any]) -> Raised:
    return Raised(found["type"], found["message"], found["line"], source=found["source"])


@contextmanager
def _apart(module: types.ModuleType) -> Iterator[None]:
    """The student's file runs as a module of its own, prints nothing here, and its own checks stay quiet."""
    quiet = types.ModuleType("grader")
    quiet.__dict__["check"] = lambda *_, **__: None
    kept = {name: sys.modules.get(name) for name in ("grader", module.__name__)}
    standard_input = sys.stdin
    os.environ.setdefault("MPLBACKEND", "Agg")  # no window of a plot
    try:
        sys.modules |= {"grader": quiet, module.__name__: module}
        sys.stdin = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        sys.stdin = standard_input
        for name, old in kept.items():
            sys.modules.pop(name, None) if old is None else sys.modules.__setitem__(name, old)
