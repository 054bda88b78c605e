"""A wrong formula is explained by a slip that leads to it, or not at all; a right one never is."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from autograder import catalog
from autograder.arrays import Closeness
from autograder.decide import decide
from autograder.diagnose import Case, diagnose
from autograder.diagnose.edits import edits
from autograder.diagnose.functions import _cut
from autograder.domain import domain
from autograder.expression import parse, to_text
from autograder.problem import Formula
from autograder.problem.formula import case_of, facts

ROOT = Path(__file__).parent.parent
FORMULAS = [problem for problem in catalog.load(ROOT, "hw1").problems if isinstance(problem, Formula)]
KINDS = dict.fromkeys(("F", "D", "K", "W", "H"), "positive integer")
CONNECTIONS = Case(parse("(W-K+1)*(H-K+1)*F*D*K^2"), domain(KINDS, ["W >= K", "H >= K"]), tuple(sorted(KINDS)))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("(W-K+1)*(H-K+1)*F*D*K", "power-low"),
        ("(W-K+1)*(H-K+1)*F*D*K^3", "power-high"),
        ("(W-K+1)*(H-K+1)*F*K^2", "drop-factor"),
        ("(W-K+1)*(H-K+1)*D*K*K", "drop-factor"),
        ("(W-K)*(H-K+1)*F*D*K^2", "drop-term"),
        ("(W+K+1)*(H-K+1)*F*D*K^2", "sign"),
        ("(W-K+1)*(W-K+1)*F*D*K^2", "symbol-for-symbol"),
        ("2*F*D*(W-K+1)*(H-K+1)*K^2", "factor"),
        ("(W-K+1)*(H-K+1)*F*D*K^2 + 1", "offset"),
        ("F + D + K + 17*W", None),
    ],
)
def test_a_slip_is_named(answer: str, code: str | None) -> None:
    found = diagnose(parse(answer), CONNECTIONS)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("problem", FORMULAS, ids=[problem.name for problem in FORMULAS])
def test_an_explanation_is_a_formula_that_equals_the_answer_and_is_wrong(problem: Formula) -> None:
    case, known = case_of(problem), facts(problem)
    for edit in list(edits(case.reference, case.names))[:25]:
        if decide(edit.tree, known.reference, known.domain).equal is not False:
            continue
        found = diagnose(edit.tree, case)
        if found is None:
            continue
        formula = parse(found.formula, known.names)
        assert decide(formula, edit.tree, known.domain).equal, to_text(edit.tree)
        assert decide(formula, known.reference, known.domain).equal is False


def test_no_sentence_of_an_edit_holds_a_part_of_the_key() -> None:
    found = diagnose(parse("(W-K+1)*(H-K+1)*F*K^2"), CONNECTIONS)
    assert found is not None
    assert dict(found.fields) == {}


def test_a_huge_wrong_output_is_not_searched_for_a_border() -> None:
    given, wanted = np.zeros(300_000), np.arange(1.0, 4.0)
    started = time.process_time()
    assert _cut(given, wanted, Closeness(1e-9, 0.0)) is None
    assert time.process_time() - started < 1
    assert _cut(np.array([0.0, 1.0, 2.0, 3.0, 0.0]), wanted, Closeness(1e-9, 0.0)) == "border-added"
