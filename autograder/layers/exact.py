"""Exact sizes: whole numbers, or sympy expressions where a symbol occurs.

Whole numbers stay Python ints and never load sympy; it is imported the first time a symbol takes part.
A size that nobody knows (null in a graph file) is a symbol whose name starts with "?": differences of
unknown sizes still cancel, and whatever still holds one at the end is reported as unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from fractions import Fraction
from hashlib import blake2b
from typing import Any

__all__ = [
    "Size",
    "ceil_div",
    "difference",
    "floor_div",
    "is_unknown",
    "maximum",
    "minimum",
    "number",
    "plain",
    "product",
    "quotient",
    "symbol",
    "unknown",
]

Size = Any
"""An int, a Fraction (effective strides after a transposed convolution only) or a sympy expression."""


def plain(value: Size) -> Size:
    """The same value as an int or a Fraction, if it is a rational number.

    Raises TypeError for floats, truth values and anything else that is no exact size.

    >>> plain(Fraction(6, 3)), plain(Fraction(1, 2))
    (2, Fraction(1, 2))
    """
    if isinstance(value, bool | float | str | bytes | None.__class__):
        raise TypeError(f"{value!r} is no whole number")
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    if hasattr(value, "free_symbols"):
        if not value.is_Rational:
            return value
        return plain(Fraction(int(value.p), int(value.q)))
    return operator.index(value)


def number(value: Size) -> bool:
    """Is it a number, not an expression with symbols?"""
    return isinstance(value, int | Fraction)


def symbol(name: str) -> Size:
    """A symbol that stands for a positive whole number."""
    import sympy

    return sympy.Symbol(name, positive=True, integer=True)


def unknown(*key: object) -> Size:
    """The size, never to be known, that depends on `key` alone: equal keys give equal sizes."""
    text = "|".join(str(part) for part in key)
    return symbol("?" + blake2b(text.encode(), digest_size=8).hexdigest())


def is_unknown(value: Size) -> bool:
    """Does the value rest on a size that nobody knows?"""
    return not number(value) and any(free.name.startswith("?") for free in value.free_symbols)


def floor_div(value: Size, by: Size) -> Size:
    """value / by, rounded down; without a trace of rounding where `by` is 1.

    >>> floor_div(7, 2), floor_div(-1, 2), str(floor_div(symbol("W") - 3, 1))
    (3, -1, 'W - 3')
    """
    if number(value) and number(by):
        return value // by
    if number(by) and by == 1:
        return plain(value)
    if is_unknown(value) or is_unknown(by):
        return unknown("floor", value, by)
    import sympy

    return plain(sympy.floor(value / sympy.sympify(by)))


def ceil_div(value: Size, by: Size) -> Size:
    """value / by, rounded up."""
    if number(value) and number(by):
        return -(-value // by)
    if number(by) and by == 1:
        return plain(value)
    if is_unknown(value) or is_unknown(by):
        return unknown("ceiling", value, by)
    import sympy

    return plain(sympy.ceiling(value / sympy.sympify(by)))


def quotient(value: Size, by: Size) -> Size:
    """value / by, exactly."""
    if number(value) and number(by):
        return plain(Fraction(value) / by)
    return plain(value / by)


def difference(left: Size, right: Size) -> Size:
    """left - right, with like terms collected, so that equal expressions give the number 0."""
    gap = left - right
    if number(gap):
        return gap
    import sympy

    return plain(sympy.expand(gap))


def maximum(left: Size, right: Size) -> Size:
    """The larger one; sympy's Max where the symbols do not say which."""
    return _extreme(left, right, "Max")


def minimum(left: Size, right: Size) -> Size:
    """The smaller one; sympy's Min where the symbols do not say which."""
    return _extreme(left, right, "Min")


def _extreme(left: Size, right: Size, name: str) -> Size:
    if number(left) and number(right):
        return max(left, right) if name == "Max" else min(left, right)
    gap = difference(left, right)
    first_is_larger = gap >= 0 if number(gap) else _sign(gap)
    if first_is_larger is not None:
        return left if first_is_larger == (name == "Max") else right
    if is_unknown(left) or is_unknown(right):
        return unknown(name, left, right)
    import sympy

    return getattr(sympy, name)(left, right)


def _sign(gap: Size) -> bool | None:
    """True if never negative, False if never positive, None if that depends."""
    if gap.is_nonnegative:
        return True
    return False if gap.is_nonpositive else None


def product(values: Iterable[Size]) -> Size:
    """All of them multiplied; 1 for none.

    >>> product([3, 5, 7]), product([])
    (105, 1)
    """
    result: Size = 1
    for value in values:
        result = result * value
    return result
