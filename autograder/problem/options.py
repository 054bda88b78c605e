"""What a check may know beside the answer: the course's secret and the numbers that a teacher may change."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from fractions import Fraction

from autograder.diagnose import Keeper
from autograder.problem.kinds import Problem

__all__ = ["CheckOptions"]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """secret keys the hidden inputs; rtol and atol are numpy's; credits are shares of the points.

    conventions: the teacher's own credit for answers that are right under a named convention.
    search: whether a wrong function that no one declared is searched for its slip, which changes no status.
    questions: every problem of the assignment, since a wrong answer may be the right one to another question.
    keeper: where the indexes of wrong answers stay between runs, if anywhere; no verdict depends on it.
    """

    secret: bytes = b""
    rtol: float = 1e-9
    atol: float = 0.0
    convention_credit: Fraction = Fraction(1, 2)
    conventions: tuple[tuple[str, Fraction], ...] = ()
    partial_credit: Fraction = Fraction(1, 2)
    follow_credit: Fraction = Fraction(1, 2)
    questions: tuple[Problem, ...] = ()
    search: bool = True
    keeper: Keeper | None = field(default=None, repr=False, compare=False)

    def credit_of(self, convention: str, declared: Fraction | None = None) -> Fraction:
        """The credit under a named convention: the teacher's, else the author's, else the course's.

        >>> CheckOptions(conventions=(("bias-counted", Fraction(1)),)).credit_of("bias-counted")
        Fraction(1, 1)
        """
        own = dict(self.conventions).get(convention, declared)
        return self.convention_credit if own is None else own

    def seed(self, name: str) -> int:
        """A seed for the hidden inputs of one problem: the same on every run, in no student's hands.

        >>> CheckOptions(b"s").seed("grad_w") == CheckOptions(b"s").seed("grad_w")
        True
        """
        return int.from_bytes(hmac.new(self.secret, name.encode(), hashlib.sha256).digest()[:8], "big")
