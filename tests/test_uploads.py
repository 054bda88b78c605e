"""Submissions as Gradescope has them: each is graded, or refused with one kind sentence; never both, never neither."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import uploads

from autograder.bench import Bench, bench
from autograder.config import load
from autograder.errors import AnswerError
from autograder.grade import grade
from autograder.locale import LANGUAGES
from autograder.messages import error_text
from autograder.sandbox import Sandbox
from autograder.submission import read
from autograder.verdict import Status

ROOT = Path(__file__).parent.parent
ANSWERS = ("q1a2_weights", "conv_weights")


@pytest.fixture(scope="module")
def desk() -> Iterator[tuple[Bench, Sandbox]]:
    found = bench(load(ROOT / "grader.toml"), "hw1")
    with Sandbox(found.config.limits) as sandbox:
        yield found, sandbox


def folder(files: dict[str, bytes], where: Path) -> Path:
    for name, content in files.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_bytes(content)
    return where


@pytest.mark.parametrize(("files", "note"), uploads.GRADED.values(), ids=uploads.GRADED)
def test_graded(files: dict[str, bytes], note: str, desk: tuple[Bench, Sandbox], tmp_path: Path) -> None:
    found, sandbox = desk
    names = [problem.name for problem in found.assignment.problems]
    opened = read(folder(files, tmp_path), found.config.limits, "x", names)
    judged = grade(opened, found.assignment, found.options, sandbox)
    statuses = {graded.problem.name: graded.verdict.status for graded in judged.graded}
    assert [statuses[name] for name in ANSWERS] == [Status.CORRECT, Status.CORRECT]
    notes = [one.code for one in opened.notes] + [one.code for one in judged.notes]
    assert set(notes) <= {note, "note.cell-exception"}
    assert not note or note in notes
    assert not any(".OTTER_LOG" in name for name in opened.files)


@pytest.mark.parametrize(("files", "code"), uploads.REFUSED.values(), ids=uploads.REFUSED)
def test_refused(files: dict[str, bytes], code: str, tmp_path: Path) -> None:
    with pytest.raises(AnswerError) as raised:
        read(folder(files, tmp_path), answers=ANSWERS)
    assert raised.value.code == code
    for language in LANGUAGES:
        words = error_text(raised.value, language)
        assert 20 < len(words) < 200
        assert "\n" not in words
