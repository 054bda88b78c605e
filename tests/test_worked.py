"""Worked solutions: derived from what a problem declares, there for every graded formula, and proved line by line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from autograder import catalog
from autograder.expression import to_latex, to_text
from autograder.layers import conv, maxpool
from autograder.problem import Costs, Formula, Gradient, Item, Number, Problem, ReceptiveField, Step
from autograder.worked import answer_of, reference_of, unproved, worked

ROOT = Path(__file__).parent.parent
PROBLEMS = catalog.load(ROOT, "hw1").problems
GRADED = [problem for problem in PROBLEMS if isinstance(problem, Formula | Number)]
H, W, Cin = sp.symbols("H W Cin")
ITEM = Item(id="Q1", title={"en": "T", "fa": "T"}, question={"en": "Q", "fa": "Q"})


def chains(problem: Problem) -> list[str]:
    return [" = ".join(map(to_text, line.chain)) for line in worked(problem) if line.chain]


@pytest.mark.parametrize("problem", GRADED, ids=lambda problem: problem.name)
def test_every_graded_answer_of_hw1_has_steps_that_end_in_it(problem: Formula | Number) -> None:
    lines = worked(problem)
    assert any(line.concludes for line in lines)
    assert list(unproved(problem)) == []
    for line in lines:
        assert set(line.words) >= {"en", "fa"}


def named(name: str) -> Formula | Number:
    (problem,) = [problem for problem in GRADED if problem.name == name]
    return problem


def test_costs_come_factor_by_factor_with_the_numbers_put_in() -> None:
    assert chains(named("q42e_macs")) == [
        "H*W*96*Cin = 28*28*96*192 = 14450688",
        "H*W*128*3*3*96 = 28*28*128*3*3*96 = 86704128",
        "14450688 + 86704128 = 101154816",
    ]


def test_receptive_fields_come_layer_by_layer() -> None:
    assert chains(named("q5e_r2")) == ["1 + (w - 2)*(d - 1)", "1 + (w - 2)*(d - 1) + (w - 1)*d"]


def test_a_gradient_has_definition_derivative_substitution_and_closed_form() -> None:
    lines = worked(named("q2_grad"))
    assert to_text(lines[0].chain[0]) == "Sum(w[m]*x[i + m], (m, 0, k - 1))"
    assert r"\delta_{m, j}" in to_latex(lines[2].chain[0])
    assert to_text(lines[3].chain[0]) == "Sum(dz[i]*x[i + j], (i, 0, n - k))"


def test_numbers_are_worked_out_line_by_line() -> None:
    assert chains(named("q41d_channels"))[-1] == "k0 + L*k = 32 + 3*24 = 32 + 72 = 104"


def test_a_fraction_is_equal_to_a_decimal_that_is_not_rounded() -> None:
    last = worked(named("q6d_max"))[-1]
    assert (last.words["en"], list(map(to_text, last.chain)), last.rounded) == (
        "As a decimal:",
        ["1/4", "0.25"],
        False,
    )
    assert worked(named("q6c_var"))[-1].rounded


def test_formulas_keep_the_authors_order() -> None:
    assert to_text(reference_of(named("q1a3_connections"))) == "(W - K + 1)*(H - K + 1)*F*D*K^2"
    assert list(map(to_text, answer_of(named("q42d_macs")).chain)) == ["H*W*64*Cin", "9633792"]


SLIPS = {
    "a step of another value": ({"steps": (Step("H*W*Cin + 1", {}),)}, "step 3"),
    "a shown formula of another value": ({"shown": "H*W + Cin"}, "shown"),
    "layers that cost something else": (
        {"working": Costs((Cin, H, W), (maxpool(k=3, s=1, p=1), conv(out=2, k=1)))},
        "step 3",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_the_working_is_found(name: str) -> None:
    changes, told = SLIPS[name]
    right = Number(
        name="q1_macs",
        item=ITEM,
        reference=H * W * Cin,
        given_values={"H": 4, "W": 5, "Cin": 3},
        working=Costs((Cin, H, W), (conv(out=1, k=1),)),
    )
    assert list(unproved(right)) == []
    assert [message for message in unproved(replace(right, **changes)) if message.startswith(told)] != []


def test_layers_that_see_something_else_are_found() -> None:
    problem = Formula(
        name="q1_rf",
        item=ITEM,
        reference="2*k - 1",
        symbols={"k": "positive integer"},
        working=ReceptiveField((("k", 1, 1), ("k", 1, 1))),
    )
    assert list(unproved(problem)) == []
    assert list(unproved(replace(problem, working=ReceptiveField((("k", 1, 2), ("k", 1, 1)))))) != []


def test_a_definition_of_another_layer_is_found() -> None:
    wrong = Gradient("z[i]", "Sum(w[m]*x[i - m], (m, 0, k - 1))", "w[j]", "dz[i]", (("i", "0", "n - k"),))
    assert list(unproved(replace(named("q2_grad"), working=wrong))) != []
