"""Slips with indices: entries that are shifted, reversed or transposed, sums over the wrong range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from autograder.diagnose.trees import (
    ONE,
    TWO,
    ZERO,
    Change,
    Path,
    at_path,
    negated,
    paths,
    plus,
    replaced,
    shape_of,
)
from autograder.domain import Domain
from autograder.expression import Call, Fold, Index, Node, Op, Symbol, free_names, substitute

__all__ = ["Limits", "fold_edits", "index_edits", "ranged_edits"]

Limits = tuple[str, Node, Node]


def fold_edits(node: Fold) -> Iterator[Change]:
    """A range that is too short or too long, a sum that is left out, a mean or a product for a sum."""
    limits = node.limits
    groups: list[tuple[int, ...]] = [(place,) for place in range(len(limits))]
    groups += [
        (one, other) for one, other in combinations(range(len(limits)), 2) if _alike(limits[one], limits[other])
    ]
    if len(limits) > 2:
        groups.append(tuple(range(len(limits))))
    for group in groups:
        for low, high in ((0, -1), (1, 0), (0, 1), (1, 1), (-1, 0)):
            yield "index-range", Fold(node.op, node.body, _moved(limits, group, low, high))
    for group in groups:
        rest = tuple(one for place, one in enumerate(limits) if place not in group)
        start = {limits[place][0]: limits[place][1] for place in group}
        body = substitute(node.body, start)
        yield "sum-lost", Fold(node.op, body, rest) if rest else body
    if node.op == "Sum":
        for group in dict.fromkeys([*groups, tuple(range(len(limits)))]):
            yield "mean-for-sum", Op("/", (node, _count([limits[place] for place in group])))
        yield "sum-for-product", Fold("Product", node.body, limits)
    else:
        yield "sum-for-product", Fold("Sum", node.body, limits)


def _alike(one: Limits, other: Limits) -> bool:
    return shape_of(one[1]) == shape_of(other[1]) and shape_of(one[2]) == shape_of(other[2])


def _moved(limits: tuple[Limits, ...], group: Sequence[int], low: int, high: int) -> tuple[Limits, ...]:
    return tuple(
        (name, plus(first, low) if low else first, plus(last, high) if high else last)
        if place in group
        else (name, first, last)
        for place, (name, first, last) in enumerate(limits)
    )


def _count(limits: Sequence[Limits]) -> Node:
    """How many terms a sum has."""
    total: Node = ONE
    for _, low, high in limits:
        one = plus(high, 1) if low == ZERO else Op("+", (high, ONE, negated(low)))
        total = one if total is ONE else Op("*", (total, one))
    return total


def index_edits(base: str, indices: tuple[Node, ...]) -> Iterator[Change]:
    """Indices that are shifted, turned round, or have changed places: one, or two alike."""
    everything = range(len(indices))
    groups: list[tuple[int, ...]] = [(place,) for place in everything]
    groups += combinations(everything, 2)
    for group in groups:
        for step in (1, -1):
            changed = [plus(index, step) if place in group else index for place, index in enumerate(indices)]
            yield "index-shifted", Index(base, tuple(changed))
    for one, other in combinations(everything, 2):
        swapped = list(indices)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        yield "transposed", Index(base, tuple(swapped))
    for group in groups:
        turned = [_turned(index) if place in group else index for place, index in enumerate(indices)]
        if tuple(turned) != indices:
            yield "index-reversed", Index(base, tuple(turned))
    for group in groups:
        for inner in (0, 1):
            plain = [_plain(index, inner) if place in group else index for place, index in enumerate(indices)]
            if tuple(plain) != indices:
                yield "index-simplified", Index(base, tuple(plain))


def _turned(index: Node) -> Node:
    """a - b for a + b, wherever the two stand in the index."""
    for path in paths(index):
        part = at_path(index, path)
        if isinstance(part, Op) and part.op == "+":
            return replaced(index, {path: Op("+", (*part.args[:-1], negated(part.args[-1])))})
    return index


def _plain(index: Node, way: int) -> Node:
    """An index without what is done to it: floor(p/2) as p (way 0), or turned into 2p (way 1)."""
    if not isinstance(index, Call):
        return index
    inner = _without_divisor(index.args[0])
    return Op("*", (TWO, inner)) if way else inner


def _without_divisor(node: Node) -> Node:
    """(a - m)/2, or a/2 - m/2, as a - m."""
    if isinstance(node, Op) and node.op == "/":
        return node.args[0]
    if isinstance(node, Op) and node.op in ("+", "neg"):
        return Op(node.op, tuple(_without_divisor(part) for part in node.args))
    if isinstance(node, Op) and node.op == "*":
        kept = tuple(part for part in node.args if free_names(part))
        return kept[0] if len(kept) == 1 else Op("*", kept)
    return node


def ranged_edits(reference: Node, domain: Domain) -> Iterator[Change]:
    """Slips that need the range of an index: run through backwards, summed over though it is free."""
    ranges = dict(domain.indices)
    for path in paths(reference):
        part = at_path(reference, path)
        if isinstance(part, Fold):
            ranges |= {name: (low, high) for name, low, high in part.limits}
    for path in paths(reference):
        part = at_path(reference, path)
        if isinstance(part, Index):
            yield from _backwards(reference, path, part, ranges)
            yield from _all_entries(reference, path, part, domain)
        if isinstance(part, Fold):
            for changed in _other_ranges(part, ranges, domain):
                yield "index-range", replaced(reference, {path: changed})
            for changed in _kept_inside(part):
                yield "index-reversed", replaced(reference, {path: changed})
    for name, (low, high) in domain.indices.items():
        if name in free_names(reference):
            yield "index-range", Fold("Sum", reference, ((name, low, high),))


def _other_ranges(part: Fold, ranges: Mapping[str, tuple[Node, Node]], domain: Domain) -> Iterator[Fold]:
    """A sum that runs as far as another index does, or over the whole of an array."""
    ends = {high for _, high in ranges.values()}
    ends |= {plus(size, -1) for shape in domain.arrays.values() for size in shape}
    for place, (name, low, high) in enumerate(part.limits):
        for end in sorted(ends - {high}, key=repr):
            if end != ONE or high != ONE:
                changed = (*part.limits[:place], (name, low, end), *part.limits[place + 1 :])
                yield Fold(part.op, part.body, changed)


def _kept_inside(part: Fold) -> Iterator[Fold]:
    """x[i - j] for x[i + j], summed from i = j on so that it stays inside: for one sum, or for all."""
    names = [name for name, _, _ in part.limits]
    starts: dict[str, Node] = {}
    turned_round: dict[Path, Node] = {}
    for path in paths(part.body):
        index = at_path(part.body, path)
        if not (isinstance(index, Index) and len(index.indices) > 0):
            continue
        changed = []
        for one in index.indices:
            turned = one
            if isinstance(one, Op) and one.op == "+" and len(one.args) == 2:
                bound = [arg for arg in one.args if isinstance(arg, Symbol) and arg.name in names]
                free = [arg for arg in one.args if not free_names(arg) & set(names)]
                if len(bound) == len(free) == 1:
                    turned, starts[bound[0].name] = Op("+", (bound[0], negated(free[0]))), free[0]
            changed.append(turned)
        turned_round[path] = Index(index.base, tuple(changed))
    if starts:
        limits = tuple((name, starts.get(name, low), high) for name, low, high in part.limits)
        yield Fold(part.op, replaced(part.body, turned_round), limits)


def _backwards(reference: Node, path: Path, part: Index, ranges: dict[str, tuple[Node, Node]]) -> Iterator[Change]:
    used = sorted(frozenset[str]().union(*map(free_names, part.indices)) & set(ranges))
    for group in [(name,) for name in used] + list(combinations(used, 2)):
        turned = {}
        for name in group:
            low, high = ranges[name]
            turned[name] = (
                Op("+", (high, low, negated(Symbol(name))))
                if low != ZERO
                else Op("+", (high, negated(Symbol(name))))
            )
        changed = Index(part.base, tuple(substitute(index, turned) for index in part.indices))
        code = "kernel-flipped" if len(part.indices) > 2 and len(group) > 1 else "index-reversed"
        yield code, replaced(reference, {path: changed})


def _all_entries(reference: Node, path: Path, part: Index, domain: Domain) -> Iterator[Change]:
    """One entry is asked for, and the sum over all of them is written."""
    shape = domain.arrays.get(part.base, ())
    places = range(len(part.indices))
    if len(shape) != len(part.indices):
        return
    for group in [(place,) for place in places] + list(combinations(places, 2)):
        names = {place: f"_{place}" for place in group}
        indices = tuple(
            Symbol(names[place]) if place in names else index for place, index in enumerate(part.indices)
        )
        limits = tuple((names[place], ZERO, plus(shape[place], -1)) for place in group)
        yield "index-range", replaced(reference, {path: Fold("Sum", Index(part.base, indices), limits)})
