"""The verdicts of other graders' authors on expression pairs (optional data beside the project)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder.decide_lines import decide_line
from autograder.expression import parse
from tests.independent import differ

DATA = Path(__file__).parents[2] / "shared" / "verdicts" / "dev.jsonl"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="optional data is not here")
STATUS = {True: "correct", False: "incorrect"}
MOST_UNDECIDED = 0.002


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    return [row | {"got": json.loads(decide_line(json.dumps(row)))} for row in found]


def test_no_pair_is_accepted_or_refused_wrongly(rows: list[dict[str, Any]]) -> None:
    mine = [row for row in rows if row["kind"] == "equal" and not row.get("contested")]
    wrong = [row["id"] for row in mine if row["got"]["status"] not in (STATUS[row["expected"]], "undecided")]
    undecided = [row["id"] for row in mine if row["got"]["status"] == "undecided"]
    assert wrong == []
    assert len(undecided) <= MOST_UNDECIDED * len(mine)


@pytest.mark.parametrize("kind", ["numeric", "matrix"])
def test_every_number_and_matrix_is_judged_right(rows: list[dict[str, Any]], kind: str) -> None:
    wrong = [r["id"] for r in rows if r["kind"] == kind and r["got"]["status"] != STATUS[r["expected"]]]
    assert wrong == []


def test_what_cannot_be_read_gets_a_message_or_is_read_by_policy(rows: list[dict[str, Any]]) -> None:
    invalid = [row for row in rows if row["kind"] == "invalid"]
    read = [r["id"] for r in invalid if r["got"]["status"] != "unreadable" and "policy" not in r.get("note", "")]
    silent = [r["id"] for r in invalid if r["got"]["status"] == "unreadable" and not r["got"]["message"]]
    assert read == []
    assert silent == []


def test_every_refutation_is_confirmed_by_a_second_evaluator(rows: list[dict[str, Any]]) -> None:
    said: Counter[bool | None] = Counter()
    for row in rows:
        evidence = row["got"]["evidence"]
        if row["kind"] != "equal" or evidence["kind"] != "counterexample" or evidence.get("entry"):
            continue
        confirmed = differ(parse(row["answer"]), parse(row["reference"]), evidence["at"])
        assert confirmed is not False, row["id"]
        said[confirmed] += 1
    assert said[True] >= 0.95 * said.total()
