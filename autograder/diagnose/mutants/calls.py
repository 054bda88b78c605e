"""Slips in a call: another function, another axis, arguments in another order, an argument or a step left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["Slip", "call_slips"]

Slip = tuple[str, ast.AST]
REDUCTIONS = ("sum", "mean", "max", "min", "median", "prod")
SWAPPED_CALLS = {
    "exp": ("log", "function-for-function"),
    "sqrt": ("square", "square-lost"),
    "ones": ("zeros", "constant"),
    "zeros": ("ones", "constant"),
    "eye": ("ones", "function-for-function"),
    "var": ("std", "function-for-function"),
    "std": ("var", "function-for-function"),
    "outer": ("multiply", "elementwise"),
    "maximum": ("minimum", "function-for-function"),
    "floor": ("ceil", "function-for-function"),
}
ORDERED = ("kron", "convolve", "correlate", "dot", "matmul", "outer")


def call_slips(node: ast.Call) -> Iterator[Slip]:
    """Every slip in one call, each as the code of its sentence and the changed expression."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    yield from _known_call(node, name)
    yield from _reduced_otherwise(node, name)
    if name in SWAPPED_CALLS and isinstance(node.func, ast.Attribute):
        other, code = SWAPPED_CALLS[name]
        square: list[ast.expr] = [ast.Tuple([node.args[0]] * 2, ast.Load())] if name == "eye" else node.args
        yield code, ast.Call(ast.Attribute(node.func.value, other, ast.Load()), square, node.keywords)
    yield from _other_axis(node)
    yield from _arguments(node, name)
    if name == "range" and node.args:
        yield from _range(node)
    if name == "sum" and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
        yield from _folded(node, node.args[0])


def _arguments(node: ast.Call, name: str) -> Iterator[Slip]:
    if len(node.args) == 1 and not node.keywords and name not in ("range", "len"):
        yield "function-lost", node.args[0]
    if len(node.args) >= 2:
        yield "step-lost", node.args[0]
    if name == "where" and len(node.args) == 3:
        test, left, right = node.args
        yield "pieces-swapped", ast.Call(node.func, [test, right, left], [])
        yield "piece-lost", left
        yield "piece-lost", right
    if name in ORDERED and len(node.args) >= 2:
        yield "order", ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if name == "reshape":
        for place in range(len(node.args) - 1):
            swapped = list(node.args)
            swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
            yield "transposed", ast.Call(node.func, swapped, node.keywords)
    yield from _factor_outside(node)


def _factor_outside(node: ast.Call) -> Iterator[Slip]:
    """f(a * x, ...) as a * f(x, ...), and a rectified argument."""
    if node.args and isinstance(node.args[0], ast.BinOp):
        first = node.args[0]
        if isinstance(first.op, ast.Mult):
            inside = ast.Call(node.func, [first.right, *node.args[1:]], node.keywords)
            yield "bracket", ast.BinOp(first.left, ast.Mult(), inside)
        positive = ast.parse(f"np.maximum({ast.unparse(first)}, 0)", mode="eval").body
        yield "rectified", ast.Call(node.func, [positive, *node.args[1:]], node.keywords)


def _reduced_otherwise(node: ast.Call, name: str) -> Iterator[Slip]:
    """A mean for a sum, a median for a mean, a norm for the largest entry."""
    if name not in REDUCTIONS or not isinstance(node.func, ast.Attribute):
        return
    owner = node.func.value
    method = not (isinstance(owner, ast.Name) and owner.id == "np")
    values = ast.unparse(owner) if method else ast.unparse(node.args[0]) if node.args else ""
    if not values:
        return
    rest = [*map(ast.unparse, node.args if method else node.args[1:])]
    rest += [f"{keyword.arg}={ast.unparse(keyword.value)}" for keyword in node.keywords]
    for other in REDUCTIONS:
        if other != name:
            code = "mean-for-sum" if {name, other} == {"sum", "mean"} else "function-for-function"
            yield code, ast.parse(f"np.{other}({', '.join([values, *rest])})", mode="eval").body
    if not rest:
        yield "function-for-function", ast.parse(f"np.linalg.norm({values})", mode="eval").body


def _other_axis(node: ast.Call) -> Iterator[Slip]:
    for keyword in node.keywords:
        if (
            keyword.arg == "axis"
            and isinstance(keyword.value, ast.Constant)
            and isinstance(keyword.value.value, int)
        ):
            for axis in (*range(4), None):
                if axis != keyword.value.value:
                    moved = [
                        ast.keyword("axis", ast.Constant(axis)) if one is keyword else one for one in node.keywords
                    ]
                    yield "wrong-axis", ast.Call(node.func, node.args, moved)


def _range(node: ast.Call) -> Iterator[Slip]:
    for step in (ast.Sub(), ast.Add()):
        last = ast.BinOp(node.args[-1], step, ast.Constant(1))
        yield "index-range", ast.Call(node.func, [*node.args[:-1], last], [])
    if len(node.args) == 1:
        yield "index-range", ast.Call(node.func, [ast.Constant(1), node.args[0]], [])


def _folded(node: ast.Call, terms: ast.GeneratorExp) -> Iterator[Slip]:
    """A sum of terms of which only the last one is left, or that is a mean, or a product of two sums."""
    source = ast.unparse(terms)
    yield "sum-lost", ast.parse(f"[*{source}][-1]", mode="eval").body
    yield "mean-for-sum", ast.parse(f"sum{source} / len([*{source}])", mode="eval").body
    if isinstance(terms.elt, ast.BinOp) and isinstance(terms.elt.op, ast.Mult):
        one, other = (
            ast.Call(node.func, [ast.GeneratorExp(part, terms.generators)], [])
            for part in (terms.elt.left, terms.elt.right)
        )
        yield "product-of-sums", ast.BinOp(one, ast.Mult(), other)


def _known_call(node: ast.Call, name: str) -> Iterator[Slip]:
    """The variance over one value less, blocks repeated as a whole or filled in one cell, sums taken apart."""
    source = ast.unparse(node)
    if name in ("var", "std"):
        yield (
            "biased-variance",
            ast.Call(node.func, node.args, [*node.keywords, ast.keyword("ddof", ast.Constant(1))]),
        )
    if name == "mean" and isinstance(node.func, ast.Attribute):
        inner = node.func.value
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
            values = ast.unparse(inner)
            text = f"({source}) * ({values}).size / (({values}).size - ({source}).size)"
            yield "biased-variance", ast.parse(text, mode="eval").body
    if name in ("zeros", "zeros_like") and not node.keywords:
        whole = ast.keyword("dtype", ast.Name("int", ast.Load()))
        yield "cut-to-integers", ast.Call(node.func, node.args, [whole])
    if name == "repeat" and len(node.args) == 2 and len(node.keywords) == 1:
        array, count = (ast.unparse(one) for one in node.args)
        axis = ast.unparse(node.keywords[0].value)
        yield "tiled", ast.parse(f"np.concatenate([{array}] * ({count}), axis={axis})", mode="eval").body
        cells = f"np.stack([{array}] + [0 * {array}] * ({count} - 1), axis={axis} + 1)"
        yield "one-cell", ast.parse(f"{cells}.reshape(({source}).shape)", mode="eval").body
    if name == "tensordot" and len(node.args) == 2 and node.keywords:
        one, other = (ast.unparse(each) for each in node.args)
        axes = node.keywords[0].value
        if isinstance(axes, ast.Tuple) and len(axes.elts) == 2:
            left, right = (ast.unparse(each) for each in axes.elts)
            text = f"np.tensordot(({one}).sum({left}), ({other}).sum({right}), 0)"
            yield "product-of-sums", ast.parse(text, mode="eval").body
