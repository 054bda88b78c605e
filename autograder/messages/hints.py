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
# a number in words; "one" and its Persian twin are articles and pronouns too, and count only where they reckon
IN_WORDS = {
    "0": r"zero|صفر",
    "1": r"(?:by|plus|minus|times|below|above|exceeds?|add(?:ing|ed)?|subtract(?:ing|ed)?) one\b(?! of)"
         r"|\bone (?:more|less|fewer|too|unit)|(?:افزودن|منهای|به‌علاوهٔ?|به علاوهٔ?) یک|یکی (?:کم|زیاد|بیش)|یک واحد",
    "2": r"two|twice|doubl(?:e|es|ed|ing)|hal(?:f|ves?|ved|ving)|both|pairs?|squared"
         r"|دو|دوبرابر|نصف|نیمی?|مجذور|جفت",
    "3": r"three|thrice|tripl(?:e|es|ed)|thirds?|cubed|سه|سوم|ثلث",
    "4": r"four(?:ths?)?|quarters?|quadrupl(?:e|es|ed)|چهار|چهارم|ربع",
    "5": r"five|fifths?|پنج|پنجم",
    "6": r"six|sixths?|شش|ششم",
    "7": r"seven|sevenths?|هفت|هفتم",
    "8": r"eight|eighths?|هشت|هشتم",
    "9": r"nine|ninths?|نهم",
    "10": r"ten|tenths?|ده|دهم",
    "12": r"twelve|dozen|دوازده",
    "16": r"sixteen|شانزده",
    "32": r"thirty[ -]two|سی و دو",
    "100": r"hundred|صد",
    "1000": r"thousand|هزار",
}  # fmt: skip
AS_NUMBER = {number: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for number, words in IN_WORDS.items()}
# a sign in words, where it stands in a formula that is read aloud
AS_SIGN = {
    "+": re.compile(r"\bplus\b|به‌علاوه|به علاوه", re.IGNORECASE),
    "-": re.compile(r"\bminus\b|منهای", re.IGNORECASE),
    "*": re.compile(r"\b[A-Za-z0-9]+ times [A-Z0-9]|ضربدر|ضرب در"),
}
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
    >>> betrayed("A multiply-add is one operation; this is a mistake.", {"-", "a", "A", "1"})
    frozenset()
    >>> sorted(betrayed("Half of it is off by one.", {"1", "2", "3"}))
    ['1', '2']
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
        said = token in AS_NUMBER and AS_NUMBER[token].search(text) is not None
        return said or token in NUMBER.findall(NAME.sub(" ", TIMES.sub("*", text)))
    if token in AS_SIGN and AS_SIGN[token].search(text):
        return True
    signs = {"^" if sign == "**" else sign for _, sign in SIGN.findall(HYPHEN.sub(" ", TIMES.sub("*", text)))}
    return token in signs
