"""Slips in functions, and in definitions by cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from autograder.diagnose.trees import ONE, ZERO, Change, added, negated, plus
from autograder.expression import Call, Node, Op, Piecewise, Symbol, Truth

__all__ = ["call_edits", "piece_edits"]

ROUNDINGS = {"floor": "ceiling", "ceiling": "floor"}


def call_edits(name: str, args: tuple[Node, ...]) -> Iterator[Change]:
    """Another rounding or none, no function at all, a root that covers too little."""
    if name in ROUNDINGS:
        yield "floor-for-ceiling", Call(ROUNDINGS[name], args)
        yield "rounding-lost", args[0]
        return
    if len(args) == 1:
        yield "function-lost", args[0]
        yield "sign", Call(name, (negated(args[0]),))
        if name == "sqrt" and isinstance(args[0], Op) and args[0].op in ("+", "*", "/"):
            inner = args[0]
            for place in range(len(inner.args)):
                parts = tuple(Call(name, (part,)) if at == place else part for at, part in enumerate(inner.args))
                yield "bracket", Op(inner.op, parts)
            yield "bracket", Op(inner.op, tuple(Call(name, (part,)) for part in inner.args))


def piece_edits(branches: tuple[tuple[Node, Node], ...], names: Sequence[str]) -> Iterator[Change]:
    """One piece for all, two that have changed places, a piece that is constant or has a factor too many."""
    for value, _ in branches:
        yield "piece-lost", value
    for one, other in combinations(range(len(branches)), 2):
        values = [value for value, _ in branches]
        values[one], values[other] = values[other], values[one]
        yield "pieces-swapped", Piecewise(tuple(zip(values, [test for _, test in branches], strict=True)))
    yield from _added(branches)
    for place, (value, test) in enumerate(branches):
        for code, new in _piece(value, names):
            yield code, Piecewise((*branches[:place], (new, test), *branches[place + 1 :]))
    if len(branches) == 2 and isinstance(branches[1][1], Truth):
        values_only = (branches[0][0], branches[1][0])
        yield "function-for-function", Call("Max", values_only)
        yield "function-for-function", Call("Min", values_only)


def _added(branches: tuple[tuple[Node, Node], ...]) -> Iterator[Change]:
    """The values of the cases added: everywhere, or where one of them holds."""
    total = added([value for value, _ in branches])
    yield "pieces-added", total
    for place, (_, test) in enumerate(branches):
        yield "pieces-added", Piecewise((*branches[:place], (total, test), *branches[place + 1 :]))


def _piece(value: Node, names: Sequence[str]) -> Iterator[Change]:
    yield "sign", negated(value)
    yield "piece-wrong", ZERO
    yield "piece-wrong", ONE
    for name in names:
        yield "piece-wrong", Symbol(name)
        yield "add-factor", Op("*", (value, Symbol(name)))
        yield "add-divisor", Op("/", (value, Symbol(name)))
        yield "add-term", Op("+", (value, Symbol(name)))
        yield "sign", Op("+", (Symbol(name), negated(value)))
    yield "add-term", plus(value, 1)
    yield "term-subtracted", plus(value, -1)
    yield "complement", Op("+", (ONE, negated(value)))
