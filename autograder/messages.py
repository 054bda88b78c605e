"""Which words: a verdict -> the sentences that a student or the staff reads, in their language, at their level.

Levels, each saying more than the one before: received, verdict, hint, counterexample, full.  How the answer was
read, and why it could not be, is said at every level: that reveals nothing of the key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.errors import AnswerError
from autograder.locale import LANGUAGES
from autograder.verdict import (
    Balls,
    Counterexample,
    Finding,
    Grid,
    Identity,
    Status,
    Tolerance,
    Undefined,
    Verdict,
)

__all__ = ["LEVELS", "Say", "error_text", "message", "sentence"]

LEVELS = ("received", "verdict", "hint", "counterexample", "full")
LEFT_TO_RIGHT, POP = "\u2066", "\u2069"
SAID_ALWAYS = frozenset({Status.MISSING, Status.UNREADABLE, Status.UNDECIDED})
EXPLAINING = frozenset({"mistake", "edit", "factor", "offset", "convention", "other_answer", "follow"})


@dataclass(frozen=True, slots=True)
class Say:
    """To whom a message speaks: language, level, and whether our own values may be shown."""

    language: str = "en"
    level: str = "hint"
    reveal: bool = False

    def at_least(self, level: str) -> bool:
        """Whether this much may be said."""
        return LEVELS.index(self.level) >= LEVELS.index(level)


def sentence(key: str, fields: Mapping[str, str], language: str) -> str:
    """One sentence of the catalogue with its fields; formulas in Persian text are set left to right.

    >>> sentence("unknown-name", {"name": "k"}, "en")
    '`k` is not a name of this question.'
    """
    text = LANGUAGES[language].get(key) or LANGUAGES["en"].get(key, "")
    shown = {name: _isolated(value, language) for name, value in fields.items()}
    return text.format_map(_Blank(shown))


class _Blank(dict[str, str]):
    """A field that a finding does not carry is left empty: a message is never lost over it."""

    def __missing__(self, key: str) -> str:
        return ""


def _isolated(value: str, language: str) -> str:
    return f"{LEFT_TO_RIGHT}{value}{POP}" if language == "fa" and value else value


def message(kind: str, verdict: Verdict, say: Say) -> str:
    """What is said about an answer: the verdict, why, and what to do next, as far as the level allows."""
    status, finding = verdict.status, verdict.finding
    if status in SAID_ALWAYS:
        if finding is None or finding.code == "internal":
            return sentence("internal" if finding else f"status.{status.value}", {}, say.language)
        return _finding(finding, say)
    if not say.at_least("verdict"):
        return sentence("received", {}, say.language)
    parts = [sentence(f"status.{status.value}", {}, say.language)]
    if finding is not None and (say.at_least("hint") or finding.kind in ("timeout", "exception", "died")):
        parts.append(_finding(finding, say))
    if say.at_least("counterexample") or (say.at_least("hint") and finding is None):
        parts.append(_evidence(kind, verdict, say))
    if status is Status.CORRECT and say.level == "full":
        parts.append(_proof(verdict, say))
    return " ".join(part for part in parts if part)


def _finding(finding: Finding, say: Say) -> str:
    """The author's own hint, or the sentence of the code; for text that could not be read, its place as well."""
    own = finding.hint.get(say.language) or finding.hint.get("en")
    if own:
        return own
    fields = dict(finding.fields)
    found = sentence(finding.code, fields, say.language)
    if not found:
        found = sentence(finding.kind, fields, say.language)
    for extra in ("suggestion", "known", "entry"):
        key = f"{finding.code}.{extra}"
        if fields.get(extra) and key in LANGUAGES["en"]:
            found += " " + sentence(key, fields, say.language)
            break
    if finding.kind == "syntax" and fields.get("text") and fields.get("offset"):
        return found + "\n" + caret(fields["text"], int(fields["offset"]))
    if finding.code in ("exception", "cell-exception", "cell-syntax") and fields.get("source"):
        return f"{found}\n    {fields['source']}"
    return found


def caret(text: str, offset: int) -> str:
    """The student's own line with a mark under the place, cut to what fits around it.

    >>> print(caret("F*(D*K^^2 + 1)", 7))
        F*(D*K^^2 + 1)
               ^
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line, place = text[start : end if end >= 0 else len(text)], offset - start
    if place > 60:
        line, place = "..." + line[place - 50 :], 53
    line = line[: place + 40] + ("..." if len(line) > place + 40 else "")
    printable = "".join(char if char.isprintable() else "�" for char in line)
    return f"    {printable}\n    {' ' * _width(printable[:place])}^"


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _evidence(kind: str, verdict: Verdict, say: Say) -> str:
    """A point that shows the difference, with our own value only where that may be shown."""
    if verdict.status is Status.CORRECT:
        return ""
    reveal = ".reveal" if (say.reveal and say.at_least("counterexample")) or say.level == "full" else ""
    match verdict.evidence:
        case Counterexample(at=at, answer=answer, reference=reference, entry=entry):
            if entry == "shape":
                return sentence(
                    "evidence.counterexample.shape", {"answer": answer, "reference": reference}, say.language
                )
            if kind == "Number":
                return ""
            if entry and not at:
                return sentence("evidence.counterexample.entry", {"entry": entry}, say.language)
            if not say.at_least("counterexample"):
                return ""
            fields = {"at": _point(at), "answer": answer, "reference": reference}
            return sentence(f"evidence.counterexample{reveal}", fields, say.language)
        case Undefined(at=at, entry=entry, shape=shape) if entry:
            fields = {"at": _point(at), "entry": entry, "shape": shape}
            return sentence("evidence.undefined.entry", fields, say.language)
        case Undefined(at=at):
            return sentence("evidence.undefined", {"at": _point(at)}, say.language)
        case Tolerance(answer=answer, reference=reference, allowed=allowed, entry=entry) if reveal and answer:
            fields = {"answer": answer, "reference": reference, "allowed": allowed, "entry": entry}
            return sentence("evidence.tolerance.reveal", fields, say.language)
        case Tolerance(answer=answer, entry=entry) if entry and say.at_least("counterexample"):
            return sentence("evidence.tolerance", {"answer": answer, "entry": entry}, say.language)
        case _:
            return ""


def _proof(verdict: Verdict, say: Say) -> str:
    match verdict.evidence:
        case Identity():
            return sentence("proof.identity", {}, say.language)
        case Balls(bits=bits, points=points):
            return sentence("proof.balls", {"bits": str(bits), "points": str(points)}, say.language)
        case Grid(points=points):
            return sentence("proof.grid", {"points": str(points)}, say.language)
        case Tolerance(instances=instances) if instances > 1:
            return sentence("proof.tolerance", {"instances": str(instances)}, say.language)
        case _:
            return ""


def _point(at: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in at.items())


def error_text(error: AnswerError, language: str = "en") -> str:
    """An AnswerError as a sentence, with the place in the student's text where there is one."""
    fields = dict(error.fields) | {"text": error.text}
    if error.offset is not None:
        fields["offset"] = str(error.offset)
    return _finding(Finding("syntax", error.code, fields), Say(language))
