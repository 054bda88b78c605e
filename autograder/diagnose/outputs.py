"""What turns the right outputs of a function into the student's: a flip, an axis, a sum, a factor.

Only values are looked at, on our side: those that the reference gives, and those that came back from the student.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import Any

import numpy as np

__all__ = ["Arguments", "constant_factor", "constant_slip", "may_be_factor", "output_slips", "telling"]

COMMON_MULTIPLE = 720720  # of all denominators up to the next
SIMPLE = 16  # a factor besides another slip is a small number, or one over it

Arguments = tuple[Any, ...]
# one output and the arguments of its call -> the output with a slip
Transform = Callable[[Any, Arguments], Any]


def output_slips(expected: Any, arguments: Arguments) -> Iterator[tuple[str, Transform]]:
    """Slips after the computation: axes that are reversed, swapped, summed or shifted, a root, a sign.

    >>> sorted({code for code, _ in output_slips(np.arange(6).reshape(2, 3), ())})
    ['cumulative', 'reversed', 'shifted', 'sign', 'summed', 'transposed']
    """
    value = np.asarray(expected)
    yield "sign", _after(np.negative)
    yield from _moved(value)
    yield from _reduced(value)
    if value.dtype.kind == "f":
        yield from _transformed()
    if value.ndim == 2 and value.shape[0] == value.shape[1]:
        yield "summed", _after(np.trace)
        yield "add-term", _after(_plus_identity)
        yield "drop-term", _after(_minus_identity)
    yield from _combined(expected, arguments)
    for place, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray | int | float) and not isinstance(argument, bool):
            for code, operation in WITH_ARGUMENT.items():
                yield code, _with_argument(operation, place)
        if _square(argument) and np.shape(argument) == np.shape(expected):
            yield "add-factor", _with_argument(np.matmul, place)
            yield "add-factor", _with_argument(_before, place)


def _moved(value: Any) -> Iterator[tuple[str, Transform]]:
    """Axes that are reversed, swapped, shifted, or read as if they had been moved."""
    axes = range(value.ndim)
    for axis in axes:
        yield "reversed", _after(np.flip, axis)
    for pair in combinations(axes, 2):
        yield ("kernel-flipped" if value.ndim > 2 else "reversed"), _after(np.flip, pair)
    for order in list(permutations(axes))[1:24] if value.ndim <= 4 else ():
        yield "transposed", _after(np.transpose, order)
    for axis, step in product(axes, (1, -1)):
        yield "shifted", _after(np.roll, step, axis)
    for one, other in permutations(axes, 2) if value.ndim > 2 else ():
        yield "reshape-for-transpose", _after(_reshaped, one, other)


def _reduced(value: Any) -> Iterator[tuple[str, Transform]]:
    """Axes that are summed, or summed up to each entry."""
    axes = range(value.ndim)
    for axis in axes:
        yield "cumulative", _after(np.cumsum, axis)
        yield "summed", _after(np.sum, axis)
        yield "summed", _after(np.mean, axis)
        yield "summed", _after(_sum_everywhere, axis)
    for pair in combinations(axes, 2):
        yield "summed", _after(_sum_everywhere, pair)
    if value.ndim:
        yield "summed", _after(np.sum)
        yield "summed", _after(np.mean)


def _transformed() -> Iterator[tuple[str, Transform]]:
    """A function of each entry."""
    yield "square-too-many", _after(np.square)
    yield "square-lost", _after(np.sqrt)
    yield "reciprocal", _after(np.reciprocal)
    yield "complement", _after(_rest)
    yield "rectified", _after(np.maximum, 0)
    for digits in range(1, 5):
        yield "rounded", _after(np.round, digits)


def _after(function: Callable[..., Any], *settings: Any) -> Transform:
    """The function, applied to the output."""
    return lambda out, _: function(out, *settings)


def _sum_everywhere(out: Any, axis: Any) -> Any:
    return np.broadcast_to(np.sum(out, axis, keepdims=True), np.shape(out))


def _plus_identity(out: Any) -> Any:
    return out + np.eye(len(out))


def _minus_identity(out: Any) -> Any:
    return out - np.eye(len(out))


def _reshaped(out: Any, source: int, target: int) -> Any:
    """An array whose axis was moved, read as if it had not been."""
    return np.moveaxis(out, source, target).reshape(np.shape(out))


def _rest(out: Any) -> Any:
    return 1 - np.asarray(out)


def _combined(expected: Any, arguments: Arguments) -> Iterator[tuple[str, Transform]]:
    """Where the result is the matrix product of two arguments: their sum, difference, or product by entries."""
    for one, other in permutations(range(len(arguments)), 2):
        first, second = arguments[one], arguments[other]
        square = isinstance(first, np.ndarray) and first.ndim == 2 and np.shape(second) == first.shape
        if not (square and first.shape[0] == first.shape[1] and np.shape(expected) == first.shape):
            continue
        if np.allclose(expected, first @ second):
            for code, operation in INSTEAD_OF_A_PRODUCT:
                yield code, _of_both(operation, one, other)


def _of_both(operation: Callable[[Any, Any], Any], one: int, other: int) -> Transform:
    return lambda _, args: operation(args[one], args[other])


def _reversed_difference(one: Any, other: Any) -> Any:
    return other - one


def _square(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[0] == value.shape[1]


def _before(out: Any, argument: Any) -> Any:
    return argument @ out


def _transposed_entries(one: Any, other: Any) -> Any:
    return one.T * other


def _with_argument(operation: Callable[[Any, Any], Any], place: int) -> Transform:
    return lambda out, args: operation(out, args[place])


WITH_ARGUMENT: Mapping[str, Callable[[Any, Any], Any]] = {
    "add-factor": np.multiply,
    "add-divisor": np.divide,
    "add-term": np.add,
    "term-subtracted": np.subtract,
}
INSTEAD_OF_A_PRODUCT: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("elementwise", np.multiply),
    ("elementwise", _transposed_entries),
    ("sum-for-product", np.add),
    ("sum-for-product", np.subtract),
    ("sum-for-product", _reversed_difference),
)


def constant_factor(given: Sequence[Any], wrong: Sequence[Any], least: int = 3) -> Fraction | None:
    """The one simple factor between two rows of outputs; None where fewer than `least` values could tell.

    >>> constant_factor((2.0, 4.0, 6.0), (1.0, 2.0, 3.0)), constant_factor((2.0, 4.0), (1.0, 3.0), least=1)
    (Fraction(2, 1), None)
    """
    try:
        ratios = _said(_each(given, wrong, np.divide))
        simple = _simple(ratios, SIMPLE) if ratios and telling(wrong, least) else None
    except (ValueError, TypeError, ArithmeticError):
        return None
    return simple if simple is not None and simple != 1 and abs(simple) <= SIMPLE else None


def may_be_factor(given: Any, wrong: Any) -> bool:
    """Whether the first entries of two outputs could lie a simple factor apart: a screening that costs little.

    >>> may_be_factor(3.0, 12.0), may_be_factor(3.0, 3.14), may_be_factor(np.ones(2), np.ones(3))
    (True, False, False)
    """
    if np.shape(given) != np.shape(wrong) or np.size(given) == 0:
        return False
    one, other = (np.asarray(each).flat[0] for each in (given, wrong))
    if not isinstance(one, np.number | int | float) or not isinstance(other, np.number | int | float) or not other:
        return bool(np.size(given) > 1)
    multiple = float(one) / float(other) * COMMON_MULTIPLE
    return math.isfinite(multiple) and abs(multiple - round(multiple)) < 1e-9 * abs(multiple) + 1e-6


def _simple(ratios: Sequence[float], largest: int) -> Fraction | None:
    """The fraction that all ratios are, if it has a small denominator."""
    if not np.allclose(ratios, ratios[0], rtol=1e-9):
        return None
    simple = Fraction(ratios[0]).limit_denominator(largest)
    return simple if simple and abs(float(simple) - ratios[0]) < 1e-9 * abs(ratios[0]) else None


def constant_slip(
    given: Sequence[Any], expected: Sequence[Any], arguments: Sequence[Arguments], names: Mapping[int, str]
) -> tuple[str, str] | None:
    """A constant factor or offset on every case, or a factor that is a size: its code, and the number itself.

    names: what the arguments are called, by their place.
    """
    ratios = _each(given, expected, np.divide)
    if ratios and telling(expected):
        simple = _simple(_said(ratios), 1000)
        if simple is not None:
            return ("sign" if simple == -1 else "factor"), str(simple)
        found = None if np.allclose(_said(ratios), _said(ratios)[0], rtol=1e-9) else _size(ratios, arguments, names)
        if found is not None:
            return found
    shifts = _each(given, expected, np.subtract)
    if shifts and np.allclose(shifts, shifts[0]) and telling(expected):
        return "offset", f"{shifts[0]:g}"
    return None


def _each(given: Sequence[Any], expected: Sequence[Any], operation: Callable[..., Any]) -> list[float]:
    """The one number for each case, NaN where a case says nothing; none at all if a case has no such number."""
    found = [_one(np.asarray(a), np.asarray(b), operation) for a, b in zip(given, expected, strict=True)]
    numbers = [number for number in found if number is not None]
    return numbers if len(numbers) == len(found) and not all(map(math.isnan, numbers)) else []


def _said(numbers: Sequence[float]) -> list[float]:
    return [number for number in numbers if not math.isnan(number)]


def telling(expected: Sequence[Any], least: int = 3) -> bool:
    """Whether there are enough different values for a constant to be no accident."""
    values = [np.unique(np.round(np.ravel(np.asarray(one, dtype=float)), 9)) for one in expected]
    return len(np.unique(np.concatenate(values))) >= least


def _one(given: Any, expected: Any, operation: Callable[..., Any]) -> float | None:
    """The one number that the operation gives for all entries."""
    if given.shape != expected.shape or given.dtype.kind not in "if" or expected.dtype.kind not in "if":
        return None
    with np.errstate(all="ignore"):
        if operation is np.divide:
            nothing = expected == 0
            if np.any(given[nothing] != 0):
                return None
            if nothing.all():
                return math.nan  # zero times anything
            values = np.ravel(given[~nothing] / expected[~nothing])
        else:
            values = np.ravel(given.astype(float) - expected)
    if not values.size or not np.isfinite(values).all() or not np.allclose(values, values[0], rtol=1e-8, atol=1e-9):
        return None
    return float(values[0])


def _size(
    ratios: Sequence[float], arguments: Sequence[Arguments], names: Mapping[int, str]
) -> tuple[str, str] | None:
    """A factor that is a length of an axis, a product of two, or an argument in every case, or a multiple of it."""
    sizes = [_sizes(args) for args in arguments]
    shared = sorted(set(sizes[0]).intersection(*sizes[1:]), key=lambda key: (len(key), key))
    for plain, key, power in product((True, False), shared, (1, -1)):
        left = _said([ratio / each[key] ** power for ratio, each in zip(ratios, sizes, strict=True)])
        number = Fraction(left[0]).limit_denominator(SIMPLE)
        if not number or not np.allclose(left, float(number), rtol=1e-9) or (number == 1) is not plain:
            continue
        parts = [names.get(place, str(place)) + (f".shape[{axis}]" if axis >= 0 else "") for place, axis in key]
        text = "*".join(parts) if power == 1 else f"1/({'*'.join(parts)})"
        code = "mean-for-sum" if key[0][1] >= 0 else "add-factor" if power == 1 else "add-divisor"
        return code, text if plain else f"{number}*{text}"
    return None


def _sizes(arguments: Arguments) -> dict[tuple[tuple[int, int], ...], float]:
    """Lengths of axes, by argument and axis, and whole arguments, with axis -1; products of two of one array."""
    found: dict[tuple[tuple[int, int], ...], float] = {}
    for place, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            for axis, length in enumerate(argument.shape):
                found[((place, axis),)] = float(length)
            for one, other in combinations(range(argument.ndim), 2):
                found[((place, one), (place, other))] = float(argument.shape[one] * argument.shape[other])
        elif isinstance(argument, int | float) and not isinstance(argument, bool) and argument > 0:
            found[((place, -1),)] = float(argument)
    return found
