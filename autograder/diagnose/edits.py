"""Slips that turn a right formula into a wrong one, each with its name.

Trees only: nothing is evaluated, and a slip that changes nothing is left out by whoever compares values.
Here are the slips in one part of a formula, and the same slip made in two parts of the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from autograder.diagnose.indexed import fold_edits, index_edits
from autograder.diagnose.pieces import call_edits, piece_edits
from autograder.diagnose.trees import (
    ONE,
    TWO,
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
    shape_of,
)
from autograder.expression import Call, Fold, Index, Node, Number, Op, Piecewise, Symbol, free_names, size

__all__ = ["Edit", "edits", "here"]

# what a slip is called where it happens to an index
IN_INDEX = dict.fromkeys(
    ("drop-term", "drop-factor", "drop-divisor", "add-factor", "add-divisor", "constant", "rounding-lost"),
    "index-simplified",
) | {"off-by-one": "index-shifted", "sign": "index-reversed", "bracket": "index-simplified"}
MINUS_ALONE = [[literal(-1)], [negated(ONE)]]
NUMBERS = (1, 2, 3, 4, 5, 6, 8, 9)


@dataclass(frozen=True, slots=True)
class Edit:
    """A wrong formula, and the code of the sentence that says what went wrong; second: of another slip with it.

    kind: edit, or convention where the formula is right under that named convention.
    place: where a number or symbol was changed, so that a second slip does not change it once more.
    """

    code: str
    tree: Node
    kind: str = "edit"
    second: str = ""
    place: Path | None = None


def edits(reference: Node, names: Sequence[str], untouched: Path | None = None) -> Iterator[Edit]:
    """Every slip in one part of a formula, then every slip made in two parts alike.

    names: the symbols that a student may use.  untouched: a part that has a slip already.

    >>> from autograder.expression import parse, to_text
    >>> [to_text(edit.tree) for edit in edits(parse("F*K^2"), ["F", "K"]) if edit.code == "power-low"]
    ['F*K']
    """
    places = [path for path in paths(reference) if not _in_range(reference, path)]
    if untouched is not None:
        places = [path for path in places if path[: len(untouched)] != untouched]
    inside = {path for path in places if _in_index(reference, path)}
    changes = {path: list(here(at_path(reference, path), names)) for path in places}
    for path, found in changes.items():
        for code, new in found:
            leaf = isinstance(at_path(reference, path), Number | Symbol)
            said = IN_INDEX.get(code, code) if path in inside else code
            yield Edit(said, replaced(reference, {path: new}), place=path if leaf else None)
    for one, other in _twins(reference, places):
        for inner in [path for path in places if path[: len(one)] == one]:
            twin = other + inner[len(one) :]
            for (code, new), (_, also) in zip(changes[inner], changes.get(twin, ()), strict=False):
                said = IN_INDEX.get(code, code) if inner in inside else code
                yield Edit(said, replaced(reference, {inner: new, twin: also}))


def _in_index(tree: Node, path: Path) -> bool:
    """Whether a path leads into the indices of an entry."""
    for step in path:
        if isinstance(tree, Index):
            return True
        tree = at_path(tree, (step,))
    return False


def _in_range(tree: Node, path: tuple[int, ...]) -> bool:
    """Whether a path leads into the limits of a sum, which have slips of their own."""
    for step in path:
        if isinstance(tree, Fold) and step > 0:
            return True
        tree = at_path(tree, (step,))
    return False


def _twins(tree: Node, places: Sequence[tuple[int, ...]]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Pairs of parts with the same shape, such as W-K+1 and H-K+1; parts of such pairs are not listed again."""
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for path in places:
        part = at_path(tree, path)
        if size(part) > 2:
            shapes.setdefault(shape_of(part), []).append(path)
    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for paths_alike in shapes.values():
        for one, other in combinations(paths_alike, 2):
            if other[: len(one)] == one:
                continue
            inside = any(
                one[: len(a)] == a and other[: len(b)] == b and one[len(a) :] == other[len(b) :] for a, b in found
            )
            if not inside:
                found.append((one, other))
    yield from found


def here(node: Node, names: Sequence[str]) -> Iterator[Change]:
    """The slips at the top of a tree, with its parts as they are."""
    match node:
        case Op(op="+", args=args):
            yield from _sum(args)
        case Op(op="*", args=args):
            yield from _product(args)
        case Op(op="^", args=(base, exponent)):
            yield from _power(base, exponent, names)
        case Op(op="neg", args=(inner,)):
            yield "sign", inner
        case Op(op="/", args=(top, bottom)):
            yield from _quotient(top, bottom)
        case Number(value=value):
            yield from _number(value)
        case Symbol(name=name):
            yield from _symbol(name, names)
        case Call(name=name, args=args):
            yield from call_edits(name, args)
        case Piecewise(branches=branches):
            yield from piece_edits(branches, names)
        case Fold():
            yield from fold_edits(node)
        case Index(base=base, indices=indices):
            yield "power-high", Op("^", (node, TWO))
            yield from index_edits(base, indices)


def _sum(args: tuple[Node, ...]) -> Iterator[Change]:
    """Terms less, a sign, a product for the sum."""
    for count in range(1, min(len(args), 4)):
        for kept in combinations(range(len(args)), len(args) - count):
            yield "drop-term", added([args[place] for place in kept])
    for place, part in enumerate(args):
        yield "sign", Op("+", (*args[:place], negated(part), *args[place + 1 :]))
        if isinstance(part, Op) and part.op == "*":
            yield from _enclosed(part.args, [*args[:place], *args[place + 1 :]])
    if len(args) <= 6:
        for one, other in combinations(range(len(args)), 2):
            rest = [part for place, part in enumerate(args) if place not in (one, other)]
            left, right = args[one], args[other]
            yield from _product_for_sum(left, right, rest)
            if isinstance(right, Op) and right.op == "neg":
                yield from _product_for_sum(left, right.args[0], rest)
                if free_names(right.args[0]):
                    yield "quotient-for-difference", added([Op("/", (left, right.args[0])), *rest])
    for place, part in enumerate(args):
        if isinstance(part, Op) and part.op == "^":  # a^n + b as (a + b)^n
            inner = added([*args[:place], part.args[0], *args[place + 1 :]])
            yield "bracket", Op("^", (inner, part.args[1]))
    whole: Node = Op("+", args)
    yield "add-factor", Op("*", (TWO, whole))
    yield "add-divisor", Op("/", (whole, TWO))
    positive = [part for part in args if not (isinstance(part, Op) and part.op == "neg")]
    if 1 < len(positive) < len(args):
        turned = [negated(part) if not (isinstance(part, Op) and part.op == "neg") else part for part in args]
        yield "sign", added([positive[0], *[part for part in turned if part != negated(positive[0])]])


def _product_for_sum(one: Node, other: Node, rest: list[Node]) -> Iterator[Change]:
    if ONE not in (one, other, negated(one), negated(other)):  # times one would only lose the one
        yield "sum-for-product", added([Op("*", (one, other)), *rest])


def _enclosed(factors: tuple[Node, ...], terms: list[Node]) -> Iterator[Change]:
    """f*a + b as f*(a + b)."""
    for place, factor in enumerate(factors):
        rest = multiplied([*factors[:place], *factors[place + 1 :]])
        if rest not in terms:  # which would be twice the same
            yield "bracket", Op("*", (factor, added([rest, *terms])))


def _product(args: tuple[Node, ...]) -> Iterator[Change]:
    """Factors less, a sum for the product, a bracket that encloses too little or too much."""
    for count in range(1, min(len(args), 4)):
        for kept in combinations(range(len(args)), len(args) - count):
            lost = [part for place, part in enumerate(args) if place not in kept]
            yield "sign" if lost in MINUS_ALONE else "drop-factor", multiplied([args[place] for place in kept])
    everything = range(len(args))
    if len(args) <= 6 and not any(isinstance(part, Number) and part.value.denominator > 1 for part in args):
        for one, other in combinations(everything, 2):
            if args[one] == args[other]:  # twice a thing for its square: see the powers
                continue
            rest = [args[place] for place in everything if place not in (one, other)]
            yield "sum-for-product", multiplied([Op("+", (args[one], args[other])), *rest])
            if free_names(args[one]) and free_names(args[other]):
                for base, exponent in ((args[one], args[other]), (args[other], args[one])):
                    yield "power-for-product", multiplied([Op("^", (base, exponent)), *rest])
        yield from _split(args)
        for count in (3, 4):
            for group in combinations(everything, count):
                rest = [args[place] for place in everything if place not in group]
                yield "sum-for-product", multiplied([added([args[place] for place in group]), *rest])
    for place, part in enumerate(args):
        yield from _factor(part, [*args[:place], *args[place + 1 :]])


def _factor(part: Node, rest: list[Node]) -> Iterator[Change]:
    """One factor that takes in too much or too little of the others, or divides them."""
    match part:
        case Op(op="+", args=terms):
            for place, term in enumerate(terms):
                if term != ONE or len(terms) > 2:
                    yield "bracket", Op("+", (multiplied([*rest, term]), *terms[:place], *terms[place + 1 :]))
            if free_names(part):
                yield "reciprocal", Op("/", (multiplied(rest), part))
        case Op(op="^", args=(base, exponent)):
            yield "bracket", Op("^", (multiplied([*rest, base]), exponent))
            for factor in rest:
                less = [other for other in rest if other is not factor]
                yield "bracket", multiplied([*less, Op("^", (multiplied([factor, base]), exponent))])
    for path in ((), *(((place,) for place in range(len(part.args))) if isinstance(part, Op) else ())):
        inner = at_path(part, path)
        if isinstance(inner, Call) and len(inner.args) == 1:  # a*(exp(x) - 1) as exp(a*x) - 1
            yield "bracket", replaced(part, {path: Call(inner.name, (multiplied([*rest, inner.args[0]]),))})


def _split(args: tuple[Node, ...]) -> Iterator[Change]:
    """A plus for one of the times signs, with up to one factor outside of the bracket."""
    for outside in ((), *((place,) for place in range(len(args)))):
        inner = [place for place in range(len(args)) if place not in outside]
        for count in range(1, len(inner) // 2 + 1):
            for left in combinations(inner, count):
                right = multiplied([args[place] for place in inner if place not in left])
                before = multiplied([args[place] for place in left])
                if before == right:
                    continue
                total = Op("+", (before, right))
                yield "sum-for-product", multiplied([*(args[place] for place in outside), total])


def _power(base: Node, exponent: Node, names: Sequence[str]) -> Iterator[Change]:
    if isinstance(exponent, Number):
        for code, value in (("power-low", exponent.value - 1), ("power-high", exponent.value + 1)):
            yield code, base if value == 1 else Op("^", (base, literal(value)))
        if exponent.value not in (0, 1, 2):
            yield "power-low", base
    else:
        yield "power-high", Op("^", (base, plus(exponent, 1)))
        yield "power-low", Op("^", (base, plus(exponent, -1)))
        yield "power-low", base
        yield "power-high", Op("^", (base, Op("*", (TWO, exponent))))
        yield "sign", Op("^", (base, negated(exponent)))
    yield "product-for-power", Op("*", (base, exponent))
    if free_names(base) and not free_names(exponent):  # what counts in two directions, as something else
        yield from (("symbol-for-symbol", Symbol(name)) for name in names if name not in free_names(base))
    if isinstance(exponent, Op) and exponent.op == "+":  # a^(m - n) as a^m - a^n
        yield "bracket", added([_raised(base, part) for part in exponent.args])
    if free_names(exponent):
        yield "product-for-power", Op("/", (base, exponent))
        yield "product-for-power", exponent
    if free_names(base) or free_names(exponent):
        yield "swapped-symbols", Op("^", (exponent, base))
    yield "complement", Op("^", (Op("+", (ONE, negated(base))), exponent))
    if isinstance(base, Op) and base.op in ("+", "*", "/"):
        for place, part in enumerate(base.args):
            parts = list(base.args)
            parts[place] = Op("^", (part, exponent))
            yield "bracket", Op(base.op, tuple(parts))
        if base.op == "+":
            yield "bracket", Op("+", tuple(Op("^", (part, exponent)) for part in base.args))


def _raised(base: Node, exponent: Node) -> Node:
    """A power, or less a power where the exponent has a minus in front."""
    match exponent:
        case Op(op="neg", args=(inner,)):
            return negated(Op("^", (base, inner)))
        case _:
            return Op("^", (base, exponent))


def _quotient(top: Node, bottom: Node) -> Iterator[Change]:
    yield "drop-divisor", top
    yield "sign" if [top] in MINUS_ALONE else "drop-factor", Op("/", (ONE, bottom))
    yield "reciprocal", Op("/", (bottom, top))
    yield "reciprocal", Op("*", (top, bottom))
    yield "difference-for-quotient", Op("+", (top, negated(bottom)))
    if isinstance(bottom, Op) and bottom.op in ("*", "+"):
        yield "square-too-many", Op("/", (top, Op("^", (bottom, TWO))))
    factors = list(top.args) if isinstance(top, Op) and top.op == "*" else []
    for place, factor in enumerate(factors):
        rest = multiplied([*factors[:place], *factors[place + 1 :]])
        yield "reciprocal", Op("/", (rest, Op("*", (bottom, factor))))
        if len(factors) > 1:
            yield "sum-for-product", Op("+", (factor, Op("/", (rest, bottom))))
    if len(factors) > 1:
        yield "reciprocal", Op("/", (factors[0], multiplied([bottom, *factors[1:]])))
    below = list(bottom.args) if isinstance(bottom, Op) and bottom.op == "*" else []
    for place, factor in enumerate(below):
        rest = multiplied([*below[:place], *below[place + 1 :]])
        yield "reciprocal", Op("/", (Op("*", (top, factor)), rest))
    if isinstance(top, Op) and top.op == "+":
        for place, part in enumerate(top.args):
            yield "bracket", Op("+", (*top.args[:place], Op("/", (part, bottom)), *top.args[place + 1 :]))
    if isinstance(bottom, Op) and bottom.op in ("+", "^") and isinstance(bottom.args[0], Op):
        yield "bracket", _first_only(top, bottom)


def _first_only(top: Node, bottom: Op) -> Node:
    """top/(a + b)^n read as top/a + b^n: a bracket was left out."""
    inner = bottom.args[0] if bottom.op == "^" else bottom
    if not (isinstance(inner, Op) and inner.op == "+"):
        return Op("/", (top, inner))
    rest = added(inner.args[1:])
    behind: Node = Op("^", (rest, bottom.args[1])) if bottom.op == "^" else rest
    return Op("+", (Op("/", (top, inner.args[0])), behind))


def _number(value: Fraction) -> Iterator[Change]:
    for step in (1, -1):
        yield "off-by-one" if value.denominator == 1 else "constant", literal(value + step)
    others = [value * 2, value / 2, value * value, *map(Fraction, NUMBERS)]
    if value > 10:
        ratios = ((1, 3), (1, 4), (1, 5), (1, 9), (1, 25), (3, 1), (4, 1), (9, 1))
        others += [value * n / d for n, d in ratios if (value * n / d).denominator == 1]
    for other in dict.fromkeys(others):
        if abs(other - value) != 1 and other != value:
            yield "constant", literal(other)
    yield "sign", literal(-value)


def _symbol(name: str, names: Sequence[str]) -> Iterator[Change]:
    node = Symbol(name)
    yield "off-by-one", plus(node, 1)
    yield "off-by-one", plus(node, -1)
    yield "power-high", Op("^", (node, TWO))
    for other in names:
        if other != name:
            yield "symbol-for-symbol", Symbol(other)
    yield "sign", negated(node)
    yield "add-factor", Op("*", (TWO, node))
    yield "add-divisor", Op("/", (node, TWO))
    yield "reciprocal", Op("/", (ONE, node))
