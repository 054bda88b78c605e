"""Slips that were found, and the form in which they are kept between runs: arrays, and each slip as a line of JSON.

Reading a kept form runs nothing of it: whatever it holds, it becomes numbers and trees or is refused.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Protocol, overload

import numpy as np
import numpy.typing as npt

from autograder.diagnose.edits import Edit
from autograder.diagnose.sampling import CLOSE, Row, close_rows
from autograder.expression import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)

__all__ = ["Found", "Keeper"]

KINDS = (Edit, Number, Symbol, Constant, Op, Call, Index, Fold, Piecewise, Truth, Relation, Logic, Tuple, Matrix)
FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in KINDS}
NAMED = {kind.__name__: kind for kind in KINDS}
UNREADABLE = (ValueError, TypeError, KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error)


class Keeper(Hashable, Protocol):
    """Where bytes stay between runs, by a key of any length; a key that is not known gives None."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, content: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """Slips with their rows, sorted by the first value: an answer is looked up by its own.

    ranks: the simplest slip has the lowest.  ways: in how many ways, by the codes of the slips, its row is reached.
    codes: of the slips, to be counted without reading them.
    """

    edits: Sequence[Edit]
    rows: Row
    keys: Row
    ranks: Sequence[int]
    ways: Sequence[int]
    codes: Sequence[str]

    @staticmethod
    def of(pairs: Sequence[tuple[Edit, Row]], width: int, ways: Sequence[int]) -> Found:
        """Slips from the simplest on, with rows of this width."""
        keys = np.array([_key(row) for _, row in pairs])
        order = np.argsort(keys, kind="stable").tolist()
        rows = np.array([pairs[place][1] for place in order]).reshape(len(pairs), width)
        found = [pairs[place][0] for place in order]
        return Found(
            found, rows, keys[order], order, [ways[place] for place in order], [edit.code for edit in found]
        )

    def at(self, row: Row) -> list[Edit]:
        """The slips whose values agree with a row, the simplest first."""
        key = _key(row)
        width = abs(key) * CLOSE * 10 + 1e-9
        low, high = np.searchsorted(self.keys, [key - width, key + width])
        near = sorted(range(low, high), key=lambda place: self.ranks[place])
        return [self.edits[place] for place in near if close_rows(self.rows[place], row)]

    def packed(self) -> bytes:
        """The form to keep, which `unpacked` reads."""
        edits, known = list(self.edits), dict[int, str]()
        lines = [_line(edit, known).encode() for edit in edits]
        file = io.BytesIO()
        np.savez_compressed(
            file,
            rows=self.rows,
            keys=self.keys,
            ranks=np.array(self.ranks, dtype=np.int64),
            ways=np.array(self.ways, dtype=np.int64),
            codes=np.array(self.codes, dtype=np.str_),
            ends=np.cumsum([0, *map(len, lines)]),
            lines=np.frombuffer(b"".join(lines), dtype=np.uint8),
        )
        return file.getvalue()

    @staticmethod
    def unpacked(content: bytes | None) -> Found | None:
        """What was packed; None where there is nothing, or something else."""
        if content is None:
            return None
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                edits = _Lines(file["lines"].tobytes(), file["ends"])
                ranks, ways = file["ranks"].tolist(), file["ways"].tolist()
                return Found(edits, file["rows"], file["keys"], ranks, ways, file["codes"].tolist())
        except UNREADABLE:
            return None


def _key(row: Row) -> float:
    """One number for a row: the sum of what is there."""
    return float(np.nansum(row))


@dataclass(frozen=True, slots=True)
class _Lines(Sequence[Edit]):
    """Slips that are read when they are asked for: a look-up needs a few of thousands."""

    text: bytes
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends) - 1

    @overload
    def __getitem__(self, place: int) -> Edit: ...
    @overload
    def __getitem__(self, place: slice) -> list[Edit]: ...
    def __getitem__(self, place: int | slice) -> Edit | list[Edit]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        edit = _rebuilt(json.loads(self.text[self.ends[place] : self.ends[place + 1]]))
        assert isinstance(edit, Edit)
        return edit


def _line(value: Any, known: dict[int, str]) -> str:
    """A slip or a part of it as JSON: a tuple is a list, everything else with fields an object.

    known: what was written already, by its identity, since slips in one formula share most of it.

    >>> _line(Op("^", (Symbol("K"), Number(Fraction(2), "2"))), {})
    '{"Op":["^",[{"Symbol":["K"]},{"Number":[{"Fraction":"2"},"2"]}]]}'
    """
    line = known.get(id(value))
    if line is None:
        if isinstance(value, tuple):
            line = f"[{','.join(_line(one, known) for one in value)}]"
        elif isinstance(value, Fraction):
            line = f'{{"Fraction":"{value}"}}'
        elif (own := FIELDS.get(type(value))) is not None:
            parts = ",".join(_line(getattr(value, name), known) for name in own)
            line = f'{{"{type(value).__name__}":[{parts}]}}'
        else:
            line = json.dumps(value)
        known[id(value)] = line
    return line


def _rebuilt(value: Any) -> Any:
    """What became that JSON.

    >>> from autograder.expression import parse
    >>> tree = parse("Sum(2.50*x[i], (i, 0, n))/3")
    >>> repr(_rebuilt(json.loads(_line(tree, {})))) == repr(tree)
    True
    """
    if isinstance(value, list):
        return tuple(map(_rebuilt, value))
    if isinstance(value, dict):
        ((name, inner),) = value.items()
        return Fraction(inner) if name == "Fraction" else NAMED[name](*map(_rebuilt, inner))
    return value
