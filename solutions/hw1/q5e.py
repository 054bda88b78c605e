"""Question 5 e: the receptive field of dilated layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp
from _measure import touched
from _styles import field_with_a_jump
from _words import both, step, wrong

from autograder.problem import Case, Convention, Formula, Function, Item, ReceptiveField

w, d = sp.symbols("w d")
INTEGER = "positive integer"
PAIR = {"d": INTEGER, "w": INTEGER}
LARGE = ("w >= 2", "d >= 2")
LAYERS = (("w - 1", "d - 1", 1), ("w", "d", 1), ("w + 1", "d + 1", 1))  # kernel, dilation, stride
EXAMPLE = {"w": 3, "d": 2}
FIRST = (d - 1) * (w - 2)  # what each layer adds to the receptive field
SECOND = d * (w - 1)
THIRD = (d + 1) * w


# --- experiments: an impulse is sent back through the layers ---


def layers_back(w: int, d: int, count: int) -> int:
    kernels, dilations = [w - 1, w, w + 1][:count], [d - 1, d, d + 1][:count]
    return touched(kernels, dilations, [1] * count)


def receptive_field(kernels: Sequence[int], dilations: Sequence[int], strides: Sequence[int] | None = None) -> int:
    """The span of the inputs that one output depends on."""
    return touched(list(kernels), list(dilations), list(strides or [1] * len(kernels)))


# --- receptive fields as students get them wrong ---


def walk(kernels: Sequence[int], dilations: Sequence[int], strides: Sequence[int] | None, *, late: bool) -> int:
    """The usual recurrence; `late` says whether a layer's own stride is applied after its kernel."""
    field, jump = 1, 1
    for kernel, dilation, stride in zip(kernels, dilations, strides or [1] * len(kernels), strict=True):
        jump *= 1 if late else stride
        field += (kernel - 1) * dilation * jump
        jump *= stride if late else 1
    return field


def strides_backwards(kernels, dilations, strides=None):
    return walk(kernels, dilations, strides and strides[::-1], late=True)


def field_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [
        Case(tuple([int(n) for n in rng.integers(low, high, depth)] for low, high in ((2, 6), (1, 5), (1, 4))))
        for depth in (3, 4, 5)
    ]
    return [
        Case(([3, 4, 5], [2, 3, 4]), "kernels = [3, 4, 5], dilations = [2, 3, 4]"),
        Case(([7, 3, 5, 2], [1, 3, 2, 4], [2, 3, 1, 4])),
        Case(([3, 5], [1, 1], [4, 2])),
        Case(([5], [3], [2])),
        *drawn,
    ]


THREE = Item(
    id="Q5e",
    by_hand=both(
        "Mark one output, and go back layer by layer: which cells does each of them look at?",
        "یک خروجی را نشان کنید و لایه به لایه به عقب بروید: هر لایه کدام خانه‌ها را می‌بیند؟",
    ),
    title=both("Receptive field of three dilated layers", "میدان دریافت سه لایهٔ گسترش‌یافته"),
    question=both(
        "Three layers with stride 1 have (kernel size, dilation) = (w-1, d-1), (w, d), (w+1, d+1). What is "
        "the receptive field along one axis after each of them? A dilation is the step from one tap to the "
        "next.",
        "سه لایه با گام 1 به ترتیب (اندازهٔ هسته، گسترش) برابر (w-1, d-1)، (w, d) و (w+1, d+1) دارند. میدان "
        "دریافت در امتداد یک محور پس از هر یک چقدر است؟ گسترش، گام از یک خانهٔ هسته تا خانهٔ بعد است.",
    ),
    source="Araujo, Norris and Sim 2019, Computing receptive fields of convolutional neural networks, Distill",
    sheet="R1 = (d-1)(w-2)+1, R2 = d(w-1)+1+(d-1)(w-2), R3 = (3w-3)d+3",
)

CENTRES_TWICE = both(
    "You added up whole kernels. Neighbouring layers share a cell, which is counted twice then.",
    "هسته‌های کامل را جمع زده‌اید. لایه‌های پیاپی یک خانهٔ مشترک دارند که این‌گونه دو بار شمرده می‌شود.",
)
NO_DILATION = both(
    "The taps are spread out; you counted them side by side.",
    "خانه‌های هسته از هم فاصله دارند؛ آن‌ها را کنار هم شمرده‌اید.",
)
GAP_TOO_MANY = both("No gap follows the last tap of a kernel.", "پس از خانهٔ آخر هسته فاصله‌ای نیست.")
BEFORE_FORGOTTEN = both(
    "That is this layer alone. What the layers before it see belongs to it as well.",
    "این فقط همین لایه است. آنچه لایه‌های پیش از آن می‌بینند نیز جزو آن است.",
)

PROBLEMS = [
    Formula(
        name="q5e_r1",
        item=THREE,
        ask=both("Write the receptive field after the first layer.", "میدان دریافت پس از لایهٔ اول را بنویسید."),
        reference=FIRST + 1,
        symbols=PAIR,
        where=LARGE,
        shown="(w - 2)*(d - 1) + 1",
        working=ReceptiveField(LAYERS[:1], EXAMPLE),
        implementation=lambda w, d: layers_back(w, d, 1),
        conventions=(Convention(id="holes-dilation", answer=(w - 2) * d + 1),),
        mistakes=(
            wrong("dilation-ignored", w - 1, **NO_DILATION),
            wrong("taps-times-dilation", (w - 1) * (d - 1), **GAP_TOO_MANY),
            wrong(
                "middle-layer",
                SECOND + 1,
                "Those are the kernel and the dilation of the layer in the middle.",
                "این هسته و گسترش لایهٔ میانی است.",
            ),
        ),
    ),
    Formula(
        name="q5e_r2",
        item=THREE,
        ask=both("Write the receptive field after the second layer.", "میدان دریافت پس از لایهٔ دوم را بنویسید."),
        reference=SECOND + 1 + FIRST,
        symbols=PAIR,
        where=LARGE,
        shown="(w - 1)*d + (w - 2)*(d - 1) + 1",
        working=ReceptiveField(LAYERS[:2], EXAMPLE),
        implementation=lambda w, d: layers_back(w, d, 2),
        conventions=(Convention(id="holes-dilation", answer=(w - 2) * d + (w - 1) * (d + 1) + 1),),
        mistakes=(
            wrong("whole-kernels-added", FIRST + SECOND + 2, **CENTRES_TWICE),
            wrong("dilation-ignored", 2 * w - 2, **NO_DILATION),
            wrong("this-layer-only", SECOND + 1, **BEFORE_FORGOTTEN),
        ),
    ),
    Formula(
        name="q5e_r3",
        item=THREE,
        ask=both("Write the receptive field after the third layer.", "میدان دریافت پس از لایهٔ سوم را بنویسید."),
        reference=(3 * w - 3) * d + 3,
        symbols=PAIR,
        where=LARGE,
        shown="3*(w - 1)*d + 3",
        working=ReceptiveField(LAYERS, EXAMPLE),
        steps=(
            step("3*w*d - 3*d + 3", "Multiplied out, most terms cancel:", "پس از ضرب، بیشتر جمله‌ها حذف می‌شوند:"),
            step("3*(w - 1)*d + 3", "Closed form:", "فرم بسته:"),
        ),
        implementation=lambda w, d: layers_back(w, d, 3),
        conventions=(Convention(id="holes-dilation", answer=(w - 2) * d + (w - 1) * (d + 1) + w * (d + 2) + 1),),
        mistakes=(
            wrong("whole-kernels-added", FIRST + SECOND + THIRD + 3, **CENTRES_TWICE),
            wrong("dilation-ignored", 3 * w - 2, **NO_DILATION),
            wrong("taps-times-dilation", (w - 1) * (d - 1) + w * d + (w + 1) * (d + 1) - 2, **GAP_TOO_MANY),
            wrong(
                "kernels-multiplied",
                (FIRST + 1) * (SECOND + 1) * (THIRD + 1),
                "Layers behind each other add to the field. They do not multiply it.",
                "لایه‌های پیاپی به میدان می‌افزایند، آن را ضرب نمی‌کنند.",
            ),
            wrong(
                "same-in-all-layers",
                3 * d * (w - 1) + 1,
                "You took the same kernel and dilation in every layer. They differ.",
                "هسته و گسترش را در همهٔ لایه‌ها یکسان گرفته‌اید. آن‌ها متفاوت‌اند.",
            ),
            wrong("this-layer-only", THIRD + 1, **BEFORE_FORGOTTEN),
        ),
    ),
    Function(
        name="receptive_field",
        item=THREE,
        ask=both("Write it for any layers.", "آن را برای هر دنباله‌ای از لایه‌ها بنویسید."),
        signature="receptive_field(kernels, dilations, strides=None)",
        doc=both(
            "Lists with the kernel size, dilation and stride of each layer, the first layer first; without "
            "strides all are 1. Returns the receptive field of one output along one axis, a whole number.",
            "فهرست اندازهٔ هسته، گسترش و گام هر لایه، از لایهٔ اول؛ اگر گام داده نشود همه 1 هستند. خروجی "
            "میدان دریافت یک خروجی در امتداد یک محور است، عددی صحیح.",
        ),
        implementation=receptive_field,
        cases=field_cases,
        styles=(field_with_a_jump,),
        mistakes=(
            wrong(
                "stride-forgotten",
                lambda kernels, dilations, strides=None: walk(kernels, dilations, None, late=True),
                "After a layer with a stride, neighbouring cells lie further apart in the input.",
                "پس از لایه‌ای با گام بزرگ‌تر، خانه‌های همسایه در ورودی از هم دورترند.",
            ),
            wrong(
                "own-stride-first",
                lambda kernels, dilations, strides=None: walk(kernels, dilations, strides, late=False),
                "A layer's own stride spreads what comes after it, not its own kernel.",
                "گام هر لایه لایه‌های بعدی را پخش می‌کند، نه هستهٔ خود آن لایه را.",
            ),
            wrong(
                "strides-backwards",
                strides_backwards,
                "The strides are applied in the wrong order.",
                "گام‌ها به ترتیب نادرست اعمال شده‌اند.",
            ),
            wrong(
                "dilation-ignored",
                lambda kernels, dilations, strides=None: walk(kernels, [1] * len(kernels), strides, late=True),
                **NO_DILATION,
            ),
            wrong(
                "whole-kernels-added",
                lambda kernels, dilations, strides=None: (
                    walk(kernels, dilations, strides, late=True) + len(kernels) - 1
                ),
                **CENTRES_TWICE,
            ),
            wrong(
                "taps-times-dilation",
                lambda kernels, dilations, strides=None: walk(
                    [a * b for a, b in zip(kernels, dilations, strict=True)], [1] * len(kernels), strides, late=True
                ),
                **GAP_TOO_MANY,
            ),
        ),
    ),
]
