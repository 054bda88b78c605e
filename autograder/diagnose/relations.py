"""How wrong outputs lie to the right ones: a border cut off, entries never filled, an axis too many.

Each relation goes from the student's and the right outputs of all calls to the code of its sentence, or None.
It holds only if it holds in every call, and says nothing where too few entries could tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from typing import Any

import numpy as np

from autograder.diagnose.outputs import Arguments

__all__ = ["always_same", "cropped", "extra_outputs", "not_reduced", "shifted", "unfilled"]

Alike = Callable[[Any, Any], bool]
MOST_PLACES = 100  # where a smaller array is looked for in a larger one: a border is a few entries wide
LEAST_VALUES = 3  # fewer different values that are right may be so by chance
MOST_OUTPUTS = 9  # that are looked through for the right one
FARTHEST = 5  # steps that an array is shifted by


def always_same(given: Sequence[Any], expected: Sequence[Any]) -> str | None:
    """One and the same number for every input; then no formula is behind it.

    >>> always_same((0, 0, 0), (1, 2, 5))
    'always-same'
    """
    values = _numbers(given)
    wanted = _numbers(expected)
    if values is None or wanted is None or len(given) < LEAST_VALUES:
        return None
    return "always-same" if np.unique(values).size == 1 < np.unique(wanted).size else None


def _numbers(outputs: Sequence[Any]) -> Any:
    """All entries of all outputs in one row; None where one is no number or not finite."""
    arrays = [np.asarray(one) for one in outputs]
    if any(one.dtype.kind not in "if" for one in arrays):
        return None
    row = np.concatenate([np.ravel(one.astype(np.float64)) for one in arrays])
    return row if row.size and np.isfinite(row).all() else None


def not_reduced(given: Sequence[Any], expected: Sequence[Any], alike: Alike) -> str | None:
    """An axis that has still to be summed, or of which the mean or the largest has still to be taken."""
    more = np.ndim(given[0]) - np.ndim(expected[0])
    if more < 1 or any(np.asarray(one).dtype.kind not in "if" or not np.size(one) for one in given):
        return None
    for axes in combinations(range(np.ndim(given[0])), more):
        if all(one.size == np.size(other) for one, other in zip(map(np.asarray, given), expected, strict=True)):
            continue  # axes of one entry: only the shape is another one
        for reduce in (np.sum, np.mean, np.max, np.min):
            values = (alike(_reduced(reduce, one, axes), other) for one, other in zip(given, expected, strict=True))
            if all(values):
                return "not-reduced"
    return None


def _reduced(reduce: Callable[..., Any], value: Any, axes: tuple[int, ...]) -> Any:
    return reduce(value, axis=axes) if np.ndim(value) > max(axes) else None


def extra_outputs(given: Sequence[Any], expected: Sequence[Any], alike: Alike) -> str | None:
    """The right result, among others that nobody asked for."""
    if not all(isinstance(one, tuple | list) for one in given):
        return None
    for place in range(min(MOST_OUTPUTS, *map(len, given))):
        if all(alike(one[place], other) for one, other in zip(given, expected, strict=True)):
            return "extra-outputs"
    return None


def cropped(given: Sequence[Any], expected: Sequence[Any], alike: Alike) -> str | None:
    """Right values on a smaller or larger array: a border is missing, or there is one too many.

    Where a border has no width, as without padding, the arrays may be equal.
    """
    codes = {_cut(one, other, alike) for one, other in zip(given, expected, strict=True)} - {"equal"}
    return codes.pop() if len(codes) == 1 else None


def _cut(given: Any, wanted: Any, alike: Alike) -> str | None:
    one, other = np.asarray(given), np.asarray(wanted)
    if one.ndim != other.ndim or not one.ndim or one.dtype.kind not in "if":
        return None
    if one.shape == other.shape:
        return "equal" if alike(one, other) else None
    smaller, larger, code = (one, other, "cropped") if one.size < other.size else (other, one, "border-added")
    if any(a > b for a, b in zip(smaller.shape, larger.shape, strict=True)) or smaller.size < 2:
        return None
    places = [b - a + 1 for a, b in zip(smaller.shape, larger.shape, strict=True)]
    if math.prod(places) > MOST_PLACES:
        return None
    for start in np.ndindex(*places):
        window = larger[tuple(slice(at, at + size) for at, size in zip(start, smaller.shape, strict=True))]
        if alike(smaller, window):
            return code
    return None


def shifted(given: Sequence[Any], expected: Sequence[Any], alike: Alike) -> str | None:
    """The right values a few steps away along the first axes, with zeros where they came from."""
    moved = False
    for one, other in zip(given, expected, strict=True):
        left, right = np.asarray(one), np.asarray(other)
        if left.shape != right.shape or not left.ndim or left.dtype.kind not in "if":
            return None
        if alike(left, right):
            continue
        if not any(alike(left, there) for there in _shifts(right)):
            return None
        moved = moved or np.unique(left).size > LEAST_VALUES
    return "shifted" if moved else None


def _shifts(values: Any) -> Iterator[Any]:
    steps = range(-FARTHEST, FARTHEST + 1)
    for step in product(steps, repeat=min(values.ndim, 2)):
        if any(step) and all(abs(one) < size for one, size in zip(step, values.shape, strict=False)):
            there = np.zeros_like(values)
            there[_part(step, values.shape)] = values[_part([-one for one in step], values.shape)]
            yield there


def _part(step: Sequence[int], shape: tuple[int, ...]) -> tuple[slice, ...]:
    """What is left of an array where it is shifted by so many steps."""
    return tuple(slice(max(0, one), size + min(0, one)) for one, size in zip(step, shape, strict=False))


def unfilled(given: Sequence[Any], expected: Sequence[Any], arguments: Sequence[Arguments]) -> str | None:
    """Right entries beside some that still hold what the array began with: zeros, ones, an argument."""
    pairs = [(np.asarray(one), np.asarray(other)) for one, other in zip(given, expected, strict=True)]
    if any(one.shape != other.shape or not one.ndim or one.dtype.kind not in "if" for one, other in pairs):
        return None
    starts: list[list[Any]] = [[0.0] * len(pairs), [1.0] * len(pairs)]
    for place in range(len(arguments[0])):
        begun = [args[place] for args in arguments]
        if all(
            isinstance(one, np.ndarray) and one.shape == wanted.shape
            for one, (wanted, _) in zip(begun, pairs, strict=True)
        ):
            starts.append(begun)
    return "unfilled" if any(_kept(pairs, start) for start in starts) else None


def _kept(pairs: Sequence[tuple[Any, Any]], start: Sequence[Any]) -> bool:
    """Whether each entry is right or as it began, some are as they began, and enough are right and different."""
    right: list[Any] = []
    left_over = 0
    for (one, other), begun in zip(pairs, start, strict=True):
        same = np.isclose(one, other, rtol=1e-9, atol=0)
        untouched = ~same & (one == begun)
        if not np.all(same | untouched):
            return False
        left_over += int(untouched.sum())
        right.append(one[same & (one != begun)])
    return left_over > 0 and np.unique(np.concatenate([np.ravel(each) for each in right])).size >= LEAST_VALUES
