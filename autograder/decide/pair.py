"""The two formulas of one decision, with what the steps need to know of them, each found out at most once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.decide.evaluate import Environment, evaluator
from autograder.domain import Domain
from autograder.expression import (
    Call,
    Constant,
    Fold,
    Index,
    Matrix,
    Node,
    Number,
    Op,
    Symbol,
    children,
    free_names,
)
from autograder.verdict import Evidence, NoEvidence

__all__ = ["Decision", "Pair", "all_parts", "has_complex", "whole_names"]

EXPLICITLY_COMPLEX = frozenset({"re", "im", "arg", "conjugate"})
RATIONAL = frozenset({Number, Symbol, Op})
LEAVES = frozenset({Number, Symbol, Constant})


@dataclass(frozen=True, slots=True)
class Decision:
    """equal: True, False, or None where nothing was decided.  entries: each entry of a tuple or matrix apart."""

    equal: bool | None
    evidence: Evidence = field(default_factory=NoEvidence)
    entries: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two formulas over one domain.  parts are all nodes of both; rational: only numbers, symbols, arithmetic.

    indexed: a formula reads entries of arrays.  matrices: a matrix stands in a formula.
    real: symbols and formulas speak of real numbers, so that a value which is not real is no value.
    """

    answer: Node
    reference: Node
    domain: Domain
    names: tuple[str, ...]
    strict: bool
    secret: bytes
    parts: Sequence[Node]
    rational: bool
    real: bool
    indexed: bool
    matrices: bool

    @staticmethod
    def of(answer: Node, reference: Node, domain: Domain, *, strict: bool, secret: bytes) -> Pair:
        """The pair; symbols that bound a sum are whole numbers, whatever their declared kind."""
        parts = all_parts(answer, reference)
        kinds = set(map(type, parts))
        rational = kinds <= RATIONAL
        if Fold in kinds or Index in kinds:
            names = free_names(answer) | free_names(reference)
        else:
            names = frozenset(part.name for part in parts if isinstance(part, Symbol))
        if not rational:
            domain = domain.with_whole(_whole_names(parts))
        real = not (any(domain.kind_of(name).complex for name in names) or (not rational and _has_complex(parts)))
        return Pair(
            answer,
            reference,
            domain,
            tuple(sorted(names)),
            strict,
            secret,
            parts,
            rational,
            real,
            Index in kinds,
            Matrix in kinds,
        )

    @cached_property
    def value(self) -> Callable[[Environment], Any]:
        """The answer's value at a point."""
        return evaluator(self.answer)

    @cached_property
    def wanted(self) -> Callable[[Environment], Any]:
        """The reference's value at a point."""
        return evaluator(self.reference)


def all_parts(*nodes: Node) -> Sequence[Node]:
    """Every node of these trees, in no order that matters."""
    found = list(nodes)
    for part in found:  # the list grows while it is read
        if type(part) is Op or type(part) is Call:
            found.extend(part.args)
        elif type(part) not in LEAVES:
            found.extend(children(part))
    return found


def has_complex(node: Node) -> bool:
    """Whether a formula itself says that it is complex."""
    return _has_complex(all_parts(node))


def _has_complex(parts: Sequence[Node]) -> bool:
    return any(
        (isinstance(part, Constant) and part.name == "I")
        or (isinstance(part, Call) and part.name in EXPLICITLY_COMPLEX)
        for part in parts
    )


def whole_names(node: Node) -> frozenset[str]:
    """Symbols in places where only whole numbers make sense: bounds of sums, double factorials."""
    return _whole_names(all_parts(node))


def _whole_names(parts: Sequence[Node]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for part in parts:
        match part:
            case Fold(limits=limits):
                found = found.union(*(free_names(bound) for _, low, high in limits for bound in (low, high)))
            case Call(name="factorial2", args=args):
                found = found.union(*map(free_names, args))
    return found
