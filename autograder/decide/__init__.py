"""Equal or not, with evidence.

"Equal" means the same value at every point of the declared domain.  The steps, cheapest first:

1. tuples and matrices are compared entry by entry;
2. arrays and free indices: exact values at concrete sizes (indexed.py);
3. rational functions: exact normal forms, a proof either way (polynomial.py);
4. anything else: exact rationals and rigorous balls at small, spread and special points (scalar.py);
5. otherwise undecided, with what was tried.

A refutation comes with the smallest, roundest point found, and both values there.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.decide.indexed import decide_indexed
from autograder.decide.matrices import multiplied_out
from autograder.decide.numbers import Rule, accepted, decide_number, is_real, rational
from autograder.decide.pair import Decision, Pair
from autograder.decide.scalar import decide_scalar
from autograder.decide.showing import Point, fixed_points, shown
from autograder.decide.values import OutOfBudget, Undefined
from autograder.domain import Domain
from autograder.expression import Matrix, Node, Op, Tuple, parse, substitute, walk
from autograder.verdict import Counterexample, Evidence, Identity, NoEvidence
from autograder.verdict import Undefined as NoValue

__all__ = [
    "Decision",
    "Point",
    "Rule",
    "accepted",
    "decide",
    "decide_number",
    "fixed_points",
    "is_real",
    "rational",
    "shown",
]


def decide(
    answer: Node, reference: Node, domain: Domain, *, strict: bool = True, up_to: str = "", secret: bytes = b""
) -> Decision:
    """Decide whether two formulas are equal on a domain.

    strict: an answer without a value on a region where the reference has one is refuted; otherwise only points
    count at which both are defined.  up_to: "", "sign" or "constant".

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> integers = domain({"n": "positive integer", "s": "positive integer"})
    >>> decide(parse("ceiling((n+1)/s)"), parse("floor(n/s) + 1"), integers).equal
    True
    >>> decide(parse("2*K"), parse("K^2"), domain({"K": "positive integer"})).evidence.at
    {'K': '1'}
    """
    if isinstance(answer, Tuple | Matrix) or isinstance(reference, Tuple | Matrix):
        return _multiplied_out(answer, reference, domain, strict=strict, secret=secret)
    found = _decide(answer, reference, domain, strict=strict, secret=secret)
    if found.equal is False and up_to == "sign":
        turned = _decide(Op("neg", (answer,)), reference, domain, strict=strict, secret=secret)
        return turned if turned.equal else found
    if found.equal is False and up_to == "constant" and isinstance(found.evidence, Counterexample):
        return _up_to_constant(answer, reference, domain, found, strict=strict, secret=secret)
    return found


def _decide(answer: Node, reference: Node, domain: Domain, *, strict: bool, secret: bytes) -> Decision:
    pair = Pair.of(answer, reference, domain, strict=strict, secret=secret)
    if pair.matrices:
        return _multiplied_out(answer, reference, domain, strict=strict, secret=secret)
    return decide_indexed(pair) if pair.indexed else decide_scalar(pair)


def _multiplied_out(answer: Node, reference: Node, domain: Domain, *, strict: bool, secret: bytes) -> Decision:
    """Carry out the arithmetic of matrices on both sides, then compare the entries."""
    try:
        reference = multiplied_out(reference)
    except (OutOfBudget, Undefined) as error:
        return Decision(None, NoEvidence((str(error),)))
    try:
        answer = multiplied_out(answer)
    except OutOfBudget as error:
        return Decision(None, NoEvidence((str(error),)))
    except Undefined:
        return Decision(False, NoValue())
    if _unfinished(answer) or _unfinished(reference):
        return Decision(None, NoEvidence(("a function of a matrix",)))
    return _entries(answer, reference, domain, strict=strict, secret=secret)


def _unfinished(node: Node) -> bool:
    """Whether a matrix stands inside of something else than a matrix or tuple."""
    return not isinstance(node, Matrix | Tuple) and any(isinstance(part, Matrix) for part in walk(node))


def _up_to_constant(
    answer: Node, reference: Node, domain: Domain, found: Decision, *, strict: bool, secret: bytes
) -> Decision:
    """Shift the answer so that both agree where they were seen to differ, and decide again."""
    assert isinstance(found.evidence, Counterexample)
    point = {name: parse(value) for name, value in found.evidence.at.items()}
    shift = Op("+", (substitute(reference, point), Op("neg", (substitute(answer, point),))))
    moved = _decide(Op("+", (answer, shift)), reference, domain, strict=strict, secret=secret)
    return moved if moved.equal else found


def _entries(answer: Node, reference: Node, domain: Domain, *, strict: bool, secret: bytes) -> Decision:
    """Shape first, then every entry; the evidence is that of the first wrong or undecided entry."""
    ours, theirs = _shape(reference), _shape(answer)
    if ours != theirs:
        return Decision(False, Counterexample({}, _shape_text(theirs), _shape_text(ours), "shape"))
    found: list[Decision] = []
    for place, (left, right) in enumerate(zip(_flat(answer), _flat(reference), strict=True)):
        one = decide(left, right, domain, strict=strict, secret=secret)
        found.append(Decision(one.equal, _placed(one.evidence, _place(place, ours))))
    entries = tuple(one.equal is True for one in found)
    wrong = [one for one in found if one.equal is False]
    open_ones = [one for one in found if one.equal is None]
    if open_ones:
        return Decision(None, open_ones[0].evidence, entries)
    if wrong:
        return Decision(False, wrong[0].evidence, entries)
    return Decision(True, max((one.evidence for one in found), key=_weakness, default=Identity()), entries)


def _weakness(evidence: Evidence) -> int:
    return (
        ("identity", "grid", "balls").index(evidence.kind) if evidence.kind in ("identity", "grid", "balls") else 3
    )


def _shape(node: Node) -> tuple[int, ...] | None:
    match node:
        case Matrix(rows=rows):
            return (len(rows), len(rows[0]) if rows else 0)
        case Tuple(items=items):
            return (len(items),)
        case _:
            return None


def _shape_text(shape: tuple[int, ...] | None) -> str:
    if shape is None:
        return "one value"
    return f"{shape[0]} entries" if len(shape) == 1 else f"{shape[0]} rows and {shape[1]} columns"


def _flat(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Matrix):
        return tuple(entry for row in node.rows for entry in row)
    return node.items if isinstance(node, Tuple) else (node,)


def _place(at: int, shape: tuple[int, ...] | None) -> str:
    if shape is not None and len(shape) == 2:
        return f"[{at // shape[1]}, {at % shape[1]}]"
    return f"[{at}]"


def _placed(evidence: Evidence, entry: str) -> Evidence:
    return replace(evidence, entry=entry) if isinstance(evidence, Counterexample) else evidence
