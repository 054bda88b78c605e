"""The checkpoints of a derivation: what each has to equal, and what a line in its place may be instead."""

from __future__ import annotations

from functools import lru_cache

from autograder.decide import decide
from autograder.diagnose import Case, Keeper
from autograder.expression import Node
from autograder.problem.formula import as_node, domain_of, names_of, topics_of
from autograder.problem.kinds import Checkpoint, Derivation
from autograder.problem.options import CheckOptions

__all__ = ["checkpoint_case", "equal", "reaches", "reference_of", "rewrites"]


@lru_cache(maxsize=1024)
def reference_of(checkpoint: Checkpoint) -> Node:
    """The tree of a checkpoint's reference."""
    return as_node(checkpoint.reference)


@lru_cache(maxsize=1024)
def checkpoint_case(problem: Derivation, at: int, keeper: Keeper | None = None) -> Case:
    """What a diagnosis of a line in the place of a checkpoint needs to know."""
    names = tuple(sorted(names_of(problem).symbols or ()))
    reference = reference_of(problem.checkpoints[at])
    return Case(reference, domain_of(problem), names, (), topics_of(problem), keeper=keeper)


def equal(problem: Derivation, step: Node, other: Node, options: CheckOptions) -> bool | None:
    """Whether two lines have the same value everywhere; None where that cannot be decided."""
    return decide(step, other, domain_of(problem), secret=options.secret).equal


def reaches(problem: Derivation, step: Node, checkpoint: Checkpoint, options: CheckOptions) -> bool | None:
    """Whether a line is a checkpoint: its value, in its form."""
    if checkpoint.form is not None and not checkpoint.form(step):
        return False
    return equal(problem, step, reference_of(checkpoint), options)


def rewrites(problem: Derivation, at: int, options: CheckOptions) -> bool:
    """Whether a checkpoint has the value of the one before it."""
    if not 0 < at < len(problem.checkpoints):
        return False
    before, here = (reference_of(problem.checkpoints[place]) for place in (at - 1, at))
    return bool(equal(problem, here, before, options))
