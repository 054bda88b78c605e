"""Exact rationals and balls, and the three ways in which a value may be missing."""

from __future__ import annotations

from typing import Any

from flint import acb, arb, fmpq

__all__ = ["OutOfBudget", "Undefined", "Unsure", "as_acb", "compare", "is_exact", "real_part", "text", "texts"]


class Undefined(Exception):
    """There is no value at this point: a division by zero, the logarithm of zero, no branch."""


class Unsure(Exception):
    """The balls are too wide to say; a higher precision may tell."""


class OutOfBudget(Exception):
    """The value exists but costs too much: a power with a million digits, a sum with a billion terms."""


def is_exact(value: Any) -> bool:
    """Whether a value is an exact rational."""
    return type(value) is fmpq


def as_acb(value: Any) -> acb:
    """The value as a complex ball; what overflowed has none."""
    if type(value) is acb:
        if not value.is_finite():
            raise Unsure("not finite")
        return value
    return acb(arb(value)) if type(value) is fmpq else acb(value)


def real_part(value: Any) -> Any:
    """The value as a real: an fmpq, or an arb.  Undefined where it is certainly not real."""
    if type(value) is fmpq:
        return value
    number = as_acb(value)
    if not number.imag.contains(0):
        raise Undefined("an order between numbers that are not real")
    return number.real


def compare(a: Any, b: Any) -> int:
    """-1, 0 or 1 for two reals; Unsure where balls overlap."""
    if type(a) is fmpq and type(b) is fmpq:
        return -1 if a < b else int(a > b)
    left = arb(a) if type(a) is fmpq else a
    right = arb(b) if type(b) is fmpq else b
    if left < right:
        return -1
    if left > right:
        return 1
    raise Unsure("an order that may go either way")


def text(value: Any, digits: int = 10) -> str:
    """A value for a person: exact for rationals, ten digits for balls.

    >>> text(fmpq(7, 2)), text(acb(2).sqrt())
    ('7/2', '1.414213562')
    """
    if type(value) is fmpq:
        return str(value)
    number = as_acb(value)
    real, imag = _digits(number.real, digits), _digits(abs(number.imag), digits)
    if number.imag.contains(0):
        return real
    sign = "+" if number.imag > 0 else "-"
    if number.real.contains(0):
        return f"{imag}*I" if sign == "+" else f"-{imag}*I"
    return f"{real} {sign} {imag}*I"


def _digits(real: arb, digits: int) -> str:
    """Decimal digits without trailing zeros."""
    shown = str(real.mid().str(digits, radius=False))
    mantissa, e, exponent = shown.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + exponent


def texts(answer: Any, reference: Any) -> tuple[str, str]:
    """Two different values, with as many digits as show the difference.

    >>> texts(acb(2).sqrt(), fmpq(7, 5))
    ('1.414213562', '7/5')
    """
    for digits in (10, 20, 40, 80, 160, 320, 640, 1280):
        pair = text(answer, digits), text(reference, digits)
        if pair[0] != pair[1]:
            break
    return pair
