"""Checking a number: exact for counts, within a stated tolerance for measured values.

A count is never compared with a relative tolerance: 120420000 is not 120422400.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from autograder.answer import Answer
from autograder.decide import Rule, decide_number, rational
from autograder.diagnose import Case, Keeper, Sum, attempted, diagnose_number
from autograder.domain import domain
from autograder.errors import AnswerError
from autograder.expression import Matrix, Names, Node, Op, Tuple, free_names, substitute, to_text
from autograder.expression import Number as Literal
from autograder.problem.formula import as_node, declared_node, near_by, own_slips, topics_of, written_forms
from autograder.problem.kinds import Number, Problem
from autograder.problem.options import CheckOptions
from autograder.problem.reading import blank, is_blank, read, reading_of, unreadable
from autograder.verdict import Finding, Status, Verdict, status_of

__all__ = ["check_number", "number_facts"]

HUNDRED = Literal(Fraction(100))


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What a number's declarations come to: the names it may use, its value, how close is close enough."""

    names: Names
    at: Mapping[str, Node]
    reference: Node
    rule: Rule


@lru_cache(maxsize=4096)
def number_facts(problem: Number) -> NumberFacts:
    """Names, given values, the reference's value and the tolerance rule of a number problem."""
    at = {name: as_node(str(value)) for name, value in problem.given_values.items()}
    reference = substitute(as_node(problem.reference), at)
    rule = Rule.of(problem.tolerance)
    if problem.accept is not None:
        rule = Rule.between(*(as_node(bound) for bound in problem.accept))
    return NumberFacts(Names(symbols=frozenset(at), arrays={}), at, reference, rule)


def check_number(problem: Number, answer: Answer, options: CheckOptions) -> Verdict:
    """Decide one number: a literal, arithmetic, or a formula in the item's symbols at its given values."""
    if is_blank(answer.value):
        return blank(answer.value)
    known = number_facts(problem)
    try:
        written = read(answer.value, known.names, number=True, percent=problem.percent)
        if isinstance(written, Tuple | Matrix):
            raise AnswerError("several-values")
        value = substitute(written, known.at)
        decision = decide_number(value, known.reference, known.rule)
    except AnswerError as error:
        return unreadable(error)
    reading = reading_of(written)
    if decision.equal:
        return Verdict(Status.CORRECT, Fraction(1), reading, decision.evidence)
    if decision.equal is None:
        finding = Finding("undecided", "undecided")
        return Verdict(Status.UNDECIDED, reading=reading, evidence=decision.evidence, finding=finding)
    for explain in (_nearly, _convention, _follow_through, _mistake, _diagnosed):
        verdict = explain(problem, value, answer, options)
        if verdict is not None:
            return Verdict(status_of(verdict.credit), verdict.credit, reading, decision.evidence, verdict.finding)
    return Verdict(Status.INCORRECT, reading=reading, evidence=decision.evidence)


@dataclass(frozen=True, slots=True)
class Explained:
    """What a refuted number is, and the credit for it."""

    credit: Fraction
    finding: Finding


def _is(value: Node, wanted: Node, rule: Rule) -> bool:
    try:
        return bool(decide_number(value, wanted, rule).equal)
    except AnswerError:
        return False


def _nearly(problem: Number, value: Node, answer: Answer, options: CheckOptions) -> Explained | None:
    if problem.partial is None:
        return None
    low, high = (as_node(bound) for bound in problem.partial)
    if _is(value, low, Rule.between(low, high)):
        return Explained(options.partial_credit, Finding("value", "rounded-the-wrong-way"))
    return None


def _convention(problem: Number, value: Node, answer: Answer, options: CheckOptions) -> Explained | None:
    known = number_facts(problem)
    for convention in problem.conventions:
        wanted = substitute(declared_node(convention), known.at)
        if _is(value, wanted, known.rule):
            credit = options.credit_of(convention.id, convention.credit)
            fields = {"id": convention.id}
            return Explained(
                credit, Finding("convention", convention.id, fields, _value_text(wanted), convention.hint)
            )
    if problem.percent and _is(Op("/", (value, HUNDRED)), known.reference, known.rule):
        fields = {"id": "percent-without-sign"}
        formula = _value_text(Op("*", (HUNDRED, known.reference)))
        credit = options.credit_of("percent-without-sign")
        return Explained(credit, Finding("convention", "percent-without-sign", fields, formula))
    return None


def _mistake(problem: Number, value: Node, answer: Answer, options: CheckOptions) -> Explained | None:
    known = number_facts(problem)
    for mistake in problem.mistakes:
        wanted = substitute(declared_node(mistake), known.at)
        if _is(value, wanted, Rule.of(problem.tolerance)):
            finding = Finding("mistake", mistake.id, {"id": mistake.id}, _value_text(wanted), mistake.hint)
            return Explained(mistake.credit, finding)
    return None


def _follow_through(problem: Number, value: Node, answer: Answer, options: CheckOptions) -> Explained | None:
    """Right for the student's own earlier answers: at most half, only if each was read and one is right."""
    if problem.follow is None or set(problem.given) - set(answer.others):
        return None
    earlier = [answer.others[name] for name in problem.given]
    if any(one.value is None for one in earlier) or not any(one.correct for one in earlier):
        return None
    try:
        wanted = Literal(Fraction(problem.follow(**{name: answer.others[name].value for name in problem.given})))
    except ArithmeticError:  # such as a share of nothing: from these answers no number follows
        return None
    if not _is(value, wanted, Rule.of(problem.tolerance)):
        return None
    fields = {"names": ", ".join(problem.given)}
    return Explained(
        min(options.follow_credit, Fraction(1, 2)),
        Finding("follow", "follow-through", fields, to_text(wanted)),
    )


def _diagnosed(problem: Number, value: Node, answer: Answer, options: CheckOptions) -> Explained | None:
    """A slip in the formula behind the number: it gives the student's value."""
    known = number_facts(problem)
    case, related = number_case(problem, options.keeper), related_numbers(problem, options.questions)
    found = attempted(lambda: diagnose_number(value, case, known.at, related))
    return None if found is None else Explained(Fraction(0), found)


@lru_cache(maxsize=4096)
def number_case(problem: Number, keeper: Keeper | None = None) -> Case:
    """What a diagnosis needs to know of a number problem."""
    known = number_facts(problem)
    kinds = dict.fromkeys(known.at, "positive integer")
    reference = as_node(problem.reference)
    names = tuple(sorted(known.at)) if free_names(reference) else ()  # a plain number has no formula to slip in
    return Case(
        reference,
        domain(kinds),
        names,
        written_forms(problem),
        topics_of(problem) | {"number"},
        own_slips(problem),
        keeper,
    )


def _without_one(follow: Callable[..., Any], given: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """What follows with one of the earlier answers left out, where what follows is their sum."""
    found = {}
    for name, value in given.items():
        try:
            whole, less = Fraction(follow(**given)), Fraction(follow(**{**given, name: Fraction(0)}))
        except ArithmeticError:  # it is no sum
            continue
        if whole - less == value:
            found[name] = less
    return found


@lru_cache(maxsize=1024)
def related_numbers(problem: Number, questions: tuple[Problem, ...]) -> Sum:
    """The right numbers of the questions nearby, and what follows from them with one of them left out."""
    near = {
        other.name: number_facts(other).reference
        for other in questions
        if isinstance(other, Number) and other.name != problem.name and near_by(problem, other)
    }
    exact = {name: value for name, node in near.items() if (value := rational(node)) is not None}
    parts = {}
    if problem.follow is not None and set(problem.given) <= set(exact):
        parts = _without_one(problem.follow, {name: exact[name] for name in problem.given})
    return Sum(exact, parts)


def _value_text(node: Node) -> str:
    return to_text(node)


def exact_value(problem: Number, value: Any) -> Fraction | None:
    """The student's number as an exact fraction, where it is one: what a later answer may follow from."""
    known = number_facts(problem)
    try:
        node = substitute(read(value, known.names, number=True, percent=problem.percent), known.at)
        return rational(node)
    except AnswerError:
        return None
