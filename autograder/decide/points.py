"""Sample points: small round ones for counterexamples, spread ones for evidence.

Points depend on the domain, the two expressions and the course's secret only: grading twice uses the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

from flint import acb, fmpq

from autograder.decide.evaluate import Environment, compiled
from autograder.decide.values import OutOfBudget, Undefined, Unsure
from autograder.domain import Domain, Kind
from autograder.expression import Relation, Symbol, free_names

__all__ = ["Chance", "admitted", "generic", "make_divisible", "small", "small_values", "to_fmpq"]

ROUND = [Fraction(n, d) for n, d in
         [(1, 1), (2, 1), (0, 1), (-1, 1), (3, 1), (1, 2), (-2, 1), (-1, 2), (4, 1), (3, 2), (-3, 1), (1, 3),
          (5, 1), (-3, 2), (1, 4), (7, 1), (10, 1), (-5, 1)]]  # fmt: skip
WIDTHS = (4, 6, 9, 13, 20, 40, 97, 300)  # of the ranges that whole numbers are drawn from
DENOMINATORS = (64, 32, 16, 8, 16, 7, 5, 3)
COMPLEX = [acb(0, 1), acb(1, 1), acb(-1, 2), acb(1, -1) / 2, acb(-2, -1), acb(3, 1) / 4]


class Chance:
    """A stream of pseudo-random numbers from a key: the same for the same key, on every machine."""

    def __init__(self, *key: bytes) -> None:
        self.key = hashlib.sha256(b"\0".join(key)).digest()
        self.count = 0
        self.pool = b""

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        if len(self.pool) < 4:
            self.count += 1
            self.pool = hashlib.sha256(self.key + self.count.to_bytes(8, "big")).digest()
        taken, self.pool = self.pool[:4], self.pool[4:]
        return int.from_bytes(taken, "big") % limit


def to_fmpq(value: Fraction) -> fmpq:
    """A Python fraction as flint's."""
    return fmpq(value.numerator, value.denominator)


@lru_cache(maxsize=512)
def small_values(kind: Kind) -> tuple[Any, ...]:
    """Values of a kind, roundest first."""
    shift = [] if kind.low is None else [kind.low + step for step in (0, 1, 2, Fraction(1, 2), 3, 5)]
    if kind.high is not None:
        middle = [] if kind.low is None else [(kind.low + kind.high) / 2, kind.low + (kind.high - kind.low) / 4]
        shift += [*middle, kind.high, kind.high - 1]
    wide = [Fraction(n) for n in range(1, 13)] if kind.whole else ROUND
    if kind.whole and (kind.low is None or kind.low <= 0):
        wide = [*wide[:2], Fraction(0), Fraction(-1), *wide[2:], Fraction(-2), Fraction(-3)]
    found = [to_fmpq(value) for value in dict.fromkeys([*wide, *shift]) if kind.admits(value)]
    return (*found[:3], *COMPLEX[:2], *found[3:8], *COMPLEX[2:]) if kind.complex else tuple(found)


def small(domain: Domain, names: Sequence[str], limit: int) -> Iterator[Environment]:
    """Points of the domain, smallest and roundest first, at most `limit` of them."""
    choices = [small_values(domain.kind_of(name)) for name in names]
    if len(names) == 1 and not domain.where:
        yield from ({names[0]: value} for value in choices[0][:limit])
        return
    given = 0
    for ranks in islice(_ranks([len(values) for values in choices]), 40 * limit):
        point = {name: values[rank] for name, values, rank in zip(names, choices, ranks, strict=True)}
        if admitted(domain, point):
            yield point
            given += 1
            if given >= limit:
                return


def _ranks(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every tuple of ranks below these lengths, by growing sum."""
    if not lengths:
        yield ()
        return
    for total in range(sum(length - 1 for length in lengths) + 1):
        yield from _with_sum(lengths, total)


def _with_sum(lengths: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    if len(lengths) == 1:
        if total < lengths[0]:
            yield (total,)
        return
    for first in range(min(total, lengths[0] - 1) + 1):
        for rest in _with_sum(lengths[1:], total - first):
            yield (first, *rest)


def admitted(domain: Domain, point: Environment) -> bool:
    """Whether every relation of the domain holds at a point (those whose symbols have values)."""
    for relation in domain.where:
        try:
            if not compiled(relation)(dict(point)):
                return False
        except Undefined:
            if set(point) >= free_names(relation):
                return False
        except (Unsure, OutOfBudget):
            return False
    return True


def generic(
    domain: Domain, names: Sequence[str], chance: Chance, beyond: Sequence[Fraction] = ()
) -> Iterator[Environment]:
    """An endless stream of spread points of the domain; some reach past the constants in `beyond`.

    Ends only when the relations leave no point in reach.
    """
    misses = 0
    kinds = [(name, domain.kind_of(name)) for name in names]
    while misses < 2000:
        point = {name: _spread(kind, chance, beyond) for name, kind in kinds}
        if domain.where:
            make_divisible(domain, point)
        if not domain.where or admitted(domain, point):
            misses = 0
            yield point
        else:
            misses += 1


def _spread(kind: Kind, chance: Chance, beyond: Sequence[Fraction]) -> Any:
    if kind.whole and kind.low is not None and kind.high is None and not kind.low_open:
        return _whole_above(kind.low, chance, beyond)
    if kind.free and not kind.complex and not (beyond and chance.below(3) == 0):
        size = chance.below(8)
        top = 1 + chance.below(63)
        return fmpq(-top if chance.below(2) else top, DENOMINATORS[size])
    for _ in range(50):
        value = _past(chance, beyond) if beyond and chance.below(3) == 0 else _random(kind, chance)
        if kind.whole:
            value = Fraction(value.numerator // value.denominator)
        if kind.low is not None and kind.high is not None and not kind.admits(value):
            value = kind.low + (kind.high - kind.low) * Fraction(1 + chance.below(97), 98)
        elif kind.low is not None and value < kind.low:
            value = kind.low + abs(value)
        elif kind.high is not None and value > kind.high:
            value = kind.high - abs(value)
        if kind.admits(value):
            break
    else:
        return small_values(kind)[0]
    if kind.complex and chance.below(3):
        return acb(to_fmpq(value), fmpq(chance.below(257) - 128, 16))  # past pi: logarithms turn round
    return to_fmpq(value)


def _whole_above(low: Fraction, chance: Chance, beyond: Sequence[Fraction]) -> fmpq:
    """A whole number from a bound on, as most symbols of a count are."""
    least = -(-low.numerator // low.denominator)
    if beyond and chance.below(3) == 0:
        value = int(_past(chance, beyond))
    else:
        value = 1 + chance.below(WIDTHS[chance.below(8)])
    return fmpq(value if value >= least else least + abs(value))


def _random(kind: Kind, chance: Chance) -> Fraction:
    size = chance.below(8)
    if kind.whole:
        value = Fraction(1 + chance.below(WIDTHS[size]))
    else:
        value = Fraction(1 + chance.below(63), DENOMINATORS[size])
    negative = (kind.low is None or kind.low < 0) and chance.below(2)
    return -value if negative else value


def _past(chance: Chance, beyond: Sequence[Fraction]) -> Fraction:
    near = beyond[chance.below(len(beyond))]
    step = (Fraction(1, 2), Fraction(1), Fraction(3), abs(near) + 1)[chance.below(4)]
    sign = 1 if chance.below(2) else -1
    return (near if chance.below(2) else -near) + sign * step


def make_divisible(domain: Domain, point: Environment) -> None:
    """Divisibility is made to hold: G | C makes C a multiple of G, S | (W - K) moves W or K up to the next one."""
    for relation in domain.where:
        if isinstance(relation, Relation) and relation.op == "|":
            try:
                _make_divisible(relation, point)
            except (Undefined, Unsure, OutOfBudget):
                continue


def _make_divisible(relation: Relation, point: Environment) -> None:
    divisor, value = compiled(relation.left)(dict(point)), compiled(relation.right)
    if isinstance(relation.right, Symbol) and relation.right.name in point:
        point[relation.right.name] *= divisor
        return
    now = value(dict(point))
    for name in sorted(free_names(relation.right) - free_names(relation.left)):
        if value(point | {name: point[name] + 1}) - now == 1:
            point[name] += (-now / divisor - (-now / divisor).floor()) * divisor
            return
