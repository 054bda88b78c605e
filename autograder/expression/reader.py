"""The stream of tokens that the grammars read from, and what to say where reading stops."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.errors import AnswerError
from autograder.expression.lexer import Token, tokens
from autograder.expression.names import Names
from autograder.expression.tree import Node

__all__ = ["WORDS", "Reader"]

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
