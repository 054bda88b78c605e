"""What a student's answer is, once it has left the student's process: plain data, nothing that can act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

__all__ = [
    "Answer",
    "CallOutcome",
    "Died",
    "Earlier",
    "FunctionValue",
    "Missing",
    "Opaque",
    "Raised",
    "Returned",
    "SympyText",
    "TimedOut",
    "Value",
]


@dataclass(frozen=True, slots=True)
class Missing:
    """The name is not defined in the submission; why tells when a cell's failure explains it."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class SympyText:
    """A sympy object of the student's, as the text that str() gave in their process."""

    text: str


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the student's: it stays in their process, only its parameter names come over."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that the wire does not carry: its type's name, and why it was refused."""

    type_name: str
    why: str = ""


# None, bool, int, float, complex, Fraction, str, tuple, list, dict[str, Value], numpy.ndarray (exactly that
# type), or one of the above
Value = Any


@dataclass(frozen=True, slots=True)
class Returned:
    """A call came back.  mutated: positions of the arguments that the function changed."""

    value: Value
    mutated: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """Student code raised: the type's name, its text, the line of the student's file, the cell (1-based)."""

    type_name: str
    message: str = ""
    line: int | None = None
    cell: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The call or cell was stopped at its limit."""

    seconds: float
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Died:
    """The student's process ended or broke the protocol: memory, exit, crash, protocol."""

    why: str
    cell: int | None = None


CallOutcome = Returned | Raised | TimedOut | Died


@dataclass(frozen=True, slots=True)
class Earlier:
    """The student's own answer to another problem, as far as it is an exact number, and whether it is right."""

    value: Fraction | None
    correct: bool = False


def _no_call(_arguments: Sequence[Any]) -> CallOutcome:
    return Died("no process")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a problem's check receives it.

    value: what the name held.  call: runs the function of that name on arguments, in the student's process.
    others: the student's values of the other answers that the problem asked for (`given`).
    """

    value: Value
    call: Callable[[Sequence[Any]], CallOutcome] = _no_call
    others: Mapping[str, Earlier] = field(default_factory=dict)
