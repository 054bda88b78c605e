"""A wrong formula is explained by a slip that leads to it, or not at all; a right one never is."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from autograder import catalog
from autograder.decide import decide
from autograder.diagnose import Case, diagnose
from autograder.diagnose.edits import edits
from autograder.diagnose.relations import cropped
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
    assert cropped([given], [wanted], np.array_equal) is None
    assert time.process_time() - started < 1
    assert cropped([np.array([0.0, 1.0, 2.0, 3.0, 0.0])], [wanted], np.array_equal) == "border-added"


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        pytest.param("q1a2_weights", "F*D*(K+1)^2", "off-by-one", id="a-size-one-too-large"),
        pytest.param("q1a2_weights", "F*D*(K-1)^2", "off-by-one", id="a-size-one-too-small"),
        pytest.param("q1a3_connections", "(W-K+1)*(H-K+1)*F*D*(K+1)^2", "off-by-one", id="a-size-among-many"),
        pytest.param("q1a3_connections", "(W-K+2)*(H-K+2)*F*D*K^2", "off-by-one", id="both-sizes"),
        pytest.param("q1a4_weights", "W*H*(D+1)*F", "off-by-one", id="as-written-not-as-a-term"),
        pytest.param("q1a2_weights", "F*D*K^2 + 1", "offset", id="a-product-is-no-size"),
        pytest.param("q1b1_params", "2*N_neurons + 1", "offset", id="a-multiple-is-no-size"),
        pytest.param("q1b4_grad_factor", "2/alpha", "factor", id="a-number-that-is-no-size"),
        pytest.param("q6a_bound", "(1+sigma)^(L-i)", "constant", id="a-real-number-is-no-size"),
        pytest.param("q6a_bound", "(1-sigma)^(L-i)", "complement", id="the-rest-of-a-share"),
        pytest.param("q6a_bound", "sigma^(L*i)", "sum-for-product", id="product-for-difference"),
        pytest.param("q1a2_weights", "F*D*(K^2-1)", "term-subtracted", id="a-part-of-it-less"),
        pytest.param("q1a4_weights", "(W*H*D)^2*F", "add-factor", id="a-part-of-it-twice"),
        pytest.param("q6f_f", "x", "piece-lost", id="one-case-everywhere"),
        pytest.param("q6d_dsigmoid", "-exp(-x)/(1+exp(-x))^2", "sign", id="a-sign-is-no-factor"),
        pytest.param("q5f_active_type_b", "(K+1)^2/2", "bracket", id="a-square-around-too-much"),
        pytest.param("q1b5_samples_per_statistic", "C + H*W/G", "sum-for-product", id="plus-before-a-quotient"),
        pytest.param("q1a1_w_out", "K", None, id="a-lone-symbol"),
        pytest.param("q1a1_w_out", "F", None, id="a-lone-symbol-of-another-question"),
        pytest.param("q41_direct_connections", "3*L", None, id="nothing-that-needs-cancelling"),
        pytest.param("q1a2_weights", "3*F*D*K", None, id="no-two-far-fetched-slips"),
        pytest.param("q5a_offset_conv_params", "4*K^4*Cin", None, id="no-way-that-cancels"),
    ],
)
def test_the_plainest_explanation_wins_and_a_far_fetched_one_is_none(
    name: str, answer: str, code: str | None
) -> None:
    problem = next(problem for problem in FORMULAS if problem.name == name)
    found = diagnose(parse(answer, facts(problem).names), case_of(problem))
    assert (found.code if found else None) == code


def test_a_formula_that_mostly_has_no_value_explains_nothing() -> None:
    problem = next(problem for problem in FORMULAS if problem.name == "q34_grad")
    case, names = case_of(problem), facts(problem).names
    answer = parse("Sum(dP1[a, b, l]*x[a + m, b + n, c], (a, 1, A - 1), (b, 1, B - 1))", names)
    found = diagnose(answer, case)
    assert found is None or decide(parse(found.formula, names), answer, case.domain).equal
