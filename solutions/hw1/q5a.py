"""Question 5 a to d: deformable and dilated convolutions."""

import numpy as np
import sympy as sp
from _words import both, step, wrong

from autograder.problem import Case, Convention, Formula, Function, Item, Written

K, Cin, Cout, F, D, M, N = sp.symbols("K Cin Cout F D M N")
INTEGER = "positive integer"
DAI = "Dai et al. 2017, Deformable convolutional networks, section 2.1"
YU = "Yu and Koltun 2016, Multi-scale context aggregation by dilated convolutions"
FIELD = (F - 1) * D + 1
HOLES = (F - 1) * (D + 1) + 1  # D read as the number of cells between two taps


# --- experiments ---


def count_offsets(K: int) -> int:
    """Every tap of the kernel gets a displacement of its own, a vector in the plane."""
    displacement = {tap: np.zeros(2) for tap in np.ndindex(K, K)}
    return sum(vector.size for vector in displacement.values())


def count_offset_parameters(K: int, Cin: int) -> int:
    """Build the convolution that produces the displacements, and count what it learns."""
    channels = count_offsets(K)
    weights, bias = np.empty((channels, Cin, K, K)), np.empty(channels)
    return weights.size + bias.size


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


def corner(D: int) -> np.ndarray:
    """The matrix A: all zeros, but for a one in its first entry."""
    A = np.zeros((D, D))
    A[0, 0] = 1
    return A


def count_empty_rows(D: int) -> int:
    """Build the Kronecker product for a kernel without zeros, and count the empty rows at its end."""
    product = np.kron(np.ones((5, 5)), corner(D))
    return product.shape[0] - 1 - int(np.flatnonzero(product.any(axis=1))[-1])


def measure_size(F: int, D: int) -> int:
    return dilated_kernel(np.ones((F, F)), D).shape[0]


# --- the functions that students write ---


def dilated_output(M: int, N: int, F: int, D: int) -> tuple[int, int]:
    return slide(M, F, D), slide(N, F, D)


def dilated_kernel(K: np.ndarray, D: int) -> np.ndarray:
    """Kronecker product with the corner matrix; the empty rows and columns at the end are cut."""
    empty = D - 1
    product = np.kron(K, corner(D))
    return product[: len(product) - empty, : len(product) - empty]


def field_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [Case((int(F), int(D))) for F, D in rng.integers(4, 12, (4, 2))]
    return [Case((7, 3), "F = 7, D = 3"), Case((3, 1)), Case((3, 2)), Case((1, 5)), Case((4, 6)), *drawn]


def output_cases(rng: np.random.Generator) -> list[Case]:
    drawn = [
        Case((60 + int(m), 40 + int(n), 5 - place, 3 + place))
        for place, (m, n) in enumerate(rng.integers(0, 19, (3, 2)))
    ]
    return [Case((40, 33, 5, 3), "a 40x33 input, F = 5, D = 3"), Case((9, 17, 3, 4)), Case((12, 8, 4, 1)), *drawn]


def kernel_cases(rng: np.random.Generator) -> list[Case]:
    public = Case((np.arange(1.0, 10.0).reshape(3, 3), 2), "a 3x3 kernel, D = 2")
    sizes = [(3, 4), (2, 3), (5, 3), (4, 1), (2, 5)]
    return [public, *(Case((rng.normal(size=(size, size)), dilation)) for size, dilation in sizes)]


DEFORMABLE = Item(
    id="Q5a",
    title=both("Deformable and ordinary convolution", "کانولوشن تغییرشکل‌پذیر و معمولی"),
    question=both(
        "What is the difference between an ordinary and a deformable convolution with a KxK kernel on Cin "
        "channels? "
        "The displacements come from a parallel convolution of the same kernel size, with biases; all filters "
        "share "
        "them, and there is no modulation.",
        "کانولوشن معمولی با کانولوشن تغییرشکل‌پذیر (deformable) با هستهٔ KxK روی Cin کانال چه تفاوتی دارد؟ "
        "جابه‌جایی‌ها از یک "
        "کانولوشن موازی با همان اندازهٔ هسته و با بایاس به دست می‌آیند، میان همهٔ فیلترها مشترک‌اند و "
        "مدولاسیون نداریم.",
    ),
    source=DAI,
    sheet="The sampling grid is fixed in a CNN; here learned offsets, computed by a convolution, are added.",
)
EXTENT = Item(
    id="Q5b",
    title=both("Dilated kernel: effective field", "هستهٔ گسترش‌یافته: میدان مؤثر"),
    question=both(
        "An FxF kernel has dilation D: neighbouring taps are D cells apart (D = 1 is an ordinary "
        "convolution). How many "
        "cells does it span along one axis?",
        "یک هستهٔ FxF گسترش (dilation) برابر D دارد: خانه‌های همسایهٔ هسته D خانه از هم فاصله دارند (D = 1 "
        "کانولوشن معمولی است). "
        "این هسته در امتداد یک محور چند خانه را می‌پوشاند؟",
    ),
    source=YU,
    sheet="3x3, 5x5, 7x7 for D = 1, 2, 3; in general (F-1) x D + 1",
)
OUTPUT = Item(
    id="Q5c",
    title=both("Output size of a dilated convolution", "اندازهٔ خروجی کانولوشن گسترش‌یافته"),
    question=both(
        "That kernel is applied to an MxN input with stride 1 and without padding. What is the size of the output?",
        "این هسته با گام 1 و بدون padding روی ورودی MxN اعمال می‌شود. اندازهٔ خروجی چیست؟",
    ),
    source="Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, section 5.1",
    sheet="(M - ((F-1)D+1) + 1) x (N - ((F-1)D+1) + 1) = (M-FD+D) x (N-FD+D)",
)
KRONECKER = Item(
    id="Q5d",
    title=both("Dilated kernel as a Kronecker product", "هستهٔ گسترش‌یافته به صورت ضرب کرونکر"),
    question=both(
        "Write the dilated kernel as a Kronecker product of K (FxF) with a DxD matrix A. Which A is it, and "
        "how many "
        "rows, and as many columns, at the end of the product have to be dropped because they are all zeros?",
        "هستهٔ گسترش‌یافته را به صورت ضرب کرونکر K (با ابعاد FxF) در یک ماتریس A با ابعاد DxD بنویسید. A کدام "
        "است، و چند سطر، و به "
        "همان تعداد ستون، از انتهای حاصل‌ضرب باید حذف شود چون سراسر صفر است؟",
    ),
    source=YU,
    sheet="a_11 = 1, a_ij = 0 for i != 1, j != 1; the last row should be dropped (all zeros)",
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
        steps=(
            step(
                side - FIELD + 1,
                "A kernel that spans (F-1)D+1 cells takes this many places:",
                "هسته‌ای که (F-1)D+1 خانه را می‌پوشاند این تعداد جایگاه دارد:",
            ),
            step(side - F * D + D, "Multiplied out:", "پس از ساده‌سازی:"),
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
        name="q5a_offset_channels",
        item=DEFORMABLE,
        ask=both(
            "Write the number of channels that the convolution for the displacements gives.",
            "تعداد کانال‌های خروجی کانولوشنی را که جابه‌جایی‌ها را می‌سازد بنویسید.",
        ),
        reference=2 * K**2,
        symbols={"K": INTEGER},
        also={"Cin": INTEGER, "Cout": INTEGER},
        implementation=count_offsets,
        mistakes=(
            wrong(
                "one-coordinate",
                K**2,
                "That moves each tap along a single axis. The image has another one.",
                "این هر خانه را فقط در امتداد یک محور جابه‌جا می‌کند. تصویر محور دیگری هم دارد.",
            ),
            wrong(
                "with-modulation",
                3 * K**2,
                "That is the second version, which weights each tap as well. Here taps are only moved.",
                "این نسخهٔ دوم است که به هر خانه وزن هم می‌دهد. این‌جا خانه‌ها فقط جابه‌جا می‌شوند.",
            ),
            wrong(
                "per-filter",
                2 * Cout,
                "Displacements belong to the taps of the kernel, and all filters share them.",
                "جابه‌جایی‌ها به خانه‌های هسته تعلق دارند و میان همهٔ فیلترها مشترک‌اند.",
            ),
            wrong(
                "per-input-channel",
                2 * K**2 * Cin,
                "All channels of the input are sampled at the same places.",
                "از همهٔ کانال‌های ورودی در جاهای یکسان نمونه گرفته می‌شود.",
            ),
        ),
    ),
    Formula(
        name="q5a_offset_conv_params",
        item=DEFORMABLE,
        ask=both(
            "Write the number of parameters of that convolution, biases included.",
            "تعداد پارامترهای آن کانولوشن را همراه با بایاس بنویسید.",
        ),
        reference=2 * K**2 * (Cin * K**2 + 1),
        symbols={"Cin": INTEGER, "K": INTEGER},
        also={"Cout": INTEGER},
        implementation=count_offset_parameters,
        steps=(
            step(
                2 * K**2 * Cin * K**2 + 2 * K**2,
                "Weights of a KxK convolution to that many channels, and a bias for each:",
                "وزن‌های یک کانولوشن KxK به این تعداد کانال، و یک بایاس برای هر کدام:",
            ),
        ),
        conventions=(
            Convention(
                id="bias-not-counted",
                answer=2 * Cin * K**4,
                hint=both(
                    "This leaves out the biases; here they count.", "این بایاس‌ها را نشمرده است؛ این‌جا شمرده می‌شوند."
                ),
            ),
        ),
        mistakes=(
            wrong(
                "one-coordinate",
                K**2 * (Cin * K**2 + 1),
                "That moves each tap along a single axis. The image has another one.",
                "این هر خانه را فقط در امتداد یک محور جابه‌جا می‌کند. تصویر محور دیگری هم دارد.",
            ),
            wrong(
                "with-modulation",
                3 * K**2 * (Cin * K**2 + 1),
                "That is the second version, which weights each tap as well. Here taps are only moved.",
                "این نسخهٔ دوم است که به هر خانه وزن هم می‌دهد. این‌جا خانه‌ها فقط جابه‌جا می‌شوند.",
            ),
            wrong(
                "one-bias",
                2 * Cin * K**4 + 1,
                "Each output channel has a bias of its own.",
                "هر کانال خروجی بایاس خودش را دارد.",
            ),
            wrong(
                "pointwise",
                2 * K**2 * (Cin + 1),
                "The displacements come from a convolution with a kernel as large as the main one.",
                "جابه‌جایی‌ها از کانولوشنی با هسته‌ای به اندازهٔ هستهٔ اصلی به دست می‌آیند.",
            ),
        ),
    ),
    Written(
        name="q5a_text",
        item=DEFORMABLE,
        ask=both("Explain the difference in a few sentences.", "تفاوت را در چند جمله توضیح دهید."),
        rubric=(
            (
                1,
                both(
                    "regular grid against learned offsets that depend on the input",
                    "شبکهٔ منظم در برابر جابه‌جایی‌های آموخته‌شده و وابسته به ورودی",
                ),
            ),
            (
                1,
                both(
                    "the offsets are produced by a convolution on the same features",
                    "جابه‌جایی‌ها را کانولوشنی روی همان ویژگی‌ها می‌سازد",
                ),
            ),
            (1, both("bilinear interpolation makes it differentiable", "درون‌یابی دوخطی آن را مشتق‌پذیر می‌کند")),
        ),
        model=both(
            "An ordinary convolution samples its input on a regular grid. A deformable one adds a learned "
            "offset to every "
            "tap, and the offset depends on the input: a second convolution on the same features produces it. "
            "Since "
            "offsets are not whole numbers, values are interpolated bilinearly, which also makes it "
            "differentiable.",
            "کانولوشن معمولی از ورودی روی شبکه‌ای منظم نمونه می‌گیرد. کانولوشن تغییرشکل‌پذیر به هر خانه یک "
            "جابه‌جایی آموخته‌شده "
            "می‌افزاید که به ورودی وابسته است: کانولوشن دومی روی همان ویژگی‌ها آن را می‌سازد. چون "
            "جابه‌جایی‌ها عدد صحیح نیستند، "
            "مقدارها با درون‌یابی دوخطی به دست می‌آیند که آن را مشتق‌پذیر هم می‌کند.",
        ),
    ),
    Formula(
        name="q5b_field",
        item=EXTENT,
        ask=both("Write the number of cells.", "تعداد خانه‌ها را بنویسید."),
        reference=FIELD,
        symbols={"F": INTEGER, "D": INTEGER},
        implementation=measure_field,
        instances=({"F": 3, "D": 1}, {"F": 3, "D": 2}, {"F": 3, "D": 3}, {"F": 7, "D": 3}),
        steps=(
            step(
                None,
                "F taps have F - 1 gaps between them, each a step of D.",
                "میان F خانه F - 1 فاصله هست، هر کدام گامی به اندازهٔ D.",
            ),
            step(F * D - D + 1, "With the first tap itself:", "همراه با خود خانهٔ اول:"),
        ),
        conventions=(Convention(id="holes-dilation", answer=HOLES),),
        mistakes=(
            wrong("taps-times-d", F * D, **TAPS_TIMES_D),
            wrong(
                "roles-swapped",
                F * (D - 1) + 1,
                "Taps and step have changed places.",
                "تعداد خانه‌ها و گام جابه‌جا شده‌اند.",
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
        reference=FIELD,
        symbols={"F": INTEGER, "D": INTEGER},
        mistakes=(
            wrong("taps-times-d", lambda F, D: F * D, **TAPS_TIMES_D),
            wrong("roles-swapped", lambda F, D: F * (D - 1) + 1),
            wrong("added", lambda F, D: F + D - 1),
            wrong("only-for-three-taps", lambda F, D: 2 * D + 1),
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
        parts=("rows", "columns"),
        mistakes=(
            wrong("dilation-ignored", lambda M, N, F, D: (M - F + 1, N - F + 1), **DILATION_IGNORED),
            wrong("taps-times-d", lambda M, N, F, D: (M - F * D + 1, N - F * D + 1), **TAPS_TIMES_D),
            wrong("same-padding", lambda M, N, F, D: (M, N)),
            wrong("stride-d", lambda M, N, F, D: ((M - F) // D + 1, (N - F) // D + 1)),
            wrong(
                "rows-and-columns-swapped",
                lambda M, N, F, D: (N - F * D + D, M - F * D + D),
                "Rows and columns have changed places.",
                "سطرها و ستون‌ها جابه‌جا شده‌اند.",
            ),
        ),
    ),
    Formula(
        name="q5d_rows_dropped",
        item=KRONECKER,
        ask=both(
            "Write how many rows have to be dropped (and as many columns).",
            "بنویسید چند سطر (و به همان تعداد ستون) باید حذف شود.",
        ),
        reference=D - 1,
        symbols={"D": INTEGER},
        also={"F": INTEGER},
        implementation=count_empty_rows,
        steps=(
            step(
                F * D - FIELD,
                "What the product has, less what the dilated kernel spans:",
                "اندازهٔ حاصل‌ضرب، منهای آنچه هستهٔ گسترش‌یافته می‌پوشاند:",
            ),
        ),
        mistakes=(
            wrong(
                "one-row",
                sp.Integer(1),
                "That fits one dilation only. Try a larger one, and look at the columns as well.",
                "این فقط برای یک مقدار گسترش درست است. مقدار بزرگ‌تری را بیازمایید و به ستون‌ها هم نگاه کنید.",
            ),
            wrong(
                "whole-block",
                D,
                "That drops the whole last block, and the last row of the kernel with it.",
                "این کل بلوک آخر را حذف می‌کند و سطر آخر هسته را هم با خود می‌برد.",
            ),
            wrong(
                "taps-for-dilation",
                F - 1,
                "How many rows are empty depends on the block, not on the number of taps.",
                "تعداد سطرهای خالی به اندازهٔ بلوک بستگی دارد، نه به تعداد خانه‌های هسته.",
            ),
        ),
    ),
    Formula(
        name="q5d_size",
        item=KRONECKER,
        ask=both(
            "Write the number of rows that remain.",
            "تعداد سطرهای باقی‌مانده را بنویسید.",
        ),
        reference=FIELD,
        symbols={"F": INTEGER, "D": INTEGER},
        implementation=measure_size,
        conventions=(Convention(id="holes-dilation", answer=HOLES),),
        mistakes=(
            wrong(
                "nothing-dropped",
                F * D,
                "That is the size of the product before anything is dropped.",
                "این اندازهٔ حاصل‌ضرب پیش از حذف است.",
            ),
            wrong(
                "one-row-dropped",
                F * D - 1,
                "That drops one row only. Are there more empty ones?",
                "این فقط یک سطر را حذف می‌کند. آیا سطر خالی دیگری هم هست؟",
            ),
            wrong("whole-block-dropped", (F - 1) * D),
            wrong("dilation-ignored", F, **DILATION_IGNORED),
        ),
    ),
    Function(
        name="dilated_kernel",
        item=KRONECKER,
        ask=both("Build the dilated kernel.", "هستهٔ گسترش‌یافته را بسازید."),
        signature="dilated_kernel(K, D)",
        doc=both(
            "K: float64 array (F, F). D: dilation, a whole number. Returns the dilated kernel, its empty last "
            "rows and "
            "columns dropped.",
            "‏K: آرایهٔ float64 با ابعاد (F, F). ‏D: گسترش، عددی صحیح. خروجی هستهٔ گسترش‌یافته است که سطرها و "
            "ستون‌های خالی انتهایی "
            "آن حذف شده‌اند.",
        ),
        implementation=dilated_kernel,
        cases=kernel_cases,
        mistakes=(
            wrong(
                "nothing-dropped",
                lambda K, D: np.kron(K, corner(D)),
                "The empty rows and columns at the end are still there.",
                "سطرها و ستون‌های خالی انتهایی هنوز هستند.",
            ),
            wrong(
                "last-row-dropped",
                lambda K, D: np.kron(K, corner(D))[:-1],
                "You dropped the last row and nothing else. Count the empty rows for a larger dilation, and "
                "look at the "
                "columns.",
                "فقط سطر آخر را حذف کرده‌اید. سطرهای خالی را برای گسترش بزرگ‌تر بشمارید و به ستون‌ها هم نگاه کنید.",
            ),
            wrong(
                "columns-kept",
                lambda K, D: np.kron(K, corner(D))[: len(K) * D - D + 1],
                "The empty columns are still there.",
                "ستون‌های خالی هنوز هستند.",
            ),
            wrong(
                "factors-swapped",
                lambda K, D: np.kron(corner(D), K)[: len(K) * D - D + 1, : len(K) * D - D + 1],
                "The factors are the wrong way round: the kernel sits in a corner, with its taps side by side.",
                "ترتیب ضرب برعکس است: هسته در یک گوشه نشسته و خانه‌هایش کنار هم‌اند.",
            ),
            wrong(
                "upsampled",
                lambda K, D: np.kron(K, np.ones((D, D)))[: len(K) * D - D + 1, : len(K) * D - D + 1],
                "Each tap is repeated over a block: that is up-sampling. Between taps there are zeros.",
                "هر خانه در یک بلوک تکرار شده است: این افزایش اندازه است. میان خانه‌ها صفر است.",
            ),
            wrong(
                "identity-block",
                lambda K, D: np.kron(K, np.eye(D))[: len(K) * D - D + 1, : len(K) * D - D + 1],
                "Each tap is repeated along a diagonal. It has to appear once.",
                "هر خانه روی یک قطر تکرار شده است. باید فقط یک بار بیاید.",
            ),
            wrong(
                "first-rows-dropped",
                lambda K, D: np.kron(K, corner(D))[D - 1 :, D - 1 :],
                "You dropped rows and columns at the beginning; the empty ones are at the end.",
                "سطرها و ستون‌های ابتدایی را حذف کرده‌اید؛ سطرها و ستون‌های خالی در انتها هستند.",
            ),
        ),
    ),
]
