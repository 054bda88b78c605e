"""`autograder decide`: a line of JSON with two expressions -> a line of JSON with the verdict.  Never raises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from autograder.decide import Decision, Rule, decide, decide_number, is_real
from autograder.domain import domain
from autograder.errors import AnswerError, ConfigError
from autograder.expression import ANY, Node, free_names, parse
from autograder.verdict import Evidence

__all__ = ["decide_line", "evidence_json"]

LINE_LIMIT = 200_000
ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


def decide_line(line: str) -> str:
    """The answer to one line, also where the line is no JSON.

    >>> decide_line('{"id": 1, "answer": "2*x", "reference": "x+x"}')
    '{"id": 1, "status": "correct", "evidence": {"kind": "identity", "error_bound": 0}, "message": ""}'
    """
    ident: Any = None
    try:
        if len(line) > LINE_LIMIT:
            raise AnswerError("too-long", fields={"length": str(len(line)), "limit": str(LINE_LIMIT)})
        row = json.loads(line)
        if not isinstance(row, Mapping):
            raise TypeError("a line must be one JSON object")
        ident = row.get("id")
        return _answer(ident, *_decided(row))
    except AnswerError as error:
        return _answer(ident, "unreadable", {"kind": "none"}, _reason(error))
    except ConfigError as error:
        return _answer(ident, "undecided", {"kind": "none"}, str(error))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return _answer(ident, "undecided", {"kind": "none"}, f"this line cannot be used: {error}")
    except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the stream
        return _answer(ident, "undecided", {"kind": "none"}, f"a fault of ours: {type(error).__name__}")


def _answer(ident: Any, status: str, evidence: Mapping[str, Any], message: str) -> str:
    row = {"id": ident, "status": status, "evidence": evidence, "message": message}
    return ENCODER.encode(row)


def _reason(error: AnswerError) -> str:
    place = "" if error.offset is None else f" at character {error.offset + 1}"
    details = ", ".join(f"{name}: {value}" for name, value in error.fields.items() if value)
    return f"{error.code}{place}" + (f" ({details})" if details else "")


def _decided(row: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], str]:
    answer = parse(str(row["answer"]), ANY)
    if row.get("reference") is None:
        return _read_only(row, answer)
    reference = parse(str(row["reference"]), ANY)
    if row.get("tolerance"):
        decision = decide_number(answer, reference, Rule.of(row["tolerance"]))
    else:
        where = domain(
            row.get("symbols") or {},
            row.get("where") or (),
            row.get("arrays"),
            row.get("indices"),
            row.get("outside", "error"),
            row.get("domain", "real"),
        )
        decision = decide(answer, reference, where, strict=bool(row.get("strict")))
    return _status(decision), evidence_json(decision.evidence), ""


def _status(decision: Decision) -> str:
    return {True: "correct", False: "incorrect", None: "undecided"}[decision.equal]


def _read_only(row: Mapping[str, Any], answer: Node) -> tuple[str, Mapping[str, Any], str]:
    """No reference: an undeclared name, or a value that does not exist, is unreadable here too."""
    unknown = sorted(free_names(answer) - set(row.get("symbols") or {}))
    if unknown:
        raise AnswerError("unknown-name", text=str(row["answer"]), fields={"name": unknown[0]})
    if row.get("domain", "real") != "complex" and not is_real(answer):
        raise AnswerError("not-real", text=str(row["answer"]))
    return "undecided", {"kind": "none"}, "there is no reference to compare with"


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """Evidence as plain data: its kind and its fields.

    >>> from autograder.verdict import Grid
    >>> evidence_json(Grid(24))
    {'kind': 'grid', 'points': 24}
    """
    assert is_dataclass(evidence)
    found: dict[str, Any] = {"kind": evidence.kind}
    for entry in fields(evidence):
        value = getattr(evidence, entry.name)
        if isinstance(value, Fraction):
            value = value.numerator if value.denominator == 1 else float(value)
        if isinstance(value, Mapping):
            value = dict(value)
        if value or entry.name not in ("entry", "instances", "tried"):
            found[entry.name] = list(value) if isinstance(value, tuple) else value
    return found
