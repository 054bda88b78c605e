"""Equality is decided with evidence: the traps that other checkers fall into, each with its verdict."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.decide import Decision, Rule, accepted, decide, decide_number
from autograder.decide_lines import decide_line
from autograder.domain import domain
from autograder.expression import Node, Number, Op, Symbol, parse
from tests.independent import differ

ROOT = Path(__file__).parents[1]
WHOLE = "positive integer"
COUNTS = {name: WHOLE for name in "CDFGHKMNPSWLi"}
SECONDS = 0.05


def verdict(answer: str, reference: str, symbols: Any = None, **more: Any) -> Decision:
    how = {name: more.pop(name) for name in ("strict", "up_to", "secret") if name in more}
    return decide(parse(answer), parse(reference), domain(symbols or {}, **more), **how)


@pytest.mark.parametrize(
    ("answer", "reference", "symbols", "default"),
    [
        ("Max(x, -100)", "x", {}, "real"),
        ("Max(x, -10**40)", "x", {}, "real"),
        ("Max(x^3, -10^60)", "x^3", {}, "real"),
        ("Max(x - y, -10^9)", "x - y", {}, "real"),
        ("Min(x, 12345)", "x", {}, "real"),
        ("abs(x - 1000)", "1000 - x", {}, "real"),
        ("floor(n/1000/1000)", "0", {"n": WHOLE}, "real"),
        ("floor(n/10**6)", "0", {"n": WHOLE}, "real"),
        ("n % 12345", "n", {"n": WHOLE}, "real"),
        ("n // 99999", "0", {"n": WHOLE}, "real"),
        ("Piecewise((0, Eq(x, 12345)), (x, True))", "x", {}, "real"),
        ("Piecewise((1, x > 0), (0, True))", "Piecewise((1, x >= 0), (0, True))", {}, "real"),
        ("sin(x)^2 + cos(x)^2 + 10^-40", "1", {}, "real"),
        ("x + 1e-30", "x", {}, "real"),
        ("(a^b)^c", "a^(b*c)", {}, "real"),
        ("sqrt(x^2)", "x", {}, "real"),
        ("sqrt(x*y)", "sqrt(x)*sqrt(y)", {}, "real"),
        ("log(exp(z))", "z", {}, "complex"),
        ("sqrt(z^2)", "z", {}, "complex"),
        ("atan(x) + atan(1/x)", "pi/2", {}, "real"),
        ("asin(sin(x))", "x", {}, "real"),
        ("ceiling((n + 2*p - k + 1)/s)", "floor((n + 2*p - k)/s) + 1", {}, "real"),
        ("floor(x) + floor(-x)", "-1", {}, "real"),
        ("sin(pi*n)", "0", {}, "real"),
        ("120420000", "120422400", {}, "real"),
        ("Sum(i, (i, 0, n - 1))", "n*(n + 1)/2", {"n": WHOLE}, "real"),
        ("n + (n-1)*(n-2)*(n-3)*(n-4)*(n-5)*(n-6)*(n-7)*(n-8)", "n", {"n": WHOLE}, "real"),
        ("exp(pi*sqrt(163))", "262537412640768744", {}, "real"),
    ],
)
def test_different_formulas_are_refuted_with_a_point(
    answer: str, reference: str, symbols: Any, default: str
) -> None:
    found = verdict(answer, reference, symbols, default=default)
    assert found.equal is False
    assert found.evidence.kind == "counterexample"
    assert differ(parse(answer), parse(reference), found.evidence.at) is True


@pytest.mark.parametrize(
    ("answer", "reference", "symbols", "default", "kind"),
    [
        ("F*(D*K^2 + 1)", "F*D*K*K + F", COUNTS, "real", "identity"),
        ("(x^2 - 1)/(x - 1)", "x + 1", {}, "real", "identity"),
        ("0.1*x", "x/10", {}, "real", "identity"),
        ("beta*gamma*S*N*Q*O", "O*Q*N*S*gamma*beta", {}, "real", "identity"),
        ("sin(x)^2 + cos(x)^2", "1", {}, "real", "balls"),
        ("(a^b)^c", "a^(b*c)", {}, "positive", "balls"),
        ("sqrt(x*y)", "sqrt(x)*sqrt(y)", {}, "positive", "balls"),
        ("exp(x)/(1 + exp(x))", "1/(1 + exp(-x))", {}, "real", "balls"),
        ("cos(pi*n)", "(-1)^n", {"n": "integer"}, "real", "balls"),
        ("ceiling((n + 2*p - k + 1)/s)", "floor((n + 2*p - k)/s) + 1", {x: WHOLE for x in "npks"}, "real", "grid"),
        ("Sum(i, (i, 1, n))", "n*(n + 1)/2", {"n": WHOLE}, "real", "grid"),
        ("Product(2*i, (i, 1, n))", "2^n*factorial(n)", {"n": WHOLE}, "real", "grid"),
        ("2**(L + 1)", "2*2**L", {"L": WHOLE}, "real", "grid"),
        ("Max(0, x)", "(x + abs(x))/2", {}, "real", "grid"),
        ("binomial(n, 2)", "n*(n - 1)/2", {"n": WHOLE}, "real", "grid"),
        ("gamma(n + 1)", "factorial(n)", {"n": WHOLE}, "real", "grid"),
    ],
)
def test_equal_formulas_are_accepted(answer: str, reference: str, symbols: Any, default: str, kind: str) -> None:
    for pair in ((answer, reference), (reference, answer)):
        found = verdict(*pair, symbols, default=default)
        assert (found.equal, found.evidence.kind) == (True, kind)


@pytest.mark.parametrize(
    ("answer", "reference", "where", "equal"),
    [
        ("floor((W-K+2*P)/S) + 1", "(W-K+2*P)/S + 1", ["S | (W-K+2*P)", "W >= K"], True),
        ("floor((W-K+2*P)/S) + 1", "(W-K+2*P)/S + 1", ["W >= K"], False),
        ("C*H*W/G", "C/G*H*W", ["G | C"], True),
        ("floor(C/G)*H", "C/G*H", ["G | C"], True),
        ("floor(C/G)*H", "C/G*H", [], False),
        ("(K-1)/2", "floor(K/2)", ["K % 2 == 1"], True),
        ("(K-1)/2", "floor(K/2)", [], False),
        ("Max(W-K, 0)", "W-K", ["W >= K"], True),
        ("Max(W-K, 0)", "W-K", [], False),
        ("abs(M - (F-1)*D)", "M - (F-1)*D", ["M > (F-1)*D"], True),
        ("abs(L - i)", "L - i", ["L > i"], True),
    ],
)
def test_relations_bound_the_points(answer: str, reference: str, where: Sequence[str], equal: bool) -> None:
    assert verdict(answer, reference, COUNTS, where=where).equal is equal


@pytest.mark.parametrize("digits", [80, 300, 800])
def test_precision_covers_the_smallest_literal(digits: int) -> None:
    assert verdict(f"sin(x)^2 + cos(x)^2 + 10^-{digits}", "1").equal is False
    assert verdict(f"exp(x) + 10^-{digits}", "exp(2*x)/exp(x)").equal is False


def test_a_declared_name_is_a_plain_symbol() -> None:
    for name in ("beta", "gamma", "S", "N", "E", "I", "Q", "O", "pi"):
        from_text = Op("*", (Symbol(name), Number(parse("2").value)))  # type: ignore[union-attr]
        assert decide(from_text, Symbol(name), domain({name: "real"})).equal is False


@pytest.mark.parametrize(
    ("answer", "reference", "where"),
    [
        ("Piecewise((1, x > 0))", "Piecewise((1, x > 0), (alpha, True))", ["x != 0"]),
        ("sqrt(x)**2", "Abs(x)", []),
        ("x/0", "x", []),
    ],
)
def test_an_answer_undefined_on_a_region_is_refuted_in_problems_only(
    answer: str, reference: str, where: Sequence[str]
) -> None:
    assert verdict(answer, reference, where=where).equal is False
    lenient = verdict(answer, reference, where=where, strict=False).equal
    assert lenient is (False if "sqrt" in answer else None if "/0" in answer else True)


@pytest.mark.parametrize(("answer", "reference"), [("x/x", "1"), ("log(x)/log(x)", "1"), ("x*(1/x)", "1")])
def test_a_removable_hole_is_no_difference(answer: str, reference: str) -> None:
    assert verdict(answer, reference, default="positive").equal is True


@pytest.mark.parametrize(
    ("answer", "reference", "up_to", "equal"),
    [
        ("-x*y", "x*y", "sign", True),
        ("x + 1", "-x", "sign", False),
        ("-x", "x", "", False),
        ("x^2 + 7", "x^2", "constant", True),
        ("log(3*x)", "log(x)", "constant", True),
        ("x^2 + x", "x^2", "constant", False),
    ],
)
def test_up_to_sign_and_up_to_a_constant(answer: str, reference: str, up_to: str, equal: bool) -> None:
    assert verdict(answer, reference, default="positive", up_to=up_to).equal is equal


def test_a_wrong_entry_of_a_shape_is_named() -> None:
    found = verdict("(W-K+1, H-K, F)", "(W-K+1, H-K+1, F)", COUNTS)
    assert (found.equal, found.entries) == (False, (True, False, True))
    assert found.evidence.kind == "counterexample"
    assert found.evidence.entry == "[1]"


def test_another_shape_is_said() -> None:
    found = verdict("(W, H)", "(W, H, F)", COUNTS)
    assert (found.equal, found.evidence.kind) == (False, "counterexample")
    assert (found.evidence.answer, found.evidence.reference) == ("2 entries", "3 entries")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "reference", "equal"),
    [
        ("Matrix([[1, 2], [3, 4]])*Matrix([[a], [b]])", "Matrix([[a + 2*b], [3*a + 4*b]])", True),
        ("Matrix([[a], [b]])*Matrix([[1, 2]])", "Matrix([[a, 2*a], [b, 2*b]])", True),
        ("Matrix([[1, 2]])*Matrix([[a], [b]])", "Matrix([[a + 2*b]])", True),
        ("2*Matrix([[1, 2]]) - Matrix([[1, 1]])/2", "Matrix([[3/2, 7/2]])", True),
        ("Matrix([[1, 2], [3, 4]])^2", "Matrix([[7, 10], [15, 22]])", True),
        ("transpose(Matrix([[1, 2], [3, 4]]))", "Matrix([[1, 3], [2, 4]])", True),
        ("det(Matrix([[a, b], [c, d]]))", "a*d - b*c", True),
        ("trace(Matrix([[a, b], [c, d]]))", "a + d", True),
        ("inverse(Matrix([[a, b], [c, d]]))*Matrix([[a, b], [c, d]])", "Matrix([[1, 0], [0, 1]])", True),
        ("Matrix([[1, 2], [3, 4]])^-1", "Matrix([[-2, 1], [3/2, -1/2]])", True),
        ("Matrix([[1, 2], [3, 4]])*Matrix([[1, 2], [3, 4]])", "Matrix([[1, 4], [9, 16]])", False),
        ("Matrix([[1, 2], [3, 4]])", "Matrix([[1, 3], [2, 4]])", False),
        ("Matrix([[1, 2]])*Matrix([[1, 2]])", "Matrix([[1, 4]])", False),
        ("Matrix([[1, 2]]) + 1", "Matrix([[2, 3]])", False),
        ("det(Matrix([[a, b]]))", "a*b", False),
        ("exp(Matrix([[0, 0]]))", "Matrix([[1, 1]])", None),
        ("Matrix([[1, 1], [1, 1]])^100", "Matrix([[1, 1], [1, 1]])", None),
    ],
)
def test_matrices_are_multiplied_out(answer: str, reference: str, equal: bool | None) -> None:
    assert verdict(answer, reference).equal is equal


@pytest.mark.parametrize(
    ("answer", "reference", "equal"),
    [
        ("(a+b+c+d+g+h)^30", "(h+g+d+c+b+a)^30", True),
        ("(a+b+c+d+g+h)^30", "(h+g+d+c+b+a)^30 + 1", False),
        ("(a+b+c+d+g+h)^30/(a-b)", "-(h+g+d+c+b+a)^30/(b-a)", True),
        ("(a+b)^500 - (a+b)^499*b", "a*(a+b)^499", True),
        ("(a+b)^500", "(a+b)^500*(1 + 10^-300)", False),
    ],
)
def test_polynomials_beyond_the_budget_are_compared_modulo_primes(answer: str, reference: str, equal: bool) -> None:
    found = verdict(answer, reference)
    assert found.equal is equal
    if equal:
        assert found.evidence.kind == "identity"
        assert 0 < found.evidence.error_bound < Fraction(1, 10**30)  # type: ignore[union-attr]


CONVOLUTION: Any = {
    "arrays": {"x": ["n"], "dz": ["n-k+1"]},
    "indices": {"j": [0, "k-1"]},
    "where": ["n >= k"],
}
GRADIENT = "Sum(dz[i]*x[i+j], (i, 0, n-k))"


@pytest.mark.parametrize(
    ("answer", "equal", "kind"),
    [
        ("Sum(x[i+j]*dz[i], (i, 0, n-k))", True, "identity"),
        ("Sum(dz[m-j]*x[m], (m, j, n-k+j))", True, "grid"),
        ("Sum(dz[i]*x[i+j], (i, 0, n-k+1))", False, "undefined"),
        ("Sum(dz[i]*x[i+j], (i, 1, n-k))", False, "counterexample"),
        ("Sum(dz[i]*x[i-j+k-1], (i, 0, n-k))", False, "counterexample"),
        ("Sum(dz[i]*x[i], (i, 0, n-k))", False, "counterexample"),
        ("dz[j]*x[j]", False, "counterexample"),
    ],
)
def test_indexed_sums_are_compared_entry_by_entry(answer: str, equal: bool, kind: str) -> None:
    found = verdict(answer, GRADIENT, **CONVOLUTION)
    assert found.equal is equal
    assert found.evidence.kind in (kind, "undefined" if not equal else kind)


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        (
            "Sum(Sum(Sum(x[i]*x[j], (j, 0, n-1)), (i, 0, n-1)), (i, 0, n-1))",
            "Sum(Sum(Sum(x[i]*x[i], (j, 0, n-1)), (i, 0, n-1)), (i, 0, n-1))",
        ),
        (
            "Sum(Product(Product(x[i] + x[j], (j, 0, n-1)), (i, 0, n-1)), (i, 0, n-1))",
            "Sum(Product(Product(x[i] + x[i], (j, 0, n-1)), (i, 0, n-1)), (i, 0, n-1))",
        ),
    ],
)
def test_an_index_name_used_twice_proves_nothing(answer: str, reference: str) -> None:
    assert verdict(answer, reference, arrays={"x": ["n"]}).equal is not True


def test_one_value_made_of_arrays_is_compared_with_several_arrays() -> None:
    lives: Any = {"arrays": {"x": ["n"]}}
    square = "Sum(Sum(x[i]*x[j], (i, 0, n-1)), (j, 0, n-1))"
    assert verdict("Sum(x[i], (i, 0, n-1))^2", square, **lives).equal is True
    assert verdict("Sum(x[i]^2, (i, 0, n-1))", square, **lives).equal is False


def test_functions_of_entries_are_compared_to_many_bits() -> None:
    softmax: Any = {"arrays": {"x": ["n"]}, "indices": {"j": [0, "n-1"]}}
    one, other = "exp(x[j])/Sum(exp(x[i]), (i, 0, n-1))", "1/Sum(exp(x[i] - x[j]), (i, 0, n-1))"
    assert verdict(one, other, **softmax).evidence.kind == "balls"
    assert verdict(f"{one} + 10^-70", other, **softmax).equal is False


def test_outside_of_an_array_is_zero_where_the_problem_says_so() -> None:
    arrays: Any = {"arrays": {"x": ["n"]}, "indices": {"j": [0, "n-1"]}}
    padded, clipped = "x[j+1]", "Piecewise((x[j+1], j < n-1), (0, True))"
    assert verdict(padded, clipped, **arrays, outside="zero").equal is True
    assert verdict(padded, clipped, **arrays, outside="error").equal is False


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("9**9**9**9", "x"),
        ("factorial(10**9)", "x"),
        ("Sum(1, (i, 0, 10**18))", "10**18 + 1"),
        ("exp(exp(exp(exp(exp(x)))))", "exp(exp(exp(exp(exp(x))))) + 0*y"),
        ("(x+1)^(10**6)", "(1+x)^(10**6)"),
        ("(a+b+c+d+e1+f+g+h)^30", "(h+g+f+e1+d+c+b+a)^30"),
        ("Sum(Sum(Sum(i*j*k, (i,1,n)), (j,1,n)), (k,1,n))", "(n*(n+1)/2)^3"),
    ],
)
def test_no_pair_costs_more_than_its_budget(answer: str, reference: str) -> None:
    left, right = parse(answer), parse(reference)
    start = time.process_time()
    found = decide(left, right, domain({"n": WHOLE}))
    assert time.process_time() - start < SECONDS
    assert found.equal is not False


POLYNOMIAL = st.recursive(
    st.sampled_from(["K", "W", "F", "1", "2", "3"]),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=8,
)


@given(POLYNOMIAL)
@settings(max_examples=60, deadline=None)
def test_one_more_is_never_equal(text: str) -> None:
    counts = domain(COUNTS)
    formula = parse(text)
    assert decide(formula, formula, counts).equal is True
    assert decide(Op("+", (formula, parse("1"))), formula, counts).equal is False
    assert decide(Op("+", (parse("W - W"), formula)), formula, counts).equal is True


@given(POLYNOMIAL, POLYNOMIAL)
@settings(max_examples=60, deadline=None)
def test_refuted_polynomials_differ_where_it_is_said(left: str, right: str) -> None:
    answer, reference = parse(left), parse(right)
    found = decide(answer, reference, domain(COUNTS))
    back = decide(reference, answer, domain(COUNTS))
    assert found.equal is not None
    assert found.equal is back.equal
    if found.evidence.kind == "counterexample":
        assert differ(answer, reference, found.evidence.at) is True


@pytest.mark.parametrize(
    ("answer", "reference", "rule", "equal"),
    [
        ("1.05", "1", {"rel": 0.05}, True),
        ("1.0500001", "1", {"rel": 0.05}, False),
        ("1.15", "1", {"rel": 0.05, "abs": 0.1}, True),
        ("0", "0", {"rel": 0.05}, True),
        ("3.14", "pi", {"decimal_digits": 2}, True),
        ("3.13", "pi", {"decimal_digits": 2}, False),
        ("31400", "10000*pi", {"significant_figures": 3}, True),
        ("31300", "10000*pi", {"significant_figures": 3}, False),
        ("120420000", "120422400", None, False),
        ("28*28*64*192", "9633792", None, True),
        ("1/3", "0.3333333333333333", None, False),
        ("0.1 + 0.2", "0.3", None, True),
        ("sqrt(2)^2", "2", None, True),
    ],
)
def test_numbers_within_a_tolerance(answer: str, reference: str, rule: Any, equal: bool) -> None:
    assert decide_number(parse(answer), parse(reference), Rule.of(rule)).equal is equal


@pytest.mark.parametrize(
    ("answer", "equal"), [("3", True), ("4", True), ("2.999", False), ("pi", True), ("I", False)]
)
def test_an_interval_is_closed(answer: str, equal: bool) -> None:
    assert decide_number(parse(answer), parse("3"), Rule.between(parse("3"), parse("4"))).equal is equal


@pytest.mark.parametrize(("answer", "equal"), [("9", True), ("10", True), ("10.0001", False), ("-10^6", True)])
def test_an_upper_bound_is_one_sided(answer: str, equal: bool) -> None:
    rule = Rule.between(None, parse("10"))
    assert decide_number(parse(answer), parse("10"), rule).equal is equal
    assert accepted(rule, parse("10")) == ("", "10")


@pytest.mark.parametrize(
    ("rule", "reference", "low", "high"),
    [
        ({"rel": 0.05}, "89.7", "85.215", "94.185"),
        ({"abs": 0.1}, "-2", "-2.1", "-1.9"),
        ({"rel": 0.01}, "1/3", "0.33", "0.336666666666"),
        ({"significant_figures": 3}, "1234", "1229", "1239"),
        ({"abs": 0.001}, "pi", "3.14059265359", "3.14259265358"),
        (None, "120422400", "120422400", "120422400"),
    ],
)
def test_what_is_accepted_can_be_said(rule: Any, reference: str, low: str, high: str) -> None:
    ends = accepted(Rule.of(rule), parse(reference))
    assert ends == (low, high)
    assert all(decide_number(parse(end), parse(reference), Rule.of(rule)).equal for end in ends)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ('{"id": 1, "answer": "x+x", "reference": "2*x"}', "correct"),
        ('{"id": 1, "answer": "x*x", "reference": "2*x"}', "incorrect"),
        ('{"id": 1, "answer": "x+", "reference": "2*x"}', "unreadable"),
        ('{"id": 1, "answer": "1/0"}', "unreadable"),
        ('{"id": 1, "answer": "q"}', "unreadable"),
        ('{"id": 1, "answer": "x", "reference": "x", "symbols": {"x": "purple"}}', "undecided"),
        ('{"id": 1, "answer": "x", "reference": "x", "where": 7}', "undecided"),
        ('{"id": 1}', "undecided"),
        ("[1, 2]", "undecided"),
        ("not json", "undecided"),
        ("", "undecided"),
        ("null", "undecided"),
        ("[" * 100_000, "undecided"),
    ],
)
def test_a_line_in_is_a_line_out(line: str, status: str) -> None:
    out = decide_line(line)
    assert f'"status": "{status}"' in out
    assert "\n" not in out


def test_the_same_pairs_give_the_same_bytes_for_every_hash_seed() -> None:
    code = (
        "from autograder.decide_lines import decide_line as d\n"
        "rows = [('Max(a,b,c)', 'a+b'), ('sin(x)^2+cos(x)^2', '1'), ('(a^b)^c', 'a^(b*c)'), ('x*y', 'y*z')]\n"
        "import json\n"
        "for a, r in rows: print(d(json.dumps({'answer': a, 'reference': r})))\n"
    )
    assert seeds.printed(code).count(b"\n") == 4


def test_the_secret_moves_the_points_and_not_the_verdict() -> None:
    node: Node = parse("Max(x, y) + Min(x, y)")
    for secret in (b"", b"one", b"two"):
        assert decide(node, parse("x + y"), domain({}), secret=secret).equal is True
