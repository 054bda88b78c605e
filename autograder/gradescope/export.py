"""A folder or zip from Gradescope's "Download Submissions": whose each submission is, and what was stored for it.

Everything in the file is read as text, so that an id keeps its leading zeros, and an unknown tag is a plain map.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.errors import AnswerError
from autograder.gradescope.metadata import Standing, standing, unfinished

__all__ = ["METADATA", "Handed", "folder_of", "is_export", "read_export", "unpack"]

METADATA = "submission_metadata.yml"
MOST_BYTES = 4 << 30  # of a whole class


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission of an export: (name, id) of each submitter, where it stands, and whether its grading broke.

    unfinished: the result that Gradescope has stored is the one that is there when the grader does not finish.
    """

    submitters: tuple[tuple[str, str], ...]
    standing: Standing
    unfinished: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Each submitter's name, with the id in brackets where there is one."""
        return tuple(f"{name} ({sid})" if sid else name for name, sid in self.submitters)


def folder_of(path: Path) -> Path | None:
    """The folder of an export: this one or the only one in it; None where this is no export."""
    for folder in [path, *sorted(entry for entry in path.glob("*") if entry.is_dir())[:1]]:
        if (folder / METADATA).is_file():
            return folder
    return None


def is_export(path: Path) -> bool:
    """Whether a zip is an export."""
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(PurePosixPath(name).name == METADATA and name.count("/") <= 1 for name in archive.namelist())


def unpack(path: Path, target: Path) -> None:
    """Unpack an export's ordinary files, none outside of the target.

    Raises AnswerError where it is too large to be one.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise AnswerError("file-too-large", fields={"path": path.name, "limit": str(MOST_BYTES >> 20)})
        for entry in archive.infolist():
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if kind in (0, stat.S_IFREG) and not entry.is_dir():
                archive.extract(entry, target)


def read_export(folder: Path, due: str = "") -> dict[str, Handed]:
    """{folder of a submission: whose it is}; due: the date in grader.toml, since an export has none.

    Raises AnswerError where the list cannot be read.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes nothing but texts, lists and maps
    try:
        with (folder / METADATA).open("rb") as file:
            document = yaml.load(file, loader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        raise AnswerError("unreadable-file", fields={"path": METADATA, "why": why}) from None
    if not isinstance(document, dict):
        raise AnswerError("unreadable-file", fields={"path": METADATA, "why": "no list of submissions"})
    return {str(name): _handed(entry, due) for name, entry in document.items() if isinstance(entry, dict)}


def _handed(entry: Mapping[str, Any], due: str) -> Handed:
    """Keys are Ruby's symbols, written with a colon in front."""
    plain = _without_colons(entry)
    people = [one for one in plain.get("submitters") or () if isinstance(one, dict)]
    history = [one for one in plain.get("history") or () if isinstance(one, dict)]
    form = {
        "created_at": plain.get("created_at"),
        "users": [{"name": one.get("name")} for one in people],
        "previous_submissions": [
            {"submission_time": one.get("created_at"), "results": one.get("results"), "id": one.get("id")}
            for one in history
            if one.get("status") in (None, "processed")
        ],
    }
    submitters = tuple((str(one.get("name") or ""), str(one.get("sid") or "")) for one in people)
    return Handed(submitters, standing(form, due), unfinished(plain.get("results")))


def _without_colons(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).removeprefix(":"): _without_colons(part) for key, part in value.items()}
    return [_without_colons(part) for part in value] if isinstance(value, list) else value
