"""Slips in one expression of a source: another operation, a sign, a bracket, an index, an axis, another name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from autograder.diagnose.mutants.calls import Slip, call_slips
from autograder.diagnose.mutants.places import Names

__all__ = ["expression_slips"]

OPERATORS: dict[type[ast.operator], tuple[tuple[type[ast.operator], str], ...]] = {
    ast.Add: ((ast.Sub, "sign"), (ast.Mult, "sum-for-product")),
    ast.Sub: ((ast.Add, "sign"),),
    ast.Mult: ((ast.Div, "reciprocal"), (ast.Add, "sum-for-product")),
    ast.Div: ((ast.Mult, "reciprocal"),),
    ast.FloorDiv: ((ast.Mult, "reciprocal"),),
    ast.MatMult: ((ast.Mult, "elementwise"), (ast.Add, "sum-for-product")),
}
LEFT_OUT = {
    ast.Add: "drop-term", ast.Sub: "drop-term", ast.Mult: "drop-factor", ast.MatMult: "drop-factor",
    ast.Div: "drop-divisor", ast.FloorDiv: "drop-divisor", ast.Pow: "power-low",
}  # fmt: skip
SUMS = (ast.Add, ast.Sub)


def expression_slips(node: ast.expr, names: Names) -> Iterator[Slip]:
    """Every slip at one place of a source, each as the code of its sentence and the changed expression.

    >>> difference = ast.parse("a - b", mode="eval").body
    >>> [(code, ast.unparse(new)) for code, new in expression_slips(difference, Names((), ()))]
    [('sign', 'a + b'), ('drop-term', 'a'), ('sign', 'b - a')]
    """
    match node:
        case ast.BinOp():
            yield from _operation(node)
        case ast.Constant():
            yield from _constant(node.value)
        case ast.Tuple(elts=elts):
            yield from _tuple(elts)
        case ast.Call():
            yield from call_slips(node)
        case ast.Subscript(value=value, slice=index):
            yield from _subscript(node, value, index)
        case ast.Attribute(value=value, attr="T"):
            yield "transposed", value
        case ast.IfExp(body=body, orelse=orelse):
            yield "argument-ignored", body
            yield "argument-ignored", orelse
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "sign", operand
        case ast.Name():
            yield from _name(node, names)


def _name(node: ast.Name, names: Names) -> Iterator[Slip]:
    """Another name; a matrix that is transposed; a square."""
    if node.id in names.squared:
        yield "power-high", ast.BinOp(node, ast.Pow(), ast.Constant(2))
    if node.id in names.parameters:
        for other in names.parameters:
            if other != node.id:
                yield "argument-for-argument", ast.Name(other, ast.Load())
        yield "transposed", ast.Attribute(node, "T", ast.Load())
    elif node.id in names.variables:
        for other in (*names.variables, *names.parameters):
            if other != node.id:
                yield "symbol-for-symbol", ast.Name(other, ast.Load())


def _constant(value: Any) -> Iterator[Slip]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        for step in (1, -1):
            yield "off-by-one", ast.Constant(value + step)
        yield "constant", ast.Constant(value * 2)


def _tuple(elts: list[ast.expr]) -> Iterator[Slip]:
    """Other axes, an output in the place of another, a size that is left out."""
    if elts and all(isinstance(each, ast.Constant) for each in elts):
        yield from _axes(elts)
    elif not any(isinstance(each, ast.Slice) for each in elts):
        if len(elts) == 2:
            yield "entries-swapped", ast.Tuple([elts[1], elts[0]], ast.Load())
        for place in range(len(elts)):
            yield "drop-factor", ast.Tuple([*elts[:place], *elts[place + 1 :]], ast.Load())


def _operation(node: ast.BinOp) -> Iterator[Slip]:
    for other, code in OPERATORS.get(type(node.op), ()):
        if not (other is ast.Mult and isinstance(node.right, ast.Constant) and node.right.value == 1):
            yield code, ast.BinOp(node.left, other(), node.right)
    if type(node.op) in LEFT_OUT:
        yield LEFT_OUT[type(node.op)], node.left
        if isinstance(node.op, ast.Add | ast.Mult | ast.MatMult):
            yield LEFT_OUT[type(node.op)], node.right
    yield from _brackets(node)
    if isinstance(node.op, ast.Mult) and isinstance(node.right, ast.Call) and node.right.args:
        inside = ast.BinOp(node.left, ast.Mult(), node.right.args[0])
        yield "bracket", ast.Call(node.right.func, [inside, *node.right.args[1:]], node.right.keywords)
    if isinstance(node.op, ast.MatMult):
        yield "order", ast.BinOp(node.right, ast.MatMult(), node.left)
        yield "product-of-sums", _product_of_sums(node)
    if isinstance(node.op, ast.Div):
        yield "reciprocal", ast.BinOp(node.right, ast.Div(), node.left)
        if isinstance(node.right, ast.Call) and getattr(node.right.func, "attr", "") == "sqrt":
            yield from _moved_out_of_root(node, node.right)
    if isinstance(node.op, ast.Sub):
        yield "sign", ast.BinOp(node.right, ast.Sub(), node.left)


def _product_of_sums(node: ast.BinOp) -> ast.expr:
    """The sums of both factors over the axis that a matrix product sums their products over."""
    left, right = f"({ast.unparse(node.left)})", f"({ast.unparse(node.right)})"
    rows, columns = f"{left}.sum(-1, keepdims=True)", f"{right}.sum(0, keepdims=True)"
    return ast.parse(f"{rows} * {columns}", mode="eval").body


def _brackets(node: ast.BinOp) -> Iterator[Slip]:
    """a*b + c as a*(b + c), (a + b)*c as a + b*c, and each the other way round."""
    left, right = node.left, node.right
    if isinstance(node.op, SUMS):
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult | ast.Div | ast.FloorDiv):
            yield "bracket", ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult | ast.Div | ast.FloorDiv):
            yield "bracket", ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
    elif isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv):
        if isinstance(left, ast.BinOp) and isinstance(left.op, SUMS):
            yield "bracket", ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
        if isinstance(right, ast.BinOp) and isinstance(right.op, SUMS):
            yield "bracket", ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult) and isinstance(left.right, ast.BinOp):
            inner = left.right
            if isinstance(inner.op, SUMS):
                first = ast.BinOp(left.left, ast.Mult(), inner.left)
                yield "bracket", ast.BinOp(first, inner.op, ast.BinOp(inner.right, node.op, right))


def _moved_out_of_root(node: ast.BinOp, root: ast.Call) -> Iterator[Slip]:
    """x / sqrt(a + b) as x / (sqrt(a) + b)."""
    inner = root.args[0]
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add):
        outside = ast.BinOp(ast.Call(root.func, [inner.left], []), ast.Add(), inner.right)
        yield "bracket", ast.BinOp(node.left, ast.Div(), outside)


def _axes(elts: list[ast.expr]) -> Iterator[Slip]:
    """Other axes of an array: one less, one more, or all of them moved."""
    axes = [each.value for each in elts if isinstance(each, ast.Constant) and isinstance(each.value, int)]
    if len(axes) != len(elts):
        return
    for count in range(1, 5):
        for other in combinations(range(max(4, *axes) + 1), count):
            if list(other) != axes:
                yield "wrong-axis", ast.Tuple([ast.Constant(axis) for axis in other], ast.Load())


def _subscript(node: ast.Subscript, value: ast.expr, index: ast.expr) -> Iterator[Slip]:
    if isinstance(index, ast.BinOp) and isinstance(index.op, ast.Add):
        yield "index-simplified", ast.Subscript(value, index.left, ast.Load())
        yield "index-simplified", ast.Subscript(value, index.right, ast.Load())
        yield "index-reversed", ast.Subscript(value, ast.BinOp(index.left, ast.Sub(), index.right), ast.Load())
    if not isinstance(index, ast.Slice | ast.Tuple):
        shifted = ast.BinOp(index, ast.Add(), ast.Constant(1))
        yield "index-shifted", ast.Subscript(value, shifted, ast.Load())
    else:
        yield "step-lost", value
    if isinstance(index, ast.Tuple):
        plain = [_from_the_start(one) for one in index.elts]
        if any(one is not other for one, other in zip(plain, index.elts, strict=True)):
            yield "index-simplified", ast.Subscript(value, ast.Tuple(plain, ast.Load()), ast.Load())
        for place, one in enumerate(index.elts):
            if isinstance(one, ast.Slice):
                whole = ast.Tuple([*index.elts[:place], ast.Slice(), *index.elts[place + 1 :]], ast.Load())
                yield "step-lost", ast.Subscript(value, whole, ast.Load())
    backwards = ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))
    if isinstance(index, ast.Slice):
        yield "reversed", ast.Subscript(node, backwards, ast.Load())


def _from_the_start(index: ast.expr) -> ast.expr:
    """A window a : a + b where it stands at the start, : b."""
    if isinstance(index, ast.Slice) and isinstance(index.upper, ast.BinOp) and isinstance(index.upper.op, ast.Add):
        return ast.Slice(None, index.upper.right, index.step)
    return index
