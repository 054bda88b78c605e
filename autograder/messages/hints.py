"""The names, numbers and signs of a formula, and whether a sentence holds one that it should not.

A hint names the mistake; the correction is the student's to find.  The words around a formula say what they like.
"""

from __future__ import annotations

import re
from collections.abc import Collection

__all__ = ["betrayed", "tokens"]

NUMBER = re.compile(r"\d+(?:\.\d+)?")
NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
# a sign stands between two operands, with a blank on both sides or on none
SIGN = re.compile(r"(?<=[\w)\]!])(\s?)(\*\*|[-+*/^])\1(?=[\w(\[√-])")
TIMES = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
MOST_FORMULA = 20_000  # characters that are looked at: no answer that was read as a formula is longer
HYPHEN = re.compile(r"(?<=[A-Za-z]{2})[-/](?=[A-Za-z])|(?<=[A-Za-z])[-/](?=[A-Za-z]{2})")
ALIKE = str.maketrans({"×": "*", "·": "*", "∙": "*", "÷": "/", "−": "-", "–": "-", "²": "2", "³": "3"})
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
# English words that may also be a symbol: only beside a sign, a bracket or a backquote are they taken for one
WORDS = frozenset({"a", "A", "I", "i"})
BESIDE = r"(?:(?<=[`*/^(\[+=]){name}\b|\b{name}(?=[`*/^)\]+=]))"


def tokens(formula: str) -> frozenset[str]:
    """The names, numbers and signs of a formula.

    >>> sorted(tokens("F*(D*K^2 + 1)"))
    ['*', '+', '1', '2', 'D', 'F', 'K', '^']
    """
    text = _plain(formula[:MOST_FORMULA])
    signs = {"^" if sign == "**" else sign for sign in re.findall(r"\*\*|[-+*/^]", text)}
    return frozenset({*NUMBER.findall(NAME.sub(" ", text)), *NAME.findall(text), *signs})


def betrayed(words: str, kept: Collection[str]) -> frozenset[str]:
    """Which of these names, numbers and signs a sentence holds.

    >>> sorted(betrayed("Each of the K*K taps has a weight.", {"K", "2", "*"}))
    ['*', 'K']
    >>> betrayed("A multiply-add is counted twice; this is a mistake.", {"-", "a", "A", "2"})
    frozenset()
    """
    text = _plain(words)
    return frozenset(token for token in kept if _holds(text, token))


def _plain(text: str) -> str:
    return text.translate(ALIKE).translate(DIGITS)


def _holds(text: str, token: str) -> bool:
    if NAME.fullmatch(token):
        pattern = BESIDE.format(name=token) if token in WORDS else rf"\b{token}\b"
        return bool(re.search(pattern, text, re.ASCII))
    if NUMBER.fullmatch(token):
        return token in NUMBER.findall(NAME.sub(" ", TIMES.sub("*", text)))
    signs = {"^" if sign == "**" else sign for _, sign in SIGN.findall(HYPHEN.sub(" ", TIMES.sub("*", text)))}
    return token in signs
