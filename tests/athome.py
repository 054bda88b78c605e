"""What the tests of the file `grader.py` share: the file, made for homework 1, and how it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder import catalog, offline
from autograder.problem.options import CheckOptions

ROOT = Path(__file__).parent.parent
CASES = sorted(path.parent for path in (ROOT / "tests" / "submissions").glob("*/expected.json"))
ASSIGNMENT = catalog.load(ROOT, "hw1")
TITLES = {"en": "Homework 1", "fa": "تمرین ۱"}
TEXT = offline.student_file(offline.Plan("hw1", TITLES), ASSIGNMENT.problems)
PYTHONS = sorted({sys.executable, *map(str, Path("~/.pyenv/versions").expanduser().glob("3.1[0-9]*/bin/python3"))})


def run(
    folder: Path, *arguments: str, python: str = sys.executable, options: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python grader.py ...`, without this project in reach."""
    command = [python, *options, str(folder / "grader.py"), *arguments]
    variables = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"} | environment
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120, encoding="utf-8"
    )


def looked(folder: Path, *arguments: str, **more: Any) -> dict[str, dict[str, Any]]:
    done = run(folder, *arguments, "--json", **more)
    assert done.returncode in (0, 1), done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)["answers"]}


def submitted(case: Path) -> Path:
    return next(path for path in case.iterdir() if path.suffix in (".py", ".ipynb"))


CHEAP = {"n": 2, "r": 1, "p": 1}  # the slow hash made quick, for tests only
OPTIONS = CheckOptions(secret=b"tests")


def told(level: str, options: CheckOptions = OPTIONS) -> offline.Sheet:
    plan = offline.Plan("hw1", TITLES, level=level, options=options, cost=CHEAP)
    return offline.sheet_in(offline.student_file(plan, ASSIGNMENT.problems))


VERDICTS, EXAMPLES = told("verdict"), told("examples")
