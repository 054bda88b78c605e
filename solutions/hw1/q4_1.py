"""Question 4.1: DenseNet and ResNet."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _styles import stacked_in_a_loop
from _words import both, step, wrong

from autograder.problem import Case, Formula, Function, Item, Number, Written

L, k, k0 = sp.symbols("L k k0")
INTEGER = "positive integer"
HUANG = "Huang et al. 2017, Densely connected convolutional networks, section 3"


def count_links(L: int) -> int:
    """Build a dense block and count: each layer is linked to every tensor that exists when its turn comes."""
    tensors, links = ["input"], 0
    for layer in range(L):
        links += sum(1 for _ in tensors)
        tensors.append(f"layer {layer}")
    return links


def dense_block_channels(k0: int, k: int, L: int) -> int:
    """Run a dense block on arrays: every layer's new features are concatenated to all earlier ones."""
    features = np.zeros((k0, 1, 1))
    for _ in range(L):
        new = np.zeros((k, features.shape[0])) @ features[:, 0, 0]
        features = np.concatenate([features, new[:, None, None]])
    return features.shape[0]


def block_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case(tuple(int(n) for n in rng.permutation(range(2, 9))[:3])) for _ in range(3)]
    return [Case((32, 24, 3), "k0 = 32, k = 24, L = 3"), Case((16, 12, 1)), Case((5, 7, 4)), *drawn]


COMPARE = Item(
    id="Q4.1",
    by_hand=both(
        "Draw the layers as dots, and every connection as a line.",
        "لایه‌ها را نقطه بکشید و هر اتصال را یک خط.",
    ),
    title=both("DenseNet and ResNet", "DenseNet و ResNet"),
    question=both(
        "Explain DenseNet and ResNet: how do they differ in which layers they connect, and in how they "
        "combine features? How many direct connections does a dense block of L layers have?",
        "‏DenseNet و ResNet را توضیح دهید: در اینکه کدام لایه‌ها به هم وصل می‌شوند و در شیوهٔ ترکیب ویژگی‌ها "
        "چه تفاوتی دارند؟ یک بلوک متراکم با L لایه چند اتصال مستقیم دارد؟",
    ),
    source=HUANG,
    sheet="DenseNet connects every layer to all previous ones and concatenates; ResNet adds.",
)
GRADIENTS = Item(
    id="Q4.1b",
    title=both("Why gradients survive in DenseNet", "چرا گرادیان در DenseNet از بین نمی‌رود"),
    question=both(
        "Why does DenseNet ease the problem of vanishing gradients?",
        "چرا DenseNet مشکل محوشدن گرادیان را کم می‌کند؟",
    ),
    source=HUANG,
    sheet="Direct connections from the loss to every layer and to the input.",
)
ADVANTAGES = Item(
    id="Q4.1c",
    title=both("Advantages of DenseNet", "مزایای DenseNet"),
    question=both("Name advantages of DenseNet.", "مزایای DenseNet را نام ببرید."),
    source=HUANG,
    sheet="No feature is learned twice; few filters are needed; dense connections act as regularisation.",
)
BLOCK = Item(
    id="Q4.1d",
    title=both("Channels after a dense block", "تعداد کانال‌ها پس از یک بلوک متراکم"),
    question=both(
        "A dense block receives k0 = 32 channels and has L = 3 layers with growth rate k = 24. How many "
        "channels leave it?",
        "یک بلوک متراکم k0 = 32 کانال می‌گیرد و L = 3 لایه با نرخ رشد k = 24 دارد. چند کانال از آن خارج می‌شود؟",
    ),
    source=HUANG,
    sheet="Total layer = 32 + 3k = 104",
)

PROBLEMS = [
    Formula(
        name="q41_direct_connections",
        item=COMPARE,
        ask=both(
            "Write the number of direct connections in a dense block of L layers.",
            "تعداد اتصال‌های مستقیم یک بلوک متراکم با L لایه را بنویسید.",
        ),
        reference=L * (L + 1) / 2,
        symbols={"L": INTEGER},
        shown="L*(L + 1)/2",
        steps=(
            step(
                None,
                "Layer l is linked to the block's input and to the l - 1 layers before it.",
                "لایهٔ l به ورودی بلوک و l - 1 لایهٔ پیش از خود وصل است.",
            ),
            step("Sum(l, (l, 1, L))", "Summed over all layers:", "جمع روی همهٔ لایه‌ها:"),
            step("L*(L + 1)/2", "The sum of the first L whole numbers:", "مجموع L عدد طبیعی نخست:"),
        ),
        implementation=count_links,
        mistakes=(
            wrong(
                "chain",
                L,
                "That is a plain chain, where a layer sees only the one before it. Here it sees all earlier ones.",
                "این یک زنجیرهٔ ساده است که هر لایه فقط لایهٔ پیشین را می‌بیند. این‌جا هر لایه همهٔ لایه‌های "
                "پیشین را می‌بیند.",
            ),
            wrong(
                "every-pair-of-layers-twice",
                L**2,
                "Not every layer is linked to every other in both directions: information only flows forward.",
                "هر لایه به هر لایهٔ دیگر در هر دو جهت وصل نیست: اطلاعات فقط رو به جلو می‌رود.",
            ),
            wrong(
                "paths-not-links",
                2**L,
                "This grows like the number of paths through the block. Count the links, layer by layer.",
                "این مانند تعداد مسیرهای درون بلوک رشد می‌کند. اتصال‌ها را لایه به لایه بشمارید.",
            ),
            wrong(
                "input-forgotten",
                L * (L - 1) / 2,
                "The links from the input of the block are missing.",
                "اتصال‌هایی که از ورودی بلوک می‌آیند جا افتاده‌اند.",
            ),
        ),
    ),
    Written(
        name="q41_text",
        item=COMPARE,
        ask=both(
            "In a few sentences: which layers are connected, how are features combined, what follows from it?",
            "در چند جمله: کدام لایه‌ها به هم وصل‌اند، ویژگی‌ها چگونه ترکیب می‌شوند و پیامد آن چیست؟",
        ),
        rubric=(
            (1, both("concatenation against addition", "الحاق در برابر جمع")),
            (1, both("all earlier layers against the previous block", "همهٔ لایه‌های پیشین در برابر بلوک پیشین")),
            (
                1,
                both(
                    "consequence: features are reused and channels grow, against constant width",
                    "پیامد: استفادهٔ دوباره از ویژگی‌ها و رشد کانال‌ها، در برابر عرض ثابت",
                ),
            ),
        ),
        model=both(
            "DenseNet feeds each layer with the outputs of all earlier layers, concatenated: x_l = H_l(x_0, "
            "..., x_{l-1}). ResNet adds the input of a block to its output: x_l = x_{l-1} + F(x_{l-1}). So "
            "DenseNet reuses features and its channels grow, while ResNet keeps its width.",
            "‏DenseNet به هر لایه خروجی همهٔ لایه‌های پیشین را به صورت الحاق‌شده می‌دهد: x_l = H_l(x_0, ..., "
            "x_{l-1}). ‏ResNet ورودی بلوک را با خروجی آن جمع می‌کند: x_l = x_{l-1} + F(x_{l-1}). پس DenseNet "
            "ویژگی‌ها را دوباره به کار می‌برد و کانال‌هایش زیاد می‌شوند، ولی عرض ResNet ثابت می‌ماند.",
        ),
    ),
    Written(
        name="q41b_text",
        item=GRADIENTS,
        ask=both("Give the reason in one or two sentences.", "دلیل را در یک یا دو جمله بنویسید."),
        rubric=(
            (
                1,
                both(
                    "a direct, short path from the loss to early layers",
                    "مسیر مستقیم و کوتاه از تابع هزینه به لایه‌های ابتدایی",
                ),
            ),
            (
                1,
                both(
                    "an identity block in the Jacobian, because of concatenation",
                    "بلوک همانی در ماتریس ژاکوبی، به خاطر الحاق",
                ),
            ),
        ),
        model=both(
            "Every layer has a short path to the loss. Concatenation passes earlier features on unchanged, so "
            "the Jacobian holds an identity block, and the gradient reaches early layers without passing "
            "through all others.",
            "هر لایه مسیر کوتاهی تا تابع هزینه دارد. الحاق، ویژگی‌های پیشین را بی‌تغییر عبور می‌دهد؛ پس "
            "ژاکوبی یک بلوک همانی دارد و گرادیان بدون گذر از همهٔ لایه‌ها به لایه‌های ابتدایی می‌رسد.",
        ),
    ),
    Written(
        name="q41c_text",
        item=ADVANTAGES,
        ask=both("Name at least three.", "دست‌کم سه مورد نام ببرید."),
        rubric=(
            (1, both("features are reused", "استفادهٔ دوباره از ویژگی‌ها")),
            (1, both("narrow layers, fewer parameters", "لایه‌های باریک و پارامتر کمتر")),
            (1, both("regularising effect, or deep supervision", "اثر منظم‌سازی، یا نظارت عمیق")),
        ),
        model=both(
            "Features are reused instead of learned again; layers can be narrow, so there are fewer "
            "parameters; the short paths to the loss supervise every layer and regularise. The price is "
            "memory for the concatenated features.",
            "ویژگی‌ها به جای یادگیری دوباره، بازاستفاده می‌شوند؛ لایه‌ها می‌توانند باریک باشند، پس پارامتر "
            "کمتر است؛ مسیرهای کوتاه تا تابع هزینه بر هر لایه نظارت می‌کنند و اثر منظم‌سازی دارند. هزینهٔ آن "
            "حافظهٔ ویژگی‌های الحاق‌شده است.",
        ),
    ),
    Number(
        name="q41d_channels",
        item=BLOCK,
        ask=both("Write the number of channels.", "تعداد کانال‌ها را بنویسید."),
        reference=k0 + L * k,
        given_values={"k0": 32, "L": 3, "k": 24},
        shown="k0 + L*k",
        implementation=dense_block_channels,
        steps=(
            step(
                None,
                "Every layer concatenates k new channels to what it received.",
                "هر لایه k کانال تازه به آنچه گرفته الحاق می‌کند.",
            ),
            step(k0 + L * k, "After L layers:", "پس از L لایه:"),
        ),
        mistakes=(
            wrong(
                "input-of-last-layer",
                k0 + (L - 1) * k,
                "That many channels enter the last layer. Its own output is concatenated as well.",
                "این تعداد کانال وارد لایهٔ آخر می‌شود. خروجی خود آن لایه هم الحاق می‌شود.",
            ),
            wrong(
                "roles-swapped",
                k + L * k0,
                "The growth rate and the number of input channels have changed places.",
                "نرخ رشد و تعداد کانال‌های ورودی جابه‌جا شده‌اند.",
            ),
            wrong(
                "product",
                k0 * L * k,
                "Concatenation puts channels side by side. It does not multiply them.",
                "الحاق، کانال‌ها را کنار هم می‌گذارد؛ آن‌ها را در هم ضرب نمی‌کند.",
            ),
            wrong(
                "every-connection",
                k0 + k * L * (L + 1) / 2,
                "You counted a layer's features once for each connection. They are in the block's output only "
                "once.",
                "ویژگی‌های یک لایه را برای هر اتصال یک بار شمرده‌اید. در خروجی بلوک فقط یک بار هستند.",
            ),
            wrong(
                "addition-as-in-resnet",
                k0,
                "In ResNet features are added and the width stays. DenseNet concatenates.",
                "در ResNet ویژگی‌ها جمع می‌شوند و عرض ثابت می‌ماند. DenseNet الحاق می‌کند.",
            ),
            wrong(
                "block-input-forgotten",
                L * k,
                "The channels that entered the block leave it as well.",
                "کانال‌هایی که وارد بلوک شده‌اند نیز از آن خارج می‌شوند.",
            ),
        ),
    ),
    Function(
        name="dense_block_channels",
        item=BLOCK,
        ask=both("Write it as a function, for any sizes.", "آن را به صورت تابعی برای هر اندازه‌ای بنویسید."),
        signature="dense_block_channels(k0, k, L)",
        doc=both(
            "Channels after a dense block: k0 channels enter, L layers have growth rate k. Returns a whole number.",
            "تعداد کانال‌ها پس از بلوک متراکم: k0 کانال وارد می‌شود و L لایه نرخ رشد k دارند. خروجی عدد صحیح است.",
        ),
        implementation=dense_block_channels,
        cases=block_cases,
        styles=(stacked_in_a_loop,),
        reference=k0 + L * k,
        symbols={"k0": INTEGER, "k": INTEGER, "L": INTEGER},
        mistakes=(
            wrong(
                "input-of-last-layer",
                lambda k0, k, L: k0 + (L - 1) * k,
                "That many channels enter the last layer. Its own output is concatenated as well.",
                "این تعداد کانال وارد لایهٔ آخر می‌شود. خروجی خود آن لایه هم الحاق می‌شود.",
            ),
            wrong(
                "roles-swapped",
                lambda k0, k, L: k + L * k0,
                "The growth rate and the number of input channels have changed places.",
                "نرخ رشد و تعداد کانال‌های ورودی جابه‌جا شده‌اند.",
            ),
            wrong(
                "product",
                lambda k0, k, L: k0 * L * k,
                "Concatenation puts channels side by side. It does not multiply them.",
                "الحاق، کانال‌ها را کنار هم می‌گذارد؛ آن‌ها را در هم ضرب نمی‌کند.",
            ),
            wrong(
                "every-connection",
                lambda k0, k, L: k0 + k * L * (L + 1) // 2,
                "You counted a layer's features once for each connection. They are in the block's output only once.",
                "ویژگی‌های یک لایه را برای هر اتصال یک بار شمرده‌اید. در خروجی بلوک فقط یک بار هستند.",
            ),
            wrong(
                "addition-as-in-resnet",
                lambda k0, k, L: k0,
                "In ResNet features are added and the width stays. DenseNet concatenates.",
                "در ResNet ویژگی‌ها جمع می‌شوند و عرض ثابت می‌ماند. DenseNet الحاق می‌کند.",
            ),
        ),
    ),
]
