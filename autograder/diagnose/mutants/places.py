"""The places of a function's source where a slip can be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Names", "Place", "names_of", "places"]

# calls that cost nothing, however large a number is; in others the square of a size may make a huge array
PLAIN = frozenset({"abs", "exp", "float", "int", "log", "maximum", "minimum", "sqrt", "where"})
MOST_VARIABLES = 6  # of a function with more of them, none is taken for another one


class Names(NamedTuple):
    """What a function calls its arguments, what it gives names to, and of which the square costs nothing."""

    parameters: tuple[str, ...]
    variables: tuple[str, ...]
    squared: tuple[str, ...] = ()


def names_of(tree: ast.FunctionDef) -> Names:
    """The names in a function.

    >>> names_of(ast.parse("def f(a, b): c = a; return c + b").body[0])
    Names(parameters=('a', 'b'), variables=('c',), squared=('a', 'b', 'c'))
    """
    parameters = tuple(argument.arg for argument in (*tree.args.posonlyargs, *tree.args.args))
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    variables = tuple(name for name in dict.fromkeys(stored) if name not in parameters)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
    squared = (*parameters, *variables) if called <= PLAIN else ()
    return Names(parameters, variables if len(variables) <= MOST_VARIABLES else (), squared)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """An expression, where it hangs, and the number of the line that holds it."""

    node: ast.expr
    parent: ast.AST
    field: str
    index: int | None
    line: int

    def put(self, new: ast.AST) -> None:
        """Hang another expression there."""
        if self.index is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.index] = new


def places(tree: ast.FunctionDef) -> Iterator[Place]:
    """The expressions of a function's body, in a fixed order.

    >>> [ast.unparse(place.node) for place in places(ast.parse("def f(a): return a + 1").body[0])]
    ['a + 1', 'a', '1']
    """
    waiting: list[tuple[Any, ast.AST, str, int | None, int]] = []
    waiting += [(statement, tree, "body", at, at) for at, statement in enumerate(tree.body)]
    line = len(tree.body)
    while waiting:
        node, parent, name, index, own = waiting.pop(0)
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            yield Place(node, parent, name, index, own)
        for inner, value in ast.iter_fields(node):
            for at, item in enumerate(value) if isinstance(value, list) else ((None, value),):
                if isinstance(item, ast.AST):
                    line += isinstance(item, ast.stmt)
                    waiting.append((item, node, inner, at, line if isinstance(item, ast.stmt) else own))
