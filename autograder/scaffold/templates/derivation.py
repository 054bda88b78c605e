"""Q0: a derivation.  The example, to be replaced: the gradient of a squared error through a tanh unit."""

from __future__ import annotations

import sympy as sp

from autograder.problem import Checkpoint, Derivation, Item, Step

w, x, t, a = sp.symbols("w x t a", real=True)
OUTPUT = sp.tanh(w * x)
LOSS = (OUTPUT - t) ** 2 / 2

ITEM = Item(
    id="Q0",  # the number on the sheet; several answers may share one item
    title={"en": "Gradient through a tanh unit", "fa": "گرادیان از درون یک واحد tanh"},
    question={
        "en": "A unit computes a = tanh(w*x), and its loss is L = (a - t)^2/2. Derive dL/dw.",
        "fa": "یک واحد a = tanh(w*x) را حساب می‌کند و زیان آن L = (a - t)^2/2 است. dL/dw را به دست آورید.",
    },
    source="Goodfellow, Bengio and Courville 2016, Deep Learning, section 6.5",
)

PROBLEMS = [
    Derivation(
        name="ANSWER",  # the variable that students fill in: a list of formulas, one for each line
        item=ITEM,
        ask={
            "en": "The steps as a list of formulas in w, x and t: first L, then dL/da, then dL/dw.",
            "fa": "گام‌ها به صورت فهرستی از فرمول‌ها بر حسب w و x و t: نخست L، سپس dL/da، سپس dL/dw.",
        },
        symbols={"w": "real", "x": "real", "t": "real"},
        # What a derivation has to pass, in this order; in between, each line equals the one before.  Let sympy
        # differentiate: what nobody typed has no typing slip.  Checkpoints differ in value: the end written twice
        # must earn nothing.  (form=function adds a condition on how a line is written.)
        checkpoints=(
            Checkpoint(
                id="loss",
                reference=LOSS,
                words={"en": "The loss, with a written out.", "fa": "زیان، با نوشتن a."},
            ),
            Checkpoint(
                id="output-gradient",
                reference=sp.diff((a - t) ** 2 / 2, a).subs(a, OUTPUT),
                words={"en": "The derivative by the unit's output.", "fa": "مشتق نسبت به خروجی واحد."},
            ),
            Checkpoint(
                id="weight-gradient",
                reference=sp.diff(LOSS, w),
                words={"en": "The chain rule, down to the weight.", "fa": "قاعدهٔ زنجیره‌ای تا خود وزن."},
            ),
        ),
        # Worked steps for the answer key.
        steps=(
            Step(
                words={
                    "en": "The derivative of tanh(z) is 1 - tanh(z)^2, and that of w*x by w is x.",
                    "fa": "مشتق tanh(z) برابر 1 - tanh(z)^2 و مشتق w*x نسبت به w برابر x است.",
                }
            ),
        ),
    ),
]
