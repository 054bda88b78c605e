"""Submissions as Gradescope has them: each is graded, or refused with one kind sentence; never both, never neither."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import uploads

from autograder.bench import Bench, bench
from autograder.config import load
from autograder.errors import AnswerError
from autograder.grade import Graded, grade
from autograder.locale import LANGUAGES
from autograder.messages import error_text
from autograder.results import NOT_YET, ResultsFile
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


UNQUOTED = """
q1a1_d_out = F
q1b2_params = 2*C


def conv_weights(D, K, F, bias=False):
    return F * D * K**2 + (F if bias else 0)
"""


@pytest.mark.parametrize(
    ("more", "function"),
    [("", Status.CORRECT), ("print(1/0)\n", Status.UNREADABLE), ("conv_macs = G\n", Status.UNREADABLE)],
    ids=["answers without quotes", "a line of the program fails", "the line of a function fails"],
)
def test_an_answer_without_quotes_costs_only_itself(
    more: str, function: Status, desk: tuple[Bench, Sandbox], tmp_path: Path
) -> None:
    found, sandbox = desk
    opened = read(folder({"hw1.py": (UNQUOTED + more).encode()}, tmp_path), found.config.limits)
    judged = grade(opened, found.assignment, found.options, sandbox)
    verdicts = {graded.problem.name: graded.verdict for graded in judged.graded}
    assert verdicts["conv_weights"].status is function
    for name, symbol in (("q1a1_d_out", "F"), ("q1b2_params", "C")):
        finding = verdicts[name].finding
        assert verdicts[name].status is Status.UNREADABLE
        assert finding is not None
        assert (finding.code, finding.fields["name"]) == ("unquoted", symbol)
        assert finding.fields["source"].startswith(name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hw1.py", b""),
        ("hw1.py", b"\xef\xbb\xbf \r\n"),
        ("hw1.ipynb", uploads.jupyterlab()),
        ("hw1.ipynb", uploads.jupyterlab("\n", "")),
    ],
    ids=["empty", "a mark and a blank line", "no cell", "blank cells"],
)
def test_a_file_without_code_is_graded_as_blank_and_the_student_is_told(
    name: str, content: bytes, tmp_path: Path
) -> None:
    opened = read(folder({name: content}, tmp_path), answers=ANSWERS)
    assert [(note.code, note.fields["file"]) for note in opened.notes] == [("no-code-inside", name)]
    assert opened.kind == name.removeprefix("hw1.")


def test_a_refused_submission_has_the_rows_of_any_other(desk: tuple[Bench, Sandbox], tmp_path: Path) -> None:
    found, _ = desk
    file = ResultsFile(tmp_path / "results.json", found, "x")
    whole = file.form(found.report("x", [found.row(Graded(one, NOT_YET)) for one in found.assignment.problems]))
    refused = file.refuse(AnswerError("bad-encoding", fields={"path": "hw1.py", "encoding": "utf-8"}))
    for field in ("number", "name", "max_score"):
        assert [row[field] for row in refused["tests"]] == [row[field] for row in whole["tests"]]
    assert refused["score"] == 0
    assert all(row["score"] == 0 and "utf-8" in row["output"] for row in refused["tests"])
    assert "utf-8" in refused["output"]
    assert refused["extra_data"]["state"] == "refused"
