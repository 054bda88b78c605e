"""Auditing hints: none may hold a name, number or sign that the reference has and the mistaken answer lacks.

What a student wrote is judged by its value where a number is asked for, and by its source code where a function is.
"""

from __future__ import annotations

import inspect
import io
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from typing import Any

from autograder.audit.trial import Slip
from autograder.decide import rational
from autograder.expression import substitute, to_text
from autograder.messages.hints import betrayed, tokens
from autograder.problem import Convention, Derivation, Formula, Function, Mistake, Number, Problem
from autograder.problem.formula import declared_node
from autograder.problem.kinds import declared_in
from autograder.problem.number import number_facts
from autograder.report import unsaid, unsaid_of_step

__all__ = ["audit_hints"]


def audit_hints(problem: Problem) -> Iterator[Slip]:
    """One slip for each word of a hint that it should have kept."""
    for declared in declared_in(problem):
        for language, hint in declared.hint.items():
            for token in sorted(betrayed(hint, _kept(problem, declared))):
                reason = f"holds {token!r}, which the reference has and this answer lacks."
                yield Slip("leak", f"the {language!r} hint of {declared.id!r} {reason}", f'"{declared.id}"')


def _kept(problem: Problem, declared: Mistake | Convention) -> frozenset[str]:
    match problem:
        case Function():
            parameters = frozenset(inspect.signature(problem.implementation).parameters)
            return frozenset(
                token
                for token in tokens(_code(problem.implementation)) - tokens(_code(declared.answer))
                if token in parameters or not token[0].isalpha()
            )
        case Number():
            value = rational(substitute(declared_node(declared), number_facts(problem).at))
            return unsaid(problem, to_text(declared_node(declared)) if value is None else str(value))
        case Derivation():
            at = next(place for place, one in enumerate(problem.checkpoints) if declared in one.mistakes)
            return unsaid_of_step(problem, at, to_text(declared_node(declared)))
        case Formula():
            return unsaid(problem, to_text(declared_node(declared)))
        case _:
            return unsaid(problem, str(declared.answer))


def _code(function: Callable[..., Any]) -> str:
    """The source of a function without its comments and texts; "" where there is none."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
        parts = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (OSError, TypeError, tokenize.TokenError, IndentationError):
        return ""
    return " ".join(part.string for part in parts if part.type in (tokenize.NAME, tokenize.NUMBER, tokenize.OP))
