"""A student alone with the file, late in the evening: no NumPy, no quotes, odd folders, broken notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.locale import LANGUAGES, template
from tests.athome import TEXT, run

BARE = ("-I", "-S")  # Python alone, without any package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with blanks and Persian letters in its name, as students have them."""
    made = tmp_path / "تمرین ۱ (copy)"
    made.mkdir()
    (made / "grader.py").write_text(TEXT, encoding="utf-8")
    return made


def seen(folder: Path, source: str, *names: str, options: tuple[str, ...] = (), language: str = "en") -> str:
    """What is printed for a plain file, on one line."""
    (folder / "hw1.py").write_text(source, encoding="utf-8")
    done = run(folder, "hw1.py", *names, "--language", language, options=options)
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formula_without_quotes_is_told_so_as_in_grading(folder: Path, language: str) -> None:
    shown = seen(
        folder, "q1a2_weights = F*D*K^2\nq1a1_w_out = 'W - K + 1'\n", "q1a2", "q1a1_w_out", language=language
    )
    quotes = template("unquoted", language).replace("`{name}`", "").split(".")[0].strip()
    assert " ".join(quotes.split()) in shown.replace("\u2066`F`\u2069 ", "").replace("`F` ", "")
    assert "q1a2_weights = F*D*K^2" in shown
    assert "NameError" not in shown


def test_other_lines_that_fail_are_told_at_the_top(folder: Path) -> None:
    shown = seen(folder, "q1a2_weights = 'F'\nprint(undefined_name)\n", "q1a2_weights")
    assert shown.startswith("Your file stopped with `NameError: name 'undefined_name' is not defined`")
    assert "print(undefined_name)" in shown


WITHOUT_NUMPY = """\
import numpy as np
np.random.seed(0)
q1a2_weights = "F*D*K^2"
q1a1_h_out = np.float64(0.5)
def conv_weights(D, K, F, bias=False):
    return np.prod([F, D, K, K])
def grad_P2(dz):
    return dz * 2
def conv_output_shape(W, H, D, K, F, stride=1, pad=0):
    return (W - K + 1, H - K + 1, F)
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_numpy_formulas_are_read_and_functions_are_not_blamed(folder: Path, language: str) -> None:
    names = ("q1a2", "q1a1_h_out", "grad_P2", "conv_output_shape")
    shown = seen(folder, WITHOUT_NUMPY, *names, options=BARE, language=language)
    assert shown.count("python -m pip install numpy") == 1
    assert "ModuleNotFoundError" not in shown
    assert "NameError" not in shown
    assert template("check.fails", language) not in shown
    not_run = template("check.not-run", language).split("`")[0].strip()
    assert shown.count(not_run) == 3  # a number, a function that calls NumPy, one whose inputs need it
    assert "F*D*K^2" in shown
    assert "tuple: int, int, int" in shown


def test_another_package_that_is_missing_is_named(folder: Path) -> None:
    shown = seen(folder, "import torch_of_nobody.nn as nn\nnn.Linear(2, 3)\nq1a2_weights = 'F'\n", "q1a2_weights")
    assert "`torch_of_nobody` is not installed" in shown
    assert "NameError" not in shown


def test_a_function_gets_arrays_even_where_the_file_imports_numpy_late(folder: Path) -> None:
    pytest.importorskip("numpy")
    shown = seen(folder, "def grad_P2(dz):\n    return dz * 2\n", "grad_P2")
    assert "returns `ndarray (1, 2, 1)`" in shown


def test_a_function_of_a_file_that_does_not_run_is_told_what_grading_says(folder: Path) -> None:
    shown = seen(folder, "def conv_weights(D, K, F, bias=False):\n    return D*K*K*F\n\n1/0\n", "conv_weights")
    assert (
        "Your file stopped with `ZeroDivisionError: division by zero`, so this answer could not be graded." in shown
    )
