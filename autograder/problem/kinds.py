"""The six kinds of answer, as an author declares them.  How each is checked stands in the module of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from autograder.problem.declare import Cases, Convention, Item, Mistake, Property, Published, Words
from autograder.problem.working import Working

__all__ = [
    "Checkpoint",
    "Choice",
    "Derivation",
    "Formula",
    "Function",
    "Number",
    "Problem",
    "Step",
    "Written",
    "declared_in",
]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One line of the worked solution: an expression equal to the reference, or words alone.

    An expression may be text, which keeps the author's order of terms.
    """

    expression: Any = None
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """What every kind has: the name that the student's code defines, the item, what is asked.

    working: what the steps of the answer key are derived from; steps: the author's own, after those.
    by_hand: how to work out a small case by hand, said beside a counterexample; the item's own where it is empty.
    """

    kind: ClassVar[str] = ""
    name: str
    item: Item
    ask: Words = field(default_factory=dict)
    by_hand: Words = field(default_factory=dict)
    source: str = ""
    given: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    working: Working | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Symbolic(Problem):
    """What Formula and Derivation share: where the symbols live."""

    symbols: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    arrays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    indices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    outside: str = "error"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Formula(Symbolic):
    """A formula in the item's symbols; reference is a sympy expression.

    shown: the reference as a person writes it, for the answer key; it has to be equal.
    implementation does the thing that the formula counts or measures, for the audit: it is called with the
    symbols by keyword.  instances are hand-picked values for that, beside the generated ones.
    """

    kind: ClassVar[str] = "Formula"
    reference: Any
    implementation: Callable[..., Any] | None = field(default=None, repr=False)
    instances: tuple[Mapping[str, Any], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    conventions: tuple[Convention, ...] = ()
    published: tuple[Published, ...] = ()
    up_to: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Number(Problem):
    """A number: reference is a sympy expression whose symbols have the given_values.

    shown: the reference as a person writes it, for the answer key; it has to be equal.
    tolerance: None for exact, else {"rel": r}, {"abs": a}, {"significant_figures": n}.
    accept: inclusive interval that is right instead (one-sided bounds); partial: interval that is half right.
    follow: from the student's own answers to `given` to the value that follows from them.
    """

    kind: ClassVar[str] = "Number"
    reference: Any
    given_values: Mapping[str, Any] = field(default_factory=dict)
    tolerance: Mapping[str, Any] | None = None
    accept: tuple[Any, Any] | None = None
    partial: tuple[Any, Any] | None = None
    percent: bool = False
    follow: Callable[..., Any] | None = field(default=None, repr=False)
    implementation: Callable[..., Any] | None = field(default=None, repr=False)
    mistakes: tuple[Mistake, ...] = ()
    conventions: tuple[Convention, ...] = ()
    published: tuple[Published, ...] = ()
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Function(Problem):
    """A NumPy function.  parts names its outputs when it returns a tuple or a dict; each is judged apart.

    follow: for an output that comes from the others, such as a total, the function from the student's own outputs
    by name to the value that follows; where others are right, a value that only follows earns the course's share.
    styles: other right ways to write the implementation; formulas: closed forms of outputs by name, in the names of
    the arguments (True counts as 1).  A wrong function is explained by slips in any of them; the audit proves them.
    """

    kind: ClassVar[str] = "Function"
    signature: str
    implementation: Callable[..., Any] = field(repr=False)
    cases: Cases = field(repr=False)
    doc: Words = field(default_factory=dict)
    reference: Any = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    styles: tuple[Callable[..., Any], ...] = field(default=(), repr=False)
    formulas: Mapping[str, Any] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    conventions: tuple[Convention, ...] = ()
    properties: tuple[Property, ...] = ()
    parts: tuple[str, ...] = ()
    follow: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict, repr=False)
    rtol: float | None = None
    atol: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checkpoint:
    """A line that a derivation has to pass: its value, and its form where the value alone says too little.

    follow: from the text of the line before to that of the line that follows from it; without it the line before
    is only rewritten.  Used after a wrong step, where the derivation's follow_through says so.
    mistakes: wrong lines in its place; the credit of one is a share of this checkpoint's part of the points.
    """

    id: str
    reference: Any
    words: Words = field(default_factory=dict)
    form: Callable[[Any], bool] | None = field(default=None, repr=False)
    follow: Callable[[str], str] | None = field(default=None, repr=False)
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derivation(Symbolic):
    """A list of steps from the first checkpoint to the last.

    follow_through: whether what follows correctly from the first wrong step still counts, at the course's share.
    """

    kind: ClassVar[str] = "Derivation"
    checkpoints: tuple[Checkpoint, ...]
    follow_through: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice(Problem):
    """One or several of the options; credit only for exactly the correct ones."""

    kind: ClassVar[str] = "Choice"
    options: Mapping[str, Words]
    correct: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Written(Problem):
    """Free text for a person: rubric lines with their weight, and a model answer."""

    kind: ClassVar[str] = "Written"
    rubric: tuple[tuple[int, Words], ...]
    model: Words = field(default_factory=dict)
    credit: ClassVar[Fraction] = Fraction(0)


def declared_in(problem: Problem) -> tuple[Mistake | Convention, ...]:
    """The mistakes and conventions of a problem, those of its checkpoints too.

    >>> start = Checkpoint(id="start", reference="x", mistakes=(Mistake(id="sign", answer="-x"),))
    >>> steps = Derivation(name="d", item=Item(id="Q1", title={}, question={}), checkpoints=(start,))
    >>> [entry.id for entry in declared_in(steps)]
    ['sign']
    """
    own = (*getattr(problem, "mistakes", ()), *getattr(problem, "conventions", ()))
    return own + tuple(mistake for one in getattr(problem, "checkpoints", ()) for mistake in one.mistakes)
