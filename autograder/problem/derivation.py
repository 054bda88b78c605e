"""Checking a derivation: from the declared start, past every checkpoint, to the declared end.

A step is right if it equals the line before, or is the next checkpoint.  A line that repeats the one before says
nothing and is skipped, so writing the end twice earns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from autograder.answer import Answer
from autograder.decide import decide, fixed_points, shown
from autograder.errors import AnswerError
from autograder.expression import Node, to_text
from autograder.problem.formula import as_node, domain_of, names_of
from autograder.problem.kinds import Checkpoint, Derivation
from autograder.problem.options import CheckOptions
from autograder.problem.reading import blank, is_blank, lines_of, read, reading_of, type_name, unreadable
from autograder.verdict import Evidence, Finding, Grid, NoEvidence, Status, StepsDiffer, Verdict

__all__ = ["check_derivation"]


@lru_cache(maxsize=1024)
def _reference(checkpoint: Checkpoint) -> Node:
    return as_node(checkpoint.reference)


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a derivation got: checkpoints passed, and the first wrong or undecided step (1-based).

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
    steps: list[Node] = []
    for number, line in enumerate(lines, start=1):
        try:
            steps.append(read(line, names_of(problem)))
        except AnswerError as error:
            verdict = unreadable(error)
            assert verdict.finding is not None
            fields = dict(verdict.finding.fields) | {"step": str(number)}
            return Verdict(Status.UNREADABLE, finding=Finding("syntax", verdict.finding.code, fields))
    walk = _walk(problem, steps, options)
    if walk.wrong is not None and walk.passed and problem.follow_through:
        walk = replace(walk, followed=_followed(problem, steps[walk.wrong - 1 :], walk.passed + 1, options))
    return _verdict(problem, steps, walk, options)


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
            return Walk(passed, wrong=number, before=before)
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
        elif not _equal(problem, step, before, options):
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
    elif _rewrites(problem, at, options):
        wanted = before
    else:
        return False
    return bool(_equal(problem, step, wanted, options))


def _rewrites(problem: Derivation, at: int, options: CheckOptions) -> bool:
    """Whether a checkpoint has the value of the one before it."""
    if not 0 < at < len(problem.checkpoints):
        return False
    before, here = (_reference(problem.checkpoints[place]) for place in (at - 1, at))
    return bool(_equal(problem, here, before, options))


def _reaches(problem: Derivation, step: Node, checkpoint: Checkpoint, options: CheckOptions) -> bool | None:
    if checkpoint.form is not None and not checkpoint.form(step):
        return False
    return _equal(problem, step, _reference(checkpoint), options)


def _equal(problem: Derivation, step: Node, other: Node, options: CheckOptions) -> bool | None:
    return decide(step, other, domain_of(problem), secret=options.secret).equal


def _verdict(problem: Derivation, steps: Sequence[Node], walk: Walk, options: CheckOptions) -> Verdict:
    total = len(problem.checkpoints)
    reading = "\n".join(reading_of(step) for step in steps)
    if walk.undecided is not None:
        finding = Finding("undecided", "undecided-step", {"step": str(walk.undecided)})
        return Verdict(Status.UNDECIDED, reading=reading, evidence=NoEvidence(), finding=finding)
    if walk.wrong is None and walk.passed == total:
        return Verdict(Status.CORRECT, Fraction(1), reading, Grid(total))
    credit = (walk.passed + options.follow_credit * walk.followed) / Fraction(total)
    fields = {"passed": str(walk.passed), "checkpoints": str(total), "step": str(walk.wrong or len(steps))}
    evidence: Evidence = NoEvidence()
    if walk.wrong is not None:
        step = steps[walk.wrong - 1]
        fields |= {"written": to_text(step), "followed": str(walk.followed or "")}
        if walk.before is not None and _rewrites(problem, walk.passed, options):
            # both values are the student's own, so that the line before may be shown
            found = shown(step, walk.before, fixed_points(domain_of(problem)))
            evidence = StepsDiffer(found.at, found.answer, found.reference) if found else evidence
    code = {None: "unfinished-derivation", 1: "wrong-start"}.get(walk.wrong, "wrong-step")
    status = Status.PARTIAL if credit else Status.INCORRECT
    return Verdict(status, credit, reading, evidence, Finding("step", code, fields))
