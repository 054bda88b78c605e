"""The code of a solution with everything that it calls: what a reader, or a notebook, needs to run it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import CodeType, FunctionType, ModuleType
from typing import Any

__all__ = ["Unprintable", "code_of", "gathered", "literal"]

PLAIN = (bool, int, float, complex, str, type(None), Fraction)


class Unprintable(Exception):
    """Something that a solution uses cannot be written down as code."""


def code_of(function: Callable[..., Any]) -> str:
    """The source of a function and of its helpers, helpers first."""
    return "\n\n".join(gathered(function).values())


def gathered(function: Callable[..., Any], name: str = "") -> dict[str, str]:
    """Names and their definitions, in an order in which they can be run.

    Raises Unprintable where one of them is no function, module or plain value.
    """
    found: dict[str, str] = {}
    _gather(name or function.__name__, function, found, set())
    return dict(sorted(found.items(), key=lambda entry: not entry[1].startswith(("import ", "from "))))


def _gather(name: str, value: Any, found: dict[str, str], open_names: set[str]) -> None:
    if name in found or name in open_names:
        return
    open_names.add(name)
    if isinstance(value, ModuleType):
        alias = "" if name == value.__name__ else f" as {name}"
        found[name] = f"import {value.__name__}{alias}"
    elif isinstance(value, FunctionType):
        if (value.__module__ or "").split(".")[0] in ("numpy", "math", "itertools", "functools", "operator"):
            found[name] = f"from {value.__module__} import {value.__name__}"
            return
        for used, inner in _used(value):
            _gather(used, inner, found, open_names)
        found[name] = _source(name, value)
    elif isinstance(value, type):
        found[name] = f"from {value.__module__} import {value.__name__}"
    else:
        found[name] = f"{name} = {literal(value)}"


def _used(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Globals and enclosing names that a function's code reads, in the order of their names in it."""
    captured = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    for name, cell in captured.items():
        yield name, cell.cell_contents
    for name in dict.fromkeys(_names(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _source(name: str, function: FunctionType) -> str:
    if function.__name__ != "<lambda>" and "<lambda>" not in function.__code__.co_name:
        return textwrap.dedent(inspect.getsource(function)).strip()
    tree = ast.parse(inspect.getsource(inspect.getmodule(function) or _file(function)))
    arguments = function.__code__.co_varnames[: function.__code__.co_argcount]
    for node in ast.walk(tree):
        here = isinstance(node, ast.Lambda) and node.lineno == function.__code__.co_firstlineno
        if isinstance(node, ast.Lambda) and here and tuple(one.arg for one in node.args.args) == arguments:
            return f"{name} = {ast.unparse(node)}"
    raise Unprintable(name)


def _file(function: FunctionType) -> Any:
    raise Unprintable(function.__name__)


def literal(value: Any) -> str:
    """A plain value as Python.

    >>> literal([1, (2, 3.5)]), literal({"a": 1})
    ('[1, (2, 3.5)]', "{'a': 1}")
    """
    if isinstance(value, Fraction):
        return f"Fraction({value.numerator}, {value.denominator})"
    if isinstance(value, PLAIN):
        return repr(value)
    if type(value) in (list, tuple):
        inner = ", ".join(map(literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return "{" + ", ".join(f"{literal(key)}: {literal(entry)}" for key, entry in value.items()) + "}"
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        plain = literal(value.tolist())
        return plain if not getattr(value, "shape", ()) else f"np.array({plain})"
    raise Unprintable(type(value).__name__)
