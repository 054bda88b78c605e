"""Wrong outputs of a function -> the slip that leads to the same outputs on every case, or None.

Everything runs on our side, on the reference implementation: nothing of the student's is run again.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.arrays import Closeness, compare
from autograder.diagnose import relations
from autograder.diagnose.candidates import FAILED, Candidate, called, candidates
from autograder.diagnose.columns import Same, slip_in_formula
from autograder.diagnose.outputs import constant_factor, constant_slip, may_be_factor, output_slips
from autograder.diagnose.search import Case
from autograder.verdict import Finding

__all__ = ["Calls", "diagnose_function"]


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """What a student's function returned where, and what the reference implementation returns there.

    styles: other right ways to write it.  formulas: what may be behind the outputs, entry by entry.
    part: picks the output that is looked at from what the implementation returns; name: what it is called.
    others: the right values of the other outputs, own: the student's.  mutated: places of changed arguments.
    """

    implementation: Callable[..., Any]
    arguments: tuple[tuple[Any, ...], ...]
    expected: tuple[Any, ...]
    given: tuple[Any, ...]
    closeness: Closeness
    part: Callable[[Any], Any] = lambda value: value
    name: str = ""
    parameters: tuple[str, ...] = ()
    styles: tuple[Callable[..., Any], ...] = ()
    formulas: tuple[Case, ...] = ()
    others: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    own: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    mutated: frozenset[int] = frozenset()

    def alike(self, given: Any, wanted: Any) -> bool:
        """Whether two outputs agree; what is empty or not finite explains nothing: infinity is close to all."""
        try:
            if np.shape(given) != np.shape(wanted):
                return False
            finite = np.size(given) > 0 and bool(np.all(np.isfinite(given)) and np.all(np.isfinite(wanted)))
            return finite and compare(given, wanted, self.closeness).ok
        except (ValueError, TypeError):
            return False

    def same(self, wrong: Sequence[Any]) -> bool:
        """Whether these are the student's outputs, and no right ones."""
        return all(map(self.alike, self.given, wrong)) and not all(map(self.alike, wrong, self.expected))

    @property
    def usual(self) -> tuple[Any, ...]:
        """A value of each argument, those of the first call where it does not leave them out."""
        columns = zip(*self.arguments, strict=True)
        return tuple(next((value for value in column if value is not None), None) for column in columns)


def diagnose_function(calls: Calls) -> Finding | None:
    """The slip that gives exactly the student's outputs, the simplest first."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for search in SEARCHES:
            found = _searched(search, calls)
            if found is not None:
                return replace(found, fields={**found.fields, "part": calls.name}) if calls.name else found
    return None


def _searched(search: Callable[[Calls], Finding | None], calls: Calls) -> Finding | None:
    """What one search finds; nothing where outputs that are no arrays, or are ragged, break it."""
    try:
        return search(calls)
    except (ValueError, TypeError, ArithmeticError):
        return None


def _finding(code: str, formula: str) -> Finding:
    return Finding(code if code in ("factor", "offset") else "edit", code, formula=formula)


def _two(first: str, second: str, formula: str) -> Finding:
    code = "same-slip-twice" if first == second else "two-edits"
    return Finding("edit", code, {"first": first, "second": second}, formula)


def _constant_output(calls: Calls) -> Finding | None:
    code = relations.always_same(calls.given, calls.expected)
    return None if code is None else _finding(code, str(np.ravel(calls.given[0])[0]))


def _in_order(calls: Calls) -> Finding | None:
    """All outputs are right, but some of them stand in the place of others."""
    right = {**calls.others, calls.name: calls.expected}
    taken = []
    for values in {**calls.own, calls.name: calls.given}.values():
        fits = [name for name, other in right.items() if all(map(calls.alike, values, other))]
        taken += [name for name in fits if name not in taken][:1]
    permuted = len(right) > 1 and len(taken) == len(right)
    return _finding("entries-swapped", ", ".join(taken)) if permuted and calls.same(calls.given) else None


def _in_place(calls: Calls) -> Finding | None:
    """An argument was changed before it was used again: one of the student's own outputs stands in its place."""
    for place in calls.mutated:
        for values in calls.own.values():
            changed = [
                (*args[:place], value, *args[place + 1 :])
                for args, value in zip(calls.arguments, values, strict=True)
            ]
            if calls.same([_output(calls, calls.implementation, args) for args in changed]):
                return _finding("in-place", calls.parameters[place])
    return None


def _in_formula(calls: Calls) -> Finding | None:
    arguments, expected = Same(calls.arguments), Same(calls.expected)
    return slip_in_formula(calls.formulas, calls.parameters, arguments, expected, calls.given)


def _constant(calls: Calls) -> Finding | None:
    found = constant_slip(calls.given, calls.expected, calls.arguments, dict(enumerate(calls.parameters)))
    return None if found is None else _finding(*found)


def _outputs(calls: Calls) -> Finding | None:
    for code, wrong in _changed_outputs(calls):
        if calls.same(wrong):
            return _finding(code, f"{code} of the result")
    return None


def _changed_outputs(calls: Calls) -> Iterator[tuple[str, Sequence[Any]]]:
    for code, change in output_slips(calls.expected[0], calls.arguments[0]):
        wrong = [called(change, (one, args)) for one, args in zip(calls.expected, calls.arguments, strict=True)]
        if not any(one is FAILED for one in wrong):
            yield code, wrong


def _other_part(calls: Calls) -> Finding | None:
    """The right values of another output of the same function."""
    for name, values in calls.others.items():
        if calls.same(values):
            return _finding("entries-swapped", name)
    return None


def _relation(calls: Calls) -> Finding | None:
    """Right values with a border, among others, or with an axis that is still to be summed."""
    for relation in (relations.extra_outputs, relations.cropped, relations.not_reduced):
        code = relation(calls.given, calls.expected, calls.alike)
        if code is not None:
            return _finding(code, code)
    return None


def _candidates(calls: Calls) -> tuple[Candidate, ...]:
    return candidates(calls.implementation, calls.styles, Same(calls.arguments[0]), Same(calls.usual))


def _source(calls: Calls) -> Finding | None:
    """A slip with the arguments, or in a line of the implementation."""
    for one in _candidates(calls):
        likely = one.first is not FAILED and calls.alike(calls.given[0], _picked(calls, one.first))
        if likely and _leads_there(calls, one.function):
            return _two(one.code, one.code, one.text) if one.twice else _finding(one.code, one.text)
    return None


def _left_over(calls: Calls) -> Finding | None:
    """Entries that were never filled, or that are right, but a few steps away."""
    code = relations.unfilled(calls.given, calls.expected, calls.arguments)
    code = code or relations.shifted(calls.given, calls.expected, calls.alike)
    return None if code is None else _finding(code, code)


def _with_factor(calls: Calls) -> Finding | None:
    """One slip, and a constant factor besides."""
    for code, wrong in _changed_outputs(calls):
        factor = constant_factor(calls.given, wrong)
        if factor is not None:
            return _two(code, "factor", f"{factor} * {code} of the result")
    for one in _candidates(calls):
        wrong = () if one.first is FAILED or one.twice else _factor_away(calls, one)
        factor = constant_factor(calls.given, wrong) if wrong else None
        if factor is not None:
            return _two(one.code, "factor", f"{factor} * ({one.text})")
    return None


def _factor_away(calls: Calls, one: Candidate) -> Sequence[Any]:
    """What a wrong function gives on every case, if it may lie a factor away from the student's; () otherwise."""
    wrong: list[Any] = []
    for arguments, given in zip(calls.arguments, calls.given, strict=True):
        output = _output(calls, one.function, arguments) if wrong else _picked(calls, one.first)
        if output is FAILED or not may_be_factor(given, output):
            return ()
        wrong.append(output)
        if len(wrong) in (1, 2) and constant_factor(calls.given[: len(wrong)], wrong, least=1) is None:
            return ()
    return wrong


SEARCHES: tuple[Callable[[Calls], Finding | None], ...] = (
    _constant_output,
    _in_order,
    _in_place,
    _in_formula,
    _constant,
    _outputs,
    _other_part,
    _relation,
    _source,
    _left_over,
    _with_factor,
)


def _output(calls: Calls, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The output that is looked at, of one call of a function; FAILED where there is none."""
    output = called(function, arguments)
    return FAILED if output is FAILED else _picked(calls, output)


def _picked(calls: Calls, output: Any) -> Any:
    try:
        return calls.part(output)
    except (KeyError, IndexError, TypeError):
        return FAILED


def _leads_there(calls: Calls, function: Callable[..., Any]) -> bool:
    """Whether a function gives the student's outputs on every case, looked at one after the other."""
    wrong = []
    for arguments, given in zip(calls.arguments, calls.given, strict=True):
        one = _output(calls, function, arguments)
        if one is FAILED or not calls.alike(given, one):
            return False
        wrong.append(one)
    return calls.same(wrong)
