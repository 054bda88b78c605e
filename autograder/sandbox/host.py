"""The trusted side: starts the warm process, forks a worker for each submission, asks it, and ends it.

The warm process is a fresh interpreter that never saw a reference.  Every answer has a deadline; a worker that
misses one, dies or breaks the protocol is replaced by a fresh one which runs the cells again, so that one answer
never costs another.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.answer import CallOutcome, Died, Missing, Raised, TimedOut, Value
from autograder.config import Limits
from autograder.errors import ConfigError, ConfigProblem
from autograder.sandbox.channel import Channel, Gone, Late, outcome, raised
from autograder.sandbox.processes import (
    Handle,
    User,
    crowded,
    folder_size,
    lowest_unreadable,
    sweep_children,
    take_user,
)
from autograder.sandbox.wire import Broken, decode, encode, visible
from autograder.submission import Submission

__all__ = ["CellOutcome", "Sandbox", "Session"]

START_SECONDS = 30.0
CUT_MARK = 100  # room for the sentence that stands for what was left out
FOLDER_FILES = 4  # a folder may hold as much as so many of the largest files


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """What happened when one cell ran: nothing to say, or the errors it raised, or that it was stopped."""

    number: int
    failures: tuple[Raised | TimedOut | Died, ...] = ()


class Sandbox:
    """A warm process that forks workers.  Use as a context manager; `modules` are imported ahead of the fork."""

    def __init__(self, limits: Limits, modules: Sequence[str] = (), without: Sequence[str] = ()) -> None:
        self.limits = limits
        self.modules = tuple(modules)
        self.without = tuple(without)
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        places = [sys.executable, sysconfig.get_path("stdlib"), *_packages()]
        self.unreadable = (
            next((found for place in places if (found := lowest_unreadable(place))), "") if root else ""
        )
        self.drops_user = root and not self.unreadable and "uid" not in self.without

    def __enter__(self) -> Sandbox:
        """Start the warm process; it imports NumPy while the host goes on."""
        ours, theirs = socket.socketpair()
        worker = Path(__file__).with_name("worker.py")
        command = [sys.executable, "-s", "-S", str(worker), str(theirs.fileno())]
        command += [json.dumps(_packages()), json.dumps(list(self.modules))]
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",  # sets of strings keep one order: grading twice gives the same bytes
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            command,
            pass_fds=[theirs.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self.control = ours
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the warm process; its workers die with it."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def open(self, submission: Submission, checks: Mapping[str, Sequence[str]] | None = None) -> Session:
        """A session for one submission: no student code runs before its `run`.

        checks: which answers a `grader.check` of a name in the submission is about; they are kept as they are then.
        """
        user = take_user(os.environ.get("GRADER_USER", "")) if self.drops_user else None
        return Session(self, submission, user, checks or {})

    def fork(self, plan: Mapping[str, Any]) -> tuple[socket.socket, int]:
        """A new worker: our end of its wire, and its process id."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                return ours, self._ask(plan, [theirs.fileno()])
            except RuntimeError:
                ours.close()
                raise

    def end_user(self, uid: int) -> None:
        """End every process of a user at once; the warm process does it, which holds no reference."""
        self._ask({"end": uid}, [])

    def _ask(self, request: Mapping[str, Any], files: Sequence[int]) -> int:
        """What the warm process answers: a number."""
        assert self.control is not None
        socket.send_fds(self.control, [json.dumps(request).encode()], files)
        ready, _, _ = select.select([self.control], [], [], START_SECONDS)
        answer = self.control.recv(4) if ready else b""
        if len(answer) != 4:
            raise RuntimeError("the sandbox's warm process did not start: is its interpreter readable?")
        number: int = struct.unpack("!I", answer)[0]
        return number


def _packages() -> list[str]:
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


class Session:
    """One submission's worker, replaced when it dies.  Use as a context manager."""

    def __init__(
        self, sandbox: Sandbox, submission: Submission, user: User | None, checks: Mapping[str, Sequence[str]]
    ) -> None:
        self.sandbox = sandbox
        self.checks = checks
        self.limits = sandbox.limits
        self.submission = submission
        self.user = user
        self.folder = Path(tempfile.mkdtemp(prefix="answer-"))
        self.wire: Channel | None = None
        self.handle: Handle | None = None
        self.walls: dict[str, str] = {}
        self.printed = ""
        self.last_called = ""
        self.skip: set[int] = set()
        self.stopped: dict[str, CallOutcome] = {}
        self.outcomes: dict[int, CellOutcome] = {}
        self.ends = time.monotonic() + self.limits.submission_seconds
        self.staged = sum(map(len, submission.files.values()))

    def __enter__(self) -> Session:
        """Stage the submission's own files in a private folder."""
        for name, content in self.submission.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if self.user is not None:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self.user.uid, self.user.uid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the worker and everything of its user, and leave no file behind."""
        self._end()
        if self.user is not None:
            self.user.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- what the grader asks ---

    def run(self) -> tuple[CellOutcome, ...]:
        """Run every cell in order; a cell that fails or is stopped does not keep the others from running."""
        self._ready()
        return tuple(self.outcomes[cell.number] for cell in self.submission.cells)

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        """The values of these names, in one request."""
        self._ready()
        try:
            message, blob = self._exchange({"op": "read", "names": list(names)}, self.limits.call_seconds)
            items = message["values"]
            if not isinstance(items, list) or len(items) != len(names):
                raise Broken("values")
            self._keep_output()
            return {name: decode(item, blob) for name, item in zip(names, items, strict=True)}
        except (Late, Gone, Broken, KeyError):
            self._end()
            return {name: Missing("the program stopped before its answers could be read") for name in names}

    def call(self, name: str, arguments: Sequence[Any], seed: int = 0) -> CallOutcome:
        """Call the student's function on fresh copies; once stopped, it is not called again."""
        if name in self.stopped:
            return self.stopped[name]
        items, blob = encode(arguments)
        request = {"op": "call", "name": name, "args": items, "seed": seed}
        first = self.last_called in ("", name)
        if not first and self._crowded():  # what another function left running could answer in this one's place
            self._end()
        self.last_called = name
        outcome = self._called(request, blob)
        if (
            isinstance(outcome, Died) and not first
        ):  # another function may have left this worker broken: ask a fresh one
            outcome = self._called(request, blob)
        if isinstance(outcome, TimedOut | Died):
            self.stopped[name] = outcome
        return outcome

    def _called(self, request: Mapping[str, Any], blob: bytes) -> CallOutcome:
        """One call; the worker of a call that did not come back is ended."""
        self._ready()
        try:
            message, buffers = self._exchange(request, self.limits.call_seconds, blob)
            return outcome(message, buffers)
        except Late as late:
            stopped: CallOutcome = TimedOut(late.seconds)
        except Gone:
            stopped = Died("exit")
        except Broken:
            stopped = Died("protocol")
        self._end()
        return stopped

    @property
    def output(self) -> str:
        """What the cells printed, cut in the middle, control characters made visible.

        Prints of later calls are not kept: they could carry a hidden input out.
        """
        return self.printed

    # --- the worker's life ---

    def _ready(self) -> None:
        """A worker in which every cell has run; cells that stopped an earlier worker are left out."""
        while self.wire is None:
            wire, pid = self.sandbox.fork(self._plan())
            self.wire, self.handle = Channel(wire, self._too_full), Handle(pid)
            self._begin()
            for cell in self.submission.cells:
                if cell.number in self.skip:
                    continue
                request = {"op": "run", "cell": cell.number, "source": cell.source}
                failure = self._run_cell(request, cell.number)
                if failure is not None:
                    self.skip.add(cell.number)
                    self._end()
                    break

    def _run_cell(self, request: Mapping[str, Any], number: int) -> TimedOut | Died | None:
        try:
            message, _ = self._exchange(request, self.limits.cell_seconds)
            failures = tuple(raised(item, number) for item in message["errors"])
        except Late as late:
            stopped: TimedOut | Died = TimedOut(late.seconds, number)
        except Gone:
            stopped = Died("exit", number)
        except (Broken, KeyError, TypeError):
            stopped = Died("protocol", number)
        else:
            self.outcomes.setdefault(number, CellOutcome(number, failures))
            return None
        self.outcomes[number] = CellOutcome(number, (stopped,))
        return stopped

    def _begin(self) -> None:
        """Which walls stand, as the first worker found them before any student code ran; what its checks are about.

        Raises ConfigError where one is missing that the course requires.
        """
        checks = {name: list(answers) for name, answers in self.checks.items()}
        try:
            message, _ = self._exchange({"op": "begin", "checks": checks}, START_SECONDS)
        except (Late, Gone, Broken):
            if self.walls:  # not the first one: its cells will say that it is gone
                return
            raise RuntimeError("a worker of the sandbox did not start") from None
        if self.walls:
            return
        self.walls = {str(name): str(state) for name, state in dict(message["walls"]).items()}
        if self.sandbox.unreadable:
            self.walls["uid"] = f"off: other users cannot read the interpreter below {self.sandbox.unreadable}"
        missing = [wall for wall in self.limits.require if self.walls.get(wall) != "on"]
        if missing:
            reasons = ", ".join(f"{wall} ({self.walls.get(wall, 'off')})" for wall in missing)
            advice = "See autograder doctor, or delete them from limits.require."
            raise ConfigError(
                [ConfigProblem("grader.toml", None, f"required walls are missing: {reasons}.", advice)]
            )

    def _plan(self) -> dict[str, Any]:
        limits = self.limits
        standard = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
        readable = [
            "/usr/lib",
            "/lib",
            "/lib64",
            "/usr/share/zoneinfo",
            "/etc/ld.so.cache",
            "/dev/urandom",
            *standard,
        ]
        return {
            "uid": self.user.uid if self.user is not None else None,
            "folder": str(self.folder),
            # a file is imported, so that what stands below `if __name__ == "__main__"` is left alone
            "module": "submission" if self.submission.kind == "py" else "__main__",
            "output": limits.output_kb << 10,
            "readable": [*readable, *_packages(), sys.base_prefix + "/lib"],
            "writable": [str(self.folder), "/dev/null"],
            "without": list(self.sandbox.without),
            "limits": {
                "memory": limits.memory_mb << 20,
                "cpu": int(limits.submission_seconds) + 5,
                "processes": limits.processes,
                "file": limits.file_mb << 20,
                "open_files": limits.open_files,
            },
        }

    def _exchange(
        self, request: Mapping[str, Any], seconds: float, blob: bytes = b""
    ) -> tuple[dict[str, Any], bytes]:
        assert self.wire is not None
        return self.wire.exchange(request, min(seconds, max(0.05, self.ends - time.monotonic())), blob)

    def _too_full(self) -> bool:
        """Whether the submission's folder holds more than its share."""
        return folder_size(str(self.folder)) > (FOLDER_FILES * self.limits.file_mb + 1 << 20) + self.staged

    def _crowded(self) -> bool:
        """Whether other processes run beside the worker; with seccomp it can start none."""
        return self.handle is not None and self.walls.get("seccomp") != "on" and crowded(self.handle.pid, self.user)

    def _keep_output(self) -> None:
        if self.wire is None:
            return
        try:
            message, _ = self._exchange({"op": "output"}, 1.0)
            self.printed = visible(str(message.get("text", "")), (self.limits.output_kb << 10) + CUT_MARK)
        except (Late, Gone, Broken):
            self._end()

    def _end(self) -> None:
        """Kill the worker and whatever it left behind."""
        if self.wire is None or self.handle is None:
            return
        self.wire.close()
        self.wire = None
        self.handle.kill()
        if self.walls.get("seccomp") == "on":  # then it could not start another process
            return
        if self.user is not None:
            self.user.sweep(self.sandbox.end_user)
        if self.sandbox.process is not None:
            sweep_children(self.sandbox.process.pid)
