"""Homework 1 answers the questions that it is meant to: names, kinds, domains, from optional data beside the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder import catalog
from autograder.decide import decide
from autograder.expression import parse
from autograder.problem import Formula, Number
from autograder.problem.formula import facts

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "problems" / "answers.json"
ROWS: list[dict[str, Any]] = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else []

pytestmark = pytest.mark.skipif(not ROWS, reason="optional data is not there")


@pytest.fixture(scope="module")
def problems() -> dict[str, Any]:
    return {problem.name: problem for problem in catalog.load(ROOT, "hw1").problems}


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_an_answer_is_declared_as_listed(row: dict[str, Any], problems: dict[str, Any]) -> None:
    problem = problems[row["name"]]
    assert (problem.kind, problem.item.id) == (row["kind"], row["item"])
    if isinstance(problem, Formula):
        assert dict(problem.symbols) == row.get("symbols", {})
        assert list(problem.where) == row.get("where", [])
        assert {name: list(shape) for name, shape in problem.arrays.items()} == row.get("arrays", {})
        indices = {name: [str(bound) for bound in pair] for name, pair in row.get("indices", {}).items()}
        assert {name: list(pair) for name, pair in problem.indices.items()} == indices
        assert problem.outside == row.get("outside", "error")
        known = facts(problem)
        assert decide(parse(row["reference"]), known.reference, known.domain).equal
    if isinstance(problem, Number) and row.get("given"):
        assert {name: str(value) for name, value in problem.given_values.items()} == {
            name: text.replace("Rational(9,10)", "9/10") for name, text in row["given"].items()
        }
