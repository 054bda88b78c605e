"""Which words: a verdict -> the sentences that a student or the staff reads, in their language, at their level.

Levels, each saying more than the one before: received, verdict, hint, counterexample, full.  How the answer was
read, and why it could not be, is said at every level: that reveals nothing of the key.

A message is plain text.  What a student wrote stands between backquotes or on lines indented by four blanks; the
renderers make code of both.  Persian runs right to left, and every formula in it is isolated left to right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.messages.evidence import evidence_text, proof_text
from autograder.messages.findings import error_text, explained, finding_text
from autograder.messages.sentences import LEVELS, Say, sentence
from autograder.messages.text import caret, clean, directed
from autograder.verdict import Counterexample, Evidence, Status, Tolerance, Verdict

__all__ = ["LEVELS", "About", "Say", "caret", "clean", "directed", "error_text", "message", "sentence"]

SAID_ALWAYS = frozenset({Status.MISSING, Status.UNREADABLE, Status.UNDECIDED})
HOW_IT_RAN = frozenset({"timeout", "exception", "died"})  # not about the answer's value: said from `verdict` on
RIGHT_IN_A_WAY = frozenset({"convention", "follow"})  # the student can work it out, and knows what differs
WORKED_OUT = frozenset({"Formula", "Number", "Function", "Derivation"})


@dataclass(frozen=True, slots=True)
class About:
    """What a message has to know of a problem beside its kind.

    kept: what the reference has and the answer lacks, which no hint may hold.
    way: which sentence says how to work out a case by hand; by_hand: the author's own words for that.
    """

    kept: frozenset[str] = frozenset()
    way: str = "formula"
    by_hand: Mapping[str, str] = field(default_factory=dict)


def message(kind: str, verdict: Verdict, say: Say, about: About = About()) -> str:
    """What is said about an answer: the verdict, why, and what to do next, as far as the level allows.

    kind: Formula, Number, Function, ...

    >>> wrong = Verdict(Status.INCORRECT, evidence=Counterexample({"K": "2"}, "2", "4"))
    >>> message("Formula", wrong, Say(level="verdict"))
    'Not right yet.'
    >>> message("Formula", wrong, Say(level="counterexample"), About(way="count"))
    'Not right yet. Try `K = 2`: your answer gives `2` there. Draw that case, and count one by one.'
    """
    status, finding = verdict.status, verdict.finding
    if status in SAID_ALWAYS:
        if finding is None:
            return sentence(f"status.{status.value}", {}, say.language)
        return finding_text(finding, say.language)
    if not say.at_least("verdict"):
        return sentence("received", {}, say.language)
    parts = [sentence(f"status.{status.value}", {}, say.language)]
    if finding is not None and (say.at_least("hint") or finding.kind in HOW_IT_RAN):
        parts.append(explained(finding, say, about.kept))
    if status is Status.CORRECT:
        parts.append(proof_text(verdict.evidence, say) if say.level == "full" else "")
    elif say.at_least("hint"):
        parts.append(evidence_text(kind, verdict, say, about.kept))
        parts.append(_next(kind, verdict, say, about, explains=bool(parts[-1])))
    return _joined(parts)


def _next(kind: str, verdict: Verdict, say: Say, about: About, *, explains: bool) -> str:
    """What to do next: how to work out the case that was shown, or any case where nothing is explained."""
    if verdict.finding is not None and verdict.finding.kind in RIGHT_IN_A_WAY:
        return ""
    if say.level == "counterexample" and _shows_a_case(verdict.evidence) and kind in WORKED_OUT:
        own = about.by_hand.get(say.language) or about.by_hand.get("en", "")
        if own:
            return directed(clean(own), say.language)
        if kind != "Number" or verdict.finding is None:  # of a number that is explained there is no small case
            return sentence(f"by-hand.{about.way}", {}, say.language)
    unexplained = verdict.finding is not None and (verdict.finding.kind, verdict.finding.code) == ("value", "value")
    if unexplained and say.level != "full":
        return sentence("by-hand.function", {}, say.language)
    if verdict.finding is None and not explains and kind in WORKED_OUT:
        return sentence("unexplained.number" if kind == "Number" else "unexplained", {}, say.language)
    return ""


def _shows_a_case(evidence: Evidence) -> bool:
    match evidence:
        case Counterexample(answer=answer, entry=entry, far=far):
            return bool(answer) and entry != "shape" and not far
        case Tolerance(answer=answer):
            return bool(answer)
        case _:
            return False


def _joined(parts: list[str]) -> str:
    """Sentences in a row; what follows lines of the student's own text begins a new line."""
    text = ""
    for part in parts:
        if part:
            between = "\n" if "\n" in text.rstrip() and text.splitlines()[-1].startswith("    ") else " "
            text += (between if text else "") + part
    return text
