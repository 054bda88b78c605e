"""What the parts of an audit share: its findings, its counters, the instances that it tries."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq

from autograder.decide.evaluate import compiled
from autograder.decide.points import Chance, admitted, generic, small
from autograder.domain import Domain
from autograder.problem.options import CheckOptions

__all__ = ["Slip", "Stopped", "Trial", "called", "plain_value", "with_known"]

INSTANCES = 12
LARGEST = 14  # implementations count by doing: sizes stay small


@dataclass(frozen=True, slots=True)
class Slip:
    """One finding of the audit: its kind, a sentence for the author, and where it is.

    near: a text of the author's that stands there, after the problem's name.  at: the file and line, if known.
    """

    kind: str
    message: str
    near: str = ""
    at: tuple[str, int] | None = None


class Stopped(Exception):
    """A function of the author's raised; the cause is what it raised."""


@dataclass(slots=True)
class Trial:
    """One run of the audit: its options, and how much was tried."""

    options: CheckOptions
    languages: tuple[str, ...] = ("en", "fa")
    instances: int = 0
    mutants: int = 0

    def points(self, domain: Domain, names: tuple[str, ...], key: str) -> Iterator[dict[str, Any]]:
        """Small points of the domain and some spread ones, none too large to build."""
        if not names:
            yield {}
            return
        yield from small(domain, names, INSTANCES // 2)
        spread = 0
        for point, _ in zip(generic(domain, names, Chance(b"audit", key.encode())), range(400), strict=False):
            if all(abs(_real(value)) <= LARGEST for value in point.values()) and admitted(domain, point):
                yield point
                spread += 1
            if spread >= INSTANCES // 2:
                return


def _real(value: Any) -> float:
    return float(Fraction(int(value.p), int(value.q))) if type(value) is fmpq else float(abs(value).mid())


def plain_value(value: Any) -> Any:
    """A flint value as an implementation expects it: int, else Fraction as float."""
    if type(value) is not fmpq:
        return complex(value)
    return int(value.p) if value.q == 1 else float(Fraction(int(value.p), int(value.q)))


def with_known(function: Callable[..., Any], known: Mapping[str, Any]) -> Any:
    """Call a function with those of the known names that it takes."""
    parameters = inspect.signature(function).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return called(function, known)
    missing = [
        name
        for name, parameter in parameters.items()
        if name not in known
        and parameter.default is parameter.empty
        and parameter.kind is not parameter.VAR_POSITIONAL
    ]
    if missing:
        raise Stopped(f"the implementation asks for {', '.join(missing)}, which the problem does not declare")
    return called(function, {name: known[name] for name in parameters if name in known})


def called(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call a function of the author's; raises Stopped with the call and what it raised."""
    try:
        return function(**arguments)
    except Exception as error:
        shown = ", ".join(f"{name}={value}" for name, value in arguments.items())
        call = f"{getattr(function, '__name__', 'the implementation')}({shown:.80})"
        raise Stopped(f"{call} raised {type(error).__name__}: {error}") from error


def array_of(name: str, shape: tuple[int, ...], chance: Chance) -> np.ndarray[Any, Any]:
    """Small whole numbers as floats: exact in sums and products of moderate size."""
    values = [float((chance.below(9) + 1) * (1 if chance.below(2) else -1)) for _ in range(int(np.prod(shape)))]
    return np.array(values).reshape(shape)


def value_of(node: Any, point: Mapping[str, Any]) -> Any:
    """The value of a tree at a point."""
    return compiled(node)(dict(point))
