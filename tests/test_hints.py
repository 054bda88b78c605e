"""A hint names the mistake and keeps the correction; points shown are the problem's own, however often one asks."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import catalog
from autograder.answer import Answer
from autograder.audit.hints import audit_hints
from autograder.decide import rational
from autograder.expression import substitute, to_text
from autograder.messages import LEVELS, Say, message
from autograder.messages.hints import betrayed, tokens
from autograder.problem import Formula, Item, Mistake, Number, Problem
from autograder.problem.check import check
from autograder.problem.formula import declared_node, points_of
from autograder.problem.kinds import declared_in
from autograder.problem.number import number_facts
from autograder.problem.options import CheckOptions
from autograder.render import jsonform
from autograder.report import row, unsaid
from autograder.verdict import Counterexample, Finding, Status, Verdict

ROOT = Path(__file__).parent.parent
HW1 = catalog.load(ROOT, "hw1")
CONV = Item(id="Q1", title={"en": "t", "fa": "ت"}, question={"en": "q", "fa": "پ"})
SIZES = dict.fromkeys("DFK", "positive integer")


def formula(hint: str = "", wrong: str = "F*D*K", **fields: Any) -> Formula:
    mistakes = (Mistake(id="m", answer=wrong, hint={"en": hint, "fa": hint}),) if hint else ()
    return Formula(
        name="q1", item=CONV, reference="F*D*K**2", symbols=SIZES, mistakes=mistakes, ask=CONV.title, **fields
    )


# --- tokens ---

BETRAYED = {
    "a formula": ("It is F*D*K^2.", "F*D*K", {"2", "^"}),
    "two stars for a power": ("K**2 taps", "K", {"2", "^"}),
    "a symbol": ("Each of the D channels counts.", "F*K*K", {"D"}),
    "a digit": ("There are 2 sides.", "F*D*K", {"2"}),
    "a Persian digit": ("۲ ضلع دارد", "F*D*K", {"2"}),
    "a symbol in Persian": ("کانال‌های D شمرده نشده", "F*K", {"D"}),
    "a cross between numbers": ("a map of 28 x 28", "F + D", {"*"}),
    "a sign with blanks": ("kernel * depth", "F + D", {"*"}),
    "a hyphen is no minus": ("A multiply-add is one operation.", "K", set()),
    "words are no symbols": ("A filter is a square, not a line.", "F*D*K", set()),
    "a number in words": ("The sides come twice.", "F*D*K", {"2"}),
    "a share in words": ("Only half of them", "F*D*K", {"2"}),
    "a number in Persian words": ("هر دو ضلع", "F*D*K", {"2"}),
    "a share in Persian words": ("نصف آن", "F*D*K", {"2"}),
    "a sign in words": ("F times D", "F + D", {"*"}),
    "how often is no sign": ("Count how many times it is used.", "F + D", set()),
    "a square is a shape": ("A filter is a square.", "F*D*K", set()),
    "a symbol inside of a word": ("Do you know the Filters?", "K", set()),
}


@pytest.mark.parametrize(("words", "answer", "found"), BETRAYED.values(), ids=BETRAYED.keys())
def test_what_a_sentence_betrays(words: str, answer: str, found: set[str]) -> None:
    assert betrayed(words, tokens("F*D*K^2") - tokens(answer)) == found


def test_one_is_a_number_where_it_reckons_and_else_an_article() -> None:
    assert betrayed("It is off by one.", {"1"}) == betrayed("There is one too many.", {"1"}) == {"1"}
    assert betrayed("یکی کم است.", {"1"}) == {"1"}
    assert betrayed("One of the layers is missing; which one acts first?", {"1"}) == frozenset()
    assert betrayed("یک جمله جا افتاده است.", {"1"}) == frozenset()


def test_the_article_is_no_symbol_and_the_symbol_is() -> None:
    assert betrayed("This is a mistake. I think so.", {"a", "I"}) == frozenset()
    assert betrayed("This is a*b.", {"a", "b"}) == {"a", "b"}


# --- what authors declare ---


def declared() -> list[tuple[Problem, Mistake]]:
    return [(problem, entry) for problem in HW1.problems for entry in declared_in(problem)]


def as_written(problem: Problem, entry: Mistake) -> Any:
    """What a student writes who makes this mistake."""
    if isinstance(problem, Number):
        value = rational(substitute(declared_node(entry), number_facts(problem).at))
        return to_text(declared_node(entry)) if value is None else str(value)
    return to_text(declared_node(entry)) if isinstance(problem, Formula) else entry.answer


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_hint_of_homework_1_holds_what_the_answer_lacks(language: str) -> None:
    """Over every declared mistake and convention, as a student would write it, in the words that are then read."""
    leaks, read = [], 0
    for problem, entry in declared():
        if isinstance(problem, Formula | Number):
            written = as_written(problem, entry)
            verdict = check(problem, Answer(written), CheckOptions())
            said = row(problem, verdict, Fraction(1), Say(language, "hint")).message
            own = betrayed(entry.hint.get(language, ""), unsaid(problem, written))
            held = betrayed(said, unsaid(problem, verdict.reading)) | own
            read += 1
            if held:
                leaks.append((problem.name, entry.id, sorted(held), said))
    assert leaks == []
    assert read > 250


def test_the_audit_of_homework_1_finds_no_hint_that_leaks() -> None:
    assert [(problem.name, slip) for problem in HW1.problems for slip in audit_hints(problem)] == []


@pytest.mark.parametrize("hint", ["Each filter has K^2 taps.", "توان باید 2 باشد"])
def test_the_audit_names_a_hint_that_leaks(hint: str) -> None:
    found = [slip.message for slip in audit_hints(formula(hint))]
    assert any("'2', which the reference has and this answer lacks" in text for text in found)


def test_the_audit_reads_the_source_of_functions_too() -> None:
    from autograder.problem import Function

    def pooled(x: Any) -> Any:
        return x.sum() / 4

    def summed(x: Any) -> Any:
        return x.sum()

    problem = Function(
        name="pooled", item=CONV, ask=CONV.title, signature="pooled(x)", implementation=pooled, cases=lambda rng: [],
        mistakes=(Mistake(id="m", answer=summed, hint={"en": "Divide by 4.", "fa": "بر 4 تقسیم کنید."}),),
    )  # fmt: skip
    assert [slip.kind for slip in audit_hints(problem)] == ["leak", "leak"]


# --- what students read ---


def test_a_hint_that_would_leak_gives_way_to_a_vaguer_sentence() -> None:
    verdict = check(formula("It is F*D*K^2."), Answer("D*F*K"), CheckOptions())
    said = [row(formula("It is F*D*K^2."), verdict, Fraction(1), Say(level=level)).message for level in LEVELS]
    assert said[2] == ("Not right yet. This is a common mistake. Go through the question once more, word by word.")
    assert "K^2" not in said[3]
    assert "K^2" in said[4]


def test_the_same_hint_is_said_to_an_answer_that_holds_these_signs_itself() -> None:
    problem = formula("Not K^2 - K.", wrong="F*D*(K^2 - K)")
    verdict = check(problem, Answer("F*D*(K^2 - K)"), CheckOptions())
    assert "Not K^2 - K." in row(problem, verdict, Fraction(1), Say()).message


# --- points ---


def test_points_are_small_fixed_and_few() -> None:
    problem = formula(also={"H": "positive integer"})
    shown = [at for _, at in points_of(problem)]
    assert len(shown) <= 24
    assert all(set(at) == {"D", "F", "H", "K"} for at in shown)


ANSWERS = st.recursive(
    st.sampled_from(["F", "D", "K", "1", "2", "3"]),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: "({}{}{})".format(*parts)),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(ANSWERS)
def test_no_answer_is_shown_a_point_of_its_own(answer: str) -> None:
    problem = formula()
    verdict = check(problem, Answer(answer), CheckOptions())
    if verdict.status is Status.CORRECT:
        return
    assert isinstance(verdict.evidence, Counterexample)
    assert verdict.evidence.far or dict(verdict.evidence.at) in [dict(at) for _, at in points_of(problem)]


def test_a_difference_beyond_those_points_is_not_shown() -> None:
    """An answer that is right at every point that was shown cannot ask for the next one."""
    problem = formula()
    values = sorted({int(at["K"]) for _, at in points_of(problem)})
    product = "*".join(f"(K - {value})" for value in values)
    verdict = check(problem, Answer(f"F*D*K^2 + {product}"), CheckOptions())
    assert isinstance(verdict.evidence, Counterexample)
    assert verdict.evidence.far
    one = row(problem, verdict, Fraction(1), Say(level="counterexample", reveal=True))
    assert one.message == (
        "Not right yet. Your answer may be right for small sizes, but it is not right for all. Does it hold in every case?"
    )
    form = jsonform.problem(one, "student")
    assert form["evidence"] == {"kind": "counterexample", "at": {}, "answer": "", "reference": "", "far": True}
    assert verdict.evidence.reference in json.dumps(jsonform.problem(one, "staff"))


def test_a_point_that_the_answer_chooses_shows_no_value_of_ours() -> None:
    """An answer without a value below K = 7 would else ask for the key's value there."""
    problem = formula()
    verdict = check(problem, Answer("F*D*K^2*floor(K/7)/floor(K/7)"), CheckOptions())
    assert verdict.evidence.kind == "undefined"
    assert verdict.evidence.reference
    for level in LEVELS[:4]:
        one = row(problem, verdict, Fraction(1), Say(level=level, reveal=True))
        assert jsonform.problem(one, "student")["evidence"].get("reference", "") == ""


def test_what_is_read_outside_of_an_array_is_named_in_the_answers_own_symbols() -> None:
    problem = HW1["q2_grad"]
    verdict = check(problem, Answer("Sum(dz[i]*x[i - j], (i, 0, n - k))"), CheckOptions())
    assert verdict.evidence.kind == "undefined"
    assert set(verdict.evidence.at) <= {"n", "k", "j"}


def test_arrays_of_a_point_can_be_read() -> None:
    problem = HW1["q2_grad"]
    verdict = check(problem, Answer("Sum(dz[i]*x[i + j], (i, 0, n - k - 1))"), CheckOptions())
    said = row(problem, verdict, Fraction(1), Say(level="counterexample")).message
    assert (
        "Try `k = n = 1, j = 0, dz = [1], x = [2]`: your answer gives `0` there. Write out every entry of z" in said
    )


def test_every_declared_mistake_of_homework_1_is_shown_at_a_point() -> None:
    far = []
    for problem, entry in declared():
        if isinstance(problem, Formula):
            verdict = check(problem, Answer(as_written(problem, entry)), CheckOptions())
            if getattr(verdict.evidence, "far", False):
                far.append((problem.name, entry.id))
    assert len(far) <= 2, far


# --- how to work it out by hand ---


def test_the_author_says_how_to_work_it_out_or_a_sentence_of_the_kind_does() -> None:
    verdict = Verdict(Status.INCORRECT, reading="F*D*K", evidence=Counterexample({"K": "2"}, "2", "4"))
    item = Item(id="Q1", title={}, question={}, by_hand={"en": "Draw the kernel."})
    own = Formula(name="q1", item=item, reference="F*D*K**2", symbols=SIZES)
    texts = [row(one, verdict, Fraction(1), Say(level="counterexample")).message for one in (own, formula())]
    assert texts == [
        "Not right yet. Try `K = 2`: your answer gives `2` there. Draw the kernel.",
        "Not right yet. Try `K = 2`: your answer gives `2` there. Draw that case, and count one by one.",
    ]
    assert "Draw" not in row(own, verdict, Fraction(1), Say(level="hint")).message


def test_a_guard_for_findings_that_are_no_hints_is_not_needed() -> None:
    """How a program ran is said as it is, whatever the key holds."""
    crash = Finding("exception", "exception", {"error": "ValueError", "message": "2 != 3", "line": "2"})
    verdict = Verdict(Status.INCORRECT, reading="f(x)", finding=crash)
    assert "`ValueError: 2 != 3`" in message("Function", verdict, Say())
