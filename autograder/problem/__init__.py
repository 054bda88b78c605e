"""The kinds of problem, what an author declares for each, and how an answer to it is checked."""

from autograder.problem.declare import Case, Cases, Convention, Item, Mistake, Property, Published, Words
from autograder.problem.kinds import (
    Checkpoint,
    Choice,
    Derivation,
    Formula,
    Function,
    Number,
    Problem,
    Step,
    Written,
)
from autograder.problem.working import Costs, Gradient, Kernel, ReceptiveField

__all__ = [
    "Case",
    "Cases",
    "Checkpoint",
    "Choice",
    "Convention",
    "Costs",
    "Derivation",
    "Formula",
    "Function",
    "Gradient",
    "Item",
    "Kernel",
    "Mistake",
    "Number",
    "Problem",
    "Property",
    "Published",
    "ReceptiveField",
    "Step",
    "Words",
    "Written",
]
