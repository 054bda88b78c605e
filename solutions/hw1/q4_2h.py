"""Question 4.2 h: GoogLeNet's module 3a as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from _inception import (
    GIVEN,
    INPUT,
    MACS,
    MODULE_3A,
    PIXELS,
    STILL_WIDE,
    Cin,
    H,
    W,
    flops,
    pooled,
    printed,
    question,
    run,
    shape_problem,
)
from _measure import Shape
from _styles import inception_closed
from _words import both, reading, wrong

from autograder.problem import Case, Convention, Costs, Function, Number

WEIGHTS = 64 * Cin + 96 * Cin + 128 * 9 * 96 + 16 * Cin + 32 * 25 * 16 + 32 * Cin
TOTAL = PIXELS * WEIGHTS
MODULE = (64, 96, 128, 16, 32, 32)


# --- experiments: the branches are run on an image of ones ---


def branches(shape: Shape, c1: int, r3: int, c3: int, r5: int, c5: int, pp: int) -> list[tuple[Shape, int]]:
    return [
        run(shape, (c1, 1)),
        run(shape, (r3, 1), (c3, 3)),
        run(shape, (r5, 1), (c5, 5)),
        run(pooled(shape), (pp, 1)),
    ]


def joined(H: int, W: int, Cin: int) -> Shape:
    """Concatenate arrays of the branches' shapes."""
    outputs = [np.empty(shape, dtype=np.int8) for shape, _ in branches((H, W, Cin), *MODULE)]
    return np.concatenate(outputs, axis=2).shape


def count_weights(Cin: int) -> int:
    kernels = [(64, Cin, 1), (96, Cin, 1), (128, 96, 3), (16, Cin, 1), (32, 16, 5), (32, Cin, 1)]
    return sum(np.empty((filters, depth, size, size), dtype=np.int8).size for filters, depth, size in kernels)


def inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp):
    """Multiply-adds of each branch and of the module; the widths are named as in the paper's table."""
    counts = [done for _, done in branches((H, W, Cin), c1, r3, c3, r5, c5, pp)]
    return {f"branch{place}": done for place, done in enumerate(counts, start=1)} | {"total": sum(counts)}


def module_cases(rng: np.random.Generator) -> list[Case]:
    public = Case(
        (14, 12, 24, 8, 12, 16, 2, 4, 5),
        "H = 14, W = 12, Cin = 24, c1 = 8, r3 = 12, c3 = 16, r5 = 2, c5 = 4, pp = 5",
    )
    sizes = [
        (7, 5, 10, 1, 2, 3, 4, 5, 6),
        (6, 9, 20, 7, 5, 3, 2, 8, 4),
        (28, 28, 48, 16, 24, 32, 4, 8, 6),
        (9, 4, 7, 5, 8, 2, 6, 3, 9),
    ]
    return [public, *map(Case, sizes)]


# --- functions as students get them wrong ---


def changed_module(change: Callable[[dict[str, int], tuple[int, ...]], None]) -> Callable[..., dict[str, int]]:
    """The right module with some branches changed, and the total that follows."""

    def module(*sizes: int) -> dict[str, int]:
        found = inception_macs(*sizes)
        del found["total"]
        change(found, sizes)
        return found | {"total": sum(found.values())}

    return module


def without_reductions(found: dict[str, int], sizes: tuple[int, ...]) -> None:
    height, width, depth, _, r3, _, r5, _, _ = sizes
    found["branch2"] -= height * width * depth * r3
    found["branch3"] -= height * width * depth * r5


def wide_second_stages(found: dict[str, int], sizes: tuple[int, ...]) -> None:
    height, width, depth, _, r3, c3, r5, c5, _ = sizes
    found["branch2"] += height * width * 9 * c3 * (depth - r3)
    found["branch3"] += height * width * 25 * c5 * (depth - r5)


def counted_pool(found: dict[str, int], sizes: tuple[int, ...]) -> None:
    found["branch4"] += 9 * sizes[0] * sizes[1] * sizes[2]


def doubled(found: dict[str, int], sizes: tuple[int, ...]) -> None:
    found.update({name: 2 * count for name, count in found.items()})


def follow(q42d_macs: Any, q42e_macs: Any, q42f_macs: Any, q42g_macs: Any) -> Any:
    """The total that follows from the student's own branches."""
    return q42d_macs + q42e_macs + q42f_macs + q42g_macs


# --- texts ---


WHOLE = question(
    "h",
    both("Total operations and output volume of the module", "تعداد کل عملیات و حجم خروجی ماژول"),
    both(
        "The outputs of the four branches are concatenated. How many operations does the module take in "
        "total, how "
        f"many weights does it have, and what is the size of its output? {INPUT['en']}",
        "خروجی چهار شاخه به هم الحاق می‌شود. کل ماژول چند عملیات لازم دارد، چند وزن دارد و اندازهٔ خروجی آن "
        "چیست؟ "
        f"{INPUT['fa']}",
    ),
    "total operations = 67529344",
)
BRANCH_MISSING = both("One of the four branches is missing.", "یکی از چهار شاخه جا افتاده است.")
PROBLEMS = [
    Number(
        name="q42h_macs",
        item=WHOLE,
        ask=both("Write the total number of operations.", "تعداد کل عملیات را بنویسید."),
        reference=TOTAL,
        given_values=GIVEN,
        given=("q42d_macs", "q42e_macs", "q42f_macs", "q42g_macs"),
        follow=follow,
        shown="H*W*(208*Cin + 123392)",
        working=Costs((Cin, H, W), MODULE_3A),
        implementation=lambda H, W, Cin: sum(done for _, done in branches((H, W, Cin), *MODULE)),
        conventions=(
            flops(TOTAL),
            Convention(id="bias-additions-counted", answer=TOTAL + PIXELS * sum(MODULE)),
            Convention(id="pooling-counted", answer=TOTAL + 9 * PIXELS * Cin),
        ),
        mistakes=(
            printed(67529344),
            printed(69329344, "sum-of-the-printed-branches"),
            printed(69529344, "sum-of-the-handwritten-branches"),
            wrong("pool-branch-forgotten", TOTAL - MACS["g"], **BRANCH_MISSING),
            wrong("first-branch-forgotten", TOTAL - MACS["d"], **BRANCH_MISSING),
            wrong(
                "reductions-forgotten",
                TOTAL - PIXELS * Cin * (96 + 16),
                "The layers that reduce the channels in front of the larger filters cost something as well.",
                "لایه‌هایی که پیش از فیلترهای بزرگ‌تر کانال‌ها را کم می‌کنند هم هزینه دارند.",
            ),
        ),
    ),
    Number(
        name="q42h_channels",
        item=WHOLE,
        ask=both("Write the number of channels of the output.", "تعداد کانال‌های خروجی را بنویسید."),
        reference=sp.Integer(64 + 128 + 32 + 32),
        given_values=GIVEN,
        shown="64 + 128 + 32 + 32",
        working=Costs((Cin, H, W), MODULE_3A, "channels"),
        implementation=lambda H, W, Cin: joined(H, W, Cin)[2],
        mistakes=(
            wrong(
                "naive-module",
                sp.Integer(64 + 128 + 32 + 192),
                "In the naive module the pooling branch passes all its channels on. Here a 1x1 layer follows it.",
                "در ماژول ساده شاخهٔ ادغام همهٔ کانال‌ها را رد می‌کند. این‌جا پس از آن لایهٔ 1x1 می‌آید.",
            ),
            wrong("pool-branch-forgotten", sp.Integer(64 + 128 + 32), **BRANCH_MISSING),
            wrong(
                "reductions-added",
                sp.Integer(64 + 96 + 128 + 16 + 32 + 32),
                "The channels inside a branch do not leave it. Only the last layer of each branch does.",
                "کانال‌های درون یک شاخه از آن بیرون نمی‌آیند؛ فقط لایهٔ آخر هر شاخه بیرون می‌آید.",
            ),
        ),
    ),
    Number(
        name="q42h_weights",
        item=WHOLE,
        ask=both("Write the number of weights, without biases.", "تعداد وزن‌ها را بدون بایاس بنویسید."),
        reference=WEIGHTS,
        given_values=GIVEN,
        shown="208*Cin + 123392",
        working=Costs((Cin, H, W), MODULE_3A, "weights"),
        implementation=count_weights,
        conventions=(Convention(id="bias-counted", answer=WEIGHTS + sum(MODULE)),),
        mistakes=(
            wrong("pool-branch-forgotten", WEIGHTS - 32 * Cin, **BRANCH_MISSING),
            wrong(
                "operations-for-weights",
                TOTAL,
                "These are operations. A weight is counted once, wherever it is used.",
                "این تعداد عملیات است. هر وزن، هر جا به کار رود، یک بار شمرده می‌شود.",
            ),
            wrong(
                "second-layers-see-all-channels",
                WEIGHTS + 128 * 9 * (Cin - 96) + 32 * 25 * (Cin - 16),
                **STILL_WIDE,
            ),
        ),
    ),
    shape_problem(
        "q42h_shape",
        WHOLE,
        lambda: joined(28, 28, 192),
        256,
        wrong(
            "naive-module",
            sp.Tuple(28, 28, 416),
            "In the naive module the pooling branch passes all its channels on. Here a 1x1 layer follows it.",
            "در ماژول ساده شاخهٔ ادغام همهٔ کانال‌ها را رد می‌کند. این‌جا پس از آن لایهٔ 1x1 می‌آید.",
        ),
        wrong(
            "maps-stacked",
            sp.Tuple(112, 28, 256),
            "Branches are joined along their channels, not along the image.",
            "شاخه‌ها در راستای کانال به هم می‌چسبند، نه در راستای تصویر.",
        ),
    ),
    Function(
        name="inception_macs",
        item=WHOLE,
        ask=both(
            "Write it as a function for any such module.", "آن را به صورت تابعی برای هر ماژول از این نوع بنویسید."
        ),
        signature="inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp)",
        doc=both(
            "Returns a dict of whole numbers, the multiply-adds of 'branch1' (c1 filters 1x1), 'branch2' (r3 "
            "1x1, then c3 3x3), 'branch3' (r5 1x1, then c5 5x5), 'branch4' (pool, then pp 1x1), and their "
            "'total'.",
            "خروجی دیکشنری‌ای از عددهای صحیح است: تعداد ضرب‌وجمع‌های 'branch1' (c1 فیلتر 1x1)، 'branch2' (r3 "
            "فیلتر 1x1 و سپس c3 فیلتر 3x3)، 'branch3' (r5 فیلتر 1x1 و سپس c5 فیلتر 5x5)، 'branch4' (ادغام و "
            "سپس pp فیلتر 1x1) و مجموع آن‌ها 'total'.",
        ),
        implementation=inception_macs,
        cases=module_cases,
        styles=(inception_closed,),
        symbols=dict.fromkeys(("H", "W", "Cin", "c1", "r3", "c3", "r5", "c5", "pp"), "positive integer"),
        formulas={
            "branch1": "H*W*c1*Cin",
            "branch2": "H*W*r3*Cin + H*W*c3*3^2*r3",
            "branch3": "H*W*r5*Cin + H*W*c5*5^2*r5",
            "branch4": "H*W*pp*Cin",
        },
        follow={"total": lambda own: sum(own[f"branch{number}"] for number in (1, 2, 3, 4))},
        mistakes=(
            wrong(
                "reductions-forgotten",
                changed_module(without_reductions),
                "The layers that reduce the channels in front of the larger filters cost something as well.",
                "لایه‌هایی که پیش از فیلترهای بزرگ‌تر کانال‌ها را کم می‌کنند هم هزینه دارند.",
            ),
            wrong("second-layers-see-all-channels", changed_module(wide_second_stages), **STILL_WIDE),
        ),
        conventions=(
            reading("pooling-counted", changed_module(counted_pool)),
            reading("two-operations-per-multiply-add", changed_module(doubled)),
        ),
    ),
]
