"""Exact normal forms: a formula as numerator and denominator, two polynomials with rational coefficients.

Two formulas whose cross products agree are equal wherever both are defined: a proof, with no point sampled.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import flint
from flint import fmpq

from autograder.expression import Node, Number, Op, Symbol

__all__ = ["Compared", "NotRational", "compare_forms"]

TERMS = 3000
DEGREE = 60
ONE = fmpq(1)


class NotRational(Exception):
    """The formula is no rational function, or too large to expand."""


# Numerator and denominator, each a polynomial or a plain fmpq; no denominator is None.
Ratio = tuple[Any, Any]


class Compared:
    """Whether two rational functions are one; for two polynomials also how to evaluate them at a point."""

    __slots__ = ("answer", "polynomials", "reference", "same")

    def __init__(self, left: Ratio, right: Ratio) -> None:
        self.answer, self.reference = left[0], right[0]
        self.polynomials = left[1] is None and right[1] is None
        self.same = bool(_times(left[0], right[1]) == _times(right[0], left[1]))

    def values(self, point: tuple[fmpq, ...]) -> tuple[fmpq, fmpq]:
        """Both polynomials at a point: values in the order of the names."""
        return _at(self.answer, point), _at(self.reference, point)


@lru_cache(maxsize=256)
def _context(names: tuple[str, ...]) -> dict[str, Any]:
    context = flint.fmpq_mpoly_ctx.get(names or ("_",), "degrevlex")
    return dict(zip(names, context.gens(), strict=False))


def compare_forms(answer: Node, reference: Node, names: tuple[str, ...]) -> Compared:
    """Expand both formulas over these symbols and compare them.

    Raises NotRational where either is no rational function, or is too large to expand.

    >>> from autograder.expression import parse
    >>> compare_forms(parse("F*(D*K^2 + 1)"), parse("F*D*K*K + F"), ("D", "F", "K")).same
    True
    """
    generators = _context(names)
    return Compared(_normal(answer, generators), _normal(reference, generators))


def _normal(node: Node, generators: dict[str, Any]) -> Ratio:
    if isinstance(node, Symbol):
        return generators[node.name], None
    if isinstance(node, Number):
        return fmpq(node.value.numerator, node.value.denominator), None
    if not isinstance(node, Op):
        raise NotRational(type(node).__name__)
    op, args = node.op, node.args
    first = _normal(args[0], generators)
    if op == "neg":
        return -first[0], first[1]
    if op == "^":
        return _power(first, _whole(_normal(args[1], generators)))
    if op not in ("+", "*", "/"):
        raise NotRational(op)
    for part in args[1:]:
        first = _combine(op, first, _normal(part, generators))
    return first


def _combine(op: str, left: Ratio, right: Ratio) -> Ratio:
    if op == "*":
        return _times(left[0], right[0]), _times(left[1], right[1])
    if op == "/":
        return _quotient(left, right)
    if left[1] is right[1] or (left[1] is not None and right[1] is not None and left[1] == right[1]):
        return left[0] + right[0], left[1]
    return _times(left[0], right[1]) + _times(right[0], left[1]), _times(left[1], right[1])


def _quotient(left: Ratio, right: Ratio) -> Ratio:
    top, bottom = right
    if top == 0:
        raise NotRational("a division by zero")
    if type(top) is fmpq and bottom is None:
        return left[0] * (1 / top), left[1]
    return _times(left[0], bottom), _times(left[1], top)


def _times(left: Any, right: Any) -> Any:
    if left is None:
        return right
    if right is None:
        return left
    if type(left) is fmpq or type(right) is fmpq:
        return left * right
    if len(left) * len(right) > TERMS:
        raise NotRational("too many terms")
    return left * right


def _whole(exponent: Ratio) -> int:
    top, bottom = exponent
    if bottom is not None or (type(top) is not fmpq and not top.is_constant()):
        raise NotRational("a power with symbols")
    value = top if type(top) is fmpq else _at(top, ())
    if value.q != 1 or abs(value) > DEGREE:
        raise NotRational("a power that is not a small whole number")
    return int(value.p)


def _power(base: Ratio, exponent: int) -> Ratio:
    top, bottom = base
    if exponent <= 0 and top == 0:
        raise NotRational("a power of zero")
    if exponent < 0 and bottom is None and type(top) is fmpq:
        return _raised(1 / top, -exponent), None
    if exponent < 0:
        top, bottom, exponent = (ONE if bottom is None else bottom), top, -exponent
    return _raised(top, exponent), None if bottom is None else _raised(bottom, exponent)


def _raised(base: Any, exponent: int) -> Any:
    if type(base) is fmpq:
        _check_bits((base,), exponent)
        return base**exponent
    if exponent * max(1, base.total_degree()) > DEGREE * 4:
        raise NotRational("too high a degree")
    if len(base) ** min(exponent, 12) > TERMS:
        raise NotRational("too many terms")
    _check_bits(base.coeffs(), exponent)
    return base**exponent


def _check_bits(coefficients: Any, exponent: int) -> None:
    bits = max((max(c.p.bit_length(), c.q.bit_length()) for c in coefficients), default=0)
    if bits * exponent > 20000:
        raise NotRational("too many digits")


def _at(polynomial: Any, point: tuple[fmpq, ...]) -> fmpq:
    if type(polynomial) is fmpq:
        return polynomial
    if not point:
        return fmpq(polynomial.leading_coefficient()) if polynomial != 0 else fmpq(0)
    return fmpq(polynomial(*point))
