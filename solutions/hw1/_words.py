"""Short ways to write texts in both languages and to declare mistakes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from autograder.problem import Convention, Mistake, Step


def both(en: str, fa: str) -> dict[str, str]:
    """A text in English and Persian.

    >>> both("width", "عرض")["en"]
    'width'
    """
    return {"en": en, "fa": fa}


def wrong(name: str, answer: Any, en: str = "", fa: str = "", credit: Fraction = Fraction(0)) -> Mistake:
    """A mistake with its hint; a nameless function gets the mistake's name, which the staff's report shows.

    >>> wrong("k-not-squared", lambda K: K).answer.__name__
    'k_not_squared'
    """
    if isinstance(answer, Callable) and getattr(answer, "__name__", "") == "<lambda>":
        answer.__name__ = name.replace("-", "_")
    return Mistake(id=name, answer=answer, hint=both(en, fa) if en else {}, credit=credit)


def step(expression: Any, en: str, fa: str) -> Step:
    """One line of a worked solution."""
    return Step(expression, both(en, fa))


def reading(name: str, function: Callable[..., Any]) -> Convention:
    """A function that is right under another named convention.

    >>> reading("pooling-counted", lambda H: H).answer.__name__
    'pooling_counted'
    """
    function.__name__ = name.replace("-", "_")
    return Convention(id=name, answer=function)
