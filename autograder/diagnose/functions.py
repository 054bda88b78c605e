"""Wrong outputs of a function -> the slip that leads to the same outputs on every case, or None.

Everything runs on our side, on the reference implementation: nothing of the student's is run again.
"""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np

from autograder.arrays import Closeness, compare
from autograder.diagnose.formulas import finding_of
from autograder.diagnose.mutants import Mutant, mutants
from autograder.diagnose.outputs import argument_slips, constant_slip, output_slips
from autograder.diagnose.sampling import Row, Stage, close_rows
from autograder.diagnose.search import Case, Slips, slips_from
from autograder.expression import free_names
from autograder.verdict import Finding

__all__ = ["Calls", "diagnose_function"]

MOST_PLACES = 100  # where a smaller array is looked for in a larger one: a border is a few entries wide
LEAST_VALUES = 3  # fewer different values say too little about a formula


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """What a student's function returned where, and what the reference implementation returns there.

    formulas: what may be behind the outputs, entry by entry.  others: the right values of the other outputs.
    part: picks the output that is looked at from what the implementation returns; name: what it is called.
    """

    implementation: Callable[..., Any]
    arguments: tuple[tuple[Any, ...], ...]
    expected: tuple[Any, ...]
    given: tuple[Any, ...]
    closeness: Closeness
    part: Callable[[Any], Any] = lambda value: value
    name: str = ""
    parameters: tuple[str, ...] = ()
    formulas: tuple[Case, ...] = ()
    others: Mapping[str, tuple[Any, ...]] | None = None

    def same(self, wrong: Sequence[Any]) -> bool:
        """Whether these are the student's outputs."""
        return all(_alike(given, one, self.closeness) for given, one in zip(self.given, wrong, strict=True))


def _alike(given: Any, wanted: Any, closeness: Closeness) -> bool:
    """Whether two outputs agree; what is empty or not finite explains nothing: infinity is close to all."""
    try:
        finite = np.size(given) > 0 and bool(np.all(np.isfinite(given)) and np.all(np.isfinite(wanted)))
        return finite and compare(given, wanted, closeness).ok
    except (ValueError, TypeError):
        return False


def diagnose_function(calls: Calls) -> Finding | None:
    """The slip that gives exactly the student's outputs, the simplest first."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for search in (_in_formula, _constant, _outputs, _other_part, _border, _arguments, _source):
            found = search(calls)
            if found is not None:
                return found
    return None


def _finding(calls: Calls, code: str, formula: str) -> Finding:
    kind = code if code in ("factor", "offset") else "edit"
    return Finding(kind, code, {"part": calls.name} if calls.name else {}, formula)


class _Same(tuple[Any, ...]):
    """Arguments as a key: equal only if they are the same objects."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash(tuple(map(id, self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and tuple(map(id, self)) == tuple(map(id, other))


def _in_formula(calls: Calls) -> Finding | None:
    """A slip in a formula that gives the right outputs, at the arguments of every call, entry by entry."""
    given = _column(calls.given, calls.expected)
    wanted = _column(calls.expected, calls.expected)
    if given is None or wanted is None or np.unique(wanted).size < LEAST_VALUES:
        return None
    for case in calls.formulas:
        found = _slips_at(case, calls.parameters, _Same(calls.arguments), _Same(calls.expected))
        if found is None or not close_rows(found.reference, wanted):
            continue
        for edits in (found.singles, found.pairs):
            for edit in edits.at(given):
                shown = finding_of(edit)
                return replace(shown, fields=dict(shown.fields) | ({"part": calls.name} if calls.name else {}))
    return None


def _column(values: Sequence[Any], like: Sequence[Any]) -> Row | None:
    """All entries of all outputs in one row; None where the shapes are not those of the reference."""
    arrays = [np.asarray(value) for value in values]
    if any(one.shape != np.shape(two) or one.dtype.kind not in "if" for one, two in zip(arrays, like, strict=True)):
        return None
    row = np.concatenate([np.ravel(one.astype(np.float64)) for one in arrays])
    return row if np.isfinite(row).all() else None


@lru_cache(maxsize=64)
def _slips_at(case: Case, parameters: tuple[str, ...], arguments: _Same, expected: _Same) -> Slips | None:
    """The slips in a formula with the arguments of the calls as its points; None where it needs something else."""
    if not free_names(case.reference) <= set(parameters):
        return None
    columns: dict[str, list[Any]] = {name: [] for name in parameters}
    for args, wanted in zip(arguments, expected, strict=True):
        for name, value in zip(parameters, args, strict=True):
            try:
                columns[name].append(
                    np.ravel(np.broadcast_to(np.asarray(value, dtype=np.float64), np.shape(wanted)))
                )
            except (ValueError, TypeError):
                columns.pop(name, None)
                return None
    values = {name: np.concatenate(parts) for name, parts in columns.items()}
    texts = [(name, one.tobytes()) for name, one in values.items()]
    return slips_from(case, repr(texts), (Stage(values),))


def _constant(calls: Calls) -> Finding | None:
    names = dict(enumerate(calls.parameters))
    try:
        found = constant_slip(calls.given, calls.expected, calls.arguments, names)
    except (ValueError, TypeError, ArithmeticError):
        return None
    return None if found is None else _finding(calls, *found)


def _outputs(calls: Calls) -> Finding | None:
    for code, change in output_slips(calls.expected[0], calls.arguments[0]):
        wrong = [_called(change, (one, args)) for one, args in zip(calls.expected, calls.arguments, strict=True)]
        if not any(one is _FAILED for one in wrong) and calls.same(wrong) and not _equal(wrong, calls):
            return _finding(calls, code, f"{code} of the result")
    return None


def _equal(wrong: Sequence[Any], calls: Calls) -> bool:
    """Whether a slip changes nothing: then it explains nothing."""
    return all(_alike(one, two, calls.closeness) for one, two in zip(wrong, calls.expected, strict=True))


def _other_part(calls: Calls) -> Finding | None:
    """The right values of another output of the same function."""
    for name, values in (calls.others or {}).items():
        if calls.same(values) and not _equal(values, calls):
            return _finding(calls, "entries-swapped", name)
    return None


def _border(calls: Calls) -> Finding | None:
    """Right values on a smaller or larger array: a border is missing, or there is one too many."""
    codes = {
        _cut(given, wanted, calls.closeness) for given, wanted in zip(calls.given, calls.expected, strict=True)
    }
    code = codes.pop() if len(codes) == 1 else None
    return None if code is None else _finding(calls, code, code)


def _cut(given: Any, wanted: Any, closeness: Closeness) -> str | None:
    one, other = np.asarray(given), np.asarray(wanted)
    if one.ndim != other.ndim or not one.ndim or one.shape == other.shape or one.dtype.kind not in "if":
        return None
    smaller, larger, code = (one, other, "cropped") if one.size < other.size else (other, one, "border-added")
    if any(a > b for a, b in zip(smaller.shape, larger.shape, strict=True)) or smaller.size < 2:
        return None
    places = [b - a + 1 for a, b in zip(smaller.shape, larger.shape, strict=True)]
    if math.prod(places) > MOST_PLACES:
        return None
    for start in np.ndindex(*places):
        window = larger[tuple(slice(at, at + size) for at, size in zip(start, smaller.shape, strict=True))]
        if _alike(smaller, window, closeness):
            return code
    return None


def _arguments(calls: Calls) -> Finding | None:
    columns = zip(*calls.arguments, strict=True)
    given = tuple(next((value for value in column if value is not None), None) for column in columns)
    slips = list(argument_slips(given))
    for code, change in slips:
        if _leads_there(calls, lambda *args, change=change: calls.implementation(*change(args))):
            return _finding(calls, code, f"{code} of the arguments")
    unused = [change for code, change in slips if code == "argument-ignored"]
    for one, other in combinations(unused, 2):
        if _leads_there(calls, lambda *args, one=one, other=other: calls.implementation(*one(other(args)))):
            found = _finding(calls, "same-slip-twice", "two arguments ignored")
            return replace(found, fields=dict(found.fields) | {"first": "argument-ignored"})
    return None


def _source(calls: Calls) -> Finding | None:
    first = calls.arguments[0]
    for mutant, output in _first_outputs(calls.implementation, _Same(first)):
        if output is _FAILED or not _alike(calls.given[0], _picked(calls, output), calls.closeness):
            continue
        if _leads_there(calls, mutant.function):
            return _finding(calls, mutant.code, mutant.text)
    return None


_FAILED = object()


@lru_cache(maxsize=128)
def _first_outputs(implementation: Callable[..., Any], arguments: _Same) -> tuple[tuple[Mutant, Any], ...]:
    """What each mutant gives for the first call, computed once in a run."""
    return tuple((mutant, _called(mutant.function, tuple(arguments))) for mutant in mutants(implementation))


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*copy.deepcopy(arguments))
    except Exception:  # noqa: BLE001 - a slip may make a function fail: then it explains nothing
        return _FAILED


def _picked(calls: Calls, output: Any) -> Any:
    try:
        return calls.part(output)
    except (KeyError, IndexError, TypeError):
        return _FAILED


def _leads_there(calls: Calls, function: Callable[..., Any]) -> bool:
    """Whether a function gives the student's outputs on every case."""
    wrong = []
    for arguments, given in zip(calls.arguments, calls.given, strict=True):
        output = _called(function, arguments)
        one = _FAILED if output is _FAILED else _picked(calls, output)
        if one is _FAILED or not _alike(given, one, calls.closeness):
            return False
        wrong.append(one)
    return not _equal(wrong, calls)
