"""Which of the slips that lead to an answer a student can have made, and which of them is said.

All rules of taste are here: what is plain, what comes in company, what is too roundabout to be believed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from autograder.diagnose.edits import Edit
from autograder.diagnose.trees import at_path
from autograder.expression import Node, Op, Symbol, canonical, free_names, size, walk

__all__ = [
    "AS_EDIT",
    "COMMON",
    "LEFT_OVER",
    "ROUNDABOUT",
    "is_size",
    "nearest",
    "plainer_scaled",
    "rank",
    "said",
    "together",
]

# slips that come in company: two of these are still an explanation that a student recognises
COMMON = frozenset(
    {"drop-term", "drop-factor", "drop-divisor", "add-term", "add-factor", "off-by-one", "power-low", "power-high"}
    | {"sign", "symbol-for-symbol", "sum-for-product", "bracket", "index-shifted", "index-range", "map-size"}
    | {"index-simplified", "function-lost", "piece-wrong", "mean-for-sum", "reciprocal"}
    | {"dilation-ignored", "bias-counted", "bias-not-counted"}
)
# of several slips with the same value the one that is said: the fewer words it needs, the better; 2 for all others
SIMPLICITY = dict.fromkeys(
    ("drop-term", "drop-factor", "drop-divisor", "power-low", "power-high", "swapped-symbols", "symbol-for-symbol"),
    1,
) | {
    "off-by-one": 3,
    "pieces-added": 3,
    "map-size": 4,
    "constant": 4,
    "term-subtracted": 4,
    "one-size-only": 5,
    "one-value-only": 5,
    "add-divisor": 6,
}
LEFT_OVER = frozenset(
    {"drop-term", "drop-factor", "piece-lost", "one-size-only", "one-value-only"}
)  # may lead to a plain number
# a constant factor or offset says the same in plainer words; two slips with one of these are far-fetched
ROUNDABOUT = frozenset({"add-factor", "add-divisor", "constant", "product-for-power", "add-term", "bracket"})
# a convention that comes with a slip is a slip as well
AS_EDIT = {"bias-counted": "add-term", "bias-not-counted": "drop-term"}
LOSSES = frozenset({"drop-term", "drop-factor", "power-low", "function-lost"})
LOOKED_AT = 12  # of the slips with one value
CANCELLED = 4  # so many parts may have cancelled in an answer after two slips


def rank(edit: Edit) -> int:
    """How many words a slip needs: what is simplest comes first."""
    return SIMPLICITY.get(edit.code, 2)


def said(edit: Edit, form: Node, counts: Collection[str], share: bool) -> Edit | None:
    """A slip in a form under the name that is true of it there; None where nobody makes it.

    counts: the symbols that are whole numbers: only sizes and indices are off by one.
    share: whether the reference is a part of a whole, between 0 and 1, which has a rest; a count has none.

    >>> from autograder.expression import parse
    >>> said(Edit("off-by-one", parse("a + 1")), parse("a"), {"K"}, False).code
    'constant'
    >>> said(Edit("complement", parse("1 - K")), parse("K"), {"K"}, False) is None
    True
    """
    if edit.code == "complement" and not (share or (not _is_sum(form) and free_names(form) - frozenset(counts))):
        return None
    if edit.code != "off-by-one":
        return edit
    part = None if edit.place is None else at_path(form, edit.place)
    concerned = free_names(part if isinstance(part, Symbol) else form)
    return edit if not concerned or concerned & frozenset(counts) else replace(edit, code="constant")


def _is_sum(node: Node) -> bool:
    return isinstance(node, Op) and node.op == "+"


def is_size(node: Node) -> bool:
    """Whether a formula is one length, such as W - K + 1, not what areas or channels multiply to.

    >>> from autograder.expression import parse
    >>> is_size(parse("W - K + 1")), is_size(parse("F*D*K^2"))
    (True, False)
    """
    return isinstance(node, Symbol) or (
        isinstance(node, Op) and node.op == "+" and all(len(free_names(term)) <= 2 for term in node.args)
    )


def plainer_scaled(code: str, reference: Node) -> bool:
    """Whether a constant factor or offset, if there is one, says more plainly what a slip does to the reference."""
    return code in ROUNDABOUT or (code == "off-by-one" and not is_size(reference))


def nearest(candidates: Iterable[Edit], answer: Node) -> list[Edit]:
    """The slips that an answer can have come from: conventions, those written as it is, the simplest.

    A slip is not believed if a symbol has to cancel: nobody gets from a formula to `-x` by way of `a - (a + x)`.
    But a fraction is reduced: `a*x/(a*y)` is written as `x/y`.

    >>> from autograder.expression import parse
    >>> nearest([Edit("sign", parse("a - (a + x)"))], parse("-x"))
    []
    >>> slips = [Edit("add-term", parse("F*K + K")), Edit("off-by-one", parse("(F + 1)*K"))]
    >>> [edit.code for edit in nearest(slips, parse("(F + 1)*K"))]
    ['off-by-one', 'add-term']
    """
    own, key = free_names(answer), canonical(answer)
    possible = [
        edit
        for edit in candidates
        if free_names(edit.tree) <= own
        or (edit.code in LOSSES and _reduced(edit.tree, free_names(edit.tree) - own))
    ][:LOOKED_AT]
    return sorted(possible, key=lambda edit: (edit.kind != "convention", canonical(edit.tree) != key))


def _reduced(tree: Node, gone: frozenset[str]) -> bool:
    """Whether a fraction has these symbols above and below, so that they may cancel."""
    fractions = [part.args for part in walk(tree) if isinstance(part, Op) and part.op == "/"]
    return any(gone <= free_names(top) and gone <= free_names(bottom) for top, bottom in fractions)


def together(candidates: Iterable[Edit], answer: Node, reference: Node) -> list[Edit]:
    """The pairs of slips that are believed: much of the reference is left, and a roundabout one is to be seen."""
    own, wanted = free_names(answer), free_names(reference)
    if not own or isinstance(answer, Symbol) or 2 * len(own & wanted) < len(wanted):
        return []
    key = canonical(answer)
    return [
        edit
        for edit in nearest(candidates, answer)
        if size(edit.tree) <= size(answer) + CANCELLED
        and (not {edit.code, edit.second} & ROUNDABOUT or canonical(edit.tree) == key)
    ]
