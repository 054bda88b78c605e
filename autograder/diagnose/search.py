"""The index of slips of one problem, and the search in it.

Built at the first wrong answer to the problem, slip by slip, and then kept where the case says: their values at
a few points are compared with those of the answer, and what agrees is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice

import numpy as np

from autograder.diagnose.edits import Edit, edits
from autograder.diagnose.forms import forms
from autograder.diagnose.indexed import ranged_edits
from autograder.diagnose.kept import Found, Keeper
from autograder.diagnose.plausible import AS_EDIT, COMMON, rank, said
from autograder.diagnose.sampling import Row, Sampler, Stage
from autograder.diagnose.trees import ONE, negated
from autograder.diagnose.whole import conventions, number_edits, symbol_edits, whole_edits
from autograder.domain import Domain
from autograder.expression import Node, Op, free_names

__all__ = ["Case", "Found", "Slips", "slips", "slips_from"]

SINGLES, FEWER_SINGLES = 6000, 2500
FIRSTS, SECONDS, PAIRS = 200, 50, 7500
FEWER_PAIRS = 1500  # as FEWER_SINGLES: of formulas with sums over arrays, whose values take longer


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What is known of a symbolic problem: its reference, its domain, the names that a student may use.

    forms: other ways in which the author writes the reference.  topics: what the question speaks of.
    own: slips that the question itself suggests, such as a layer that is left out.
    keeper: where its index stays between runs, if anywhere.
    """

    reference: Node
    domain: Domain
    names: tuple[str, ...]
    forms: tuple[Node, ...] = ()
    topics: frozenset[str] = frozenset()
    own: tuple[Edit, ...] = ()
    keeper: Keeper | None = None


@dataclass
class Slips:
    """The slips of one problem: single ones, then two together."""

    case: Case
    sampler: Sampler
    reference: Row | None
    # a slip of these codes is kept beside another one with the same values; None: of every code
    apart: frozenset[str] | None = None
    key: str = ""
    _ways: dict[bytes, set[frozenset[str]]] = field(default_factory=dict)
    _seen: set[bytes] = field(default_factory=set)

    @cached_property
    def singles(self) -> Found:
        """Each slip that changes the value, the first of those with the same value."""
        return self._kept("one", lambda: self._built_singles)

    @cached_property
    def pairs(self) -> Found:
        """Two slips that often come together."""
        return self._kept("two", self._built_pairs)

    def _kept(self, name: str, build: Callable[[], Found]) -> Found:
        keeper, key = self.case.keeper if self.key else None, f"{name} {self.key}"
        found = None if keeper is None else Found.unpacked(keeper.get(key))
        if found is None:
            found = build()
            if keeper is not None:
                content = found.packed()
                keeper.put(key, content)
                found = Found.unpacked(content) or found  # a tenth of the memory
        return found

    @cached_property
    def _built_singles(self) -> Found:
        for form in self.forms:
            self.sampler.remember(form)
        return self._collect(self._single_edits())

    def _built_pairs(self) -> Found:
        singles = self._built_singles  # not what was kept of them: only these have been seen here
        ranked = sorted(zip(singles.ranks, singles.edits, strict=True), key=lambda pair: pair[0])
        firsts = [edit for _, edit in ranked if edit.code in COMMON]
        firsts = _mixed(firsts)
        pairs = islice(self._double_edits(firsts), FEWER_PAIRS if self.case.domain.arrays else PAIRS)
        try:
            return self._collect(pairs)
        finally:  # what was seen on the way is large, and of no use any more
            del self._built_singles
            self._seen.clear()
            self._ways.clear()

    def _collect(self, found: Iterator[Edit]) -> Found:
        """The simplest slip for each value."""
        kept: list[tuple[Edit, Row]] = []
        nothing = b"" if self.reference is None else _mark(self.reference)
        reached: list[set[frozenset[str]]] = []
        for edit in found:
            row = self.sampler.row(edit.tree)
            if row is None or self.reference is None or (mark := _mark(row)) == nothing:
                continue
            ways = self._ways.setdefault(mark, set())
            ways.add(frozenset({edit.code, edit.second}))
            mark += self._kind(edit)
            if mark not in self._seen:
                self._seen.add(mark)
                kept.append((edit, row))
                reached.append(ways)
        return Found.of(kept, 0 if self.reference is None else len(self.reference), [*map(len, reached)])

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
        yield from (edit for edit in case.own if edit.kind == "convention")
        for form in self.forms:
            yield from (Edit(code, tree, "convention") for code, tree in conventions(form, case.topics))
        found: list[Edit] = [edit for edit in case.own if edit.kind != "convention"]
        for form in self.forms:
            written = form is case.reference or form in case.forms
            changes = chain(
                symbol_edits(form, case.names, case.topics, self.counts),
                whole_edits(form, case.names),
                number_edits(form) if written and "number" in case.topics else (),
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
    return ("%.9e," * len(row) % tuple(row.tolist())).encode()


_SHARED: dict[tuple[Keeper | None, str], Slips] = {}


@lru_cache(maxsize=512)
def slips(case: Case) -> Slips:
    """The slips of a problem, found once in a run; problems that say the same share them."""
    return slips_from(case)


def slips_from(
    case: Case, points: str = "", stages: tuple[Stage, ...] | None = None, apart: frozenset[str] | None = None
) -> Slips:
    """The slips of a case.  stages: where their values are taken instead of generic points; points: their name."""
    key = repr((case.reference, case.domain, case.names, case.forms, sorted(case.topics), case.own, points))
    place = case.keeper, key
    if place not in _SHARED:
        sampler = Sampler(case.domain, case.reference, case.names) if stages is None else Sampler.over(stages)
        _SHARED[place] = Slips(case, sampler, sampler.row(case.reference), apart, key)
    return _SHARED[place]
