"""What a check may know beside the answer: the course's secret and the numbers that a teacher may change."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["CheckOptions"]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """secret keys the hidden inputs; rtol and atol are numpy's; convention_credit is a share of the points."""

    secret: bytes = b""
    rtol: float = 1e-9
    atol: float = 0.0
    convention_credit: Fraction = Fraction(1, 2)
    partial_credit: Fraction = Fraction(1, 2)
    follow_credit: Fraction = Fraction(1, 2)

    def seed(self, name: str) -> int:
        """A seed for the hidden inputs of one problem: the same on every run, in no student's hands.

        >>> CheckOptions(b"s").seed("grad_w") == CheckOptions(b"s").seed("grad_w")
        True
        """
        return int.from_bytes(hmac.new(self.secret, name.encode(), hashlib.sha256).digest()[:8], "big")
