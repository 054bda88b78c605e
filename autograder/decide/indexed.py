"""Formulas with arrays and free indices: exact values at concrete, pairwise different small sizes.

Every free index runs over its whole range, the arrays hold random whole numbers, and what lies outside an array is
an error or zero, as the problem declares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice, product
from math import prod

import numpy as np
import numpy.typing as npt
from flint import ctx, fmpq

from autograder.decide.evaluate import BUDGET, Environment, compiled
from autograder.decide.pair import Decision, Pair
from autograder.decide.points import Chance, admitted, generic
from autograder.decide.scalar import AGREED_BITS, close, literal_bits, may_be_equal
from autograder.decide.values import OutOfBudget, Undefined, Unsure, is_exact, text, texts
from autograder.decide.vectors import Arrays, Unsuited, Vector, equal_places, table, vector
from autograder.domain import Domain
from autograder.expression import Index, Node, canonical, walk
from autograder.verdict import Balls, Counterexample, Grid, Identity, NoEvidence
from autograder.verdict import Undefined as NoValue

__all__ = ["Entries", "array_names", "array_values", "decide_indexed", "places", "settings"]

SIZES = (2, 3, 4, 5, 6, 7)
SETTINGS = 6
TINY_ATTEMPTS = 8
SETTING_COST = 15000  # terms of sums at one setting, each weighed by the size of its body
FILLS = 6
LEAST_ENTRIES = 8  # fewer compared entries decide nothing
PLACES = 80  # free-index tuples tried for each setting of the sizes
MOST_PLACES = 4000
MOST_ENTRIES = 20_000  # of an array that is drawn as a whole
ZERO = fmpq(0)


class OutsideArray(Undefined):
    """An entry that the array does not have: name, indices, and the shape."""

    def __init__(self, name: str, place: tuple[int, ...], shape: tuple[int, ...]) -> None:
        super().__init__(f"{name}{list(place)} lies outside its shape {shape}")
        self.entry = f"{name}{list(place)}"
        self.shape = str(shape)


def array_names(*nodes: Node) -> frozenset[str]:
    """The arrays that formulas read."""
    return frozenset(part.base for node in nodes for part in walk(node) if isinstance(part, Index))


def decide_indexed(pair: Pair) -> Decision:
    """Compare entry by entry over every setting of the sizes; balls where the entries pass through functions."""
    if canonical(pair.answer) == canonical(pair.reference):
        return Decision(True, Identity())
    before = ctx.prec
    agreed = AGREED_BITS + literal_bits(pair.parts)
    try:
        ctx.prec = 2 * agreed
        return _over_settings(pair, agreed)
    finally:
        ctx.prec = before


def _over_settings(pair: Pair, agreed: int) -> Decision:
    domain = pair.domain
    arrays = array_names(pair.answer, pair.reference)
    names = (domain.sizes() | set(pair.names)) - arrays - set(domain.arrays) - set(domain.indices)
    compared, inexact = 0, False
    for views in _views(domain, frozenset(names), arrays, pair.secret):
        cost = [SETTING_COST]
        for view in views:
            agreeing, open_points = _together(pair, view)
            compared += agreeing
            for point in open_points:
                found = _compare_at(pair, point, {**point, **view.entries, BUDGET: cost}, agreed)
                if isinstance(found, Decision):
                    return found
                compared += found is not None
                inexact = inexact or found is False
                if cost[0] <= 0:
                    break
    if compared < LEAST_ENTRIES:
        return Decision(None, NoEvidence((f"{compared} entries could be compared",)))
    return Decision(True, Balls(agreed, compared) if inexact else Grid(compared))


@dataclass(frozen=True, eq=False)
class View:
    """Places at one setting of the sizes, with what stands in the arrays there, and 0 or an error around them."""

    points: Sequence[Environment]
    entries: Mapping[str, Entries]
    zero: bool

    @cached_property
    def symbols(self) -> Mapping[str, Vector]:
        """The places as vectors.  Raises Unsuited."""
        return table(self.points)

    @cached_property
    def arrays(self) -> Arrays:
        """The arrays that are drawn as a whole."""
        filled = {name: array.filled for name, array in self.entries.items() if array.filled is not None}
        return Arrays(filled, self.zero)


@lru_cache(maxsize=1024)
def _values(node: Node, view: View) -> Vector:
    """A formula at all places of a view, kept: references come again with every answer.  Raises Unsuited."""
    return vector(node, view.symbols, view.arrays, len(view.points))


@lru_cache(maxsize=128)
def _views(
    domain: Domain, names: frozenset[str], arrays: frozenset[str], secret: bytes
) -> Sequence[Sequence[View]]:
    """For each setting of the sizes the places that are compared: the same for every answer to a problem.

    Without free indices there is one place, seen with several arrays.
    """
    chance = Chance(b"arrays", secret)
    found = []
    # the smallest first, so that a counterexample is easy to follow
    for setting in sorted(settings(domain, sorted(names), chance), key=lambda sizes: sum(sizes.values())):
        points = list(islice(places(domain, setting, chance), PLACES))
        fills = range(1 if domain.indices else FILLS) if points else ()
        drawn = [array_values(domain, arrays, setting, secret + bytes(fill)) for fill in fills]
        found.append([View(points, entries, domain.outside == "zero") for entries in drawn])
    return found


def _together(pair: Pair, view: View) -> tuple[int, Sequence[Environment]]:
    """How many of these places agree for certain, and those that are still to be compared, one after the other."""
    places = len(view.points)
    try:
        answer, reference = _values(pair.answer, view), _values(pair.reference, view)
        same = equal_places(answer, reference, places)
    except Unsuited:
        return 0, view.points
    there = ~np.broadcast_to(reference.bad, (places,))
    still = np.flatnonzero(there & ~same).tolist()
    return int((there & same).sum()), [view.points[place] for place in still]


def settings(domain: Domain, names: Sequence[str], chance: Chance) -> Iterator[Environment]:
    """Concrete sizes: tiny ones, where every entry can be compared, then pairwise different ones."""
    sizes = domain.sizes()
    others = [name for name in names if name not in sizes]
    given: list[Environment] = []
    for attempt in range(60):
        point = _tiny(names, chance) if attempt < TINY_ATTEMPTS else _different(names, attempt)
        if others:
            point |= next(generic(replace(domain, where=()), others, chance), {})
        if attempt >= 40:
            point = next(generic(domain, names, chance), point)
        if point not in given and admitted(domain, point) and _fits(domain, point):
            yield point
            given.append(point)
            if len(given) == SETTINGS:
                return


def _tiny(names: Sequence[str], chance: Chance) -> Environment:
    return {name: fmpq((2, 1, 3)[chance.below(3)]) for name in names}


def _different(names: Sequence[str], shift: int) -> Environment:
    ranks = [(place * (1 + shift % 3) + shift) % len(SIZES) for place in range(len(names))]
    return {name: fmpq(SIZES[rank]) for name, rank in zip(names, ranks, strict=True)}


def _fits(domain: Domain, setting: Environment) -> bool:
    """Whether every array has a positive, small shape at these sizes."""
    total = 1
    for shape in domain.arrays.values():
        for size in shape:
            value = compiled(size)(dict(setting))
            if value < 1 or value > 40:
                return False
            total = max(total, int(value))
    return True


def places(domain: Domain, setting: Environment, chance: Chance) -> Iterator[Environment]:
    """The setting with each value of the free indices: the corners of their ranges first, then in mixed order."""
    names = sorted(domain.indices)
    ranges = []
    for name in names:
        low, high = (int(compiled(bound)(dict(setting)).p) for bound in domain.indices[name])
        ranges.append(range(low, high + 1))
    if any(len(values) == 0 for values in ranges):
        return
    corners = list(product(*({values[0], values[-1]} for values in ranges)))
    inside = list(islice(product(*ranges), MOST_PLACES))
    mixed = sorted((chance.below(1 << 30), place) for place in set(inside) - set(corners))
    for place in (*sorted(corners), *(place for _, place in mixed)):
        yield setting | {name: fmpq(value) for name, value in zip(names, place, strict=True)}


def array_values(domain: Domain, used: frozenset[str], point: Environment, secret: bytes) -> dict[str, Entries]:
    """Each array as a function of its indices, with the shape that it has at this point."""
    shapes = {
        name: tuple(int(compiled(size)(dict(point)).p) for size in shape) for name, shape in domain.arrays.items()
    }
    return {name: Entries(name, shapes.get(name), domain.outside, secret) for name in used | set(shapes)}


class Entries:
    """An array as a function of its indices: small whole numbers without zero, fixed by its name and the secret."""

    def __init__(self, name: str, shape: tuple[int, ...] | None, outside: str, secret: bytes) -> None:
        self.name, self.shape, self.outside = name, shape, outside
        self._secret = secret
        self._known: dict[tuple[int, ...], fmpq] = {}

    @cached_property
    def filled(self) -> npt.NDArray[np.int64] | None:
        """All entries; None where the shape is not known or large."""
        if self.shape is None or prod(self.shape) > MOST_ENTRIES:
            return None
        key = b"\0".join((b"entries", self._secret, self.name.encode()))
        drawn = np.frombuffer(hashlib.shake_256(key).digest(2 * prod(self.shape)), dtype="<u2").astype(np.int64)
        return ((1 + drawn // 2 % 96) * (1 - 2 * (drawn % 2))).reshape(self.shape)

    def __call__(self, place: tuple[int, ...]) -> fmpq:
        if self.shape is not None:
            if len(place) != len(self.shape):
                raise OutsideArray(self.name, place, self.shape)
            if any(not 0 <= at < size for at, size in zip(place, self.shape, strict=True)):
                if self.outside == "zero":
                    return ZERO
                raise OutsideArray(self.name, place, self.shape)
        if place not in self._known:
            self._known[place] = fmpq(self._entry(place) if self.filled is None else int(self.filled[place]))
        return self._known[place]

    def _entry(self, place: tuple[int, ...]) -> int:
        chance = Chance(b"entry", self._secret, self.name.encode(), repr(place).encode())
        return (1 + chance.below(96)) * (1 if chance.below(2) else -1)


def _compare_at(pair: Pair, point: Environment, here: Environment, agreed: int) -> Decision | bool | None:
    """True where both agree exactly, False where balls do, None where nothing can be said, else a Decision."""
    try:
        reference = pair.wanted(here)
    except (Undefined, Unsure, OutOfBudget):
        return None
    try:
        answer = pair.value(here)
    except OutsideArray as error:
        return Decision(False, NoValue(_shown(point), text(reference), error.entry, error.shape))
    except Undefined:
        return Decision(False, NoValue(_shown(point), text(reference)))
    except (Unsure, OutOfBudget):
        return None
    if not may_be_equal(answer, reference):
        shown = _shown(point)
        indices = sorted(pair.domain.indices)
        entry = "[" + ", ".join(shown[name] for name in indices) + "]" if indices else ""
        return Decision(False, Counterexample(shown, *texts(answer, reference), entry))
    if is_exact(answer) and is_exact(reference):
        return True
    return False if close(answer, reference, agreed) else None


def _shown(point: Environment) -> dict[str, str]:
    return {name: text(value) for name, value in point.items()}
