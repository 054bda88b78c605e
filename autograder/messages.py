"""Which words: a verdict -> the sentences that a student or the staff reads, in their language, at their level.

Levels, each saying more than the one before: received, verdict, hint, counterexample, full.  How the answer was
read, and why it could not be, is said at every level: that reveals nothing of the key.

A message is plain text.  What a student wrote stands between backquotes or on lines indented by four blanks; the
renderers make code of both.  Persian runs right to left, and every formula in it is isolated left to right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.errors import AnswerError
from autograder.locale import known, template
from autograder.verdict import (
    Balls,
    Counterexample,
    Evidence,
    Finding,
    Grid,
    Identity,
    Status,
    Tolerance,
    Undefined,
    Verdict,
)

__all__ = ["LEVELS", "Say", "caret", "clean", "directed", "error_text", "message", "sentence"]

LEVELS = ("received", "verdict", "hint", "counterexample", "full")
LEFT_TO_RIGHT, POP = "\u2066", "\u2069"
SAID_ALWAYS = frozenset({Status.MISSING, Status.UNREADABLE, Status.UNDECIDED})
HOW_IT_RAN = frozenset({"timeout", "exception", "died"})  # not about the answer's value: said from `verdict` on
MOST_FIELD = 300  # characters of one field: an exception's text may be a megabyte
EXTRAS = ("suggestion", "known", "limit", "count", "entry", "case", "line", "why", "other", "names")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# in Persian text: code between backquotes, or a longest run without Persian letters that begins and ends as a
# formula or a word does
FORMULA = re.compile(
    r"`[^`\n]*`"
    r"|[A-Za-z0-9_(\[{√ΣΠ-][^\u0590-\u08ff\u200c«»`\n]*[A-Za-z0-9_)\]}%]"
    r"|[A-Za-z0-9]"
)


@dataclass(frozen=True, slots=True)
class Say:
    """To whom a message speaks: language, level, and whether our own values may be shown."""

    language: str = "en"
    level: str = "hint"
    reveal: bool = False

    def at_least(self, level: str) -> bool:
        """Whether this much may be said."""
        return LEVELS.index(self.level) >= LEVELS.index(level)

    @property
    def may_reveal(self) -> bool:
        """Whether our own value may stand beside the student's."""
        return self.level == "full" or (self.reveal and self.at_least("counterexample"))


# --- sentences ---


def sentence(key: str, fields: Mapping[str, str], language: str) -> str:
    """One sentence of the catalogue with its fields; "" for a key that the catalogue lacks.

    >>> sentence("unknown-name", {"name": "k"}, "en")
    '`k` is not a name of this question.'
    """
    shown = {name: _field(value) for name, value in fields.items()}
    return directed(template(key, language).format_map(_Blank(shown)), language)


class _Blank(dict[str, str]):
    """A field that a finding does not carry is left empty: a message is never lost over it."""

    def __missing__(self, key: str) -> str:
        return ""


def _field(value: str) -> str:
    """What fills a gap: on one line, without control characters or backquotes, not endless."""
    text = " ".join(clean(value[: 4 * MOST_FIELD]).replace("`", "'").split())
    return text if len(text) <= MOST_FIELD else text[: MOST_FIELD - 3] + "..."


def clean(text: str) -> str:
    """Text without control characters, ANSI sequences, direction marks or lone surrogates.

    >>> clean("a" + chr(27) + "[31mb" + chr(0) + chr(0x202E) + "c")
    'abc'
    """
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return CONTROLS.sub("", ANSI.sub("", safe.replace("\r\n", "\n").replace("\t", "    ")))


def directed(text: str, language: str) -> str:
    """Text of a right-to-left language with each formula in it isolated left to right (Unicode UAX 9).

    >>> directed("K^2", "en")
    'K^2'
    >>> [hex(ord(mark)) for mark in directed("K^2", "fa")[::4]]
    ['0x2066', '0x2069']
    """
    if language != "fa":
        return text
    return FORMULA.sub(lambda found: _isolated(found.group()), text)


def _isolated(run: str) -> str:
    """A run between isolates; brackets that belong to the Persian text around it stay outside."""
    start, stop = 0, len(run)
    if not run.startswith("`"):
        while (
            start < stop and run[start] in "([{" and run[start:stop].count(run[start]) > _closers(run, start, stop)
        ):
            start += 1
        while (
            start < stop
            and run[stop - 1] in ")]}"
            and _openers(run, start, stop) < run[start:stop].count(run[stop - 1])
        ):
            stop -= 1
    inner = run[start:stop]
    return f"{run[:start]}{LEFT_TO_RIGHT}{inner}{POP}{run[stop:]}" if inner else run


def _closers(run: str, start: int, stop: int) -> int:
    return run[start:stop].count(")]}"["([{".index(run[start])])


def _openers(run: str, start: int, stop: int) -> int:
    return run[start:stop].count("([{"[")]}".index(run[stop - 1])])


def caret(text: str, offset: int, language: str = "en") -> str:
    """The student's own line with a mark under the place, cut to what fits around it.

    >>> print(caret("F*(D*K^^2 + 1)", 7))
        F*(D*K^^2 + 1)
               ^
    """
    start = text.rfind("\n", 0, offset) + 1
    line, place = text[start : offset + 60].split("\n")[0], offset - start
    if place > 60:
        line, place = "..." + line[place - 50 :], 53
    line = line[: place + 40] + ("..." if len(line) > place + 40 else "")
    line = _printable(line)
    mark = f"{' ' * _width(line[:place])}^"
    if language == "fa":
        line, mark = f"{LEFT_TO_RIGHT}{line}{POP}", f"{LEFT_TO_RIGHT}{mark}{POP}"
    return f"    {line}\n    {mark}"


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


# --- a verdict ---


def message(kind: str, verdict: Verdict, say: Say) -> str:
    """What is said about an answer: the verdict, why, and what to do next, as far as the level allows.

    kind: Formula, Number, Function, ...

    >>> wrong = Verdict(Status.INCORRECT, evidence=Counterexample({"K": "2"}, "2", "4"))
    >>> message("Formula", wrong, Say(level="verdict"))
    'Not right yet.'
    >>> message("Formula", wrong, Say(level="counterexample"))
    'Not right yet. Try `K = 2`: your answer gives `2` there. Count that case by hand.'
    """
    status, finding = verdict.status, verdict.finding
    if status in SAID_ALWAYS:
        if finding is None:
            return sentence(f"status.{status.value}", {}, say.language)
        return _finding(finding, say.language)
    if not say.at_least("verdict"):
        return sentence("received", {}, say.language)
    parts = [sentence(f"status.{status.value}", {}, say.language)]
    if finding is not None and (say.at_least("hint") or finding.kind in HOW_IT_RAN):
        parts.append(_finding(finding, say.language))
    if status is Status.CORRECT:
        parts.append(_proof(verdict.evidence, say) if say.level == "full" else "")
    elif say.at_least("hint"):
        parts.append(_evidence(kind, verdict, say))
        if finding is None and not parts[-1] and kind in ("Formula", "Number", "Function"):
            key = "unexplained.number" if kind == "Number" else "unexplained"
            parts.append(sentence(key, {}, say.language))
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    """Sentences in a row; what follows lines of the student's own text begins a new line."""
    text = ""
    for part in parts:
        if part:
            between = "\n" if "\n" in text.rstrip() and text.splitlines()[-1].startswith("    ") else " "
            text += (between if text else "") + part
    return text


def _finding(finding: Finding, language: str) -> str:
    """The author's own hint, or the sentence of the code; for text that could not be read, its place as well."""
    own = finding.hint.get(language)
    if own:
        return directed(clean(own), language)
    if finding.hint.get("en"):
        return clean(finding.hint["en"])
    fields = _filled(finding)
    key = _key(finding, fields)
    found = sentence(key, fields, language)
    for extra in EXTRAS:
        more = f"{key}.{extra}"
        if fields.get(extra) and known(more) and not (extra == "known" and fields.get("suggestion")):
            found += " " + sentence(more, fields, language)
    for slip in dict.fromkeys((fields.get("first", ""), fields.get("second", ""))):
        found += " " * bool(slip) + sentence(f"edit.{slip}", fields, language)
    if known(f"why.{fields.get('why')}"):
        found += " " + sentence(f"why.{fields['why']}", {}, language)
    if fields.get("part"):
        found += " " + sentence("part", fields, language)
    if finding.kind == "syntax" and fields.get("text") and fields.get("offset"):
        return found + "\n" + caret(fields["text"], int(fields["offset"]), language)
    if fields.get("source", "").strip() and finding.kind == "exception":
        return found + "\n" + _quoted(fields["source"], language)
    return found


def _filled(finding: Finding) -> dict[str, str]:
    fields = dict(finding.fields)
    if fields.get("error"):
        fields["failure"] = f"{fields['error']}: {fields['message']}" if fields.get("message") else fields["error"]
    return fields


def _key(finding: Finding, fields: Mapping[str, str]) -> str:
    """The catalogue's key for a finding: of its kind and code, of its code, or of its kind alone.

    Ids of declared mistakes and conventions are an author's words: only keys of their own kind may answer to them.
    """
    code = finding.code
    if code.startswith("cell-") and not fields.get("cell"):
        code = "file-" + code.removeprefix("cell-")
    named = [f"{finding.kind}.{code}"]
    if finding.kind == "mistake":
        named += [f"edit.{code}", f"convention.{code}"]
    elif finding.kind not in ("convention", "edit"):
        named.append(code)
    return next((key for key in named if known(key)), finding.kind if known(finding.kind) else code)


def _quoted(source: str, language: str) -> str:
    line = _printable(source[:MOST_FIELD].strip().split("\n")[0])[:120]
    return f"    {LEFT_TO_RIGHT}{line}{POP}" if language == "fa" else f"    {line}"


def _printable(line: str) -> str:
    """Character for character, so that places in the line stay what they are."""
    return "".join(char if char.isprintable() and clean(char) else "�" for char in line)


def _evidence(kind: str, verdict: Verdict, say: Say) -> str:
    """A point that shows the difference, with our own value only where that may be shown."""
    match verdict.evidence:
        case Counterexample() as found:
            return _counterexample(kind, found, say)
        case Undefined(at=at, entry=entry, shape=shape):
            fields = {"at": _point(at), "entry": entry, "shape": shape}
            key = "evidence.undefined.entry" if entry else "evidence.undefined"
            return sentence(key, fields, say.language)
        case Tolerance(answer=answer) if not answer or not say.at_least("counterexample"):
            return ""
        case Tolerance(answer=answer, reference=reference, allowed=allowed, entry=entry):
            fields = {"answer": answer, "reference": reference, "allowed": allowed, "entry": entry}
            if say.may_reveal:
                return sentence("evidence.tolerance.reveal", fields, say.language)
            return sentence("evidence.tolerance", fields, say.language) if entry else ""
        case _:
            return ""


def _counterexample(kind: str, found: Counterexample, say: Say) -> str:
    fields = {"at": _point(found.at), "answer": found.answer, "reference": found.reference, "entry": found.entry}
    if found.entry == "shape":
        reveal = ".reveal" if say.may_reveal else ""
        return sentence(f"evidence.counterexample.shape{reveal}", fields, say.language)
    if found.entry and not found.at and not say.may_reveal:
        return sentence("evidence.counterexample.entry", fields, say.language)
    if not say.at_least("counterexample"):
        return ""
    if kind == "Number" or not found.at:
        return sentence("evidence.counterexample.value", fields, say.language) if say.may_reveal else ""
    reveal = ".reveal" if say.may_reveal else ""
    return sentence(f"evidence.counterexample{reveal}", fields, say.language)


def _proof(evidence: Evidence, say: Say) -> str:
    match evidence:
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
    """An AnswerError as a sentence, with the place in the student's text where there is one.

    >>> print(error_text(AnswerError("open-bracket", text="F*(D", offset=2, fields={"bracket": "("})))
    A bracket is open: `(` is never closed.
        F*(D
          ^
    """
    fields = dict(error.fields) | {"text": error.text}
    if error.offset is not None:
        fields["offset"] = str(error.offset)
    return _finding(Finding("syntax", error.code, fields), language)
