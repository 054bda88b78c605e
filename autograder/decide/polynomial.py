"""Exact normal forms: a formula as numerator and denominator, two polynomials with rational coefficients.

Two formulas whose cross products agree are equal wherever both are defined: a proof, with no point sampled.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import flint
from flint import fmpq

from autograder.expression import Node, Number, Op, Symbol, walk

__all__ = ["NotRational", "Ratio", "normal", "same"]

TERMS = 3000
DEGREE = 60


class NotRational(Exception):
    """The formula is no rational function, or too large to expand."""


Ratio = tuple[Any, Any]


@lru_cache(maxsize=256)
def _context(names: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    context = flint.fmpq_mpoly_ctx.get(names or ("_",), "degrevlex")
    return context, dict(zip(names, context.gens(), strict=False))


def _names(node: Node) -> set[str]:
    """The symbols of a rational expression; NotRational as soon as another kind of node is met."""
    found = set()
    for part in walk(node):
        if isinstance(part, Symbol):
            found.add(part.name)
        elif not isinstance(part, Number | Op):
            raise NotRational(type(part).__name__)
    return found


def same(answer: Node, reference: Node) -> bool:
    """Whether two rational functions are one.

    Raises NotRational where either is none, or is too large to expand.

    >>> from autograder.expression import parse
    >>> same(parse("F*(D*K^2 + 1)"), parse("F*D*K*K + F"))
    True
    """
    names = tuple(sorted(_names(answer) | _names(reference)))
    top, bottom = normal(answer, names)
    other_top, other_bottom = normal(reference, names)
    left, right = _times(top, other_bottom), _times(other_top, bottom)
    return bool(left == right)


def normal(node: Node, names: tuple[str, ...]) -> Ratio:
    """Numerator and denominator over these symbols; the denominator is not the zero polynomial."""
    context, generators = _context(names)
    return _normal(node, context, generators)


def _normal(node: Node, context: Any, generators: dict[str, Any]) -> Ratio:
    match node:
        case Number(value=value):
            return context.constant(fmpq(value.numerator, value.denominator)), context.constant(1)
        case Symbol(name=name):
            return generators[name], context.constant(1)
        case Op(op="neg", args=(inner,)):
            top, bottom = _normal(inner, context, generators)
            return -top, bottom
        case Op(op="^", args=(base, exponent)):
            return _power(_normal(base, context, generators), _whole(exponent, context, generators))
        case Op(op=op, args=args) if op in ("+", "*", "/"):
            total = _normal(args[0], context, generators)
            for part in args[1:]:
                total = _combine(op, total, _normal(part, context, generators))
            return total
        case _:
            raise NotRational(repr(node))


def _combine(op: str, left: Ratio, right: Ratio) -> Ratio:
    if op == "*":
        return _times(left[0], right[0]), _times(left[1], right[1])
    if op == "/":
        if right[0] == 0:
            raise NotRational("a division by zero")
        return _times(left[0], right[1]), _times(left[1], right[0])
    if left[1] == right[1]:
        return left[0] + right[0], left[1]
    return _times(left[0], right[1]) + _times(right[0], left[1]), _times(left[1], right[1])


def _times(left: Any, right: Any) -> Any:
    if len(left) * len(right) > TERMS:
        raise NotRational("too many terms")
    return left * right


def _whole(node: Node, context: Any, generators: dict[str, Any]) -> int:
    top, bottom = _normal(node, context, generators)
    if not (top.is_constant() and bottom.is_constant()):
        raise NotRational("a power with symbols")
    value = _constant(top) / _constant(bottom)
    if value.q != 1 or abs(value) > DEGREE:
        raise NotRational("a power that is not a small whole number")
    return int(value.p)


def _constant(polynomial: Any) -> fmpq:
    return fmpq(polynomial.leading_coefficient()) if polynomial != 0 else fmpq(0)


def _power(base: Ratio, exponent: int) -> Ratio:
    top, bottom = base if exponent >= 0 else (base[1], base[0])
    exponent = abs(exponent)
    if exponent < 0 or bottom == 0 or (exponent == 0 and top == 0):
        raise NotRational("a power of zero")
    if exponent * max(1, top.total_degree(), bottom.total_degree()) > DEGREE * 4:
        raise NotRational("too high a degree")
    if max(len(top), len(bottom)) ** min(exponent, 12) > TERMS:
        raise NotRational("too many terms")
    _check_bits(top, bottom, exponent)
    return top**exponent, bottom**exponent


def _check_bits(top: Any, bottom: Any, exponent: int) -> None:
    for polynomial in (top, bottom):
        bits = max((max(c.p.bit_length(), c.q.bit_length()) for c in polynomial.coeffs()), default=0)
        if bits * exponent > 20000:
            raise NotRational("too many digits")
