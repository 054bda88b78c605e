"""Question 6 d to h: activation functions and their derivatives."""

import numpy as np
import sympy as sp
from _measure import slope
from _words import both, step, wrong

from autograder.problem import Case, Choice, Formula, Function, Item, Number, Written

x, alpha = sp.symbols("x alpha")
REAL, SLOPED = {"x": "real"}, {"alpha": "real", "x": "real"}
POSITIVE = {"alpha": "positive", "x": "real"}
SIGMOID = 1 / (1 + sp.exp(-x))
HE = "He et al. 2015, Delving deep into rectifiers, section 2.1"
MAAS = "Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic models"
CLEVERT = "Clevert, Unterthiner and Hochreiter 2016, Fast and accurate deep network learning by ELUs"


def bent(right, left) -> sp.Piecewise:
    """One value right of zero, another one at zero and left of it."""
    return sp.Piecewise((right, x > 0), (left, True))


RECTIFIED = bent(x, alpha * x)
EXPONENTIAL = bent(x, alpha * (sp.exp(x) - 1))


# --- the activations as arrays, for real and complex arguments; slopes are taken numerically ---


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rectified(x, alpha):
    return np.where(np.real(x) > 0, x, alpha * x)


def exponential(x, alpha):
    return np.where(np.real(x) > 0, x, alpha * np.expm1(x))


def dsigmoid(x: np.ndarray) -> np.ndarray:
    return slope(sigmoid, x)


def prelu(x: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        rectified(x, alpha),
        slope(lambda moved: rectified(moved, alpha), x),
        slope(lambda moved: rectified(x, moved), alpha),
    )


def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> tuple[np.ndarray, np.ndarray]:
    return prelu(x, alpha)[:2]


def elu(x: np.ndarray, alpha: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    return exponential(x, alpha), slope(lambda moved: exponential(moved, alpha), x)


def steepest() -> float:
    """The largest slope of the sigmoid that a fine grid finds."""
    return float(dsigmoid(np.linspace(-8, 8, 3201)).max())


def inputs(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers of both signs, away from zero, where the two sides disagree."""
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.1, 4.0, size=shape)


def sigmoid_cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case((np.array([-2.0, 0.0, 0.7, 3.0]),), "[-2, 0, 0.7, 3]"),
        Case((inputs(rng, 5, 3),)),
        Case((inputs(rng, 11),)),
    ]


def sloped_cases(rng: np.random.Generator) -> list[Case]:
    public = Case((np.array([-2.0, -0.5, 0.5, 3.0]), 0.3), "[-2, -0.5, 0.5, 3], alpha = 0.3")
    return [public, Case((inputs(rng, 4, 5), 0.05)), Case((inputs(rng, 9), 1.7)), Case((inputs(rng, 7), 0.6))]


def default_cases(rng: np.random.Generator) -> list[Case]:
    """Some calls leave alpha out."""
    return [*sloped_cases(rng), Case((inputs(rng, 6),)), Case((inputs(rng, 3, 4),))]


SATURATION = Item(
    id="Q6d",
    title=both("Sigmoid and ReLU gradients", "گرادیان سیگموید و ReLU"),
    question=both(
        "Why does the sigmoid saturate and the ReLU not? What is the derivative of the sigmoid 1/(1 + "
        "exp(-x)), and its "
        "largest value?",
        "چرا سیگموید اشباع می‌شود و ReLU نه؟ مشتق سیگموید 1/(1 + exp(-x)) چیست و بیشترین مقدار آن چقدر است؟",
    ),
    source="Glorot, Bordes and Bengio 2011, Deep sparse rectifier neural networks",
    sheet="Sigmoid tends to 1 and 0, so its gradient to 0; ReLU has gradient 1 for positive values.",
)
DEAD = Item(
    id="Q6e",
    title=both("Dead neurons", "نورون‌های مرده"),
    question=both(
        "When does the problem of dead neurons occur?",
        "مشکل نورون‌های مرده چه زمانی رخ می‌دهد؟",
    ),
    source=MAAS,
    sheet="When the values of the neurons are negative: output and gradient are zero.",
)


def activation(number: str, name: str, en: str, fa: str, source: str, sheet: str) -> Item:
    return Item(
        id=number,
        title=both(name, name),
        question=both(
            f"{en} Write the function and its derivatives, and name advantages and drawbacks.",
            f"{fa} تابع و مشتق‌های آن را بنویسید و مزایا و معایب آن را نام ببرید.",
        ),
        source=source,
        sheet=sheet,
    )


PRELU = activation(
    "Q6f",
    "PReLU",
    "The parametric ReLU is x for x > 0 and has the learned slope alpha elsewhere.",
    "‏ReLU پارامتری برای x > 0 برابر x است و در جاهای دیگر شیب یادگرفتنی alpha دارد.",
    HE,
    "f' = 1 for x > 0, alpha for x <= 0; alpha is learned (no gradient with respect to alpha is given)",
)
LEAKY = activation(
    "Q6g",
    "Leaky ReLU",
    "The leaky ReLU is x for x > 0 and has a small fixed slope alpha elsewhere.",
    "‏Leaky ReLU برای x > 0 برابر x است و در جاهای دیگر شیب کوچک و ثابت alpha دارد.",
    MAAS,
    "f' = 1 for x > 0, alpha for x <= 0; alpha is a small constant",
)
ELU = activation(
    "Q6h",
    "ELU",
    "The exponential linear unit is x for x > 0, and elsewhere an exponential, scaled by alpha, that is 0 at "
    "0 and tends "
    "to -alpha.",
    "واحد خطی نمایی (ELU) برای x > 0 برابر x است و در جاهای دیگر تابعی نمایی با ضریب alpha که در 0 برابر 0 "
    "است و به -alpha میل می‌کند.",
    CLEVERT,
    "f' = 1 for x > 0, alpha e^x for x <= 0; 'no derivative at zero (smooth)'",
)

NEGATIVE_SLOPE = both(
    "A sign has slipped in: on the left the function would rise where it should fall.",
    "یک علامت اضافه شده است: در سمت چپ رفتار صعودی و نزولی تابع عوض شده است.",
)
VALUE_FOR_SLOPE = both(
    "On the left you wrote the function itself, not its derivative.",
    "در سمت چپ خود تابع را نوشته‌اید، نه مشتق آن را.",
)
PLAIN_RELU = both(
    "That is the ordinary ReLU, which is flat on the left.",
    "این ReLU معمولی است که در سمت چپ تخت است.",
)
SIDES = both("The two sides have changed places.", "دو طرف جابه‌جا شده‌اند.")

RECTIFIED_MISTAKES = (
    wrong("plain-relu", bent(x, 0), **PLAIN_RELU),
    wrong("sign", bent(x, -alpha * x), **NEGATIVE_SLOPE),
    wrong("sides-swapped", bent(alpha * x, x), **SIDES),
    wrong(
        "constant-left",
        bent(x, alpha),
        "On the left you wrote the slope, not the function.",
        "در سمت چپ شیب را نوشته‌اید، نه تابع را.",
    ),
)
RECTIFIED_SLOPE_MISTAKES = (
    wrong("sign", bent(1, -alpha), **NEGATIVE_SLOPE),
    wrong("function-for-slope", bent(1, alpha * x), **VALUE_FOR_SLOPE),
    wrong("sides-swapped", bent(alpha, 1), **SIDES),
)

PROBLEMS = [
    Formula(
        name="q6d_dsigmoid",
        item=SATURATION,
        ask=both("Write the derivative of the sigmoid.", "مشتق سیگموید را بنویسید."),
        reference=sp.diff(SIGMOID, x),
        symbols=REAL,
        implementation=dsigmoid,
        steps=(
            step(
                SIGMOID * (1 - SIGMOID),
                "With s for the sigmoid this is s (1 - s):",
                "اگر s سیگموید باشد، این s (1 - s) است:",
            ),
        ),
        mistakes=(
            wrong(
                "s-times-one-plus-s",
                SIGMOID * (1 + SIGMOID),
                "Test it far to the right: your slope does not vanish there.",
                "آن را در سمت راست دور بیازمایید: شیب شما آن‌جا صفر نمی‌شود.",
            ),
            wrong(
                "tanh-rule",
                1 - SIGMOID**2,
                "That rule belongs to tanh.",
                "این قاعده مربوط به tanh است.",
            ),
            wrong(
                "sign",
                -sp.diff(SIGMOID, x),
                "The sigmoid rises everywhere. Watch the sign of the inner derivative.",
                "سیگموید همه‌جا صعودی است. به علامت مشتق درونی دقت کنید.",
            ),
            wrong(
                "inner-derivative-lost",
                -1 / (1 + sp.exp(-x)) ** 2,
                "The chain rule is not finished: the inner function has a derivative as well.",
                "قاعدهٔ زنجیری ناتمام است: تابع درونی هم مشتق دارد.",
            ),
            wrong("sigmoid-itself", SIGMOID, "That is the sigmoid itself.", "این خود سیگموید است."),
        ),
    ),
    Number(
        name="q6d_max",
        item=SATURATION,
        ask=both("Write the largest value of the derivative.", "بیشترین مقدار مشتق را بنویسید."),
        reference=sp.Rational(1, 4),
        implementation=steepest,
        mistakes=(
            wrong(
                "value-for-slope",
                sp.Rational(1, 2),
                "That is the sigmoid's value where it is steepest, not its slope there.",
                "این مقدار سیگموید در تندترین نقطه است، نه شیب آن.",
            ),
            wrong(
                "slope-of-relu",
                sp.Integer(1),
                "That is the slope of ReLU or tanh. The sigmoid is flatter.",
                "این شیب ReLU یا tanh است. سیگموید کم‌شیب‌تر است.",
            ),
        ),
    ),
    Function(
        name="dsigmoid",
        item=SATURATION,
        ask=both("Write the derivative as a function of an array.", "مشتق را به صورت تابعی از یک آرایه بنویسید."),
        signature="dsigmoid(x)",
        doc=both(
            "x: float64 array of any shape. Returns the derivative at every entry, an array of the same shape.",
            "‏x: آرایهٔ float64 با هر شکلی. خروجی مشتق در هر درایه است، آرایه‌ای با همان شکل.",
        ),
        implementation=dsigmoid,
        cases=sigmoid_cases,
        mistakes=(
            wrong("s-times-one-plus-s", lambda x: sigmoid(x) * (1 + sigmoid(x))),
            wrong(
                "tanh-rule",
                lambda x: 1 - sigmoid(x) ** 2,
                "That rule belongs to tanh.",
                "این قاعده مربوط به tanh است.",
            ),
            wrong(
                "sign",
                lambda x: -sigmoid(x) * (1 - sigmoid(x)),
                "The sigmoid rises everywhere.",
                "سیگموید همه‌جا صعودی است.",
            ),
            wrong(
                "argument-is-the-sigmoid",
                lambda x: x * (1 - x),
                "x is the input, not yet the sigmoid's value.",
                "‏x ورودی است، نه مقدار سیگموید.",
            ),
            wrong("sigmoid-itself", sigmoid, "That is the sigmoid itself.", "این خود سیگموید است."),
        ),
    ),
    Written(
        name="q6d_text",
        item=SATURATION,
        ask=both("Explain it in a few sentences.", "در چند جمله توضیح دهید."),
        rubric=(
            (1, both("saturation on both sides", "اشباع در هر دو سو")),
            (
                1,
                both(
                    "the slope is at most 1/4, so a product of layers shrinks",
                    "شیب حداکثر 1/4 است، پس حاصل‌ضرب لایه‌ها کوچک می‌شود",
                ),
            ),
            (1, both("ReLU has slope 1 on its active side", "‏ReLU در سوی فعال شیب 1 دارد")),
        ),
        model=both(
            "For inputs of large magnitude the sigmoid is flat on both sides, so its gradient tends to 0. "
            "Even at its "
            "steepest it is 1/4, and a product over many layers shrinks. ReLU has slope 1 wherever it is "
            "active; it is "
            "flat only for negative inputs, and usually enough units are active.",
            "برای ورودی‌های با قدر مطلق بزرگ، سیگموید در هر دو سو تخت است و گرادیان آن به 0 میل می‌کند. حتی "
            "در تندترین نقطه شیب 1/4 است و "
            "حاصل‌ضرب روی لایه‌های زیاد کوچک می‌شود. ReLU هر جا فعال باشد شیب 1 دارد؛ فقط برای ورودی‌های منفی "
            "تخت است و معمولاً "
            "واحدهای کافی فعال‌اند.",
        ),
    ),
    Written(
        name="q6e_text",
        item=DEAD,
        ask=both("Answer in one or two sentences.", "در یک یا دو جمله پاسخ دهید."),
        rubric=(
            (1, both("output and gradient are zero for negative input", "برای ورودی منفی خروجی و گرادیان صفر است")),
            (1, both("for all samples, so there is no recovery", "برای همهٔ نمونه‌ها، پس بازگشتی نیست")),
        ),
        model=both(
            "For a negative pre-activation a ReLU's output and gradient are 0. If that holds for practically "
            "all samples, "
            "for instance after a large step has made the bias very negative, no update arrives and the unit "
            "stays dead.",
            "برای پیش‌فعال‌سازی منفی، خروجی و گرادیان ReLU برابر 0 است. اگر این برای تقریباً همهٔ نمونه‌ها رخ "
            "دهد، مثلاً پس از آنکه گامی بزرگ "
            "بایاس را بسیار منفی کند، هیچ به‌روزرسانی‌ای نمی‌رسد و نورون مرده می‌ماند.",
        ),
    ),
    Formula(
        name="q6f_f",
        item=PRELU,
        ask=both("Write the function.", "تابع را بنویسید."),
        reference=RECTIFIED,
        symbols=SLOPED,
        implementation=lambda x, alpha: float(max(0.0, x) + alpha * min(0.0, x)),
        mistakes=RECTIFIED_MISTAKES,
    ),
    Formula(
        name="q6f_df",
        item=PRELU,
        ask=both("Write the derivative with respect to x, for x != 0.", "مشتق نسبت به x را برای x != 0 بنویسید."),
        reference=sp.diff(RECTIFIED, x),
        symbols=SLOPED,
        where=("x != 0",),
        implementation=lambda x, alpha: float(prelu(x, alpha)[1]),
        mistakes=(*RECTIFIED_SLOPE_MISTAKES, wrong("plain-relu", bent(1, 0), **PLAIN_RELU)),
    ),
    Formula(
        name="q6f_dalpha",
        item=PRELU,
        ask=both("Write the derivative with respect to alpha.", "مشتق نسبت به alpha را بنویسید."),
        reference=sp.diff(RECTIFIED, alpha),
        symbols=REAL,
        also={"alpha": "real"},
        implementation=lambda x: float(prelu(x, 0.3)[2]),
        mistakes=(
            wrong(
                "slope-not-learned",
                sp.Integer(0),
                "That would be right for a constant slope. Here it is a parameter that is learned.",
                "این برای شیب ثابت درست است. این‌جا شیب پارامتری است که یاد گرفته می‌شود.",
            ),
            wrong(
                "derivative-in-x",
                sp.diff(RECTIFIED, x),
                "That is the derivative with respect to the input.",
                "این مشتق نسبت به ورودی است.",
            ),
            wrong(
                "everywhere",
                x,
                "On one of the two sides the function does not depend on its slope.",
                "در یکی از دو طرف، تابع به این شیب وابسته نیست.",
            ),
            wrong("sides-swapped", bent(x, 0), **SIDES),
            wrong(
                "factor-kept",
                bent(0, alpha * x),
                "The factor that you differentiate by is still there.",
                "عاملی که نسبت به آن مشتق می‌گیرید هنوز هست.",
            ),
        ),
    ),
    Function(
        name="prelu",
        item=PRELU,
        ask=both("Write the function and both derivatives.", "تابع و هر دو مشتق را بنویسید."),
        signature="prelu(x, alpha)",
        doc=both(
            "x: float64 array, alpha: a number. Returns a tuple of three arrays of x's shape: f, df/dx, "
            "df/dalpha, entry by "
            "entry.",
            "‏x: آرایهٔ float64 و alpha: یک عدد. خروجی سه آرایه به شکل x است: f، ‏df/dx و df/dalpha، درایه‌به‌درایه.",
        ),
        implementation=prelu,
        cases=sloped_cases,
        parts=("f", "df_dx", "df_dalpha"),
        mistakes=(
            wrong(
                "slope-not-learned",
                lambda x, alpha: (rectified(x, alpha), np.where(x > 0, 1.0, alpha), np.zeros_like(x)),
                "The slope is a parameter that is learned: it has a gradient as well.",
                "شیب پارامتری است که یاد گرفته می‌شود: آن هم گرادیان دارد.",
            ),
            wrong(
                "plain-relu",
                lambda x, alpha: (np.maximum(x, 0), np.where(x > 0, 1.0, 0.0), np.zeros_like(x)),
                **PLAIN_RELU,
            ),
            wrong(
                "sign",
                lambda x, alpha: (rectified(x, alpha), np.where(x > 0, 1.0, -alpha), np.where(x > 0, 0.0, x)),
                **NEGATIVE_SLOPE,
            ),
            wrong(
                "function-for-slope",
                lambda x, alpha: (rectified(x, alpha), np.where(x > 0, 1.0, alpha * x), np.where(x > 0, 0.0, x)),
                **VALUE_FOR_SLOPE,
            ),
        ),
    ),
    Formula(
        name="q6g_f",
        item=LEAKY,
        ask=both("Write the function.", "تابع را بنویسید."),
        reference=RECTIFIED,
        symbols=POSITIVE,
        implementation=lambda x, alpha: float(max(0.0, x) + alpha * min(0.0, x)),
        mistakes=RECTIFIED_MISTAKES,
    ),
    Formula(
        name="q6g_df",
        item=LEAKY,
        ask=both("Write the derivative, for x != 0.", "مشتق را برای x != 0 بنویسید."),
        reference=sp.diff(RECTIFIED, x),
        symbols=POSITIVE,
        where=("x != 0",),
        implementation=lambda x, alpha: float(leaky_relu(x, alpha)[1]),
        mistakes=(
            *RECTIFIED_SLOPE_MISTAKES,
            wrong(
                "inverse",
                bent(1, 1 / alpha),
                "On the left the function is flatter, not steeper.",
                "تابع در سمت چپ کم‌شیب‌تر است، نه پرشیب‌تر.",
            ),
            wrong("plain-relu", bent(1, 0), **PLAIN_RELU),
        ),
    ),
    Function(
        name="leaky_relu",
        item=LEAKY,
        ask=both("Write the function and its derivative.", "تابع و مشتق آن را بنویسید."),
        signature="leaky_relu(x, alpha=0.01)",
        doc=both(
            "x: float64 array, alpha: a number, 0.01 if it is left out. Returns a tuple of two arrays of x's "
            "shape: f, df/dx.",
            "‏x: آرایهٔ float64 و alpha: یک عدد که اگر داده نشود 0.01 است. خروجی دو آرایه به شکل x است: f و df/dx.",
        ),
        implementation=leaky_relu,
        cases=default_cases,
        parts=("f", "df_dx"),
        mistakes=(
            wrong(
                "sign", lambda x, alpha=0.01: (rectified(x, alpha), np.where(x > 0, 1.0, -alpha)), **NEGATIVE_SLOPE
            ),
            wrong(
                "function-for-slope",
                lambda x, alpha=0.01: (rectified(x, alpha), rectified(x, alpha)),
                **VALUE_FOR_SLOPE,
            ),
            wrong("inverse", lambda x, alpha=0.01: (rectified(x, alpha), np.where(x > 0, 1.0, 1 / alpha))),
            wrong("plain-relu", lambda x, alpha=0.01: (np.maximum(x, 0), np.where(x > 0, 1.0, 0.0)), **PLAIN_RELU),
            wrong(
                "maximum",
                lambda x, alpha=0.01: (np.maximum(x, alpha * x), np.where(x > alpha * x, 1.0, alpha)),
                "The larger of the two lines is the right one only for slopes below one.",
                "بزرگ‌ترِ دو خط فقط برای شیب‌های کمتر از یک درست است.",
            ),
        ),
    ),
    Formula(
        name="q6h_f",
        item=ELU,
        ask=both("Write the function.", "تابع را بنویسید."),
        reference=EXPONENTIAL,
        symbols=POSITIVE,
        implementation=lambda x, alpha: float(max(0.0, x) + alpha * (np.exp(min(0.0, x)) - np.exp(0.0))),
        mistakes=(
            wrong(
                "one-not-subtracted",
                bent(x, alpha * sp.exp(x)),
                "Look at zero: your function jumps there.",
                "به نقطهٔ صفر نگاه کنید: تابع شما آن‌جا پرش دارد.",
            ),
            wrong(
                "alpha-lost",
                bent(x, sp.exp(x) - 1),
                "That fits one value of the parameter only.",
                "این فقط برای یک مقدار پارامتر درست است.",
            ),
            wrong(
                "bracket-forgotten",
                bent(x, alpha * sp.exp(x) - 1),
                "Mind the brackets: what does the parameter scale?",
                "به پرانتزها دقت کنید: پارامتر چه چیزی را مقیاس می‌کند؟",
            ),
            wrong("sides-swapped", bent(alpha * (sp.exp(x) - 1), x), **SIDES),
            wrong(
                "leaky",
                RECTIFIED,
                "That is a straight line on the left. Here it is a curve.",
                "این در سمت چپ خط راست است. این‌جا منحنی است.",
            ),
        ),
    ),
    Formula(
        name="q6h_df",
        item=ELU,
        ask=both("Write the derivative, for x != 0.", "مشتق را برای x != 0 بنویسید."),
        reference=sp.diff(EXPONENTIAL, x),
        symbols=POSITIVE,
        where=("x != 0",),
        implementation=lambda x, alpha: float(elu(x, alpha)[1]),
        steps=(
            step(
                bent(1, EXPONENTIAL.args[1][0] + alpha),
                "For x < 0 this is f + alpha:",
                "برای x < 0 این برابر f + alpha است:",
            ),
        ),
        mistakes=(
            wrong(
                "alpha-lost",
                bent(1, sp.exp(x)),
                "That fits one value of the parameter only.",
                "این فقط برای یک مقدار پارامتر درست است.",
            ),
            wrong(
                "power-rule",
                bent(1, alpha * x * sp.exp(x)),
                "An exponential is not differentiated like a power.",
                "از تابع نمایی مانند توان مشتق گرفته نمی‌شود.",
            ),
            wrong("sign", bent(1, -alpha * sp.exp(x)), **NEGATIVE_SLOPE),
            wrong("function-for-slope", bent(1, alpha * (sp.exp(x) - 1)), **VALUE_FOR_SLOPE),
            wrong(
                "leaky",
                bent(1, alpha),
                "That is a straight line on the left. Here it is a curve.",
                "این در سمت چپ خط راست است. این‌جا منحنی است.",
            ),
        ),
    ),
    Choice(
        name="q6h_smooth",
        item=ELU,
        ask=both(
            "For which alpha > 0 does the ELU have a derivative at x = 0?",
            "‏ELU برای کدام alpha > 0 در x = 0 مشتق دارد؟",
        ),
        options={
            "a": both("For every alpha.", "برای هر alpha."),
            "b": both("For alpha = 1 only.", "فقط برای alpha = 1."),
            "c": both("For every alpha less than 1.", "برای هر alpha کوچک‌تر از 1."),
            "d": both("For no alpha.", "برای هیچ alpha."),
        },
        correct=("b",),
    ),
    Function(
        name="elu",
        item=ELU,
        ask=both("Write the function and its derivative.", "تابع و مشتق آن را بنویسید."),
        signature="elu(x, alpha=1.0)",
        doc=both(
            "x: float64 array, alpha: a number, 1 if it is left out. Returns a tuple of two arrays of x's "
            "shape: f, df/dx.",
            "‏x: آرایهٔ float64 و alpha: یک عدد که اگر داده نشود 1 است. خروجی دو آرایه به شکل x است: f و df/dx.",
        ),
        implementation=elu,
        cases=default_cases,
        parts=("f", "df_dx"),
        mistakes=(
            wrong(
                "alpha-lost",
                lambda x, alpha=1.0: elu(x, 1.0),
                "The argument alpha is not used.",
                "آرگومان alpha به کار نرفته است.",
            ),
            wrong(
                "power-rule",
                lambda x, alpha=1.0: (exponential(x, alpha), np.where(x > 0, 1.0, alpha * x * np.exp(x))),
                "An exponential is not differentiated like a power.",
                "از تابع نمایی مانند توان مشتق گرفته نمی‌شود.",
            ),
            wrong(
                "sign",
                lambda x, alpha=1.0: (exponential(x, alpha), np.where(x > 0, 1.0, -alpha * np.exp(x))),
                **NEGATIVE_SLOPE,
            ),
            wrong(
                "one-not-subtracted",
                lambda x, alpha=1.0: (
                    np.where(x > 0, x, alpha * np.exp(x)),
                    np.where(x > 0, 1.0, alpha * np.exp(x)),
                ),
                "Look at zero: your function jumps there.",
                "به نقطهٔ صفر نگاه کنید: تابع شما آن‌جا پرش دارد.",
            ),
            wrong(
                "function-for-slope",
                lambda x, alpha=1.0: (exponential(x, alpha), np.where(x > 0, 1.0, exponential(x, alpha))),
                **VALUE_FOR_SLOPE,
            ),
        ),
    ),
]
