"""Which file and which answers a student means, from what they wrote, and from what lies in the folder."""

from __future__ import annotations

import os
from collections.abc import Sequence

from autograder.errors import AnswerError
from autograder.offline.sheet import FILE, Entry, Sheet
from autograder.submission.cells import kind_of

__all__ = ["chosen", "entries_of"]

MOST_LISTED = 8  # files of a folder, in a message


def entries_of(sheet: Sheet, names: Sequence[str]) -> list[Entry]:
    """The answers that names mean, each once; all of them where there is no name.

    Raises AnswerError for a name that means nothing.
    """
    words = [getattr(name, "__name__", name) for name in names]  # grader.check(grad_w) means its name
    wanted = [part.strip() for word in words for part in str(word).split(",") if part.strip()]
    return list({entry.name: entry for name in wanted or [""] for entry in sheet.find(name)}.values())


def chosen(sheet: Sheet, file: str, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The student's own file, and the names of what to look at.

    file: as it was written; where it is no file but a question, the file in this folder is meant.
    Raises AnswerError with what lies there instead.
    """
    if not os.path.exists(file) and file not in ("", sheet.name) and _is_name(sheet, file):
        return _beside(sheet, ""), (file, *names)
    if file in ("", sheet.name) or os.path.isdir(file):
        return _beside(sheet, file if os.path.isdir(file) else ""), tuple(names)
    if not os.path.isfile(file):
        folder = os.path.dirname(file)
        raise AnswerError("check.not-found", fields={"path": file, "names": _listed(folder)})
    if not kind_of(file):
        raise AnswerError("check.no-code", fields={"path": file})
    return file, tuple(names)


def _is_name(sheet: Sheet, word: str) -> bool:
    """Whether a question is meant.

    Raises AnswerError for one that there is not, where it can be no file's name either.
    """
    try:
        return bool(entries_of(sheet, [word]))
    except AnswerError:
        if "." in word or "/" in word or "\\" in word:
            return False
        raise


def _beside(sheet: Sheet, folder: str) -> str:
    """The student's own file in a folder: the one saved last."""
    named = [os.path.join(folder, f"{sheet.name}{ending}") for ending in (".ipynb", ".py")]
    found = [path for path in named if os.path.isfile(path)]
    if found:
        return max(found, key=os.path.getmtime)
    names = _listed(folder)
    fields = {"file": f"{sheet.name}.ipynb", "names": names}
    raise AnswerError("check.no-file" if names else "check.empty-folder", fields=fields)


def _listed(folder: str) -> str:
    """The notebooks and programs in a folder; "" where there are none, or no folder."""
    try:
        found = sorted(name for name in os.listdir(folder or ".") if kind_of(name) and name != FILE)
    except OSError:
        return ""
    return ", ".join(found[:MOST_LISTED]) + (", ..." if len(found) > MOST_LISTED else "")
