"""Why a wrong answer is wrong: slips in the reference that lead to it, found by values, proved by `decide`.

An explanation is shown only if the edited formula equals the answer; of several that fit, the simplest wins.
"""

from __future__ import annotations

from autograder.diagnose.formulas import diagnose, may_equal
from autograder.diagnose.functions import Calls, diagnose_function
from autograder.diagnose.numbers import Sum, diagnose_number
from autograder.diagnose.search import Case

__all__ = ["Calls", "Case", "Sum", "diagnose", "diagnose_function", "diagnose_number", "may_equal"]
