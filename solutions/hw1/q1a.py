"""Question 1 a: what a convolution layer and a dense layer cost."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy as sp
from _common import POSITIVE, convolve
from _styles import conv_connections_closed, conv_weights_closed
from _words import step

from autograder.layers import conv, dense, network
from autograder.problem import Case, Convention, Costs, Formula, Function, Item, Mistake, Published, Step, Written

W, H, D, K, F = sp.symbols("W H D K F")
SYMBOLS = dict.fromkeys(("W", "H", "D", "K", "F"), POSITIVE)
ALSO = SYMBOLS | {"S": POSITIVE, "P": "nonnegative integer"}
COUNTED_BIAS = {"bias": "nonnegative integer"}  # one or zero
# the references come from the layer calculus; the experiments below count without it
COUNTED = network(input=(D, H, W), layers=[conv(out=F, k=K, bias=False)])
FLATTENED = network(input=(D, H, W), layers=[dense(out=F, bias=False)])
DEPTH_OUT, HEIGHT_OUT, WIDTH_OUT = COUNTED.output
CONNECTIONS = COUNTED.totals.connections


def only(names):
    return {name: SYMBOLS[name] for name in names}


# --- experiments: layers are built and their parts counted ---


def layer(W, H, D, K, F, S=1, P=0):
    return convolve(np.ones((D, H, W)), np.ones((F, D, K, K)), stride=S, padding=P)


def width_out(W, K):
    return layer(W, K, 1, K, 1)[0].shape[2]


def height_out(H, K):
    return layer(K, H, 1, K, 1)[0].shape[1]


def depth_out(F):
    return layer(2, 2, 1, 1, F)[0].shape[0]


def count_weights(F, D, K):
    return np.empty((F, D, K, K)).size


def count_connections(W, H, D, K, F):
    return layer(W, H, D, K, F)[1]


def dense_matrix(W, H, D, F):
    return np.empty((F, np.zeros((D, H, W)).ravel().size))


def count_dense(W, H, D, F):
    return dense_matrix(W, H, D, F).size


def count_dense_connections(W, H, D, F):
    return sum(row.size for row in dense_matrix(W, H, D, F))


def measured_ratio(W, H, K):
    return Fraction(count_dense(W, H, 1, 1), count_weights(1, 1, K))


# --- the functions that students write ---


def conv_output_shape(W, H, D, K, F, S=1, P=0):
    rows = range(0, H + 2 * P - K + 1, S)
    columns = range(0, W + 2 * P - K + 1, S)
    return len(columns), len(rows), F


def conv_weights(D, K, F, bias=False):
    filters = [np.empty((D, K, K)) for _ in range(F)]
    return sum(each.size for each in filters) + (len(filters) if bias else 0)


def conv_connections(W, H, D, K, F, S=1, P=0, bias=False):
    columns, rows, filters = conv_output_shape(W, H, D, K, F, S, P)
    units = np.empty((filters, rows, columns)).size
    return units * (np.empty((D, K, K)).size + (1 if bias else 0))


def dense_weights(W, H, D, F, bias=False):
    return count_dense(W, H, D, F) + (F if bias else 0)


SHAPES = [(33, 27, 3, 5, 16), (9, 7, 2, 3, 4), (12, 15, 5, 4, 2), (7, 11, 1, 1, 6), (20, 13, 4, 6, 3)]


def shape_cases(rng):
    public = Case((33, 27, 3, 5, 16), "W = 33, H = 27, D = 3, K = 5, F = 16")
    strided = [
        Case((W, H, D, K, F, S, P))
        for (W, H, D, K, F), S, P in zip(SHAPES, (2, 3, 2, 1, 4), (1, 0, 2, 1, 3), strict=True)
    ]
    return [public, *strided, *[Case(shape) for shape in SHAPES[1:]]]


def weight_cases(rng):
    public = Case((3, 5, 16), "D = 3, K = 5, F = 16")
    return [
        public,
        Case((3, 5, 16, True)),
        Case((2, 3, 7)),
        Case((2, 3, 7, True)),
        Case((6, 1, 4, True)),
        Case((4, 7, 3, True)),
    ]


def connection_cases(rng):
    public = Case((33, 27, 3, 5, 16), "W = 33, H = 27, D = 3, K = 5, F = 16")
    return [
        public,
        Case((9, 7, 2, 3, 4, 2, 1)),
        Case((12, 15, 5, 4, 2, 1, 0, True)),
        Case((20, 13, 4, 6, 3, 3, 2, True)),
        Case((7, 11, 1, 2, 6)),
        Case((11, 8, 3, 3, 5, 1, 2)),
        Case((8, 10, 2, 3, 7, 2, 0)),
    ]


def dense_cases(rng):
    return [
        Case((33, 27, 3, 16), "W = 33, H = 27, D = 3, F = 16"),
        Case((33, 27, 3, 16, True)),
        Case((4, 6, 2, 9, True)),
        Case((5, 3, 7, 4)),
        Case((8, 2, 6, 5, True)),
    ]


VOLUME = Item(
    id="Q1a.1",
    by_hand={
        "en": "Draw one row of the input and slide the filter over it; count the places where it fits.",
        "fa": "یک سطر از ورودی را بکشید و فیلتر را روی آن بلغزانید؛ جاهایی را که در آن‌ها جا می‌شود بشمارید.",
    },
    title={"en": "Output volume of a convolution", "fa": "ابعاد خروجی کانولوشن"},
    question={
        "en": "An image of size W x H x D is convolved with F filters of size K x K (stride 1, no padding). "
        "What is the size of the output volume?",
        "fa": "تصویری با ابعاد W x H x D با F فیلتر K x K (گام ۱، بدون padding) کانوالو می‌شود. ابعاد خروجی چیست؟",
    },
    source="Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning",
    sheet="W_I=(W-K)/1+1, H_I=(H-K)/1+1, P_I=F",
)
WEIGHTS = Item(
    id="Q1a.2",
    by_hand={
        "en": "Draw one filter of that size with all its channels, and count its cells; then count the filters.",
        "fa": "یک فیلتر با این اندازه و همهٔ کانال‌هایش بکشید و خانه‌هایش را بشمارید؛ سپس فیلترها را بشمارید.",
    },
    title={"en": "Weights of the convolution layer", "fa": "تعداد وزن‌های لایهٔ کانولوشن"},
    question={
        "en": "How many weights does that layer have? The bias is not counted.",
        "fa": "این لایه چند وزن دارد؟ بایاس شمرده نمی‌شود.",
    },
    source="LeCun et al. 1998, Gradient-based learning applied to document recognition",
    sheet="F x (D x K x K)",
)
LINKS = Item(
    id="Q1a.3",
    by_hand={
        "en": "Count the cells that one output looks at; then count the outputs.",
        "fa": "خانه‌هایی را که یک خروجی می‌بیند بشمارید؛ سپس خروجی‌ها را بشمارید.",
    },
    title={"en": "Connections of the convolution layer", "fa": "تعداد اتصالات لایهٔ کانولوشن"},
    question={
        "en": "How many connections does it have? A bias is not counted as a connection.",
        "fa": "این لایه چند اتصال دارد؟ بایاس اتصال شمرده نمی‌شود.",
    },
    source="LeCun et al. 1998, Gradient-based learning applied to document recognition",
    sheet="(W_I x H_I) x F x (D x K x K)",
)
DENSE = Item(
    id="Q1a.4",
    by_hand={
        "en": "Draw every input and every output as a dot, and count the lines between them.",
        "fa": "هر ورودی و هر خروجی را یک نقطه بکشید و خط‌های میان آن‌ها را بشمارید.",
    },
    title={"en": "Dense layer: weights and connections", "fa": "لایهٔ متراکم: وزن‌ها و اتصالات"},
    question={
        "en": "The image is flattened and fed to a dense layer with F neurons. How many weights and connections does it "
        "have, without biases?",
        "fa": "تصویر به یک بردار تبدیل و به لایهٔ متراکمی با F نورون داده می‌شود. بدون بایاس چند وزن و چند اتصال دارد؟",
    },
    sheet="W x H x D x F, which is also the number of connections",
)
COMPARE = Item(
    id="Q1a.5",
    by_hand={
        "en": "Work out both counts for these sizes, and divide them.",
        "fa": "هر دو تعداد را برای این اندازه‌ها به دست آورید و بر هم تقسیم کنید.",
    },
    title={"en": "Which one needs more data and why", "fa": "کدام به دادهٔ بیشتری نیاز دارد و چرا"},
    question={
        "en": "How many times more weights does the dense layer have than the convolution? Which one needs more training "
        "data, and why?",
        "fa": "وزن‌های لایهٔ متراکم چند برابر کانولوشن است؟ کدام‌یک به دادهٔ آموزشی بیشتری نیاز دارد و چرا؟",
    },
    sheet="The convolution has far fewer weights, so the dense network needs much more data.",
)

SIDE_HINTS = {
    "same": {
        "en": "Nothing is padded here: the filter has to stay inside the image, so the output is smaller than the image.",
        "fa": "این‌جا padding نداریم: فیلتر باید درون تصویر بماند، پس خروجی از تصویر کوچک‌تر است.",
    },
    "full": {
        "en": "That is the size of a full convolution, where the filter may hang over the edge. Here it stays inside.",
        "fa": "این اندازهٔ کانولوشن کامل است که فیلتر از لبه بیرون می‌زند. این‌جا فیلتر درون تصویر می‌ماند.",
    },
    "twice": {
        "en": "You lose the border twice. Slide a filter over a short row and count its positions.",
        "fa": "حاشیه را دو بار کم کرده‌اید. فیلتر را روی یک ردیف کوتاه بلغزانید و جایگاه‌ها را بشمارید.",
    },
}


def side_mistakes(side):
    return (
        Mistake(id="same-assumed", answer=side, hint=SIDE_HINTS["same"]),
        Mistake(id="full-convolution", answer=side + K - 1, hint=SIDE_HINTS["full"]),
        Mistake(id="subtracted-twice", answer=side - 2 * K + 2, hint=SIDE_HINTS["twice"]),
    )


PROBLEMS = [
    Formula(
        name="q1a1_w_out",
        item=VOLUME,
        ask={"en": "The width of the output.", "fa": "عرض خروجی."},
        reference=WIDTH_OUT,
        symbols=only("KW"),
        where=("W >= K",),
        also=ALSO,
        implementation=width_out,
        mistakes=side_mistakes(W),
        steps=(
            Step(
                words={
                    "en": "The filter's left edge may stand at 0, 1, ..., W - K.",
                    "fa": "لبهٔ چپ فیلتر می‌تواند در 0، 1، ...، W - K باشد.",
                }
            ),
            Step(W - K + 1, {"en": "That makes W - K + 1 positions.", "fa": "پس W - K + 1 جایگاه داریم."}),
        ),
    ),
    Formula(
        name="q1a1_h_out",
        item=VOLUME,
        ask={"en": "The height of the output.", "fa": "ارتفاع خروجی."},
        reference=HEIGHT_OUT,
        symbols=only("HK"),
        where=("H >= K",),
        also=ALSO,
        steps=(
            step(
                None,
                "The filter's upper edge may stand at 0, 1, ..., H - K.",
                "لبهٔ بالای فیلتر می‌تواند در 0، 1، ...، H - K باشد.",
            ),
            step("H - K + 1", "That makes H - K + 1 positions.", "پس H - K + 1 جایگاه داریم."),
        ),
        implementation=height_out,
        mistakes=side_mistakes(H),
    ),
    Formula(
        name="q1a1_d_out",
        item=VOLUME,
        ask={"en": "The depth (number of channels) of the output.", "fa": "عمق (تعداد کانال‌های) خروجی."},
        reference=DEPTH_OUT,
        symbols=only("F"),
        also=ALSO,
        steps=(
            step(
                "F",
                "A filter sums over the whole depth of its input and gives one channel, so there are as many channels as filters:",
                "هر فیلتر روی کل عمق ورودی جمع می‌زند و یک کانال می‌سازد، پس به تعداد فیلترها کانال داریم:",
            ),
        ),
        implementation=depth_out,
        mistakes=(
            Mistake(
                id="input-depth",
                answer=D,
                hint={
                    "en": "That is the depth of the input. Each filter sums over it and gives one channel.",
                    "fa": "این عمق ورودی است. هر فیلتر روی آن جمع می‌زند و یک کانال می‌سازد.",
                },
            ),
        ),
    ),
    Function(
        name="conv_output_shape",
        item=VOLUME,
        ask={"en": "The shape for any stride and padding.", "fa": "ابعاد خروجی برای هر گام و padding."},
        signature="conv_output_shape(W, H, D, K, F, S=1, P=0)",
        doc={
            "en": "Output (width, height, depth) as whole numbers, for stride S and padding P on every side.",
            "fa": "عرض، ارتفاع و عمق خروجی به صورت عدد صحیح، برای گام S و padding برابر P در هر طرف.",
        },
        implementation=conv_output_shape,
        cases=shape_cases,
        symbols=ALSO,
        formulas={"width": "floor((W + 2*P - K)/S) + 1", "height": "floor((H + 2*P - K)/S) + 1", "depth": "F"},
        parts=("width", "height", "depth"),
        mistakes=(
            Mistake(
                id="padding-once",
                answer=lambda W, H, D, K, F, S=1, P=0: ((W + P - K) // S + 1, (H + P - K) // S + 1, F),
                hint={
                    "en": "Padding goes all around the image. Draw a row with its border.",
                    "fa": "padding دورتادور تصویر اضافه می‌شود. یک ردیف را با حاشیه‌اش بکشید.",
                },
            ),
            Mistake(
                id="stride-ignored",
                answer=lambda W, H, D, K, F, S=1, P=0: (W + 2 * P - K + 1, H + 2 * P - K + 1, F),
                hint={
                    "en": "The stride makes the filter skip positions.",
                    "fa": "گام باعث می‌شود فیلتر از روی جایگاه‌ها بپرد.",
                },
            ),
        ),
    ),
    Formula(
        name="q1a2_weights",
        item=WEIGHTS,
        ask={"en": "The number of weights.", "fa": "تعداد وزن‌ها."},
        reference=COUNTED.totals.weights,
        symbols=only("DFK"),
        also=ALSO,
        shown="F*D*K^2",
        implementation=count_weights,
        published=(
            Published(156, "LeCun et al. 1998, layer C1 of LeNet-5", {"D": 1, "K": 5, "F": 6}, "bias-counted"),
            Published(34848, "Krizhevsky et al. 2012, first layer of AlexNet", {"D": 3, "K": 11, "F": 96}),
        ),
        conventions=(Convention(id="bias-counted", answer=F * (D * K**2 + 1)),),
        mistakes=(
            Mistake(
                id="k-not-squared",
                answer=F * D * K,
                hint={
                    "en": "A filter is a square, not a line. Count its cells.",
                    "fa": "فیلتر یک مربع است، نه یک خط. خانه‌هایش را بشمارید.",
                },
            ),
            Mistake(
                id="one-bias",
                answer=F * D * K**2 + 1,
                hint={
                    "en": "A bias belongs to each filter, not to the layer; and here biases are not counted at all.",
                    "fa": "هر فیلتر بایاس خودش را دارد، نه کل لایه؛ و این‌جا بایاس شمرده نمی‌شود.",
                },
            ),
            Mistake(
                id="connections-for-weights",
                answer=CONNECTIONS,
                hint={
                    "en": "These are connections. The weights of a filter are shared by all its positions: count them once.",
                    "fa": "این تعداد اتصالات است. وزن‌های یک فیلتر در همهٔ جایگاه‌ها مشترک‌اند: یک بار بشمارید.",
                },
            ),
            Mistake(
                id="dense-formula",
                answer=W * H * D * F,
                hint={
                    "en": "That is a dense layer. Weights are shared here.",
                    "fa": "این لایهٔ متراکم است. این‌جا وزن‌ها مشترک‌اند.",
                },
            ),
            Mistake(
                id="sides-added",
                answer=F * (D + K) ** 2,
                hint={
                    "en": "The sides of a filter's block are multiplied, not added.",
                    "fa": "اضلاع بلوک فیلتر در هم ضرب می‌شوند، نه جمع.",
                },
            ),
        ),
        steps=(
            Step(
                words={
                    "en": "Each filter is a block of D x K x K weights, and there are F of them.",
                    "fa": "هر فیلتر بلوکی با D x K x K وزن است و F فیلتر داریم.",
                }
            ),
            Step("F*(D*K*K)", {"en": "Together:", "fa": "در مجموع:"}),
        ),
    ),
    Function(
        name="conv_weights",
        item=WEIGHTS,
        ask={
            "en": "The same as a function, with or without biases.",
            "fa": "همان به صورت تابع، با بایاس یا بدون آن.",
        },
        signature="conv_weights(D, K, F, bias=False)",
        doc={
            "en": "Number of weights, and of biases if asked for.",
            "fa": "تعداد وزن‌ها، و بایاس‌ها اگر خواسته شود.",
        },
        implementation=conv_weights,
        cases=weight_cases,
        styles=(conv_weights_closed,),
        symbols=only("DKF") | COUNTED_BIAS,
        formulas={"": "F*(D*K^2 + bias)"},
        mistakes=(
            Mistake(
                id="bias-ignored",
                answer=lambda D, K, F, bias=False: F * D * K * K,
                hint={
                    "en": "The argument for the bias changes nothing. How many more numbers are learned where it is asked for?",
                    "fa": "آرگومان بایاس چیزی را عوض نمی‌کند. وقتی بایاس خواسته شده، چند عدد دیگر آموخته می‌شود؟",
                },
            ),
            Mistake(
                id="one-bias",
                answer=lambda D, K, F, bias=False: F * D * K * K + bool(bias),
                hint={
                    "en": "A bias belongs to each filter, not to the layer as a whole.",
                    "fa": "هر فیلتر بایاس خودش را دارد، نه کل لایه.",
                },
            ),
        ),
    ),
    Formula(
        name="q1a3_connections",
        item=LINKS,
        ask={"en": "The number of connections.", "fa": "تعداد اتصالات."},
        reference=CONNECTIONS,
        symbols=SYMBOLS,
        where=("W >= K", "H >= K"),
        also=ALSO,
        shown="(W - K + 1)*(H - K + 1)*F*D*K^2",
        working=Costs((D, H, W), (conv(out=F, k=K, bias=False),), "connections"),
        steps=(
            step(
                "(W - K + 1)*(H - K + 1)*F*(D*K^2)",
                "So the layer has (W - K + 1)*(H - K + 1)*F output units with D*K^2 links each:",
                "پس لایه (W - K + 1)*(H - K + 1)*F واحد خروجی دارد، هر کدام با D*K^2 اتصال:",
            ),
        ),
        implementation=count_connections,
        published=(
            Published(
                122304,
                "LeCun et al. 1998, layer C1 of LeNet-5",
                {"W": 32, "H": 32, "D": 1, "K": 5, "F": 6},
                "bias-counted",
            ),
        ),
        conventions=(Convention(id="bias-counted", answer=(W - K + 1) * (H - K + 1) * F * (D * K**2 + 1)),),
        mistakes=(
            Mistake(
                id="weights-for-connections",
                answer=F * D * K**2,
                hint={
                    "en": "These are the weights. Each is used once at every output position.",
                    "fa": "این تعداد وزن‌هاست. هر وزن در هر جایگاه خروجی یک بار به کار می‌رود.",
                },
            ),
            Mistake(
                id="off-by-one-side",
                answer=(W - K) * (H - K) * F * D * K**2,
                hint={
                    "en": "Count the output positions again: a filter as large as the image still has a position.",
                    "fa": "جایگاه‌های خروجی را دوباره بشمارید: فیلتری هم‌اندازهٔ تصویر هم یک جایگاه دارد.",
                },
            ),
            Mistake(
                id="filters-forgotten",
                answer=(W - K + 1) * (H - K + 1) * D * K**2,
                hint={
                    "en": "Every filter has its own output units. There are several filters.",
                    "fa": "هر فیلتر واحدهای خروجی خود را دارد. چند فیلتر داریم.",
                },
            ),
            Mistake(
                id="depth-forgotten",
                answer=(W - K + 1) * (H - K + 1) * F * K**2,
                hint={
                    "en": "A window reaches through the whole depth of the input.",
                    "fa": "پنجره همهٔ عمق ورودی را می‌بیند.",
                },
            ),
            Mistake(
                id="bias-once-per-filter",
                answer=CONNECTIONS + F,
                hint={
                    "en": "If a bias counted as a connection, every output unit would have it. Here it is not counted.",
                    "fa": "اگر بایاس اتصال به شمار می‌آمد، هر واحد خروجی آن را داشت. این‌جا شمرده نمی‌شود.",
                },
            ),
        ),
    ),
    Function(
        name="conv_connections",
        item=LINKS,
        ask={"en": "The same as a function.", "fa": "همان به صورت تابع."},
        signature="conv_connections(W, H, D, K, F, S=1, P=0, bias=False)",
        doc={
            "en": "Number of connections for stride S and padding P; with bias=True a bias counts as a connection.",
            "fa": "تعداد اتصالات برای گام S و padding برابر P؛ با bias=True هر بایاس یک اتصال است.",
        },
        implementation=conv_connections,
        cases=connection_cases,
        styles=(conv_connections_closed,),
        symbols=ALSO | COUNTED_BIAS,
        formulas={"": "(floor((W + 2*P - K)/S) + 1)*(floor((H + 2*P - K)/S) + 1)*F*(D*K^2 + bias)"},
    ),
    Formula(
        name="q1a4_weights",
        item=DENSE,
        ask={"en": "The number of weights.", "fa": "تعداد وزن‌ها."},
        reference=FLATTENED.totals.weights,
        symbols=only("DFHW"),
        also=ALSO,
        shown="W*H*D*F",
        working=Costs((D, H, W), (dense(out=F, bias=False),), "weights"),
        implementation=count_dense,
        conventions=(Convention(id="bias-counted", answer=W * H * D * F + F),),
        mistakes=(
            Mistake(
                id="depth-forgotten",
                answer=W * H * F,
                hint={
                    "en": "The image has a depth as well: all its numbers are inputs.",
                    "fa": "تصویر عمق هم دارد: همهٔ عددهای آن ورودی‌اند.",
                },
            ),
            Mistake(
                id="sides-added",
                answer=(W + H + D) * F,
                hint={"en": "The image has W times H times D numbers.", "fa": "تصویر W ضربدر H ضربدر D عدد دارد."},
            ),
            Mistake(
                id="conv-weights",
                answer=F * D * K**2,
                hint={
                    "en": "That is the convolution. No weight is shared here.",
                    "fa": "این کانولوشن است. این‌جا وزنی مشترک نیست.",
                },
            ),
            Mistake(
                id="bias-per-input",
                answer=W * H * D * F + W * H * D,
                hint={
                    "en": "A bias belongs to a neuron, not to an input; and here biases are not counted.",
                    "fa": "بایاس برای هر نورون است، نه هر ورودی؛ و این‌جا شمرده نمی‌شود.",
                },
            ),
            Mistake(
                id="same-volume",
                answer=W * H * D * (W - K + 1) * (H - K + 1) * F,
                hint={
                    "en": "That layer would have a neuron for every output position. Here it has as many as the text says.",
                    "fa": "چنین لایه‌ای برای هر جایگاه خروجی یک نورون دارد. این‌جا تعداد نورون‌ها در متن آمده است.",
                },
            ),
        ),
    ),
    Formula(
        name="q1a4_connections",
        item=DENSE,
        ask={"en": "The number of connections.", "fa": "تعداد اتصالات."},
        reference=FLATTENED.totals.connections,
        symbols=only("DFHW"),
        also=ALSO,
        shown="W*H*D*F",
        working=Costs((D, H, W), (dense(out=F, bias=False),), "connections"),
        steps=(
            step(
                "W*H*D*F",
                "No weight is shared, so there are as many connections as weights:",
                "هیچ وزنی مشترک نیست، پس به تعداد وزن‌ها اتصال داریم:",
            ),
        ),
        implementation=count_dense_connections,
        conventions=(Convention(id="bias-counted", answer=W * H * D * F + F),),
        mistakes=(
            Mistake(
                id="depth-forgotten",
                answer=W * H * F,
                hint={
                    "en": "The image has a depth as well: all its numbers are inputs.",
                    "fa": "تصویر عمق هم دارد: همهٔ عددهای آن ورودی‌اند.",
                },
            ),
            Mistake(
                id="conv-connections",
                answer=CONNECTIONS,
                hint={
                    "en": "These are the connections of the convolution. Here every neuron sees the whole image.",
                    "fa": "این تعداد اتصالات کانولوشن است. این‌جا هر نورون کل تصویر را می‌بیند.",
                },
            ),
        ),
    ),
    Function(
        name="dense_weights",
        item=DENSE,
        ask={
            "en": "The same as a function, with or without biases.",
            "fa": "همان به صورت تابع، با بایاس یا بدون آن.",
        },
        signature="dense_weights(W, H, D, F, bias=False)",
        doc={
            "en": "Number of weights, and of biases if asked for.",
            "fa": "تعداد وزن‌ها، و بایاس‌ها اگر خواسته شود.",
        },
        implementation=dense_weights,
        cases=dense_cases,
        symbols=only("WHDF") | COUNTED_BIAS,
        formulas={"": "W*H*D*F + bias*F"},
    ),
    Formula(
        name="q1a5_ratio",
        item=COMPARE,
        ask={
            "en": "Weights of the dense layer, divided by those of the convolution.",
            "fa": "وزن‌های لایهٔ متراکم تقسیم بر وزن‌های کانولوشن.",
        },
        reference=FLATTENED.totals.weights / COUNTED.totals.weights,
        symbols=only("HKW"),
        also=ALSO,
        shown="W*H/K^2",
        steps=(
            step(
                "W*H*D*F/(F*D*K^2)",
                "The weights of the dense layer over those of the convolution:",
                "وزن‌های لایهٔ متراکم به وزن‌های کانولوشن:",
            ),
            step("W*H/K^2", "The filters and the depth cancel:", "تعداد فیلترها و عمق ساده می‌شوند:"),
        ),
        implementation=measured_ratio,
        mistakes=(
            Mistake(
                id="inverse",
                answer=K**2 / (W * H),
                hint={"en": "This is the other way round.", "fa": "این وارونهٔ نسبت خواسته‌شده است."},
            ),
            Mistake(
                id="k-not-squared",
                answer=W * H / K,
                hint={
                    "en": "A filter is a square, not a line. Count its cells.",
                    "fa": "فیلتر یک مربع است، نه یک خط. خانه‌هایش را بشمارید.",
                },
            ),
            Mistake(
                id="difference",
                answer=W * H * D * F - F * D * K**2,
                hint={
                    "en": "This is the difference; a ratio is asked for.",
                    "fa": "این تفاضل است؛ نسبت خواسته شده است.",
                },
            ),
        ),
    ),
    Written(
        name="q1a5_text",
        item=COMPARE,
        ask={
            "en": "Which one needs more training data, and why?",
            "fa": "کدام‌یک به دادهٔ آموزشی بیشتری نیاز دارد و چرا؟",
        },
        rubric=(
            (
                1,
                {
                    "en": "weight sharing or local connectivity is the reason",
                    "fa": "اشتراک وزن یا اتصال محلی دلیل آن است",
                },
            ),
            (
                1,
                {
                    "en": "the dense layer has W*H/K^2 times more weights",
                    "fa": "لایهٔ متراکم W*H/K^2 برابر وزن دارد",
                },
            ),
            (
                1,
                {
                    "en": "more parameters need more data, or over-fit",
                    "fa": "پارامتر بیشتر دادهٔ بیشتری می‌خواهد یا بیش‌برازش می‌کند",
                },
            ),
        ),
        model={
            "en": "The convolution looks at small windows and shares its weights over all positions, so the dense layer "
            "has W*H/K^2 times more weights. More parameters need more data; with little data they over-fit.",
            "fa": "کانولوشن پنجره‌های کوچک را می‌بیند و وزن‌ها را در همهٔ جایگاه‌ها به اشتراک می‌گذارد، پس لایهٔ متراکم "
            "W*H/K^2 برابر وزن دارد. پارامتر بیشتر دادهٔ بیشتری می‌خواهد و با دادهٔ کم بیش‌برازش می‌کند.",
        },
    ),
]
