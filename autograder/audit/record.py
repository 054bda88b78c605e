"""Remembers which keys passed their audit, so that typesetting one again does not prove it again.

A key counts as the same while nothing that the proof rests on has changed: the files of its folder, this package,
the interpreter and the mathematics below it, and the options.  Whatever is in doubt is audited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder import cache
from autograder.audit import AuditFinding, audit
from autograder.catalog import Assignment
from autograder.problem.options import CheckOptions

__all__ = ["findings_of"]


def findings_of(
    assignment: Assignment, options: CheckOptions, languages: Sequence[str]
) -> tuple[AuditFinding, ...]:
    """The findings of an audit; none for a key that passed it before and is still the same."""
    mark = cache.folder("audits") / _digest(assignment, options, languages)
    if mark.is_file():
        return ()
    findings = audit(assignment, options, languages=languages).findings
    if not findings:
        _leave(mark)
    return findings


def _leave(mark: Path) -> None:
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:  # a home that cannot be written: the next time costs an audit again, nothing else
        return


def _digest(assignment: Assignment, options: CheckOptions, languages: Sequence[str]) -> str:
    plain = replace(options, questions=())  # the questions are the folder's, which is read below
    texts = (cache.engine(), repr(plain), repr(tuple(languages)))
    return cache.digest([*(text.encode() for text in texts), *cache.code_of(assignment.folder)])
