"""Remembers which keys passed their audit, so that typesetting one again does not prove it again.

A key counts as the same while nothing that the proof rests on has changed: the files of its folder, this package,
the interpreter and the mathematics below it, and the options.  Whatever is in doubt is audited.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import autograder
from autograder.audit import AuditFinding, audit
from autograder.catalog import Assignment
from autograder.problem.options import CheckOptions

__all__ = ["findings_of"]

BELOW = ("numpy", "sympy", "python-flint")


def findings_of(
    assignment: Assignment, options: CheckOptions, languages: Sequence[str]
) -> tuple[AuditFinding, ...]:
    """The findings of an audit; none for a key that passed it before and is still the same."""
    mark = _folder() / _digest(assignment, options, languages)
    if mark.is_file():
        return ()
    findings = audit(assignment, options, languages=languages).findings
    if not findings:
        _leave(mark)
    return findings


def _folder() -> Path:
    """Where the marks are: the user's cache, as the XDG base directory specification has it."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache else Path.home() / ".cache") / "dl-autograder" / "audits"


def _leave(mark: Path) -> None:
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:  # a home that cannot be written: the next time costs an audit again, nothing else
        return


def _digest(assignment: Assignment, options: CheckOptions, languages: Sequence[str]) -> str:
    digest = hashlib.sha256()
    plain = replace(options, questions=())  # the questions are the folder's, which is read below
    versions = [sys.version, *(f"{name} {metadata.version(name)}" for name in BELOW)]
    for text in [*versions, repr(plain), repr(tuple(languages))]:
        digest.update(text.encode() + b"\0")
    for folder in (Path(autograder.__file__).parent, assignment.folder):
        for path in _code(folder):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _code(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)
