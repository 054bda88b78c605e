"""A student's formula -> a tree, by whitelist and within limits; trees -> text, LaTeX, Typst and MathML."""

from __future__ import annotations

from autograder.errors import AnswerError
from autograder.expression.canonical import canonical
from autograder.expression.codes import CODES
from autograder.expression.convert import from_sympy
from autograder.expression.latex import LatexParser, looks_like_latex
from autograder.expression.lexer import LIMITS
from autograder.expression.markup import to_latex, to_mathml, to_typst
from autograder.expression.names import ANY, Names
from autograder.expression.parser import Parser
from autograder.expression.printing import to_text
from autograder.expression.tree import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Number,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
)
from autograder.expression.walk import alone, children, free_names, rebuild, size, substitute, walk

__all__ = [
    "ANY",
    "CODES",
    "LIMITS",
    "Call",
    "Constant",
    "Fold",
    "Index",
    "Logic",
    "Matrix",
    "Names",
    "Node",
    "Number",
    "Op",
    "Piecewise",
    "Relation",
    "Symbol",
    "Truth",
    "Tuple",
    "alone",
    "canonical",
    "children",
    "free_names",
    "from_sympy",
    "parse",
    "rebuild",
    "size",
    "substitute",
    "to_latex",
    "to_mathml",
    "to_text",
    "to_typst",
    "walk",
]


def parse(
    text: str, names: Names = ANY, *, grouped: bool = False, percent: bool = False, relations: bool = False
) -> Node:
    """The tree of a formula as a student writes it: Python, unicode mathematics or LaTeX.

    grouped: 12,345,678 is one number.  percent: 89.7% is 897/1000.  relations: K <= W is a formula too.
    Raises AnswerError with the place in the text; nothing is evaluated.

    >>> parse("K²") == parse("K**2") == parse("K^{2}")
    True
    """
    if len(text) > LIMITS.characters:
        raise AnswerError("too-long", fields={"length": str(len(text)), "limit": str(LIMITS.characters)})
    stripped = text.replace("$", " ") if "$" in text else text
    reader = LatexParser if looks_like_latex(stripped) else Parser
    try:
        return reader(stripped, names, grouped=grouped, percent=percent, relations=relations).parse()
    except RecursionError:  # the caller's own stack was nearly full: the same answer as for any deep text
        raise AnswerError("too-deep", text=text, offset=0, fields={"limit": str(LIMITS.depth)}) from None
