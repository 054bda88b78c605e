"""Values of many similar formulas at a few fixed points: a quick float screening before anything is decided.

Two formulas whose rows differ are different; equal rows are only a candidate, which `decide` has to confirm.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import fmpq

from autograder.decide.indexed import array_names, places, settings
from autograder.decide.points import Chance, admitted, generic, make_divisible
from autograder.domain import Domain
from autograder.expression import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
)

__all__ = ["Row", "Sampler", "close_rows"]

Row = npt.NDArray[np.float64]
POINTS = 7
WIDTHS = (4, 6, 9, 13, 20, 40, 60)  # of the ranges of whole numbers: powers of two keep their digits
TRIES = 150
MANY_PLACES, PLACES = 120, 14  # free indices for each setting of the sizes: those looked at, those drawn from them
WIDEST_SIZE, CELLS = 6, 400  # of the arrays: the largest size, entries of the largest one
WIDEST = 20000  # values of one sum at one setting
CLOSE = 1e-9  # relative; the error of a float is below 1e-14 and may grow where terms cancel


class Unknown(Exception):
    """There is no float for this formula."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Points that are evaluated together: a vector for each name, and the arrays that they share."""

    names: Mapping[str, Any]
    arrays: Mapping[str, Any] = field(default_factory=dict)
    outside: str = "error"


class Sampler:
    """Evaluates formulas over one domain; what was evaluated as a part of `base` is looked up.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> counts = Sampler(domain({"F": "positive integer"}), parse("F^2"), ("F",))
    >>> close_rows(counts.row(parse("F^2 + F")), counts.row(parse("F*(F + 1)")))
    True
    """

    def __init__(self, domain: Domain, base: Node, names: tuple[str, ...]) -> None:
        self._prepare(tuple(_stages(domain, base, names)))

    @classmethod
    def over(cls, stages: tuple[Stage, ...]) -> Sampler:
        """One that takes values at given points."""
        found = cls.__new__(cls)
        found._prepare(stages)
        return found

    def _prepare(self, stages: tuple[Stage, ...]) -> None:
        self.stages = stages
        self._known: list[dict[int, Any]] = [{} for _ in self.stages]
        self._kept: list[Node] = []

    def remember(self, base: Node) -> None:
        """Keep the values of every part of a tree: trees that share parts with it are then quick."""
        self._kept.append(base)
        with np.errstate(all="ignore"):
            for stage, known in zip(self.stages, self._known, strict=True):
                try:
                    _Evaluation(stage, known, keep=True).value(base, stage.names, 0)
                except Unknown:
                    continue

    def row(self, node: Node) -> Row | None:
        """The values at all points, nan where there is none; None if that is so everywhere."""
        found = []
        with np.errstate(all="ignore"):
            for stage, known in zip(self.stages, self._known, strict=True):
                try:
                    value = _Evaluation(stage, known).value(node, stage.names, 0)
                except (Unknown, OverflowError, ValueError, KeyError):
                    return None
                shape = np.shape(next(iter(stage.names.values()), np.zeros(1)))
                values = np.asarray(value, dtype=np.float64)
                found.append(values if values.shape == shape else np.broadcast_to(values, shape))
        row = np.concatenate(found)
        there = np.isfinite(row)
        return np.where(there, row, np.nan) if there.any() else None


def close_rows(one: Row | None, other: Row | None) -> bool:
    """Whether two rows may belong to equal formulas."""
    if one is None or other is None:
        return False
    return bool(np.allclose(one, other, rtol=CLOSE, atol=1e-12, equal_nan=True))


def _stages(domain: Domain, base: Node, names: tuple[str, ...]) -> list[Stage]:
    arrays = array_names(base) | set(domain.arrays)
    declared = sorted((set(domain.kinds) | domain.sizes() | set(names)) - arrays - set(domain.indices))
    chance = Chance(b"diagnose")
    if not arrays:
        return [_scalar(domain, declared, chance)]
    found = []
    for setting in _settings(domain, declared, chance):
        near = list(islice(places(domain, setting, chance), MANY_PLACES))
        points = sorted(near, key=lambda _: chance.below(1 << 30))[:PLACES] or [setting]
        vectors = {name: np.array([_float(point[name]) for point in points]) for name in points[0]}
        shapes = {
            name: tuple(int(_shape_value(size, setting)) for size in shape) for name, shape in domain.arrays.items()
        }
        filled = {name: _filled(name, shape) for name, shape in shapes.items()}
        found.append(Stage(vectors, filled, domain.outside))
    return found


def _settings(domain: Domain, names: list[str], chance: Chance) -> list[dict[str, Any]]:
    """Sizes of arrays: different ones, which tell slips apart, then equal ones, where more slips have values."""
    sizes, loose = domain.sizes(), replace(domain, where=())
    others = [name for name in names if name not in sizes]
    found: list[tuple[int, int, dict[str, Any]]] = []
    for attempt in range(TRIES):
        same = fmpq(3) if not attempt else None  # the first have all the same size
        point = {name: same or fmpq(2 + chance.below(WIDEST_SIZE - 1)) for name in names if name in sizes}
        point |= next(generic(loose, others, chance)) if others else {}
        new = all(any(point[name] != other[name] for name in sizes) for _, _, other in found)
        if new and admitted(domain, point) and _cells(domain, point) <= CELLS:
            found.append((-len({point[name] for name in sizes}), attempt, point))
    ranked = [point for _, _, point in sorted(found, key=lambda one: one[:2])]
    return [*ranked[:1], *ranked[1:][-1:], *list(settings(domain, names, chance))[-1:]]


def _cells(domain: Domain, setting: Mapping[str, Any]) -> float:
    """How many entries the largest array has; too many where a size is not positive."""
    shapes = [[_shape_value(size, setting) for size in shape] for shape in domain.arrays.values()]
    return max((math.prod(shape) if min(shape) > 0 else math.inf for shape in shapes if shape), default=0)


def _scalar(domain: Domain, names: list[str], chance: Chance) -> Stage:
    """Generic points that are not too large; whole numbers differ and are no ones, where the relations allow it."""
    loose = replace(domain, where=())
    points: list[dict[str, Any]] = []
    for strict in (True, False):
        for _ in range(TRIES):
            if len(points) == POINTS:
                break
            point = {name: _drawn(loose, name, chance) for name in names}
            if domain.where:
                make_divisible(domain, point)
            if admitted(domain, point) and (not strict or _telling(domain, point)):
                points.append(point)
    points += list(islice(generic(domain, names, chance), POINTS - len(points)))
    return Stage({name: np.array([_float(point[name]) for point in points]) for name in names} or {"": np.zeros(1)})


def _drawn(domain: Domain, name: str, chance: Chance) -> Any:
    """A value of a symbol: a whole number from one of several ranges, or any other one."""
    kind = domain.kind_of(name)
    if kind.whole and kind.low is not None and kind.high is None:
        return fmpq(int(kind.low) + chance.below(WIDTHS[chance.below(len(WIDTHS))]))
    return next(generic(domain, [name], chance))[name]


def _telling(domain: Domain, point: Mapping[str, Any]) -> bool:
    """Whether no two counts are equal and none is 1, so that few slips look alike here."""
    counts = [
        value for name, value in point.items() if domain.kind_of(name).whole and domain.kind_of(name).high is None
    ]
    return len(set(counts)) == len(counts) and 1 not in counts


def _float(value: Any) -> float:
    try:
        return int(value.p) / int(value.q)
    except AttributeError:  # a point of a complex symbol: its real part screens well enough
        return float(value.real.mid())


def _shape_value(size: Node, setting: Mapping[str, Any]) -> float:
    stage = Stage({name: np.array([_float(value)]) for name, value in setting.items()})
    return float(_Evaluation(stage, {}).value(size, stage.names, 0)[0])


def _filled(name: str, shape: tuple[int, ...]) -> Any:
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).integers(1, 97, size=shape) * 1.0


@dataclass(frozen=True, slots=True)
class _Evaluation:
    stage: Stage
    known: dict[int, Any]
    keep: bool = False

    def value(self, node: Node, env: Mapping[str, Any], depth: int) -> Any:
        """A number or an array: the last axis runs over the points, one in front for each sum around the node."""
        if depth == 0:
            found = self.known.get(id(node))
            if found is not None:
                return found
        result = self._fresh(node, env, depth)
        if self.keep and depth == 0:
            self.known[id(node)] = result
        return result

    def _fresh(self, node: Node, env: Mapping[str, Any], depth: int) -> Any:
        match node:
            case Number(value=value):
                return value.numerator / value.denominator
            case Symbol(name=name):
                return env[name]
            case Op(op=op, args=args):
                parts = [self.value(part, env, depth) for part in args]
                return _arithmetic(op, parts)
            case Call(name=name, args=args) if name in FUNCTIONS:
                return FUNCTIONS[name](*[self.value(part, env, depth) for part in args])
            case Constant(name=name) if name in CONSTANTS:
                return CONSTANTS[name]
            case Piecewise(branches=branches):
                return self._piecewise(branches, env, depth)
            case Relation(op=op, left=left, right=right) if op in RELATIONS:
                return RELATIONS[op](self.value(left, env, depth), self.value(right, env, depth))
            case Logic(op=op, args=args):
                parts = [self.value(part, env, depth) for part in args]
                return _logic(op, parts)
            case Truth(value=value):
                return value
            case Index(base=base, indices=indices):
                return self._entry(base, [self.value(index, env, depth) for index in indices])
            case Fold():
                return self._fold(node, list(node.limits), env, depth)
        raise Unknown(type(node).__name__)

    def _piecewise(self, branches: tuple[tuple[Node, Node], ...], env: Mapping[str, Any], depth: int) -> Any:
        result: Any = np.nan
        for value, condition in reversed(branches):
            result = np.where(self.value(condition, env, depth), self.value(value, env, depth), result)
        return result

    def _entry(self, base: str, indices: list[Any]) -> Any:
        array = self.stage.arrays.get(base)
        if array is None or array.ndim != len(indices):
            raise Unknown(base)
        places = np.broadcast_arrays(*indices)
        whole = [np.rint(place).astype(np.int64) for place in places]  # any number for nan, which is never exact
        exact = np.logical_and.reduce([place == at for place, at in zip(places, whole, strict=True)])
        inside = np.logical_and.reduce(
            [(at >= 0) & (at < size) for at, size in zip(whole, array.shape, strict=True)]
        )
        read = array[tuple(np.clip(at, 0, size - 1) for at, size in zip(whole, array.shape, strict=True))]
        beyond = 0.0 if self.stage.outside == "zero" else np.nan
        return np.where(exact, np.where(inside, read, beyond), np.nan)

    def _fold(self, node: Fold, limits: list[tuple[str, Node, Node]], env: Mapping[str, Any], depth: int) -> Any:
        """The outermost sum first: its index gets an axis in front of those that are there."""
        if not limits:
            return self.value(node.body, env, depth)
        name, low, high = limits[-1]
        first, last = self.value(low, env, depth), self.value(high, env, depth)
        if np.ptp(first) or np.ptp(last):
            return self._apart(node, env, depth)
        start, stop = float(np.ravel(first)[0]), float(np.ravel(last)[0])
        if start != int(start) or stop != int(stop) or stop - start > WIDEST:
            raise Unknown("a range")
        if stop - start < -1:
            return np.nan  # a range that runs backwards has no value here, whatever it is held to be
        size = int(stop - start) + 1
        index = np.arange(start, stop + 1).reshape(size, *[1] * (depth + 1))
        inner = np.asarray(self._fold(node, limits[:-1], {**env, name: index}, depth + 1))
        if inner.size > WIDEST:
            raise Unknown("a sum with too many terms")
        if inner.ndim < depth + 2:
            inner = inner.reshape(*[1] * (depth + 2 - inner.ndim), *inner.shape)
        if inner.shape[0] != size:
            inner = np.broadcast_to(inner, (size, *inner.shape[1:]))
        return inner.sum(axis=0) if node.op == "Sum" else inner.prod(axis=0)

    def _apart(self, node: Fold, env: Mapping[str, Any], depth: int) -> Any:
        """Points whose ranges differ, one after the other."""
        size = max(np.size(value) for value in env.values())
        if depth or size < 2:
            raise Unknown("a range that depends on another index")
        single = [{name: _one(value, place) for name, value in env.items()} for place in range(size)]
        parts = [np.ravel(_Evaluation(self.stage, {}).value(node, point, 0))[0] for point in single]
        return np.array(parts)


def _one(value: Any, place: int) -> Any:
    return value[place : place + 1] if np.size(value) > 1 else value


def _arithmetic(op: str, parts: list[Any]) -> Any:
    if op == "neg":
        return -parts[0]
    if op in ("+", "*"):
        total = parts[0]
        for part in parts[1:]:
            total = total + part if op == "+" else total * part
        return total
    left, right = parts
    if op == "^":
        return np.power(np.asarray(left, dtype=np.float64), right)
    if op == "/":
        return np.divide(left, right)
    return np.floor_divide(left, right) if op == "//" else np.mod(left, right)


def _logic(op: str, parts: list[Any]) -> Any:
    if op == "not":
        return np.logical_not(parts[0])
    return (np.logical_and if op == "and" else np.logical_or).reduce(np.broadcast_arrays(*parts))


RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
CONSTANTS: Mapping[str, float] = {"pi": np.pi, "E": np.e}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "log": lambda value, base=np.e: np.log(value) / np.log(base),
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "ceiling": np.ceil,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "Max": lambda *values: np.maximum.reduce(np.broadcast_arrays(*values)),
    "Min": lambda *values: np.minimum.reduce(np.broadcast_arrays(*values)),
    "Mod": np.mod,
}
