"""Question 5 f and g: masked convolution, and dilation as a remedy."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _measure import touched
from _words import both, step, wrong

from autograder.problem import Formula, Item, Published, Written

K, L, k = sp.symbols("K L k")
INTEGER = "positive integer"
OORD = "van den Oord et al. 2016, Pixel recurrent neural networks, section 3.4"


def count_active(K: int, *, centre: bool) -> int:
    """Mask a kernel: in reading order, only cells before the middle one (or up to it) stay."""
    mask = np.zeros(K * K, dtype=int)
    middle = mask.size // 2
    mask[: middle + 1 if centre else middle] = 1
    return int(mask.reshape(K, K).sum())


def doubled_dilations(k: int, L: int) -> int:
    return touched([k] * L, [2**layer for layer in range(L)], [1] * L)


MASKED = Item(
    id="Q5f",
    by_hand=both(
        "Draw a kernel of that size, number its cells row by row, and strike out those that are masked.",
        "هسته‌ای با این اندازه بکشید، خانه‌هایش را سطر به سطر شماره بزنید و آن‌ها را که پوشانده شده‌اند خط بزنید.",
    ),
    title=both("Masked convolution", "کانولوشن ماسک‌دار"),
    question=both(
        "What is a masked convolution, where is it used, and what are its limits? How many cells of a KxK "
        "kernel (K odd) stay active in one channel: for a mask of type A, which hides the centre, and of type "
        "B, which shows it?",
        "کانولوشن ماسک‌دار چیست، کجا به کار می‌رود و چه محدودیت‌هایی دارد؟ در یک کانال از هستهٔ KxK (با K "
        "فرد) چند خانه فعال می‌ماند: برای ماسک نوع A که مرکز را پنهان می‌کند و نوع B که آن را نشان می‌دهد؟",
    ),
    source=OORD,
    sheet="A mask zeroes some weights, so that a pixel depends on previous pixels only.",
)
REMEDY = Item(
    id="Q5g",
    by_hand=both(
        "Mark one output, and go back layer by layer, each with its own gaps.",
        "یک خروجی را نشان کنید و لایه به لایه، هر یک با فاصله‌های خودش، به عقب بروید.",
    ),
    title=both("Dilation as a remedy", "گسترش به عنوان راه‌حل"),
    question=both(
        "How do dilated convolutions reduce these limits? What is the receptive field of L layers with kernel "
        "size k and dilations 1, 2, 4, ..., each twice the one before?",
        "کانولوشن‌های گسترش‌یافته چگونه این محدودیت‌ها را کم می‌کنند؟ میدان دریافت L لایه با هستهٔ k و "
        "گسترش‌های 1، 2، 4، ... که هر کدام دو برابر قبلی است چقدر است؟",
    ),
    source="van den Oord et al. 2016, WaveNet: a generative model for raw audio, section 2.1",
    sheet="Dilated masked convolution widens the receptive field and improves gradient flow.",
)

PROBLEMS = [
    Formula(
        name="q5f_active_type_a",
        item=MASKED,
        ask=both("Write the number of active cells for type A.", "تعداد خانه‌های فعال برای نوع A را بنویسید."),
        reference=(K**2 - 1) / 2,
        symbols={"K": INTEGER},
        where=("K % 2 == 1",),
        shown="(K^2 - 1)/2",
        steps=(
            step(
                "K*(K - 1)/2 + (K - 1)/2",
                "(K - 1)/2 whole rows above, and (K - 1)/2 cells to the left in the middle row:",
                "(K - 1)/2 سطر کامل در بالا، و (K - 1)/2 خانه در سمت چپ سطر میانی:",
            ),
        ),
        implementation=lambda K: count_active(K, centre=False),
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
        shown="(K^2 + 1)/2",
        steps=(step("(K^2 - 1)/2 + 1", "As for type A, and the centre:", "مانند نوع A، و خود مرکز:"),),
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
            "before it. Autoregressive models such as PixelCNN and causal models of sequences need that. Its "
            "limits: a smaller receptive field, a blind spot when masked layers are stacked, and weaker "
            "gradients.",
            "ماسک وزن‌های جایگاه‌های آینده را صفر می‌کند تا هر پیکسل فقط به پیکسل‌های پیش از خود وابسته باشد. "
            "مدل‌های خودبازگشتی مانند PixelCNN و مدل‌های علّی دنباله‌ها به آن نیاز دارند. محدودیت‌ها: میدان "
            "دریافت کوچک‌تر، نقطهٔ کور هنگام روی‌هم‌گذاشتن لایه‌های ماسک‌دار، و گرادیان ضعیف‌تر.",
        ),
    ),
    Formula(
        name="q5g_wavenet_rf",
        item=REMEDY,
        ask=both("Write the receptive field of the L layers.", "میدان دریافت L لایه را بنویسید."),
        reference=1 + (k - 1) * (2**L - 1),
        symbols={"L": INTEGER, "k": INTEGER},
        shown="(k - 1)*(2^L - 1) + 1",
        steps=(
            step(
                None, "Layer l adds k - 1 times its dilation.", "لایهٔ l به اندازهٔ k - 1 برابر گسترش خود می‌افزاید."
            ),
            step("1 + Sum((k - 1)*2^l, (l, 0, L - 1))", "Together with the cell itself:", "به همراه خود خانه:"),
            step("1 + (k - 1)*(2^L - 1)", "The dilations are a geometric series:", "گسترش‌ها یک سری هندسی‌اند:"),
        ),
        implementation=doubled_dilations,
        published=(Published(1024, "van den Oord et al. 2016, WaveNet, one stack", {"k": 2, "L": 10}),),
        instances=({"k": 2, "L": 10}, {"k": 3, "L": 8}),
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
            "depth, while parameters and operations per layer stay the same; distant positions are fewer "
            "layers away.",
            "با گسترش‌هایی که لایه به لایه دو برابر می‌شوند، میدان دریافت با عمق به صورت نمایی رشد می‌کند، در "
            "حالی که پارامترها و عملیات هر لایه ثابت می‌ماند؛ جایگاه‌های دور با لایه‌های کمتری در دسترس‌اند.",
        ),
    ),
]
