"""Question 4.2, first part: what a 1x1 bottleneck saves before a 5x5 convolution."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy as sp
from _measure import multiply_adds
from _styles import bottleneck_closed, conv_macs_in_loops
from _words import both, reading, step, wrong

from autograder.layers import conv
from autograder.problem import Case, Convention, Costs, Function, Item, Number

H, W, Cin, Cout, K, R = sp.symbols("H W Cin Cout K R")
H_out, W_out, a, b = sp.symbols("H_out W_out a b")
INTEGER = "positive integer"
GIVEN = {"H": 28, "W": 28, "Cin": 192, "Cout": 32, "K": 5, "R": 16}
SZEGEDY = "Szegedy et al. 2015, Going deeper with convolutions, table 1, module 3a"

DIRECT = H * W * Cout * K**2 * Cin
BOTTLENECK = H * W * R * Cin + H * W * Cout * K**2 * R
INNER = (H - K + 1) * (W - K + 1)  # positions of the kernel when nothing is padded


# --- experiments: convolve, and count the products ---


def count_direct(H: int, W: int, Cin: int, Cout: int, K: int) -> int:
    return multiply_adds((H, W, Cin), Cout, K, padding=K // 2)[1]


def count_bottleneck(H: int, W: int, Cin: int, R: int, Cout: int, K: int) -> int:
    """Both convolutions in a row: the second one gets the array that the first one returns."""
    squeezed, first = multiply_adds((H, W, Cin), R, 1)
    height, width, channels = squeezed
    padded = (height + K - 1, width + K - 1, channels)
    return first + multiply_adds(padded, Cout, K)[1]


def measure_reduction(H: int, W: int, Cin: int, Cout: int, K: int, R: int) -> Fraction:
    before, after = count_direct(H, W, Cin, Cout, K), count_bottleneck(H, W, Cin, R, Cout, K)
    return Fraction(before - after, before)


# --- the functions that students write ---


def conv_macs(H_out: int, W_out: int, Cin: int, Cout: int, K: int) -> int:
    """Convolve an image just large enough for this output, and count."""
    return multiply_adds((H_out + K - 1, W_out + K - 1, Cin), Cout, K)[1]


def reduction(a: float, b: float) -> float:
    """What is left over of a when b is taken away, as a share of a."""
    saved = np.subtract(a, b)
    return float(saved / a)


SIZES = [(4, 9, 2, 7, 5), (7, 3, 5, 2, 2), (10, 6, 8, 3, 1), (28, 20, 16, 12, 3)]


def conv_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((*(int(n) for n in rng.permutation(range(2, 13))[:4]), 3 + place)) for place in range(3)]
    return [Case((6, 5, 3, 4, 3), "H_out = 6, W_out = 5, Cin = 3, Cout = 4, K = 3"), *map(Case, SIZES), *drawn]


def bottleneck_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((*(int(n) for n in rng.permutation(range(2, 13))[:5]), 3 + 2 * place)) for place in range(2)]
    fixed = [Case((7, 4, 9, 2, 5, 5)), Case((5, 11, 4, 3, 8, 1)), Case((14, 12, 24, 6, 10, 7))]
    return [Case((6, 5, 8, 2, 3, 3), "H = 6, W = 5, Cin = 8, R = 2, Cout = 3, K = 3"), *fixed, *drawn]


def reduction_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((float(high), float(low))) for low, high in np.sort(rng.uniform(1, 1000, (4, 2)))]
    return [Case((200.0, 50.0), "a = 200, b = 50"), Case((3.0, 2.0)), Case((7.0, 7.0)), *drawn]


PLAIN = Item(
    id="Q4.2a",
    by_hand=both(
        "Count the products for one cell of the output, then the cells of the output.",
        "ضرب‌های یک خانهٔ خروجی را بشمارید، سپس خانه‌های خروجی را.",
    ),
    title=both("Operations of a direct 5x5 convolution", "تعداد عملیات یک کانولوشن مستقیم 5x5"),
    question=both(
        "In GoogLeNet's module 3a the input is 28x28x192, and 32 filters of size 5x5 are applied with padding "
        "that keeps 28x28. How many operations (multiply-adds) does that take without a 1x1 layer before it? "
        "One multiply-add is one operation; biases are not counted.",
        "در ماژول 3a از GoogLeNet ورودی 28x28x192 است و 32 فیلتر 5x5 با paddingی که اندازهٔ 28x28 را نگه "
        "می‌دارد اعمال می‌شود. بدون لایهٔ 1x1 پیش از آن، چند عملیات (ضرب‌وجمع) لازم است؟ هر ضرب‌وجمع یک "
        "عملیات است و بایاس شمرده نمی‌شود.",
    ),
    source=SZEGEDY,
    sheet="28 x 28 x 32 x 5 x 5 x 192 = 120422400",
)
SQUEEZED = Item(
    id="Q4.2b",
    by_hand=both(
        "Take the two layers one after the other: the products for one cell of the output, then the cells.",
        "دو لایه را یکی پس از دیگری بگیرید: ضرب‌های یک خانهٔ خروجی و سپس خانه‌ها.",
    ),
    title=both("Operations with the 1x1 bottleneck", "تعداد عملیات با گلوگاه 1x1"),
    question=both(
        "Now 16 filters of size 1x1 come first. How many operations do both convolutions take together?",
        "اکنون نخست 16 فیلتر 1x1 اعمال می‌شود. دو کانولوشن روی هم چند عملیات لازم دارند؟",
    ),
    source=SZEGEDY,
    sheet="28 x 28 x 16 x 192 + 28 x 28 x 32 x 5 x 5 x 16 = 12443648",
)
SAVING = Item(
    id="Q4.2c",
    title=both("Reduction", "میزان کاهش"),
    question=both(
        "By which share do the operations fall?",
        "تعداد عملیات به چه نسبتی کاهش می‌یابد؟",
    ),
    source=SZEGEDY,
    sheet="(120422400 - 12443648) / 120422400 = 89.7 %",
)

K_NOT_SQUARED = both(
    "The kernel is a square. Along one of its sides you counted a single tap.",
    "هستهٔ کانولوشن مربع است. در امتداد یکی از اضلاعش فقط یک خانه شمرده‌اید.",
)
NO_PADDING = both(
    "You let the map shrink. Here it is padded, so that its size stays.",
    "اندازهٔ نقشه را کوچک کرده‌اید. این‌جا padding هست و اندازه ثابت می‌ماند.",
)
STILL_WIDE = both(
    "The second convolution does not see the original channels any more, only those that the first one made.",
    "کانولوشن دوم دیگر کانال‌های اصلی را نمی‌بیند، بلکه فقط کانال‌هایی را که اولی ساخته است.",
)

PROBLEMS = [
    Number(
        name="q42a_macs",
        item=PLAIN,
        ask=both("Write the number of multiply-adds.", "تعداد ضرب‌وجمع‌ها را بنویسید."),
        reference=DIRECT,
        given_values=GIVEN,
        shown="H*W*Cout*K^2*Cin",
        working=Costs((Cin, H, W), (conv(out=Cout, k=K, p="same", bias=False),)),
        implementation=count_direct,
        conventions=(
            Convention(id="two-operations-per-multiply-add", answer=2 * DIRECT),
            Convention(id="bias-additions-counted", answer=H * W * Cout * (K**2 * Cin + 1)),
        ),
        mistakes=(
            wrong(
                "kernel-forgotten",
                H * W * Cout * Cin,
                "That is a convolution with one tap. Each output looks at a whole window.",
                "این کانولوشنی با یک خانه است. هر خروجی به یک پنجرهٔ کامل نگاه می‌کند.",
            ),
            wrong("k-not-squared", H * W * Cout * K * Cin, **K_NOT_SQUARED),
            wrong("no-padding", INNER * Cout * K**2 * Cin, **NO_PADDING),
            wrong(
                "weights-only",
                Cout * K**2 * Cin,
                "These are the weights. Each of them is used at every position of the output.",
                "این تعداد وزن‌هاست. هر وزن در هر جایگاه خروجی به کار می‌رود.",
            ),
            wrong(
                "input-channels-forgotten",
                H * W * Cout * K**2,
                "A filter reaches through all channels of its input.",
                "هر فیلتر همهٔ کانال‌های ورودی‌اش را در بر می‌گیرد.",
            ),
            wrong(
                "filters-forgotten",
                H * W * K**2 * Cin,
                "That is a single filter. There are several.",
                "این فقط یک فیلتر است. چند فیلتر داریم.",
            ),
        ),
    ),
    Function(
        name="conv_macs",
        item=PLAIN,
        ask=both("Write it as a function of the output size.", "آن را به صورت تابعی از اندازهٔ خروجی بنویسید."),
        signature="conv_macs(H_out, W_out, Cin, Cout, K)",
        doc=both(
            "Multiply-adds of a KxK convolution from Cin to Cout channels with an output of H_out x W_out. No "
            "biases. Returns a whole number.",
            "تعداد ضرب‌وجمع‌های یک کانولوشن KxK از Cin به Cout کانال با خروجی H_out x W_out، بدون بایاس. "
            "خروجی عدد صحیح است.",
        ),
        implementation=conv_macs,
        cases=conv_cases,
        styles=(conv_macs_in_loops,),
        reference=H_out * W_out * Cin * Cout * K**2,
        symbols=dict.fromkeys(("H_out", "W_out", "Cin", "Cout", "K"), INTEGER),
        mistakes=(
            wrong("k-not-squared", lambda H, W, Cin, Cout, K: H * W * Cin * Cout * K, **K_NOT_SQUARED),
            wrong(
                "kernel-forgotten",
                lambda H, W, Cin, Cout, K: H * W * Cin * Cout,
                "That is a convolution with one tap. Each output looks at a whole window.",
                "این کانولوشنی با یک خانه است. هر خروجی به یک پنجرهٔ کامل نگاه می‌کند.",
            ),
            wrong(
                "no-padding",
                lambda H, W, Cin, Cout, K: (H - K + 1) * (W - K + 1) * Cin * Cout * K**2,
                "You let the map shrink. Here it is padded, so that its size stays.",
                "اندازهٔ نقشه را کوچک کرده‌اید. این‌جا padding هست و اندازه ثابت می‌ماند.",
            ),
            wrong(
                "weights-only",
                lambda H, W, Cin, Cout, K: Cin * Cout * K**2,
                "These are the weights. Each of them is used at every position of the output.",
                "این تعداد وزن‌هاست. هر وزن در هر جایگاه خروجی به کار می‌رود.",
            ),
        ),
        conventions=(
            reading("two-operations-per-multiply-add", lambda H, W, Cin, Cout, K: 2 * H * W * Cin * Cout * K**2),
            reading("bias-additions-counted", lambda H, W, Cin, Cout, K: H * W * Cout * (Cin * K**2 + 1)),
        ),
    ),
    Number(
        name="q42b_macs",
        item=SQUEEZED,
        ask=both("Write the number of multiply-adds.", "تعداد ضرب‌وجمع‌ها را بنویسید."),
        reference=BOTTLENECK,
        given_values=GIVEN,
        shown="H*W*R*Cin + H*W*Cout*K^2*R",
        working=Costs((Cin, H, W), (conv(out=R, k=1, bias=False), conv(out=Cout, k=K, p="same", bias=False))),
        implementation=count_bottleneck,
        conventions=(
            Convention(id="two-operations-per-multiply-add", answer=2 * BOTTLENECK),
            Convention(id="bias-additions-counted", answer=BOTTLENECK + H * W * (R + Cout)),
        ),
        mistakes=(
            wrong("second-layer-sees-all-channels", H * W * R * Cin + DIRECT, **STILL_WIDE),
            wrong(
                "misread-76",
                H * W * R * Cin + H * W * Cout * K**2 * 76,
                "There is a 76 in your product. It is a misprint: how many channels enter the second convolution?",
                "در حاصل‌ضرب شما عدد 76 هست. این غلط چاپی است: چند کانال وارد کانولوشن دوم می‌شود؟",
            ),
            wrong(
                "stages-multiplied",
                H * W * R * Cin * Cout * K**2,
                "The convolutions run one after the other. Their costs do not multiply.",
                "کانولوشن‌ها پشت سر هم اجرا می‌شوند. هزینه‌هایشان در هم ضرب نمی‌شود.",
            ),
            wrong("no-padding", H * W * R * Cin + INNER * Cout * K**2 * R, **NO_PADDING),
            wrong(
                "first-layer-ignored",
                H * W * Cout * K**2 * R,
                "The small convolution in front costs something as well.",
                "کانولوشن کوچک ابتدایی هم هزینه دارد.",
            ),
        ),
    ),
    Function(
        name="bottleneck_macs",
        item=SQUEEZED,
        ask=both("Write it as a function, for any sizes.", "آن را به صورت تابعی برای هر اندازه‌ای بنویسید."),
        signature="bottleneck_macs(H, W, Cin, R, Cout, K)",
        doc=both(
            "Multiply-adds of R filters 1x1 and then Cout filters KxK on an image H x W x Cin whose size is "
            "kept. Returns a whole number.",
            "تعداد ضرب‌وجمع‌های R فیلتر 1x1 و سپس Cout فیلتر KxK روی تصویر H x W x Cin با حفظ اندازه. خروجی "
            "عدد صحیح است.",
        ),
        implementation=count_bottleneck,
        cases=bottleneck_cases,
        styles=(bottleneck_closed,),
        reference=BOTTLENECK,
        symbols=dict.fromkeys(("H", "W", "Cin", "R", "Cout", "K"), INTEGER),
        mistakes=(
            wrong(
                "second-layer-sees-all-channels",
                lambda H, W, Cin, R, Cout, K: H * W * Cin * (R + Cout * K**2),
                **STILL_WIDE,
            ),
            wrong(
                "stages-multiplied",
                lambda H, W, Cin, R, Cout, K: H * W * R * Cin * Cout * K**2,
                "The convolutions run one after the other. Their costs do not multiply.",
                "کانولوشن‌ها پشت سر هم اجرا می‌شوند. هزینه‌هایشان در هم ضرب نمی‌شود.",
            ),
            wrong(
                "first-layer-ignored",
                lambda H, W, Cin, R, Cout, K: H * W * Cout * K**2 * R,
                "The small convolution in front costs something as well.",
                "کانولوشن کوچک ابتدایی هم هزینه دارد.",
            ),
            wrong(
                "no-padding",
                lambda H, W, Cin, R, Cout, K: H * W * R * Cin + (H - K + 1) * (W - K + 1) * Cout * K**2 * R,
                **NO_PADDING,
            ),
            wrong("k-not-squared", lambda H, W, Cin, R, Cout, K: H * W * R * (Cin + Cout * K), **K_NOT_SQUARED),
        ),
        conventions=(
            reading(
                "two-operations-per-multiply-add",
                lambda H, W, Cin, R, Cout, K: 2 * count_bottleneck(H, W, Cin, R, Cout, K),
            ),
        ),
    ),
    Number(
        name="q42c_reduction",
        item=SAVING,
        ask=both(
            "Write the reduction as a fraction, or in percent with the % sign. One decimal of a percent is enough.",
            "میزان کاهش را به صورت کسر، یا به درصد همراه با علامت % بنویسید. یک رقم اعشار درصد کافی است.",
        ),
        reference=1 - (R * Cin + Cout * K**2 * R) / (Cout * K**2 * Cin),
        given_values=GIVEN,
        given=("q42a_macs", "q42b_macs"),
        follow=lambda q42a_macs, q42b_macs: 1 - q42b_macs / q42a_macs,
        tolerance={"abs": Fraction(1, 2000)},
        percent=True,
        shown="1 - (H*W*R*Cin + H*W*Cout*K^2*R)/(H*W*Cout*K^2*Cin)",
        steps=(
            step(
                "(H*W*Cout*K^2*Cin - (H*W*R*Cin + H*W*Cout*K^2*R))/(H*W*Cout*K^2*Cin)",
                "What is saved, as a share of the direct cost:",
                "مقدار صرفه‌جویی، به نسبت هزینهٔ مستقیم:",
            ),
        ),
        implementation=measure_reduction,
        mistakes=(
            wrong(
                "relative-to-the-smaller",
                DIRECT / BOTTLENECK - 1,
                "A reduction is measured against what there was before, not after.",
                "کاهش نسبت به مقدار پیشین سنجیده می‌شود، نه مقدار پس از آن.",
            ),
            wrong(
                "speed-up",
                DIRECT / BOTTLENECK,
                "That says how many times faster it is. The question asks which share is saved.",
                "این می‌گوید چند برابر سریع‌تر است. پرسش سهم صرفه‌جویی‌شده را می‌خواهد.",
            ),
            wrong(
                "first-layer-ignored",
                1 - R / Cin,
                "The small convolution in front costs something as well.",
                "کانولوشن کوچک ابتدایی هم هزینه دارد.",
            ),
            wrong(
                "share-that-remains",
                BOTTLENECK / DIRECT,
                "That is the share that remains. The question asks which share is saved.",
                "این سهم باقی‌مانده است. پرسش سهم صرفه‌جویی‌شده را می‌خواهد.",
            ),
        ),
    ),
    Function(
        name="reduction",
        item=SAVING,
        ask=both("Write it as a function.", "آن را به صورت تابع بنویسید."),
        signature="reduction(a, b)",
        doc=both(
            "The share that is saved when the operations fall from a to b: a fraction between 0 and 1, not a percentage.",
            "سهم صرفه‌جویی وقتی a عملیات به b عملیات برسد: کسری بین 0 و 1، نه درصد.",
        ),
        implementation=reduction,
        cases=reduction_cases,
        reference=1 - b / a,
        symbols={"a": "positive", "b": "positive"},
        mistakes=(
            wrong(
                "relative-to-the-smaller",
                lambda a, b: (a - b) / b,
                "A reduction is measured against what there was before, not after.",
                "کاهش نسبت به مقدار پیشین سنجیده می‌شود، نه مقدار پس از آن.",
            ),
            wrong(
                "speed-up",
                lambda a, b: a / b,
                "That says how many times faster it is. The question asks which share is saved.",
                "این می‌گوید چند برابر سریع‌تر است. پرسش سهم صرفه‌جویی‌شده را می‌خواهد.",
            ),
            wrong(
                "share-that-remains",
                lambda a, b: b / a,
                "That is the share that remains. The question asks which share is saved.",
                "این سهم باقی‌مانده است. پرسش سهم صرفه‌جویی‌شده را می‌خواهد.",
            ),
            wrong(
                "in-percent",
                lambda a, b: 100 * (a - b) / a,
                "This is in percent; a fraction is asked for.",
                "این به درصد است؛ کسر خواسته شده است.",
            ),
        ),
    ),
]
