"""Slips that touch a formula as a whole: a symbol everywhere, a factor or term too many, another convention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from autograder.diagnose.plausible import is_size
from autograder.diagnose.trees import (
    ONE,
    TWO,
    ZERO,
    Change,
    Path,
    added,
    at_path,
    literal,
    multiplied,
    negated,
    paths,
    plus,
    replaced,
)
from autograder.expression import Call, Node, Number, Op, Symbol, canonical, free_names, substitute

__all__ = ["conventions", "number_edits", "symbol_edits", "whole_edits"]

FILTERS = ("F", "Cout", "C_out", "N_neurons")  # how many outputs a layer has
FAN_IN = frozenset({"D", "Cin", "C_in", "K"})  # what one output is the sum over
SIZES = frozenset({"H", "W", "M", "N", "H_out", "W_out"})  # along which an output is smaller than its input
DILATIONS = (Symbol("D"), Symbol("d"))
SIMPLIFIED = {"S": (ONE, "stride-ignored"), "P": (ZERO, "padding-ignored"), "D": (ONE, "dilation-ignored")}


def symbol_edits(
    reference: Node, names: Sequence[str], topics: frozenset[str], counts: frozenset[str]
) -> Iterator[Change]:
    """A symbol that is another one, off by one, or has changed places with another, wherever it stands.

    counts: the symbols that are whole numbers.
    """
    used = sorted(free_names(reference) & set(names))
    for name in used:
        for other in names:
            if other != name:
                yield "symbol-for-symbol", substitute(reference, {name: Symbol(other)})
    for one, other in combinations(used, 2):
        yield "swapped-symbols", substitute(reference, {one: Symbol(other), other: Symbol(one)})
    for name in used:
        for ignored, (value, code) in SIMPLIFIED.items():
            alike = name == ignored or (name == ignored.lower() and code == "dilation-ignored")
            if alike and code.removesuffix("-ignored") in topics:
                yield code, substitute(reference, {name: value})
        for step in (1, -1):
            code = "off-by-one" if name in counts else "constant"
            yield code, substitute(reference, {name: plus(Symbol(name), step)})
    for name in used:
        yield from _without(reference, name, topics)
        only = "one-size-only" if name in counts else "one-value-only"
        for number in range(1, 10):
            yield "constant" if "number" in topics else only, substitute(reference, {name: literal(number)})
    if "dilation" in topics:
        yield from _stride_for_dilation(reference)
    yield from _areas(reference, used, names)
    yield from _strided(reference, used)
    yield from _sizes(reference, used, names)
    terms = _terms(reference)
    for place, term in enumerate(terms) if len(terms) > 1 else ():
        inside = sorted(free_names(term) & set(names))
        for code, changed in _sizes(term, inside, names):
            yield code, Op("+", (*terms[:place], changed, *terms[place + 1 :]))


def _stride_for_dilation(reference: Node) -> Iterator[Change]:
    """M - D*(F - 1), where the dilation spreads the taps, as (M - F)/D + 1, where it would skip positions."""
    match reference:
        case Op(op="+", args=(size, Op(op="neg", args=(Op(op="*", args=(one, other)),)))):
            step, taps = (one, other) if one in DILATIONS else (other, one)
            if step in DILATIONS:
                places = Op("+", (size, negated(plus(taps, 1))))
                yield "stride-for-dilation", Op("+", (Op("/", (places, step)), ONE))
                yield "stride-for-dilation", Op("+", (Call("floor", (Op("/", (places, step)),)), ONE))
                yield "stride-for-dilation", Op("/", (plus(places, 1), step))


def _without(reference: Node, name: str, topics: frozenset[str]) -> Iterator[Change]:
    """Every term without its factors in one symbol, such as d*(w-1) + (d+1)*w as (w-1) + w."""
    terms = _terms(reference)
    kept = [[factor for factor in _factors(term) if free_names(factor) != {name}] for term in terms]
    if len(terms) > 1 and sum(len(rest) < len(_factors(term)) for rest, term in zip(kept, terms, strict=True)) > 1:
        code = "dilation-ignored" if name in ("D", "d") and "dilation" in topics else "drop-factor"
        yield code, added([multiplied(rest) for rest in kept])


def _sizes(reference: Node, used: Sequence[str], names: Sequence[str]) -> Iterator[Change]:
    """A map that is larger or smaller than it should be: along one axis, or along two with the same role."""
    alike = [group for group in _symmetric(reference, used) if set(group) & SIZES]
    for group in [(name,) for name in used if name in SIZES] + alike:
        for step in (1, -1, 2, -2, 4, -4):
            yield "map-size", substitute(reference, {name: plus(Symbol(name), step) for name in group})
        for other in sorted(set(names) - SIZES):
            for extra in ((ONE,), ()):
                smaller = {name: Op("+", (Symbol(name), negated(Symbol(other)), *extra)) for name in group}
                yield "map-size", substitute(reference, smaller)


def _areas(reference: Node, used: Sequence[str], names: Sequence[str]) -> Iterator[Change]:
    """The positions of a map counted where another quantity belongs, or the other way round."""
    for one, other in combinations(sorted(set(names) & SIZES), 2):
        area = Op("*", (Symbol(one), Symbol(other)))
        for name in used:
            if name not in (one, other):
                yield "symbol-for-symbol", substitute(reference, {name: area})
        if one in used and other in used:
            for name in sorted(set(names) - SIZES):
                yield "symbol-for-symbol", substitute(reference, {one: Symbol(name), other: ONE})


def _strided(reference: Node, used: Sequence[str]) -> Iterator[Change]:
    """W - K + 1 as (W - K)/2 + 1: a stride that is not there."""
    terms = _terms(reference)
    rest = [term for term in terms if free_names(term)]
    if not is_size(reference) or len(rest) < 2 or not set(used) & SIZES:
        return
    ends = [term for term in terms if term not in rest]
    steps: list[Node] = [TWO, literal(3), *map(Symbol, sorted(set(used) - SIZES))]
    for step in steps:
        yield "add-divisor", added([Op("/", (added(rest), step)), *ends])


def _symmetric(reference: Node, used: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of symbols with the same role, such as height and width: swapping them changes nothing."""
    key = canonical(reference)
    for one, other in combinations(used, 2):
        if canonical(substitute(reference, {one: Symbol(other), other: Symbol(one)})) == key:
            yield one, other


def number_edits(form: Node) -> Iterator[Change]:
    """A number of the question in the place of another one: here, and wherever that one stands."""
    places = [path for path in paths(form) if isinstance(at_path(form, path), Number | Symbol)]
    places = [path for path in places if not _is_exponent(form, path)]
    values = list(dict.fromkeys(at_path(form, path) for path in places))
    for old in values:
        same = [path for path in places if at_path(form, path) == old]
        for new in values:
            if new == old or (isinstance(old, Symbol) and isinstance(new, Symbol)):
                continue
            for group in [[path] for path in same] + ([same] if len(same) > 1 else []):
                yield "constant", replaced(form, dict.fromkeys(group, new))


def _is_exponent(tree: Node, path: Path) -> bool:
    above = at_path(tree, path[:-1]) if path else tree
    return isinstance(above, Op) and above.op == "^"


def whole_edits(reference: Node, names: Sequence[str]) -> Iterator[Change]:
    """A sign, a power, a reciprocal, a factor or a term, of the formula as a whole."""
    yield "sign", negated(reference)
    yield "reciprocal", Op("/", (ONE, reference))
    if is_size(reference):
        yield "off-by-one", plus(reference, 1)
        yield "off-by-one", plus(reference, -1)
    yield "complement", Op("+", (ONE, negated(reference)))
    yield "square-lost", Call("sqrt", (reference,))
    yield "square-too-many", Op("^", (reference, TWO))
    for name in names:
        symbol = Symbol(name)
        yield "add-factor", Op("*", (reference, symbol))
        yield "add-divisor", Op("/", (reference, symbol))
        yield "add-term", Op("+", (reference, symbol))
        yield "term-subtracted", Op("+", (reference, negated(symbol)))
    for one, other in combinations(names, 2):
        pair = Op("*", (Symbol(one), Symbol(other)))
        yield "add-factor", Op("*", (reference, pair))
        yield "add-divisor", Op("/", (reference, pair))
    for name in names:
        square = Op("^", (Symbol(name), TWO))
        yield "add-factor", Op("*", (reference, square))
        yield "add-divisor", Op("/", (reference, square))
    unused = [Symbol(name) for name in names if name not in free_names(reference)]
    if len(unused) > 2:
        yield "add-factor", multiplied([reference, *unused])
    factors = _factors(reference)
    if 1 < len(factors) <= 6:
        for count in range(1, len(factors)):
            for group in combinations(factors, count):
                if not free_names(multiplied(group)):
                    continue
                yield "add-term", Op("+", (reference, multiplied(group)))
                yield "term-subtracted", Op("+", (reference, negated(multiplied(group))))
                if count > 1:
                    yield "add-factor", Op("*", (reference, multiplied(group)))


def _factors(node: Node) -> list[Node]:
    return list(node.args) if isinstance(node, Op) and node.op == "*" else [node]


def _terms(node: Node) -> list[Node]:
    return list(node.args) if isinstance(node, Op) and node.op == "+" else [node]


def conventions(reference: Node, topics: frozenset[str]) -> Iterator[Change]:
    """The reference under other named conventions, as far as they can be told from its form.

    topics: what the question speaks of; a convention is named only where the question could have meant it.
    """
    if "operations" in topics:
        yield "two-operations-per-multiply-add", Op("*", (TWO, reference))
        halved = [factor for factor in _factors(reference) if factor != TWO]
        if len(halved) < len(_factors(reference)):
            yield "one-operation-per-multiply-add", multiplied(halved)
    if "dilation" in topics:
        for name in ("D", "d"):
            if name in free_names(reference):
                yield "holes-dilation", substitute(reference, {name: plus(Symbol(name), 1)})
    if "bias" in topics:
        biases = [_biases(term) for term in _terms(reference)]
        if all(one is not None for one in biases):
            yield _bias_code(topics), Op("+", (reference, *[one for one in biases if one is not None]))
        yield from _without_biases(reference)


def _bias_code(topics: frozenset[str]) -> str:
    return "bias-additions-counted" if "operations" in topics else "bias-counted"


def _biases(term: Node) -> Node | None:
    """How many biases belong to the weights or connections that a product counts; None if it counts neither."""
    factors = _factors(term)
    inside = [one for one in factors if free_names(one) and free_names(one) <= FAN_IN]
    outside = [one for one in factors if one not in inside]
    filters = [one for one in outside if isinstance(one, Symbol) and one.name in FILTERS]
    if not inside or len(filters) != 1:
        return None
    kernel = any("K" in free_names(one) for one in inside)
    return multiplied(outside) if kernel else filters[0]


def _without_biases(reference: Node) -> Iterator[Change]:
    """K^2*Cin*Cout + Cout without Cout, and F*(D*K^2 + 1) without the 1."""
    terms = _terms(reference)
    kept = [term for term in terms if not (isinstance(term, Symbol) and term.name in FILTERS)]
    if kept and len(kept) < len(terms):
        yield "bias-not-counted", added(kept)
    factors = _factors(reference)
    for place, factor in enumerate(factors):
        inner = _terms(factor)
        rest = [one for one in inner if one != ONE]
        if len(inner) > 1 and len(rest) == len(inner) - 1 and free_names(added(rest)) & FAN_IN:
            changed = multiplied([*factors[:place], added(rest), *factors[place + 1 :]])
            yield "bias-not-counted", changed
