"""Auditing what people read: both languages are there, and no hint gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.audit.trial import Slip
from autograder.decide import decide
from autograder.errors import AnswerError
from autograder.expression import free_names, parse, size
from autograder.problem import Formula, Problem, Written
from autograder.problem.formula import facts
from autograder.problem.kinds import Function, Number

__all__ = ["audit_texts"]

LANGUAGES = ("en", "fa")
FORMULA_LIKE = re.compile(r"[\w(][\w+*/^() .,\[\]-]{2,}")


def audit_texts(problem: Problem) -> Iterator[Slip]:
    """Title, question and request in each language; rubric and model answers; hints that keep the key."""
    texts = {"title": problem.item.title, "question": problem.item.question, "ask": problem.ask}
    if isinstance(problem, Written):
        texts["model answer"] = problem.model
        texts |= {f"rubric line {n}": words for n, (_, words) in enumerate(problem.rubric, start=1)}
    for what, words in texts.items():
        for language in LANGUAGES:
            if not words.get(language):
                yield Slip("text", f"the {what} is missing in {language!r}.")
    if isinstance(problem, Formula | Number | Function):
        yield from _hints(problem)


def _hints(problem: Formula | Number | Function) -> Iterator[Slip]:
    for mistake in problem.mistakes:
        for language, hint in mistake.hint.items():
            if isinstance(problem, Formula) and _gives_away(hint, problem):
                yield Slip("leak", f"the {language!r} hint of {mistake.id!r} holds the reference.")
        if mistake.hint and set(mistake.hint) != set(LANGUAGES):
            yield Slip("text", f"the hint of {mistake.id!r} is not there in both languages.")


def _gives_away(hint: str, problem: Formula) -> bool:
    """Whether some part of a hint, read as a formula, is the reference in any form."""
    known = facts(problem)
    for part in FORMULA_LIKE.findall(hint):
        try:
            node = parse(part.strip(" .,;:"), known.names)
        except AnswerError:
            continue
        if len(free_names(node)) and size(node) > 1 and decide(node, known.reference, known.domain).equal:
            return True
    return False
