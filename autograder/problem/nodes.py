"""What an author declares, as a tree."""

from __future__ import annotations

from typing import Any

from autograder.expression import Node, from_sympy, parse

__all__ = ["as_node"]


def as_node(value: Any) -> Node:
    """A reference as a tree: sympy values are converted, text is parsed (the author's own, of any name).

    >>> from autograder.expression import to_text
    >>> to_text(as_node("F*D*K**2"))
    'F*D*K^2'
    """
    return parse(value) if isinstance(value, str) else from_sympy(value)
