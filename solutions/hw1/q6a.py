"""Question 6 a to c: vanishing gradients and initialisation."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy as sp
from _words import both, step, wrong

from autograder.problem import Case, Choice, Formula, Function, Item, Number, Written

sigma, L, i, s, n, C, K, Cout = sp.symbols("sigma L i s n C K Cout")
INTEGER = "positive integer"
PASCANU = "Pascanu, Mikolov and Bengio 2013, On the difficulty of training recurrent neural networks, section 2.1"
HE = "He et al. 2015, Delving deep into rectifiers, section 2.2"
EXACT = Fraction(9, 10) ** 100
DEVIATION = sp.sqrt(2 / (C * K**2))
LAYERS = {"C": 3, "K": 8, "Cout": 16}


# --- experiments ---


def turned(size: int, number: int) -> np.ndarray:
    """A matrix that changes no length: its singular values are all one."""
    return np.linalg.qr(np.random.default_rng(number).normal(size=(size, size)))[0]


def push_back(sigma: float, L: int, i: int) -> float:
    """Multiply the worst matrices that the bound allows, layer by layer, and measure the product's norm."""
    product = np.eye(4)
    for layer in range(L, i, -1):
        product = product @ (float(sigma) * turned(4, layer))
    return float(np.linalg.norm(product, 2))


def push_back_all(s: float, n: int) -> float:
    return push_back(s, n, 0)


def rectified_share() -> float:
    """Share of a centred Gaussian's second moment that passes a ReLU, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    return float(weights @ np.maximum(nodes, 0) ** 2 / (weights @ nodes**2))


def he_variance(C: int, K: int) -> float:
    """The variance of a weight for which a layer's outputs have the second moment of its inputs."""
    inputs = np.empty((C, K, K)).size
    return 1 / (inputs * rectified_share())


# --- the functions that students write ---


def he_std(C: int, K: int) -> float:
    return float(np.sqrt(he_variance(C, K)))


def bound(sigma: float, L: int, i: int = 0) -> float:
    return float(np.prod(np.full(L - i, float(sigma))))


def bound_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((float(rng.uniform(0.4, 1.3)), 7 + place, 2 + place // 2)) for place in range(3)]
    return [
        Case((0.9, 100), "sigma = 0.9, L = 100"),
        Case((0.5, 9, 4)),
        Case((1.5, 6, 5)),
        Case((0.8, 11, 3)),
        *drawn,
    ]


def he_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((int(C), int(K))) for C, K in rng.integers(4, 40, (3, 2))]
    return [Case((4, 7), "C = 4, K = 7"), Case((64, 3)), Case((3, 8)), Case((256, 1)), *drawn]


VANISHING = Item(
    id="Q6a",
    by_hand=both(
        "Write down the matrices between the two layers one after the other, and the bound of each.",
        "ماتریس‌های میان دو لایه را یکی پس از دیگری با کران هر یک بنویسید.",
    ),
    title=both("Vanishing gradient bound", "کران گرادیان محوشونده"),
    question=both(
        "The error signal of layer i is delta_i = W_{i+1}^T * ... * W_L^T * delta_L, where the derivatives of the "
        "activations are at most 1 in magnitude. No weight matrix has a singular value above sigma. Bound "
        "|delta_i| / |delta_L|, and show when delta_i tends to 0.",
        "سیگنال خطای لایهٔ i برابر است با delta_i = W_{i+1}^T * ... * W_L^T * delta_L و قدر مطلق مشتق تابع‌های "
        "فعال‌سازی حداکثر 1 است. هیچ ماتریس وزنی مقدار تکین بزرگ‌تر از sigma ندارد. برای |delta_i| / "
        "|delta_L| کرانی بیابید و نشان دهید چه زمانی delta_i به 0 میل می‌کند.",
    ),
    source=PASCANU,
    sheet="||sum_{k=1}^{L} w_k|| <= (sigma_max)^n, n = L - i, which tends to zero",
)
NUMERIC = Item(
    id="Q6b",
    title=both("Numeric bound", "کران عددی"),
    question=both(
        "The largest singular value is s = 0.9, there are n = 100 layers, and |delta_L| = eps. Give the upper "
        "bound for |delta_0| / eps.",
        "بزرگ‌ترین مقدار تکین s = 0.9 است، n = 100 لایه داریم و |delta_L| = eps. کران بالای |delta_0| / eps "
        "را بنویسید.",
    ),
    source=PASCANU,
    sheet="|delta_0| <= eps x 0.9^100 <= 2.6 x 10^-5 x eps",
)
INITIAL = Item(
    id="Q6c",
    title=both("He initialisation", "مقداردهی اولیهٔ He"),
    question=both(
        "A convolution with ReLU has C = 3 input channels, KxK = 8x8 kernels and Cout = 16 filters. Which "
        "variance and which standard deviation does He's initialisation (normal distribution, fan-in) give "
        "its weights?",
        "یک لایهٔ کانولوشن با ReLU دارای C = 3 کانال ورودی، هسته‌های KxK = 8x8 و Cout = 16 فیلتر است. "
        "مقداردهی اولیهٔ He (توزیع نرمال، بر پایهٔ تعداد ورودی‌ها) چه واریانس و چه انحراف معیاری به وزن‌ها "
        "می‌دهد؟",
    ),
    source=HE,
    sheet="n = 3 x 8 x 8 = 192, Var = 2/192 = 0.0104, sigma = 0.102",
)

CHANNELS_OR_UNIFORM = both(
    "Either the input channels are forgotten, or the square of the uniform distribution's limit is taken for the "
    "variance of the normal one.",
    "یا کانال‌های ورودی فراموش شده‌اند، یا مربع کران توزیع یکنواخت به جای واریانس توزیع نرمال گرفته شده است.",
)
FAN_OUT = both(
    "You counted what a channel feeds. What feeds an output is asked for.",
    "آنچه را از یک کانال تغذیه می‌شود شمرده‌اید. آنچه یک خروجی را تغذیه می‌کند خواسته شده است.",
)
LINE_KERNEL = both("The kernel is a square, not a line.", "هسته مربع است، نه یک خط.")
NO_RELU = both(
    "That keeps the variance of a linear layer. A ReLU lets only a part of it pass.",
    "این واریانس یک لایهٔ خطی را نگه می‌دارد. ReLU فقط بخشی از آن را عبور می‌دهد.",
)

PROBLEMS = [
    Formula(
        name="q6a_bound",
        item=VANISHING,
        ask=both("Write the bound for |delta_i| / |delta_L|.", "کران |delta_i| / |delta_L| را بنویسید."),
        reference=sigma ** (L - i),
        symbols={"L": INTEGER, "i": INTEGER, "sigma": "positive"},
        where=("L > i",),
        shown="sigma^(L - i)",
        implementation=push_back,
        steps=(
            step(
                None,
                "The norm of a product is at most the product of the norms, and each factor is at most sigma.",
                "نُرم حاصل‌ضرب حداکثر حاصل‌ضرب نُرم‌هاست و هر عامل حداکثر sigma است.",
            ),
            step(
                "Product(sigma, (l, i + 1, L))",
                "The factors are W_{i+1} to W_L:",
                "عامل‌ها از W_{i+1} تا W_L هستند:",
            ),
        ),
        mistakes=(
            wrong(
                "one-factor-too-many",
                sigma ** (L - i + 1),
                "Count the matrices between the two layers again: there is one less.",
                "ماتریس‌های میان دو لایه را دوباره بشمارید: یکی کمتر است.",
            ),
            wrong(
                "one-factor-too-few",
                sigma ** (L - i - 1),
                "Count the matrices between the two layers again: one is missing.",
                "ماتریس‌های میان دو لایه را دوباره بشمارید: یکی جا افتاده است.",
            ),
            wrong(
                "from-the-input",
                sigma**L,
                "That goes back all the way to the input. The signal stops earlier.",
                "این تا خود ورودی بازمی‌گردد. سیگنال زودتر متوقف می‌شود.",
            ),
            wrong(
                "from-the-wrong-end",
                sigma**i,
                "These are the layers that the signal does not pass.",
                "این لایه‌هایی است که سیگنال از آن‌ها نمی‌گذرد.",
            ),
            wrong(
                "sum-for-product",
                (L - i) * sigma,
                "The norms of layers in a row do not add up.",
                "نُرم لایه‌های پیاپی با هم جمع نمی‌شود.",
            ),
        ),
    ),
    Choice(
        name="q6a_condition",
        item=VANISHING,
        ask=both(
            "Which condition on the weight matrices is enough for delta_i to tend to 0 as L - i grows?",
            "کدام شرط روی ماتریس‌های وزن کافی است تا با بزرگ‌شدن L - i، مقدار delta_i به 0 میل کند؟",
        ),
        options={
            "a": both(
                "Each has its largest singular value below a constant that is less than 1.",
                "بزرگ‌ترین مقدار تکین هر یک از ثابتی کوچک‌تر از 1 کمتر است.",
            ),
            "b": both(
                "Each has all its eigenvalues inside the unit circle.",
                "همهٔ مقدارهای ویژهٔ هر یک درون دایرهٔ واحد است.",
            ),
            "c": both("Each has a determinant of magnitude less than 1.", "قدر مطلق دترمینان هر یک از 1 کمتر است."),
            "d": both(
                "Each has only entries of magnitude less than 1.", "قدر مطلق همهٔ درایه‌های هر یک از 1 کمتر است."
            ),
        },
        correct=("a",),
    ),
    Written(
        name="q6a_text",
        item=VANISHING,
        ask=both("Write the proof in a few sentences.", "اثبات را در چند جمله بنویسید."),
        rubric=(
            (1, both("the spectral norm is sub-multiplicative", "نُرم طیفی زیرضربی است")),
            (1, both("each factor is bounded by sigma_max", "هر عامل با sigma_max کران‌دار است")),
            (1, both("sigma_max < 1 is stated", "شرط sigma_max < 1 آمده است")),
            (1, both("the limit is taken", "حد گرفته شده است")),
        ),
        model=both(
            "The spectral norm of a product is at most the product of the norms. The norm of each factor is "
            "its largest singular value, at most sigma_max, and the activations' derivatives are at most 1. "
            "So |delta_i| is at most sigma_max^(L-i) * |delta_L|. If sigma_max < 1 this tends to 0 as L - i "
            "grows. Eigenvalues below 1 in magnitude are not enough, since a product can grow before it "
            "decays, or for good if the matrices differ.",
            "نُرم طیفی حاصل‌ضرب حداکثر حاصل‌ضرب نُرم‌هاست. نُرم هر عامل بزرگ‌ترین مقدار تکین آن و حداکثر "
            "sigma_max است و مشتق تابع‌های فعال‌سازی حداکثر 1 است. پس |delta_i| حداکثر "
            "sigma_max^(L-i) * |delta_L| است. اگر sigma_max < 1 باشد، با بزرگ‌شدن L - i به 0 میل می‌کند. کوچک‌تر از 1 بودن قدر "
            "مطلق مقدارهای ویژه کافی نیست، چون حاصل‌ضرب می‌تواند پیش از میرایی رشد کند و اگر ماتریس‌ها متفاوت "
            "باشند همواره رشد کند.",
        ),
    ),
    Number(
        name="q6b_bound",
        item=NUMERIC,
        ask=both(
            "Write the upper bound: a power, or a decimal. A decimal has to be rounded up, by at most 3 percent.",
            "کران بالا را بنویسید: به صورت توان یا عدد اعشاری. عدد اعشاری باید رو به بالا گرد شود، حداکثر 3 درصد.",
        ),
        reference=s**n,
        given_values={"s": Fraction(9, 10), "n": 100},
        accept=(EXACT, EXACT * Fraction(103, 100)),
        partial=(EXACT * Fraction(97, 100), EXACT),
        shown="s^n",
        steps=(
            step(
                None,
                "By Q6a each of the n layers multiplies the bound by s.",
                "بنا بر Q6a هر یک از n لایه کران را در s ضرب می‌کند.",
            ),
        ),
        implementation=push_back_all,
        mistakes=(
            wrong(
                "one-layer-too-many",
                s ** (n + 1),
                "You pass one layer too many.",
                "از یک لایهٔ اضافه گذشته‌اید.",
            ),
            wrong("one-layer-too-few", s ** (n - 1), "A layer is missing.", "یک لایه جا افتاده است."),
            wrong(
                "product-for-power",
                s * n,
                "Every layer weakens the signal once more. Your bound would let it grow.",
                "هر لایه سیگنال را یک بار دیگر ضعیف می‌کند. با کران شما سیگنال رشد می‌کند.",
            ),
            wrong(
                "complement-raised",
                (1 - s) ** n,
                "That is what a layer takes away. What it leaves is multiplied.",
                "این چیزی است که هر لایه می‌کاهد. آنچه باقی می‌گذارد در هم ضرب می‌شود.",
            ),
            wrong(
                "complement",
                1 - s**n,
                "That is the part that is lost on the way. What arrives is asked for.",
                "این بخشی است که در راه از دست می‌رود. آنچه می‌رسد خواسته شده است.",
            ),
        ),
    ),
    Function(
        name="bound",
        item=NUMERIC,
        ask=both("Write it as a function.", "آن را به صورت تابع بنویسید."),
        signature="bound(sigma, L, i=0)",
        doc=both(
            "The bound for |delta_i| / |delta_L| when no singular value exceeds sigma.",
            "کران |delta_i| / |delta_L| وقتی هیچ مقدار تکینی از sigma بزرگ‌تر نیست.",
        ),
        implementation=bound,
        cases=bound_cases,
        reference=sigma ** (L - i),
        symbols={"sigma": "positive", "L": INTEGER, "i": "nonnegative integer"},
        mistakes=(
            wrong(
                "one-factor-too-many",
                lambda sigma, L, i=0: sigma ** (L - i + 1),
                "Count the matrices between the two layers again: there is one less.",
                "ماتریس‌های میان دو لایه را دوباره بشمارید: یکی کمتر است.",
            ),
            wrong(
                "from-the-input",
                lambda sigma, L, i=0: sigma**L,
                "The argument i is not used.",
                "آرگومان i به کار نرفته است.",
            ),
            wrong(
                "from-the-wrong-end",
                lambda sigma, L, i=0: sigma**i,
                "These are the layers that the signal does not pass.",
                "این لایه‌هایی است که سیگنال از آن‌ها نمی‌گذرد.",
            ),
            wrong(
                "product-for-power",
                lambda sigma, L, i=0: sigma * (L - i),
                "Every layer weakens the signal once more. Your bound would let it grow.",
                "هر لایه سیگنال را یک بار دیگر ضعیف می‌کند. با کران شما سیگنال رشد می‌کند.",
            ),
        ),
    ),
    Number(
        name="q6c_var",
        item=INITIAL,
        ask=both(
            "Write the variance, exactly or to within 1 percent.",
            "واریانس را دقیق یا با خطای حداکثر 1 درصد بنویسید.",
        ),
        reference=2 / (C * K**2),
        given_values=LAYERS,
        tolerance={"rel": Fraction(1, 100)},
        shown="2/(C*K^2)",
        implementation=he_variance,
        steps=(
            step(
                None,
                "An output sums over C*K^2 inputs, and a ReLU lets half of the second moment pass.",
                "هر خروجی روی C*K^2 ورودی جمع می‌زند و ReLU نیمی از گشتاور دوم را عبور می‌دهد.",
            ),
            step(1 / (C * K**2 / 2), "So the variance of a weight is", "پس واریانس هر وزن برابر است با"),
        ),
        mistakes=(
            wrong("channels-forgotten-or-uniform-limit", 2 / K**2, **CHANNELS_OR_UNIFORM),
            wrong("k-not-squared", 2 / (C * K), **LINE_KERNEL),
            wrong("fan-out", 2 / (Cout * K**2), **FAN_OUT),
            wrong(
                "standard-deviation",
                DEVIATION,
                "That is the standard deviation.",
                "این انحراف معیار است.",
            ),
            wrong("no-relu", 1 / (C * K**2), **NO_RELU),
        ),
    ),
    Number(
        name="q6c_std",
        item=INITIAL,
        ask=both(
            "Write the standard deviation, exactly or to within 1 percent.",
            "انحراف معیار را دقیق یا با خطای حداکثر 1 درصد بنویسید.",
        ),
        reference=DEVIATION,
        given_values=LAYERS,
        tolerance={"rel": Fraction(1, 100)},
        shown="sqrt(2/(C*K^2))",
        steps=(
            step(
                "sqrt(2/(C*K^2))",
                "The standard deviation is the root of the variance:",
                "انحراف معیار جذر واریانس است:",
            ),
        ),
        implementation=he_std,
        mistakes=(
            wrong("channels-forgotten-or-uniform-limit", "sqrt(2/K^2)", **CHANNELS_OR_UNIFORM),
            wrong("k-not-squared", "sqrt(2/(C*K))", **LINE_KERNEL),
            wrong("fan-out", "sqrt(2/(Cout*K^2))", **FAN_OUT),
            wrong("variance", 2 / (C * K**2), "That is the variance.", "این واریانس است."),
            wrong("no-relu", "sqrt(1/(C*K^2))", **NO_RELU),
        ),
    ),
    Function(
        name="he_std",
        item=INITIAL,
        ask=both("Write the standard deviation as a function.", "انحراف معیار را به صورت تابع بنویسید."),
        signature="he_std(C, K)",
        doc=both(
            "Standard deviation of He's initialisation for C input channels and KxK kernels.",
            "انحراف معیار مقداردهی اولیهٔ He برای C کانال ورودی و هسته‌های KxK.",
        ),
        implementation=he_std,
        cases=he_cases,
        reference=DEVIATION,
        symbols={"C": INTEGER, "K": INTEGER},
        mistakes=(
            wrong(
                "channels-forgotten",
                lambda C, K: np.sqrt(2 / K**2),
                "The input channels are forgotten.",
                "کانال‌های ورودی فراموش شده‌اند.",
            ),
            wrong("k-not-squared", lambda C, K: np.sqrt(2 / (C * K)), **LINE_KERNEL),
            wrong("variance", lambda C, K: 2 / (C * K**2), "That is the variance.", "این واریانس است."),
            wrong("no-relu", lambda C, K: np.sqrt(1 / (C * K**2)), **NO_RELU),
            wrong(
                "uniform-limit",
                lambda C, K: np.sqrt(6 / (C * K**2)),
                "That is the limit of the uniform distribution.",
                "این کران توزیع یکنواخت است.",
            ),
        ),
    ),
]
