"""Slips in a statement: a sum that keeps its last term, steps in the wrong order, a loop that ends too early."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

__all__ = ["statement_slips"]

Changed = tuple[str, str, ast.FunctionDef]
SWAPPED: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Mult, ast.Mult: ast.Add}


def statement_slips(tree: ast.FunctionDef) -> Iterator[Changed]:
    """Each slip as the code of its sentence, the changed statement and the changed function.

    >>> f = ast.parse("def f(a):\\n for b in a:\\n  c += b\\n return c").body[0]
    >>> [(code, text) for code, text, _ in statement_slips(f)]
    [('loop-cut', 'for b in list(a)[:1]'), ('sum-lost', 'c = b'), ('sum-for-product', 'c *= b')]
    """
    for place, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.AugAssign):
            yield from _accumulated(tree, place, node)
        elif isinstance(node, ast.For):
            changed = copy.deepcopy(tree)
            loop = _at(changed, place)
            assert isinstance(loop, ast.For)
            loop.iter = ast.parse(f"list({ast.unparse(node.iter)})[:1]", mode="eval").body
            yield "loop-cut", f"for {ast.unparse(node.target)} in {ast.unparse(loop.iter)}", changed
            yield from _reordered(tree, place, node)
    yield from _carets(tree)
    yield from _uncomputed(tree)


def _accumulated(tree: ast.FunctionDef, place: int, node: ast.AugAssign) -> Iterator[Changed]:
    """What is added up is overwritten, or multiplied instead of added."""
    text = f"{ast.unparse(node.target)} = {ast.unparse(node.value)}"
    if isinstance(node.op, ast.Add):
        changed = copy.deepcopy(tree)
        _replace(changed, place, ast.parse(text).body[0])
        yield "sum-lost", text, changed
    other = SWAPPED.get(type(node.op))
    if other is not None:
        changed = copy.deepcopy(tree)
        sum_ = _at(changed, place)
        assert isinstance(sum_, ast.AugAssign)
        sum_.op = other()
        yield "sum-for-product", ast.unparse(sum_), changed


def _reordered(tree: ast.FunctionDef, place: int, node: ast.For) -> Iterator[Changed]:
    """Two neighbouring steps of a loop in the other order."""
    for step in range(len(node.body) - 1):
        changed = copy.deepcopy(tree)
        loop = _at(changed, place)
        assert isinstance(loop, ast.For)
        loop.body[step], loop.body[step + 1] = loop.body[step + 1], loop.body[step]
        yield "steps-swapped", "; ".join(map(ast.unparse, loop.body[step : step + 2])), changed


def _carets(tree: ast.FunctionDef) -> Iterator[Changed]:
    """Powers written with a caret, which binds weaker than a sum."""
    source = ast.unparse(tree)
    if "**" in source:
        changed = ast.parse(source.replace("**", "^")).body[0]
        assert isinstance(changed, ast.FunctionDef)
        yield "caret", "** written as ^", changed


def _uncomputed(tree: ast.FunctionDef) -> Iterator[Changed]:
    """What is computed from a quantity is left out, and the quantity itself used: in one line, then in all."""
    lines = [
        place
        for place, node in enumerate(ast.walk(tree))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp)
    ]
    for group in [*([line] for line in lines), lines][: len(lines) + (len(lines) > 1)]:
        changed = copy.deepcopy(tree)
        nodes = list(ast.walk(changed))
        for line in (nodes[place] for place in group):
            assert isinstance(line, ast.Assign)
            used = [node for node in ast.walk(line.value) if isinstance(node, ast.Name) and node.id != "np"]
            line.value = min(used, key=lambda node: node.col_offset) if used else line.value
        yield "step-lost", f"{len(group)} lines", changed


def _at(tree: ast.FunctionDef, place: int) -> ast.AST:
    return list(ast.walk(tree))[place]


def _replace(tree: ast.FunctionDef, place: int, new: ast.stmt) -> None:
    target = _at(tree, place)
    for parent in ast.walk(tree):
        for value in vars(parent).values():
            if isinstance(value, list) and any(item is target for item in value):
                value[[item is target for item in value].index(True)] = new
