"""A tree back to text, in the order in which it was written: what the student reads under "Read as"."""

from __future__ import annotations

from fractions import Fraction

from autograder.expression.tree import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)

__all__ = ["number_text", "strength", "to_text"]

TERNARY, OR, AND, NOT, COMPARE, ADD, MULTIPLY, SIGN, POWER, ATOM = range(10)
OP_STRENGTH = {"+": ADD, "*": MULTIPLY, "/": MULTIPLY, "//": MULTIPLY, "%": MULTIPLY, "neg": SIGN, "^": POWER}


def strength(node: Node) -> int:
    """How strongly the outermost operator of a node binds.

    >>> strength(Op("+", (Symbol("a"), Symbol("b")))) < strength(Symbol("a"))
    True
    """
    match node:
        case Op(op=op):
            return OP_STRENGTH[op]
        case Number(value=value, text=text) if not text and (value < 0 or value.denominator != 1):
            return SIGN if value < 0 else MULTIPLY if _decimal(value) is None else ATOM
        case Relation():
            return COMPARE
        case Logic(op=op):
            return {"or": OR, "and": AND, "not": NOT}[op]
        case _:
            return ATOM


def number_text(number: Number) -> str:
    """A literal as it was written, else as an integer, a decimal or a fraction.

    >>> number_text(Number(Fraction(1, 4))), number_text(Number(Fraction(1, 3)))
    ('0.25', '1/3')
    """
    if number.text:
        return number.text
    decimal = _decimal(number.value)
    return decimal if decimal is not None else f"{number.value.numerator}/{number.value.denominator}"


def _decimal(value: Fraction) -> str | None:
    """The finite decimal of a fraction, if it has one of at most 20 digits."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, digits = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        digits = max(digits, count)
    if rest != 1 or digits > 20:
        return None
    scaled = abs(value) * 10**digits
    text = str(scaled.numerator).rjust(digits + 1, "0")
    return ("-" if value < 0 else "") + f"{text[:-digits]}.{text[-digits:]}"


def to_text(node: Node) -> str:
    """Python-like text with ^ for powers; parsing it gives the same tree.

    >>> from autograder.expression import parse
    >>> to_text(parse("F * (D*K**2 + 1)"))
    'F*(D*K^2 + 1)'
    """
    match node:
        case Number():
            return number_text(node)
        case Symbol(name=name) | Constant(name=name):
            return name
        case Op():
            return _op(node)
        case Call(name=name, args=args):
            return f"{name}({_list(args)})"
        case Index(base=base, indices=indices):
            return f"{base}[{_list(indices)}]"
        case Fold(op=op, body=body, limits=limits):
            bounds = "".join(f", ({name}, {to_text(low)}, {to_text(high)})" for name, low, high in limits)
            return f"{op}({to_text(body)}{bounds})"
        case Piecewise(branches=branches):
            return f"Piecewise({', '.join(f'({to_text(v)}, {to_text(c)})' for v, c in branches)})"
        case Truth(value=value):
            return str(value)
        case Relation(op=op, left=left, right=right):
            return f"{_in(left, ADD)} {op} {_in(right, ADD)}"
        case Logic(op="not", args=args):
            return f"not {_in(args[0], NOT)}"
        case Logic(op=op, args=args):
            return f" {op} ".join(_in(part, {"or": AND, "and": NOT}[op]) for part in args)
        case Tuple(items=items):
            return f"({to_text(items[0])},)" if len(items) == 1 else f"({_list(items)})"
        case Matrix(rows=rows):
            return f"Matrix([{', '.join(f'[{_list(row)}]' for row in rows)}])"
    raise TypeError(f"not a formula node: {node!r}")


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(to_text, nodes))


def _in(node: Node, least: int) -> str:
    """The text of a part, in brackets where it binds more weakly than its place asks for."""
    text = to_text(node)
    return text if strength(node) >= least else f"({text})"


def _op(node: Op) -> str:
    op, args = node.op, node.args
    if op == "neg":
        return "-" + _in(args[0], SIGN)
    if op == "^":
        return f"{_in(args[0], ATOM)}^{_in(args[1], SIGN)}"
    if op == "+":
        return _in(args[0], MULTIPLY) + "".join(map(_term, args[1:]))
    if op == "*":
        # a quotient in front is read back as one, a product in front would join the chain
        first = args[0]
        nested = isinstance(first, Op) and first.op == "*"
        head = f"({to_text(first)})" if nested else _in(first, MULTIPLY)
        return head + "".join("*" + _in(part, SIGN) for part in args[1:])
    sign = op if op == "/" else f" {op} "
    return _in(args[0], MULTIPLY) + sign + _in(args[1], SIGN)


def _term(node: Node) -> str:
    """A later term of a sum: a minus sign stands for the plus."""
    if isinstance(node, Op) and node.op == "neg":
        return " - " + _in(node.args[0], MULTIPLY)
    return " + " + _in(node, MULTIPLY)
