"""The judge: a thread of Otter's process that has the key, asks the kernel for values, and keeps the record."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.answer import CallOutcome, Died, Missing, TimedOut, Value
from autograder.bench import Bench
from autograder.config import Limits
from autograder.errors import AnswerError
from autograder.grade import Graded, Judgement, grade
from autograder.problem import Written
from autograder.report import Report, student
from autograder.results import ResultsFile
from autograder.sandbox import CellOutcome, Sandbox
from autograder.sandbox.channel import Channel, Gone, Late, outcome, raised
from autograder.sandbox.wire import Broken, decode, encode
from autograder.submission import Submission
from autograder.verdict import Finding, Status, Verdict

__all__ = ["Judge", "Record"]

START_SECONDS = 120.0  # from the plugin's start to the kernel's first cell
SPARE_SECONDS = 5.0  # beyond a limit that the kernel keeps by itself; then the kernel is killed
WALLS = {"sandbox": "off: graded in Otter's kernel"}


@dataclass(frozen=True, slots=True)
class Record:
    """What a submission is worth: results for Gradescope, and for each check the points and the words.

    Points of written answers are not in earned and possible: no test of Otter's can earn them.
    """

    form: Mapping[str, Any]
    earned: Mapping[str, Fraction] = field(default_factory=dict)
    possible: Mapping[str, Fraction] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)


class KernelSession:
    """A submission in Otter's kernel, with the questions of the sandbox's session.  There is one kernel only."""

    def __init__(self, channel: Channel, pid: int, limits: Limits, ends: float) -> None:
        self.channel, self.pid, self.limits, self.ends = channel, pid, limits, ends
        self.stopped: dict[str, CallOutcome] = {}
        self.gone = False
        self.output = ""
        self.walls: Mapping[str, str] = WALLS

    def __enter__(self) -> KernelSession:
        """Nothing to set up: Otter started the kernel."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end: Otter ends the kernel."""

    def run(self) -> tuple[CellOutcome, ...]:
        """Wait until the cells have run.  Raises RuntimeError where the kernel ended before that."""
        message, _ = self._exchange({"op": "cells"}, self.ends - time.monotonic())
        return tuple(map(_cell, message["cells"]))

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        """The values of these names, in one request."""
        message, blob = self._exchange({"op": "read", "names": list(names)}, self.limits.call_seconds)
        items = message.get("values")
        if not isinstance(items, list) or len(items) != len(names):
            return {name: Missing("the program stopped before its answers could be read") for name in names}
        return {name: decode(item, blob) for name, item in zip(names, items, strict=True)}

    def call(self, name: str, arguments: Sequence[Any], seed: int = 0) -> CallOutcome:
        """Call the student's function on fresh copies; once stopped, it is not called again."""
        if name in self.stopped:
            return self.stopped[name]
        items, blob = encode(arguments)
        seconds = min(self.limits.call_seconds, max(0.05, self.ends - time.monotonic()))
        try:
            request = {"op": "call", "name": name, "args": items, "seed": seed}
            message, buffers = self._exchange(request, seconds, blob)
            if message.get("late") is not True:
                return outcome(message, buffers)
            found: CallOutcome = TimedOut(seconds)
        except Late:
            found = TimedOut(seconds)
        except Gone:
            found = Died("exit")
        except Broken:
            found = Died("protocol")
        self.stopped[name] = found
        return found

    def end(self, said: Mapping[str, str]) -> None:
        """Tell the kernel what to say to Otter's tests, and let it go on."""
        with contextlib.suppress(Late, Gone, Broken, RuntimeError):
            self._exchange({"op": "end", "said": dict(said)}, SPARE_SECONDS)

    def _exchange(
        self, request: Mapping[str, Any], seconds: float, blob: bytes = b""
    ) -> tuple[dict[str, Any], bytes]:
        """Ask the kernel, which stops itself in time; if it does not, it is killed.

        Raises RuntimeError where it ended earlier: what it cannot be asked any more is not the student's fault.
        """
        if self.gone:
            raise RuntimeError("the kernel ended before this answer was graded")
        try:
            return self.channel.exchange({**request, "seconds": seconds}, seconds + SPARE_SECONDS, blob)
        except (Late, Gone, Broken):
            self.gone = True
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGKILL)
            raise


def _cell(item: Any) -> CellOutcome:
    number = int(item["cell"])
    if "seconds" in item:
        return CellOutcome(number, (TimedOut(float(item["seconds"]), number),))
    return CellOutcome(number, tuple(raised(error, number) for error in item["errors"]))


@dataclass(frozen=True, slots=True)
class _Opened:
    """Stands where grading expects a sandbox."""

    session: KernelSession

    def open(self, submission: Submission, checks: Mapping[str, Sequence[str]]) -> KernelSession:
        return self.session


@dataclass(slots=True)
class Judge:
    """Judges one submission in a thread of its own, and writes its results as it goes.

    address: where the kernel finds it.  trouble: the trace of a failure of ours.
    """

    file: ResultsFile
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="judge-")))
    found: Record | None = None
    trouble: str = ""
    thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """The socket's path."""
        return str(self.folder / "s")

    def start(self, submission: Submission) -> None:
        """Listen for the kernel, and judge what comes."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(self.address)
        listener.listen(1)
        listener.settimeout(START_SECONDS)
        self.thread = threading.Thread(target=self._work, args=(listener, submission), daemon=True)
        self.thread.start()

    def _work(self, listener: socket.socket, submission: Submission) -> None:
        try:
            with listener:
                wire, _ = listener.accept()
            shutil.rmtree(self.folder, ignore_errors=True)  # nobody else is expected
            with wire:
                self._judge(Channel(wire), submission)
        except Exception:  # noqa: BLE001 - a failure of ours: every answer waits for a person
            self.trouble = traceback.format_exc()
            if self.found is None:
                self._record(undecided(self.file.bench), submission)

    def _judge(self, channel: Channel, submission: Submission) -> None:
        bench = self.file.bench
        limits = bench.config.limits_of(bench.assignment.name)
        ends = time.monotonic() + limits.submission_seconds
        own = {"cell_seconds": limits.cell_seconds, "submission_seconds": limits.submission_seconds}
        message, _ = channel.exchange(
            {"op": "begin", "checks": bench.assignment.checks, "limits": own}, START_SECONDS
        )
        session = KernelSession(channel, int(message["pid"]), limits, ends)
        judged = grade(submission, bench.assignment, bench.options, _Opened(session), self.file.add)
        session.end(self._record(judged, submission).said)

    def grade_here(self, submission: Submission) -> Record:
        """Grade in the sandbox: no student code runs in Otter's kernel."""
        bench = self.file.bench
        name = bench.assignment.name
        with Sandbox(bench.config.limits_of(name), bench.config.assignment(name).modules) as sandbox:
            judged = grade(submission, bench.assignment, bench.options, sandbox, self.file.add)
        return self._record(judged, submission)

    def _record(self, judged: Judgement, submission: Submission) -> Record:
        bench = self.file.bench
        notes = (*submission.notes, *judged.notes)
        report = bench.report(submission.id, [bench.row(graded) for graded in judged.graded], notes)
        report = replace(report, walls=judged.walls)
        self.file.finish(report)
        self.found = Record(self.file.form(report), *_by_check(report))
        return self.found

    def refuse(self, error: AnswerError) -> None:
        """A submission that cannot be opened."""
        self.found = Record(self.file.refuse(error))

    def finish(self) -> Record:
        """The record, once the judge has come to its end."""
        if self.thread is not None:
            self.thread.join()
        shutil.rmtree(self.folder, ignore_errors=True)
        assert self.found is not None
        return self.found


def undecided(bench: Bench) -> Judgement:
    """Every answer held open for a person."""
    verdict = Verdict(Status.UNDECIDED, finding=Finding("internal", "internal"))
    return Judgement(tuple(Graded(problem, verdict) for problem in bench.assignment.problems))


def _by_check(report: Report) -> tuple[dict[str, Fraction], dict[str, Fraction], dict[str, str]]:
    """Points, maximum and words of each check; the words are those that students may see."""
    earned: dict[str, Fraction] = {}
    possible: dict[str, Fraction] = {}
    said: dict[str, str] = {}
    for row in student(report).rows:
        check, auto = row.item.check, row.kind != Written.kind
        earned[check] = earned.get(check, Fraction(0)) + (row.score.points if auto else 0)
        possible[check] = possible.get(check, Fraction(0)) + (row.score.most if auto else 0)
        if auto and row.score.points < row.score.most:
            said[check] = said.get(check, "") + f"**{row.name}** {row.message}\n\n"
    return earned, possible, said
