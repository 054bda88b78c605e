"""Strings that nobody would hand in: each is read, or refused with an AnswerError, and soon."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import AnswerError
from autograder.expression import (
    CODES,
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
    parse,
    to_latex,
    to_mathml,
    to_text,
    to_typst,
)

PIECES = [
    "x",
    "K",
    "D",
    "1",
    "2.5",
    "1e9",
    "+",
    "-",
    "*",
    "/",
    "**",
    "^",
    "//",
    "%",
    "(",
    ")",
    "[",
    "]",
    ",",
    "!",
    "|",
    "<",
    "<=",
    "==",
    "and",
    "or",
    "not",
    "if",
    "else",
    "for",
    "in",
    "range",
    "sum(",
    "Sum(",
    "Max(",
    "Piecewise(",
    "sqrt(",
    "log(",
    "Matrix(",
    "True",
    "pi",
    "E",
    "²",
    "−",
    "·",
    "α",
    "√",
    "⌊",
    "⌋",
    "\\frac",
    "\\sqrt",
    "{",
    "}",
    "\\sum_{i=0}",
    "^{n}",
    "_",
    "\\left(",
    "\\right)",
    "&",
    "\\begin{cases}",
    "\\end{cases}",
    "\\\\",
    ".",
    "=",
    "'",
    "\u200b",
    "np.",
    "lambda",
]


def read(text: str) -> None:
    """Read and print a text: an AnswerError is the one way to fail."""
    refused: AnswerError | None = None
    try:
        node = parse(text, relations=True)
    except AnswerError as error:
        refused = error
    if refused is not None:
        assert refused.code in CODES
        assert refused.offset is None or 0 <= refused.offset <= len(text)
        return
    assert parse(to_text(node), relations=True) == node
    assert to_latex(node) is not None
    assert to_typst(node) is not None
    assert to_mathml(node).startswith("<math>")


@settings(max_examples=1500, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text)


@settings(max_examples=2500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_pieces_of_formulas_are_read_or_refused(text: str) -> None:
    read(text)


NAMES = st.sampled_from(["x", "y", "K", "W_I", "alpha", "lambda"])
NUMBERS = st.builds(Fraction, st.integers(0, 10**6), st.sampled_from([1, 2, 5, 8, 1000])).map(Number)
ATOMS = st.one_of(NUMBERS, NAMES.map(Symbol), st.sampled_from(["pi", "E", "I"]).map(Constant))


def flat(op: str, args: list[Node]) -> Node:
    """A sum or product as reading makes it: a first part of the same kind joins the chain."""
    first = args[0]
    if isinstance(first, Op) and first.op == op == "+":
        return Op(op, (*first.args, *args[1:]))
    return Op(op, tuple(args))


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Every kind of node around smaller ones."""
    pair = st.tuples(inner, inner)
    few = st.lists(inner, min_size=2, max_size=3)
    relation = st.builds(Relation, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner)
    both = st.lists(relation, min_size=2, max_size=3).map(tuple)
    condition = st.one_of(
        relation,
        st.builds(Logic, st.sampled_from(["and", "or"]), both),
        relation.map(lambda node: Logic("not", (node,))),
    )
    return st.one_of(
        few.map(lambda args: flat("+", args)),
        few.map(lambda args: flat("*", args)),
        st.builds(Op, st.sampled_from(["/", "^", "//", "%"]), pair),
        inner.map(lambda node: Op("neg", (node,))),
        st.builds(Call, st.sampled_from(["sqrt", "exp", "floor", "abs", "factorial"]), st.tuples(inner)),
        few.map(lambda args: Call("Max", tuple(args))),
        st.builds(Index, st.sampled_from(["x", "dz"]), few.map(tuple)),
        st.builds(
            lambda op, body, low, high: Fold(op, body, (("i", low, high),)),
            st.sampled_from(["Sum", "Product"]),
            inner,
            inner,
            inner,
        ),
        st.builds(lambda a, test, b: Piecewise(((a, test), (b, Truth(True)))), inner, condition, inner),
        few.map(lambda items: Tuple(tuple(items))),
        st.builds(lambda row: Matrix((tuple(row),)), few),
    )


@settings(max_examples=1500, deadline=None)
@given(st.recursive(ATOMS, larger, max_leaves=12))
def test_printed_text_reads_back_as_the_same_tree(node: Node) -> None:
    assert parse(to_text(node)) == node
    assert to_latex(node)
    assert to_typst(node)
    assert to_mathml(node)


HOSTILE = {
    "tower": "9**9**9**9",
    "factorial": "factorial(10**9)",
    "sum": "Sum(1,(i,0,10**18))",
    "brackets": "(" * 10_000_000,
    "some brackets": "(" * 7000,
    "digits": "9" * 1_000_000,
    "some digits": "9" * 7000,
    "exponent": "1e" + "9" * 5000,
    "signs": "-" * 3900,
    "conditionals": "1 if x<1 else " * 550 + "1",
    "quotients": "a/" * 1900 + "a",
    "factorials": "n" + "!" * 3900,
    "calls": "sqrt(" * 1300,
    "powers": "x^" * 1900 + "x",
    "fractions": "\\frac" * 1500,
    "every level": "(1>0 or 1>0 and 1+2*-x^" * 80,
    "divisions of divisions": "(" * 30 + "a" + ("/a" * 60 + ")") * 30,
    "groups": "{" * 1000 + "\\a",
    "sums": "\\sum_{i=0}^{n}" * 280,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_little(name: str) -> None:
    text = HOSTILE[name]
    costs, codes = [], set()
    for _ in range(3):
        begun = time.process_time()
        try:
            assert to_text(parse(text))
        except AnswerError as error:
            codes.add(error.code)
        costs.append(time.process_time() - begun)
    assert codes <= {"too-long", "too-big", "too-deep", "not-a-formula"}
    assert min(costs) < 0.010
