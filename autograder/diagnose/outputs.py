"""What turns the right outputs of a function into the student's: a flip, a factor, an axis, another argument.

Only values are looked at, on our side: those that the reference gives, and those that came back from the student.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, permutations
from operator import add, itemgetter, neg, not_
from typing import Any

import numpy as np

__all__ = ["argument_slips", "constant_slip", "output_slips"]

Arguments = tuple[Any, ...]
# one output and the arguments of its call -> the output with a slip
Transform = Callable[[Any, Arguments], Any]


def output_slips(expected: Any, arguments: Arguments) -> Iterator[tuple[str, Transform]]:
    """Slips after the computation: axes that are reversed, swapped, summed or shifted, a root, a sign.

    >>> sorted({code for code, _ in output_slips(np.arange(6).reshape(2, 3), ())})
    ['cumulative', 'reversed', 'shifted', 'sign', 'summed', 'transposed']
    """
    value = np.asarray(expected)
    axes = range(value.ndim)
    yield "sign", _after(np.negative)
    for axis in axes:
        yield "reversed", _after(np.flip, axis)
    for pair in combinations(axes, 2):
        yield ("kernel-flipped" if value.ndim > 2 else "reversed"), _after(np.flip, pair)
    for order in list(permutations(axes))[1:24] if value.ndim <= 4 else ():
        yield "transposed", _after(np.transpose, order)
    for axis in axes:
        yield "cumulative", _after(np.cumsum, axis)
        yield "summed", _after(np.sum, axis)
        yield "summed", _after(np.mean, axis)
        yield "summed", _after(_sum_everywhere, axis)
        for step in (1, -1):
            yield "shifted", _after(np.roll, step, axis)
    if value.ndim:
        yield "summed", _after(np.sum)
    if value.dtype.kind == "f":
        for code, change in (
            ("square-too-many", np.square),
            ("square-lost", np.sqrt),
            ("reciprocal", np.reciprocal),
        ):
            yield code, _after(change)
        yield "complement", _after(_rest)
    yield from _combined(expected, arguments)
    for place, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray | int | float) and not isinstance(argument, bool):
            for code, operation in WITH_ARGUMENT.items():
                yield code, _with_argument(operation, place)


def _after(function: Callable[..., Any], *settings: Any) -> Transform:
    """The function, applied to the output."""
    return lambda out, _: function(out, *settings)


def _sum_everywhere(out: Any, axis: int) -> Any:
    return np.broadcast_to(np.sum(out, axis, keepdims=True), np.shape(out))


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
    ("sum-for-product", np.add),
    ("sum-for-product", np.subtract),
    ("sum-for-product", _reversed_difference),
)


def argument_slips(arguments: Arguments) -> Iterator[tuple[str, Callable[[Arguments], Arguments]]]:
    """Slips before the computation: an argument that is flipped, swapped with another, off by one, or unused."""
    for place, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            yield from ((code, _changed(place, change)) for code, change in _array_slips(argument))
        elif isinstance(argument, list):
            yield from ((code, _changed(place, change)) for code, change in _list_slips())
        elif isinstance(argument, bool):
            yield "argument-ignored", _changed(place, not_)
        elif isinstance(argument, int):
            for step in (1, -1):
                yield "off-by-one", _changed(place, partial(add, step))
            for fixed in (1, 0):
                yield "argument-ignored", _changed(place, partial(_instead, fixed))
        elif isinstance(argument, float):
            for fixed in (0, 1):
                yield "argument-ignored", _changed(place, partial(_instead, float(fixed)))
            yield "sign", _changed(place, neg)
    for one, other in combinations(range(len(arguments)), 2):
        first, second = arguments[one], arguments[other]
        if type(first) is type(second) and not isinstance(first, bool) and np.shape(first) == np.shape(second):
            yield "argument-for-argument", _swapped(one, other)
            yield "argument-for-argument", _copied(one, other)
            yield "argument-for-argument", _copied(other, one)


def _list_slips() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Slips with a list of numbers, one for each layer."""
    yield "reversed", itemgetter(slice(None, None, -1))
    yield "layer-skipped", itemgetter(slice(None, -1))
    yield "layer-skipped", itemgetter(slice(1, None))
    yield "argument-ignored", _ones
    for step in (1, -1):
        yield "off-by-one", partial(_moved, step)


def _ones(values: list[Any]) -> list[Any]:
    return [1] * len(values)


def _moved(step: int, values: list[Any]) -> list[Any]:
    return [value + step for value in values]


def _instead(fixed: Any, _: Any) -> Any:
    return fixed


def _array_slips(argument: Any) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    axes = range(argument.ndim)
    groups: list[tuple[int, ...]] = [(axis,) for axis in axes]
    groups += combinations(axes, 2)
    for group in groups:
        yield ("kernel-flipped" if len(group) == 2 else "reversed"), partial(np.flip, axis=group)
    for one, other in combinations(axes, 2):
        yield "transposed", partial(np.swapaxes, axis1=one, axis2=other)
    yield "argument-ignored", np.ones_like
    yield "argument-ignored", np.zeros_like
    yield "sign", np.negative
    for axis in axes:
        for step in (1, -1):
            yield "shifted", partial(np.roll, shift=step, axis=axis)


def _changed(place: int, change: Callable[[Any], Any]) -> Callable[[Arguments], Arguments]:
    """One argument changed; where it is left out there is nothing to change."""
    return lambda args: args if args[place] is None else (*args[:place], change(args[place]), *args[place + 1 :])


def _swapped(one: int, other: int) -> Callable[[Arguments], Arguments]:
    def change(args: Arguments) -> Arguments:
        new = list(args)
        new[one], new[other] = new[other], new[one]
        return tuple(new)

    return change


def _copied(source: int, target: int) -> Callable[[Arguments], Arguments]:
    return lambda args: (*args[:target], args[source], *args[target + 1 :])


def constant_slip(
    given: Sequence[Any], expected: Sequence[Any], arguments: Sequence[Arguments], names: Mapping[int, str]
) -> tuple[str, str] | None:
    """A constant factor or offset on every case, or a factor that is a size: its code, and the number itself.

    names: what the arguments are called, by their place.
    """
    ratios = _each(given, expected, np.divide)
    if ratios and _telling(expected):
        same = np.allclose(ratios, ratios[0], rtol=1e-9)
        simple = Fraction(ratios[0]).limit_denominator(1000)
        if same and simple and abs(float(simple) - ratios[0]) < 1e-9 * abs(ratios[0]):
            return ("sign" if simple == -1 else "factor"), str(simple)
        found = None if same else _size(ratios, arguments, names)
        if found is not None:
            return found
    shifts = _each(given, expected, np.subtract)
    if shifts and np.allclose(shifts, shifts[0]) and _telling(expected):
        return "offset", f"{shifts[0]:g}"
    return None


def _each(given: Sequence[Any], expected: Sequence[Any], operation: Callable[..., Any]) -> list[float]:
    """The one number for each case; none at all if a case has no such number."""
    found = [_one(np.asarray(a), np.asarray(b), operation) for a, b in zip(given, expected, strict=True)]
    numbers = [number for number in found if number is not None]
    return numbers if len(numbers) == len(found) else []


def _telling(expected: Sequence[Any]) -> bool:
    """Whether there are enough different values for a constant to be no accident."""
    values = [np.unique(np.round(np.ravel(np.asarray(one, dtype=float)), 9)) for one in expected]
    return len(np.unique(np.concatenate(values))) >= 3


def _one(given: Any, expected: Any, operation: Callable[..., Any]) -> float | None:
    """The one number that the operation gives for all entries."""
    if given.shape != expected.shape or given.dtype.kind not in "if" or expected.dtype.kind not in "if":
        return None
    with np.errstate(all="ignore"):
        if operation is np.divide:
            nothing = expected == 0
            if np.any(given[nothing] != 0) or nothing.all():
                return None
            values = np.ravel(given[~nothing] / expected[~nothing])
        else:
            values = np.ravel(given.astype(float) - expected)
    if not values.size or not np.isfinite(values).all() or not np.allclose(values, values[0], rtol=1e-8, atol=1e-9):
        return None
    return float(values[0])


def _size(
    ratios: Sequence[float], arguments: Sequence[Arguments], names: Mapping[int, str]
) -> tuple[str, str] | None:
    """A factor that is a length of an axis, a product of two, or an argument, in every case."""
    sizes = [_sizes(args) for args in arguments]
    shared = set(sizes[0]).intersection(*sizes[1:])
    for key in sorted(shared, key=lambda key: (len(key), key)):
        for power in (1, -1):
            if np.allclose(ratios, [each[key] ** power for each in sizes], rtol=1e-9):
                parts = [
                    names.get(place, str(place)) + (f".shape[{axis}]" if axis >= 0 else "") for place, axis in key
                ]
                text = "*".join(parts)
                code = "mean-for-sum" if key[0][1] >= 0 else "add-factor" if power == 1 else "add-divisor"
                return code, text if power == 1 else f"1/({text})"
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
