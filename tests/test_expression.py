"""Reading: what each spelling means, what each mistake is told, and that printing keeps the student's order."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import seeds
import sympy as sp

from autograder.errors import AnswerError
from autograder.expression import (
    CODES,
    Call,
    Index,
    Names,
    Number,
    Op,
    Symbol,
    free_names,
    from_sympy,
    parse,
    to_latex,
    to_mathml,
    to_text,
    to_typst,
)

DECLARED = Names(
    frozenset({"F", "D", "K", "n", "k", "j", "alpha", "beta", "S", "E", "I", "lambda"}), {"x": 1, "dz": 1}
)

SAME = [
    ("K**2", "K^2"), ("K²", "K^2"), ("x⁻¹", "x^-1"), ("a − b", "a-b"), ("a·b×c", "a*b*c"), ("٣+４", "3+4"),
    ("α*2", "alpha*2"), ("W_₁", "W__1"), ("x₁", "x_1"), ("√2", "sqrt(2)"), ("⌊x/2⌋", "floor(x/2)"),
    ("⌈x⌉", "ceil(x)"), ("np.sqrt(x)", "sqrt(x)"), ("sympy.Max(a, b)", "max(a, b)"), ("ln(x)", "log(x)"),
    ("Rational(1,4)", "1/4"), ("Float('0.5')", "0.5"), ("Integer(3)", "3"), ("n!", "factorial(n)"),
    ("|x|", "Abs(x)"), ("x[i][j]", "x[i,j]"), ("a if x > 0 else b", "Piecewise((a, x>0), (b, True))"),
    ("sum(i for i in range(1, n))", "Sum(i, (i, 1, n-1))"),
    ("prod(i for i in range(3))", "Product(i, (i, 0, 3-1))"),
    ("y*(x > 0)", "y*Piecewise((1, x > 0), (0, True))"), ("pow(a, b)", "a^b"),
    ("(0<x<1)*2", "(0<x and x<1)*2"),
    (r"\frac{a}{b}", "a/b"), (r"\dfrac12", "1/2"), (r"\sqrt{x}", "sqrt(x)"), (r"\sqrt[3]{x}", "root(x, 3)"),
    (r"a \cdot b \times c", "a*b*c"), (r"\left( a+b \right)^{2}", "(a+b)^2"), (r"\alpha^2", "alpha^2"),
    (r"\left\lfloor \frac{a}{b} \right\rfloor + 1", "floor(a/b) + 1"), (r"\lceil a \rceil", "ceiling(a)"),
    (r"\sum_{i=0}^{n-k} i^2", "Sum(i^2, (i, 0, n-k))"), (r"\mathrm{Cin} \cdot 2", "Cin*2"),
    (r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", "Piecewise((x, x>0), (0, True))"),
    ("sum_{i=0}^{n-k} i^2", "Sum(i^2, (i, 0, n-k))"), ("prod_{i=1}^{n} i", "Product(i, (i, 1, n))"),
    (r"\max(a, b)", "Max(a, b)"), ("$K^2$", "K^2"), (r"2\pi r", "2*pi*r"), (r"\sin^2 x", "sin(x)^2"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "plain"), SAME)
def test_two_spellings_are_one_tree(written: str, plain: str) -> None:
    assert parse(written) == parse(plain)


MISTAKES = [
    ("F*(D", "open-bracket", 2, ""), ("F*D)", "closed-bracket", 3, ""), ("K^^2", "two-powers", 2, ""),
    ("K**^2", "two-powers", 3, ""), ("F+*D", "two-operators", 2, ""), ("2F", "missing-operator", 1, "2*F"),
    ("D K", "missing-operator", 2, "D*K"), ("D(K+1)", "missing-operator", 1, "D*(K+1)"),
    ("F D K^2", "missing-operator", 2, "F*D*K^2"), ("F(DK + 2 D)", "missing-operator", 1, "F*(D*K + 2*D)"),
    ("1/F D", "missing-operator", 4, "F*D"), ("x[F] D", "missing-operator", 5, "x[F]*D"), ("FDK", "unknown-name", 0, "F*D*K"),
    ("(F-K)(D+(K))n", "missing-operator", 5, "(F-K)*(D+(K))*n"), ("(D)(K", "missing-operator", 3, "(D)*(...)"),
    ("DK", "unknown-name", 0, "D*K"),
    ("f*D", "unknown-name", 0, "F"), ("sqr(K)", "unknown-function", 0, "sqrt"), ("", "empty", 0, ""),
    ("K*", "unfinished", 1, ""), ("weights = F*D", "assignment", 8, ""), ("F == D", "relation", 0, ""),
    ("sqrt(F < D)", "relation", 0, ""), ("sqrt(F, D)", "wrong-argument-count", 0, ""),
    ("sin[2*F]", "function-not-called", 0, ""),
    ("F.real", "not-a-formula", 1, ""), ("'F'", "not-a-formula", 0, ""),
    ("lambda x: x", "not-a-formula", 0, ""),
    ("F\x00", "bad-character", 1, ""), ("\ud800", "bad-character", 0, ""),
    ("\u202eF", "bad-character", 0, ""),
    ("x[j, k]", "index-count", 0, ""), ("x + 1", "index-missing", 0, ""), ("1e999999999", "too-big", 0, ""),
    ("F if D else K", "condition", 5, ""), ("Piecewise(1)", "piecewise-pairs", 0, ""),
    ("F, D", "bare-comma", 1, ""),
    ("Matrix([[1], [1, 2]])", "matrix-rows", 0, ""), ("Sum(F, 3)", "sum-limits", 0, ""),
    ("F if D > 0", "missing-else", 10, ""), ("sigmoid(F)", "unknown-function", 0, ""),
    ("relu(F)", "unknown-function", 0, ""), ("d(K)", "unknown-function", 0, "D"),
    ("√F^2", "function-not-called", 0, "sqrt(...)"),
    ("Max(F for j in range(3))", "unexpected", 6, ""), ("(" * 9000, "too-long", None, ""),
    (r"\foo{F}", "unknown-command", 0, ""), ("πD", "missing-operator", 1, "π*D"),
    ("j2 + sum(j2 for j2 in range(3))", "unknown-name", 0, ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "offset", "suggestion"), MISTAKES)
def test_a_mistake_is_named_in_its_place(text: str, code: str, offset: int | None, suggestion: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse(text, DECLARED)
    assert (caught.value.code, caught.value.offset) == (code, offset)
    assert suggestion == "" or caught.value.fields["suggestion"] == suggestion
    assert CODES[code].format_map({**caught.value.fields})


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("5x5", "5*5"), ("5 X 5", "5*5"), ("28x28x3", "28*28*3"), ("KxK", "K*K"), ("K x K", "K*K"), ("3xK", "3*K"),
     ("(K-1)x2", "(K-1)*2"), ("KxFxK*2", "K*F*K"), ("2xy", "2*xy"), ("Kx", "K")],
)  # fmt: skip
def test_an_x_between_factors_is_taken_for_a_sign(text: str, suggestion: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse(text, Names(frozenset({"F", "K"})))
    assert caught.value.fields["suggestion"] == suggestion


def test_an_x_that_the_question_has_is_no_sign() -> None:
    with pytest.raises(AnswerError) as caught:
        parse("5x5", Names(frozenset({"x"})))
    assert caught.value.fields["suggestion"] == "5*x*5"


@pytest.mark.parametrize(("name", "close"), [("sigmoid", ""), ("relu", ""), ("dot", ""), ("tanhh", "tanh")])
def test_a_function_that_is_not_known_is_met_with_those_that_may_be_used(name: str, close: str) -> None:
    """The same list for every question, so that it tells nothing of one."""
    with pytest.raises(AnswerError) as caught:
        parse(f"{name}(K)", Names(frozenset({"K"})))
    assert caught.value.fields["suggestion"] == close
    for word in caught.value.fields["names"].split(", "):
        arguments = {"Sum": "K, (i, 1, 3)", "Product": "K, (i, 1, 3)", "Piecewise": "(K, K > 1), (1, True)"}
        parse(f"{word}({arguments.get(word, 'K')})", Names(frozenset({"K"})))


def test_declared_names_win_over_constants_and_functions() -> None:
    for name in ("E", "I", "S", "beta", "lambda"):
        assert parse(name, DECLARED) == Symbol(name)
    assert parse("λ", DECLARED) == parse(r"\lambda", DECLARED) == Symbol("lambda")
    assert parse("beta*α", DECLARED) == Op("*", (Symbol("beta"), Symbol("alpha")))


def test_subscripts_are_entries_of_declared_arrays() -> None:
    node = parse(r"\sum_{i=0}^{n-k} dz_i x_{i+j}", DECLARED)
    assert node == parse("Sum(dz[i]*x[i+j], (i, 0, n-k))", DECLARED)
    assert free_names(node) == {"dz", "x", "n", "k", "j"}
    assert parse("x[j]", DECLARED) == Index("x", (Symbol("j"),))


def test_numbers_are_exact() -> None:
    assert parse("0.1") == Number(Fraction(1, 10))
    assert parse("2.6e-5") == Number(Fraction(26, 10**6))
    assert parse("120,422,400", grouped=True) == Number(Fraction(120422400))
    assert parse("89.7%", percent=True) == Op("/", (Number(Fraction(897, 10)), Number(Fraction(100))))
    with pytest.raises(AnswerError):
        parse("12,04", grouped=True)


def test_minus_binds_as_in_python() -> None:
    x, two = Symbol("x"), Number(Fraction(2))
    assert parse("-x^2") == Op("neg", (Op("^", (x, two)),))
    assert parse("2^-x^2") == Op("^", (two, Op("neg", (Op("^", (x, two)),))))
    assert parse("a/b*c") == Op("*", (Op("/", (Symbol("a"), Symbol("b"))), Symbol("c")))


@pytest.mark.parametrize(
    "text", ["b + a - c*a", "F*(D*K^2 + 1)", "a/(b/c)", "(a*b)*c", "a*(b*c)", "(-x)^2", "a // b % c"]
)
def test_printing_keeps_the_order_and_the_brackets(text: str) -> None:
    assert to_text(parse(text)) == text


def test_printing_as_markup() -> None:
    node = parse("Sum(a_1*alpha, (i, 0, n)) - floor(x/2)")
    assert to_latex(node) == r"\sum_{i = 0}^{n} a_{1} \cdot \alpha - \left\lfloor \frac{x}{2}\right\rfloor"
    assert to_typst(node) == "sum_(i = 0)^(n) a_1 dot.op alpha - floor((x)/(2))"
    assert "<munderover><mo>∑</mo>" in to_mathml(node)
    assert to_latex(parse("(x+y)^2*(a+b)")) == r"\left(x + y\right)^{2} \cdot \left(a + b\right)"
    assert to_mathml(parse("a<b", relations=True)) == "<math><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math>"


def test_sympy_values_become_trees() -> None:
    n, x, y = sp.symbols("n x y", positive=True)
    i = sp.Symbol("i")
    base = sp.IndexedBase("w")
    values = {
        x * (y + 1) / 2: "x*(y + 1)/2",
        1 - x: "1 - x",
        sp.sqrt(x) / y**2: "sqrt(x)/y^2",
        sp.Sum(base[i] * x, (i, 0, n - 1)): "Sum(x*w[i], (i, 0, n - 1))",
        sp.Piecewise((x, x > 1), (0, True)): "Piecewise((x, x > 1), (0, True))",
        sp.exp(-x): "exp(-x)",
        sp.Matrix([[1, x]]).as_immutable(): "Matrix([[1, x]])",
        sp.floor(x / 2): "floor(x/2)",
    }
    for value, text in values.items():
        assert parse(to_text(from_sympy(value))) == parse(text)
    assert from_sympy(sp.Max(x, 1)) in (parse("Max(x, 1)"), parse("Max(1, x)"))
    assert isinstance(from_sympy(sp.Abs(i)), Call)


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "from autograder.expression import *\nfrom autograder.errors import AnswerError\n"
        "names = Names(frozenset({'Dx', 'Dy', 'Dz', 'K'}))\n"
        "for text in ['Dx*K + K', 'D', 'Kk*2', 'sqt(K)', 'K^^2']:\n"
        "    try: print(to_text(parse(text, names)))\n"
        "    except AnswerError as error: print(error.code, error.offset, error.fields)\n"
    )
    assert seeds.printed(program).count(b"\n") == 5


PAIRS = Path(__file__).parents[2] / "shared" / "verdicts" / "dev.jsonl"


@pytest.mark.skipif(not PAIRS.exists(), reason="optional data is absent")
def test_every_pair_of_the_optional_data_can_be_read() -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if row["kind"] != "invalid":
            for text in (row["answer"], row["reference"]):
                node = parse(text, relations=True)
                assert parse(to_text(node), relations=True) == node


NAMED = (
    "N_neurons",
    "W_out",
    "Cin",
    "C_in",
    "x_1",
    "sigma_max",
    "alpha",
    "lambda",
    "a_b_c",
    "H2",
    "dL_dw",
    "beta_1",
    "E",
)


@pytest.mark.parametrize("name", NAMED)
def test_a_name_shown_in_latex_can_be_read_again(name: str) -> None:
    names = Names(symbols=frozenset(NAMED))
    node = parse(f"2*{name} + 1", names)
    assert parse(to_latex(node), names) == node


@pytest.mark.parametrize(
    "written",
    [r"N_{neurons}", r"N_{\mathrm{neurons}}", r"N_{\text{neurons}}", r"N_\mathrm{neurons}"],
)
def test_the_font_of_a_subscript_is_no_part_of_the_name(written: str) -> None:
    assert to_text(parse(written, Names(symbols=frozenset({"N_neurons"})))) == "N_neurons"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("F*[D + 1]", "F*(D + 1)"),
        ("[F + D]*[K - 1]", "(F + D)*(K - 1)"),
        ("-[F]", "-F"),
        ("sqrt([F*D])", "sqrt(F*D)"),
        (r"F \left[D + 1\right]", "F*(D + 1)"),
        (r"\left[F D\right]", "F*D"),
        ("[F, D]", "(F, D)"),
        ("Matrix([[F], [D]])", "Matrix([[F], [D]])"),
    ],
)
def test_square_brackets_around_one_operand_group_it(written: str, read: str) -> None:
    assert to_text(parse(written)) == read
