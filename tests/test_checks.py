"""`grader.check` in a notebook that is graded: values are kept as they were there; nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder.answer import FunctionValue, Missing, Opaque, Returned
from autograder.config import Limits
from autograder.sandbox import Sandbox
from autograder.submission import Cell, Submission

CHECKS = {"q1": ["answer", "area"], "answer": ["answer"], "area": ["area"]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(cell_seconds=2.0, call_seconds=1.0, submission_seconds=20)) as opened:
        yield opened


def values(sandbox: Sandbox, *cells: str) -> dict[str, object]:
    numbered = tuple(Cell(number, source) for number, source in enumerate(cells, start=1))
    with sandbox.open(Submission("student", "ipynb", numbered), CHECKS) as session:
        outcomes = session.run()
        assert [one.failures for one in outcomes] == [()] * len(cells)
        found: dict[str, object] = dict(session.read(["answer", "area"]))
        if isinstance(found["area"], FunctionValue):
            found["area"] = session.call("area", [3])
    return found


START = "import grader"
OTTER = "import otter\ngrader = otter.Notebook('hw1.ipynb')"


@pytest.mark.parametrize("start", [START, OTTER, "from otter import Notebook\ngrader = Notebook()"])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(("answer = 1", "grader.check('q1')", "answer = 2"), 1, id="the name is used again later"),
        pytest.param(("answer = 1", "grader.check('Q1')", "answer = 2"), 1, id="written as on the sheet"),
        pytest.param(("answer = 1", "grader.check('answer')", "answer = 2"), 1, id="one answer's name"),
        pytest.param(("answer = 1", "grader.check('q9')", "answer = 2"), 2, id="a check of something else"),
        pytest.param(("answer = 1", "grader.check()", "answer = 2"), 2, id="a check of nothing"),
        pytest.param(("answer = 1", "answer = 2", "grader.check('q1')"), 2, id="a check at the end"),
        pytest.param(
            ("answer = 1", "grader.check('q1')", "answer = 2", "grader.check('q1')", "answer = 3"), 2, id="the last"
        ),
        pytest.param(("answer = ...", "grader.check('q1')", "answer = 2"), 2, id="blank at its check"),
        pytest.param(("answer = ' ... '", "grader.check('q1')", "answer = 2"), 2, id="blank text at its check"),
        pytest.param(("grader.check('q1')", "answer = 2"), 2, id="not there yet"),
        pytest.param(("answer = [1]", "grader.check('q1')", "answer.append(2)"), [1], id="a list that grows"),
        pytest.param(("answer = 1", "grader.check('q1')", "del answer"), 1, id="deleted later"),
        pytest.param(("answer = 1", "grader.check_all()", "grader.export(pdf=False)"), 1, id="Otter's other calls"),
    ],
)
def test_a_value_is_the_one_at_its_last_check(
    start: str, cells: tuple[str, ...], expected: object, sandbox: Sandbox
) -> None:
    assert values(sandbox, start, *cells)["answer"] == expected


def test_an_array_is_kept_as_it_was(sandbox: Sandbox) -> None:
    found = values(
        sandbox, START, "import numpy as np\nanswer = np.zeros(3)", "grader.check('q1')", "answer[:] = 7"
    )
    np.testing.assert_array_equal(found["answer"], np.zeros(3))  # type: ignore[arg-type]


HELPER = "def helper(x): return x * x\ndef area(x): return helper(x)"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((HELPER, "grader.check('q1')", "def helper(x): return -1"), 9),
        ((HELPER, "grader.check('q1')", "def area(x): return 0"), 9),
        ((HELPER, "def helper(x): return -1", "grader.check('q1')"), -1),
        (("def area(x):\n    'The area.'\n    return ...", "grader.check('q1')", HELPER), 9),
        (("def area(x): pass", "grader.check('q1')", HELPER), 9),
        (("def area(x): return x * x", "grader.check('q1')", "def area(x): return -x"), 9),
        (("scale = 2\ndef area(x, *, by=3): return x * by * scale", "grader.check('q1')", "scale = 0"), 18),
    ],
    ids=[
        "its helper is defined again",
        "it is defined again",
        "checked after that",
        "blank",
        "empty",
        "one line",
        "a constant",
    ],
)
def test_a_function_works_as_at_its_check(cells: tuple[str, ...], expected: int, sandbox: Sandbox) -> None:
    assert values(sandbox, START, *cells)["area"] == Returned(expected)


@pytest.mark.parametrize(
    "cell",
    [
        "import grader\ngrader.check = lambda *a: 'full marks'\ngrader.check('q1')",
        "import grader\ngrader.check(object(), [], {}, key=1)",
        "import grader\ngrader.score = 100\ngrader.anything('at', all=True)",
        "import otter\notter.Notebook().run_plugin('x')",
        "import sys\nsys.modules['grader'] = None",
        "class Odd:\n    def __deepcopy__(self, memo): raise SystemExit\nanswer = [Odd()]\nimport grader",
    ],
)
def test_a_stand_in_gives_nothing_away(cell: str, sandbox: Sandbox) -> None:
    found = values(sandbox, "area = 5", cell)
    assert found["area"] == 5
    assert isinstance(found["answer"], Missing | list | Opaque)


def test_an_own_grader_file_of_the_bundle_is_not_run(sandbox: Sandbox) -> None:
    cells = (Cell(1, "import grader\ngrader.check('q1')\nanswer = 1"),)
    submission = Submission("student", "ipynb", cells, {"grader.py": b"raise SystemExit('not for the grader')"})
    with sandbox.open(submission, CHECKS) as session:
        assert session.run()[0].failures == ()
        assert session.read(["answer"])["answer"] == 1
