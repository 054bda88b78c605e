"""results.json as a file: a fallback first, partial results while grading goes on, the final one by rename."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.bench import Bench
from autograder.errors import AnswerError
from autograder.grade import Graded
from autograder.gradescope.metadata import Standing
from autograder.messages import error_text
from autograder.render.gradescope import Delivery, fallback, refusal, render
from autograder.report import Report
from autograder.verdict import Finding, Status, Verdict

__all__ = ["INCOMPLETE", "ResultsFile", "write_fallback"]

INCOMPLETE = (
    "The grader stopped before it finished. Your work is stored. "
    "This is not your fault: please tell the course staff."
)
PAUSE = 0.5  # seconds between two partial files
ABANDONED = (
    60  # seconds after which a temporary file belongs to a grader that was killed: writing one takes moments
)
NOT_YET = Verdict(Status.UNDECIDED, finding=Finding("ungraded", "ungraded"))


def write_fallback(target: Path) -> None:
    """What stands there until grading is done, or if it never is."""
    _write(target, fallback(INCOMPLETE))


@dataclass(slots=True)
class ResultsFile:
    """One submission's results.json."""

    target: Path
    bench: Bench
    name: str
    standing: Standing | None = None
    started: float = field(default_factory=time.monotonic)
    written: float = 0.0
    graded: dict[str, Graded] = field(default_factory=dict)

    def begin(self) -> None:
        """From here on a result stands there, an earlier one or the fallback; what a killed grader left goes."""
        for left in self.target.parent.glob(f".{self.target.name}.*"):
            with suppress(FileNotFoundError):  # another grader has just put its own into place
                if time.time() - left.stat().st_mtime > ABANDONED:
                    left.unlink()
        if not self.target.exists():
            write_fallback(self.target)

    def add(self, graded: Graded) -> None:
        """After each problem the file holds what is known so far: a killed grader loses nothing."""
        self.graded[graded.problem.name] = graded
        if time.monotonic() - self.written > PAUSE:
            self.written = time.monotonic()
            known = [self.graded.get(one.name, Graded(one, NOT_YET)) for one in self.bench.assignment.problems]
            report = self.bench.report(self.name, [self.bench.row(one) for one in known])
            self._put(report, "incomplete")

    def finish(self, report: Report) -> None:
        """The final file."""
        self._put(report, "complete")

    def refuse(self, error: AnswerError) -> dict[str, Any]:
        """The final file of a submission that cannot be opened: the reason, in the place of each answer."""
        lost = Verdict(Status.UNREADABLE, finding=Finding("submission", error.code, error.fields))
        rows = [self.bench.row(Graded(problem, lost)) for problem in self.bench.assignment.problems]
        report = self.bench.report(self.name, rows)
        form = refusal(report, error_text(error, report.language))
        _write(self.target, form)
        return form

    def form(self, report: Report, state: str = "complete") -> dict[str, Any]:
        """What the file holds."""
        visibility = self.bench.config.assignment(self.bench.assignment.name).visibility
        form = render(report, visibility=visibility, state=state, delivery=self._delivery())
        return form | {"execution_time": round(time.monotonic() - self.started, 3)}

    def _put(self, report: Report, state: str) -> None:
        _write(self.target, self.form(report, state))

    def _delivery(self) -> Delivery:
        """What grader.toml makes of the time and of the attempt."""
        if self.standing is None:
            return Delivery()
        name = self.bench.assignment.name
        late, attempt = self.standing.late_seconds, self.standing.attempt
        return Delivery(
            attempt=attempt,
            more_from=self.bench.config.feedback_of(name).more_from(attempt, early=self.bench.early),
            late_seconds=late,
            lost=self.bench.config.assignment(name).late.lost(late),
            extended=self.standing.extended,
        )


def _write(target: Path, form: dict[str, Any]) -> None:
    """Write JSON under a temporary name, flush it, and move it into place: a reader sees all or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(form, ensure_ascii=False, allow_nan=False, indent=1)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
