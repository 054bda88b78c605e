"""Which words a formula may use: what the problem declares, the constants, and the known functions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ANY", "CONSTANTS", "FUNCTIONS", "GREEK", "USUAL", "Names"]

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

    >>> Names(symbols=frozenset({"K", "D"})).nearest("k")
    'K'
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
        """The known function that is spelt nearly like this one, or a declared name in other capitals, or ''.

        >>> [Names().nearest_function(name) for name in ("tanhh", "Sqrt", "relu")]
        ['tanh', 'sqrt', '']
        """
        known: list[str] = sorted({*(self.symbols or ()), *self.arrays, *FUNCTIONS})
        for candidate in known:
            if candidate.lower() == name.lower():
                return candidate
        close: list[str] = difflib.get_close_matches(name, [*FUNCTIONS, *ALIASES], n=1, cutoff=0.7)
        return close[0] if close else ""

    def factors(self, word: str) -> list[str]:
        """The declared names and numbers that a word without signs may be made of; [] where there are none.

        >>> Names(symbols=frozenset("abc")).factors("abc2"), Names(symbols=frozenset("a")).factors("ab")
        (['a', 'b', 'c', '2'], [])
        """
        for end in range(len(word), 0, -1):
            if self.declared(word[:end]) or (word[:end].isdigit() and not word[end:][:1].isdigit()):
                rest = self.factors(word[end:])
                if rest or end == len(word):
                    return [word[:end], *rest]
        return []

    def product(self, word: str) -> str:
        """A word that an `x` for the sign of a product holds together, with that sign; "" where it is none.

        >>> [Names(symbols=frozenset({"K"})).product(word) for word in ("28x28x3", "KxK", "3xk")]
        ['28*28*3', 'K*K', '']
        """
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
