"""One line of a worked solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.expression import Node, to_text

__all__ = ["Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: words, and a chain of equal formulas.

    left: what stands before the chain and is only shown, such as z[i] before its definition.
    concludes: the chain is equal to the answer as well.  rounded: the last formula is the one before, rounded.
    shown: a formula that is shown and not decided, as it holds derivatives yet to be taken.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    chain: tuple[Node, ...] = ()
    left: Node | None = None
    concludes: bool = False
    rounded: bool = False
    shown: Node | None = None

    @property
    def text(self) -> str:
        """The chain as plain text.

        >>> from autograder.expression import parse
        >>> Line(chain=(parse("28"), parse("784")), left=parse("r")).text
        'r = 28 = 784'
        """
        parts = [to_text(part) for part in ((self.left,) if self.left is not None else ())]
        *exact, last = [*parts, *map(to_text, self.chain)]
        return f"{' = '.join(exact)} {'≈' if self.rounded else '='} {last}" if exact else last
