"""Question 1 c: counting pixels and parameters."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _styles import conv_params_closed, halved_in_a_loop, pixels_closed

from autograder.problem import Case, Function, Item, Mistake, Number, Published, Step

N, L, K, Cin, Cout, H, W = sp.symbols("N L K Cin Cout H W")


def halved(N, L):
    """Pool an image for real, as often as asked."""
    image = np.zeros((N, N), dtype=bool)
    for _ in range(L):
        image = image[::2, ::2]
    return image.size


def build_and_count(K, Cin, Cout, bias=True):
    kernel, shift = np.empty((Cout, Cin, K, K)), np.empty(Cout)
    return kernel.size + (shift.size if bias else 0)


def pixels_cases(rng):
    return [Case((256, 5), "N = 256, L = 5"), Case((64, 0)), Case((512, 4)), Case((32, 5)), Case((96, 3))]


def parameter_cases(rng):
    public = Case((3, 64, 128), "K = 3, Cin = 64, Cout = 128")
    return [
        public,
        Case((3, 64, 128, False)),
        Case((5, 3, 7)),
        Case((1, 6, 2)),
        Case((7, 2, 5, False)),
        Case((4, 5, 3)),
    ]


PIXELS = Item(
    id="Q1c.1",
    title={"en": "Spatial size after five halvings", "fa": "اندازهٔ مکانی پس از پنج بار نصف شدن"},
    question={
        "en": "A 256 x 256 image passes five layers that each halve the side. How many pixels has the last feature map?",
        "fa": "تصویری 256 x 256 از پنج لایه می‌گذرد که هر کدام ضلع را نصف می‌کند. آخرین نقشهٔ ویژگی چند پیکسل دارد؟",
    },
    sheet="256->128->64->32->16->8, 8x8 = 64 pixels",
)
PARAMETERS = Item(
    id="Q1c.2",
    title={"en": "Parameters of a 3x3 layer, 64 -> 128", "fa": "پارامترهای لایهٔ 3x3 از 64 به 128 کانال"},
    question={
        "en": "How many parameters has a convolution with 3 x 3 kernels, 64 input and 128 output channels, biases included?",
        "fa": "کانولوشنی با کرنل 3 x 3، 64 کانال ورودی و 128 کانال خروجی، با احتساب بایاس، چند پارامتر دارد؟",
    },
    source="VGG-16, block2_conv1",
    sheet="3*3*64*128+128 = 73856",
)

PROBLEMS = [
    Number(
        name="q1c1_pixels",
        item=PIXELS,
        ask={"en": "The number of pixels.", "fa": "تعداد پیکسل‌ها."},
        reference=(N / 2**L) ** 2,
        given_values={"N": 256, "L": 5},
        shown="(N/2^L)^2",
        implementation=halved,
        mistakes=(
            Mistake(
                id="side-for-area",
                answer=N / 2**L,
                hint={"en": "That is the side of the map, not its area.", "fa": "این ضلع نقشه است، نه مساحت آن."},
            ),
            Mistake(
                id="one-layer-too-few",
                answer=(N / 2 ** (L - 1)) ** 2,
                hint={
                    "en": "One layer is missing. Write the sides one after the other.",
                    "fa": "یک لایه جا افتاده است. ضلع‌ها را پشت سر هم بنویسید.",
                },
            ),
            Mistake(
                id="divided-by-2L",
                answer=(N / (2 * L)) ** 2,
                hint={
                    "en": "Every layer shrinks the map anew. Write the sides one after the other.",
                    "fa": "هر لایه نقشه را از نو کوچک می‌کند. ضلع‌ها را پشت سر هم بنویسید.",
                },
            ),
            Mistake(
                id="channels-counted",
                answer=128 * (N / 2**L) ** 2,
                hint={"en": "The channels are not asked for.", "fa": "کانال‌ها خواسته نشده‌اند."},
            ),
        ),
        steps=(
            Step(words={"en": "256 -> 128 -> 64 -> 32 -> 16 -> 8", "fa": "256 -> 128 -> 64 -> 32 -> 16 -> 8"}),
            Step("8*8", {"en": "The map is 8 x 8.", "fa": "نقشه 8 x 8 است."}),
        ),
    ),
    Function(
        name="pixels_after",
        item=PIXELS,
        ask={"en": "The same for an N x N image and L layers.", "fa": "همان برای تصویر N x N و L لایه."},
        signature="pixels_after(N, L)",
        doc={
            "en": "Pixels of an N x N image after L halvings of its side; N is divisible by 2^L.",
            "fa": "تعداد پیکسل‌ها پس از L بار نصف شدن ضلع؛ N بر 2^L بخش‌پذیر است.",
        },
        implementation=halved,
        cases=pixels_cases,
        styles=(halved_in_a_loop, pixels_closed),
        mistakes=(
            Mistake(
                id="side-for-area",
                answer=lambda N, L: N // 2**L,
                hint={"en": "That is the side of the map, not its area.", "fa": "این ضلع نقشه است، نه مساحت آن."},
            ),
            Mistake(
                id="divided-by-2L",
                answer=lambda N, L: (N // (2 * L)) ** 2 if L else N * N,
                hint={
                    "en": "Every layer shrinks the map anew. Write the sides one after the other.",
                    "fa": "هر لایه نقشه را از نو کوچک می‌کند. ضلع‌ها را پشت سر هم بنویسید.",
                },
            ),
        ),
    ),
    Number(
        name="q1c2_params",
        item=PARAMETERS,
        ask={"en": "The number of parameters.", "fa": "تعداد پارامترها."},
        reference=K**2 * Cin * Cout + Cout,
        given_values={"K": 3, "Cin": 64, "Cout": 128, "H": 112, "W": 112},
        shown="Cout*K^2*Cin + Cout",
        implementation=build_and_count,
        published=(
            Published(73856, "Simonyan and Zisserman 2015, VGG-16, block2_conv1"),
            Published(1792, "Simonyan and Zisserman 2015, VGG-16, block1_conv1", {"K": 3, "Cin": 3, "Cout": 64}),
        ),
        mistakes=(
            Mistake(
                id="bias-forgotten",
                answer=K**2 * Cin * Cout,
                hint={
                    "en": "The weights are right. Something that each filter also learns is missing.",
                    "fa": "وزن‌ها درست‌اند. چیز دیگری که هر فیلتر یاد می‌گیرد جا افتاده است.",
                },
            ),
            Mistake(
                id="k-not-squared",
                answer=K * Cin * Cout + Cout,
                hint={"en": "A kernel is a square, not a line.", "fa": "کرنل یک مربع است، نه یک خط."},
            ),
            Mistake(
                id="channels-added",
                answer=K**2 * (Cin + Cout),
                hint={
                    "en": "Every output channel looks at every input channel: add or multiply?",
                    "fa": "هر کانال خروجی همهٔ کانال‌های ورودی را می‌بیند: جمع یا ضرب؟",
                },
            ),
            Mistake(
                id="map-size-counted",
                answer=(K**2 * Cin * Cout + Cout) * H * W,
                hint={
                    "en": "Weights are shared by all positions: count them once.",
                    "fa": "وزن‌ها در همهٔ جایگاه‌ها مشترک‌اند: یک بار بشمارید.",
                },
            ),
            Mistake(
                id="depthwise-separable",
                answer=K**2 * Cin + Cin * Cout + Cout,
                hint={"en": "That is a depthwise separable convolution.", "fa": "این کانولوشن تفکیک‌پذیر عمقی است."},
            ),
        ),
        steps=(
            Step(
                words={
                    "en": "128 filters of 64 x 3 x 3 weights, and one bias each.",
                    "fa": "128 فیلتر با 64 x 3 x 3 وزن و هر کدام یک بایاس.",
                }
            ),
            Step("128*64*3*3 + 128", {"en": "Weights and biases:", "fa": "وزن‌ها و بایاس‌ها:"}),
        ),
    ),
    Function(
        name="conv_params",
        item=PARAMETERS,
        ask={"en": "The same as a function.", "fa": "همان به صورت تابع."},
        signature="conv_params(K, Cin, Cout, bias=True)",
        doc={
            "en": "Number of weights, and of biases unless bias is False.",
            "fa": "تعداد وزن‌ها، و بایاس‌ها مگر این‌که bias برابر False باشد.",
        },
        implementation=build_and_count,
        cases=parameter_cases,
        styles=(conv_params_closed,),
        symbols=dict.fromkeys(("K", "Cin", "Cout"), "positive integer") | {"bias": "nonnegative integer"},
        formulas={"": "K^2*Cin*Cout + bias*Cout"},
        mistakes=(
            Mistake(
                id="bias-forgotten",
                answer=lambda K, Cin, Cout, bias=True: K * K * Cin * Cout,
                hint={
                    "en": "The weights are right. Something that each filter also learns is missing.",
                    "fa": "وزن‌ها درست‌اند. چیز دیگری که هر فیلتر یاد می‌گیرد جا افتاده است.",
                },
            ),
            Mistake(
                id="bias-always",
                answer=lambda K, Cin, Cout, bias=True: K * K * Cin * Cout + Cout,
                hint={
                    "en": "The argument for the bias changes nothing: your count holds biases even where there are none.",
                    "fa": "آرگومان بایاس چیزی را عوض نمی‌کند: حتی جایی که بایاس نیست آن را شمرده‌اید.",
                },
            ),
        ),
    ),
]
