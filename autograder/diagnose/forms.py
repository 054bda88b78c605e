"""Other ways to write the same formula, since a slip is small only in the form that the student had in mind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import flint

from autograder.diagnose.trees import ONE, added, literal, multiplied, negated
from autograder.expression import Node, Number, Op, Symbol, canonical, free_names, rebuild, walk

__all__ = ["forms"]

MOST = 6
Terms = dict[tuple[int, ...], Fraction]


def forms(reference: Node, others: Sequence[Node] = ()) -> list[Node]:
    """The reference, the forms that its author wrote, and a polynomial's expansion and collections by a symbol.

    >>> from autograder.expression import parse, to_text
    >>> [to_text(form) for form in forms(parse("M - F*D + D"))]
    ['M - F*D + D', 'M - D*(F - 1)']
    """
    found: dict[Any, Node] = {}
    for form in (reference, *others, _with_quotients(reference), *_polynomial_forms(reference)):
        found.setdefault((canonical(form), _outline(form)), form)
    return list(found.values())[:MOST]


def _with_quotients(node: Node) -> Node:
    """Negative powers as quotients, 2^(2*L) as (2^L)^2, and quotients of equal powers as powers of a quotient.

    >>> from autograder.expression import parse, to_text
    >>> to_text(_with_quotients(parse("2^(-(2*L))*N^2")))
    '(N/2^L)^2'
    """
    match node:
        case Op(op="^", args=(base, Op(op="neg", args=(exponent,)))):
            return Op("/", (ONE, _with_quotients(Op("^", (base, exponent)))))
        case Op(op="^", args=(base, Op(op="*", args=(Number(value=value) as outer, *rest)))) if value > 0:
            return Op("^", (Op("^", (base, multiplied(rest))), outer))
        case Op(op="*", args=args):
            parts = [_with_quotients(part) for part in args]
            below = [
                part.args[1] for part in parts if isinstance(part, Op) and part.op == "/" and part.args[0] == ONE
            ]
            above = [
                part for part in parts if not (isinstance(part, Op) and part.op == "/" and part.args[0] == ONE)
            ]
            return _quotient(multiplied(above), multiplied(below)) if below else multiplied(above)
        case _:
            return rebuild(node, _with_quotients)


def _quotient(top: Node, bottom: Node) -> Node:
    match top, bottom:
        case Op(op="^", args=(above, one)), Op(op="^", args=(below, other)) if one == other:
            return Op("^", (Op("/", (above, below)), one))
        case _:
            return Op("/", (top, bottom))


def _outline(node: Node) -> tuple[str, ...]:
    """The order of node types, up to the order of terms: forms that differ only in that are one."""
    return tuple(sorted(type(part).__name__ + getattr(part, "op", "") for part in walk(node)))


def _polynomial_forms(node: Node) -> Iterator[Node]:
    names = tuple(sorted(free_names(node)))
    if not names or not all(isinstance(part, Number | Symbol | Op) for part in walk(node)):
        return
    try:
        terms = _expanded(node, names)
    except _NotPolynomial:
        return
    if not terms or len(terms) > 12:
        return
    factors = _irreducible(terms, names)
    if sum(bool(free_names(factor)) for factor in factors) > 1:
        yield multiplied(factors)
    yield _tree(terms, names)
    scale = lcm(*(value.denominator for value in terms.values()))
    if scale > 1:
        whole = {powers: value * scale for powers, value in terms.items()}
        yield Op("/", (_factored(whole, names), literal(scale)))
    elif len(terms) > 1:
        yield _factored(terms, names)
    grouped = _grouped(terms, names)
    if grouped is not None:
        yield grouped
    for place in range(len(names)):
        collected = _collected(terms, names, place)
        if collected is not None:
            yield collected


class _NotPolynomial(Exception):
    pass


def _expanded(node: Node, names: tuple[str, ...]) -> Terms:
    context = flint.fmpq_mpoly_ctx.get(names, "degrevlex")
    generators = dict(zip(names, context.gens(), strict=True))
    polynomial = _polynomial(node, generators) + 0 * context.gens()[0]
    return {
        tuple(map(int, powers)): Fraction(int(value.p), int(value.q))
        for powers, value in polynomial.to_dict().items()
    }


def _polynomial(node: Node, generators: dict[str, Any]) -> Any:
    match node:
        case Number(value=value):
            return flint.fmpq(value.numerator, value.denominator)
        case Symbol(name=name):
            return generators[name]
        case Op(op="neg", args=(inner,)):
            return -_polynomial(inner, generators)
        case Op(op="+" | "*" as op, args=args):
            total = _polynomial(args[0], generators)
            for part in args[1:]:
                total = (
                    total + _polynomial(part, generators) if op == "+" else total * _polynomial(part, generators)
                )
            return total
        case Op(op="^", args=(base, Number(value=value))) if value.denominator == 1 and 0 <= value <= 6:
            return _polynomial(base, generators) ** int(value)
        case Op(op="/", args=(top, Number(value=value))) if value:
            return _polynomial(top, generators) / flint.fmpq(value.numerator, value.denominator)
        case _:
            raise _NotPolynomial


def _irreducible(terms: Terms, names: tuple[str, ...]) -> list[Node]:
    """The factors of a polynomial, each as a sum of monomials."""
    context = flint.fmpq_mpoly_ctx.get(names, "degrevlex")
    polynomial = context.from_dict({powers: flint.fmpq(v.numerator, v.denominator) for powers, v in terms.items()})
    content, factors = polynomial.factor()
    scale = Fraction(int(content.p), int(content.q))
    found: list[Node] = [] if scale == 1 else [literal(scale)]
    for factor, power in factors:
        tree = _tree(
            {tuple(map(int, own)): Fraction(int(v.p), int(v.q)) for own, v in factor.to_dict().items()}, names
        )
        found.append(tree if power == 1 else Op("^", (tree, literal(int(power)))))
    return found


def _monomial(powers: Sequence[int], names: Sequence[str]) -> list[Node]:
    return [
        Symbol(name) if power == 1 else Op("^", (Symbol(name), literal(power)))
        for name, power in zip(names, powers, strict=True)
        if power
    ]


def _tree(terms: Terms, names: Sequence[str]) -> Node:
    """A sum of monomials, those with a plus in front."""
    parts = []
    for powers, value in sorted(terms.items(), key=lambda item: (item[1] < 0, [-power for power in item[0]])):
        factors = _monomial(powers, names)
        size = abs(value)
        product = multiplied(factors if size == 1 and factors else [literal(size), *factors])
        parts.append(product if value > 0 else negated(product))
    return added(parts)


def _common(terms: Terms) -> tuple[Fraction, tuple[int, ...]]:
    """What every term has: a number and powers."""
    powers = tuple(min(column) for column in zip(*terms, strict=True))
    number = Fraction(gcd(*(value.numerator for value in terms.values())), 1)
    if all(value < 0 for value in terms.values()):
        number = -number
    return number, powers


def _factored(terms: Terms, names: Sequence[str]) -> Node:
    """Common factors in front of a sum."""
    number, powers = _common(terms)
    inner = {tuple(a - b for a, b in zip(own, powers, strict=True)): value / number for own, value in terms.items()}
    front = _monomial(powers, names)
    numbers: list[Node] = [] if abs(number) == 1 else [literal(abs(number))]
    rest = _tree(inner, names)
    product = multiplied([*numbers, *front, *([] if rest == ONE else [rest])])
    return negated(product) if number < 0 else product


def _grouped(terms: Terms, names: Sequence[str]) -> Node | None:
    """W - K + 1 as W - (K - 1); None where nothing is taken away, or nothing is put back."""
    less = {powers: -value for powers, value in terms.items() if value < 0}
    back = {powers: -value for powers, value in terms.items() if value > 0 and not any(powers)}
    more = {powers: value for powers, value in terms.items() if value > 0 and any(powers)}
    if not (less and back and more):
        return None
    return Op("+", (_tree(more, names), negated(_tree(less | back, names))))


def _collected(terms: Terms, names: tuple[str, ...], place: int) -> Node | None:
    """The terms with a symbol together, as in M - D*(F - 1); None where no two terms have it."""
    having = {powers: value for powers, value in terms.items() if powers[place]}
    rest = {powers: value for powers, value in terms.items() if not powers[place]}
    if len(having) < 2 or not rest:
        return None
    first = min(having.items(), key=lambda item: [-power for power in item[0]])[1]
    if first < 0:
        inner: Node = negated(_factored({powers: -value for powers, value in having.items()}, names))
    else:
        inner = _factored(having, names)
    others = _tree(rest, names)
    return (
        Op("+", (others, inner))
        if first < 0
        else Op("+", (inner, *(others.args if isinstance(others, Op) and others.op == "+" else (others,))))
    )
