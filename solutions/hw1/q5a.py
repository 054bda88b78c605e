"""Question 5 a: deformable convolution."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _words import both, step, wrong

from autograder.problem import Convention, Formula, Item, Written

K, Cin, Cout = sp.symbols("K Cin Cout")
INTEGER = "positive integer"
DAI = "Dai et al. 2017, Deformable convolutional networks, section 2.1"


# --- experiments ---


def count_offsets(K: int) -> int:
    """Every tap of the kernel gets a displacement of its own, a vector in the plane."""
    displacement = {tap: np.zeros(2) for tap in np.ndindex(K, K)}
    return sum(vector.size for vector in displacement.values())


def count_offset_parameters(K: int, Cin: int) -> int:
    """Build the convolution that produces the displacements, and count what it learns."""
    channels = count_offsets(K)
    weights, bias = np.empty((channels, Cin, K, K)), np.empty(channels)
    return weights.size + bias.size


DEFORMABLE = Item(
    id="Q5a",
    by_hand=both(
        "For one place of the output, write down every tap of the kernel and what is learned or shifted there.",
        "برای یک جای خروجی همهٔ خانه‌های هسته و آنچه آن‌جا یاد گرفته یا جابه‌جا می‌شود را بنویسید.",
    ),
    title=both("Deformable and ordinary convolution", "کانولوشن تغییرشکل‌پذیر و معمولی"),
    question=both(
        "What is the difference between an ordinary and a deformable convolution with a KxK kernel on Cin "
        "channels? The displacements come from a parallel convolution of the same kernel size, with biases; "
        "all filters share them, and there is no modulation.",
        "کانولوشن معمولی با کانولوشن تغییرشکل‌پذیر (deformable) با هستهٔ KxK روی Cin کانال چه تفاوتی دارد؟ "
        "جابه‌جایی‌ها از یک کانولوشن موازی با همان اندازهٔ هسته و با بایاس به دست می‌آیند، میان همهٔ فیلترها "
        "مشترک‌اند و مدولاسیون نداریم.",
    ),
    source=DAI,
    sheet="The sampling grid is fixed in a CNN; here learned offsets, computed by a convolution, are added.",
)

PROBLEMS = [
    Formula(
        name="q5a_offset_channels",
        item=DEFORMABLE,
        ask=both(
            "Write the number of channels that the convolution for the displacements gives.",
            "تعداد کانال‌های خروجی کانولوشنی را که جابه‌جایی‌ها را می‌سازد بنویسید.",
        ),
        reference=2 * K**2,
        symbols={"K": INTEGER},
        also={"Cin": INTEGER, "Cout": INTEGER},
        steps=(
            step(
                "2*K^2",
                "The kernel has K^2 taps, and the displacement of a tap has two coordinates:",
                "هسته K^2 خانه دارد و جابه‌جایی هر خانه دو مختصات دارد:",
            ),
        ),
        implementation=count_offsets,
        mistakes=(
            wrong(
                "one-coordinate",
                K**2,
                "That moves each tap along a single axis. The image has another one.",
                "این هر خانه را فقط در امتداد یک محور جابه‌جا می‌کند. تصویر محور دیگری هم دارد.",
            ),
            wrong(
                "with-modulation",
                3 * K**2,
                "That is the second version, which weights each tap as well. Here taps are only moved.",
                "این نسخهٔ دوم است که به هر خانه وزن هم می‌دهد. این‌جا خانه‌ها فقط جابه‌جا می‌شوند.",
            ),
            wrong(
                "per-filter",
                2 * Cout,
                "Displacements belong to the taps of the kernel, and all filters share them.",
                "جابه‌جایی‌ها به خانه‌های هسته تعلق دارند و میان همهٔ فیلترها مشترک‌اند.",
            ),
            wrong(
                "per-input-channel",
                2 * K**2 * Cin,
                "All channels of the input are sampled at the same places.",
                "از همهٔ کانال‌های ورودی در جاهای یکسان نمونه گرفته می‌شود.",
            ),
        ),
    ),
    Formula(
        name="q5a_offset_conv_params",
        item=DEFORMABLE,
        ask=both(
            "Write the number of parameters of that convolution, biases included.",
            "تعداد پارامترهای آن کانولوشن را همراه با بایاس بنویسید.",
        ),
        reference=2 * K**2 * (Cin * K**2 + 1),
        symbols={"Cin": INTEGER, "K": INTEGER},
        also={"Cout": INTEGER},
        shown="2*K^2*(Cin*K^2 + 1)",
        steps=(
            step(
                "2*K^2*(K^2*Cin) + 2*K^2",
                "Weights of a KxK convolution to that many channels, and a bias for each:",
                "وزن‌های کانولوشنی KxK با این تعداد کانال خروجی، و یک بایاس برای هر کدام:",
            ),
            step("2*K^2*(Cin*K^2 + 1)", "Taken together:", "با فاکتورگیری:"),
        ),
        implementation=count_offset_parameters,
        conventions=(
            Convention(
                id="bias-not-counted",
                answer=2 * Cin * K**4,
                hint=both(
                    "This leaves out the biases; here they count.", "این بایاس‌ها را نشمرده است؛ این‌جا شمرده می‌شوند."
                ),
            ),
        ),
        mistakes=(
            wrong(
                "one-coordinate",
                K**2 * (Cin * K**2 + 1),
                "That moves each tap along a single axis. The image has another one.",
                "این هر خانه را فقط در امتداد یک محور جابه‌جا می‌کند. تصویر محور دیگری هم دارد.",
            ),
            wrong(
                "with-modulation",
                3 * K**2 * (Cin * K**2 + 1),
                "That is the second version, which weights each tap as well. Here taps are only moved.",
                "این نسخهٔ دوم است که به هر خانه وزن هم می‌دهد. این‌جا خانه‌ها فقط جابه‌جا می‌شوند.",
            ),
            wrong(
                "one-bias",
                2 * Cin * K**4 + 1,
                "Each output channel has a bias of its own.",
                "هر کانال خروجی بایاس خودش را دارد.",
            ),
            wrong(
                "pointwise",
                2 * K**2 * (Cin + 1),
                "The displacements come from a convolution with a kernel as large as the main one.",
                "جابه‌جایی‌ها از کانولوشنی با هسته‌ای به اندازهٔ هستهٔ اصلی به دست می‌آیند.",
            ),
        ),
    ),
    Written(
        name="q5a_text",
        item=DEFORMABLE,
        ask=both("Explain the difference in a few sentences.", "تفاوت را در چند جمله توضیح دهید."),
        rubric=(
            (
                1,
                both(
                    "regular grid against learned offsets that depend on the input",
                    "شبکهٔ منظم در برابر جابه‌جایی‌های آموخته‌شده و وابسته به ورودی",
                ),
            ),
            (
                1,
                both(
                    "the offsets are produced by a convolution on the same features",
                    "جابه‌جایی‌ها را کانولوشنی روی همان ویژگی‌ها می‌سازد",
                ),
            ),
            (1, both("bilinear interpolation makes it differentiable", "درون‌یابی دوخطی آن را مشتق‌پذیر می‌کند")),
        ),
        model=both(
            "An ordinary convolution samples its input on a regular grid. A deformable one adds a learned "
            "offset to every tap, and the offset depends on the input: a second convolution on the same "
            "features produces it. Since offsets are not whole numbers, values are interpolated bilinearly, "
            "which also makes it differentiable.",
            "کانولوشن معمولی از ورودی روی شبکه‌ای منظم نمونه می‌گیرد. کانولوشن تغییرشکل‌پذیر به هر خانه یک "
            "جابه‌جایی آموخته‌شده می‌افزاید که به ورودی وابسته است: کانولوشن دومی روی همان ویژگی‌ها آن را "
            "می‌سازد. چون جابه‌جایی‌ها عدد صحیح نیستند، مقدارها با درون‌یابی دوخطی به دست می‌آیند که آن را "
            "مشتق‌پذیر هم می‌کند.",
        ),
    ),
]
