"""The places of a function's source where a slip can be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Names", "names_of", "places", "put"]

MOST_VARIABLES = 6  # of a function with more of them, none is taken for another one


class Names(NamedTuple):
    """What a function calls its arguments, and what it gives names to."""

    parameters: tuple[str, ...]
    variables: tuple[str, ...]


def names_of(tree: ast.FunctionDef) -> Names:
    """The names in a function.

    >>> names_of(ast.parse("def f(a, b): c = a; return c + b").body[0])
    Names(parameters=('a', 'b'), variables=('c',))
    """
    parameters = tuple(argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args))
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    variables = tuple(name for name in dict.fromkeys(stored) if name not in parameters)
    return Names(parameters, variables if len(variables) <= MOST_VARIABLES else ())


def places(tree: ast.FunctionDef) -> Iterator[ast.expr]:
    """The expressions of a function's body, in a fixed order."""
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                yield node


def put(tree: ast.FunctionDef, place: int, new: ast.AST) -> bool:
    """Replace the expression at a place of a copied tree."""
    target = list(places(tree))[place]
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
