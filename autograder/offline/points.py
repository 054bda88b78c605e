"""Where a student's file compares values: fixed points for a seal, worked points that separate no known mistake.

Points depend on the problem alone.  Each is tried here with the evaluator that the student's file carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

from autograder.decide.evaluate import compiled
from autograder.decide.indexed import places, settings
from autograder.decide.points import Chance, admitted, generic, small
from autograder.domain import Domain
from autograder.expression import Node
from autograder.offline.exact import Inexact, NoValue, Point, values_at
from autograder.offline.seal import witness
from autograder.problem.formula import declared_node, domain_of, facts
from autograder.problem.kinds import Formula

__all__ = ["seal_points", "told_apart", "worked_points"]

SPREAD, NEAR, FAR = 10, 10, 4  # points of each sort; near ones only where a symbol is no whole number
LEAST = 10  # fewer points decide nothing
ROUNDS = 3
MOST_PLACES = 60  # entries of an indexed formula to choose one from
TRIED = 4000  # small points, to find one that separates no mistake
WORKED = 2
BEYOND = (Fraction(1000),)  # some points reach past what a formula's constants are
CLOSER = 16  # so much nearer to zero and one, where pieces of a function meet


def seal_points(problem: Formula) -> tuple[Point, ...]:
    """Spread points of a problem's domain where its reference has a value; () where values are not exact."""
    reference = facts(problem).reference
    domain, chance = domain_of(problem), Chance(b"check", problem.name.encode())
    names = sorted((facts(problem).names.symbols or frozenset()) - set(domain.indices))
    if not names:
        points, least = iter([Point({})]), 1
    else:
        points, least = (_indexed if domain.arrays else _scalar)(domain, names, chance), LEAST
    try:
        found = [point for point in points if _has_value(reference, point)]
    except Inexact:  # at one point: then the others would only tell of a part of the domain
        return ()
    return tuple(found) if len(found) >= least else ()


def _has_value(node: Node, point: Point) -> bool:
    try:
        list(values_at(node, point))
    except NoValue:
        return False
    return True


def _scalar(domain: Domain, names: Sequence[str], chance: Chance) -> Iterator[Point]:
    """Spread points, points near zero and one, points far out: all of them in the domain, none of them round."""
    near = generic(domain, names, chance)
    yield from (_point(point) for point in islice(near, SPREAD))
    if not domain.whole(names):
        closer = (_closer(domain, point) for point in islice(near, 20 * NEAR))
        yield from (_point(point) for point in islice((point for point in closer if admitted(domain, point)), NEAR))
    yield from (_point(point) for point in islice(generic(domain, names, chance, BEYOND), FAR))


def _closer(domain: Domain, point: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in point.items():
        small_value = value / CLOSER
        fits = domain.kind_of(name).admits(Fraction(int(small_value.p), int(small_value.q)))
        found[name] = small_value if fits else value
    return found


def _indexed(domain: Domain, names: Sequence[str], chance: Chance) -> Iterator[Point]:
    """Concrete sizes, with a few entries at each: other entries and other arrays every time."""
    for fill in range(ROUNDS):
        for setting in settings(domain, names, chance):
            entries = list(islice(places(domain, setting, chance), MOST_PLACES)) or [setting]
            place = entries[0 if fill == 0 else chance.below(len(entries))]
            shapes = {
                name: tuple(int(compiled(size)(dict(setting)).p) for size in shape)
                for name, shape in domain.arrays.items()
            }
            yield Point(_point(place).symbols, shapes, domain.outside, str(fill))


def _point(environment: dict[str, Any]) -> Point:
    return Point({name: Fraction(int(value.p), int(value.q)) for name, value in environment.items()})


def told_apart(problem: Formula, points: Sequence[Point], accepted: Sequence[Node]) -> bool:
    """Whether every declared mistake, and every convention that is not accepted, has other values at the points."""
    right = {witness(node, points) for node in accepted}
    for declared in (*problem.mistakes, *problem.conventions):
        node = declared_node(declared)
        try:
            if node not in accepted and witness(node, points) in right:
                return False
        except Inexact:  # a student who writes this gets no verdict here
            continue
    return True


def worked_points(problem: Formula) -> Iterator[tuple[Point, str]]:
    """Small points with the value there, where every listed mistake and convention has the same value.

    None where no mistake is listed, where there is no such point, or where values are not exact.
    """
    others = [declared_node(declared) for declared in (*problem.mistakes, *problem.conventions)]
    names = sorted(problem.symbols)
    if not problem.mistakes or problem.arrays or not names:
        return
    reference = facts(problem).reference
    found = []
    for environment in small(domain_of(problem), names, TRIED):
        point = _point(environment)
        try:
            value = " ".join(values_at(reference, point))
            if all(" ".join(values_at(node, point)) == value for node in others):
                found.append((point, value))
        except Inexact:
            continue
    yield from sorted(found, key=_plainness)[:WORKED]


def _plainness(worked: tuple[Point, str]) -> tuple[int, Fraction]:
    """Points with few zeros and ones say most about how the formula is used; then small numbers."""
    values = worked[0].symbols.values()
    return sum(value in (0, 1) for value in values), sum(map(abs, values), Fraction(0))
