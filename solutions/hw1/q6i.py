"""Question 6 i to k: residual blocks against a plain network."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _measure import slope
from _styles import plain_product, residual_expanded, residual_product
from _words import both, step, wrong

from autograder.problem import Case, Formula, Function, Item, Written

f0, f1, f2, x, Hx, h = sp.symbols("f0 f1 f2 x Hx h")
SLOPES = {"f0": "real", "f1": "real"}
HE = "He et al. 2016, Identity mappings in deep residual networks, section 2"

# Near its input, a branch F is a line: F(x0 + h) = F(x0) + f0*h.  The constants do not matter for the slope.
AFTER_ONE = h + f0 * h
RESIDUAL = sp.diff(AFTER_ONE + f1 * AFTER_ONE, h)
PLAIN = sp.diff(f1 * (f0 * h), h)
LAST_BLOCK = sp.diff(h + f1 * h, h)


# --- experiments: real functions with the wanted slopes, differentiated numerically ---


def branch(gradient: float, at: float):
    """A curved function whose slope at one point is known: f(at) = at/2."""
    return lambda x: at / 2 + gradient * np.sin(x - at)


def two_blocks(f0: float, f1: float, *, skip: bool) -> float:
    start = 0.7
    first = branch(f0, start)
    middle = first(start) + (start if skip else 0)
    second = branch(f1, middle)

    def network(x):
        between = first(x) + (x if skip else 0)
        return second(between) + (between if skip else 0)

    return float(slope(network, start))


def last_block(f1: float) -> float:
    start = 0.7
    second = branch(f1, start)
    return float(slope(lambda x: second(x) + x, start))


def fit_residual(Hx: float, x: float) -> float:
    """Solve F + x = Hx for F: the block is run at two trial values, and the line through them is followed."""
    low, high = 0.0 + x, 1.0 + x
    return (Hx - low) / (high - low)


# --- the functions that students write ---


def residual_jacobian(J0: np.ndarray, J1: np.ndarray) -> np.ndarray:
    """Send every unit vector through both blocks: what comes out are the columns."""
    columns = []
    for unit in np.eye(len(J0)):
        between = unit + J0 @ unit
        columns.append(between + J1 @ between)
    return np.stack(columns, axis=1)


def plain_jacobian(J0: np.ndarray, J1: np.ndarray) -> np.ndarray:
    return np.stack([J1 @ (J0 @ unit) for unit in np.eye(len(J0))], axis=1)


def jacobian_cases(rng: np.random.Generator) -> list[Case]:
    """Matrices that do not commute, so that their order shows."""
    public = Case(
        (np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [2.0, 3.0]])),
        "J0 = [[0, 1], [0, 0]], J1 = [[1, 0], [2, 3]]",
    )
    return [public, *(Case((rng.normal(size=(size, size)), rng.normal(size=(size, size)))) for size in (3, 4, 5))]


RESIDUAL_BLOCK = Item(
    id="Q6i",
    by_hand=both(
        "Draw the block with its shortcut, and multiply the derivatives along every way through it.",
        "بلوک را با میان‌بُرش بکشید و مشتق‌ها را در هر مسیر از آن در هم ضرب کنید.",
    ),
    title=both("Residual block: forward and gradient", "بلوک باقی‌مانده: مسیر رفت و گرادیان"),
    question=both(
        "Two residual blocks compute x1 = F(x0) + x0 and x2 = F(x1) + x1. Write x2 in terms of x0 and the "
        "gradients. In the answers f0 stands for F'(x0) and f1 for F'(x1).",
        "دو بلوک باقی‌مانده x1 = F(x0) + x0 و x2 = F(x1) + x1 را محاسبه می‌کنند. x2 را بر حسب x0 و نیز "
        "گرادیان‌ها را بنویسید. در پاسخ‌ها f0 به معنای F'(x0) و f1 به معنای F'(x1) است.",
    ),
    source=HE,
    sheet="x2 = F(F(x0)+x0) + F(x0) + x0; dx2/dx1 = 1 + dF(x1)/dx1",
)
ARGUMENT = Item(
    id="Q6j",
    title=both("Residual learning argument", "استدلال یادگیری باقی‌مانده"),
    question=both(
        "Why are residual blocks a good idea? If a block is to compute H(x), what has its branch F to learn? "
        "Write Hx for H(x).",
        "چرا بلوک‌های باقی‌مانده ایدهٔ خوبی هستند؟ اگر بلوک باید H(x) را محاسبه کند، شاخهٔ F چه چیزی باید یاد "
        "بگیرد؟ به جای H(x) بنویسید Hx.",
    ),
    source="He et al. 2016, Deep residual learning for image recognition, section 3.1",
    sheet="The gradient does not vanish because of the added term; the block learns F(x) = H(x) - x.",
)
PLAIN_NETWORK = Item(
    id="Q6k",
    by_hand=both(
        "Write the derivatives of the layers one after the other, in the order in which they act.",
        "مشتق‌های لایه‌ها را به ترتیبی که عمل می‌کنند یکی پس از دیگری بنویسید.",
    ),
    title=both("Plain network gradient", "گرادیان شبکهٔ ساده"),
    question=both(
        "A plain network computes x1 = F(x0) and x2 = F(x1). What is dx2/dx0? Here f0 stands for F'(x0), f1 "
        "for F'(x1) and f2 for F'(x2).",
        "یک شبکهٔ ساده x1 = F(x0) و x2 = F(x1) را محاسبه می‌کند. dx2/dx0 چیست؟ این‌جا f0 به معنای F'(x0)، f1 "
        "به معنای F'(x1) و f2 به معنای F'(x2) است.",
    ),
    source=HE,
    sheet="dx2/dx0 = dF(x_2)/dx_1 x dF(x_1)/dx_0",
)

SAME_POINT = both(
    "You took the slope at the same point twice. The second block has another input.",
    "شیب را دو بار در یک نقطه گرفته‌اید. ورودی بلوک دوم نقطهٔ دیگری است.",
)
ORDER = both(
    "Matrices do not commute. Which Jacobian acts first on a change of the input?",
    "ضرب ماتریس‌ها جابه‌جایی‌پذیر نیست. کدام ژاکوبی نخست روی تغییر ورودی عمل می‌کند؟",
)
ELEMENTWISE = both(
    "You multiplied entry by entry. The chain rule needs the matrix product.",
    "درایه‌به‌درایه ضرب کرده‌اید. قاعدهٔ زنجیری به ضرب ماتریسی نیاز دارد.",
)

PROBLEMS = [
    Formula(
        name="q6i_dx2_dx0",
        item=RESIDUAL_BLOCK,
        ask=both("Write dx2/dx0 in f0 and f1.", "dx2/dx0 را بر حسب f0 و f1 بنویسید."),
        reference=RESIDUAL,
        symbols=SLOPES,
        shown="(1 + f1)*(1 + f0)",
        steps=(
            step(
                "(1 + f1)*(1 + f0)", "Chain rule, one factor for each block:", "قاعدهٔ زنجیری، یک عامل برای هر بلوک:"
            ),
            step(
                "1 + f0 + f1 + f0*f1",
                "Multiplied out: there is always the term 1.",
                "پس از ضرب: جملهٔ 1 همواره هست.",
            ),
        ),
        implementation=lambda f0, f1: two_blocks(f0, f1, skip=True),
        mistakes=(
            wrong(
                "last-block-only",
                1 + f1,
                "That is the last block alone. The signal passes the other one as well.",
                "این فقط بلوک آخر است. سیگنال از بلوک دیگر هم می‌گذرد.",
            ),
            wrong(
                "product-term-lost",
                1 + f0 + f1,
                "A path is missing: the one that goes through both branches.",
                "یک مسیر جا افتاده است: مسیری که از هر دو شاخه می‌گذرد.",
            ),
            wrong("same-point-twice", (1 + f0) ** 2, **SAME_POINT),
            wrong(
                "no-skip-in-second-block",
                f1 * (1 + f0),
                "The second block has a shortcut as well.",
                "بلوک دوم هم میان‌بُر دارد.",
            ),
            wrong(
                "no-skip",
                f0 * f1,
                "That is the plain network, without shortcuts.",
                "این شبکهٔ ساده و بدون میان‌بُر است.",
            ),
        ),
    ),
    Formula(
        name="q6i_dx2_dx1",
        item=RESIDUAL_BLOCK,
        ask=both("Write dx2/dx1.", "dx2/dx1 را بنویسید."),
        reference=LAST_BLOCK,
        symbols={"f1": "real"},
        also={"f0": "real"},
        shown="1 + f1",
        steps=(
            step(
                "f1 + 1",
                "x2 = F(x1) + x1: the branch has the derivative f1, the shortcut has 1.",
                "x2 = F(x1) + x1: مشتق شاخه f1 و مشتق میان‌بر 1 است.",
            ),
        ),
        implementation=last_block,
        mistakes=(
            wrong("no-skip", f1, "The shortcut has a slope as well.", "میان‌بُر هم شیب دارد."),
            wrong(
                "wrong-point",
                1 + f0,
                "The slope is taken at the input of the other block.",
                "شیب در ورودی بلوک دیگر گرفته شده است.",
            ),
            wrong(
                "both-blocks",
                (1 + f0) * (1 + f1),
                "That goes back one block too far.",
                "این یک بلوک بیش از اندازه به عقب می‌رود.",
            ),
        ),
    ),
    Function(
        name="residual_jacobian",
        item=RESIDUAL_BLOCK,
        ask=both("Write dx2/dx0 for vectors.", "dx2/dx0 را برای بردارها بنویسید."),
        signature="residual_jacobian(J0, J1)",
        doc=both(
            "J0, J1: float64 arrays (n, n), the Jacobians of F at x0 and at x1. Returns the Jacobian of x2 "
            "with respect to x0, an array (n, n).",
            "‏J0 و J1: آرایه‌های float64 با ابعاد (n, n)، ژاکوبی‌های F در x0 و x1. خروجی ژاکوبی x2 نسبت به x0 "
            "است، آرایه‌ای (n, n).",
        ),
        implementation=residual_jacobian,
        cases=jacobian_cases,
        styles=(
            residual_product,
            residual_expanded,
        ),
        atol=1e-12,
        mistakes=(
            wrong("order", lambda J0, J1: (np.eye(len(J0)) + J0) @ (np.eye(len(J0)) + J1), **ORDER),
            wrong(
                "product-term-lost",
                lambda J0, J1: np.eye(len(J0)) + J0 + J1,
                "A path is missing: the one that goes through both branches.",
                "یک مسیر جا افتاده است: مسیری که از هر دو شاخه می‌گذرد.",
            ),
            wrong(
                "last-block-only",
                lambda J0, J1: np.eye(len(J0)) + J1,
                "That is the last block alone. The signal passes the other one as well.",
                "این فقط بلوک آخر است. سیگنال از بلوک دیگر هم می‌گذرد.",
            ),
            wrong(
                "no-skip-in-second-block",
                lambda J0, J1: J1 @ (np.eye(len(J0)) + J0),
                "The second block has a shortcut as well.",
                "بلوک دوم هم میان‌بُر دارد.",
            ),
            wrong("elementwise", lambda J0, J1: (np.eye(len(J0)) + J1) * (np.eye(len(J0)) + J0), **ELEMENTWISE),
            wrong(
                "ones-for-identity",
                lambda J0, J1: (1 + J1) @ (1 + J0),
                "Adding 1 to an array adds it to every entry. The shortcut is the identity matrix.",
                "افزودن 1 به آرایه آن را به همهٔ درایه‌ها می‌افزاید. میان‌بُر ماتریس همانی است.",
            ),
            wrong(
                "no-skip",
                lambda J0, J1: J1 @ J0,
                "That is the plain network, without shortcuts.",
                "این شبکهٔ ساده و بدون میان‌بُر است.",
            ),
        ),
    ),
    Formula(
        name="q6j_f",
        item=ARGUMENT,
        ask=both("Write what F has to learn.", "آنچه F باید یاد بگیرد را بنویسید."),
        reference=Hx - x,
        symbols={"Hx": "real", "x": "real"},
        steps=(
            step(
                "Hx - x",
                "The block gives F + x, which is to be Hx, so F is what is left:",
                "بلوک F + x را می‌دهد که باید Hx باشد، پس F همان مقدار باقی‌مانده است:",
            ),
        ),
        implementation=fit_residual,
        mistakes=(
            wrong("sum", Hx + x, "The shortcut adds the input already.", "میان‌بُر خودش ورودی را می‌افزاید."),
            wrong("reversed", x - Hx, "This is the other way round.", "این وارونه است."),
            wrong(
                "whole-mapping",
                Hx,
                "A part of that is there already, through the shortcut.",
                "بخشی از آن از راه میان‌بُر فراهم است.",
            ),
        ),
    ),
    Written(
        name="q6j_text",
        item=ARGUMENT,
        ask=both("Give two reasons in a few sentences.", "دو دلیل را در چند جمله بنویسید."),
        rubric=(
            (1, both("the derivative has the term 1 of the identity", "مشتق جملهٔ 1 مربوط به نگاشت همانی را دارد")),
            (
                1,
                both(
                    "the residual is easier to learn; the identity is reached with F = 0",
                    "باقی‌مانده آسان‌تر یاد گرفته می‌شود؛ نگاشت همانی با F = 0 به دست می‌آید",
                ),
            ),
        ),
        model=both(
            "The derivative of a block is 1 plus the derivative of its branch, so the gradient reaches early "
            "layers even where the branch's derivative is small. The branch learns only what has to change, "
            "H(x) - x: if little has to change, F is near 0, which is easy to reach.",
            "مشتق هر بلوک برابر 1 به علاوهٔ مشتق شاخهٔ آن است، پس گرادیان حتی وقتی مشتق شاخه کوچک است به "
            "لایه‌های ابتدایی می‌رسد. شاخه فقط آنچه باید تغییر کند یعنی H(x) - x را یاد می‌گیرد: اگر تغییر "
            "کمی لازم باشد، F نزدیک 0 است که رسیدن به آن آسان است.",
        ),
    ),
    Formula(
        name="q6k_dx2_dx0",
        item=PLAIN_NETWORK,
        ask=both("Write dx2/dx0.", "dx2/dx0 را بنویسید."),
        reference=PLAIN,
        symbols=SLOPES,
        also={"f2": "real"},
        shown="f1*f0",
        steps=(
            step(
                "f1*f0",
                "Chain rule: the outer derivative at x1, times the inner one at x0.",
                "قاعدهٔ زنجیری: مشتق بیرونی در x1 ضربدر مشتق درونی در x0.",
            ),
        ),
        implementation=lambda f0, f1: two_blocks(f0, f1, skip=False),
        mistakes=(
            wrong(
                "one-index-too-high",
                f2 * f1,
                "Each slope is taken where its layer gets its input. Yours are one layer too late.",
                "هر شیب در ورودی لایهٔ خودش گرفته می‌شود. شیب‌های شما یک لایه دیرترند.",
            ),
            wrong(
                "sum",
                f1 + f0,
                "The slopes of layers in a row do not add up.",
                "شیب لایه‌های پیاپی با هم جمع نمی‌شود.",
            ),
            wrong("same-point-twice", f0**2, **SAME_POINT),
            wrong("with-skip", (1 + f0) * (1 + f1), "There is no shortcut here.", "این‌جا میان‌بُر نداریم."),
        ),
    ),
    Function(
        name="plain_jacobian",
        item=PLAIN_NETWORK,
        ask=both("Write dx2/dx0 for vectors.", "dx2/dx0 را برای بردارها بنویسید."),
        signature="plain_jacobian(J0, J1)",
        doc=both(
            "J0, J1: float64 arrays (n, n), the Jacobians of F at x0 and at x1. Returns the Jacobian of x2 "
            "with respect to x0, an array (n, n).",
            "‏J0 و J1: آرایه‌های float64 با ابعاد (n, n)، ژاکوبی‌های F در x0 و x1. خروجی ژاکوبی x2 نسبت به x0 "
            "است، آرایه‌ای (n, n).",
        ),
        implementation=plain_jacobian,
        cases=jacobian_cases,
        styles=(plain_product,),
        atol=1e-12,
        mistakes=(
            wrong("order", lambda J0, J1: J0 @ J1, **ORDER),
            wrong("elementwise", lambda J0, J1: J1 * J0, **ELEMENTWISE),
            wrong(
                "sum",
                lambda J0, J1: J1 + J0,
                "The slopes of layers in a row do not add up.",
                "شیب لایه‌های پیاپی با هم جمع نمی‌شود.",
            ),
            wrong(
                "transposed",
                lambda J0, J1: (J1 @ J0).T,
                "Rows and columns have changed places.",
                "سطرها و ستون‌ها جابه‌جا شده‌اند.",
            ),
        ),
    ),
]
