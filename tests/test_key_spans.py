"""Formulas in an author's sentence are found and typeset; nothing of the sentence is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder import catalog
from autograder.expression import to_text
from autograder.render.key.content import names_of
from autograder.render.key.spans import Formula, Text, spans

ROOT = Path(__file__).parent.parent
PROBLEMS = catalog.load(ROOT, "hw1").problems


def shown(text: str, names: str, *, persian: bool = False) -> str:
    """The sentence with every formula between braces."""
    parts = []
    for span in spans(text, frozenset(names.split()), persian):
        if isinstance(span, Formula):
            inner = to_text(span.parts[0])
            for sign, part in zip(span.all_signs, span.parts[1:], strict=True):
                inner += f" {sign} {to_text(part)}"
            parts.append(f"{{{inner}}}")
        else:
            parts.append(span if isinstance(span, str) else f"<{span.text}>")
    return "".join(parts)


ROWS = [
    ("That makes W - K + 1 positions.", "W K", "That makes {W - K + 1} positions."),
    ("A filter of K x K weights (no padding)", "K", "A filter of {K × K} weights (no padding)"),
    ("28x28x192 values, MxN cells", "M N", "{28 × 28 × 192} values, {M × N} cells"),
    ("(W-K+1) x (H-K+1) units", "W H K", "{W - K + 1 × H - K + 1} units"),
    (
        "z[i] = Sum(w[j]*x[i+j], (j, 0, k-1)) for i",
        "z w x i j k",
        "{z[i] = Sum(w[j]*x[i + j], (j, 0, k - 1))} for {i}",
    ),
    ("Find dL/dw[j].", "w j", "Find {dL/dw[j]}."),
    ("it spans (F-1)D+1 cells", "F D", "it spans {(F - 1)*D + 1} cells"),
    ("x1 = F(x0) + x0", "", "{x1 = F(x0) + x0}"),
    ("BN(Wu + b) = BN(Wu)", "b", "BN(Wu + {b}) = BN(Wu)"),
    ("tends to -alpha", "alpha", "tends to {-alpha}"),
    ("the layer's definition, 'x' and s", "s x", "the layer's definition, 'x' and {s}"),
    ("what is dL/db, and dx2/dx0?", "", "what is {dL/db}, and {dx2/dx0}?"),
    ("s for the slope s*(1 - s), f + alpha", "alpha", "{s} for the slope {s*(1 - s)}, {f + alpha}"),
    ("X is (m, n): m samples", "X", "{X} is {(m, n)}: {m} samples"),
    ("Bound |delta_i| / |delta_L|.", "", "Bound {abs(delta_i)/abs(delta_L)}."),
    ("f1 is F'(x1)", "", "{f1} is {F'(x1)}"),
    ("x_l = H_l(x_0, ..., x_{l-1})", "", "{x_l = H_l(x_0, …, x[l - 1])}"),
    ("x_l + F(x_{l-1}), 0, 1, ..., W - K", "W K", "{x_l + F(x[l - 1])}, 0, 1, ..., {W - K}"),
    ("W_L^T * ... * delta_L", "", "{W_L^T*…*delta_L}"),
    ("a 1-D layer of a block", "b", "a 1-D layer of a block"),
    ("it falls from a to b: a share, not A or a", "a b A", "it falls from {a} to {b}: a share, not {A} or {a}"),
    ("in 3 steps of 5", "", "in 3 steps of 5"),
    ("x -> layer -> y", "x y", "{x} → layer → {y}"),
    ("by Q3.1 and Q6a", "", "by Q3.1 and Q6a"),
]


@pytest.mark.parametrize(("text", "names", "wanted"), ROWS, ids=[row[0] for row in ROWS])
def test_formulas_are_found_by_their_names(text: str, names: str, wanted: str) -> None:
    assert shown(text, names) == wanted


def test_latin_runs_of_a_persian_sentence_stay_together() -> None:
    assert shown("برابر BN(Wu) است", "", persian=True) == "برابر <BN(Wu)> است"
    assert shown("وقتی a عملیات کم شود", "a", persian=True) == "وقتی {a} عملیات کم شود", (
        "Persian has no such article"
    )
    assert shown("(گام ۱، بدون padding) ", "", persian=True) == "(گام ۱، بدون padding) ", (
        "the sentence's own brackets"
    )


def shown_plain(text: Text) -> str:
    """Everything that a sentence shows."""
    return "".join(
        "".join([*map(to_text, span.parts), *span.all_signs])
        if isinstance(span, Formula)
        else getattr(span, "text", span)
        for span in text
    )


def letters(text: str) -> str:
    """What must not get lost: letters, digits and signs, however they are typeset."""
    crossed = re.sub(r"(?<=[\w)])x(?=[\dA-Z])| x ", "×", text)
    crossed = re.sub(r"\|([^|]*)\|", r"abs(\1)", crossed.replace("…", "..."))
    return re.sub(r"[\s*×x()\[\],{}<>→←^=_-]|Sum|of|prime", "", crossed)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_nothing_of_homework_1_is_lost(language: str) -> None:
    for problem in PROBLEMS:
        names = names_of([problem])
        texts = [problem.item.question, problem.item.title, problem.ask, *(step.words for step in problem.steps)]
        texts += [mistake.hint for mistake in getattr(problem, "mistakes", ())]
        for words in texts:
            plain = words.get(language, "")
            seen = shown_plain(spans(plain, names, language == "fa"))
            assert sorted(letters(seen)) == sorted(letters(plain)), plain
