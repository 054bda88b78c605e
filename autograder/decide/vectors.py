"""Exact values of a formula at many places at once: whole numbers over one denominator, in NumPy's 64-bit integers.

What could overflow, is not rational, or divides by what differs from place to place is `Unsuited`: the caller then
takes place after place with `evaluator`, whose values these are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache, reduce
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import fmpq

from autograder.expression import (
    Call,
    Fold,
    Index,
    Logic,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
)

__all__ = ["Arrays", "Unsuited", "Vector", "equal_places", "table", "vector"]

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Environment = Mapping[str, "Vector"]

LARGEST = 2**62  # no numerator and no denominator reaches it
LARGEST_ENTRY = 2**20  # of an array
CELLS = 400_000  # terms of one sum, over all places
MOST_FACTORS = 64  # the highest power
NOWHERE: Mask = np.zeros(1, dtype=bool)


class Unsuited(Exception):
    """There is no vector for this formula; it may have values all the same."""


@dataclass(frozen=True, slots=True)
class Vector:
    """top/bottom at each place, the last axis; bad: where there is no value.  Sums add an axis in front each.

    most: no numerator is larger.
    """

    top: Whole
    bottom: int
    most: int
    bad: Mask = field(default_factory=lambda: NOWHERE)


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of a formula, of small entries; zero: whether what lies outside is 0 rather than an error."""

    entries: Mapping[str, Whole]
    zero: bool


@dataclass(frozen=True, slots=True)
class _Condition:
    holds: Mask
    bad: Mask


def table(points: Sequence[Mapping[str, Any]]) -> dict[str, Vector]:
    """The symbols of some points as vectors.  Raises Unsuited where a value is not a rational of moderate size."""
    return {name: _column([point[name] for point in points]) for name in points[0]}


def _column(values: Sequence[Any]) -> Vector:
    if any(type(value) is not fmpq for value in values):
        raise Unsuited("not a rational")
    if all(value == values[0] for value in values):
        values = values[:1]
    bottom = reduce(lambda one, other: one * other // gcd(one, other), (int(value.q) for value in values))
    tops = [int(value.p) * (bottom // int(value.q)) for value in values]
    most = _small(max(map(abs, tops)))
    return Vector(np.array(tops, dtype=np.int64), _small(bottom), most)


@lru_cache(maxsize=512)
def _constant(value: Fraction) -> Vector:
    return _column([fmpq(value.numerator, value.denominator)])


def vector(node: Node, env: Environment, arrays: Arrays, places: int) -> Vector:
    """The values of a formula at all places.

    Raises Unsuited.

    >>> from autograder.expression import parse
    >>> symbols = table([{"i": fmpq(0), "n": fmpq(5)}, {"i": fmpq(1), "n": fmpq(5)}])
    >>> values = vector(parse("x[i]/n + 1"), symbols, Arrays({"x": np.array([10, 20])}, zero=False), 2)
    >>> values.top.tolist(), values.bottom
    ([3, 5], 1)
    """
    return _Evaluation(arrays, CELLS // max(1, places)).value(node, env, 0)


def equal_places(one: Vector, other: Vector, places: int) -> Mask:
    """Where both have a value, and the same one.  Raises Unsuited."""
    left, right = _alike(one, other)
    same = (left.top == right.top) & ~left.bad & ~right.bad
    return np.broadcast_to(same, (places,))


@dataclass(frozen=True, slots=True)
class _Evaluation:
    arrays: Arrays
    room: int  # how many terms a sum at this depth may still have

    def value(self, node: Node, env: Environment, depth: int) -> Vector:
        match node:
            case Number(value=value):
                return _constant(value)
            case Symbol(name=name) if name in env:
                return env[name]
            case Op(op=op, args=args):
                return _arithmetic(op, [self.value(part, env, depth) for part in args])
            case Call(name=name, args=args):
                return _called(name, [self.value(part, env, depth) for part in args])
            case Index(base=base, indices=indices):
                return self._entry(base, [self.value(index, env, depth) for index in indices])
            case Fold(op="Sum"):
                return self._sum(node.body, node.limits, env, depth)
            case Piecewise(branches=branches):
                return self._piecewise(branches, env, depth)
        raise Unsuited(type(node).__name__)

    def _entry(self, base: str, indices: Sequence[Vector]) -> Vector:
        array = self.arrays.entries.get(base)
        if array is None or array.ndim != len(indices):
            raise Unsuited(base)
        at = [_whole(index) for index in indices]
        inside = reduce(
            np.logical_and, [(one.top >= 0) & (one.top < size) for one, size in zip(at, array.shape, strict=True)]
        )
        bad = reduce(_either, [one.bad for one in at])
        place = tuple(np.clip(one.top, 0, size - 1) for one, size in zip(at, array.shape, strict=True))
        read = np.where(inside, array[place], 0)
        return Vector(read, 1, LARGEST_ENTRY, bad if self.arrays.zero or inside.all() else bad | ~inside)

    def _sum(self, body: Node, limits: Sequence[tuple[str, Node, Node]], env: Environment, depth: int) -> Vector:
        """The outermost sum first: its index gets an axis in front of those that are there."""
        if not limits:
            return self.value(body, env, depth)
        name, lowest, highest = limits[-1]
        low, high = (_whole(self.value(bound, env, depth)) for bound in (lowest, highest))
        never = _either(_either(low.bad, high.bad), high.top < low.top - 1)
        first, last = int(low.top.min()), int(high.top.max())
        size = last - first + 1
        if size > self.room:
            raise Unsuited("a sum with too many terms")
        if size <= 0:
            return Vector(np.zeros_like(never, dtype=np.int64), 1, 0, never)
        index = np.arange(first, last + 1, dtype=np.int64).reshape(size, *[1] * (depth + 1))
        within = _Evaluation(self.arrays, self.room // size)
        counting = Vector(index, 1, max(abs(first), abs(last)))
        inner = within._sum(body, limits[:-1], {**env, name: counting}, depth + 1)
        inside = (index >= low.top) & (index <= high.top)
        top = np.where(inside, inner.top, 0).sum(axis=0)
        bad = never if inner.bad is NOWHERE else never | (inside & inner.bad).any(axis=0)
        return Vector(top, inner.bottom, _small(inner.most * size), bad)

    def _piecewise(self, branches: Sequence[tuple[Node, Node]], env: Environment, depth: int) -> Vector:
        """The first branch whose condition holds; what the others say does not count."""
        result = Vector(np.zeros(1, dtype=np.int64), 1, 0)
        waiting: Mask = np.ones(1, dtype=bool)
        bad = NOWHERE
        for branch, when in branches:
            condition = self._condition(when, env, depth)
            chosen = waiting & condition.holds & ~condition.bad
            value, result = _alike(self.value(branch, env, depth), result)
            most = max(value.most, result.most)
            result = Vector(np.where(chosen, value.top, result.top), result.bottom, most)
            bad = bad | (waiting & condition.bad) | (chosen & value.bad)
            waiting = waiting & ~condition.holds & ~condition.bad
        return replace(result, bad=bad | waiting)

    def _condition(self, node: Node, env: Environment, depth: int) -> _Condition:
        match node:
            case Truth(value=value):
                return _Condition(np.array([value]), NOWHERE)
            case Relation(op=op, left=left, right=right) if op in RELATIONS:
                one, other = _alike(self.value(left, env, depth), self.value(right, env, depth))
                return _Condition(RELATIONS[op](one.top, other.top), one.bad | other.bad)
            case Logic(op="not", args=(only,)):
                inner = self._condition(only, env, depth)
                return _Condition(~inner.holds, inner.bad)
            case Logic(op="and" | "or", args=args):
                return self._joined(node.op == "and", args, env, depth)
        raise Unsuited(type(node).__name__)

    def _joined(self, every: bool, args: Sequence[Node], env: Environment, depth: int) -> _Condition:
        """The first condition that settles it ends it: what comes after may have no value."""
        waiting: Mask = np.ones(1, dtype=bool)
        bad = NOWHERE
        for part in args:
            condition = self._condition(part, env, depth)
            bad = bad | (waiting & condition.bad)
            waiting = waiting & ~condition.bad & (condition.holds if every else ~condition.holds)
        return _Condition(waiting if every else ~waiting, bad)


RELATIONS: Mapping[str, Any] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def _small(bound: int) -> int:
    if bound >= LARGEST:
        raise Unsuited("too large")
    return bound


def _either(one: Mask, other: Mask) -> Mask:
    return other if one is NOWHERE else one if other is NOWHERE else one | other


def _alike(one: Vector, other: Vector) -> tuple[Vector, Vector]:
    """Both over the same denominator."""
    if one.bottom == other.bottom:
        return one, other
    bottom = _small(one.bottom * other.bottom // gcd(one.bottom, other.bottom))
    return _over(one, bottom), _over(other, bottom)


def _over(one: Vector, bottom: int) -> Vector:
    factor = bottom // one.bottom
    return Vector(one.top * factor, bottom, _small(one.most * factor), one.bad)


def _added(one: Vector, other: Vector) -> Vector:
    one, other = _alike(one, other)
    return Vector(one.top + other.top, one.bottom, _small(one.most + other.most), _either(one.bad, other.bad))


def _multiplied(one: Vector, other: Vector) -> Vector:
    bottom, most = _small(one.bottom * other.bottom), _small(one.most * other.most)
    return Vector(one.top * other.top, bottom, most, _either(one.bad, other.bad))


def _negative(one: Vector) -> Vector:
    return Vector(-one.top, one.bottom, one.most, one.bad)


def _divided(one: Vector, other: Vector) -> Vector:
    """By what is the same at all places; lowest terms, so that an index stays a whole number."""
    first = int(other.top.flat[0])
    if other.top.size > 1 and (other.top != first).any():
        raise Unsuited("a divisor that differs from place to place")
    bad = _either(one.bad, other.bad)
    if first == 0:
        return Vector(np.zeros_like(one.top), 1, 0, np.ones_like(bad))
    factor, bottom = other.bottom if first > 0 else -other.bottom, _small(one.bottom * abs(first))
    top, most = one.top * factor, _small(one.most * other.bottom)
    common = gcd(bottom, int(np.gcd.reduce(top, axis=None)))
    return Vector(top // common, bottom // common, most // common, bad)


def _power(base: Vector, exponent: Vector) -> Vector:
    times, rest = divmod(int(exponent.top.flat[0]), exponent.bottom)
    if rest or not 0 <= times <= MOST_FACTORS or exponent.top.size > 1 or exponent.bad.any():
        raise Unsuited("an exponent")
    if times == 0:
        return Vector(np.ones_like(base.top), 1, 1, _either(base.bad, base.top == 0))
    return reduce(_multiplied, [base] * times)


def _arithmetic(op: str, parts: Sequence[Vector]) -> Vector:
    if op == "neg":
        return _negative(parts[0])
    if op == "+":
        return reduce(_added, parts)
    if op == "*":
        return reduce(_multiplied, parts)
    left, right = parts
    if op == "^":
        return _power(left, right)
    if op == "/":
        return _divided(left, right)
    floored = _floor(_divided(left, right))
    return floored if op == "//" else _added(left, _negative(_multiplied(right, floored)))


def _floor(one: Vector) -> Vector:
    return one if one.bottom == 1 else Vector(one.top // one.bottom, 1, one.most // one.bottom + 1, one.bad)


def _whole(one: Vector) -> Vector:
    """An index or a bound: there is none at a fraction."""
    if one.bottom == 1:
        return one
    return replace(_floor(one), bad=one.bad | (one.top % one.bottom != 0))


def _called(name: str, parts: Sequence[Vector]) -> Vector:
    match name, parts:
        case "floor", [only]:
            return _floor(only)
        case "ceiling", [only]:
            return _negative(_floor(_negative(only)))
        case "abs", [only]:
            return replace(only, top=np.abs(only.top))
        case "Mod", [left, right]:
            return _arithmetic("%", [left, right])
        case (("Max" | "Min"), [_, *_]):
            return reduce(_larger if name == "Max" else _smaller, parts)
    raise Unsuited(name)


def _larger(one: Vector, other: Vector) -> Vector:
    one, other = _alike(one, other)
    top, most = np.maximum(one.top, other.top), max(one.most, other.most)
    return Vector(top, one.bottom, most, _either(one.bad, other.bad))


def _smaller(one: Vector, other: Vector) -> Vector:
    return _negative(_larger(_negative(one), _negative(other)))
