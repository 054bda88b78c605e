"""Q0: a formula in symbols.  The example, to be replaced: the weights of a depthwise separable convolution."""

from __future__ import annotations

import numpy as np
import sympy as sp

from autograder.problem import Convention, Formula, Item, Mistake, Step

# The symbols of the question, and the numbers that each may stand for: "positive integer", "real", "nonnegative",
# "integer >= 2", "[0, 1]", ...  A formula is right if it is right for every one of them.
C, F, K = sp.symbols("C F K")
SYMBOLS = {"C": "positive integer", "F": "positive integer", "K": "positive integer"}


# The experiment: it must not use the formula, but do the thing.  The audit calls it with small values by name.
def build_and_count(C: int, F: int, K: int) -> int:
    """Build the layer's filters and count their entries."""
    depthwise = [np.empty((K, K)) for _ in range(C)]  # one filter for each channel
    pointwise = [np.empty((C, 1, 1)) for _ in range(F)]  # F filters of size 1x1 that see all channels
    return sum(weights.size for weights in depthwise + pointwise)


ITEM = Item(
    id="Q0",  # the number on the sheet; several answers may share one item
    title={"en": "Depthwise separable convolution", "fa": "کانولوشن جداپذیر عمقی"},
    question={
        "en": "A depthwise separable convolution has one K x K filter for each of its C input channels, and then F "
        "filters of size 1 x 1 over all channels. How many weights does it have, without biases?",
        "fa": "کانولوشن جداپذیر عمقی برای هر یک از C کانال ورودی یک فیلتر K x K دارد و سپس F فیلتر 1 x 1 روی همهٔ "
        "کانال‌ها. بدون بایاس چند وزن دارد؟",
    },
    source="Howard et al. 2017, MobileNets, section 3.1",
)

PROBLEMS = [
    Formula(
        name="ANSWER",  # the variable that students fill in
        item=ITEM,
        ask={"en": "The number of weights.", "fa": "تعداد وزن‌ها."},
        symbols=SYMBOLS,
        # where=("K >= 2",) would tie the symbols; also={"W": "positive integer"} names others that may be written.
        reference=C * K**2 + C * F,
        shown="C*K^2 + C*F",  # how the answer key writes it: a text keeps your order of terms
        implementation=build_and_count,
        # A hint says what to look at.  It never holds the answer: the audit refuses one that does.
        mistakes=(
            Mistake(
                id="ordinary-convolution",
                answer=C * F * K**2,
                hint={
                    "en": "That is an ordinary convolution. Here a K x K filter sees one channel only.",
                    "fa": "این کانولوشن معمولی است. این‌جا هر فیلتر K x K تنها یک کانال را می‌بیند.",
                },
            ),
            Mistake(
                id="second-stage-forgotten",
                answer=C * K**2,
                hint={
                    "en": "Something still has to mix the channels. Does it have no weights?",
                    "fa": "چیزی باید کانال‌ها را با هم ترکیب کند. آیا آن وزنی ندارد؟",
                },
            ),
        ),
        # Right for another way of counting: part of the points, as grader.toml says.
        conventions=(Convention(id="bias-counted", answer=C * K**2 + C + C * F + F),),
        # Worked steps for the answer key; each formula among them is proved equal to the reference.
        steps=(
            Step(
                words={
                    "en": "The first stage has C filters with K^2 weights each.",
                    "fa": "مرحلهٔ نخست C فیلتر دارد، هر یک با K^2 وزن.",
                }
            ),
            Step(
                "C*(K^2 + F)",
                {
                    "en": "The second has F filters with C weights each. Together:",
                    "fa": "مرحلهٔ دوم F فیلتر دارد، هر یک با C وزن. روی هم:",
                },
            ),
        ),
    ),
]
