"""Slips of rewriting a line: what cannot be taken apart term by term, a minus that did not reach every term."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from autograder.diagnose.edits import Edit
from autograder.diagnose.forms import forms
from autograder.diagnose.trees import added, at_path, negated, paths, replaced
from autograder.expression import Call, Fold, Node, Op, free_names, rebuild

__all__ = ["rewriting_edits"]

ROUNDED = frozenset({"floor", "ceiling"})  # a rounding that is taken apart is another matter


def rewriting_edits(line: Node) -> Iterator[Edit]:
    """A line as it is after one slip of rewriting, then with all its powers taken apart.

    >>> from autograder.expression import parse, to_text
    >>> [(edit.code, to_text(edit.tree)) for edit in rewriting_edits(parse("a - (b + c)"))]
    [('minus-lost', 'a + (-b + c)'), ('minus-lost', 'a + (-c + b)')]
    >>> [to_text(edit.tree) for edit in rewriting_edits(parse("sqrt(a + b)"))]
    ['sqrt(a) + sqrt(b)']
    """
    for path in paths(line):
        for code, new in _here(at_path(line, path)):
            yield Edit(code, replaced(line, {path: new}))
    for apart in (_termwise, _termwise_with_signs):
        changed = _everywhere(line, apart)
        if changed != line:
            yield Edit("taken-apart", changed)


def _here(node: Node) -> Iterator[tuple[str, Node]]:
    match node:
        case Op(op="neg", args=(inner,)):
            yield from (("minus-lost", new) for form in forms(inner) for new in _one_negative(form))
        case Op(op="^", args=(Op(op="+"), _)):
            yield from (
                ("taken-apart", new) for new in dict.fromkeys((_termwise(node), _termwise_with_signs(node)))
            )
        case Op(op="/", args=(top, Op(op="+", args=terms))):
            yield "taken-apart", added([Op("/", (top, term)) for term in terms])
        case Call(name=name, args=(Op(op="+", args=terms),)) if name not in ROUNDED:
            yield "taken-apart", added([Call(name, (term,)) for term in terms])
        case Fold(body=Op(op="+", args=terms)):
            yield from (("sum-cut-short", new) for new in _cut_short(node, terms))


def _one_negative(form: Node) -> Iterator[Node]:
    """-(a + b) with the minus at one of the terms."""
    terms = form.args if isinstance(form, Op) and form.op == "+" else ()
    for place, term in enumerate(terms):
        yield Op("+", (negated(term), *terms[:place], *terms[place + 1 :]))


def _cut_short(node: Fold, terms: tuple[Node, ...]) -> Iterator[Node]:
    """A sum of which a term without its index has been left outside."""
    bound = {name for name, _, _ in node.limits}
    for place, term in enumerate(terms):
        if not free_names(term) & bound:
            yield Op("+", (Fold(node.op, added([*terms[:place], *terms[place + 1 :]]), node.limits), term))


def _termwise(node: Node) -> Node:
    """(a - b)^2 as a^2 - b^2."""
    match node:
        case Op(op="^", args=(Op(op="+", args=terms), power)):
            return added([_signed(term, power) for term in terms])
        case _:
            return node


def _signed(term: Node, power: Node) -> Node:
    if isinstance(term, Op) and term.op == "neg":
        return Op("neg", (Op("^", (term.args[0], power)),))
    return Op("^", (term, power))


def _termwise_with_signs(node: Node) -> Node:
    """(a - b)^2 as a^2 + (-b)^2."""
    match node:
        case Op(op="^", args=(Op(op="+", args=terms), power)):
            return added([Op("^", (term, power)) for term in terms])
        case _:
            return node


def _everywhere(node: Node, change: Callable[[Node], Node]) -> Node:
    return change(rebuild(node, lambda part: _everywhere(part, change)))
