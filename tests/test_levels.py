"""What each level keeps back, over real answers: every declared mistake of homework 1, with its entry and without.

Each form that a student can see is looked at: the message, the page and the terminal, results.json and plain JSON.
What may not be there is found independently of the program: from the reference and the answer as they are written.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from test_explanations import OPTIONS, PROBLEMS, calling, hidden

from autograder.answer import Answer, FunctionValue
from autograder.arrays import Closeness, compare
from autograder.expression import Tuple, to_text
from autograder.locale import LANGUAGES, known
from autograder.messages import LEVELS, Say, message, sentence
from autograder.problem import Formula, Function, Number
from autograder.problem.check import check
from autograder.problem.formula import as_node, declared_node, facts, points_of
from autograder.problem.number import number_facts
from autograder.render import gradescope, jsonform, terminal
from autograder.render.words import html
from autograder.report import Report, Row, row, student_view
from autograder.verdict import Counterexample, Status, Tolerance, Undefined, Verdict

pytestmark = pytest.mark.slow  # a minute together

SECRET = "7040302"  # stands for every value of ours
HOW_IT_RAN = {"exception", "timeout", "died"}


@dataclasses.dataclass(frozen=True)
class Real:
    """A wrong answer to homework 1: with the entry that foresaw it, or as a mistake that nobody declared."""

    problem: Any
    entry: str
    written: str
    verdict: Verdict

    @property
    def name(self) -> str:
        return f"{self.problem.name}: {self.entry}"


def answered(problem: Any, entry: Any) -> tuple[str, Answer]:
    if isinstance(problem, Function):
        return "", Answer(FunctionValue(problem.name), calling(entry.answer))
    if isinstance(problem, Formula | Number):
        text = to_text(declared_node(entry))
        return text, Answer(text)
    return str(entry.answer), Answer(entry.answer)


@cache
def real() -> tuple[Real, ...]:
    return tuple(found())


def found() -> Iterator[Real]:
    for problem in PROBLEMS.values():
        for entry in (*getattr(problem, "mistakes", ()), *getattr(problem, "conventions", ())):
            written, answer = answered(problem, entry)
            yield Real(problem, entry.id, written, check(problem, answer, OPTIONS))
            if isinstance(problem, Formula | Number | Function):
                bare, verdict = hidden(problem, answer)
                yield Real(bare, f"{entry.id}, hidden", written, verdict)


def shown(one: Real, say: Say, verdict: Verdict | None = None) -> tuple[Row, dict[str, Any], dict[str, str]]:
    """A row and every form of it that a student can see, apart from how the answer was read."""
    line = row(one.problem, verdict or one.verdict, Fraction(1), say, "1.1")
    report = Report("hw1", "Homework", "s1", say.language, "e", "k", (line,))
    results = gradescope.render(report)
    form = jsonform.problem(line, "student")
    texts = {
        "message": line.message,
        "page": html(line.message, say.language),
        "terminal": terminal.render(report, width=400),
        "results": json.dumps(results, ensure_ascii=False),
        "json": json.dumps(form, ensure_ascii=False),
    }
    return line, form | {"row": results["tests"][0], "results": results}, texts


def test_there_are_enough_of_every_kind() -> None:
    kinds = {kind: sum(one.problem.kind == kind for one in real()) for kind in ("Formula", "Number", "Function")}
    assert min(kinds.values()) > 100, kinds
    assert all(one.verdict.status in (Status.INCORRECT, Status.PARTIAL) for one in real())


# --- received and verdict ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_received_shows_the_same_for_a_wrong_answer_as_for_a_right_one(language: str) -> None:
    for one in real():
        right = Verdict(Status.CORRECT, Fraction(1), one.verdict.reading)
        mine, other = shown(one, Say(language, "received")), shown(one, Say(language, "received"), right)
        kept = mine[1]["row"]
        assert kept["visibility"] == "after_published", one.name
        assert "status" not in kept, one.name
        assert mine[1]["score"] is None, one.name
        for form in (mine, other):
            form[1]["row"].pop("score")
            form[1]["row"]["extra_data"].pop("fingerprint")  # of the student's own answer
            form[1]["results"].pop("score")
        assert mine[1] == other[1], one.name
        for name in ("message", "page", "terminal"):
            assert mine[2][name] == other[2][name], one.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_is_all_that_verdict_shows(language: str) -> None:
    for one in real():
        if one.verdict.finding is not None and one.verdict.finding.kind in HOW_IT_RAN:
            continue
        bare = Verdict(one.verdict.status, one.verdict.credit, one.verdict.reading)
        mine, other = shown(one, Say(language, "verdict")), shown(one, Say(language, "verdict"), bare)
        assert mine[0].message == sentence(f"status.{one.verdict.status.value}", {}, language)
        assert mine[1] == other[1], one.name
        assert mine[2] == other[2], one.name


# --- hint ---

WORDS = {
    "1": r"(?:by|plus|minus|add|below|above) one\b|one (?:more|less|too)\b|یکی کم|یکی زیاد|یکی بیش|یک واحد",
    "2": r"two|twice|double|half|halve|halving|both|pair|squared|دو|دو‌برابر|دوبرابر|نصف|نیم|مجذور",
    "3": r"three|third|triple|cubed|سه|سوم|ثلث",
    "4": r"four|fourth|quarter|چهار|چهارم|یک‌چهارم|ربع",
    "5": r"five|fifth|پنج|پنجم",
    "6": r"six|شش",
    "7": r"seven|هفت",
    "8": r"eight|هشت",
    "9": r"nine",
    "10": r"ten|ده",
    "100": r"hundred|صد",
}
PERSIAN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
NAME, DIGITS, SIGNS = r"[A-Za-z_]\w*", r"\d+(?:\.\d+)?", r"\*\*|[-+*/^]"
OPERANDS = r"(?<=[\w)\]])\s?({})\s?(?=[\w(\[])"


def parts(formula: str) -> set[str]:
    """Names, numbers and signs of a formula."""
    plain = re.sub(NAME, " ", formula)
    signs = {sign.replace("**", "^") for sign in re.findall(SIGNS, formula)}
    return {*re.findall(NAME, formula), *re.findall(DIGITS, plain), *signs}


def references(problem: Any) -> set[str]:
    """What stands in the reference, as the author wrote it and as we write it."""
    reference = getattr(problem, "reference", None)
    if reference is None:
        return set()
    forms = [str(reference), to_text(as_node(reference))]
    if isinstance(problem, Number):
        forms.append(to_text(number_facts(problem).reference))
    return set().union(*map(parts, forms))


def holds(text: str, part: str) -> bool:
    """Whether a sentence holds a name, a number (in digits or in words) or a sign between two operands."""
    text = text.translate(PERSIAN_DIGITS).replace("\u2066", "").replace("\u2069", "")
    if re.fullmatch(NAME, part):
        # "a" and "I" are words as well, and names only as code or beside a sign
        beside = r"[`*/^+(]{0}\b|\b{0}[`*/^+)]" if part in "aAiI" else r"\b{0}\b"
        return bool(re.search(beside.format(part), text, re.ASCII))
    if re.fullmatch(DIGITS, part):
        digits = re.findall(DIGITS, re.sub(rf"{NAME}|\d+(?=-D\b)", " ", text))
        return part in digits or bool(part in WORDS and re.search(rf"\b(?:{WORDS[part]})\b", text, re.IGNORECASE))
    prose = re.sub(r"(?<=[a-z])[-/](?=[a-z])", " ", text)  # a hyphen, and a stroke for "or"
    return part in {sign.replace("**", "^") for sign in re.findall(OPERANDS.format(SIGNS), prose)}


def told(one: Real, language: str) -> Iterator[tuple[str, str]]:
    """Everything that the level hint adds to how the answer was read, by the form that shows it."""
    line, form, _ = shown(one, Say(language, "hint"))
    finding = one.verdict.finding
    called = (
        "" if finding is None else finding.fields.get("case", "")
    )  # the inputs that were tried are no part of a key
    said = line.message.replace(f"`{called}`", "")
    yield "message", said
    yield "page", re.sub(r"<[^>]*>", "", html(said, language))
    yield "json", spoken(said, form["evidence"], form["finding"])
    data = form["row"]["extra_data"]
    yield "results", spoken(data["evidence"], data["finding"], data["code"])


def spoken(*values: Any) -> str:
    """Values of JSON as text, without what the function was called with and the codes that are ours.

    The words of any other identifier stand apart, and may be read as well.
    """
    words = []
    for value in values:
        if isinstance(value, dict):
            words.append(spoken(*(part for key, part in value.items() if key not in ("case", "instances"))))
        elif value is not None and not any(known(f"{kind}.{value}") for kind in ("edit", "convention")):
            text = str(value)
            words.append(re.sub(r"[-_]", " ", text) if re.fullmatch(r"[\w-]+", text) else text)
    return " | ".join(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_hint_holds_what_the_reference_has_and_the_answer_lacks(language: str) -> None:
    leaks = []
    for one in real():
        kept = references(one.problem) - parts(one.written) - parts(one.verdict.reading)
        for form, text in told(one, language):
            held = sorted(part for part in kept if holds(text, part))
            if held:
                leaks.append((one.name, form, held, text))
    assert leaks == []


# --- counterexample ---


def marked(verdict: Verdict) -> Verdict:
    """The same verdict with a mark for each thing of ours that it carries."""
    evidence, finding = verdict.evidence, verdict.finding
    match evidence:
        case Counterexample() | Undefined():
            evidence = dataclasses.replace(evidence, reference=SECRET)
        case Tolerance(answer=answer, first=first) if answer:
            inner = first and dataclasses.replace(first, reference=SECRET, allowed=SECRET)
            evidence = dataclasses.replace(evidence, reference=SECRET, allowed=SECRET, first=inner)
    if finding is not None:
        fields = {name: SECRET if name.startswith("key_") else value for name, value in finding.fields.items()}
        finding = dataclasses.replace(finding, formula=SECRET, fields=fields)
    return dataclasses.replace(verdict, evidence=evidence, finding=finding)


@pytest.mark.parametrize("language", LANGUAGES)
def test_below_full_no_value_of_ours_is_shown_unless_it_is_revealed(language: str) -> None:
    revealed = 0
    for one in real():
        for level in ("hint", "counterexample"):
            texts = shown(one, Say(language, level), marked(one.verdict))[2]
            assert [name for name, text in texts.items() if SECRET in text] == [], (one.name, level)
        open_ = shown(one, Say(language, "counterexample", reveal=True), marked(one.verdict))[2]
        revealed += any(SECRET in text for text in open_.values())
    assert revealed > 200


def test_the_shape_that_is_expected_is_told_only_where_values_are() -> None:
    problem = PROBLEMS["dilated_kernel"]  # its shape is the answer to another question
    verdict = check(problem, Answer(FunctionValue(problem.name), calling(lambda K, D: np.zeros((2, 11)))), OPTIONS)
    assert verdict.finding is not None
    expected = verdict.finding.fields["key_shape"]
    for level in LEVELS[:4]:
        one = Real(problem, "", "", verdict)
        assert [name for name, text in shown(one, Say(level=level))[2].items() if expected in text] == []
    assert expected in row(problem, verdict, Fraction(1), Say(level="counterexample", reveal=True)).message


# --- handing in again and again ---


def told_entry(values: list[float], level: str = "counterexample") -> str:
    """What is said of an array that differs from the right one, without the words around it."""
    right = np.array([1.0, 2.0, 3.0, 4.0])
    found = compare(np.array(values), right, Closeness())
    verdict = Verdict(Status.INCORRECT, evidence=found.worst, finding=found.finding)
    return message("Function", verdict, Say(level=level))


def test_which_entry_is_shown_does_not_tell_how_far_off_each_one_is() -> None:
    """Else two wrong entries could be weighed against each other until a value is found."""
    assert "`[1]`" in told_entry([1, 2.5, 3, 400])
    assert "`[1]`" in told_entry([1, 250, 3, 4.5])
    found = compare(np.array([1, 2.5, 3, 400]), np.array([1.0, 2.0, 3.0, 4.0]), Closeness()).worst
    assert found.entry == "[3]"  # what the staff sees


PROBING = [problem for problem in PROBLEMS.values() if isinstance(problem, Formula)]


@pytest.mark.parametrize("problem", PROBING, ids=[problem.name for problem in PROBING])
def test_every_answer_to_a_question_is_shown_one_of_the_same_few_points(problem: Formula) -> None:
    """Whatever is asked, and however often: a point beyond the problem's own ones is never shown."""
    few = [dict(at) for _, at in points_of(problem)]
    assert 0 < len(few) <= 48
    for text in probes(problem):
        verdict = check(problem, Answer(text), dataclasses.replace(OPTIONS, search=False))
        if verdict.status in (Status.INCORRECT, Status.PARTIAL) and isinstance(verdict.evidence, Counterexample):
            seen = student_view(verdict, Say(level="counterexample", reveal=True)).evidence
            assert not seen.at or any(seen.at.items() <= at.items() for at in few), text


def probes(problem: Formula) -> Iterator[str]:
    """Answers that differ from the reference at one size each, as somebody would ask who wants the key's values."""
    reference = to_text(facts(problem).reference)
    if isinstance(facts(problem).reference, Tuple):
        return
    for name in sorted(problem.symbols)[:2]:
        yield from (f"({reference}) + {count}*({name} - {count})" for count in range(1, 7))
        yield f"({reference}) + ({name} - 1)*({name} - 2)*({name} - 3)*({name} - 4)"
