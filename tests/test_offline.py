"""The file `grader.py` that students get: it reads what the grader reads, needs nothing, and holds no key."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assignments import leaks

from autograder import catalog, offline
from autograder.answer import Answer
from autograder.decide import decide
from autograder.decide.evaluate import compiled
from autograder.errors import AnswerError
from autograder.expression import CODES, Node, Op, Symbol, children, parse, rebuild, to_text
from autograder.expression import Number as Literal
from autograder.locale import LANGUAGES, template
from autograder.messages import error_text
from autograder.offline.exact import Inexact, value_at, values_at
from autograder.offline.flatten import flatten
from autograder.offline.looking import look, plain
from autograder.offline.main import check_file, check_names
from autograder.offline.seal import witness
from autograder.offline.show import Report
from autograder.problem import Formula, Function, Number
from autograder.problem.check import check
from autograder.problem.formula import as_node, facts, names_of
from autograder.problem.options import CheckOptions
from autograder.verdict import Status

ROOT = Path(__file__).parent.parent
CASES = sorted(path.parent for path in (ROOT / "tests" / "submissions").glob("*/expected.json"))
ASSIGNMENT = catalog.load(ROOT, "hw1")
TITLES = {"en": "Homework 1", "fa": "تمرین ۱"}
TEXT = offline.student_file(offline.Plan("hw1", TITLES), ASSIGNMENT.problems)
PYTHONS = sorted({sys.executable, *map(str, Path("~/.pyenv/versions").expanduser().glob("3.1[0-9]*/bin/python3"))})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's folder with nothing but the file."""
    made = tmp_path_factory.mktemp("student")
    (made / "grader.py").write_text(TEXT, encoding="utf-8")
    return made


def run(
    folder: Path, *arguments: str, python: str = sys.executable, options: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python grader.py ...`, without this project in reach."""
    command = [python, *options, str(folder / "grader.py"), *arguments]
    variables = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"} | environment
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120, encoding="utf-8"
    )


def looked(folder: Path, *arguments: str, **more: Any) -> dict[str, dict[str, Any]]:
    done = run(folder, *arguments, "--json", **more)
    assert done.returncode in (0, 1), done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)["answers"]}


def submitted(case: Path) -> Path:
    return next(path for path in case.iterdir() if path.suffix in (".py", ".ipynb"))


# --- the file itself ---


def test_the_same_assignment_gives_the_same_bytes() -> None:
    assert offline.student_file(offline.Plan("hw1", TITLES), ASSIGNMENT.problems) == TEXT


def test_a_person_can_read_the_file() -> None:
    head = TEXT[:1500]
    for part in ("Homework 1", "grader.check", "no answer key in any form", "NOT your grade", "generated", "3.10"):
        assert part in head
    assert max(map(len, TEXT.splitlines())) < 2000
    assert len(TEXT.encode()) < 200_000


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
        if kind in (
            "timeout",
            "died",
            "exception",
        ):  # the program failed: said once at the top, not for each answer
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
    assert "line `3`" in done.stdout


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


# --- level verdict: an oracle, and never a wrong word ---

CHEAP = {"n": 2, "r": 1, "p": 1}  # the slow hash made quick, for tests only
OPTIONS = CheckOptions(secret=b"tests")


def told(level: str, options: CheckOptions = OPTIONS) -> offline.Sheet:
    plan = offline.Plan("hw1", TITLES, level=level, options=options, cost=CHEAP)
    return offline.sheet_in(offline.student_file(plan, ASSIGNMENT.problems))


VERDICTS, EXAMPLES = told("verdict"), told("examples")
SEALED = [entry for entry in VERDICTS.entries if entry.seals]
# exact values do not decide these: roots, exponentials, tolerances
UNSEALED = [
    "q1b4_bn_scaled",
    "q42c_reduction",
    "q6b_bound",
    "q6c_var",
    "q6c_std",
    "q6d_dsigmoid",
    "q6h_f",
    "q6h_df",
]


def state(name: str, value: Any, sheet: offline.Sheet = VERDICTS) -> str:
    (entry,) = sheet.find(name)
    return look(sheet, entry, {name: value}, "en").state


def test_all_but_a_few_formulas_and_numbers_are_sealed() -> None:
    exact = [entry.name for entry in VERDICTS.entries if entry.kind in ("Formula", "Number")]
    assert [name for name in exact if name not in {entry.name for entry in SEALED}] == UNSEALED


@pytest.mark.parametrize("name", UNSEALED)
def test_what_cannot_be_told_is_not_called_wrong(name: str) -> None:
    assert state(name, "1") == "read"
    (entry,) = VERDICTS.find(name)
    assert "cannot be told on this computer" in look(VERDICTS, entry, {name: "1"}, "en").notes[0]


@pytest.mark.parametrize("case", ["perfect_py", "perfect_ipynb"])
def test_a_perfect_submission_is_right_wherever_it_can_be_told(case: str) -> None:
    report = check_file(VERDICTS, submitted(ROOT / "tests" / "submissions" / case))
    states = {row.entry.name: row.state for row in report.rows}
    assert {states[entry.name] for entry in SEALED} == {"right"}
    assert "wrong" not in states.values()


def written(node: Any) -> str:
    return to_text(as_node(node))


MISTAKES = [
    (problem.name, declared.id, written(declared.answer), credited)
    for problem in ASSIGNMENT.problems
    if isinstance(problem, Formula | Number) and problem.name not in UNSEALED
    for declared, credited in [
        *((one, one.credit) for one in problem.mistakes),
        *((one, OPTIONS.credit_of(one.id, one.credit)) for one in problem.conventions),
    ]
]


@pytest.mark.parametrize(("name", "mistake", "text", "credit"), MISTAKES, ids=lambda value: str(value)[:24])
def test_no_mistake_and_no_other_convention_is_right(name: str, mistake: str, text: str, credit: Any) -> None:
    assert state(name, text) in ("wrong", "read")


def test_nearly_every_mistake_is_told_apart() -> None:
    told_wrong = sum(state(name, text) == "wrong" for name, _, text, _ in MISTAKES)
    assert told_wrong >= 0.97 * len(MISTAKES)


@pytest.mark.parametrize(
    "text",
    ["F*D*K^2", "K*F*K*D", "D*F*K**2 + 0", "(2*F*D*K^2 + 2*F*D*K^2)/4", r"F \cdot D \cdot K^{2}", "F·D·K²", "F*D*K^4/K^2",
     "Sum(F*K^2, (i, 1, D))", "F*D*(K+1)*(K-1) + F*D", "F*D*Max(K, 0)^2", "F*D*sqrt(K^4)"],
)  # fmt: skip
def test_equal_formulas_have_one_seal_however_they_are_written(text: str) -> None:
    assert state("q1a2_weights", text) == "right"


@pytest.mark.parametrize(
    ("text", "said"),
    [("F*D*K^2 + 1", "wrong"), ("F*D*K", "wrong"), ("F*D*K^2 + 10^-40", "wrong"), ("F*D*K^2*exp(0)", "read"),
     ("F*D*K^2/(F-F)", "read"), ("F*D*exp(2*log(K))", "read"), ("(F, D)", "wrong"), ("F*D*K^2*pi", "read"),
     ("9^9^9^9", "read")],
)  # fmt: skip
def test_not_right_is_only_said_of_exact_values(text: str, said: str) -> None:
    assert state("q1a2_weights", text) == said


def test_a_convention_that_the_course_accepts_is_right() -> None:
    accepting = told("verdict", CheckOptions(secret=b"tests", conventions=(("bias-counted", Fraction(1)),)))
    for text in ("F*D*K^2", "F*(D*K^2 + 1)"):
        assert state("q1a2_weights", text, accepting) == "right"
    assert state("q1a2_weights", "F*(D*K^2 + 1)") == "wrong"


def test_each_answer_has_a_salt_of_its_own() -> None:
    other = told("verdict", CheckOptions(secret=b"another course"))
    salts = {entry.salt for entry in (*SEALED, *other.entries) if entry.seals}
    assert len(salts) == 2 * len(SEALED)
    seals = [seal for entry in SEALED for seal in entry.seals]
    assert len(set(seals)) == len(seals)


def test_the_evaluator_agrees_with_the_graders() -> None:
    """Two evaluators, python fractions and flint, at every point of every seal of a formula without arrays."""
    for entry in SEALED:
        problem = ASSIGNMENT[entry.name]
        if not isinstance(problem, Formula) or problem.arrays:
            continue
        for node in (facts(problem).reference, *(as_node(one.answer) for one in problem.mistakes)):
            for point in entry.points:
                environment = {
                    name: fmpq(value.numerator, value.denominator) for name, value in point.symbols.items()
                }
                try:
                    mine = value_at(node, point)
                except Inexact:
                    continue
                theirs = compiled(node)(environment)
                assert (int(theirs.p), int(theirs.q)) == (mine.numerator, mine.denominator), entry.name


def test_parse_holds_no_seal_and_no_worked_point() -> None:
    sheet = offline.sheet_in(TEXT)
    assert not any(entry.seals or entry.salt or entry.points or entry.examples for entry in sheet.entries)
    plain = TEXT[TEXT.index("SHEET = ") :]
    assert not re.search(r"[0-9a-f]{24}", plain)


def test_the_sealed_file_holds_no_answer_either() -> None:
    plan = offline.Plan("hw1", TITLES, level="verdict", options=OPTIONS, cost=CHEAP)
    found = {leak.split(":")[0] for leak in leaks(offline.student_file(plan, ASSIGNMENT.problems))}
    assert found == set()


# --- level examples ---


def test_a_worked_point_separates_no_listed_mistake() -> None:
    shown = [entry for entry in EXAMPLES.entries if entry.examples]
    assert 5 <= len(shown) <= 20
    for entry in shown:
        problem = ASSIGNMENT[entry.name]
        assert isinstance(problem, Formula)
        assert problem.mistakes
        for point, value in entry.examples:
            for node in (
                facts(problem).reference,
                *(as_node(one.answer) for one in (*problem.mistakes, *problem.conventions)),
            ):
                assert list(values_at(node, point)) == [value], entry.name


def test_a_worked_point_is_shown_beside_the_students_value() -> None:
    (entry,) = EXAMPLES.find("q1a1_w_out")
    row = look(EXAMPLES, entry, {"q1a1_w_out": "W + K"}, "en")
    assert row.state == "wrong"
    assert row.notes[0] == "At `K = 1, W = 2` a right answer gives `2`, and yours gives `3`."


def test_a_problem_whose_mistakes_always_differ_has_no_example() -> None:
    (entry,) = EXAMPLES.find("q1a2_weights")
    assert entry.examples == ()


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


# --- the seal tells apart what `decide` tells apart ---


def slips(node: Node, names: list[str]) -> Iterator[Node]:
    """Formulas near this one: a literal one more, a symbol for another, a sum for a product, a part left out."""
    parts = children(node)
    for place, part in enumerate(parts):
        for other in slips(part, names):
            yield rebuild_at(node, place, other)
    if isinstance(node, Literal):
        yield Literal(node.value + 1)
    elif isinstance(node, Symbol):
        yield from (Symbol(name) for name in names if name != node.name)
        yield Op("+", (node, Literal(Fraction(1))))
    elif isinstance(node, Op) and node.op in "+*" and len(parts) > 1:
        yield Op("*" if node.op == "+" else "+", node.args)
        yield from (
            node.args[1 - place] if len(parts) == 2 else Op(node.op, node.args[:place] + node.args[place + 1 :])
            for place in range(len(parts))
        )


def rebuild_at(node: Node, place: int, other: Node) -> Node:
    count = iter(range(1000))
    return rebuild(node, lambda part: other if next(count) == place else part)


SEALED_FORMULAS = [
    problem for problem in ASSIGNMENT.problems if isinstance(problem, Formula) and problem.name not in UNSEALED
]


@pytest.mark.parametrize("problem", SEALED_FORMULAS, ids=lambda problem: problem.name)
def test_values_at_the_points_agree_exactly_where_decide_says_equal(problem: Formula) -> None:
    (entry,) = VERDICTS.find(problem.name)
    known = facts(problem)
    right = witness(known.reference, entry.points)
    for number, node in enumerate(slips(known.reference, sorted(entry.names.symbols or ()))):
        if number > 60:
            break
        try:
            same = witness(node, entry.points) == right
        except Inexact:
            continue
        equal = decide(node, known.reference, known.domain).equal
        assert equal is None or same == equal, to_text(node)


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
