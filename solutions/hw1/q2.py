"""Question 2: the gradient of a one-dimensional convolution with respect to its kernel."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _styles import grad_w_in_loops
from _words import both, step

from autograder.arrays import central_differences
from autograder.problem import Case, Checkpoint, Derivation, Formula, Function, Gradient, Item, Mistake

n, k, i, j = sp.symbols("n k i j")
x, dz, w = sp.IndexedBase("x"), sp.IndexedBase("dz"), sp.IndexedBase("w")
ARRAYS = {"x": ("n",), "dz": ("n-k+1",)}
INDICES = {"j": ("0", "k-1")}
GRADIENT = sp.Sum(dz[i] * x[i + j], (i, 0, n - k))


def forward(x, w):
    """z_i = sum_j w_j x_{i+j}, by loops."""
    return np.array([sum(w[j] * x[i + j] for j in range(len(w))) for i in range(len(x) - len(w) + 1)])


def measured_gradient(x, dz, k):
    """The loss sum_i dz_i z_i, differentiated at a kernel: linear in w, so central differences are exact."""
    return central_differences(lambda kernel: float(dz @ forward(x, kernel)), np.ones(k), step=0.5)


def grad_w(x, dz, k):
    return np.array([sum(dz[i] * x[i + j] for i in range(len(dz))) for j in range(k)])


def cases(rng):
    public = Case((np.array([1.0, 2.0, -1.0, 3.0, 0.5]), np.array([1.0, -2.0, 4.0]), 3), "x = [1, 2, -1, 3, 0.5]")
    sizes = [(12, 4), (7, 2), (9, 6), (6, 6), (5, 1)]
    return [public, *[Case((rng.normal(size=n), rng.normal(size=n - k + 1), k)) for n, k in sizes]]


def true_convolution(x, dz, k):
    return np.convolve(x, dz, "valid")


def shifted(x, dz, k):
    return np.array([sum(dz[i] * x[(i + j + 1) % len(x)] for i in range(len(dz))) for j in range(k)])


def mean_over_positions(x, dz, k):
    return grad_w(x, dz, k) / len(dz)


def reversed_result(x, dz, k):
    return grad_w(x, dz, k)[::-1]


def summed_over_the_kernel(x, dz, k):
    return grad_w(x, dz, k).sum()


def backwards(x, dz, k):
    return np.array([sum(dz[i] * x[i - j] for i in range(len(dz))) for j in range(k)])


ITEM = Item(
    id="Q2",
    by_hand={
        "en": "Write out every entry of z with all its products, and mark the products that hold this weight.",
        "fa": "هر درایهٔ z را با همهٔ ضرب‌هایش بنویسید و ضرب‌هایی را که این وزن در آن‌هاست نشان کنید.",
    },
    title={
        "en": "Gradient of a 1-D convolution with respect to its kernel",
        "fa": "گرادیان کانولوشن یک‌بعدی نسبت به کرنل",
    },
    question={
        "en": "z[i] = Sum(w[j]*x[i+j], (j, 0, k-1)) for i = 0 ... n-k. dz[i] stands for dL/dz[i]. Find dL/dw[j].",
        "fa": "داریم z[i] = Sum(w[j]*x[i+j], (j, 0, k-1)) برای i = 0 ... n-k. منظور از dz[i] همان dL/dz[i] است. dL/dw[j] را بیابید.",
    },
    source="Goodfellow, Bengio and Courville 2016, Deep Learning, section 9.5",
    sheet="dL/dw_j = sum_i dL/dz_i * x_{i+j} = (dL/dz * x)_j",
)

GRADIENT_MISTAKES = (
    Mistake(
        id="shifted",
        answer=sp.Sum(dz[i] * x[i + j + 1], (i, 0, n - k - 1)),
        hint={
            "en": "The index of x is shifted. Which x does w[j] meet in z[i]?",
            "fa": "اندیس x جابه‌جا شده است. w[j] در z[i] به کدام x می‌رسد؟",
        },
    ),
    Mistake(
        id="one-term-too-few",
        answer=sp.Sum(dz[i] * x[i + j], (i, 0, n - k - 1)),
        hint={
            "en": "One output is left out: check where z ends.",
            "fa": "یکی از خروجی‌ها جا افتاده است: ببینید z کجا تمام می‌شود.",
        },
    ),
    Mistake(
        id="mean",
        answer=sp.Sum(dz[i] * x[i + j], (i, 0, n - k)) / (n - k + 1),
        hint={
            "en": "The loss adds the contributions; nothing is averaged.",
            "fa": "زیان سهم‌ها را جمع می‌کند؛ میانگینی در کار نیست.",
        },
    ),
    Mistake(
        id="reversed",
        answer=sp.Sum(dz[i] * x[i + k - 1 - j], (i, 0, n - k)),
        hint={
            "en": "The kernel is turned round. This z is a cross-correlation: nothing is flipped.",
            "fa": "کرنل وارونه شده است. این z همبستگی متقابل است: چیزی وارونه نمی‌شود.",
        },
    ),
)

PROBLEMS = [
    Formula(
        name="q2_grad",
        item=ITEM,
        ask={"en": "dL/dw[j] as a sum over i.", "fa": "dL/dw[j] به صورت جمع روی i."},
        reference=GRADIENT,
        where=("n >= k",),
        arrays=ARRAYS,
        indices=INDICES,
        working=Gradient("z[i]", "Sum(w[m]*x[i + m], (m, 0, k - 1))", "w[j]", "dz[i]", (("i", "0", "n - k"),)),
        steps=(
            step(
                "Sum(dz[i]*x[i + j], (i, 0, n - k))",
                "Index substitution: of the inner sum only the term m = j is left.",
                "جای‌گذاری اندیس: از جمع درونی تنها جملهٔ m = j می‌ماند.",
            ),
        ),
        implementation=measured_gradient,
        mistakes=GRADIENT_MISTAKES,
    ),
    Function(
        name="grad_w",
        item=ITEM,
        ask={"en": "The same as a function.", "fa": "همان به صورت تابع."},
        signature="grad_w(x, dz, k)",
        doc={
            "en": "dL/dw as an array of length k; x has length n, dz has length n-k+1.",
            "fa": "dL/dw به صورت آرایه‌ای به طول k؛ طول x برابر n و طول dz برابر n-k+1 است.",
        },
        implementation=grad_w,
        cases=cases,
        styles=(grad_w_in_loops,),
        mistakes=(
            Mistake(
                id="true-convolution",
                answer=true_convolution,
                hint={
                    "en": "np.convolve flips one of its inputs. This gradient is a cross-correlation, which flips nothing.",
                    "fa": "تابع np.convolve یکی از ورودی‌ها را وارونه می‌کند. این گرادیان همبستگی متقابل است و وارونگی ندارد.",
                },
            ),
            Mistake(
                id="shifted",
                answer=shifted,
                hint={
                    "en": "The entries are shifted. Which entry of x does the first weight meet in the first output?",
                    "fa": "درایه‌ها جابه‌جا شده‌اند. نخستین وزن در نخستین خروجی به کدام درایهٔ x می‌رسد؟",
                },
            ),
            Mistake(
                id="mean",
                answer=mean_over_positions,
                hint={"en": "The contributions are added, not averaged.", "fa": "سهم‌ها جمع می‌شوند، نه میانگین."},
            ),
            Mistake(
                id="reversed",
                answer=reversed_result,
                hint={
                    "en": "The entries are right, but in reverse order.",
                    "fa": "درایه‌ها درست‌اند، اما به ترتیب وارونه.",
                },
            ),
            Mistake(
                id="summed-over-kernel",
                answer=summed_over_the_kernel,
                hint={
                    "en": "Every entry of your result is the same. Each weight has a gradient of its own.",
                    "fa": "همهٔ درایه‌های نتیجهٔ شما یکی هستند. هر وزن گرادیان خودش را دارد.",
                },
            ),
            Mistake(
                id="backwards",
                answer=backwards,
                hint={
                    "en": "The outputs are read from the end. Which output belongs to which window of x?",
                    "fa": "خروجی‌ها از انتها خوانده شده‌اند. هر خروجی به کدام پنجرهٔ x تعلق دارد؟",
                },
            ),
        ),
    ),
    Derivation(
        name="q2_steps",
        item=ITEM,
        ask={
            "en": "The derivation as a list of formulas: first z[i] itself, then dz[i]/dw[j], then dL/dw[j]. w has k entries.",
            "fa": "گام‌ها به صورت فهرستی از فرمول‌ها: نخست خود z[i]، سپس مشتق z[i] نسبت به w[j]، سپس dL/dw[j]. آرایهٔ w به طول k است.",
        },
        where=("n >= k",),
        arrays=ARRAYS | {"w": ("k",)},
        indices=INDICES | {"i": ("0", "n-k")},
        follow_through=True,
        checkpoints=(
            Checkpoint(
                id="forward",
                reference=sp.Sum(w[sp.Symbol("m")] * x[i + sp.Symbol("m")], (sp.Symbol("m"), 0, k - 1)),
            ),
            Checkpoint(
                id="local",
                reference=x[i + j],
                mistakes=(
                    Mistake(
                        id="weight-kept",
                        answer=w[j] * x[i + j],
                        hint=both(
                            "The weight itself is still in it. What is the derivative of a product by one of its factors?",
                            "خود وزن هنوز در آن است. مشتق یک حاصل‌ضرب نسبت به یکی از عامل‌هایش چیست؟",
                        ),
                    ),
                    Mistake(
                        id="all-terms",
                        answer=sp.Sum(x[i + sp.Symbol("m")], (sp.Symbol("m"), 0, k - 1)),
                        hint=both(
                            "Only one of the products holds this weight. Which one?",
                            "تنها یکی از ضرب‌ها این وزن را در خود دارد. کدام یک؟",
                        ),
                    ),
                    Mistake(
                        id="by-the-input",
                        answer=w[j],
                        hint=both(
                            "This is the derivative by an input. By what is the question asking?",
                            "این مشتق نسبت به یک ورودی است. پرسش مشتق نسبت به چه چیزی را می‌خواهد؟",
                        ),
                    ),
                ),
            ),
            Checkpoint(
                id="gradient",
                reference=sp.Sum(dz[sp.Symbol("m")] * x[sp.Symbol("m") + j], (sp.Symbol("m"), 0, n - k)),
                follow=lambda local: f"Sum(dz[i]*({local}), (i, 0, n - k))",  # the chain rule
                mistakes=(
                    *GRADIENT_MISTAKES,
                    Mistake(
                        id="one-output",
                        answer=dz[i] * x[i + j],
                        hint=both(
                            "The weight enters more than one output. What does the chain rule do with all of them?",
                            "این وزن در بیش از یک خروجی هست. قاعدهٔ زنجیره‌ای با همهٔ آن‌ها چه می‌کند؟",
                        ),
                    ),
                ),
            ),
        ),
    ),
]
