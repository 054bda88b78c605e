"""Question 3: gradients through two convolutions and an average pool, x -> w1 -> P1 -> w2 -> P2 -> pool -> z."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _styles import grad_P1_by_tap, grad_P1_padded, grad_P1_spread, grad_P2_by_window, grad_w2_in_loops
from _words import both, step

from autograder.arrays import central_differences
from autograder.problem import Case, Checkpoint, Derivation, Formula, Function, Gradient, Item, Mistake

a, b, c, h, i, j, k, l, m, n, p, q, w = sp.symbols("a b c h i j k l m n p q w")  # noqa: E741 - as on the sheet
A, B, K, L, M, N, M1, N1 = sp.symbols("A B K L M N M1 N1")
dz, dP1, dP2, P1, w2, x = (sp.IndexedBase(name) for name in ("dz", "dP1", "dP2", "P1", "w2", "x"))
QUARTER = sp.Rational(1, 4)


def half(index):
    """The window of two that holds an index; left as it is written, since looking for simplifications takes long."""
    return sp.floor(index / 2, evaluate=False)


def correlate(x, kernel):
    """A convolution layer without flipping: x is (H, W, C), kernel is (M, N, C, L)."""
    rows, columns = x.shape[0] - kernel.shape[0] + 1, x.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns, kernel.shape[3]), dtype=np.result_type(x, kernel))
    for place in np.ndindex(rows, columns):
        r, s = place
        window = x[r : r + kernel.shape[0], s : s + kernel.shape[1]]
        out[place] = np.tensordot(window, kernel, axes=3)
    return out


def average_pool(P2):
    """2 x 2 windows without overlap; a trailing odd row or column is left out."""
    rows, columns = P2.shape[0] // 2, P2.shape[1] // 2
    return P2[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2, -1).mean(axis=(1, 3))


def loss_after_pool(P2, dz):
    return float((dz * average_pool(P2)).sum())


def loss_after_w2(P1, w2, dz):
    return loss_after_pool(correlate(P1, w2), dz)


# --- experiments: every loss here is linear in what it is differentiated by, so a step of 1/2 is exact ---


def measured_P2(dz):
    rows, columns, depth = dz.shape
    return central_differences(
        lambda P2: loss_after_pool(P2, dz), np.zeros((2 * rows, 2 * columns, depth)), step=0.5
    )


def measured_P1(dz, w2):
    rows, columns, _ = dz.shape
    size = (2 * rows + w2.shape[0] - 1, 2 * columns + w2.shape[1] - 1, w2.shape[2])
    return central_differences(lambda P1: loss_after_w2(P1, w2, dz), np.zeros(size), step=0.5)


def measured_w2(P1, dz, M, N):
    size = (M, N, P1.shape[2], dz.shape[2])
    return central_differences(lambda kernel: loss_after_w2(P1, kernel, dz), np.zeros(size), step=0.5)


def measured_w1(dP1, x, M1, N1):
    size = (M1, N1, x.shape[2], dP1.shape[2])
    return central_differences(lambda kernel: float((dP1 * correlate(x, kernel)).sum()), np.zeros(size), step=0.5)


# --- the functions that students write ---


def grad_P2(dz):
    return np.repeat(np.repeat(dz, 2, axis=0), 2, axis=1) / 4


def spread(gradient, kernel):
    """The full convolution that carries a gradient back through `correlate`."""
    rows, columns, _ = gradient.shape
    out = np.zeros((rows + kernel.shape[0] - 1, columns + kernel.shape[1] - 1, kernel.shape[2]))
    for r, s in np.ndindex(kernel.shape[:2]):
        out[r : r + rows, s : s + columns] += gradient @ kernel[r, s].T
    return out


def kernel_gradient(x, gradient, size):
    rows, columns, depth = gradient.shape
    out = np.zeros((*size, x.shape[2], depth))
    for r, s in np.ndindex(*size):
        out[r, s] = np.tensordot(x[r : r + rows, s : s + columns], gradient, axes=((0, 1), (0, 1)))
    return out


def grad_P1(dz, w2):
    return spread(grad_P2(dz), w2)


def grad_w2(P1, dz, kshape):
    return kernel_gradient(P1, grad_P2(dz), kshape)


def grads(x, w1, w2, dz):
    first = correlate(x, w1)
    back = grad_P1(dz, w2)
    return {
        "P2": grad_P2(dz),
        "P1": back,
        "w1": kernel_gradient(x, back, w1.shape[:2]),
        "w2": grad_w2(first, dz, w2.shape[:2]),
        "x": spread(back, w1),
    }


# --- cases: no two lengths of a case are the same ---


def pool_cases(rng):
    public = Case((np.array([[[4.0], [8.0]]]),), "dz = [[[4], [8]]]")
    return [public, Case((rng.normal(size=(2, 3, 4)),)), Case((rng.normal(size=(3, 1, 2)),))]


def back_cases(rng):
    public = Case(
        (np.array([[[4.0], [8.0]]]), np.arange(1.0, 7.0).reshape(2, 3, 1, 1)),
        "dz = [[[4], [8]]], w2 = np.arange(1.0, 7.0).reshape(2, 3, 1, 1)",
    )
    sizes = [((2, 3, 4), (3, 2, 5, 4)), ((3, 1, 2), (2, 4, 3, 2)), ((1, 2, 3), (1, 1, 2, 3))]
    return [public, *[Case((rng.normal(size=one), rng.normal(size=two))) for one, two in sizes]]


def kernel_cases(rng):
    public = Case(
        (np.arange(12.0).reshape(3, 4, 1), np.array([[[4.0]]]), (2, 3)),
        "P1 = np.arange(12.0).reshape(3, 4, 1), dz = [[[4]]], kshape = (2, 3)",
    )
    found = [public]
    for (rows, columns, depth), (M, N, L) in (((2, 3, 4), (3, 2, 5)), ((3, 1, 2), (2, 4, 3))):
        P1 = rng.normal(size=(2 * rows + M - 1, 2 * columns + N - 1, L))
        found.append(Case((P1, rng.normal(size=(rows, columns, depth)), (M, N))))
    return found


def chain_cases(rng):
    found = []
    sizes = [
        ("a small chain", (1, 2, 1), (2, 3, 2), (2, 1, 1)),
        ("", (2, 1, 4), (3, 2, 5), (2, 3, 3)),
        ("", (1, 2, 3), (1, 2, 2), (1, 1, 1)),
    ]
    for label, (rows, columns, K), (M, N, L), (M1, N1, C) in sizes:
        x = rng.normal(size=(2 * rows + M + M1 - 2, 2 * columns + N + N1 - 2, C))
        kernels = rng.normal(size=(M1, N1, C, L)), rng.normal(size=(M, N, L, K))
        found.append(Case((x, *kernels, rng.normal(size=(rows, columns, K))), label))
    return found


# --- what goes wrong ---


def whole_sum(dz):
    rows, columns, depth = dz.shape
    return np.broadcast_to(dz.sum(axis=(0, 1)) / 4, (2 * rows, 2 * columns, depth)).copy()


def tiled(dz):
    return np.tile(dz, (2, 2, 1)) / 4


def one_cell(dz):
    out = np.zeros((2 * dz.shape[0], 2 * dz.shape[1], dz.shape[2]))
    out[::2, ::2] = dz
    return out


def sampled_once(P1, dz, kshape):
    rows, columns, depth = dz.shape
    out = np.zeros((*kshape, P1.shape[2], depth))
    for r, s in np.ndindex(*kshape):
        out[r, s] = np.tensordot(P1[r : r + 2 * rows : 2, s : s + 2 * columns : 2], dz, axes=((0, 1), (0, 1))) / 4
    return out


def chain_without_w2(x, w1, w2, dz):
    right = grads(x, w1, w2, dz)
    return right | {"w1": kernel_gradient(x, spread(grad_P2(dz), np.ones_like(w2)), w1.shape[:2])}


QUARTER_MISSING = both(
    "The pool takes a mean. What does a mean leave in every gradient?",
    "این ادغام میانگین می‌گیرد. میانگین‌گیری چه اثری در همهٔ گرادیان‌ها می‌گذارد؟",
)
FLIPPED = both(
    "The kernel is turned round. Which outputs does a cell of the input reach, and by which weight?",
    "کرنل وارونه شده است. هر خانهٔ ورودی با کدام وزن به کدام خروجی‌ها می‌رسد؟",
)
SOURCE = "Goodfellow, Bengio and Courville 2016, Deep Learning, section 9.5"
SETUP = both(
    "x -> convolution w1 -> P1 -> convolution w2 -> P2 -> 2x2 average pool -> P3 = z. P2[p,q,k] = Sum(w2[m,n,l,k]*P1[p+m,q+n,l]) "
    "over m, n, l. dz[i,j,k] stands for dL/dz[i,j,k] and is zero outside of its range. ",
    "داریم x -> کانولوشن w1 -> P1 -> کانولوشن w2 -> P2 -> میانگین‌گیر 2x2 -> P3 = z و P2[p,q,k] = Sum(w2[m,n,l,k]*P1[p+m,q+n,l]) روی "
    "m، n، l. منظور از dz[i,j,k] همان dL/dz[i,j,k] است که بیرون از بازهٔ خود صفر است. ",
)


WINDOW = both(
    "Draw the window that this entry lies in: which output does it reach, and with which factor?",
    "پنجره‌ای را که این درایه در آن است بکشید: به کدام خروجی و با چه ضریبی می‌رسد؟",
)
WAYS = both(
    "Mark every output that this entry reaches, and the weight on each way.",
    "هر خروجی را که این درایه به آن می‌رسد و وزن هر مسیر را نشان کنید.",
)
USES = both(
    "Mark every place where this weight is used: each adds its input times the gradient that arrives there.",
    "هر جا را که این وزن به کار می‌رود نشان کنید: هر یک ورودی خود ضربدر گرادیان رسیده را می‌افزاید.",
)
BY_HAND = {1: WINDOW, 2: WAYS, 3: USES, 4: USES}


def item(number, title, question, sheet):
    words = both(SETUP["en"] + question["en"], SETUP["fa"] + question["fa"])
    return Item(
        id=f"Q3.{number}",
        title=title,
        question=words,
        source=SOURCE,
        sheet=sheet,
        by_hand=BY_HAND[number],
    )


POOL = item(
    1,
    both("Average pool forward and backward", "میانگین‌گیر: مسیر رفت و برگشت"),
    both("Find dL/dP2[p,q,k].", "dL/dP2[p,q,k] را بیابید."),
    "dL/dP2_pqk = 1/4 sum_{i,j} dL/dP3_ijk",
)
INPUT = item(
    2,
    both("Gradient with respect to P1", "گرادیان نسبت به P1"),
    both("Find dL/dP1[a,b,l] in terms of w2 and dz.", "dL/dP1[a,b,l] را بر حسب w2 و dz بیابید."),
    "dL/dP1_ijk = 1/4 sum_k sum_ij dL/dz * w2_{k,i}",
)
SECOND = item(
    3,
    both("Gradient with respect to w2", "گرادیان نسبت به w2"),
    both("Find dL/dw2[m,n,l,k] in terms of P1 and dz.", "dL/dw2[m,n,l,k] را بر حسب P1 و dz بیابید."),
    "dL/dw2 = 1/4 sum_{m,n} dL/dz * P1_{c,mr,i,h+j}",
)
FIRST = item(
    4,
    both("Gradient with respect to w1 (and x)", "گرادیان نسبت به w1 (و x)"),
    both(
        "P1[a,b,l] = Sum(w1[m,n,c,l]*x[a+m,b+n,c]) over m, n, c. Find dL/dw1[m,n,c,l] in terms of x and dP1, where dP1 stands "
        "for dL/dP1 of the question before.",
        "داریم P1[a,b,l] = Sum(w1[m,n,c,l]*x[a+m,b+n,c]) روی m، n، c. dL/dw1[m,n,c,l] را بر حسب x و dP1 بیابید؛ dP1 همان dL/dP1 پرسش "
        "پیشین است.",
    ),
    "dL/dw1_{11k} = 1/4 sum_n sum_{i,k} dL/dz * x_{k,i}",
)

POOLED = QUARTER * dz[half(p), half(q), k]
BACK = QUARTER * sp.Sum(
    w2[m, n, l, k] * dz[half(a - m), half(b - n), k],
    (m, 0, M - 1),
    (n, 0, N - 1),
    (k, 0, K - 1),
)
KERNEL = QUARTER * sp.Sum(
    dz[i, j, k] * P1[2 * i + a + m, 2 * j + b + n, l], (i, 0, h - 1), (j, 0, w - 1), (a, 0, 1), (b, 0, 1)
)
CHAIN = sp.Sum(dP1[a, b, l] * x[a + m, b + n, c], (a, 0, A - 1), (b, 0, B - 1))
POOL_PLACE = {
    "arrays": {"dz": ("h", "w", "K")},
    "indices": {"p": ("0", "2*h-1"), "q": ("0", "2*w-1"), "k": ("0", "K-1")},
    "outside": "zero",
}
BACK_PLACE = {
    "arrays": {"dz": ("h", "w", "K"), "w2": ("M", "N", "L", "K")},
    "indices": {"a": ("0", "2*h+M-2"), "b": ("0", "2*w+N-2"), "l": ("0", "L-1")},
    "outside": "zero",
}

ONE_CHANNEL = both("All output channels contribute.", "همهٔ کانال‌های خروجی سهم دارند.")
WHICH_WINDOW = both(
    "It is not said yet which window this is: put in what the question says of i and j.",
    "هنوز گفته نشده که این کدام پنجره است: آنچه را پرسش دربارهٔ i و j می‌گوید جای‌گذاری کنید.",
)
POOL_MISTAKES = (
    Mistake(
        id="whole-sum",
        answer=QUARTER * sp.Sum(dz[i, j, k], (i, 0, h - 1), (j, 0, w - 1)),
        hint=both(
            "An entry of P2 lies in a single window of the pool, so not every dz reaches it.",
            "هر درایهٔ P2 تنها در یک پنجرهٔ ادغام است، پس همهٔ dzها به آن نمی‌رسند.",
        ),
    ),
    Mistake(id="quarter-missing", answer=dz[half(p), half(q), k], hint=QUARTER_MISSING),
    Mistake(
        id="half",
        answer=dz[half(p), half(q), k] / 2,
        hint=both("How many cells does a window average?", "هر پنجره چند خانه را میانگین می‌گیرد؟"),
    ),
)
BACK_MISTAKES = (
    Mistake(id="quarter-missing", answer=4 * BACK, hint=QUARTER_MISSING),
    Mistake(
        id="kernel-not-flipped",
        answer=QUARTER
        * sp.Sum(
            w2[m, n, l, k] * dz[half(a + m - M + 1), half(b + n - N + 1), k],
            (m, 0, M - 1),
            (n, 0, N - 1),
            (k, 0, K - 1),
        ),
        hint=FLIPPED,
    ),
)

PROBLEMS = [
    Formula(
        name="q31_grad",
        item=POOL,
        ask=both("dL/dP2[p,q,k] in terms of dz.", "dL/dP2[p,q,k] بر حسب dz."),
        reference=POOLED,
        shown="1/4*dz[floor(p/2), floor(q/2), k]",
        working=Gradient(
            "P3[i, j, k]",
            "1/4*Sum(P2[2*i + r, 2*j + s, k], (s, 0, 1), (r, 0, 1))",
            "P2[p, q, k]",
            "dz[i, j, k]",
            (("j", "0", "w - 1"), ("i", "0", "h - 1")),
        ),
        steps=(
            step(
                None,
                "Index substitution: 2*i + r = p and 2*j + s = q hold for one window only, i = floor(p/2) and j = floor(q/2).",
                "جای‌گذاری اندیس: 2*i + r = p و 2*j + s = q تنها برای یک پنجره برقرار است: i = floor(p/2) و j = floor(q/2).",
            ),
            step("1/4*dz[floor(p/2), floor(q/2), k]", "So one term is left:", "پس یک جمله می‌ماند:"),
        ),
        implementation=measured_P2,
        mistakes=POOL_MISTAKES,
        **POOL_PLACE,
    ),
    Function(
        name="grad_P2",
        item=POOL,
        ask=both("The same as a function.", "همان به صورت تابع."),
        signature="grad_P2(dz)",
        doc=both(
            "dz is (h, w, K); returns dL/dP2 of shape (2h, 2w, K).",
            "dz به شکل (h, w, K) است؛ خروجی dL/dP2 به شکل (2h, 2w, K).",
        ),
        implementation=grad_P2,
        cases=pool_cases,
        styles=(grad_P2_by_window,),
        mistakes=(
            Mistake(id="quarter-missing", answer=lambda dz: 4 * grad_P2(dz), hint=QUARTER_MISSING),
            Mistake(
                id="half",
                answer=lambda dz: 2 * grad_P2(dz),
                hint=both("How many cells does a window average?", "هر پنجره چند خانه را میانگین می‌گیرد؟"),
            ),
            Mistake(
                id="whole-sum",
                answer=whole_sum,
                hint=both("Only one window holds a cell.", "هر خانه تنها در یک پنجره است."),
            ),
            Mistake(
                id="tiled",
                answer=tiled,
                hint=both(
                    "np.tile repeats the whole map; each entry has to be repeated in its place.",
                    "np.tile کل نقشه را تکرار می‌کند؛ هر درایه باید در جای خودش تکرار شود.",
                ),
            ),
            Mistake(
                id="one-cell",
                answer=one_cell,
                hint=both(
                    "That is the gradient of a maximum, which goes to one cell.",
                    "این گرادیان بیشینه است که تنها به یک خانه می‌رود.",
                ),
            ),
            Mistake(
                id="not-up-sampled",
                answer=lambda dz: dz / 4,
                hint=both(
                    "The result has the size of dz. Every entry of P2 needs a gradient.",
                    "نتیجه هم‌اندازهٔ dz است. هر درایهٔ P2 به گرادیان نیاز دارد.",
                ),
            ),
        ),
    ),
    Derivation(
        name="q31_steps",
        item=POOL,
        ask=both(
            "Two steps as formulas: P3[i,j,k] of the window that holds P2[p,q,k], written with P2 and i = floor(p/2), "
            "j = floor(q/2); then dL/dP2[p,q,k].",
            "دو گام به صورت فرمول: P3[i,j,k] پنجره‌ای که P2[p,q,k] در آن است، بر حسب P2 و i = floor(p/2) و j = floor(q/2)؛ سپس "
            "dL/dP2[p,q,k].",
        ),
        checkpoints=(
            Checkpoint(
                id="forward",
                reference=QUARTER
                * sp.Sum(sp.IndexedBase("P2")[2 * half(p) + m, 2 * half(q) + n, k], (m, 0, 1), (n, 0, 1)),
                mistakes=(
                    Mistake(
                        id="window-not-put-in",
                        answer=QUARTER
                        * sp.Sum(sp.IndexedBase("P2")[2 * i + m, 2 * j + n, k], (m, 0, 1), (n, 0, 1)),
                        hint=WHICH_WINDOW,
                    ),
                ),
            ),
            Checkpoint(
                id="gradient",
                reference=POOLED,
                mistakes=(
                    *POOL_MISTAKES,
                    Mistake(id="window-not-put-in", answer=QUARTER * dz[i, j, k], hint=WHICH_WINDOW),
                    Mistake(id="tiled", answer=QUARTER * dz[sp.Mod(p, h), sp.Mod(q, w), k]),
                ),
            ),
        ),
        also={"i": "nonnegative integer", "j": "nonnegative integer"},
        arrays={"dz": ("h", "w", "K"), "P2": ("2*h", "2*w", "K")},
        indices=POOL_PLACE["indices"],
        outside="zero",
    ),
    Formula(
        name="q32_grad",
        item=INPUT,
        ask=both("dL/dP1[a,b,l] in terms of w2 and dz.", "dL/dP1[a,b,l] بر حسب w2 و dz."),
        reference=BACK,
        shown="1/4*Sum(w2[m, n, l, k]*dz[floor((a - m)/2), floor((b - n)/2), k], (n, 0, N - 1), (m, 0, M - 1), (k, 0, K - 1))",
        working=Gradient(
            "P2[p, q, k]",
            "Sum(w2[m, n, c, k]*P1[p + m, q + n, c], (c, 0, L - 1), (n, 0, N - 1), (m, 0, M - 1))",
            "P1[a, b, l]",
            "1/4*dz[floor(p/2), floor(q/2), k]",
            (("q", "0", "2*w - 1"), ("p", "0", "2*h - 1"), ("k", "0", "K - 1")),
        ),
        steps=(
            step(
                None,
                "The gradient that arrives at P2[p,q,k] is that of Q3.1.",
                "گرادیانی که به P2[p,q,k] می‌رسد همان گرادیان Q3.1 است.",
            ),
            step(
                "Sum(w2[m, n, l, k]*(1/4*dz[floor((a - m)/2), floor((b - n)/2), k]), (n, 0, N - 1), (m, 0, M - 1), (k, 0, K - 1))",
                "Index substitution: c = l, p = a - m and q = b - n; where that leaves the range, dz is zero.",
                "جای‌گذاری اندیس: c = l و p = a - m و q = b - n؛ هر جا از بازه بیرون رود dz صفر است.",
            ),
            step(
                "1/4*Sum(w2[m, n, l, k]*dz[floor((a - m)/2), floor((b - n)/2), k], (n, 0, N - 1), (m, 0, M - 1), (k, 0, K - 1))",
                "Closed form:",
                "فرم بسته:",
            ),
        ),
        implementation=measured_P1,
        mistakes=BACK_MISTAKES,
        **BACK_PLACE,
    ),
    Function(
        name="grad_P1",
        item=INPUT,
        ask=both("The same as a function.", "همان به صورت تابع."),
        signature="grad_P1(dz, w2)",
        doc=both(
            "dz is (h, w, K), w2 is (M, N, L, K); returns dL/dP1 of shape (2h+M-1, 2w+N-1, L).",
            "dz به شکل (h, w, K) و w2 به شکل (M, N, L, K)؛ خروجی dL/dP1 به شکل (2h+M-1, 2w+N-1, L).",
        ),
        implementation=grad_P1,
        cases=back_cases,
        styles=(grad_P1_spread, grad_P1_by_tap, grad_P1_padded),
        mistakes=(
            Mistake(id="quarter-missing", answer=lambda dz, w2: 4 * grad_P1(dz, w2), hint=QUARTER_MISSING),
            Mistake(id="kernel-flipped", answer=lambda dz, w2: grad_P1(dz, w2[::-1, ::-1]), hint=FLIPPED),
            Mistake(
                id="one-output-channel",
                answer=lambda dz, w2: spread(grad_P2(dz)[..., :1], w2[..., :1]),
                hint=ONE_CHANNEL,
            ),
        ),
    ),
    Derivation(
        name="q32_steps",
        item=INPUT,
        ask=both(
            "Two steps as formulas: dL/dP1[a,b,l] in terms of w2 and dP2, where dP2 stands for dL/dP2; then in terms of w2 and dz.",
            "دو گام به صورت فرمول: dL/dP1[a,b,l] بر حسب w2 و dP2 که همان dL/dP2 است؛ سپس بر حسب w2 و dz.",
        ),
        checkpoints=(
            Checkpoint(
                id="chain-rule",
                reference=sp.Sum(
                    w2[m, n, l, k] * dP2[a - m, b - n, k], (m, 0, M - 1), (n, 0, N - 1), (k, 0, K - 1)
                ),
                mistakes=(
                    Mistake(
                        id="one-output-channel",
                        answer=sp.Sum(w2[m, n, l, k] * dP2[a - m, b - n, k], (m, 0, M - 1), (n, 0, N - 1)),
                        hint=ONE_CHANNEL,
                    ),
                    Mistake(
                        id="pool-skipped",
                        answer=sp.Sum(
                            w2[m, n, l, k] * dz[a - m, b - n, k], (m, 0, M - 1), (n, 0, N - 1), (k, 0, K - 1)
                        ),
                        hint=both(
                            "What arrives at P2 has another shape than dz: which layer lies between them?",
                            "آنچه به P2 می‌رسد شکل دیگری از dz دارد: کدام لایه میان آن‌هاست؟",
                        ),
                    ),
                    Mistake(
                        id="kernel-not-flipped",
                        answer=sp.Sum(
                            w2[m, n, l, k] * dP2[a + m - M + 1, b + n - N + 1, k],
                            (m, 0, M - 1),
                            (n, 0, N - 1),
                            (k, 0, K - 1),
                        ),
                        hint=FLIPPED,
                    ),
                ),
            ),
            Checkpoint(
                id="gradient",
                reference=BACK,
                mistakes=(
                    *BACK_MISTAKES,
                    Mistake(
                        id="one-output-channel",
                        answer=QUARTER
                        * sp.Sum(w2[m, n, l, k] * dz[half(a - m), half(b - n), k], (m, 0, M - 1), (n, 0, N - 1)),
                        hint=ONE_CHANNEL,
                    ),
                ),
            ),
        ),
        also={"k": "nonnegative integer"},
        arrays=BACK_PLACE["arrays"] | {"dP2": ("2*h", "2*w", "K")},
        indices=BACK_PLACE["indices"],
        outside="zero",
    ),
    Formula(
        name="q33_grad",
        item=SECOND,
        ask=both("dL/dw2[m,n,l,k] in terms of P1 and dz.", "dL/dw2[m,n,l,k] بر حسب P1 و dz."),
        reference=KERNEL,
        arrays={"dz": ("h", "w", "K"), "P1": ("2*h+M-1", "2*w+N-1", "L")},
        indices={"m": ("0", "M-1"), "n": ("0", "N-1"), "l": ("0", "L-1"), "k": ("0", "K-1")},
        outside="error",
        shown="1/4*Sum(dz[i, j, k]*P1[2*i + a + m, 2*j + b + n, l], (b, 0, 1), (a, 0, 1), (j, 0, w - 1), (i, 0, h - 1))",
        working=Gradient(
            "P2[p, q, k]",
            "Sum(w2[r, s, c, k]*P1[p + r, q + s, c], (c, 0, L - 1), (s, 0, N - 1), (r, 0, M - 1))",
            "w2[m, n, l, k]",
            "1/4*dz[floor(p/2), floor(q/2), k]",
            (("q", "0", "2*w - 1"), ("p", "0", "2*h - 1")),
        ),
        steps=(
            step(
                "1/4*Sum(dz[floor(p/2), floor(q/2), k]*P1[p + m, q + n, l], (q, 0, 2*w - 1), (p, 0, 2*h - 1))",
                "Index substitution: only r = m, s = n and c = l are left.",
                "جای‌گذاری اندیس: تنها r = m و s = n و c = l می‌ماند.",
            ),
            step(
                "1/4*Sum(dz[i, j, k]*P1[2*i + a + m, 2*j + b + n, l], (b, 0, 1), (a, 0, 1), (j, 0, w - 1), (i, 0, h - 1))",
                "A window holds four positions, p = 2*i + a and q = 2*j + b, where a = 0 or a = 1 and b = 0 or b = 1:",
                "هر پنجره چهار جایگاه دارد: p = 2*i + a و q = 2*j + b که a = 0 یا a = 1 و b = 0 یا b = 1 است:",
            ),
        ),
        implementation=measured_w2,
        mistakes=(
            Mistake(id="quarter-missing", answer=4 * KERNEL, hint=QUARTER_MISSING),
            Mistake(
                id="window-forgotten",
                answer=QUARTER * sp.Sum(dz[i, j, k] * P1[2 * i + m, 2 * j + n, l], (i, 0, h - 1), (j, 0, w - 1)),
                hint=both(
                    "A pooled cell comes from a whole window of positions, not from its corner alone.",
                    "هر خانهٔ میانگین از کل یک پنجره می‌آید، نه تنها از گوشهٔ آن.",
                ),
            ),
            Mistake(
                id="mean-over-positions",
                answer=KERNEL / (h * w),
                hint=both("The positions are summed, not averaged.", "جایگاه‌ها جمع می‌شوند، نه میانگین."),
            ),
        ),
    ),
    Function(
        name="grad_w2",
        item=SECOND,
        ask=both("The same as a function.", "همان به صورت تابع."),
        signature="grad_w2(P1, dz, kshape)",
        doc=both(
            "P1 is (2h+M-1, 2w+N-1, L), dz is (h, w, K), kshape is (M, N); returns dL/dw2 of shape (M, N, L, K).",
            "P1 به شکل (2h+M-1, 2w+N-1, L)، dz به شکل (h, w, K) و kshape برابر (M, N)؛ خروجی dL/dw2 به شکل (M, N, L, K).",
        ),
        implementation=grad_w2,
        cases=kernel_cases,
        styles=(grad_w2_in_loops,),
        mistakes=(
            Mistake(
                id="quarter-missing",
                answer=lambda P1, dz, kshape: 4 * grad_w2(P1, dz, kshape),
                hint=QUARTER_MISSING,
            ),
            Mistake(
                id="window-forgotten",
                answer=sampled_once,
                hint=both(
                    "A pooled cell comes from a whole window of positions, not from its corner alone.",
                    "هر خانهٔ میانگین از کل یک پنجره می‌آید، نه تنها از گوشهٔ آن.",
                ),
            ),
            Mistake(
                id="kernel-flipped", answer=lambda P1, dz, kshape: grad_w2(P1, dz, kshape)[::-1, ::-1], hint=FLIPPED
            ),
            Mistake(
                id="mean-over-positions",
                answer=lambda P1, dz, kshape: grad_w2(P1, dz, kshape) / (4 * dz.shape[0] * dz.shape[1]),
                hint=both("The positions are summed, not averaged.", "جایگاه‌ها جمع می‌شوند، نه میانگین."),
            ),
            Mistake(
                id="channels-swapped",
                answer=lambda P1, dz, kshape: np.swapaxes(grad_w2(P1, dz, kshape), 2, 3),
                hint=both("The two channel axes are swapped.", "دو محور کانال جابه‌جا شده‌اند."),
            ),
        ),
    ),
    Formula(
        name="q34_grad",
        item=FIRST,
        ask=both("dL/dw1[m,n,c,l] in terms of x and dP1.", "dL/dw1[m,n,c,l] بر حسب x و dP1."),
        reference=CHAIN,
        arrays={"dP1": ("A", "B", "L"), "x": ("A+M1-1", "B+N1-1", "C")},
        indices={"m": ("0", "M1-1"), "n": ("0", "N1-1"), "c": ("0", "C-1"), "l": ("0", "L-1")},
        outside="error",
        shown="Sum(dP1[a, b, l]*x[a + m, b + n, c], (b, 0, B - 1), (a, 0, A - 1))",
        working=Gradient(
            "P1[a, b, l]",
            "Sum(w1[r, s, t, l]*x[a + r, b + s, t], (t, 0, C - 1), (s, 0, N1 - 1), (r, 0, M1 - 1))",
            "w1[m, n, c, l]",
            "dP1[a, b, l]",
            (("b", "0", "B - 1"), ("a", "0", "A - 1")),
        ),
        steps=(
            step(
                "Sum(dP1[a, b, l]*x[a + m, b + n, c], (b, 0, B - 1), (a, 0, A - 1))",
                "Index substitution: only r = m, s = n and t = c are left.",
                "جای‌گذاری اندیس: تنها r = m و s = n و t = c می‌ماند.",
            ),
        ),
        implementation=measured_w1,
        mistakes=(
            Mistake(
                id="quarter-again",
                answer=CHAIN / 4,
                hint=both("dP1 holds the factor of the pool already.", "dP1 ضریب میانگین‌گیر را در خود دارد."),
            ),
            Mistake(
                id="mean-over-positions",
                answer=CHAIN / (A * B),
                hint=both("The positions are summed, not averaged.", "جایگاه‌ها جمع می‌شوند، نه میانگین."),
            ),
        ),
    ),
    Function(
        name="grads",
        item=FIRST,
        ask=both("All gradients of the chain as a function.", "همهٔ گرادیان‌های زنجیره به صورت تابع."),
        signature="grads(x, w1, w2, dz)",
        doc=both(
            "x is (H, W, C), w1 is (M1, N1, C, L), w2 is (M, N, L, K), dz is (h, w, K). Returns a dict with the gradients 'P2', 'P1', 'w1', 'w2' and 'x'.",
            "x به شکل (H, W, C)، w1 به شکل (M1, N1, C, L)، w2 به شکل (M, N, L, K) و dz به شکل (h, w, K). خروجی دیکشنری گرادیان‌های 'P2'، 'P1'، 'w1'، 'w2' و 'x' است.",
        ),
        implementation=grads,
        cases=chain_cases,
        parts=("P2", "P1", "w1", "w2", "x"),
        mistakes=(
            Mistake(
                id="w2-dropped",
                answer=chain_without_w2,
                hint=both(
                    "The second kernel has vanished from the gradient of the first.",
                    "کرنل دوم از گرادیان کرنل اول ناپدید شده است.",
                ),
            ),
            Mistake(
                id="quarter-missing",
                answer=lambda x, w1, w2, dz: {key: 4 * value for key, value in grads(x, w1, w2, dz).items()},
                hint=QUARTER_MISSING,
            ),
        ),
    ),
]
