"""What a student would see of a results.json, and everything that is wrong with the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["Seen", "Test", "seen"]

SCHEMA = Path(__file__).with_name("results.schema.json")
MOST_BYTES = 1_000_000  # no limit is documented; what we know to work
MOST_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class Test:
    """One row; state: "passed", "failed" or "none" (a line of information).  score: None where it has none."""

    number: str
    name: str
    state: str
    score: float | None
    most: float | None
    output: str
    format: str

    @property
    def points(self) -> str:
        """As Gradescope writes it behind the name: (3/4), or nothing.

        >>> Test("1.1", "Weights", "failed", 3.0, 4.0, "", "md").points
        '3/4'
        """
        if self.score is None:
            return ""
        return f"{self.score:g}" if self.most is None else f"{self.score:g}/{self.most:g}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A student's view before the due date and before results are published.

    total: None where the student sees none, because a row is kept back.  later: how many rows appear when.
    problems: what is wrong with the file; with any, Gradescope may show an error instead of all this.
    """

    total: float | None
    most: float
    output: str
    format: str
    tests: tuple[Test, ...]
    later: Mapping[str, int]
    problems: tuple[str, ...]
    state: str = ""


def seen(content: bytes | None) -> Seen:
    """Check a results.json, and show what is visible in it.

    >>> view = seen(b'{"score": 1, "output": "ok", "tests": [{"name": "a", "score": 1, "max_score": 1}]}')
    >>> view.total, view.problems, view.tests[0].state
    (1.0, (), 'passed')
    >>> seen(b'{"score": NaN}').problems
    ('not JSON: NaN stands in it',)
    """
    if content is None:
        return _nothing("there is no results.json: the student sees that the autograder failed")
    try:
        form = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return _nothing(f"not JSON: {error}")
    problems = _violations(form)
    if len(content) > MOST_BYTES:
        problems.append(f"{len(content)} bytes: larger than what is known to work ({MOST_BYTES})")
    if not isinstance(form, dict):
        return _nothing(*problems)
    rows = form.get("tests")
    tests = [test for test in rows if isinstance(test, dict)] if isinstance(rows, list) else []
    default = _word(form.get("visibility"), "visible")
    places = [(test, _word(test.get("visibility"), default)) for test in tests]
    later: dict[str, int] = {}
    for _, place in places:
        if place != "visible":
            later[place] = later.get(place, 0) + 1
    scores = [score for test in tests if (score := _number(test.get("score"))) is not None]
    own = _number(form.get("score"))
    extra = form.get("extra_data")
    return Seen(
        total=None if later else (sum(scores) if own is None else own),
        most=sum(_number(test.get("max_score")) or 0 for test in tests),
        output=str(form.get("output") or ""),
        format=_word(form.get("output_format"), "simple_format"),
        tests=tuple(_test(test, form) for test, place in places if place == "visible"),
        later=later,
        problems=tuple(problems[:MOST_PROBLEMS]),
        state=str(extra.get("state", "")) if isinstance(extra, dict) else "",
    )


def _test(test: Mapping[str, Any], form: Mapping[str, Any]) -> Test:
    score, most = _number(test.get("score")), _number(test.get("max_score"))
    state = _word(test.get("status"), "none" if score is None else "passed" if score == most else "failed")
    output_format = _word(test.get("output_format"), _word(form.get("test_output_format"), "text"))
    return Test(
        str(test.get("number") or ""), str(test.get("name") or ""), state, score, most,
        str(test.get("output") or ""), output_format,
    )  # fmt: skip


def _nothing(*problems: str) -> Seen:
    return Seen(None, 0, "", "text", (), {}, problems, "")


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _word(value: Any, default: str) -> str:
    return value if isinstance(value, str) and value else default


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} stands in it")


@lru_cache(maxsize=1)
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _violations(form: Any) -> list[str]:
    """What the schema does not allow: where, and why."""
    found = sorted(_validator().iter_errors(form), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{'.'.join(map(str, error.absolute_path)) or 'top'}: {error.message[:200]}" for error in found]
