"""The worked solution of an answer, and whether every line of it holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from autograder.decide import Rule, decide, decide_number, rational
from autograder.decide.pair import Decision
from autograder.expression import Node, free_names, substitute, to_text
from autograder.problem import Costs, Formula, Gradient, Number, Problem, ReceptiveField, Step
from autograder.problem.formula import as_node, domain_of
from autograder.problem.number import number_facts
from autograder.worked.arithmetic import FIGURES, arithmetic, rounded
from autograder.worked.costs import cost_lines
from autograder.worked.field import field_lines
from autograder.worked.gradient import gradient_lines
from autograder.worked.lines import Line
from autograder.worked.order import in_order, order_of
from autograder.worked.words import say

__all__ = ["answer_of", "reference_of", "unproved", "valued", "worked"]


@lru_cache(maxsize=4096)
def reference_of(problem: Formula | Number) -> Node:
    """The reference as a person writes it: the author's own text, or sympy's tree in the order of the symbols."""
    if problem.shown:
        return as_node(problem.shown)
    return in_order(as_node(problem.reference), names_in_order(problem))


def names_in_order(problem: Problem) -> tuple[str, ...]:
    """Names as the author's formula has them, then as they are declared."""
    shown: str = getattr(problem, "shown", "")
    written = order_of(as_node(shown)) if shown else ()
    declared = [*getattr(problem, "symbols", ()), *getattr(problem, "given_values", ())]
    return tuple(dict.fromkeys([*written, *declared, *getattr(problem, "also", ())]))


def answer_of(problem: Formula | Number) -> Line:
    """What stands in the answer's box: the formula; for a number the formula and its value."""
    shown = reference_of(problem)
    return Line(chain=(shown,)) if isinstance(problem, Formula) else valued(shown, number_facts(problem).at)


def valued(node: Node, at: Mapping[str, Node]) -> Line:
    """A formula with the value that it has for these numbers, rounded where it is no short number.

    >>> [to_text(part) for part in valued(as_node("2/(C*K^2)"), {"C": as_node(3), "K": as_node(8)}).chain]
    ['2/(C*K^2)', '1/96', '0.01042']
    """
    value = arithmetic(node, at)[-1]
    near = rounded(value)
    chain = [node] if node == value or not free_names(node) else [node, value]
    if chain[-1] != value:
        chain = [value]
    if near is None or to_text(near) == to_text(value):
        return Line(chain=tuple(chain))
    return Line(chain=(*chain, near), rounded=rational(near) != rational(value))


def worked(problem: Problem) -> tuple[Line, ...]:
    """Every line: derived from the problem's declarations, then the author's own, then the numbers put in."""
    return tuple(_lines(problem))


def _lines(problem: Problem) -> Iterator[Line]:
    at = number_facts(problem).at if isinstance(problem, Number) else {}
    match problem.working:
        case Costs():
            yield from cost_lines(problem.working, at)
        case ReceptiveField():
            yield from field_lines(problem.working)
        case Gradient():
            yield from gradient_lines(problem.working)
        case _:
            pass
    names = names_in_order(problem)
    for step in problem.steps:
        yield _own(step, names)
    if isinstance(problem, Number) and not isinstance(problem.working, Costs):
        yield from _numbers(problem, at)


def _own(step: Step, names: Sequence[str]) -> Line:
    if step.expression is None:
        return Line(step.words)
    node = as_node(step.expression)
    return Line(step.words, (node if isinstance(step.expression, str) else in_order(node, names),), concludes=True)


def _numbers(problem: Number, at: Mapping[str, Node]) -> Iterator[Line]:
    chain = arithmetic(reference_of(problem), at)
    near = rounded(chain[-1])
    if near is not None and to_text(near) != to_text(chain[-1]):
        words = say("arithmetic" if len(chain) > 1 else "decimal")
        yield Line(words, (*chain, near), concludes=True, rounded=rational(near) != rational(chain[-1]))
    elif len(chain) > 1:
        yield Line(say("arithmetic"), chain, concludes=True)


def unproved(problem: Problem, secret: bytes = b"") -> Iterator[str]:
    """What does not hold in the worked solution: a sentence for each line that decide does not confirm."""
    if not isinstance(problem, Formula | Number):
        return
    if problem.shown and not _same(problem, as_node(problem.shown), as_node(problem.reference), secret):
        yield f"shown, {problem.shown}, does not equal the reference."
    for number, line in enumerate(worked(problem), start=1):
        exact = line.chain[:-1] if line.rounded else line.chain
        for before, after in itertools.pairwise(exact):
            if not _same(problem, after, before, secret):
                yield f"step {number}: {to_text(after)} does not follow from {to_text(before)}."
        if line.concludes and not _same(problem, exact[-1], as_node(problem.reference), secret):
            yield f"step {number}, {to_text(exact[-1])}, does not equal the reference."
        if line.rounded and not _near(problem, line.chain[-1], exact[-1]):
            yield f"step {number}: {to_text(line.chain[-1])} is not {to_text(exact[-1])} rounded."


def _same(problem: Formula | Number, node: Node, other: Node, secret: bytes) -> bool:
    if node == other:
        return True
    if isinstance(problem, Number):
        at = number_facts(problem).at
        return decide_number(substitute(node, at), substitute(other, at)).equal is True
    found: Decision = decide(node, other, domain_of(problem), secret=secret)
    return found.equal is True


def _near(problem: Formula | Number, node: Node, exact: Node) -> bool:
    at = number_facts(problem).at if isinstance(problem, Number) else {}
    rule = Rule.of({"significant_figures": FIGURES})
    return decide_number(node, substitute(exact, at), rule).equal is True
