"""Tokens -> tree, by whitelist: what is not named here cannot be written.  Nothing is evaluated.

A precedence climber of two functions, `operand` and `binary`, so that depth costs few stack frames and is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from autograder.errors import AnswerError
from autograder.expression.lexer import LIMITS, Token, tokens
from autograder.expression.names import ALIASES, CONSTANTS, FORMS, FUNCTIONS, Names
from autograder.expression.tree import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)
from autograder.expression.walk import children

__all__ = ["Parser"]

LIBRARIES = frozenset({"np", "numpy", "math", "sp", "sympy", "cmath", "sy", "scipy", "S"})
RELATIONS: Mapping[str, str] = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "!=": "!=", "<>": "!="}
RELATION_CALLS = {"Eq": "==", "Ne": "!=", "Lt": "<", "Le": "<=", "Gt": ">", "Ge": ">="}
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
WORDS = frozenset({"and", "or", "not", "if", "else", "for", "in", "lambda", "import", "def", "class", "return"})
BOOLEAN = (Relation, Logic, Truth)


class Parser:
    """One text, read once.  names: what may be written; percent: 89.7% is 897/1000."""

    latex = False

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

    def deeper(self, parse: Callable[[], Node]) -> Node:
        """One level further in, within the limit of depth."""
        self.depth += 1
        if self.depth > LIMITS.depth:
            raise self.error("too-deep", limit=str(LIMITS.depth))
        node = parse()
        self.depth -= 1
        return node

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

    def bare_function(self, token: Token) -> AnswerError:
        """`sin*x`, `sin[x]`: a function needs its argument in round brackets."""
        return self.error("function-not-called", token, name=token.text, suggestion=f"{token.text}(...)")

    def undeclared(self, name: str, token: Token) -> Node:
        """A word that nothing declares: a bound index, a symbol where any is allowed, else an error at the end."""
        if self.sees("(") and not self.latex:
            raise self.error("unknown-function", token, name=name, suggestion=self.nearest_function(name))
        if name in self.names.arrays:
            raise self.error("index-missing", token, name=name, count=str(self.names.arrays[name]))
        if self.names.symbols is not None:
            self.unknown.append((name, token))
        return Symbol(name)

    def nearest_function(self, name: str) -> str:
        """A function that looks like this name."""
        return self.names.nearest(name)

    def may_be_indexed(self, name: str) -> bool:
        """Whether name[...] can be read: a declared array, or any name where any is allowed."""
        if self.names.symbols is None:
            return name in self.names.arrays or ALIASES.get(name, name) not in CALLED_ONLY
        return name in self.names.arrays

    def indexed(self, name: str, token: Token) -> Node:
        """x[i + j], w[m, n], w[m][n]."""
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

    def argument_count(self, name: str, token: Token, wanted: int) -> AnswerError:
        """A function got too few or too many arguments."""
        return self.error("wrong-argument-count", token, name=name, count=str(wanted))

    def form(self, name: str, items: list[Node], token: Token) -> Node:
        """Forms that are other nodes: Rational(1, 4), pow(a, b), Piecewise, Matrix, And, Eq."""
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
        """`2x`, `D K`, `F(D+1)`: a product needs its star."""
        before = self.tokens[self.at - 1]
        left = self.text[before.start : before.stop]
        right = self.text[self.next.start : self.next.stop]
        return self.error("missing-operator", suggestion=f"{left}*{right}")

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
        """`DK` -> `D*K` where both are declared."""
        for place in range(1, len(name)):
            left, right = name[:place], name[place:]
            if self.names.declared(left) and (self.names.declared(right) or right.isdigit()):
                return f"{left}*{right}"
        return ""


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
