"""What a program's failures say of its answers: whose line failed, what comes of it, and what is nobody's fault."""

from __future__ import annotations

import pytest

from autograder.answer import Died, Raised, TimedOut
from autograder.submission.failing import Failure, missing_because, own_failures, stops_program


def undefined(name: str, source: str, line: int = 1) -> Raised:
    return Raised("NameError", f"name '{name}' is not defined", line, source=source)


NUMPY = Raised("ModuleNotFoundError", "No module named 'numpy'", 1, source="import numpy as np")
PARTS = Raised("ModuleNotFoundError", "No module named 'torch'", 2, source="from torch import nn, optim as o")
ZERO = Raised("ZeroDivisionError", "division by zero", 3, source="1/0")
SYNTAX = Raised("SyntaxError", "invalid syntax", 4, source="q1_out = )")

# the cell, what failed in it, the code of the finding, a word of it
REASONS: list[tuple[str, str, list[Failure], str, str]] = [
    ("no quotes", "q1_out = W - K", [undefined("W", "q1_out = W - K")], "unquoted", "W"),
    ("an error of its own", "q1_out = 1/0", [Raised("ZeroDivisionError", "", 1, source="q1_out = 1/0")],
     "cell-exception", "ZeroDivisionError"),
    ("a variable whose own line failed", "a = 1/0\nq1_out = a", [Raised("ZeroDivisionError", "", 1, source="a = 1/0"),
     undefined("a", "q1_out = a", 2)], "cell-exception", "ZeroDivisionError"),
    ("a variable that is set further down", "q1_out = a\na = 1", [undefined("a", "q1_out = a")], "cell-exception", "a"),
    ("a package that is missing", "q1_out = np.e", [NUMPY, undefined("np", "q1_out = np.e", 2)], "cell-exception", "numpy"),
    ("one of several parts of a package", "q1_out = o.x", [PARTS, undefined("o", "q1_out = o.x", 3)], "cell-exception",
     "torch"),
    ("another line's slip is not this one's", "q0 = W\nq1_out = (", [undefined("W", "q0 = W"), SYNTAX], "cell-syntax", ""),
    ("the whole cell", "while True: pass\nq1_out = 'K'", [TimedOut(4.0)], "cell-timeout", "4"),
    ("the end of the process", "q1_out = 'K'", [Died("memory")], "cell-died", "memory"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "failures", "code", "word"), [row[1:] for row in REASONS], ids=[row[0] for row in REASONS]
)
def test_why_a_name_was_not_set(cell: str, failures: list[Failure], code: str, word: str) -> None:
    finding = missing_because("q1_out", cell, failures, function=False, cell="2")
    assert finding is not None
    assert finding.code == code
    assert word in " ".join(finding.fields.values())


def test_a_package_may_be_missing_in_a_cell_above() -> None:
    failed = undefined("np", "q1_out = np.e")
    alone = missing_because("q1_out", "q1_out = np.e", [failed], function=False)
    below = missing_because("q1_out", "q1_out = np.e", [failed], function=False, before=[NUMPY])
    assert alone is not None
    assert below is not None
    assert (alone.code, below.fields["error"]) == ("unquoted", "ModuleNotFoundError")


def test_a_function_is_never_told_of_quotes() -> None:
    finding = missing_because("f", "f = g", [undefined("g", "f = g")], function=True)
    assert finding is not None
    assert finding.code == "cell-exception"


@pytest.mark.parametrize("cell", ["x = 1", "other_q1_out = 1", "# q1_out is here"])
def test_a_cell_that_does_not_set_the_name_explains_nothing(cell: str) -> None:
    assert missing_because("q1_out", cell, [ZERO], function=False) is None


STOPS: list[tuple[list[Failure], str]] = [
    ([], ""), ([NUMPY], ""), ([NUMPY, undefined("np", "np.random.seed(0)")], ""), ([SYNTAX], ""), ([PARTS, ZERO], "ZeroDivisionError"),
    ([PARTS, undefined("nn", "nn.Linear(2, 3)"), undefined("torch", "torch.manual_seed(0)")], "NameError"),
    ([undefined("W", "q1_out = W"), undefined("W", "print(W)")], "NameError"),
]  # fmt: skip


@pytest.mark.parametrize(("failures", "error"), STOPS)
def test_what_keeps_the_functions_of_a_file_from_being_imported(failures: list[Failure], error: str) -> None:
    finding = stops_program(failures, {"q1_out"})
    assert (finding.fields["error"] if finding else "") == error


def test_what_comes_of_a_missing_package_is_not_the_programs_own() -> None:
    assert own_failures([NUMPY, undefined("np", "np.random.seed(0)"), ZERO, TimedOut(1.0)]) == [ZERO, TimedOut(1.0)]
