"""A number's arithmetic, line by line: the formula, the numbers put in, then the innermost operations first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from autograder.decide import rational
from autograder.decide.evaluate import compiled
from autograder.decide.values import OutOfBudget, Undefined, Unsure, as_acb
from autograder.diagnose.trees import literal
from autograder.expression import Node, Number, Op, children, rebuild, size, substitute

__all__ = ["arithmetic", "rounded"]

FIGURES = 4  # of a rounded value
TINIEST = -4  # power of ten below which a value is written with one
LONGEST = 10  # digits of a whole number, or of a fraction's halves, that a line may hold


def arithmetic(node: Node, at: Mapping[str, Node]) -> tuple[Node, ...]:
    """The formula, then line after line until one number is left or nothing can be simplified exactly.

    >>> from autograder.expression import parse, to_text
    >>> [to_text(line) for line in arithmetic(parse("H*W + H^2*3"), {"H": parse("4"), "W": parse("5")})]
    ['H*W + H^2*3', '4*5 + 4^2*3', '20 + 16*3', '20 + 48', '68']
    """
    chain = [node]
    for line in _simpler(substitute(node, at)):
        if line != chain[-1]:
            chain.append(line)
    return tuple(chain)


def _simpler(node: Node) -> list[Node]:
    found = [node]
    while size(found[-1]) > 1 and len(found) < 9:
        after = _once(found[-1])
        if after == found[-1]:
            break
        found.append(after)
    return found


def _once(node: Node) -> Node:
    """Every innermost operation on numbers is carried out, where its value is short and exact."""
    if all(_literal(part) for part in children(node)) and children(node):
        value = rational(node)
        if value is None or not _short(value):
            return node
        return _written(value)
    return rebuild(node, _once)


def _literal(node: Node) -> bool:
    return isinstance(node, Number) or (
        isinstance(node, Op) and node.op in ("neg", "/") and all(map(_literal, node.args))
    )


def _short(value: Fraction) -> bool:
    return max(len(str(abs(value.numerator))), len(str(value.denominator))) <= LONGEST


def _written(value: Fraction) -> Node:
    """A whole number or a fraction in lowest terms, the sign in front."""
    above: Node = literal(abs(value.numerator))
    shown = above if value.denominator == 1 else Op("/", (above, literal(value.denominator)))
    return Op("neg", (shown,)) if value < 0 else shown


def rounded(node: Node) -> Node | None:
    """The value to four figures, where it is no whole number; tiny ones with a power of ten; else None.

    >>> from autograder.expression import parse, to_text
    >>> to_text(rounded(parse("0.9^100"))), to_text(rounded(parse("1/96"))), rounded(parse("8*8"))
    ('2.656*10^-5', '0.01042', None)
    """
    try:
        value = compiled(node)({})
        exact = rational(node)
    except (Undefined, Unsure, OutOfBudget):
        return None
    if exact is not None and exact.denominator == 1:
        return None
    if exact is not None:
        decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    else:
        decimal = Decimal(str(as_acb(value).real.mid().str(20, radius=False)))
    short = Context(prec=FIGURES, rounding=ROUND_HALF_EVEN).plus(decimal)
    power = short.adjusted()
    if power >= TINIEST:
        return _decimal(short)
    exponent = Op("neg", (literal(-power),))
    return Op("*", (_decimal(short.scaleb(-power)), Op("^", (literal(10), exponent))))


def _decimal(value: Decimal) -> Number:
    text = format(value.normalize(), "f")
    return Number(Fraction(text), text)
