"""What stock Otter gets wrong, as submissions: each with the points that it deserves for (formula, number, function).

FAILS: under Otter's kernel nothing can keep these from ending or hanging it; the sandbox grades them.
"""

from __future__ import annotations

import pickle

RIGHT = {
    "q1_pixels": 'q1_pixels = "W*H"',
    "q1_count": 'q1_count = "91*47"',
    "scaled": "def scaled(x, by):\n    return x * by",
}
WRONG = {
    "q1_pixels": 'q1_pixels = "W + H"',
    "q1_count": "q1_count = 4278",
    "scaled": "def scaled(x, by):\n    return x + by",
}
CHECKS = ('grader.check("q11")', 'grader.check("q12")', 'grader.check("q2")')
OTTER = "import otter\ngrader = otter.Notebook()"


def answers(first: str = "", last: str = "", start: str = "import grader", **instead: str) -> list[str]:
    """Cells: a first one, the three answers (right where nothing else is given) with their checks, a last one."""
    return [start, first, *(RIGHT | instead).values(), *CHECKS, last]


def wrong(first: str, **instead: str) -> list[str]:
    """Wrong answers after a first cell that tries to make them right."""
    return answers(first, start=OTTER, **(WRONG | instead))


EQUAL_TO_ALL = """
class Yes(str):
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = str.__hash__
    def __array__(self, *a, **k): return self
    def __getattr__(self, name): return lambda *a, **k: True
"""
PATCHES_DUMP = """
import pickle
old = pickle.dump
def dump(results, file, *a, **k):
    for test in getattr(results, "results", {}).values():
        test.update_score(100)
    return old(results, file, *a, **k)
pickle.dump = dump
"""
LEAKS_TESTS = """
def scaled(x, by):
    import glob
    raise ValueError(" ".join(open(f).read() for f in glob.glob("**/*.py", recursive=True)) or "nothing to read")
"""
READS_KEY = """
import glob, os
found = [open(f, errors="replace").read() for f in glob.glob(os.path.abspath("..") + "/**/*.py", recursive=True)]
assert not any("W * H" in text for text in found), "the key lies about"
"""

CASES: dict[str, tuple[list[str], tuple[float, float, float]]] = {
    "right": (answers(), (1, 1, 2)),
    "right_in_otters_words": (answers(start=OTTER, last="grader.check_all()\ngrader.export(pdf=False)"), (1, 1, 2)),
    "wrong": (answers(**WRONG), (0, 0, 0)),
    "blank": (
        answers(q1_pixels="q1_pixels = ...", q1_count="q1_count = ...", scaled="def scaled(x, by):\n    return ..."),
        (0, 0, 0),
    ),
    "used_again_later": (answers(last="q1_pixels = 0\ndef scaled(x, by): pass"), (1, 1, 2)),
    "used_again_later_in_otters_words": (answers(last="q1_pixels = 0\nscaled = 3", start=OTTER), (1, 1, 2)),
    "exits_in_a_function": (answers(scaled="import sys\ndef scaled(x, by): sys.exit(0)"), (1, 1, 0)),
    "interrupts_in_a_function": (answers(scaled="def scaled(x, by): raise KeyboardInterrupt"), (1, 1, 0)),
    "exits_in_a_cell": (answers("import sys\nsys.exit(0)"), (1, 1, 2)),
    "interrupts_in_a_cell": (answers("raise KeyboardInterrupt"), (1, 1, 2)),
    "quits": (answers("quit()\nexit(0)"), (1, 1, 2)),
    "changes_folder": (answers("import os\nos.chdir('/tmp')"), (1, 1, 2)),
    "loops_in_a_function": (answers(scaled="def scaled(x, by):\n    while True: pass"), (1, 1, 0)),
    "loops_in_a_cell": (answers("lost = 1\nwhile True: pass"), (1, 1, 2)),
    "loops_in_many_cells": (
        [*answers()[:5], *["import time\ntime.sleep(600)"] * 12, "late = 'W'", *CHECKS], (1, 1, 2)
    ),
    "sleeps_in_a_cell": (answers("import time\ntime.sleep(600)"), (1, 1, 2)),
    "patches_call_func": (
        wrong("from otter.test_files import test_case\ntest_case.call_func = lambda *a, **k: None"), (0, 0, 0)
    ),
    "patches_dump": (wrong(PATCHES_DUMP), (0, 0, 0)),
    "breaks_dump": (answers("import pickle\npickle.dump = lambda *a, **k: 1 / 0"), (1, 1, 2)),
    "equal_to_all": (
        wrong(
            EQUAL_TO_ALL,
            q1_pixels="q1_pixels = Yes('W + H')",
            q1_count="q1_count = Yes()",
            scaled="def scaled(x, by): return Yes()",
        ),
        (0, 0, 0),
    ),
    "patches_allclose": (
        wrong("import numpy as np\nnp.allclose = np.array_equal = np.isclose = lambda *a, **k: True"), (0, 0, 0)
    ),
    "patches_our_check": (
        wrong("try:\n    import autograder\n    autograder.otter_check = lambda *a: None\nexcept ImportError: pass"),
        (0, 0, 0),
    ),
    "answers_the_judge": (
        wrong(
            "import os, socket\nif 'AUTOGRADER_JUDGE' in os.environ:\n    s = socket.socket(socket.AF_UNIX)\n"
            "    try: s.connect(os.environ['AUTOGRADER_JUDGE']); s.sendall(b'full marks')\n    except OSError: pass"
        ),
        (0, 0, 0),
    ),
    "shows_the_tests": (answers(scaled=LEAKS_TESTS), (1, 1, 0)),
    "looks_for_the_key": (answers(READS_KEY), (1, 1, 2)),
    "broken_text": (answers("this is not Python"), (1, 1, 2)),
}  # fmt: skip

FAILS: dict[str, tuple[list[str], tuple[float, float, float]]] = {
    "leaves_in_a_function": (answers(scaled="import os\ndef scaled(x, by): os._exit(0)"), (1, 1, 0)),
    "leaves_in_a_cell": (answers("import os\nos._exit(0)"), (1, 1, 2)),
    "loops_for_ever_in_a_function": (
        answers(
            scaled="def scaled(x, by):\n    while True:\n        try: scaled(x, by)\n        except BaseException: pass"
        ),
        (1, 1, 0),
    ),
}


class Payload:
    """Unpickled, it writes a file: what a crafted .OTTER_LOG does in stock Otter's own process."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return (exec, (f"open({self.marker!r}, 'w').close()",))


def log(marker: str) -> bytes:
    """The bytes of such a log."""
    return pickle.dumps(Payload(marker))
