"""Our own pairs of formulas from deep learning, each with the truth and the reason for it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.decide_lines import decide_line
from autograder.expression import parse
from tests.independent import differ

FOLDER = Path(__file__).parent / "corpus"
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for file in sorted(FOLDER.glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
LEAST_ROWS = 150
SECONDS = 0.05


def test_the_corpus_is_wide_enough_and_gives_its_reasons() -> None:
    assert len(ROWS) >= LEAST_ROWS
    assert all(row["reason"] for row in ROWS)
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    pairs = [json.dumps({k: v for k, v in row.items() if k not in ("id", "reason", "expected")}) for row in ROWS]
    assert len(set(pairs)) == len(pairs)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_each_pair_is_judged_right_for_its_reason(row: dict[str, Any]) -> None:
    line = json.dumps(row)
    start = time.process_time()
    got = json.loads(decide_line(line))
    assert time.process_time() - start < SECONDS
    assert got["status"] == ("correct" if row["expected"] else "incorrect"), row["reason"]
    evidence = got["evidence"]
    if evidence["kind"] == "counterexample" and "arrays" not in row:
        assert differ(parse(row["answer"]), parse(row["reference"]), evidence["at"]) is True
