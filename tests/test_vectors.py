"""Values at many places at once are those that one place after the other has, or there are none."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from autograder.decide import decide
from autograder.decide.evaluate import evaluator
from autograder.decide.indexed import Entries
from autograder.decide.values import OutOfBudget, Undefined, Unsure
from autograder.decide.vectors import Arrays, Unsuited, Vector, table, vector
from autograder.domain import domain
from autograder.expression import Call, Fold, Index, Logic, Node, Number, Op, Piecewise, Relation, Symbol, parse

SETTING = {"n": fmpq(4), "k": fmpq(3), "q": fmpq(1, 2)}
PLACES = [SETTING | {"i": fmpq(i), "j": fmpq(j)} for i, j in product(range(3), range(2))]
SHAPES = {"x": (4,), "w": (3, 4)}


def both(node: Node, outside: str) -> tuple[Vector, list[fmpq | None]]:
    """The vector of a formula, and its values one after the other; None where there is none."""
    entries = {name: Entries(name, shape, outside, b"test") for name, shape in SHAPES.items()}
    filled = {name: array.filled for name, array in entries.items() if array.filled is not None}
    found = vector(node, table(PLACES), Arrays(filled, outside == "zero"), len(PLACES))
    evaluate = evaluator(node)
    values: list[fmpq | None] = []
    for point in PLACES:
        try:
            values.append(evaluate({**point, **entries}))
        except Undefined:
            values.append(None)
    return found, values


def listed(found: Vector) -> list[fmpq | None]:
    tops, bads = (np.broadcast_to(part, (len(PLACES),)).tolist() for part in (found.top, found.bad))
    return [None if bad else fmpq(top, found.bottom) for top, bad in zip(tops, bads, strict=True)]


@pytest.mark.parametrize("outside", ["error", "zero"])
@pytest.mark.parametrize(
    "text",
    [
        "7/3 - i/2",
        "x[i]*q + n/k",
        "x[i+j]^2/(2*n)",
        "x[i-1] + x[n-1-i]",
        "x[i/2]",
        "x[floor(i/2)] - x[(i+j)//2] + x[(i+3*j)%4]",
        "x[ceiling(i/2)]*w[i,j]",
        "Sum(x[m]*w[i,m], (m, 0, n-1))/4",
        "Sum(x[m]*w[i,m], (m, i, n-1))",
        "Sum(x[m], (m, i, j))",
        "Sum(x[m], (m, 0, i/2))",
        "Sum(w[a,b], (a, 0, b-1), (b, 0, k-1))",
        "Sum(Sum(w[a,b], (a, 0, b-1)), (b, 0, k-1))",
        "Sum(1, (m, 1, i))",
        "Sum(x[m]/(m+1), (m, 0, 2))",
        "Sum(m, (m, 5, i))",
        "Max(i, j, q) + Min(2, i) + abs(i - j) + Mod(-i, 2)",
        "Piecewise((x[i+2], i < 2), (0, True))",
        "Piecewise((x[i], x[i+2] > 0))",
        "Piecewise((1, (i > 0) & (x[i+3] > 0)), (2, (i < 2) | (x[i+3] > 0)), (3, True))",
        "1/(i-i)",
        "i^0 + n^k",
        "x[0]/(k-3)",
    ],
)
def test_each_value_is_the_one_that_its_place_has(text: str, outside: str) -> None:
    try:
        found, values = both(parse(text), outside)
    except Unsuited:
        assert text in SLOW
    else:
        assert listed(found) == values


SLOW = {"Sum(x[m]/(m+1), (m, 0, 2))"}  # divided by what differs from term to term


@pytest.mark.parametrize(
    "text",
    ["x[0]*10^30", "n^k^n^k", "exp(x[i])", "Sum(x[0], (m, 0, 10^9))", "y[0]", "x[i,j]", "Product(x[m], (m, 0, 3))"],
)
def test_what_does_not_fit_is_left_to_the_slower_way(text: str) -> None:
    with pytest.raises(Unsuited):
        vector(parse(text), table(PLACES), Arrays({"x": np.arange(4)}, zero=False), len(PLACES))


def test_no_product_of_large_numbers_overflows() -> None:
    node = parse("*".join(["(n*10^3)"] * 5))
    assert listed(both(node, "zero")[0]) == [fmpq(4 * 10**3) ** 5] * len(PLACES)
    with pytest.raises(Unsuited):
        both(parse("*".join(["(n*10^3)"] * 6)), "zero")


INDICES = st.sampled_from(["i", "j", "m", "n", "k", "q"])


def trees() -> st.SearchStrategy[Node]:
    leaves = st.integers(-3, 4).map(lambda value: Number(Fraction(value))) | INDICES.map(Symbol)

    def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        pair = st.tuples(inner, inner)
        relation = st.builds(Relation, st.sampled_from(["<", "<=", "==", "!="]), inner, inner)
        condition = relation | st.tuples(relation, relation).flatmap(
            lambda two: st.sampled_from([Logic("and", two), Logic("or", two), Logic("not", two[:1])])
        )
        return (
            st.builds(Op, st.sampled_from(["+", "*", "/", "//", "%", "^"]), pair)
            | st.builds(Op, st.just("neg"), st.tuples(inner))
            | st.builds(Call, st.sampled_from(["floor", "ceiling", "abs"]), st.tuples(inner))
            | st.builds(Call, st.sampled_from(["Max", "Min", "Mod"]), pair)
            | st.builds(Index, st.just("x"), st.tuples(inner))
            | st.builds(Index, st.just("w"), pair)
            | st.builds(lambda body, low, high: Fold("Sum", body, (("m", low, high),)), inner, inner, inner)
            | st.builds(
                lambda one, when, other: Piecewise(
                    ((one, when), (other, Relation("<", Number(Fraction(0)), Number(Fraction(1)))))
                ),
                inner,
                condition,
                inner,
            )
        )

    return st.recursive(leaves, grown, max_leaves=12)


@given(trees(), st.sampled_from(["error", "zero"]))
def test_any_formula_has_the_same_values_both_ways(node: Node, outside: str) -> None:
    closed = Fold("Sum", node, (("m", Number(Fraction(0)), Number(Fraction(2))),))
    try:
        found, values = both(closed, outside)
    except (Unsuited, Unsure, OutOfBudget):
        return
    assert listed(found) == values


CORRELATION = domain({}, arrays={"x": ["n"], "dz": ["n - k + 1"]}, indices={"i": [0, "n - k"]}, where=["n >= k"])


def test_a_slip_at_one_place_only_is_still_found() -> None:
    """Every place that agrees is passed over at once; the one that does not is the counterexample."""
    right, wrong = "x[i]", "Piecewise((x[i], i < n - k), (x[i] + 1, True))"
    found = decide(parse(wrong), parse(right), CORRELATION)
    assert found.equal is False
