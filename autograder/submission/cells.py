"""One file's code: the cells of a notebook from whatever wrote it, or a .py file as one cell.

Only text is looked at; nothing is run.  Lines that are Jupyter's and not Python's are reported and left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.errors import AnswerError
from autograder.verdict import Finding

__all__ = ["Cell", "code_cells", "kind_of"]

ENDINGS = {".py": "py", ".ipynb": "ipynb", ".py.txt": "py", ".ipynb.txt": "ipynb", ".ipynb.json": "ipynb"}
MAGIC_LINE = re.compile(r"^\s*[%!?]|^\s*[\w.\[\]]+\?\??\s*$|^\s*[\w., \[\]]+=\s*[!%]")
TIMED_LINE = re.compile(r"^(\s*)%time\s+(\S.*)$")
PYTHON_CELLS = ("%%time", "%%capture", "%%prun")  # what stands below is Python, and its names are kept
BACKSLASH = "\\"
MARK = re.compile(r"\\.|'''|\"\"\"|['\"#\[({\])}]")
CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
PYTHONS = ("python", "ipython", "sage")
MOST_CELLS = 2000
MOST_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook, or a whole .py file; number counts from 1 as the student sees it."""

    number: int
    source: str


def kind_of(name: str) -> str:
    """ "py" or "ipynb" by a file's name, also where a browser added an ending; "" for any other file.

    >>> kind_of("hw1.ipynb"), kind_of("HW1.PY"), kind_of("hw1.ipynb.txt"), kind_of("notes.txt")
    ('ipynb', 'py', 'ipynb', '')
    """
    return next((kind for ending, kind in ENDINGS.items() if name.lower().endswith(ending)), "")


def code_cells(name: str, content: bytes) -> tuple[tuple[Cell, ...], list[Finding]]:
    """The code of one file by its name and content: the cells of a notebook, or a .py file as one cell.

    Raises AnswerError where it cannot be read as such.

    >>> code_cells("hw1.py", b"K = 3")[0]
    (Cell(number=1, source='K = 3'),)
    """
    text = _text(content, name)
    if kind_of(name) == "ipynb" or (text.lstrip().startswith("{") and '"nbformat"' in text):
        cells, notes = _notebook(text, name)
    else:
        cells, notes = (Cell(1, text),), []
    if not any(cell.source.strip() for cell in cells):
        notes = [*notes, Finding("file", "no-code-inside", {"file": name})]
    return cells, notes


def _text(content: bytes, name: str) -> str:
    """Source text as Python would read it: UTF-8, a declared encoding, a byte order mark, any line ends."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AnswerError("utf-16", fields={"path": name})
    if b"\0" in content:
        raise AnswerError("nul-bytes", fields={"path": name})
    encoding = "utf-8"
    for line in content.splitlines()[:2]:
        declared = CODING.match(line)
        if declared:
            encoding = declared.group(1).decode("ascii", "replace")
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        raise AnswerError("bad-encoding", fields={"path": name, "encoding": encoding[:40]}) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- notebooks ---


def _notebook(text: str, name: str) -> tuple[tuple[Cell, ...], list[Finding]]:
    """Code cells in order; magics and shell lines are reported and not run, outputs are ignored."""
    document = _document(text, name)
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
    return tuple(cells), notes


def _document(text: str, name: str) -> Mapping[str, object]:
    """The notebook as plain data.  Raises AnswerError where it is none, or one of another language."""
    if text.lstrip()[:1] == "<":
        raise AnswerError("web-page", fields={"path": name})
    if _depth(text) > MOST_DEPTH:
        raise AnswerError("broken-notebook", fields={"path": name})
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise AnswerError("broken-notebook", fields={"path": name}) from None
    if not isinstance(document, dict):
        raise AnswerError("broken-notebook", fields={"path": name})
    languages = _languages(document)
    if languages and not any(one.lower().startswith(PYTHONS) for one in languages):
        raise AnswerError("other-language", fields={"path": name, "language": languages[0][:40]})
    return document


def _languages(document: Mapping[str, object]) -> list[str]:
    """What a notebook says of its language: its kernel, and the kernel that last ran it."""
    metadata = document.get("metadata")
    found = []
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        told = metadata.get(part) if isinstance(metadata, dict) else None
        if isinstance(told, dict) and isinstance(told.get(key), str):
            found.append(str(told[key]))
    return found


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
    """Code cells of notebook formats 3 and 4; one that an editor marks as another language is none."""
    sheets = document.get("worksheets")
    lists = [document.get("cells")]
    if isinstance(sheets, list):
        lists += [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    for found in lists:
        for entry in found if isinstance(found, list) else ():
            if isinstance(entry, dict) and entry.get("cell_type") == "code" and _is_python(entry):
                yield entry


def _is_python(entry: Mapping[str, object]) -> bool:
    metadata = entry.get("metadata")
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = editor.get("languageId") if isinstance(editor, dict) else entry.get("language")
    return not isinstance(language, str) or language.lower() in ("", "python")


def _source(entry: Mapping[str, object]) -> str:
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


# --- lines that are Jupyter's ---


def _without_magics(source: str) -> tuple[str, list[str]]:
    """The source with `%`, `!` and `?` lines made comments, so that line numbers stay, and those lines.

    >>> _without_magics("%time K = 3")
    ('K = 3', [])
    >>> _without_magics('text = ("%d"\\n  % 3)')[1]
    []
    """
    skipped: list[str] = []
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].lstrip().startswith("%%"):
        skipped.append(lines[first].strip())
        if lines[first].split()[0] not in PYTHON_CELLS:
            return "", skipped
        lines[first] = f"# {lines[first]}"
    quote, depth = "", 0
    for number, line in enumerate(lines):
        at_rest = not quote and not depth
        if at_rest and (timed := TIMED_LINE.match(line)):
            line = lines[number] = timed.group(1) + timed.group(2)
        elif at_rest and MAGIC_LINE.match(line):
            skipped.append(line.strip())
            indent = line[: len(line) - len(line.lstrip())]
            lines[number] = f"{indent}pass  # {line.strip()}" if indent else f"# {line}"
            continue
        quote, depth = _open_after(line, quote, depth)
    return "\n".join(lines), skipped


def _open_after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """What is open at the end of a line: a quotation mark, or a backslash at the end; and how many brackets."""
    quote = "" if quote == BACKSLASH else quote
    for found in MARK.finditer(line):
        mark = found.group()
        if quote:
            quote = "" if mark == quote else quote
        elif mark == "#":
            return "", depth
        elif mark[0] in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
    if len(quote) == 1:  # such a quotation ends with its line
        quote = ""
    return (quote or BACKSLASH if line.endswith(BACKSLASH) else quote), depth
