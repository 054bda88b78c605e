"""Slips that turn a right formula into a wrong one, each with its name: the simplest first.

Trees only: nothing is evaluated, and an edit that changes nothing is left out by whoever compares values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from autograder.expression import (
    Call,
    Fold,
    Index,
    Node,
    Number,
    Op,
    Symbol,
    children,
    free_names,
    rebuild,
    substitute,
)

__all__ = ["Edit", "edits"]

ZERO, ONE, TWO = (Number(Fraction(n), str(n)) for n in (0, 1, 2))
ROUNDINGS = {"floor": "ceiling", "ceiling": "floor"}
NAMED = {"S": "stride-ignored", "P": "padding-ignored"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A wrong formula, and the code of the sentence that says what went wrong."""

    code: str
    tree: Node


def edits(reference: Node, names: Sequence[str]) -> Iterator[Edit]:
    """Every single slip in a formula: in one of its parts, or of the whole.

    names: the symbols that a student may use.

    >>> from autograder.expression import parse, to_text
    >>> [to_text(edit.tree) for edit in edits(parse("F*K^2"), ["F", "K"]) if edit.code == "power-low"]
    ['F*K', 'F*(K*2)']
    """
    yield from _within(reference)
    used = sorted(free_names(reference) & set(names))
    for place, name in enumerate(used):
        yield Edit(NAMED.get(name, "drop-factor"), substitute(reference, {name: ONE}))
        yield Edit(NAMED.get(name, "drop-term"), substitute(reference, {name: ZERO}))
        for other in used[place + 1 :]:
            yield Edit("swapped-symbols", substitute(reference, {name: Symbol(other), other: Symbol(name)}))
        for other in names:
            if other != name:
                yield Edit("symbol-for-symbol", substitute(reference, {name: Symbol(other)}))
    yield from _of_the_whole(reference, names)


def _of_the_whole(reference: Node, names: Sequence[str]) -> Iterator[Edit]:
    yield Edit("sign", Op("neg", (reference,)))
    yield Edit("reciprocal", Op("/", (ONE, reference)))
    yield Edit("off-by-one", _plus(reference, 1))
    yield Edit("off-by-one", _plus(reference, -1))
    for name in names:
        yield Edit("add-factor", Op("*", (reference, Symbol(name))))
        yield Edit("drop-factor", Op("/", (reference, Symbol(name))))
        yield Edit("add-factor", Op("*", (reference, Symbol(name), Symbol(name))))
        yield Edit("drop-factor", Op("/", (reference, Op("^", (Symbol(name), TWO)))))
        yield Edit("add-term", Op("+", (reference, Symbol(name))))
        yield Edit("drop-term", Op("+", (reference, Op("neg", (Symbol(name),)))))


def _within(node: Node) -> Iterator[Edit]:
    """Slips in one part of the tree, with the rest as it is."""
    yield from _here(node)
    for place, part in enumerate(children(node)):
        for edit in _within(part):
            yield Edit(edit.code, _with_part(node, place, edit.tree))


def _with_part(node: Node, place: int, new: Node) -> Node:
    counter = iter(range(len(children(node))))
    return rebuild(node, lambda part: new if next(counter) == place else part)


def _here(node: Node) -> Iterator[Edit]:
    match node:
        case Op(op="+" | "*"):
            yield from _chain(node)
        case Op(op="^", args=(base, exponent)):
            yield from _power(base, exponent)
        case Op(op="neg", args=(inner,)):
            yield Edit("sign", inner)
        case Op(op="/", args=(top, bottom)):
            yield Edit("drop-factor", top)
            yield Edit("reciprocal", Op("/", (bottom, top)))
            yield Edit("reciprocal", Op("*", (top, bottom)))
        case Number(value=value) if value.denominator == 1:
            yield Edit("off-by-one", Number(value + 1, str(value + 1)))
            yield Edit("off-by-one", _plus(node, -1))
        case Symbol():
            yield Edit("off-by-one", _plus(node, 1))
            yield Edit("off-by-one", _plus(node, -1))
        case Call(name=name, args=(inner, *rest)):
            if name in ROUNDINGS:
                yield Edit("floor-for-ceiling", Call(ROUNDINGS[name], (inner,)))
            if not rest:
                yield Edit("function-for-function", inner)
        case Fold():
            yield from _fold(node)
        case Index(base=base, indices=indices):
            yield from _index(base, indices)


def _chain(node: Op) -> Iterator[Edit]:
    """A term or factor less, a sign, a sum for a product, a bracket that encloses too little."""
    op, args = node.op, node.args
    for place, part in enumerate(args):
        rest = args[:place] + args[place + 1 :]
        kept = rest[0] if len(rest) == 1 else Op(op, rest)
        yield Edit("drop-term" if op == "+" else "drop-factor", kept)
        if op == "+":
            turned = part.args[0] if isinstance(part, Op) and part.op == "neg" else Op("neg", (part,))
            yield Edit("sign", Op("+", (*args[:place], turned, *args[place + 1 :])))
        elif isinstance(part, Op) and part.op == "+":
            for inner, term in enumerate(part.args):
                others = part.args[:inner] + part.args[inner + 1 :]
                yield Edit("bracket", Op("+", (Op("*", (*rest, term)), *others)))
    yield Edit("sum-for-product", Op("*" if op == "+" else "+", args))


def _power(base: Node, exponent: Node) -> Iterator[Edit]:
    if isinstance(exponent, Number):
        lower, higher = exponent.value - 1, exponent.value + 1
        yield Edit("power-low", base if lower == 1 else Op("^", (base, Number(lower, str(lower)))))
        yield Edit("power-high", Op("^", (base, Number(higher, str(higher)))))
    yield Edit("power-low", Op("*", (base, exponent)))


def _fold(node: Fold) -> Iterator[Edit]:
    for place, (name, low, high) in enumerate(node.limits):
        for moved in ((name, low, _plus(high, -1)), (name, _plus(low, 1), high), (name, low, _plus(high, 1))):
            yield Edit(
                "index-range", Fold(node.op, node.body, (*node.limits[:place], moved, *node.limits[place + 1 :]))
            )
    yield Edit("sum-for-product", Fold("Product" if node.op == "Sum" else "Sum", node.body, node.limits))
    count: Node = ONE
    for _, low, high in node.limits:
        count = Op("*", (count, Op("+", (high, ONE, Op("neg", (low,))))))
    yield Edit("mean-for-sum", Op("/", (node, count)))


def _index(base: str, indices: tuple[Node, ...]) -> Iterator[Edit]:
    for place, index in enumerate(indices):
        before, after = indices[:place], indices[place + 1 :]
        yield Edit("index-shifted", Index(base, (*before, _plus(index, 1), *after)))
        yield Edit("index-shifted", Index(base, (*before, _plus(index, -1), *after)))
        if isinstance(index, Op) and index.op == "+":
            for term, part in enumerate(index.args):
                turned = part.args[0] if isinstance(part, Op) and part.op == "neg" else Op("neg", (part,))
                changed = Op("+", (*index.args[:term], turned, *index.args[term + 1 :]))
                yield Edit("index-reversed", Index(base, (*before, changed, *after)))
    if len(indices) == 2:
        yield Edit("transposed", Index(base, (indices[1], indices[0])))


def _plus(node: Node, step: int) -> Node:
    return Op("+", (node, ONE if step > 0 else Op("neg", (ONE,))))
