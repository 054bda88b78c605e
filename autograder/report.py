"""Verdicts, points and words together: what one submission's grading came to, for students and for staff.

Who may see what is decided here and nowhere else: `student` is the one filter between the two views.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from autograder.decide import rational
from autograder.expression import to_text
from autograder.messages import About, Say, clean, directed, message, sentence
from autograder.messages.hints import tokens
from autograder.problem import Choice, Derivation, Formula, Item, Number, Problem
from autograder.problem.checkpoints import reference_of
from autograder.problem.formula import as_node, domain_of
from autograder.problem.mark import mark
from autograder.problem.number import number_facts
from autograder.score import Score, score
from autograder.verdict import (
    KEY_FIELDS,
    Counterexample,
    Finding,
    NoEvidence,
    Status,
    StepsDiffer,
    Tolerance,
    Undefined,
    Verdict,
)
from autograder.worked import in_order, order_of, worked

__all__ = ["Report", "Row", "build", "row", "student", "student_row", "student_view", "unsaid", "unsaid_of_step"]

SAID_ALWAYS = frozenset({Status.MISSING, Status.UNREADABLE, Status.UNDECIDED})
STAFF_FIELDS = frozenset({"trace"})  # what a finding carries for us alone, as do fields that begin with key_


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its name and item, the verdict, the points, and what is said about it.

    say: to whom the message speaks.  shown: whether status and points may be shown, which is always so for staff.
    fingerprint: the value hash of a formula or number that was decided, else "".
    """

    name: str
    kind: str
    item: Item
    number: str
    verdict: Verdict
    score: Score
    message: str
    say: Say = field(default_factory=Say)
    shown: bool = True
    fingerprint: str = ""

    def title(self, language: str) -> str:
        """What the item is called."""
        return self.item.title.get(language) or self.item.title.get("en", "")


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one submission; notes are sentences about the submission as a whole."""

    assignment: str
    title: str
    submission: str
    language: str
    engine: str
    key: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    output: str = ""
    walls: Mapping[str, str] = field(default_factory=dict)
    submitters: tuple[str, ...] = ()

    @property
    def points(self) -> Fraction:
        """Points earned so far."""
        return sum((row.score.points for row in self.rows), Fraction(0))

    @property
    def most(self) -> Fraction:
        """The maximum."""
        return sum((row.score.most for row in self.rows), Fraction(0))

    @property
    def pending(self) -> Fraction:
        """Points that wait for a person."""
        return sum((row.score.pending for row in self.rows), Fraction(0))

    @property
    def shown(self) -> bool:
        """Whether the total may be shown: one row whose points are kept back keeps the total back."""
        return all(row.shown for row in self.rows)

    @property
    def broken(self) -> bool:
        """Whether a failure of ours left an answer undecided."""
        return any(row.verdict.finding is not None and row.verdict.finding.kind == "internal" for row in self.rows)


# --- building ---


def row(problem: Problem, verdict: Verdict, most: Fraction, say: Say, number: str = "") -> Row:
    """One answer's row."""
    words = message(problem.kind, verdict, say, _about(problem, verdict))
    if say.level == "full":
        words = "\n".join([words, *_worked(problem, verdict.status, say)])
    points, hashed = score(verdict, most), mark(problem, verdict)
    return Row(problem.name, problem.kind, problem.item, number, verdict, points, words, say, fingerprint=hashed)


def _about(problem: Problem, verdict: Verdict) -> About:
    match problem:
        case Formula(arrays=arrays) | Derivation(arrays=arrays) if arrays:
            way = "sum"
        case Derivation():
            way = "formula"
        case Formula():
            way = "count" if domain_of(problem).whole(tuple(problem.symbols)) else "formula"
        case _:
            way = problem.kind.lower()
    by_hand = problem.by_hand
    if isinstance(
        problem, Formula | Number | Derivation
    ):  # of a function the entries are worked out, not what it counts
        by_hand = by_hand or problem.item.by_hand
    return About(_kept(problem, verdict), way, by_hand)


def _kept(problem: Problem, verdict: Verdict) -> frozenset[str]:
    """What no hint may hold: of a wrong step, what any line still to come has and this one lacks."""
    finding = verdict.finding
    if not isinstance(problem, Derivation):
        return unsaid(problem, verdict.reading)
    if finding is None or "written" not in finding.fields:
        return frozenset()
    return unsaid_of_step(problem, int(finding.fields["passed"]), finding.fields["written"])


def unsaid_of_step(problem: Derivation, at: int, step: str) -> frozenset[str]:
    """What stands in a checkpoint or in one after it, and not in this step.

    at: the place of the checkpoint.
    """
    ahead = problem.checkpoints[at:]
    return frozenset[str]().union(*(tokens(to_text(reference_of(one))) for one in ahead)) - tokens(step)


def unsaid(problem: Problem, answer: str) -> frozenset[str]:
    """What stands in the reference of a problem and not in this answer (the text as it was read).

    >>> from autograder.problem import Item
    >>> weights = Formula(name="q1_weights", item=Item(id="Q1", title={}, question={}), reference="F*D*K**2")
    >>> sorted(unsaid(weights, "F*D*K"))
    ['2', '^']
    """
    return _reference_tokens(problem) - tokens(answer)


@lru_cache(maxsize=4096)
def _reference_tokens(problem: Problem) -> frozenset[str]:
    match problem:
        case Formula(reference=reference):
            return tokens(to_text(as_node(reference)))
        case Number(reference=reference):
            value = rational(number_facts(problem).reference)
            return tokens(to_text(as_node(reference))) | tokens("" if value is None else str(value))
        case Choice(correct=correct):
            return frozenset(correct)
        case _:
            return frozenset()


def _worked(problem: Problem, status: Status, say: Say) -> list[str]:
    """After the due date: a right answer, and the steps that lead to it."""
    lines = []
    if isinstance(problem, Formula | Number) and status is not Status.CORRECT:
        reference = to_text(as_node(problem.reference))
        if not (reference.isdigit() and status in (Status.INCORRECT, Status.PARTIAL)):  # there it is already said
            lines.append(sentence("full.reference", {"reference": reference}, say.language))
    if isinstance(problem, Derivation) and problem.checkpoints and status is not Status.CORRECT:
        nodes = [reference_of(one) for one in problem.checkpoints]
        lines.append(sentence("full.derivation", {}, say.language))
        lines += [f"    {to_text(in_order(node, order_of(nodes[0])))}" for node in nodes]
    steps = worked(problem)
    if steps:
        lines.append(sentence("full.steps", {}, say.language))
    for step in steps:
        words = step.words.get(say.language) or step.words.get("en", "")
        lines += [directed(clean(words), say.language)] if words else []
        lines += [f"    {step.text}"] if step.chain else []
    return lines


def build(report: Report, rows: Sequence[Row], notes: Sequence[Finding]) -> Report:
    """A report with its rows, numbered as on the sheet, and sentences for its notes."""
    found = tuple(sentence(note.code, note.fields, report.language) for note in notes)
    return replace(report, rows=_numbered(rows), notes=(*report.notes, *found))


def _numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """1.1, 1.2, 2.1, ...: items in the order of the sheet, answers within an item."""
    numbers: dict[str, int] = {}
    counts: dict[str, int] = {}
    found = []
    for one in rows:
        item = numbers.setdefault(one.item.id, len(numbers) + 1)
        counts[one.item.id] = counts.get(one.item.id, 0) + 1
        found.append(replace(one, number=f"{item}.{counts[one.item.id]}"))
    return tuple(found)


# --- the students' view ---


def student(report: Report) -> Report:
    """The report as its student may see it: no part of the key below the level that allows it."""
    rows = tuple(student_row(one) for one in report.rows)
    return replace(report, rows=rows, output="", walls={})


def student_row(one: Row) -> Row:
    """A row without what its level keeps from students."""
    shown = one.say.at_least("verdict") or one.verdict.status in SAID_ALWAYS
    return replace(one, verdict=student_view(one.verdict, one.say), shown=shown)


def student_view(verdict: Verdict, say: Say) -> Verdict:
    """The verdict without anything that the level keeps from students: our values, formulas, internal traces."""
    if not say.at_least("verdict") and verdict.status not in SAID_ALWAYS:
        return Verdict(Status.UNDECIDED, reading=verdict.reading)
    evidence = verdict.evidence
    if not say.at_least("hint") and verdict.status in (Status.INCORRECT, Status.PARTIAL):
        evidence = NoEvidence()  # its kind alone would be a hint
    if isinstance(evidence, StepsDiffer) and not say.at_least("counterexample"):
        evidence = NoEvidence()
    if isinstance(evidence, Undefined) and say.level != "full":
        evidence = replace(evidence, reference="")  # the answer chooses this point
    if isinstance(evidence, Counterexample) and evidence.far and say.level != "full":
        evidence = Counterexample(entry=evidence.entry, far=say.at_least("counterexample"))
    if isinstance(evidence, Tolerance) and evidence.first is not None:
        evidence = replace(evidence.first, instances=evidence.instances)  # which one is worst would tell more
    if not say.may_reveal:
        match evidence:
            case Counterexample(entry="shape"):
                evidence = replace(evidence, reference="") if say.at_least("hint") else NoEvidence()
            case Counterexample() | Undefined() if say.at_least("counterexample"):
                evidence = replace(evidence, reference="")
            case Counterexample(entry=entry):
                evidence = Counterexample(entry=entry) if say.at_least("hint") else Counterexample()
            case Undefined():
                evidence = Undefined()
            case Tolerance(answer=answer, entry=entry, instances=instances) if say.at_least("counterexample"):
                evidence = Tolerance(answer=answer, entry=entry, instances=instances)
            case Tolerance(instances=instances):
                evidence = Tolerance(instances=instances)
    seen = say.at_least("hint") or verdict.status in SAID_ALWAYS  # why it could not be read is said at every level
    finding = verdict.finding if seen else None
    return replace(verdict, evidence=evidence, finding=finding and _student_finding(finding, say.level))


def _student_finding(finding: Finding, level: str) -> Finding:
    """A finding, and what caused it, without what is for staff."""
    hidden = set(finding.fields) if finding.kind == "internal" else STAFF_FIELDS
    fields = {
        name: value
        for name, value in finding.fields.items()
        if name not in hidden and not name.startswith(KEY_FIELDS)
    }
    code = finding.code
    if finding.kind == "mistake" and level != "full":  # an author's id may name the correction
        code, fields = "mistake", {name: value for name, value in fields.items() if name != "id"}
    cause = finding.cause and _student_finding(finding.cause, level)
    return replace(finding, code=code, fields=fields, formula="", hint={}, cause=cause)
