"""Arrays: is the student's output the expected one, and if not, what is wrong with it and where.

The order of the checks is the order in which a person would look: is it a number or array at all, does it have
the shape, the kind of numbers, finite entries, and only then the values.  `np.allclose` alone would accept an
empty array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.answer import FunctionValue, Missing, Opaque, SympyText, Value
from autograder.verdict import Finding, Tolerance

__all__ = ["Agreement", "Closeness", "central_differences", "compare", "complex_step"]

FLOAT_DIGITS = {"float16": "3", "float32": "7"}


@dataclass(frozen=True, slots=True)
class Closeness:
    """numpy's meaning: |answer - expected| <= atol + rtol*|expected|, inclusive."""

    rtol: float = 1e-9
    atol: float = 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether one output is right; finding says what is wrong, worst is the entry that is furthest off."""

    ok: bool
    finding: Finding | None = None
    worst: Tolerance | None = None


def compare(value: Value, expected: Any, closeness: Closeness) -> Agreement:
    """Compare one output with the expected one: a number, or an array.

    Integers are compared exactly, floats within closeness.

    >>> compare(3.0, 3, Closeness()).ok
    True
    >>> compare(np.zeros((2, 3)), np.zeros((3, 2)), Closeness()).finding.fields["answer"]
    '(2, 3)'
    >>> compare([1.0, 2.5], np.array([1.0, 2.0]), Closeness()).worst.entry
    '[1]'
    """
    refused = _refuse(value)
    if refused is not None:
        return Agreement(False, refused)
    wanted = np.asarray(expected)
    given = _as_array(value)
    if given is None:
        return Agreement(False, Finding("value", "not-an-array", {"type": type(value).__name__}))
    if given.shape != wanted.shape:
        fields = {"answer": shape_text(given.shape), "key_shape": shape_text(wanted.shape)}
        return Agreement(False, Finding("shape", "shape", fields))
    wrong_type = _refuse_dtype(given, wanted)
    if wrong_type is not None:
        return Agreement(False, wrong_type)
    return _compare_values(given, wanted, closeness)


def shape_text(shape: Sequence[int]) -> str:
    """A shape as Python writes it.

    >>> shape_text((3,)), shape_text(())
    ('(3,)', '() (one number)')
    """
    return str(tuple(shape)) if shape else "() (one number)"


def _refuse(value: Value) -> Finding | None:
    match value:
        case None:
            return Finding("value", "returned-none")
        case Opaque(type_name=name, why=why):
            return Finding("dtype", "opaque", {"type": name, "why": why})
        case FunctionValue():
            return Finding("dtype", "opaque", {"type": "function", "why": ""})
        case Missing():
            return Finding("value", "returned-none")
        case str() | SympyText() | Mapping() | bool():
            return Finding("dtype", "wrong-type", {"type": type(value).__name__})
        case _:
            return None


def _as_array(value: Value) -> np.ndarray[Any, Any] | None:
    if isinstance(value, Fraction):
        value = float(value) if value.denominator != 1 else int(value)
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if array.dtype.kind == "O" and isinstance(value, int):
        return array  # an int beyond 64 bits stays exact
    return array if array.dtype.kind in "iufcb" else None


def _refuse_dtype(given: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> Finding | None:
    if given.dtype.kind == "b" and wanted.dtype.kind != "b":
        return Finding("dtype", "wrong-type", {"type": "bool"})
    if given.dtype.kind == "c" and wanted.dtype.kind != "c":
        return Finding("dtype", "complex")
    return None


def _compare_values(given: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], closeness: Closeness) -> Agreement:
    if given.size == 0:
        return Agreement(True)
    if given.dtype.kind in "fc":
        finite = np.isfinite(given)
        if not finite.all() and np.isfinite(wanted).all():
            entry = _place(np.argwhere(~np.atleast_1d(finite))[0], given.ndim)
            return Agreement(False, Finding("value", "not-finite", {"entry": entry}))
    exact = wanted.dtype.kind in "iuO"
    with np.errstate(all="ignore"):
        off = _distance(given, wanted)
        allowed = np.zeros(wanted.shape) if exact else closeness.atol + closeness.rtol * np.abs(wanted)
        bad = np.atleast_1d(~(off <= allowed))
        if not bad.any():
            return Agreement(True)
        excess = np.where(bad, np.atleast_1d(off - allowed).astype(float), -1.0)
    first, worst = (_entry(flat, given, wanted, allowed) for flat in (np.argmax(bad), np.argmax(excess)))
    return Agreement(False, _value_finding(given, wanted, closeness), replace(worst, first=first))


def _entry(flat: Any, given: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], allowed: Any) -> Tolerance:
    """Both values at one entry, which is counted through the whole array."""
    place = np.unravel_index(int(flat), np.atleast_1d(given).shape)
    where = place if given.ndim else ()
    return Tolerance(
        answer=number_text(given[where]),
        reference=number_text(wanted[where]),
        allowed=number_text(np.asarray(allowed)[where]),
        entry=_place(place, given.ndim),
    )


def _distance(given: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if given.dtype.kind in "iuO" and wanted.dtype.kind in "iuO":
        return np.asarray(np.abs(given.astype(object) - wanted.astype(object)))
    return np.asarray(np.abs(given.astype(complex) - wanted.astype(complex)))


def _value_finding(
    given: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], closeness: Closeness
) -> Finding | None:
    """Numbers that were right before they were stored in a narrow type."""
    name = str(given.dtype)
    if name in FLOAT_DIGITS and np.allclose(
        given, wanted.astype(given.dtype), rtol=1e-2 if name == "float16" else 1e-5
    ):
        return Finding("dtype", "low-precision", {"dtype": name, "digits": FLOAT_DIGITS[name]})
    if given.dtype.kind in "iu" and wanted.dtype.kind == "f":
        cut = np.trunc(wanted)
        if np.array_equal(given, cut) or np.array_equal(given, np.rint(wanted)):
            return Finding("dtype", "integers", {"dtype": name})
    return None


def _place(index: Sequence[Any], ndim: int) -> str:
    return "[" + ", ".join(str(int(i)) for i in index) + "]" if ndim else ""


def number_text(value: Any) -> str:
    """A number for a person: integers in full, floats with at most 10 digits.

    >>> number_text(np.int64(120422400)), number_text(0.1 + 0.2)
    ('120422400', '0.3')
    """
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, complex | np.complexfloating):
        return str(complex(value))
    return format(float(value), ".10g")


def central_differences(function: Any, at: np.ndarray[Any, Any], step: float = 1e-6) -> np.ndarray[Any, Any]:
    """Gradient of a scalar function by central differences; error about step**2 plus 1e-16/step.

    >>> central_differences(lambda x: float((x**2).sum()), np.array([1.0, 3.0])).round(6).tolist()
    [2.0, 6.0]
    """
    gradient = np.zeros_like(at, dtype=float)
    for index in np.ndindex(*at.shape):
        up, down = at.astype(float).copy(), at.astype(float).copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def complex_step(function: Any, at: np.ndarray[Any, Any], step: float = 1e-30) -> np.ndarray[Any, Any]:
    """Gradient of a scalar analytic function to machine precision: Im f(x + ih) / h.

    Source: Squire and Trapp 1998, "Using complex variables to estimate derivatives of real functions".

    >>> complex_step(lambda x: (x**3).sum(), np.array([2.0])).tolist()
    [12.0]
    """
    gradient = np.zeros(at.shape)
    for index in np.ndindex(*at.shape):
        moved = at.astype(complex)
        moved[index] += 1j * step
        gradient[index] = complex(function(moved)).imag / step
    return gradient
