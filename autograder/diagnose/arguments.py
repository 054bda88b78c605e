"""What a wrong function may have done to its arguments: one flipped, swapped with another, fixed, or not used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations
from operator import add, itemgetter, neg, not_
from typing import Any

import numpy as np

from autograder.diagnose.outputs import Arguments

__all__ = ["argument_slips"]

Change = Callable[[Arguments], Arguments]
Each = Callable[[Any], Any]
USUAL = (2, 3, 4, 5)  # sizes that are written in as numbers


def argument_slips(arguments: Arguments, defaults: Mapping[int, Any] | None = None) -> Iterator[tuple[str, Change]]:
    """Slips before the computation, each with the code of its sentence.

    arguments: of the first call; defaults: by place, those of the arguments that may be left out.

    >>> [code for code, _ in argument_slips((0.5, True), {0: 0.1})]
    ['argument-ignored', 'argument-ignored', 'sign', 'hardcoded', 'hardcoded', 'argument-ignored']
    """
    for place, argument in enumerate(arguments):
        default = (defaults or {}).get(place)
        yield from ((code, _changed(place, change)) for code, change in _one(argument, default))
    lists = tuple(place for place, argument in enumerate(arguments) if isinstance(argument, list))
    if len(lists) > 1:
        yield from ((code, _all_changed(lists, change)) for code, change in _layers())
    for one, other in combinations(range(len(arguments)), 2):
        first, second = arguments[one], arguments[other]
        if type(first) is type(second) and not isinstance(first, bool) and np.shape(first) == np.shape(second):
            yield "argument-for-argument", _swapped(one, other)
            yield "argument-for-argument", _copied(one, other)
            yield "argument-for-argument", _copied(other, one)


def _one(argument: Any, default: Any) -> Iterator[tuple[str, Each]]:
    """Slips with one argument, by its type."""
    if isinstance(argument, np.ndarray):
        yield from _array_slips(argument)
    elif isinstance(argument, list):
        yield from _list_slips()
        yield "hardcoded", partial(_instead, argument)
    elif isinstance(argument, bool):
        yield "argument-ignored", not_
    elif isinstance(argument, int | float):
        yield from _number_slips(argument, default)


def _number_slips(argument: float, default: Any) -> Iterator[tuple[str, Each]]:
    whole = isinstance(argument, int)
    for step in (1, -1) if whole else ():
        yield "off-by-one", partial(add, step)
    for fixed in (1, 0):
        yield "argument-ignored", partial(_instead, type(argument)(fixed))
    if not whole:
        yield "sign", neg
    kept = [argument, *([] if default is None else [default]), *(USUAL if whole else ())]
    for value in dict.fromkeys(kept):
        yield "hardcoded", partial(_instead, value)


def _layers() -> Iterator[tuple[str, Each]]:
    """Slips with the order and number of layers, made in all lists at once."""
    yield "reversed", itemgetter(slice(None, None, -1))
    for part in (slice(1, None), slice(None, -1), slice(None, 1), slice(-1, None)):
        yield "layer-skipped", itemgetter(part)


def _list_slips() -> Iterator[tuple[str, Each]]:
    """Slips with a list of numbers, one for each layer."""
    yield from _layers()
    yield "argument-ignored", _ones
    for step in (1, -1):
        yield "off-by-one", partial(_moved, step)
    yield "shifted", partial(np.roll, shift=1)
    yield "hardcoded", _all_as_first


def _ones(values: list[Any]) -> list[Any]:
    return [1] * len(values)


def _all_as_first(values: list[Any]) -> list[Any]:
    return [values[0]] * len(values)


def _moved(step: int, values: list[Any]) -> list[Any]:
    return [value + step for value in values]


def _instead(fixed: Any, _: Any) -> Any:
    return fixed


def _array_slips(argument: Any) -> Iterator[tuple[str, Each]]:
    axes = range(argument.ndim)
    pairs = list(combinations(axes, 2))
    for group in [*((axis,) for axis in axes), *pairs]:
        yield ("kernel-flipped" if len(group) == 2 else "reversed"), partial(np.flip, axis=group)
    for one, other in pairs:
        yield "transposed", partial(np.swapaxes, axis1=one, axis2=other)
    yield "argument-ignored", np.ones_like
    yield "argument-ignored", np.zeros_like
    yield "sign", np.negative
    yield "rectified", partial(np.maximum, 0)
    for axis in axes:
        for step in (1, -1):
            yield "shifted", partial(np.roll, shift=step, axis=axis)
    if argument.ndim == 1:
        yield "first-for-all", partial(_first_for_all, 0)
    for axis in axes:
        yield "sum-lost", partial(_first_only, axis)
    for group in [*((axis,) for axis in axes), *pairs]:
        yield "summed", partial(_sum_everywhere, group)


def _first_for_all(axis: int, values: Any) -> Any:
    return np.broadcast_to(np.take(values, [0], axis), np.shape(values))


def _first_only(axis: int, values: Any) -> Any:
    """Zeros beyond the first entry of an axis: of a sum over it one term is left."""
    kept = np.zeros_like(values)
    first = (slice(None),) * axis + (slice(0, 1),)
    kept[first] = values[first]
    return kept


def _sum_everywhere(axes: tuple[int, ...], values: Any) -> Any:
    return np.broadcast_to(np.sum(values, axes, keepdims=True), np.shape(values))


def _changed(place: int, change: Each) -> Change:
    """One argument changed; where it is left out there is nothing to change."""
    return lambda args: args if args[place] is None else (*args[:place], change(args[place]), *args[place + 1 :])


def _all_changed(places: tuple[int, ...], change: Each) -> Change:
    return lambda args: tuple(
        change(value) if place in places and value is not None else value for place, value in enumerate(args)
    )


def _swapped(one: int, other: int) -> Change:
    def change(args: Arguments) -> Arguments:
        new = list(args)
        new[one], new[other] = new[other], new[one]
        return tuple(new)

    return change


def _copied(source: int, target: int) -> Change:
    return lambda args: (*args[:target], args[source], *args[target + 1 :])
