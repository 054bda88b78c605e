"""What the questions on rectifiers share: pieces of functions, inputs of both signs, hints."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _words import both

from autograder.problem import Case, Item

x, alpha = sp.symbols("x alpha")
POSITIVE = {"alpha": "positive", "x": "real"}
RIGHT = x > 0


def bent(right, left) -> sp.Piecewise:
    """One value right of zero, another one at zero and left of it."""
    return sp.Piecewise((right, RIGHT), (left, True))


RECTIFIED = bent(x, alpha * x)
RECTIFIED_SLOPE = sp.diff(RECTIFIED, x)


def inputs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers of both signs, away from zero, where the two sides disagree."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 4.0, size=shape)


def sloped_cases(rng: np.random.Generator) -> list[Case]:
    public = Case((np.array([-2.0, -0.5, 0.5, 3.0]), 0.3), "x = [-2, -0.5, 0.5, 3], alpha = 0.3")
    wide = Case((10 * inputs(rng, 5), 0.8))  # no bound of a piece lies beyond all inputs
    return [public, Case((inputs(rng, 4, 5), 0.05)), Case((inputs(rng, 9), 1.7)), Case((inputs(rng, 7), 0.6)), wide]


def default_cases(rng: np.random.Generator) -> list[Case]:
    """Some calls leave alpha out."""
    return [*sloped_cases(rng), Case((inputs(rng, 6),)), Case((inputs(rng, 3, 4),))]


def activation(number: str, name: str, en: str, fa: str, source: str, sheet: str) -> Item:
    return Item(
        id=number,
        title=both(name, name),
        question=both(
            f"{en} Write the function and its derivatives, and name advantages and drawbacks.",
            f"{fa} تابع و مشتق‌های آن را بنویسید و مزایا و معایب آن را نام ببرید.",
        ),
        source=source,
        sheet=sheet,
        by_hand=both(
            "Sketch the function: on which branch does this point lie, and what happens there?",
            "تابع را رسم کنید: این نقطه روی کدام شاخه است و آن‌جا چه می‌شود؟",
        ),
    )


NEGATIVE_SLOPE = both(
    "A sign has slipped in: on the left, rising and falling have changed places.",
    "یک علامت اضافه شده است: در سمت چپ رفتار صعودی و نزولی تابع عوض شده است.",
)
VALUE_FOR_SLOPE = both(
    "On the left you wrote the function itself, not its derivative.",
    "در سمت چپ خود تابع را نوشته‌اید، نه مشتق آن را.",
)
PLAIN_RELU = both(
    "That is the ordinary ReLU, which is flat on the left. Is this function flat there, too?",
    "این ReLU معمولی است که در سمت چپ تخت است. آیا این تابع هم آن‌جا تخت است؟",
)
SIDES = both("The two sides have changed places.", "دو طرف جابه‌جا شده‌اند.")
