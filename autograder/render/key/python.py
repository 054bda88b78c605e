"""A formula as a Python expression over numbers and NumPy arrays, for a notebook that checks itself."""

from __future__ import annotations

from autograder.expression import (
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
    to_text,
)

__all__ = ["HELPERS", "python"]

HELPERS = '''\
from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np


def entry_of(array, *place):
    """An entry of an array; what lies outside of it is zero, as the question says where it matters."""
    inside = all(0 <= at < size for at, size in zip(place, np.shape(array)))
    return array[tuple(int(at) for at in place)] if inside else 0


def upto(low, high):
    """Whole numbers from low to high, both included."""
    return range(int(low), int(high) + 1)


def agree(left, right, rtol=1e-6):
    """Whole numbers are equal, everything else up to rounding; tuples and dicts part by part."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(agree(left[key], right[key], rtol) for key in left)
    if isinstance(left, (tuple, list)):
        return len(left) == len(right) and all(agree(one, other, rtol) for one, other in zip(left, right))
    if all(isinstance(value, (int, np.integer)) for value in (left, right)):
        return int(left) == int(right)
    return np.allclose(np.asarray(left, dtype=float), np.asarray(right, dtype=float), rtol=rtol, atol=1e-9)
'''
FUNCTIONS = {"abs": "abs", "floor": "math.floor", "ceiling": "math.ceil", "Max": "max", "Min": "min"}


def python(node: Node) -> str:
    """Python text; whole numbers and fractions stay exact.

    >>> from autograder.expression import parse
    >>> python(parse("Sum(dz[i]*x[i+j], (i, 0, n-k))"))
    'sum(((entry_of(dz, i) * entry_of(x, (i + j)))) for i in upto(0, (n - k)))'
    >>> python(parse("1/3*K^2"))
    '((Fraction(1) / 3) * K ** 2)'
    """
    match node:
        case Number(value=number):
            whole = number.denominator == 1
            return str(number.numerator) if whole else f"Fraction({number.numerator}, {number.denominator})"
        case Symbol(name=name):
            return name if name != "lambda" else "lambda_"
        case Constant(name=name):
            return {"pi": "math.pi", "E": "math.e", "oo": "math.inf"}.get(name, name)
        case Op():
            return _op(node)
        case Call(name=name, args=args):
            return f"{FUNCTIONS.get(name, f'math.{name}')}({', '.join(map(python, args))})"
        case Index(base=base, indices=indices):
            return f"entry_of({', '.join([base, *map(python, indices)])})"
        case Fold():
            return _fold(node)
        case Piecewise() | Truth() | Relation() | Logic():
            return _condition(node)
        case Tuple(items=items):
            return f"({', '.join(map(python, items))},)"
        case Matrix(rows=rows):
            return "np.array([" + ", ".join("[" + ", ".join(map(python, row)) + "]" for row in rows) + "])"
    raise TypeError(f"not a formula node: {to_text(node)}")


def _fold(node: Fold) -> str:
    text = python(node.body)
    reduce = "sum" if node.op == "Sum" else "math.prod"
    for name, low, high in node.limits:
        text = f"{reduce}(({text}) for {name} in upto({python(low)}, {python(high)}))"
    return text


def _condition(node: Piecewise | Truth | Relation | Logic) -> str:
    match node:
        case Piecewise(branches=branches):
            text = "math.nan"
            for value, test in reversed(branches):
                text = python(value) if test == Truth(True) else f"({python(value)} if {python(test)} else {text})"
            return text
        case Truth(value=truth):
            return str(truth)
        case Relation(op=op, left=left, right=right):
            return f"{python(left)} {op} {python(right)}"
        case Logic(op="not", args=args):
            return f"not ({python(args[0])})"
        case Logic(op=op, args=args):
            return f" {op} ".join(f"({python(part)})" for part in args)


def _op(node: Op) -> str:
    if node.op == "neg":
        return f"(-{python(node.args[0])})"
    if node.op == "^":
        base, exponent = node.args
        text = python(base)
        return f"{text if isinstance(base, Symbol) else f'({text})'} ** {python(exponent)}"
    if node.op == "+":
        text = python(node.args[0])
        for term in node.args[1:]:
            minus = isinstance(term, Op) and term.op == "neg"
            inner = term.args[0] if isinstance(term, Op) and minus else term
            text += f" {'-' if minus else '+'} {python(inner)}"
        return f"({text})"
    if node.op == "/":
        above, below = map(python, node.args)
        return f"({f'Fraction({above})' if above.isdigit() else above} / {below})"
    return "(" + f" {node.op} ".join(map(python, node.args)) + ")"
