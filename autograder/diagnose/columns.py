"""The outputs of a function, entry by entry, as values of a formula: the slip in it that gives the student's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.diagnose.formulas import finding_of
from autograder.diagnose.sampling import Row, Stage, close_rows
from autograder.diagnose.search import Case, Slips, slips_from
from autograder.expression import free_names
from autograder.verdict import Finding

__all__ = ["Same", "indexes", "slip_in_formula"]

LEAST_VALUES = 3  # fewer different values say too little about a formula


class Same(tuple[Any, ...]):
    """Arguments as a key: equal only if they are the same objects."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash(tuple(map(id, self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and tuple(map(id, self)) == tuple(map(id, other))


def slip_in_formula(
    cases: Sequence[Case], parameters: tuple[str, ...], arguments: Same, expected: Same, outputs: Sequence[Any]
) -> Finding | None:
    """A slip in a formula that gives the right outputs, at the arguments of every call, entry by entry."""
    given = _column(outputs, expected)
    if given is None:
        return None
    for found in indexes(cases, parameters, arguments, expected):
        for edits in (found.singles, found.pairs):
            for edit in edits.at(given):
                return finding_of(edit)
    return None


def indexes(cases: Sequence[Case], parameters: tuple[str, ...], arguments: Same, expected: Same) -> Iterator[Slips]:
    """The slips in each formula that gives the right outputs, at the arguments of every call."""
    wanted = _column(expected, expected)
    if wanted is None or np.unique(wanted).size < LEAST_VALUES:
        return
    for case in cases:
        found = _slips_at(case, parameters, arguments, expected)
        if found is not None and close_rows(found.reference, wanted):
            yield found


def _column(values: Sequence[Any], like: Sequence[Any]) -> Row | None:
    """All entries of all outputs in one row; None where the shapes are not those of the reference."""
    arrays = [np.asarray(value) for value in values]
    if any(one.shape != np.shape(two) or one.dtype.kind not in "if" for one, two in zip(arrays, like, strict=True)):
        return None
    row = np.concatenate([np.ravel(one.astype(np.float64)) for one in arrays])
    return row if np.isfinite(row).all() else None


@lru_cache(maxsize=64)
def _slips_at(case: Case, parameters: tuple[str, ...], arguments: Same, expected: Same) -> Slips | None:
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
