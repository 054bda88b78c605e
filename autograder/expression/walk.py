"""Going through a tree: its parts, its free names, replacing names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

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

__all__ = ["alone", "children", "free_names", "grouping", "rebuild", "size", "substitute", "walk"]


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


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, outside first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def size(node: Node) -> int:
    """How many nodes a tree has."""
    return sum(1 for _ in walk(node))


def free_names(node: Node) -> frozenset[str]:
    """Symbols and arrays that no sum or product binds.

    >>> from autograder.expression import parse
    >>> sorted(free_names(parse("Sum(dz[i]*x[i+j], (i, 0, n-k))")))
    ['dz', 'j', 'k', 'n', 'x']
    """
    match node:
        case Symbol(name=name):
            return frozenset({name})
        case Index(base=base, indices=indices):
            return frozenset({base}).union(*map(free_names, indices))
        case Fold(body=body, limits=limits):
            found = free_names(body)
            for name, low, high in limits:
                found = (found - {name}) | free_names(low) | free_names(high)
            return found
        case _:
            return frozenset[str]().union(*map(free_names, children(node)))


def grouping(node: Node) -> Node:
    """Brackets of any shape around one operand group it, as on paper: F*[D + 1] is F*(D + 1)."""
    node = rebuild(node, grouping)
    return rebuild(node, alone) if isinstance(node, Op | Call | Fold) else node


def alone(node: Node) -> Node:
    """The only item of a tuple; anything else as it is.

    >>> from autograder.expression import parse, to_text
    >>> to_text(alone(parse("[K + 1]"))), to_text(alone(parse("(K, 1)")))
    ('K + 1', '(K, 1)')
    """
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
    """Every free symbol of that name replaced; bound indices keep their name.

    >>> from autograder.expression import parse, to_text
    >>> to_text(substitute(parse("H*W + Sum(H, (H, 1, 2))"), {"H": parse("28")}))
    '28*W + Sum(H, (H, 1, 2))'
    """
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
