"""Files, folders and zips -> a Submission, within limits: bytes are bounded before they are read."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from autograder.config import Limits
from autograder.errors import AnswerError
from autograder.submission.cells import Cell, code_cells, kind_of
from autograder.submission.choosing import choose
from autograder.verdict import Finding

__all__ = ["Submission", "discover", "read"]

IGNORED = re.compile(
    r"(^|/)(__MACOSX|__pycache__|\.ipynb_checkpoints|\.git|\.venv|node_modules)(/|$)|(^|/)\.[^/]*$"
)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in.  notes are findings for the report: lines not run, files not used."""

    id: str
    kind: str
    cells: tuple[Cell, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()


# beside code: a zip may hold a submission, and who handed in a document by mistake is told so, not left out
HANDED_IN = frozenset({".zip", ".pdf", ".doc", ".docx", ".odt"})


def discover(path: Path) -> list[tuple[str, Path]]:
    """(id, path) of every submission at a path, in order of their ids.

    A file, or a folder or zip that holds a .py or .ipynb, is one; in any other folder each entry is one.
    Raises AnswerError where there is nothing to grade.
    """
    if not path.exists():
        raise AnswerError("no-such-path", fields={"path": str(path)})
    if path.is_file() or _holds_code(path):
        return [(path.stem if path.is_file() else path.resolve().name, path)]
    found = [entry for entry in sorted(path.iterdir()) if _may_be_submission(entry)]
    if not found:
        raise AnswerError("nothing-to-grade", fields={"path": str(path)})
    return [(entry.name if entry.is_dir() else entry.stem, entry) for entry in found]


def folders_of_code(path: Path) -> list[str]:
    """Names of the folders with code inside a folder that is one submission because it holds code itself."""
    if not path.is_dir() or not _holds_code(path):
        return []
    inside = (entry for entry in sorted(path.iterdir()) if entry.is_dir() and not IGNORED.search(entry.name))
    return [entry.name for entry in inside if not entry.is_symlink() and _holds_code(entry)]


def _holds_code(folder: Path) -> bool:
    return any(kind_of(entry.name) and not IGNORED.search(entry.name) for entry in folder.iterdir())


def _may_be_submission(entry: Path) -> bool:
    if IGNORED.search(entry.name) or entry.is_symlink():
        return False
    return entry.is_dir() or bool(kind_of(entry.name)) or entry.suffix.lower() in HANDED_IN


def read(path: Path, limits: Limits | None = None, name: str = "", answers: Sequence[str] = ()) -> Submission:
    """Open one submission.  answers: the names asked for; of several files the one that answers most is graded.

    Raises AnswerError with what is wrong where it cannot be opened as one.
    """
    limits = limits or Limits()
    ident = name or (path.stem if path.is_file() else path.resolve().name)
    members = dict(_members(path, Budget(limits)))
    if not members:
        raise AnswerError("nothing-to-grade", fields={"path": path.name})
    main, notes = choose(members, answers)
    cells, more = code_cells(main, members.pop(main))
    # a file that says .py and holds a notebook is one
    plain = len(cells) == 1 and not any(note.kind == "magic" for note in more)
    kind = "py" if kind_of(main) == "py" and plain else "ipynb"
    return Submission(ident, kind, cells, members, (*notes, *more))


# --- bytes, within limits ---


class Budget:
    """The bytes that one submission may still hold, with all of its zips unpacked."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = self.whole = limits.submission_mb << 20

    def spend(self, size: int, name: str, whole: str) -> None:
        """Take some.  Raises AnswerError with the file that is too large by itself, or else with the whole."""
        self.left -= size
        if self.left < 0:
            fields = {"path": name if size > self.whole else whole, "limit": str(self.limits.submission_mb)}
            raise AnswerError("file-too-large", fields=fields)


def _members(path: Path, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """(relative name, content) of every ordinary file."""
    if path.is_dir():
        yield from _folder(path, budget)
        return
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise AnswerError("not-a-file", fields={"path": path.name})
    if zipfile.is_zipfile(path) and not kind_of(path.name):
        yield from _zip(path, path.name, budget)
    elif kind_of(path.name):
        yield path.name, _content(path, path.name, budget)
    elif path.suffix.lower() == ".zip":
        raise AnswerError("broken-zip", fields={"path": path.name})
    else:
        raise AnswerError("no-code", fields={"found": path.suffix or path.name})


def _content(path: Path, whole: str, budget: Budget) -> bytes:
    budget.spend(path.stat().st_size, path.name, whole)
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnswerError("unreadable-file", fields={"path": path.name, "why": error.strerror or ""}) from None


def _folder(folder: Path, budget: Budget) -> Iterator[tuple[str, bytes]]:
    count = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if IGNORED.search(name) or not stat.S_ISREG(path.lstat().st_mode) or _through_link(path, folder):
            continue
        count += 1
        if count > budget.limits.members:
            raise _too_many(count, budget.limits)
        if _is_zip(name) and not _holds_code(folder):
            yield from _zip(path, path.name, budget)
        else:
            yield name, _content(path, folder.name, budget)


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _too_many(count: int, limits: Limits) -> AnswerError:
    return AnswerError("too-many-members", fields={"count": str(count), "limit": str(limits.members)})


def _through_link(path: Path, folder: Path) -> bool:
    return any(parent.is_symlink() for parent in path.parents if folder in parent.parents)


def _zip(source: Path | BytesIO, shown: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """The files of a zip; where they are but one other zip, the files of that one."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > budget.limits.members:
                raise _too_many(len(entries), budget.limits)
            named = [(name, entry) for entry in entries if (name := _safe_name(entry)) is not None]
            if len(named) == 1 and _is_zip(named[0][0]) and isinstance(source, Path):
                inner = _member(archive, named[0][1], shown, budget)
                yield from _zip(BytesIO(inner), named[0][0], budget)
                return
            for name, entry in named:
                yield name, _member(archive, entry, shown, budget)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        code = "encrypted-zip" if "password" in str(error) else "broken-zip"
        raise AnswerError(code, fields={"path": shown}) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise AnswerError("broken-zip", fields={"path": shown}) from None


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown: str, budget: Budget) -> bytes:
    budget.spend(entry.file_size, entry.filename, shown)
    with archive.open(entry) as member:
        content = member.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise AnswerError("broken-zip", fields={"path": shown})
    return content


def _safe_name(entry: zipfile.ZipInfo) -> str | None:
    """The member's name inside the submission; None for links, devices, hidden files and paths that lead out."""
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return None
    name = entry.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or ":" in name or any(ord(char) < 32 for char in name):
        return None
    return None if IGNORED.search(name) or len(name) > 300 else name
