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
from types import FunctionType
from typing import Any

from autograder.diagnose.mutants.places import Names, names_of, places, put
from autograder.diagnose.mutants.slips import expression_slips
from autograder.diagnose.mutants.statements import statement_slips

__all__ = ["Mutant", "mutants"]

MOST = 500
FAR_FETCHED = frozenset({"constant", "symbol-for-symbol", "off-by-one"})  # looked at after all others


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
    slips = [(name, *slip) for name, (tree, _) in sources.items() for slip in _changes(tree)]
    slips.sort(key=lambda slip: slip[1] in FAR_FETCHED)
    built = (
        (code, text, _built(implementation.__name__, sources, name, changed))
        for name, code, text, changed in slips[:MOST]
    )
    return tuple(Mutant(code, text, function) for code, text, function in built if function is not None)


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
    names = names_of(tree)
    often: dict[tuple[str, str, int], int] = {}
    for place, node in enumerate(places(tree)):
        for turn, (code, new) in enumerate(expression_slips(node, names)):
            changed = copy.deepcopy(tree)
            if put(changed, place, new):
                key = (code, type(node).__name__, turn)
                often[key] = often.get(key, 0) + 1
                yield code, ast.unparse(new), changed
    yield from statement_slips(tree)
    for (code, kind, turn), count in often.items():
        if 1 < count <= 4 and code not in FAR_FETCHED:
            everywhere = _Everywhere(code, kind, turn, names).visit(copy.deepcopy(tree))
            yield code, f"{code}, {count} times", everywhere


class _Everywhere(ast.NodeTransformer):
    """Makes the same slip at every node where it can be made, inside first."""

    def __init__(self, code: str, kind: str, turn: int, names: Names) -> None:
        self.code, self.kind, self.turn, self.names = code, kind, turn, names

    def visit(self, node: ast.AST) -> Any:
        node = self.generic_visit(node)
        if type(node).__name__ != self.kind or not isinstance(node, ast.expr):
            return node
        if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            return node
        found = list(expression_slips(node, self.names))
        fits = len(found) > self.turn and found[self.turn][0] == self.code
        return found[self.turn][1] if fits else node
