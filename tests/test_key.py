"""The answer key: complete, typeset from the same trees that grade, refused when its audit has a finding."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import catalog
from autograder.render.key import Key, html_page, markdown

ROOT = Path(__file__).parent.parent
PROBLEMS = catalog.load(ROOT, "hw1").problems


def key(language: str = "en", *, answers: bool = True) -> Key:
    return Key("Homework 1", PROBLEMS, "sha256:test", language, answers)


def plain(page: str) -> str:
    """What a reader of the page sees, without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("write", [markdown, html_page])
def test_every_answer_is_in_the_key(language: str, write: object) -> None:
    text = write(key(language))  # type: ignore[operator]
    assert [problem.name for problem in PROBLEMS if problem.name not in text] == []
    assert "sha256:test" in text


def test_names_keep_their_case_and_numbers_are_worked_out() -> None:
    text = markdown(key())
    assert r"\mathrm{Cin}" in text
    assert "$$9633792$$" in text
    assert "<mi>Cin</mi>" in html_page(key())


def test_the_page_needs_nothing_from_outside() -> None:
    page = html_page(key("fa"))
    assert 'dir="rtl"' in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="', page)


def test_a_sheet_without_answers_gives_nothing_away() -> None:
    sheet = plain(html_page(key(answers=False)))
    assert "q42d_macs" in sheet
    for secret in ("9633792", "128049152", "square, not a line", "np.empty"):
        assert secret not in sheet


def test_a_key_with_a_slip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "grader.toml").write_text("[course]\nname = 'a copy'\n", encoding="utf-8")
    folder = tmp_path / "solutions" / "hw1"
    folder.mkdir(parents=True)
    for name in ("_common.py", "_words.py", "q1c.py"):
        shutil.copy(ROOT / "solutions" / "hw1" / name, folder)
    path = folder / "q1c.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("(N / 2**L) ** 2,", "(N / 2**L) ** 3,", 1), encoding="utf-8"
    )
    command = [sys.executable, "-m", "autograder", "key", "hw1", "--config", str(tmp_path / "grader.toml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert "implementation measures 64" in done.stderr
