"""Are two scalar formulas equal on a domain?  Prove, refute with a point, or gather evidence; never guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

from flint import arb, ctx, fmpq

from autograder.decide.evaluate import BUDGET, FOLD_COST, Environment, Evaluator, evaluator
from autograder.decide.modular import error_bound, vanishes
from autograder.decide.pair import Decision, Pair
from autograder.decide.points import Chance, admitted, generic, small
from autograder.decide.polynomial import Compared, NotRational, compare_forms
from autograder.decide.switches import branch_points, constants, crossings, switches
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, is_exact, text, texts
from autograder.expression import Call, Fold, Node, Number, Op, to_text
from autograder.verdict import Balls, Counterexample, Grid, Identity, NoEvidence
from autograder.verdict import Undefined as NoValue

__all__ = ["AGREED_BITS", "close", "decide_scalar", "literal_bits", "may_be_equal"]

AGREED_BITS = 256  # what "equal" asks of balls, beside the digits of the literals
GUARD_BITS = 64  # lost on the way from literals to a value; more precision follows where that is too little
MOST_BITS = 6000
SMALL_POINTS = 48
SMALL_BALLS = 14  # small points where balls are compared: each says much more than one whole number does
GENERIC_POINTS = 24
GENERIC_BALLS = 16
EXTRA_POINTS = 200
LEAST_POINTS = 8  # fewer compared points decide nothing
SUM_COST = 40000  # terms of sums in one whole decision, each weighed by the size of its body
HUGE = (10**9 + 7, 3 * 10**29 + 11)  # beyond what a formula on a sheet switches at


@dataclass(slots=True)
class Tally:
    """What the points said so far."""

    cost: int = SUM_COST  # what is left for sums
    enough: int = SMALL_BALLS
    compared: int = 0
    inexact: bool = False
    unsure: int = 0
    gaps: list[Environment] = field(default_factory=list)  # the reference has a value, the answer none


def decide_scalar(pair: Pair) -> Decision:
    """The steps of a decision, cheapest first."""
    if pair.answer == pair.reference:
        return Decision(True, Identity())
    forms = _forms(pair) if pair.rational else None
    if forms is not None and forms.same:
        return Decision(True, Identity())
    before = ctx.prec
    try:
        if forms is not None:
            return _differing(pair, forms)
        return (_large(pair) if pair.rational else None) or _sampled(pair)
    finally:
        ctx.prec = before


def _forms(pair: Pair) -> Compared | None:
    try:
        return compare_forms(pair.answer, pair.reference, pair.names)
    except NotRational:
        return None


def _large(pair: Pair) -> Decision | None:
    """Rational functions beyond the budget of an expansion: equal up to a bound, or looked at point by point."""
    zero = vanishes(pair)
    if zero:
        return Decision(True, Identity(error_bound(pair)))
    return _differing(pair, None) if zero is False else None


def _differing(pair: Pair, forms: Compared | None) -> Decision:
    """The formulas are different functions; look for the smallest point of the domain that shows it."""
    points = small(pair.domain, pair.names, 4 * SMALL_POINTS)
    if (
        forms is not None
        and forms.polynomials
        and not any(pair.domain.kind_of(name).complex for name in pair.names)
    ):
        for point in points:
            answer, reference = forms.values(tuple(point[name] for name in pair.names))
            if answer != reference:
                return Decision(False, Counterexample(_at(point), *texts(answer, reference)))
        points = iter(())
    tally = Tally(enough=10**6)
    found = _first(pair, points, AGREED_BITS, tally) or _first(
        pair, _spread(pair, 4 * GENERIC_POINTS), AGREED_BITS, tally
    )
    if found is not None:
        return found
    if pair.strict and len(tally.gaps) >= 2:
        return Decision(False, NoValue(_at(tally.gaps[0]), _value_text(pair, tally.gaps[0])))
    return Decision(None, NoEvidence(("the normal forms differ, but no point of the domain shows it",)))


def _sampled(pair: Pair) -> Decision:
    """Compare at every point: a certain difference refutes, enough agreement is evidence."""
    agreed = min(AGREED_BITS + literal_bits(pair.parts), MOST_BITS)
    tally = Tally()
    found = _first(pair, small(pair.domain, pair.names, SMALL_POINTS if pair.names else 1), agreed, tally)
    spread = Tally(cost=tally.cost, enough=10**6)
    if found is None and pair.names:
        found = _first(pair, _spread(pair, GENERIC_BALLS if tally.inexact else GENERIC_POINTS), agreed, spread)
    return found or _weighed(pair, tally, spread, agreed)


def _first(pair: Pair, points: Iterable[Environment], agreed: int, tally: Tally) -> Decision | None:
    """The first certain difference; the tally counts the rest."""
    for point in points:
        found = _compare(pair, point, agreed, tally)
        if found is not None:
            return found
        if tally.inexact and tally.compared >= tally.enough:
            return None
    return None


def _real(pair: Pair, value: Any) -> Any:
    """The value, where real symbols have to give real values."""
    if is_exact(value):
        return value
    if type(value) is bool:
        raise Undefined("a condition is no number")
    if pair.real and not as_acb(value).imag.contains(0):
        raise Undefined("not real")
    return value


def may_be_equal(answer: Any, reference: Any) -> bool:
    if is_exact(answer) and is_exact(reference):
        return bool(answer == reference)
    return bool(as_acb(answer).overlaps(as_acb(reference)))


def _spread(pair: Pair, count: int) -> list[Environment]:
    """Generic points, points on and around every switch, special points of powers, and huge ones."""
    found = switches(pair.parts)
    key = (b"points", pair.secret, to_text(pair.answer).encode(), to_text(pair.reference).encode())
    chance = Chance(*key)
    stream = generic(pair.domain, pair.names, chance, constants(pair.parts))
    points = list(islice(stream, count))
    sides = {(place, sign) for place in range(len(found)) for sign in (-1, 1)}
    values = [evaluator(node) for node in found]
    points += _fill(_left_open(sides, values, points), values, stream)
    points += crossings(pair.domain, pair.names, found)
    points += branch_points(pair.domain, pair.names, pair.parts, chance)
    return points + _huge(pair, points[:2])


def _huge(pair: Pair, bases: Sequence[Environment]) -> list[Environment]:
    """Points with one symbol far out; sums and factorials would run out of budget there."""
    if any(isinstance(part, Fold) or (isinstance(part, Call) and "factorial" in part.name) for part in pair.parts):
        return []
    points = []
    for name in pair.names[:4]:
        kind = pair.domain.kind_of(name)
        for base, size in zip(bases, HUGE, strict=False):
            value = size if kind.admits(Fraction(size)) else -size
            if kind.admits(Fraction(value)) and admitted(pair.domain, base | {name: fmpq(value)}):
                points.append(base | {name: fmpq(value)})
    return points


def _left_open(
    sides: set[tuple[int, int]], values: Sequence[Evaluator], points: Sequence[Environment]
) -> set[tuple[int, int]]:
    """The sides of switches on which no point lies yet."""
    for point in points:
        if not sides:
            break
        sides = {(place, sign) for place, sign in sides if _sign(values[place], point) != sign}
    return sides


def _fill(
    sides: set[tuple[int, int]], values: Sequence[Evaluator], stream: Iterator[Environment]
) -> list[Environment]:
    extra = []
    for point in islice(stream, EXTRA_POINTS if sides else 0):
        left = _left_open(sides, values, [point])
        if len(left) < len(sides):
            extra.append(point)
            sides = left
        if not sides:
            break
    return extra


def _sign(value: Evaluator, point: Environment) -> int:
    try:
        number = value(dict(point))
        real = number if is_exact(number) else as_acb(number).real
        return 1 if real > 0 else -1 if real < 0 else 0
    except (Undefined, Unsure, OutOfBudget):
        return 0


def _weighed(pair: Pair, tally: Tally, gaps: Tally, agreed: int) -> Decision:
    compared = tally.compared + gaps.compared
    if pair.strict and len(gaps.gaps) >= 2:
        point = (tally.gaps or gaps.gaps)[0]
        return Decision(False, NoValue(_at(point), _value_text(pair, point)))
    if not pair.names and (gaps.gaps or tally.gaps):
        return Decision(False, NoValue({}, _value_text(pair, {})))
    least = 1 if not pair.names else LEAST_POINTS
    if compared < least or gaps.unsure > 2 * (compared + 2):
        return Decision(None, NoEvidence((f"{compared} points could be compared",)))
    if tally.inexact or gaps.inexact:
        return Decision(True, Balls(agreed, compared))
    return Decision(True, Grid(compared))


def _value_text(pair: Pair, point: Environment) -> str:
    try:
        return text(pair.wanted(dict(point)))
    except (Undefined, Unsure, OutOfBudget):
        return ""


def _compare(pair: Pair, point: Environment, agreed: int, tally: Tally) -> Decision | None:
    """Compare at one point with rising precision; a Decision only where it refutes."""
    allowed = [min(FOLD_COST, tally.cost)]
    if allowed[0] <= 0:
        return None
    for bits in (agreed + GUARD_BITS, 2 * agreed, 6 * agreed):
        ctx.prec = bits
        here = {**point, BUDGET: allowed}
        try:
            found = _compared(pair, here, agreed, tally)
        except Unsure:
            continue
        finally:
            tally.cost -= min(FOLD_COST, tally.cost) - allowed[0]
        if found is None:
            return None
        return Decision(False, Counterexample(_at(point), *texts(*found)))
    tally.unsure += 1
    return None


def _compared(pair: Pair, here: Environment, agreed: int, tally: Tally) -> tuple[Any, Any] | None:
    """Both values where they certainly differ; else the tally knows.  Unsure where more precision may help."""
    try:
        reference = _real(pair, pair.wanted(here))
    except (Undefined, OutOfBudget):
        return None
    try:
        answer = _real(pair, pair.value(here))
    except Undefined:
        tally.gaps.append({name: value for name, value in here.items() if name != BUDGET})
        return None
    except OutOfBudget:
        tally.unsure += 1
        return None
    if not may_be_equal(answer, reference):
        return answer, reference
    if not (is_exact(answer) and is_exact(reference)):
        if not close(answer, reference, agreed):
            raise Unsure("balls that are too wide")
        tally.inexact = True
    tally.compared += 1
    return None


def close(answer: Any, reference: Any, bits: int) -> bool:
    """Whether both balls are so small that overlap means agreement to this many bits."""
    difference = as_acb(answer) - as_acb(reference)
    size = max(fmpq(1), fmpq(*_upper(reference)))
    radius = difference.real.rad() + difference.imag.rad()
    return bool(radius <= arb(size) * arb(2) ** (-bits))


def _upper(value: Any) -> tuple[int, int]:
    bound = as_acb(value).abs_upper()
    return (int(float(bound)) + 1, 1) if bound < 10**300 else (10**300, 1)


def literal_bits(parts: Sequence[Node]) -> int:
    """Bits that the literals of an expression reach: precision has to cover the smallest of them."""
    bits = 0
    for part in parts:
        if isinstance(part, Number):
            bits = max(bits, part.value.denominator.bit_length(), part.value.numerator.bit_length())
        elif isinstance(part, Op) and part.op == "^" and isinstance(part.args[0], Number):
            base = part.args[0].value
            bits = max(
                bits, _literal(part.args[1]) * max(base.numerator.bit_length(), base.denominator.bit_length())
            )
    return min(bits, MOST_BITS)


def _literal(node: Node) -> int:
    match node:
        case Number(value=value):
            return min(abs(int(value)) + 1, MOST_BITS)
        case Op(op="neg", args=(inner,)):
            return _literal(inner)
        case _:
            return 1


def _at(point: Environment) -> dict[str, str]:
    return {name: text(value) for name, value in point.items() if not name.startswith("#")}
