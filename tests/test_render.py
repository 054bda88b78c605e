"""What people see: goldens renewed only by `pytest --update-golden`, Gradescope's contract, and no forged markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.messages import LEVELS, Say
from autograder.problem import Choice, Derivation, Formula, Function, Item, Number, Problem, Written
from autograder.problem.kinds import Step
from autograder.render import gradescope, jsonform, terminal
from autograder.render.words import html, markdown
from autograder.report import Report, build, row, student, student_view
from autograder.verdict import (
    Balls,
    Counterexample,
    Finding,
    Grid,
    Identity,
    NoEvidence,
    Status,
    Tolerance,
    Undefined,
    Verdict,
)

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parent / "autograder" / "simulate" / "results.schema.json").read_text(encoding="utf-8"))
KEY = "F*D*K**2"  # our reference: must not reach a student below `full`

CONV = Item(id="Q1a", title={"en": "Weights of a convolution", "fa": "وزن‌های یک کانولوشن"}, question={})
GRAD = Item(id="Q2", title={"en": "Gradient of the kernel", "fa": "گرادیان کرنل"}, question={})
TEXT = Item(id="Q3", title={"en": "In your own words", "fa": "با زبان خودتان"}, question={})
STEP = Step("F*D*K**2", {"en": "Each of F filters has D*K*K weights.", "fa": "هر یک از F فیلتر D*K*K وزن دارد."})

FORMULA = Formula(name="q1a_weights", item=CONV, reference=KEY, symbols=dict.fromkeys("FDK", "positive integer"), steps=(STEP,))  # fmt: skip
BIAS = Formula(name="q1a_params", item=CONV, reference="F*(D*K**2 + 1)")
COUNT = Number(name="q1a_count", item=CONV, reference="73856")
GRADIENT = Function(name="grad_w", item=GRAD, signature="grad_w(x, dz)", implementation=len, cases=lambda rng: [])
PROOF = Derivation(name="q2_steps", item=GRAD, checkpoints=())
PICK = Choice(name="q2_pick", item=GRAD, options={"a": {}, "b": {}}, correct=("a",))
ESSAY = Written(name="q3_text", item=TEXT, rubric=())

SYNTAX = Finding("syntax", "two-powers", {"text": "F*(D*K^^2 + 1)", "offset": "7"})
CRASH = Finding(
    "exception",
    "exception",
    {"error": "ValueError", "message": "operands", "line": "4", "source": "    return x @ dz"},
)
CONVENTION = Finding("convention", "bias-counted", {"id": "bias-counted"}, "F*D*K^2 + F")
HALF = Fraction(1, 2)
GRADED: list[tuple[Problem, Verdict, Fraction]] = [
    (FORMULA, Verdict(Status.CORRECT, Fraction(1), "F*D*K^2", Identity()), Fraction(2)),
    (
        BIAS,
        Verdict(Status.PARTIAL, HALF, "F*D*K^2 + F", Counterexample({"F": "1", "K": "2"}, "5", "4"), CONVENTION),
        Fraction(3),
    ),
    (COUNT, Verdict(Status.INCORRECT, Fraction(0), "73728", Counterexample({}, "73728", "73856")), Fraction(1)),
    (FORMULA, Verdict(Status.UNREADABLE, finding=SYNTAX), Fraction(1)),
    (GRADIENT, Verdict(Status.INCORRECT, reading="grad_w(x, dz)", finding=CRASH), Fraction(2)),
    (
        GRADIENT,
        Verdict(
            Status.INCORRECT,
            reading="grad_w(x, dz)",
            evidence=Tolerance("2.5", "1.5", "1.5e-09", "[0]", 3),
            finding=Finding("value", "value", {"case": "x of 5 entries", "part": "dw"}),
        ),
        Fraction(1),
    ),
    (
        PROOF,
        Verdict(
            Status.PARTIAL,
            HALF,
            "Sum(x[i], (i, 0, n))\nn*x",
            finding=Finding("step", "wrong-step", {"step": "2", "written": "n*x", "passed": "1", "checkpoints": "2"}),
        ),
        Fraction(2),
    ),
    (PICK, Verdict(Status.INCORRECT, reading="b", finding=Finding("choice", "choice")), Fraction(1)),
    (
        FORMULA,
        Verdict(Status.UNDECIDED, reading="K**K", finding=Finding("internal", "internal", {"trace": "Traceback\n  boom"})),
        Fraction(1),
    ),
    (
        ESSAY,
        Verdict(Status.UNDECIDED, reading="Weights are shared.\n# Not a heading", finding=Finding("written", "written")),
        Fraction(3),
    ),
    (BIAS, Verdict(Status.MISSING, finding=Finding("blank", "blank")), Fraction(1)),
]  # fmt: skip


def report(language: str = "en", level: str = "hint", graded: Any = None, *, reveal: bool = False) -> Report:
    empty = Report(
        "hw1", "Homework 1" if language == "en" else "تمرین ۱", "student 7", language, "0.1.0", "sha256:ab", ()
    )
    say = Say(language, level, reveal)
    rows = [row(problem, verdict, most, say) for problem, verdict, most in (GRADED if graded is None else graded)]
    note = Finding("magic", "magic-not-run", {"cell": "2", "line": "!pip install torch"})
    return build(empty, rows, [note])


# --- goldens ---

GOLDENS = {
    "terminal_staff_en.txt": lambda: terminal.render(report(), view="staff", missing=True),
    "terminal_student_en.txt": lambda: terminal.render(report(), width=80),
    "terminal_student_fa.txt": lambda: terminal.render(report("fa"), width=80),
    "terminal_exam_en.txt": lambda: terminal.render(report(level="received")),
    "terminal_full_en.txt": lambda: terminal.render(report(level="full")),
    "results_en.json": lambda: as_json(gradescope.render(report())),
    "results_fa.json": lambda: as_json(gradescope.render(report("fa", "counterexample"))),
    "results_exam_en.json": lambda: as_json(gradescope.render(report(level="received"))),
    "grade_staff_en.json": lambda: as_json(jsonform.reports([report(level="counterexample")], "staff")),
    "grade_student_en.json": lambda: as_json(jsonform.reports([report(level="counterexample")], "student")),
    "message_en.html": lambda: page("en"),
    "message_fa.html": lambda: page("fa"),
}


def as_json(form: Any) -> str:
    return json.dumps(form, ensure_ascii=False, indent=1, allow_nan=False)


def page(language: str) -> str:
    return "\n".join(html(one.message, language) for one in report(language, "counterexample").rows)


@pytest.mark.parametrize("name", GOLDENS)
def test_what_people_see(name: str, update_golden: bool) -> None:
    path, seen = HERE / "golden" / name, GOLDENS[name]() + "\n"
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_text(seen, encoding="utf-8")
    assert path.is_file(), "run pytest --update-golden, and read what it wrote"
    assert seen == path.read_text(encoding="utf-8")


# --- what a student sees ---

WITH_KEY = [
    Counterexample({"K": "2"}, "2", "31337"),
    Counterexample({}, "2", "31337", "[1]"),
    Counterexample({}, "2", "31337", "shape"),
    Undefined({"K": "2"}, "31337"),
    Tolerance("2", "31337", "31337", "[0]"),
]


@pytest.mark.parametrize("evidence", WITH_KEY, ids=lambda one: one.kind)
@pytest.mark.parametrize("level", LEVELS[:4])
def test_no_view_of_a_student_holds_the_key_below_full(evidence: Any, level: str) -> None:
    finding = Finding("mistake", "m", {"id": "m", "key_value": "31337", "trace": "31337"}, "31337")
    for problem in (FORMULA, COUNT, GRADIENT):
        verdict = Verdict(Status.INCORRECT, reading="K", evidence=evidence, finding=finding)
        found = report(level=level, graded=[(problem, verdict, Fraction(1))])
        seen = [
            terminal.render(found, view="student"),
            as_json(jsonform.reports([found], "student")),
            as_json(gradescope.render(found)),
        ]
        assert [text for text in seen if "31337" in text or KEY in text or "F*D*K^2" in text] == []
        assert "31337" in as_json(jsonform.reports([found], "staff"))


def test_reveal_opens_values_and_never_formulas() -> None:
    finding = Finding("mistake", "m", {"id": "m"}, "wrong-formula")
    verdict = Verdict(Status.INCORRECT, evidence=Counterexample({"K": "2"}, "2", "31337"), finding=finding)
    seen = student_view(verdict, Say(level="counterexample", reveal=True))
    assert seen.evidence == verdict.evidence
    assert seen.finding is not None
    assert seen.finding.formula == ""


def test_received_looks_the_same_whatever_the_verdict() -> None:
    verdicts = [
        Verdict(Status.CORRECT, Fraction(1), "K", Identity()),
        Verdict(Status.PARTIAL, HALF, "K", Grid(3), CONVENTION),
        Verdict(Status.INCORRECT, reading="K", evidence=Undefined({"K": "2"})),
    ]
    found = [report(level="received", graded=[(FORMULA, verdict, Fraction(2))]) for verdict in verdicts]
    assert len({terminal.render(one) for one in found}) == 1
    assert len({as_json(jsonform.reports([one], "student")) for one in found}) == 1
    for one in found:
        [test] = gradescope.render(one)["tests"]
        assert test["visibility"] == "after_published"
        assert "status" not in test
        assert test["extra_data"]["status"] == "received"


def test_the_total_is_kept_back_with_any_row() -> None:
    rows = report().rows
    mixed = replace(report(), rows=(replace(rows[0], say=Say(level="received")), rows[2]))
    assert student(mixed).shown is False
    assert jsonform.reports([mixed], "student")["submissions"][0]["score"] is None
    assert "of 3 points" not in terminal.render(mixed)
    assert "of 3 points" not in gradescope.render(mixed)["output"]


# --- Gradescope ---


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("visibility", ["visible", "after_due_date", "after_published", "hidden"])
def test_results_are_valid_and_add_up(level: str, language: str, visibility: str) -> None:
    results = gradescope.render(report(language, level), visibility=visibility)
    jsonschema.validate(results, SCHEMA)
    assert results["score"] == pytest.approx(sum(test.get("score", 0) for test in results["tests"]))
    assert sum(test["max_score"] for test in results["tests"]) == 18


def test_a_row_that_waits_for_a_person_has_no_score() -> None:
    tests = gradescope.render(report())["tests"]
    waiting = [test["extra_data"]["name"] for test in tests if "score" not in test]
    assert waiting == ["q1a_weights", "q3_text"]


def test_a_wrong_answer_worth_no_points_is_not_shown_as_passed() -> None:
    graded = [(COUNT, Verdict(Status.INCORRECT, reading="1"), Fraction(0))]
    [test] = gradescope.render(report(graded=graded))["tests"]
    assert (test["score"], test["max_score"], test["status"]) == (0, 0, "failed")


def test_rows_checked_later_are_announced() -> None:
    later = gradescope.render(report(), visibility="after_due_date")
    assert "Points that are checked after the due date: 18." in later["output"]
    assert "4.5 of 18" in gradescope.render(report())["output"]


def test_the_fallback_is_valid() -> None:
    jsonschema.validate(gradescope.fallback("The grader stopped."), SCHEMA)


def test_a_submission_of_megabytes_stays_below_one() -> None:
    huge = Verdict(
        Status.INCORRECT,
        reading="宽" * 2_000_000,
        evidence=Counterexample({"K": "9" * 10_000}, "9" * 1_000_000, "1"),
        finding=Finding(
            "exception", "exception", {"error": "E", "message": "x" * 1_000_000, "source": "y" * 1_000_000}
        ),
    )
    for level in LEVELS:
        found = report(level=level, graded=[(FORMULA, huge, Fraction(1))] * 100)
        size = len(json.dumps(gradescope.render(found), ensure_ascii=False).encode())
        assert size < 1_000_000


TEXTS = st.text(max_size=80) | st.text(
    st.sampled_from("`*_<>[]()#-+=!&\\\n\r\t ~|1.\x1b\u202e\u2066\ud800a"), max_size=40
)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(["en", "fa"]), st.sampled_from(LEVELS))
def test_no_text_of_a_student_makes_the_results_invalid(text: str, language: str, level: str) -> None:
    fields = dict.fromkeys(("error", "message", "source", "case", "name", "text"), text) | {"offset": "0"}
    verdicts = [
        Verdict(Status.INCORRECT, Fraction(0), text, Counterexample({"K": text}, text, text), Finding("exception", "exception", fields)),
        Verdict(Status.UNREADABLE, Fraction(0), text, NoEvidence(), Finding("syntax", "unknown-name", fields)),
    ]  # fmt: skip
    found = report(
        language, level, [(problem, verdict, Fraction(1)) for problem in (FORMULA, ESSAY) for verdict in verdicts]
    )
    results = gradescope.render(found)
    jsonschema.validate(results, SCHEMA)
    written = json.dumps(results, ensure_ascii=False, allow_nan=False).encode("utf-8").decode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)
    if language == "en":
        assert not re.search(r"[\u2066-\u2069]", written)
    for view in ("student", "staff"):
        assert "\x1b" not in terminal.render(found, view=view)


# --- Markdown and HTML ---

FORGERIES = [
    "<script>alert(1)</script>", "<img src=x onerror=y>", "**bold**", "# heading", "- item", "1. item", "[a](http://b)",
    "![a](b)", "`code` *x*", "``` \nfence", "> quote", "===", "---", "a\n\n# b", "&lt;b&gt;", "\\*x\\*", "~~x~~", "__x__",
]  # fmt: skip


def rendered(text: str) -> str:
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True})
    return str(parser.render(text))


@pytest.mark.parametrize("text", FORGERIES)
def test_a_student_cannot_write_markup(text: str) -> None:
    """Rendered by a real parser with HTML on: beside paragraphs there is code, and nothing else."""
    fields = dict.fromkeys(("error", "message", "source", "name", "text"), text) | {"offset": "0"}
    for problem, code in ((FORMULA, "unknown-name"), (GRADIENT, "exception"), (ESSAY, "written")):
        finding = Finding("exception" if code == "exception" else "syntax", code, fields)
        found = report(graded=[(problem, Verdict(Status.UNREADABLE, reading=text, finding=finding), Fraction(1))])
        results = gradescope.render(replace(found, notes=(text,), submission=text))
        for output in (results["output"], results["tests"][0]["output"]):
            tags = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", rendered(output)))
            assert tags <= {"p", "code", "pre"}, output


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_markdown_renders_back_to_the_words(text: str) -> None:
    message = " ".join(text.split()).replace("`", "").encode("utf-8", "replace").decode()
    page = rendered(markdown(message))
    assert set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", page)) <= {"p"}


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_html_holds_no_tag_but_ours(text: str) -> None:
    found = html(text, "fa")
    assert set(re.findall(r"</?([^ >]*)", found)) <= {"p", "pre", "bdi", "code"}


def test_persian_html_runs_right_to_left_with_formulas_left_to_right() -> None:
    finding = Finding("syntax", "unknown-name", {"name": "k", "suggestion": "K", "text": "F*k", "offset": "2"})
    [one] = report("fa", graded=[(FORMULA, Verdict(Status.UNREADABLE, finding=finding), Fraction(1))]).rows
    assert html(one.message, "fa") == (
        '<p dir="rtl"><bdi dir="ltr"><code>k</code></bdi> از نام‌های این پرسش نیست. '
        'آیا منظورتان <bdi dir="ltr"><code>K</code></bdi> بود؟</p>\n<pre dir="ltr">F*k\n  ^</pre>'
    )


# --- terminal ---


def test_colours_only_where_asked_for() -> None:
    assert "\x1b" not in terminal.render(report())
    colored = terminal.render(report(), color=True)
    assert "\x1b[32m✓" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == terminal.render(report())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    for language in ("en", "fa"):
        for line in terminal.render(report(language), width=width).split("\n"):
            assert terminal.columns(line) <= width, line


def test_blank_answers_are_listed_only_where_asked_for() -> None:
    assert "q1a_params                       0/1" not in terminal.render(report())
    assert "q1a_params                       0/1" in terminal.render(report(), missing=True)


# --- JSON ---


def test_a_bound_that_is_not_zero_is_not_written_as_zero() -> None:
    assert jsonform.evidence(Identity(Fraction(1, 2**80)))["error_bound"] == 2.0**-80
    assert jsonform.evidence(Identity())["error_bound"] == 0
    assert jsonform.evidence(Balls(200, 30)) == {"kind": "balls", "bits": 200, "points": 30}


def test_a_problem_object_has_the_documented_shape() -> None:
    for one in report().rows:
        for view in ("student", "staff"):
            form = jsonform.problem(one, view)
            assert list(form) == [
                "name", "kind", "status", "score", "max_score", "reading", "message", "evidence", "finding",
            ]  # fmt: skip
            assert "kind" in form["evidence"]
