"""A .py file, a notebook, a folder or a zip of these -> a Submission: cells to run and files to lay beside them.

Nothing of a submission is executed or trusted here: sizes are bounded before bytes are read, links and devices are
not followed, and names stay inside the submission.
"""

from __future__ import annotations

import json
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.config import Limits
from autograder.errors import AnswerError
from autograder.verdict import Finding

__all__ = ["Cell", "Submission", "code_cells", "discover", "read"]

CODE = (".py", ".ipynb")
IGNORED = re.compile(
    r"(^|/)(__MACOSX|__pycache__|\.ipynb_checkpoints|\.git|\.venv|node_modules)(/|$)|(^|/)\.[^/]*$"
)
MAGIC_LINE = re.compile(r"^\s*(%|!|\?)|^\s*[\w.\[\]]+\?\??\s*$")
CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
MOST_CELLS = 2000
MOST_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook, or a whole .py file; number counts from 1 as the student sees it."""

    number: int
    source: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in.  notes are findings for the report: lines not run, files not used."""

    id: str
    kind: str
    cells: tuple[Cell, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()


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


def _holds_code(folder: Path) -> bool:
    return any(entry.suffix in CODE and not IGNORED.search(entry.name) for entry in folder.iterdir())


def _may_be_submission(entry: Path) -> bool:
    if IGNORED.search(entry.name) or entry.is_symlink():
        return False
    return entry.is_dir() or entry.suffix in (*CODE, ".zip")


def read(path: Path, limits: Limits | None = None, name: str = "") -> Submission:
    """Open one submission.

    Raises AnswerError with what is wrong where it cannot be opened as one.
    """
    limits = limits or Limits()
    ident = name or (path.stem if path.is_file() else path.resolve().name)
    members = dict(_members(path, limits))
    if not members:
        raise AnswerError("nothing-to-grade", fields={"path": path.name})
    main, notes = _main(members)
    content = members.pop(main)
    files = {entry: data for entry, data in members.items() if entry != ".OTTER_LOG"}
    cells, more = code_cells(main, content)
    return Submission(ident, "ipynb" if main.endswith(".ipynb") else "py", cells, files, (*notes, *more))


def code_cells(name: str, content: bytes) -> tuple[tuple[Cell, ...], list[Finding]]:
    """The code of one file by its name and content: the cells of a notebook, or a .py file as one cell.

    Raises AnswerError where it cannot be read as such.

    >>> code_cells("hw1.py", b"K = 3")[0]
    (Cell(number=1, source='K = 3'),)
    """
    return _notebook(content, name) if name.endswith(".ipynb") else ((Cell(1, _text(content, name)),), [])


def _main(members: Mapping[str, bytes]) -> tuple[str, list[Finding]]:
    """The file to grade: the only one with code, else a notebook, else the shallowest and largest."""
    code = [entry for entry in members if entry.endswith(CODE)]
    if not code:
        kinds = ", ".join(sorted({PurePosixPath(entry).suffix or entry for entry in members})[:5])
        raise AnswerError("no-code", fields={"found": kinds})

    def rank(entry: str) -> tuple[int, bool, bool, int]:
        known = re.search(r"(hw|homework|assignment|submission|solution|answers?|main)", entry.lower()) is None
        return (entry.count("/"), not entry.endswith(".ipynb"), known, -len(members[entry]))

    chosen = min(code, key=rank)
    others = [entry for entry in code if entry != chosen and entry.endswith(".ipynb")]
    notes = (
        [Finding("file", "one-notebook-graded", {"file": chosen, "others": ", ".join(others[:5])})]
        if others
        else []
    )
    return chosen, notes


# --- bytes, within limits ---


def _members(path: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """(relative name, content) of every ordinary file."""
    if path.is_dir():
        yield from _folder(path, limits)
        return
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise AnswerError("not-a-file", fields={"path": path.name})
    if zipfile.is_zipfile(path) and path.suffix not in CODE:
        yield from _zip(path, limits)
    elif path.suffix in CODE:
        yield path.name, _bounded(path, limits)
    elif path.suffix == ".zip":
        raise AnswerError("broken-zip", fields={"path": path.name})
    else:
        raise AnswerError("no-code", fields={"found": path.suffix or path.name})


def _bounded(path: Path, limits: Limits) -> bytes:
    size = path.stat().st_size
    if size > limits.submission_mb << 20:
        raise AnswerError("file-too-large", fields={"path": path.name, "limit": str(limits.submission_mb)})
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnswerError("unreadable-file", fields={"path": path.name, "why": error.strerror or ""}) from None


def _folder(folder: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    total = count = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if IGNORED.search(name) or not stat.S_ISREG(path.lstat().st_mode) or _through_link(path, folder):
            continue
        count += 1
        total += path.lstat().st_size
        if count > limits.members or total > limits.submission_mb << 20:
            raise AnswerError("file-too-large", fields={"path": folder.name, "limit": str(limits.submission_mb)})
        if path.suffix == ".zip" and not _holds_code(folder):
            yield from _zip(path, limits)
            continue
        yield name, _bounded(path, limits)


def _through_link(path: Path, folder: Path) -> bool:
    return any(parent.is_symlink() for parent in path.parents if folder in parent.parents)


def _zip(path: Path, limits: Limits) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > limits.members:
                raise AnswerError(
                    "too-many-members", fields={"count": str(len(entries)), "limit": str(limits.members)}
                )
            total = 0
            for entry in entries:
                name = _safe_name(entry)
                if name is None:
                    continue
                total += entry.file_size
                if total > limits.submission_mb << 20:
                    raise AnswerError(
                        "file-too-large", fields={"path": path.name, "limit": str(limits.submission_mb)}
                    )
                with archive.open(entry) as member:
                    content = member.read(entry.file_size + 1)
                if len(content) > entry.file_size:
                    raise AnswerError("broken-zip", fields={"path": path.name})
                yield name, content
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        code = "encrypted-zip" if "password" in str(error) else "broken-zip"
        raise AnswerError(code, fields={"path": path.name}) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise AnswerError("broken-zip", fields={"path": path.name}) from None


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


# --- text ---


def _text(content: bytes, name: str) -> str:
    """Source text as Python would read it: UTF-8, a declared encoding, a byte order mark, any line ends."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AnswerError("utf-16", fields={"path": name})
    if b"\0" in content:
        raise AnswerError("nul-bytes", fields={"path": name})
    encoding = "utf-8-sig"
    for line in content.splitlines()[:2]:
        declared = CODING.match(line)
        if declared:
            encoding = declared.group(1).decode("ascii", "replace")
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        raise AnswerError("bad-encoding", fields={"path": name, "encoding": encoding[:40]}) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook(content: bytes, name: str) -> tuple[tuple[Cell, ...], list[Finding]]:
    """Code cells in order; magics and shell lines are reported and not run, outputs are ignored."""
    text = _text(content, name)
    if _depth(text) > MOST_DEPTH:
        raise AnswerError("broken-notebook", fields={"path": name})
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise AnswerError("broken-notebook", fields={"path": name}) from None
    if not isinstance(document, dict):
        raise AnswerError("broken-notebook", fields={"path": name})
    cells: list[Cell] = []
    notes: list[Finding] = []
    for entry in _cells(document):
        if len(cells) >= MOST_CELLS:
            raise AnswerError("too-many-cells", fields={"limit": str(MOST_CELLS)})
        source, skipped = _without_magics(_source(entry))
        number = len(cells) + 1
        if skipped:
            notes.append(Finding("magic", "magic-not-run", {"cell": str(number), "line": skipped[0][:80]}))
        cells.append(Cell(number, source))
    if not cells:
        notes.append(Finding("file", "no-code-cells", {"file": name}))
    return tuple(cells), notes


def _depth(text: str) -> int:
    """How deep brackets nest outside strings, without building anything."""
    depth = deepest = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        char = mark.group()
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _cells(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Code cells of notebook formats 3 and 4."""
    sheets = document.get("worksheets")
    lists = [document.get("cells")]
    if isinstance(sheets, list):
        lists += [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    for found in lists:
        for entry in found if isinstance(found, list) else ():
            if isinstance(entry, dict) and entry.get("cell_type") == "code":
                yield entry


def _source(entry: Mapping[str, object]) -> str:
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _without_magics(source: str) -> tuple[str, list[str]]:
    """The source with `%` and `!` lines made comments, so that line numbers stay."""
    if source.lstrip().startswith("%%"):
        return "", [source.lstrip().splitlines()[0]]
    lines, skipped, quoted = [], [], False
    for line in source.split("\n"):
        if not quoted and MAGIC_LINE.match(line):
            skipped.append(line.strip())
            indent = line[: len(line) - len(line.lstrip())]
            line = f"{indent}pass  # {line.strip()}" if indent else f"# {line}"
        if (line.count('"""') + line.count("'''")) % 2:
            quoted = not quoted
        lines.append(line)
    return "\n".join(lines), skipped
