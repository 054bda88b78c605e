"""Q0: a number.  The example, to be replaced: the loss of a classifier that has learned nothing yet."""

from __future__ import annotations

import numpy as np
import sympy as sp

from autograder.problem import Item, Mistake, Number, Step

# A number is a formula at given values, so its mistakes are formulas too.
C = sp.Symbol("C")
CLASSES = 10


# The experiment: it must not use the formula, but do the thing.  The audit calls it with the given values by name.
def measured_loss(C: int) -> float:
    """The cross-entropy of equal logits, averaged over every possible label."""
    logits = np.zeros(C)
    probabilities = np.exp(logits) / np.exp(logits).sum()
    return float(np.mean([-np.log(probabilities[label]) for label in range(C)]))


ITEM = Item(
    id="Q0",  # the number on the sheet; several answers may share one item
    title={"en": "The loss before training", "fa": "زیان پیش از آموزش"},
    question={
        "en": "A classifier for C = 10 classes is not yet trained and gives every class the same probability. What "
        "is its cross-entropy loss (natural logarithm)? Three significant figures are enough.",
        "fa": "دسته‌بندی برای C = 10 دسته هنوز آموزش ندیده است و به همهٔ دسته‌ها احتمال برابر می‌دهد. زیان "
        "cross-entropy آن (با لگاریتم طبیعی) چقدر است؟ سه رقم معنی‌دار کافی است.",
    },
    source="Goodfellow, Bengio and Courville 2016, Deep Learning, section 6.2.2",
)

PROBLEMS = [
    Number(
        name="ANSWER",  # the variable that students fill in
        item=ITEM,
        ask={"en": "The loss.", "fa": "مقدار زیان."},
        reference=sp.log(C),
        given_values={"C": CLASSES},
        # Leave tolerance out for a count: it has to be exact.  Others: {"abs": 0.01}, {"rel": 0.001}.
        # accept=(2.3, 2.4) would take every value of an interval, percent=True also "12.5%".
        tolerance={"significant_figures": 3},
        implementation=measured_loss,
        # A hint says what to look at.  It never holds the answer.
        mistakes=(
            Mistake(
                id="base-two",
                answer=sp.log(C, 2),
                hint={
                    "en": "That is in bits. Which logarithm does the question ask for?",
                    "fa": "این مقدار بر حسب بیت است. پرسش کدام لگاریتم را می‌خواهد؟",
                },
            ),
            Mistake(
                id="probability-for-loss",
                answer=1 / C,
                hint={
                    "en": "That is the probability of the right class, not yet the loss.",
                    "fa": "این احتمال دستهٔ درست است، نه هنوز زیان.",
                },
            ),
        ),
        # Worked steps for the answer key; the value of each is proved to be the reference's.
        steps=(
            Step(words={"en": "Every class has the probability 1/C.", "fa": "احتمال هر دسته 1/C است."}),
            Step(-sp.log(1 / C), {"en": "The loss is its negative logarithm:", "fa": "زیان، منفی لگاریتم آن است:"}),
        ),
    ),
]
