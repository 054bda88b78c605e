"""Choices, which are exact, and written answers, which a person reads."""

from __future__ import annotations

from fractions import Fraction

from autograder.answer import Answer
from autograder.problem.kinds import Choice, Written
from autograder.problem.reading import blank, is_blank, options_of, type_name
from autograder.verdict import Finding, Identity, NoEvidence, Status, Verdict

__all__ = ["check_choice", "check_written"]


def check_choice(problem: Choice, answer: Answer) -> Verdict:
    """Credit only for exactly the correct options: 'a', ('a', 'c'), 'a, c' and {'a'} are all read."""
    if is_blank(answer.value):
        return blank(answer.value)
    chosen = options_of(answer.value)
    if chosen is None:
        return Verdict(Status.UNREADABLE, finding=Finding("value", "not-a-choice", _known(problem)))
    unknown = [option for option in chosen if option not in problem.options]
    reading = ", ".join(chosen)
    if unknown:
        fields = _known(problem) | {"option": unknown[0]}
        return Verdict(Status.UNREADABLE, reading=reading, finding=Finding("name", "unknown-option", fields))
    if set(chosen) == set(problem.correct):
        return Verdict(Status.CORRECT, Fraction(1), reading, Identity())
    for mistake in problem.mistakes:
        if set(chosen) == set(options_of(mistake.answer) or ()):
            finding = Finding("mistake", mistake.id, {"id": mistake.id}, reading, mistake.hint)
            status = Status.PARTIAL if mistake.credit else Status.INCORRECT
            return Verdict(status, mistake.credit, reading, finding=finding)
    return Verdict(Status.INCORRECT, reading=reading, finding=Finding("choice", "choice"))


def _known(problem: Choice) -> dict[str, str]:
    return {"options": ", ".join(problem.options)}


def check_written(problem: Written, answer: Answer) -> Verdict:
    """Never decided here: a person reads it with the rubric, and its points wait."""
    if is_blank(answer.value):
        return blank(answer.value)
    if not isinstance(answer.value, str):
        fields = {"type": type_name(answer.value)}
        return Verdict(Status.UNREADABLE, finding=Finding("value", "not-a-text", fields))
    most = str(sum(weight for weight, _ in problem.rubric))
    return Verdict(
        Status.UNDECIDED,
        reading=answer.value,
        evidence=NoEvidence(),
        finding=Finding("written", "written", {"marks": most}),
    )
