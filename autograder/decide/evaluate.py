"""A tree -> its value at a point: an exact rational where there is one, else a ball that contains the value.

A tree is compiled once into nested closures and then called at many points.  A value is a flint.fmpq, a flint.acb,
or a bool for conditions.  Nothing is rounded: an acb carries its own error bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flint import acb, arb, fmpq, fmpz

from autograder.decide.functions import FUNCTIONS
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, compare, is_exact, real_part
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
    walk,
)

__all__ = ["BUDGET", "FOLD_COST", "Environment", "Evaluator", "compiled", "evaluator"]

Environment = dict[str, Any]
Value = Any
Evaluator = Callable[[Environment], Value]

ZERO, ONE = fmpq(0), fmpq(1)
FOLD_COST = 12000  # terms of sums at one point, each weighed by the size of its body
POWER_BITS = 20000
STEEP = frozenset({"binomial", "factorial", "factorial2", "gamma"})
BUDGET = "#budget"  # what is left of that cost, a list of one number kept in the environment


@lru_cache(maxsize=8192)
def compiled(node: Node) -> Evaluator:
    """The evaluator of a node, kept: for relations and bounds that come again with every pair.

    >>> from autograder.expression import parse
    >>> compiled(parse("(W - K)/2 + 1"))({"W": fmpq(8), "K": fmpq(3)})
    7/2
    """
    return evaluator(node)


def evaluator(node: Node) -> Evaluator:
    """The function that evaluates a node in an environment of symbols and arrays."""
    match node:
        case Number(value=value):
            constant = fmpq(value.numerator, value.denominator)
            return lambda env: constant
        case Symbol(name=name):
            return _symbol(name)
        case Constant(name=name):
            return CONSTANTS[name]
        case Op():
            return _op(node)
        case Call(name=name, args=args):
            function, parts = FUNCTIONS[name], tuple(map(evaluator, args))
            if len(parts) == 1:
                only = parts[0]
                return lambda env: function(only(env))
            return lambda env: function(*[part(env) for part in parts])
        case Index(base=base, indices=indices):
            return _index(base, tuple(map(evaluator, indices)))
        case Fold():
            return _fold(node)
        case Piecewise(branches=branches):
            return _piecewise(tuple((evaluator(value), evaluator(condition)) for value, condition in branches))
        case Truth(value=value):
            return lambda env: value
        case Relation() | Logic():
            return _condition(node)
        case Tuple() | Matrix():
            raise TypeError("tuples and matrices are compared entry by entry")
    raise TypeError(f"not a formula node: {node!r}")


def _symbol(name: str) -> Evaluator:
    def value(env: Environment) -> Value:
        try:
            return env[name]
        except KeyError:
            raise Undefined(f"{name} has no value") from None

    return value


def _undefined(env: Environment) -> Value:
    raise Undefined("not a number")


CONSTANTS: Mapping[str, Evaluator] = {
    "pi": lambda env: acb.pi(),
    "E": lambda env: acb(1).exp(),
    "I": lambda env: acb(0, 1),
    "oo": _undefined,
    "zoo": _undefined,
    "nan": _undefined,
}


def _op(node: Op) -> Evaluator:
    parts = tuple(map(evaluator, node.args))
    if node.op == "neg":
        only = parts[0]
        return lambda env: -only(env)
    if node.op == "+":
        return _chain(parts, lambda a, b: a + b)
    if node.op == "*":
        return _chain(parts, lambda a, b: a * b)
    binary = {"/": divide, "^": power, "//": _floor_divide, "%": FUNCTIONS["Mod"]}[node.op]
    left, right = parts
    return lambda env: binary(left(env), right(env))


def _chain(parts: tuple[Evaluator, ...], combine: Callable[[Value, Value], Value]) -> Evaluator:
    if len(parts) == 2:
        first, second = parts
        return lambda env: combine(first(env), second(env))

    def value(env: Environment) -> Value:
        total = parts[0](env)
        for part in parts[1:]:
            total = combine(total, part(env))
        return total

    return value


def divide(a: Value, b: Value) -> Value:
    """a / b; Undefined where b is zero, Unsure where b may be."""
    if is_exact(b):
        if b == 0:
            raise Undefined("a division by zero")
        return a / b
    if b.contains(0):
        raise Unsure("a divisor that may be zero")
    return a / b


def _floor_divide(a: Value, b: Value) -> Value:
    return FUNCTIONS["floor"](divide(a, b))


def power(base: Value, exponent: Value) -> Value:
    """base ^ exponent on the principal branch; exact for whole exponents of rationals and for perfect roots."""
    if is_exact(exponent):
        if exponent.q == 1:
            return _whole_power(base, int(exponent.p))
        if is_exact(base):
            root = _exact_root(base, exponent)
            if root is not None:
                return root
    if is_exact(base) and base == 0:
        return _zero_power(exponent)
    base, exponent = as_acb(base), as_acb(exponent)
    if base.contains(0):
        raise Unsure("a base that may be zero")
    return base**exponent


def _whole_power(base: Value, exponent: int) -> Value:
    if exponent < 0:
        return divide(ONE, _whole_power(base, -exponent))
    if is_exact(base):
        if exponent == 0 and base == 0:
            raise Undefined("0^0")
        if exponent * max(base.p.bit_length(), base.q.bit_length()) > POWER_BITS and abs(base) != 1 and base != 0:
            raise OutOfBudget("a power with too many digits")
        return base**exponent
    return base ** fmpz(exponent)


def _zero_power(exponent: Value) -> Value:
    sign = compare(real_part(exponent), ZERO)
    if sign > 0:
        return ZERO
    raise Undefined("a power of zero")


def _exact_root(base: fmpq, exponent: fmpq) -> fmpq | None:
    """base^(p/q) where it is rational and base is not negative."""
    q = int(exponent.q)
    if base < 0 or q > 12:
        return None
    top, exact_top = base.p.root(q), base.p
    bottom = base.q.root(q)
    if top**q != exact_top or bottom**q != base.q:
        return None
    return fmpq(_whole_power(fmpq(top, bottom), int(exponent.p)))


def _index(base: str, indices: tuple[Evaluator, ...]) -> Evaluator:
    def value(env: Environment) -> Value:
        place = []
        for index in indices:
            at = index(env)
            if not is_exact(at) or at.q != 1:
                raise Undefined(f"{base} has no entry at {at}")
            place.append(int(at.p))
        return env[base](tuple(place))

    return value


def _fold(node: Fold) -> Evaluator:
    combine: Callable[[Value, Value], Value] = (lambda a, b: a + b) if node.op == "Sum" else (lambda a, b: a * b)
    start = ZERO if node.op == "Sum" else ONE
    evaluate = evaluator(node.body)
    weight = _weight(node.body)
    for name, low, high in node.limits:
        evaluate = _one_fold((name, evaluator(low), evaluator(high)), evaluate, combine, start, weight)
    return evaluate


def _weight(body: Node) -> int:
    """What one term costs: powers and binomial coefficients grow long digits."""
    parts = list(walk(body))
    steep = sum(
        (isinstance(part, Op) and part.op == "^") or (isinstance(part, Call) and part.name in STEEP)
        for part in parts
    )
    return 1 + len(parts) // 4 + 4 * steep


def _one_fold(
    limits: tuple[str, Evaluator, Evaluator],
    body: Evaluator,
    combine: Callable[[Value, Value], Value],
    start: fmpq,
    weight: int,
) -> Evaluator:
    name, low, high = limits

    def value(env: Environment) -> Value:
        first, last = _whole(low(env)), _whole(high(env))
        if last < first - 1:  # an empty sum ends one below its start; further below, texts disagree
            raise Undefined("a sum that ends before it starts")
        left = env.setdefault(BUDGET, [FOLD_COST])
        left[0] -= weight * (last - first + 1)
        if left[0] < 0:
            raise OutOfBudget("a sum with too many terms")
        inner = dict(env)
        total = start
        for at in range(first, last + 1):
            inner[name] = fmpq(at)
            total = combine(total, body(inner))
        return total

    return value


def _whole(bound: Value) -> int:
    if not is_exact(bound) or bound.q != 1:
        raise Undefined("a bound that is not a whole number")
    return int(bound.p)


def _piecewise(branches: tuple[tuple[Evaluator, Evaluator], ...]) -> Evaluator:
    def value(env: Environment) -> Value:
        for branch, condition in branches:
            if condition(env):
                return branch(env)
        raise Undefined("no branch holds here")

    return value


def _condition(node: Relation | Logic) -> Evaluator:
    if isinstance(node, Logic):
        parts = tuple(map(evaluator, node.args))
        if node.op == "not":
            return lambda env: not parts[0](env)
        quantor = all if node.op == "and" else any
        return lambda env: quantor(part(env) for part in parts)
    left, right, op = evaluator(node.left), evaluator(node.right), node.op
    if op == "|":
        return lambda env: _divides(left(env), right(env))
    test = RELATIONS[op]
    if op in ("==", "!="):
        return lambda env: test(_difference_sign(left(env), right(env)))
    return lambda env: test(compare(real_part(left(env)), real_part(right(env))))


RELATIONS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}


def _difference_sign(a: Value, b: Value) -> int:
    """0 if equal, 1 if not; Unsure where balls overlap."""
    if is_exact(a) and is_exact(b):
        return int(a != b)
    if as_acb(a).overlaps(as_acb(b)):
        raise Unsure("an equation that may hold")
    return 1


def _divides(a: Value, b: Value) -> bool:
    if not (is_exact(a) and is_exact(b)) or a == 0:
        raise Undefined("divisibility")
    return bool((b / a).q == 1)


def balls(value: Value) -> tuple[arb, arb]:
    """Real and imaginary part of a value, as balls."""
    number = as_acb(value)
    return number.real, number.imag
