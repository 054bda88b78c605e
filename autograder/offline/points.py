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
from autograder.decide.points import Chance, generic, small
from autograder.expression import Node
from autograder.offline.exact import Inexact, Point, values_at
from autograder.offline.seal import witness
from autograder.problem.formula import declared_node, domain_of, facts
from autograder.problem.kinds import Formula

__all__ = ["seal_points", "told_apart", "worked_points"]

POINTS = 12
PLACES = 3  # entries of an indexed formula at each setting of its sizes
TRIED = 4000  # small points, to find one that separates no mistake
WORKED = 2
BEYOND = (Fraction(1000),)  # some points reach past what a formula's constants are


def seal_points(problem: Formula) -> tuple[Point, ...]:
    """Spread points of a problem's domain at which its reference has an exact value; () where there are too few."""
    reference = facts(problem).reference
    found = []
    for point in islice(_spread(problem), 4 * POINTS):
        try:
            list(values_at(reference, point))
        except Inexact:
            continue
        found.append(point)
        if len(found) == POINTS or not (point.symbols or point.shapes):
            return tuple(found)
    return ()


def _spread(problem: Formula) -> Iterator[Point]:
    chance = Chance(b"check", problem.name.encode())
    domain = domain_of(problem)
    names = sorted((facts(problem).names.symbols or frozenset()) - set(domain.indices))
    if not domain.arrays:
        yield from (_point(point) for point in generic(domain, names, chance, BEYOND)) if names else [Point({})]
        return
    for fill in range(2 * POINTS):
        for setting in settings(domain, names, chance):
            for place in islice(places(domain, setting, chance), fill * PLACES, (fill + 1) * PLACES):
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
