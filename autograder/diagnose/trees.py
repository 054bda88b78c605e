"""Small tools for building trees: places in a tree, what stands there, sums and products of parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from autograder.expression import Call, Index, Node, Number, Op, Symbol, children, rebuild

__all__ = [
    "ONE", "TWO", "ZERO", "Change", "Path", "added", "at_path", "literal", "multiplied", "negated", "paths", "plus",
    "product", "replaced", "shape_of", "total",
]  # fmt: skip

Path = tuple[int, ...]
Change = tuple[str, Node]  # the code of a slip, and what then stands in that place


def literal(value: Fraction | int) -> Number:
    """A number with its text.

    >>> literal(3).text
    '3'
    """
    return Number(Fraction(value), str(value))


ZERO, ONE, TWO = literal(0), literal(1), literal(2)


TOTAL = frozenset({"floor", "ceiling", "abs", "sign", "exp", "Max", "Min"})


def total(node: Node) -> bool:
    """Whether a formula plainly has a value for all real values of its symbols.

    >>> from autograder.expression import parse
    >>> [total(parse(text)) for text in ("floor(K/2)^2 + exp(-x)", "1/(1 + exp(-x))", "x[i]")]
    [True, False, False]
    """
    match node:
        case Number() | Symbol():
            return True
        case Op(op="+" | "*" | "neg", args=args):
            return all(map(total, args))
        case Op(op="/", args=(top, Number(value=bottom))):
            return bottom != 0 and total(top)
        case Op(op="^", args=(base, Number(value=power))):
            return power > 0 and power.denominator == 1 and total(base)
        case Call(name=name, args=args):
            return name in TOTAL and all(map(total, args))
        case _:
            return False


def negated(node: Node) -> Node:
    """The node with the other sign, without a double minus."""
    return node.args[0] if isinstance(node, Op) and node.op == "neg" else Op("neg", (node,))


def plus(node: Node, step: int) -> Node:
    """A node moved by a whole number."""
    if isinstance(node, Number):
        return literal(node.value + step)
    return Op("+", (node, literal(step) if step > 0 else Op("neg", (literal(-step),))))


def added(parts: Sequence[Node]) -> Node:
    """The sum of one or more parts."""
    return parts[0] if len(parts) == 1 else Op("+", tuple(parts))


def multiplied(parts: Sequence[Node]) -> Node:
    """The product of any number of parts."""
    return ONE if not parts else parts[0] if len(parts) == 1 else Op("*", tuple(parts))


def product(factors: Iterable[Node]) -> Node:
    """The product of factors in their order, those of products too; factors of one are left out.

    >>> from autograder.expression import to_text
    >>> to_text(product([literal(28), literal(1), Symbol("K")]))
    '28*K'
    """
    kept: list[Node] = []
    for factor in factors:
        if isinstance(factor, Op) and factor.op == "*":
            kept += factor.args
        elif factor != ONE:
            kept.append(factor)
    return multiplied(kept)


def paths(tree: Node) -> Iterator[Path]:
    """Every place of a tree, as the way to it through its children.

    >>> from autograder.expression import parse
    >>> list(paths(parse("F*K^2")))
    [(), (0,), (1,), (1, 0), (1, 1)]
    """
    yield ()
    for place, part in enumerate(children(tree)):
        for path in paths(part):
            yield (place, *path)


def at_path(tree: Node, path: Path) -> Node:
    """What stands at a place."""
    for step in path:
        tree = children(tree)[step]
    return tree


def replaced(tree: Node, new: Mapping[Path, Node]) -> Node:
    """The tree with other parts at some places; what is unchanged is shared, not copied.

    >>> from autograder.expression import parse, to_text
    >>> to_text(replaced(parse("F*K^2"), {(1, 1): literal(3)}))
    'F*K^3'
    """
    if () in new:
        return new[()]
    inner: dict[int, dict[Path, Node]] = {}
    for path, part in new.items():
        inner.setdefault(path[0], {})[path[1:]] = part
    counter = iter(range(len(children(tree))))

    def change(part: Node) -> Node:
        place = next(counter)
        return replaced(part, inner[place]) if place in inner else part

    return rebuild(tree, change)


def shape_of(tree: Node) -> str:
    """A tree without the names of its symbols: equal for parts that a slip would change in the same way."""
    if isinstance(tree, Symbol):
        return "?"
    if isinstance(tree, Number):
        return str(tree.value)
    if isinstance(tree, Op) and tree.op == "^" and isinstance(tree.args[0], Number):
        return f"^(#,{shape_of(tree.args[1])})"  # windows of another size play the same part
    own = (
        tree.op
        if isinstance(tree, Op)
        else tree.name
        if isinstance(tree, Call)
        else tree.base
        if isinstance(tree, Index)
        else type(tree).__name__
    )
    return f"{own}({','.join(map(shape_of, children(tree)))})"
