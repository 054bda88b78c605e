"""A sympy value of an author's -> tree, by the names of its types: sympy itself is not imported here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from autograder.expression.names import ALIASES, FUNCTIONS
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

__all__ = ["from_sympy"]

ONE = Number(Fraction(1), "1")
CONSTANTS = {
    "Pi": "pi",
    "Exp1": "E",
    "ImaginaryUnit": "I",
    "Infinity": "oo",
    "NaN": "nan",
    "ComplexInfinity": "zoo",
}
RELATIONS = {
    "StrictLessThan": "<",
    "LessThan": "<=",
    "StrictGreaterThan": ">",
    "GreaterThan": ">=",
    "Equality": "==",
    "Unequality": "!=",
}


def from_sympy(value: Any) -> Node:
    """The tree of a sympy expression, a number, or a tuple of these.

    Raises TypeError for what has no tree.

    >>> import sympy as sp
    >>> from autograder.expression import to_text
    >>> F, D, K = sp.symbols("F D K")
    >>> to_text(from_sympy(F * (D * K**2 + 1)))
    'F*(D*K^2 + 1)'
    """
    if isinstance(value, bool):
        return Truth(value)
    if isinstance(value, int | Fraction):
        return _fraction(Fraction(value))
    if isinstance(value, float):
        return _fraction(Fraction(repr(value)))
    if isinstance(value, tuple | list):
        return Tuple(tuple(map(from_sympy, value)))
    kind = type(value).__name__
    convert = CONVERTERS.get(kind)
    if convert is not None:
        return convert(value)
    if kind in CONSTANTS:
        return Constant(CONSTANTS[kind])
    if kind in RELATIONS:
        return Relation(RELATIONS[kind], from_sympy(value.lhs), from_sympy(value.rhs))
    if getattr(value, "is_Integer", False) or getattr(value, "is_Rational", False):
        return _fraction(Fraction(int(value.p), int(value.q)))
    name = ALIASES.get(kind, kind)
    if name in FUNCTIONS and hasattr(value, "args"):
        return Call(name, tuple(map(from_sympy, value.args)))
    raise TypeError(f"a {kind} cannot be part of a formula: {value!r}")


def _fraction(value: Fraction) -> Node:
    if value < 0:
        return Op("neg", (_fraction(-value),))
    if value.denominator == 1:
        return Number(value, str(value))
    return Op("/", (_fraction(Fraction(value.numerator)), _fraction(Fraction(value.denominator))))


def _float(value: Any) -> Node:
    return _fraction(Fraction(str(value)))


def _add(value: Any) -> Node:
    terms = [_term(term) for term in value.as_ordered_terms()]
    positive = [term for term in terms if not _negative(term)]
    if positive and _negative(terms[0]):  # 1 - x reads better than -x + 1
        terms.remove(positive[0])
        terms.insert(0, positive[0])
    return Op("+", tuple(terms))


def _negative(node: Node) -> bool:
    return isinstance(node, Op) and node.op == "neg"


def _term(term: Any) -> Node:
    coefficient, rest = term.as_coeff_Mul()
    if coefficient.is_negative:
        inner = -term
        return Op("neg", (from_sympy(inner),))
    return from_sympy(term) if rest is not None else from_sympy(coefficient)


def _mul(value: Any) -> Node:
    coefficient, rest = value.as_coeff_Mul()
    if coefficient.is_negative:
        return Op("neg", (from_sympy(-value),))
    above, below = [], []
    if coefficient.is_Rational and coefficient.q != 1:
        below.append(_fraction(Fraction(int(coefficient.q))))
        if coefficient.p != 1:
            above.append(_fraction(Fraction(int(coefficient.p))))
        factors = rest.as_ordered_factors()
    else:
        factors = value.as_ordered_factors()
    for factor in factors:
        base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, None)
        if exponent is not None and exponent.is_Number and exponent.is_negative:
            below.append(from_sympy(base**-exponent))
        else:
            above.append(from_sympy(factor))
    numerator = _product(above)
    return Op("/", (numerator, _product(below))) if below else numerator


def _product(factors: list[Node]) -> Node:
    if not factors:
        return ONE
    return factors[0] if len(factors) == 1 else Op("*", tuple(factors))


def _pow(value: Any) -> Node:
    base, exponent = value.args
    if exponent.is_Rational and exponent.is_negative:
        return Op("/", (ONE, from_sympy(base**-exponent)))
    if exponent.is_Rational and (exponent.p, exponent.q) == (1, 2):
        return Call("sqrt", (from_sympy(base),))
    if type(base).__name__ == "Exp1":
        return Call("exp", (from_sympy(exponent),))
    return Op("^", (from_sympy(base), from_sympy(exponent)))


def _indexed(value: Any) -> Node:
    return Index(str(value.base.label), tuple(map(from_sympy, value.indices)))


def _fold(op: str) -> Callable[[Any], Node]:
    def convert(value: Any) -> Node:
        limits = tuple((str(name), from_sympy(low), from_sympy(high)) for name, low, high in value.limits)
        return Fold(op, from_sympy(value.function), limits)

    return convert


def _piecewise(value: Any) -> Node:
    return Piecewise(tuple((from_sympy(part), from_sympy(condition)) for part, condition in value.args))


def _matrix(value: Any) -> Node:
    return Matrix(tuple(tuple(map(from_sympy, row)) for row in value.tolist()))


def _items(value: Any) -> Node:
    return Tuple(tuple(map(from_sympy, value)))


def _logic(op: str) -> Callable[[Any], Node]:
    return lambda value: Logic(op, tuple(map(from_sympy, value.args)))


CONVERTERS: Mapping[str, Callable[[Any], Node]] = {
    "Symbol": lambda value: Symbol(value.name),
    "Dummy": lambda value: Symbol(value.name),
    "Idx": lambda value: Symbol(str(value)),
    "Add": _add,
    "Mul": _mul,
    "Pow": _pow,
    "Float": _float,
    "exp": lambda value: Call("exp", (from_sympy(value.args[0]),)),
    "Indexed": _indexed,
    "Sum": _fold("Sum"),
    "Product": _fold("Product"),
    "Piecewise": _piecewise,
    "Tuple": _items,
    "And": _logic("and"),
    "Or": _logic("or"),
    "Not": _logic("not"),
    "BooleanTrue": lambda _: Truth(True),
    "BooleanFalse": lambda _: Truth(False),
    "MutableDenseMatrix": _matrix,
    "ImmutableDenseMatrix": _matrix,
}
