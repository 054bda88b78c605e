"""Auditing what people read: both languages are there, and no hint gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.audit.trial import Slip
from autograder.expression import to_text
from autograder.problem import Formula, Problem, Written
from autograder.problem.formula import as_node
from autograder.problem.kinds import Function, Number

__all__ = ["audit_texts"]

LANGUAGES = ("en", "fa")


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
    key = _squeezed(to_text(as_node(problem.reference))) if isinstance(problem, Formula) else ""
    for mistake in problem.mistakes:
        for language, hint in mistake.hint.items():
            if len(key) > 2 and key in _squeezed(hint):
                yield Slip("leak", f"the {language!r} hint of {mistake.id!r} holds the reference.")
        if mistake.hint and set(mistake.hint) != set(LANGUAGES):
            yield Slip("text", f"the hint of {mistake.id!r} is not there in both languages.")


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("**", "^")
