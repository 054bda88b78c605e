"""Auditing what people read: every language is there, and no hint gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograder.audit.hints import audit_hints
from autograder.audit.trial import Slip
from autograder.decide import decide, decide_number
from autograder.errors import AnswerError
from autograder.expression import Fold, Names, Node, free_names, parse, size, substitute, to_text, walk
from autograder.expression.names import FUNCTIONS
from autograder.locale import known
from autograder.problem import Choice, Formula, Number, Problem, Written
from autograder.problem.formula import facts
from autograder.problem.kinds import declared_in
from autograder.problem.number import number_facts

__all__ = ["audit_texts"]

# the parts of a formula in running text; whatever else stands there ends one
PART = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|[-+*/^()\[\],]|\s+")


def audit_texts(problem: Problem, languages: Sequence[str]) -> Iterator[Slip]:
    """Title, question and request in each language; rubric and model answers; hints that keep the key."""
    item = f'id="{problem.item.id}"'
    texts = [
        ("title", problem.item.title, item),
        ("question", problem.item.question, item),
        ("ask", problem.ask, "ask="),
    ]
    if isinstance(problem, Written):
        texts.append(("model answer", problem.model, "model="))
        texts += [(f"rubric line {n}", words, "rubric=") for n, (_, words) in enumerate(problem.rubric, start=1)]
    if isinstance(problem, Choice):
        texts += [(f"option {name!r}", words, f'"{name}"') for name, words in problem.options.items()]
    for what, words, near in texts:
        for language in languages:
            if not words.get(language):
                yield Slip("text", f"the {what} is missing in {language!r}.", near)
    yield from _hints(problem, languages)
    yield from audit_hints(problem)
    for convention in getattr(problem, "conventions", ()):
        if not convention.hint and not known(f"convention.{convention.id}"):
            message = (
                f"the convention {convention.id!r} has no sentence of its own: is its name right? Else give a hint."
            )
            yield Slip("text", message, f'"{convention.id}"')


def _hints(problem: Problem, languages: Sequence[str]) -> Iterator[Slip]:
    for mistake in declared_in(problem):
        near = f'"{mistake.id}"'
        for language, hint in mistake.hint.items():
            if isinstance(problem, Formula | Number) and _gives_away(hint, problem):
                yield Slip("leak", f"the {language!r} hint of {mistake.id!r} holds the reference.", near)
        missing = [language for language in languages if mistake.hint and not mistake.hint.get(language)]
        if missing:
            yield Slip("text", f"the hint of {mistake.id!r} is missing in {missing[0]!r}.", near)


def _gives_away(hint: str, problem: Formula | Number) -> bool:
    """Whether some part of a hint, read as a formula, is the reference in any form."""
    if isinstance(problem, Number):
        return _gives_the_value(hint, problem)
    own = facts(problem)
    bound = {name for node in walk(own.reference) if isinstance(node, Fold) for name, _, _ in node.limits}
    words = {*(own.names.symbols or ()), *(own.names.arrays or ()), *bound, *FUNCTIONS}
    for node in _formulas(hint, words, own.names):
        if len(free_names(node)) and size(node) > 1 and decide(node, own.reference, own.domain).equal:
            return True
    return False


def _gives_the_value(hint: str, problem: Number) -> bool:
    """The same for a number; one of a single digit gives nothing away, since it may count anything."""
    own = number_facts(problem)
    for node in _formulas(hint, {*(own.names.symbols or ()), *FUNCTIONS}, own.names):
        if size(node) == 1 and len(to_text(node)) < 2:
            continue
        if decide_number(substitute(node, own.at), own.reference, own.rule).equal:
            return True
    return False


def _formulas(hint: str, words: set[str], names: Names) -> Iterator[Node]:
    """Every longest part of a text that can be read as a formula in these names."""
    runs, end = [""], 0
    for found in PART.finditer(hint):
        text = found.group()
        word = text[0].isalpha() and text not in words
        if word or found.start() != end:
            runs.append("")
        if not word:
            runs[-1] += text
        end = found.end()
    for part in runs:
        for piece in {part, *part.split(",")}:
            try:
                yield parse(piece.strip(" ,"), names)
            except AnswerError:
                continue
