"""Several modules -> one file: the definitions that a few functions need, in the order of the line, and no other.

This is how a student's `grader.py` reads a formula with the very code that grades it.  Definitions are copied as
they are written; where two modules have different things under one name, one of them gets a longer name.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["flatten"]

OURS = "autograder"


@dataclass(frozen=True, eq=False)
class Module:
    """A module's source: its statements, which of them defines a name, and what it imports under which name."""

    name: str
    lines: list[str]
    body: list[ast.stmt]
    defined: dict[str, ast.stmt] = field(default_factory=dict)
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)  # local name -> (module, name there)
    others: dict[str, str] = field(default_factory=dict)  # local name -> import line of the standard library


@lru_cache(maxsize=256)
def module(name: str) -> Module:
    """One of our modules, read and indexed."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    found = Module(name, source.splitlines(), ast.parse(source).body)
    for statement in found.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            _index_import(found, statement)
        else:
            found.defined.update(dict.fromkeys(_bound(statement), statement))
    return found


def _index_import(found: Module, statement: ast.Import | ast.ImportFrom) -> None:
    for alias in statement.names:
        local = alias.asname or alias.name
        renamed = f" as {alias.asname}" if alias.asname else ""
        if isinstance(statement, ast.Import):
            found.others[local.split(".")[0]] = f"import {alias.name}{renamed}"
        elif statement.module and statement.module != "__future__":
            found.taken[local] = (statement.module, alias.name)
            if statement.module.split(".")[0] != OURS:
                found.others[local] = f"from {statement.module} import {alias.name}{renamed}"


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a top-level statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


# a definition: the module that it stands in, and its name there
Place = tuple[str, str]


@dataclass
class Gathered:
    """What is needed so far.  instead: modules whose names are taken from another module."""

    instead: Mapping[str, str]
    places: dict[Place, None] = field(default_factory=dict)
    order: dict[str, None] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)

    def resolve(self, name: str, local: str) -> Place | None:
        """Where a module's name is defined; None for builtins, local variables and the standard library."""
        found = module(name)
        if local in found.defined:
            return (name, local)
        source, there = found.taken.get(local, ("", ""))
        source = self.instead.get(source, source)
        if source.split(".")[0] == OURS:
            place = self.resolve(source, there)
            if place is None:
                raise LookupError(f"{name} imports {there} from {source}, which does not define it")
            return place
        return None

    def need(self, place: Place) -> None:
        """A definition and all that it refers to; modules come after those that they use."""
        if place in self.places:
            return
        name, local = place
        self.places[place] = None
        found = module(name)
        for used in _names(found.defined[local]):
            other = self.resolve(name, used.id)
            if other is not None:
                self.need(other)
            elif used.id in found.others:
                self.imports.add(found.others[used.id])
        self.order.setdefault(name)


def _names(statement: ast.stmt) -> list[ast.Name]:
    return [part for part in ast.walk(statement) if isinstance(part, ast.Name)]


def flatten(roots: Sequence[Place], instead: Mapping[str, str] | None = None, later: Collection[str] = ()) -> str:
    """One text that defines these names and everything that they use, in plain standard-library Python.

    roots: (module, name) pairs.  instead: for a module, another one that its names are taken from.
    later: modules of the standard library that only functions use, and that are imported when one of them does; one
    of the roots is then a class `Later`.
    Raises LookupError for a module that is neither ours nor the standard library's.

    >>> "def clean(" in flatten([("autograder.messages", "clean")])
    True
    """
    gathered = Gathered(instead or {})
    for name, local in roots:
        place = gathered.resolve(name, local)
        if place is None:
            raise LookupError(f"{name} does not define {local}")
        gathered.need(place)
    _only_standard(gathered.imports)
    renamed = _renamed(gathered)
    postponed = {f"import {name}": name for name in sorted(later) if f"import {name}" in gathered.imports}
    parts = ["from __future__ import annotations", "", *_import_lines(gathered.imports - set(postponed))]
    for name in _line(gathered):
        parts += ["", "", f"# {'-' * 20} {name.removeprefix(OURS + '.')} {'-' * 20}"]
        parts += _statements(name, gathered, renamed)
    if postponed:
        parts += ["", "", f"# {'-' * 20} imported when first used {'-' * 20}"]
        parts += [f'{name} = Later("{name}")' for name in postponed.values()]
    return "\n".join(parts) + "\n"


def _only_standard(imports: set[str]) -> None:
    for line in sorted(imports):
        top = line.split()[1].split(".")[0]
        if top not in sys.stdlib_module_names:
            raise LookupError(f"`{line}` is not of the standard library")


def _import_lines(imports: set[str]) -> list[str]:
    plain = sorted(line for line in imports if line.startswith("import "))
    grouped: dict[str, set[str]] = {}
    for line in imports - set(plain):
        source, _, names = line.removeprefix("from ").partition(" import ")
        grouped.setdefault(source, set()).add(names)
    return plain + [f"from {source} import {', '.join(sorted(names))}" for source, names in sorted(grouped.items())]


def _line(gathered: Gathered) -> list[str]:
    """The modules, each after those that its statements use when they are executed."""
    done: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in done or name in above:
            return
        for used in (place for place in gathered.places if place[0] == name):
            for part in _names(module(name).defined[used[1]]):
                other = gathered.resolve(name, part.id)
                if other is not None and other[0] != name:
                    visit(other[0], (*above, name))
        done[name] = None

    for name in gathered.order:
        visit(name, ())
    return list(done)


def _renamed(gathered: Gathered) -> dict[Place, str]:
    """The final name of each definition: its own, or one with its module's name where two would collide."""
    final: dict[Place, str] = {}
    taken: set[str] = {line.split()[-1].split(".")[0] for line in gathered.imports}
    for place in gathered.places:
        name, local = place
        if local in taken:
            local = f"{local}_of_{name.rpartition('.')[2]}"
        taken.add(local)
        final[place] = local
    return final


def _statements(name: str, gathered: Gathered, renamed: Mapping[Place, str]) -> Iterator[str]:
    found = module(name)
    wanted = {id(found.defined[local]) for there, local in gathered.places if there == name}
    for statement in found.body:
        if id(statement) in wanted:
            gap = [""] * (2 if isinstance(statement, ast.FunctionDef | ast.ClassDef) else 0)
            yield "\n".join([*gap, *_text(found, statement, gathered, renamed)])


def _text(found: Module, statement: ast.stmt, gathered: Gathered, renamed: Mapping[Place, str]) -> list[str]:
    """A statement's lines with the comments above it, its names as they are in the whole file."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(one.lineno for one in decorators)]) - 1
    assert statement.end_lineno is not None
    lines = found.lines[first : statement.end_lineno]
    for row, column, old, new in sorted(_edits(found, statement, gathered, renamed), reverse=True):
        line = lines[row - 1 - first].encode()
        assert line[column : column + len(old)].decode() == old
        lines[row - 1 - first] = (line[:column] + new.encode() + line[column + len(old) :]).decode()
    above = first
    while above > 0 and found.lines[above - 1].startswith("# ") and not found.lines[above - 1].startswith("# ---"):
        above -= 1
    return found.lines[above:first] + _without_examples(statement, lines, first)


def _edits(
    found: Module, statement: ast.stmt, gathered: Gathered, renamed: Mapping[Place, str]
) -> Iterator[tuple[int, int, str, str]]:
    """(line, column, old name, new name) of each name that is called something else in the whole file."""
    arguments = {part.arg for part in ast.walk(statement) if isinstance(part, ast.arg)}
    for part in _names(statement):
        place = gathered.resolve(found.name, part.id)
        if place is not None and renamed[place] != part.id:
            if part.id in arguments:
                raise LookupError(f"{found.name}: {part.id} is a parameter as well as {place}")
            yield part.lineno, part.col_offset, part.id, renamed[place]
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        new = renamed.get((found.name, statement.name), statement.name)
        if new != statement.name:
            column = len("def ") if isinstance(statement, ast.FunctionDef) else len("class ")
            yield statement.lineno, column, statement.name, new


def _without_examples(statement: ast.stmt, lines: list[str], first: int) -> list[str]:
    """A docstring's examples are run by our tests; they name modules that a single file does not have."""
    dropped: set[int] = set()
    for part in ast.walk(statement):
        if not isinstance(part, ast.FunctionDef | ast.ClassDef) or ast.get_docstring(part) is None:
            continue
        text = part.body[0]
        assert text.end_lineno is not None
        rows = range(text.lineno - 1 - first, text.end_lineno - first)
        begun = next((row for row in rows if lines[row].lstrip().startswith(">>> ")), None)
        if begun is None:
            continue
        begun -= lines[begun - 1].strip() == ""
        alone = begun == rows[0] + 1  # nothing but the first line is left: the quotes close behind it
        dropped |= set(range(begun, rows[-1] + alone))
        lines[rows[0]] += '"""' if alone else ""
    return [line for row, line in enumerate(lines) if row not in dropped]
