"""Q0: a NumPy function.  The example, to be replaced: layer normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.problem import Case, Function, Item, Mistake, Property

Array = Any  # a NumPy array


# The reference is this implementation: its results are what students' results are compared with.
def ANSWER(x: Array, eps: float = 1e-5) -> Array:
    """Each row of x, shifted to mean 0 and scaled to variance 1."""
    mean = x.mean(axis=1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


def over_the_batch(x: Array, eps: float = 1e-5) -> Array:
    """Known mistake: normalises columns, as batch normalisation does."""
    return ANSWER(x.T, eps).T


def without_mean(x: Array, eps: float = 1e-5) -> Array:
    """Known mistake: scales, but does not shift."""
    return x / np.sqrt(x.var(axis=1, keepdims=True) + eps)


# Only the first case is public; the others are drawn with the course's secret, and students never see them.
# Choose lengths that all differ, so that a transposed or summed axis cannot go unnoticed.
def cases(rng: np.random.Generator) -> list[Case]:
    """The inputs on which a student's function is called."""
    public = Case((np.array([[1.0, 2.0, 6.0], [0.0, -1.0, 4.0]]),), "two rows of three")
    return [public, Case((rng.normal(size=(4, 7)),)), Case((rng.normal(3, 2, size=(5, 2)), 0.1))]


# A property is what you claim of every right function: both calls of a pair agree.  The audit tries it on yours.
def with_and_without_shift(rng: np.random.Generator) -> list[tuple[Case, Case]]:
    """The same rows, and the same rows moved."""
    x = rng.normal(size=(3, 5))
    return [(Case((x,)), Case((x + 10.0,)))]


ITEM = Item(
    id="Q0",  # the number on the sheet; several answers may share one item
    title={"en": "Layer normalisation", "fa": "نرمال‌سازی لایه"},
    question={
        "en": "Layer normalisation shifts and scales each example by itself, to mean 0 and variance 1.",
        "fa": "نرمال‌سازی لایه هر نمونه را جداگانه جابه‌جا و مقیاس می‌کند تا میانگین 0 و واریانس 1 شود.",
    },
    source="Ba, Kiros and Hinton 2016, Layer normalization, section 3",
)

PROBLEMS = [
    Function(
        name="ANSWER",  # the function that students write
        item=ITEM,
        ask={"en": "Write it as a function.", "fa": "آن را به صورت تابع بنویسید."},
        signature="ANSWER(x, eps=1e-5)",
        doc={
            "en": "x: float64 array (N, D), one example in each row. Returns (x - mean)/sqrt(variance + eps) of "
            "each row, an array (N, D); the variance divides by D.",
            "fa": "‏x: آرایهٔ float64 با ابعاد (N, D)، در هر سطر یک نمونه. خروجی (x - mean)/sqrt(variance + eps) هر "
            "سطر است، آرایه‌ای (N, D)؛ واریانس بر D تقسیم می‌شود.",
        },
        implementation=ANSWER,
        cases=cases,
        # rtol and atol are numpy's, and stand in grader.toml; give them here where one function needs others.
        atol=1e-12,
        properties=(
            Property(
                id="shift-has-no-effect",
                words={"en": "Moving a row changes nothing.", "fa": "جابه‌جایی یک سطر چیزی را تغییر نمی‌دهد."},
                pairs=with_and_without_shift,
            ),
        ),
        # A mistake of a function is a function.  A hint says what to look at.  It never holds the answer.
        mistakes=(
            Mistake(
                id="over-the-batch",
                answer=over_the_batch,
                hint={
                    "en": "That is normalised over the batch. Here every example stands for itself.",
                    "fa": "این روی دسته نرمال شده است. این‌جا هر نمونه جداگانه نرمال می‌شود.",
                },
            ),
            Mistake(
                id="without-mean",
                answer=without_mean,
                hint={
                    "en": "The spread is right, but are the rows centred?",
                    "fa": "پراکندگی درست است، اما آیا میانگین سطرها صفر است؟",
                },
            ),
        ),
    ),
]
