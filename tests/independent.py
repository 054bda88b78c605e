"""A second evaluator, written apart from the one that decides: Fractions where exact, mpmath at 60 digits else.

It shares nothing with autograder.decide but the tree, so that a refutation which both confirm is no slip of one.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath

from autograder.expression import (
    Call,
    Constant,
    Fold,
    Logic,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    parse,
)

DIGITS = 60
TINY = mpmath.mpf(10) ** -45


class NoValue(Exception):
    """There is no value here."""


def value_of(text: str) -> Any:
    """A value as the evidence prints it."""
    return evaluate(parse(text), {})


def evaluate(node: Node, at: Mapping[str, Any]) -> Any:
    """The value of a tree, a Fraction where it is rational all the way, else a complex mpmath number."""
    with mpmath.workdps(DIGITS):
        try:
            return _value(node, at)
        except (ZeroDivisionError, ValueError, OverflowError) as error:
            raise NoValue(str(error)) from None


def _value(node: Node, at: Mapping[str, Any]) -> Any:
    match node:
        case Number(value=value):
            return value
        case Symbol(name=name):
            return at[name]
        case Constant(name=name):
            constants = {"pi": mpmath.pi, "E": mpmath.e, "I": mpmath.mpc(0, 1)}
            if name not in constants:
                raise NoValue(name)
            return +constants[name]
        case Op(op=op, args=args):
            return _arithmetic(op, [_value(arg, at) for arg in args])
        case Call(name=name, args=args):
            return _call(name, [_value(arg, at) for arg in args])
        case Fold(op=op, body=body, limits=limits):
            return _fold(op, body, limits, at)
        case Piecewise(branches=branches):
            for value, condition in branches:
                if _holds(condition, at):
                    return _value(value, at)
    raise NoValue("no branch")


def _arithmetic(op: str, values: list[Any]) -> Any:
    if op == "neg":
        return -values[0]
    if op in ("+", "*"):
        total = values[0]
        for value in values[1:]:
            total = _both(operator.add if op == "+" else operator.mul, total, value)
        return total
    if op == "^":
        return _power(*values)
    if op == "/":
        return _both(operator.truediv, *values)
    quotient = Fraction(math.floor(_both(operator.truediv, *values)))
    return quotient if op == "//" else values[0] - values[1] * quotient


def _both(function: Any, a: Any, b: Any) -> Any:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return function(a, b)
    return function(_wide(a), _wide(b))


def _wide(value: Any) -> Any:
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return value


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if exponent < 0 and base == 0:
            raise NoValue("a power of zero")
        if isinstance(base, Fraction):
            return base ** int(exponent)
        return base ** int(exponent)
    if base == 0:
        return Fraction(0)
    return mpmath.power(_wide(base), _wide(exponent))


def _fold(op: str, body: Node, limits: Any, at: Mapping[str, Any]) -> Any:
    *inner, (name, low, high) = limits
    total = Fraction(0 if op == "Sum" else 1)
    for step in range(int(_value(low, at)), int(_value(high, at)) + 1):
        here = {**at, name: Fraction(step)}
        term = _fold(op, body, inner, here) if inner else _value(body, here)
        total = _both(operator.add if op == "Sum" else operator.mul, total, term)
    return total


def _holds(node: Node, at: Mapping[str, Any]) -> bool:
    match node:
        case Truth(value=value):
            return value
        case Logic(op="not", args=(inner,)):
            return not _holds(inner, at)
        case Logic(op=op, args=args):
            return (all if op == "and" else any)(_holds(arg, at) for arg in args)
        case Relation(op="|", left=left, right=right):
            return (_value(right, at) / _value(left, at)).denominator == 1
        case Relation(op=op, left=left, right=right):
            tests = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
            return bool(getattr(operator, tests[op])(_real(_value(left, at)), _real(_value(right, at))))
    raise NoValue("no condition")


def _real(value: Any) -> Any:
    if isinstance(value, mpmath.mpc):
        if abs(value.imag) > TINY:
            raise NoValue("an order of complex numbers")
        return value.real
    return value


def _call(name: str, values: list[Any]) -> Any:
    if name in EXACT and all(isinstance(value, Fraction) for value in values):
        return EXACT[name](*values)
    if name in REAL:
        return REAL[name](*map(_wide, map(_real, values)))
    if name not in WIDE:
        raise NoValue(f"{name} is not known here")
    return WIDE[name](*map(_wide, values))


def _factorial(n: Fraction) -> Any:
    if n.denominator != 1:
        return mpmath.gamma(_wide(n) + 1)
    return Fraction(math.factorial(int(n)))


def _binomial(n: Fraction, k: Fraction) -> Any:
    if k.denominator != 1:
        return mpmath.binomial(_wide(n), _wide(k))
    if k < 0:
        return Fraction(0)
    return math.prod((Fraction(n - i, i + 1) for i in range(int(k))), start=Fraction(1))


EXACT: dict[str, Any] = {
    "floor": lambda x: Fraction(math.floor(x)),
    "ceiling": lambda x: Fraction(math.ceil(x)),
    "abs": abs,
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "Max": max,
    "Min": min,
    "factorial": _factorial,
    "binomial": _binomial,
    "Mod": lambda a, b: a - b * math.floor(a / b),
    "Heaviside": lambda x: Fraction(1, 2) if x == 0 else Fraction(int(x > 0)),
    "re": lambda x: x,
    "im": lambda x: Fraction(0),
    "conjugate": lambda x: x,
    "gcd": lambda a, b: Fraction(math.gcd(int(a), int(b))),
    "lcm": lambda a, b: Fraction(math.lcm(int(a), int(b))),
    "factorial2": lambda n: Fraction(math.prod(range(int(n), 0, -2))),
}
REAL: dict[str, Any] = {
    "floor": mpmath.floor, "ceiling": mpmath.ceil, "Max": max, "Min": min, "atan2": mpmath.atan2,
    "Mod": lambda a, b: a - b * mpmath.floor(a / b),
}  # fmt: skip
WIDE: dict[str, Any] = {
    name: getattr(mpmath, name)
    for name in ["sqrt", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh", "acot", "asec", "acsc", "acoth", "asech", "acsch", "gamma", "factorial", "binomial", "re", "im", "sign", "arg"]
} | {
    "abs": abs,
    "conjugate": mpmath.conj,
    "log": lambda x, base=None: mpmath.log(x) if base is None else mpmath.log(x) / mpmath.log(base),
    "sinc": lambda x: mpmath.sinc(x),
    "root": lambda x, n: -mpmath.root(-x, int(n)) if mpmath.im(x) == 0 and x < 0 and n % 2 else mpmath.root(x, int(n)),
    "cbrt": lambda x: -mpmath.cbrt(-x) if mpmath.im(x) == 0 and mpmath.re(x) < 0 else mpmath.cbrt(x),
}  # fmt: skip


def differ(answer: Node, reference: Node, at: Mapping[str, str]) -> bool | None:
    """Whether two formulas differ at the point of a counterexample; None where this evaluator has no say."""
    point = {name: value_of(text) for name, text in at.items()}
    try:
        ours, theirs = evaluate(answer, point), evaluate(reference, point)
    except (NoValue, KeyError, TypeError):
        return None
    if isinstance(ours, Fraction) and isinstance(theirs, Fraction):
        return ours != theirs
    with mpmath.workdps(DIGITS):
        a, b = _wide(ours), _wide(theirs)
        return bool(abs(a - b) > TINY * max(1, abs(a), abs(b)))
