"""The value hash of a formula: one short digest, equal for equal formulas however they are written.

An index for caching, grouping and checks without a key.  Never a verdict: two formulas share one only after
`decide` said that they are equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flint import arb, ctx, fmpq, fmpz

from autograder.decide.evaluate import Environment, compiled
from autograder.decide.indexed import array_names, array_values, places, settings
from autograder.decide.pair import has_complex, whole_names
from autograder.decide.points import Chance, generic
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, is_exact
from autograder.domain import Domain
from autograder.expression import Matrix, Node, Tuple, free_names

__all__ = ["fingerprint"]

POINTS = 8
PLACES = 6  # entries of an indexed formula hashed for each setting of the sizes
PRECISIONS = (448, 1024, 4096)
GRID_BITS = 320  # values closer than 2^-320 may share a digest
# A grid shifted by a fraction that no short formula hits: a ball around a round value lies inside one cell.
SHIFT = fmpq(0x9E3779B97F4A7C15, 1 << 64)


def fingerprint(node: Node, domain: Domain) -> str | None:
    """A digest of the values at fixed generic points of the domain; None where no value can be pinned down.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> counts = domain({"F": "positive integer", "K": "positive integer"})
    >>> fingerprint(parse("F*(K^2 + 1)"), counts) == fingerprint(parse("F*K*K + F"), counts)
    True
    >>> fingerprint(parse("F*K^2"), counts) == fingerprint(parse("F*K^2 + 1"), counts)
    False
    """
    digest = hashlib.blake2b(digest_size=12)
    before = ctx.prec
    try:
        parts = list(_texts(node, domain))
    except (Unsure, OutOfBudget, TypeError):
        return None
    finally:
        ctx.prec = before
    if all(part.startswith("(") or part == "-" for part in parts):
        return None
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()


def _texts(node: Node, domain: Domain) -> Iterator[str]:
    """The shape in brackets, then each value as a text; "-" where there is none."""
    match node:
        case Tuple(items=items):
            yield f"({len(items)})"
            for item in items:
                yield from _texts(item, domain)
        case Matrix(rows=rows):
            yield f"({len(rows)}, {len(rows[0]) if rows else 0})"
            for row in rows:
                for item in row:
                    yield from _texts(item, domain)
        case _:
            domain = domain.with_whole(whole_names(node))
            real = not (has_complex(node) or any(domain.kind_of(name).complex for name in free_names(node)))
            for point in _points(node, domain):
                yield _text(node, point, real=real)


def _points(node: Node, domain: Domain) -> Iterator[Environment]:
    """Points that depend on the domain only, so that every way to write a formula meets the same ones."""
    arrays = array_names(node)
    declared = sorted((set(domain.kinds) | domain.sizes()) - set(domain.arrays) - set(domain.indices))
    others = sorted(free_names(node) - set(declared) - arrays - set(domain.arrays) - set(domain.indices))
    if arrays:
        chance = Chance(b"fingerprint")
        for setting in settings(domain, [*declared, *others], chance):
            entries = array_values(domain, arrays, setting, b"")
            for point in islice(places(domain, setting, chance), PLACES):
                yield point | entries
        return
    stream = generic(domain, declared, Chance(b"fingerprint"))
    streams = {name: generic(domain, [name], Chance(b"fingerprint", name.encode())) for name in others}
    for point in islice(stream, POINTS):
        yield point | {name: next(values)[name] for name, values in streams.items()}


def _text(node: Node, point: Environment, *, real: bool) -> str:
    """The cell of the grid that the value lies in, with rising precision."""
    for bits in PRECISIONS:
        ctx.prec = bits
        try:
            value = compiled(node)(dict(point))
            if type(value) is bool:
                raise TypeError("a condition has no fingerprint")
            if is_exact(value):
                return f"{_cell(value)}"
            number = as_acb(value)
            if not real:
                return f"{_cell(number.real)} {_cell(number.imag)}".removesuffix(" 0")
            return str(_cell(number.real)) if number.imag.contains(0) else "-"
        except Undefined:
            return "-"
        except Unsure:
            continue
    raise Unsure("a value on the border of two cells")


def _cell(value: Any) -> fmpz:
    """The cell of the shifted grid that holds a rational or a ball."""
    if is_exact(value):
        return (value * (1 << GRID_BITS) + SHIFT).floor()
    found = (value * arb(2) ** GRID_BITS + arb(SHIFT)).floor().unique_fmpz()
    if found is None:
        raise Unsure("a value on the border of two cells")
    return found
