"""Which submissions a command is given: files, folders, zips, or an export from Gradescope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder import submission
from autograder.errors import AnswerError
from autograder.gradescope.export import METADATA, Handed, folder_of, is_export, read_export, unpack

__all__ = ["Collected", "collected"]


@dataclass(slots=True)
class Collected:
    """(id, path) of each submission, what could not be opened, and what an export says about whose each is.

    notices: what the person who grades should look at; nothing has failed.
    """

    paths: list[tuple[str, Path]] = field(default_factory=list)
    failures: list[tuple[Path, AnswerError]] = field(default_factory=list)
    handed: dict[str, Handed] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


@contextmanager
def collected(paths: Sequence[Path], due: str = "") -> Iterator[Collected]:
    """Every submission at these paths; an export's zip is unpacked for as long as it is needed.

    due: the date in grader.toml, since an export has none.
    """
    found = Collected()
    with ExitStack() as stack:
        for path in paths:
            try:
                opened = path
                if path.is_file() and is_export(path):
                    opened = Path(stack.enter_context(TemporaryDirectory(prefix="export-")))
                    unpack(path, opened)
                folder = folder_of(opened) if opened.is_dir() else None
                if folder is None:
                    found.paths += submission.discover(path)
                    found.notices += _one_or_many(path)
                else:
                    _export(folder, due, found)
            except AnswerError as error:
                found.failures.append((path, error))
        yield found


def _one_or_many(path: Path) -> list[str]:
    """A class's folder with a stray file of code would pass for one student, and lose the others."""
    students = submission.folders_of_code(path)
    if len(students) < 2:
        return []
    shown = ", ".join(students[:3]) + (", ..." if len(students) > 3 else "")
    return [
        f"{path}: graded as ONE submission, since it holds code itself; {len(students)} folders in it hold code "
        f"too ({shown}). If each is a student's, move the loose files away and grade again."
    ]


def _export(folder: Path, due: str, found: Collected) -> None:
    """Every submission that the list names; an export of scans holds none that can be graded."""
    handed = read_export(folder, due)
    there = {name: folder / name for name in handed if (folder / name).is_dir()}
    if not there and any(folder.glob("*.pdf")):
        raise AnswerError("export-of-scans", fields={"path": METADATA})
    missing = [name for name in handed if name not in there]
    found.failures += [(folder / name, AnswerError("no-such-path", fields={"path": name})) for name in missing]
    found.paths += sorted(there.items())
    found.handed |= handed
