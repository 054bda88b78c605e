"""What was decided about one answer, and why: no sentences and no points, both come later."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

__all__ = [
    "KEY_FIELDS",
    "Balls",
    "Counterexample",
    "Evidence",
    "Finding",
    "Grid",
    "Identity",
    "NoEvidence",
    "Status",
    "StepsDiffer",
    "Tolerance",
    "Undefined",
    "Verdict",
    "status_of",
]

KEY_FIELDS = "key_"


class Status(enum.Enum):
    """What can be said of an answer; only CORRECT and PARTIAL earn points."""

    CORRECT = "correct"
    PARTIAL = "partial"  # a known mistake with credit, or some entries or steps right
    INCORRECT = "incorrect"  # refuted, with evidence
    MISSING = "missing"  # left blank
    UNREADABLE = "unreadable"  # the student's text or code could not be read or run
    UNDECIDED = "undecided"  # we could not tell, or we broke: a person looks, never silently zero


def status_of(credit: Fraction) -> Status:
    """The status of an answer that is not simply right, from its share of the points.

    >>> status_of(Fraction(1, 2)), status_of(Fraction(1)), status_of(Fraction(0))
    (<Status.PARTIAL: 'partial'>, <Status.CORRECT: 'correct'>, <Status.INCORRECT: 'incorrect'>)
    """
    if credit >= 1:
        return Status.CORRECT
    return Status.PARTIAL if credit > 0 else Status.INCORRECT


@dataclass(frozen=True, slots=True)
class Identity:
    """Equal for every value of the symbols; error_bound is 0 for a proof, else the Schwartz-Zippel bound."""

    kind: ClassVar[str] = "identity"
    error_bound: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Balls:
    """Equal to this many bits, in rigorous ball arithmetic, at this many points."""

    kind: ClassVar[str] = "balls"
    bits: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal exactly at this many points of an exhaustive small grid and larger random points."""

    kind: ClassVar[str] = "grid"
    points: int = 0


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest, roundest point found where the two differ, with both values as exact text.

    at maps each symbol to its value; entry is the place in a tuple, matrix or index range ("" for a scalar).
    far: none of the problem's own points shows it, so that students are not told where it is.
    """

    kind: ClassVar[str] = "counterexample"
    at: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    reference: str = ""
    entry: str = ""
    far: bool = False


@dataclass(frozen=True, slots=True)
class Undefined:
    """The answer has no value at this point, where the reference has one.

    entry and shape: the entry that the answer reads outside of an array, and the shape that the array has there.
    """

    kind: ClassVar[str] = "undefined"
    at: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    entry: str = ""
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Compared within a tolerance: the worst entry, both values there, and how far apart is still allowed.

    first: the same of the first wrong entry, which students see: which one is worst tells how far off each one is.
    """

    kind: ClassVar[str] = "tolerance"
    answer: str = ""
    reference: str = ""
    allowed: str = ""
    entry: str = ""
    instances: int = 1
    first: Tolerance | None = None


@dataclass(frozen=True, slots=True)
class StepsDiffer:
    """A step and the line before it have different values at this point; both are the student's own."""

    kind: ClassVar[str] = "steps"
    at: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class NoEvidence:
    """Nothing was decided; tried lists what was."""

    kind: ClassVar[str] = "none"
    tried: tuple[str, ...] = ()


Evidence = Identity | Balls | Grid | Counterexample | Undefined | Tolerance | StepsDiffer | NoEvidence


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out about an answer, as data; messages.py has the sentence.

    kind: mistake, edit, factor, offset, convention, other_answer, shape, dtype, value, mutated_input, timeout,
          exception, step, written, syntax, name, blank, internal, ...
    code: which sentence of that kind.  fields: what the sentence needs, already as text; one whose name begins with
    key_ is of ours, and said only where our values are.
    formula: the wrong formula that the answer equals; for staff only.
    hint: an author's own words by language, used instead of the sentence.
    cause: of a wrong step, the slip that leads to it; its sentence follows that of the step.
    """

    kind: str
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    formula: str = ""
    hint: Mapping[str, str] = field(default_factory=dict)
    cause: Finding | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status, share of the points (exact, 0 to 1), how the answer was read, why.

    >>> Verdict(Status.CORRECT, Fraction(1), "F*D*K^2", Identity()).evidence.kind
    'identity'
    """

    status: Status
    credit: Fraction = Fraction(0)
    reading: str = ""
    evidence: Evidence = NoEvidence()
    finding: Finding | None = None
