"""Where a formula changes its law: samples have to lie on both sides of every such place, and on it.

`Max(x, -10^40)` is x for every x that one would think of; only the switch x + 10^40 says where to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from typing import Any

from flint import fmpq

from autograder.decide.evaluate import Environment, Evaluator, evaluator
from autograder.decide.points import Chance, admitted, small, to_fmpq
from autograder.decide.values import OutOfBudget, Undefined, Unsure, is_exact
from autograder.domain import Domain, Kind
from autograder.expression import Call, Constant, Node, Number, Op, Relation, Symbol, free_names, walk

__all__ = ["branch_points", "constants", "crossings", "switches"]

MOST_SWITCHES = 8
MOST_POINTS = 60
FAR = [sign * fmpq(2) ** (2**step) for step in range(1, 10) for sign in (1, -1)]
# Where powers and roots leave their principal branch: negative, zero, one, halves.
SPECIAL = [Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2), Fraction(-1, 2), Fraction(3), Fraction(0)]


def constants(parts: Sequence[Node]) -> list[Fraction]:
    """The numbers in two formulas, computed ones such as 10^6 too, without those that every sample passes."""
    found = {part.value for part in parts if isinstance(part, Number)}
    for part in parts:
        if isinstance(part, Op) and part.op in ("*", "/", "^") and not _has_symbols(part):
            value = _exact(evaluator(part), {})
            if value is not None:
                found.add(Fraction(int(value.p), int(value.q)))
    return sorted(value for value in found if 2 < abs(value) < 10**400)


def _has_symbols(node: Node) -> bool:
    return any(not isinstance(part, Number | Op) for part in walk(node))


def switches(parts: Sequence[Node]) -> list[Node]:
    """Expressions whose sign decides which law holds; the argument of a floor passes one and minus one."""
    found: list[Node] = []
    for part in parts:
        match part:
            case Relation(op=op, left=left, right=right) if op != "|":
                found.append(_difference(left, right))
            case Call(name="Max" | "Min", args=args):
                found += [_difference(left, right) for left, right in pairwise(args)]
            case Call(name="abs" | "sign" | "Heaviside", args=(inner,)):
                found.append(inner)
            case Call(name="floor" | "ceiling", args=(inner,)):
                found += [_difference(inner, Number(Fraction(1))), _difference(inner, Number(Fraction(-1)))]
            case Call(name="Mod", args=(left, right)) | Op(op="%" | "//", args=(left, right)):
                found.append(_difference(left, right))
    return list(dict.fromkeys(found))[:MOST_SWITCHES]


def _difference(left: Node, right: Node) -> Node:
    return Op("+", (left, Op("neg", (right,))))


def crossings(domain: Domain, names: Sequence[str], found: Sequence[Node]) -> Iterator[Environment]:
    """Points on each switch and close by on both sides, where the switch is linear in a symbol; else far away."""
    bases = list(small(domain, names, 2))
    if not bases:
        return
    yield from islice(_crossings(domain, bases, found), MOST_POINTS)


def _crossings(domain: Domain, bases: Sequence[Environment], found: Sequence[Node]) -> Iterator[Environment]:
    for node in found:
        value = evaluator(node)
        for base in bases:
            for name in sorted(free_names(node) & set(base)):
                kind = domain.kind_of(name)
                for moved in _steps(value, base, name, kind):
                    point = base | {name: moved}
                    if kind.admits(Fraction(int(moved.p), int(moved.q))) and admitted(domain, point):
                        yield point


def _steps(value: Evaluator, base: Environment, name: str, kind: Kind) -> list[fmpq]:
    """Where the switch is zero as seen from 0 and 1, with a step to each side; far away where that is no zero."""
    at_zero, at_one = (_exact(value, base | {name: fmpq(step)}) for step in (0, 1))
    if at_zero is None or at_one is None:
        return []
    if at_zero != at_one:
        root = at_zero / (at_zero - at_one)
        if kind.whole:
            root = fmpq(root.floor())
            return [root + step for step in (0, 1, -1, 2)]
        if _exact(value, base | {name: root}) == 0:
            return [root, root + 1, root - 1]
    side = at_zero > 0
    far = ((step, _exact(value, base | {name: step})) for step in FAR)
    return [step for step, there in far if there is not None and (there > 0) != side][:2]


def _exact(value: Evaluator, point: Environment) -> Any:
    """The exact value, or None."""
    try:
        number = value(dict(point))
    except (Undefined, Unsure, OutOfBudget):
        return None
    return number if is_exact(number) else None


def _positive(base: Node) -> bool:
    """E or a positive literal: their powers have no branches."""
    return (isinstance(base, Constant) and base.name in ("E", "pi")) or (
        isinstance(base, Number) and base.value > 0
    )


def branch_points(domain: Domain, names: Sequence[str], parts: Sequence[Node], chance: Chance) -> list[Environment]:
    """Negative, zero and half values in every symbol at once, where powers have symbols in their exponents."""
    steep = any(
        isinstance(part, Op)
        and part.op == "^"
        and not _positive(part.args[0])
        and any(isinstance(inner, Symbol) for inner in walk(part.args[1]))
        for part in parts
    )
    loose = [name for name in names if not domain.kind_of(name).whole and not domain.kind_of(name).complex]
    if not steep or len(loose) < 2:
        return []
    choices = [[value for value in SPECIAL if domain.kind_of(name).admits(value)] for name in loose]
    if len(loose) <= 3:
        tuples = list(islice(product(*(values[:5] for values in choices)), 125))
    else:
        tuples = [tuple(values[chance.below(len(values))] for values in choices if values) for _ in range(60)]
    base = next(small(domain, names, 1), None)
    if base is None:
        return []
    points = (base | dict(zip(loose, map(to_fmpq, values), strict=True)) for values in tuples if values)
    return [point for point in points if admitted(domain, point)]
