"""What the questions on GoogLeNet's module 3a share: its branches run on ones, their costs, hints."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import sympy as sp
from _measure import Shape, multiply_adds
from _words import both, wrong

from autograder.layers import concat, conv, maxpool
from autograder.problem import Convention, Costs, Formula, Item, Mistake

H, W, Cin = sp.symbols("H W Cin")
GIVEN = {"H": 28, "W": 28, "Cin": 192}
PINNED = {name: f"integer [{value}, {value}]" for name, value in GIVEN.items()}
SZEGEDY = "Szegedy et al. 2015, Going deeper with convolutions, table 1, module 3a"
PIXELS = H * W
MACS = {
    "d": PIXELS * 64 * Cin,
    "e": PIXELS * 96 * Cin + PIXELS * 128 * 9 * 96,
    "f": PIXELS * 16 * Cin + PIXELS * 32 * 25 * 16,
    "g": PIXELS * 32 * Cin,
}

# the module as layers: every branch keeps the size of the map
BRANCHES = {
    "d": (conv(out=64, k=1, bias=False),),
    "e": (conv(out=96, k=1, bias=False), conv(out=128, k=3, p=1, bias=False)),
    "f": (conv(out=16, k=1, bias=False), conv(out=32, k=5, p=2, bias=False)),
    "g": (maxpool(k=3, s=1, p=1), conv(out=32, k=1, bias=False)),
}
MODULE_3A = (concat(*BRANCHES.values()),)
SHOWN = {
    "d": "H*W*64*Cin",
    "e": "H*W*96*Cin + H*W*128*3^2*96",
    "f": "H*W*16*Cin + H*W*32*5^2*16",
    "g": "H*W*32*Cin",
}

Stage = tuple[int, int]  # filters and kernel size


def run(shape: Shape, *stages: Stage) -> tuple[Shape, int]:
    """Convolutions in a row, each padded so that the size stays: the last shape, and all products."""
    done = 0
    for filters, kernel in stages:
        shape, products = multiply_adds(shape, filters, kernel, padding=kernel // 2)
        done += products
    return shape, done


def pooled(shape: Shape) -> Shape:
    """Slide the 3x3 window of the pool, with padding 1 and stride 1; taking a maximum multiplies nothing."""
    padded = np.zeros((shape[0] + 2, shape[1] + 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    return (*windows.shape[:2], shape[2])


def question(letter: str, title: dict[str, str], text: dict[str, str], sheet: str) -> Item:
    by_hand = both(
        "Take the layers one after the other: the products for one cell of the output, then the cells.",
        "لایه‌ها را یکی پس از دیگری بگیرید: ضرب‌های یک خانهٔ خروجی و سپس خانه‌ها.",
    )
    return Item(id=f"Q4.2{letter}", title=title, question=text, source=SZEGEDY, sheet=sheet, by_hand=by_hand)


INPUT = both(
    "The input is 28x28x192 (H = W = 28, Cin = 192); a multiply-add is one operation, and biases and pooling "
    "are not counted.",
    "ورودی 28x28x192 است (H = W = 28 و Cin = 192)؛ هر ضرب‌وجمع یک عملیات است و بایاس و ادغام شمرده نمی‌شوند.",
)
SHEET_VALUE = both(
    "This is the number printed on the solution sheet, which has an arithmetic slip. Multiply it out again.",
    "این عدد پاسخ‌نامهٔ چاپ‌شده است که خطای محاسباتی دارد. ضرب را دوباره انجام دهید.",
)
STILL_WIDE = both(
    "The second layer sees what the first one gives it, not the whole input.",
    "لایهٔ دوم خروجی لایهٔ اول را می‌بیند، نه کل ورودی را.",
)
CHANNELS_FIRST = both(
    "This puts the channels first; here the order is height, width, channels.",
    "این کانال‌ها را اول می‌نویسد؛ این‌جا ترتیب ارتفاع، عرض، کانال است.",
)


def flops(reference: sp.Expr) -> Convention:
    return Convention(id="two-operations-per-multiply-add", answer=2 * reference)


def printed(value: int, name: str = "sheet-value", hint: dict[str, str] = SHEET_VALUE) -> Mistake:
    return wrong(name, sp.Integer(value), **hint)


def shape_problem(name: str, item: Item, shape: Callable[[], Shape], channels: int, *mistakes: Mistake) -> Formula:
    """An output of 28x28, with so many channels."""
    return Formula(
        name=name,
        item=item,
        ask=both(
            "Write the output as (height, width, channels).", "خروجی را به صورت (ارتفاع، عرض، کانال) بنویسید."
        ),
        by_hand=both(
            "Follow the map through the branch, layer by layer, and write down its size after each.",
            "نقشه را لایه به لایه در شاخه دنبال کنید و اندازهٔ آن را پس از هر لایه بنویسید.",
        ),
        reference=sp.Tuple(28, 28, channels),
        also=PINNED,
        working=Costs((192, 28, 28), BRANCHES.get(name[len("q42")], MODULE_3A), "shape"),
        implementation=shape,
        conventions=(Convention(id="channels-first", answer=sp.Tuple(channels, 28, 28), hint=CHANNELS_FIRST),),
        mistakes=mistakes,
    )
