"""`autograder try`: an author sees what any answer gets, and what a student reads at each level in each language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.messages import LEVELS

ROOT = Path(__file__).parent.parent


def tried(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", "try", "hw1", *arguments]
    environment = os.environ | {"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, encoding="utf-8")


def test_all_levels_in_both_languages() -> None:
    done = tried("q1a2_weights", "F*D*K", "--all-levels")
    english, persian = done.stdout.split("\nEnglish\n")[1].split("\nفارسی\n")
    assert done.returncode == 0
    for block in (english, persian):
        assert [line[2:].split()[0] for line in block.splitlines() if line[2:3].isalpha() and line[0] in " *"] == [
            *LEVELS
        ]
        assert [line.split()[1] for line in block.splitlines() if line.startswith("*")] == ["hint"]
    assert "Received." in english
    assert "A right answer is `D*F*K^2`." in english
    assert "= D*F*K (mistake: k-not-squared)" in done.stdout
    before_full = english.split("\n  full")[0]
    assert "K^2" not in before_full


@pytest.mark.parametrize(("language", "status"), [("en", "Not right yet."), ("fa", "هنوز درست نیست.")])
def test_one_language(language: str, status: str) -> None:
    done = tried("q1a2_weights", "F*D*K", "--lang", language)
    assert status in done.stdout
    assert "counterexample" not in done.stdout


@pytest.mark.parametrize(
    "written",
    [
        "Sum(w[m]*x[i+m], (m, 0, k-1)); x[i+j]; Sum(dz[i]*x[i+j], (i, 0, n-k))",
        "['Sum(w[m]*x[i+m], (m, 0, k-1))', 'x[i+j]', 'Sum(dz[i]*x[i+j], (i, 0, n-k))']",
    ],
    ids=["semicolons", "a list"],
)
def test_the_steps_of_a_derivation(written: str) -> None:
    form = json.loads(tried("q2_steps", written, "--json").stdout)
    assert (form["status"], form["score"]) == ("correct", 1)


def test_json_is_one_problem_in_the_language_that_is_asked_for() -> None:
    form = json.loads(tried("q42d_macs", "9830400", "--json", "--lang", "fa", "--all-levels").stdout)
    assert form["name"] == "q42d_macs"
    assert form["message"].startswith("هنوز درست نیست.")
    assert form["finding"]["code"] == "sheet-value"


def test_a_level_that_adds_nothing_says_so() -> None:
    done = tried("q1a2_weights", "F*D*K^2", "--all-levels", "--lang", "en")
    assert done.stdout.split("English\n")[1].splitlines() == [
        "  received        Received. Check that it was read as you meant it.",
        "  verdict         Correct.",
        "* hint            (the same)",
        "  counterexample  (the same)",
        "  full            Correct. Proved equal for all values.",
        *done.stdout.split("English\n")[1].splitlines()[5:],
    ]


def test_a_language_that_there_is_not() -> None:
    done = tried("q1a2_weights", "F", "--lang", "de")
    assert done.returncode == 2
    assert "Write en or fa" in done.stderr
