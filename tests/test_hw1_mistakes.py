"""Every mistake and convention that homework 1 declares or that is known of it gets the right verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_explanations import calling

from autograder import catalog
from autograder.answer import Answer, FunctionValue
from autograder.decide import decide
from autograder.expression import free_names, parse, to_text
from autograder.problem import Formula, Function, Number
from autograder.problem.check import check
from autograder.problem.formula import declared_node, facts
from autograder.problem.options import CheckOptions
from autograder.verdict import Status

ROOT = Path(__file__).parent.parent
PROBLEMS = {problem.name: problem for problem in catalog.load(ROOT, "hw1").problems}
DECLARED = [
    (problem, kind, entry)
    for problem in PROBLEMS.values()
    for kind in ("mistake", "convention")
    for entry in getattr(problem, f"{kind}s", ())
]
DATA = ROOT.parent / "shared" / "problems" / "problems.json"
LISTED = [
    (item["id"], mistake)
    for item in (json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else [])
    for mistake in item["mistakes"]
]


@pytest.mark.parametrize(
    ("problem", "kind", "entry"), DECLARED, ids=[f"{p.name}-{kind}-{entry.id}" for p, kind, entry in DECLARED]
)
def test_a_declared_slip_is_recognised(problem: Any, kind: str, entry: Any) -> None:
    options = CheckOptions(b"test")
    if isinstance(problem, Function):
        verdict = check(problem, Answer(FunctionValue(problem.name), calling(entry.answer)), options)
    elif isinstance(problem, Formula | Number):
        text = to_text(declared_node(entry))
        verdict = check(problem, Answer(text), options)
    else:
        verdict = check(problem, Answer(entry.answer), options)
    assert verdict.status in (Status.INCORRECT, Status.PARTIAL)
    failed_call = (
        isinstance(problem, Function) and verdict.finding is not None and verdict.finding.kind == "exception"
    )
    assert failed_call or (verdict.finding is not None and verdict.finding.kind in (kind, "convention", "mistake"))


def targets(item: str, mistake: dict[str, Any]) -> list[Any]:
    """The answers of an item that a listed mistake is a mistake of."""
    wanted = (mistake.get("target") or "").lower()
    found = [p for p in PROBLEMS.values() if p.item.id == item and isinstance(p, Formula | Number)]
    named = [p for p in found if p.name.endswith(f"_{wanted}")]
    return named or found[:1]


@pytest.mark.skipif(not LISTED, reason="optional data is not there")
@pytest.mark.parametrize(("item", "mistake"), LISTED, ids=[f"{item}-{m['label'][:40]}" for item, m in LISTED])
def test_a_listed_mistake_is_never_right(item: str, mistake: dict[str, Any]) -> None:
    for problem in targets(item, mistake):
        verdict = check(problem, Answer(mistake["formula"]), CheckOptions(b"test"))
        if verdict.status is not Status.CORRECT:
            assert verdict.status in (Status.INCORRECT, Status.PARTIAL, Status.UNREADABLE)
            continue
        # what coincides with the reference is a variant, and has to be equal beyond doubt
        assert isinstance(problem, Formula)
        known = facts(problem)
        node = parse(mistake["formula"])
        assert free_names(node) <= (known.names.symbols or frozenset())
        assert decide(node, known.reference, known.domain).equal
