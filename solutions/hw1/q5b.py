"""Question 5 b and c: dilated convolution."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _styles import dilated_output_closed, effective_kernel_closed
from _words import both, step, wrong

from autograder.problem import Case, Convention, Formula, Function, Item, Kernel

F, D, M, N = sp.symbols("F D M N")
INTEGER = "positive integer"
YU = "Yu and Koltun 2016, Multi-scale context aggregation by dilated convolutions"
FIELD = (F - 1) * D + 1
HOLES = (F - 1) * (D + 1) + 1  # D read as the number of cells between two taps


def spread_taps(F: int, D: int) -> np.ndarray:
    """One row of a dilated kernel: ones, D cells apart, and zeros between them."""
    row = np.zeros((F, D))
    row[:, 0] = 1
    return np.trim_zeros(row.ravel())


def measure_field(F: int, D: int) -> int:
    return spread_taps(F, D).size


def slide(length: int, F: int, D: int) -> int:
    """Slide the dilated kernel over a row of cells, and count the outputs."""
    return np.convolve(np.ones(length), spread_taps(F, D), mode="valid").size


def slide_rows(M: int, F: int, D: int) -> int:
    return slide(M, F, D)


def slide_columns(N: int, F: int, D: int) -> int:
    return slide(N, F, D)


# --- the functions that students write ---


def dilated_output(M: int, N: int, F: int, D: int) -> tuple[int, int]:
    return slide(M, F, D), slide(N, F, D)


def field_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((int(F), int(D))) for F, D in rng.integers(4, 12, (4, 2))]
    return [Case((7, 3), "F = 7, D = 3"), Case((3, 1)), Case((3, 2)), Case((1, 5)), Case((4, 6)), *drawn]


def output_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [
        Case((60 + int(m), 40 + int(n), 5 - place, 3 + place))
        for place, (m, n) in enumerate(rng.integers(0, 19, (3, 2)))
    ]
    return [Case((40, 33, 5, 3), "M = 40, N = 33, F = 5, D = 3"), Case((9, 17, 3, 4)), Case((12, 8, 4, 1)), *drawn]


EXTENT = Item(
    id="Q5b",
    by_hand=both(
        "Draw one row of the kernel with its gaps, and count from the first tap to the last.",
        "یک سطر هسته را با فاصله‌هایش بکشید و از خانهٔ اول تا آخر بشمارید.",
    ),
    title=both("Dilated kernel: effective field", "هستهٔ گسترش‌یافته: میدان مؤثر"),
    question=both(
        "An FxF kernel has dilation D: neighbouring taps are D cells apart (D = 1 is an ordinary "
        "convolution). How many cells does it span along one axis?",
        "یک هستهٔ FxF گسترش (dilation) برابر D دارد: خانه‌های همسایهٔ هسته D خانه از هم فاصله دارند (D = 1 "
        "کانولوشن معمولی است). این هسته در امتداد یک محور چند خانه را می‌پوشاند؟",
    ),
    source=YU,
    sheet="3x3, 5x5, 7x7 for D = 1, 2, 3; in general (F-1) x D + 1",
)
OUTPUT = Item(
    id="Q5c",
    by_hand=both(
        "Draw the row, slide the stretched kernel over it, and count the places where it fits.",
        "سطر را بکشید، هستهٔ کشیده را روی آن بلغزانید و جاهایی را که جا می‌شود بشمارید.",
    ),
    title=both("Output size of a dilated convolution", "اندازهٔ خروجی کانولوشن گسترش‌یافته"),
    question=both(
        "That kernel is applied to an MxN input with stride 1 and without padding. What is the size of the output?",
        "این هسته با گام 1 و بدون padding روی ورودی MxN اعمال می‌شود. اندازهٔ خروجی چیست؟",
    ),
    source="Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, section 5.1",
    sheet="(M - ((F-1)D+1) + 1) x (N - ((F-1)D+1) + 1) = (M-FD+D) x (N-FD+D)",
)

TAPS_TIMES_D = both(
    "That is a gap too many: no gap follows the last tap.",
    "یک فاصله زیاد شمرده‌اید: پس از خانهٔ آخر فاصله‌ای نیست.",
)
DILATION_IGNORED = both(
    "That is the ordinary convolution. The taps are spread out here.",
    "این کانولوشن معمولی است. این‌جا خانه‌های هسته از هم فاصله دارند.",
)
HOLES_HINT = both(
    "This reads the dilation as the number of holes between taps; here it is the step from one tap to the next.",
    "این گسترش را تعداد خانه‌های خالی میان دو خانه می‌گیرد؛ این‌جا گسترش گام از یک خانه تا خانهٔ بعد است.",
)


def output_problem(name: str, side: sp.Symbol, which: dict[str, str], implementation) -> Formula:
    """Rows and columns are counted alike."""
    return Formula(
        name=name,
        item=OUTPUT,
        ask=which,
        reference=side - F * D + D,
        symbols={str(side): INTEGER, "F": INTEGER, "D": INTEGER},
        where=(f"{side} > (F-1)*D",),
        also={"M": INTEGER, "N": INTEGER},
        implementation=implementation,
        shown=f"{side} - (F - 1)*D",
        steps=(
            step(
                f"{side} - ((F - 1)*D + 1) + 1",
                "A kernel that spans (F - 1)*D + 1 cells takes this many places:",
                "هسته‌ای که (F - 1)*D + 1 خانه را می‌پوشاند این تعداد جایگاه دارد:",
            ),
            step(f"{side} - (F - 1)*D", "Taken together:", "پس از ساده‌سازی:"),
        ),
        conventions=(Convention(id="holes-dilation", answer=side - HOLES + 1),),
        mistakes=(
            wrong("dilation-ignored", side - F + 1, **DILATION_IGNORED),
            wrong("taps-times-d", side - F * D + 1, **TAPS_TIMES_D),
            wrong(
                "same-padding",
                side,
                "That is the size with padding. Nothing is padded here.",
                "این اندازه با padding است. این‌جا padding نداریم.",
            ),
            wrong(
                "stride-d",
                (side - F) / D + 1,
                "You let the kernel jump. The dilation spreads its taps; the kernel itself still moves cell "
                "by cell.",
                "هسته را پرانده‌اید. گسترش، خانه‌های هسته را از هم دور می‌کند؛ خود هسته همچنان خانه‌به‌خانه "
                "جابه‌جا می‌شود.",
            ),
            wrong(
                "one-place-lost",
                side - FIELD,
                "A place is missing: a kernel as large as the input still fits.",
                "یک جایگاه کم است: هسته‌ای هم‌اندازهٔ ورودی هم جا می‌شود.",
            ),
        ),
    )


PROBLEMS = [
    Formula(
        name="q5b_field",
        item=EXTENT,
        ask=both("Write the number of cells.", "تعداد خانه‌ها را بنویسید."),
        reference=FIELD,
        symbols={"F": INTEGER, "D": INTEGER},
        shown="(F - 1)*D + 1",
        working=Kernel(((3, 1), (3, 2), (3, 3))),
        steps=(
            step(
                None,
                "F taps have F - 1 gaps between them, each a step of D.",
                "میان F خانهٔ هسته F - 1 فاصله است، هر کدام گامی برابر D.",
            ),
            step("(F - 1)*D + 1", "With the first tap itself:", "به همراه خود خانهٔ نخست:"),
        ),
        implementation=measure_field,
        instances=({"F": 3, "D": 1}, {"F": 3, "D": 2}, {"F": 3, "D": 3}, {"F": 7, "D": 3}),
        conventions=(Convention(id="holes-dilation", answer=HOLES),),
        mistakes=(
            wrong("taps-times-d", F * D, **TAPS_TIMES_D),
            wrong(
                "roles-swapped",
                F * (D - 1) + 1,
                "Taps and step have changed places. Draw a small kernel, and say what each letter counts.",
                "جای تعداد خانه‌ها و گام عوض شده است. یک هستهٔ کوچک بکشید و بگویید هر حرف چه چیزی را می‌شمارد.",
            ),
            wrong(
                "added",
                F + D - 1,
                "The kernel grows by the same amount at every gap, not once.",
                "هسته در هر فاصله به یک اندازه بزرگ می‌شود، نه فقط یک بار.",
            ),
            wrong(
                "only-for-three-taps",
                2 * D + 1,
                "That is right for one kernel size only.",
                "این فقط برای یک اندازهٔ هسته درست است.",
            ),
            wrong("dilation-ignored", F, **DILATION_IGNORED),
            wrong(
                "first-tap-forgotten",
                (F - 1) * D,
                "Count the cells, not the steps between them.",
                "خانه‌ها را بشمارید، نه گام‌های میان آن‌ها را.",
            ),
        ),
    ),
    Function(
        name="effective_kernel",
        item=EXTENT,
        ask=both("Write it as a function.", "آن را به صورت تابع بنویسید."),
        signature="effective_kernel(F, D)",
        doc=both(
            "Cells that F taps with dilation D span along one axis. Returns a whole number.",
            "تعداد خانه‌هایی که F خانهٔ هسته با گسترش D در امتداد یک محور می‌پوشاند. خروجی عدد صحیح است.",
        ),
        implementation=measure_field,
        cases=field_cases,
        styles=(effective_kernel_closed,),
        reference=FIELD,
        symbols={"F": INTEGER, "D": INTEGER},
        mistakes=(
            wrong("taps-times-d", lambda F, D: F * D, **TAPS_TIMES_D),
            wrong(
                "roles-swapped",
                lambda F, D: F * (D - 1) + 1,
                "Taps and step have changed places. Draw a small kernel, and say what each letter counts.",
                "جای تعداد خانه‌ها و گام عوض شده است. یک هستهٔ کوچک بکشید و بگویید هر حرف چه چیزی را می‌شمارد.",
            ),
            wrong(
                "added",
                lambda F, D: F + D - 1,
                "The kernel grows by the same amount at every gap, not once.",
                "هسته در هر فاصله به یک اندازه بزرگ می‌شود، نه فقط یک بار.",
            ),
            wrong(
                "only-for-three-taps",
                lambda F, D: 2 * D + 1,
                "That is right for one kernel size only.",
                "این فقط برای یک اندازهٔ هسته درست است.",
            ),
            wrong("holes-dilation", lambda F, D: (F - 1) * (D + 1) + 1, **HOLES_HINT),
        ),
    ),
    output_problem("q5c_m_out", M, both("Write the number of rows.", "تعداد سطرها را بنویسید."), slide_rows),
    output_problem("q5c_n_out", N, both("Write the number of columns.", "تعداد ستون‌ها را بنویسید."), slide_columns),
    Function(
        name="dilated_output",
        item=OUTPUT,
        ask=both("Write both as a function.", "هر دو را به صورت یک تابع بنویسید."),
        signature="dilated_output(M, N, F, D)",
        doc=both(
            "Rows and columns of the output, as a tuple of two whole numbers.",
            "تعداد سطرها و ستون‌های خروجی، به صورت یک زوج عدد صحیح.",
        ),
        implementation=dilated_output,
        cases=output_cases,
        styles=(dilated_output_closed,),
        parts=("rows", "columns"),
        mistakes=(
            wrong("dilation-ignored", lambda M, N, F, D: (M - F + 1, N - F + 1), **DILATION_IGNORED),
            wrong("taps-times-d", lambda M, N, F, D: (M - F * D + 1, N - F * D + 1), **TAPS_TIMES_D),
            wrong(
                "same-padding",
                lambda M, N, F, D: (M, N),
                "That is the size with padding. Nothing is padded here.",
                "این اندازه با padding است. این‌جا padding نداریم.",
            ),
            wrong(
                "stride-d",
                lambda M, N, F, D: ((M - F) // D + 1, (N - F) // D + 1),
                "You let the kernel jump. The dilation spreads its taps; the kernel itself still moves cell by cell.",
                "هسته را پرانده‌اید. گسترش، خانه‌های هسته را از هم دور می‌کند؛ خود هسته همچنان خانه‌به‌خانه جابه‌جا می‌شود.",
            ),
            wrong(
                "rows-and-columns-swapped",
                lambda M, N, F, D: (N - F * D + D, M - F * D + D),
                "Rows and columns have changed places.",
                "سطرها و ستون‌ها جابه‌جا شده‌اند.",
            ),
        ),
    ),
]
