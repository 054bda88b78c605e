"""LaTeX as students paste it: the same grammar with commands, groups, and products without a sign."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from autograder.expression.lexer import Token
from autograder.expression.names import ALIASES, CONSTANTS, FUNCTIONS, GREEK_NAMES
from autograder.expression.parser import ADD, CALLED_ONLY, MULTIPLY, Parser
from autograder.expression.reader import WORDS
from autograder.expression.tree import (
    Call,
    Constant,
    Fold,
    Index,
    Node,
    Number,
    Op,
    Piecewise,
    Symbol,
    Truth,
    Tuple,
)

__all__ = ["LatexParser", "looks_like_latex"]

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
    """Whether a text is LaTeX rather than Python.

    >>> looks_like_latex(r"\\frac{K}{2}"), looks_like_latex("K^{2}"), looks_like_latex("K**2")
    (True, True, False)
    """
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
