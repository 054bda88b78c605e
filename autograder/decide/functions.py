"""The value of each known function: exact where the result is rational, else a ball on the principal branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import acb, arb, fmpq, fmpz

from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, compare, is_exact, real_part

__all__ = ["FUNCTIONS"]

Value = Any
ZERO, ONE, HALF = fmpq(0), fmpq(1), fmpq(1, 2)
LARGEST_FACTORIAL = 3000


def _finite(value: acb) -> acb:
    if not value.is_finite():
        raise Unsure("a pole, or too little precision")
    return value


def _entire(method: str, at_zero: fmpq) -> Callable[[Value], Value]:
    """A function without singularities on the line, exact only at zero."""

    def value(x: Value) -> Value:
        if is_exact(x) and x == 0:
            return at_zero
        return _finite(getattr(as_acb(x), method)())

    return value


def _with_poles(method: str, at_zero: fmpq | None) -> Callable[[Value], Value]:
    """A function with poles: at_zero is None where zero is one."""

    def value(x: Value) -> Value:
        if is_exact(x) and x == 0:
            if at_zero is None:
                raise Undefined(f"{method}(0)")
            return at_zero
        return _finite(getattr(as_acb(x), method)())

    return value


def _sqrt(x: Value) -> Value:
    if is_exact(x) and x >= 0:
        top, bottom = x.p.isqrt(), x.q.isqrt()
        if top * top == x.p and bottom * bottom == x.q:
            return fmpq(top, bottom)
    if is_exact(x) and x < 0:
        return as_acb(_sqrt(-x)) * acb(0, 1)
    return _finite(as_acb(x).sqrt())


def _root(x: Value, degree: Value) -> Value:
    if not is_exact(degree) or degree == 0:
        raise Undefined("a root of degree zero")
    if is_exact(x) and x == 0:
        return ZERO
    number = as_acb(x)
    if degree.q == 1 and int(degree.p) % 2 == 1 and number.imag == 0 and number.real < 0:
        return -((-number) ** (acb(1) / as_acb(degree)))
    return _finite(number ** (acb(1) / as_acb(degree)))


def _log(x: Value, base: Value | None = None) -> Value:
    if base is not None:
        below = _log(base)
        if is_exact(below):
            raise Undefined("a logarithm to the base 1")
        return _log(x) / below
    if is_exact(x):
        if x == 0:
            raise Undefined("the logarithm of zero")
        if x == 1:
            return ZERO
    number = as_acb(x)
    if number.contains(0):
        raise Unsure("the logarithm of what may be zero")
    return _finite(number.log())


def _exp(x: Value) -> Value:
    if is_exact(x) and x == 0:
        return ONE
    number = as_acb(x)
    if abs(number.real) > 10**6:
        raise OutOfBudget("an exponential with too many digits")
    return _finite(number.exp())


def _abs(x: Value) -> Value:
    return abs(x) if is_exact(x) else acb(abs(as_acb(x)))


def _sign(x: Value) -> Value:
    if is_exact(x):
        return fmpq((x > 0) - (x < 0))
    number = as_acb(x)
    if number.contains(0):
        raise Unsure("a sign that may be zero")
    return number.sgn()


def _rounded(method: str) -> Callable[[Value], Value]:
    def value(x: Value) -> Value:
        real = real_part(x)
        if type(real) is fmpq:
            return fmpq(getattr(real, method)())
        whole = getattr(real, method)().unique_fmpz()
        if whole is None:
            raise Unsure("a rounding that may go either way")
        return fmpq(whole)

    return value


_floor = _rounded("floor")


def _mod(a: Value, b: Value) -> Value:
    if is_exact(b) and b == 0:
        raise Undefined("a remainder by zero")
    return a - b * _floor(a / b)


def _factorial(x: Value) -> Value:
    if is_exact(x) and x.q == 1:
        if x < 0:
            raise Undefined("the factorial of a negative whole number")
        if x > LARGEST_FACTORIAL:
            raise OutOfBudget("a factorial with too many digits")
        return fmpq(fmpz.fac_ui(int(x.p)))
    return _gamma(x + 1)


def _gamma(x: Value) -> Value:
    if is_exact(x) and x.q == 1:
        if x <= 0:
            raise Undefined("a pole of the gamma function")
        return _factorial(x - 1)
    number = as_acb(x)
    if abs(number.real) > LARGEST_FACTORIAL:
        raise OutOfBudget("a gamma function with too many digits")
    return _finite(number.gamma())


def _factorial2(x: Value) -> Value:
    if not is_exact(x) or x.q != 1 or x < -1:
        raise Undefined("a double factorial of that")
    if x > LARGEST_FACTORIAL:
        raise OutOfBudget("a factorial with too many digits")
    product = fmpq(1)
    for factor in range(int(x.p), 1, -2):
        product *= factor
    return product


def _binomial(n: Value, k: Value) -> Value:
    if is_exact(n) and is_exact(k) and k.q == 1:
        if k < 0:
            return ZERO
        if k > LARGEST_FACTORIAL or abs(n) > 10**9:
            raise OutOfBudget("a binomial coefficient with too many digits")
        if n.q == 1 and n >= 0:
            return fmpq(fmpz.bin_uiui(int(n.p), int(k.p)))
        product = fmpq(1)
        for i in range(int(k.p)):
            product = product * (n - i) / (i + 1)
        return product
    return _gamma(n + 1) / (_gamma(k + 1) * _gamma(n - k + 1))


def _extreme(sign: int) -> Callable[..., Value]:
    def value(*args: Value) -> Value:
        best = args[0]
        real_part(best)
        for other in args[1:]:
            left, right = real_part(best), real_part(other)
            try:
                if compare(right, left) * sign > 0:
                    best = other
            except Unsure:
                return _extreme_ball(sign, args)
        return best

    return value


def _extreme_ball(sign: int, args: tuple[Value, ...]) -> Value:
    """Overlapping balls: the extreme is in the ball of the extremes."""
    best = as_acb(args[0]).real
    for other in args[1:]:
        ball = as_acb(other).real
        best = best.max(ball) if sign > 0 else best.min(ball)
    return acb(best)


def _sinc(x: Value) -> Value:
    return ONE if is_exact(x) and x == 0 else _finite(as_acb(x).sinc())


def _arg(x: Value) -> Value:
    if is_exact(x):
        if x == 0:
            raise Undefined("the argument of zero")
        return ZERO if x > 0 else acb.pi()
    number = as_acb(x)
    if number.contains(0):
        raise Unsure("the argument of what may be zero")
    return acb(number.arg())


def _atan2(y: Value, x: Value) -> Value:
    if is_exact(y) and is_exact(x):
        if y == 0 and x == 0:
            raise Undefined("atan2(0, 0)")
        if y == 0 and x > 0:
            return ZERO
    top, right = real_part(y), real_part(x)
    return acb(arb.atan2(arb(top) if type(top) is fmpq else top, arb(right) if type(right) is fmpq else right))


def _part(name: str) -> Callable[[Value], Value]:
    def value(x: Value) -> Value:
        if is_exact(x):
            return x if name == "real" else ZERO
        return acb(getattr(as_acb(x), name))

    return value


def _conjugate(x: Value) -> Value:
    return x if is_exact(x) else as_acb(x).conjugate()


def _heaviside(x: Value) -> Value:
    sign = compare(real_part(x), ZERO)
    return HALF if sign == 0 else fmpq(int(sign > 0))


def _whole_fold(combine: Callable[[fmpz, fmpz], fmpz]) -> Callable[..., Value]:
    def value(*args: Value) -> Value:
        if any(not is_exact(x) or x.q != 1 for x in args):
            raise Undefined("whole numbers only")
        total = args[0].p
        for x in args[1:]:
            total = combine(total, x.p)
        return fmpq(total)

    return value


def _one_over(function: Callable[[Value], Value], of_inverse: bool) -> Callable[[Value], Value]:
    """1/f(x), or f(1/x) for the inverse functions."""

    def value(x: Value) -> Value:
        if of_inverse:
            if is_exact(x) and x == 0:
                raise Undefined("a division by zero")
            return function(1 / x)
        below = function(x)
        if is_exact(below):
            if below == 0:
                raise Undefined("a division by zero")
            return 1 / below
        if below.contains(0):
            raise Unsure("a divisor that may be zero")
        return 1 / below

    return value


def _branching(method: str, exact: Mapping[int, fmpq]) -> Callable[[Value], Value]:
    """An inverse function, exact at the few points where its value is rational."""

    def value(x: Value) -> Value:
        if is_exact(x) and x.q == 1 and int(x.p) in exact:
            return exact[int(x.p)]
        return _finite(getattr(as_acb(x), method)())

    return value


_sin, _cos, _tan = _entire("sin", ZERO), _entire("cos", ONE), _with_poles("tan", ZERO)
_sinh, _cosh, _tanh = _entire("sinh", ZERO), _entire("cosh", ONE), _entire("tanh", ZERO)
_asin, _acos_value, _atan = (
    _branching("asin", {0: ZERO}),
    _branching("acos", {1: ZERO}),
    _branching("atan", {0: ZERO}),
)
_asinh, _acosh_value, _atanh = (
    _branching("asinh", {0: ZERO}),
    _branching("acosh", {1: ZERO}),
    _branching("atanh", {0: ZERO}),
)

FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "sqrt": _sqrt, "cbrt": lambda x: _root(x, fmpq(3)), "root": _root, "exp": _exp, "log": _log, "abs": _abs,
    "sign": _sign, "floor": _floor, "ceiling": _rounded("ceil"), "Mod": _mod, "factorial": _factorial,
    "factorial2": _factorial2, "gamma": _gamma, "binomial": _binomial, "Min": _extreme(-1), "Max": _extreme(1),
    "sin": _sin, "cos": _cos, "tan": _tan, "cot": _with_poles("cot", None), "sec": _one_over(_cos, False),
    "csc": _one_over(_sin, False), "asin": _asin, "acos": _acos_value, "atan": _atan,
    "acot": _one_over(_atan, True), "asec": _one_over(_acos_value, True), "acsc": _one_over(_asin, True),
    "sinh": _sinh, "cosh": _cosh, "tanh": _tanh, "coth": _one_over(_tanh, False), "sech": _one_over(_cosh, False),
    "csch": _one_over(_sinh, False), "asinh": _asinh, "acosh": _acosh_value, "atanh": _atanh,
    "acoth": _one_over(_atanh, True), "asech": _one_over(_acosh_value, True), "acsch": _one_over(_asinh, True),
    "sinc": _sinc, "arg": _arg, "atan2": _atan2, "re": _part("real"), "im": _part("imag"),
    "conjugate": _conjugate, "Heaviside": _heaviside, "gcd": _whole_fold(lambda a, b: a.gcd(b)),
    "lcm": _whole_fold(lambda a, b: a.lcm(b)), "transpose": lambda x: x, "trace": lambda x: x, "det": lambda x: x,
    "inverse": lambda x: _one_over(lambda y: y, False)(x),
}  # fmt: skip
