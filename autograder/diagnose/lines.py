"""A wrong step of a derivation as a slip in the line before it.

No index: a line is a student's own, and only the part of it that the step changes is edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import numpy as np

from autograder.diagnose.edits import Edit, edits
from autograder.diagnose.forms import forms
from autograder.diagnose.formulas import plainest, single
from autograder.diagnose.indexed import Limits, ranged_edits
from autograder.diagnose.plausible import rank, said
from autograder.diagnose.rewriting import rewriting_edits
from autograder.diagnose.sampling import Row, Sampler, close_rows
from autograder.diagnose.search import Case, Slips, slips
from autograder.diagnose.trees import ONE, added, multiplied
from autograder.diagnose.whole import symbol_edits, whole_edits
from autograder.expression import (
    Call,
    Fold,
    Index,
    Node,
    Number,
    Op,
    Symbol,
    canonical,
    children,
    free_names,
    rebuild,
    substitute,
    walk,
)
from autograder.verdict import Finding

__all__ = ["diagnose_line", "focus"]

EVALUATED, FEWER_EVALUATED = 400, 90  # slips whose values are taken; fewer with arrays, whose values take longer

Same = Callable[[Node, Node], bool]
Within = Callable[[Node], Node]  # the whole line around a part


def diagnose_line(
    step: Node, before: Node, case: Case, secret: bytes = b"", *, anywhere: bool = True
) -> Finding | None:
    """The slip that turns the line before into this step, or None.

    case: where the lines live.  anywhere: whether slips in all of the line are tried, or in one part of it alone.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> real = Case(parse("a"), domain(dict.fromkeys("abc", "real")), ("a", "b", "c"))
    >>> found = diagnose_line(parse("a^2 - 2*a*b - b^2"), parse("(a - b)^2"), real)
    >>> found.code, found.formula
    ('sign', 'a^2 - b^2 - 2*a*b')
    """
    stages = slips(case).sampler.stages
    sampler = Sampler.over(stages)
    row, own = sampler.row(step), sampler.row(before)
    if row is None or own is None or close_rows(row, own):
        return None
    line = Slips(replace(case, reference=before, forms=()), sampler, own)
    found = [
        edit for edit in _agreeing(step, before, line, anywhere=anywhere) if close_rows(sampler.row(edit.tree), row)
    ]
    return plainest(single(sorted(found, key=rank), step, line.case, secret), step, row, line, secret)


def _agreeing(step: Node, before: Node, line: Slips, *, anywhere: bool) -> list[Edit]:
    """Slips in the line with the step's values at the first points: in the part that changes as it is written, in
    other forms of that part, or anywhere."""
    first = Sampler.over(line.sampler.stages[:1])
    row, names = first.row(step), free_names(step)
    if row is None:
        return []
    first.remember(before)
    first.remember(step)

    def same(one: Node, other: Node) -> bool:
        return canonical(one) == canonical(other) or close_rows(first.row(one), first.row(other))

    bound = {name for part in walk(before) if isinstance(part, Fold) for name, _, _ in part.limits}
    usable = sorted((names & set(line.case.names)) | bound)
    part, within = focus(before, step, same)
    if part is before and not anywhere:
        return []
    others = (edit for form in forms(part)[1:] for edit in _local(form, part, within, usable, line))
    left = FEWER_EVALUATED if line.case.domain.arrays else EVALUATED
    everywhere = _anywhere(before, usable, line) if anywhere else iter(())
    rewritten = rewriting_edits(before) if anywhere else iter(())
    for group in (rewritten, _local(part, part, within, usable, line), others, everywhere):
        possible = (edit for edit in group if free_names(edit.tree) == names and edit.tree != before)
        tried = list(islice(possible, left))
        found = [edit for edit in tried if close_rows(first.row(edit.tree), row)]
        if found:
            return found
        left -= len(tried)
    return []


def _local(form: Node, part: Node, within: Within, names: Sequence[str], line: Slips) -> Iterator[Edit]:
    """Slips in a part of the line, in one form of it."""
    local = chain(edits(form, names), (Edit(*change) for change in whole_edits(form, names)))
    written = (edit for edit in local if edit.code != "constant" or form is part)
    yield from (replace(edit, tree=within(edit.tree)) for edit in _named(written, form, line))


def _anywhere(before: Node, names: Sequence[str], line: Slips) -> Iterator[Edit]:
    """Slips in the line as a whole, then in any part of it."""
    case = line.case
    whole = chain(
        symbol_edits(before, names, case.topics, line.counts),
        ranged_edits(before, case.domain),
        whole_edits(before, names),
    )
    yield from _named((Edit(*change) for change in whole), before, line)
    yield from _named(edits(before, names), before, line)


def _named(found: Iterator[Edit], form: Node, line: Slips) -> list[Edit]:
    """The slips that somebody makes, each under its name, the simplest first."""
    share = line.reference is not None and _is_share(line.reference)
    named = (said(edit, form, line.counts, share) for edit in found)
    return sorted((edit for edit in named if edit is not None), key=rank)


def _is_share(row: Row) -> bool:
    values = row[~np.isnan(row)]
    return values.size > 0 and bool(values.min() >= 0 and values.max() <= 1)


def focus(before: Node, step: Node, same: Same) -> tuple[Node, Within]:
    """The smallest part of a line in which the step differs from it, and the line around that part.

    >>> from autograder.expression import parse, to_text
    >>> lines = parse("a*(b + c) + d"), parse("d + a*(b - c)")
    >>> part, within = focus(*lines, lambda one, other: one == other)
    >>> to_text(part), to_text(within(parse("x")))
    ('c', 'a*(b + x) + d')
    """
    match before, step:
        case Op(op="+" | "*" as op, args=args), Op(op=other, args=others) if op == other:
            return _among_terms(before, args, others, same)
        case Op(op="/"), Op(op="*"):
            product = _as_product(before)
            part, within = focus(product, step, same)
            return (before, _unchanged) if part is product else (part, within)
        case Op(op="*"), Op(op="/"):
            return focus(before, _as_product(step), same)
        case Op(op="^", args=(base, power)), Op(op="^", args=(other, too)) if same(power, too):
            return _in_one_child(before, (base,), (other,), same)
        case Op(op="/" | "neg" as op, args=args), Op(op=other, args=others) if op == other:
            return _in_one_child(before, args, others, same)
        case Call(name=op, args=args), Call(name=other, args=others) if op == other and len(args) == len(others):
            return _in_one_child(before, args, others, same)
        case Index(base=base, indices=args), Index(base=other, indices=others) if base == other:
            return before, lambda new: new if _keeps(new, args, others, same) else before
        case Fold(), Fold() if before.op == step.op:
            one, other = _flat(before), _flat(step)
            renamed = _renamed(other, one) if len(one.limits) == len(other.limits) else None
            if renamed is not None:
                part, within = _in_one_child(one, children(one), children(renamed), same)
                return (before, _unchanged) if part is one else (part, within)
    return before, _unchanged


def _as_product(quotient: Op) -> Op:
    """a/4 as a*(1/4), to be compared with 1/4*a."""
    top, bottom = quotient.args
    factors = top.args if isinstance(top, Op) and top.op == "*" else (top,)
    return Op("*", (*factors, Op("/", (ONE, bottom))))


def _keeps(new: Node, args: Sequence[Node], others: Sequence[Node], same: Same) -> bool:
    """Whether an entry has other indices only where the step has, so that no other slip need be tried."""
    now = new.indices if isinstance(new, Index) else ()
    alike = zip(args, others, strict=False)
    return len(now) != len(args) or all(
        one == index for one, (index, other) in zip(now, alike, strict=False) if same(index, other)
    )


def _unchanged(new: Node) -> Node:
    return new


def _in_one_child(before: Node, args: Sequence[Node], others: Sequence[Node], same: Same) -> tuple[Node, Within]:
    """The one part that differs, as far down as it is more than a number: its slips are named by what holds it."""
    places = [place for place, pair in enumerate(zip(args, others, strict=True)) if not same(*pair)]
    if len(places) != 1 or isinstance(args[places[0]], Number):
        return before, _unchanged
    (place,) = places
    part, within = focus(args[place], others[place], same)
    return part, lambda new: _with_child(before, place, within(new))


def _with_child(node: Node, place: int, new: Node) -> Node:
    counter = iter(range(len(children(node))))
    return rebuild(node, lambda part: new if next(counter) == place else part)


def _among_terms(before: Op, args: Sequence[Node], others: Sequence[Node], same: Same) -> tuple[Node, Within]:
    """The terms or factors of both that have no partner in the other one."""
    left = list(others)
    alone: list[int] = []
    for place, arg in enumerate(args):
        partner = next((at for at, other in enumerate(left) if same(arg, other)), None)
        if partner is None:
            alone.append(place)
        else:
            del left[partner]
    if not alone or not left or len(alone) == len(args) or isinstance(args[alone[0]], Number):
        return before, _unchanged
    inside: Within = _unchanged
    if len(alone) == len(left) == 1:
        part, inside = focus(args[alone[0]], left[0], same)
    else:
        part = (added if before.op == "+" else multiplied)([args[place] for place in alone])

    def within(new: Node) -> Node:
        kept = [inside(new) if place == alone[0] else arg for place, arg in enumerate(args)]
        return Op(before.op, tuple(arg for place, arg in enumerate(kept) if place not in alone[1:]))

    return part, within


def _flat(fold: Fold) -> Fold:
    """A sum of a sum as one sum with more indices."""
    match fold.body:
        case Fold() as inner if inner.op == fold.op and inner.limits and fold.limits:
            return Fold(fold.op, _flat(inner).body, (*_flat(inner).limits, *fold.limits))
        case _:
            return fold


def _renamed(step: Fold, before: Fold) -> Fold | None:
    """A sum with the index names of another one, in its order; None where those mean something else in it."""
    order = _in_order_of(step.limits, before.limits)
    new = {one: other for (one, _, _), (other, _, _) in zip(order, before.limits, strict=True) if one != other}
    inside = {part.name for part in walk(step) if isinstance(part, Symbol)}
    if (set(new.values()) - set(new)) & inside:
        return None
    names = {name: Symbol(other) for name, other in new.items()}
    limits = tuple(
        (new.get(name, name), substitute(low, names), substitute(high, names)) for name, low, high in order
    )
    return Fold(step.op, substitute(step.body, names), limits)


def _in_order_of(limits: Sequence[Limits], wanted: Sequence[Limits]) -> Sequence[Limits]:
    """Ranges in the order of others: each beside one with the same ends, of the same name if there is one."""
    bound = {name for name, _, _ in limits}
    if any(free_names(end) & bound for _, low, high in limits for end in (low, high)):
        return limits  # a range that depends on another index stays where it is
    left, partners = list(limits), dict[int, Limits]()
    for place, (name, low, high) in enumerate(wanted):
        alike = [one for one in left if _ends(one) == (canonical(low), canonical(high))]
        if alike:
            partners[place] = min(alike, key=lambda one: one[0] != name)
            left.remove(partners[place])
    return [partners[place] if place in partners else left.pop(0) for place in range(len(wanted))]


def _ends(limit: Limits) -> tuple[Any, Any]:
    return canonical(limit[1]), canonical(limit[2])
