"""Why a wrong answer is wrong: slips in the reference that lead to it, found by values, proved by `decide`.

An explanation is shown only if the edited formula equals the answer; of several that fit, the simplest wins.
"""

from __future__ import annotations

from collections.abc import Callable

from autograder.diagnose.formulas import diagnose, may_equal
from autograder.diagnose.functions import Calls, diagnose_function
from autograder.diagnose.kept import Keeper
from autograder.diagnose.lines import diagnose_line
from autograder.diagnose.numbers import Sum, diagnose_number
from autograder.diagnose.search import Case
from autograder.verdict import Finding

__all__ = [
    "Calls", "Case", "Keeper", "Sum", "attempted", "diagnose", "diagnose_function", "diagnose_line",
    "diagnose_number", "may_equal",
]  # fmt: skip


def attempted(search: Callable[[], Finding | None]) -> Finding | None:
    """What a search finds; nothing where it breaks: the answer is refuted already, and stays so without a reason.

    >>> attempted(lambda: Finding("edit", str(1 // 0))) is None
    True
    """
    try:
        return search()
    except Exception:  # noqa: BLE001 - an author's own code runs in it too
        return None
