"""The file `grader.py` that students get: it reads what the grader reads, needs nothing, and holds no key."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assignments import leaks

from autograder import offline
from autograder.answer import Answer
from autograder.errors import AnswerError
from autograder.expression import CODES, parse
from autograder.locale import LANGUAGES, template
from autograder.messages import error_text
from autograder.offline.flatten import flatten
from autograder.offline.looking import look, plain
from autograder.offline.main import check_names
from autograder.offline.show import Report
from autograder.problem import Formula, Function
from autograder.problem.check import check
from autograder.problem.formula import names_of
from autograder.problem.options import CheckOptions
from autograder.verdict import Status
from tests.athome import (
    ASSIGNMENT,
    CASES,
    EXAMPLES,
    PYTHONS,
    ROOT,
    TEXT,
    TITLES,
    looked,
    run,
    submitted,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's folder with nothing but the file."""
    made = tmp_path_factory.mktemp("student")
    (made / "grader.py").write_text(TEXT, encoding="utf-8")
    return made


# --- the file itself ---


def test_the_same_assignment_gives_the_same_bytes() -> None:
    assert offline.student_file(offline.Plan("hw1", TITLES), ASSIGNMENT.problems) == TEXT


def test_a_person_can_read_the_file() -> None:
    head = TEXT[:1500]
    for part in ("Homework 1", "grader.check", "no answer key in any form", "NOT your grade", "generated", "3.10"):
        assert part in head
    assert max(map(len, TEXT.splitlines())) < 2000
    assert len(TEXT.encode()) < 225_000


def test_the_parser_in_the_file_is_the_graders_own() -> None:
    for path in ("parser", "forms", "reader", "latex"):
        source = (ROOT / "autograder" / "expression" / f"{path}.py").read_text(encoding="utf-8")
        methods = [part.split("\n\n")[0] for part in source.split("\n    def ")[1:]]
        for method in methods:
            assert ">>>" in method or method in TEXT, method


def test_only_the_standard_library_gets_in() -> None:
    with pytest.raises(LookupError, match="not of the standard library"):
        flatten([("autograder.decide", "decide")])


def test_every_error_of_the_parser_has_its_sentence_in_the_file() -> None:
    for language in LANGUAGES:
        for code in CODES:
            assert json.dumps(template(code, language), ensure_ascii=False) in TEXT, (language, code)


def test_nothing_of_the_key_is_in_the_file() -> None:
    assert leaks(TEXT) == []
    assert leaks(TEXT.replace("SHEET = ", "# F*K^2*D\nSHEET = ")) != []


# --- what it says ---


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).parts[-3])
@pytest.mark.parametrize(("case", "code"), [("forgotten_bias", 1), ("blank", 1), ("open_bracket", 1)])
def test_it_needs_nothing_but_python(case: str, code: int, python: str, folder: Path) -> None:
    """Isolated, without site-packages: no numpy either."""
    file = submitted(ROOT / "tests" / "submissions" / case)
    done = run(folder, str(file), python=python, options=("-I", "-S"))
    assert (done.returncode, done.stderr) == (code, "")
    assert "This is not the grade" in " ".join(done.stdout.split())


def test_a_perfect_file_is_read_in_full(folder: Path) -> None:
    done = run(folder, str(submitted(ROOT / "tests" / "submissions" / "perfect_py")))
    assert done.returncode == 0, done.stdout
    assert "All 128 answers can be read." in done.stdout


def test_the_starter_is_blank(folder: Path) -> None:
    rows = looked(folder, str(ROOT / "assignments" / "hw1" / "hw1.py"))
    assert {row["state"] for row in rows.values()} == {"blank"}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_it_reads_what_the_grader_reads(case: Path, folder: Path) -> None:
    """Every answer of every submission: the same reading, blanks where the grader finds blanks, the same sentence."""
    command = [sys.executable, "-m", "autograder", "grade", str(case), "-a", "hw1", "--json", "--view", "staff"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    graded = {row["name"]: row for row in json.loads(done.stdout)["submissions"][0]["problems"]}
    rows = looked(folder, str(submitted(case)))
    assert set(rows) == set(graded)
    different = []
    for name, row in rows.items():
        theirs = graded[name]
        kind = (theirs["finding"] or {}).get("kind")
        if kind in ("timeout", "died"):  # a program that runs on there need not do so here
            continue
        if kind == "exception" and theirs["status"] == "incorrect":  # a function that stops when it is called
            assert row["state"] == "unreadable"
            continue
        state = {"missing": "blank", "unreadable": "unreadable"}.get(theirs["status"], "read")
        if row["state"] != state:
            different.append((name, row["state"], theirs["status"], theirs["message"]))
        elif row["state"] == "read" and row["kind"] != "Function":
            reading = row["reading"].split(" = ")[0] if row["kind"] == "Number" else row["reading"]
            if reading != theirs["reading"]:
                different.append((name, row["reading"], theirs["reading"]))
        elif row["state"] == "unreadable" and row["notes"][0] != theirs["message"]:
            different.append((name, row["notes"], theirs["message"]))
    assert different == []


TEXTS = [
    "F*(D*K^2", "2 D", "F(D+1)", "F*d*K", "K^^2", "", "F**", "x[1]", "F*D*K^2 = 3", r"\frac{F}{2", "sin", "F > 2", "é",
    "1,2", "9**9**9**9", "F.D", "import os", "Sum(i, i)", "(" * 80, "F" * 9000, r"F \cdot D \cdot K^{2}", "F·D·K²", 12, 0.1,
    [1, "F"], None, ..., {"a": 1}, b"F", 1j, True, float("nan"), len, "lambda x: x",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", TEXTS, ids=lambda value: repr(value)[:20])
def test_odd_values_are_answered_as_in_grading(value: Any, language: str) -> None:
    """In this process, with the real catalogue: what the runtime says is what `check` and `error_text` say."""
    sheet = offline.sheet_in(TEXT)
    (entry,) = sheet.find("q1a2_weights")
    row = look(sheet, entry, {"q1a2_weights": value}, language)
    problem = ASSIGNMENT["q1a2_weights"]
    verdict = check(problem, Answer(plain(value)), CheckOptions())
    if verdict.status is Status.MISSING:
        assert row.state == "blank"
    elif verdict.status is Status.UNREADABLE:
        assert row.state == "unreadable"
        assert verdict.finding is not None
        fields = dict(verdict.finding.fields)
        text, offset = fields.pop("text", ""), fields.pop("offset", None)
        error = AnswerError(verdict.finding.code, text=text, offset=int(offset) if offset else None, fields=fields)
        assert row.notes == (error_text(error, language),)
    else:
        assert (row.state, row.reading) == ("read", verdict.reading)


@pytest.mark.parametrize(
    ("name", "count"),
    [("q1a2_weights", 1), ("q1a2", 2), ("Q1a.2", 2), ("q1a", 13), ("q42a", 2), ("", 128)],
)
def test_a_name_means_an_answer_an_item_or_a_part_of_the_sheet(name: str, count: int) -> None:
    assert len(offline.sheet_in(TEXT).find(name)) == count


def test_a_wrong_name_is_met_with_a_suggestion(folder: Path) -> None:
    done = run(folder, str(submitted(CASES[0])), "q1a2_weight")
    assert done.returncode == 3
    assert "Did you mean `q1a2_weights`?" in done.stdout


def test_in_a_notebook_the_names_are_those_of_the_caller(folder: Path) -> None:
    code = "import grader\nq1a2_weights = 'F*D*K^^2'\nx = grader.check('q1a2_weights')\nassert not x.clean and x._repr_html_()"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Two powers in a row" in done.stdout


def test_a_file_that_stops_says_so_once_and_the_rest_is_read(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "hw1.py"
    file.write_text(
        "import sys\nq1a2_weights = 'F*D*K^2'\n1/0\nq1a1_w_out = 'W - K + 1'\nsys.exit(0)\n", encoding="utf-8"
    )
    done = run(folder, str(file), "q1a1_w_out", "q1a2_weights")
    assert done.returncode == 1
    assert done.stdout.count("read as") == 2
    assert "ZeroDivisionError: division by zero" in done.stdout
    assert "It stopped in line 3." in " ".join(done.stdout.split())
    assert "\n    1/0\n" in done.stdout


def test_a_loop_that_does_not_end_is_stopped(folder: Path, tmp_path: Path) -> None:
    plan = offline.Plan("hw1", TITLES, seconds=0.5)
    (tmp_path / "grader.py").write_text(offline.student_file(plan, ASSIGNMENT.problems), encoding="utf-8")
    (tmp_path / "hw1.py").write_text("q1a2_weights = 'F'\nwhile True:\n    pass\n", encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "stopped after 0.5 seconds" in done.stdout


def test_a_windows_terminal_without_persian_letters_gets_english(folder: Path) -> None:
    plan = offline.Plan("hw1", TITLES, language="fa")
    file = submitted(ROOT / "tests" / "submissions" / "open_bracket")
    persian = folder / "fa"
    persian.mkdir(exist_ok=True)
    (persian / "grader.py").write_text(offline.student_file(plan, ASSIGNMENT.problems), encoding="utf-8")
    command = [sys.executable, "grader.py", str(file), "q1a2_weights"]
    outputs = {}
    for encoding in ("cp1252", "cp1256", "utf-8"):
        variables = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": encoding}
        done = subprocess.run(command, cwd=persian, env=variables, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (1, b"")
        outputs[encoding] = done.stdout.decode(encoding)
    assert "A bracket is open" in outputs["cp1252"]
    assert "خوانده نمی‌شود" in outputs["utf-8"]


def test_characters_that_a_terminal_lacks_are_no_crash(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text("q1a2_weights = '√(Ω∂'\n", encoding="utf-8")
    variables = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, str(folder / "grader.py"), "hw1.py", "q1a2"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")


# --- the command of the package ---


def test_the_command_reads_the_pack_beside_the_file(folder: Path) -> None:
    file = folder / "hw1.py"
    shutil.copy(submitted(ROOT / "tests" / "submissions" / "open_bracket"), file)
    command = [sys.executable, "-m", "autograder", "check", str(file), "--json"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 1, done.stderr
    theirs = json.loads(run(folder, str(file), "--json").stdout)
    assert json.loads(done.stdout) == theirs


def test_the_command_without_a_pack_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "hw1.py").write_text("x = 1\n", encoding="utf-8")
    command = [sys.executable, "-m", "autograder", "check", str(tmp_path / "hw1.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "no grader.py" in done.stdout


def test_all_that_a_student_may_write_is_in_the_pack() -> None:
    sheet = offline.sheet_in(TEXT)
    for problem in ASSIGNMENT.problems:
        (entry,) = [one for one in sheet.entries if one.name == problem.name]
        assert entry.kind == problem.kind
        if isinstance(problem, Formula):
            assert entry.names == names_of(problem)
            for mistake in problem.mistakes[:1]:
                if isinstance(mistake.answer, str):
                    parse(mistake.answer, entry.names)
        if isinstance(problem, Function):
            assert entry.arguments is not None, problem.name


# --- in a notebook ---


def test_a_notebook_shows_it(folder: Path, tmp_path: Path) -> None:
    """A real kernel in a folder that holds nothing but the file."""
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    (tmp_path / "grader.py").write_text(TEXT, encoding="utf-8")
    sources = [
        "import grader",
        'q1a2_weights = "F*D*K^2"\ndef conv_weights(D, K, F, bias=False):\n    return F*(D*K*K + bias)',
        'grader.check("q1a2")',
        'q1a1_w_out = "W - k + 1"\ngrader.check("q1a1_w_out", language="fa")',
        'grader.check("q1a1_h_out");',
        'print(grader.check("q2").clean)',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [cell.outputs for cell in notebook.cells]
    shown, persian = outputs[2][0].data, outputs[3][0].data
    assert "q1a2_weights  read as  F*D*K^2" in shown["text/plain"]
    assert "<msup><mi>K</mi><mn>2</mn></msup>" in shown["text/html"]
    assert 'dir="rtl"' in persian["text/html"]
    assert '<code dir="ltr">k</code>' in persian["text/html"]
    assert outputs[4] == []
    assert outputs[5][0].text == "False\n"


def test_markup_of_a_students_is_text() -> None:
    row = look(EXAMPLES, EXAMPLES.find("q1a5_text")[0], {"q1a5_text": "<script>alert(1)</script>"}, "en")
    odd = look(EXAMPLES, EXAMPLES.find("q1a2_weights")[0], {"q1a2_weights": "F*<b>`"}, "en")
    shown = Report(EXAMPLES, (row, odd), "en")._repr_html_()
    assert "<script" not in shown
    assert "<b>`" not in shown


# --- the page ---

PAGE = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "block",
    re.findall(r"^```console\n\$ python (.*?)^```", PAGE, re.MULTILINE | re.DOTALL),
    ids=lambda text: text.splitlines()[0],
)
def test_the_page_shows_what_is_printed(block: str, folder: Path, tmp_path: Path) -> None:
    command, _, printed = block.partition("\n")
    (source,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "hw1.py").write_text(source, encoding="utf-8")
    shutil.copy(folder / "grader.py", tmp_path)
    done = run(tmp_path, *command.split()[1:])
    assert done.stdout.rstrip() == printed.rstrip()


# --- whatever a student writes ---

VALUES = st.recursive(
    st.one_of(
        st.text(max_size=40), st.text(alphabet="FDK^*()+-/ 12.,_{}\\", max_size=30), st.integers(), st.floats(), st.none(),
        st.booleans(), st.complex_numbers(), st.binary(max_size=4), st.just(...), st.just(len), st.fractions(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    value=VALUES,
    name=st.sampled_from(
        ["q1a2_weights", "q1c2_params", "q2_steps", "q6a_condition", "q1a5_text", "q42d_shape", "q2_grad"]
    ),
)
def test_nothing_that_a_student_writes_breaks_the_check(value: Any, name: str) -> None:
    (entry,) = EXAMPLES.find(name)
    row = look(EXAMPLES, entry, {name: value}, "fa")
    report = Report(EXAMPLES, (row,), "fa")
    assert row.state in ("read", "blank", "unreadable", "right", "wrong")
    assert repr(report)
    assert report._repr_html_().count("<div") == report._repr_html_().count("</div>")


def test_a_function_itself_means_its_name() -> None:
    space = {"conv_weights": lambda D, K, F, bias=False: F * D * K * K}

    def conv_weights() -> None: ...

    (row,) = check_names(EXAMPLES, [conv_weights], space).rows  # type: ignore[list-item]
    assert row.state == "read"


def test_an_old_python_is_told_so(folder: Path) -> None:
    old = Path("~/.pyenv/versions").expanduser().glob("3.9*/bin/python3")
    python = next(old, None)
    if python is None:
        pytest.skip("needs a Python 3.9")
    done = run(folder, python=str(python))
    assert done.returncode == 1
    assert "this Python is older than 3.10" in done.stderr
