"""Calls: the known functions, and forms that are other nodes: Sum, Piecewise, Matrix, Rational, And."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from autograder.expression.lexer import LIMITS, Token
from autograder.expression.names import FUNCTIONS
from autograder.expression.reader import WORDS, Reader
from autograder.expression.shape import BOOLEAN, conditions, parts
from autograder.expression.tree import (
    Call,
    Fold,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Tuple,
)

__all__ = ["Forms"]

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
