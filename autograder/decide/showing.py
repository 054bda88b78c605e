"""Which point a student is shown: one of a few that are fixed by the problem, whatever the answer.

The smallest point at which two formulas differ depends on both, so that points asked for again and again would
read the reference out.  These depend on the problem alone, and there are few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product

from flint import ctx, fmpq

from autograder.decide.evaluate import BUDGET, FOLD_COST, Environment, compiled
from autograder.decide.points import admitted, small, small_values
from autograder.decide.scalar import may_be_equal
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, is_exact, text, texts
from autograder.domain import Domain
from autograder.expression import Node
from autograder.verdict import Counterexample

__all__ = ["POINTS", "Point", "fixed_points", "shown"]

Point = tuple[Environment, Mapping[str, str]]  # as an environment, and as it is shown

POINTS = 12
BITS = 256
ENTRIES = 12  # of all arrays together: a student reads them
UNEVEN = 11  # values of a symbol in a point whose symbols differ
ATTEMPTS = 200
SETTINGS = 400  # of the sizes, of which few fit
MOST_WITH_ARRAYS = 48
SEQUENCES: tuple[Callable[[int], int], ...] = (
    lambda place: place + 1,
    lambda place: (2, 3, 5, 7, 11, 13, 17, 19)[place % 8] + 19 * (place // 8),
    lambda place: (place + 1) ** 2,
    lambda place: 2**place,
)


def shown(answer: Node, reference: Node, points: Sequence[Point]) -> Counterexample | None:
    """The first of these points at which two formulas differ; None where none of them shows it.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> sizes = fixed_points(domain({"F": "positive integer", "K": "positive integer"}))
    >>> shown(parse("2*K"), parse("K^2"), sizes).at
    {'F': '1', 'K': '1'}
    """
    before = ctx.prec
    try:
        ctx.prec = BITS
        return next((one for point in points if (one := _differ(answer, reference, point))), None)
    finally:
        ctx.prec = before


def fixed_points(domain: Domain) -> tuple[Point, ...]:
    """The points of a domain: small, the same for every answer, and few."""
    if not domain.arrays:
        names = sorted(domain.kinds)
        points = [*small(domain, names, POINTS), *islice(_uneven(domain, names), POINTS)]
        return tuple((point, _texts(point, domain)) for point in points)
    return tuple(islice(_with_arrays(domain), MOST_WITH_ARRAYS))


def _uneven(domain: Domain, names: Sequence[str]) -> Iterator[Environment]:
    """Points whose symbols differ from one another: the sizes of a real case."""
    choices = [small_values(domain.kind_of(name))[:UNEVEN] for name in names]
    for attempt in range(ATTEMPTS):
        ranks = [
            (place * (1 + attempt % 5) + attempt * (1 + attempt // 11)) % len(values)
            for place, values in enumerate(choices)
        ]
        point = {name: values[rank] for name, values, rank in zip(names, choices, ranks, strict=True)}
        if admitted(domain, point):
            yield point


def _texts(point: Environment, domain: Domain) -> dict[str, str]:
    """The point as it is shown, without symbols that have one value only: the question gives that."""
    kinds = {name: domain.kind_of(name) for name in point}
    return {
        name: text(value)
        for name, value in point.items()
        if kinds[name].low is None or kinds[name].low != kinds[name].high
    }


def _with_arrays(domain: Domain) -> Iterator[Point]:
    """Small sizes, every place of the free indices, and arrays that can be read at a glance."""
    names = sorted((set(domain.kinds) | domain.sizes()) - set(domain.indices) - set(domain.arrays))
    for setting in small(domain, names, SETTINGS):
        shapes = {name: _shape(sizes, setting) for name, sizes in sorted(domain.arrays.items())}
        if (
            any(size < 1 for shape in shapes.values() for size in shape)
            or sum(map(_count, shapes.values())) > ENTRIES
        ):
            continue
        arrays = {name: _filled(shape, SEQUENCES[rank % 4]) for rank, (name, shape) in enumerate(shapes.items())}
        entries = {name: _reader(cells, shapes[name], domain.outside) for name, cells in arrays.items()}
        as_text = {name: _nested(cells, shapes[name]) for name, cells in arrays.items()}
        for place in _places(domain, setting):
            yield {**setting, **place, **entries}, {**_texts(setting | place, domain), **as_text}


def _shape(sizes: Sequence[Node], setting: Environment) -> tuple[int, ...]:
    return tuple(int(compiled(size)(dict(setting)).p) for size in sizes)


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _places(domain: Domain, setting: Environment) -> list[Environment]:
    """The free indices: all at their first value, all at their last, all in between."""
    names = sorted(domain.indices)
    ends = [[int(compiled(bound)(dict(setting)).p) for bound in domain.indices[name]] for name in names]
    if any(low > high for low, high in ends):
        return []
    found = [
        [low for low, _ in ends],
        [high for _, high in ends],
        [(low + high) // 2 for low, high in ends],
        [min(low + 1, high) for low, high in ends],
    ]
    places = dict.fromkeys(map(tuple, found))
    return [{name: fmpq(value) for name, value in zip(names, place, strict=True)} for place in places]


Cells = dict[tuple[int, ...], int]


def _filled(shape: tuple[int, ...], sequence: Callable[[int], int]) -> Cells:
    return {place: sequence(rank) for rank, place in enumerate(product(*map(range, shape)))}


def _reader(cells: Cells, shape: tuple[int, ...], outside: str) -> Callable[[tuple[int, ...]], fmpq]:
    def entry(place: tuple[int, ...]) -> fmpq:
        if place in cells:
            return fmpq(cells[place])
        if outside == "zero" and len(place) == len(shape):
            return fmpq(0)
        raise Undefined(f"no entry at {place}")

    return entry


def _nested(cells: Cells, shape: tuple[int, ...], place: tuple[int, ...] = ()) -> str:
    """An array as nested lists.

    >>> _nested({(0, 0): 1, (0, 1): 2}, (1, 2))
    '[[1, 2]]'
    """
    if len(place) == len(shape):
        return str(cells[place])
    return "[" + ", ".join(_nested(cells, shape, (*place, at)) for at in range(shape[len(place)])) + "]"


def _differ(answer: Node, reference: Node, point: Point) -> Counterexample | None:
    """Both values at a point, where both are there and certainly differ."""
    here, at = point
    values = []
    for node in (answer, reference):
        try:
            value = compiled(node)({**here, BUDGET: [FOLD_COST]})
            if not is_exact(value) and not as_acb(value).imag.contains(0):
                return None
            values.append(value)
        except (Undefined, Unsure, OutOfBudget):
            return None
    try:
        return None if may_be_equal(*values) else Counterexample(dict(at), *texts(*values))
    except Unsure:
        return None
