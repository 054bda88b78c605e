"""Numbers and tolerances: is a value close enough, and what is the accepted interval in plain digits?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq

from autograder.decide.evaluate import compiled
from autograder.decide.pair import Decision
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb, is_exact, text
from autograder.errors import AnswerError, ConfigError, ConfigProblem
from autograder.expression import Constant, Node, to_text, walk
from autograder.verdict import Balls, Counterexample, Identity, NoEvidence, Tolerance

__all__ = ["Rule", "accepted", "decide_number", "is_real", "rational"]

BITS = (128, 512, 4096)
KEYS = frozenset({"rel", "abs", "decimal_digits", "round_decimals", "significant_figures"})


@dataclass(frozen=True, slots=True)
class Rule:
    """How far a number may be from its reference, inclusive: absolute and relative parts add, as in numpy.

    figures and decimals: half a unit of the reference's last digit.  low, high: an interval instead.
    """

    relative: Fraction = Fraction(0)
    absolute: Fraction = Fraction(0)
    decimals: int | None = None
    figures: int | None = None
    low: Node | None = None
    high: Node | None = None

    @staticmethod
    def of(plain: Mapping[str, Any] | None) -> Rule:
        """The rule of a plain mapping such as {"rel": 0.05}; None is exact.

        >>> Rule.of({"rel": 0.05}).relative
        Fraction(1, 20)
        """
        if not plain:
            return Rule()
        unknown = set(plain) - KEYS
        if unknown:
            advice = f"Known: {', '.join(sorted(KEYS))}."
            raise ConfigError([ConfigProblem("tolerance", None, f"unknown key {sorted(unknown)[0]!r}.", advice)])
        digits = plain.get("decimal_digits", plain.get("round_decimals"))
        return Rule(
            Fraction(str(plain.get("rel", 0))),
            Fraction(str(plain.get("abs", 0))),
            None if digits is None else int(digits),
            None if "significant_figures" not in plain else int(plain["significant_figures"]),
        )

    @staticmethod
    def between(low: Node | None, high: Node | None) -> Rule:
        """Every number of a closed interval is right; None leaves that side open."""
        return Rule(low=low, high=high)

    @property
    def exact(self) -> bool:
        """Whether only the reference itself is right."""
        return self == Rule()

    def margin(self, reference: Any) -> Any:
        """The allowed distance from a reference value, as fmpq or arb."""
        if self.decimals is not None:
            return fmpq(1, 2 * 10**self.decimals)
        size = abs(reference) if is_exact(reference) else abs(as_acb(reference))
        if self.figures is not None:
            return _half_unit(size, self.figures)
        relative = fmpq(self.relative.numerator, self.relative.denominator)
        return fmpq(self.absolute.numerator, self.absolute.denominator) + relative * size


def _half_unit(size: Any, figures: int) -> fmpq:
    """Half a unit of the n-th significant digit of a positive number."""
    value = float(size if not is_exact(size) else int(size.p) / int(size.q))
    if value == 0:
        return fmpq(0)
    exponent = int(f"{value:e}".partition("e")[2]) - figures + 1
    return fmpq(10**exponent, 2) if exponent >= 0 else fmpq(1, 2 * 10**-exponent)


def decide_number(answer: Node, reference: Node, rule: Rule | None = None) -> Decision:
    """Compare two numbers within a rule; exact rationals are compared exactly, others as balls.

    Raises AnswerError where the answer has no value.

    >>> from autograder.expression import parse
    >>> decide_number(parse("1.05"), parse("1"), Rule.of({"rel": 0.05})).equal
    True
    >>> decide_number(parse("120420000"), parse("120422400")).equal
    False
    """
    rule = rule or Rule()
    before = ctx.prec
    try:
        for bits in BITS:
            ctx.prec = bits
            found = _decide(answer, reference, rule, last=bits == BITS[-1])
            if found is not None:
                return found
    finally:
        ctx.prec = before
    return Decision(None, NoEvidence(("the balls overlap at the highest precision",)))


def _decide(answer: Node, reference: Node, rule: Rule, *, last: bool) -> Decision | None:
    try:
        value = _value(answer)
        if rule.low is not None or rule.high is not None:
            return _within(value, _bound(rule.low), _bound(rule.high))
        wanted = compiled(reference)({})
        if rule.exact:
            return _exactly(value, wanted, last=last)
        return _closely(value, wanted, rule)
    except Unsure:
        return None


def _value(answer: Node) -> Any:
    try:
        value = compiled(answer)({})
    except Undefined as error:
        raise AnswerError("no-value", text=to_text(answer), fields={"why": str(error)}) from None
    except OutOfBudget:
        raise AnswerError("too-big", text=to_text(answer), fields={"limit": ""}) from None
    if type(value) is bool:
        raise AnswerError("relation", text=to_text(answer))
    return value


def _exactly(value: Any, wanted: Any, *, last: bool) -> Decision | None:
    if is_exact(value) and is_exact(wanted):
        if value == wanted:
            return Decision(True, Identity())
        return Decision(False, Counterexample({}, text(value), text(wanted)))
    if not as_acb(value).overlaps(as_acb(wanted)):
        return Decision(False, Counterexample({}, text(value), text(wanted)))
    return Decision(True, Balls(ctx.prec, 1)) if last else None


def _closely(value: Any, wanted: Any, rule: Rule) -> Decision | None:
    margin = rule.margin(wanted)
    shown = Tolerance(text(value), text(wanted), text(margin) if is_exact(margin) else text(acb(margin)))
    if is_exact(value) and is_exact(wanted) and is_exact(margin):
        return Decision(bool(abs(value - wanted) <= margin), shown)
    distance = abs(as_acb(value) - as_acb(wanted))
    allowed = arb(margin) if is_exact(margin) else margin
    if distance <= allowed:
        return Decision(True, shown)
    return Decision(False, shown) if distance > allowed else None


def _bound(node: Node | None) -> Any:
    return None if node is None else compiled(node)({})


def _within(value: Any, low: Any, high: Any) -> Decision | None:
    number = as_acb(value)
    ends = ["" if end is None else text(end) for end in (low, high)]
    shown = Tolerance(text(value), ends[0] or ends[1], " to ".join(ends).strip())
    if not number.imag.contains(0):
        return Decision(False, shown)
    real = value if is_exact(value) else number.real
    if (low is None or _at_least(real, low)) and (high is None or _at_least(high, real)):
        return Decision(True, shown)
    if (low is not None and _below(real, low)) or (high is not None and _below(high, real)):
        return Decision(False, shown)
    return None


def accepted(rule: Rule, reference: Node) -> tuple[str, str]:
    """Both ends of what a rule accepts, as decimals; inexact ends are rounded inwards, an open side is "".

    >>> from autograder.expression import parse
    >>> accepted(Rule.of({"rel": 0.05}), parse("20"))
    ('19', '21')
    >>> accepted(Rule.of({"decimal_digits": 2}), parse("pi"))
    ('3.13659265359', '3.14659265358')
    """
    before = ctx.prec
    try:
        ctx.prec = BITS[0]
        if rule.low is not None or rule.high is not None:
            low, high = _bound(rule.low), _bound(rule.high)
        else:
            wanted = compiled(reference)({})
            wanted = wanted if is_exact(wanted) else as_acb(wanted).real
            margin = rule.margin(wanted)
            low, high = wanted - margin, wanted + margin
        return _decimal(low, up=True), _decimal(high, up=False)
    finally:
        ctx.prec = before


def _decimal(value: Any, *, up: bool) -> str:
    """An exact decimal where there is one of at most 30 digits, else 12 digits rounded up or down."""
    if value is None:
        return ""
    if is_exact(value):
        for digits in range(31):
            scaled = value * 10**digits
            if scaled.q == 1:
                return _shifted(int(scaled.p), digits)
    size = abs(float(_ball(value) if not is_exact(value) else int(value.p) / int(value.q)))
    digits = max(0, 11 - (0 if size == 0 else int(f"{size:e}".partition("e")[2])))
    scaled = _ball(value) * 10**digits
    whole = scaled.ceil() if up else scaled.floor()
    return _shifted(int(whole if is_exact(scaled) else whole.mid().unique_fmpz()), digits)


def _shifted(digits: int, places: int) -> str:
    """digits / 10^places in plain digits."""
    sign, shown = "-" if digits < 0 else "", str(abs(digits)).rjust(places + 1, "0")
    if not places:
        return sign + shown
    return (sign + shown[:-places] + "." + shown[-places:]).rstrip("0").rstrip(".")


def _ball(value: Any) -> Any:
    return value if is_exact(value) else as_acb(value).real if type(value) is acb else value


def _at_least(a: Any, b: Any) -> bool:
    left, right = _ball(a), _ball(b)
    return bool(left >= right) if is_exact(left) == is_exact(right) else bool(arb(left) >= arb(right))


def _below(a: Any, b: Any) -> bool:
    left, right = _ball(a), _ball(b)
    return bool(left < right) if is_exact(left) == is_exact(right) else bool(arb(left) < arb(right))


def is_real(node: Node) -> bool:
    """Whether a tree without symbols has a real value, or says itself that it is complex.

    Raises AnswerError where it has no value.
    """
    value = _value(node)
    written = any(isinstance(part, Constant) and part.name == "I" for part in walk(node))
    return written or is_exact(value) or bool(as_acb(value).imag.contains(0))


def rational(node: Node) -> Fraction | None:
    """The exact value of a tree without symbols, where it is rational."""
    try:
        value = compiled(node)({})
    except (Undefined, Unsure, OutOfBudget):
        return None
    return Fraction(int(value.p), int(value.q)) if is_exact(value) else None
