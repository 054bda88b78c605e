"""Whole students: each folder in tests/submissions is graded for real; its expected.json says what must come out.

expected.json maps answer names to {"status", "finding" (kind), "says" (parts of the message)}; "others" is the
status of every answer that is not named.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("submissions/*/expected.json"))
SCHEMA = json.loads((HERE.parent / "autograder" / "simulate" / "results.schema.json").read_text(encoding="utf-8"))


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every case graded in one run, as a TA would grade a class."""
    out = tmp_path_factory.mktemp("out")
    paths = [str(HERE / "submissions" / case) for case in CASES]
    done = run("grade", *paths, "-a", "hw1", "--json", "--view", "staff", "-o", str(out), cwd=HERE.parent)
    assert done.returncode == 0, done.stderr
    found = {one["id"]: one for one in json.loads(done.stdout)["submissions"]}
    for case in CASES:
        found[case]["results"] = json.loads((out / case / "results.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("case", CASES)
def test_each_answer_gets_the_expected_verdict(case: str, graded: dict[str, dict[str, Any]]) -> None:
    expected = json.loads((HERE / "submissions" / case / "expected.json").read_text(encoding="utf-8"))
    wrong = []
    for row in graded[case]["problems"]:
        wanted = expected["answers"].get(row["name"], {"status": expected["others"]})
        if isinstance(wanted["status"], str):
            wanted = wanted | {"status": [wanted["status"]]}
        kind = (row["finding"] or {}).get("kind")
        if row["status"] not in wanted["status"]:
            wrong.append(f"{row['name']}: {row['status']}, not {wanted['status']}: {row['message']}")
        if "finding" in wanted and kind != wanted["finding"]:
            wrong.append(f"{row['name']}: finding {kind}, not {wanted['finding']}")
        wrong += [
            f"{row['name']}: {row['message']!r} lacks {part!r}"
            for part in wanted.get("says", [])
            if part not in row["message"]
        ]
    assert wrong == []
    unknown = set(expected["answers"]) - {row["name"] for row in graded[case]["problems"]}
    assert unknown == set()


@pytest.mark.parametrize("case", CASES)
def test_results_json_is_valid_and_adds_up(case: str, graded: dict[str, dict[str, Any]]) -> None:
    results = graded[case]["results"]
    jsonschema.validate(results, SCHEMA)
    assert results["score"] == pytest.approx(sum(test.get("score", 0) for test in results["tests"]), abs=1e-3)
    assert len(results["tests"]) == len(graded[case]["problems"])


@pytest.mark.parametrize("case", CASES)
def test_the_key_does_not_reach_the_student(case: str, graded: dict[str, dict[str, Any]]) -> None:
    """What Gradescope shows holds no formula of a finding and no expected value below the level that allows it."""
    rows = graded[case]["problems"]
    shown = json.dumps(graded[case]["results"])
    assert '"formula"' not in shown
    for written in sorted({row["reading"] for row in rows if row["reading"]}, key=len, reverse=True):
        shown = shown.replace(json.dumps(written)[1:-1], "")  # what the student wrote is theirs to see
    for row in rows:
        value = row["evidence"].get("reference", "")
        if row["status"] == "incorrect" and value.isdigit() and len(value) > 3:
            assert value not in shown


def test_grading_twice_gives_the_same_bytes(root: Path) -> None:
    case = str(HERE / "submissions" / "sheet")
    first, second = (run("grade", case, "-a", "hw1", "--json", cwd=root).stdout for _ in range(2))
    assert first == second
    assert first
