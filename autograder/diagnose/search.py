"""The index of slips of one problem, and the search in it.

Built at the first wrong answer to the problem, slip by slip: their values at a few points are compared with those
of the answer, and what agrees is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice

import numpy as np

from autograder.diagnose.edits import Edit, edits
from autograder.diagnose.forms import forms
from autograder.diagnose.indexed import ranged_edits
from autograder.diagnose.plausible import AS_EDIT, COMMON, rank, said
from autograder.diagnose.sampling import CLOSE, Row, Sampler, Stage, close_rows
from autograder.diagnose.trees import ONE, negated
from autograder.diagnose.whole import conventions, symbol_edits, whole_edits
from autograder.domain import Domain
from autograder.expression import Node, Op, free_names

__all__ = ["Case", "Found", "Slips", "slips", "slips_from"]

SINGLES, FEWER_SINGLES = 6000, 2500
FIRSTS, SECONDS, PAIRS = 200, 60, 9000
FEWER_PAIRS = 1500  # as FEWER_SINGLES: of formulas with sums over arrays, whose values take longer


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What is known of a symbolic problem: its reference, its domain, the names that a student may use.

    forms: other ways in which the author writes the reference.  topics: what the question speaks of.
    """

    reference: Node
    domain: Domain
    names: tuple[str, ...]
    forms: tuple[Node, ...] = ()
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Slips with their rows, sorted by the first value: an answer is looked up by its own."""

    edits: Sequence[Edit]
    rows: Row
    keys: Row
    ranks: Sequence[int]

    @staticmethod
    def of(pairs: Sequence[tuple[Edit, Row]], width: int) -> Found:
        keys = np.array([_key(row) for _, row in pairs])
        order = np.argsort(keys, kind="stable")
        rows = np.array([pairs[place][1] for place in order]).reshape(len(pairs), width)
        return Found([pairs[place][0] for place in order], rows, keys[order], order.tolist())

    def at(self, row: Row) -> list[Edit]:
        """The slips whose values agree with a row, the simplest first."""
        key = _key(row)
        width = abs(key) * CLOSE * 10 + 1e-9
        low, high = np.searchsorted(self.keys, [key - width, key + width])
        near = sorted(range(low, high), key=lambda place: self.ranks[place])
        return [self.edits[place] for place in near if close_rows(self.rows[place], row)]


def _key(row: Row) -> float:
    """One number for a row: the sum of what is there."""
    return float(np.nansum(row))


@dataclass
class Slips:
    """The slips of one problem: single ones, then two together."""

    case: Case
    sampler: Sampler
    reference: Row | None
    # a slip of these codes is kept beside another one with the same values; None: of every code
    apart: frozenset[str] | None = None
    # in how many ways, by the codes of the slips, each value is reached
    ways: dict[bytes, set[frozenset[str]]] = field(default_factory=dict)
    _seen: set[bytes] = field(default_factory=set)

    @cached_property
    def singles(self) -> Found:
        """Each slip that changes the value, the first of those with the same value."""
        return self._collect(self._single_edits())

    @cached_property
    def pairs(self) -> Found:
        """Two slips that often come together."""
        singles = self.singles
        ranked = sorted(zip(singles.ranks, singles.edits, strict=True), key=lambda pair: pair[0])
        firsts = [edit for _, edit in ranked if edit.code in COMMON]
        firsts = _mixed(firsts)
        return self._collect(islice(self._double_edits(firsts), FEWER_PAIRS if self.case.domain.arrays else PAIRS))

    def _collect(self, found: Iterator[Edit]) -> Found:
        """The simplest slip for each value."""
        kept: list[tuple[Edit, Row]] = []
        nothing = b"" if self.reference is None else _mark(self.reference)
        for edit in found:
            row = self.sampler.row(edit.tree)
            if row is None or self.reference is None or _mark(row) == nothing:
                continue
            self.ways.setdefault(_mark(row), set()).add(frozenset({edit.code, edit.second}))
            mark = _mark(row) + self._kind(edit)
            if mark not in self._seen:
                self._seen.add(mark)
                kept.append((edit, row))
        return Found.of(kept, 0 if self.reference is None else len(self.reference))

    def _kind(self, edit: Edit) -> bytes:
        """Of slips with the same values one of each kind is kept."""
        if self.apart is None:
            return f"{edit.code}+{edit.second}".encode()
        return b"!" if edit.code in self.apart else b"(" if edit.code == "bracket" else b""

    def _said(self, found: Iterable[Edit], form: Node) -> Iterator[Edit]:
        """The slips in a form that a student can make, each under its name."""
        values = np.array([]) if self.reference is None else self.reference[~np.isnan(self.reference)]
        share = values.size > 0 and bool(values.min() >= 0 and values.max() <= 1)
        for edit in found:
            named = said(edit, form, self.counts, share)
            if named is not None:
                yield named

    @cached_property
    def counts(self) -> frozenset[str]:
        """The symbols that are whole numbers."""
        return frozenset(name for name, kind in self.case.domain.kinds.items() if kind.whole)

    def _single_edits(self) -> Iterator[Edit]:
        """Conventions, then the slips that are simplest to see, in every form of the reference."""
        case = self.case
        for form in self.forms:
            yield from (Edit(code, tree, "convention") for code, tree in conventions(form, case.topics))
        found: list[Edit] = []
        for form in self.forms:
            written = form is case.reference or form in case.forms
            changes = chain(
                symbol_edits(form, case.names, case.topics, self.counts),
                whole_edits(form, case.names),
                ranged_edits(form, case.domain),
            )
            every = chain(edits(form, case.names), (Edit(code, tree) for code, tree in changes))
            wanted = [edit for edit in every if edit.code != "constant" or (written and free_names(form))]
            found += self._said(wanted, form)
        yield from sorted(found, key=rank)[: FEWER_SINGLES if case.domain.arrays else SINGLES]

    def _double_edits(self, firsts: Sequence[Edit]) -> Iterator[Edit]:
        used = sorted(free_names(self.case.reference) & set(self.case.names))
        for first in firsts[:FIRSTS]:
            whole = (Edit("sign", negated(first.tree)), Edit("complement", Op("+", (ONE, negated(first.tree)))))
            seconds = (edit for edit in edits(first.tree, used, first.place) if edit.code in COMMON)
            both = self._said(chain(whole, seconds), first.tree)
            for second in islice((edit for edit in both if edit.code != "constant"), SECONDS):
                yield Edit(AS_EDIT.get(first.code, first.code), second.tree, second=second.code)

    def ways_to(self, row: Row) -> int:
        """How many kinds of slips lead to these values."""
        return len(self.ways.get(_mark(row), ()))

    @cached_property
    def forms(self) -> list[Node]:
        return forms(self.case.reference, self.case.forms)


def _mixed(edits_: Sequence[Edit]) -> list[Edit]:
    """The simplest of each code first, then the next of each, so that no code crowds out the others."""
    turns: dict[str, int] = {}
    keyed = []
    for edit in edits_:
        turns[edit.code] = turns.get(edit.code, 0) + 1
        keyed.append((turns[edit.code], edit))
    return [edit for _, edit in sorted(keyed, key=lambda pair: pair[0])]


def _mark(row: Row) -> bytes:
    """Rows that agree to ten digits, as a rule."""
    return ",".join(f"{value:.9e}" for value in row).encode()


@lru_cache(maxsize=512)
def slips(case: Case) -> Slips:
    """The slips of a problem, found once in a run; problems that say the same share them."""
    return slips_from(case, repr((case.reference, case.domain, case.names, case.forms, sorted(case.topics))))


_SHARED: dict[str, Slips] = {}


def slips_from(
    case: Case, key: str, stages: tuple[Stage, ...] | None = None, apart: frozenset[str] | None = None
) -> Slips:
    """The slips of a case under this key.  stages: where their values are taken instead of generic points."""
    if key not in _SHARED:
        sampler = Sampler(case.domain, case.reference, case.names) if stages is None else Sampler.over(stages)
        found = Slips(case, sampler, sampler.row(case.reference), apart)
        for form in found.forms:
            sampler.remember(form)
        _SHARED[key] = found
    return _SHARED[key]
