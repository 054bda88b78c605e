"""A student alone with the file, late in the evening: no NumPy, no quotes, odd folders, broken notebooks."""

from __future__ import annotations

import json
import subprocess
import sys
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
    """What is printed for a plain file, on one line and without marks of direction."""
    (folder / "hw1.py").write_text(source, encoding="utf-8")
    done = run(folder, "hw1.py", *names, "--language", language, options=options)
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    return " ".join(done.stdout.replace("\u2066", "").replace("\u2069", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formula_without_quotes_is_told_so_as_in_grading(folder: Path, language: str) -> None:
    shown = seen(
        folder, "q1a2_weights = F*D*K^2\nq1a1_w_out = 'W - K + 1'\n", "q1a2", "q1a1_w_out", language=language
    )
    assert template("unquoted", language).replace("{name}", "F") in shown
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
    shown = seen(folder, "import torch_of_nobody.nn as nn\nnn.Linear(2, 3)\nq1a2_weights = 'F'\n", "q1a2")
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


# --- which file, which answer ---

FOUND: list[tuple[str, tuple[str, ...], int, str]] = [
    ("a question in a file's place", ("q1a2",), 1, "q1a2_weights read as F*D*K^2"),
    ("two questions with a comma", ("hw1.py", "q1a2,Q1a.1"), 1, "q1a1_w_out"),
    ("the folder", (".", "q1a2"), 1, "q1a2_weights read as F*D*K^2"),
    ("the homework's name", ("hw1", "q1a2"), 1, "q1a2_weights read as F*D*K^2"),
    ("a slip in an answer's name", ("q1a2_weight",), 3, "Did you mean `q1a2_weights`?"),
    ("a file that is not there", ("hw2.ipynb",), 3, "There is no file `hw2.ipynb`. Files there: `hw1.py`."),
    ("a folder that is not there", ("my/hw1.ipynb",), 3, "There is no file `my/hw1.ipynb`."),
    ("a document", ("notes.txt",), 3, "`notes.txt` is neither a notebook nor a `.py` file."),
    (
        "no such option",
        ("--lang", "fa", "--frm"),
        2,
        "There is no option `frm`. Write `python grader.py hw1.ipynb`",
    ),
    ("another language", ("hw1.py", "--language", "de"), 2, "The language `de` is not known here."),
    ("help", ("--help",), 0, "Write `python grader.py hw1.ipynb`"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_what_a_student_types_is_understood(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    (folder / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
    (folder / "notes.txt").write_text("my notes", encoding="utf-8")
    done = run(folder, *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    assert said in " ".join(done.stdout.split())


def test_in_a_folder_without_homework_it_says_how_to_name_a_file(folder: Path) -> None:
    assert "Go to its folder" in " ".join(run(folder).stdout.split())
    (folder / "mine.py").write_text("x = 1", encoding="utf-8")
    assert "Files here: `mine.py`." in " ".join(run(folder).stdout.split())


@pytest.mark.parametrize("call", ["grader.check(q1a2_weights)", "grader.check(3)"])
def test_a_name_without_quotes_is_told_so(folder: Path, call: str) -> None:
    code = f"import grader\nq1a2_weights = 'F*D, K'\n{call}"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60)
    assert 'Write the name in quotes: `grader.check("q1a' in done.stdout, done.stderr


def test_a_function_that_stops_names_the_students_own_line(folder: Path) -> None:
    source = "def helper(D):\n    return D.shape\n\ndef conv_weights(D, K, F, bias=False):\n    return helper(D)\n"
    assert "It stopped in line 2." in seen(folder, source, "conv_weights")


# --- broken notebooks ---


def test_each_cell_of_a_notebook_that_fails_is_told_where_it_matters(folder: Path) -> None:
    sources = [
        *("import numpy as np", "q1a2_weights = F*D*K^2", 'q1a1_w_out = "W - K + 1'),
        *("1/0", 'q1a1_h_out = "H - K + 1"'),
    ]
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [empty | {"source": source} for source in sources]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (folder / "hw1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    shown = " ".join(run(folder, "q1a1", "q1a2").stdout.split())
    assert "Cell 4 stopped with `ZeroDivisionError: division by zero`. It stopped in its line 1. 1/0" in shown
    assert "q1a1_h_out read as H - K + 1" in shown
    assert "Python could not read cell 3, so this answer was not set: `SyntaxError:" in shown
    assert "`F` stands outside quotes" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"cells": [', "is not a notebook that can be read"),
        ("<html>", "is a web page, not the notebook itself"),
        ("", "is not a notebook"),
    ],
    ids=["cut off", "web page", "empty"],
)
def test_a_file_that_is_no_notebook_is_refused_with_what_to_do(folder: Path, text: str, said: str) -> None:
    (folder / "hw1.ipynb").write_text(text, encoding="utf-8")
    done = run(folder, "hw1.ipynb")
    assert (done.returncode, done.stderr) == (3, "")
    assert said in " ".join(done.stdout.split())


def test_nothing_is_written_beside_the_students_file(folder: Path) -> None:
    """So that it works in a folder that cannot be written to."""
    (folder / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
    before = sorted(folder.iterdir())
    run(folder, "hw1.py", "q1a2")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formula_that_goes_on_in_the_next_line_is_left_to_right_in_both(folder: Path, language: str) -> None:
    (folder / "hw1.py").write_text('q1a2_weights = "sigmoid(K)"\n', encoding="utf-8")
    done = run(folder, "hw1.py", "q1a2_weights", "--language", language)
    assert "tanh" in done.stdout
    for line in done.stdout.splitlines():
        assert line.count("\u2066") == line.count("\u2069"), line
