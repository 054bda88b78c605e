"""Where the symbols of a problem live: their kinds, the relations between them, arrays and free indices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from autograder.errors import AnswerError, ConfigError, ConfigProblem
from autograder.expression import Node, free_names, parse

__all__ = ["Domain", "Kind", "domain", "kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """The values that one symbol may take: whole, real or complex numbers between two bounds."""

    name: str
    whole: bool = False
    complex: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False
    nonzero: bool = False

    def __hash__(self) -> int:
        """By name alone, which is cheap; equality still looks at everything."""
        return hash(self.name)

    @property
    def free(self) -> bool:
        """Whether every rational lies in the kind."""
        return self.low is None and self.high is None and not (self.whole or self.nonzero)

    def admits(self, value: Fraction) -> bool:
        """Whether a rational lies in the kind.

        >>> kind("positive integer").admits(Fraction(0))
        False
        """
        if self.whole and value.denominator != 1:
            return False
        if self.nonzero and value == 0:
            return False
        below = self.low is not None and (value < self.low or (self.low_open and value == self.low))
        above = self.high is not None and (value > self.high or (self.high_open and value == self.high))
        return not (below or above)


NAMED: Mapping[str, Kind] = {
    "real": Kind("real"),
    "complex": Kind("complex", complex=True),
    "positive": Kind("positive", low=Fraction(0), low_open=True),
    "negative": Kind("negative", high=Fraction(0), high_open=True),
    "nonnegative": Kind("nonnegative", low=Fraction(0)),
    "nonpositive": Kind("nonpositive", high=Fraction(0)),
    "nonzero": Kind("nonzero", nonzero=True),
    "integer": Kind("integer", whole=True),
    "positive integer": Kind("positive integer", whole=True, low=Fraction(1)),
    "nonnegative integer": Kind("nonnegative integer", whole=True, low=Fraction(0)),
    "negative integer": Kind("negative integer", whole=True, high=Fraction(-1)),
    "natural": Kind("natural", whole=True, low=Fraction(1)),
}
BOUND = re.compile(r"\s*(>=|<=|>|<)\s*(-?\d+(?:/\d+|\.\d+)?)\s*$")
INTERVAL = re.compile(r"\s*([\[(])\s*(-?\d+(?:/\d+|\.\d+)?)\s*,\s*(-?\d+(?:/\d+|\.\d+)?)\s*([\])])\s*$")


def kind(text: str) -> Kind:
    """The kind that a text such as "positive integer", ">2", "integer >= 3" or "[0, 1)" names.

    Raises ValueError for any other text.

    >>> kind(">2").low_open, kind("[0, 1)").high
    (True, Fraction(1, 1))
    """
    words = text.strip().lower().replace("non-negative", "nonnegative")
    if words in NAMED:
        return NAMED[words]
    whole = words.startswith("integer")
    rest = words.removeprefix("integer").removeprefix("real") if whole or words.startswith("real") else words
    bound = BOUND.match(rest)
    if bound:
        sign, limit = bound.group(1), Fraction(bound.group(2))
        if sign.startswith(">"):
            return Kind(text, whole=whole, low=limit, low_open=sign == ">")
        return Kind(text, whole=whole, high=limit, high_open=sign == "<")
    interval = INTERVAL.match(rest)
    if interval:
        left, low, high, right = interval.groups()
        return Kind(text, whole, False, Fraction(low), Fraction(high), left == "(", right == ")")
    raise ValueError(f"{text!r} is no kind of number; one of: {', '.join(NAMED)}, '>2', '[0, 1]'")


@dataclass(frozen=True, slots=True)
class Domain:
    """Kinds by symbol, relations that tie them, shapes of arrays, ranges of free indices.

    outside: "error" or "zero", what an array holds beyond its range.  default: the kind of undeclared symbols.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    where: tuple[Node, ...] = ()
    arrays: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    indices: Mapping[str, tuple[Node, Node]] = field(default_factory=dict)
    outside: str = "error"
    default: Kind = NAMED["real"]

    def __hash__(self) -> int:
        """By the names alone; equality still looks at everything."""
        return hash((frozenset(self.kinds), frozenset(self.arrays), frozenset(self.indices), self.outside))

    def kind_of(self, name: str) -> Kind:
        """The kind of a symbol; sizes of arrays are positive integers."""
        found = self.kinds.get(name)
        if found is not None:
            return found
        if not (self.arrays or self.indices):
            return self.default
        return NAMED["positive integer"] if name in self.sizes() else self.default

    def sizes(self) -> frozenset[str]:
        """The symbols that shapes and index ranges are made of."""
        texts = [size for shape in self.arrays.values() for size in shape]
        texts += [bound for pair in self.indices.values() for bound in pair]
        return frozenset[str]().union(*map(free_names, texts)) - frozenset(self.indices)

    def with_whole(self, names: frozenset[str]) -> Domain:
        """The same domain, in which these symbols are whole numbers."""
        loose = {name for name in names if not self.kind_of(name).whole}
        if not loose:
            return self
        return replace(self, kinds=dict(self.kinds) | {name: _whole(self.kind_of(name)) for name in loose})

    def whole(self, names: Sequence[str]) -> bool:
        """Whether each of these symbols is a whole number."""
        return all(self.kind_of(name).whole for name in names)


def _whole(loose: Kind) -> Kind:
    """The whole numbers of a kind."""
    return replace(loose, name=f"integer {loose.name}", whole=True, complex=False)


def domain(
    symbols: Mapping[str, str],
    where: Sequence[str] = (),
    arrays: Mapping[str, Sequence[str]] | None = None,
    indices: Mapping[str, Sequence[str | int]] | None = None,
    outside: str = "error",
    default: str = "real",
) -> Domain:
    """The domain that an author's plain texts describe.

    Raises ConfigError where a kind or a relation cannot be read.

    >>> domain({"K": "positive integer"}, where=["W >= K"]).kind_of("K").whole
    True
    """
    if outside not in ("error", "zero"):
        raise ConfigError([ConfigProblem("domain", None, f"outside = {outside!r}.", "Write 'error' or 'zero'.")])
    try:
        return Domain(
            {name: kind(text) for name, text in symbols.items()},
            tuple(parse(text, relations=True) for text in where),
            {name: tuple(parse(str(size)) for size in shape) for name, shape in (arrays or {}).items()},
            {name: (parse(str(low)), parse(str(high))) for name, (low, high) in (indices or {}).items()},
            outside,
            kind(default),
        )
    except ValueError as error:
        raise ConfigError([ConfigProblem("domain", None, str(error))]) from None
    except AnswerError as error:
        raise ConfigError(
            [ConfigProblem("domain", None, f"{error.text!r} cannot be read: {error.code}.")]
        ) from None
