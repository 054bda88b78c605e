"""Small slips in a formula or a function: a key whose checks let one of them pass is not worth much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.expression import Fold, Index, Node, Number, Op, Symbol, children, free_names, rebuild

__all__ = ["Mutant", "formula_mutants", "output_mutants"]

ONE = Number(Fraction(1), "1")
MOST = 60


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed formula, and what was changed."""

    change: str
    node: Node


def formula_mutants(reference: Node, names: Sequence[str]) -> Iterator[Mutant]:
    """Every single slip of these kinds: a term or factor dropped, +-1, a power, two symbols swapped or confused."""
    count = 0
    for mutant in _all(reference, names):
        if mutant.node != reference:
            yield mutant
            count += 1
            if count >= MOST:
                return


def _all(reference: Node, names: Sequence[str]) -> Iterator[Mutant]:
    yield Mutant("1 added", Op("+", (reference, ONE)))
    yield Mutant("1 taken away", Op("+", (reference, Op("neg", (ONE,)))))
    yield Mutant("doubled", Op("*", (Number(Fraction(2), "2"), reference)))
    yield from _within(reference)
    used = sorted(free_names(reference) & set(names))
    for place, first in enumerate(used):
        for second in names:
            if second in used[place + 1 :]:
                yield Mutant(f"{first} and {second} swapped", _renamed(reference, {first: second, second: first}))
            if second != first:
                yield Mutant(f"{second} for {first}", _renamed(reference, {first: second}))


def _renamed(node: Node, names: dict[str, str]) -> Node:
    if isinstance(node, Symbol):
        return Symbol(names.get(node.name, node.name))
    return rebuild(node, lambda part: _renamed(part, names))


def _within(node: Node) -> Iterator[Mutant]:
    """Slips in one part of the tree, with the rest as it is."""
    yield from _here(node)
    parts = children(node)
    for place, part in enumerate(parts):
        for mutant in _within(part):
            yield Mutant(mutant.change, _with_part(node, place, mutant.node))


def _with_part(node: Node, place: int, new: Node) -> Node:
    counter = iter(range(len(children(node))))
    return rebuild(node, lambda part: new if next(counter) == place else part)


def _here(node: Node) -> Iterator[Mutant]:
    match node:
        case Op(op="+" | "*" as op, args=args):
            for place in range(len(args)):
                rest = args[:place] + args[place + 1 :]
                what = "term" if op == "+" else "factor"
                yield Mutant(f"a {what} dropped", rest[0] if len(rest) == 1 else Op(op, rest))
        case Op(op="^", args=(base, Number(value=power))):
            for other in (power - 1, power + 1):
                yield Mutant(
                    f"power {other} for {power}", Op("^", (base, Number(other, str(other)))) if other != 1 else base
                )
            yield Mutant("product for power", Op("*", (base, Number(power, str(power)))))
        case Op(op="neg", args=(inner,)):
            yield Mutant("sign lost", inner)
        case Op(op="/", args=(top, bottom)):
            yield Mutant("divisor lost", top)
            yield Mutant("turned over", Op("/", (bottom, top)))
        case Number(value=value) if value.denominator == 1:
            for other in (value + 1, value - 1):
                yield Mutant(f"{other} for {value}", Number(other, str(other)) if other >= 0 else Op("neg", (ONE,)))
        case Fold(op=op, body=body, limits=limits):
            name, low, high = limits[0]
            yield Mutant("upper limit 1 less", Fold(op, body, ((name, low, _plus(high, -1)), *limits[1:])))
            yield Mutant("lower limit 1 more", Fold(op, body, ((name, _plus(low, 1), high), *limits[1:])))
        case Index(base=base, indices=indices):
            for place, index in enumerate(indices):
                moved = (*indices[:place], _plus(index, 1), *indices[place + 1 :])
                yield Mutant(f"index {place + 1} of {base} shifted", Index(base, moved))


def _plus(node: Node, step: int) -> Node:
    return Op("+", (node, ONE if step > 0 else Op("neg", (ONE,))))


OUTPUTS: dict[str, Callable[[np.ndarray[Any, Any]], Any]] = {
    "1 added": lambda out: out + 1,
    "sign turned": lambda out: -out,
    "doubled": lambda out: 2 * out,
    "transposed": np.transpose,
    "reversed": lambda out: out[::-1] if out.ndim else out,
    "shifted by one": lambda out: np.roll(out, 1, axis=0) if out.ndim else out,
    "averaged": lambda out: out / max(1, out.size),
    "first entry only": lambda out: np.where(np.arange(out.size).reshape(out.shape) == 0, out, 0),
    "almost right": lambda out: out * (1 + 1e-7) + 1e-12,
}


def output_mutants(implementation: Callable[..., Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The implementation with its output changed, and what was changed."""
    for change, spoil in OUTPUTS.items():
        yield change, _spoiled(implementation, spoil)


def _spoiled(
    implementation: Callable[..., Any], spoil: Callable[[np.ndarray[Any, Any]], Any]
) -> Callable[..., Any]:
    def function(*args: Any) -> Any:
        result = implementation(*args)
        if isinstance(result, tuple):
            return tuple(spoil(np.asarray(part)) for part in result)
        if isinstance(result, dict):
            return {key: spoil(np.asarray(part)) for key, part in result.items()}
        return spoil(np.asarray(result))

    return function
