"""Question 4.2 d to g: the four branches of GoogLeNet's module 3a."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
from _inception import (
    BRANCHES,
    GIVEN,
    INPUT,
    MACS,
    PIXELS,
    SHOWN,
    STILL_WIDE,
    Cin,
    H,
    Stage,
    W,
    flops,
    pooled,
    printed,
    question,
    run,
    shape_problem,
)
from _measure import Shape
from _words import both, wrong

from autograder.problem import Convention, Costs, Item, Mistake, Number


def branch(letter: str, number: str, en: str, fa: str, sheet: str) -> Item:
    persian = number.translate(str.maketrans("1234", "۱۲۳۴"))
    return question(
        letter,
        both(f"Inception branch {number}: {en}", f"شاخهٔ {persian} از Inception: {fa}"),
        both(
            f"Branch {number} of the module: {en}. What are the output size and the number of operations? {INPUT['en']}",
            f"شاخهٔ {persian} از ماژول: {fa}. اندازهٔ خروجی و تعداد عملیات چیست؟ {INPUT['fa']}",
        ),
        sheet,
    )


ITEMS = {
    "d": branch("d", "1", "64 filters 1x1", "64 فیلتر 1x1", "28x28x64; 28*28*64*(1*1*192) = 9830400"),
    "e": branch(
        "e",
        "2",
        "96 filters 1x1, then 128 filters 3x3 with padding 1",
        "96 فیلتر 1x1 و سپس 128 فیلتر 3x3 با padding برابر 1",
        "28x28x128; 28*28*96*192 + 28*28*128*3*3*96 = 42004224",
    ),
    "f": branch(
        "f",
        "3",
        "16 filters 1x1, then 32 filters 5x5 with padding 2",
        "16 فیلتر 1x1 و سپس 32 فیلتر 5x5 با padding برابر 2",
        "28x28x32; 28*28*16*192 + 28*28*32*5*5*16 = 12779520",
    ),
    "g": branch(
        "g",
        "4",
        "max pooling 3x3 with padding 1 and stride 1, then 32 filters 1x1",
        "ادغام بیشینهٔ 3x3 با padding برابر 1 و گام 1، و سپس 32 فیلتر 1x1",
        "Max pool (2x2), p=1, s=1; 28x28x32; 0 + 28*28*32*192 = 4715200",
    ),
}

COUNT = both("Write the number of operations (multiply-adds).", "تعداد عملیات (ضرب‌وجمع) را بنویسید.")
ROUNDED_PIXELS = both(
    "This is the number printed on the solution sheet, an arithmetic slip: the area of the map was taken as a round 800.",
    "این عدد پاسخ‌نامهٔ چاپ‌شده است و خطای محاسباتی دارد: مساحت نقشه را عدد گرد 800 گرفته‌اند.",
)
NO_PADDING = both(
    "The output keeps its size here, because the layer pads its input.",
    "این‌جا اندازهٔ خروجی حفظ می‌شود، چون لایه به ورودی padding می‌افزاید.",
)
STAGE_MISSING = both(
    "This branch has two layers; one of them is missing.",
    "این شاخه دو لایه دارد؛ یکی از آن‌ها جا افتاده است.",
)
MISREAD = both(
    "A number of channels was misread: check how many come out of the first layer.",
    "تعداد کانال‌ها اشتباه خوانده شده است: ببینید از لایهٔ اول چند کانال بیرون می‌آید.",
)
LINE_KERNEL = both("The window is a square, not a line.", "پنجره یک مربع است، نه یک خط.")
MODULE_INPUT = both("That many channels enter the module.", "این تعداد کانال وارد ماژول می‌شود.")


def bias_added(letter: str, outputs: int) -> Convention:
    return Convention(id="bias-additions-counted", answer=MACS[letter] + PIXELS * outputs)


def of(letter: str) -> Callable[..., Any]:
    """The experiment of one branch: what it gives and what it costs."""
    place = "defg".index(letter)
    stages: list[list[Stage]] = [[(64, 1)], [(96, 1), (128, 3)], [(16, 1), (32, 5)], [(32, 1)]]

    def experiment(H: int = 28, W: int = 28, Cin: int = 192) -> tuple[Shape, int]:
        shape = (H, W, Cin)
        return run(pooled(shape) if letter == "g" else shape, *stages[place])

    return experiment


def cost_of(letter: str) -> Callable[..., int]:
    experiment = of(letter)
    return lambda H, W, Cin: experiment(H, W, Cin)[1]


def shape_of(letter: str) -> Callable[[], Shape]:
    experiment = of(letter)
    return lambda: experiment()[0]


def macs_problem(name: str, *mistakes: Mistake, outputs: int, **more: Any) -> Number:
    """The cost of one branch, whose layers have so many output channels together."""
    letter = name[len("q42")]
    return Number(
        name=name,
        item=ITEMS[letter],
        ask=COUNT,
        reference=MACS[letter],
        given_values=GIVEN,
        shown=SHOWN[letter],
        working=Costs((Cin, H, W), BRANCHES[letter]),
        implementation=cost_of(letter),
        conventions=(flops(MACS[letter]), bias_added(letter, outputs), *more.pop("conventions", ())),
        mistakes=mistakes,
        **more,
    )


PROBLEMS = [
    macs_problem(
        "q42d_macs",
        printed(9830400, hint=ROUNDED_PIXELS),
        wrong(
            "depth-forgotten",
            PIXELS * 64,
            "Each filter looks at every input channel.",
            "هر فیلتر همهٔ کانال‌های ورودی را می‌بیند.",
        ),
        wrong(
            "weights-only",
            64 * Cin,
            "These are the weights. Each is used at every output position.",
            "این تعداد وزن‌هاست. هر وزن در همهٔ جایگاه‌های خروجی به کار می‌رود.",
        ),
        outputs=64,
    ),
    shape_problem(
        "q42d_shape", ITEMS["d"], shape_of("d"), 64, wrong("input-shape", sp.Tuple(28, 28, 192), **MODULE_INPUT)
    ),
    macs_problem(
        "q42e_macs",
        printed(42004224),
        wrong("no-padding", PIXELS * 96 * Cin + (H - 2) * (W - 2) * 128 * 9 * 96, **NO_PADDING),
        wrong("first-layer-forgotten", PIXELS * 128 * 9 * 96, **STAGE_MISSING),
        wrong("second-layer-forgotten", PIXELS * 96 * Cin, **STAGE_MISSING),
        wrong("misread-76", PIXELS * 96 * Cin + PIXELS * 128 * 9 * 76, **MISREAD),
        wrong("k-not-squared", PIXELS * 96 * Cin + PIXELS * 128 * 3 * 96, **LINE_KERNEL),
        wrong("second-layer-sees-all-channels", PIXELS * 96 * Cin + PIXELS * 128 * 9 * Cin, **STILL_WIDE),
        outputs=96 + 128,
    ),
    shape_problem(
        "q42e_shape",
        ITEMS["e"],
        shape_of("e"),
        128,
        wrong("no-padding", sp.Tuple(26, 26, 128), **NO_PADDING),
        wrong("first-layer-only", sp.Tuple(28, 28, 96), **STAGE_MISSING),
    ),
    macs_problem(
        "q42f_macs",
        printed(12779520),
        wrong("k-not-squared", PIXELS * 16 * Cin + PIXELS * 32 * 5 * 16, **LINE_KERNEL),
        wrong(
            "padding-1",
            PIXELS * 16 * Cin + (H - 2) * (W - 2) * 32 * 25 * 16,
            "With that padding the map would shrink. Here its size stays.",
            "با آن padding نقشه کوچک می‌شد. این‌جا اندازه ثابت می‌ماند.",
        ),
        wrong("no-padding", PIXELS * 16 * Cin + (H - 4) * (W - 4) * 32 * 25 * 16, **NO_PADDING),
        wrong("first-layer-forgotten", PIXELS * 32 * 25 * 16, **STAGE_MISSING),
        wrong("misread-76", PIXELS * 16 * Cin + PIXELS * 32 * 25 * 76, **MISREAD),
        wrong("second-layer-sees-all-channels", PIXELS * 16 * Cin + PIXELS * 32 * 25 * Cin, **STILL_WIDE),
        outputs=16 + 32,
    ),
    shape_problem(
        "q42f_shape",
        ITEMS["f"],
        shape_of("f"),
        32,
        wrong("no-padding", sp.Tuple(24, 24, 32), **NO_PADDING),
        wrong("padding-1", sp.Tuple(26, 26, 32), **NO_PADDING),
        wrong("first-layer-only", sp.Tuple(28, 28, 16), **STAGE_MISSING),
    ),
    macs_problem(
        "q42g_macs",
        printed(4715200),
        printed(4915200, "handwritten-value", ROUNDED_PIXELS),
        wrong(
            "pool-2x2",
            (H + 1) * (W + 1) * 32 * Cin,
            "That is the output of a smaller pooling window, which changes the size of the map.",
            "این خروجی پنجرهٔ کوچک‌تری است که اندازهٔ نقشه را تغییر می‌دهد.",
        ),
        outputs=32,
        conventions=(Convention(id="pooling-counted", answer=MACS["g"] + 9 * PIXELS * Cin),),
    ),
    shape_problem(
        "q42g_shape",
        ITEMS["g"],
        shape_of("g"),
        32,
        wrong(
            "pool-2x2",
            sp.Tuple(29, 29, 32),
            "That is what a 2x2 pool with padding 1 gives; it could not be joined with the other branches.",
            "این نتیجهٔ ادغام با پنجرهٔ 2x2 و padding برابر 1 است و با شاخه‌های دیگر جور نمی‌شود.",
            credit=Fraction(1, 3),
        ),
        wrong(
            "pool-only",
            sp.Tuple(28, 28, 192),
            "That is what the pool passes on. A convolution follows it.",
            "این چیزی است که ادغام رد می‌کند. پس از آن یک کانولوشن می‌آید.",
        ),
    ),
]
