"""What the image for Gradescope has built ahead is all that wrong answers need."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import plausible
import pytest
from test_kept import ANSWERS, PROBLEMS, ROOT, files

from autograder import catalog
from autograder.pack import ahead
from autograder.problem.options import CheckOptions


def built_ahead(folder: Path, names: str) -> dict[str, Any]:
    """What the image of a course with these files of homework 1 has built, and what grading wrong answers adds."""
    solutions = folder / "solutions" / "hw1"
    solutions.mkdir(parents=True)
    (folder / "grader.toml").write_text("[course]\nname = 'a copy'\nsecret = 's'\n", encoding="utf-8")
    for path in (ROOT / "solutions" / "hw1").glob("*.py"):
        if path.name.startswith("_") or re.fullmatch(names, path.name):
            shutil.copy(path, solutions)
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    said = run("autograder.pack.ahead", str(folder / "grader.toml"), "hw1")
    before = files(folder / "cache")
    problems = {problem.name: problem for problem in catalog.load(folder, "hw1").problems}
    lines = ["import numpy as np"]
    for name, texts in ANSWERS.items():
        lines += [f"{name} = {texts[-1]!r}"] if name in problems else []
    for name, bodies in plausible.FUNCTIONS.items():
        if name in problems:
            parameters = str(inspect.signature(problems[name].implementation))
            body = next((body for body in bodies[::-1] if "ref(" not in body), "return 0")
            lines += [f"def {name}{parameters}:", *(f"    {line}" for line in body.splitlines())]
    (folder / "wrong.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    graded = json.loads(run("autograder", "grade", "wrong.py", "-a", "hw1", "--json"))
    rows = graded["submissions"][0]["problems"]
    wrong = [row for row in rows if row["status"] in ("incorrect", "partial")]
    explained = [row for row in wrong if row["finding"] is not None]
    return {
        "said": said,
        "before": before,
        "added": set(files(folder / "cache")) - set(before),
        "wrong": len(wrong),
        "explained": len(explained),
    }


def test_what_the_image_has_built_is_all_that_wrong_answers_need(tmp_path: Path) -> None:
    found = built_ahead(tmp_path, r"q1c\.py|q6a\.py")
    assert found["said"] == "hw1: what wrong answers are looked up in is built\n"
    assert len(found["before"]) >= 4
    assert found["added"] == set()
    assert found["wrong"] >= 4
    assert found["explained"] >= 2


@pytest.mark.slow
def test_the_same_of_the_whole_homework(tmp_path: Path) -> None:
    found = built_ahead(tmp_path, r"q.*\.py")
    assert found["added"] == set()
    assert found["wrong"] > 80
    assert found["explained"] > 60


def test_an_answer_without_an_index_is_said_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = PROBLEMS["q1a1_w_out"]

    def stops(problem: Any, options: CheckOptions) -> None:
        if problem is broken:
            raise ZeroDivisionError("by zero")
        built.append(problem)

    built: list[Any] = []
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(ahead, "build_indexes", stops)
    three = [broken, PROBLEMS["q1a2_weights"], PROBLEMS["q1c1_pixels"]]
    bench = SimpleNamespace(assignment=SimpleNamespace(problems=three), options=CheckOptions())
    ahead.build_all(bench, lambda problem, error: told.append((problem.name, str(error))))  # type: ignore[arg-type]
    assert built == three[1:]
    assert told == [("q1a1_w_out", "by zero"), ("q1a2_weights", "None"), ("q1c1_pixels", "None")]
