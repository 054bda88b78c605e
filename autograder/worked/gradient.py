"""A gradient from the definition of its layer: definition, chain rule, derivative under the sum."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnose.trees import ONE, ZERO, product
from autograder.expression import Fold, Index, Node, Op, Piecewise, Relation, Symbol, Truth, parse, rebuild
from autograder.problem import Gradient
from autograder.worked.lines import Line
from autograder.worked.words import say

__all__ = ["gradient_lines"]


def gradient_lines(working: Gradient) -> Iterator[Line]:
    """Three lines; the last one holds a Kronecker delta for every index and equals the answer."""
    output, forward, by = parse(working.output), parse(working.forward), parse(working.by)
    upstream = parse(working.upstream)
    assert isinstance(by, Index)
    limits = tuple((name, parse(low), parse(high)) for name, low, high in working.ranges)
    left = Op("/", (Symbol("∂L"), _d(by)))
    yield Line(say("definition"), (forward,), left=output)
    partial = Op("/", (_d(output), _d(by)))
    yield Line(say("chain-rule"), left=left, shown=Fold("Sum", product([upstream, partial]), limits))
    inner = differentiated(forward, by)
    body = product([upstream, inner]) if not _quarter(inner) else Op("*", (upstream, inner))
    yield Line(say("under-the-sum"), (Fold("Sum", body, limits),), left=left, concludes=True)


def _quarter(node: Node) -> bool:
    return isinstance(node, Op) and node.op == "/"


def _d(node: Node) -> Node:
    assert isinstance(node, Index)
    return Index(f"∂{node.base}", node.indices)


def differentiated(node: Node, by: Index) -> Node:
    """The derivative of a formula that is linear in an array, with respect to one entry of it.

    >>> from autograder.expression import to_text
    >>> to_text(differentiated(parse("Sum(w[m]*x[i+m], (m, 0, k-1))"), parse("w[j]")))
    'Sum(Piecewise((1, m == j), (0, True))*x[i + m], (m, 0, k - 1))'
    """
    if isinstance(node, Index) and node.base == by.base:
        pairs = zip(node.indices, by.indices, strict=True)
        return product(delta(mine, wanted) for mine, wanted in pairs if mine != wanted)
    if isinstance(node, Op) and node.op == "*":
        return product(differentiated(part, by) for part in node.args)
    return rebuild(node, lambda part: differentiated(part, by))


def delta(left: Node, right: Node) -> Node:
    """One where two indices are the same, zero elsewhere."""
    return Piecewise(((ONE, Relation("==", left, right)), (ZERO, Truth(True))))
