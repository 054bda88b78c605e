"""What students are told before and after the due date, in an exam, at each attempt and for single answers."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_gradescope import SCHEMA, course, earlier, grade, metadata, row, standing, user

from autograder.gradescope.metadata import moment

NOW = datetime.now(timezone.utc)
EXAM = 'type = "exam"'
ANSWERS = """
q1a2_weights = "F*D*K^2"
q1a4_weights = "F*D*H*W^3 + F"
q1a3_connections = "F*D*("
q1a5_text = "A convolution needs less."
def grad_w(x, dz, k):
    return x
"""


def at(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat()


def settings(folder: Path, *lines: str) -> Path:
    """grader.toml with these lines for homework 1; EXAM makes it an exam."""
    path = course(folder, *(line for line in lines if line != EXAM))
    if EXAM in lines:
        path.write_text(path.read_text(encoding="utf-8").replace('type = "homework"', EXAM), encoding="utf-8")
    return path


def graded(folder: Path, form: Any, *lines: str) -> dict[str, Any]:
    """results.json of one submission, as Gradescope gets it."""
    (folder / "metadata.json").write_text(json.dumps(form), encoding="utf-8")
    (folder / "hw1.py").write_text(ANSWERS, encoding="utf-8")
    config, target = settings(folder, *lines), folder / "results.json"
    known = ["--metadata", str(folder / "metadata.json")] if form else []
    done = grade(str(folder / "hw1.py"), "-a", "hw1", "--results", str(target), *known, "--config", str(config))
    assert done.returncode == 0, done.stderr
    found = json.loads(target.read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return dict(found)


# --- an exam ---


def test_an_exam_says_how_answers_were_read_and_keeps_verdicts_until_results_are_published(tmp_path: Path) -> None:
    found = graded(tmp_path, metadata(), EXAM)
    shown = [test for test in found["tests"] if test["visibility"] == "visible"]
    kept = [test for test in found["tests"] if test["visibility"] == "after_published"]
    assert {test["extra_data"]["name"] for test in kept} == {"q1a2_weights", "q1a4_weights", "grad_w"}
    for test in kept:
        assert test["output"].endswith("Received. Check that it was read as you meant it.")
        assert "status" not in test
        assert (test["extra_data"]["status"], test["extra_data"]["finding"]) == ("received", None)
    assert row(found, "q1a3_connections")["output"].startswith("The formula ends")
    assert row(found, "q1a3_connections") in shown
    assert "Points are shown when the results are published." in found["output"]
    assert "q1a4_weights = F*D*H*W^3 + F" in found["output"]


def test_an_exam_in_the_terminal_shows_no_points_and_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text(ANSWERS, encoding="utf-8")
    done = grade(
        str(tmp_path / "hw1.py"), "-a", "hw1", "--view", "student", "--config", str(settings(tmp_path, EXAM))
    )
    assert done.returncode == 0
    for name in ("q1a2_weights", "q1a4_weights", "grad_w"):
        line = next(line for line in done.stdout.splitlines() if f" {name} " in line)
        assert "-/" in line
    assert "Not right" not in done.stdout
    assert "correct" not in done.stdout.lower()


# --- full ---

FULL = 'feedback = { level = "full" }'
OPENED = {
    "before the due date": (metadata(at(-2), assignment={"due_date": at(3)}, users=[user(None)]), False),
    "after the due date": (metadata(at(-9), assignment={"due_date": at(-3)}, users=[user(None)]), True),
    "the student's own date is still to come": (metadata(at(-2), users=[user(at(3))]), False),
    "the assignment's date is still to come": (
        metadata(at(-9), assignment={"due_date": at(5)}, users=[user(at(-3))]), False,
    ),
    "late work is still taken": (
        metadata(at(-9), assignment={"due_date": at(-3), "late_due_date": at(5)}, users=[user(None)]), False,
    ),
    "no date is known": (metadata(at(-9), assignment={"due_date": None}, users=[user(None)]), True),
}  # fmt: skip


@pytest.mark.parametrize(("form", "opened"), OPENED.values(), ids=OPENED.keys())
def test_full_is_said_only_after_the_due_date(form: Any, opened: bool, tmp_path: Path) -> None:
    output = row(graded(tmp_path, form, FULL), "q1a4_weights")["output"]
    assert ("A right answer is" in output) == opened
    assert ("D\\*F\\*H\\*W" in output or "`D*F*H*W`" in output) == opened


@pytest.mark.parametrize(("hours", "opened"), [(5, False), (-5, True)])
def test_the_date_in_grader_toml_holds_where_nothing_else_is_known(
    hours: float, opened: bool, tmp_path: Path
) -> None:
    (tmp_path / "hw1.py").write_text(ANSWERS, encoding="utf-8")
    config = course(tmp_path, FULL, f'due = "{at(hours)}"')
    done = grade(str(tmp_path / "hw1.py"), "-a", "hw1", "--view", "student", "--config", str(config))
    assert ("A right answer is" in done.stdout) == opened


def test_attempts_open_levels_and_the_due_date_opens_full(tmp_path: Path) -> None:
    slow = 'feedback = { level = "full", after = { hint = 2, counterexample = 3 } }'
    dates = {"assignment": {"due_date": at(3)}, "users": [user(None)]}
    tried = [earlier(at(-hours), id=hours) for hours in (3, 4)]
    found = graded(tmp_path, metadata(at(-2), previous_submissions=tried, **dates), slow)
    assert "Try `" in row(found, "q1a4_weights")["output"]
    assert "A right answer is" not in row(found, "q1a4_weights")["output"]
    assert "From attempt" not in found["output"]  # what is left is opened by the date alone


def test_the_last_date_of_a_group_closes_the_assignment() -> None:
    form = metadata(users=[user(at(1)), user(at(4))], assignment={"due_date": at(2), "late_due_date": at(3)})
    assert standing(form).closes == moment(at(4))


# --- single answers ---


def test_the_level_of_an_answer_comes_before_that_of_its_assignment(tmp_path: Path) -> None:
    levels = '{ q1a4_weights = "received", grad_w = "hint" }'
    found = graded(tmp_path, None, f'feedback = {{ level = "verdict", levels = {levels} }}')
    assert row(found, "q1a2_weights")["output"].endswith("Correct.")
    assert row(found, "q1a4_weights")["visibility"] == "after_published"
    assert row(found, "q1a4_weights")["output"].endswith("Received. Check that it was read as you meant it.")
    assert "Your result has the shape `(5,)`" in row(found, "grad_w")["output"]


def test_the_right_answer_to_a_question_whose_verdict_is_kept_back_is_not_called_so(tmp_path: Path) -> None:
    """Else the weights of Q1a.2 could be tried under Q1a.3, where the level is higher."""
    config = course(tmp_path, 'feedback = { level = "hint", levels = { q1a2_weights = "received" } }')
    command = [sys.executable, "-m", "autograder", "try", "hw1", "q1a4_connections", "F*D*K^2", "--view", "student"]
    done = subprocess.run([*command, "--config", str(config)], capture_output=True, text=True)
    assert "q1a2_weights" not in done.stdout
    assert "another question" not in done.stdout
