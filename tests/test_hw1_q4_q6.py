"""Homework 1, questions 4 to 6: independent oracles for the key, and a verdict for every declared mistake."""

from __future__ import annotations

import copy
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from autograder.answer import Answer, Earlier, FunctionValue, Raised, Returned
from autograder.arrays import central_differences
from autograder.catalog import load
from autograder.layers import concat, conv, maxpool, network
from autograder.problem import Formula, Function, Number, Problem
from autograder.problem.check import check
from autograder.problem.options import CheckOptions
from autograder.verdict import Status, Verdict

ROOT = Path(__file__).parent.parent
KEY: dict[str, Any] = {one.name: one for one in load(ROOT, "hw1").problems if one.item.id[:2] in ("Q4", "Q5", "Q6")}
OPTIONS = CheckOptions(secret=b"tests")
VALUES: Mapping[str, tuple[Any, ...]] = {
    "positive integer": (2, 3, 1, 5, 4, 7),
    "positive": (sp.Rational(1, 2), sp.Integer(2), sp.Rational(9, 10)),
    "real": (sp.Rational(-2), sp.Rational(1, 3), sp.Rational(-1, 2), sp.Integer(3)),
}


def of_kind(kind: type[Problem]) -> list[Any]:
    return [one for one in KEY.values() if isinstance(one, kind)]


def judged(name: str, value: Any, **others: Earlier) -> Verdict:
    return check(KEY[name], Answer(value, others=others), OPTIONS)


def judged_function(name: str, function: Any) -> Verdict:
    """What a student who hands in this function would get."""

    def call(arguments: Any) -> Returned | Raised:
        try:
            return Returned(function(*copy.deepcopy(tuple(arguments))))
        except Exception as error:  # noqa: BLE001 - a wrong function may fail
            return Raised(type(error).__name__, str(error))

    return check(KEY[name], Answer(FunctionValue(name, ()), call), OPTIONS)


def instances(problem: Formula) -> Iterator[dict[str, Any]]:
    names = sorted(problem.symbols)
    for values in product(*(VALUES[problem.symbols[name]] for name in names)):
        point = dict(zip(names, values, strict=True))
        if all(eval(condition, {}, point) for condition in problem.where):
            yield point


def as_text(expression: Any) -> str:
    return expression if isinstance(expression, str) else str(expression)


# --- references against experiments ---


@pytest.mark.parametrize("problem", of_kind(Formula), ids=lambda one: one.name)
def test_a_formula_says_what_its_experiment_measures(problem: Formula) -> None:
    tried = 0
    for point in islice(instances(problem), 0, None, 3) if problem.symbols else ({},):
        used = {name: point[name] for name in inspect.signature(problem.implementation).parameters if name in point}
        plain = {name: int(value) if value == int(value) else float(value) for name, value in used.items()}
        measured = problem.implementation(**plain)
        wanted = sp.sympify(problem.reference).subs(point)
        if isinstance(measured, tuple):
            assert measured == tuple(wanted)
        elif isinstance(measured, int | np.integer):
            assert measured == wanted, point
        else:
            assert float(measured) == pytest.approx(float(wanted), rel=1e-9, abs=1e-12), point
        tried += 1
    assert tried


@pytest.mark.parametrize("problem", of_kind(Number), ids=lambda one: one.name)
def test_a_number_is_what_its_experiment_counts(problem: Number) -> None:
    known = problem.given_values
    used = {name: known[name] for name in inspect.signature(problem.implementation).parameters}
    exact = {sp.Symbol(name): sp.Rational(str(value)) for name, value in known.items()}
    wanted = sp.sympify(problem.reference).subs(exact)
    measured = problem.implementation(**used)
    if isinstance(measured, int | Fraction | np.integer):
        assert sp.Rational(str(measured)) == wanted
    else:
        assert measured == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.parametrize("problem", [*of_kind(Formula), *of_kind(Number)], ids=lambda one: one.name)
def test_the_reference_and_every_step_are_correct_answers(problem: Formula | Number) -> None:
    for expression in (problem.reference, *(one.expression for one in problem.steps if one.expression is not None)):
        assert judged(problem.name, as_text(expression)).status is Status.CORRECT, expression


# --- costs against the symbolic calculus of layers ---


H, W, Cin, Cout, K, R, F, D, M, N, w, d = sp.symbols("H W Cin Cout K R F D M N w d")


def plain(out: Any, k: Any, **more: Any) -> Any:
    return conv(out=out, k=k, bias=False, **more)


def same(name: str, derived: Any) -> bool:
    return sp.expand(sp.sympify(KEY[name].reference) - derived) == 0


def test_costs_are_those_of_the_layer_calculus() -> None:
    branches = {
        "d": [plain(64, 1)],
        "e": [plain(96, 1), plain(128, 3, p=1)],
        "f": [plain(16, 1), plain(32, 5, p=2)],
        "g": [maxpool(k=3, s=1, p=1), plain(32, 1)],
    }
    for letter, layers in branches.items():
        branch = network(input=(Cin, H, W), layers=layers)
        assert same(f"q42{letter}_macs", branch.totals.macs)
        channels, *size = branch.output
        assert tuple(KEY[f"q42{letter}_shape"].reference) == tuple(
            sp.sympify(part).subs({H: 28, W: 28}) for part in (*size, channels)
        )
    module = network(input=(Cin, H, W), layers=[concat(*branches.values())])
    assert same("q42h_macs", module.totals.macs)
    assert same("q42h_weights", module.totals.weights)
    assert same("q42h_channels", module.output[0])
    assert same("q42a_macs", network(input=(Cin, H, W), layers=[plain(Cout, K, p="same")]).totals.macs)
    bottleneck = network(input=(Cin, H, W), layers=[plain(R, 1), plain(Cout, K, p="same")])
    assert same("q42b_macs", bottleneck.totals.macs)


def test_dilated_sizes_and_fields_are_those_of_the_layer_calculus() -> None:
    output = network(input=(1, M, N), layers=[plain(1, F, d=D)]).output
    assert same("q5c_m_out", output[1])
    assert same("q5c_n_out", output[2])
    assert same("q5b_field", network(input=(1, N), layers=[plain(1, F, d=D)]).rf[0])
    layers = [plain(1, w - 1, d=d - 1), plain(1, w, d=d), plain(1, w + 1, d=d + 1)]
    for depth in (1, 2, 3):
        assert same(f"q5e_r{depth}", network(input=(1, N), layers=layers[:depth]).rf[0])
    offsets = network(input=(Cin, H, W), layers=[conv(out=2 * K**2, k=K)])
    assert same("q5a_offset_conv_params", offsets.totals.params)


def test_published_figures_agree() -> None:
    assert round(KEY["q42h_macs"].implementation(28, 28, 192) / 1e6) == 128  # GoogLeNet's table 1: 128M
    assert KEY["q42h_weights"].implementation(192) // 1024 == 159  # 159K parameters
    assert KEY["q5g_wavenet_rf"].implementation(k=2, L=10) == 1024  # WaveNet, dilations 1 to 512
    assert KEY["q6c_std"].implementation(C=3, K=8) == pytest.approx(0.102, abs=5e-4)


# --- functions against oracles of another kind ---


def naive_multiply_adds(height: int, width: int, depth: int, filters: int, kernel: int) -> int:
    done = 0
    for _output in product(range(height), range(width), range(filters)):
        for _tap in product(range(kernel), range(kernel), range(depth)):
            done += 1
    return done


@pytest.mark.parametrize("sizes", [(2, 3, 4, 5, 3), (4, 1, 2, 3, 2), (3, 2, 5, 1, 1)])
def test_multiply_adds_are_those_of_seven_loops(sizes: tuple[int, ...]) -> None:
    assert KEY["conv_macs"].implementation(*sizes) == naive_multiply_adds(*sizes)


@pytest.mark.parametrize(
    ("kernels", "dilations", "strides"),
    [([3, 4, 5], [2, 3, 4], None), ([7, 3, 5], [1, 3, 2], [2, 3, 1]), ([2, 2, 2, 2], [1, 2, 4, 8], None)],
)
def test_the_receptive_field_is_what_a_changed_input_reaches(
    kernels: list[int], dilations: list[int], strides: list[int] | None
) -> None:
    def forward(signal: np.ndarray) -> np.ndarray:
        for kernel, dilation, stride in zip(kernels, dilations, strides or [1] * len(kernels), strict=True):
            last = len(signal) - (kernel - 1) * dilation
            signal = np.array([signal[i : i + (kernel - 1) * dilation + 1 : dilation].sum() for i in range(last)])
            signal = signal[::stride]
        return signal

    impulses = np.eye(200)
    reached = [place for place in range(200) if forward(impulses[place])[0] != 0]
    assert KEY["receptive_field"].implementation(kernels, dilations, strides) == reached[-1] - reached[0] + 1


@pytest.mark.parametrize(("name", "place"), [("dsigmoid", None), ("prelu", 1), ("leaky_relu", 1), ("elu", 1)])
def test_slopes_agree_with_central_differences(name: str, place: int | None) -> None:
    function = KEY[name].implementation
    rng = np.random.default_rng(5)
    x = rng.choice([-1.0, 1.0], size=7) * rng.uniform(0.2, 3, size=7)
    if place is None:
        wanted = central_differences(lambda moved: float((1 / (1 + np.exp(-moved))).sum()), x)
        assert np.allclose(function(x), wanted, rtol=1e-6)
    else:
        wanted = central_differences(lambda moved: float(function(moved, 0.3)[0].sum()), x)
        assert np.allclose(function(x, 0.3)[place], wanted, rtol=1e-6)


def test_prelu_learns_its_slope() -> None:
    x = np.array([-2.0, -0.3, 0.4, 5.0])
    step = 1e-6
    forward = KEY["prelu"].implementation
    wanted = (forward(x, 0.3 + step)[0] - forward(x, 0.3 - step)[0]) / (2 * step)
    assert np.allclose(forward(x, 0.3)[2], wanted, atol=1e-8)


@pytest.mark.parametrize(("name", "skip"), [("residual_jacobian", 1.0), ("plain_jacobian", 0.0)])
def test_jacobians_agree_with_central_differences(name: str, skip: float) -> None:
    rng = np.random.default_rng(7)
    A, B, start, step = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=3), 1e-6

    def first(x: np.ndarray) -> np.ndarray:
        return skip * x + np.sin(A @ x)

    def second(x: np.ndarray) -> np.ndarray:
        return skip * x + np.sin(B @ x)

    J0 = np.cos(A @ start)[:, None] * A
    J1 = np.cos(B @ first(start))[:, None] * B
    columns = [(second(first(start + step * e)) - second(first(start - step * e))) / (2 * step) for e in np.eye(3)]
    assert np.allclose(KEY[name].implementation(J0, J1), np.array(columns).T, atol=1e-8)


def test_a_dilated_kernel_convolves_as_a_dilated_convolution() -> None:
    rng = np.random.default_rng(3)
    K, x, D = rng.normal(size=(3, 3)), rng.normal(size=(12, 11)), 3
    wide = KEY["dilated_kernel"].implementation(K, D)
    for i, j in np.ndindex(12 - 6, 11 - 6):
        assert (wide * x[i : i + 7, j : j + 7]).sum() == pytest.approx((K * x[i : i + 7 : D, j : j + 7 : D]).sum())


def test_he_weights_keep_the_second_moment() -> None:
    rng = np.random.default_rng(11)
    inputs = np.maximum(rng.normal(size=(600, 192)), 0) * np.sqrt(2)  # what a ReLU passes on, scaled to moment one
    weights = rng.normal(scale=KEY["he_std"].implementation(3, 8), size=(192, 3000))
    assert (inputs @ weights).var() == pytest.approx(2.0, rel=0.05)
    assert (np.maximum(inputs @ weights, 0) ** 2).mean() == pytest.approx((inputs**2).mean(), rel=0.05)


def test_a_spectral_radius_below_one_is_not_enough() -> None:
    matrix = np.array([[0.9, 10.0], [0.0, 0.9]])
    assert max(abs(np.linalg.eigvals(matrix))) < 1
    assert np.linalg.norm(np.linalg.matrix_power(matrix, 12), 2) > 30
    assert max(abs(np.linalg.eigvals(matrix @ matrix.T))) > 1
    assert (
        np.linalg.norm(np.linalg.matrix_power(matrix @ matrix.T, 50), 2) > 1e50
    )  # factors may be different matrices


# --- mistakes ---


def declared(kinds: tuple[type[Problem], ...]) -> list[Any]:
    found = [(one, mistake) for one in KEY.values() if isinstance(one, kinds) for mistake in one.mistakes]
    return [pytest.param(one, mistake, id=f"{one.name}-{mistake.id}") for one, mistake in found]


@pytest.mark.parametrize(("problem", "mistake"), declared((Formula, Number)))
def test_a_declared_mistake_is_named_and_never_right(problem: Formula | Number, mistake: Any) -> None:
    verdict = judged(problem.name, as_text(mistake.answer))
    assert verdict.status in (Status.INCORRECT, Status.PARTIAL)
    assert verdict.finding is not None
    assert verdict.finding.code == mistake.id


@pytest.mark.parametrize(("problem", "mistake"), declared((Function,)))
def test_a_wrong_function_is_named_and_never_right(problem: Function, mistake: Any) -> None:
    verdict = judged_function(problem.name, mistake.answer)
    assert verdict.status in (Status.INCORRECT, Status.PARTIAL)
    right = judged_function(problem.name, problem.implementation)
    assert right.status is Status.CORRECT
    if verdict.finding is not None and verdict.finding.kind != "exception":
        assert verdict.finding.code == mistake.id


@pytest.mark.parametrize("problem", [*of_kind(Formula), *of_kind(Number)], ids=lambda one: one.name)
def test_another_convention_is_half_right(problem: Formula | Number) -> None:
    for convention in problem.conventions:
        verdict = judged(problem.name, as_text(convention.answer))
        assert (verdict.status, verdict.credit) == (Status.PARTIAL, Fraction(1, 2)), convention.id
        assert verdict.finding is not None
        assert verdict.finding.code == convention.id


@pytest.mark.parametrize(
    "problem", [*of_kind(Formula), *of_kind(Number), *of_kind(Function)], ids=lambda one: one.name
)
def test_hints_are_in_both_languages_and_hold_no_formula(problem: Any) -> None:
    for mistake in problem.mistakes:
        assert set(mistake.hint) in (set(), {"en", "fa"}), mistake.id
        for text in mistake.hint.values():
            assert not re.search(r"[*^=+]|\d\s*-\s*\d", text), text


SHEET = {
    "q42d_macs": ("9830400", "sheet-value"),
    "q42e_macs": ("42004224", "sheet-value"),
    "q42f_macs": ("12779520", "sheet-value"),
    "q42g_macs": ("4715200", "sheet-value"),
    "q42g_shape": ("(29, 29, 32)", "pool-2x2"),
    "q42h_macs": ("67529344", "sheet-value"),
    "q5d_rows_dropped": ("1", "one-row"),
    "q6b_bound": ("2.6e-5", "rounded-the-wrong-way"),
    "q6f_dalpha": ("0", "slope-not-learned"),
    "q6i_dx2_dx0": ("1 + f1", "last-block-only"),
    "q6k_dx2_dx0": ("f2*f1", "one-index-too-high"),
}


@pytest.mark.parametrize("name", SHEET)
def test_the_sheets_own_errors_have_names(name: str) -> None:
    answer, code = SHEET[name]
    verdict = judged(name, answer)
    assert verdict.status is not Status.CORRECT
    assert verdict.finding is not None
    assert verdict.finding.code == code


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("0.9^100", Status.CORRECT),
        ("2.66e-5", Status.CORRECT),
        ("2.7e-5", Status.CORRECT),
        ("2.656e-5", Status.PARTIAL),
        ("2.6e-5", Status.PARTIAL),
        ("2.5e-5", Status.INCORRECT),
        ("2.8e-5", Status.INCORRECT),
    ],
)
def test_an_upper_bound_is_rounded_up(answer: str, status: Status) -> None:
    assert judged("q6b_bound", answer).status is status


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("89.7%", Status.CORRECT),
        ("269/300", Status.CORRECT),
        ("0.8967", Status.CORRECT),
        ("89.7", Status.PARTIAL),
        ("0.89", Status.INCORRECT),
        ("90%", Status.INCORRECT),
    ],
)
def test_a_reduction_is_a_fraction_or_has_its_percent_sign(answer: str, status: Status) -> None:
    assert judged("q42c_reduction", answer).status is status


def test_a_total_that_follows_from_own_branches_earns_half() -> None:
    right = {name: Fraction(int(KEY[name].implementation(28, 28, 192))) for name in KEY["q42h_macs"].given}
    slip = right | {"q42e_macs": Fraction(101154817)}
    given = {name: Earlier(value, value == right[name]) for name, value in slip.items()}
    verdict = judged("q42h_macs", str(sum(slip.values())), **given)
    assert (verdict.status, verdict.credit) == (Status.PARTIAL, Fraction(1, 2))


def test_loading_the_key_leaves_nothing_to_import() -> None:
    assert not {"_words", "_measure", "_inception", "_activations"} & set(sys.modules)
