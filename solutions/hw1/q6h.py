"""Question 6 h: ELU."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _activations import (
    NEGATIVE_SLOPE,
    POSITIVE,
    RECTIFIED,
    SIDES,
    VALUE_FOR_SLOPE,
    activation,
    alpha,
    bent,
    default_cases,
    x,
)
from _measure import slope
from _words import both, step, wrong

from autograder.problem import Choice, Formula, Function

CLEVERT = "Clevert, Unterthiner and Hochreiter 2016, Fast and accurate deep network learning by ELUs"


EXPONENTIAL = bent(x, alpha * (sp.exp(x) - 1))


def exponential(x, alpha):
    return np.where(np.real(x) > 0, x, alpha * np.expm1(x))


def elu(x: np.ndarray, alpha: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    return exponential(x, alpha), slope(lambda moved: exponential(moved, alpha), x)


ELU = activation(
    "Q6h",
    "ELU",
    "The exponential linear unit is x for x > 0, and elsewhere an exponential, scaled by alpha, that is 0 at "
    "0 and tends to -alpha.",
    "واحد خطی نمایی (ELU) برای x > 0 برابر x است و در جاهای دیگر تابعی نمایی با ضریب alpha که در 0 برابر 0 "
    "است و به -alpha میل می‌کند.",
    CLEVERT,
    "f' = 1 for x > 0, alpha e^x for x <= 0; 'no derivative at zero (smooth)'",
)


PROBLEMS = [
    Formula(
        name="q6h_f",
        item=ELU,
        ask=both("Write the function.", "تابع را بنویسید."),
        reference=EXPONENTIAL,
        symbols=POSITIVE,
        steps=(
            step(
                None,
                "An exponential that is 0 at 0 is exp(x) - 1; scaled by alpha it tends to -alpha on the left.",
                "تابع نمایی‌ای که در 0 برابر 0 باشد exp(x) - 1 است؛ با ضریب alpha در سمت چپ به -alpha میل می‌کند.",
            ),
            step("Max(x, 0) + alpha*(exp(Min(x, 0)) - 1)", "As one formula:", "به صورت یک فرمول:"),
        ),
        implementation=lambda x, alpha: float(max(0.0, x) + alpha * (np.exp(min(0.0, x)) - np.exp(0.0))),
        mistakes=(
            wrong(
                "one-not-subtracted",
                bent(x, alpha * sp.exp(x)),
                "Look at zero: your function jumps there.",
                "به نقطهٔ صفر نگاه کنید: تابع شما آن‌جا پرش دارد.",
            ),
            wrong(
                "alpha-lost",
                bent(x, sp.exp(x) - 1),
                "That fits one value of the parameter only.",
                "این فقط برای یک مقدار پارامتر درست است.",
            ),
            wrong(
                "bracket-forgotten",
                bent(x, alpha * sp.exp(x) - 1),
                "Mind the brackets: what does the parameter scale?",
                "به پرانتزها دقت کنید: پارامتر چه چیزی را مقیاس می‌کند؟",
            ),
            wrong("sides-swapped", bent(alpha * (sp.exp(x) - 1), x), **SIDES),
            wrong(
                "leaky",
                RECTIFIED,
                "That is a straight line on the left. Here it is a curve.",
                "این در سمت چپ خط راست است. این‌جا منحنی است.",
            ),
        ),
    ),
    Formula(
        name="q6h_df",
        item=ELU,
        ask=both("Write the derivative, for x != 0.", "مشتق را برای x != 0 بنویسید."),
        reference=sp.diff(EXPONENTIAL, x),
        symbols=POSITIVE,
        where=("x != 0",),
        implementation=lambda x, alpha: float(elu(x, alpha)[1]),
        steps=(
            step(
                bent(1, EXPONENTIAL.args[1][0] + alpha),
                "For x < 0 this is f + alpha:",
                "برای x < 0 این برابر f + alpha است:",
            ),
        ),
        mistakes=(
            wrong(
                "alpha-lost",
                bent(1, sp.exp(x)),
                "That fits one value of the parameter only.",
                "این فقط برای یک مقدار پارامتر درست است.",
            ),
            wrong(
                "power-rule",
                bent(1, alpha * x * sp.exp(x)),
                "An exponential is not differentiated like a power.",
                "از تابع نمایی مانند توان مشتق گرفته نمی‌شود.",
            ),
            wrong("sign", bent(1, -alpha * sp.exp(x)), **NEGATIVE_SLOPE),
            wrong("function-for-slope", bent(1, alpha * (sp.exp(x) - 1)), **VALUE_FOR_SLOPE),
            wrong(
                "leaky",
                bent(1, alpha),
                "That is a straight line on the left. Here it is a curve.",
                "این در سمت چپ خط راست است. این‌جا منحنی است.",
            ),
        ),
    ),
    Choice(
        name="q6h_smooth",
        item=ELU,
        ask=both(
            "For which alpha > 0 does the ELU have a derivative at x = 0?",
            "‏ELU برای کدام alpha > 0 در x = 0 مشتق دارد؟",
        ),
        options={
            "a": both("For every alpha.", "برای هر alpha."),
            "b": both("For alpha = 1 only.", "فقط برای alpha = 1."),
            "c": both("For every alpha less than 1.", "برای هر alpha کوچک‌تر از 1."),
            "d": both("For no alpha.", "برای هیچ alpha."),
        },
        correct=("b",),
    ),
    Function(
        name="elu",
        item=ELU,
        ask=both("Write the function and its derivative.", "تابع و مشتق آن را بنویسید."),
        signature="elu(x, alpha=1.0)",
        doc=both(
            "x: float64 array, alpha: a number, 1 if it is left out. Returns a tuple of two arrays of x's "
            "shape: f, df/dx.",
            "‏x: آرایهٔ float64 و alpha: یک عدد که اگر داده نشود 1 است. خروجی دو آرایه به شکل x است: f و df/dx.",
        ),
        implementation=elu,
        cases=default_cases,
        parts=("f", "df_dx"),
        mistakes=(
            wrong(
                "alpha-lost",
                lambda x, alpha=1.0: elu(x, 1.0),
                "The argument alpha is not used.",
                "آرگومان alpha به کار نرفته است.",
            ),
            wrong(
                "power-rule",
                lambda x, alpha=1.0: (exponential(x, alpha), np.where(x > 0, 1.0, alpha * x * np.exp(x))),
                "An exponential is not differentiated like a power.",
                "از تابع نمایی مانند توان مشتق گرفته نمی‌شود.",
            ),
            wrong(
                "sign",
                lambda x, alpha=1.0: (exponential(x, alpha), np.where(x > 0, 1.0, -alpha * np.exp(x))),
                **NEGATIVE_SLOPE,
            ),
            wrong(
                "one-not-subtracted",
                lambda x, alpha=1.0: (
                    np.where(x > 0, x, alpha * np.exp(x)),
                    np.where(x > 0, 1.0, alpha * np.exp(x)),
                ),
                "Look at zero: your function jumps there.",
                "به نقطهٔ صفر نگاه کنید: تابع شما آن‌جا پرش دارد.",
            ),
            wrong(
                "function-for-slope",
                lambda x, alpha=1.0: (exponential(x, alpha), np.where(x > 0, 1.0, exponential(x, alpha))),
                **VALUE_FOR_SLOPE,
            ),
        ),
    ),
]
