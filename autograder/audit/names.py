"""Auditing names: every symbol that a reference or a mistake uses is declared, or no student could write it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from autograder.audit.trial import Slip
from autograder.expression import free_names, parse
from autograder.problem import Derivation, Formula, Number, Problem
from autograder.problem.formula import as_node, declared_node, names_of
from autograder.problem.kinds import Symbolic, declared_in

__all__ = ["audit_names"]

SYMBOLS = 'Declare it in symbols={...}, such as {"K": "positive integer"}'
ALSO = "Declare it in also={...}, or students cannot write it"
GIVEN = "Give it a value in given_values={...}"


def audit_names(problem: Problem) -> Iterator[Slip]:
    """Names that are used and not declared, each where it is used first, with the one that may be meant."""
    said = set()
    for name, slip in _undeclared(problem):
        if name not in said:
            said.add(name)
            yield slip


def _undeclared(problem: Problem) -> Iterator[tuple[str, Slip]]:
    match problem:
        case Symbolic():
            known = names_of(problem)
            declared, advice = {*(known.symbols or ()), *(known.arrays or ())}, SYMBOLS
        case Number():
            declared, advice = set(problem.given_values), GIVEN
        case _:
            return
    for what, node, near in _required(problem):
        yield from _unknown(what, node, near, declared, advice)
    for entry in declared_in(problem):
        more = GIVEN if isinstance(problem, Number) else ALSO
        yield from _unknown(f"{entry.id!r}", declared_node(entry), f'"{entry.id}"', declared, more)
    if isinstance(problem, Formula):
        yield from _open_figures(problem)


def _required(problem: Problem) -> Iterator[tuple[str, Any, str]]:
    """What the key itself is made of: a label, its tree, a text of the author's near it."""
    if isinstance(problem, Formula | Number):
        yield "the reference", as_node(problem.reference), "reference="
    if isinstance(problem, Derivation):
        for checkpoint in problem.checkpoints:
            yield f"the checkpoint {checkpoint.id!r}", as_node(checkpoint.reference), f'"{checkpoint.id}"'
    if isinstance(problem, Symbolic):
        for text in problem.where:
            yield f"where, {text!r},", parse(text, relations=True), text
    for number, step in enumerate(problem.steps, start=1):
        if step.expression is not None and not isinstance(problem, Derivation):
            yield f"step {number}", as_node(step.expression), "steps="


def _unknown(what: str, node: Any, near: str, declared: set[str], advice: str) -> Iterator[tuple[str, Slip]]:
    for name in sorted(free_names(node) - declared):
        close = difflib.get_close_matches(name, sorted(declared), n=1, cutoff=0.5)
        same = [other for other in sorted(declared) if other.lower() == name.lower()]
        meant = f" Is {(same or close)[0]!r} meant?" if same or close else ""
        yield name, Slip("name", f"{what} uses {name!r}, which is not declared.{meant} {advice}.", near)


def _open_figures(problem: Formula) -> Iterator[tuple[str, Slip]]:
    """A published figure needs a value for every symbol."""
    conventions = {convention.id: convention for convention in problem.conventions}
    for figure in problem.published:
        node = declared_node(conventions[figure.convention]) if figure.convention else as_node(problem.reference)
        for name in sorted(free_names(node) - set(figure.at)):
            message = f"the published figure {figure.value} leaves {name!r} open: give its value in at."
            yield name, Slip("name", message, figure.source)
