"""Checking a derivation: from the declared start, past every checkpoint, to the declared end.

A step is right if it equals the line before, or is the next checkpoint.  A line that repeats the one before says
nothing and is skipped, so writing the end twice earns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from autograder.answer import Answer
from autograder.decide import decide
from autograder.errors import AnswerError
from autograder.expression import Node
from autograder.problem.formula import as_node, domain_of, names_of
from autograder.problem.kinds import Checkpoint, Derivation
from autograder.problem.options import CheckOptions
from autograder.problem.reading import blank, is_blank, lines_of, read, reading_of, type_name, unreadable
from autograder.verdict import Finding, Grid, NoEvidence, Status, Verdict

__all__ = ["check_derivation"]


@lru_cache(maxsize=1024)
def _reference(checkpoint: Checkpoint) -> Node:
    return as_node(checkpoint.reference)


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a derivation got: checkpoints passed, and the first wrong or undecided step (1-based)."""

    passed: int
    wrong: int | None = None
    undecided: int | None = None


def check_derivation(problem: Derivation, answer: Answer, options: CheckOptions) -> Verdict:
    """Credit is the share of checkpoints passed in order before the first wrong step."""
    if is_blank(answer.value):
        return blank(answer.value)
    lines = lines_of(answer.value)
    if lines is None:
        fields = {"type": type_name(answer.value)}
        return Verdict(Status.UNREADABLE, finding=Finding("value", "not-a-list-of-steps", fields))
    steps: list[Node] = []
    for number, line in enumerate(lines, start=1):
        try:
            steps.append(read(line, names_of(problem)))
        except AnswerError as error:
            verdict = unreadable(error)
            assert verdict.finding is not None
            fields = dict(verdict.finding.fields) | {"step": str(number)}
            return Verdict(Status.UNREADABLE, finding=Finding("syntax", verdict.finding.code, fields))
    return _verdict(problem, steps, _walk(problem, steps, options))


def _walk(problem: Derivation, steps: Sequence[Node], options: CheckOptions) -> Walk:
    checkpoints = problem.checkpoints
    passed, before = 0, None
    for number, step in enumerate(steps, start=1):
        if step == before:
            continue
        if passed < len(checkpoints):
            reached = _reaches(problem, step, checkpoints[passed], options)
            if reached:
                passed, before = passed + 1, step
                continue
            if reached is None:
                return Walk(passed, undecided=number)
        same = None if before is None else _equal(problem, step, before, options)
        if same is None and before is not None:
            return Walk(passed, undecided=number)
        if not same:
            return Walk(passed, wrong=number)
        before = step
    return Walk(passed)


def _reaches(problem: Derivation, step: Node, checkpoint: Checkpoint, options: CheckOptions) -> bool | None:
    if checkpoint.form is not None and not checkpoint.form(step):
        return False
    return _equal(problem, step, _reference(checkpoint), options)


def _equal(problem: Derivation, step: Node, other: Node, options: CheckOptions) -> bool | None:
    return decide(step, other, domain_of(problem), secret=options.secret).equal


def _verdict(problem: Derivation, steps: Sequence[Node], walk: Walk) -> Verdict:
    total = len(problem.checkpoints)
    reading = "\n".join(reading_of(step) for step in steps)
    credit = Fraction(walk.passed, total)
    if walk.undecided is not None:
        finding = Finding("undecided", "undecided-step", {"step": str(walk.undecided)})
        return Verdict(Status.UNDECIDED, reading=reading, evidence=NoEvidence(), finding=finding)
    if walk.wrong is None and walk.passed == total:
        return Verdict(Status.CORRECT, Fraction(1), reading, Grid(total))
    fields = {"passed": str(walk.passed), "checkpoints": str(total), "step": str(walk.wrong or len(steps))}
    code = {None: "unfinished-derivation", 1: "wrong-start"}.get(walk.wrong, "wrong-step")
    status = Status.PARTIAL if credit else Status.INCORRECT
    return Verdict(status, credit, reading, finding=Finding("step", code, fields))
