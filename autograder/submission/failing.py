"""What a program's failures say of its answers: of one whose line failed, and of the functions of a whole file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from autograder.answer import Died, Raised, TimedOut
from autograder.verdict import Finding

__all__ = [
    "NOT_INSTALLED",
    "SYNTAX",
    "Failure",
    "cell_finding",
    "missing_because",
    "own_failures",
    "set_by",
    "stops_program",
]

ANSWER_LINE = re.compile(r"(\w+)\s*=(?!=)")
UNDEFINED = re.compile(r"name '(\w+)' is not defined")
IMPORTED = re.compile(r"(?:\bas|\bimport|,)\s+(\w+)")
SYNTAX = ("SyntaxError", "IndentationError", "TabError")
NOT_INSTALLED = frozenset({"ImportError", "ModuleNotFoundError"})

Failure = Raised | TimedOut | Died


def missing_because(
    name: str,
    source: str,
    failures: Sequence[Failure],
    *,
    function: bool,
    cell: str = "",
    before: Sequence[Failure] = (),
) -> Finding | None:
    """Why a cell that would have set this name did not; None for a cell that has nothing to do with it.

    cell: its number, "" for a .py file, which has no cells.  before: what failed in the cells above it.

    >>> failed = Raised("NameError", "name 'W' is not defined", 1, source="q1_out = W - K")
    >>> missing_because("q1_out", "q1_out = W - K", [failed], function=False).code
    'unquoted'
    """
    sets = re.compile(rf"^\s*(?:def\s+{name}\b|{name}\s*[=:,])", re.MULTILINE)
    if not failures or not sets.search(source):
        return None
    own = [one for one in failures if isinstance(one, Raised) and set_by(one) == name]
    lacking = _undefined(own[0]) if own else ""
    causes = [one for one in (*before, *failures) if lacking and lacking in (set_by(one), *_packages(one))]
    quotes = None if function or causes or not own or _sets(lacking, source) else _unquoted(own[0])
    return quotes or cell_finding([*causes, *own, *failures][0], cell)


def stops_program(failures: Sequence[Failure], answers: Collection[str]) -> Finding | None:
    """Why nobody could import the functions of a .py file: it does not run from top to bottom.

    A line that only sets another answer (`answer = F`, its quotes forgotten) costs that answer.
    answers: the names of those that are no functions.

    >>> stops_program([Raised("NameError", source="q1_out = W")], {"q1_out"}) is None
    True
    """
    for failure in own_failures(failures):
        if set_by(failure) not in answers:
            return cell_finding(failure, "")
    return None


def own_failures(failures: Sequence[Failure]) -> list[Failure]:
    """Those that are the program's own: neither a package that is not installed here, nor what comes of that.

    >>> lacking = Raised("ModuleNotFoundError", "No module named 'torch'", source="import torch as t")
    >>> own_failures([lacking, Raised("NameError", "name 't' is not defined", source="t.manual_seed(0)")])
    []
    """
    lost = {name for one in failures for name in _packages(one)}
    raised = [one for one in failures if isinstance(one, Raised)]
    excused = [one for one in raised if one.type_name in NOT_INSTALLED or _undefined(one) in lost]
    return [one for one in failures if one not in excused]


def _packages(failure: Failure) -> list[str]:
    """The names that a line lacks whose package is not installed."""
    if isinstance(failure, Raised) and failure.type_name in NOT_INSTALLED:
        return IMPORTED.findall(failure.source)
    return []


def _undefined(failure: Raised) -> str:
    """The name that Python did not find, or ""."""
    name = UNDEFINED.match(failure.message) if failure.type_name == "NameError" else None
    return name.group(1) if name else ""


def set_by(failure: Failure) -> str:
    """The name that the failing line sets, or ""."""
    line = ANSWER_LINE.match(failure.source) if isinstance(failure, Raised) else None
    return line.group(1) if line else ""


def _sets(name: str, source: str) -> bool:
    """Whether a line of the cell sets this name, so that it is a variable of the program's."""
    return name != "" and re.search(rf"^[ \t]*{name}\s*=(?!=)", source, re.MULTILINE) is not None


def _unquoted(failure: Raised) -> Finding | None:
    """A formula without its quotes: Python looked for a variable."""
    name = _undefined(failure)
    shown = {"name": name, "line": str(failure.line or ""), "source": failure.source}
    return Finding("exception", "unquoted", shown) if name else None


def cell_finding(failure: Failure, cell: str) -> Finding:
    """What stopped a cell, or the whole file where there are no cells ("")."""
    match failure:
        case TimedOut(seconds=seconds):
            return Finding("timeout", "cell-timeout", {"cell": cell, "seconds": f"{seconds:g}"})
        case Died(why=why):
            return Finding("died", "cell-died", {"cell": cell, "why": why})
        case Raised(type_name=kind, message=message, line=line, source=source):
            code = "cell-syntax" if kind in SYNTAX else "cell-exception"
            shown = {"error": kind, "message": message, "line": str(line or ""), "source": source}
            return Finding("exception", code, {"cell": cell} | shown)
