"""Question 5 e to g: receptive fields of dilated layers, masked convolutions."""

from collections.abc import Sequence

import numpy as np
import sympy as sp
from _measure import touched
from _words import both, step, wrong

from autograder.problem import Case, Convention, Formula, Function, Item, Written

w, d, K, L, k = sp.symbols("w d K L k")
INTEGER = "positive integer"
PAIR = {"d": INTEGER, "w": INTEGER}
LARGE = ("w >= 2", "d >= 2")
OORD = "van den Oord et al. 2016, Pixel recurrent neural networks, section 3.4"

FIRST = (d - 1) * (w - 2)  # what each layer adds to the receptive field
SECOND = d * (w - 1)
THIRD = (d + 1) * w


# --- experiments: an impulse is sent back through the layers ---


def layers_back(w: int, d: int, count: int) -> int:
    kernels, dilations = [w - 1, w, w + 1][:count], [d - 1, d, d + 1][:count]
    return touched(kernels, dilations, [1] * count)


def count_active(K: int, *, centre: bool) -> int:
    """Mask a kernel: in reading order, only cells before the middle one (or up to it) stay."""
    mask = np.zeros(K * K, dtype=int)
    middle = mask.size // 2
    mask[: middle + 1 if centre else middle] = 1
    return int(mask.reshape(K, K).sum())


def doubled_dilations(k: int, L: int) -> int:
    return touched([k] * L, [2**layer for layer in range(L)], [1] * L)


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
        Case(([3, 4, 5], [2, 3, 4]), "kernels 3, 4, 5 with dilations 2, 3, 4"),
        Case(([7, 3, 5, 2], [1, 3, 2, 4], [2, 3, 1, 4])),
        Case(([3, 5], [1, 1], [4, 2])),
        Case(([5], [3], [2])),
        *drawn,
    ]


THREE = Item(
    id="Q5e",
    title=both("Receptive field of three dilated layers", "میدان دریافت سه لایهٔ گسترش‌یافته"),
    question=both(
        "Three layers with stride 1 have (kernel size, dilation) = (w-1, d-1), (w, d), (w+1, d+1). What is "
        "the receptive "
        "field along one axis after each of them? A dilation is the step from one tap to the next.",
        "سه لایه با گام 1 به ترتیب (اندازهٔ هسته، گسترش) برابر (w-1, d-1)، (w, d) و (w+1, d+1) دارند. میدان "
        "دریافت در امتداد یک محور "
        "پس از هر یک چقدر است؟ گسترش، گام از یک خانهٔ هسته تا خانهٔ بعد است.",
    ),
    source="Araujo, Norris and Sim 2019, Computing receptive fields of convolutional neural networks, Distill",
    sheet="R1 = (d-1)(w-2)+1, R2 = d(w-1)+1+(d-1)(w-2), R3 = (3w-3)d+3",
)
MASKED = Item(
    id="Q5f",
    title=both("Masked convolution", "کانولوشن ماسک‌دار"),
    question=both(
        "What is a masked convolution, where is it used, and what are its limits? How many cells of a KxK "
        "kernel (K odd) "
        "stay active in one channel: for a mask of type A, which hides the centre, and of type B, which shows "
        "it?",
        "کانولوشن ماسک‌دار چیست، کجا به کار می‌رود و چه محدودیت‌هایی دارد؟ در یک کانال از هستهٔ KxK (با K "
        "فرد) چند خانه فعال می‌ماند: "
        "برای ماسک نوع A که مرکز را پنهان می‌کند و نوع B که آن را نشان می‌دهد؟",
    ),
    source=OORD,
    sheet="A mask zeroes some weights, so that a pixel depends on previous pixels only.",
)
REMEDY = Item(
    id="Q5g",
    title=both("Dilation as a remedy", "گسترش به عنوان راه‌حل"),
    question=both(
        "How do dilated convolutions reduce these limits? What is the receptive field of L layers with kernel "
        "size k and "
        "dilations 1, 2, 4, ..., each twice the one before?",
        "کانولوشن‌های گسترش‌یافته چگونه این محدودیت‌ها را کم می‌کنند؟ میدان دریافت L لایه با هستهٔ k و "
        "گسترش‌های 1، 2، 4، ... که هر "
        "کدام دو برابر قبلی است چقدر است؟",
    ),
    source="van den Oord et al. 2016, WaveNet: a generative model for raw audio, section 2.1",
    sheet="Dilated masked convolution widens the receptive field and improves gradient flow.",
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
        implementation=lambda w, d: layers_back(w, d, 2),
        steps=(
            step(
                (SECOND + 1) + (FIRST + 1) - 1,
                "One cell is shared with the layer before:",
                "یک خانه با لایهٔ پیش مشترک است:",
            ),
        ),
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
        implementation=lambda w, d: layers_back(w, d, 3),
        steps=(
            step(
                THIRD + SECOND + FIRST + 1,
                "Each layer adds (kernel - 1) x dilation:",
                "هر لایه (هسته - 1) ضربدر گسترش می‌افزاید:",
            ),
            step(3 * w * d - 3 * d + 3, "Multiplied out:", "پس از ساده‌سازی:"),
        ),
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
            "strides all "
            "are 1. Returns the receptive field of one output along one axis, a whole number.",
            "فهرست اندازهٔ هسته، گسترش و گام هر لایه، از لایهٔ اول؛ اگر گام داده نشود همه 1 هستند. خروجی "
            "میدان دریافت یک خروجی در "
            "امتداد یک محور است، عددی صحیح.",
        ),
        implementation=receptive_field,
        cases=field_cases,
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
    Formula(
        name="q5f_active_type_a",
        item=MASKED,
        ask=both("Write the number of active cells for type A.", "تعداد خانه‌های فعال برای نوع A را بنویسید."),
        reference=(K**2 - 1) / 2,
        symbols={"K": INTEGER},
        where=("K % 2 == 1",),
        implementation=lambda K: count_active(K, centre=False),
        steps=(
            step(
                K * (K - 1) / 2 + (K - 1) / 2,
                "The rows above, and the cells to the left in the middle row:",
                "سطرهای بالا، و خانه‌های سمت چپ در سطر میانی:",
            ),
        ),
        mistakes=(
            wrong("no-mask", K**2, "That is the kernel without its mask.", "این هسته بدون ماسک است."),
            wrong(
                "rows-above-only",
                K * (K - 1) / 2,
                "Cells to the left in the middle row come before the centre as well.",
                "خانه‌های سمت چپ در سطر میانی هم پیش از مرکز می‌آیند.",
            ),
            wrong(
                "centre-shown",
                (K**2 + 1) / 2,
                "You left the centre active. This type hides it.",
                "مرکز را فعال گذاشته‌اید. این نوع آن را پنهان می‌کند.",
            ),
        ),
    ),
    Formula(
        name="q5f_active_type_b",
        item=MASKED,
        ask=both("Write the number of active cells for type B.", "تعداد خانه‌های فعال برای نوع B را بنویسید."),
        reference=(K**2 + 1) / 2,
        symbols={"K": INTEGER},
        where=("K % 2 == 1",),
        implementation=lambda K: count_active(K, centre=True),
        mistakes=(
            wrong("no-mask", K**2, "That is the kernel without its mask.", "این هسته بدون ماسک است."),
            wrong(
                "centre-hidden",
                (K**2 - 1) / 2,
                "You hid the centre. This type shows it.",
                "مرکز را پنهان کرده‌اید. این نوع آن را نشان می‌دهد.",
            ),
            wrong(
                "whole-rows",
                K * (K + 1) / 2,
                "The whole middle row is active in your count; its right side comes later.",
                "در شمارش شما کل سطر میانی فعال است؛ سمت راست آن بعد از مرکز می‌آید.",
            ),
        ),
    ),
    Written(
        name="q5f_text",
        item=MASKED,
        ask=both("Explain it: what, where, and two limits.", "توضیح دهید: چیست، کجا به کار می‌رود، و دو محدودیت."),
        rubric=(
            (1, both("weights at future positions are set to zero", "وزن‌های جایگاه‌های آینده صفر می‌شوند")),
            (1, both("autoregressive or causal use", "کاربرد خودبازگشتی یا علّی")),
            (1, both("two limits", "دو محدودیت")),
        ),
        model=both(
            "A mask sets the weights at future positions to zero, so that a pixel depends only on those "
            "before it. "
            "Autoregressive models such as PixelCNN and causal models of sequences need that. Its limits: a "
            "smaller "
            "receptive field, a blind spot when masked layers are stacked, and weaker gradients.",
            "ماسک وزن‌های جایگاه‌های آینده را صفر می‌کند تا هر پیکسل فقط به پیکسل‌های پیش از خود وابسته باشد. "
            "مدل‌های خودبازگشتی مانند "
            "PixelCNN و مدل‌های علّی دنباله‌ها به آن نیاز دارند. محدودیت‌ها: میدان دریافت کوچک‌تر، نقطهٔ کور "
            "هنگام روی‌هم‌گذاشتن "
            "لایه‌های ماسک‌دار، و گرادیان ضعیف‌تر.",
        ),
    ),
    Formula(
        name="q5g_wavenet_rf",
        item=REMEDY,
        ask=both("Write the receptive field of the L layers.", "میدان دریافت L لایه را بنویسید."),
        reference=1 + (k - 1) * (2**L - 1),
        symbols={"L": INTEGER, "k": INTEGER},
        implementation=doubled_dilations,
        instances=({"k": 2, "L": 10}, {"k": 3, "L": 8}),
        steps=(
            step(
                None,
                "Layer l adds (k - 1) times its dilation, and the dilations 1 + 2 + 4 + ... add up to 2^L - 1.",
                "لایهٔ l به اندازهٔ (k - 1) برابر گسترش خود می‌افزاید، و مجموع گسترش‌های 1 + 2 + 4 + ... "
                "برابر 2^L - 1 است.",
            ),
            step((k - 1) * 2**L - k + 2, "Together with the cell itself:", "همراه با خود خانه:"),
        ),
        mistakes=(
            wrong(
                "sum-one-too-large",
                1 + (k - 1) * 2**L,
                "Add up the dilations of the first few layers and compare: your sum is a little too large.",
                "گسترش چند لایهٔ اول را جمع بزنید و مقایسه کنید: مجموع شما کمی بزرگ است.",
            ),
            wrong(
                "undilated",
                1 + (k - 1) * L,
                "That is the field of ordinary layers. The dilations grow from layer to layer.",
                "این میدان لایه‌های معمولی است. گسترش‌ها لایه به لایه بزرگ می‌شوند.",
            ),
            wrong(
                "kernel-of-two",
                2**L,
                "That holds for one kernel size only.",
                "این فقط برای یک اندازهٔ هسته برقرار است.",
            ),
            wrong(
                "cell-itself-forgotten",
                (k - 1) * (2**L - 1),
                "The cell that the output stands over belongs to the field as well.",
                "خانه‌ای که خروجی روی آن است نیز جزو میدان است.",
            ),
        ),
    ),
    Written(
        name="q5g_text",
        item=REMEDY,
        ask=both("Answer in one or two sentences.", "در یک یا دو جمله پاسخ دهید."),
        rubric=(
            (
                1,
                both(
                    "the receptive field grows exponentially at equal cost",
                    "میدان دریافت با همان هزینه به صورت نمایی رشد می‌کند",
                ),
            ),
        ),
        model=both(
            "With dilations that double from layer to layer the receptive field grows exponentially with "
            "depth, while "
            "parameters and operations per layer stay the same; distant positions are fewer layers away.",
            "با گسترش‌هایی که لایه به لایه دو برابر می‌شوند، میدان دریافت با عمق به صورت نمایی رشد می‌کند، در "
            "حالی که پارامترها و عملیات "
            "هر لایه ثابت می‌ماند؛ جایگاه‌های دور با لایه‌های کمتری در دسترس‌اند.",
        ),
    ),
]
