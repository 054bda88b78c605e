"""Look at your answers to Homework 1: convolutional networks before you hand them in.

In a notebook:    import grader
                  grader.check("q1a2")       a question, or the name of one answer; grader.check() looks at all
In a terminal:    python grader.py hw1.ipynb          or hw1.py, with names behind it if you like

Keep this file beside your notebook.  It needs Python 3.10 or newer and nothing else: no network, no packages.
It holds no answer key in any form: it knows the answers' names and the symbols that each may use.
What it says is NOT your grade.

This file is generated: what you change in it changes nothing about how you are graded.  The grader's own modules
for reading a formula were copied into it, so that what you see here is what will be graded.
"""
from __future__ import annotations

import __future__
import _thread
import builtins
import contextlib
import io
import json
import math
import os
import re
import sys
import time
import types
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby, pairwise


# -------------------- offline.light --------------------
Any = object
ABSENT = object()


class Later:
    """A module that is imported when something of it is first used."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, attribute: str) -> object:
        return getattr(sys.modules.get(self.name) or __import__(self.name), attribute)


class Pattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        self.parts = (text, flags)

    def __getattr__(self, attribute: str) -> object:
        return getattr(re.compile(*self.parts), attribute)


class Field:
    """What a record holds under a name where nothing is given, and whether it counts when two are compared."""

    def __init__(self, default: object, make: Callable[[], object] | None, *, compare: bool = True) -> None:
        self.default, self.make, self.compare = default, make, compare


def field(*, default=ABSENT, default_factory=None, compare=True, repr=True) -> Field:
    """A field as `dataclasses` has it; nothing prints records here, so that repr says nothing."""
    return Field(default, default_factory, compare=compare)


def dataclass(cls=None, *, frozen=False, slots=False):
    """A record as `dataclasses` makes it: filled by place or by name, compared by content, hashed if frozen."""
    if cls is None:
        return lambda cls: dataclass(cls, frozen=frozen)
    fields = {}
    for name in cls.__annotations__:
        default = vars(cls).get(name, ABSENT)
        fields[name] = default if isinstance(default, Field) else Field(default, None)
    methods = {
        "__init__": _filling(cls.__name__, fields),
        "__eq__": lambda self, other: type(self) is type(other) and _content(self) == _content(other),
        "__hash__": (lambda self: hash(_content(self))) if frozen else None,
        "__match_args__": tuple(fields),
        "_compared": tuple(name for name, one in fields.items() if one.compare),
    }
    for name, method in methods.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    return cls


def _filling(kind: str, fields: dict[str, Field]) -> Callable[..., None]:
    plain = {name: one.default for name, one in fields.items() if one.default is not ABSENT}
    made = {name: one.make for name, one in fields.items() if one.make is not None}
    needed = fields.keys() - plain.keys() - made.keys()

    def fill(self, *values, **named) -> None:
        given = dict(zip(fields, values)) | named  # noqa: B905 - the next line sees to it
        if len(given) < len(values) + len(named) or not needed <= given.keys() <= fields.keys():
            raise TypeError(f"{kind} is made of {', '.join(fields)}")
        fresh = {name: make() for name, make in made.items() if name not in given}
        self.__dict__.update(plain | fresh | given)

    return fill


def _content(record) -> tuple[object, ...]:
    return tuple([getattr(record, name) for name in record._compared])


def replace(record, **changes):
    """The same record with other values in some fields."""
    return type(record)(**{name: getattr(record, name) for name in record.__match_args__} | changes)


class NamedTuple:
    """A record of a few values, read by their names only."""

    def __init_subclass__(cls) -> None:
        dataclass(cls, frozen=True)


# -------------------- offline.words --------------------
SENTENCES: dict[str, dict[str, str]] = {}  # language -> key -> sentence; filled when the file is loaded


def template(key: str, language: str) -> str:
    """The sentence of a key with its {fields} still open; "" where there is none."""
    found = SENTENCES.get(language, {}).get(key)
    return found or SENTENCES.get("en", {}).get(key, "")


def known(key: str) -> bool:
    """Whether there is a sentence for this key."""
    return bool(template(key, "en"))


# -------------------- expression.names --------------------
# function -> (least, most) number of arguments; None: any number
FUNCTIONS: Mapping[str, tuple[int, int | None]] = {
    **dict.fromkeys(
        [
            "sqrt",
            "cbrt",
            "exp",
            "abs",
            "sign",
            "floor",
            "ceiling",
            "factorial",
            "factorial2",
            "re",
            "im",
            "conjugate",
        ],
        (1, 1),
    ),
    **dict.fromkeys(["sin", "cos", "tan", "cot", "sec", "csc", "sinc", "arg", "Heaviside", "gamma"], (1, 1)),
    **dict.fromkeys(["asin", "acos", "atan", "acot", "asec", "acsc"], (1, 1)),
    **dict.fromkeys(["sinh", "cosh", "tanh", "coth", "sech", "csch"], (1, 1)),
    **dict.fromkeys(["asinh", "acosh", "atanh", "acoth", "asech", "acsch"], (1, 1)),
    **dict.fromkeys(["binomial", "atan2", "Mod"], (2, 2)),
    **dict.fromkeys(["gcd", "lcm"], (2, None)),
    **dict.fromkeys(["Min", "Max"], (1, None)),
    **dict.fromkeys(["transpose", "trace", "det", "inverse"], (1, 1)),
    "log": (1, 2),
    "root": (2, 2),
}
# other spellings of a function's name
ALIASES: Mapping[str, str] = {
    "Abs": "abs",
    "ln": "log",
    "ceil": "ceiling",
    "min": "Min",
    "max": "Max",
    "minimum": "Min",
    "maximum": "Max",
    "power": "pow",
    "absolute": "abs",
    "sgn": "sign",
    "conj": "conjugate",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arccot": "acot",
    "arcsec": "asec",
    "arccsc": "acsc",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arctan2": "atan2",
    "comb": "binomial",
    "choose": "binomial",
    "nCr": "binomial",
    "fact": "factorial",
    "mod": "Mod",
    "heaviside": "Heaviside",
    "exponential": "exp",
    "Transpose": "transpose",
    "Determinant": "det",
    "signum": "sign",
}
# forms with a reading of their own
FORMS = frozenset(
    {
        "Sum",
        "Product",
        "sum",
        "prod",
        "summation",
        "Piecewise",
        "Matrix",
        "Tuple",
        "Rational",
        "Integer",
        "Float",
        "pow",
    }
    | {"And", "Or", "Not", "Eq", "Ne", "Lt", "Le", "Gt", "Ge", "log2", "log10", "square", "int", "float"}
)
# what most formulas are made of: named, whatever the problem, to a student who calls something else
USUAL = "exp, log, sqrt, abs, sign, floor, ceiling, Min, Max, sin, cos, tan, tanh, Sum, Product, Piecewise"
CONSTANTS: Mapping[str, str] = {
    "pi": "pi",
    "E": "E",
    "I": "I",
    "oo": "oo",
    "inf": "oo",
    "infinity": "oo",
    "nan": "nan",
    "zoo": "zoo",
}
GREEK_LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
GREEK_WORDS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu "
    "nu xi omicron pi rho sigma tau upsilon phi chi psi omega"
)
GREEK: Mapping[str, str] = dict(zip(GREEK_LETTERS, GREEK_WORDS.split(), strict=True)) | {
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ς": "sigma", "µ": "mu",
}  # fmt: skip
GREEK_NAMES = frozenset(GREEK.values())


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a formula may use.  symbols=None: every word that is not known otherwise is a symbol.

    arrays maps each indexed name to its number of indices.  A declared name wins over a constant or a function.
    """

    symbols: frozenset[str] | None = None
    arrays: Mapping[str, int] = field(default_factory=dict)

    def declared(self, name: str) -> bool:
        """Whether the problem itself declares this name as a symbol."""
        return self.symbols is not None and name in self.symbols

    def resolve(self, name: str) -> str:
        """The declared spelling of a name: eps for epsilon, lambda for lamda, and the Greek letter for its word."""
        for other in SPELLINGS.get(name, ()):
            if (
                not self.declared(name)
                and name not in self.arrays
                and (self.declared(other) or other in self.arrays)
            ):
                return other
        return name

    def nearest(self, name: str) -> str:
        """The declared name or known function that looks most like this one, or ''."""
        known: list[str] = sorted({*(self.symbols or ()), *self.arrays})
        for candidate in known:
            if candidate.lower() == name.lower():
                return candidate
        close: list[str] = difflib.get_close_matches(name, [*known, *FUNCTIONS], n=1, cutoff=0.6)
        return close[0] if close else ""

    def nearest_function(self, name: str) -> str:
        """The known function that is spelt nearly like this one, or a declared name in other capitals, or ''."""
        known: list[str] = sorted({*(self.symbols or ()), *self.arrays, *FUNCTIONS})
        for candidate in known:
            if candidate.lower() == name.lower():
                return candidate
        close: list[str] = difflib.get_close_matches(name, [*FUNCTIONS, *ALIASES], n=1, cutoff=0.7)
        return close[0] if close else ""

    def factors(self, word: str) -> list[str]:
        """The declared names and numbers that a word without signs may be made of; [] where there are none."""
        for end in range(len(word), 0, -1):
            if self.declared(word[:end]) or (word[:end].isdigit() and not word[end:][:1].isdigit()):
                rest = self.factors(word[end:])
                if rest or end == len(word):
                    return [word[:end], *rest]
        return []

    def product(self, word: str) -> str:
        """A word that an `x` for the sign of a product holds together, with that sign; "" where it is none."""
        if self.symbols is None or not {"x", "X"}.isdisjoint({*self.symbols, *self.arrays}):
            return ""
        factors = word.replace("X", "x").split("x")
        known = all(part.isdigit() or self.declared(part) for part in factors)
        return "*".join(factors) if known and len(factors) > 1 else ""
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "epsilon": ("eps",),
    "eps": ("epsilon",),
    "lamda": ("lambda",),
    "lambda_": ("lambda",),
    "lambda": ("lamda", "lambda_"),
    "varepsilon": ("epsilon", "eps"),
    "varphi": ("phi",),
}
ANY = Names()


# -------------------- expression.tree --------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, exact: 0.1 is 1/10.  text is how it was written, which equality ignores."""

    value: Fraction
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that the problem declares, or a bound index."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """pi, E, I, oo, nan: only where the problem does not declare the name as a symbol."""

    name: str


@dataclass(frozen=True, slots=True)
class Op:
    """Arithmetic.  '+' and '*' have two or more args in the order written; '/', '^', '//', '%' have two;
    'neg' has one.  `a - b + c` is Op('+', (a, Op('neg', (b,)), c))."""

    op: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A known function under its canonical name: sqrt, exp, log, floor, Max, ..."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An entry of an indexed name: a[m + 1], w2[m, n, l, k]."""

    base: str
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """op is 'Sum' or 'Product'; limits are (name, lower, upper), both inclusive, the first one innermost."""

    op: str
    body: Node
    limits: tuple[tuple[str, Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Piecewise:
    """(value, condition) branches; the first whose condition holds; none: undefined there."""

    branches: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """True or False, as the condition of a last branch."""

    value: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """op is one of < <= > >= == !=, or '|' for divisibility (left divides right)."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """op is 'and', 'or' (two or more args) or 'not' (one)."""

    op: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """A tuple such as a shape, or a vector."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of equal length."""

    rows: tuple[tuple[Node, ...], ...]
Node = Number | Symbol | Constant | Op | Call | Index | Fold | Piecewise | Truth | Relation | Logic | Tuple | Matrix


# -------------------- offline.exact --------------------
MOST_BITS_of_exact = 20_000
MOST_STEPS = 60_000
LARGEST_FACTORIAL = 2000


class Inexact(Exception):
    """There is no exact value here, or none within reach: nothing can be said."""


class NoValue(Inexact):
    """The formula has no value at this point, such as a division by zero."""


@dataclass(frozen=True)
class Point:
    """Values of symbols, shapes of arrays, and what lies outside of them ("error" or "zero").

    fill: arrays hold other numbers for another fill.
    """

    symbols: Mapping[str, Fraction]
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    outside: str = "error"
    fill: str = ""

    def entry(self, name: str, place: tuple[int, ...]) -> Fraction:
        """An entry of an array: a whole number without zero, fixed by name, place and fill."""
        shape = self.shapes.get(name)
        if shape is None or len(shape) != len(place):
            raise NoValue(name)
        if not all(0 <= at < size for at, size in zip(place, shape, strict=True)):
            if self.outside == "zero":
                return Fraction(0)
            raise NoValue(name)
        digest = hashlib.sha256(f"{self.fill}/{name}{place}".encode()).digest()
        return Fraction(1 + int.from_bytes(digest[:6], "big") % 9973) * (1 if digest[6] % 2 else -1)


def values_at(node: Node, point: Point) -> Iterator[str]:
    """The values of a formula at a point as texts; a tuple's or a matrix's after its shape in brackets."""
    if isinstance(node, Tuple):
        yield f"({len(node.items)})"
        for item in node.items:
            yield from values_at(item, point)
    elif isinstance(node, Matrix):
        yield f"({len(node.rows)}, {len(node.rows[0]) if node.rows else 0})"
        for row in node.rows:
            for item in row:
                yield from values_at(item, point)
    else:
        yield str(value_at(node, point))


def value_at(node: Node, point: Point) -> Fraction:
    """The exact value of a formula.

    Raises NoValue where it has none, Inexact where it has none that a fraction can hold.
    """
    return Evaluation(point).number(node, point.symbols)


@dataclass
class Evaluation:
    """One evaluation, with a bound on its steps."""

    point: Point
    steps: int = 0

    def number(self, node: Node, names: Mapping[str, Fraction]) -> Fraction:
        """The value of a node that is no condition."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Inexact("too many steps")
        match node:  # a SyntaxError here: this Python is older than 3.10
            case Number(value=value):
                return value
            case Symbol(name=name):
                if name not in names:
                    raise NoValue(name)
                return names[name]
            case Op(op=op, args=args):
                return _bounded(self.operation(op, [self.number(part, names) for part in args]))
            case Call(name=name, args=args):
                if name not in EXACT:
                    raise Inexact(name)
                return _bounded(EXACT[name](*[self.number(part, names) for part in args]))
            case Index(base=base, indices=indices):
                return self.point.entry(base, tuple(_whole(self.number(part, names)) for part in indices))
            case Fold():
                return self.fold(node, len(node.limits), names)
            case Piecewise(branches=branches):
                for branch, condition in branches:
                    if self.holds(condition, names):
                        return self.number(branch, names)
                raise NoValue("no branch holds")
            case Constant(name=name):
                raise Inexact(name)
            case _:
                raise Inexact("not a number")

    def operation(self, op: str, values: list[Fraction]) -> Fraction:
        """One operator on its values."""
        if op == "neg":
            return -values[0]
        if op == "+":
            return sum(values, Fraction(0))
        if op == "*":
            return math.prod(values, start=Fraction(1))
        left, right = values
        if op == "^":
            return _power(left, right)
        if right == 0:
            raise NoValue("a division by zero")
        if op == "/":
            return left / right
        return Fraction(left // right) if op == "//" else left - right * (left // right)

    def fold(self, node: Fold, level: int, names: Mapping[str, Fraction]) -> Fraction:
        """A sum or product; the last limits are the outermost."""
        if level == 0:
            return self.number(node.body, names)
        name, low, high = node.limits[level - 1]
        first, last = _whole(self.number(low, names)), _whole(self.number(high, names))
        if last < first - 1:  # further below, texts disagree on what such a sum means
            raise NoValue("a sum that ends before it starts")
        total = Fraction(node.op == "Product")
        for at in range(first, last + 1):
            value = self.fold(node, level - 1, {**names, name: Fraction(at)})
            total = _bounded(total + value if node.op == "Sum" else total * value)
        return total

    def holds(self, node: Node, names: Mapping[str, Fraction]) -> bool:
        """Whether a condition holds."""
        match node:
            case Truth(value=value):
                return value
            case Logic(op="not", args=args):
                return not self.holds(args[0], names)
            case Logic(op=op, args=args):
                return (all if op == "and" else any)(self.holds(part, names) for part in args)
            case Relation(op=op, left=left, right=right):
                return _compare(op, self.number(left, names), self.number(right, names))
            case _:
                raise Inexact("not a condition")


def _compare(op: str, left: Fraction, right: Fraction) -> bool:
    if op == "|":
        if left == 0:
            raise NoValue("divisibility by zero")
        return (right / left).denominator == 1
    signs = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right}
    return signs.get(op, left != right)


def _whole(value: Fraction) -> int:
    if value.denominator != 1:
        raise NoValue("a whole number is needed")
    return value.numerator


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS_of_exact:
        raise Inexact("too many digits")
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        if exponent.denominator == 2:
            return _power(_sqrt(base), exponent * 2)
        raise Inexact("a root")
    if base == 0 and exponent <= 0:
        raise NoValue("a power of zero")
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(base) != 1 and size * abs(exponent) > MOST_BITS_of_exact:
        raise Inexact("too many digits")
    return base ** int(exponent) if abs(base) != 1 else base ** int(exponent % 2)


def _sqrt(value: Fraction) -> Fraction:
    if value >= 0:
        top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if top * top == value.numerator and bottom * bottom == value.denominator:
            return Fraction(top, bottom)
    raise Inexact("a root")


def _mod(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise NoValue("a remainder by zero")
    return left - right * (left // right)


def _factorial(value: Fraction) -> Fraction:
    if value.denominator != 1 or value > LARGEST_FACTORIAL:
        raise Inexact("a factorial")
    if value < 0:
        raise NoValue("a factorial")
    return Fraction(math.factorial(int(value)))


def _binomial(n: Fraction, k: Fraction) -> Fraction:
    if n.denominator != 1 or k.denominator != 1 or not 0 <= n <= LARGEST_FACTORIAL:
        raise Inexact("a binomial coefficient")
    return Fraction(math.comb(int(n), int(k)) if k >= 0 else 0)
EXACT: Mapping[str, Callable[..., Fraction]] = {
    "abs": abs,
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "floor": lambda x: Fraction(math.floor(x)),
    "ceiling": lambda x: Fraction(math.ceil(x)),
    "Min": lambda *values: min(values),
    "Max": lambda *values: max(values),
    "gcd": lambda *values: Fraction(math.gcd(*map(_whole, values))),
    "lcm": lambda *values: Fraction(math.lcm(*map(_whole, values))),
    "re": lambda x: x,
    "im": lambda x: Fraction(0),
    "conjugate": lambda x: x,
    "Heaviside": lambda x: Fraction((x > 0) - (x < 0) + 1, 2),
    "sqrt": _sqrt,
    "Mod": _mod,
    "factorial": _factorial,
    "binomial": _binomial,
}


# -------------------- errors --------------------


class AnswerError(Exception):
    """A student's answer could not be read: what, where in their own text, and what to write instead.

    code names the sentence in the message catalogues, fields what the sentence needs.
    text is the student's own text, offset the place in it (in characters, from 0), if there is one.
    """

    def __init__(
        self, code: str, *, text: str = "", offset: int | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.offset = offset
        self.fields: Mapping[str, str] = dict(fields or {})


# -------------------- expression.lexer --------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a formula may be.  A formula by a person stays far below each of these."""

    characters: int = 8000
    tokens: int = 2000
    depth: int = 60
    levels: int = 120
    nodes: int = 700
    digits: int = 400
    exponent: int = 400
LIMITS = Limits()


class Token(NamedTuple):
    """kind: number, name, command (LaTeX), op, end.  start and stop are offsets into the student's text."""

    kind: str
    text: str
    start: int
    stop: int
SAME_AS = {
    **dict.fromkeys("−–—‐‑‒﹣－⁻", "-"),
    **dict.fromkeys("×·⋅∙•∗⨯✕＊", "*"),
    **dict.fromkeys("÷∕⁄／", "/"),
    **dict.fromkeys("（﹙", "("),
    **dict.fromkeys("）﹚", ")"),
    "［": "[", "］": "]", "＋": "+", "＝": "=", "，": ",", "،": ",", "٫": ".", "＾": "^", "ˆ": "^", "＜": "<",
    "＞": ">",
    "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "∧": " and ", "∨": " or ", "¬": " not ",
    "∞": " oo ", "π": " pi ", "∑": " Sum ", "∏": " Product ", "\u2062": "*",
    **{sign: f"({part})" for sign, part in {"½": "1/2", "¼": "1/4", "¾": "3/4"}.items()},
    "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉", "√": "√", "′": "'",
}  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u2061"  # not the marks that reorder text: those are refused
)
NUMBER = r"(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
GROUPS = r"\d{1,3}(?:[,\u066c\u202f\u00a0 ]\d{3})+(?![\d,])(?:\.\d+)?"
REST = (
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<op>\*\*|//|<=|>=|==|!=|<>|&&|\|\||[-+*/%^()\[\]{}<>=,!|&~:;.?@#$'\"\\√⌊⌋⌈⌉])|(?P<other>.)"
)
PLAIN = Pattern(rf"(?P<space>\s+)|(?P<number>{NUMBER}){REST}", re.DOTALL)
GROUPED = Pattern(rf"(?P<space>\s+)|(?P<number>{GROUPS}|{NUMBER}){REST}", re.DOTALL)
LATEX = Pattern(
    rf"(?P<space>(?:\s|~|\\[,;:! ]|\\q?quad\b)+)|(?P<number>{NUMBER})|(?P<command>\\(?:[A-Za-z]+|.))"
    r"|(?P<name>[A-Za-z]+\d*)"
    r"|(?P<op><=|>=|!=|[-+*/^_()\[\]{}<>=,!|&:;.'])|(?P<other>.)",
    re.DOTALL,
)
GROUP_MARKS = {ord(mark): None for mark in ", \u066c\u202f\u00a0"}


def tokens(text: str, *, latex: bool = False, grouped: bool = False) -> list[Token]:
    """Every token of the text, and an end token.  grouped: 12,345,678 is one number.

    Raises AnswerError for characters and sizes that no formula has.
    """
    if len(text) > LIMITS.characters:
        raise AnswerError("too-long", fields={"length": str(len(text)), "limit": str(LIMITS.characters)})
    plain, places = _plain(text)
    found: list[Token] = []
    for match in (LATEX if latex else GROUPED if grouped else PLAIN).finditer(plain):
        kind = match.lastgroup
        if kind == "space":
            continue
        start, stop = match.span()
        if kind is None or kind == "other":
            raise _bad_character(text, places[start])
        word = match.group()
        if grouped and kind == "number":
            word = word.translate(GROUP_MARKS)
        found.append(Token(kind, word, places[start], places[stop - 1] + 1))
        if len(found) > LIMITS.tokens:
            raise AnswerError("too-big", text=text, offset=places[start], fields={"limit": str(LIMITS.tokens)})
    found.append(Token("end", "", len(text), len(text)))
    return found


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain characters, and for each of them its place in the student's text."""
    if text.isascii():
        return text, range(len(text))
    out: list[str] = []
    places: list[int] = []
    raised = False
    for place, char in enumerate(text):
        if char in INVISIBLE:
            continue
        if char in SUPERSCRIPTS or (char == "⁻" and place + 1 < len(text) and text[place + 1] in SUPERSCRIPTS):
            plain = ("" if raised else "^") + SUPERSCRIPTS.get(char, "-")
            raised = True
        else:
            plain, raised = _same_as(text, place, char), False
        out.append(plain)
        places += [place] * len(plain)
    return "".join(out), places


def _same_as(text: str, place: int, char: str) -> str:
    if char.isascii():
        return char
    if char in SAME_AS:
        return SAME_AS[char]
    if char in GREEK:
        return GREEK[char]
    if char in SUBSCRIPTS:
        return "_" + SUBSCRIPTS[char]
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        return plain  # letters such as 𝐾 and Ｋ
    raise _bad_character(text, place)


def _bad_character(text: str, place: int) -> AnswerError:
    char = text[place]
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return AnswerError("bad-character", text=safe, offset=place, fields={"character": shown})


# -------------------- expression.reader --------------------
OPENERS, CLOSERS = frozenset("([{"), frozenset(")]}")
WORDS = frozenset({"and", "or", "not", "if", "else", "for", "in", "lambda", "import", "def", "class", "return"})


class Reader:
    """One text as tokens, read once from front to back.  Grammars build on it."""

    latex = False
    mending = False  # whether a text with stars put in is tried

    def __init__(
        self, text: str, names: Names, *, grouped: bool = False, percent: bool = False, relations: bool = False
    ) -> None:
        self.text = text
        self.names = names
        self.percent = percent
        self.relations = relations
        self.tokens = tokens(text, latex=self.latex, grouped=grouped)
        self.at = 0
        self.depth = 0
        self.unknown: list[tuple[str, Token]] = []
        self.generated: Node | None = None
        self.bound: list[str] = []  # indices of the sums that are being read

    def parse(self) -> Node:
        """The whole text as one tree: what a grammar defines."""
        raise NotImplementedError

    # --- the stream ---

    @property
    def next(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """The next token, consumed."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def sees(self, *texts: str) -> bool:
        """Whether one of these comes next."""
        token = self.next
        return token.text in texts and token.kind in ("op", "name", "command")

    def error(self, code: str, token: Token | None = None, **fields: str) -> AnswerError:
        """An AnswerError at a token (the next one by default)."""
        place = (token or self.next).start
        return AnswerError(code, text=self.text, offset=place, fields=fields)

    def expect(self, text: str, opened: Token) -> None:
        """Consume this closing mark, or say which bracket is open."""
        if self.sees(text):
            self.take()
            return
        if self.next.kind == "end":
            raise self.error("open-bracket", opened, bracket=opened.text)
        raise self.missing_operator() if self.starts_operand() else self.error("unexpected", found=self.next.text)

    def no_operand(self, token: Token) -> AnswerError:
        """What to say where a number, a name or a bracket had to come."""
        if token.kind == "end":
            return self.error("unfinished", token, operator="")
        if token.text in ("'", '"', "`", "{", "lambda", "import", "def", "class", "return", "@", "$", ";", ":"):
            return self.error("not-a-formula", token, found=token.text)
        if token.text in (")", "]", "}"):
            return self.error("closed-bracket", token, bracket=token.text)
        if token.text == "=":
            return self.error("assignment", token)
        return self.error("unexpected", token, found=token.text)

    def bare_function(self, token: Token) -> AnswerError:
        """`sin*x`, `sin[x]`: a function needs its argument in round brackets."""
        return self.error("function-not-called", token, name=token.text, suggestion=f"{token.text}(...)")

    def argument_count(self, name: str, token: Token, wanted: int) -> AnswerError:
        """A function got too few or too many arguments."""
        return self.error("wrong-argument-count", token, name=name, count=str(wanted))

    # --- what to say ---

    def implicit(self) -> bool:
        """Whether a product without a sign starts here: only LaTeX has those."""
        return False

    def starts_operand(self, ahead: int = 0) -> bool:
        """Whether a number, a name or a bracket comes next."""
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        if token.kind in ("number", "command"):
            return True
        if token.kind == "name":
            return token.text not in WORDS
        return token.text in ("(", "[", "{", "⌊", "⌈")

    def missing_operator(self) -> AnswerError:
        """`2x`, `D K`, `F(D+1)`, `5x5`: a product needs its star."""
        whole = self.with_stars()
        if whole:
            return self.error("missing-operator", suggestion=whole)
        left, right = self.factor(self.at - 1, -1), self.factor(self.at, 1)
        crossed = right + (self.factor(self.at + 1, 1) if right in ("x", "X") else "")  # `5x5`, `5 x 5`
        product = self.names.product(f"1{crossed}").removeprefix("1*")
        return self.error("missing-operator", suggestion=f"{left}*{product or right}")

    def with_stars(self) -> str:
        """The whole text with a star between every two factors, where it is a formula then; else ""."""
        if self.latex or self.mending or "/" in self.text:  # a/b c could be (a/b)*c or a/(b*c)
            return ""
        starred = "".join(self.starred())
        again = type(self)(starred, self.names, percent=self.percent, relations=self.relations)
        again.mending = True
        try:
            again.parse()
        except AnswerError:
            return ""
        return starred

    def starred(self) -> Iterator[str]:
        """The text piece by piece, with what is missing between two factors."""
        for place, token in enumerate(self.tokens[:-1]):
            before = self.tokens[place - 1] if place else None
            product = before is not None and self.are_factors(before, token)
            yield "*" if product else self.text[before.stop if before else 0 : token.start]
            word = self.text[token.start : token.stop]
            known = token.kind != "name" or self.names.declared(word) or word in self.names.arrays
            yield word if known else self.split(word) or word

    def are_factors(self, left: Token, right: Token) -> bool:
        """Whether a product lacks its sign between two tokens."""
        ends = left.kind == "number" or left.text in CLOSERS or (left.kind == "name" and left.text not in WORDS)
        starts = right.kind == "number" or right.text == "(" or (right.kind == "name" and right.text not in WORDS)
        called = left.kind == "name" and right.text == "(" and not self.names.declared(left.text)
        return ends and starts and not called

    def factor(self, at: int, step: int) -> str:
        """The text of a token, or of the whole bracket that it opens or, going back, closes."""
        depth, end = 0, at
        while 0 <= end < len(self.tokens):
            depth += (self.tokens[end].text in CLOSERS) - (self.tokens[end].text in OPENERS)
            if depth == 0:
                return self.text[self.tokens[min(at, end)].start : self.tokens[max(at, end)].stop]
            end += step
        return "(...)"

    def leftover(self) -> AnswerError:
        """Something stands after a complete formula."""
        token = self.next
        if self.starts_operand():
            return self.missing_operator()
        return self.no_operand(token)

    def unknown_name(self) -> AnswerError:
        """The first word that nothing declares."""
        name, token = self.unknown[0]
        suggestion = self.split(name) or self.names.nearest(name)
        known = ", ".join(sorted({*(self.names.symbols or ()), *self.names.arrays}))
        return self.error("unknown-name", token, name=name, suggestion=suggestion, known=known)

    def split(self, name: str) -> str:
        """`ab`, `abc` and `axb` -> `a*b`, `a*b*c` and `a*b` where all are declared."""
        crossed = self.names.product(name)
        factors = [] if name[:1].isdigit() else self.names.factors(name)
        return crossed or ("*".join(factors) if len(factors) > 1 else "")


# -------------------- expression.walk --------------------


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in order."""
    match node:
        case Op(args=args) | Call(args=args) | Logic(args=args):
            return args
        case Index(indices=indices):
            return indices
        case Fold(body=body, limits=limits):
            return (body, *(bound for _, low, high in limits for bound in (low, high)))
        case Piecewise(branches=branches):
            return tuple(part for branch in branches for part in branch)
        case Relation(left=left, right=right):
            return (left, right)
        case Tuple(items=items):
            return items
        case Matrix(rows=rows):
            return tuple(entry for row in rows for entry in row)
        case _:
            return ()


def grouping(node: Node) -> Node:
    """Brackets of any shape around one operand group it, as on paper: F*[D + 1] is F*(D + 1)."""
    node = rebuild(node, grouping)
    return rebuild(node, alone) if isinstance(node, Op | Call | Fold) else node


def alone(node: Node) -> Node:
    """The only item of a tuple; anything else as it is."""
    return node.items[0] if isinstance(node, Tuple) and len(node.items) == 1 else node


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with each of its parts changed."""
    match node:
        case Op(op=op, args=args):
            return Op(op, tuple(map(change, args)))
        case Call(name=name, args=args):
            return Call(name, tuple(map(change, args)))
        case Logic(op=op, args=args):
            return Logic(op, tuple(map(change, args)))
        case Index(base=base, indices=indices):
            return Index(base, tuple(map(change, indices)))
        case Fold(op=op, body=body, limits=limits):
            return Fold(op, change(body), tuple((name, change(low), change(high)) for name, low, high in limits))
        case Piecewise(branches=branches):
            return Piecewise(tuple((change(value), change(condition)) for value, condition in branches))
        case Relation(op=op, left=left, right=right):
            return Relation(op, change(left), change(right))
        case Tuple(items=items):
            return Tuple(tuple(map(change, items)))
        case Matrix(rows=rows):
            return Matrix(tuple(tuple(map(change, row)) for row in rows))
        case Number() | Symbol() | Constant() | Truth():
            return node
    raise TypeError(f"not a formula node: {node!r}")


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Every free symbol of that name replaced; bound indices keep their name."""
    if not values:
        return node
    match node:
        case Symbol(name=name):
            return values.get(name, node)
        case Fold(op=op, body=body, limits=limits):
            bound = {name for name, _, _ in limits}
            inner = {name: value for name, value in values.items() if name not in bound}
            changed = tuple((name, substitute(low, values), substitute(high, values)) for name, low, high in limits)
            return Fold(op, substitute(body, inner), changed)
        case _:
            return rebuild(node, lambda part: substitute(part, values))


# -------------------- expression.shape --------------------
BOOLEAN = (Relation, Logic, Truth)


def parts(node: Node, may: bool) -> list[tuple[Node, bool]]:
    """The parts of a node, and whether each may be a condition."""
    if isinstance(node, Piecewise):
        return [entry for value, test in node.branches for entry in ((value, False), (test, True))]
    allowed = isinstance(node, Logic) or (isinstance(node, Tuple) and may)
    return [(part, allowed) for part in children(node)]


def conditions(node: Node) -> tuple[Node, ...]:
    """The parts of a node that have to be conditions."""
    if isinstance(node, Piecewise):
        return tuple(test for _, test in node.branches)
    return node.args if isinstance(node, Logic) else ()


def zero_or_one(node: Node) -> Node:
    """A comparison among numbers, as in dy*(x > 0): 1 where it holds, else 0, as Python counts it."""
    if not isinstance(node, Relation | Logic):
        return node
    one, zero = Number(Fraction(1), "1"), Number(Fraction(0), "0")
    return Piecewise(((one, node), (zero, Truth(True))))


# -------------------- expression.forms --------------------
RELATION_CALLS = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
FOLDS: Mapping[str, str] = {
    "Sum": "Sum", "summation": "Sum", "sum": "Sum", "Product": "Product", "prod": "Product",
}  # fmt: skip
ONE_ARGUMENT: Mapping[str, Callable[[Node], Node]] = {
    "int": lambda node: Call("floor", (node,)),
    "square": lambda node: Op("^", (node, Number(Fraction(2), "2"))),
    "Not": lambda node: Logic("not", (node,)),
    "log2": lambda node: Call("log", (node, Number(Fraction(2), "2"))),
    "log10": lambda node: Call("log", (node, Number(Fraction(10), "10"))),
}
FEW_TOKENS = 100
# what a condition can begin with or be made of
CONDITIONS = "< <= > >= == != <> = ! | & and or not if for Piecewise True False And Or Not Eq Ne Lt Le Gt Ge"
CONDITIONAL = frozenset(CONDITIONS.split())


class Forms(Reader):
    """What stands in the brackets of a call, and the node that it makes."""

    def expression(self) -> Node:
        """One expression: the grammar built on this says which."""
        raise NotImplementedError

    def deeper(self, parse: Callable[[], Node]) -> Node:
        """One level further in, within the limit of depth."""
        self.depth += 1
        if self.depth > LIMITS.depth:
            raise self.error("too-deep", limit=str(LIMITS.depth))
        node = parse()
        self.depth -= 1
        return node

    # --- calls ---

    def arguments(self, folds: str = "") -> list[Node]:
        """Everything between the brackets of a call.  folds: Sum or Product, which hold `f for i in range(n)`."""
        opened = self.take()
        mark = len(self.unknown)
        items: list[Node] = []
        while not self.sees(")"):
            items.append(self.expression())
            if folds and self.sees("for"):
                items[-1] = self.generated = self.generator(folds, items[-1], mark)
            if not self.sees(","):
                break
            self.take()
        self.expect(")", opened)
        return items

    def called(self, name: str, token: Token) -> Node:
        """A known function or form, with the right number of arguments."""
        mark = len(self.unknown)
        if name in ("Float", "Rational", "Integer"):
            self.unquote()
        fold = FOLDS.get(name, "")
        items = self.arguments(fold)
        if name in FUNCTIONS:
            least, most = FUNCTIONS[name]
            if len(items) == 1 and isinstance(items[0], Tuple) and most is None:
                items = list(items[0].items)
            if len(items) < least or (most is not None and len(items) > most):
                raise self.argument_count(name, token, least)
            return Call(name, tuple(items))
        if fold:
            return self.fold(fold, items, token, mark)
        return self.form(name, items, token)

    def form(self, name: str, items: list[Node], token: Token) -> Node:
        """Forms that are other nodes: Rational(2, 7), pow(a, b), Piecewise, Matrix, And, Eq."""
        if name == "Piecewise":
            return self.piecewise(items, token)
        if name in ("And", "Or"):
            return Logic(name.lower(), tuple(items)) if len(items) > 1 else items[0]
        if name == "Matrix":
            return self.matrix(items, token)
        if name == "Tuple":
            return Tuple(tuple(items))
        if name in RELATION_CALLS and len(items) == 2:
            return Relation(RELATION_CALLS[name], items[0], items[1])
        if name in ("Rational", "pow") and len(items) == 2:
            return Op("/" if name == "Rational" else "^", (items[0], items[1]))
        if len(items) == 1 and name in ("Rational", "Integer", "Float", "float"):
            return items[0]
        if len(items) == 1 and name in ONE_ARGUMENT:
            return ONE_ARGUMENT[name](items[0])
        raise self.argument_count(name, token, 2 if name in ("pow", "Rational") or name in RELATION_CALLS else 1)

    def piecewise(self, items: list[Node], token: Token) -> Node:
        """Piecewise((value, condition), ...); a last value alone is the rest."""
        branches: list[tuple[Node, Node]] = []
        for item in items:
            if not isinstance(item, Tuple) or len(item.items) != 2:
                raise self.error("piecewise-pairs", token)
            value, condition = item.items
            if not isinstance(condition, BOOLEAN):
                raise self.error("piecewise-pairs", token)
            branches.append((value, condition))
        if not branches:
            raise self.error("piecewise-pairs", token)
        return Piecewise(tuple(branches))

    def matrix(self, items: list[Node], token: Token) -> Node:
        """Matrix([[a, b], [c, d]]); Matrix([a, b]) is a column."""
        if len(items) != 1 or not isinstance(items[0], Tuple):
            raise self.error("matrix-rows", token)
        rows = tuple(row.items if isinstance(row, Tuple) else (row,) for row in items[0].items)
        if len({len(row) for row in rows}) > 1:
            raise self.error("matrix-rows", token)
        return Matrix(rows)

    def fold(self, op: str, items: list[Node], token: Token, mark: int) -> Node:
        """Sum(f, (i, a, b), ...), Sum(f, i, a, b), sum(f for i in range(a, b))."""
        if len(items) == 1 and items[0] is self.generated:
            return items[0]
        if len(items) == 4 and isinstance(items[1], Symbol):
            items = [items[0], Tuple((items[1], items[2], items[3]))]
        limits: list[tuple[str, Node, Node]] = []
        for item in items[1:]:
            if not isinstance(item, Tuple) or len(item.items) != 3 or not isinstance(item.items[0], Symbol):
                raise self.error("sum-limits", token, name=op)
            index, low, high = item.items
            assert isinstance(index, Symbol)
            limits.append((index.name, low, high))
        if not limits:
            raise self.error("sum-limits", token, name=op)
        self.bind({name for name, _, _ in limits}, mark)
        return Fold(op, items[0], tuple(limits))

    def bind(self, names: set[str], mark: int) -> None:
        """Names that turned out to be indices of a sum are known after all."""
        self.unknown[mark:] = [entry for entry in self.unknown[mark:] if entry[0] not in names]

    def generator(self, op: str, body: Node, mark: int) -> Node:
        """`body for i in range(a, b)`: the upper bound is left out, as in Python."""
        limits: list[tuple[str, Node, Node]] = []
        while self.sees("for"):
            self.take()
            index = self.take()
            if index.kind != "name" or index.text in WORDS or not self.sees("in"):
                raise self.error("sum-limits", index, name="sum")
            self.take()
            call = self.take()
            if call.text != "range" or not self.sees("("):
                raise self.error("sum-limits", call, name="sum")
            bounds = self.arguments()
            if len(bounds) not in (1, 2):
                raise self.error("sum-limits", call, name="sum")
            low = bounds[0] if len(bounds) == 2 else Number(Fraction(0), "0")
            high = Op("+", (bounds[-1], Op("neg", (Number(Fraction(1), "1"),))))
            limits.append((index.text, low, high))
        self.bind({name for name, _, _ in limits}, mark)
        return Fold(op, body, tuple(reversed(limits)))

    def unquote(self) -> None:
        """Float('0.5'), Rational('1/4'): the quotes of sympy's own spelling are dropped."""
        for place in range(self.at + 1, min(self.at + 6, len(self.tokens))):
            if self.tokens[place].text == ")":
                if place - self.at > 2 and self.tokens[self.at + 1].text == self.tokens[place - 1].text in (
                    "'",
                    '"',
                ):
                    del self.tokens[place - 1], self.tokens[self.at + 1]
                return

    def well_formed(self, root: Node) -> None:
        """Conditions only where a condition stands, and no deeper a tree than its readers can go into."""
        if not self.latex and len(self.tokens) < FEW_TOKENS and not any(t.text in CONDITIONAL for t in self.tokens):
            return  # too short to be too deep, and nothing in it is a condition
        level: list[tuple[Node, bool]] = [(root, self.relations)]
        depth = nodes = 0
        while level:
            depth += 1
            nodes += len(level)
            if nodes > LIMITS.nodes:
                raise self.error("too-big", self.tokens[0], limit=str(LIMITS.nodes))
            if depth > LIMITS.levels:
                raise self.error("too-deep", self.tokens[0], limit=str(LIMITS.levels))
            below: list[tuple[Node, bool]] = []
            for node, may in level:
                if isinstance(node, BOOLEAN) and not may:
                    raise self.error("relation", self.tokens[0])
                if not all(isinstance(test, BOOLEAN) for test in conditions(node)):
                    raise self.error("condition", self.tokens[0])
                below += parts(node, may)
            level = below


# -------------------- expression.parser --------------------
LIBRARIES = frozenset({"np", "numpy", "math", "sp", "sympy", "cmath", "sy", "scipy", "S"})
RELATIONS: Mapping[str, str] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "!=": "!=", "<>": "!="}
OR, AND, NOT, COMPARE, BAR, ET, ADD, MULTIPLY, SIGN, POWER = range(2, 12)
BINARY: Mapping[str, int] = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(RELATIONS, COMPARE),
    "|": BAR,
    "&": ET,
    **dict.fromkeys(["+", "-"], ADD),
    **dict.fromkeys(["*", "/", "//", "%"], MULTIPLY),
    **dict.fromkeys(["^", "**"], POWER),
}
# functions whose name alone is never a symbol
CALLED_ONLY = frozenset(FUNCTIONS) - {
    "gamma",
    "arg",
    "re",
    "im",
    "root",
    "trace",
    "det",
    "sign",
    "gcd",
    "lcm",
    "inverse",
}
CLOSES = {"(": ")", "[": "]", "{": "}"}


class Parser(Forms):
    """One text, read once.  names: what may be written; percent: 89.7% is 897/1000."""

    # --- the grammar ---

    def parse(self) -> Node:
        """The whole text as one tree.  Raises AnswerError with the place where reading stopped."""
        if self.next.kind == "end":
            raise self.error("empty")
        node = self.expression()
        if self.sees(","):
            raise self.error("bare-comma")
        if self.next.kind != "end":
            raise self.leftover()
        if isinstance(node, BOOLEAN) and not self.relations:
            raise self.error("relation", self.tokens[0])
        self.well_formed(node)
        if self.unknown:
            raise self.unknown_name()
        if any(token.text == "[" for token in self.tokens):
            node = grouping(alone(node) if self.latex else node)
        return node

    def listed(self) -> Node:
        """One expression, or several with commas between them: a tuple."""
        first = self.expression()
        if not self.sees(","):
            return first
        return Tuple(self.more(first))

    def more(self, first: Node) -> tuple[Node, ...]:
        """The first item and those after the commas; a last comma may stand alone."""
        items = [first]
        while self.sees(","):
            self.take()
            if self.next.kind == "end" or self.sees(")", "]", "}"):
                break
            items.append(self.expression())
        return tuple(items)

    def expression(self) -> Node:
        """An expression, with Python's `a if condition else b`."""
        node = self.binary(OR)
        if not self.sees("if"):
            return node
        self.take()
        condition = self.deeper(lambda: self.binary(OR))
        if not isinstance(condition, BOOLEAN):
            raise self.error("condition", self.tokens[self.at - 1])
        if not self.sees("else"):
            raise self.error("missing-else")
        self.take()
        return Piecewise(((node, condition), (self.deeper(self.expression), Truth(True))))

    def binary(self, least: int) -> Node:
        """Operators that bind at least this strongly; sums and products keep all their terms in one node."""
        left = self.operand()
        chain = ""
        while True:
            token = self.next
            power = BINARY.get(token.text, 0) if token.kind in ("op", "name") else 0
            if not power and self.implicit():
                power, symbol = MULTIPLY, "*"
            else:
                symbol = token.text
            if power < least:
                return left
            if power == COMPARE:
                left, chain = self.relation(left), ""
                continue
            if symbol == token.text and not (symbol == "*" and self.implicit()):
                self.take()
            self.no_second_operator(token)
            left, chain = self.combined(symbol, left, chain, power)

    def combined(self, symbol: str, left: Node, chain: str, power: int) -> tuple[Node, str]:
        """The node for `left symbol ...`, and which chain of terms it continues."""
        if power == POWER:
            return Op("^", (zero_or_one(left), self.deeper(lambda: self.binary(SIGN)))), ""
        right = self.binary(power + 1)
        if power in (ADD, MULTIPLY):
            left, right = zero_or_one(left), zero_or_one(right)
        if symbol in ("+", "-"):
            term = right if symbol == "+" else Op("neg", (right,))
            return Op("+", (*left.args, term) if chain == "+" and isinstance(left, Op) else (left, term)), "+"
        if symbol == "*":
            return Op("*", (*left.args, right) if chain == "*" and isinstance(left, Op) else (left, right)), "*"
        if power in (OR, AND) or (symbol in "|&" and isinstance(left, BOOLEAN) and isinstance(right, BOOLEAN)):
            name = "or" if symbol in ("or", "|") else "and"
            return Logic(
                name, (*left.args, right) if chain == name and isinstance(left, Logic) else (left, right)
            ), name
        if symbol == "|":
            return Relation("|", left, right), ""
        if symbol == "&":
            raise self.error("unexpected", found="&")
        return Op(symbol, (left, right)), ""

    def relation(self, left: Node) -> Node:
        """a < b, and chains such as a < b < c."""
        found: list[Node] = []
        while self.next.kind == "op" and self.next.text in RELATIONS:
            token = self.take()
            if token.text == "==" or not self.sees("="):
                right = self.binary(COMPARE + 1)
                found.append(Relation(RELATIONS[token.text], left, right))
                left = right
        return found[0] if len(found) == 1 else Logic("and", tuple(found))

    def no_second_operator(self, first: Token) -> None:
        """`K^^2`, `a*/b`: two operators in a row, said as such."""
        second = self.next
        if second.kind == "op" and second.text in ("*", "/", "^", "**", "//", "%"):
            both_powers = first.text in ("^", "**") and second.text in ("^", "*", "**")
            raise self.error(
                "two-powers" if both_powers else "two-operators", second, first=first.text, second=second.text
            )
        if second.kind == "end":
            raise self.error("unfinished", first, operator=first.text)

    def operand(self) -> Node:
        """A sign, a number, a name, a bracket; then what may follow it: indices, !, %."""
        token = self.next
        if token.kind == "op" and token.text in "+-":
            self.take()
            inner = self.deeper(lambda: self.binary(SIGN))
            return inner if token.text == "+" else Op("neg", (inner,))
        if token.text == "not" and token.kind == "name":
            self.take()
            return Logic("not", (self.deeper(lambda: self.binary(NOT)),))
        return self.followed(self.primary())

    def followed(self, node: Node) -> Node:
        """Factorial and percent signs after an operand."""
        while True:
            if self.sees("!"):
                self.take()
                node = Call("factorial", (node,))
            elif self.percent and self.sees("%") and not self.starts_operand(1):
                self.take()
                node = Op("/", (node, Number(Fraction(100), "100")))
            else:
                return node

    def primary(self) -> Node:
        """A number, a name, or something in brackets."""
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name" and (token.text not in WORDS or self.is_lambda(token)):
            return self.named(token)
        if token.text in ("(", "["):
            return self.deeper(lambda: self.bracketed(token))
        if token.text == "√":
            return self.root_sign(token)
        if token.text in ("⌊", "⌈"):
            inner = self.deeper(self.expression)
            self.expect({"⌊": "⌋", "⌈": "⌉"}[token.text], token)
            return Call("floor" if token.text == "⌊" else "ceiling", (inner,))
        if token.text == "|" and token.kind == "op":
            inner = self.deeper(lambda: self.binary(ET + 1))
            self.expect("|", token)
            return Call("abs", (inner,))
        raise self.no_operand(token)

    def number(self, token: Token) -> Number:
        """A literal, exact: its value is a fraction."""
        text = token.text.replace("_", "")
        digits, _, exponent = text.lower().partition("e")
        if len(digits) > LIMITS.digits or (exponent and abs(int(exponent[:8])) > LIMITS.exponent):
            raise self.error("too-big", token, limit=str(LIMITS.digits))
        return Number(Fraction(text), text)

    def bracketed(self, opened: Token) -> Node:
        """(a), (a, b), [a, b], [[a, b], [c, d]]."""
        close = CLOSES[opened.text]
        if self.sees(close):
            self.take()
            return Tuple(())
        first = self.expression()
        several = self.sees(",")
        items = self.more(first) if several else (first,)
        self.expect(close, opened)
        return Tuple(items) if several or opened.text == "[" else first

    def named(self, token: Token) -> Node:
        """A symbol, an indexed name, a constant, a function or a form, in this order."""
        name = self.names.resolve(token.text)
        if name in LIBRARIES and self.sees(".") and not self.names.declared(name):
            self.take()
            if self.next.kind != "name" or self.next.text in WORDS:
                raise self.error("unfinished", operator=".")
            return self.named(self.take())
        if self.sees("."):
            raise self.error("not-a-formula", self.next, found=".")
        if self.sees("[") and self.may_be_indexed(name):
            return self.indexed(name, token)
        if self.names.declared(name):
            if self.sees("(") and not self.latex:
                raise self.missing_operator()
            if self.sees("[") and not self.latex:
                raise self.error("not-indexed", token, name=name)
            return Symbol(name)
        known = ALIASES.get(name, name)
        if self.sees("(") and (known in FUNCTIONS or known in FORMS):
            return self.deeper(lambda: self.called(known, token))
        if known in CALLED_ONLY and name not in self.names.arrays:
            raise self.bare_function(token)
        if name in CONSTANTS:
            return Constant(CONSTANTS[name])
        if name in ("True", "False"):
            return Truth(name == "True")
        return self.undeclared(name, token)

    def undeclared(self, name: str, token: Token) -> Node:
        """A word that nothing declares: a bound index, a symbol where any is allowed, else an error at the end."""
        if self.sees("(") and not self.latex:
            close = self.names.nearest_function(name)
            raise self.error("unknown-function", token, name=name, suggestion=close, names=USUAL)
        if name in self.names.arrays:
            raise self.error("index-missing", token, name=name, count=str(self.names.arrays[name]))
        if self.names.symbols is not None:
            self.unknown.append((name, token))
            if self.sees("[") and not self.latex:
                raise self.unknown_name()
        return Symbol(name)

    def may_be_indexed(self, name: str) -> bool:
        """Whether name[...] can be read: a declared array, or any name where any is allowed."""
        if self.names.symbols is None:
            return name in self.names.arrays or ALIASES.get(name, name) not in CALLED_ONLY
        return name in self.names.arrays

    def indexed(self, name: str, token: Token) -> Node:
        """a[m + 1], w[m, n], w[m][n]."""
        indices: list[Node] = []
        while self.sees("["):
            opened = self.take()
            inner = self.deeper(self.listed)
            self.expect("]", opened)
            indices += inner.items if isinstance(inner, Tuple) else (inner,)
        wanted = self.names.arrays.get(name)
        if wanted is not None and len(indices) != wanted:
            raise self.error("index-count", token, name=name, count=str(wanted), found=str(len(indices)))
        return Index(name, tuple(indices))

    def is_lambda(self, token: Token) -> bool:
        """The Greek letter rather than Python's word: it is followed by neither parameters nor a colon."""
        joined = self.next.kind != "name" or self.sees("and", "or", "if", "else", "for")
        return token.text == "lambda" and joined and not self.sees(":")

    def root_sign(self, token: Token) -> Node:
        """√2, √(x + 1); √x^2 could be two things, so it needs its brackets."""
        bracket = self.sees("(")
        inner = self.deeper(self.primary)
        if not bracket and self.sees("^", "**", "!"):
            raise self.error("function-not-called", token, name="√", suggestion="sqrt(...)")
        return Call("sqrt", (inner,))


# -------------------- expression.latex --------------------
OPERATORS: Mapping[str, str] = {
    "cdot": "*", "times": "*", "ast": "*", "star": "*", "div": "/", "le": "<=", "leq": "<=",
    "leqslant": "<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">", "ne": "!=", "neq": "!=", "land": "and",
    "lor": "or", "wedge": "and", "vee": "or", "neg": "not", "mid": "|",
}  # fmt: skip
SKIPPED = frozenset(
    [
        "left",
        "right",
        "big",
        "Big",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "displaystyle",
        "limits",
        "nolimits",
        "textstyle",
    ]
)
FONTS = frozenset(
    ["mathrm", "text", "mathit", "mathbf", "operatorname", "mathsf", "mathcal", "textrm", "bm", "boldsymbol"]
)
FENCES = {"lfloor": ("rfloor", "floor"), "lceil": ("rceil", "ceiling"), "lvert": ("rvert", "abs")}
VARIANTS = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "infty": "oo"}


def looks_like_latex(text: str) -> bool:
    """Whether a text is LaTeX rather than Python."""
    return "\\" in text or "_{" in text or "^{" in text


class LatexParser(Parser):
    """The precedence climber with LaTeX's operands; the tokens are those of the LaTeX lexer."""

    latex = True

    @property
    def next(self) -> Token:
        """The token that comes next; spacing commands are stepped over, operator commands read as their sign."""
        token = self.tokens[self.at]
        while token.kind == "command" and token.text[1:] in SKIPPED:
            self.at += 1
            if self.tokens[self.at].text == ".":  # \right. closes nothing
                self.at += 1
            token = self.tokens[self.at]
        if token.kind == "command" and token.text[1:] in OPERATORS:
            return Token("op", OPERATORS[token.text[1:]], token.start, token.stop)
        if token.text == "&":  # the column mark of cases, not a sign
            return Token("command", "&", token.start, token.stop)
        if token.kind == "command" and token.text in ("\\{", "\\}"):
            return Token("op", {"\\{": "(", "\\}": ")"}[token.text], token.start, token.stop)
        return token

    def take(self) -> Token:
        """The next token, consumed."""
        token = self.next
        self.at += token.kind != "end"
        return token

    def implicit(self) -> bool:
        """A product without a sign: an operand stands right after an operand."""
        token = self.next
        if token.kind == "command":
            return token.text[1:] not in {"", "rfloor", "rceil", "rvert", "end"} and token.text != "\\\\"
        return token.kind in ("number", "name") or token.text in ("(", "[", "{")

    def primary(self) -> Node:
        """Groups and commands, else as in Python."""
        token = self.next
        if token.text == "{" and token.kind == "op":
            return self.group()
        if token.kind == "command":
            self.take()
            return self.deeper(lambda: self.command(token, token.text[1:]))
        if token.kind == "name":
            self.take()
            if token.text in ("sum", "prod") and self.sees("_") and not self.names.declared(token.text):
                return self.deeper(lambda: self.command(token, token.text))  # written without its backslash
            return self.letters(token)
        return super().primary()

    def group(self) -> Node:
        """{...}, or a single token where LaTeX allows one without braces: \\frac12."""
        if self.sees("{"):
            opened = self.take()
            node = self.deeper(self.listed)
            self.expect("}", opened)
            return node
        token = self.next
        if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
            self.tokens[self.at] = Token("number", token.text[1:], token.start + 1, token.stop)
            return Number(Fraction(int(token.text[0])), token.text[0])
        return self.primary()

    def command(self, token: Token, name: str) -> Node:
        """One LaTeX command and what belongs to it."""
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            return Op("/", (self.group(), self.group()))
        if name == "binom":
            return Call("binomial", (self.group(), self.group()))
        if name == "sqrt":
            return self.root()
        if name in ("sum", "prod"):
            return self.big("Sum" if name == "sum" else "Product", token)
        if name in FENCES:
            close, function = FENCES[name]
            inner = self.expression()
            self.expect("\\" + close, token)
            return Call(function, (inner,))
        if name in FONTS:
            return self.font_word(token)
        if name == "begin":
            return self.cases(token)
        return self.command_name(token, VARIANTS.get(name, name))

    def command_name(self, token: Token, name: str) -> Node:
        """\\alpha, \\pi, \\log x, \\max(a, b)."""
        word = Token("name", name, token.start, token.stop)
        known = ALIASES.get(name, name)
        if self.names.declared(self.names.resolve(name)) or name in GREEK_NAMES or name in self.names.arrays:
            return self.subscripted(word)
        if known in FUNCTIONS:
            return self.applied(known, word)
        if name in CONSTANTS:
            return Constant(CONSTANTS[name])
        raise self.error("unknown-command", token, name=token.text)

    def applied(self, name: str, token: Token) -> Node:
        """A function with its argument in brackets or without: \\sin^2 x, \\log_2 n, \\max(a, b)."""
        power: Node | None = None
        base: Node | None = None
        while self.sees("^", "_"):
            if self.take().text == "^":
                power = self.group()
            else:
                base = self.group()
        if self.sees("(", "{"):
            inner = self.primary()
            items = inner.items if isinstance(inner, Tuple) else (inner,)
        else:
            items = (self.binary(MULTIPLY),)
        call = Call(name, (*items, base) if base is not None else tuple(items))
        least, most = FUNCTIONS[name]
        if len(call.args) < least or (most is not None and len(call.args) > most):
            raise self.argument_count(name, token, least)
        return call if power is None else Op("^", (call, power))

    def root(self) -> Node:
        """\\sqrt{x}, \\sqrt[3]{x}."""
        if not self.sees("["):
            return Call("sqrt", (self.group(),))
        opened = self.take()
        degree = self.expression()
        self.expect("]", opened)
        return Call("root", (self.group(), degree))

    def big(self, op: str, token: Token) -> Node:
        """\\sum_{i=0}^{n-k} body: the body reaches to the next plus or minus, as in print."""
        mark = len(self.unknown)
        limits: list[tuple[str, Node, Node]] = []
        high: Node | None = None
        index: tuple[str, Node] | None = None
        while self.sees("_", "^"):
            if self.take().text == "^":
                high = self.group()
                continue
            opened = self.take()
            name = self.take()
            word = name.text.lstrip("\\")
            if name.kind not in ("name", "command") or not word.isidentifier() or word in {*CONSTANTS, *WORDS}:
                raise self.error("sum-limits", name, name=op)
            if opened.text != "{" or not self.sees("="):
                raise self.error("sum-limits", token, name=op)
            self.take()
            index = (word, self.expression())
            self.expect("}", opened)
        if index is None or high is None:
            raise self.error("sum-limits", token, name=op)
        self.bound.append(index[0])
        body = self.deeper(lambda: self.binary(ADD + 1))
        self.bound.pop()
        limits.append((index[0], index[1], high))
        self.bind({index[0]}, mark)
        return Fold(op, body, tuple(limits))

    def font_word(self, token: Token) -> Node:
        """\\mathrm{Cin}: the letters between the braces are one name."""
        opened = self.take()
        letters = []
        while not self.sees("}") and self.next.kind != "end":
            letters.append(self.take().text)
        self.expect("}", opened)
        word = Token("name", "".join(letters), opened.stop, self.next.start)
        known = ALIASES.get(word.text, word.text)
        if known in FUNCTIONS and not self.names.declared(word.text) and self.sees("(", "{"):
            return self.applied(known, word)
        return self.subscripted(word)

    def letters(self, token: Token) -> Node:
        """A run of letters: a declared name, or the product of its letters."""
        text = token.text
        known = self.names.declared(text) or text in self.names.arrays
        if len(text) == 1 or known or self.names.resolve(text) != text or (self.sees("_") and len(text) == 1):
            return self.subscripted(token)
        if ALIASES.get(text, text) in FUNCTIONS and self.sees("(", "{"):
            return self.applied(ALIASES.get(text, text), token)
        if self.names.symbols is not None and not all(self.names.declared(letter) for letter in text):
            return self.undeclared(text, token)
        if text[-1].isdigit():  # S2 is a name or a slip, not S times 2
            return self.subscripted(token)
        parts = [Token("name", letter, token.start + i, token.start + i + 1) for i, letter in enumerate(text)]
        return Op("*", (*(self.subscripted(part, last=False) for part in parts[:-1]), self.subscripted(parts[-1])))

    def subscripted(self, token: Token, *, last: bool = True) -> Node:
        """x_{i+j} is an entry where x is an array, else W_I is a name of its own."""
        name = self.names.resolve(token.text)
        if last and self.sees("[") and name in self.names.arrays:
            return self.indexed(name, token)
        if not last or not self.sees("_"):
            return self.plain_name(name, token)
        opened = self.take()
        if name in self.names.arrays:
            inner = self.group()
            indices = inner.items if isinstance(inner, Tuple) else (inner,)
            wanted = self.names.arrays[name]
            if len(indices) != wanted:
                raise self.error("index-count", token, name=name, count=str(wanted), found=str(len(indices)))
            return Index(name, tuple(indices))
        if self.names.symbols is None and self.is_index():
            inner = self.group()
            return Index(name, inner.items if isinstance(inner, Tuple) else (inner,))
        return self.plain_name(f"{name}_{self.subscript(opened)}", token)

    def is_index(self) -> bool:
        """Whether a subscript holds signs, as in x_{i+j}: then it cannot be part of a name."""
        if not self.sees("{"):
            return False
        for token in self.tokens[self.at + 1 : self.at + 40]:
            if token.text == "}":
                return False
            if token.text in ("+", "-", "*", ","):
                return True
        return False

    def subscript(self, opened: Token) -> str:
        """The letters and digits of a subscript that is part of a name; a font around them is none of them."""
        if not self.sees("{") and not self.is_font(self.next):
            return self.take().text.lstrip("\\")
        parts, depth = [], 0
        while not (self.sees("}") and depth == 1):
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if token.text not in ("{", "}") and token.kind not in ("name", "number", "command"):
                raise self.error("unexpected", token, found=token.text)
            if token.kind in ("name", "number", "command") and not self.is_font(token):
                parts.append(token.text.lstrip("\\"))
        self.take()
        return "".join(parts)

    @staticmethod
    def is_font(token: Token) -> bool:
        return token.kind == "command" and token.text.lstrip("\\") in FONTS

    def plain_name(self, name: str, token: Token) -> Node:
        """A name as a symbol: joined without its underscore where it is declared so."""
        if name in self.bound:
            return self.undeclared(name, token)
        for spelling in (name, name.replace("_", "")):
            if self.names.declared(spelling):
                return Symbol(spelling)
        if name in CONSTANTS:
            return Constant(CONSTANTS[name])
        if self.names.symbols is None and name in ("e", "i"):
            return Constant({"e": "E", "i": "I"}[name])
        if name == "e" and self.names.symbols is not None:
            return Constant("E")
        if not name.isidentifier() or (name in WORDS and name != "lambda") or name in ("True", "False"):
            raise self.error("unexpected", token, found=name)
        if ALIASES.get(name, name) in CALLED_ONLY and name not in self.names.arrays:
            raise self.bare_function(token)
        return self.undeclared(name, token)

    def cases(self, token: Token) -> Node:
        """\\begin{cases} x & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}."""
        if self.environment() != "cases":
            raise self.error("unknown-command", token, name="\\begin")
        branches: list[tuple[Node, Node]] = []
        while not self.sees("\\end"):
            value = self.expression()
            condition: Node = Truth(True)
            if self.sees("&", ","):
                while self.sees("&", ","):
                    self.take()
                condition = self.case_condition()
            branches.append((value, condition))
            if self.sees("\\\\"):
                self.take()
            elif not self.sees("\\end"):
                raise self.error("unexpected", found=self.next.text)
        self.take()
        self.environment()
        if not branches:
            raise self.error("piecewise-pairs", token)
        return Piecewise(tuple(branches))

    def case_condition(self) -> Node:
        """The condition of one line of cases: words such as `otherwise` mean the rest."""
        if self.next.kind == "command" and self.next.text[1:] in FONTS:
            self.take()
            opened = self.take()
            words = []
            while not self.sees("}") and self.next.kind != "end":
                words.append(self.take().text)
            self.expect("}", opened)
            if "".join(words).lower() not in ("if", "for", "when"):
                return Truth(True)
        return self.expression()

    def environment(self) -> str:
        """The name in \\begin{name} or \\end{name}."""
        opened = self.take()
        name = self.take().text
        self.expect("}", opened)
        return name


# -------------------- expression --------------------


def parse(
    text: str, names: Names = ANY, *, grouped: bool = False, percent: bool = False, relations: bool = False
) -> Node:
    """The tree of a formula as a student writes it: Python, unicode mathematics or LaTeX.

    grouped: 12,345,678 is one number.  percent: 89.7% is 897/1000.  relations: K <= W is a formula too.
    Raises AnswerError with the place in the text; nothing is evaluated.
    """
    if len(text) > LIMITS.characters:
        raise AnswerError("too-long", fields={"length": str(len(text)), "limit": str(LIMITS.characters)})
    stripped = text.replace("$", " ") if "$" in text else text
    reader = LatexParser if looks_like_latex(stripped) else Parser
    try:
        return reader(stripped, names, grouped=grouped, percent=percent, relations=relations).parse()
    except RecursionError:  # the caller's own stack was nearly full: the same answer as for any deep text
        raise AnswerError("too-deep", text=text, offset=0, fields={"limit": str(LIMITS.depth)}) from None


# -------------------- offline.sheet --------------------
FILE = "grader.py"  # the name under which students get it
LEVELS = ("parse", "verdict", "examples")  # each tells a student more than the one before
PLAIN_of_sheet = ("given", "points", "examples")


@dataclass(frozen=True)
class Entry:
    """One answer as the file knows it.

    call, case, arguments: how a function is called, and the inputs of its public example.
    seals: slow hashes of the exact values at the points, of each answer that counts as right.
    plain_given, plain_points, plain_examples: as the file holds them; read when they are asked for.
    """

    name: str
    item: str
    kind: str
    names: Names = field(default_factory=lambda: Names(frozenset()))
    percent: bool = False
    plain_given: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    call: str = ""
    case: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[Any] | None = None
    plain_points: Sequence[Mapping[str, Any]] = ()
    salt: str = ""
    seals: tuple[str, ...] = ()
    plain_examples: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def given(self) -> dict[str, Node]:
        """What a number's question gives: a name's value."""
        return {name: parse(value) for name, value in self.plain_given.items()}

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Where the seals take their values."""
        return tuple(map(_point, self.plain_points))

    @cached_property
    def examples(self) -> tuple[tuple[Point, str], ...]:
        """Worked points, each with the value of a right answer there."""
        return tuple((_point(one["at"]), one["value"]) for one in self.plain_examples)


@dataclass(frozen=True)
class Sheet:
    """An assignment as the file knows it.  cost: of the slow hash, as scrypt names it: n, r, p."""

    name: str
    version: str
    language: str
    level: str
    titles: Mapping[str, str]
    items: Mapping[str, Mapping[str, str]]
    entries: tuple[Entry, ...]
    cost: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 10.0

    def find(self, name: str) -> tuple[Entry, ...]:
        """The answers that a name means: one answer, those of an item ("q1a2"), or of a part of the sheet ("q1a").

        Raises AnswerError with what may be meant.
        """
        word = str(name).strip().lower().replace(".", "")
        if not word:
            return self.entries
        shorts = {entry.item: short(entry.item) for entry in self.entries}
        for fits in (
            lambda entry: entry.name == str(name).strip(),
            lambda entry: shorts[entry.item] == word,
            lambda entry: shorts[entry.item].startswith(word),
        ):
            found = tuple(entry for entry in self.entries if fits(entry))
            if found:
                return found
        known = [*dict.fromkeys(shorts.values()), *(entry.name for entry in self.entries)]
        close = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
        fields = {
            "name": str(name),
            "suggestion": close[0] if close else "",
            "known": ", ".join(dict.fromkeys(shorts.values())),
        }
        raise AnswerError("check.unknown", fields=fields)


def short(item: str) -> str:
    """An item's id as a student types it."""
    return item.lower().replace(".", "")


def sheet_of(plain: Mapping[str, Any]) -> Sheet:
    """The sheet in a file's plain data."""
    entries = tuple(_entry(one) for one in plain["answers"])
    rest = {key: value for key, value in plain.items() if key != "answers"}
    return Sheet(entries=entries, **rest)


def _entry(plain: Mapping[str, Any]) -> Entry:
    rest = {key: value for key, value in plain.items() if key not in ("symbols", "arrays", *PLAIN_of_sheet)}
    rest["names"] = Names(frozenset(plain.get("symbols", ())), dict(plain.get("arrays", {})))
    rest |= {f"plain_{key}": plain[key] for key in PLAIN_of_sheet if key in plain}
    for key in ("options", "seals"):
        rest[key] = tuple(plain.get(key, ()))
    return Entry(**rest)


def _point(plain: Mapping[str, Any]) -> Point:
    symbols = {name: Fraction(value) for name, value in plain["symbols"].items()}
    shapes = {name: tuple(shape) for name, shape in plain.get("shapes", {}).items()}
    return Point(symbols, shapes, plain.get("outside", "error"), plain.get("fill", ""))


# -------------------- answer --------------------


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


# -------------------- problem.reading --------------------
PLACEHOLDERS = frozenset({"", "...", "…", "?", "TODO", "todo", "None"})
# what a line may call its value, with `=` behind: L, z[i], dL/dw[j], a derivative as a LaTeX fraction
NAME = r"(?:\\partial\s*|∂|d\s)?[A-Za-z]\w*'*(?:_\{[^{}=]*\}|\[[^\[\]=]*\]|\([^()=]*\))?"
NAMED = Pattern(rf"\s*(?:{NAME}(?:\s*/\s*{NAME})?|\\frac\s*\{{[^=+*]*\}}\s*\{{[^=+*]*\}})\s*")
EQUALS = Pattern(r"(?<![<>=!:])=(?!=)")
ELLIPSIS_TYPES = frozenset({"ellipsis", "NotImplementedType"})


def is_blank(value: Value) -> bool:
    """Whether the answer was left as in the starter."""
    match value:
        case None | Missing():
            return True
        case str():
            return value.strip() in PLACEHOLDERS
        case Opaque(type_name=name):
            return name in ELLIPSIS_TYPES
        case list() | tuple():
            return not value or all(is_blank(item) for item in value)
        case _:
            return False


def read(value: Value, names: Names, *, number: bool = False, percent: bool = False) -> Node:
    """The tree of an answer.  number: thousands may be grouped; percent: 89.7% is read as a fraction.

    Raises AnswerError where the value is no formula.
    """
    match value:
        case str() | SympyText():
            text = value if isinstance(value, str) else value.text
            if number:
                return parse(text, names, grouped=True, percent=percent)
            return parse(text, names)
        case bool() | complex() | FunctionValue() | Opaque() | dict():
            raise AnswerError("not-a-formula-value", fields={"type": type_name(value)})
        case int() | float() | Fraction():
            return Number(exact(value))
        case list() | tuple():
            return Tuple(tuple(read(item, names) for item in value))
        case _ if hasattr(value, "tolist"):
            return read(value.tolist(), names, number=number)
        case _:
            raise AnswerError("not-a-formula-value", fields={"type": type_name(value)})


def exact(value: int | float | Fraction) -> Fraction:
    """A float means the decimal that Python prints for it."""
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise AnswerError("not-finite-number", fields={"value": str(value)})
        return Fraction(repr(float(value)))  # a NumPy float is a float whose own repr names its type
    return Fraction(value)


def lines_of(value: Value) -> Sequence[Value] | None:
    """The steps of a derivation: the entries of a list, or the lines of a text; None for anything else."""
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return value if isinstance(value, list | tuple) else None


def read_line(line: Value, names: Names) -> list[Node]:
    """The steps of one line: `a = b = c` are three, and a name in front that the question does not have is none.

    Raises AnswerError where a side is no formula.
    """
    sides = _sides(line) if isinstance(line, str) else []
    if len(sides) < 2 or not all(side.strip() for side in sides):
        return [read(line, names)]
    try:
        first = [read(sides[0], names)]
    except AnswerError:
        if not NAMED.fullmatch(sides[0]):
            raise
        first = []
    return [*first, *(read(side, names) for side in sides[1:])]


def _sides(line: str) -> list[str]:
    """A line cut at every `=` that stands in no bracket."""
    cuts = [found.start() for found in EQUALS.finditer(line)]
    outside = [cut for cut in cuts if not sum((char in "([{") - (char in ")]}") for char in line[:cut])]
    edges = [-1, *outside, len(line)]
    return [line[start + 1 : stop] for start, stop in pairwise(edges)]


def options_of(value: Value) -> tuple[str, ...] | None:
    """The options that a choice names, in lower case; None where the value is no choice."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str):
        return tuple(part.strip().lower() for part in value.replace(";", ",").split(",") if part.strip())
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(part.strip().lower() for part in value)
    return None


def type_name(value: Value) -> str:
    """The name that Python has for the type of a student's value."""
    match value:
        case Opaque(type_name=name):
            return name
        case FunctionValue():
            return "function"
        case _:
            return type(value).__name__


# -------------------- verdict --------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out about an answer, as data; messages.py has the sentence.

    kind: mistake, edit, factor, offset, convention, other_answer, shape, dtype, value, mutated_input, timeout,
          exception, step, written, syntax, name, blank, internal, ...
    code: which sentence of that kind.  fields: what the sentence needs, already as text; one whose name begins with
    key_ is of ours, and said only where our values are.
    formula: the wrong formula that the answer equals; for staff only.
    hint: an author's own words by language, used instead of the sentence.
    cause: of a wrong step, the slip that leads to it; its sentence follows that of the step.
    """

    kind: str
    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    formula: str = ""
    hint: Mapping[str, str] = field(default_factory=dict)
    cause: Finding | None = None


# -------------------- messages.text --------------------
LEFT_TO_RIGHT, POP = "\u2066", "\u2069"
MOST_FIELD = 300  # characters of one field: an exception's text may be a megabyte
CONTROLS = Pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
ANSI = Pattern(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# in Persian text: code between backquotes, or a longest run without Persian letters that begins and ends as a
# formula or a word does
FORMULA = Pattern(
    r"`[^`\n]*`"
    r"|[A-Za-z0-9_(\[{√ΣΠ-][^\u0590-\u08ff\u200c«»`\n]*[A-Za-z0-9_)\]}%]"
    r"|[A-Za-z0-9]"
)


def clean(text: str) -> str:
    """Text without control characters, ANSI sequences, direction marks or lone surrogates."""
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return CONTROLS.sub("", ANSI.sub("", safe.replace("\r\n", "\n").replace("\t", "    ")))


def directed(text: str, language: str) -> str:
    """Text of a right-to-left language with each formula in it isolated left to right (Unicode UAX 9)."""
    if language != "fa":
        return text
    return FORMULA.sub(lambda found: _isolated(found.group()), text)


def _isolated(run: str) -> str:
    """A run between isolates; brackets that belong to the Persian text around it stay outside."""
    start, stop = 0, len(run)
    if not run.startswith("`"):
        while (
            start < stop and run[start] in "([{" and run[start:stop].count(run[start]) > _closers(run, start, stop)
        ):
            start += 1
        while (
            start < stop
            and run[stop - 1] in ")]}"
            and _openers(run, start, stop) < run[start:stop].count(run[stop - 1])
        ):
            stop -= 1
    inner = run[start:stop]
    return f"{run[:start]}{LEFT_TO_RIGHT}{inner}{POP}{run[stop:]}" if inner else run


def _closers(run: str, start: int, stop: int) -> int:
    return run[start:stop].count(")]}"["([{".index(run[start])])


def _openers(run: str, start: int, stop: int) -> int:
    return run[start:stop].count("([{"[")]}".index(run[stop - 1])])


def caret(text: str, offset: int, language: str = "en") -> str:
    """The student's own line with a mark under the place, cut to what fits around it."""
    start = text.rfind("\n", 0, offset) + 1
    line, place = text[start : offset + 60].split("\n")[0], offset - start
    if place > 60:
        line, place = "..." + line[place - 50 :], 53
    line = line[: place + 40] + ("..." if len(line) > place + 40 else "")
    line = printable(line)
    mark = f"{' ' * _width(line[:place])}^"
    if language == "fa":
        line, mark = f"{LEFT_TO_RIGHT}{line}{POP}", f"{LEFT_TO_RIGHT}{mark}{POP}"
    return f"    {line}\n    {mark}"


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def quoted(source: str, language: str) -> str:
    line = printable(source[:MOST_FIELD].strip().split("\n")[0])[:120]
    return f"    {LEFT_TO_RIGHT}{line}{POP}" if language == "fa" else f"    {line}"


def printable(line: str) -> str:
    """Character for character, so that places in the line stay what they are."""
    return "".join(char if char.isprintable() and clean(char) else "�" for char in line)


# -------------------- messages.sentences --------------------


def sentence(key: str, fields: Mapping[str, str], language: str) -> str:
    """One sentence of the catalogue with its fields; "" for a key that the catalogue lacks."""
    shown = {name: _field(value) for name, value in fields.items()}
    return directed(template(key, language).format_map(_Blank(shown)), language)


class _Blank(dict[str, str]):
    """A field that a finding does not carry is left empty: a message is never lost over it."""

    def __missing__(self, key: str) -> str:
        return ""


def _field(value: str) -> str:
    """What fills a gap: on one line, without control characters or backquotes, not endless."""
    text = " ".join(clean(value[: 4 * MOST_FIELD]).replace("`", "'").split())
    return text if len(text) <= MOST_FIELD else text[: MOST_FIELD - 3] + "..."


# -------------------- messages.findings --------------------
# in this order, each where its field is filled and the catalogue has <code>.<field>
EXTRAS = (
    *("suggestion", "known", "limit", "count", "entry", "case", "line", "why", "other", "names"),
    *("followed", "signature", "error", "key_shape"),
)


def finding_text(finding: Finding, language: str) -> str:
    """The author's own hint, or the sentence of the code; for text that could not be read, its place as well."""
    own = finding.hint.get(language)
    if own:
        return directed(clean(own), language)
    if finding.hint.get("en"):
        return clean(finding.hint["en"])
    fields = _filled(finding)
    key = key_of(finding, fields)
    found = sentence(key, fields, language)
    for extra in EXTRAS:
        more = f"{key}.{extra}"
        if fields.get(extra) and known(more) and not (extra == "known" and fields.get("suggestion")):
            found += " " + sentence(more, fields, language)
    if finding.kind == "edit":
        for slip in dict.fromkeys(fields[place] for place in ("first", "second") if fields.get(place)):
            found += " " + sentence(f"edit.{slip}", {}, language)
        shapes = [("answer", "shape.given"), ("key_shape", "shape.key_shape")]
        found += "".join(" " + sentence(words, fields, language) for name, words in shapes if fields.get(name))
    if known(f"why.{fields.get('why')}"):
        found += " " + sentence(f"why.{fields['why']}", {}, language)
    if finding.kind == "syntax" and fields.get("step"):
        found += " " + sentence("in-step", fields, language)
    if fields.get("followed_outputs"):
        found += " " + sentence("followed-outputs", fields, language)
    if fields.get("part"):
        found += " " + sentence("part", fields, language)
    if finding.kind == "syntax" and fields.get("text") and fields.get("offset"):
        return found + "\n" + caret(fields["text"], int(fields["offset"]), language)
    if fields.get("source", "").strip() and finding.kind == "exception":
        return found + "\n" + quoted(fields["source"], language)
    return found


def _filled(finding: Finding) -> dict[str, str]:
    fields = dict(finding.fields)
    if fields.get("error"):
        fields["failure"] = f"{fields['error']}: {fields['message']}" if fields.get("message") else fields["error"]
    return fields


def key_of(finding: Finding, fields: Mapping[str, str]) -> str:
    """The catalogue's key for a finding: of its kind and code, of its code, or of its kind alone.

    Ids of declared mistakes and conventions are an author's words: only keys of their own kind may answer to them.
    """
    code = finding.code
    if code.startswith("cell-") and not fields.get("cell"):
        code = "file-" + code.removeprefix("cell-")
    named = [f"{finding.kind}.{code}"]
    if finding.kind == "mistake":
        named += [f"edit.{code}", f"convention.{code}"]
    elif finding.kind not in ("convention", "edit"):
        named.append(code)
    return next((key for key in named if known(key)), finding.kind if known(finding.kind) else code)


def error_text(error: AnswerError, language: str = "en") -> str:
    """An AnswerError as a sentence, with the place in the student's text where there is one."""
    fields = dict(error.fields) | {"text": error.text}
    if error.offset is not None:
        fields["offset"] = str(error.offset)
    return finding_text(Finding("syntax", error.code, fields), language)


# -------------------- expression.printing --------------------
TERNARY, OR_of_printing, AND_of_printing, NOT_of_printing, COMPARE_of_printing, ADD_of_printing, MULTIPLY_of_printing, SIGN_of_printing, POWER_of_printing, ATOM = range(10)
OP_STRENGTH = {"+": ADD_of_printing, "*": MULTIPLY_of_printing, "/": MULTIPLY_of_printing, "//": MULTIPLY_of_printing, "%": MULTIPLY_of_printing, "neg": SIGN_of_printing, "^": POWER_of_printing}


def strength(node: Node) -> int:
    """How strongly the outermost operator of a node binds."""
    match node:
        case Op(op=op):
            return OP_STRENGTH[op]
        case Number(value=value, text=text) if not text and (value < 0 or value.denominator != 1):
            return SIGN_of_printing if value < 0 else MULTIPLY_of_printing if _decimal(value) is None else ATOM
        case Relation():
            return COMPARE_of_printing
        case Logic(op=op):
            return {"or": OR_of_printing, "and": AND_of_printing, "not": NOT_of_printing}[op]
        case _:
            return ATOM


def number_text(number: Number) -> str:
    """A literal as it was written, else as an integer, a decimal or a fraction."""
    if number.text:
        return number.text
    decimal = _decimal(number.value)
    return decimal if decimal is not None else f"{number.value.numerator}/{number.value.denominator}"


def _decimal(value: Fraction) -> str | None:
    """The finite decimal of a fraction, if it has one of at most 20 digits."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, digits = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        digits = max(digits, count)
    if rest != 1 or digits > 20:
        return None
    scaled = abs(value) * 10**digits
    text = str(scaled.numerator).rjust(digits + 1, "0")
    return ("-" if value < 0 else "") + f"{text[:-digits]}.{text[-digits:]}"


def to_text(node: Node) -> str:
    """Python-like text with ^ for powers; parsing it gives the same tree."""
    match node:
        case Number():
            return number_text(node)
        case Symbol(name=name) | Constant(name=name):
            return name
        case Op():
            return _op_of_printing(node)
        case Call(name=name, args=args):
            return f"{name}({_list_of_printing(args)})"
        case Index(base=base, indices=indices):
            return f"{base}[{_list_of_printing(indices)}]"
        case Fold(op=op, body=body, limits=limits):
            bounds = "".join(f", ({name}, {to_text(low)}, {to_text(high)})" for name, low, high in limits)
            return f"{op}({to_text(body)}{bounds})"
        case Piecewise(branches=branches):
            return f"Piecewise({', '.join(f'({to_text(v)}, {to_text(c)})' for v, c in branches)})"
        case Truth(value=value):
            return str(value)
        case Relation(op=op, left=left, right=right):
            return f"{_in_of_printing(left, ADD_of_printing)} {op} {_in_of_printing(right, ADD_of_printing)}"
        case Logic(op="not", args=args):
            return f"not {_in_of_printing(args[0], NOT_of_printing)}"
        case Logic(op=op, args=args):
            return f" {op} ".join(_in_of_printing(part, {"or": AND_of_printing, "and": NOT_of_printing}[op]) for part in args)
        case Tuple(items=items):
            return f"({to_text(items[0])},)" if len(items) == 1 else f"({_list_of_printing(items)})"
        case Matrix(rows=rows):
            return f"Matrix([{', '.join(f'[{_list_of_printing(row)}]' for row in rows)}])"
    raise TypeError(f"not a formula node: {node!r}")


def _list_of_printing(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(to_text, nodes))


def _in_of_printing(node: Node, least: int) -> str:
    """The text of a part, in brackets where it binds more weakly than its place asks for."""
    text = to_text(node)
    return text if strength(node) >= least else f"({text})"


def _op_of_printing(node: Op) -> str:
    op, args = node.op, node.args
    if op == "neg":
        return "-" + _in_of_printing(args[0], SIGN_of_printing)
    if op == "^":
        return f"{_in_of_printing(args[0], ATOM)}^{_in_of_printing(args[1], SIGN_of_printing)}"
    if op == "+":
        return _in_of_printing(args[0], MULTIPLY_of_printing) + "".join(map(_term, args[1:]))
    if op == "*":
        # a quotient in front is read back as one, a product in front would join the chain
        first = args[0]
        nested = isinstance(first, Op) and first.op == "*"
        head = f"({to_text(first)})" if nested else _in_of_printing(first, MULTIPLY_of_printing)
        return head + "".join("*" + _in_of_printing(part, SIGN_of_printing) for part in args[1:])
    sign = op if op == "/" else f" {op} "
    return _in_of_printing(args[0], MULTIPLY_of_printing) + sign + _in_of_printing(args[1], SIGN_of_printing)


def _term(node: Node) -> str:
    """A later term of a sum: a minus sign stands for the plus."""
    if isinstance(node, Op) and node.op == "neg":
        return " - " + _in_of_printing(node.args[0], MULTIPLY_of_printing)
    return " + " + _in_of_printing(node, MULTIPLY_of_printing)


# -------------------- offline.seal --------------------


def witness(node: Node, points: Sequence[Point]) -> str:
    """The values of a formula at all points as one text.

    Raises Inexact where one of them is not known exactly.
    """
    return "\n".join(" ".join(values_at(node, point)) for point in points)


def sealed(values: str, salt: str, cost: Mapping[str, int]) -> str:
    """The slow hash of a witness, in hexadecimal digits; "" where this Python has no scrypt or too little memory."""
    return _sealed(values, salt, cost["n"], cost["r"], cost["p"])


@lru_cache(maxsize=512)
def _sealed(values: str, salt: str, n: int, r: int, p: int) -> str:
    try:
        most = 128 * r * (n + p + 2) + (1 << 20)
        return hashlib.scrypt(values.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=most, dklen=16).hex()
    except (AttributeError, ValueError, MemoryError):
        return ""


# -------------------- offline.watch --------------------
GRACE = 0.2  # seconds in which an interrupt that came too late is still caught


class Watch:
    """Interrupts the main thread after so many seconds inside its `with` blocks, as Ctrl-C would.

    rang tells that it was the watch, and not a person.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rang = False

    def ring(self) -> None:
        """The time is over."""
        self.rang = True
        _thread.interrupt_main()

    def __enter__(self) -> None:
        self.timer = threading.Timer(self.seconds, self.ring)
        self.timer.daemon = True
        if threading.current_thread() is threading.main_thread():
            self.timer.start()

    def __exit__(self, kind: object, *_: object) -> None:
        self.timer.cancel()
        if self.rang and kind is not KeyboardInterrupt:  # it rang just after the end
            try:
                time.sleep(GRACE)
            except KeyboardInterrupt:
                self.rang = False


# -------------------- offline.looking --------------------
READ, BLANK, UNREADABLE, RIGHT, WRONG = "read", "blank", "unreadable", "right", "wrong"
MOST_TEXT, MOST_ITEMS, MOST_DEPTH, MOST_BITS = 20_000, 4000, 6, 4096  # as the grader's own sandbox has them
NUMBERS = "biufc"  # kinds of numpy's dtypes
NOWHERE = Point({})


@dataclass(frozen=True)
class Row:
    """What is said about one answer.  reading: as the grader reads it; node: the same, to be typeset."""

    entry: Entry
    state: str
    reading: str = ""
    node: Node | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """What looking at an answer needs beside the answer: the sheet, the language, the student's own object."""

    sheet: Sheet
    entry: Entry
    language: str
    raw: Any = field(default=None, repr=False)

    def say(self, key: str, **fields: str) -> str:
        """A sentence of the catalogue."""
        return sentence(key, fields, self.language)


def look(sheet: Sheet, entry: Entry, space: Mapping[str, Any], language: str) -> Row:
    """One answer, found by its name among the student's names.  Never raises for what a student wrote."""
    desk = Desk(sheet, entry, language, space.get(entry.name))
    value = plain(desk.raw) if entry.name in space else Missing()
    if is_blank(value):
        return Row(entry, BLANK)
    try:
        return KINDS[entry.kind](desk, value)
    except AnswerError as error:
        return Row(entry, UNREADABLE, notes=(error_text(error, language),))


def plain(value: Any, depth: int = 0) -> Value:
    """A student's object as plain data, just as the grader's sandbox hands it over: exactly these types."""
    kind = type(value)
    if value is None or kind in (bool, float, complex, Fraction):
        return value
    if kind is int:
        return value if value.bit_length() <= MOST_BITS else Opaque("int", "too many digits")
    if kind is str:
        return value[:MOST_TEXT].encode("utf-8", "replace").decode("utf-8")
    if kind in (tuple, list) and depth < MOST_DEPTH and len(value) <= MOST_ITEMS:
        return kind(plain(item, depth + 1) for item in value)
    if kind is dict:
        return {}
    if kind is types.FunctionType:
        code = value.__code__
        return FunctionValue(value.__name__, code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    if kind in (types.BuiltinFunctionType, types.MethodType, type) or kind.__name__ in ("partial", "ufunc"):
        return FunctionValue(str(getattr(value, "__name__", kind.__name__)))
    return _of_packages(value, kind)


def _of_packages(value: Any, kind: type) -> Value:
    """Values of numpy and sympy, known by their names: neither is needed here."""
    package = kind.__module__.split(".")[0]
    if package == "numpy" and getattr(getattr(value, "dtype", None), "kind", "") in NUMBERS:
        return value.tolist()
    if package == "sympy" and hasattr(value, "free_symbols"):
        return SympyText(str(value)[:MOST_TEXT])
    return Opaque(kind.__name__)


def _formula(desk: Desk, value: Value) -> Row:
    node = read(value, desk.entry.names)
    return _told(desk, node, Row(desk.entry, READ, to_text(node), node))


def _number(desk: Desk, value: Value) -> Row:
    written = read(value, desk.entry.names, number=True, percent=desk.entry.percent)
    node = substitute(written, desk.entry.given)
    row = Row(desk.entry, READ, to_text(written), written)
    if isinstance(node, Tuple):
        return row
    try:
        found = to_text(Number(value_at(node, NOWHERE)))
    except NoValue as error:
        raise AnswerError("no-value", text=row.reading, fields={"why": str(error)}) from None
    except Inexact:
        return _told(desk, node, row)
    if found != row.reading:
        row = replace(row, reading=f"{row.reading} = {found}", node=None)
    return _told(desk, node, row)


def _derivation(desk: Desk, value: Value) -> Row:
    lines = lines_of(value)
    if lines is None:
        raise AnswerError("not-a-list-of-steps", fields={"type": type_name(value)})
    steps: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            steps += map(to_text, read_line(line, desk.entry.names))
        except AnswerError as error:
            note = f"{desk.say('check.step', step=str(number))} {error_text(error, desk.language)}"
            return Row(desk.entry, UNREADABLE, notes=(note,))
    return Row(desk.entry, READ, "\n".join(steps))


def _choice(desk: Desk, value: Value) -> Row:
    chosen = options_of(value)
    fields = {"options": ", ".join(desk.entry.options)}
    if chosen is None:
        raise AnswerError("not-a-choice", fields=fields)
    unknown = [option for option in chosen if option not in desk.entry.options]
    if unknown:
        raise AnswerError("unknown-option", fields=fields | {"option": unknown[0]})
    return Row(desk.entry, READ, ", ".join(chosen))


def _written(desk: Desk, value: Value) -> Row:
    if not isinstance(value, str):
        raise AnswerError("not-a-text", fields={"type": type_name(value)})
    return Row(desk.entry, READ, value)


def _function(desk: Desk, value: Value) -> Row:
    """A function is there and runs on the public example; whether what it returns is right is not known here."""
    if not isinstance(value, FunctionValue):
        raise AnswerError("not-a-function", fields={"type": type_name(value)})
    row = Row(desk.entry, READ, f"{desk.entry.name}({', '.join(value.parameters)})")
    try:
        arguments = _arguments(desk.entry.arguments)
    except LookupError:
        row = replace(row, notes=(desk.say("check.not-run", package="numpy"),))
        arguments = None
    if arguments is None:
        return Row(desk.entry, BLANK) if _is_starter(desk.raw) else row
    watch = Watch(desk.sheet.seconds)
    case = desk.entry.case.get(desk.language) or desk.entry.case.get("en", "")
    try:
        with contextlib.redirect_stdout(io.StringIO()), watch:
            result = desk.raw(*copy.deepcopy(arguments))
    except KeyboardInterrupt:
        if not watch.rang:  # a person's own Ctrl-C
            raise
        return replace(row, state=UNREADABLE, notes=(desk.say("timeout", seconds=f"{desk.sheet.seconds:g}"),))
    except NotImplementedError:
        return Row(desk.entry, BLANK)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - shown to its author
        if isinstance(error, NameError | ModuleNotFoundError) and _numpy() is None:
            return replace(row, notes=(desk.say("check.not-run", package="numpy"),))
        return replace(row, state=UNREADABLE, notes=_failed(desk, error, case))
    if result is None:
        return Row(desk.entry, BLANK, notes=(desk.say("returned-none"),))
    if is_blank(plain(result)):
        return Row(desk.entry, BLANK)
    return replace(row, notes=(desk.say("check.ran", case=case, result=shape_of(result)),))


def _is_starter(function: Any) -> bool:
    """Whether a function that cannot be tried out is the starter's, which does nothing but `return ...`."""
    code = getattr(function, "__code__", None)
    return code is not None and not code.co_names and any(one is Ellipsis for one in code.co_consts)


def _failed(desk: Desk, error: BaseException, case: str) -> tuple[str, ...]:
    failure = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    line = _line_of(error, desk.raw)
    where = desk.say("exception.line", line=str(line)) if line else ""
    notes = (f"{desk.say('exception', failure=failure)} {where}".rstrip(), desk.say("value.case", case=case))
    expected = desk.say("check.parameters", signature=desk.entry.call)
    return (*notes, expected) if isinstance(error, TypeError) and "argument" in str(error) else notes


def _line_of(error: BaseException, function: Any) -> int:
    """The last line of the function's own file or cell that an error passed through; 0 where there is none."""
    own, line, at = getattr(getattr(function, "__code__", None), "co_filename", ""), 0, error.__traceback__
    while at is not None:
        line = at.tb_lineno if at.tb_frame.f_code.co_filename == own else line
        at = at.tb_next
    return line


def _arguments(plain_arguments: Sequence[Any] | None) -> list[Any] | None:
    """The inputs of the public example; None where there are none.

    Raises LookupError where numpy is not there to make them.
    """
    return None if plain_arguments is None else [_argument(one) for one in plain_arguments]


def _argument(one: Any) -> Any:
    if isinstance(one, dict) and "array" in one:
        numpy = _numpy()
        if numpy is None:
            raise LookupError("numpy")
        return numpy.array(one["array"], dtype=one["dtype"])
    if isinstance(one, dict):
        return tuple(_argument(part) for part in one["tuple"])
    return [_argument(part) for part in one] if isinstance(one, list) else one


def _numpy() -> Any:
    """NumPy, where this Python has it."""
    try:
        return sys.modules.get("numpy") or __import__("numpy")
    except ImportError:
        return None


def shape_of(result: Any) -> str:
    """The type of a result, with shapes: what may be seen of it without knowing what is right."""
    kind = type(result).__name__
    if isinstance(result, tuple):
        return f"{kind}: {', '.join(map(shape_of, result[:9]))}"
    if isinstance(result, list | dict):
        return f"{kind} of {len(result)}"
    shape = getattr(result, "shape", None)
    return f"{kind} {shape}" if isinstance(shape, tuple) and shape else kind
KINDS: Mapping[str, Callable[[Desk, Value], Row]] = {
    "Formula": _formula,
    "Number": _number,
    "Derivation": _derivation,
    "Choice": _choice,
    "Written": _written,
    "Function": _function,
}


def _mark(desk: Desk, node: Node) -> str:
    """The slow hash of a formula's values; "" where nothing can be told: not every answer has exact values."""
    if not desk.entry.seals:
        return ""
    try:
        return sealed(witness(node, desk.entry.points), desk.entry.salt, desk.sheet.cost)
    except Inexact:
        return ""


def _told(desk: Desk, node: Node, row: Row) -> Row:
    """Right or not, where exact values decide it; worked points, where the teacher shows some."""
    entry, state, notes = desk.entry, row.state, [*row.notes]
    if desk.sheet.level != LEVELS[0]:
        mark = _mark(desk, node)
        state = (RIGHT if mark in entry.seals else WRONG) if mark else READ
        if not mark:
            notes.append(desk.say("check.undecided"))
    for point, value in entry.examples if state != RIGHT else ():
        at = ", ".join(f"{name} = {number}" for name, number in point.symbols.items())
        try:
            own = " ".join(values_at(node, point))
            notes.append(desk.say("check.example", at=at, value=value, own=own))
        except Inexact:
            notes.append(desk.say("check.example-only", at=at, value=value))
    return replace(row, state=state, notes=tuple(notes))


# -------------------- expression.markup --------------------
FENCES_of_markup = {"floor": "⌊⌋", "ceiling": "⌈⌉", "abs": "||"}


@dataclass(frozen=True, slots=True)
class Markup:
    """How one language writes each part; every callable takes parts already written."""

    name: Callable[[str], str]
    number: Callable[[str], str]
    word: Callable[[str], str]
    sign: Callable[[str], str]
    join: Callable[[Sequence[str]], str]
    fence: Callable[[str, str, str], str]
    fraction: Callable[[str, str], str] | None  # none: a stroke, as inside of a sentence
    power: Callable[[str, str], str]
    index: Callable[[str, str], str]
    root: Callable[[str], str]
    big: Callable[[str, str, str], str]
    table: Callable[[str, Sequence[Sequence[str]], str], str]
Words = Mapping[str, str]


def to_mathml(node: Node, words: Words | None = None) -> str:
    """A <math> element; every name of the student's is escaped, whole numbers of five digits or more are grouped."""
    return f"<math>{mathml_row(node, words)}</math>"


def mathml_row(node: Node, words: Words | None = None, *, inline: bool = False) -> str:
    """What stands inside of the <math> element."""
    return _write(node, _speaking(MATHML, words, inline))


def _speaking(m: Markup, words: Words | None, inline: bool) -> Markup:
    spoken = replace(m, word=lambda text: m.word(words.get(text, text))) if words else m
    return replace(spoken, fraction=None) if inline else spoken


def grouped(text: str) -> str:
    """A whole number of five digits or more with commas, anything else as it is."""
    return f"{int(text):,}" if text.isascii() and text.isdigit() and 5 <= len(text) <= 30 else text


def _write(node: Node, m: Markup) -> str:
    match node:
        case Number():
            return m.number(number_text(node))
        case Symbol(name=name) | Constant(name=name):
            return m.name(name)
        case Truth(value=value):
            return m.word("otherwise" if value else "never")
        case Op():
            return _op(node, m)
        case Call(name=name, args=args):
            return _call(name, args, m)
        case Index(base=base, indices=indices):
            return m.index(m.name(base), _list(indices, m))
        case Fold():
            return _fold(node, m)
        case Relation() | Logic():
            return _condition(node, m)
        case Tuple(items=items):
            return m.fence("(", _list(items, m), ")")
        case _:
            return _table(node, m)


def _in(node: Node, least: int, m: Markup) -> str:
    text = _write(node, m)
    loose = strength(node) < least or (least == ATOM and isinstance(node, Fold | Piecewise))
    return m.fence("(", text, ")") if loose else text


def _list(nodes: Sequence[Node], m: Markup) -> str:
    parts: list[str] = []
    for node in nodes:
        parts += [m.sign(","), _write(node, m)] if parts else [_write(node, m)]
    return m.join(parts)


def _op(node: Op, m: Markup) -> str:
    op, args = node.op, node.args
    if op == "neg":
        return m.join([m.sign("-"), _in(args[0], MULTIPLY_of_printing, m)])
    if op == "/":
        return _quotient(args[0], args[1], m)
    if op == "^":
        base = args[0]
        atom = isinstance(base, Number | Symbol | Constant | Index) and strength(base) == ATOM
        text = _write(base, m)
        return m.power(text if atom else m.fence("(", text, ")"), _write(args[1], m))
    if op == "+":
        parts = [_in(args[0], MULTIPLY_of_printing, m)]
        for term in args[1:]:
            minus = isinstance(term, Op) and term.op == "neg"
            inner = term.args[0] if isinstance(term, Op) and minus else term
            parts += [m.sign("-" if minus else "+"), _in(inner, MULTIPLY_of_printing, m)]
        return m.join(parts)
    parts = [_factor(args[0], m, first=True)]
    for place, factor in enumerate(args[1:], start=2):
        # a sum over an index at the very end needs no brackets: everything after its sign belongs to it
        last = place == len(args) and isinstance(factor, Fold) and op == "*"
        parts += [m.sign(op), _write(factor, m) if last else _factor(factor, m, first=False)]
    return m.join(parts)


def _quotient(above: Node, below: Node, m: Markup) -> str:
    if m.fraction is not None:
        return m.fraction(_write(above, m), _write(below, m))
    bare = strength(below) == ATOM or (isinstance(below, Op) and below.op == "^")
    written = _write(below, m) if bare and not isinstance(below, Fold) else m.fence("(", _write(below, m), ")")
    return m.join([_in(above, MULTIPLY_of_printing, m), m.sign("/"), written])


def _factor(node: Node, m: Markup, *, first: bool) -> str:
    """A factor: sums, sums with limits, signs and nested products keep their brackets."""
    bare = strength(node) == ATOM or (isinstance(node, Op) and node.op in ("^", "/" if m.fraction else "^"))
    if _kronecker(node):
        return _write(node, m)
    if isinstance(node, Fold | Piecewise) or not (bare or (first and strength(node) == SIGN_of_printing)):
        return m.fence("(", _write(node, m), ")")
    return _write(node, m)


def _call(name: str, args: tuple[Node, ...], m: Markup) -> str:
    if name in FENCES_of_markup:
        return m.fence(FENCES_of_markup[name][0], _write(args[0], m), FENCES_of_markup[name][1])
    if name == "sqrt":
        return m.root(_write(args[0], m))
    if name == "factorial":
        return m.join([_in(args[0], ATOM, m), m.sign("!")])
    if name == "exp":
        return m.power(m.name("e"), _write(args[0], m))
    # F(x), F'(x), H_l(x): a letter, not the word of a function
    abstract = len(name.partition("_")[0].rstrip("'")) == 1
    head = m.name(name) if abstract else m.word({"Min": "min", "Max": "max"}.get(name, name))
    if name == "log" and len(args) == 2:
        return m.join([m.index(head, _write(args[1], m)), m.fence("(", _write(args[0], m), ")")])
    fenced = m.fence("(", _list(args, m), ")")
    # Typst puts a gap between a word and what stands apart from it
    return head + fenced if head.endswith('"') else m.join([head, fenced])


def _fold(node: Fold, m: Markup) -> str:
    """The last limits are the outermost, so their sign stands in front."""
    signs = [] if node.limits else [m.sign("∑")]  # a sum over what the sentence says
    for name, low, high in reversed(node.limits):
        below = m.join([m.name(name), m.sign("="), _write(low, m)])
        signs.append(m.big(node.op, below, _write(high, m)))
    body = _in(node.body, MULTIPLY_of_printing, m)
    return m.join([*signs, body])


def _condition(node: Relation | Logic, m: Markup) -> str:
    if isinstance(node, Relation):
        return m.join([_in(node.left, ADD_of_printing, m), m.sign(node.op), _in(node.right, ADD_of_printing, m)])
    if node.op == "not":
        return m.join([m.word("not"), _in(node.args[0], NOT_of_printing, m)])
    parts: list[str] = []
    for part in node.args:
        text = _in(part, {"or": AND_of_printing, "and": NOT_of_printing}[node.op], m)
        parts += [m.word(node.op), text] if parts else [text]
    return m.join(parts)


def _kronecker(node: Node) -> tuple[Node, Node] | None:
    """The two indices of a Kronecker delta: 1 where they are equal, 0 elsewhere."""
    match node:
        case Piecewise(
            branches=(
                (Number(value=one), Relation(op="==", left=left, right=right)),
                (Number(value=zero), Truth(value=True)),
            )
        ) if one == 1 and zero == 0:
            return left, right
    return None


def _table(node: Node, m: Markup) -> str:
    pair = _kronecker(node)
    if pair is not None:
        return m.index(m.name("delta"), _list(pair, m))
    if isinstance(node, Matrix):
        return m.table("(", [[_write(entry, m) for entry in row] for row in node.rows], ")")
    if isinstance(node, Piecewise):
        return m.table("{", [[_write(value, m), _write(test, m)] for value, test in node.branches], "")
    raise TypeError(f"not a formula node: {node!r}")
MATHML_SIGNS = {"*": "⋅", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "|": "∣", "%": "mod", "-": "−"}


def _mathml_sign(sign: str) -> str:
    close = " lspace='0' rspace='0'" if sign == "/" else ""
    return f"<mo{close}>{html.escape(MATHML_SIGNS.get(sign, sign))}</mo>"


def _mathml_row(parts: Sequence[str]) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _mathml_name(name: str) -> str:
    if name.startswith("∂"):
        return f"<mrow><mo rspace='0'>∂</mo>{_mathml_name(name[1:])}</mrow>"
    letters: Mapping[str, str] = GREEK_LETTERS_of_markup
    base, _, below = name.partition("_")
    if not base or not below:
        return f"<mi>{html.escape(letters.get(name, name))}</mi>"
    return f"<msub><mi>{html.escape(letters.get(base, base))}</mi><mi>{html.escape(below)}</mi></msub>"


def _mathml_table(left: str, rows: Sequence[Sequence[str]], right: str) -> str:
    body = "".join("<mtr>" + "".join(f"<mtd>{cell}</mtd>" for cell in row) + "</mtr>" for row in rows)
    return _mathml_row([f"<mo>{left}</mo><mtable>{body}</mtable>", f"<mo>{right}</mo>" if right else ""])
GREEK_LETTERS_of_markup = {word: letter for letter, word in GREEK.items() if letter not in "ϵϕϑςµ"} | {"pi": "π", "oo": "∞"}
MATHML = Markup(
    name=_mathml_name,
    number=lambda text: f"<mn>{grouped(text)}</mn>",
    word=lambda text: f"<mi>{html.escape(text)}</mi>",
    sign=_mathml_sign,
    join=_mathml_row,
    fence=lambda left, inner, right: f"<mrow><mo>{left}</mo>{inner}<mo>{right}</mo></mrow>",
    fraction=lambda above, below: f"<mfrac>{above}{below}</mfrac>",
    power=lambda base, exponent: f"<msup>{base}{exponent}</msup>",
    index=lambda base, below: f"<msub>{base}{below}</msub>",
    root=lambda inner: f"<msqrt>{inner}</msqrt>",
    big=lambda op, low, high: f"<munderover><mo>{'∑' if op == 'Sum' else '∏'}</mo>{low}{high}</munderover>",
    table=_mathml_table,
)


# -------------------- offline.show --------------------
WIDTH = 80
MOST_SHOWN = 200  # characters of a reading
MOST_WORDS = 60  # characters of a written answer
NAMES_AT_MOST, ITEMS_AT_MOST = 12, 36  # so that a sentence stays one
MANY = 6  # answers, which a summary names again
WHOLE_SHEET = 20  # from so many answers on, blank ones are only listed at the end
STATES = {READ: "check.read-as", BLANK: "check.blank", UNREADABLE: "check.unreadable"}
COLORS = {READ: "#6e7781", BLANK: "#9a6700", UNREADABLE: "#cf222e", RIGHT: "#1a7f37", WRONG: "#cf222e"}


@dataclass(frozen=True)
class Report:
    """What a check found.  It shows itself in a notebook, and as text anywhere else."""

    sheet: Sheet
    rows: tuple[Row, ...]
    language: str
    notes: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether there is nothing to mend and nothing blank."""
        return not self.notes and all(row.state in (READ, RIGHT) for row in self.rows)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)


def summary(report: Report) -> list[str]:
    """The sentences at the end: how many can be read, what is left to do, and that this is no grade."""

    def say(key: str, **fields: str) -> str:
        return sentence(key, fields, report.language)

    rows, lines = report.rows, []
    if not rows:
        return []
    readable = sum(row.state not in (BLANK, UNREADABLE) for row in rows)
    counts = {"read": str(readable), "count": str(len(rows))}
    if len(rows) > 1:
        lines.append(say("check.all-read" if readable == len(rows) else "check.count", **counts))
    if len(rows) >= MANY:
        for state, key in ((UNREADABLE, "check.to-mend"), (WRONG, "check.not-right"), (BLANK, "check.blanks")):
            names = [row.entry.name for row in rows if row.state == state]
            if names:
                lines.append(say(key, count=str(len(names)), names=_few(names, rows, state)))
    level = "parse" if report.sheet.level == "parse" else "verdict"
    return [*lines, say(f"check.not-the-grade.{level}")]


def _few(names: list[str], rows: Sequence[Row], state: str) -> str:
    """The names, or the questions where there are many of them."""
    if len(names) <= NAMES_AT_MOST:
        return ", ".join(names)
    items = list(dict.fromkeys(row.entry.item for row in rows if row.state == state))
    return ", ".join(items[:ITEMS_AT_MOST]) + (", ..." if len(items) > ITEMS_AT_MOST else "")


def _listed(report: Report) -> list[Row]:
    """The rows to list one by one."""
    return [row for row in report.rows if row.state != BLANK or len(report.rows) < WHOLE_SHEET]


def _word(row: Row, language: str) -> str:
    """What became of an answer, in a word or two."""
    if row.entry.kind == "Written" and row.state == READ:
        return sentence("check.written", {}, language)
    if row.reading and row.state == UNREADABLE:
        return sentence("check.fails", {}, language)
    if row.state in (RIGHT, WRONG):
        return f"{sentence(f'check.{row.state}', {}, language)}, {sentence('check.read-as', {}, language)}"
    return sentence(STATES[row.state], {}, language)


def _readings(row: Row) -> list[str]:
    """The lines of a reading, each cut to what one looks at."""
    lines = [" ".join(clean(line).split()) for line in row.reading.splitlines()] or [""]
    if row.entry.kind == "Written":
        lines = [textwrap.shorten(" ".join(lines), MOST_WORDS, placeholder=" ...")]
    return [line if len(line) <= MOST_SHOWN else f"{line[: MOST_SHOWN - 3]}..." for line in lines]


def as_text(report: Report) -> str:
    """The report for a terminal."""
    lines = [line for note in report.notes for line in [*_wrapped(note, ""), ""]]
    most = max((len(row.entry.name) for row in _listed(report)), default=0)
    for item, rows in groupby(_listed(report), key=lambda row: row.entry.item):
        lines.append(f"{item}  {_title(report, item)}".rstrip())
        for row in rows:
            lines += _row_text(row, most, report.language)
        lines.append("")
    return "\n".join([*lines, *(line for text in summary(report) for line in _wrapped(text, ""))])


def _title(report: Report, item: str) -> str:
    titles = report.sheet.items.get(item, {})
    return titles.get(report.language) or titles.get("en", "")


def _row_text(row: Row, most: int, language: str) -> list[str]:
    readings, word = _readings(row), _word(row, language)
    shown = directed(readings[0], language) if row.entry.kind != "Written" else readings[0]
    lines = [f"  {row.entry.name:<{most}}  {word}  {shown}".rstrip()]
    lines += [f"  {'':<{most}}  {directed(line, language)}" for line in readings[1:]]
    return lines + [line for note in row.notes for line in _wrapped(note, "      ")]


def _wrapped(text: str, indent: str) -> list[str]:
    """Sentences broken into lines; lines of the student's own text stay as they are."""
    lines: list[str] = []
    for line in text.splitlines():
        own = line.startswith("    ")
        lines += [indent + line] if own else _isolated_of_show(textwrap.wrap(line, WIDTH - len(indent)), indent)
    return lines


def _isolated_of_show(lines: list[str], indent: str) -> list[str]:
    """Lines of one sentence; a formula that goes on in the next line is left to right in both."""
    closed, open_ = [], False
    for line in lines:
        whole = (LEFT_TO_RIGHT if open_ else "") + line
        open_ = whole.count(LEFT_TO_RIGHT) > whole.count(POP)
        closed.append(indent + whole + (POP if open_ else ""))
    return closed
CODE = Pattern(r"`([^`\n]*)`")
BOX = "border-inline-start:3px solid {color};padding:.15em .8em;margin:.35em 0"


def as_html(report: Report) -> str:
    """The report for a notebook; Persian runs right to left, code left to right."""
    direction = "rtl" if report.language == "fa" else "ltr"
    parts = [f'<div dir="{direction}" style="font-family:sans-serif;line-height:1.5;max-width:60em">']
    parts += [_box(_prose(note), COLORS[UNREADABLE]) for note in report.notes]
    for item, rows in groupby(_listed(report), key=lambda row: row.entry.item):
        parts.append(f"<b>{html.escape(item)}</b> {html.escape(_title(report, item))}")
        parts += [_row_html(row, report.language) for row in rows]
    last = [f"<div>{_prose(text)}</div>" for text in summary(report)]
    return "".join([*parts, '<div style="opacity:.75;font-size:90%">', *last, "</div></div>"])


def _row_html(row: Row, language: str) -> str:
    word = html.escape(_word(row, language))
    head = f'{_code(row.entry.name)} <span style="color:{COLORS[row.state]}">{word}</span> '
    if row.node is not None:
        head += f'<span dir="ltr">{to_mathml(row.node)}</span> &nbsp; '
    if row.reading and row.entry.kind != "Written":
        head += "<br>".join(_code(line) for line in _readings(row))
    elif row.reading:
        head += f'<span dir="auto">{html.escape(_readings(row)[0])}</span>'
    return _box(head + "".join(f"<div>{_prose(note)}</div>" for note in row.notes), COLORS[row.state])


def _box(inner: str, color: str) -> str:
    return f'<div style="{BOX.format(color=color)}">{inner}</div>'


def _code(text: str) -> str:
    return f'<code dir="ltr">{html.escape(text)}</code>'


def _prose(text: str) -> str:
    """A message: code between backquotes, and the student's own lines, with a caret, as they are."""
    parts: list[str] = []
    for own, lines in groupby(text.splitlines(), key=lambda line: line.startswith("    ")):
        if own:
            block = html.escape("\n".join(line[4:] for line in lines))
            parts.append(f'<pre dir="ltr" style="margin:.2em 1em;background:none">{block}</pre>')
        else:
            parts.append(" ".join(CODE.sub(lambda found: _code_again(found), html.escape(line)) for line in lines))
    return "".join(parts)


def _code_again(found: Any) -> str:
    return f'<code dir="ltr">{found.group(1)}</code>'


# -------------------- submission.cells --------------------
ENDINGS = {".py": "py", ".ipynb": "ipynb", ".py.txt": "py", ".ipynb.txt": "ipynb", ".ipynb.json": "ipynb"}
MAGIC_LINE = Pattern(r"^\s*[%!?]|^\s*[\w.\[\]]+\?\??\s*$|^\s*[\w., \[\]]+=\s*[!%]")
TIMED_LINE = Pattern(r"^(\s*)%time\s+(\S.*)$")
PYTHON_CELLS = ("%%time", "%%capture", "%%prun")  # what stands below is Python, and its names are kept
BACKSLASH = "\\"
MARK = Pattern(r"\\.|'''|\"\"\"|['\"#\[({\])}]")
CODING = Pattern(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
PYTHONS = ("python", "ipython", "sage")
MOST_CELLS = 2000
MOST_DEPTH_of_cells = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a notebook, or a whole .py file; number counts from 1 as the student sees it."""

    number: int
    source: str


def kind_of(name: str) -> str:
    """ "py" or "ipynb" by a file's name, also where a browser added an ending; "" for any other file."""
    return next((kind for ending, kind in ENDINGS.items() if name.lower().endswith(ending)), "")


def code_cells(name: str, content: bytes) -> tuple[tuple[Cell, ...], list[Finding]]:
    """The code of one file by its name and content: the cells of a notebook, or a .py file as one cell.

    Raises AnswerError where it cannot be read as such.
    """
    text = _text(content, name)
    if kind_of(name) == "ipynb" or (text.lstrip().startswith("{") and '"nbformat"' in text):
        cells, notes = _notebook(text, name)
    else:
        cells, notes = (Cell(1, text),), []
    if not any(cell.source.strip() for cell in cells):
        notes = [*notes, Finding("file", "no-code-inside", {"file": name})]
    return cells, notes


def _text(content: bytes, name: str) -> str:
    """Source text as Python would read it: UTF-8, a declared encoding, a byte order mark, any line ends."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AnswerError("utf-16", fields={"path": name})
    if b"\0" in content:
        raise AnswerError("nul-bytes", fields={"path": name})
    encoding = "utf-8"
    for line in content.splitlines()[:2]:
        declared = CODING.match(line)
        if declared:
            encoding = declared.group(1).decode("ascii", "replace")
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        raise AnswerError("bad-encoding", fields={"path": name, "encoding": encoding[:40]}) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook(text: str, name: str) -> tuple[tuple[Cell, ...], list[Finding]]:
    """Code cells in order; magics and shell lines are reported and not run, outputs are ignored."""
    document = _document(text, name)
    cells: list[Cell] = []
    notes: list[Finding] = []
    for entry in _cells(document):
        if len(cells) >= MOST_CELLS:
            raise AnswerError("too-many-cells", fields={"limit": str(MOST_CELLS)})
        source, skipped = _without_magics(_source(entry))
        number = len(cells) + 1
        if skipped:
            notes.append(Finding("magic", "magic-not-run", {"cell": str(number), "line": skipped[0][:80]}))
        cells.append(Cell(number, source))
    return tuple(cells), notes


def _document(text: str, name: str) -> Mapping[str, object]:
    """The notebook as plain data.  Raises AnswerError where it is none, or one of another language."""
    if text.lstrip()[:1] == "<":
        raise AnswerError("web-page", fields={"path": name})
    if _depth(text) > MOST_DEPTH_of_cells:
        raise AnswerError("broken-notebook", fields={"path": name})
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise AnswerError("broken-notebook", fields={"path": name}) from None
    if not isinstance(document, dict):
        raise AnswerError("broken-notebook", fields={"path": name})
    languages = _languages(document)
    if languages and not any(one.lower().startswith(PYTHONS) for one in languages):
        raise AnswerError("other-language", fields={"path": name, "language": languages[0][:40]})
    return document


def _languages(document: Mapping[str, object]) -> list[str]:
    """What a notebook says of its language: its kernel, and the kernel that last ran it."""
    metadata = document.get("metadata")
    found = []
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        told = metadata.get(part) if isinstance(metadata, dict) else None
        if isinstance(told, dict) and isinstance(told.get(key), str):
            found.append(str(told[key]))
    return found


def _depth(text: str) -> int:
    """How deep brackets nest outside strings, without building anything."""
    depth = deepest = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        char = mark.group()
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _cells(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Code cells of notebook formats 3 and 4; one that an editor marks as another language is none."""
    sheets = document.get("worksheets")
    lists = [document.get("cells")]
    if isinstance(sheets, list):
        lists += [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    for found in lists:
        for entry in found if isinstance(found, list) else ():
            if isinstance(entry, dict) and entry.get("cell_type") == "code" and _is_python(entry):
                yield entry


def _is_python(entry: Mapping[str, object]) -> bool:
    metadata = entry.get("metadata")
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = editor.get("languageId") if isinstance(editor, dict) else entry.get("language")
    return not isinstance(language, str) or language.lower() in ("", "python")


def _source(entry: Mapping[str, object]) -> str:
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _without_magics(source: str) -> tuple[str, list[str]]:
    """The source with `%`, `!` and `?` lines made comments, so that line numbers stay, and those lines."""
    skipped: list[str] = []
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].lstrip().startswith("%%"):
        skipped.append(lines[first].strip())
        if lines[first].split()[0] not in PYTHON_CELLS:
            return "", skipped
        lines[first] = f"# {lines[first]}"
    quote, depth = "", 0
    for number, line in enumerate(lines):
        at_rest = not quote and not depth
        if at_rest and (timed := TIMED_LINE.match(line)):
            line = lines[number] = timed.group(1) + timed.group(2)
        elif at_rest and MAGIC_LINE.match(line):
            skipped.append(line.strip())
            indent = line[: len(line) - len(line.lstrip())]
            lines[number] = f"{indent}pass  # {line.strip()}" if indent else f"# {line}"
            continue
        quote, depth = _open_after(line, quote, depth)
    return "\n".join(lines), skipped


def _open_after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """What is open at the end of a line: a quotation mark, or a backslash at the end; and how many brackets."""
    quote = "" if quote == BACKSLASH else quote
    for found in MARK.finditer(line):
        mark = found.group()
        if quote:
            quote = "" if mark == quote else quote
        elif mark == "#":
            return "", depth
        elif mark[0] in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
    if len(quote) == 1:  # such a quotation ends with its line
        quote = ""
    return (quote or BACKSLASH if line.endswith(BACKSLASH) else quote), depth


# -------------------- offline.choosing --------------------
MOST_LISTED = 8  # files of a folder, in a message


def entries_of(sheet: Sheet, names: Sequence[str]) -> list[Entry]:
    """The answers that names mean, each once; all of them where there is no name.

    Raises AnswerError for a name that means nothing.
    """
    words = [getattr(name, "__name__", name) for name in names]  # grader.check(grad_w) means its name
    wanted = [part.strip() for word in words for part in str(word).split(",") if part.strip()]
    return list({entry.name: entry for name in wanted or [""] for entry in sheet.find(name)}.values())


def chosen(sheet: Sheet, file: str, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The student's own file, and the names of what to look at.

    file: as it was written; where it is no file but a question, the file in this folder is meant.
    Raises AnswerError with what lies there instead.
    """
    if not os.path.exists(file) and file not in ("", sheet.name) and _is_name(sheet, file):
        return _beside(sheet, ""), (file, *names)
    if file in ("", sheet.name) or os.path.isdir(file):
        return _beside(sheet, file if os.path.isdir(file) else ""), tuple(names)
    if not os.path.isfile(file):
        folder = os.path.dirname(file)
        raise AnswerError("check.not-found", fields={"path": file, "names": _listed_of_choosing(folder)})
    if not kind_of(file):
        raise AnswerError("check.no-code", fields={"path": file})
    return file, tuple(names)


def _is_name(sheet: Sheet, word: str) -> bool:
    """Whether a question is meant.

    Raises AnswerError for one that there is not, where it can be no file's name either.
    """
    try:
        return bool(entries_of(sheet, [word]))
    except AnswerError:
        if "." in word or "/" in word or "\\" in word:
            return False
        raise


def _beside(sheet: Sheet, folder: str) -> str:
    """The student's own file in a folder: the one saved last."""
    named = [os.path.join(folder, f"{sheet.name}{ending}") for ending in (".ipynb", ".py")]
    found = [path for path in named if os.path.isfile(path)]
    if found:
        return max(found, key=os.path.getmtime)
    names = _listed_of_choosing(folder)
    fields = {"file": f"{sheet.name}.ipynb", "names": names}
    raise AnswerError("check.no-file" if names else "check.empty-folder", fields=fields)


def _listed_of_choosing(folder: str) -> str:
    """The notebooks and programs in a folder; "" where there are none, or no folder."""
    try:
        found = sorted(name for name in os.listdir(folder or ".") if kind_of(name) and name != FILE)
    except OSError:
        return ""
    return ", ".join(found[:MOST_LISTED]) + (", ..." if len(found) > MOST_LISTED else "")


# -------------------- submission.failing --------------------
ANSWER_LINE = Pattern(r"(\w+)\s*=(?!=)")
UNDEFINED = Pattern(r"name '(\w+)' is not defined")
IMPORTED = Pattern(r"(?:\bas|\bimport|,)\s+(\w+)")
SYNTAX = ("SyntaxError", "IndentationError", "TabError")
NOT_INSTALLED = frozenset({"ImportError", "ModuleNotFoundError"})
Failure = Raised | TimedOut | Died


def missing_because(
    name: str,
    source: str,
    failures: Sequence[Failure],
    *,
    function: bool,
    cell: str = "",
    before: Sequence[Failure] = (),
) -> Finding | None:
    """Why a cell that would have set this name did not; None for a cell that has nothing to do with it.

    cell: its number, "" for a .py file, which has no cells.  before: what failed in the cells above it.
    """
    sets = re.compile(rf"^\s*(?:def\s+{name}\b|{name}\s*[=:,])", re.MULTILINE)
    if not failures or not sets.search(source):
        return None
    own = [one for one in failures if isinstance(one, Raised) and set_by(one) == name]
    lacking = _undefined(own[0]) if own else ""
    causes = [one for one in (*before, *failures) if lacking and lacking in (set_by(one), *_packages(one))]
    quotes = None if function or causes or not own or _sets(lacking, source) else _unquoted(own[0])
    return quotes or cell_finding([*causes, *own, *failures][0], cell)


def stops_program(failures: Sequence[Failure], answers: Collection[str]) -> Finding | None:
    """Why nobody could import the functions of a .py file: it does not run from top to bottom.

    A line that only sets another answer (`answer = F`, its quotes forgotten) costs that answer.
    answers: the names of those that are no functions.
    """
    for failure in own_failures(failures):
        if set_by(failure) not in answers:
            return cell_finding(failure, "")
    return None


def own_failures(failures: Sequence[Failure]) -> list[Failure]:
    """Those that are the program's own: neither a package that is not installed here, nor what comes of that."""
    lost = {name for one in failures for name in _packages(one)}
    raised = [one for one in failures if isinstance(one, Raised)]
    excused = [one for one in raised if one.type_name in NOT_INSTALLED or _undefined(one) in lost]
    return [one for one in failures if one not in excused]


def _packages(failure: Failure) -> list[str]:
    """The names that a line lacks whose package is not installed."""
    if isinstance(failure, Raised) and failure.type_name in NOT_INSTALLED:
        return IMPORTED.findall(failure.source)
    return []


def _undefined(failure: Raised) -> str:
    """The name that Python did not find, or ""."""
    name = UNDEFINED.match(failure.message) if failure.type_name == "NameError" else None
    return name.group(1) if name else ""


def set_by(failure: Failure) -> str:
    """The name that the failing line sets, or ""."""
    line = ANSWER_LINE.match(failure.source) if isinstance(failure, Raised) else None
    return line.group(1) if line else ""


def _sets(name: str, source: str) -> bool:
    """Whether a line of the cell sets this name, so that it is a variable of the program's."""
    return name != "" and re.search(rf"^[ \t]*{name}\s*=(?!=)", source, re.MULTILINE) is not None


def _unquoted(failure: Raised) -> Finding | None:
    """A formula without its quotes: Python looked for a variable."""
    name = _undefined(failure)
    shown = {"name": name, "line": str(failure.line or ""), "source": failure.source}
    return Finding("exception", "unquoted", shown) if name else None


def cell_finding(failure: Failure, cell: str) -> Finding:
    """What stopped a cell, or the whole file where there are no cells ("")."""
    match failure:
        case TimedOut(seconds=seconds):
            return Finding("timeout", "cell-timeout", {"cell": cell, "seconds": f"{seconds:g}"})
        case Died(why=why):
            return Finding("died", "cell-died", {"cell": cell, "why": why})
        case Raised(type_name=kind, message=message, line=line, source=source):
            code = "cell-syntax" if kind in SYNTAX else "cell-exception"
            shown = {"error": kind, "message": message, "line": str(line or ""), "source": source}
            return Finding("exception", code, {"cell": cell} | shown)


# -------------------- sandbox.student --------------------


def describe(error: BaseException, source: str, line_offset: int = 0) -> dict:
    """The type, the words and the student's own line of an error; nothing else of the traceback."""
    line = None
    if isinstance(error, SyntaxError) and error.filename == "<answer>":
        line = error.lineno
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<answer>":
            line = frame.tb_lineno
        frame = frame.tb_next
    lines = source.splitlines()
    shown = lines[line - 1].strip()[:200] if line and 0 < line <= len(lines) else ""
    try:
        words = str(error)[:600]
    except BaseException:  # noqa: BLE001 - the student's own __str__ may raise anything
        words = ""
    found = {"type": type(error).__name__[:80], "message": words, "line": line, "source": shown}
    if isinstance(error, SyntaxError):
        found |= {
            "message": str(error.msg)[:300],
            "offset": error.offset if isinstance(error.offset, int) else None,
        }
    return found


def statements(source: str) -> tuple[list, dict | None]:
    """Top-level statements that can be run, and the first syntax error if there is one.

    Of a text with a syntax error the blocks around it are kept, so that one slip does not cost every answer.
    """
    try:
        return list(ast.parse(source, "<answer>").body), None
    except SyntaxError as error:
        first = describe(error, source)
    except (ValueError, MemoryError, RecursionError) as error:
        return [], describe(error, source)
    lines = source.split("\n")
    starts = [n for n, line in enumerate(lines) if line[:1] not in ("", " ", "\t", "#", ")", "]", "}", "@")]
    starts = [n for n in starts if not lines[n].startswith(("else", "elif", "except", "finally"))]
    bounds = [*starts, len(lines)]
    found: list = []
    at = 0
    while at < len(bounds) - 1:
        for end in range(at + 1, min(at + 30, len(bounds))):
            block = "\n" * bounds[at] + "\n".join(lines[bounds[at] : bounds[end]])
            try:
                found += ast.parse(block, "<answer>").body
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            at = end
            break
        else:
            at += 1
    return found, first


def future_flags(nodes: list) -> int:
    """What `from __future__ import ...` at the top switches on, for statements that are compiled one by one."""
    flags = 0
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


# -------------------- offline.running --------------------


@dataclass
class RanCell:
    """A cell of a notebook, or a whole .py file, and what failed in it."""

    number: int
    source: str
    failures: list[Failure] = field(default_factory=list)


@dataclass
class Ran:
    """What a file's names hold after it ran, and what went wrong.  interrupted: by a person, as with Ctrl-C."""

    space: dict[str, Any]
    notebook: bool
    cells: list[RanCell] = field(default_factory=list)
    interrupted: bool = False

    @property
    def failures(self) -> list[Failure]:
        """What failed in any cell."""
        return [failure for cell in self.cells for failure in cell.failures]


def run_file(path: str, seconds: float) -> Ran:
    """Run a .py file or the cells of a notebook; what stands after a failing statement still runs, as in grading.

    seconds: after so many, a cell is stopped.
    Raises AnswerError where the file cannot be opened as one of these.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        raise AnswerError("no-such-path", fields={"path": path}) from None
    cells, _ = code_cells(os.path.basename(path), content)
    notebook = kind_of(path) == "ipynb"
    module = types.ModuleType("__main__" if notebook else "submission")
    ran = Ran(module.__dict__, notebook)
    with _apart(module):
        for cell in cells:
            ran.cells.append(RanCell(cell.number, cell.source))
            _run_cell(ran.cells[-1], seconds, ran)
            if ran.interrupted:
                break
    return ran


def _run_cell(cell: RanCell, seconds: float, ran: Ran) -> None:
    found, failure = statements(cell.source)
    if failure:
        cell.failures.append(_raised(failure))
    flags = future_flags(found)
    watch = Watch(seconds)
    for node in found:
        try:
            with watch:
                exec(compile(ast.Module([node], []), "<answer>", "exec", flags, dont_inherit=True), ran.space)  # noqa: S102 - the student's own file, on their own computer
        except KeyboardInterrupt:
            ran.interrupted = not watch.rang
            cell.failures += [TimedOut(seconds)] if watch.rang else []
            return
        except BaseException as error:  # noqa: BLE001 - also SystemExit
            cell.failures.append(_raised(describe(error, cell.source)))


def _raised(found: Mapping[str, Any]) -> Raised:
    return Raised(found["type"], found["message"], found["line"], source=found["source"])


@contextmanager
def _apart(module: types.ModuleType) -> Iterator[None]:
    """The student's file runs as a module of its own, prints nothing here, and its own checks stay quiet."""
    quiet = types.ModuleType("grader")
    quiet.__dict__["check"] = lambda *_, **__: None
    kept = {name: sys.modules.get(name) for name in ("grader", module.__name__)}
    standard_input = sys.stdin
    os.environ.setdefault("MPLBACKEND", "Agg")  # no window of a plot
    try:
        sys.modules |= {"grader": quiet, module.__name__: module}
        sys.stdin = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        sys.stdin = standard_input
        for name, old in kept.items():
            sys.modules.pop(name, None) if old is None else sys.modules.__setitem__(name, old)


# -------------------- offline.failing --------------------
MOST_NOTES = 3
MISSING = Pattern(r"No module named '(\w+)")


def explained(row: Row, ran: Ran, others: Collection[str], language: str) -> Row:
    """A row whose name was not set because the program failed, or whose function nobody could import.

    others: the names of all answers that are no functions.
    """
    name, why = row.entry.name, None
    if name not in ran.space:
        why = _missing(name, ran, function=row.entry.kind == "Function")
    elif not ran.notebook and isinstance(plain(ran.space[name]), FunctionValue):
        why = stops_program(ran.failures, others)
    if why is None:
        return row
    text = _not_run(why, language) if why.fields.get("error") in NOT_INSTALLED else finding_text(why, language)
    return Row(row.entry, UNREADABLE, notes=(text,))


def _missing(name: str, ran: Ran, *, function: bool) -> Finding | None:
    before: list[Failure] = []
    for cell in ran.cells:
        number = str(cell.number) if ran.notebook else ""
        why = missing_because(name, cell.source, cell.failures, function=function, cell=number, before=before)
        if why is not None:
            return why
        before += cell.failures
    return None


def _not_run(why: Finding, language: str) -> str:
    package = MISSING.search(why.fields["message"])
    return sentence("check.not-run", {"package": package.group(1) if package else why.fields["message"]}, language)


def notes(ran: Ran, answers: Collection[str], language: str, *, packages: bool = True) -> tuple[str, ...]:
    """What is said above the answers: failures that no answer's row tells of, and packages that are missing."""
    own = own_failures(ran.failures)
    found: list[Finding] = []
    for cell in ran.cells:
        for failure in cell.failures:
            lacking = MISSING.search(failure.message) if isinstance(failure, Raised) else None
            if isinstance(failure, TimedOut):
                found.append(Finding("timeout", "check.too-slow", {"seconds": f"{failure.seconds:g}"}))
            elif lacking and packages:
                code = "check.no-numpy" if lacking.group(1) == "numpy" else "check.no-package"
                found.append(Finding("exception", code, {"package": lacking.group(1)}))
            elif isinstance(failure, Raised) and failure in own and set_by(failure) not in answers:
                found.append(_stopped(failure, str(cell.number) if ran.notebook else ""))
    said = [finding_text(finding, language) for finding in found]
    if ran.interrupted:
        said.append(sentence("check.interrupted", {}, language))
    return tuple(dict.fromkeys(said))[:MOST_NOTES]


def _stopped(failure: Raised, cell: str) -> Finding:
    code = "syntax" if failure.type_name in SYNTAX else "stopped"
    shown = {"error": failure.type_name, "message": failure.message, "line": str(failure.line or "")}
    key = f"check.cell-{code}" if cell else f"check.{code}"
    return Finding("exception", key, {**shown, "cell": cell, "source": failure.source})


# -------------------- offline.main --------------------
CLEAN, FINDINGS, MISUSED, UNOPENED = 0, 1, 2, 3
MOST_THREADS = 4  # each needs the memory of one slow hash
FEW = 5  # answers: a question's, not a whole sheet's


def check_names(sheet: Sheet, names: Sequence[str], space: Mapping[str, Any], language: str = "") -> Report:
    """Look at the answers that these names mean, where a student's names hold `space`."""
    spoken = language or sheet.language
    try:
        entries = entries_of(sheet, names)
    except AnswerError as error:
        name = _unquoted_name(sheet, names, space)
        said = sentence("check.unquoted-name", {"name": name}, spoken) if name else error_text(error, spoken)
        return Report(sheet, (), spoken, (said,))
    rows = _rows(sheet, entries, space, spoken)
    if len(rows) <= FEW:  # the cell above was not run, or its name was changed
        rows = [row if row.entry.name in space else _absent(row, spoken) for row in rows]
    return Report(sheet, tuple(rows), spoken)


def _unquoted_name(sheet: Sheet, names: Sequence[Any], space: Mapping[str, Any]) -> str:
    """The name to put in quotes where `grader.check(q1a2_weights)` passed the answer instead of its name, or ""."""
    meant = [entry.name for entry in sheet.entries for name in names if space.get(entry.name) is name]
    if len(meant) == 1:
        return meant[0]
    return "" if all(isinstance(name, str) for name in names) else short(sheet.entries[0].item)


def _absent(row: Row, language: str) -> Row:
    texts = row.entry.kind in ("Formula", "Number", "Derivation")
    keys = ["check.absent", "check.absent.quotes"] if texts else ["check.absent"]
    return replace(row, notes=(" ".join(sentence(key, {}, language) for key in keys),))


def _rows(sheet: Sheet, entries: Sequence[Entry], space: Mapping[str, Any], language: str) -> list[Row]:
    """Every answer looked at, in order; several slow hashes are computed on all cores: they run no student code."""
    slow = [entry for entry in entries if entry.seals]
    rows: dict[str, Row] = {}
    if len(slow) > 1:
        from concurrent.futures import ThreadPoolExecutor  # a single answer is not to wait for this import

        with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
            for row in pool.map(lambda entry: look(sheet, entry, space, language), slow):
                rows[row.entry.name] = row
    return [rows.get(entry.name) or look(sheet, entry, space, language) for entry in entries]


def check_file(sheet: Sheet, path: str | os.PathLike[str], names: Sequence[str] = (), language: str = "") -> Report:
    """Run a student's file and look at its answers.  path: a file, a folder, or "" for the folder we are in.

    Raises AnswerError where it cannot be opened, or where a name means nothing.
    """
    spoken = language or sheet.language
    file, names = chosen(sheet, os.fspath(path), names)
    entries = entries_of(sheet, names)
    ran = run_file(file, sheet.seconds)
    others = {entry.name for entry in sheet.entries if entry.kind != "Function"}
    rows = [explained(row, ran, others, spoken) for row in _rows(sheet, entries, ran.space, spoken)]
    said = notes(ran, {entry.name for entry in sheet.entries}, spoken, packages=_run_at_all(rows))
    return Report(sheet, tuple(rows), spoken, said)


def _run_at_all(rows: Sequence[Row]) -> bool:
    """Whether more is asked about than formulas that can be read: only then it matters which packages there are."""
    return any(row.entry.kind == "Function" or row.state == UNREADABLE for row in rows)


def shown(report: Report) -> Report:
    """Printed where nothing else would show it: in a notebook and at Python's prompt a value shows itself."""
    if not (hasattr(builtins, "__IPYTHON__") or hasattr(sys, "ps1")):
        say(report)
    return report


def say(report: Report) -> None:
    """Print a report; a terminal that has no Persian letters gets English, and no character is a crash."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    text = repr(report)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = (
            text.translate(dict.fromkeys(map(ord, "\u2066\u2069"), ""))
            .encode(encoding, "backslashreplace")
            .decode(encoding)
        )
    print(text)


@dataclass(frozen=True)
class Asked:
    """What a command line asks for."""

    file: str
    names: tuple[str, ...]
    language: str
    json: bool = False
    help: bool = False


def asked(sheet: Sheet, arguments: Sequence[str]) -> Asked:
    """A command line, read.

    Raises AnswerError for an option that there is not.
    """
    options: list[tuple[str, str]] = []
    plain: Sequence[str] = arguments
    if any(one.startswith("-") for one in arguments):
        try:
            options, plain = getopt.gnu_getopt(list(arguments), "h", ["help", "json", "language="])
        except getopt.GetoptError as error:
            raise AnswerError("check.no-option", fields={"option": error.opt}) from None
    given = dict(options)
    language = given.get("--language", _language(sheet))
    if language not in ("en", "fa"):
        raise AnswerError("check.no-language", fields={"language": language})
    file, *names = plain or [""]
    return Asked(file, tuple(names), language, "--json" in given, not given.keys().isdisjoint(("-h", "--help")))


def main(sheet: Sheet, arguments: Sequence[str] | None = None) -> int:
    """The command line.

    0: nothing to mend and nothing blank; 1: something is; 2: no such option; 3: the file could not be opened.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        wanted = asked(sheet, given)
    except AnswerError as error:
        return _refused(sheet, _language(sheet), error, usage(sheet, _language(sheet)), code=MISUSED)
    if wanted.help:
        say(Report(sheet, (), wanted.language, (usage(sheet, wanted.language),)))
        return CLEAN
    try:
        report = check_file(sheet, wanted.file, wanted.names, wanted.language)
    except AnswerError as error:
        return _refused(sheet, wanted.language, error)
    if wanted.json:
        print(json.dumps(as_json(report), ensure_ascii=True, indent=2))
    else:
        say(report)
    return CLEAN if report.clean else FINDINGS


def _refused(sheet: Sheet, language: str, error: AnswerError, *more: str, code: int = UNOPENED) -> int:
    say(Report(sheet, (), language, (error_text(error, language), *more)))
    return code


def usage(sheet: Sheet, language: str) -> str:
    """How the command line is written."""
    return sentence("check.usage", {"file": f"{sheet.name}.ipynb", "plain": f"{sheet.name}.py"}, language)


def _language(sheet: Sheet) -> str:
    """The sheet's language, or English where the terminal has no letters for it."""
    try:
        "تمرین".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return "en"
    return sheet.language


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    answers = [_row(row) for row in report.rows]
    return {
        "assignment": report.sheet.name,
        "level": report.sheet.level,
        "language": report.language,
        "clean": report.clean,
        "notes": list(report.notes),
        "answers": answers,
    }


def _row(row: Row) -> dict[str, Any]:
    entry = row.entry
    return {
        "name": entry.name, "item": entry.item, "kind": entry.kind, "state": row.state, "reading": row.reading,
        "notes": list(row.notes),
    }  # fmt: skip


# -------------------- imported when first used --------------------
ast = Later("ast")
copy = Later("copy")
difflib = Later("difflib")
getopt = Later("getopt")
hashlib = Later("hashlib")
html = Later("html")
textwrap = Later("textwrap")
threading = Later("threading")
unicodedata = Later("unicodedata")


# -------------------- this assignment --------------------
SENTENCES.update(
    json.loads(
        r"""
{"en": {
  "assignment": "Write only the right side: a formula, without a name and `=` in front.",
  "bad-character": "The character `{character}` does not belong in a formula.",
  "bad-encoding": "`{path}` cannot be read as `{encoding}`. Save it as UTF-8.",
  "bare-comma": "Several values need brackets around them: `(3, 4, 5)`. A decimal is written with a point.",
  "broken-notebook": "`{path}` is not a notebook that can be read. Open it in Jupyter and save it again.",
  "cell-exception": "Cell {cell} stopped with `{failure}`, so this answer was not set.",
  "cell-exception.error": "Restart the kernel and run all cells to see it yourself.",
  "cell-exception.line": "It stopped in line {line}.",
  "cell-syntax": "Python could not read cell {cell}, so this answer was not set: `{failure}`.",
  "cell-syntax.line": "Look at line {line}.",
  "cell-timeout": "Cell {cell} was stopped after {seconds} seconds, the time limit, so this answer was not set.",
  "check.absent": "Nothing has this name yet. In a notebook, run the cell that defines it first.",
  "check.absent.quotes": "If Python says `NameError` in that cell, put your formula in quotes.",
  "check.all-read": "All {count} answers can be read.",
  "check.blank": "still blank",
  "check.blanks": "Still blank ({count}): {names}",
  "check.cell-stopped": "Cell {cell} stopped with `{failure}`.",
  "check.cell-stopped.line": "It stopped in its line {line}.",
  "check.cell-syntax": "Python cannot read all of cell {cell}: `{failure}`.",
  "check.cell-syntax.line": "Look at its line {line}.",
  "check.count": "{read} of {count} answers can be read.",
  "check.empty-folder": "Your file is not in this folder. Go to its folder with `cd`, or write where it is, for example: `python grader.py homework/{file}`",
  "check.example": "At `{at}` a right answer gives `{value}`, and yours gives `{own}`.",
  "check.example-only": "At `{at}` a right answer gives `{value}`.",
  "check.fails": "stops with an error",
  "check.interrupted": "Your program was interrupted.",
  "check.no-code": "`{path}` is neither a notebook nor a `.py` file. Name the one in which you write your answers.",
  "check.no-file": "Which file is yours? Write its name, for example: `python grader.py {file}`",
  "check.no-file.names": "Files here: `{names}`.",
  "check.no-language": "The language `{language}` is not known here. Write `en` or `fa`.",
  "check.no-numpy": "NumPy is not installed for this Python, so functions that need it are not run; formulas are read all the same. To try the functions too, install it with `python -m pip install numpy`, or check in the notebook in which you work.",
  "check.no-option": "There is no option `{option}`.",
  "check.no-package": "`{package}` is not installed for this Python, so what needs it is not run; formulas are read all the same. Install it, or check in the notebook in which you work.",
  "check.not-found": "There is no file `{path}`.",
  "check.not-found.names": "Files there: `{names}`.",
  "check.not-right": "Not right yet ({count}): {names}",
  "check.not-run": "It was not run: `{package}` is not installed for this Python.",
  "check.not-the-grade.parse": "This is not the grade: it shows how answers are read, not if they are right.",
  "check.not-the-grade.verdict": "This is not the grade: only some formulas and numbers can be told here.",
  "check.parameters": "It is called like this, by position: `{signature}`.",
  "check.ran": "For `{case}` it returns `{result}`.",
  "check.read-as": "read as",
  "check.right": "right",
  "check.step": "Step {step}:",
  "check.stopped": "Your file stopped with `{failure}`; what stands below was run all the same, as in grading.",
  "check.stopped.line": "It stopped in line {line}.",
  "check.syntax": "Python cannot read all of your file: `{failure}`.",
  "check.syntax.line": "Look at line {line}.",
  "check.to-mend": "To be mended ({count}): {names}",
  "check.too-slow": "Your program was stopped after {seconds} seconds. Is there a loop that does not end?",
  "check.undecided": "Whether this is right cannot be told on this computer; the grader can tell.",
  "check.unknown": "There is no question and no answer `{name}`.",
  "check.unknown.known": "The questions are: {known}.",
  "check.unknown.suggestion": "Did you mean `{suggestion}`?",
  "check.unquoted-name": "Write the name in quotes: `grader.check(\"{name}\")`.",
  "check.unreadable": "cannot be read",
  "check.usage": "Write `python grader.py {file}`, or `python grader.py {plain}`. Behind it may stand questions, such as `q1a2`, and `--language fa` for Persian, `--language en` for English, or `--json` for programs.",
  "check.written": "for a person to read",
  "check.wrong": "not right yet",
  "closed-bracket": "There is a `{bracket}` too many: it closes nothing.",
  "condition": "A condition is a comparison, such as `x > 0`.",
  "empty": "There is no formula here.",
  "exception": "Your function stopped with `{failure}`.",
  "exception.case": "It happened when we tried: `{case}`.",
  "exception.line": "It stopped in line {line}.",
  "exception.signature": "It is called like this: `{signature}`.",
  "file-exception": "Your file stopped with `{failure}`, so this answer could not be graded.",
  "file-exception.error": "Run the file to see it yourself.",
  "file-exception.line": "It stopped in line {line}.",
  "file-syntax": "Python could not read your file, so this answer could not be graded: `{failure}`.",
  "file-syntax.line": "Look at line {line}.",
  "file-timeout": "Your file was stopped after {seconds} seconds, the time limit, so this answer could not be graded.",
  "followed-outputs": "The output `{followed_outputs}` follows correctly from your other outputs, and counts in part.",
  "function-not-called": "`{name}` is a function: write its argument in round brackets.",
  "function-not-called.suggestion": "For example `{suggestion}`.",
  "in-step": "This is in step {step}.",
  "index-count": "`{name}` has {count} indices, and you wrote {found}.",
  "index-missing": "`{name}` has {count} indices: write `{name}[...]`.",
  "matrix-rows": "A matrix is a list of rows of equal length: `Matrix([[a, b], [c, d]])`.",
  "missing-else": "The value for all other cases is missing: `a if condition else b`.",
  "missing-operator": "A sign is missing here.",
  "missing-operator.suggestion": "Did you mean `{suggestion}`?",
  "no-such-path": "There is no file or folder `{path}`.",
  "no-value": "This has no value.",
  "no-value.why": "The reason: `{why}`.",
  "not-a-choice": "Write one or several of these options: `{options}`.",
  "not-a-formula": "`{found}` belongs to a program, not to a formula.",
  "not-a-formula-value": "A formula is expected here, as a text in quotes; this is of type `{type}`.",
  "not-a-function": "A function is expected under this name; this is of type `{type}`.",
  "not-a-list-of-steps": "A list of steps is expected here, each a formula in quotes; this is of type `{type}`.",
  "not-a-text": "A few sentences in quotes are expected here; this is of type `{type}`.",
  "not-finite-number": "This number is not finite: `{value}`.",
  "not-indexed": "`{name}` is no array here, so it has no indices.",
  "nul-bytes": "`{path}` is not a text file (it holds NUL bytes).",
  "open-bracket": "A bracket is open: `{bracket}` is never closed.",
  "other-language": "`{path}` is a notebook in `{language}`. A Python notebook is needed.",
  "part": "This is about the output `{part}`.",
  "piecewise-pairs": "Piecewise takes pairs of a value and a condition: `Piecewise((x, x > 0), (0, True))`.",
  "relation": "This is a comparison or a truth value; a formula is asked for.",
  "returned-none": "Your function returned nothing. Was `return` forgotten?",
  "sum-limits": "`{name}` takes its limits like this: `{name}(f, (i, 0, n-1))`, both included.",
  "timeout": "Your function was stopped after {seconds} seconds, the time limit. Is there a loop that does not end?",
  "timeout.case": "It happened when we tried: `{case}`.",
  "too-big": "A number, or the whole formula, is too large to be read.",
  "too-big.limit": "The limit is {limit}.",
  "too-deep": "Too many things are nested in one another (limit: {limit}).",
  "too-long": "This is {length} characters long; the limit is {limit}.",
  "too-many-cells": "The notebook has more than {limit} cells.",
  "two-operators": "Two signs stand side by side: `{first}` and `{second}`.",
  "two-powers": "Two powers in a row. A power is written `K^2` or `K**2`.",
  "unexpected": "`{found}` cannot stand here.",
  "unfinished": "The formula ends where something still has to come.",
  "unknown-command": "`{name}` is a LaTeX command that we cannot read. Write this part as in Python.",
  "unknown-function": "`{name}` is not a function that we know.",
  "unknown-function.names": "You can use these, among others: `{names}`.",
  "unknown-function.suggestion": "Did you mean `{suggestion}`?",
  "unknown-name": "`{name}` is not a name of this question.",
  "unknown-name.known": "You can use: `{known}`.",
  "unknown-name.suggestion": "Did you mean `{suggestion}`?",
  "unknown-option": "`{option}` is not one of the options: `{options}`.",
  "unquoted": "`{name}` stands outside quotes, so Python looked for a variable of this name. An answer like this is a text: put it in quotes.",
  "unquoted.line": "Look at line {line}.",
  "utf-16": "`{path}` is saved as UTF-16. Save it as UTF-8.",
  "value.case": "We tried: `{case}`.",
  "web-page": "`{path}` is a web page, not the notebook itself. Download the notebook as an `.ipynb` file, and hand in that.",
  "wrong-argument-count": "`{name}` got a wrong number of arguments.",
  "wrong-argument-count.count": "It needs at least {count}."
 },
 "fa": {
  "assignment": "فقط طرف راست را بنویسید: یک فرمول، بدون نام و `=` در آغاز آن.",
  "bad-character": "نویسهٔ `{character}` در فرمول جایی ندارد.",
  "bad-encoding": "`{path}` با `{encoding}` خوانده نمی‌شود. آن را با UTF-8 ذخیره کنید.",
  "bare-comma": "چند مقدار را درون پرانتز بنویسید: `(3, 4, 5)`. عدد اعشاری با نقطه نوشته می‌شود.",
  "broken-notebook": "`{path}` نوت‌بوکی نیست که خوانده شود. آن را در Jupyter باز و دوباره ذخیره کنید.",
  "cell-exception": "سلول {cell} با `{failure}` متوقف شد و این پاسخ مقدار نگرفت.",
  "cell-exception.error": "برای دیدن آن، کرنل نوت‌بوک را از نو راه بیندازید و همهٔ سلول‌ها را اجرا کنید.",
  "cell-exception.line": "در خط {line} متوقف شد.",
  "cell-syntax": "پایتون نتوانست سلول {cell} را بخواند و این پاسخ مقدار نگرفت: `{failure}`.",
  "cell-syntax.line": "به خط {line} نگاه کنید.",
  "cell-timeout": "سلول {cell} پس از {seconds} ثانیه متوقف شد و این پاسخ مقدار نگرفت.",
  "check.absent": "هنوز چیزی به این نام نیست. در نوت‌بوک، نخست سلولی را که آن را تعریف می‌کند اجرا کنید.",
  "check.absent.quotes": "اگر پایتون در آن سلول `NameError` می‌گوید، فرمولتان را درون گیومهٔ پایتون بنویسید.",
  "check.all-read": "هر {count} پاسخ خواندنی است.",
  "check.blank": "هنوز خالی",
  "check.blanks": "{count} پاسخ هنوز خالی است: {names}",
  "check.cell-stopped": "سلول {cell} با `{failure}` متوقف شد.",
  "check.cell-stopped.line": "در خط {line} آن متوقف شد.",
  "check.cell-syntax": "پایتون نمی‌تواند همهٔ سلول {cell} را بخواند: `{failure}`.",
  "check.cell-syntax.line": "به خط {line} آن نگاه کنید.",
  "check.count": "{read} از {count} پاسخ خواندنی است.",
  "check.empty-folder": "فایل شما در این پوشه نیست. با `cd` به پوشهٔ آن بروید، یا جای آن را بنویسید، برای نمونه: `python grader.py homework/{file}`",
  "check.example": "در `{at}` پاسخ درست `{value}` می‌دهد و پاسخ شما `{own}`.",
  "check.example-only": "در `{at}` پاسخ درست `{value}` می‌دهد.",
  "check.fails": "با خطا متوقف می‌شود",
  "check.interrupted": "اجرای برنامهٔ شما قطع شد.",
  "check.no-code": "`{path}` نه نوت‌بوک است و نه فایل `.py`. نام فایلی را بدهید که پاسخ‌هایتان را در آن می‌نویسید.",
  "check.no-file": "کدام فایل از آن شماست؟ نامش را بنویسید، برای نمونه: `python grader.py {file}`",
  "check.no-file.names": "فایل‌های این‌جا: `{names}`.",
  "check.no-language": "زبان `{language}` این‌جا شناخته نیست. `en` یا `fa` بنویسید.",
  "check.no-numpy": "NumPy روی این پایتون نصب نیست و تابع‌هایی که به آن نیاز دارند اجرا نمی‌شوند؛ فرمول‌ها با این همه خوانده می‌شوند. برای آزمودن تابع‌ها آن را با `python -m pip install numpy` نصب کنید، یا در همان نوت‌بوکی که در آن کار می‌کنید امتحان کنید.",
  "check.no-option": "گزینه‌ای به نام `{option}` نیست.",
  "check.no-package": "`{package}` روی این پایتون نصب نیست و آنچه به آن نیاز دارد اجرا نمی‌شود؛ فرمول‌ها با این همه خوانده می‌شوند. آن را نصب کنید، یا در همان نوت‌بوکی که در آن کار می‌کنید امتحان کنید.",
  "check.not-found": "فایلی به نام `{path}` نیست.",
  "check.not-found.names": "فایل‌های آن‌جا: `{names}`.",
  "check.not-right": "{count} پاسخ هنوز درست نیست: {names}",
  "check.not-run": "اجرا نشد: `{package}` روی این پایتون نصب نیست.",
  "check.not-the-grade.parse": "این نمره نیست: نشان می‌دهد پاسخ‌ها چگونه خوانده می‌شوند، نه این‌که درست‌اند یا نه.",
  "check.not-the-grade.verdict": "این نمره نیست: درستی برخی فرمول‌ها و عددها این‌جا سنجیده می‌شود، نه همه چیز.",
  "check.parameters": "این تابع چنین فراخوانی می‌شود، به ترتیب ورودی‌ها: `{signature}`.",
  "check.ran": "برای `{case}` مقدار `{result}` برمی‌گرداند.",
  "check.read-as": "خوانده شد",
  "check.right": "درست",
  "check.step": "گام {step}:",
  "check.stopped": "فایل شما با `{failure}` متوقف شد؛ آنچه پس از آن می‌آید، مانند هنگام تصحیح، باز هم اجرا شد.",
  "check.stopped.line": "در خط {line} متوقف شد.",
  "check.syntax": "پایتون نمی‌تواند همهٔ فایل شما را بخواند: `{failure}`.",
  "check.syntax.line": "به خط {line} نگاه کنید.",
  "check.to-mend": "{count} پاسخ باید اصلاح شود: {names}",
  "check.too-slow": "برنامهٔ شما پس از {seconds} ثانیه متوقف شد. آیا حلقه‌ای هست که پایان نمی‌یابد؟",
  "check.undecided": "درستی این پاسخ را روی این رایانه نمی‌توان سنجید؛ تصحیح‌گر می‌تواند.",
  "check.unknown": "پرسش یا پاسخی به نام `{name}` نیست.",
  "check.unknown.known": "پرسش‌ها: {known}.",
  "check.unknown.suggestion": "آیا منظورتان `{suggestion}` بود؟",
  "check.unquoted-name": "نام را درون گیومهٔ پایتون بنویسید: `grader.check(\"{name}\")`.",
  "check.unreadable": "خوانده نمی‌شود",
  "check.usage": "بنویسید `python grader.py {file}` یا `python grader.py {plain}`. پس از آن می‌توانید نام پرسش‌ها را بنویسید، مانند `q1a2`؛ و `--language fa` برای فارسی، `--language en` برای انگلیسی یا `--json` برای برنامه‌ها.",
  "check.written": "یک نفر آن را می‌خواند",
  "check.wrong": "هنوز درست نیست",
  "closed-bracket": "یک `{bracket}` زیادی است: چیزی را نمی‌بندد.",
  "condition": "شرط یک مقایسه است، مانند `x > 0`.",
  "empty": "این‌جا فرمولی نیست.",
  "exception": "تابع شما با `{failure}` متوقف شد.",
  "exception.case": "هنگامی رخ داد که این را امتحان کردیم: `{case}`.",
  "exception.line": "در خط {line} متوقف شد.",
  "exception.signature": "این‌گونه فراخوانده می‌شود: `{signature}`.",
  "file-exception": "فایل شما با `{failure}` متوقف شد و این پاسخ را نمی‌شد تصحیح کرد.",
  "file-exception.error": "برای دیدن آن فایل را اجرا کنید.",
  "file-exception.line": "در خط {line} متوقف شد.",
  "file-syntax": "پایتون نتوانست فایل شما را بخواند و این پاسخ را نمی‌شد تصحیح کرد: `{failure}`.",
  "file-syntax.line": "به خط {line} نگاه کنید.",
  "file-timeout": "فایل شما پس از {seconds} ثانیه متوقف شد و این پاسخ را نمی‌شد تصحیح کرد.",
  "followed-outputs": "خروجی `{followed_outputs}` از دیگر خروجی‌های شما درست به دست می‌آید و بخشی از امتیاز را می‌گیرد.",
  "function-not-called": "`{name}` یک تابع است: آرگومان آن را درون پرانتز بنویسید.",
  "function-not-called.suggestion": "برای نمونه `{suggestion}`.",
  "in-step": "این در گام {step} است.",
  "index-count": "`{name}` آرایه‌ای با {count} اندیس است و شما {found} اندیس نوشته‌اید.",
  "index-missing": "`{name}` آرایه‌ای با {count} اندیس است: بنویسید `{name}[...]`.",
  "matrix-rows": "ماتریس فهرستی از سطرهای هم‌اندازه است: `Matrix([[a, b], [c, d]])`.",
  "missing-else": "مقدار برای حالت‌های دیگر جا افتاده است: `a if condition else b`.",
  "missing-operator": "این‌جا یک عملگر جا افتاده است.",
  "missing-operator.suggestion": "آیا منظورتان `{suggestion}` بود؟",
  "no-such-path": "فایل یا پوشهٔ `{path}` نیست.",
  "no-value": "این پاسخ مقداری ندارد.",
  "no-value.why": "علت: `{why}`.",
  "not-a-choice": "یک یا چند گزینه از میان این‌ها بنویسید: `{options}`.",
  "not-a-formula": "`{found}` جزئی از یک برنامه است، نه از یک فرمول.",
  "not-a-formula-value": "این‌جا فرمولی درون گیومهٔ پایتون لازم است؛ نوع این پاسخ `{type}` است.",
  "not-a-function": "زیر این نام باید یک تابع باشد؛ نوع این پاسخ `{type}` است.",
  "not-a-list-of-steps": "این‌جا فهرستی از گام‌ها لازم است، هر گام یک فرمول درون گیومهٔ پایتون؛ نوع این پاسخ `{type}` است.",
  "not-a-text": "این‌جا چند جمله درون گیومهٔ پایتون لازم است؛ نوع این پاسخ `{type}` است.",
  "not-finite-number": "این عدد متناهی نیست: `{value}`.",
  "not-indexed": "`{name}` در این‌جا آرایه نیست و اندیس ندارد.",
  "nul-bytes": "`{path}` فایل متنی نیست (بایت NUL دارد).",
  "open-bracket": "یک پرانتز باز مانده است: این `{bracket}` هرگز بسته نمی‌شود.",
  "other-language": "`{path}` نوت‌بوکی به زبان `{language}` است. نوت‌بوکی به زبان پایتون لازم است.",
  "part": "این دربارهٔ خروجی `{part}` است.",
  "piecewise-pairs": "درون Piecewise جفت‌های مقدار و شرط می‌آیند: `Piecewise((x, x > 0), (0, True))`.",
  "relation": "این یک مقایسه یا یک مقدار منطقی است؛ این‌جا یک فرمول خواسته شده است.",
  "returned-none": "تابع شما چیزی برنگرداند. آیا `return` فراموش شده است؟",
  "sum-limits": "کران‌های `{name}` این‌گونه نوشته می‌شوند: `{name}(f, (i, 0, n-1))`، و هر دو کران به حساب می‌آیند.",
  "timeout": "تابع شما پس از {seconds} ثانیه، یعنی مهلت مجاز، متوقف شد. آیا حلقه‌ای هست که پایان نمی‌یابد؟",
  "timeout.case": "هنگامی رخ داد که این را امتحان کردیم: `{case}`.",
  "too-big": "یک عدد، یا همهٔ فرمول، بزرگ‌تر از آن است که خوانده شود.",
  "too-big.limit": "بیشینه {limit} است.",
  "too-deep": "عبارت‌ها بیش از اندازه در هم تو در تو هستند (بیشینه: {limit}).",
  "too-long": "این متن {length} نویسه دارد و بیش از {limit} نویسه پذیرفته نمی‌شود.",
  "too-many-cells": "نوت‌بوک بیش از {limit} سلول دارد.",
  "two-operators": "دو عملگر پشت سر هم آمده‌اند: `{first}` و `{second}`.",
  "two-powers": "دو علامت توان پشت سر هم آمده‌اند. توان را `K^2` یا `K**2` بنویسید.",
  "unexpected": "`{found}` نمی‌تواند این‌جا باشد.",
  "unfinished": "فرمول جایی تمام می‌شود که هنوز باید چیزی بیاید.",
  "unknown-command": "`{name}` یک دستور لاتک است که نمی‌توانیم بخوانیم. این بخش را به شکل پایتون بنویسید.",
  "unknown-function": "`{name}` تابعی نیست که ما بشناسیم.",
  "unknown-function.names": "از جمله این‌ها را می‌توانید به کار ببرید: `{names}`.",
  "unknown-function.suggestion": "آیا منظورتان `{suggestion}` بود؟",
  "unknown-name": "`{name}` از نام‌های این پرسش نیست.",
  "unknown-name.known": "این نام‌ها را می‌توانید به کار ببرید: `{known}`.",
  "unknown-name.suggestion": "آیا منظورتان `{suggestion}` بود؟",
  "unknown-option": "`{option}` از گزینه‌ها نیست: `{options}`.",
  "unquoted": "`{name}` بیرون از گیومه است و پایتون متغیری به این نام را جست. چنین پاسخی یک متن است: آن را درون گیومهٔ پایتون بنویسید.",
  "unquoted.line": "به خط {line} نگاه کنید.",
  "utf-16": "`{path}` با UTF-16 ذخیره شده است. آن را با UTF-8 ذخیره کنید.",
  "value.case": "این را امتحان کردیم: `{case}`.",
  "web-page": "`{path}` یک صفحهٔ وب است، نه خود نوت‌بوک. نوت‌بوک را به‌صورت فایل `.ipynb` بگیرید و همان را تحویل دهید.",
  "wrong-argument-count": "تعداد آرگومان‌های `{name}` درست نیست.",
  "wrong-argument-count.count": "دست‌کم {count} آرگومان لازم است."
 }}
"""
    )
)
SHEET = sheet_of(
    json.loads(
        r"""
{"name": "hw1",
 "version": "0.1.0",
 "language": "en",
 "level": "parse",
 "seconds": 10.0,
 "titles": {
  "en": "Homework 1: convolutional networks",
  "fa": "تمرین ۱: شبکه‌های کانولوشنی"
 },
 "items": {
  "Q1a.1": {"en": "Output volume of a convolution", "fa": "ابعاد خروجی کانولوشن"},
  "Q1a.2": {"en": "Weights of the convolution layer", "fa": "تعداد وزن‌های لایهٔ کانولوشن"},
  "Q1a.3": {"en": "Connections of the convolution layer", "fa": "تعداد اتصالات لایهٔ کانولوشن"},
  "Q1a.4": {"en": "Dense layer: weights and connections", "fa": "لایهٔ متراکم: وزن‌ها و اتصالات"},
  "Q1a.5": {"en": "Which one needs more data and why", "fa": "کدام به دادهٔ بیشتری نیاز دارد و چرا"},
  "Q1b.1": {"en": "Batch norm in dense layers", "fa": "نرمال‌سازی دسته‌ای در لایه‌های متراکم"},
  "Q1b.2": {"en": "Batch norm in convolution layers", "fa": "نرمال‌سازی دسته‌ای در لایه‌های کانولوشن"},
  "Q1b.3": {"en": "Is the bias needed before batch norm?", "fa": "آیا پیش از batch norm بایاس لازم است؟"},
  "Q1b.4": {"en": "Scaling the weights (or the input) by alpha", "fa": "ضرب وزن‌ها (یا ورودی) در alpha"},
  "Q1b.5": {"en": "Small batches in medical imaging, Group Norm", "fa": "دسته‌های کوچک در تصویر پزشکی و Group Norm"},
  "Q1c.1": {"en": "Spatial size after five halvings", "fa": "اندازهٔ مکانی پس از پنج بار نصف شدن"},
  "Q1c.2": {"en": "Parameters of a 3x3 layer, 64 -> 128", "fa": "پارامترهای لایهٔ 3x3 از 64 به 128 کانال"},
  "Q1d.1": {"en": "Up-convolutional visualisation", "fa": "نمایش با شبکهٔ up-convolutional"},
  "Q1d.2": {"en": "Deconvolutional network", "fa": "شبکهٔ deconvolutional"},
  "Q1d.3": {"en": "Comparison of the two", "fa": "مقایسهٔ این دو"},
  "Q2": {"en": "Gradient of a 1-D convolution with respect to its kernel", "fa": "گرادیان کانولوشن یک‌بعدی نسبت به کرنل"},
  "Q3.1": {"en": "Average pool forward and backward", "fa": "میانگین‌گیر: مسیر رفت و برگشت"},
  "Q3.2": {"en": "Gradient with respect to P1", "fa": "گرادیان نسبت به P1"},
  "Q3.3": {"en": "Gradient with respect to w2", "fa": "گرادیان نسبت به w2"},
  "Q3.4": {"en": "Gradient with respect to w1 (and x)", "fa": "گرادیان نسبت به w1 (و x)"},
  "Q4.1": {"en": "DenseNet and ResNet", "fa": "DenseNet و ResNet"},
  "Q4.1b": {"en": "Why gradients survive in DenseNet", "fa": "چرا گرادیان در DenseNet از بین نمی‌رود"},
  "Q4.1c": {"en": "Advantages of DenseNet", "fa": "مزایای DenseNet"},
  "Q4.1d": {"en": "Channels after a dense block", "fa": "تعداد کانال‌ها پس از یک بلوک متراکم"},
  "Q4.2a": {"en": "Operations of a direct 5x5 convolution", "fa": "تعداد عملیات یک کانولوشن مستقیم 5x5"},
  "Q4.2b": {"en": "Operations with the 1x1 bottleneck", "fa": "تعداد عملیات با گلوگاه 1x1"},
  "Q4.2c": {"en": "Reduction", "fa": "میزان کاهش"},
  "Q4.2d": {"en": "Inception branch 1: 64 filters 1x1", "fa": "شاخهٔ ۱ از Inception: 64 فیلتر 1x1"},
  "Q4.2e": {"en": "Inception branch 2: 96 filters 1x1, then 128 filters 3x3 with padding 1", "fa": "شاخهٔ ۲ از Inception: 96 فیلتر 1x1 و سپس 128 فیلتر 3x3 با padding برابر 1"},
  "Q4.2f": {"en": "Inception branch 3: 16 filters 1x1, then 32 filters 5x5 with padding 2", "fa": "شاخهٔ ۳ از Inception: 16 فیلتر 1x1 و سپس 32 فیلتر 5x5 با padding برابر 2"},
  "Q4.2g": {"en": "Inception branch 4: max pooling 3x3 with padding 1 and stride 1, then 32 filters 1x1", "fa": "شاخهٔ ۴ از Inception: ادغام بیشینهٔ 3x3 با padding برابر 1 و گام 1، و سپس 32 فیلتر 1x1"},
  "Q4.2h": {"en": "Total operations and output volume of the module", "fa": "تعداد کل عملیات و حجم خروجی ماژول"},
  "Q4.2i": {"en": "Benefit of different filter sizes", "fa": "فایدهٔ فیلترهای با اندازه‌های متفاوت"},
  "Q4.2j": {"en": "Is GoogLeNet robust to vanishing gradients?", "fa": "آیا GoogLeNet در برابر محوشدن گرادیان مقاوم است؟"},
  "Q4.2k": {"en": "Auxiliary classifiers", "fa": "دسته‌بندهای کمکی"},
  "Q4.2l": {"en": "Limitations of GoogLeNet", "fa": "محدودیت‌های GoogLeNet"},
  "Q5a": {"en": "Deformable and ordinary convolution", "fa": "کانولوشن تغییرشکل‌پذیر و معمولی"},
  "Q5b": {"en": "Dilated kernel: effective field", "fa": "هستهٔ گسترش‌یافته: میدان مؤثر"},
  "Q5c": {"en": "Output size of a dilated convolution", "fa": "اندازهٔ خروجی کانولوشن گسترش‌یافته"},
  "Q5d": {"en": "Dilated kernel as a Kronecker product", "fa": "هستهٔ گسترش‌یافته به صورت ضرب کرونکر"},
  "Q5e": {"en": "Receptive field of three dilated layers", "fa": "میدان دریافت سه لایهٔ گسترش‌یافته"},
  "Q5f": {"en": "Masked convolution", "fa": "کانولوشن ماسک‌دار"},
  "Q5g": {"en": "Dilation as a remedy", "fa": "گسترش به عنوان راه‌حل"},
  "Q6a": {"en": "Vanishing gradient bound", "fa": "کران گرادیان محوشونده"},
  "Q6b": {"en": "Numeric bound", "fa": "کران عددی"},
  "Q6c": {"en": "He initialisation", "fa": "مقداردهی اولیهٔ He"},
  "Q6d": {"en": "Sigmoid and ReLU gradients", "fa": "گرادیان سیگموید و ReLU"},
  "Q6e": {"en": "Dead neurons", "fa": "نورون‌های مرده"},
  "Q6f": {"en": "PReLU", "fa": "PReLU"},
  "Q6g": {"en": "Leaky ReLU", "fa": "Leaky ReLU"},
  "Q6h": {"en": "ELU", "fa": "ELU"},
  "Q6i": {"en": "Residual block: forward and gradient", "fa": "بلوک باقی‌مانده: مسیر رفت و گرادیان"},
  "Q6j": {"en": "Residual learning argument", "fa": "استدلال یادگیری باقی‌مانده"},
  "Q6k": {"en": "Plain network gradient", "fa": "گرادیان شبکهٔ ساده"}
 },
 "cost": {},
 "answers": [
  {"name": "q1a1_w_out", "item": "Q1a.1", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "q1a1_h_out", "item": "Q1a.1", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "q1a1_d_out", "item": "Q1a.1", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "conv_output_shape", "item": "Q1a.1", "kind": "Function", "call": "conv_output_shape(W, H, D, K, F, S=1, P=0)", "case": {"en": "W = 33, H = 27, D = 3, K = 5, F = 16"}, "arguments": [33, 27, 3, 5, 16]},
  {"name": "q1a2_weights", "item": "Q1a.2", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "conv_weights", "item": "Q1a.2", "kind": "Function", "call": "conv_weights(D, K, F, bias=False)", "case": {"en": "D = 3, K = 5, F = 16"}, "arguments": [3, 5, 16]},
  {"name": "q1a3_connections", "item": "Q1a.3", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "conv_connections", "item": "Q1a.3", "kind": "Function", "call": "conv_connections(W, H, D, K, F, S=1, P=0, bias=False)", "case": {"en": "W = 33, H = 27, D = 3, K = 5, F = 16"}, "arguments": [33, 27, 3, 5, 16]},
  {"name": "q1a4_weights", "item": "Q1a.4", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "q1a4_connections", "item": "Q1a.4", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "dense_weights", "item": "Q1a.4", "kind": "Function", "call": "dense_weights(W, H, D, F, bias=False)", "case": {"en": "W = 33, H = 27, D = 3, F = 16"}, "arguments": [33, 27, 3, 16]},
  {"name": "q1a5_ratio", "item": "Q1a.5", "kind": "Formula", "symbols": ["D", "F", "H", "K", "P", "S", "W"]},
  {"name": "q1a5_text", "item": "Q1a.5", "kind": "Written"},
  {"name": "q1b1_params", "item": "Q1b.1", "kind": "Formula", "symbols": ["N_neurons"]},
  {"name": "bn_dense", "item": "Q1b.1", "kind": "Function", "call": "bn_dense(X, gamma, beta, eps=1e-5)", "case": {"en": "X = [[1, 2], [3, -2], [5, 3]], gamma = [1, 2], beta = [0, 1]"}, "arguments": [{"array": [[1.0, 2.0], [3.0, -2.0], [5.0, 3.0]], "dtype": "float64"}, {"array": [1.0, 2.0], "dtype": "float64"}, {"array": [0.0, 1.0], "dtype": "float64"}]},
  {"name": "q1b2_params", "item": "Q1b.2", "kind": "Formula", "symbols": ["C", "H", "N", "W"]},
  {"name": "q1b2_samples_per_statistic", "item": "Q1b.2", "kind": "Formula", "symbols": ["C", "H", "N", "W"]},
  {"name": "bn_conv", "item": "Q1b.2", "kind": "Function", "call": "bn_conv(X, gamma, beta, eps=1e-5)", "case": {"en": "X = np.arange(24.0).reshape(2, 3, 2, 2), gamma = [1, 2, 0.5], beta = [0, 1, -1]"}, "arguments": [{"array": [[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]], [[8.0, 9.0], [10.0, 11.0]]], [[[12.0, 13.0], [14.0, 15.0]], [[16.0, 17.0], [18.0, 19.0]], [[20.0, 21.0], [22.0, 23.0]]]], "dtype": "float64"}, {"array": [1.0, 2.0, 0.5], "dtype": "float64"}, {"array": [0.0, 1.0, -1.0], "dtype": "float64"}]},
  {"name": "q1b3_dl_db", "item": "Q1b.3", "kind": "Number"},
  {"name": "bn_of_affine", "item": "Q1b.3", "kind": "Function", "call": "bn_of_affine(U, W, b, gamma, beta, eps)", "case": {"en": "U: 4x3, W: 2x3"}, "arguments": [{"array": [[0.12573, -0.132105, 0.640423], [0.1049, -0.535669, 0.361595], [1.304, 0.947081, -0.703735], [-1.26542, -0.623274, 0.041326]], "dtype": "float64"}, {"array": [[-2.32503, -0.218792, -1.24591], [-0.732267, -0.544259, -0.3163]], "dtype": "float64"}, {"array": [3.82326, 5.08503], "dtype": "float64"}, {"array": [0.96144, 1.40994], "dtype": "float64"}, {"array": [-0.665195, 0.35151], "dtype": "float64"}, 0.001]},
  {"name": "q1b3_text", "item": "Q1b.3", "kind": "Written"},
  {"name": "q1b4_bn_scaled", "item": "Q1b.4", "kind": "Formula", "symbols": ["alpha", "eps", "mu", "v", "x"]},
  {"name": "q1b4_grad_factor", "item": "Q1b.4", "kind": "Formula", "symbols": ["alpha"]},
  {"name": "bn_scale_invariance", "item": "Q1b.4", "kind": "Function", "call": "bn_scale_invariance(X, alpha, eps)", "case": {"en": "alpha = 3, eps = 0.1"}, "arguments": [{"array": [[1.0, 2.0], [3.0, -2.0], [5.0, 3.0]], "dtype": "float64"}, 3.0, 0.1]},
  {"name": "q1b5_samples_per_statistic", "item": "Q1b.5", "kind": "Formula", "symbols": ["C", "G", "H", "N", "W"]},
  {"name": "q1b5_params", "item": "Q1b.5", "kind": "Formula", "symbols": ["C", "G", "H", "N", "W"]},
  {"name": "group_norm", "item": "Q1b.5", "kind": "Function", "call": "group_norm(X, G, gamma, beta, eps=1e-5)", "case": {"en": "X = np.arange(16.0).reshape(1, 4, 2, 2), G = 2"}, "arguments": [{"array": [[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]], [[8.0, 9.0], [10.0, 11.0]], [[12.0, 13.0], [14.0, 15.0]]]], "dtype": "float64"}, 2, {"array": [1.0, 1.0, 1.0, 1.0], "dtype": "float64"}, {"array": [0.0, 0.0, 0.0, 0.0], "dtype": "float64"}]},
  {"name": "q1b5_text", "item": "Q1b.5", "kind": "Written"},
  {"name": "q1c1_pixels", "item": "Q1c.1", "kind": "Number", "symbols": ["L", "N"], "given": {"L": "5", "N": "256"}},
  {"name": "pixels_after", "item": "Q1c.1", "kind": "Function", "call": "pixels_after(N, L)", "case": {"en": "N = 256, L = 5"}, "arguments": [256, 5]},
  {"name": "q1c2_params", "item": "Q1c.2", "kind": "Number", "symbols": ["Cin", "Cout", "H", "K", "W"], "given": {"Cin": "64", "Cout": "128", "H": "112", "K": "3", "W": "112"}},
  {"name": "conv_params", "item": "Q1c.2", "kind": "Function", "call": "conv_params(K, Cin, Cout, bias=True)", "case": {"en": "K = 3, Cin = 64, Cout = 128"}, "arguments": [3, 64, 128]},
  {"name": "q1d1_text", "item": "Q1d.1", "kind": "Written"},
  {"name": "q1d2_text", "item": "Q1d.2", "kind": "Written"},
  {"name": "q1d3_text", "item": "Q1d.3", "kind": "Written"},
  {"name": "q2_grad", "item": "Q2", "kind": "Formula", "symbols": ["j", "k", "n"], "arrays": {"dz": 1, "x": 1}},
  {"name": "grad_w", "item": "Q2", "kind": "Function", "call": "grad_w(x, dz, k)", "case": {"en": "x = [1, 2, -1, 3, 0.5]"}, "arguments": [{"array": [1.0, 2.0, -1.0, 3.0, 0.5], "dtype": "float64"}, {"array": [1.0, -2.0, 4.0], "dtype": "float64"}, 3]},
  {"name": "q2_steps", "item": "Q2", "kind": "Derivation", "symbols": ["i", "j", "k", "n"], "arrays": {"dz": 1, "w": 1, "x": 1}},
  {"name": "q31_grad", "item": "Q3.1", "kind": "Formula", "symbols": ["K", "h", "k", "p", "q", "w"], "arrays": {"dz": 3}},
  {"name": "grad_P2", "item": "Q3.1", "kind": "Function", "call": "grad_P2(dz)", "case": {"en": "dz = [[[4], [8]]]"}, "arguments": [{"array": [[[4.0], [8.0]]], "dtype": "float64"}]},
  {"name": "q31_steps", "item": "Q3.1", "kind": "Derivation", "symbols": ["K", "h", "i", "j", "k", "p", "q", "w"], "arrays": {"P2": 3, "dz": 3}},
  {"name": "q32_grad", "item": "Q3.2", "kind": "Formula", "symbols": ["K", "L", "M", "N", "a", "b", "h", "l", "w"], "arrays": {"dz": 3, "w2": 4}},
  {"name": "grad_P1", "item": "Q3.2", "kind": "Function", "call": "grad_P1(dz, w2)", "case": {"en": "dz = [[[4], [8]]], w2 = np.arange(1.0, 7.0).reshape(2, 3, 1, 1)"}, "arguments": [{"array": [[[4.0], [8.0]]], "dtype": "float64"}, {"array": [[[[1.0]], [[2.0]], [[3.0]]], [[[4.0]], [[5.0]], [[6.0]]]], "dtype": "float64"}]},
  {"name": "q32_steps", "item": "Q3.2", "kind": "Derivation", "symbols": ["K", "L", "M", "N", "a", "b", "h", "k", "l", "w"], "arrays": {"dP2": 3, "dz": 3, "w2": 4}},
  {"name": "q33_grad", "item": "Q3.3", "kind": "Formula", "symbols": ["K", "L", "M", "N", "h", "k", "l", "m", "n", "w"], "arrays": {"P1": 3, "dz": 3}},
  {"name": "grad_w2", "item": "Q3.3", "kind": "Function", "call": "grad_w2(P1, dz, kshape)", "case": {"en": "P1 = np.arange(12.0).reshape(3, 4, 1), dz = [[[4]]], kshape = (2, 3)"}, "arguments": [{"array": [[[0.0], [1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0], [7.0]], [[8.0], [9.0], [10.0], [11.0]]], "dtype": "float64"}, {"array": [[[4.0]]], "dtype": "float64"}, {"tuple": [2, 3]}]},
  {"name": "q34_grad", "item": "Q3.4", "kind": "Formula", "symbols": ["A", "B", "C", "L", "M1", "N1", "c", "l", "m", "n"], "arrays": {"dP1": 3, "x": 3}},
  {"name": "grads", "item": "Q3.4", "kind": "Function", "call": "grads(x, w1, w2, dz)", "case": {"en": "a small chain"}, "arguments": [{"array": [[[0.12573], [-0.132105], [0.640423], [0.1049], [-0.535669], [0.361595]], [[1.304], [0.947081], [-0.703735], [-1.26542], [-0.623274], [0.041326]], [[-2.32503], [-0.218792], [-1.24591], [-0.732267], [-0.544259], [-0.3163]], [[0.411631], [1.04251], [-0.128535], [1.36646], [-0.665195], [0.35151]]], "dtype": "float64"}, {"array": [[[[0.90347, 0.0940123]]], [[[-0.743499, -0.921725]]]], "dtype": "float64"}, {"array": [[[[-0.457726], [0.220195]], [[-1.00962], [-0.209176]], [[-0.159225], [0.540846]]], [[[0.214659], [0.355373]], [[-0.653829], [-0.129614]], [[0.783975], [1.49343]]]], "dtype": "float64"}, {"array": [[[-1.25907], [1.51392]]], "dtype": "float64"}]},
  {"name": "q41_direct_connections", "item": "Q4.1", "kind": "Formula", "symbols": ["L"]},
  {"name": "q41_text", "item": "Q4.1", "kind": "Written"},
  {"name": "q41b_text", "item": "Q4.1b", "kind": "Written"},
  {"name": "q41c_text", "item": "Q4.1c", "kind": "Written"},
  {"name": "q41d_channels", "item": "Q4.1d", "kind": "Number", "symbols": ["L", "k", "k0"], "given": {"L": "3", "k": "24", "k0": "32"}},
  {"name": "dense_block_channels", "item": "Q4.1d", "kind": "Function", "call": "dense_block_channels(k0, k, L)", "case": {"en": "k0 = 32, k = 24, L = 3"}, "arguments": [32, 24, 3]},
  {"name": "q42a_macs", "item": "Q4.2a", "kind": "Number", "symbols": ["Cin", "Cout", "H", "K", "R", "W"], "given": {"Cin": "192", "Cout": "32", "H": "28", "K": "5", "R": "16", "W": "28"}},
  {"name": "conv_macs", "item": "Q4.2a", "kind": "Function", "call": "conv_macs(H_out, W_out, Cin, Cout, K)", "case": {"en": "H_out = 6, W_out = 5, Cin = 3, Cout = 4, K = 3"}, "arguments": [6, 5, 3, 4, 3]},
  {"name": "q42b_macs", "item": "Q4.2b", "kind": "Number", "symbols": ["Cin", "Cout", "H", "K", "R", "W"], "given": {"Cin": "192", "Cout": "32", "H": "28", "K": "5", "R": "16", "W": "28"}},
  {"name": "bottleneck_macs", "item": "Q4.2b", "kind": "Function", "call": "bottleneck_macs(H, W, Cin, R, Cout, K)", "case": {"en": "H = 6, W = 5, Cin = 8, R = 2, Cout = 3, K = 3"}, "arguments": [6, 5, 8, 2, 3, 3]},
  {"name": "q42c_reduction", "item": "Q4.2c", "kind": "Number", "symbols": ["Cin", "Cout", "H", "K", "R", "W"], "given": {"Cin": "192", "Cout": "32", "H": "28", "K": "5", "R": "16", "W": "28"}, "percent": true},
  {"name": "reduction", "item": "Q4.2c", "kind": "Function", "call": "reduction(a, b)", "case": {"en": "a = 200, b = 50"}, "arguments": [200.0, 50.0]},
  {"name": "q42d_macs", "item": "Q4.2d", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42d_shape", "item": "Q4.2d", "kind": "Formula", "symbols": ["Cin", "H", "W"]},
  {"name": "q42e_macs", "item": "Q4.2e", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42e_shape", "item": "Q4.2e", "kind": "Formula", "symbols": ["Cin", "H", "W"]},
  {"name": "q42f_macs", "item": "Q4.2f", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42f_shape", "item": "Q4.2f", "kind": "Formula", "symbols": ["Cin", "H", "W"]},
  {"name": "q42g_macs", "item": "Q4.2g", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42g_shape", "item": "Q4.2g", "kind": "Formula", "symbols": ["Cin", "H", "W"]},
  {"name": "q42h_macs", "item": "Q4.2h", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42h_channels", "item": "Q4.2h", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42h_weights", "item": "Q4.2h", "kind": "Number", "symbols": ["Cin", "H", "W"], "given": {"Cin": "192", "H": "28", "W": "28"}},
  {"name": "q42h_shape", "item": "Q4.2h", "kind": "Formula", "symbols": ["Cin", "H", "W"]},
  {"name": "inception_macs", "item": "Q4.2h", "kind": "Function", "call": "inception_macs(H, W, Cin, c1, r3, c3, r5, c5, pp)", "case": {"en": "H = 14, W = 12, Cin = 24, c1 = 8, r3 = 12, c3 = 16, r5 = 2, c5 = 4, pp = 5"}, "arguments": [14, 12, 24, 8, 12, 16, 2, 4, 5]},
  {"name": "q42i_text", "item": "Q4.2i", "kind": "Written"},
  {"name": "q42j_text", "item": "Q4.2j", "kind": "Written"},
  {"name": "q42k_text", "item": "Q4.2k", "kind": "Written"},
  {"name": "q42l_text", "item": "Q4.2l", "kind": "Written"},
  {"name": "q5a_offset_channels", "item": "Q5a", "kind": "Formula", "symbols": ["Cin", "Cout", "K"]},
  {"name": "q5a_offset_conv_params", "item": "Q5a", "kind": "Formula", "symbols": ["Cin", "Cout", "K"]},
  {"name": "q5a_text", "item": "Q5a", "kind": "Written"},
  {"name": "q5b_field", "item": "Q5b", "kind": "Formula", "symbols": ["D", "F"]},
  {"name": "effective_kernel", "item": "Q5b", "kind": "Function", "call": "effective_kernel(F, D)", "case": {"en": "F = 7, D = 3"}, "arguments": [7, 3]},
  {"name": "q5c_m_out", "item": "Q5c", "kind": "Formula", "symbols": ["D", "F", "M", "N"]},
  {"name": "q5c_n_out", "item": "Q5c", "kind": "Formula", "symbols": ["D", "F", "M", "N"]},
  {"name": "dilated_output", "item": "Q5c", "kind": "Function", "call": "dilated_output(M, N, F, D)", "case": {"en": "M = 40, N = 33, F = 5, D = 3"}, "arguments": [40, 33, 5, 3]},
  {"name": "q5d_rows_dropped", "item": "Q5d", "kind": "Formula", "symbols": ["D", "F"]},
  {"name": "q5d_size", "item": "Q5d", "kind": "Formula", "symbols": ["D", "F"]},
  {"name": "dilated_kernel", "item": "Q5d", "kind": "Function", "call": "dilated_kernel(K, D)", "case": {"en": "K = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], D = 2"}, "arguments": [{"array": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], "dtype": "float64"}, 2]},
  {"name": "q5e_r1", "item": "Q5e", "kind": "Formula", "symbols": ["d", "w"]},
  {"name": "q5e_r2", "item": "Q5e", "kind": "Formula", "symbols": ["d", "w"]},
  {"name": "q5e_r3", "item": "Q5e", "kind": "Formula", "symbols": ["d", "w"]},
  {"name": "receptive_field", "item": "Q5e", "kind": "Function", "call": "receptive_field(kernels, dilations, strides=None)", "case": {"en": "kernels = [3, 4, 5], dilations = [2, 3, 4]"}, "arguments": [[3, 4, 5], [2, 3, 4]]},
  {"name": "q5f_active_type_a", "item": "Q5f", "kind": "Formula", "symbols": ["K"]},
  {"name": "q5f_active_type_b", "item": "Q5f", "kind": "Formula", "symbols": ["K"]},
  {"name": "q5f_text", "item": "Q5f", "kind": "Written"},
  {"name": "q5g_wavenet_rf", "item": "Q5g", "kind": "Formula", "symbols": ["L", "k"]},
  {"name": "q5g_text", "item": "Q5g", "kind": "Written"},
  {"name": "q6a_bound", "item": "Q6a", "kind": "Formula", "symbols": ["L", "i", "sigma"]},
  {"name": "q6a_condition", "item": "Q6a", "kind": "Choice", "options": ["a", "b", "c", "d"]},
  {"name": "q6a_text", "item": "Q6a", "kind": "Written"},
  {"name": "q6b_bound", "item": "Q6b", "kind": "Number", "symbols": ["n", "s"], "given": {"n": "100", "s": "9/10"}},
  {"name": "bound", "item": "Q6b", "kind": "Function", "call": "bound(sigma, L, i=0)", "case": {"en": "sigma = 0.9, L = 100"}, "arguments": [0.9, 100]},
  {"name": "q6c_var", "item": "Q6c", "kind": "Number", "symbols": ["C", "Cout", "K"], "given": {"C": "3", "Cout": "16", "K": "8"}},
  {"name": "q6c_std", "item": "Q6c", "kind": "Number", "symbols": ["C", "Cout", "K"], "given": {"C": "3", "Cout": "16", "K": "8"}},
  {"name": "he_std", "item": "Q6c", "kind": "Function", "call": "he_std(C, K)", "case": {"en": "C = 4, K = 7"}, "arguments": [4, 7]},
  {"name": "q6d_dsigmoid", "item": "Q6d", "kind": "Formula", "symbols": ["x"]},
  {"name": "q6d_max", "item": "Q6d", "kind": "Number"},
  {"name": "dsigmoid", "item": "Q6d", "kind": "Function", "call": "dsigmoid(x)", "case": {"en": "x = [-2, 0, 0.7, 3]"}, "arguments": [{"array": [-2.0, 0.0, 0.7, 3.0], "dtype": "float64"}]},
  {"name": "q6d_text", "item": "Q6d", "kind": "Written"},
  {"name": "q6e_text", "item": "Q6e", "kind": "Written"},
  {"name": "q6f_f", "item": "Q6f", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "q6f_df", "item": "Q6f", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "q6f_dalpha", "item": "Q6f", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "prelu", "item": "Q6f", "kind": "Function", "call": "prelu(x, alpha)", "case": {"en": "x = [-2, -0.5, 0.5, 3], alpha = 0.3"}, "arguments": [{"array": [-2.0, -0.5, 0.5, 3.0], "dtype": "float64"}, 0.3]},
  {"name": "q6g_f", "item": "Q6g", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "q6g_df", "item": "Q6g", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "leaky_relu", "item": "Q6g", "kind": "Function", "call": "leaky_relu(x, alpha=0.01)", "case": {"en": "x = [-2, -0.5, 0.5, 3], alpha = 0.3"}, "arguments": [{"array": [-2.0, -0.5, 0.5, 3.0], "dtype": "float64"}, 0.3]},
  {"name": "q6h_f", "item": "Q6h", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "q6h_df", "item": "Q6h", "kind": "Formula", "symbols": ["alpha", "x"]},
  {"name": "q6h_smooth", "item": "Q6h", "kind": "Choice", "options": ["a", "b", "c", "d"]},
  {"name": "elu", "item": "Q6h", "kind": "Function", "call": "elu(x, alpha=1.0)", "case": {"en": "x = [-2, -0.5, 0.5, 3], alpha = 0.3"}, "arguments": [{"array": [-2.0, -0.5, 0.5, 3.0], "dtype": "float64"}, 0.3]},
  {"name": "q6i_dx2_dx0", "item": "Q6i", "kind": "Formula", "symbols": ["f0", "f1"]},
  {"name": "q6i_dx2_dx1", "item": "Q6i", "kind": "Formula", "symbols": ["f0", "f1"]},
  {"name": "residual_jacobian", "item": "Q6i", "kind": "Function", "call": "residual_jacobian(J0, J1)", "case": {"en": "J0 = [[0, 1], [0, 0]], J1 = [[1, 0], [2, 3]]"}, "arguments": [{"array": [[0.0, 1.0], [0.0, 0.0]], "dtype": "float64"}, {"array": [[1.0, 0.0], [2.0, 3.0]], "dtype": "float64"}]},
  {"name": "q6j_f", "item": "Q6j", "kind": "Formula", "symbols": ["Hx", "x"]},
  {"name": "q6j_text", "item": "Q6j", "kind": "Written"},
  {"name": "q6k_dx2_dx0", "item": "Q6k", "kind": "Formula", "symbols": ["f0", "f1", "f2"]},
  {"name": "plain_jacobian", "item": "Q6k", "kind": "Function", "call": "plain_jacobian(J0, J1)", "case": {"en": "J0 = [[0, 1], [0, 0]], J1 = [[1, 0], [2, 3]]"}, "arguments": [{"array": [[0.0, 1.0], [0.0, 0.0]], "dtype": "float64"}, {"array": [[1.0, 0.0], [2.0, 3.0]], "dtype": "float64"}]}
 ]}
"""
    )
)


def check(*names: str, language: str = "") -> Report:
    """Show how your answers are read.  names: a question such as "q1a2", or an answer's name; none: all of them."""
    return shown(check_names(SHEET, names, sys._getframe(1).f_globals, language))


if __name__ == "__main__":
    sys.exit(main(SHEET))
