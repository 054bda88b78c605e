"""The worked solution of an answer: derived from what the problem declares, and proved, line by line."""

from __future__ import annotations

from autograder.worked.lines import Line
from autograder.worked.order import in_order, order_of
from autograder.worked.solution import answer_of, reference_of, unproved, valued, worked

__all__ = ["Line", "answer_of", "in_order", "order_of", "reference_of", "unproved", "valued", "worked"]
