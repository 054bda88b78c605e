"""Evidence in words: a point that shows the difference, or how equality was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autograder.messages.hints import betrayed, tokens
from autograder.messages.sentences import Say, sentence
from autograder.verdict import (
    Balls,
    Counterexample,
    Evidence,
    Grid,
    Identity,
    StepsDiffer,
    Tolerance,
    Undefined,
    Verdict,
)

__all__ = ["evidence_text", "point", "proof_text"]

MANY = 4  # symbols of a point


def evidence_text(kind: str, verdict: Verdict, say: Say, kept: Collection[str] = ()) -> str:
    """A point that shows the difference, with our own value only where that may be shown.

    kept: what the reference has and the answer lacks; no hint holds it.
    """
    match verdict.evidence:
        case Counterexample() as found:
            return _counterexample(kind, found, verdict.reading, say)
        case Undefined() if verdict.finding and verdict.finding.cause and not say.at_least("counterexample"):
            return ""  # what led to the step is said already
        case Undefined() as found:
            return _undefined(found, verdict.reading, say, kept)
        case Tolerance(answer=answer) if not answer or not say.at_least("counterexample"):
            return ""
        case Tolerance() as found:
            return _called(verdict, say) + _entry(kind, found.first or found, say)
        case StepsDiffer(at=at, answer=answer, before=before) if say.at_least("counterexample"):
            return sentence("evidence.steps", {"at": point(at), "answer": answer, "before": before}, say.language)
        case _:
            return ""


def _entry(kind: str, found: Tolerance, say: Say) -> str:
    fields = {"answer": found.answer, "reference": found.reference, "allowed": found.allowed, "entry": found.entry}
    if say.may_reveal:
        return sentence("evidence.tolerance.reveal", fields, say.language)
    if found.entry:
        return sentence("evidence.tolerance", fields, say.language)
    return sentence("evidence.tolerance.number", fields, say.language) if kind == "Function" else ""


def _called(verdict: Verdict, say: Say) -> str:
    """What the function was called with, where the finding does not say it."""
    finding = verdict.finding
    if finding is None or finding.kind == "value" or not finding.fields.get("case"):
        return ""
    return sentence("value.case", finding.fields, say.language) + " "


def _undefined(found: Undefined, reading: str, say: Say, kept: Collection[str]) -> str:
    """Where the answer has no value: only its own symbols matter for that."""
    own = tokens(reading)
    at = point({name: value for name, value in found.at.items() if name in own})
    fields = {"at": at, "entry": found.entry, "shape": found.shape}
    key = "evidence.undefined.entry" if found.entry else "evidence.undefined"
    somewhere = not say.at_least("counterexample") and betrayed(f"{at} {found.entry}", kept)
    return sentence(f"{key}.somewhere" if somewhere or not at else key, fields, say.language)


def _counterexample(kind: str, found: Counterexample, reading: str, say: Say) -> str:
    fields = {"at": point(found.at), "answer": found.answer, "reference": found.reference, "entry": found.entry}
    reveal = ".reveal" if say.may_reveal else ""
    if found.entry == "shape":
        return sentence(f"evidence.counterexample.shape{reveal}", fields, say.language)
    if found.entry and not found.at and not say.may_reveal:
        return sentence("evidence.counterexample.entry", fields, say.language)
    if not say.at_least("counterexample"):
        return ""
    if found.far and say.level != "full":
        return sentence("evidence.counterexample.far", fields, say.language)
    if kind == "Number" or not found.at:
        if found.answer == reading and not reveal:
            return ""
        return sentence(f"evidence.counterexample.value{reveal}", fields, say.language)
    of = "step" if kind == "Derivation" else "counterexample"
    return sentence(f"evidence.{of}{reveal}", fields, say.language)


def proof_text(evidence: Evidence, say: Say) -> str:
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


def point(at: Mapping[str, str]) -> str:
    """A point; where many symbols have a value in common, they are named together.

    >>> point({"F": "1", "K": "2"}), point({"D": "1", "F": "1", "H": "1", "K": "2"})
    ('F = 1, K = 2', 'D = F = H = 1, K = 2')
    """
    if len(at) < MANY:
        return ", ".join(f"{name} = {value}" for name, value in at.items())
    names: dict[str, list[str]] = {}
    for name, value in at.items():
        names.setdefault(value, []).append(name)
    return ", ".join(f"{' = '.join(alike)} = {value}" for value, alike in names.items())
