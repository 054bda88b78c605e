"""Are two scalar formulas equal on a domain?  Prove, refute with a point, or gather evidence; never guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import arb, ctx, fmpq

from autograder.decide.evaluate import Environment, compiled
from autograder.decide.points import Chance, constants, generic, small, switches
from autograder.decide.polynomial import NotRational, same
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, is_exact, text
from autograder.domain import Domain
from autograder.expression import Call, Constant, Fold, Node, Number, Op, free_names, to_text, walk
from autograder.verdict import Balls, Counterexample, Evidence, Grid, Identity, NoEvidence
from autograder.verdict import Undefined as NoValue

__all__ = ["Decision", "decide_scalar"]

FIRST_BITS = 64  # enough to refute
AGREED_BITS = 256  # what "equal" asks of balls, beside the digits of the literals
MOST_BITS = 6000
SMALL_POINTS = 48
GENERIC_POINTS = 28
EXTRA_POINTS = 200
LEAST_POINTS = 8  # fewer compared points decide nothing
EXPLICITLY_COMPLEX = frozenset({"re", "im", "arg", "conjugate"})


@dataclass(frozen=True, slots=True)
class Decision:
    """equal: True, False, or None where nothing was decided.  entries: each entry of a tuple or matrix apart."""

    equal: bool | None
    evidence: Evidence = field(default_factory=NoEvidence)
    entries: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two formulas over one domain, with what the sampling needs to know of them."""

    answer: Node
    reference: Node
    domain: Domain
    names: tuple[str, ...]
    strict: bool
    secret: bytes
    value: Callable[[Environment], Any]
    wanted: Callable[[Environment], Any]
    real: bool = True

    @staticmethod
    def of(answer: Node, reference: Node, domain: Domain, *, strict: bool, secret: bytes) -> Pair:
        names = tuple(sorted(free_names(answer) | free_names(reference)))
        domain = domain.with_whole(_whole_only(answer) | _whole_only(reference))
        real = not (any(domain.kind_of(name).complex for name in names) or _complex(answer) or _complex(reference))
        return Pair(answer, reference, domain, names, strict, secret, compiled(answer), compiled(reference), real)


@dataclass(slots=True)
class Tally:
    """What the points said so far."""

    compared: int = 0
    inexact: bool = False
    unsure: int = 0
    gaps: list[Environment] = field(default_factory=list)  # the reference has a value, the answer none


def _complex(node: Node) -> bool:
    return any(
        (isinstance(part, Constant) and part.name == "I")
        or (isinstance(part, Call) and part.name in EXPLICITLY_COMPLEX)
        for part in walk(node)
    )


def _whole_only(node: Node) -> frozenset[str]:
    """Symbols in places where only whole numbers make sense: bounds of sums, double factorials."""
    found: frozenset[str] = frozenset()
    for part in walk(node):
        match part:
            case Fold(limits=limits):
                found = found.union(*(free_names(bound) for _, low, high in limits for bound in (low, high)))
            case Call(name="factorial2", args=args):
                found = found.union(*map(free_names, args))
    return found


def decide_scalar(pair: Pair) -> Decision:
    """The steps of a decision, cheapest first."""
    if pair.answer == pair.reference:
        return Decision(True, Identity())
    try:
        proved = same(pair.answer, pair.reference)
    except NotRational:
        proved = None
    if proved:
        return Decision(True, Identity())
    before = ctx.prec
    try:
        ctx.prec = FIRST_BITS
        return _sampled(pair, known_different=proved is False)
    finally:
        ctx.prec = before


def _sampled(pair: Pair, *, known_different: bool) -> Decision:
    points = list(small(pair.domain, pair.names, SMALL_POINTS if pair.names else 1))
    refuted = _refute(pair, points)
    if refuted is not None:
        return refuted
    spread = [] if not pair.names else _spread(pair, GENERIC_POINTS * (4 if known_different else 1))
    refuted = _refute(pair, spread)
    if refuted is not None:
        return refuted
    if known_different:
        return Decision(None, NoEvidence(("the normal forms differ, but no point of the domain shows it",)))
    return _agreement(pair, points, spread)


def _refute(pair: Pair, points: Iterable[Environment]) -> Decision | None:
    """A certain difference at one of these points."""
    for point in points:
        found = _difference(pair, point)
        if found is not None:
            return Decision(False, Counterexample(_at(point), text(found[0]), text(found[1])))
    return None


def _difference(pair: Pair, point: Environment) -> tuple[Any, Any] | None:
    """Both values where they certainly differ, first at low precision, once more where balls are too wide."""
    for bits in (FIRST_BITS, 4 * FIRST_BITS):
        ctx.prec = bits
        try:
            answer, reference = _values(pair, point)
        except Unsure:
            continue
        except (Undefined, OutOfBudget):
            return None
        if not _may_be_equal(answer, reference):
            return answer, reference
        return None
    return None


def _values(pair: Pair, point: Environment) -> tuple[Any, Any]:
    answer = _real(pair, pair.value(dict(point)))
    return answer, _real(pair, pair.wanted(dict(point)))


def _real(pair: Pair, value: Any) -> Any:
    """The value, where real symbols have to give real values."""
    if type(value) is bool:
        raise Undefined("a condition is no number")
    if pair.real and not is_exact(value) and not as_acb(value).imag.contains(0):
        raise Undefined("not real")
    return value


def _may_be_equal(answer: Any, reference: Any) -> bool:
    if is_exact(answer) and is_exact(reference):
        return bool(answer == reference)
    return bool(as_acb(answer).overlaps(as_acb(reference)))


def _spread(pair: Pair, count: int) -> list[Environment]:
    """Spread points, with some on each side of every switch."""
    key = (b"points", pair.secret, to_text(pair.answer).encode(), to_text(pair.reference).encode())
    stream = generic(pair.domain, pair.names, Chance(*key), constants(pair.answer, pair.reference))
    points = [point for point, _ in zip(stream, range(count), strict=False)]
    open_sides = _open_sides(switches(pair.answer, pair.reference), points)
    if open_sides:
        points += _fill(open_sides, stream)
    return points


def _open_sides(found: Sequence[Node], points: Sequence[Environment]) -> set[tuple[Node, int]]:
    """The sides of switches on which no point lies yet."""
    sides = {(node, sign) for node in found for sign in (-1, 1)}
    for point in points:
        sides -= {(node, _sign(node, point)) for node, _ in list(sides)}
    return sides


def _fill(sides: set[tuple[Node, int]], stream: Iterator[Environment]) -> list[Environment]:
    extra = []
    for point, _ in zip(stream, range(EXTRA_POINTS), strict=False):
        reached = {side for side in sides if _sign(side[0], point) == side[1]}
        if reached:
            extra.append(point)
            sides -= reached
        if not sides:
            break
    return extra


def _sign(node: Node, point: Environment) -> int:
    try:
        value = compiled(node)(dict(point))
        real = value if is_exact(value) else as_acb(value).real
        return 1 if real > 0 else -1 if real < 0 else 0
    except (Undefined, Unsure, OutOfBudget):
        return 0


def _agreement(pair: Pair, points: Sequence[Environment], spread: Sequence[Environment]) -> Decision:
    """No point refutes: count how many agree, to how many bits, and where the answer has no value."""
    agreed = AGREED_BITS + _literal_bits(pair.answer) + _literal_bits(pair.reference)
    agreed = min(agreed, MOST_BITS)
    tally, gaps = Tally(), Tally()
    for point in points:
        found = _compare(pair, point, agreed, tally)
        if found is not None:
            return found
    for point in spread:
        found = _compare(pair, point, agreed, gaps)
        if found is not None:
            return found
    return _weighed(pair, tally, gaps, agreed)


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
    for bits in (2 * agreed, 6 * agreed):
        ctx.prec = bits
        try:
            reference = _real(pair, pair.wanted(dict(point)))
        except Unsure:
            continue
        except (Undefined, OutOfBudget):
            return None
        try:
            answer = _real(pair, pair.value(dict(point)))
        except Unsure:
            continue
        except Undefined:
            tally.gaps.append(point)
            return None
        except OutOfBudget:
            tally.unsure += 1
            return None
        if not _may_be_equal(answer, reference):
            return Decision(False, Counterexample(_at(point), text(answer), text(reference)))
        if is_exact(answer) and is_exact(reference):
            tally.compared += 1
            return None
        if _close(answer, reference, agreed):
            tally.compared += 1
            tally.inexact = True
            return None
    tally.unsure += 1
    return None


def _close(answer: Any, reference: Any, bits: int) -> bool:
    """Whether both balls are so small that overlap means agreement to this many bits."""
    difference = as_acb(answer) - as_acb(reference)
    size = max(fmpq(1), fmpq(*_upper(reference)))
    radius = difference.real.rad() + difference.imag.rad()
    return bool(radius <= arb(size) * arb(2) ** (-bits))


def _upper(value: Any) -> tuple[int, int]:
    bound = as_acb(value).abs_upper()
    return (int(float(bound)) + 1, 1) if bound < 10**300 else (10**300, 1)


def _literal_bits(node: Node) -> int:
    """Bits that the literals of an expression reach: precision has to cover the smallest of them."""
    bits = 0
    for part in walk(node):
        match part:
            case Number(value=value):
                bits = max(bits, value.denominator.bit_length(), value.numerator.bit_length())
            case Op(op="^", args=(Number(value=base), exponent)):
                size = _literal(exponent)
                bits = max(bits, int(size * max(base.numerator.bit_length(), base.denominator.bit_length())))
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
