"""Otter's own `assign` and `generate` on an assignment's problems, in a temporary folder."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import ConfigError, ConfigProblem
from autograder.otter_bridge.master import KEY_FILES, Course, master
from autograder.pack.starter import Cell

__all__ = ["PLUGIN", "Assigned", "assign", "installed"]

PLUGIN = "autograder.otter_bridge.plugin.Plugin"
CONFIG = "otter_config.json"
LOCKED = "editable"


@dataclass(frozen=True, slots=True)
class Assigned:
    """What Otter made: the student's cells, what `otter run` reads of a zip, and Otter's whole zip."""

    cells: list[Cell]
    members: Mapping[str, bytes]
    zip: bytes
    solved: str


def installed() -> bool:
    """Whether Otter is there; importing it costs most of a second, so it is only looked for.

    >>> installed() == (importlib.util.find_spec("otter") is not None)
    True
    """
    return importlib.util.find_spec("otter") is not None


def assign(course: Course, *, self_test: bool = False, wheel: tuple[str, bytes] | None = None) -> Assigned:
    """Run `otter assign`, which runs `otter generate`.

    self_test: grade the notebook with the worked answers as Otter does.  wheel: this package, for an image that
    Otter's own scripts build.  Raises ConfigError where Otter is missing, or refuses the notebook.
    """
    if not installed():
        advice = "Install the extra: pip install 'dl-autograder[otter]'."
        raise ConfigError([ConfigProblem("otter", None, "Otter-Grader is not installed.", advice)])
    import otter.assign

    with tempfile.TemporaryDirectory(prefix="assign-") as name:
        folder = Path(name)
        _lay_out(course, folder, wheel)
        try:
            with _quiet():
                otter.assign.main(
                    str(folder / "master.ipynb"), str(folder / "out"), no_pdfs=True, no_run_tests=not self_test
                )
        except Exception as error:
            message = f"otter assign stopped: {type(error).__name__}: {error}"
            raise ConfigError([ConfigProblem(str(course.assignment.folder), None, message)]) from error
        return _made(course, folder / "out")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Otter prints what it does; only its errors matter."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def _lay_out(course: Course, folder: Path, wheel: tuple[str, bytes] | None) -> None:
    """The master, the course for the zip, and the solutions' files for the worked answers."""
    name = course.assignment.name
    inside = folder / "course" / "solutions" / name
    inside.mkdir(parents=True)
    shutil.copy(course.config.path, folder / "course" / "grader.toml")
    helpers = []
    for path in sorted(course.assignment.folder.rglob("*.py")):
        target = inside / path.relative_to(course.assignment.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for path in sorted(course.assignment.folder.glob("*.py")):
        beside = path.name if path.name.startswith("_") else KEY_FILES.format(path.name)
        shutil.copy(path, folder / beside)
        helpers.append(beside)
    carried, needed = ["course"], []
    if wheel is not None:
        (folder / wheel[0]).write_bytes(wheel[1])
        carried, needed = ["course", wheel[0]], [f"/autograder/source/files/{wheel[0]}"]
    settings: dict[str, Any] = {"autograder_files": carried, "student_files": helpers}
    settings |= {"plugins": [{PLUGIN: {"assignment": name}}], "generate": {"print_summary": False}}
    if needed:
        settings["requirements"] = needed
    (folder / "master.ipynb").write_text(master(course, settings), encoding="utf-8")


def _made(course: Course, out: Path) -> Assigned:
    (packed,) = (out / "autograder").glob("*.zip")
    with zipfile.ZipFile(packed) as archive:
        kept = [name for name in archive.namelist() if name == CONFIG or name.startswith("tests/")]
        members = {name: archive.read(name) for name in sorted(kept)}
    made = json.loads((out / "student" / "master.ipynb").read_text(encoding="utf-8"))
    solved = (out / "autograder" / "master.ipynb").read_text(encoding="utf-8")
    return Assigned(_cells(made["cells"], course), members, packed.read_bytes(), solved)


def _cells(entries: list[dict[str, Any]], course: Course) -> list[Cell]:
    """The student's cells as Otter left them; what stood for a worked answer is an empty cell and goes.

    Which item and which answer a cell belongs to is taken from ours of the same text: it only names the cell.
    """
    own = {cell.text: cell for cell in course.cells()}
    found = []
    for entry in entries:
        text = "".join(entry["source"])
        if not text:
            continue
        kind = entry["cell_type"]
        if kind == "code" and entry["metadata"].get(LOCKED) is False:
            kind = "check"
        known = own.get(text)
        found.append(Cell(kind, text, known.problem if known else None, known.item if known else None))
    return found
