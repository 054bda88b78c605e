"""Question 6 d and e: sigmoid, ReLU and dead neurons."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _measure import slope
from _styles import dsigmoid_product
from _words import both, step, wrong

from autograder.problem import Case, Formula, Function, Item, Number, Written

x = sp.Symbol("x")
REAL, SLOPED = {"x": "real"}, {"alpha": "real", "x": "real"}
SIGMOID = 1 / (1 + sp.exp(-x))
SIGMOID_SLOPE = sp.diff(SIGMOID, x)
MAAS = "Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic models"


# --- the activations as arrays, for real and complex arguments; slopes are taken numerically ---


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def dsigmoid(x: np.ndarray) -> np.ndarray:
    return slope(sigmoid, x)


def steepest() -> float:
    """The largest slope of the sigmoid that a fine grid finds."""
    return float(dsigmoid(np.linspace(-8, 8, 3201)).max())


def inputs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers of both signs, away from zero, where the two sides disagree."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 4.0, size=shape)


def sigmoid_cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case((np.array([-2.0, 0.0, 0.7, 3.0]),), "x = [-2, 0, 0.7, 3]"),
        Case((inputs(rng, 5, 3),)),
        Case((inputs(rng, 11),)),
        Case((3 * inputs(rng, 5),)),
    ]


SATURATION = Item(
    id="Q6d",
    by_hand=both(
        "Sketch the function, and read its slope at that point.",
        "تابع را رسم کنید و شیب آن را در این نقطه بخوانید.",
    ),
    title=both("Sigmoid and ReLU gradients", "گرادیان سیگموید و ReLU"),
    question=both(
        "Why does the sigmoid saturate and the ReLU not? What is the derivative of the sigmoid 1/(1 + "
        "exp(-x)), and its largest value?",
        "چرا سیگموید اشباع می‌شود و ReLU نه؟ مشتق سیگموید 1/(1 + exp(-x)) چیست و بیشترین مقدار آن چقدر است؟",
    ),
    source="Glorot, Bordes and Bengio 2011, Deep sparse rectifier neural networks",
    sheet="Sigmoid tends to 1 and 0, so its gradient to 0; ReLU has gradient 1 for positive values.",
)
DEAD = Item(
    id="Q6e",
    title=both("Dead neurons", "نورون‌های مرده"),
    question=both(
        "When does the problem of dead neurons occur?",
        "مشکل نورون‌های مرده چه زمانی رخ می‌دهد؟",
    ),
    source=MAAS,
    sheet="When the values of the neurons are negative: output and gradient are zero.",
)

PROBLEMS = [
    Formula(
        name="q6d_dsigmoid",
        item=SATURATION,
        ask=both("Write the derivative of the sigmoid.", "مشتق سیگموید را بنویسید."),
        reference=SIGMOID_SLOPE,
        symbols=REAL,
        shown="exp(-x)/(1 + exp(-x))^2",
        steps=(
            step(
                "(-1)/(1 + exp(-x))^2*(-exp(-x))",
                "The outer function 1/u has the derivative -1/u^2, the inner one, 1 + exp(-x), has -exp(-x):",
                "مشتق تابع بیرونی 1/u برابر -1/u^2 و مشتق تابع درونی 1 + exp(-x) برابر -exp(-x) است:",
            ),
            step(
                "1/(1 + exp(-x))*(1 - 1/(1 + exp(-x)))",
                "With s for the sigmoid this is s*(1 - s):",
                "اگر سیگموید را s بنامیم، این s*(1 - s) است:",
            ),
        ),
        implementation=dsigmoid,
        mistakes=(
            wrong(
                "s-times-one-plus-s",
                SIGMOID * (1 + SIGMOID),
                "Test it far to the right: your slope does not vanish there.",
                "آن را در سمت راست و دور امتحان کنید: شیب شما آن‌جا صفر نمی‌شود.",
            ),
            wrong(
                "tanh-rule",
                1 - SIGMOID**2,
                "That rule belongs to tanh.",
                "این قاعده مربوط به tanh است.",
            ),
            wrong(
                "sign",
                -SIGMOID_SLOPE,
                "The sigmoid rises everywhere. Watch the sign of the inner derivative.",
                "سیگموید همه‌جا صعودی است. به علامت مشتق درونی دقت کنید.",
            ),
            wrong(
                "inner-derivative-lost",
                -1 / (1 + sp.exp(-x)) ** 2,
                "The chain rule is not finished: the inner function has a derivative as well.",
                "قاعدهٔ زنجیری ناتمام است: تابع درونی هم مشتق دارد.",
            ),
            wrong("sigmoid-itself", SIGMOID, "That is the sigmoid itself.", "این خود سیگموید است."),
        ),
    ),
    Number(
        name="q6d_max",
        item=SATURATION,
        ask=both("Write the largest value of the derivative.", "بیشترین مقدار مشتق را بنویسید."),
        reference=sp.Rational(1, 4),
        steps=(
            step(
                None,
                "The slope s*(1 - s) is a parabola in s, which is largest in the middle, at s = 1/2, that is x = 0.",
                "شیب s*(1 - s) سهمی‌ای بر حسب s است که در میانه، s = 1/2 یعنی x = 0، بیشینه می‌شود.",
            ),
            step("1/2*(1 - 1/2)", "There it is", "مقدار آن در این نقطه"),
        ),
        implementation=steepest,
        mistakes=(
            wrong(
                "value-for-slope",
                sp.Rational(1, 2),
                "That is the sigmoid's value where it is steepest, not its slope there.",
                "این مقدار سیگموید در تندترین نقطه است، نه شیب آن.",
            ),
            wrong(
                "slope-of-relu",
                sp.Integer(1),
                "That is the slope of ReLU or tanh. The sigmoid is flatter.",
                "این شیب ReLU یا tanh است. سیگموید کم‌شیب‌تر است.",
            ),
        ),
    ),
    Function(
        name="dsigmoid",
        item=SATURATION,
        ask=both("Write the derivative as a function of an array.", "مشتق را به صورت تابعی از یک آرایه بنویسید."),
        signature="dsigmoid(x)",
        doc=both(
            "x: float64 array of any shape. Returns the derivative at every entry, an array of the same shape.",
            "‏x: آرایهٔ float64 با هر شکلی. خروجی مشتق در هر درایه است، آرایه‌ای با همان شکل.",
        ),
        implementation=dsigmoid,
        cases=sigmoid_cases,
        styles=(dsigmoid_product,),
        mistakes=(
            wrong(
                "s-times-one-plus-s",
                lambda x: sigmoid(x) * (1 + sigmoid(x)),
                "Test it far to the right: your slope does not vanish there.",
                "آن را در سمت راست و دور امتحان کنید: شیب شما آن‌جا صفر نمی‌شود.",
            ),
            wrong(
                "tanh-rule",
                lambda x: 1 - sigmoid(x) ** 2,
                "That rule belongs to tanh.",
                "این قاعده مربوط به tanh است.",
            ),
            wrong(
                "sign",
                lambda x: -sigmoid(x) * (1 - sigmoid(x)),
                "The sigmoid rises everywhere.",
                "سیگموید همه‌جا صعودی است.",
            ),
            wrong(
                "argument-is-the-sigmoid",
                lambda x: x * (1 - x),
                "x is the input, not yet the sigmoid's value.",
                "‏x ورودی است، نه مقدار سیگموید.",
            ),
            wrong("sigmoid-itself", sigmoid, "That is the sigmoid itself.", "این خود سیگموید است."),
        ),
    ),
    Written(
        name="q6d_text",
        item=SATURATION,
        ask=both("Explain it in a few sentences.", "در چند جمله توضیح دهید."),
        rubric=(
            (1, both("saturation on both sides", "اشباع در هر دو سو")),
            (
                1,
                both(
                    "the slope is at most 1/4, so a product of layers shrinks",
                    "شیب حداکثر 1/4 است، پس حاصل‌ضرب لایه‌ها کوچک می‌شود",
                ),
            ),
            (1, both("ReLU has slope 1 on its active side", "‏ReLU در سوی فعال شیب 1 دارد")),
        ),
        model=both(
            "For inputs of large magnitude the sigmoid is flat on both sides, so its gradient tends to 0. "
            "Even at its steepest it is 1/4, and a product over many layers shrinks. ReLU has slope 1 "
            "wherever it is active; it is flat only for negative inputs, and usually enough units are active.",
            "برای ورودی‌های با قدر مطلق بزرگ، سیگموید در هر دو سو تخت است و گرادیان آن به 0 میل می‌کند. حتی "
            "در تندترین نقطه شیب 1/4 است و حاصل‌ضرب روی لایه‌های زیاد کوچک می‌شود. ReLU هر جا فعال باشد شیب 1 "
            "دارد؛ فقط برای ورودی‌های منفی تخت است و معمولاً واحدهای کافی فعال‌اند.",
        ),
    ),
    Written(
        name="q6e_text",
        item=DEAD,
        ask=both("Answer in one or two sentences.", "در یک یا دو جمله پاسخ دهید."),
        rubric=(
            (1, both("output and gradient are zero for negative input", "برای ورودی منفی خروجی و گرادیان صفر است")),
            (1, both("for all samples, so there is no recovery", "برای همهٔ نمونه‌ها، پس بازگشتی نیست")),
        ),
        model=both(
            "For a negative pre-activation a ReLU's output and gradient are 0. If that holds for practically "
            "all samples, for instance after a large step has made the bias very negative, no update arrives "
            "and the unit stays dead.",
            "برای پیش‌فعال‌سازی منفی، خروجی و گرادیان ReLU برابر 0 است. اگر این برای تقریباً همهٔ نمونه‌ها رخ "
            "دهد، مثلاً پس از آنکه گامی بزرگ بایاس را بسیار منفی کند، هیچ به‌روزرسانی‌ای نمی‌رسد و نورون مرده "
            "می‌ماند.",
        ),
    ),
]
