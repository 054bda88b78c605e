"""Verdicts, points and words together: what one submission's grading came to, for students and for staff.

Who may see what is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from autograder.messages import Say, message, sentence
from autograder.problem import Item, Problem
from autograder.score import Score, score
from autograder.verdict import Counterexample, Finding, Status, Tolerance, Undefined, Verdict

__all__ = ["Report", "Row", "build", "row", "student_view"]

# which fields of a finding a student may see; the others may hold parts of the key
KEY_FIELDS = "key_"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its name and item, the verdict, the points, and what is said about it."""

    name: str
    kind: str
    item: Item
    number: str
    verdict: Verdict
    score: Score
    message: str


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
    def broken(self) -> bool:
        """Whether a failure of ours left an answer undecided."""
        return any(row.verdict.finding is not None and row.verdict.finding.kind == "internal" for row in self.rows)


def row(problem: Problem, verdict: Verdict, most: Fraction, say: Say, number: str = "") -> Row:
    """One answer's row."""
    words = message(problem.kind, verdict, say)
    return Row(problem.name, problem.kind, problem.item, number, verdict, score(verdict, most), words)


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


def student_view(verdict: Verdict, say: Say) -> Verdict:
    """The verdict without anything that the level keeps from students: our values, formulas, internal traces."""
    if not say.at_least("verdict") and verdict.status not in (Status.MISSING, Status.UNREADABLE, Status.UNDECIDED):
        return Verdict(Status.UNDECIDED, reading=verdict.reading)
    evidence = verdict.evidence
    show = say.level == "full" or (say.reveal and say.at_least("counterexample"))
    if not show:
        match evidence:
            case Counterexample() if say.at_least("counterexample"):
                evidence = replace(evidence, reference="")
            case Undefined() if say.at_least("counterexample"):
                evidence = replace(evidence, reference="")
            case Counterexample(entry=entry):
                evidence = Counterexample(entry=entry)
            case Undefined():
                evidence = Undefined()
            case Tolerance(instances=instances):
                evidence = Tolerance(instances=instances)
    return replace(verdict, evidence=evidence, finding=_student_finding(verdict.finding, say))


def _student_finding(finding: Finding | None, say: Say) -> Finding | None:
    if finding is None or not say.at_least("hint"):
        return None
    fields = {name: value for name, value in finding.fields.items() if not name.startswith(KEY_FIELDS)}
    if finding.kind == "internal":
        fields = {}
    return replace(finding, fields=fields, formula="", hint={})
