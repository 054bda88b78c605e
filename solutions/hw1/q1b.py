"""Question 1 b: batch normalisation, and what it does to biases and scales."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _common import POSITIVE
from _styles import (
    bn_conv_by_channel,
    bn_dense_at_once,
    bn_of_affine_at_once,
    group_norm_by_group,
    scale_invariance_at_once,
)
from _words import both, step

from autograder.arrays import central_differences
from autograder.problem import Case, Formula, Function, Item, Mistake, Number, Property, Step, Written

C, G, H, W, N, neurons = sp.symbols("C G H W N N_neurons")
alpha, eps, mu, v, x = sp.symbols("alpha eps mu v x")
SOURCE = "Ioffe and Szegedy 2015, Batch normalization"


def normalise(X, axes, eps):
    """Subtract the mean and divide by the root of the biased variance plus eps, over these axes."""
    mean = X.mean(axis=axes, keepdims=True)
    return (X - mean) / np.sqrt(((X - mean) ** 2).mean(axis=axes, keepdims=True) + eps)


def channels(values):
    return values[None, :, None, None]


def bn_dense(X, gamma, beta, eps=1e-5):
    return gamma * normalise(X, (0,), eps) + beta


def bn_conv(X, gamma, beta, eps=1e-5):
    return channels(gamma) * normalise(X, (0, 2, 3), eps) + channels(beta)


def bn_of_affine(U, W, b, gamma, beta, eps):
    return bn_dense(U @ W.T + b, gamma, beta, eps)


def bn_scale_invariance(X, alpha, eps):
    ones, zeros = np.ones(X.shape[1]), np.zeros(X.shape[1])
    return float(np.abs(bn_dense(alpha * X, ones, zeros, eps) - bn_dense(X, ones, zeros, eps)).max())


def group_norm(X, G, gamma, beta, eps=1e-5):
    samples, depth, height, width = X.shape
    parts = X.reshape(samples, G, depth // G, height, width)
    return channels(gamma) * normalise(parts, (2, 3, 4), eps).reshape(X.shape) + channels(beta)


# --- experiments ---


def learned_by_bn(shape, kept):
    """Values that batch norm learns: one scale and one shift for each statistic that it keeps."""
    statistics = np.zeros(shape).mean(axis=tuple(axis for axis in range(len(shape)) if axis not in kept))
    return sum(np.empty(statistics.shape).size for _ in ("gamma", "beta"))


def averaged_values(shape, axes):
    """How many values one mean is taken over: the sum of ones."""
    return int(np.ones(shape).sum(axis=axes).flat[0])


def values_in_a_group(C, G, H, W):
    return int(np.ones((G, C // G, H, W)).sum(axis=(1, 2, 3))[0])


def slope_of_the_bias():
    """dL/db by central differences, for a loss on batch norm of an affine layer."""
    rng = np.random.default_rng(7)
    U, weights, loss = rng.normal(size=(6, 3)), rng.normal(size=(2, 3)), rng.normal(size=(6, 2))
    slope = central_differences(
        lambda b: float((loss * bn_of_affine(U, weights, b, 1, 0, 1e-3)).sum()), np.zeros(2)
    )
    return int(np.rint(np.abs(slope).max() * 1e6))


def scaled_batch(alpha, x, mu, v, eps):
    """A batch with this mean and variance, scaled by alpha: its normalised value where x was."""
    deviation = float(v) ** 0.5
    batch = np.array([[mu - deviation], [mu + deviation]], dtype=float)
    scaled = alpha * batch
    return float((alpha * x - scaled.mean()) / np.sqrt(scaled.var() + eps))


def gradient_factor(alpha):
    """How the gradient of a loss behind batch norm changes when the weights are scaled by alpha."""
    rng = np.random.default_rng(3)
    U, weights, loss = rng.normal(size=(8, 3)), rng.normal(size=(1, 3)), rng.normal(size=(8, 1))

    def slope(at):
        return central_differences(
            lambda w: float((loss * normalise(U @ w.T, (0,), 0.0)).sum()), at, step=1e-5 * alpha
        )

    ratio = slope(alpha * weights) / slope(weights)
    return float(np.median(ratio))


# --- cases: every shape differs in every axis, one feature has a variance near eps ---


def affine(rng, count):
    return rng.normal(1.0, 0.3, size=count), rng.normal(size=count)


def dense_cases(rng):
    public = Case(
        (np.array([[1.0, 2.0], [3.0, -2.0], [5.0, 3.0]]), np.array([1.0, 2.0]), np.array([0.0, 1.0])),
        "X = [[1, 2], [3, -2], [5, 3]], gamma = [1, 2], beta = [0, 1]",
    )
    found = [public]
    for samples, features, small in ((7, 4, 1e-5), (12, 3, 1e-3)):
        X = rng.normal(2.0, 1.5, size=(samples, features))
        X[:, 0] *= 2e-3
        found.append(Case((X, *affine(rng, features), small)))
    return found


def conv_cases(rng):
    public = Case(
        (np.arange(24.0).reshape(2, 3, 2, 2), np.array([1.0, 2.0, 0.5]), np.array([0.0, 1.0, -1.0])),
        "X = np.arange(24.0).reshape(2, 3, 2, 2), gamma = [1, 2, 0.5], beta = [0, 1, -1]",
    )
    X = rng.normal(-1.0, 2.0, size=(4, 3, 5, 6)) * np.array([2e-3, 1.0, 3.0])[None, :, None, None]
    Y = rng.normal(size=(5, 2, 3, 4))
    return [public, Case((X, *affine(rng, 3), 1e-5)), Case((Y, *affine(rng, 2), 1e-3))]


def affine_cases(rng):
    found = []
    for label, samples, inputs, outputs in (("U: 4x3, W: 2x3", 4, 3, 2), ("", 9, 4, 5), ("", 6, 2, 3)):
        U, weights = rng.normal(size=(samples, inputs)), rng.normal(size=(outputs, inputs))
        found.append(Case((U, weights, rng.normal(3.0, 2.0, size=outputs), *affine(rng, outputs), 1e-3), label))
    return found


def with_and_without_bias(rng):
    return [
        (case, Case((*case.args[:2], np.zeros_like(case.args[2]), *case.args[3:]))) for case in affine_cases(rng)
    ]


def scale_cases(rng):
    X = np.array([[1.0, 2.0], [3.0, -2.0], [5.0, 3.0]])
    Y = rng.normal(size=(8, 3))
    return [
        Case((X, 3.0, 1e-1), "alpha = 3, eps = 0.1"),
        Case((Y, 0.5, 1e-2)),
        Case((Y, 0.01, 1e-5)),
        Case((Y, -2.0, 1e-3)),
        Case((np.exp(Y), 0.5, 1e-2)),  # skewed: the largest difference is a negative one
    ]


def group_cases(rng):
    public = Case(
        (np.arange(16.0).reshape(1, 4, 2, 2), 2, np.ones(4), np.zeros(4)),
        "X = np.arange(16.0).reshape(1, 4, 2, 2), G = 2",
    )
    X = rng.normal(1.0, 2.0, size=(3, 6, 4, 5)) * np.array([2e-3, 3e-3, 1.0, 2.0, 0.5, 3.0])[None, :, None, None]
    return [
        public,
        Case((X, 3, *affine(rng, 6), 1e-5)),
        Case((X, 2, *affine(rng, 6), 1e-3)),
        Case((X, 6, *affine(rng, 6), 1e-3)),
    ]


# --- the items ---

DENSE = Item(
    id="Q1b.1",
    by_hand=both(
        "Write down what is learned for one neuron, and count the neurons.",
        "آنچه برای یک نورون یاد گرفته می‌شود را بنویسید و نورون‌ها را بشمارید.",
    ),
    title=both("Batch norm in dense layers", "نرمال‌سازی دسته‌ای در لایه‌های متراکم"),
    question=both(
        "Write the batch-norm transform for a dense layer. Mean and biased variance are taken for each neuron over the "
        "samples of the batch (training mode). How many values does it learn?",
        "تبدیل batch norm را برای یک لایهٔ متراکم بنویسید. میانگین و واریانس (اریب) برای هر نورون روی نمونه‌های دسته گرفته "
        "می‌شود (حالت آموزش). چند مقدار یاد می‌گیرد؟",
    ),
    source=SOURCE,
    sheet="x=Wu+b -> x_hat=(x-mu_B)/sqrt(sigma_B^2+eps) -> y=gamma*x_hat+beta",
)
CONV = Item(
    id="Q1b.2",
    by_hand=both(
        "Draw the batch for one channel: what is learned for it, and which values does its mean run over?",
        "دسته را برای یک کانال بکشید: برای آن چه چیزی یاد گرفته می‌شود و میانگین آن روی کدام مقدارهاست؟",
    ),
    title=both("Batch norm in convolution layers", "نرمال‌سازی دسته‌ای در لایه‌های کانولوشن"),
    question=both(
        "The same for a convolution layer with N samples, C channels and maps of H x W.",
        "همان برای لایهٔ کانولوشن با N نمونه، C کانال و نقشه‌های H x W.",
    ),
    source=SOURCE,
    sheet="x = W*u+b, then x_hat_ij, y_ij; applied per feature map",
)
BIAS = Item(
    id="Q1b.3",
    title=both("Is the bias needed before batch norm?", "آیا پیش از batch norm بایاس لازم است؟"),
    question=both(
        "What happens if the bias is removed, without batch norm and with it? What is dL/db if batch norm follows?",
        "اگر بایاس حذف شود، بدون batch norm و با آن چه می‌شود؟ اگر پس از آن batch norm بیاید، dL/db چقدر است؟",
    ),
    source=SOURCE,
    sheet="Without BN the missing bias can hurt; with BN it has no effect because shift&scale does its job.",
)
SCALE = Item(
    id="Q1b.4",
    title=both("Scaling the weights (or the input) by alpha", "ضرب وزن‌ها (یا ورودی) در alpha"),
    question=both(
        "The pre-activation x has batch mean mu and batch variance v. All weights are multiplied by alpha > 0. What is the "
        "normalised value then, with eps kept? By which factor does the gradient with respect to the weights change, for "
        "eps = 0?",
        "پیش‌فعال‌سازی x میانگین mu و واریانس v دارد. همهٔ وزن‌ها در alpha > 0 ضرب می‌شوند. با حفظ eps مقدار نرمال‌شده چیست؟ "
        "برای eps = 0 گرادیان نسبت به وزن‌ها در چه ضریبی ضرب می‌شود؟",
    ),
    source=SOURCE,
    sheet="Because of BN, multiplying the weights has no effect.",
)
GROUP = Item(
    id="Q1b.5",
    by_hand=both(
        "Draw one sample, colour its groups, and see what belongs to one of them.",
        "یک نمونه بکشید، گروه‌هایش را رنگ کنید و ببینید به یکی از آن‌ها چه چیزی تعلق دارد.",
    ),
    title=both("Small batches in medical imaging, Group Norm", "دسته‌های کوچک در تصویر پزشکی و Group Norm"),
    question=both(
        "Why is batch norm a problem with small batches, and what is the fix? Over how many values does group norm with G "
        "groups take a mean, and how many values does it learn?",
        "چرا batch norm با دسته‌های کوچک مشکل دارد و راه حل چیست؟ Group Norm با G گروه هر میانگین را روی چند مقدار می‌گیرد و "
        "چند مقدار یاد می‌گیرد؟",
    ),
    source="Wu and He 2018, Group normalization",
    sheet="High resolution -> memory -> small batches -> noisy statistics; fix: Group Normalisation.",
)


def wrong_axis(X, gamma, beta, eps=1e-5):
    return gamma * normalise(X, (1,), eps) + beta


def unbiased(X, gamma, beta, eps=1e-5):
    return gamma * (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0, ddof=1) + eps) + beta


def divided_by_variance(X, gamma, beta, eps=1e-5):
    return gamma * (X - X.mean(axis=0)) / (X.var(axis=0) + eps) + beta


def eps_outside(X, gamma, beta, eps=1e-5):
    return gamma * (X - X.mean(axis=0)) / (np.sqrt(X.var(axis=0)) + eps) + beta


def not_shifted(X, gamma, beta, eps=1e-5):
    return normalise(X, (0,), eps)


def conv_over(axes):
    def function(X, gamma, beta, eps=1e-5):
        return channels(gamma) * normalise(X, axes, eps) + channels(beta)

    return function


def conv_eps_outside(X, gamma, beta, eps=1e-5):
    mean, spread = X.mean(axis=(0, 2, 3), keepdims=True), X.std(axis=(0, 2, 3), keepdims=True)
    return channels(gamma) * (X - mean) / (spread + eps) + channels(beta)


def conv_unbiased(X, gamma, beta, eps=1e-5):
    mean, spread = X.mean(axis=(0, 2, 3), keepdims=True), X.var(axis=(0, 2, 3), keepdims=True, ddof=1)
    return channels(gamma) * (X - mean) / np.sqrt(spread + eps) + channels(beta)


def bias_kept(U, W, b, gamma, beta, eps):
    return bn_dense(U @ W.T, gamma, beta, eps) + b


UNBIASED = both(
    "The variance here is the biased one: divided by the number of values.",
    "واریانس این‌جا اریب است: تقسیم بر تعداد مقدارها.",
)
EPS_OUTSIDE = both(
    "eps stands under the root. For a feature with a tiny variance that matters.",
    "eps زیر رادیکال است. برای ویژگی با واریانس بسیار کوچک این تفاوت مهم است.",
)
ROOT = both("Divide by the standard deviation, not by the variance.", "بر انحراف معیار تقسیم کنید، نه بر واریانس.")

PROBLEMS = [
    Formula(
        name="q1b1_params",
        item=DENSE,
        ask=both(
            "The number of learned values of a layer with N_neurons neurons.",
            "تعداد مقدارهای آموختنی لایه‌ای با N_neurons نورون.",
        ),
        reference=2 * neurons,
        symbols={"N_neurons": POSITIVE},
        steps=(
            step(
                "N_neurons + N_neurons",
                "Every neuron learns a scale and a shift of its own:",
                "هر نورون یک مقیاس و یک انتقال برای خود یاد می‌گیرد:",
            ),
        ),
        implementation=lambda N_neurons: learned_by_bn((3, N_neurons), (1,)),
        mistakes=(
            Mistake(
                id="scale-only",
                answer=neurons,
                hint=both("Something else is learned beside the scale.", "جز ضریب چیز دیگری هم آموخته می‌شود."),
            ),
        ),
    ),
    Function(
        name="bn_dense",
        item=DENSE,
        ask=both("The transform as a function.", "تبدیل به صورت تابع."),
        signature="bn_dense(X, gamma, beta, eps=1e-5)",
        doc=both(
            "X is (m, n): m samples, n neurons; gamma and beta are (n,). Returns an (m, n) array.",
            "X به شکل (m, n) است: m نمونه و n نورون؛ gamma و beta به شکل (n,). خروجی به شکل (m, n) است.",
        ),
        implementation=bn_dense,
        cases=dense_cases,
        styles=(bn_dense_at_once,),
        mistakes=(
            Mistake(
                id="wrong-axis",
                answer=wrong_axis,
                hint=both(
                    "Each neuron is normalised over the samples, not each sample over the neurons.",
                    "هر نورون روی نمونه‌ها نرمال می‌شود، نه هر نمونه روی نورون‌ها.",
                ),
            ),
            Mistake(id="unbiased-variance", answer=unbiased, hint=UNBIASED),
            Mistake(id="divided-by-variance", answer=divided_by_variance, hint=ROOT),
            Mistake(id="eps-outside", answer=eps_outside, hint=EPS_OUTSIDE),
            Mistake(
                id="scale-and-shift-forgotten",
                answer=not_shifted,
                hint=both("The learned scale and shift are missing.", "ضریب و جابه‌جایی آموختنی جا افتاده است."),
            ),
        ),
    ),
    Formula(
        name="q1b2_params",
        item=CONV,
        ask=both("The number of learned values.", "تعداد مقدارهای آموختنی."),
        reference=2 * C,
        symbols={"C": POSITIVE},
        also=dict.fromkeys(("N", "H", "W"), POSITIVE),
        steps=(
            step(
                "C + C",
                "Every channel learns one scale and one shift, for all positions of its map:",
                "هر کانال یک مقیاس و یک انتقال برای همهٔ جایگاه‌های نقشه‌اش یاد می‌گیرد:",
            ),
        ),
        implementation=lambda C: learned_by_bn((2, C, 3, 4), (1,)),
        mistakes=(
            Mistake(
                id="per-position",
                answer=2 * C * H * W,
                hint=both(
                    "A map shares its scale and shift over all positions.",
                    "هر نقشه یک ضریب و یک جابه‌جایی برای همهٔ جایگاه‌ها دارد.",
                ),
            ),
            Mistake(
                id="per-layer",
                answer=sp.Integer(2),
                hint=both("Every channel has its own.", "هر کانال مقدار خودش را دارد."),
            ),
        ),
    ),
    Formula(
        name="q1b2_samples_per_statistic",
        item=CONV,
        ask=both("Over how many values is one mean taken?", "هر میانگین روی چند مقدار گرفته می‌شود؟"),
        reference=N * H * W,
        symbols=dict.fromkeys(("H", "N", "W"), POSITIVE),
        also={"C": POSITIVE},
        shown="N*H*W",
        steps=(
            step(
                "N*(H*W)",
                "A channel's mean is taken over N samples and over the H*W positions of each map:",
                "میانگین هر کانال روی N نمونه و H*W جایگاه هر نقشه گرفته می‌شود:",
            ),
        ),
        implementation=lambda N, H, W: averaged_values((N, 2, H, W), (0, 2, 3)),
        mistakes=(
            Mistake(
                id="batch-only",
                answer=N,
                hint=both(
                    "The positions of the map count as samples as well.", "جایگاه‌های نقشه هم نمونه به شمار می‌آیند."
                ),
            ),
            Mistake(
                id="map-only",
                answer=H * W,
                hint=both("That is instance norm: one sample alone.", "این instance norm است: تنها یک نمونه."),
            ),
            Mistake(
                id="twice-the-batch",
                answer=2 * N,
                hint={
                    "en": "One mean is asked for. The positions of the map count as samples as well.",
                    "fa": "تعداد برای یک میانگین خواسته شده است. جایگاه‌های نقشه هم نمونه به شمار می‌آیند.",
                },
            ),
        ),
    ),
    Function(
        name="bn_conv",
        item=CONV,
        ask=both("The transform as a function.", "تبدیل به صورت تابع."),
        signature="bn_conv(X, gamma, beta, eps=1e-5)",
        doc=both(
            "X is (N, C, H, W); gamma and beta are (C,). Returns an array of X's shape.",
            "X به شکل (N, C, H, W) است؛ gamma و beta به شکل (C,). خروجی هم‌شکل X است.",
        ),
        implementation=bn_conv,
        cases=conv_cases,
        styles=(bn_conv_by_channel,),
        mistakes=(
            Mistake(
                id="per-position",
                answer=conv_over((0,)),
                hint=both(
                    "The statistics of a map are taken over all its positions.",
                    "آمارهٔ هر نقشه روی همهٔ جایگاه‌های آن گرفته می‌شود.",
                ),
            ),
            Mistake(
                id="per-sample",
                answer=conv_over((2, 3)),
                hint=both(
                    "That is instance norm: the batch takes part as well.",
                    "این instance norm است: دسته هم باید در آن باشد.",
                ),
            ),
            Mistake(
                id="all-channels",
                answer=conv_over((0, 1, 2, 3)),
                hint=both("Each channel has its own statistics.", "هر کانال آمارهٔ خودش را دارد."),
            ),
            Mistake(id="unbiased-variance", answer=conv_unbiased, hint=UNBIASED),
            Mistake(id="eps-outside", answer=conv_eps_outside, hint=EPS_OUTSIDE),
        ),
    ),
    Number(
        name="q1b3_dl_db",
        item=BIAS,
        ask=both("dL/db when batch norm follows.", "dL/db وقتی پس از آن batch norm می‌آید."),
        reference=sp.Integer(0),
        steps=(
            step(
                None,
                "A bias b moves every value of the batch by b, and so their mean.",
                "بایاس b همهٔ مقدارهای دسته را به اندازهٔ b جابه‌جا می‌کند، و میانگینشان را نیز.",
            ),
            step(
                None,
                "Subtracting the mean takes b out again, and the variance does not change: the output does not depend on b.",
                "کم کردن میانگین b را از میان می‌برد و واریانس تغییر نمی‌کند: خروجی به b وابسته نیست.",
            ),
            step("0", "A loss that does not change has the derivative", "مشتق زیانی که تغییر نمی‌کند برابر است با"),
        ),
        implementation=slope_of_the_bias,
        mistakes=(
            Mistake(
                id="one",
                answer=sp.Integer(1),
                hint=both("Does the output change at all when b does?", "آیا با تغییر b خروجی اصلا تغییر می‌کند؟"),
            ),
        ),
    ),
    Function(
        name="bn_of_affine",
        item=BIAS,
        ask=both("Batch norm of an affine layer, as a function.", "batch norm روی یک لایهٔ آفین، به صورت تابع."),
        signature="bn_of_affine(U, W, b, gamma, beta, eps)",
        doc=both(
            "U is (m, d), W is (n, d), b, gamma and beta are (n,). Returns batch norm of U*W^T + b, (m, n).",
            "U به شکل (m, d)، W به شکل (n, d) و b، gamma و beta به شکل (n,). خروجی batch norm عبارت U*W^T + b به شکل (m, n) است.",
        ),
        implementation=bn_of_affine,
        cases=affine_cases,
        styles=(bn_of_affine_at_once,),
        properties=(
            Property(
                id="bias-has-no-effect",
                words=both("The output is the same for b = 0.", "خروجی برای b = 0 همان است."),
                pairs=with_and_without_bias,
            ),
        ),
        mistakes=(
            Mistake(
                id="bias-after-norm",
                answer=bias_kept,
                hint=both(
                    "The bias is added before batch norm, and then cancels.",
                    "بایاس پیش از batch norm افزوده می‌شود و سپس حذف می‌شود.",
                ),
            ),
        ),
    ),
    Written(
        name="q1b3_text",
        item=BIAS,
        ask=both("What happens without the bias, and why?", "بدون بایاس چه می‌شود و چرا؟"),
        rubric=(
            (
                1,
                both("subtracting the mean cancels a constant shift", "کم کردن میانگین جابه‌جایی ثابت را حذف می‌کند"),
            ),
            (1, both("beta takes over the role of the bias", "beta نقش بایاس را بر عهده می‌گیرد")),
            (
                1,
                both(
                    "without batch norm the bias moves the threshold of the activation",
                    "بدون batch norm بایاس آستانهٔ فعال‌سازی را جابه‌جا می‌کند",
                ),
            ),
        ),
        model=both(
            "The batch mean contains b as well, so subtracting it cancels b exactly: BN(W*u + b) = BN(W*u), and dL/db = 0. The "
            "learned shift beta does what the bias did. Without batch norm the bias is needed to move the threshold.",
            "میانگین دسته b را هم در بر دارد، پس کم کردن آن b را دقیقا حذف می‌کند: BN(W*u + b) = BN(W*u) و dL/db = 0. جابه‌جایی "
            "آموختنی beta کار بایاس را می‌کند. بدون batch norm بایاس برای جابه‌جایی آستانه لازم است.",
        ),
    ),
    Formula(
        name="q1b4_bn_scaled",
        item=SCALE,
        ask=both("The normalised value of alpha*x, with eps.", "مقدار نرمال‌شدهٔ alpha*x، همراه با eps."),
        reference=alpha * (x - mu) / sp.sqrt(alpha**2 * v + eps),
        symbols={"alpha": "positive", "eps": "nonnegative", "mu": "real", "v": "positive", "x": "real"},
        shown="alpha*(x - mu)/sqrt(alpha^2*v + eps)",
        implementation=scaled_batch,
        mistakes=(
            Mistake(
                id="no-effect-at-all",
                answer=(x - mu) / sp.sqrt(v + eps),
                hint=both(
                    "This holds only where eps can be neglected. Here it is kept.",
                    "این تنها وقتی درست است که بتوان از eps چشم پوشید. این‌جا eps می‌ماند.",
                ),
            ),
            Mistake(
                id="divided-by-alpha",
                answer=(x - mu) / (alpha * sp.sqrt(v + eps)),
                hint={
                    "en": "The scale acts on the values before they are normalised, not on the result.",
                    "fa": "این ضریب پیش از نرمال‌سازی روی مقدارها اثر می‌کند، نه روی نتیجه.",
                },
            ),
            Mistake(
                id="variance-scaled-once",
                answer=alpha * (x - mu) / sp.sqrt(alpha * v + eps),
                hint=both(
                    "How does a variance change when its values are scaled?",
                    "وقتی مقدارها ضرب می‌شوند واریانس چگونه تغییر می‌کند؟",
                ),
            ),
            Mistake(
                id="mean-not-scaled",
                answer=(alpha * x - mu) / sp.sqrt(alpha**2 * v + eps),
                hint=both("The mean changes with the values.", "میانگین هم با مقدارها تغییر می‌کند."),
            ),
        ),
        steps=(
            Step(
                words=both(
                    "The scaled values have mean alpha*mu and variance alpha^2*v.",
                    "مقدارهای ضرب‌شده میانگین alpha*mu و واریانس alpha^2*v دارند.",
                )
            ),
            Step((alpha * x - alpha * mu) / sp.sqrt(alpha**2 * v + eps), both("Normalised:", "پس از نرمال‌سازی:")),
        ),
    ),
    Formula(
        name="q1b4_grad_factor",
        item=SCALE,
        ask=both(
            "The factor of the gradient with respect to the weights, for eps = 0.",
            "ضریب گرادیان نسبت به وزن‌ها برای eps = 0.",
        ),
        reference=1 / alpha,
        symbols={"alpha": "positive"},
        steps=(
            step(
                None,
                "For eps = 0 the loss is the same at w and at alpha*w: L(alpha*w) = L(w).",
                "برای eps = 0 زیان در w و در alpha*w یکسان است: L(alpha*w) = L(w).",
            ),
            step(
                "1/alpha",
                "Differentiated by w on both sides, alpha times the gradient at alpha*w is the gradient at w. So the gradient is multiplied by",
                "با مشتق‌گیری از دو طرف نسبت به w، گرادیان در alpha*w ضربدر alpha برابر گرادیان در w است. پس گرادیان ضرب می‌شود در",
            ),
        ),
        implementation=gradient_factor,
        mistakes=(
            Mistake(
                id="unchanged",
                answer=sp.Integer(1),
                hint=both(
                    "The output does not change, but a step of the same length changes larger weights less.",
                    "خروجی تغییر نمی‌کند، اما گامی هم‌اندازه وزن‌های بزرگ‌تر را کمتر تغییر می‌دهد.",
                ),
            ),
            Mistake(id="inverse", answer=alpha, hint=both("It is the other way round.", "وارونهٔ آن درست است.")),
        ),
    ),
    Function(
        name="bn_scale_invariance",
        item=SCALE,
        ask=both(
            "How far batch norm of alpha*X is from that of X.",
            "فاصلهٔ batch norm مقدار alpha*X از batch norm مقدار X.",
        ),
        signature="bn_scale_invariance(X, alpha, eps)",
        doc=both(
            "The largest |BN(alpha*X) - BN(X)| of an (m, n) batch, with gamma = 1 and beta = 0.",
            "بزرگ‌ترین |BN(alpha*X) - BN(X)| برای دسته‌ای به شکل (m, n)، با gamma = 1 و beta = 0.",
        ),
        implementation=bn_scale_invariance,
        cases=scale_cases,
        styles=(scale_invariance_at_once,),
        mistakes=(
            Mistake(
                id="always-zero",
                answer=lambda X, alpha, eps: 0.0,
                hint=both(
                    "Run both computations and compare what they give: it is small, and not nothing.",
                    "هر دو محاسبه را اجرا کنید و نتیجه‌ها را مقایسه کنید: تفاوت کوچک است، اما هیچ نیست.",
                ),
            ),
        ),
    ),
    Formula(
        name="q1b5_samples_per_statistic",
        item=GROUP,
        ask=both("Over how many values is one mean taken?", "هر میانگین روی چند مقدار گرفته می‌شود؟"),
        reference=C * H * W / G,
        symbols=dict.fromkeys(("C", "G", "H", "W"), POSITIVE),
        where=("G | C",),
        also={"N": POSITIVE},
        shown="C*H*W/G",
        steps=(
            step(
                "C/G*(H*W)",
                "One sample alone: a group has C/G channels with H*W positions each.",
                "تنها یک نمونه: هر گروه C/G کانال دارد و هر کانال H*W جایگاه.",
            ),
        ),
        implementation=values_in_a_group,
        mistakes=(
            Mistake(
                id="batch-included",
                answer=N * C * H * W / G,
                hint=both("Group norm looks at one sample alone.", "Group Norm تنها یک نمونه را می‌بیند."),
            ),
            Mistake(
                id="whole-layer",
                answer=C * H * W,
                hint=both("That is layer norm: all channels together.", "این layer norm است: همهٔ کانال‌ها با هم."),
            ),
            Mistake(
                id="groups-multiplied",
                answer=G * H * W,
                hint=both("How many channels has one group?", "هر گروه چند کانال دارد؟"),
            ),
        ),
    ),
    Formula(
        name="q1b5_params",
        item=GROUP,
        ask=both("The number of learned values.", "تعداد مقدارهای آموختنی."),
        reference=2 * C,
        symbols={"C": POSITIVE},
        also=dict.fromkeys(("G", "N", "H", "W"), POSITIVE),
        steps=(
            step(
                "C + C",
                "Groups share their statistics only; every channel learns one scale and one shift:",
                "گروه‌ها فقط آماره‌ها را مشترک دارند؛ هر کانال یک مقیاس و یک انتقال یاد می‌گیرد:",
            ),
        ),
        implementation=lambda C: learned_by_bn((2, C, 3, 4), (1,)),
        mistakes=(
            Mistake(
                id="per-group",
                answer=2 * G,
                hint=both(
                    "Groups share statistics, but not the learned values.",
                    "گروه‌ها در آماره‌ها مشترک‌اند، نه در مقدارهای آموختنی.",
                ),
            ),
        ),
    ),
    Function(
        name="group_norm",
        item=GROUP,
        ask=both("Group norm as a function.", "Group Norm به صورت تابع."),
        signature="group_norm(X, G, gamma, beta, eps=1e-5)",
        doc=both(
            "X is (N, C, H, W), G divides C, gamma and beta are (C,). Returns an array of X's shape.",
            "X به شکل (N, C, H, W) است، G شمارندهٔ C است و gamma و beta به شکل (C,). خروجی هم‌شکل X است.",
        ),
        implementation=group_norm,
        cases=group_cases,
        styles=(group_norm_by_group,),
        mistakes=(
            Mistake(
                id="batch-norm",
                answer=lambda X, G, gamma, beta, eps=1e-5: bn_conv(X, gamma, beta, eps),
                hint=both(
                    "That is batch norm. Groups do not look at other samples.",
                    "این batch norm است. گروه‌ها نمونه‌های دیگر را نمی‌بینند.",
                ),
            ),
            Mistake(
                id="layer-norm",
                answer=lambda X, G, gamma, beta, eps=1e-5: group_norm(X, 1, gamma, beta, eps),
                hint=both(
                    "That is layer norm: the groups are missing.", "این layer norm است: گروه‌ها جا افتاده‌اند."
                ),
            ),
            Mistake(
                id="instance-norm",
                answer=lambda X, G, gamma, beta, eps=1e-5: group_norm(X, X.shape[1], gamma, beta, eps),
                hint=both(
                    "That is instance norm: every channel alone. Here channels are put in groups.",
                    "این instance norm است: هر کانال جداگانه. این‌جا کانال‌ها گروه‌بندی می‌شوند.",
                ),
            ),
        ),
    ),
    Written(
        name="q1b5_text",
        item=GROUP,
        ask=both(
            "Why is batch norm a problem there, and why does group norm help?",
            "چرا batch norm آن‌جا مشکل دارد و چرا Group Norm کمک می‌کند؟",
        ),
        rubric=(
            (1, both("memory forces small batches", "کمبود حافظه دسته را کوچک می‌کند")),
            (
                1,
                both(
                    "estimates of mean and variance become noisy; training and test differ",
                    "برآورد میانگین و واریانس نویزی می‌شود؛ آموزش و آزمون متفاوت‌اند",
                ),
            ),
            (1, both("group norm does not depend on the batch size", "Group Norm به اندازهٔ دسته وابسته نیست")),
        ),
        model=both(
            "Medical images are large, memory forces small batches, and the statistics of a small batch are noisy and differ "
            "from those used at test time. Group norm takes its statistics from groups of channels of one sample, so it does "
            "not depend on the batch size.",
            "تصاویر پزشکی بزرگ‌اند و حافظه دسته را کوچک می‌کند؛ آماره‌های دستهٔ کوچک نویزی‌اند و با زمان آزمون تفاوت دارند. Group "
            "Norm آماره‌ها را از گروه کانال‌های یک نمونه می‌گیرد و به اندازهٔ دسته وابسته نیست.",
        ),
    ),
]
