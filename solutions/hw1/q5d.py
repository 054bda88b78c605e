"""Question 5 d: the dilated kernel as a Kronecker product."""

from __future__ import annotations

import numpy as np
import sympy as sp
from _styles import dilated_kernel_in_loops
from _words import both, step, wrong

from autograder.problem import Case, Convention, Formula, Function, Item

F, D = sp.symbols("F D")
INTEGER = "positive integer"
YU = "Yu and Koltun 2016, Multi-scale context aggregation by dilated convolutions"
FIELD = (F - 1) * D + 1
HOLES = (F - 1) * (D + 1) + 1  # D read as the number of cells between two taps


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


def dilated_kernel(K: np.ndarray, D: int) -> np.ndarray:
    """Kronecker product with the corner matrix; the empty rows and columns at the end are cut."""
    empty = D - 1
    product = np.kron(K, corner(D))
    return product[: len(product) - empty, : len(product) - empty]


def kernel_cases(rng: np.random.Generator) -> list[Case]:
    public = Case((np.arange(1.0, 10.0).reshape(3, 3), 2), "K = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], D = 2")
    sizes = [(3, 4), (2, 3), (5, 3), (4, 1), (2, 5)]
    return [public, *(Case((rng.normal(size=(size, size)), dilation)) for size, dilation in sizes)]


KRONECKER = Item(
    id="Q5d",
    by_hand=both(
        "Write out the product for a kernel of that size, and count its rows, the empty ones as well.",
        "حاصل‌ضرب را برای هسته‌ای با این اندازه بنویسید و سطرهایش را، حتی خالی‌ها را، بشمارید.",
    ),
    title=both("Dilated kernel as a Kronecker product", "هستهٔ گسترش‌یافته به صورت ضرب کرونکر"),
    question=both(
        "Write the dilated kernel as a Kronecker product of K (FxF) with a DxD matrix A. Which A is it, and "
        "how many rows, and as many columns, at the end of the product have to be dropped because they are "
        "all zeros?",
        "هستهٔ گسترش‌یافته را به صورت ضرب کرونکر K (با ابعاد FxF) در یک ماتریس A با ابعاد DxD بنویسید. A کدام "
        "است، و چند سطر، و به همان تعداد ستون، از انتهای حاصل‌ضرب باید حذف شود چون سراسر صفر است؟",
    ),
    source=YU,
    sheet="a_11 = 1, a_ij = 0 for i != 1, j != 1; the last row should be dropped (all zeros)",
)

DILATION_IGNORED = both(
    "That is the ordinary convolution. The taps are spread out here.",
    "این کانولوشن معمولی است. این‌جا خانه‌های هسته از هم فاصله دارند.",
)

PROBLEMS = [
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
        shown="D - 1",
        steps=(
            step(
                "F*D - ((F - 1)*D + 1)",
                "What the product has, less what the dilated kernel spans:",
                "تعداد سطرهای حاصل‌ضرب منهای آنچه هستهٔ گسترش‌یافته می‌پوشاند:",
            ),
        ),
        implementation=count_empty_rows,
        mistakes=(
            wrong(
                "one-row",
                sp.Integer(1),
                "That fits one dilation only. Try a larger one, and look at the columns as well.",
                "این فقط برای یک مقدار گسترش درست است. مقدار بزرگ‌تری را امتحان کنید و به ستون‌ها هم نگاه کنید.",
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
        shown="(F - 1)*D + 1",
        steps=(
            step(
                None,
                "Every tap becomes a block of D rows, the tap in its first one; the last block ends with D - 1 empty rows.",
                "هر خانهٔ هسته به بلوکی از D سطر بدل می‌شود و خود در سطر نخست آن است؛ بلوک آخر با D - 1 سطر خالی تمام می‌شود.",
            ),
            step(
                "F*D - (D - 1)",
                "What the product has, less the empty rows:",
                "تعداد سطرهای حاصل‌ضرب منهای سطرهای خالی:",
            ),
        ),
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
            wrong(
                "whole-block-dropped",
                (F - 1) * D,
                "Only the empty rows go. The last row of taps stays.",
                "تنها سطرهای خالی حذف می‌شوند. سطر آخر خانه‌های هسته می‌ماند.",
            ),
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
            "rows and columns dropped.",
            "‏K: آرایهٔ float64 با ابعاد (F, F). ‏D: گسترش، عددی صحیح. خروجی هستهٔ گسترش‌یافته است که سطرها و "
            "ستون‌های خالی انتهایی آن حذف شده‌اند.",
        ),
        implementation=dilated_kernel,
        cases=kernel_cases,
        styles=(dilated_kernel_in_loops,),
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
                "look at the columns.",
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
