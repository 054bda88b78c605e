"""Checking a formula: read it, decide whether it equals the reference, and say what it is if it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from autograder.answer import Answer
from autograder.decide import Decision, Point, decide, fixed_points, shown
from autograder.diagnose import Case, Keeper, attempted, diagnose
from autograder.diagnose.edits import Edit
from autograder.diagnose.trees import ONE, added
from autograder.domain import Domain, domain
from autograder.errors import AnswerError
from autograder.expression import Matrix, Names, Node, Tuple, alone, children, free_names, parse, to_text, walk
from autograder.problem.declare import Convention, Mistake
from autograder.problem.field_slips import field_slips
from autograder.problem.kinds import Formula, Number, Problem, Symbolic
from autograder.problem.layer_slips import layer_slips
from autograder.problem.nodes import as_node
from autograder.problem.options import CheckOptions
from autograder.problem.reading import blank, is_blank, read, reading_of, unreadable
from autograder.problem.stages import counted, field_terms
from autograder.problem.working import Costs, ReceptiveField
from autograder.verdict import Counterexample, Evidence, Finding, Status, Undefined, Verdict, status_of

__all__ = ["as_node", "check_formula", "facts", "names_of"]

DEFAULT_KIND = "real"
QUESTION = re.compile(r"[A-Za-z]*\d*")
TOPICS = {
    "bias": re.compile(r"bias|parameters"),
    "operations": re.compile(r"multiply-add|operation|macs?\b|flops"),
    "dilation": re.compile(r"dilat"),
    "stride": re.compile(r"stride"),
    "padding": re.compile(r"padd"),
}
COUNTED = re.compile(r"weights|parameters|channels|connections")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a symbolic problem's declarations come to, worked out once."""

    names: Names
    domain: Domain
    reference: Node


@lru_cache(maxsize=4096)
def names_of(problem: Symbolic) -> Names:
    """Every name that a student may write: symbols, indices, arrays and their sizes."""
    sizes = {name for shape in problem.arrays.values() for text in shape for name in free_names(parse(text))}
    bounds = {name for pair in problem.indices.values() for text in pair for name in free_names(parse(text))}
    symbols = frozenset({*problem.symbols, *problem.also, *problem.indices, *sizes, *bounds})
    return Names(symbols=symbols, arrays={name: len(shape) for name, shape in problem.arrays.items()})


@lru_cache(maxsize=4096)
def domain_of(problem: Symbolic) -> Domain:
    """Where the symbols live; the item's further symbols live where the declared ones do."""
    kinds = set(problem.symbols.values())
    default = kinds.pop() if len(kinds) == 1 else DEFAULT_KIND
    also = {name: kind or default for name, kind in problem.also.items()}
    return domain(
        also | dict(problem.symbols),
        where=problem.where,
        arrays=problem.arrays,
        indices=problem.indices,
        outside=problem.outside,
    )


@lru_cache(maxsize=4096)
def facts(problem: Formula) -> Facts:
    """Names, domain and reference tree of a formula problem."""
    return Facts(names_of(problem), domain_of(problem), as_node(problem.reference))


@lru_cache(maxsize=4096)
def points_of(problem: Formula) -> tuple[Point, ...]:
    """The points of a problem that a student may be shown."""
    return fixed_points(domain_of(problem))


@lru_cache(maxsize=4096)
def case_of(problem: Formula, keeper: Keeper | None = None) -> Case:
    """What a diagnosis needs to know of a formula problem."""
    known = facts(problem)
    names = tuple(sorted(known.names.symbols or ()))
    return Case(
        known.reference,
        known.domain,
        names,
        written_forms(problem),
        topics_of(problem),
        own_slips(problem),
        keeper,
    )


def written_forms(problem: Formula | Number) -> tuple[Node, ...]:
    """The ways in which the author writes the reference: shown, counted layer by layer, and in the steps.

    A slip is small only in the form that a student has in mind, and these are the forms that the question suggests.
    """
    found: list[Node] = [as_node(problem.shown)] if problem.shown else []
    match problem.working:
        case Costs():
            found.append(counted(problem.working))
        case ReceptiveField():
            found.append(added([*field_terms(problem.working), ONE]))
    found += [as_node(step.expression) for step in problem.steps if step.expression is not None]
    return tuple(found)


def own_slips(problem: Formula | Number) -> tuple[Edit, ...]:
    """The slips that the layers behind an answer suggest."""
    match problem.working:
        case Costs():
            return layer_slips(problem.working)
        case ReceptiveField():
            return field_slips(problem.working)
        case _:
            return ()


def topics_of(problem: Problem) -> frozenset[str]:
    """What a question speaks of, as far as conventions and slips are told by it."""
    text = " ".join(
        [problem.name, *(words.get("en", "") for words in (problem.item.title, problem.item.question, problem.ask))]
    ).lower()
    topics = {topic for topic, word in TOPICS.items() if word.search(text)}
    asked = problem.ask.get("en", "").lower()
    if COUNTED.search(asked) and not TOPICS["operations"].search(asked):
        topics.discard("operations")  # which the question counts elsewhere
    return frozenset(topics)


def near_by(problem: Problem, other: Problem) -> bool:
    """Whether two answers belong to one question of the sheet, such as Q1a.2 and Q1a.3."""
    return QUESTION.match(problem.item.id).group() == QUESTION.match(other.item.id).group()  # type: ignore[union-attr]


@lru_cache(maxsize=1024)
def related_formulas(problem: Formula, questions: tuple[Problem, ...]) -> Mapping[str, Node]:
    """The right answers to the questions nearby, as far as they are formulas in this one's names."""
    allowed = names_of(problem).symbols or frozenset()
    near = [
        each
        for each in questions
        if isinstance(each, Formula) and each.name != problem.name and near_by(problem, each)
    ]
    return {each.name: facts(each).reference for each in near if free_names(facts(each).reference) <= allowed}


@lru_cache(maxsize=8192)
def declared_node(declared: Mistake | Convention) -> Node:
    """The tree of a declared mistake or convention, converted once."""
    return as_node(declared.answer)


def check_formula(problem: Formula, answer: Answer, options: CheckOptions) -> Verdict:
    """Decide one formula.  An answer that cannot be read is UNREADABLE, one that cannot be decided UNDECIDED."""
    if is_blank(answer.value):
        return blank(answer.value)
    known = facts(problem)
    try:
        node = read(answer.value, known.names)
        if not isinstance(known.reference, Tuple | Matrix):
            node = _one_value(node, brackets=isinstance(answer.value, str))
    except AnswerError as error:
        return unreadable(error)
    reading = reading_of(node)
    try:
        decision = decide(node, known.reference, known.domain, up_to=problem.up_to, secret=options.secret)
    except AnswerError as error:
        return unreadable(error)
    if decision.equal:
        return Verdict(Status.CORRECT, Fraction(1), reading, decision.evidence)
    if decision.equal is None:
        finding = Finding("undecided", "undecided")
        return Verdict(Status.UNDECIDED, reading=reading, evidence=decision.evidence, finding=finding)
    return explained(problem, node, replace(decision, evidence=_showable(problem, node, decision)), options)


def _one_value(node: Node, *, brackets: bool) -> Node:
    """The answer where one value is asked for.  brackets: whether those around it say nothing, as in a text.

    Raises AnswerError where a formula holds several values.
    """
    node = alone(node) if brackets else node
    if not isinstance(node, Tuple | Matrix) and any(isinstance(part, Tuple | Matrix) for part in walk(node)):
        raise AnswerError("several-values")
    return node


def _showable(problem: Formula, node: Node, decision: Decision) -> Evidence:
    """Evidence that may be seen again and again: at a point of the problem's own, or in the answer's own names."""
    match decision.evidence:
        case Undefined(at=at):
            own = free_names(node)
            return replace(decision.evidence, at={name: value for name, value in at.items() if name in own})
        case Counterexample(at=at, entry=entry) if at:
            pair = node, facts(problem).reference
            if decision.entries and type(pair[0]) is type(pair[1]):
                first = decision.entries.index(False)
                pair = children(pair[0])[first], children(pair[1])[first]
            found = shown(*pair, points_of(problem))
            if found is None:
                return replace(decision.evidence, far=True)
            return replace(found, at=_telling(problem, node, found.at), entry=entry)
        case other:
            return other


def _telling(problem: Formula, node: Node, at: Mapping[str, str]) -> Mapping[str, str]:
    """A point without the further names of the item that the answer does not speak of."""
    idle = set(problem.also) - set(problem.symbols) - free_names(node)
    return {name: value for name, value in at.items() if name not in idle}


def explained(problem: Formula, node: Node, decision: Decision, options: CheckOptions) -> Verdict:
    """A refuted formula: right under another convention, a known mistake, or right in some entries."""
    reading = reading_of(node)
    known = facts(problem)
    right = Fraction(sum(decision.entries), len(decision.entries)) if decision.entries else Fraction(0)
    for convention in problem.conventions:
        if decide(node, declared_node(convention), known.domain, secret=options.secret).equal:
            credit = options.credit_of(convention.id, convention.credit)
            fields = {"id": convention.id}
            finding = Finding(
                "convention", convention.id, fields, to_text(declared_node(convention)), convention.hint
            )
            credit = max(credit, right)
            return Verdict(status_of(credit), credit, reading, decision.evidence, finding)
    for mistake in problem.mistakes:
        if decide(node, declared_node(mistake), known.domain, secret=options.secret).equal:
            return _mistaken(mistake, reading, decision, right)
    others = related_formulas(problem, options.questions)
    found = attempted(lambda: diagnose(node, case_of(problem, options.keeper), others, options.secret))
    return Verdict(status_of(right), right, reading, decision.evidence, found)


def _mistaken(mistake: Mistake, reading: str, decision: Decision, right: Fraction) -> Verdict:
    """A known mistake earns its credit, or that of the entries which are right all the same."""
    credit = max(mistake.credit, right)
    finding = Finding("mistake", mistake.id, {"id": mistake.id}, to_text(declared_node(mistake)), mistake.hint)
    return Verdict(status_of(credit), credit, reading, decision.evidence, finding)
