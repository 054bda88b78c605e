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
from types import CodeType, FunctionType
from typing import Any

from autograder.diagnose.mutants.places import Names, names_of, places
from autograder.diagnose.mutants.slips import expression_slips
from autograder.diagnose.mutants.statements import statement_slips

__all__ = ["Mutant", "mutants"]

MOST = 700
MOST_TIMES = 4  # that one slip is made in a function
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
    plain = {name: _compiled(tree) for name, (tree, _) in sources.items()}
    names: dict[str, Any] = {}
    for _, own in reversed(list(sources.values())):
        names |= own.__globals__
    found = [
        (code, text, {**plain, name: changed})
        for name, (tree, _) in sources.items()
        for code, text, changed in _changes(tree)
        if changed is not None
    ]
    found.sort(key=lambda slip: slip[0] in FAR_FETCHED)
    start = implementation.__name__
    return tuple(Mutant(code, text, _linked(start, each, sources, names)) for code, text, each in found[:MOST])


Sources = dict[str, tuple[ast.FunctionDef, FunctionType]]
Changed = tuple[str, str, CodeType | None]


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
            found[name] = (tree, function)
            called = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
            waiting += [function.__globals__[each] for each in called if each in function.__globals__]
    return found if implementation.__name__ in found else {}


def _compiled(tree: ast.FunctionDef) -> CodeType | None:
    """The code of a function; None where a slip is no Python."""
    module = ast.fix_missing_locations(ast.Module([tree], []))
    try:
        code = compile(module, f"<slip in {tree.name}>", "exec", flags=ANNOTATIONS, dont_inherit=True)
    except (SyntaxError, ValueError, TypeError):
        return None
    return next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == tree.name)


def _linked(
    start: str, codes: dict[str, CodeType | None], sources: Sources, names: dict[str, Any]
) -> Callable[..., Any]:
    """A function and its helpers made anew in one namespace, one of them changed."""
    space = dict(names)
    for name, code in codes.items():
        if code is not None:
            space[name] = FunctionType(code, space, name, sources[name][1].__defaults__)
            space[name].__kwdefaults__ = sources[name][1].__kwdefaults__
    found: Callable[..., Any] = space[start]
    return found


ANNOTATIONS = __import__("__future__").annotations.compiler_flag


def _changes(tree: ast.FunctionDef) -> Iterator[Changed]:
    """Each slip with the changed source and its code: in one place, then wherever it can be made.

    The tree is changed for as long as it takes to compile it, and put right again.
    """
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return
    names = names_of(tree)
    often: dict[tuple[str, str, int], list[int]] = {}
    for place in list(places(tree)):
        for turn, (code, new) in enumerate(expression_slips(place.node, names)):
            place.put(new)
            yield code, ast.unparse(new), _compiled(tree)
            place.put(place.node)
            often.setdefault((code, type(place.node).__name__, turn), []).append(place.line)
    for code, text, changed in statement_slips(tree):
        yield code, text, _compiled(changed)
    for (code, kind, turn), lines in often.items():
        if len(lines) > 1 and code not in FAR_FETCHED:
            yield from _repeated(tree, _Everywhere(code, kind, turn, names), lines)


def _repeated(tree: ast.FunctionDef, slip: _Everywhere, lines: list[int]) -> Iterator[Changed]:
    """The same slip wherever the function allows it, or wherever one line does."""
    if len(lines) <= MOST_TIMES:
        yield slip.code, f"{slip.code}, {len(lines)} times", _compiled(slip.visit(copy.deepcopy(tree)))
    for line in dict.fromkeys(lines):
        if 1 < lines.count(line) < max(len(lines), MOST_TIMES + 1):
            changed = copy.deepcopy(tree)
            for place in reversed([place for place in places(changed) if place.line == line]):  # inside first
                place.put(slip.once(place.node))
            yield slip.code, f"{slip.code}, {lines.count(line)} times in a line", _compiled(changed)


class _Everywhere(ast.NodeTransformer):
    """Makes the same slip at every node where it can be made, inside first."""

    def __init__(self, code: str, kind: str, turn: int, names: Names) -> None:
        self.code, self.kind, self.turn, self.names = code, kind, turn, names

    def visit(self, node: ast.AST) -> Any:
        node = self.generic_visit(node)
        if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            return node
        return self.once(node)

    def once(self, node: ast.expr) -> Any:
        """The slip at one node, if it can be made there."""
        if type(node).__name__ != self.kind:
            return node
        found = list(expression_slips(node, self.names))
        fits = len(found) > self.turn and found[self.turn][0] == self.code
        return found[self.turn][1] if fits else node
