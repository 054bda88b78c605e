"""Writes docs/feedback.md: thirty wrong answers, graded for real, and what a student reads.  Run: make feedback"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from autograder import config
from autograder.bench import bench
from autograder.grade import Graded, grade
from autograder.messages import Say
from autograder.render.words import html
from autograder.report import Row, row
from autograder.sandbox import Sandbox
from autograder.submission import Cell, Submission

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "feedback.md"
HEAD = """# What students read

Thirty answers that are wrong, unreadable or missing, and what the grader says to each, in English and in Persian. This
page is written by `docs/feedback_page.py` (`make feedback`): the cells below are run and graded like any notebook, and
a test fails where the page is not what the program says today.

How much is said is set in `grader.toml`, for all answers or for single ones:

```toml
[assignments.hw1.feedback]
level = "hint"
levels = { q1a2_weights = "counterexample" }
reveal = false
```

| level | what a student reads |
|---|---|
| `received` | how the answer was read, and why it could not be; no verdict. The default of an exam |
| `verdict` | right, partly right or not right yet |
| `hint` | which mistake it is. Never a symbol, number or sign that the reference has and the answer lacks. The default |
| `counterexample` | a small case with the student's own value, and how to work it out by hand; with `reveal` our value |
| `full` | our value, a right answer and the steps that lead to it: after the due date, until then as `counterexample` |

The cases shown are the problem's own, the same few whatever is asked, so that handing in again and again reads no key
out. Below is what the level `hint` says; where `counterexample` says more, it is folded up underneath. For any other
answer: `autograder try hw1 NAME ANSWER --all-levels`.

An author may add to this: a `hint` and a `credit` for each mistake; `by_hand` on an item or an answer, which says what
to count; `follow` on a number, on a function's outputs or on a checkpoint, and `follow_through=True` on a derivation,
so that what follows correctly from an error still counts. `autograder audit` refuses a hint that says too much.
"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell of a student's notebook that is wrong in the answer of this name."""

    title: str
    name: str
    source: str


CASES = (
    # formulas
    Wrong("A power too low", "q1a2_weights", 'q1a2_weights = "F*D*K"'),
    Wrong("One step short", "q1a1_w_out", 'q1a1_w_out = "W - K"'),
    Wrong("The answer to another question", "q6i_dx2_dx1", 'q6i_dx2_dx1 = "f0*f1"'),
    Wrong("Two symbols that have changed places", "q5b_field", 'q5b_field = "D + (D-1)*(F-1)"'),
    Wrong("A constant too much", "q5e_r2", 'q5e_r2 = "d*(w-1) + (d-1)*(w-2) + 3"'),
    Wrong("A square root forgotten", "q1b4_bn_scaled", 'q1b4_bn_scaled = "alpha*(x - mu)/(alpha^2*v + eps)"'),
    Wrong("A case left out", "q6g_df", 'q6g_df = "Piecewise((1, x > 0), (0, True))"'),
    Wrong("LaTeX, with a sign that is wrong", "q6d_dsigmoid", 'q6d_dsigmoid = r"\\frac{-e^{-x}}{(1 + e^{-x})^2}"'),
    Wrong("Two slips at once", "q1b4_grad_factor", 'q1b4_grad_factor = "alpha^2"'),
    Wrong("Something that no list foresaw", "q5d_size", 'q5d_size = "(F + D)^2 - F"'),
    # arrays and sums
    Wrong("An index that runs the wrong way", "q2_grad", 'q2_grad = "Sum(dz[i]*x[i - j], (i, 0, n - k))"'),
    Wrong("A factor that is not right", "q31_grad", 'q31_grad = "dz[floor(p/2), floor(q/2), k]/8"'),
    # text that cannot be read
    Wrong("A small letter for a capital", "q1a1_h_out", 'q1a1_h_out = "h - K + 1"'),
    Wrong("The left side as well", "q5a_offset_channels", 'q5a_offset_channels = "channels = 2*K^2"'),
    # numbers and tuples
    Wrong("Multiplications and additions counted apart", "q42a_macs", "q42a_macs = 2 * 28 * 28 * 5 * 5 * 192 * 32"),
    Wrong("A percent sign forgotten", "q42c_reduction", "q42c_reduction = 89.7"),
    Wrong("A bound rounded down", "q6b_bound", "q6b_bound = 2.65e-5"),
    Wrong("Followed from an earlier error", "q42h_macs", "q42d_macs = 9633792 + 1\nq42e_macs = 101154816\n"
          "q42f_macs = 12443648\nq42g_macs = 4816896\nq42h_macs = q42d_macs + q42e_macs + q42f_macs + q42g_macs"),
    Wrong("One entry of three", "q42f_shape", "q42f_shape = (28, 28, 16)"),
    # functions
    Wrong("A kernel that is flipped", "grad_w", 'def grad_w(x, dz, k):\n    return np.convolve(x, dz, mode="valid")'),
    Wrong("Along the wrong axis", "bn_conv",
          "def bn_conv(X, gamma, beta, eps=1e-5):\n    mean = X.mean(axis=1, keepdims=True)\n    var = X.var(axis=1, keepdims=True)\n"
          "    scale, shift = gamma[None, :, None, None], beta[None, :, None, None]\n"
          "    return scale * (X - mean) / np.sqrt(var + eps) + shift"),
    Wrong("Arguments that are not taken", "conv_output_shape", "def conv_output_shape(W, H, D, K, F):\n    return W - K + 1, H - K + 1, F"),
    Wrong("A loop that never ends", "receptive_field",
          "def receptive_field(kernels, dilations, strides=None):\n    field = 1\n    while kernels:\n"
          "        field += (kernels[0] - 1) * dilations[0]\n    return field"),
    Wrong("Right, but its input is changed", "bn_dense",
          "def bn_dense(X, gamma, beta, eps=1e-5):\n    X -= X.mean(axis=0)\n"
          "    return gamma * X / np.sqrt((X**2).mean(axis=0) + eps) + beta"),
    # the other kinds
    Wrong("A derivation with a wrong step", "q2_steps",
          'q2_steps = [\n    "Sum(w[m]*x[i + m], (m, 0, k - 1))",\n    "x[i - j]",\n'
          '    "Sum(dz[i]*x[i - j], (i, 0, n - k))",\n]'),
    Wrong("A factor that an average leaves, in the last step", "q31_steps",
          'q31_steps = [\n    "1/4*Sum(P2[2*floor(p/2) + a, 2*floor(q/2) + b, k], (a, 0, 1), (b, 0, 1))",\n'
          '    "dz[floor(p/2), floor(q/2), k]",\n]'),
    Wrong("The wrong option", "q6a_condition", 'q6a_condition = "d"'),
    Wrong("A written answer", "q1a5_text", 'q1a5_text = "A convolution shares its weights, so fewer have to be learned."'),
    Wrong("Left blank", "q1b5_params", "q1b5_params = ..."),
    Wrong("A cell that fails before the answer", "q1c1_pixels", "size = image.shape[0]\nq1c1_pixels = size // 2**5"),
)  # fmt: skip


def graded() -> Iterator[tuple[Wrong, Graded]]:
    """All cases in one notebook, run in the sandbox and graded."""
    found = bench(config.load(ROOT / "grader.toml"), "hw1")
    cells = [Cell(1, "import numpy as np")]
    cells += [Cell(number, case.source) for number, case in enumerate(CASES, start=2)]
    with Sandbox(found.config.limits_of("hw1")) as sandbox:
        judged = grade(Submission("feedback", "ipynb", tuple(cells)), found.assignment, found.options, sandbox)
    by_name = {one.problem.name: one for one in judged.graded}
    for case in CASES:
        yield case, by_name[case.name]


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for number, (case, found) in enumerate(graded(), start=1):
        parts.append(f"\n## {number}. {case.title}\n\n{_asked(found)}\n\n```python\n{case.source}\n```\n")
        for language in ("en", "fa"):
            parts.append(_said(found, language))
    return "".join(parts)


def _asked(found: Graded) -> str:
    item, ask = found.problem.item, found.problem.ask.get("en", "")
    return f"{item.id}, {item.title['en'][:1].lower()}{item.title['en'][1:]}. {ask}".strip()


def _said(found: Graded, language: str) -> str:
    hint, more = _row(found, language, "hint"), _row(found, language, "counterexample")
    text = "\n" + html(hint.message, language) + "\n"
    if more.message != hint.message:
        name = {"en": "At the level counterexample", "fa": "در سطح counterexample"}[language]
        added = html(more.message, language)
        direction = ' dir="rtl"' if language == "fa" else ""
        text += f"\n<details{direction}><summary>{name}</summary>\n\n{added}\n\n</details>\n"
    return text


def _row(found: Graded, language: str, level: str) -> Row:
    return row(found.problem, found.verdict, Fraction(1), Say(language, level))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(CASES)} answers")
    sys.exit(0)
