"""A layer graph file, version 1, read into layers (docs/layers.md describes the format).

Nothing in the file is evaluated: sizes are whole numbers, or short formulas that the expression reader reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from autograder.errors import AnswerError, ConfigError, ConfigProblem
from autograder.expression import Call, Names, Node, Number, Op, Symbol, parse
from autograder.expression.names import FUNCTIONS
from autograder.layers.exact import Size, ceil_div, floor_div, maximum, minimum, plain, quotient, symbol, unknown
from autograder.layers.geometry import PADDINGS
from autograder.layers.network import DEEPEST, Network, network
from autograder.layers.nodes import OPS, Layer

__all__ = ["read_graph"]

LARGEST = 10**12
MOST_AXES = 8
FLAGS = frozenset({"bias", "affine", "noscale", "stats", "ceil"})
WORDS = frozenset({"name", "share"})
GRAPHS = frozenset({"layers", "branches"})
NUMBER = "Write a whole number, or a symbol in quotes."


@dataclass(frozen=True, slots=True)
class _Reader:
    file: str
    settings: Mapping[str, int | str]
    met: set[str] = field(default_factory=set)  # symbols so far

    def error(self, place: str, message: str, advice: str) -> ConfigError:
        return ConfigError([ConfigProblem(self.file, None, f"{place}: {message}" if place else message, advice)])

    # --- structure ---

    def document(self, text: str) -> Network:
        data = self.parsed(text)
        if not isinstance(data, dict) or not {"input", "graph"} <= data.keys():
            raise self.error(
                "", "this is no layer graph.", 'Write {"input": [channels, sizes...], "graph": [nodes]}.'
            )
        self.known("the file", data, ("input", "graph", "name"))
        sizes = data["input"]
        if not isinstance(sizes, list) or not 1 <= len(sizes) <= MOST_AXES:
            raise self.error("input", f"{_short(sizes)} is no list of channels and sizes.", "Write [3, 224, 224].")
        read = [
            unknown("input", i) if size is None else self.size(size, f"input[{i}]") for i, size in enumerate(sizes)
        ]
        layers = self.nodes(data["graph"], "graph", 0)
        self.settings_meant()
        return network(input=read, layers=layers, file=self.file)

    def settings_meant(self) -> None:
        """A setting that meets no symbol is a slip where another symbol is still free."""
        free = sorted(self.met - self.settings.keys())
        for name in self.settings:
            if name not in self.met and free:
                raise self.error(f"--set {name}", "the file has no such symbol.", _suggest(name, free))

    def parsed(self, text: str) -> Any:
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ConfigError(
                [
                    ConfigProblem(
                        self.file, error.lineno, f"this is no JSON: {error.msg}.", f"Look at column {error.colno}."
                    )
                ]
            ) from None
        except (ValueError, RecursionError):  # a number of thousands of digits, or brackets thousands deep
            raise self.error(
                "", "this JSON is beyond all bounds.", "Use smaller numbers and fewer brackets."
            ) from None

    def nodes(self, value: Any, place: str, depth: int) -> tuple[Layer, ...]:
        if not isinstance(value, list):
            raise self.error(place, f"{_short(value)} is no list of nodes.", 'Write [{"op": "conv", ...}, ...].')
        if depth > DEEPEST:
            raise self.error(place[:60] + "...", "the graph is nested too deep.", f"Stay below {DEEPEST} levels.")
        return tuple(self.node(entry, f"{place}[{i}]", depth) for i, entry in enumerate(value))

    def node(self, value: Any, place: str, depth: int) -> Layer:
        if not isinstance(value, dict) or "op" not in value:
            raise self.error(place, f"{_short(value)} is no node.", 'Write {"op": "conv", "out": 64, "k": 3}.')
        op = value["op"]
        if not isinstance(op, str) or op not in OPS:
            raise self.error(place, f"there is no op {_short(op)}.", _suggest(op, OPS))
        cls, kind = OPS[op]
        declared = {entry.name: entry for entry in fields(cls) if entry.name != "kind"}
        self.known(f"{place} ({op})", value, ("op", *declared))
        needed = [n for n, f in declared.items() if f.default is MISSING and f.default_factory is MISSING]
        for name in needed:
            if name not in value:
                raise self.error(f"{place} ({op})", f"{name} is missing.", f'Write "{name}": ...')
        read = {n: self.entry(n, v, f"{place} ({op})", place, depth) for n, v in value.items() if n != "op"}
        return cls(**read) if kind is None else cls(kind=kind, **read)  # type: ignore[call-arg]

    def known(self, place: str, value: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for name in value:
            if name not in names:
                raise self.error(place, f"there is no field {_short(name)}.", _suggest(name, names))

    # --- fields ---

    def entry(self, name: str, value: Any, place: str, path: str, depth: int) -> Any:
        if name in GRAPHS:
            return self.graphs(name, value, path, depth)
        if name in WORDS:
            if value is not None and not isinstance(value, str):
                raise self.error(place, f"{name} is {_short(value)}.", "Write a text in quotes.")
            return value
        if name in FLAGS:
            if not isinstance(value, bool):
                raise self.error(place, f"{name} is {_short(value)}.", "Write true or false.")
            return value
        if name == "repeat":
            return self.count(value, place)
        return self.sizes(name, value, place)

    def graphs(self, name: str, value: Any, path: str, depth: int) -> Any:
        if name == "layers":
            return self.nodes(value, f"{path}.layers", depth + 1)
        if not isinstance(value, list):
            raise self.error(
                f"{path}.branches", f"{_short(value)} is no list of graphs.", "Write [[nodes], [nodes]]."
            )
        return tuple(self.nodes(branch, f"{path}.branches[{i}]", depth + 1) for i, branch in enumerate(value))

    def count(self, value: Any, place: str) -> int:
        times = self.size(value, f"{place} repeat")
        if not isinstance(times, int):
            raise self.error(place, f"repeat is {times}, which has no value.", f"Give it one: --set {times}=3.")
        return times

    def sizes(self, name: str, value: Any, place: str) -> Any:
        where = f"{place} {name}"
        if isinstance(value, str) and ((name == "p" and value in PADDINGS) or (name == "g" and value == "dw")):
            return value
        if isinstance(value, str) and name == "p" and (close := get_close_matches(value, PADDINGS, n=1)):
            raise self.error(place, f"there is no padding {_short(value)}.", f"Did you mean {close[0]}?")
        if isinstance(value, list):
            if not value or len(value) > MOST_AXES:
                raise self.error(where, f"{_short(value)} has {len(value)} entries.", "Write one number per axis.")
            return tuple(
                tuple(self.size(part, where) for part in entry)
                if isinstance(entry, list) and name == "p"
                else self.size(entry, where)
                for entry in value
            )
        if value is None and name in ("out", "s", "links"):
            return None
        return self.size(value, where)

    def size(self, value: Any, place: str) -> Size:
        if isinstance(value, str):
            return self.formula(value, place)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(place, f"{_short(value)} is no whole number.", NUMBER)
        if abs(value) > LARGEST:
            raise self.error(place, "the number is too large.", f"Stay below {LARGEST}.")
        return value

    def formula(self, text: str, place: str, given: bool = False) -> Size:
        """A symbol, or a formula in symbols such as 32*m; given: it is itself the value of a setting."""
        if text.isidentifier():  # also names that are functions elsewhere, such as gamma
            return self.symbol(text, given)
        names = frozenset(re.findall(r"[A-Za-z_]\w*", text)) - FUNCTIONS.keys()
        try:
            return self.value(parse(text, Names(symbols=names)), given)
        except (AnswerError, _NoSizeError, ZeroDivisionError, TypeError, OverflowError):
            raise self.error(
                place, f"{_short(text)} is no size.", 'Write "W", or a formula such as "32*m".'
            ) from None

    def value(self, node: Node, given: bool) -> Size:
        match node:
            case Number(value=value) if value.denominator == 1 and abs(value) <= LARGEST:
                return value.numerator
            case Symbol(name=name):
                return self.symbol(name, given)
            case Op(op=op, args=args):
                return _arithmetic(op, [self.value(arg, given) for arg in args])
            case Call(name=name, args=args) if name in ("floor", "ceiling", "Max", "Min"):
                return _called(name, args, [self.value(arg, given) for arg in _inside(name, args)])
            case _:
                raise _NoSizeError

    def symbol(self, name: str, given: bool) -> Size:
        if given:
            return symbol(name)
        self.met.add(name)
        if name not in self.settings:
            return symbol(name)
        setting = self.settings[name]
        place = f"--set {name}"
        return self.formula(setting, place, given=True) if isinstance(setting, str) else self.size(setting, place)


class _NoSizeError(Exception):
    """A formula with parts that no size has."""


def _inside(name: str, args: tuple[Node, ...]) -> tuple[Node, ...]:
    """floor(a / b) is one rounded division: its two parts."""
    if name in ("floor", "ceiling") and isinstance(args[0], Op) and args[0].op == "/":
        return args[0].args
    return args


def _called(name: str, args: tuple[Node, ...], values: list[Size]) -> Size:
    if name in ("floor", "ceiling"):
        round_off = floor_div if name == "floor" else ceil_div
        return round_off(values[0], values[1] if len(values) > 1 else 1)
    choose = maximum if name == "Max" else minimum
    result = values[0]
    for value in values[1:]:
        result = choose(result, value)
    return result


def _arithmetic(op: str, values: list[Size]) -> Size:
    if op == "+":
        return plain(sum(values))
    if op == "neg":
        return plain(-values[0])
    if op == "*":
        result = values[0]
        for value in values[1:]:
            result = result * value
        return plain(result)
    left, right = values
    if op == "/":
        return quotient(left, right)
    if op == "//":
        return floor_div(left, right)
    if op == "^" and isinstance(right, int) and 0 <= right <= 64:
        return plain(left**right)
    raise _NoSizeError


def _suggest(name: object, known: Any) -> str:
    """The nearest known name, capitals aside, or all of them."""
    names = {str(entry).lower(): str(entry) for entry in known}
    close = get_close_matches(str(name).lower(), list(names), n=1, cutoff=0.5)
    return f"Did you mean {names[close[0]]}?" if close else f"Known: {', '.join(known)}."


def _short(value: object) -> str:
    """The value as JSON, cut to what one can read."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def read_graph(text: str, file: str, settings: Mapping[str, int | str] | None = None) -> Network:
    """Read a graph file's text and count it.  settings give symbols a value (an int or a formula).

    Raises ConfigError (with file, place and advice) for anything that is no layer graph.

    >>> text = '{"input": [3, "W", "W"], "graph": [{"op": "conv", "out": 64, "k": 7, "s": 2, "p": 3}]}'
    >>> read_graph(text, "stem.json", {"W": 224}).output
    (64, 112, 112)
    >>> read_graph(text, "stem.json").output[1]
    floor(W/2 - 1/2) + 1
    """
    return _Reader(file, settings or {}).document(text)
