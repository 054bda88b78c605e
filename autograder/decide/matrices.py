"""Arithmetic of matrices, carried out on trees: a formula with matrices in it -> one matrix, or one entry.

Nothing is evaluated: each entry of the result is a formula, and is compared like any other.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from autograder.decide.values import OutOfBudget, Undefined
from autograder.expression import Call, Matrix, Node, Number, Op, children, rebuild

__all__ = ["multiplied_out"]

MOST_ENTRIES = 400
MOST_POWER = 8
MOST_ROWS = 5  # of a determinant or an inverse: 120 products
Rows = tuple[tuple[Node, ...], ...]
ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


def multiplied_out(node: Node) -> Node:
    """The same formula with sums, products, powers, transposes, traces, determinants, inverses carried out.

    Raises Undefined where the shapes do not fit, OutOfBudget where the result would be too large.

    >>> from autograder.expression import parse, to_text
    >>> to_text(multiplied_out(parse("2*Matrix([[a, b]])")))
    'Matrix([[2*a, 2*b]])'
    """
    if isinstance(node, Matrix) or not _has_matrix(node):
        return node
    node = rebuild(node, multiplied_out)
    match node:
        case Op(op=op, args=args) if any(isinstance(arg, Matrix) for arg in args):
            return _arithmetic(op, args)
        case Call(name=name, args=(Matrix(rows=rows),)) if name in FUNCTIONS:
            return FUNCTIONS[name](rows)
        case _:
            return node


def _has_matrix(node: Node) -> bool:
    return isinstance(node, Matrix) or any(map(_has_matrix, children(node)))


def _arithmetic(op: str, args: tuple[Node, ...]) -> Node:
    first = args[0]
    if op == "neg" and isinstance(first, Matrix):
        return Matrix(tuple(tuple(Op("neg", (entry,)) for entry in row) for row in first.rows))
    if op == "^" and isinstance(first, Matrix):
        return _power(first.rows, args[1])
    if op not in ("+", "*", "/"):
        raise Undefined(f"{op}: the shapes do not fit")
    total = first
    for other in args[1:]:
        total = _pair(op, total, other)
    return total


def _pair(op: str, left: Node, right: Node) -> Node:
    if isinstance(left, Matrix) and isinstance(right, Matrix) and op != "/":
        return Matrix(_sum(left.rows, right.rows) if op == "+" else _product(left.rows, right.rows))
    if op == "+" or (op == "/" and isinstance(right, Matrix)):
        raise Undefined(f"{op}: the shapes do not fit")
    if isinstance(left, Matrix):
        return Matrix(tuple(tuple(Op(op, (entry, right)) for entry in row) for row in left.rows))
    if isinstance(right, Matrix):
        return Matrix(tuple(tuple(Op(op, (left, entry)) for entry in row) for row in right.rows))
    return Op(op, (left, right))


def _sum(left: Rows, right: Rows) -> Rows:
    if len(left) != len(right) or len(left[0]) != len(right[0]):
        raise Undefined("+: the shapes do not fit")
    return tuple(tuple(Op("+", pair) for pair in zip(*rows, strict=True)) for rows in zip(left, right, strict=True))


def _product(left: Rows, right: Rows) -> Rows:
    if len(left[0]) != len(right):
        raise Undefined("*: the shapes do not fit")
    if len(left) * len(right[0]) * len(right) > MOST_ENTRIES:
        raise OutOfBudget("a product of large matrices")
    columns = tuple(zip(*right, strict=True))
    return tuple(tuple(_inner(row, column) for column in columns) for row in left)


def _inner(row: tuple[Node, ...], column: tuple[Node, ...]) -> Node:
    products = tuple(Op("*", pair) for pair in zip(row, column, strict=True))
    return products[0] if len(products) == 1 else Op("+", products)


def _power(rows: Rows, exponent: Node) -> Node:
    if isinstance(exponent, Op) and exponent.op == "neg" and exponent.args == (ONE,):
        return _inverse(rows)
    if not isinstance(exponent, Number) or exponent.value.denominator != 1 or exponent.value < 1:
        raise Undefined("^: a whole number from 1 on, or -1")
    if exponent.value > MOST_POWER:
        raise OutOfBudget("a high power of a matrix")
    result = rows
    for _ in range(int(exponent.value) - 1):
        result = _product(result, rows)
    return Matrix(result)


def _square(rows: Rows, operation: str) -> None:
    if len(rows) != len(rows[0]):
        raise Undefined(f"{operation}: as many rows as columns are needed")
    if operation != "trace" and len(rows) > MOST_ROWS:
        raise OutOfBudget("a large determinant")


def _transpose(rows: Rows) -> Node:
    return Matrix(tuple(zip(*rows, strict=True)))


def _trace(rows: Rows) -> Node:
    _square(rows, "trace")
    entries = tuple(row[place] for place, row in enumerate(rows))
    return entries[0] if len(entries) == 1 else Op("+", entries)


def _determinant(rows: Rows) -> Node:
    """Leibniz' formula: a signed product for each permutation."""
    _square(rows, "det")
    if not rows:
        return ONE
    terms: list[Node] = []
    for order in permutations(range(len(rows))):
        swaps = sum(order[i] > order[j] for i in range(len(order)) for j in range(i + 1, len(order)))
        entries = tuple(rows[row][column] for row, column in enumerate(order))
        term = entries[0] if len(entries) == 1 else Op("*", entries)
        terms.append(Op("neg", (term,)) if swaps % 2 else term)
    return terms[0] if len(terms) == 1 else Op("+", tuple(terms))


def _inverse(rows: Rows) -> Node:
    """The adjugate over the determinant."""
    _square(rows, "inverse")
    below = _determinant(rows)
    places = range(len(rows))
    return Matrix(tuple(tuple(Op("/", (_cofactor(rows, j, i), below)) for j in places) for i in places))


def _cofactor(rows: Rows, row: int, column: int) -> Node:
    minor = tuple(
        tuple(entry for at, entry in enumerate(line) if at != column)
        for place, line in enumerate(rows)
        if place != row
    )
    found = _determinant(minor) if minor else ONE
    return Op("neg", (found,)) if (row + column) % 2 else found


FUNCTIONS = {"transpose": _transpose, "trace": _trace, "det": _determinant, "inverse": _inverse}
