"""A slow hash of exact values: it tells whether a guess is right, at a price for each guess."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from autograder.expression import Node
from autograder.offline.exact import Point, values_at

__all__ = ["COST", "sealed", "witness"]

# 64 MiB, and with the start just below the 0.3 s of one core that a check may cost.  A search costs as many checks
# as it makes guesses, and no design makes it cost more.
COST: Mapping[str, int] = {"n": 1 << 14, "r": 32, "p": 2}


def witness(node: Node, points: Sequence[Point]) -> str:
    """The values of a formula at all points as one text.

    Raises Inexact where one of them is not known exactly.
    """
    return "\n".join(" ".join(values_at(node, point)) for point in points)


def sealed(values: str, salt: str, cost: Mapping[str, int]) -> str:
    """The slow hash of a witness, in hexadecimal digits; "" where this Python has no scrypt or too little memory.

    >>> sealed("9", "q1", {"n": 4, "r": 1, "p": 1}) == sealed("8", "q1", {"n": 4, "r": 1, "p": 1})
    False
    """
    return _sealed(values, salt, cost["n"], cost["r"], cost["p"])


@lru_cache(maxsize=512)
def _sealed(values: str, salt: str, n: int, r: int, p: int) -> str:
    try:
        most = 128 * r * (n + p + 2) + (1 << 20)
        return hashlib.scrypt(values.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=most, dklen=16).hex()
    except (AttributeError, ValueError, MemoryError):
        return ""
