"""Checking a derivation: from the declared start, past every checkpoint, to the declared end.

A step is right if it equals the line before, or is the next checkpoint.  A line that repeats the one before says
nothing and is skipped, so writing the end twice earns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from autograder.answer import Answer
from autograder.decide import decide, fixed_points, shown
from autograder.errors import AnswerError
from autograder.expression import Node, free_names, to_text
from autograder.problem.checkpoints import equal, reaches, reference_of, rewrites
from autograder.problem.formula import as_node, domain_of, names_of
from autograder.problem.kinds import Derivation
from autograder.problem.options import CheckOptions
from autograder.problem.reading import blank, is_blank, lines_of, read_line, reading_of, type_name, unreadable
from autograder.problem.wrong_step import cause_of, declared_mistake, said_of
from autograder.verdict import (
    Counterexample,
    Evidence,
    Finding,
    Grid,
    NoEvidence,
    Status,
    StepsDiffer,
    Undefined,
    Verdict,
)

__all__ = ["check_derivation"]


@dataclass(frozen=True, slots=True)
class Step:
    """A formula, and the number of the line that it stands in, from 1: `a = b` are two steps of one line."""

    line: int
    node: Node


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a derivation got: checkpoints passed, and the place of the first wrong or undecided step.

    before: the line that the wrong step does not follow from.  followed: checkpoints passed after it, each
    following from the wrong line.
    """

    passed: int
    wrong: int | None = None
    undecided: int | None = None
    before: Node | None = None
    followed: int = 0


def check_derivation(problem: Derivation, answer: Answer, options: CheckOptions) -> Verdict:
    """Credit is the share of checkpoints passed in order before the first wrong step, and of what follows from it
    where the author counts that.
    """
    if is_blank(answer.value):
        return blank(answer.value)
    lines = lines_of(answer.value)
    if lines is None:
        fields = {"type": type_name(answer.value)}
        return Verdict(Status.UNREADABLE, finding=Finding("value", "not-a-list-of-steps", fields))
    steps: list[Step] = []
    for number, line in enumerate(lines, start=1):
        try:
            steps += [Step(number, node) for node in read_line(line, names_of(problem))]
        except AnswerError as error:
            verdict = unreadable(error)
            assert verdict.finding is not None
            fields = dict(verdict.finding.fields) | {"step": str(number)}
            return Verdict(Status.UNREADABLE, finding=Finding("syntax", verdict.finding.code, fields))
    nodes = [step.node for step in steps]
    walk = _walk(problem, nodes, options)
    if walk.wrong is not None and walk.passed and problem.follow_through:
        walk = replace(walk, followed=_followed(problem, nodes[walk.wrong :], walk.passed + 1, options))
    return _verdict(problem, steps, walk, options)


def _walk(problem: Derivation, steps: Sequence[Node], options: CheckOptions) -> Walk:
    checkpoints = problem.checkpoints
    passed, before = 0, None
    for place, step in enumerate(steps):
        if step == before:
            continue
        if passed < len(checkpoints):
            reached = reaches(problem, step, checkpoints[passed], options)
            if reached:
                passed, before = passed + 1, step
                continue
            if reached is None:
                return Walk(passed, undecided=place)
        same = None if before is None else equal(problem, step, before, options)
        if same is None and before is not None:
            return Walk(passed, undecided=place)
        if not same:
            return Walk(passed, wrong=place, before=before)
        before = step
    return Walk(passed)


def _followed(problem: Derivation, steps: Sequence[Node], at: int, options: CheckOptions) -> int:
    """Checkpoints that follow from a wrong line, the first of these steps, which stood for the one before `at`."""
    count, before = 0, steps[0]
    for step in steps[1:]:
        if step == before:
            continue
        if at < len(problem.checkpoints) and _follows(problem, step, before, at, options):
            count, at = count + 1, at + 1
        elif not equal(problem, step, before, options):
            break
        before = step
    return count


def _follows(problem: Derivation, step: Node, before: Node, at: int, options: CheckOptions) -> bool:
    """Whether a step is what the checkpoint comes to after this line."""
    checkpoint = problem.checkpoints[at]
    if checkpoint.form is not None and not checkpoint.form(step):
        return False
    if checkpoint.follow is not None:
        wanted = as_node(checkpoint.follow(to_text(before)))
    elif rewrites(problem, at, options):
        wanted = before
    else:
        return False
    return bool(equal(problem, step, wanted, options))


def _verdict(problem: Derivation, steps: Sequence[Step], walk: Walk, options: CheckOptions) -> Verdict:
    total = len(problem.checkpoints)
    reading = "\n".join(reading_of(step.node) for step in steps)
    if walk.undecided is not None:
        finding = Finding("undecided", "undecided-step", {"step": str(steps[walk.undecided].line)})
        return Verdict(Status.UNDECIDED, reading=reading, evidence=NoEvidence(), finding=finding)
    if walk.wrong is not None:
        return replace(_refuted(problem, steps[walk.wrong], walk, options), reading=reading)
    if walk.passed == total:
        return Verdict(Status.CORRECT, Fraction(1), reading, Grid(total))
    credit = Fraction(walk.passed, total)
    finding = Finding("step", "unfinished-derivation", _fields(problem, walk, steps[-1].line))
    return Verdict(_status(credit), credit, reading, NoEvidence(), finding)


def _fields(problem: Derivation, walk: Walk, line: int) -> dict[str, str]:
    return {"passed": str(walk.passed), "checkpoints": str(len(problem.checkpoints)), "step": str(line)}


def _status(credit: Fraction) -> Status:
    return Status.PARTIAL if credit else Status.INCORRECT


def _refuted(problem: Derivation, wrong: Step, walk: Walk, options: CheckOptions) -> Verdict:
    """What the steps before and after the wrong one earn, and what led to it."""
    step = wrong.node
    mistake = declared_mistake(problem, step, walk.passed, options)
    total = len(problem.checkpoints)
    passed = min(walk.passed, total - 1)  # a wrong line behind the end: the derivation does not end there
    earned = passed + (mistake.credit if mistake else 0) + options.follow_credit * walk.followed
    credit = Fraction(earned) / total
    cause = said_of(mistake) if mistake else cause_of(problem, step, walk.before, walk.passed, options)
    fields = _fields(problem, walk, wrong.line) | {"written": to_text(step), "followed": str(walk.followed or "")}
    code = "wrong-start" if walk.before is None else "wrong-step"
    finding = Finding("step", code, fields, cause.formula if cause else "", cause=cause)
    evidence = _against_line(problem, step, walk, options) or _against_checkpoint(
        problem, step, walk, cause, options
    )
    return Verdict(_status(credit), credit, evidence=evidence or NoEvidence(), finding=finding)


def _against_line(problem: Derivation, step: Node, walk: Walk, options: CheckOptions) -> Evidence | None:
    """A point where a step that only rewrites differs from the line before: both values are the student's own."""
    arrived = walk.passed == len(problem.checkpoints)
    if walk.before is None or not (arrived or rewrites(problem, walk.passed, options)):
        return None
    found = shown(step, walk.before, fixed_points(domain_of(problem)))
    return StepsDiffer(found.at, found.answer, found.reference) if found else None


def _against_checkpoint(
    problem: Derivation, step: Node, walk: Walk, cause: Finding | None, options: CheckOptions
) -> Evidence | None:
    """A point of the problem's own where a step differs from what should stand there, or an entry that it reads and
    no array has."""
    if walk.passed == len(problem.checkpoints) or (cause is not None and cause.kind == "step"):
        return None
    reference, own = reference_of(problem.checkpoints[walk.passed]), free_names(step)
    match decide(step, reference, domain_of(problem), secret=options.secret).evidence:
        case Undefined(at=at, entry=entry) as undefined if entry:
            return replace(undefined, at={name: value for name, value in at.items() if name in own})
        case Counterexample():
            found = shown(step, reference, fixed_points(domain_of(problem)))
            idle = set(problem.also) - own
            return found and replace(
                found, at={name: value for name, value in found.at.items() if name not in idle}
            )
        case _:
            return None
