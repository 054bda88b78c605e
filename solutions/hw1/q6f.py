"""Question 6 f and g: PReLU and leaky ReLU."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy as sp
from _activations import (
    NEGATIVE_SLOPE,
    PLAIN_RELU,
    POSITIVE,
    RECTIFIED,
    RECTIFIED_SLOPE,
    SIDES,
    VALUE_FOR_SLOPE,
    activation,
    alpha,
    bent,
    inputs,
    sloped_cases,
    x,
)
from _measure import slope
from _words import both, step, wrong

from autograder.problem import Case, Formula, Function

REAL, SLOPED = {"x": "real"}, {"alpha": "real", "x": "real"}


HE = "He et al. 2015, Delving deep into rectifiers, section 2.1"
MAAS = "Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic models"


def rectified(x, alpha):
    return np.where(np.real(x) > 0, x, alpha * x)


def prelu(x: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        rectified(x, alpha),
        slope(lambda moved: rectified(moved, alpha), x),
        slope(lambda moved: rectified(x, moved), alpha),
    )


def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> tuple[np.ndarray, np.ndarray]:
    return prelu(x, alpha)[:2]


def small_slope_cases(rng: np.random.Generator) -> list[Case]:
    """Slopes below one, where the larger of the two lines is a right way to write it; some calls leave alpha out."""
    public = Case((np.array([-2.0, -0.5, 0.5, 3.0]), 0.3), "x = [-2, -0.5, 0.5, 3], alpha = 0.3")
    slopes = [Case((inputs(rng, 4, 5), 0.05)), Case((inputs(rng, 9), 0.2))]
    return [public, *slopes, Case((inputs(rng, 6),)), Case((inputs(rng, 3, 4),)), Case((10 * inputs(rng, 5), 0.8))]


PRELU = activation(
    "Q6f",
    "PReLU",
    "The parametric ReLU is x for x > 0 and has the learned slope alpha elsewhere.",
    "‏ReLU پارامتری برای x > 0 برابر x است و در جاهای دیگر شیب یادگرفتنی alpha دارد.",
    HE,
    "f' = 1 for x > 0, alpha for x <= 0; alpha is learned (no gradient with respect to alpha is given)",
)
LEAKY = activation(
    "Q6g",
    "Leaky ReLU",
    "The leaky ReLU is x for x > 0 and has a small fixed slope alpha elsewhere.",
    "‏Leaky ReLU برای x > 0 برابر x است و در جاهای دیگر شیب کوچک و ثابت alpha دارد.",
    MAAS,
    "f' = 1 for x > 0, alpha for x <= 0; alpha is a small constant",
)


LARGER_LINE = both(
    "The larger of the two lines is the right one only for slopes below one.",
    "بزرگ‌ترِ دو خط فقط برای شیب‌های کمتر از یک درست است.",
)
RECTIFIED_MISTAKES = (
    wrong("plain-relu", bent(x, 0), **PLAIN_RELU),
    wrong("sign", bent(x, -alpha * x), **NEGATIVE_SLOPE),
    wrong("sides-swapped", bent(alpha * x, x), **SIDES),
    wrong(
        "constant-left",
        bent(x, alpha),
        "On the left you wrote the slope, not the function.",
        "در سمت چپ شیب را نوشته‌اید، نه تابع را.",
    ),
)

EACH_BRANCH = step(
    "Piecewise((1, x > 0), (alpha, True))",
    "Every branch is differentiated by itself; at x = 0 there is a corner:",
    "از هر شاخه جداگانه مشتق می‌گیریم؛ در x = 0 گوشه دارد:",
)
RECTIFIED_SLOPE_MISTAKES = (
    wrong("sign", bent(1, -alpha), **NEGATIVE_SLOPE),
    wrong("function-for-slope", bent(1, alpha * x), **VALUE_FOR_SLOPE),
    wrong("sides-swapped", bent(alpha, 1), **SIDES),
)

PROBLEMS = [
    Formula(
        name="q6f_f",
        item=PRELU,
        ask=both("Write the function.", "تابع را بنویسید."),
        reference=RECTIFIED,
        symbols=SLOPED,
        steps=(
            step(
                "Max(x, 0) + alpha*Min(x, 0)", "As one formula, for any slope:", "به صورت یک فرمول، برای هر شیبی:"
            ),
        ),
        implementation=lambda x, alpha: float(max(0.0, x) + alpha * min(0.0, x)),
        mistakes=(*RECTIFIED_MISTAKES, wrong("larger-line", "Max(x, alpha*x)", **LARGER_LINE)),
    ),
    Formula(
        name="q6f_df",
        item=PRELU,
        ask=both("Write the derivative with respect to x, for x != 0.", "مشتق نسبت به x را برای x != 0 بنویسید."),
        reference=RECTIFIED_SLOPE,
        symbols=SLOPED,
        where=("x != 0",),
        steps=(EACH_BRANCH,),
        implementation=lambda x, alpha: float(prelu(x, alpha)[1]),
        mistakes=(*RECTIFIED_SLOPE_MISTAKES, wrong("plain-relu", bent(1, 0), **PLAIN_RELU)),
    ),
    Formula(
        name="q6f_dalpha",
        item=PRELU,
        ask=both("Write the derivative with respect to alpha.", "مشتق نسبت به alpha را بنویسید."),
        reference=sp.diff(RECTIFIED, alpha),
        symbols=REAL,
        also={"alpha": "real"},
        steps=(
            step(
                "Min(x, 0)",
                "The branch x does not hold alpha; alpha*x has the derivative x. As one formula:",
                "شاخهٔ x شامل alpha نیست؛ مشتق alpha*x برابر x است. به صورت یک فرمول:",
            ),
        ),
        implementation=lambda x: float(prelu(x, 0.3)[2]),
        mistakes=(
            wrong(
                "slope-not-learned",
                sp.Integer(0),
                "That would be right for a constant slope. Here it is a parameter that is learned.",
                "این برای شیب ثابت درست است. این‌جا شیب پارامتری است که یاد گرفته می‌شود.",
            ),
            wrong(
                "derivative-in-x",
                RECTIFIED_SLOPE,
                "That is the derivative with respect to the input.",
                "این مشتق نسبت به ورودی است.",
            ),
            wrong(
                "everywhere",
                x,
                "On one of the two sides the function does not depend on its slope.",
                "در یکی از دو طرف، تابع به این شیب وابسته نیست.",
            ),
            wrong("sides-swapped", bent(x, 0), **SIDES),
            wrong(
                "factor-kept",
                bent(0, alpha * x),
                "The factor that you differentiate by is still there.",
                "عاملی که نسبت به آن مشتق می‌گیرید هنوز هست.",
            ),
        ),
    ),
    Function(
        name="prelu",
        item=PRELU,
        ask=both("Write the function and both derivatives.", "تابع و هر دو مشتق را بنویسید."),
        signature="prelu(x, alpha)",
        doc=both(
            "x: float64 array, alpha: a number. Returns a tuple of three arrays of x's shape: f, df/dx, "
            "df/dalpha, entry by entry.",
            "‏x: آرایهٔ float64 و alpha: یک عدد. خروجی سه آرایه به شکل x است: f، ‏df/dx و df/dalpha، درایه‌به‌درایه.",
        ),
        implementation=prelu,
        cases=sloped_cases,
        parts=("f", "df_dx", "df_dalpha"),
        mistakes=(
            wrong(
                "slope-not-learned",
                lambda x, alpha: (rectified(x, alpha), np.where(x > 0, 1.0, alpha), np.zeros_like(x)),
                "The slope is a parameter that is learned: it has a gradient as well.",
                "شیب پارامتری است که یاد گرفته می‌شود: آن هم گرادیان دارد.",
            ),
            wrong(
                "plain-relu",
                lambda x, alpha: (np.maximum(x, 0), np.where(x > 0, 1.0, 0.0), np.zeros_like(x)),
                **PLAIN_RELU,
            ),
            wrong(
                "sign",
                lambda x, alpha: (rectified(x, alpha), np.where(x > 0, 1.0, -alpha), np.where(x > 0, 0.0, x)),
                **NEGATIVE_SLOPE,
            ),
            wrong(
                "function-for-slope",
                lambda x, alpha: (rectified(x, alpha), np.where(x > 0, 1.0, alpha * x), np.where(x > 0, 0.0, x)),
                **VALUE_FOR_SLOPE,
            ),
        ),
    ),
    Formula(
        name="q6g_f",
        item=LEAKY,
        ask=both("Write the function.", "تابع را بنویسید."),
        reference=RECTIFIED,
        symbols=POSITIVE,
        steps=(
            step(
                "Max(x, 0) + alpha*Min(x, 0)", "As one formula, for any slope:", "به صورت یک فرمول، برای هر شیبی:"
            ),
        ),
        implementation=lambda x, alpha: float(max(0.0, x) + alpha * min(0.0, x)),
        mistakes=(
            *RECTIFIED_MISTAKES,
            wrong("larger-line", "Max(x, alpha*x)", **LARGER_LINE, credit=Fraction(1, 2)),
        ),
    ),
    Formula(
        name="q6g_df",
        item=LEAKY,
        ask=both("Write the derivative, for x != 0.", "مشتق را برای x != 0 بنویسید."),
        reference=RECTIFIED_SLOPE,
        symbols=POSITIVE,
        where=("x != 0",),
        steps=(EACH_BRANCH,),
        implementation=lambda x, alpha: float(leaky_relu(x, alpha)[1]),
        mistakes=(
            *RECTIFIED_SLOPE_MISTAKES,
            wrong(
                "inverse",
                bent(1, 1 / alpha),
                "On the left the function is flatter, not steeper.",
                "تابع در سمت چپ کم‌شیب‌تر است، نه پرشیب‌تر.",
            ),
            wrong("plain-relu", bent(1, 0), **PLAIN_RELU),
        ),
    ),
    Function(
        name="leaky_relu",
        item=LEAKY,
        ask=both("Write the function and its derivative.", "تابع و مشتق آن را بنویسید."),
        signature="leaky_relu(x, alpha=0.01)",
        doc=both(
            "x: float64 array, alpha: a number, 0.01 if it is left out. Returns a tuple of two arrays of x's "
            "shape: f, df/dx.",
            "‏x: آرایهٔ float64 و alpha: یک عدد که اگر داده نشود 0.01 است. خروجی دو آرایه به شکل x است: f و df/dx.",
        ),
        implementation=leaky_relu,
        cases=small_slope_cases,
        parts=("f", "df_dx"),
        mistakes=(
            wrong(
                "sign", lambda x, alpha=0.01: (rectified(x, alpha), np.where(x > 0, 1.0, -alpha)), **NEGATIVE_SLOPE
            ),
            wrong(
                "function-for-slope",
                lambda x, alpha=0.01: (rectified(x, alpha), rectified(x, alpha)),
                **VALUE_FOR_SLOPE,
            ),
            wrong(
                "inverse",
                lambda x, alpha=0.01: (rectified(x, alpha), np.where(x > 0, 1.0, 1 / alpha)),
                "On the left the function is flatter, not steeper.",
                "تابع در سمت چپ کم‌شیب‌تر است، نه پرشیب‌تر.",
            ),
            wrong("plain-relu", lambda x, alpha=0.01: (np.maximum(x, 0), np.where(x > 0, 1.0, 0.0)), **PLAIN_RELU),
        ),
    ),
]
