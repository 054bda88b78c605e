"""Question 4.2 i to l: GoogLeNet in words."""

from __future__ import annotations

from _words import both

from autograder.problem import Item, Written

SZEGEDY = "Szegedy et al. 2015, Going deeper with convolutions"


def essay(name: str, item: Item, ask: dict[str, str], rubric, model: dict[str, str]) -> Written:
    return Written(name=name, item=item, ask=ask, rubric=rubric, model=model)


SIZES = Item(
    id="Q4.2i",
    title=both("Benefit of different filter sizes", "فایدهٔ فیلترهای با اندازه‌های متفاوت"),
    question=both(
        "Why does an Inception module combine filters of different sizes?",
        "چرا ماژول Inception فیلترهایی با اندازه‌های متفاوت را ترکیب می‌کند؟",
    ),
    source=SZEGEDY + ", section 4",
    sheet="It lets the model learn local and wider patterns together.",
)
ROBUST = Item(
    id="Q4.2j",
    title=both("Is GoogLeNet robust to vanishing gradients?", "آیا GoogLeNet در برابر محوشدن گرادیان مقاوم است؟"),
    question=both(
        "Is the architecture resistant to vanishing gradients, and why?",
        "آیا این معماری در برابر محوشدن گرادیان مقاوم است و چرا؟",
    ),
    source=SZEGEDY + ", section 5",
    sheet="Yes: the 1x1 bottleneck; auxiliary classifiers; several paths.",
)
HEADS = Item(
    id="Q4.2k",
    title=both("Auxiliary classifiers", "دسته‌بندهای کمکی"),
    question=both(
        "What are the auxiliary classifiers, and when are they used?",
        "دسته‌بندهای کمکی چیستند و چه زمانی به کار می‌روند؟",
    ),
    source=SZEGEDY + ", section 5",
    sheet="Classifiers in deep layers, used in training and removed at inference.",
)
LIMITS = Item(
    id="Q4.2l",
    title=both("Limitations of GoogLeNet", "محدودیت‌های GoogLeNet"),
    question=both("Name limitations of GoogLeNet.", "محدودیت‌های GoogLeNet را نام ببرید."),
    source=SZEGEDY,
    sheet="Complex design; heavy in memory; extra cost of auxiliary heads; inflexible filters; no skip connections.",
)

PROBLEMS = [
    essay(
        "q42i_text",
        SIZES,
        both("Answer in one or two sentences.", "در یک یا دو جمله پاسخ دهید."),
        (
            (1, both("several scales in parallel", "چند مقیاس به صورت موازی")),
            (1, both("the network can choose; sparse structure", "شبکه می‌تواند انتخاب کند؛ ساختار تُنُک")),
        ),
        both(
            "Small and large filters see patterns of several scales in parallel, and the next layer can "
            "choose among them. The module approximates a sparse structure with dense operations.",
            "فیلترهای کوچک و بزرگ الگوهای چند مقیاس را به طور موازی می‌بینند و لایهٔ بعد می‌تواند از میان "
            "آن‌ها انتخاب کند. این ماژول ساختاری تُنُک را با عملیات متراکم تقریب می‌زند.",
        ),
    ),
    essay(
        "q42j_text",
        ROBUST,
        both("Give the reasons in a few sentences.", "دلیل‌ها را در چند جمله بنویسید."),
        (
            (1, both("auxiliary losses inject gradient", "تابع‌های هزینهٔ کمکی گرادیان تزریق می‌کنند")),
            (1, both("shorter parallel paths", "مسیرهای موازی کوتاه‌تر")),
            (
                0,
                both(
                    "the bottleneck alone earns nothing: it is about cost",
                    "گلوگاه به‌تنهایی امتیازی ندارد: دربارهٔ هزینه است",
                ),
            ),
        ),
        both(
            "To a degree. Auxiliary losses inject gradient in the middle of the network, and the parallel "
            "branches offer paths with fewer layers. The 1x1 bottleneck saves operations; it is no reason by "
            "itself.",
            "تا اندازه‌ای. تابع‌های هزینهٔ کمکی در میانهٔ شبکه گرادیان تزریق می‌کنند و شاخه‌های موازی "
            "مسیرهایی با لایه‌های کمتر دارند. گلوگاه 1x1 عملیات را کم می‌کند و به‌تنهایی دلیل نیست.",
        ),
    ),
    essay(
        "q42k_text",
        HEADS,
        both("Say where they are, what they do, and when.", "بگویید کجا هستند، چه می‌کنند و چه زمانی."),
        (
            (1, both("attached to intermediate layers", "متصل به لایه‌های میانی")),
            (1, both("an extra loss in training", "تابع هزینهٔ اضافی در آموزش")),
            (1, both("removed at inference", "حذف در زمان استنتاج")),
        ),
        both(
            "Small classifiers attached to intermediate layers (after modules 4a and 4d). In training their "
            "loss is added with weight 0.3, which gives earlier layers a stronger gradient; at inference they "
            "are removed.",
            "دسته‌بندهای کوچکی که به لایه‌های میانی (پس از ماژول‌های 4a و 4d) وصل‌اند. در آموزش تابع هزینهٔ "
            "آن‌ها با وزن 0.3 افزوده می‌شود که به لایه‌های ابتدایی گرادیان قوی‌تری می‌دهد؛ در استنتاج حذف "
            "می‌شوند.",
        ),
    ),
    essay(
        "q42l_text",
        LIMITS,
        both("Name at least three.", "دست‌کم سه مورد نام ببرید."),
        (
            (1, both("complex design, many hyper-parameters", "طراحی پیچیده و ابرپارامترهای زیاد")),
            (1, both("filter sizes set by hand", "اندازهٔ فیلترها دستی تعیین می‌شود")),
            (1, both("no skip connections", "نداشتن اتصال میان‌بُر")),
        ),
        both(
            "The design is complex and has many hyper-parameters; filter sizes and branch widths are set by "
            "hand; there are no skip connections; auxiliary heads cost extra in training. It is not heavy in "
            "memory: 7 million parameters against AlexNet's 61 million.",
            "طراحی پیچیده است و ابرپارامترهای زیادی دارد؛ اندازهٔ فیلترها و عرض شاخه‌ها دستی تعیین می‌شود؛ "
            "اتصال میان‌بُر ندارد؛ دسته‌بندهای کمکی در آموزش هزینهٔ اضافی دارند. از نظر حافظه سنگین نیست: 7 "
            "میلیون پارامتر در برابر 61 میلیون AlexNet.",
        ),
    ),
]
