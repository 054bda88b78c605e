"""Rational functions too large to expand: values modulo random primes at random points, with a bound on the error.

The difference of two formulas, over a common denominator, is a polynomial with whole coefficients, of some degree
D and with a sum of absolute coefficients below 2^B.  If it is not zero, then at most B/61 primes of 62 bits divide
all its coefficients, and modulo any other one it vanishes at a random point with probability at most D/2^61
(Schwartz 1980, Zippel 1979).  Primes and points depend on the course's secret: nobody can aim at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpz

from autograder.decide.pair import Pair
from autograder.decide.points import Chance
from autograder.expression import Node, Number, Op, Symbol, to_text

__all__ = ["error_bound", "vanishes"]

ROUNDS = 3
LOW, HIGH = 1 << 61, 1 << 62
PRIMES = 1 << 55  # fewer than there are between LOW and HIGH, by the prime number theorem about 2^61/43
LARGEST = 1 << 40  # degrees and bits beyond which a bound would say nothing
MOST_EXPONENT = 1 << 20


class NoResidue(Exception):
    """Not a rational function, a division by zero, or a bound that says nothing."""


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds on a fraction of polynomials: the degrees of both parts, the bits of their coefficient sums."""

    degree: int = 0
    bits: int = 1


def vanishes(pair: Pair) -> bool | None:
    """Whether answer minus reference is zero, None where this step has no say.

    False is certain; True is wrong with a probability below `error_bound`.
    """
    key = (b"modular", pair.secret, to_text(pair.answer).encode(), to_text(pair.reference).encode())
    chance = Chance(*key)
    try:
        error_bound(pair)
        for _ in range(ROUNDS):
            prime = _prime(chance)
            point = {name: _wide(chance) % prime for name in pair.names}
            if _residue(pair.answer, point, prime) != _residue(pair.reference, point, prime):
                return False
    except NoResidue:
        return None
    return True


def error_bound(pair: Pair) -> Fraction:
    """The probability that two different formulas agree in every round, at most.

    Raises NoResidue where the formulas are too large for any bound.
    """
    size = _joined(_size(pair.answer), _size(pair.reference))
    if max(size.degree, size.bits) > LARGEST:
        raise NoResidue("too large")
    return (Fraction(size.bits, 61 * PRIMES) + Fraction(size.degree, LOW)) ** ROUNDS


def _wide(chance: Chance) -> int:
    return chance.below(1 << 31) << 31 | chance.below(1 << 31)


def _prime(chance: Chance) -> int:
    """A prime of 62 bits, each as likely as any other."""
    while True:
        found = LOW + _wide(chance) % LOW | 1
        if fmpz(found).is_prime():
            return found


def _joined(left: Size, right: Size) -> Size:
    """The size of a sum, difference, product or quotient, before anything cancels."""
    return Size(left.degree + right.degree, left.bits + right.bits + 1)


def _size(node: Node) -> Size:
    if isinstance(node, Symbol):
        return Size(1, 1)
    if isinstance(node, Number):
        return Size(0, node.value.numerator.bit_length() + node.value.denominator.bit_length() + 1)
    if not isinstance(node, Op):
        raise NoResidue(type(node).__name__)
    if node.op == "^":
        base, exponent = _size(node.args[0]), abs(_exponent(node.args[1]))
        return Size(base.degree * exponent, (base.bits + 1) * exponent + 1)
    total = _size(node.args[0])
    for part in node.args[1:]:
        total = _joined(total, _size(part))
    return total


def _exponent(node: Node) -> int:
    sign = 1
    while isinstance(node, Op) and node.op == "neg":
        sign, node = -sign, node.args[0]
    if not isinstance(node, Number) or node.value.denominator != 1 or abs(node.value) > MOST_EXPONENT:
        raise NoResidue("an exponent that is no plain whole number")
    return sign * int(node.value)


def _residue(node: Node, point: dict[str, int], prime: int) -> int:
    if isinstance(node, Symbol):
        return point[node.name]
    if isinstance(node, Number):
        return node.value.numerator * _inverse(node.value.denominator, prime) % prime
    if not isinstance(node, Op):
        raise NoResidue(type(node).__name__)
    first = _residue(node.args[0], point, prime)
    if node.op == "neg":
        return -first % prime
    if node.op == "^":
        exponent = _exponent(node.args[1])
        if first == 0 and exponent <= 0:
            raise NoResidue("a power of zero")
        return pow(first, exponent, prime)
    for part in node.args[1:]:
        first = _combined(node.op, first, _residue(part, point, prime), prime)
    return first


def _combined(op: str, left: int, right: int, prime: int) -> int:
    if op == "+":
        return (left + right) % prime
    if op == "*":
        return left * right % prime
    if op == "/":
        return left * _inverse(right, prime) % prime
    raise NoResidue(op)


def _inverse(value: int, prime: int) -> int:
    if value % prime == 0:
        raise NoResidue("a division by zero")
    return pow(value, -1, prime)
