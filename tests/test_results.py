"""results.json as a file: whatever happens to the grader, a whole one stands there and nothing else is left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.bench import Bench, bench
from autograder.config import load
from autograder.results import ABANDONED, ResultsFile, write_fallback

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def hw1() -> Bench:
    return bench(load(ROOT / "grader.toml"), "hw1")


def state(target: Path) -> str:
    found: str = json.loads(target.read_text(encoding="utf-8"))["extra_data"]["state"]
    return found


def test_a_grader_that_is_killed_in_a_class_leaves_a_result_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text("while True:\n    pass\n")
    target = tmp_path / "out" / "hw1" / "results.json"
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(tmp_path / "hw1.py"),
        "-a",
        "hw1",
        "-o",
        str(tmp_path / "out"),
    ]
    grader = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not target.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    grader.kill()
    grader.wait()
    assert state(target) == "incomplete"


def test_what_a_killed_grader_left_is_removed_by_the_next_one(hw1: Bench, tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    old, new, other = (tmp_path / name for name in (".results.json.4711", ".results.json.4712", ".results.jsonx"))
    for path in (old, new, other):
        path.write_text("{")
        if path is not new:
            os.utime(path, (time.time() - ABANDONED - 1,) * 2)
    ResultsFile(target, hw1, "x").begin()
    assert state(target) == "incomplete"
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", new.name, other.name}, (
        "another may be writing"
    )


def test_an_earlier_result_stands_until_there_is_a_newer_one(hw1: Bench, tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    write_fallback(target)
    target.write_text(target.read_text().replace("incomplete", "complete"))
    ResultsFile(target, hw1, "x").begin()
    assert state(target) == "complete"
