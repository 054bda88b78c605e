"""The levels of the file `grader.py`: what a seal tells apart, that it never says a wrong word, worked points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq
from test_assignments import leaks

from autograder import offline
from autograder.bench import Bench
from autograder.config import AssignmentConfig, load
from autograder.decide import decide
from autograder.decide.evaluate import compiled
from autograder.errors import ConfigError
from autograder.expression import Node, Op, Symbol, children, rebuild, to_text
from autograder.expression import Number as Literal
from autograder.offline.exact import Inexact, value_at, values_at
from autograder.offline.looking import look
from autograder.offline.main import check_file
from autograder.offline.seal import witness
from autograder.problem import Formula, Number
from autograder.problem.formula import as_node, facts
from autograder.problem.options import CheckOptions
from tests.athome import (
    ASSIGNMENT,
    CHEAP,
    EXAMPLES,
    OPTIONS,
    ROOT,
    TEXT,
    TITLES,
    VERDICTS,
    submitted,
    told,
)

# --- level verdict: an oracle, and never a wrong word ---

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


# --- grader.toml ---


@pytest.mark.parametrize("level", offline.LEVELS)
def test_the_teacher_sets_the_level(level: str, tmp_path: Path) -> None:
    path = tmp_path / "grader.toml"
    path.write_text(f'[assignments.hw1.check]\nlevel = "{level}"\n', encoding="utf-8")
    found = Bench(load(path), ASSIGNMENT, OPTIONS)
    assert offline.plan_of(found).level == level


def test_a_level_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grader.toml"
    path.write_text('[assignments.hw1.check]\nlevel = "oracle"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"(?s)grader.toml:2 .*'oracle'.*'parse', 'verdict' or 'examples'"):
        load(path)


def test_an_assignment_says_nothing_of_the_key_unless_told_to() -> None:
    assert AssignmentConfig().check.level == "parse"
    assert AssignmentConfig(type="exam").check.level == "parse"
