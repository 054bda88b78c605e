"""A tree -> its exact value at a point, in Python's own fractions.  What has no exact value here has none.

The grader decides with balls and proofs; a student's laptop only has the standard library, and never guesses.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.expression import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)

__all__ = ["Inexact", "NoValue", "Point", "value_at", "values_at"]

MOST_BITS = 20_000
MOST_STEPS = 60_000
LARGEST_FACTORIAL = 2000


class Inexact(Exception):
    """There is no exact value here, or none within reach: nothing can be said."""


class NoValue(Inexact):
    """The formula has no value at this point, such as a division by zero."""


@dataclass(frozen=True)
class Point:
    """Values of symbols, shapes of arrays, and what lies outside of them ("error" or "zero").

    fill: arrays hold other numbers for another fill.
    """

    symbols: Mapping[str, Fraction]
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    outside: str = "error"
    fill: str = ""

    def entry(self, name: str, place: tuple[int, ...]) -> Fraction:
        """An entry of an array: a whole number without zero, fixed by name, place and fill."""
        shape = self.shapes.get(name)
        if shape is None or len(shape) != len(place):
            raise NoValue(name)
        if not all(0 <= at < size for at, size in zip(place, shape, strict=True)):
            if self.outside == "zero":
                return Fraction(0)
            raise NoValue(name)
        digest = hashlib.sha256(f"{self.fill}/{name}{place}".encode()).digest()
        return Fraction(1 + int.from_bytes(digest[:6], "big") % 9973) * (1 if digest[6] % 2 else -1)


def values_at(node: Node, point: Point) -> Iterator[str]:
    """The values of a formula at a point as texts; a tuple's or a matrix's after its shape in brackets.

    >>> from autograder.expression import parse
    >>> list(values_at(parse("(K^2, 1/K)"), Point({"K": Fraction(3)})))
    ['(2)', '9', '1/3']
    """
    if isinstance(node, Tuple):
        yield f"({len(node.items)})"
        for item in node.items:
            yield from values_at(item, point)
    elif isinstance(node, Matrix):
        yield f"({len(node.rows)}, {len(node.rows[0]) if node.rows else 0})"
        for row in node.rows:
            for item in row:
                yield from values_at(item, point)
    else:
        yield str(value_at(node, point))


def value_at(node: Node, point: Point) -> Fraction:
    """The exact value of a formula.

    Raises NoValue where it has none, Inexact where it has none that a fraction can hold.

    >>> from autograder.expression import parse
    >>> value_at(parse("Sum(i^2, (i, 1, n))/3"), Point({"n": Fraction(4)}))
    Fraction(10, 1)
    """
    return Evaluation(point).number(node, point.symbols)


@dataclass
class Evaluation:
    """One evaluation, with a bound on its steps."""

    point: Point
    steps: int = 0

    def number(self, node: Node, names: Mapping[str, Fraction]) -> Fraction:
        """The value of a node that is no condition."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Inexact("too many steps")
        match node:
            case Number(value=value):
                return value
            case Symbol(name=name):
                if name not in names:
                    raise NoValue(name)
                return names[name]
            case Op(op=op, args=args):
                return _bounded(self.operation(op, [self.number(part, names) for part in args]))
            case Call(name=name, args=args):
                if name not in EXACT:
                    raise Inexact(name)
                return _bounded(EXACT[name](*[self.number(part, names) for part in args]))
            case Index(base=base, indices=indices):
                return self.point.entry(base, tuple(_whole(self.number(part, names)) for part in indices))
            case Fold():
                return self.fold(node, len(node.limits), names)
            case Piecewise(branches=branches):
                for branch, condition in branches:
                    if self.holds(condition, names):
                        return self.number(branch, names)
                raise NoValue("no branch holds")
            case Constant(name=name):
                raise Inexact(name)
            case _:
                raise Inexact("not a number")

    def operation(self, op: str, values: list[Fraction]) -> Fraction:
        """One operator on its values."""
        if op == "neg":
            return -values[0]
        if op == "+":
            return sum(values, Fraction(0))
        if op == "*":
            return math.prod(values, start=Fraction(1))
        left, right = values
        if op == "^":
            return _power(left, right)
        if right == 0:
            raise NoValue("a division by zero")
        if op == "/":
            return left / right
        return Fraction(left // right) if op == "//" else left - right * (left // right)

    def fold(self, node: Fold, level: int, names: Mapping[str, Fraction]) -> Fraction:
        """A sum or product; the last limits are the outermost."""
        if level == 0:
            return self.number(node.body, names)
        name, low, high = node.limits[level - 1]
        first, last = _whole(self.number(low, names)), _whole(self.number(high, names))
        if last < first - 1:  # further below, texts disagree on what such a sum means
            raise NoValue("a sum that ends before it starts")
        total = Fraction(node.op == "Product")
        for at in range(first, last + 1):
            value = self.fold(node, level - 1, {**names, name: Fraction(at)})
            total = _bounded(total + value if node.op == "Sum" else total * value)
        return total

    def holds(self, node: Node, names: Mapping[str, Fraction]) -> bool:
        """Whether a condition holds."""
        match node:
            case Truth(value=value):
                return value
            case Logic(op="not", args=args):
                return not self.holds(args[0], names)
            case Logic(op=op, args=args):
                return (all if op == "and" else any)(self.holds(part, names) for part in args)
            case Relation(op=op, left=left, right=right):
                return _compare(op, self.number(left, names), self.number(right, names))
            case _:
                raise Inexact("not a condition")


def _compare(op: str, left: Fraction, right: Fraction) -> bool:
    if op == "|":
        if left == 0:
            raise NoValue("divisibility by zero")
        return (right / left).denominator == 1
    signs = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right}
    return signs.get(op, left != right)


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise NoValue("a whole number is needed")
    return value.numerator


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS:
        raise Inexact("too many digits")
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        if exponent.denominator == 2:
            return _power(_sqrt(base), exponent * 2)
        raise Inexact("a root")
    if base == 0 and exponent <= 0:
        raise NoValue("a power of zero")
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(base) != 1 and size * abs(exponent) > MOST_BITS:
        raise Inexact("too many digits")
    return base ** int(exponent) if abs(base) != 1 else base ** int(exponent % 2)


def _sqrt(value: Fraction) -> Fraction:
    if value >= 0:
        top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if top * top == value.numerator and bottom * bottom == value.denominator:
            return Fraction(top, bottom)
    raise Inexact("a root")


def _mod(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise NoValue("a remainder by zero")
    return left - right * (left // right)


def _factorial(value: Fraction) -> Fraction:
    if value.denominator != 1 or value > LARGEST_FACTORIAL:
        raise Inexact("a factorial")
    if value < 0:
        raise NoValue("a factorial")
    return Fraction(math.factorial(int(value)))


def _binomial(n: Fraction, k: Fraction) -> Fraction:
    if n.denominator != 1 or k.denominator != 1 or not 0 <= n <= LARGEST_FACTORIAL:
        raise Inexact("a binomial coefficient")
    return Fraction(math.comb(int(n), int(k)) if k >= 0 else 0)


EXACT: Mapping[str, Callable[..., Fraction]] = {
    "abs": abs,
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "floor": lambda x: Fraction(math.floor(x)),
    "ceiling": lambda x: Fraction(math.ceil(x)),
    "Min": lambda *values: min(values),
    "Max": lambda *values: max(values),
    "gcd": lambda *values: Fraction(math.gcd(*map(_whole, values))),
    "lcm": lambda *values: Fraction(math.lcm(*map(_whole, values))),
    "re": lambda x: x,
    "im": lambda x: Fraction(0),
    "conjugate": lambda x: x,
    "Heaviside": lambda x: Fraction((x > 0) - (x < 0) + 1, 2),
    "sqrt": _sqrt,
    "Mod": _mod,
    "factorial": _factorial,
    "binomial": _binomial,
}
