"""Question 1: a formula, a number, a function, and a few words."""

import numpy as np
import sympy as sp
from _doing import pixels, scaled

from autograder.problem import Case, Formula, Function, Item, Number, Written

W, H = sp.symbols("W H")
SIZE = Item(
    id="Q1.1", title={"en": "Size", "fa": "اندازه"}, question={"en": "How many pixels?", "fa": "چند پیکسل؟"}
)
SCALE = Item(id="Q1.2", title={"en": "Scale"}, question={"en": "Write scaled(x, by)."})
WHY = Item(id="Q2", title={"en": "Why"}, question={"en": "Why is it so?"})


def cases(rng):
    return [
        Case((np.array([1.0, 2.0]), 3.0), "two numbers"),
        Case((rng.normal(size=5), 0.5)),
        Case((rng.normal(size=4), -2.0)),
    ]


PROBLEMS = [
    Formula(
        name="q1_pixels",
        item=SIZE,
        ask={"en": "The number of pixels of an image of W by H."},
        reference=W * H,
        symbols={"W": "positive integer", "H": "positive integer"},
        implementation=pixels,
    ),
    Number(name="q1_count", item=SIZE, ask={"en": "For W = 91 and H = 47."}, reference=sp.Integer(4277)),
    Function(
        name="scaled",
        item=SCALE,
        signature="scaled(x, by)",
        doc={"en": "x times by"},
        implementation=scaled,
        cases=cases,
    ),
    Written(
        name="q2_text", item=WHY, rubric=((1, {"en": "says why"}),), model={"en": "Because of rows and columns."}
    ),
]
