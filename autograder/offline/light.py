"""Light stand-ins for parts of the standard library that load slowly: in a student's file they take its place.

A check of one formula costs mostly what it takes to start, and what is saved there is left for the slow hash.
Everywhere else `dataclasses` and `typing` are Python's own; a test holds that both make records that act alike.
"""

# mypy: ignore-errors
# it makes classes while the program runs, which no checker follows
from __future__ import annotations

import re
import sys
from collections.abc import Callable

__all__ = ["Any", "Later", "NamedTuple", "Pattern", "dataclass", "field", "replace"]

Any = object
ABSENT = object()


class Later:
    """A module that is imported when something of it is first used."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, attribute: str) -> object:
        return getattr(sys.modules.get(self.name) or __import__(self.name), attribute)


class Pattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        self.parts = (text, flags)

    def __getattr__(self, attribute: str) -> object:
        return getattr(re.compile(*self.parts), attribute)


class Field:
    """What a record holds under a name where nothing is given, and whether it counts when two are compared."""

    def __init__(self, default: object, make: Callable[[], object] | None, *, compare: bool = True) -> None:
        self.default, self.make, self.compare = default, make, compare


def field(*, default=ABSENT, default_factory=None, compare=True, repr=True) -> Field:
    """A field as `dataclasses` has it; nothing prints records here, so that repr says nothing."""
    return Field(default, default_factory, compare=compare)


def dataclass(cls=None, *, frozen=False, slots=False):
    """A record as `dataclasses` makes it: filled by place or by name, compared by content, hashed if frozen."""
    if cls is None:
        return lambda cls: dataclass(cls, frozen=frozen)
    fields = {}
    for name in cls.__annotations__:
        default = vars(cls).get(name, ABSENT)
        fields[name] = default if isinstance(default, Field) else Field(default, None)
    methods = {
        "__init__": _filling(cls.__name__, fields),
        "__eq__": lambda self, other: type(self) is type(other) and _content(self) == _content(other),
        "__hash__": (lambda self: hash(_content(self))) if frozen else None,
        "__match_args__": tuple(fields),
        "_compared": tuple(name for name, one in fields.items() if one.compare),
    }
    for name, method in methods.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    return cls


def _filling(kind: str, fields: dict[str, Field]) -> Callable[..., None]:
    plain = {name: one.default for name, one in fields.items() if one.default is not ABSENT}
    made = {name: one.make for name, one in fields.items() if one.make is not None}
    needed = fields.keys() - plain.keys() - made.keys()

    def fill(self, *values, **named) -> None:
        given = dict(zip(fields, values)) | named  # noqa: B905 - the next line sees to it
        if len(given) < len(values) + len(named) or not needed <= given.keys() <= fields.keys():
            raise TypeError(f"{kind} is made of {', '.join(fields)}")
        fresh = {name: make() for name, make in made.items() if name not in given}
        self.__dict__.update(plain | fresh | given)

    return fill


def _content(record) -> tuple[object, ...]:
    return tuple([getattr(record, name) for name in record._compared])


def replace(record, **changes):
    """The same record with other values in some fields."""
    return type(record)(**{name: getattr(record, name) for name in record.__match_args__} | changes)


class NamedTuple:
    """A record of a few values, read by their names only."""

    def __init_subclass__(cls) -> None:
        dataclass(cls, frozen=True)
