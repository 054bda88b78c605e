"""One key for formulas that differ only in the order of terms, in brackets, in how a factor is written, or in the
names of bound indices.  Equal keys prove equality; different keys say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from autograder.expression.tree import Call, Fold, Index, Node, Number, Op, Symbol
from autograder.expression.walk import children

__all__ = ["canonical"]

Key = tuple[Any, ...]
ONE: Key = ("number", Fraction(1))


@lru_cache(maxsize=2048)
def canonical(node: Node) -> Key:
    """The key of a formula: sums and products in one order, constants in front, bound indices by their depth.

    >>> from autograder.expression import parse
    >>> one, other = "Sum(x[i+j]*dz[i], (i, 0, n-k))/4", "1/4*Sum(dz[m]*x[j+m], (m, 0, n-k))"
    >>> canonical(parse(one)) == canonical(parse(other))
    True
    """
    return _joined(*_split(node, {}))


def _joined(coefficient: Fraction, factors: list[Key]) -> Key:
    if not factors:
        return ("number", coefficient)
    if len(factors) == 1 and factors[0][0] == "+":
        return _added([(coefficient * scale, body) for scale, body in factors[0][1]])
    body = factors[0] if len(factors) == 1 else ("*", *sorted(factors, key=repr))
    return body if coefficient == 1 else ("scaled", coefficient, body)


def _added(terms: list[tuple[Fraction, Key]]) -> Key:
    """A sum as its terms with their coefficients, like terms together; a term that cancels is kept with a zero,
    since it may have no value where the others have one."""
    total: dict[Key, Fraction] = {}
    for scale, body in terms:
        total[body] = total.get(body, Fraction(0)) + scale
    if len(total) == 1:
        ((body, scale),) = total.items()
        return ("number", scale) if body == ONE else body if scale == 1 else ("scaled", scale, body)
    return ("+", tuple(sorted(((scale, body) for body, scale in total.items()), key=repr)))


def _as_terms(key: Key) -> list[tuple[Fraction, Key]]:
    """A key as terms of a sum."""
    match key[0]:
        case "+":
            return list(key[1])
        case "scaled":
            return [(key[1], key[2])]
        case "number":
            return [(key[1], ONE)]
        case _:
            return [(Fraction(1), key)]


def _split(node: Node, bound: Mapping[str, str]) -> tuple[Fraction, list[Key]]:
    """A node as a rational coefficient and its other factors."""
    match node:
        case Number(value=value):
            return value, []
        case Op(op="neg", args=(inner,)):
            coefficient, factors = _split(inner, bound)
            return -coefficient, factors
        case Op(op="*", args=args):
            return _product([_split(part, bound) for part in args])
        case Op(op="/", args=(top, bottom)):
            coefficient, factors = _split(top, bound)
            below, divisors = _split(bottom, bound)
            if below == 0:
                return Fraction(1), [("/", _joined(coefficient, factors), _joined(below, divisors))]
            rest = [("1/", _joined(Fraction(1), divisors))] if divisors else []
            return coefficient / below, factors + rest
        case Op(op="+", args=args):
            terms = [term for part in args for term in _as_terms(_joined(*_split(part, bound)))]
            return _apart(_added(terms))
        case Fold(op="Sum"):
            return _sum(node, bound)
        case _:
            return Fraction(1), [_other(node, bound)]


def _apart(key: Key) -> tuple[Fraction, list[Key]]:
    """A key as coefficient and factors."""
    match key[0]:
        case "number":
            return key[1], []
        case "scaled":
            return key[1], [key[2]]
        case _:
            return Fraction(1), [key]


def _product(parts: list[tuple[Fraction, list[Key]]]) -> tuple[Fraction, list[Key]]:
    coefficient, factors = Fraction(1), []
    for one, more in parts:
        coefficient *= one
        factors += more
    return coefficient, factors


def _sum(node: Fold, bound: Mapping[str, str]) -> tuple[Fraction, list[Key]]:
    """A constant factor of the body stands before the sum; sums within sums are one sum."""
    body: Node = node
    limits: list[tuple[str, Node, Node]] = []
    while isinstance(body, Fold) and body.op == "Sum":
        limits = [*body.limits, *limits]
        body = body.body
    inner = dict(bound)
    bounds: list[Key] = []
    for name, low, high in reversed(limits):
        bounds.append((_joined(*_split(low, inner)), _joined(*_split(high, inner))))
        inner[name] = f"#{_depth(inner)}"
    coefficient, factors = _split(body, inner)
    return coefficient, [("Sum", _joined(Fraction(1), factors), *bounds)]


def _depth(bound: Mapping[str, str]) -> int:
    """A number that no bound index in sight has yet, also where an inner sum takes up the name of an outer one."""
    return 1 + max((int(name[1:]) for name in bound.values()), default=-1)


def _other(node: Node, bound: Mapping[str, str]) -> Key:
    """Any other node: its type, its own fields, the keys of its parts in their order."""
    if isinstance(node, Symbol):
        return ("symbol", bound.get(node.name, node.name))
    inner = dict(bound)
    own: tuple[Any, ...] = ()
    if isinstance(node, Op | Call | Index):
        own = (node.op,) if isinstance(node, Op) else (node.name,) if isinstance(node, Call) else (node.base,)
    elif isinstance(node, Fold):
        inner |= {name: f"#{_depth(bound) + place}" for place, (name, _, _) in enumerate(node.limits)}
    elif not children(node):
        return (type(node).__name__, repr(node))
    parts = tuple(_joined(*_split(part, inner)) for part in children(node))
    fixed = getattr(node, "op", "")
    return (type(node).__name__, fixed, *own, len(parts), *parts)
