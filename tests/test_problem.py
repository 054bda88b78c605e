"""Each kind of answer: what is right, partly right, wrong, blank, unreadable, and what is found out about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from autograder.answer import (
    Answer,
    CallOutcome,
    Died,
    Earlier,
    FunctionValue,
    Missing,
    Opaque,
    Raised,
    Returned,
    SympyText,
    TimedOut,
)
from autograder.problem import (
    Case,
    Checkpoint,
    Choice,
    Convention,
    Derivation,
    Formula,
    Function,
    Item,
    Mistake,
    Number,
    Written,
)
from autograder.problem.check import check
from autograder.problem.options import CheckOptions
from autograder.verdict import Status, Verdict

F, D, K, H, W, x = sp.symbols("F D K H W x")
ITEM = Item(id="Q1", title={"en": "t"}, question={"en": "q"})
POSITIVE = "positive integer"
WEIGHTS = Formula(
    name="weights",
    item=ITEM,
    reference=F * D * K**2,
    symbols={"F": POSITIVE, "D": POSITIVE, "K": POSITIVE},
    mistakes=(
        Mistake(id="k-not-squared", answer=F * D * K, credit=Fraction(1, 4)),
        Mistake(id="no-d", answer=F * K**2),
    ),
    conventions=(Convention(id="bias-counted", answer=F * (D * K**2 + 1)),),
)


def verdict(problem: Any, value: Any, **answer: Any) -> Verdict:
    return check(problem, Answer(value, **answer), CheckOptions(b"test"))


def found(result: Verdict) -> str:
    return result.finding.code if result.finding else ""


@pytest.mark.parametrize(
    ("value", "status", "code"),
    [
        ("F*D*K^2", "correct", ""),
        ("K*(D*K)*F", "correct", ""),
        (SympyText("D*F*K**2"), "correct", ""),
        (r"F \cdot D \cdot K^{2}", "correct", ""),
        ("F*D*K", "partial", "k-not-squared"),
        ("D*F*K + 0", "partial", "k-not-squared"),
        ("F*K^2", "incorrect", "no-d"),
        ("F*(D*K^2 + 1)", "partial", "bias-counted"),
        ("F + D", "incorrect", "two-edits"),
        ("F + D^3 + 7", "incorrect", ""),
        ("...", "missing", "blank"),
        (None, "missing", "blank"),
        (Opaque("ellipsis"), "missing", "blank"),
        (Missing(), "missing", "blank"),
        ("F*D*k^2", "unreadable", "unknown-name"),
        ("F*(D", "unreadable", "open-bracket"),
        (FunctionValue("f"), "unreadable", "not-a-formula-value"),
        (True, "unreadable", "not-a-formula-value"),
        (float("nan"), "unreadable", "not-finite-number"),
        (12, "incorrect", ""),
        ("[F*D*K^2]", "correct", ""),
        (["F*D*K^2"], "incorrect", ""),  # a list is asked for elsewhere
        (np.array([12]), "incorrect", ""),
    ],
)
def test_a_formula(value: Any, status: str, code: str) -> None:
    result = verdict(WEIGHTS, value)
    assert (result.status.value, found(result)) == (status, code)


def test_a_teacher_may_accept_a_convention() -> None:
    lenient = CheckOptions(conventions=(("bias-counted", Fraction(1)),))
    result = check(WEIGHTS, Answer("F*D*K^2 + F"), lenient)
    assert (result.status, result.credit, found(result)) == (Status.CORRECT, 1, "bias-counted")
    strict = CheckOptions(conventions=(("bias-counted", Fraction(0)),))
    assert check(WEIGHTS, Answer("F*D*K^2 + F"), strict).status is Status.INCORRECT


def test_a_wrong_formula_carries_the_smallest_point_that_shows_it() -> None:
    evidence = verdict(WEIGHTS, "F*D*K").evidence
    assert evidence.kind == "counterexample"
    assert dict(evidence.at) == {"D": "1", "F": "1", "K": "2"}
    assert (evidence.answer, evidence.reference) == ("2", "4")


@pytest.mark.parametrize(
    ("answer", "names"), [("F*D*K", "DFK"), ("F*K^2", "DFK"), ("F*D*K*W", "DFKW"), ("H", "DFHK"), ("7", "DFK")]
)
def test_a_point_names_what_the_question_or_the_answer_speaks_of(answer: str, names: str) -> None:
    wider = replace(WEIGHTS, also=dict.fromkeys("DFKWHS", ""))
    evidence = verdict(wider, answer).evidence
    assert evidence.kind == "counterexample"
    assert "".join(sorted(evidence.at)) == names


def test_entries_of_a_tuple_count() -> None:
    shape = Formula(name="shape", item=ITEM, reference=sp.Tuple(28, 28, 32))
    assert verdict(shape, (28, 28, 32)).status is Status.CORRECT
    assert verdict(shape, "(28, 28, 16)").credit == Fraction(2, 3)
    assert verdict(shape, (28, 28)).credit == 0


def test_an_answer_undefined_on_a_region_is_refuted() -> None:
    slope = Formula(
        name="slope",
        item=ITEM,
        reference=sp.Piecewise((1, x > 0), (0, True)),
        symbols={"x": "real"},
        where=("x != 0",),
    )
    assert verdict(slope, "Piecewise((1, x > 0))").evidence.kind == "undefined"
    size = Formula(name="size", item=ITEM, reference=sp.Abs(x), symbols={"x": "real"})
    assert verdict(size, "sqrt(x)**2").status is Status.INCORRECT
    assert verdict(size, "sqrt(x**2)").status is Status.CORRECT


MACS = Number(
    name="macs",
    item=ITEM,
    reference=H * W * 64,
    given_values={"H": 28, "W": 28},
    mistakes=(Mistake(id="one-side", answer=H * 64),),
    conventions=(Convention(id="two-operations-per-multiply-add", answer=2 * H * W * 64),),
)


@pytest.mark.parametrize(
    ("value", "status", "code"),
    [
        (50176, "correct", ""),
        (50176.0, "correct", ""),
        (np.float64(50176), "correct", ""),
        (np.int64(50176), "correct", ""),
        (np.array(50176.0), "correct", ""),
        ("28*28*64", "correct", ""),
        ("H*W*64", "correct", ""),
        ("50,176", "correct", ""),
        (50175, "incorrect", "off-by-one"),
        (50171, "incorrect", ""),
        ("5.0e4", "incorrect", ""),
        (28 * 64, "incorrect", "one-side"),
        (2 * 50176, "partial", "two-operations-per-multiply-add"),
        ("1/0", "unreadable", "no-value"),
        ("", "missing", "blank"),
    ],
)
def test_a_count_is_exact(value: Any, status: str, code: str) -> None:
    result = verdict(MACS, value)
    assert (result.status.value, found(result)) == (status, code)


@pytest.mark.parametrize(
    ("value", "status"),
    [("89.7%", "correct"), ("269/300", "correct"), (0.8967, "correct"), ("89.7", "partial"), ("88%", "incorrect")],
)
def test_a_percentage(value: Any, status: str) -> None:
    part = Number(
        name="part", item=ITEM, reference=sp.Rational(269, 300), tolerance={"abs": Fraction(1, 2000)}, percent=True
    )
    assert verdict(part, value).status.value == status


@pytest.mark.parametrize(
    ("value", "status"), [("2.7e-5", "correct"), ("2.6e-5", "partial"), ("2.5e-5", "incorrect")]
)
def test_an_upper_bound_is_rounded_up(value: str, status: str) -> None:
    true = sp.Rational(9, 10) ** 100
    bound = Number(
        name="b",
        item=ITEM,
        reference=true,
        accept=(true, true * sp.Rational(103, 100)),
        partial=(true * sp.Rational(97, 100), true),
    )
    assert verdict(bound, value).status.value == status


def test_follow_through_needs_every_given_and_one_that_is_right() -> None:
    total = Number(name="t", item=ITEM, reference=sp.Integer(30), given=("a", "b"), follow=lambda a, b: a + b)
    right, wrong = Earlier(Fraction(10), True), Earlier(Fraction(15), False)
    assert verdict(total, 25, others={"a": right, "b": wrong}).credit == Fraction(1, 2)
    assert verdict(total, 25, others={"a": Earlier(Fraction(10)), "b": wrong}).credit == 0
    assert verdict(total, 25, others={"a": right}).credit == 0
    assert verdict(total, 30, others={"a": right, "b": wrong}).status is Status.CORRECT


def doubled(values: Any) -> Any:
    return 2.0 * values


DOUBLE = Function(
    name="double",
    item=ITEM,
    signature="double(values)",
    implementation=doubled,
    cases=lambda rng: [Case((np.array([1.0, 2.5]),), "[1, 2.5]"), *[Case((rng.normal(size=n),)) for n in (3, 5)]],
    mistakes=(Mistake(id="tripled", answer=lambda values: 3.0 * values),),
)


def student(function: Callable[..., Any]) -> dict[str, Any]:
    """An answer whose calls run a function here, as the worker would."""

    def call(arguments: Sequence[Any]) -> CallOutcome:
        before = [np.copy(value) for value in arguments]
        try:
            value = function(*arguments)
        except Exception as error:  # noqa: BLE001 - as the worker does
            return Raised(type(error).__name__, str(error))
        mutated = tuple(
            n for n, (a, b) in enumerate(zip(arguments, before, strict=True)) if not np.array_equal(a, b)
        )
        return Returned(value, mutated)

    return {"value": FunctionValue("double", ("values",)), "call": call}


def doubles_in_place(values: Any) -> Any:
    values *= 2
    return values


@pytest.mark.parametrize(
    ("function", "status", "code"),
    [
        (doubled, "correct", ""),
        (lambda v: list(2.0 * v), "correct", ""),
        (doubles_in_place, "correct", "mutated_input"),
        (lambda v: 3.0 * v, "incorrect", "tripled"),
        (lambda v: 2.0 * v + 1, "incorrect", "offset"),
        (lambda v: 2.0 * v**3 + 1, "incorrect", "value"),
        (lambda v: (2.0 * v)[:, None], "incorrect", "shape"),
        (lambda v: np.zeros((0,)), "incorrect", "shape"),
        (lambda v: 2.0 * v * np.nan, "incorrect", "not-finite"),
        (lambda v: (2.0 * v).astype(np.float32), "incorrect", "low-precision-hidden"),
        (lambda v: np.rint(2.0 * v).astype(int), "incorrect", "integers-hidden"),
        (lambda v: 2j * v, "incorrect", "complex"),
        (lambda v: str(2.0 * v), "incorrect", "wrong-type"),
        (lambda v: None, "missing", "returned-none"),
        (lambda v: Opaque("ellipsis"), "missing", "blank"),
        (lambda v: Opaque("Frame"), "incorrect", "opaque"),
        (lambda v: v.no_such_thing, "incorrect", "exception"),
        (lambda v: 2.0 * v if len(v) < 3 else 0.0 * v, "incorrect", "value-hidden"),
    ],
)
def test_a_function(function: Callable[..., Any], status: str, code: str) -> None:
    result = verdict(DOUBLE, **student(function))
    assert (result.status.value, found(result)) == (status, code)


@pytest.mark.parametrize(("outcome", "code"), [(TimedOut(5.0), "timeout"), (Died("exit"), "died")])
def test_a_call_that_does_not_come_back(outcome: CallOutcome, code: str) -> None:
    result = verdict(DOUBLE, FunctionValue("double"), call=lambda arguments: outcome)
    assert (result.status, found(result)) == (Status.INCORRECT, code)


def test_nothing_of_a_hidden_input_is_shown() -> None:
    """What a function returns or raises for a hidden input could carry that input out."""

    def leak(values: Any) -> Any:
        if len(values) > 2:
            raise ValueError(f"the hidden input is {values[0]}")
        return 2.0 * values

    shown = str(verdict(DOUBLE, **student(leak)).finding)
    assert "hidden input is" not in shown
    wrong = verdict(DOUBLE, **student(lambda v: 2.0 * v if len(v) < 3 else v))
    assert wrong.evidence.answer == ""


def test_a_failure_of_ours_never_costs_points() -> None:
    def broken(rng: Any) -> Any:
        raise RuntimeError("the author's cases are broken")

    problem = Function(name="f", item=ITEM, signature="f()", implementation=doubled, cases=broken)
    result = verdict(problem, FunctionValue("f"))
    assert (result.status, found(result)) == (Status.UNDECIDED, "internal")


STEPS = Derivation(
    name="steps",
    item=ITEM,
    symbols={"x": "real"},
    checkpoints=(
        Checkpoint(id="start", reference=x**2),
        Checkpoint(id="slope", reference=2 * x),
        Checkpoint(id="end", reference=2 * x + 1),
    ),
)


@pytest.mark.parametrize(
    ("steps", "credit", "code"),
    [
        (["x^2", "2*x", "2*x + 1"], 1, ""),
        (["x*x", "x^2", "x + x", "2*x", "1 + 2*x"], 1, ""),
        ("x^2\n2*x\n2*x + 1", 1, ""),
        (["x^2", "2*x", "2*x"], Fraction(2, 3), "unfinished"),
        (["x^2", "3*x", "2*x + 1"], Fraction(1, 3), "wrong-step"),
        (["2*x + 1", "2*x + 1"], 0, "wrong-start"),
        (["x^2", "2*"], 0, "unfinished"),
    ],
)
def test_a_derivation(steps: Any, credit: Any, code: str) -> None:
    result = verdict(STEPS, steps)
    assert result.credit == credit
    assert found(result).startswith(code)


def test_choices_are_exact() -> None:
    options = {"a": {"en": "A"}, "b": {"en": "B"}, "c": {"en": "C"}}
    choice = Choice(name="c", item=ITEM, options=options, correct=("a", "c"))
    assert verdict(choice, "c, a").status is Status.CORRECT
    assert verdict(choice, ["a"]).status is Status.INCORRECT
    assert verdict(choice, "d").status is Status.UNREADABLE


def test_a_written_answer_waits_for_a_person() -> None:
    essay = Written(name="w", item=ITEM, rubric=((2, {"en": "why"}),))
    assert verdict(essay, "Because.").status is Status.UNDECIDED
    assert verdict(essay, "").status is Status.MISSING


@pytest.mark.parametrize("written", ["[F*D*K^2]", "F*[D*K^2]", r"F \left[D K^2\right]"])
def test_brackets_around_one_value_are_no_list(written: str) -> None:
    assert verdict(WEIGHTS, written).status is Status.CORRECT


@pytest.mark.parametrize("written", ["F*(D, K^2)", "(F, D) + 1", "sqrt([F, D])", "-[F, D]"])
def test_several_values_inside_of_a_formula_cannot_be_read(written: str) -> None:
    found_ = verdict(WEIGHTS, written)
    assert found_.status is Status.UNREADABLE
    assert found_.finding is not None
    assert found_.finding.code == "several-values"
