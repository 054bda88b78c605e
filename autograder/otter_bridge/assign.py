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

from autograder.bench import Bench
from autograder.errors import ConfigError, ConfigProblem
from autograder.otter_bridge.master import KEY_FILES, master
from autograder.otter_bridge.wheel import Wheel
from autograder.pack.gradescope import files_of, settings_of
from autograder.pack.starter import Cell
from autograder.pack.student import student_cells

__all__ = ["INSTALL", "PLUGIN", "Assigned", "assign", "installed"]

PLUGIN = "autograder.otter_bridge.plugin.Plugin"
CONFIG = "otter_config.json"
INSTALL = "Install the extra: pip install 'dl-autograder[otter]'."
LOCKED = "editable"


@dataclass(frozen=True, slots=True)
class Assigned:
    """What Otter made: the student's cells, and the zip that it generates.

    solved: the notebook with the worked answers.
    """

    cells: list[Cell]
    zip: Mapping[str, bytes]
    solved: str

    @property
    def run(self) -> dict[str, bytes]:
        """What of the zip `otter run` reads, beside the course itself."""
        return {name: text for name, text in self.zip.items() if name == CONFIG or name.startswith("tests/")}


def installed() -> bool:
    """Whether Otter is there; importing it costs most of a second, so it is only looked for.

    >>> installed() == (importlib.util.find_spec("otter") is not None)
    True
    """
    return importlib.util.find_spec("otter") is not None


def assign(found: Bench, *, self_test: bool = False, wheel: Wheel | None = None) -> Assigned:
    """Run `otter assign`, which runs `otter generate`.

    self_test: grade the notebook with the worked answers as Otter does.  wheel: this package, for an image that
    Otter's own scripts build.  Raises ConfigError where Otter is missing, or refuses the notebook.
    """
    if not installed():
        raise ConfigError([ConfigProblem("otter", None, "Otter-Grader is not installed.", INSTALL)])
    import otter.assign

    with tempfile.TemporaryDirectory(prefix="assign-") as name:
        folder = Path(name)
        _lay_out(found, folder, wheel)
        try:
            with _quiet():
                otter.assign.main(
                    str(folder / "master.ipynb"), str(folder / "out"), no_pdfs=True, no_run_tests=not self_test
                )
        except Exception as error:
            message = f"otter assign stopped: {type(error).__name__}: {error}"
            raise ConfigError([ConfigProblem(str(found.assignment.folder), None, message)]) from error
        return _made(found, folder / "out")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Otter prints what it does; only its errors matter."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def _lay_out(found: Bench, folder: Path, wheel: Wheel | None) -> None:
    """The master, the course for the zip, and the solutions' files for the worked answers."""
    own, inside = found.assignment, folder / "course" / "solutions" / found.assignment.name
    inside.mkdir(parents=True)
    (folder / "course" / "grader.toml").write_text(settings_of(found.config), encoding="utf-8")
    helpers = []
    for path in files_of(own.folder):
        target = inside / path.relative_to(own.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        if path.parent == own.folder and path.suffix == ".py":
            helpers.append(path.name if path.name.startswith("_") else KEY_FILES.format(path.name))
            shutil.copy(path, folder / helpers[-1])
    settings: dict[str, Any] = {"autograder_files": ["course"], "student_files": helpers}
    settings |= {"plugins": [{PLUGIN: {"assignment": own.name}}], "generate": {"print_summary": False}}
    if wheel is not None:
        (folder / wheel.name).write_bytes(wheel.content)
        settings["autograder_files"].append(wheel.name)
        settings["requirements"] = [f"/autograder/source/files/{wheel.name}"]
    (folder / "master.ipynb").write_text(master(found, settings), encoding="utf-8")


def _made(found: Bench, out: Path) -> Assigned:
    (packed,) = (out / "autograder").glob("*.zip")
    with zipfile.ZipFile(packed) as archive:
        members = {name: archive.read(name) for name in sorted(archive.namelist())}
    made = json.loads((out / "student" / "master.ipynb").read_text(encoding="utf-8"))
    solved = (out / "autograder" / "master.ipynb").read_text(encoding="utf-8")
    return Assigned(_cells(made["cells"], found), members, solved)


def _cells(entries: list[dict[str, Any]], bench: Bench) -> list[Cell]:
    """The student's cells as Otter left them; what stood for a worked answer is an empty cell and goes.

    Which item and which answer a cell belongs to is taken from ours of the same text: it only names the cell.
    """
    own = {cell.text: cell for cell in student_cells(bench)}
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
