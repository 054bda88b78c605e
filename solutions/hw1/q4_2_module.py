"""Question 4.2 a to h: the cost of GoogLeNet's module 3a, with and without 1x1 bottlenecks."""

from fractions import Fraction

import numpy as np
import sympy as sp

from autograder.problem import Case, Convention, Formula, Function, Item, Mistake, Number, Step

H, W, Cin, Cout, K, R = sp.symbols("H W Cin Cout K R")
SOURCE = "Szegedy et al. 2015, Going deeper with convolutions, table 1, inception (3a)"
AT = {"H": 28, "W": 28, "Cin": 192, "Cout": 32, "K": 5, "R": 16}
MODULE = {"H": 28, "W": 28, "Cin": 192}


# --- experiments ---


def count_macs(H_out, W_out, Cin, Cout, K):
    """Multiply one window with one filter for real; every output unit does the same."""
    products = np.ones((Cin, K, K)) * np.ones((Cin, K, K))
    units = np.empty((Cout, H_out, W_out))
    return units.size * products.size


def count_bottleneck(H, W, Cin, R, Cout, K):
    reduced = np.zeros((R, H, W))
    return count_macs(H, W, Cin, R, 1) + count_macs(reduced.shape[1], reduced.shape[2], reduced.shape[0], Cout, K)


def measured_reduction(H, W, Cin, Cout, K, R):
    direct, cheaper = count_macs(H, W, Cin, Cout, K), count_bottleneck(H, W, Cin, R, Cout, K)
    return Fraction(direct - cheaper, direct)


def same_size(height, width, size, padding, stride=1):
    """Rows and columns of positions that a window takes on a padded image."""
    padded = np.zeros((height + 2 * padding, width + 2 * padding))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))[::stride, ::stride]
    return windows.shape[:2]


def branch_shape(channels, size, padding):
    return lambda: (*same_size(28, 28, size, padding), channels)


def module_channels():
    branches = [np.zeros((channels, 1, 1)) for channels in (64, 128, 32, 32)]
    return np.concatenate(branches).shape[0]


def module_macs(H, W, Cin):
    return sum(inception_macs(H, W, Cin, 64, 96, 128, 16, 32, 32)[f"branch{n}"] for n in (1, 2, 3, 4))


def module_weights(Cin):
    kernels = [(64, Cin, 1), (96, Cin, 1), (128, 96, 3), (16, Cin, 1), (32, 16, 5), (32, Cin, 1)]
    return sum(np.empty((out, into, size, size)).size for out, into, size in kernels)


def inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp):
    branches = {
        "branch1": count_macs(H, W, Cin, c1, 1),
        "branch2": count_bottleneck(H, W, Cin, r3, c3, 3),
        "branch3": count_bottleneck(H, W, Cin, r5, c5, 5),
        "branch4": count_macs(H, W, Cin, pp, 1),
    }
    return branches | {"total": sum(branches.values())}


def reduction(a, b):
    return (a - b) / a


def macs_cases(rng):
    public = Case((28, 28, 192, 32, 5), "a 28x28x192 input and 32 filters of 5x5")
    return [public, Case((7, 9, 4, 6, 3)), Case((12, 5, 3, 8, 1)), Case((1, 1, 16, 2, 7))]


def bottleneck_cases(rng):
    public = Case((28, 28, 192, 16, 32, 5), "a 28x28x192 input, 16 and then 32 filters of 5x5")
    return [public, Case((7, 9, 4, 2, 6, 3)), Case((12, 5, 10, 3, 8, 7)), Case((3, 4, 5, 6, 2, 1))]


def reduction_cases(rng):
    return [Case((120422400.0, 12443648.0), "120422400 and 12443648"), Case((10.0, 4.0)), Case((7.0, 7.0)), Case((3.0, 1.0))]


def module_cases(rng):
    public = Case((28, 28, 192, 64, 96, 128, 16, 32, 32), "inception 3a")
    return [public, Case((28, 28, 256, 128, 128, 192, 32, 96, 64)), Case((7, 5, 10, 1, 2, 3, 4, 5, 6))]


def question(number, title_en, title_fa, en, fa, sheet):
    return Item(id=f"Q4.2{number}", title={"en": title_en, "fa": title_fa}, question={"en": en, "fa": fa}, source=SOURCE, sheet=sheet)


def shape_problem(letter, item, channels, size=1, padding=0, mistakes=()):
    return Formula(
        name=f"q42{letter}_shape",
        item=item,
        ask={"en": "The output as (height, width, channels).", "fa": "خروجی به صورت (ارتفاع، عرض، کانال)."},
        reference=sp.Tuple(28, 28, channels),
        implementation=branch_shape(channels, size, padding),
        mistakes=mistakes,
    )


FLOPS = {
    "en": "You count two operations for each multiply-add; here a multiply-add is one operation.",
    "fa": "برای هر ضرب‌وجمع دو عمل شمرده‌اید؛ این‌جا هر ضرب‌وجمع یک عمل است.",
}


def flops(reference):
    return Convention(id="two-operations-per-multiply-add", answer=2 * reference, hint=FLOPS)


NO_PADDING = {
    "en": "The output keeps its size here, because the layer pads its input.",
    "fa": "این‌جا اندازهٔ خروجی حفظ می‌شود، چون لایه ورودی را pad می‌کند.",
}
STAGE_MISSING = {"en": "This branch has two layers; one of them is missing.", "fa": "این شاخه دو لایه دارد؛ یکی از آن‌ها جا افتاده است."}
OCR_76 = {
    "en": "A number of channels was misread: check how many come out of the first layer.",
    "fa": "تعداد کانال‌ها اشتباه خوانده شده است: ببینید از لایهٔ اول چند کانال بیرون می‌آید.",
}
SHEET_VALUE = {
    "en": "This is the number printed on the solution sheet, which has an arithmetic slip. Multiply it out again.",
    "fa": "این عدد پاسخ‌نامهٔ چاپ‌شده است که خطای محاسباتی دارد. ضرب را دوباره انجام دهید.",
}


def sheet(value, ident="sheet-value"):
    return Mistake(id=ident, answer=sp.Integer(value), hint=SHEET_VALUE)


A = question(
    "a", "Operations of a direct 5x5 convolution", "عملیات کانولوشن مستقیم 5x5",
    "GoogLeNet 3a: the input is 28x28x192, and there are 32 filters of 5x5 with 'same' padding. How many operations "
    "(multiply-adds) does the layer need without a 1x1 layer before it?",
    "در GoogLeNet 3a ورودی 28x28x192 است و 32 فیلتر 5x5 با padding از نوع same داریم. بدون لایهٔ 1x1 چند عمل (ضرب‌وجمع) لازم است؟",
    "28*28*32*5*5*192 = 120422400",
)  # fmt: skip
B = question(
    "b", "Operations with the 1x1 bottleneck", "عملیات با گلوگاه 1x1",
    "The same with 16 filters of 1x1 before the 5x5 layer.", "همان با 16 فیلتر 1x1 پیش از لایهٔ 5x5.",
    "28*28*16*192 + 28*28*32*5*5*16 = 12443648",
)  # fmt: skip
C = question(
    "c", "Reduction", "کاهش", "By which part (or how many percent) do the operations fall?",
    "عملیات چه کسری (یا چند درصد) کم می‌شود؟", "(120422400-12443648)/120422400 ~ 89.7 %",
)  # fmt: skip
D = question(
    "d", "Inception branch 1: 64 1x1", "شاخهٔ ۱: 64 فیلتر 1x1", "Output size and operations of 64 filters of 1x1.",
    "ابعاد خروجی و تعداد عملیات 64 فیلتر 1x1.", "28x28x64; 28*28*64*(1*1*192) = 9830400",
)  # fmt: skip
E = question(
    "e", "Inception branch 2: 96 1x1 then 128 3x3", "شاخهٔ ۲: 96 فیلتر 1x1 و سپس 128 فیلتر 3x3",
    "Output size and operations; padding 1 in the 3x3 layer.", "ابعاد خروجی و تعداد عملیات؛ لایهٔ 3x3 با padding برابر 1.",
    "28x28x128; 28*28*96*192 + 28*28*128*3*3*76 = 42004224",
)  # fmt: skip
F = question(
    "f", "Inception branch 3: 16 1x1 then 32 5x5", "شاخهٔ ۳: 16 فیلتر 1x1 و سپس 32 فیلتر 5x5",
    "Output size and operations; padding 2 in the 5x5 layer.", "ابعاد خروجی و تعداد عملیات؛ لایهٔ 5x5 با padding برابر 2.",
    "28x28x32; ... = 12779520",
)  # fmt: skip
G = question(
    "g", "Inception branch 4: pool then 32 1x1", "شاخهٔ ۴: pool و سپس 32 فیلتر 1x1",
    "Max pooling 3x3 (padding 1, stride 1), then 32 filters of 1x1. Pooling counts no operations.",
    "max pooling با پنجرهٔ 3x3 (padding برابر 1 و گام 1) و سپس 32 فیلتر 1x1. برای pooling عملی شمرده نمی‌شود.",
    "Max pool (2x2) p=1 s=1; 28x28x32; 0 + 28*28*32*192 = 4715200",
)  # fmt: skip
TOTAL = question(
    "h", "Total operations and output volume of the module", "کل عملیات و ابعاد خروجی ماژول",
    "Total operations of the four branches; number of weights without biases; size after concatenation.",
    "کل عملیات چهار شاخه؛ تعداد وزن‌ها بدون بایاس؛ ابعاد پس از به‌هم‌چسباندن.", "67529344",
)  # fmt: skip

DIRECT = H * W * Cout * K**2 * Cin
BOTTLENECK = H * W * R * Cin + H * W * Cout * K**2 * R
BRANCHES = (H * W * 64 * Cin, H * W * 96 * Cin + H * W * 128 * 9 * 96, H * W * 16 * Cin + H * W * 32 * 25 * 16, H * W * 32 * Cin)
WEIGHTS = 64 * Cin + 96 * Cin + 128 * 9 * 96 + 16 * Cin + 32 * 25 * 16 + 32 * Cin
COUNT = {"en": "The number of operations (multiply-adds).", "fa": "تعداد عملیات (ضرب‌وجمع)."}


def follow(q42d_macs, q42e_macs, q42f_macs, q42g_macs):
    """The total that follows from the student's own branches."""
    return q42d_macs + q42e_macs + q42f_macs + q42g_macs


PROBLEMS = [
    Number(
        name="q42a_macs",
        item=A,
        ask=COUNT,
        reference=DIRECT,
        given_values=AT,
        implementation=lambda H, W, Cin, Cout, K: count_macs(H, W, Cin, Cout, K),
        conventions=(
            flops(DIRECT),
            Convention(id="bias-additions-counted", answer=H * W * Cout * (K**2 * Cin + 1)),
        ),
        mistakes=(
            Mistake(
                id="kernel-forgotten",
                answer=H * W * Cout * Cin,
                hint={"en": "The window has more than one cell.", "fa": "پنجره بیش از یک خانه دارد."},
            ),
            Mistake(
                id="k-not-squared",
                answer=H * W * Cout * K * Cin,
                hint={"en": "The window is a square, not a line.", "fa": "پنجره یک مربع است، نه یک خط."},
            ),
            Mistake(id="no-padding", answer=(H - K + 1) * (W - K + 1) * Cout * K**2 * Cin, hint=NO_PADDING),
            Mistake(
                id="weights-only",
                answer=Cout * K**2 * Cin,
                hint={
                    "en": "These are the weights. Each is used at every output position.",
                    "fa": "این تعداد وزن‌هاست. هر وزن در همهٔ جایگاه‌های خروجی به کار می‌رود.",
                },
            ),
        ),
        steps=(
            Step(
                words={
                    "en": "There are 28*28*32 output units; each multiplies a window of 5*5*192 inputs.",
                    "fa": "خروجی 28*28*32 واحد دارد و هر واحد پنجره‌ای با 5*5*192 ورودی را ضرب می‌کند.",
                }
            ),
            Step(DIRECT, {"en": "Together:", "fa": "در مجموع:"}),
        ),
    ),
    Function(
        name="conv_macs",
        item=A,
        ask={"en": "The same as a function.", "fa": "همان به صورت تابع."},
        signature="conv_macs(H_out, W_out, Cin, Cout, K)",
        doc={"en": "Multiply-adds of a K x K convolution with this output size.", "fa": "تعداد ضرب‌وجمع‌های کانولوشن K x K با این ابعاد خروجی."},
        implementation=count_macs,
        cases=macs_cases,
        mistakes=(
            Mistake(id="flops", answer=lambda H_out, W_out, Cin, Cout, K: 2 * H_out * W_out * Cin * Cout * K * K, hint=FLOPS),
            Mistake(id="k-not-squared", answer=lambda H_out, W_out, Cin, Cout, K: H_out * W_out * Cin * Cout * K),
        ),
    ),
    Number(
        name="q42b_macs",
        item=B,
        ask=COUNT,
        reference=BOTTLENECK,
        given_values=AT,
        implementation=lambda H, W, Cin, R, Cout, K: count_bottleneck(H, W, Cin, R, Cout, K),
        conventions=(flops(BOTTLENECK),),
        mistakes=(
            Mistake(
                id="second-layer-sees-all-channels",
                answer=H * W * R * Cin + H * W * Cout * K**2 * Cin,
                hint={
                    "en": "The second layer sees what the first one gives it, not the whole input.",
                    "fa": "لایهٔ دوم خروجی لایهٔ اول را می‌بیند، نه کل ورودی را.",
                },
            ),
            Mistake(id="misread-76", answer=H * W * R * Cin + H * W * Cout * K**2 * 76, hint=OCR_76),
            Mistake(
                id="stages-multiplied",
                answer=H * W * R * Cin * Cout * K**2,
                hint={"en": "The layers run one after the other: their costs add up.", "fa": "لایه‌ها پشت سر هم اجرا می‌شوند: هزینه‌ها جمع می‌شوند."},
            ),
            Mistake(id="no-padding", answer=H * W * R * Cin + (H - K + 1) * (W - K + 1) * Cout * K**2 * R, hint=NO_PADDING),
        ),
        steps=(
            Step(BOTTLENECK, {"en": "The costs of both layers add up:", "fa": "هزینهٔ دو لایه جمع می‌شود:"}),
        ),
    ),
    Function(
        name="bottleneck_macs",
        item=B,
        ask={"en": "The same as a function.", "fa": "همان به صورت تابع."},
        signature="bottleneck_macs(H, W, Cin, R, Cout, K)",
        doc={"en": "Multiply-adds of R filters of 1x1 and then Cout filters of KxK; both keep the size H x W.", "fa": "تعداد ضرب‌وجمع‌های R فیلتر 1x1 و سپس Cout فیلتر KxK؛ هر دو اندازهٔ H x W را حفظ می‌کنند."},
        implementation=count_bottleneck,
        cases=bottleneck_cases,
        mistakes=(
            Mistake(id="flops", answer=lambda H, W, Cin, R, Cout, K: 2 * count_bottleneck(H, W, Cin, R, Cout, K), hint=FLOPS),
        ),
    ),
    Number(
        name="q42c_reduction",
        item=C,
        ask={"en": "A fraction, or a percentage with its % sign.", "fa": "یک کسر، یا درصد همراه با علامت %."},
        reference=1 - (R * Cin + Cout * K**2 * R) / (Cout * K**2 * Cin),
        given_values=AT,
        tolerance={"abs": Fraction(1, 2000)},
        percent=True,
        implementation=measured_reduction,
        mistakes=(
            Mistake(
                id="relative-to-the-smaller",
                answer=Cout * K**2 * Cin / (R * Cin + Cout * K**2 * R) - 1,
                hint={"en": "A reduction is relative to what was there before.", "fa": "کاهش نسبت به مقدار پیشین سنجیده می‌شود."},
            ),
            Mistake(
                id="speed-up",
                answer=Cout * K**2 * Cin / (R * Cin + Cout * K**2 * R),
                hint={"en": "That is the speed-up factor.", "fa": "این ضریب تسریع است."},
            ),
            Mistake(
                id="first-layer-ignored",
                answer=1 - R / Cin,
                hint={"en": "The 1x1 layer costs something as well.", "fa": "لایهٔ 1x1 هم هزینه دارد."},
            ),
        ),
    ),
    Function(
        name="reduction",
        item=C,
        ask={"en": "The same as a function.", "fa": "همان به صورت تابع."},
        signature="reduction(a, b)",
        doc={"en": "By which part of a the cost falls when it goes from a to b.", "fa": "هزینه با رفتن از a به b چه کسری از a کم می‌شود."},
        implementation=reduction,
        cases=reduction_cases,
        mistakes=(
            Mistake(id="relative-to-the-smaller", answer=lambda a, b: (a - b) / b),
            Mistake(id="percent", answer=lambda a, b: 100 * (a - b) / a),
        ),
    ),
    Number(
        name="q42d_macs",
        item=D,
        ask=COUNT,
        reference=BRANCHES[0],
        given_values=MODULE,
        implementation=lambda H, W, Cin: count_macs(H, W, Cin, 64, 1),
        conventions=(flops(BRANCHES[0]), Convention(id="bias-additions-counted", answer=H * W * 64 * (Cin + 1))),
        mistakes=(
            sheet(9830400),
            Mistake(id="depth-forgotten", answer=H * W * 64, hint={"en": "Each filter looks at every input channel.", "fa": "هر فیلتر همهٔ کانال‌های ورودی را می‌بیند."}),
            Mistake(id="weights-only", answer=64 * Cin),
        ),
    ),
    shape_problem("d", D, 64),
    Number(
        name="q42e_macs",
        item=E,
        ask=COUNT,
        reference=BRANCHES[1],
        given_values=MODULE,
        implementation=lambda H, W, Cin: count_bottleneck(H, W, Cin, 96, 128, 3),
        conventions=(flops(BRANCHES[1]),),
        mistakes=(
            sheet(42004224),
            Mistake(id="no-padding", answer=H * W * 96 * Cin + (H - 2) * (W - 2) * 128 * 9 * 96, hint=NO_PADDING),
            Mistake(id="first-layer-forgotten", answer=H * W * 128 * 9 * 96, hint=STAGE_MISSING),
            Mistake(id="misread-76", answer=H * W * 96 * Cin + H * W * 128 * 9 * 76, hint=OCR_76),
        ),
    ),
    shape_problem("e", E, 128, size=3, padding=1),
    Number(
        name="q42f_macs",
        item=F,
        ask=COUNT,
        reference=BRANCHES[2],
        given_values=MODULE,
        implementation=lambda H, W, Cin: count_bottleneck(H, W, Cin, 16, 32, 5),
        conventions=(flops(BRANCHES[2]),),
        mistakes=(
            sheet(12779520),
            Mistake(
                id="k-not-squared",
                answer=H * W * 16 * Cin + H * W * 32 * 5 * 16,
                hint={"en": "The window is a square, not a line.", "fa": "پنجره یک مربع است، نه یک خط."},
            ),
            Mistake(id="padding-1", answer=H * W * 16 * Cin + (H - 2) * (W - 2) * 32 * 25 * 16, hint=NO_PADDING),
        ),
    ),
    shape_problem("f", F, 32, size=5, padding=2),
    Number(
        name="q42g_macs",
        item=G,
        ask=COUNT,
        reference=BRANCHES[3],
        given_values=MODULE,
        implementation=lambda H, W, Cin: count_macs(*same_size(H, W, 3, 1), Cin, 32, 1),
        conventions=(flops(BRANCHES[3]), Convention(id="pooling-counted", answer=H * W * 32 * Cin + 9 * H * W * Cin)),
        mistakes=(
            sheet(4715200),
            sheet(4915200, "handwritten-value"),
            Mistake(
                id="pool-2x2",
                answer=(H + 1) * (W + 1) * 32 * Cin,
                hint={
                    "en": "That is the output of a smaller pooling window, which changes the size of the map.",
                    "fa": "این خروجی پنجرهٔ کوچک‌تری است که اندازهٔ نقشه را تغییر می‌دهد.",
                },
            ),
        ),
    ),
    shape_problem(
        "g",
        G,
        32,
        size=3,
        padding=1,
        mistakes=(
            Mistake(
                id="pool-2x2",
                answer=sp.Tuple(29, 29, 32),
                credit=Fraction(1, 3),
                hint={
                    "en": "That is what a 2x2 pool with padding 1 gives; it could not be joined with the other branches.",
                    "fa": "این نتیجهٔ pool با پنجرهٔ 2x2 و padding برابر 1 است و با شاخه‌های دیگر جور نمی‌شود.",
                },
            ),
        ),
    ),
    Number(
        name="q42h_macs",
        item=TOTAL,
        ask={"en": "The total number of operations.", "fa": "تعداد کل عملیات."},
        reference=H * W * WEIGHTS,
        given_values=MODULE,
        given=("q42d_macs", "q42e_macs", "q42f_macs", "q42g_macs"),
        follow=follow,
        implementation=module_macs,
        conventions=(flops(H * W * WEIGHTS),),
        mistakes=(
            sheet(67529344),
            sheet(69329344, "sum-of-the-printed-branches"),
            sheet(69529344, "sum-of-the-handwritten-branches"),
            Mistake(
                id="pool-branch-forgotten",
                answer=H * W * (WEIGHTS - 32 * Cin),
                hint={"en": "One of the four branches is missing.", "fa": "یکی از چهار شاخه جا افتاده است."},
            ),
        ),
    ),
    Number(
        name="q42h_channels",
        item=TOTAL,
        ask={"en": "The number of output channels.", "fa": "تعداد کانال‌های خروجی."},
        reference=sp.Integer(256),
        given_values=MODULE,
        implementation=module_channels,
        mistakes=(
            Mistake(
                id="naive-module",
                answer=sp.Integer(416),
                hint={
                    "en": "In the naive module the pooling branch passes all its channels on. Here a 1x1 layer follows it.",
                    "fa": "در ماژول ساده شاخهٔ pooling همهٔ کانال‌ها را رد می‌کند. این‌جا پس از آن لایهٔ 1x1 می‌آید.",
                },
            ),
        ),
    ),
    Number(
        name="q42h_weights",
        item=TOTAL,
        ask={"en": "The number of weights, without biases.", "fa": "تعداد وزن‌ها بدون بایاس."},
        reference=WEIGHTS,
        given_values=MODULE,
        implementation=module_weights,
        conventions=(Convention(id="bias-counted", answer=WEIGHTS + 64 + 96 + 128 + 16 + 32 + 32),),
    ),
    Formula(
        name="q42h_shape",
        item=TOTAL,
        ask={"en": "The output as (height, width, channels).", "fa": "خروجی به صورت (ارتفاع، عرض، کانال)."},
        reference=sp.Tuple(28, 28, 256),
        implementation=lambda: (*same_size(28, 28, 3, 1), module_channels()),
    ),
    Function(
        name="inception_macs",
        item=TOTAL,
        ask={"en": "The same for any module.", "fa": "همان برای هر ماژول."},
        signature="inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp)",
        doc={
            "en": "A dict with the multiply-adds of 'branch1' (c1 filters 1x1), 'branch2' (r3 1x1, then c3 3x3), "
            "'branch3' (r5 1x1, then c5 5x5), 'branch4' (pool, then pp 1x1) and 'total'.",
            "fa": "دیکشنری با تعداد ضرب‌وجمع‌های 'branch1' (c1 فیلتر 1x1)، 'branch2' (r3 فیلتر 1x1 و سپس c3 فیلتر 3x3)، "
            "'branch3' (r5 فیلتر 1x1 و سپس c5 فیلتر 5x5)، 'branch4' (pool و سپس pp فیلتر 1x1) و 'total'.",
        },
        implementation=inception_macs,
        cases=module_cases,
    ),
]
