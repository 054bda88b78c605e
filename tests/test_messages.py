"""What students read: complete in both languages, true to the level, and never markup of a student's making."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import AnswerError
from autograder.locale import LANGUAGES
from autograder.messages import LEVELS, Say, caret, clean, directed, error_text, message, sentence
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

LRI, PDI = "\u2066", "\u2069"
# --- levels ---

SECRET = "987654321"  # stands for every value and formula of the key
AT = {"F": "1", "K": "2"}
EVIDENCE = [
    Counterexample(AT, "2", SECRET),
    Counterexample({}, "2", SECRET, "[1]"),
    Counterexample({}, "2 entries", SECRET, "shape"),
    Undefined(AT, SECRET),
    Undefined(AT, SECRET, "x[7]", "(7,)"),
    Tolerance("2", SECRET, SECRET, "[0]", 3),
    NoEvidence(("points",)),
]
FINDINGS = [
    None,
    Finding("mistake", "bias-forgotten", {"id": "bias-forgotten"}, SECRET, {"en": "a hint", "fa": "یک راهنمایی"}),
    Finding("mistake", "unnamed", {"id": "unnamed"}, SECRET),
    Finding("edit", "drop-term", {}, SECRET),
    Finding("factor", "factor", {"factor": SECRET}, SECRET),
    Finding("offset", "offset", {"offset": SECRET}, SECRET),
    Finding("convention", "bias-counted", {"id": "bias-counted"}, SECRET),
    Finding("other_answer", "other_answer", {"other": "q1a3_connections"}, SECRET),
    Finding("value", "value", {"case": "x of 3 entries"}),
    Finding("step", "wrong-step", {"step": "2", "passed": "1", "checkpoints": "3"}),
]
KINDS = ["Formula", "Number", "Function", "Derivation", "Choice"]
WRONG = [
    Verdict(status, Fraction(0), "F*K", evidence, finding)
    for status in (Status.INCORRECT, Status.PARTIAL)
    for evidence in EVIDENCE
    for finding in FINDINGS
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", LEVELS[:4])
def test_no_level_below_full_shows_a_value_of_ours(kind: str, level: str, language: str) -> None:
    for verdict in WRONG:
        assert SECRET not in message(kind, verdict, Say(language, level))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_received_and_verdict_say_no_more_than_that(kind: str, language: str) -> None:
    received = {message(kind, verdict, Say(language, "received")) for verdict in WRONG}
    right = message(kind, Verdict(Status.CORRECT, Fraction(1), "F"), Say(language, "received"))
    assert received == {right}
    for verdict in WRONG:
        status = sentence(f"status.{verdict.status.value}", {}, language)
        assert message(kind, verdict, Say(language, "verdict")) == status


def test_reveal_shows_our_value_from_counterexample_on() -> None:
    verdict = Verdict(Status.INCORRECT, evidence=Counterexample(AT, "2", "4"))
    assert message("Formula", verdict, Say(level="counterexample", reveal=True)) == (
        "Not right yet. Try `F = 1, K = 2`: your answer gives `2`, and `4` is right. Put in these numbers and work it "
        "out by hand, one step at a time."
    )
    assert "4" not in message("Formula", verdict, Say(level="hint", reveal=True))


def test_full_says_how_it_was_proved() -> None:
    says = [
        message("Formula", Verdict(Status.CORRECT, Fraction(1), "F", evidence), Say(level="full"))
        for evidence in (Identity(), Balls(200, 30), Grid(24), Tolerance(instances=4))
    ]
    assert says == [
        "Correct. Proved equal for all values.",
        "Correct. Equal to 200 bits at 30 points.",
        "Correct. Equal at 24 points, exactly.",
        "Correct. Right on all 4 inputs.",
    ]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_an_answer_was_read_is_said_at_every_level(level: str, language: str) -> None:
    finding = Finding("syntax", "unknown-name", {"name": "k", "suggestion": "K", "text": "F*k", "offset": "2"})
    said = message("Formula", Verdict(Status.UNREADABLE, finding=finding), Say(language, level))
    assert "`k`" in said
    assert "`K`" in said
    assert "    F*k\n" in said.replace(LRI, "").replace(PDI, "")


def test_our_own_failure_is_called_ours_and_shows_no_trace() -> None:
    finding = Finding("internal", "internal", {"trace": f"Traceback: {SECRET}"})
    for level in LEVELS:
        said = message("Formula", Verdict(Status.UNDECIDED, finding=finding), Say(level=level))
        assert said == "Something broke on our side. A person will look at it; no points are lost."


# --- sentences ---

SAYINGS: list[tuple[Finding, str]] = [
    (Finding("syntax", "unfinished"), "The formula ends where something still has to come."),
    (
        Finding("step", "unfinished-derivation", {"passed": "1", "checkpoints": "3"}),
        "Every step is right so far, but the derivation has not arrived yet. Which line is still to come?",
    ),
    (
        Finding("exception", "exception", {"error": "TypeError", "message": "bad", "line": "3", "source": "x + 'a'"}),
        "Your function stopped with `TypeError: bad`. It stopped in line 3.\n    x + 'a'",
    ),
    (Finding("exception", "exception", {"error": "KeyError", "message": ""}), "Your function stopped with `KeyError`."),
    (
        Finding("exception", "cell-exception", {"cell": "3", "error": "NameError", "message": "x", "line": "2"}),
        "Cell 3 stopped with `NameError: x`, so this answer was not set. It stopped in line 2. Restart the kernel and "
        "run all cells to see it yourself.",
    ),
    (
        Finding("value", "value", {"case": "x of 3 entries", "part": "dW"}),
        "The values of the output are not right. We tried: `x of 3 entries`. This is about the output `dW`.",
    ),
    (Finding("value", "value", {"case": "", "part": ""}), "The values of the output are not right."),
    (
        Finding("mistake", "shape", {"id": "shape"}),  # an author's id is not a code of ours
        "This is a common mistake. Go through the question once more, word by word.",
    ),
    (Finding("convention", "bias-counted"), "This is right if the biases are counted as well; here they are not."),
    (Finding("dtype", "integers", {"dtype": "int64"}), "The result was cut to whole numbers (`int64`). Compute in float64."),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "said"), SAYINGS, ids=[f"{one.kind}-{one.code}" for one, _ in SAYINGS])
def test_a_finding_in_words(finding: Finding, said: str) -> None:
    assert message("Function", Verdict(Status.UNREADABLE, finding=finding), Say()) == said


def test_what_follows_the_students_text_begins_a_new_line() -> None:
    finding = Finding("exception", "exception", {"error": "E", "message": "", "source": "f()"})
    verdict = Verdict(Status.INCORRECT, reading="1/(n - 3)", evidence=Undefined({"n": "3"}), finding=finding)
    assert message("Function", verdict, Say()).split("\n")[1:] == [
        "    f()",
        "Your formula has no value at `n = 3`.",
    ]


CARETS = {
    "plain": ("F*(D*K^!^2)", "    F*(D*K^^2)\n           ^"),
    "start": ("!F", "    F\n    ^"),
    "end": ("F*!", "    F*\n      ^"),
    "second line": ("F\n*!*", "    **\n     ^"),
    "wide characters": ("宽*!*", "    宽**\n       ^"),
    "combining characters": ("e\u0301*!*", "    e\u0301**\n      ^"),
    "characters that are not printed": ("a\x1b!b", "    a�b\n      ^"),
}


@pytest.mark.parametrize(("marked", "shown"), CARETS.values(), ids=CARETS.keys())
def test_the_caret_stands_under_the_place(marked: str, shown: str) -> None:
    assert caret(marked.replace("!", "", 1), marked.index("!")) == shown


def test_long_text_is_cut_around_the_place() -> None:
    line, mark = caret("x+" * 200 + "**" + "+y" * 200, 401).split("\n")
    assert len(line) < 110
    assert line[mark.index("^") - 1 : mark.index("^") + 1] == "**"


def test_a_field_is_short_clean_and_without_backquotes() -> None:
    said = error_text(AnswerError("unknown-name", fields={"name": "a`b\x1b[31m\u202e\nc" + "x" * 1000}))
    assert said.startswith("`a'b cxxx")
    assert len(said) < 400


# --- Persian ---


PERSIAN_TEXTS = {
    "a formula": ("مقدار F*(D + 1) است", "مقدار ⟨F*(D + 1)⟩ است"),
    "a bracket of the sentence": ("لایه (K) و (F و D) را", "لایه ⟨(K)⟩ و (⟨F⟩ و ⟨D⟩) را"),
    "code with Persian in it": ("نام `الف + b` نیست", "نام ⟨`الف + b`⟩ نیست"),
    "nothing to isolate": ("درست است.", "درست است."),
    "a full stop stays outside": ("برابر K^2.", "برابر ⟨K^2⟩."),
    "a negative number": ("برابر -3 است", "برابر ⟨-3⟩ است"),
}


@pytest.mark.parametrize(("text", "shown"), PERSIAN_TEXTS.values(), ids=PERSIAN_TEXTS.keys())
def test_a_formula_in_persian_text_is_isolated(text: str, shown: str) -> None:
    assert directed(text, "fa").replace(LRI, "⟨").replace(PDI, "⟩") == shown
    assert directed(text, "en") == text


# --- laws ---


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(sorted(LANGUAGES)))
def test_no_text_of_a_student_breaks_a_message(text: str, language: str) -> None:
    fields: Mapping[str, str] = {
        "name": text,
        "suggestion": text,
        "text": text or "x",
        "offset": "0",
        "message": text,
    }
    said = message(
        "Formula", Verdict(Status.UNREADABLE, finding=Finding("syntax", "unknown-name", fields)), Say(language)
    )
    assert "\x1b" not in said
    assert said.count(LRI) == said.count(PDI)
    said.encode("utf-8")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
