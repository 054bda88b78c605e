"""Formulas with arrays and free indices: exact values at concrete, pairwise different small sizes.

Every free index runs over its whole range, the arrays hold random whole numbers, and what lies outside an array is
an error or zero, as the problem declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

from flint import fmpq

from autograder.decide.evaluate import Environment, compiled
from autograder.decide.points import Chance, admitted, generic
from autograder.decide.scalar import Decision, Pair
from autograder.decide.values import OutOfBudget, Undefined, Unsure, text
from autograder.domain import Domain
from autograder.expression import Index, Node, to_text, walk
from autograder.verdict import Counterexample, Grid, NoEvidence
from autograder.verdict import Undefined as NoValue

__all__ = ["decide_indexed", "has_arrays"]

SIZES = (2, 3, 4, 5, 6, 7)
SETTINGS = 5
PLACES = 160  # free-index tuples tried for each setting of the sizes


class OutsideArray(Undefined):
    """An entry that the array does not have: name, indices, and the shape."""

    def __init__(self, name: str, place: tuple[int, ...], shape: tuple[int, ...]) -> None:
        super().__init__(f"{name}{list(place)} lies outside its shape {shape}")
        self.entry = f"{name}{list(place)}"
        self.shape = str(shape)


def has_arrays(*nodes: Node) -> bool:
    """Whether a formula reads entries of arrays."""
    return any(isinstance(part, Index) for node in nodes for part in walk(node))


def decide_indexed(pair: Pair) -> Decision:
    """Compare entry by entry over every setting of the sizes; exact, so one difference refutes for certain."""
    domain = pair.domain
    chance = Chance(b"arrays", pair.secret, to_text(pair.reference).encode())
    compared = 0
    for setting in _settings(pair, chance):
        for point in islice(_places(domain, setting), PLACES):
            decision = _compare_at(pair, point, _arrays(pair, point, chance))
            if isinstance(decision, Decision):
                return decision
            compared += decision
    if compared < 8:
        return Decision(None, NoEvidence((f"{compared} entries could be compared",)))
    return Decision(True, Grid(compared))


def _settings(pair: Pair, chance: Chance) -> Iterator[Environment]:
    """Concrete sizes, small ones first and pairwise different where the relations let them be."""
    domain = pair.domain
    arrays = set(domain.arrays) | {
        p.base for n in (pair.answer, pair.reference) for p in walk(n) if isinstance(p, Index)
    }
    names = sorted((domain.sizes() | set(pair.names)) - arrays - set(domain.indices))
    found = 0
    for shift in range(40):
        sizes = {
            name: fmpq(SIZES[(place * (1 + shift % 3) + shift) % len(SIZES)]) for place, name in enumerate(names)
        }
        if shift >= len(SIZES) * 3:
            sizes = next(generic(domain, names, chance), sizes)
        if admitted(domain, sizes) and _fits(domain, sizes):
            yield sizes
            found += 1
            if found == SETTINGS:
                return


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


def _places(domain: Domain, setting: Environment) -> Iterator[Environment]:
    """The setting with every value of the free indices; far apart ones first, so that a cut keeps the corners."""
    names = sorted(domain.indices)
    ranges = []
    for name in names:
        low, high = (int(compiled(bound)(dict(setting)).p) for bound in domain.indices[name])
        ranges.append(range(low, high + 1))
    everything = list(product(*ranges))
    step = max(1, len(everything) // PLACES)
    chosen = everything if step == 1 else [*everything[:1], *everything[1:-1:step], *everything[-1:]]
    for values in chosen:
        yield setting | {name: fmpq(value) for name, value in zip(names, values, strict=True)}


def _arrays(pair: Pair, point: Environment, chance: Chance) -> dict[str, Callable[[tuple[int, ...]], fmpq]]:
    domain = pair.domain
    shapes = {
        name: tuple(int(compiled(size)(dict(point)).p) for size in shape) for name, shape in domain.arrays.items()
    }
    used = {part.base for node in (pair.answer, pair.reference) for part in walk(node) if isinstance(part, Index)}
    return {name: _entries(name, shapes.get(name), domain.outside, pair.secret) for name in used | set(shapes)}


def _entries(
    name: str, shape: tuple[int, ...] | None, outside: str, secret: bytes
) -> Callable[[tuple[int, ...]], fmpq]:
    """The array as a function of its indices: small whole numbers without zero, fixed by name and place."""
    known: dict[tuple[int, ...], fmpq] = {}

    def entry(place: tuple[int, ...]) -> fmpq:
        if shape is not None:
            if len(place) != len(shape):
                raise OutsideArray(name, place, shape)
            if any(not 0 <= at < size for at, size in zip(place, shape, strict=True)):
                if outside == "zero":
                    return fmpq(0)
                raise OutsideArray(name, place, shape)
        if place not in known:
            chance = Chance(b"entry", secret, name.encode(), repr(place).encode())
            known[place] = fmpq(1 + chance.below(96)) * (1 if chance.below(2) else -1)
        return known[place]

    return entry


def _compare_at(pair: Pair, point: Environment, arrays: dict[str, Any]) -> Decision | int:
    """1 where both agree, 0 where nothing can be said, a Decision where they differ."""
    try:
        reference = pair.wanted(point | arrays)
    except (Undefined, Unsure, OutOfBudget):
        return 0
    shown = {name: text(value) for name, value in point.items()}
    try:
        answer = pair.value(point | arrays)
    except OutsideArray as error:
        return Decision(False, NoValue(shown, text(reference), error.entry, error.shape))
    except Undefined:
        return Decision(False, NoValue(shown, text(reference)))
    except (Unsure, OutOfBudget):
        return 0
    if answer != reference:
        indices = sorted(pair.domain.indices)
        entry = "[" + ", ".join(shown[name] for name in indices) + "]" if indices else ""
        return Decision(False, Counterexample(shown, text(answer), text(reference), entry))
    return 1
