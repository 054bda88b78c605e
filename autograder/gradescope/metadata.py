"""submission_metadata.json -> who handed in, how late, and as which attempt.

The file is read leniently: documented fields are often null, numbers come as texts, and undocumented fields (the
dates of each student) matter most.  What cannot be understood is left out; nothing here ever stops a grading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

__all__ = ["Standing", "load", "moment", "standing", "unfinished"]

MOST_BYTES = 64 << 20
FRACTION = re.compile(r"\.(\d+)")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a submission stands: when it came, when it was due, and which attempt it is (counted from 1).

    submitters: their names.  extended: members of a group have different due dates, and the latest one counts.
    closes: when nothing can be handed in any more: the late due date, where there is one.
    """

    submitters: tuple[str, ...] = ()
    created: datetime | None = None
    due: datetime | None = None
    attempt: int = 1
    extended: bool = False
    closes: datetime | None = None

    @property
    def late_seconds(self) -> int:
        """Whole seconds after the due date; 0 for a submission in time, or where a date is missing."""
        if self.created is None or self.due is None:
            return 0
        return max(0, int((self.created - self.due).total_seconds()))


def load(path: Path) -> Any:
    """The metadata as it stands in the file; None where there is none that can be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def standing(metadata: Any, due: str = "") -> Standing:
    """Lateness and attempt.  due: the assignment's date in grader.toml, where Gradescope names none.

    A student's own date (with extensions) comes before the assignment's; a group has the latest of its members'.

    >>> found = standing({"created_at": "2026-01-02T00:00:00Z", "assignment": {"due_date": "2026-01-01T12:00:00Z"}})
    >>> found.late_seconds, found.attempt
    (43200, 1)
    """
    form = _mapping(metadata)
    users = [_mapping(user) for user in _items(form.get("users"))]
    general = moment(_mapping(form.get("assignment")).get("due_date")) or moment(due)
    dates = {moment(_mapping(user.get("assignment")).get("due_date")) or general for user in users} or {general}
    known = [date for date in dates if date is not None]
    holders = [form, *users]
    late = [moment(_mapping(each.get("assignment")).get("late_due_date")) for each in holders]
    created = moment(form.get("created_at"))
    return Standing(
        submitters=tuple(str(user["name"]) for user in users if user.get("name")),
        created=created,
        due=max(known, default=None),
        attempt=1 + sum(_counts(earlier, form.get("id"), created) for earlier in _earlier(form)),
        extended=len(known) > 1,
        closes=max([*known, *(date for date in [general, *late] if date is not None)], default=None),
    )


def unfinished(results: Any) -> bool:
    """Whether stored results are the ones that stand there when the grader did not finish."""
    return _mapping(_mapping(results).get("extra_data")).get("state") == "incomplete"


def _earlier(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (_mapping(entry) for entry in _items(form.get("previous_submissions")))


def _counts(earlier: Mapping[str, Any], own: Any, created: datetime | None) -> bool:
    """Whether an earlier submission was an attempt: graded to its end, and handed in before this one.

    Times are compared with this submission's own, never with the clock: a rerun must count the same attempts.
    """
    failed = str(earlier.get("autograder_error") or False).lower() not in ("false", "0", "")
    if not earlier or failed or unfinished(earlier.get("results")):
        return False
    if own is not None and str(earlier.get("id")) == str(own):
        return False
    when = moment(earlier.get("submission_time"))
    return when is None or created is None or when < created


def moment(text: Any) -> datetime | None:
    """A point in time as Gradescope writes it; one without an offset is in UTC.

    >>> moment("2025-11-20T13:57:24.522843-08:00").isoformat()
    '2025-11-20T13:57:24.522843-08:00'
    >>> moment("2023-12-04 05:26:26.899837000 Z").isoformat()
    '2023-12-04T05:26:26.899837+00:00'
    >>> moment(None), moment("soon")
    (None, None)
    """
    if isinstance(text, datetime):
        return text if text.tzinfo else text.replace(tzinfo=timezone.utc)
    if not isinstance(text, str):
        return None
    plain = FRACTION.sub(lambda found: "." + found.group(1)[:6].ljust(6, "0"), text.strip())
    plain = re.sub(r"\s*(?:Z|UTC)$", "+00:00", plain)
    try:
        found = datetime.fromisoformat(re.sub(r"\s+([+-]\d\d):?(\d\d)$", r"\1:\2", plain))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
