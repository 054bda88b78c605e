"""A refuted tuple: entries that have changed places, or one slip that explains every wrong entry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from autograder.decide import decide, rational
from autograder.diagnose.edits import Edit
from autograder.diagnose.search import Case
from autograder.expression import Node, Number, Tuple, canonical, to_text
from autograder.verdict import Finding

__all__ = ["diagnose_tuple"]

FACTORS = [Fraction(n, d) for n, d in ((2, 1), (1, 2), (3, 1), (1, 3), (4, 1), (1, 4))]
MARGINS = (2, 4, 6)  # what padding that is left out, or put in, changes along an axis


def diagnose_tuple(answer: Node, case: Case, secret: bytes = b"") -> Finding | None:
    """What is wrong with a tuple of numbers, if all its wrong entries have the same slip.

    >>> from autograder.domain import domain
    >>> from autograder.expression import parse
    >>> shape = Case(parse("(28, 28, 64)"), domain({}), ())
    >>> diagnose_tuple(parse("(24, 24, 64)"), shape).code, diagnose_tuple(parse("(64, 28, 28)"), shape).code
    ('map-size', 'entries-swapped')
    """
    if not isinstance(case.reference, Tuple):
        return None
    right = case.reference.items
    if not isinstance(answer, Tuple):
        return _multiplied((answer,), right, to_text(answer))
    keys = [*map(_key, answer.items)]
    if len(right) != len(answer.items):
        return _length(keys, [*map(_key, right)], to_text(answer)) or _multiplied(
            answer.items, right, to_text(answer)
        )
    values = tuple(map(rational, answer.items))
    suggested = None if None in values else _own(case).get(values)
    if suggested is not None:
        return Finding("edit", suggested.code, formula=to_text(suggested.tree))
    if sorted(map(_key, right)) == sorted(keys):
        return Finding("edit", "entries-swapped", formula=to_text(answer))
    wrong = [
        (given, wanted)
        for given, wanted in zip(answer.items, right, strict=True)
        if not decide(given, wanted, case.domain, secret=secret).equal
    ]
    codes = {_slip(given, wanted, case) for given, wanted in wrong}
    code = codes.pop() if len(codes) == 1 else None
    if code is None:
        return None
    return Finding("edit", code, formula=to_text(answer))


@lru_cache(maxsize=512)
def _own(case: Case) -> dict[tuple[Fraction | None, ...], Edit]:
    """The slips that the question suggests, by what they lead to: the first of those that lead to the same."""
    found: dict[tuple[Fraction | None, ...], Edit] = {}
    for edit in case.own:
        if isinstance(edit.tree, Tuple):
            values = [item.value if isinstance(item, Number) else rational(item) for item in edit.tree.items]
            found.setdefault(tuple(values), edit)
    return found


def _length(given: list[str], wanted: list[str], text: str) -> Finding | None:
    """An entry too many or too few, the others as they should be."""
    if _is_part(given, wanted):
        return Finding("edit", "entry-missing", formula=text)
    return Finding("edit", "entry-too-many", formula=text) if _is_part(wanted, given) else None


def _multiplied(given: Sequence[Node], wanted: Sequence[Node], text: str) -> Finding | None:
    """Fewer numbers, with the same product."""
    values = [[*map(rational, items)] for items in (given, wanted)]
    if None in values[0] or None in values[1] or len(given) >= len(wanted):
        return None
    one, other = (math.prod(value for value in row if value is not None) for row in values)
    return Finding("edit", "entries-multiplied", formula=text) if one == other else None


def _is_part(less: list[str], more: list[str]) -> bool:
    """Whether some entries, in their order, are all of the others."""
    rest = iter(more)
    return bool(less) and all(any(key == other for other in rest) for key in less)


def _key(node: Node) -> str:
    return repr(canonical(node))


def _slip(given: Node, wanted: Node, case: Case) -> str | None:
    """The slip between two numbers."""
    if not (isinstance(given, Number) and isinstance(wanted, Number)):
        return None
    one, other = given.value, wanted.value
    if one == 1 < other:
        return "summed"
    pinned = {kind.low for kind in case.domain.kinds.values() if kind.low == kind.high and kind.low is not None}
    if one in pinned:
        return "given-for-result"
    if other and one / other in FACTORS:
        return "entry-factor"
    if abs(one - other) == 1:
        return "off-by-one"
    return "map-size" if abs(one - other) in MARGINS else None
