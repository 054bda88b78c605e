"""Partial credit: known mistakes, entries, outputs and steps count; what follows from an error counts where it may."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from autograder import catalog
from autograder.answer import Answer, Earlier, FunctionValue, Returned
from autograder.messages import Say
from autograder.problem import Case, Checkpoint, Convention, Derivation, Formula, Function, Item, Mistake, Problem
from autograder.problem.check import check
from autograder.problem.options import CheckOptions
from autograder.report import row
from autograder.score import score
from autograder.verdict import Status, Verdict

ITEM = Item(id="Q1", title={"en": "t"}, question={"en": "q"})
HW1 = catalog.load(Path(__file__).parent.parent, "hw1")
HALF, x, n = Fraction(1, 2), sp.Symbol("x"), sp.Symbol("n")


def verdict(problem: Problem, value: Any, **others: Any) -> Verdict:
    return check(problem, Answer(value, **others), CheckOptions())


def said(problem: Problem, found: Verdict, level: str = "hint") -> str:
    return row(problem, found, Fraction(1), Say(level=level)).message


# --- entries and declared mistakes ---

SHAPE = Formula(
    name="shape",
    item=ITEM,
    reference=sp.Tuple(28, 28, 64),
    mistakes=(
        Mistake(id="stacked", answer=sp.Tuple(112, 28, 64)),
        Mistake(id="flat", answer=sp.Tuple(784, 1, 1), credit=HALF),
    ),
    conventions=(Convention(id="channels-first", answer=sp.Tuple(64, 28, 28), credit=Fraction(0)),),
)


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("(28, 28, 64)", 1),
        ("(28, 28, 32)", Fraction(2, 3)),
        ("(112, 28, 64)", Fraction(2, 3)),  # a known mistake takes nothing away from entries that are right
        ("(784, 1, 1)", HALF),
        ("(64, 28, 28)", Fraction(1, 3)),
        ("(1, 2, 3)", 0),
        ("(28, 28)", 0),
    ],
)
def test_entries_of_a_tuple_count(answer: str, credit: Any) -> None:
    assert verdict(SHAPE, answer).credit == credit


def test_entries_of_a_matrix_count() -> None:
    problem = Formula(name="m", item=ITEM, reference=sp.Matrix([[x, 1], [0, x]]), symbols={"x": "real"})
    assert verdict(problem, "Matrix([[x, 1], [1, x]])").credit == Fraction(3, 4)


# --- derivations ---


def summed() -> Derivation:
    """From a sum to its closed form: only rewriting."""
    i = sp.Symbol("i")
    return Derivation(
        name="sum",
        item=ITEM,
        symbols={"n": "positive integer"},
        follow_through=True,
        checkpoints=(
            Checkpoint(
                id="start", reference=sp.Sum(2 * i, (i, 1, n)), form=lambda node: type(node).__name__ == "Fold"
            ),
            Checkpoint(id="out", reference="2*Sum(i, (i, 1, n))", form=lambda node: getattr(node, "op", "") == "*"),
            Checkpoint(id="gauss", reference="2*(n*(n+1)/2)", form=lambda node: "Fold" not in repr(node)),
            Checkpoint(id="end", reference="n^2 + n", form=lambda node: getattr(node, "op", "") == "+"),
        ),
    )


SLOPE = Derivation(
    name="slope",
    item=ITEM,
    symbols={"x": "real"},
    follow_through=True,
    checkpoints=(
        Checkpoint(id="start", reference="x^3 + x"),
        Checkpoint(id="first", reference="3*x^2 + 1"),
        Checkpoint(id="second", reference="6*x", follow=lambda line: str(sp.diff(sp.sympify(line.replace("^", "**")), x))),
        Checkpoint(id="third", reference="6", follow=lambda line: str(sp.diff(sp.sympify(line.replace("^", "**")), x))),
    ),
)  # fmt: skip
WALKS: dict[str, tuple[Derivation, list[str], Any, str]] = {
    "right": (summed(), ["Sum(2*i, (i, 1, n))", "2*Sum(i, (i, 1, n))", "2*(n*(n+1)/2)", "n^2 + n"], 1, ""),
    "wrong in the middle, then right": (
        summed(), ["Sum(2*i, (i, 1, n))", "2*Sum(i, (i, 1, n))", "2*(n*(n-1)/2)", "n^2 - n"],
        Fraction(2, 4) + HALF / 4, "3",
    ),
    "wrong in the middle, then wrong again": (
        summed(), ["Sum(2*i, (i, 1, n))", "2*Sum(i, (i, 1, n))", "2*(n*(n-1)/2)", "n^2 + n"], Fraction(2, 4), "3",
    ),
    "wrong at the start": (summed(), ["Sum(i, (i, 1, n))", "2*Sum(i, (i, 1, n))"], 0, "1"),
    "the end alone": (summed(), ["n^2 + n"], 0, "1"),
    "a rule of the author's": (SLOPE, ["x^3 + x", "3*x^2 + x", "6*x + 1", "6"], Fraction(1, 4) + HALF * 2 / 4, "2"),
    "a rule that is not followed": (SLOPE, ["x^3 + x", "3*x^2 + x", "6*x", "6"], Fraction(1, 4), "2"),
}  # fmt: skip


@pytest.mark.parametrize(("problem", "steps", "credit", "step"), WALKS.values(), ids=WALKS.keys())
def test_the_first_wrong_step_is_named_and_what_follows_counts(
    problem: Derivation, steps: list[str], credit: Any, step: str
) -> None:
    found = verdict(problem, steps)
    assert found.credit == credit
    assert (found.finding.fields["step"] if found.finding else "") == step


def test_nothing_follows_where_the_author_does_not_say_so() -> None:
    strict = Derivation(name="slope", item=ITEM, symbols={"x": "real"}, checkpoints=SLOPE.checkpoints)
    assert verdict(strict, ["x^3 + x", "3*x^2 + x", "6*x + 1", "6"]).credit == Fraction(1, 4)


def test_a_wrong_step_is_shown_beside_the_line_before_it() -> None:
    problem = summed()
    found = verdict(problem, ["Sum(2*i, (i, 1, n))", "2*Sum(i, (i, 1, n))", "2*(n*(n-1)/2)", "n^2 - n"])
    hint = (
        "Partly right. Step 3, `2*(n*(n - 1)/2)`, does not follow from the line before it. The steps before it are "
        "right. A sign is wrong. Does your answer grow where it should grow? What follows from it is worked out "
        "correctly, and counts in part."
    )
    assert said(problem, found) == hint
    assert said(problem, found, "counterexample") == (
        hint + " At `n = 1` this step gives `0`, but the line before it gives `2`."
    )


def test_a_step_that_is_no_rewriting_is_not_compared_with_the_line_before() -> None:
    found = verdict(SLOPE, ["x^3 + x", "3*x^2 + x"])
    assert said(SLOPE, found, "counterexample").endswith(
        "Try `x = 2`: this step gives `14` there. Put in these numbers and work it out by hand, one step at a time."
    )
    assert "and `13` is right." in said(SLOPE, found, "full")


def test_the_chain_rule_of_homework_1_follows_from_a_wrong_local_gradient() -> None:
    steps = ["Sum(w[m]*x[i + m], (m, 0, k - 1))", "x[i]", "Sum(dz[i]*x[i], (i, 0, n - k))"]
    found = verdict(HW1["q2_steps"], steps)
    assert found.status is Status.PARTIAL
    assert found.credit == Fraction(1, 3) + HALF / 3


# --- numbers ---

EARLIER: dict[str, tuple[Any, Any, Any, Any]] = {
    "both right": ((120422400, True), (12443648, True), "0.8967", 1),
    "followed from a wrong one": ((120422400, True), (6221824, False), "0.9483", HALF),
    "in percent": ((120422400, True), (6221824, False), "94.83%", HALF),
    "not what follows": ((120422400, True), (6221824, False), "0.5", 0),
    "from two wrong ones nothing follows": ((100, False), (50, False), "0.5", 0),
    "a share of nothing": ((0, False), (12443648, True), "0.5", 0),
    "one that could not be read": ((None, False), (12443648, True), "0.5", 0),
}


@pytest.mark.parametrize(("direct", "small", "answer", "credit"), EARLIER.values(), ids=EARLIER.keys())
def test_a_reduction_follows_from_the_students_own_counts(
    direct: Any, small: Any, answer: str, credit: Any
) -> None:
    values = {"q42a_macs": direct, "q42b_macs": small}
    others = {
        name: Earlier(None if value is None else Fraction(value), right) for name, (value, right) in values.items()
    }
    assert verdict(HW1["q42c_reduction"], answer, others=others).credit == credit


# --- functions ---


def totals(a: int, b: int) -> dict[str, int]:
    return {"first": a * a, "second": a * b, "total": a * a + a * b}


TOTALS = Function(
    name="totals",
    item=ITEM,
    signature="totals(a, b)",
    implementation=totals,
    cases=lambda rng: [Case((2, 3)), Case((4, 5)), Case((3, 7))],
    follow={"total": lambda own: own["first"] + own["second"]},
)
FOLLOWING: dict[str, tuple[Any, Any]] = {
    "right": (totals, 1),
    "an error carried on": (
        lambda a, b: {"first": a * a, "second": b, "total": a * a + b},
        Fraction(1, 3) + HALF / 3,
    ),
    "an error that is not carried on": (lambda a, b: {"first": a * a, "second": b, "total": b}, Fraction(1, 3)),
    "a wrong total alone": (lambda a, b: {"first": a * a, "second": a * b, "total": 0}, Fraction(2, 3)),
    "nothing right to follow from": (lambda a, b: {"first": 1, "second": 2, "total": 3}, 0),
    "texts": (lambda a, b: {"first": a * a, "second": "x", "total": "y"}, Fraction(1, 3)),
    "an array": (lambda a, b: np.array([1.0, 2.0, 3.0]), 0),
}


@pytest.mark.parametrize(("function", "credit"), FOLLOWING.values(), ids=FOLLOWING.keys())
def test_a_total_follows_from_the_students_own_outputs(function: Any, credit: Any) -> None:
    found = verdict(TOTALS, FunctionValue("totals"), call=lambda arguments: Returned(function(*arguments)))
    assert found.credit == credit
    assert score(found, Fraction(3)).points == 3 * Fraction(credit)


def test_the_total_of_inception_follows_from_its_branches() -> None:
    problem = HW1["inception_macs"]

    def pool_forgotten(*sizes: int) -> dict[str, int]:
        right = problem.implementation(*sizes)
        own = right | {"branch4": right["branch4"] + 1}
        return own | {"total": sum(own[f"branch{number}"] for number in (1, 2, 3, 4))}

    found = verdict(problem, FunctionValue("f"), call=lambda arguments: Returned(pool_forgotten(*arguments)))
    assert found.credit == Fraction(3, 5) + HALF / 5
    assert "The output `total` follows correctly from your other outputs" in said(problem, found)
