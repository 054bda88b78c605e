"""How many points a verdict earns: the only place that knows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from autograder.verdict import Status, Verdict

__all__ = ["Score", "plain", "score"]


@dataclass(frozen=True, slots=True)
class Score:
    """Exact points earned, their maximum, and those that wait for a person."""

    points: Fraction
    most: Fraction
    pending: Fraction = Fraction(0)


def score(verdict: Verdict, most: Fraction) -> Score:
    """The points of a verdict on a problem worth `most`; UNDECIDED is held open, never silently zero.

    >>> score(Verdict(Status.PARTIAL, Fraction(1, 2)), Fraction(3)).points
    Fraction(3, 2)
    >>> score(Verdict(Status.UNDECIDED), Fraction(3)).pending
    Fraction(3, 1)
    """
    if verdict.status is Status.UNDECIDED:
        return Score(Fraction(0), most, most)
    if verdict.status is Status.CORRECT:
        return Score(most, most)
    if verdict.status is Status.PARTIAL:
        return Score(most * min(max(verdict.credit, Fraction(0)), Fraction(1)), most)
    return Score(Fraction(0), most)


def plain(points: Fraction) -> float | int:
    """Points as JSON has them: a whole number, or a decimal of at most four digits.

    >>> plain(Fraction(4)), plain(Fraction(1, 3))
    (4, 0.3333)
    """
    return points.numerator if points.denominator == 1 else round(float(points), 4)
