"""Tokens -> tree, by whitelist: what is not named here cannot be written.  Nothing is evaluated.

A precedence climber of two functions, `operand` and `binary`, so that depth costs few stack frames and is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from autograder.expression.forms import Forms
from autograder.expression.lexer import LIMITS, Token
from autograder.expression.names import ALIASES, CONSTANTS, FORMS, FUNCTIONS, USUAL
from autograder.expression.reader import WORDS
from autograder.expression.shape import BOOLEAN, zero_or_one
from autograder.expression.tree import (
    Call,
    Constant,
    Index,
    Logic,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)
from autograder.expression.walk import alone, grouping

__all__ = ["Parser"]

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
