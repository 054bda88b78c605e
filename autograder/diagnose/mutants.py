"""Slips in the source of the reference implementation, one at a time; never in anything that a student wrote.

A function that helps the implementation may hold the slip as well.  A function with a `while` is left as it is: a
slip in it might never come to an end.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from types import FunctionType
from typing import Any

__all__ = ["Mutant", "mutants"]

MOST = 400
Slip = tuple[str, ast.AST]
SWAPPED_CALLS = {
    "sum": ("mean", "mean-for-sum"),
    "mean": ("sum", "mean-for-sum"),
    "exp": ("log", "function-for-function"),
    "sqrt": ("square", "square-lost"),
    "ones": ("zeros", "constant"),
    "eye": ("ones", "constant"),
}
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


@dataclass(frozen=True, slots=True)
class Mutant:
    """An implementation with one slip: the code of its sentence, and the changed piece of source for the staff."""

    code: str
    text: str
    function: Callable[..., Any]


@lru_cache(maxsize=256)
def mutants(implementation: Callable[..., Any]) -> tuple[Mutant, ...]:
    """Every slip in a function and in its helpers; none where there is no source.

    >>> import numpy as np
    >>> [mutant.code for mutant in mutants(np.sum)]
    []
    """
    sources = _reachable(implementation)
    found: list[Mutant] = []
    for name, (tree, _) in sources.items():
        for code, text, changed in _changes(tree):
            function = _built(implementation.__name__, sources, name, changed)
            if function is not None:
                found.append(Mutant(code, text, function))
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


Sources = dict[str, tuple[ast.FunctionDef, dict[str, Any]]]


def _reachable(implementation: Callable[..., Any]) -> Sources:
    """The implementation and the functions of the same folder that it calls, each as a tree with its globals."""
    found: Sources = {}
    waiting = [implementation]
    while waiting:
        function = waiting.pop(0)
        name = getattr(function, "__name__", "")
        if not isinstance(function, FunctionType) or name in found or function.__closure__:
            continue
        if function.__module__.startswith("autograder."):
            continue
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        except (OSError, TypeError, SyntaxError):
            continue
        if isinstance(tree, ast.FunctionDef):
            tree.decorator_list = []
            found[name] = (tree, function.__globals__)
            called = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
            waiting += [function.__globals__[each] for each in called if each in function.__globals__]
    return found if implementation.__name__ in found else {}


def _built(start: str, sources: Sources, name: str, changed: ast.FunctionDef) -> Callable[..., Any] | None:
    """All functions made anew in one namespace, one of them changed."""
    space: dict[str, Any] = {}
    for _, names in reversed(list(sources.values())):
        space |= names
    module = ast.Module([changed if each == name else tree for each, (tree, _) in sources.items()], [])
    try:
        code = compile(ast.fix_missing_locations(module), f"<slip in {name}>", "exec", flags=ANNOTATIONS)
        exec(code, space)  # noqa: S102 - the author's own source
    except (SyntaxError, NameError, ValueError, TypeError):
        return None
    found: Callable[..., Any] = space[start]
    return found


ANNOTATIONS = __import__("__future__").annotations.compiler_flag


def _changes(tree: ast.FunctionDef) -> Iterator[tuple[str, str, ast.FunctionDef]]:
    """Each slip with the changed source and the changed function: in one place, then wherever it can be made."""
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return
    names = [argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args)]
    often: dict[tuple[str, str, int], int] = {}
    for place, node in enumerate(_places(tree)):
        for turn, (code, new) in enumerate(_slips(node, names)):
            changed = copy.deepcopy(tree)
            if _put(changed, place, new):
                key = (code, type(node).__name__, turn)
                often[key] = often.get(key, 0) + 1
                yield code, ast.unparse(new), changed
    for (code, kind, turn), count in often.items():
        if 1 < count <= 4 and code not in ("off-by-one", "constant"):
            everywhere = _Everywhere(code, kind, turn, names).visit(copy.deepcopy(tree))
            yield code, f"{code}, {count} times", everywhere


class _Everywhere(ast.NodeTransformer):
    """Makes the same slip at every node where it can be made, inside first."""

    def __init__(self, code: str, kind: str, turn: int, names: list[str]) -> None:
        self.code, self.kind, self.turn, self.names = code, kind, turn, names

    def visit(self, node: ast.AST) -> Any:
        node = self.generic_visit(node)
        if type(node).__name__ != self.kind or not isinstance(node, ast.expr):
            return node
        if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            return node
        found = list(_slips(node, self.names))
        fits = len(found) > self.turn and found[self.turn][0] == self.code
        return found[self.turn][1] if fits else node


def _places(tree: ast.FunctionDef) -> Iterator[ast.expr]:
    """The expressions of a function's body, in a fixed order."""
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                yield node


def _put(tree: ast.FunctionDef, place: int, new: ast.AST) -> bool:
    """Replace the expression at a place of a copied tree."""
    target = list(_places(tree))[place]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, new)
                return True
            if isinstance(value, list):
                for at, item in enumerate(value):
                    if item is target:
                        value[at] = new
                        return True
    return False


def _slips(node: ast.expr, names: list[str]) -> Iterator[Slip]:
    match node:
        case ast.BinOp():
            yield from _operation(node)
        case ast.Constant():
            yield from _constant(node.value)
        case ast.Tuple(elts=elts):
            yield from _tuple(elts)
        case ast.Call():
            yield from _call(node)
        case ast.Subscript(value=value, slice=index):
            yield from _subscript(node, value, index)
        case ast.Attribute(value=value, attr="T"):
            yield "transposed", value
        case ast.IfExp(body=body, orelse=orelse):
            yield "argument-ignored", body
            yield "argument-ignored", orelse
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "sign", operand
        case ast.Name(id=name) if name in names:
            for other in names:
                if other != name:
                    yield "argument-for-argument", ast.Name(other, ast.Load())
            yield "transposed", ast.Attribute(node, "T", ast.Load())


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
        yield code, ast.BinOp(node.left, other(), node.right)
    if type(node.op) in LEFT_OUT:
        yield LEFT_OUT[type(node.op)], node.left
        if isinstance(node.op, ast.Add | ast.Mult | ast.MatMult):
            yield LEFT_OUT[type(node.op)], node.right
    if isinstance(node.op, ast.MatMult):
        yield "order", ast.BinOp(node.right, ast.MatMult(), node.left)
    if isinstance(node.op, ast.Div):
        yield "reciprocal", ast.BinOp(node.right, ast.Div(), node.left)
        if isinstance(node.right, ast.Call) and getattr(node.right.func, "attr", "") == "sqrt":
            yield from _moved_out_of_root(node, node.right)
    if isinstance(node.op, ast.Sub):
        yield "sign", ast.BinOp(node.right, ast.Sub(), node.left)


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


def _call(node: ast.Call) -> Iterator[Slip]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    yield from _known_call(node, name)
    if name in SWAPPED_CALLS and isinstance(node.func, ast.Attribute):
        other, code = SWAPPED_CALLS[name]
        yield code, ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)
    for keyword in node.keywords:
        if (
            keyword.arg == "axis"
            and isinstance(keyword.value, ast.Constant)
            and isinstance(keyword.value.value, int)
        ):
            for axis in range(4):
                if axis != keyword.value.value:
                    moved = [
                        ast.keyword("axis", ast.Constant(axis)) if one is keyword else one for one in node.keywords
                    ]
                    yield "wrong-axis", ast.Call(node.func, node.args, moved)
    if len(node.args) == 1 and not node.keywords and name not in ("range", "len"):
        yield "function-lost", node.args[0]
    if len(node.args) >= 2:
        yield "step-lost", node.args[0]
    if name == "where" and len(node.args) == 3:
        test, left, right = node.args
        yield "pieces-swapped", ast.Call(node.func, [test, right, left], [])
        yield "piece-lost", left
        yield "piece-lost", right
    if name in ("kron", "convolve", "correlate", "dot", "matmul") and len(node.args) >= 2:
        yield "order", ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
    if name == "range" and node.args:
        last = ast.BinOp(node.args[-1], ast.Sub(), ast.Constant(1))
        yield "index-range", ast.Call(node.func, [*node.args[:-1], last], [])
        if len(node.args) == 1:
            yield "index-range", ast.Call(node.func, [ast.Constant(1), node.args[0]], [])


def _known_call(node: ast.Call, name: str) -> Iterator[Slip]:
    """The variance over one value less, blocks repeated as a whole."""
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
    if name == "repeat" and len(node.args) == 2 and len(node.keywords) == 1:
        array, count = (ast.unparse(one) for one in node.args)
        text = f"np.concatenate([{array}] * ({count}), axis={ast.unparse(node.keywords[0].value)})"
        yield "tiled", ast.parse(text, mode="eval").body


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
        for place, one in enumerate(index.elts):
            if isinstance(one, ast.Slice):
                whole = ast.Tuple([*index.elts[:place], ast.Slice(), *index.elts[place + 1 :]], ast.Load())
                yield "step-lost", ast.Subscript(value, whole, ast.Load())
    backwards = ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))
    if isinstance(index, ast.Slice):
        yield "reversed", ast.Subscript(node, backwards, ast.Load())
