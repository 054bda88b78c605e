"""The student's side under Otter: runs a submission's cells in the notebook's kernel, and answers the judge there.

Loaded into the kernel, so it is light, and it knows nothing: the judge in Otter's process has the key.  What goes
over is data to be judged, in the sandbox's codec.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["ADDRESS", "begin", "check", "finish", "run", "told"]

ADDRESS = "AUTOGRADER_JUDGE"  # the environment variable that says where the judge listens
LEAST_SECONDS = 0.05  # that a cell gets, however late it is
AGAIN_SECONDS = 0.05  # a stopped program that goes on is stopped again
KEPT_OUTPUT = 1 << 16
MOST_TEXT = 2000
NOBODY = "This is not graded: the autograder's plugin for Otter did not run. Please tell the course staff."


def _beside(name: str) -> ModuleType:
    """A file of the sandbox's that stands alone; the sandbox itself would bring the grader along."""
    path = Path(__file__).parent.parent / "sandbox" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"autograder_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Kernel:
    """One submission in a kernel: its namespace, the wire to the judge, and what the judge said in the end."""

    def __init__(self, space: dict[str, Any], address: str) -> None:
        self.codec, student = _beside("codec"), _beside("student")
        self.stopped: type[BaseException] = student.Stopped
        self.printed = student.Printed(KEPT_OUTPUT)
        self.program = student.Student(space)
        self.folder, self.change_folder = os.getcwd(), os.chdir
        self.limits: Mapping[str, float] = {}
        self.ends = 0.0
        self.cells: list[dict[str, Any]] = []
        self.said: dict[str, str] | None = None
        for name in ("exit", "quit"):  # IPython's own would end the kernel
            space.pop(name, None)
        sys.modules["grader"] = student.stand_ins(self.program)["grader"]
        signal.signal(signal.SIGALRM, self._alarm)
        self.wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.wire.connect(address)

    def _alarm(self, *_: object) -> None:
        raise self.stopped

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Stops what runs inside by raising in it: a limit for honest programs, the only one that a kernel has."""
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def run(self, number: int, source: str) -> None:
        """Run one cell, as the sandbox runs it.  A cell that is stopped leaves no name behind."""
        space = self.program.space
        before = dict(space)
        seconds = min(self.limits["cell_seconds"], max(LEAST_SECONDS, self.ends - time.monotonic()))
        try:
            with self.limit(seconds):
                found = self.program.run({"cell": number, "source": source})
        except self.stopped:
            for name in set(space) - set(before):
                del space[name]
            space.update(before)
            found = {"errors": [], "seconds": seconds}
        self.cells.append({"cell": number} | found)

    def serve(self) -> None:
        """Answer the judge until it lets the program go on."""
        while True:
            number, message, blob = self.codec.receive(self.wire)
            encoder = self.codec.Encoder()
            try:
                with self.limit(message.get("seconds", 0)):
                    answer = self._answer(message, blob, encoder)
            except self.stopped:
                answer = {"late": True}
            except MemoryError:
                answer = {"error": {"type": "MemoryError", "message": "", "line": None, "source": ""}}
            self.codec.send(self.wire, number, answer, encoder.blobs)
            if message["op"] in ("begin", "end"):
                return

    def _answer(self, message: dict[str, Any], blob: bytes, encoder: Any) -> dict[str, Any]:
        match message["op"]:
            case "begin":
                self.limits, self.program.checks = message["limits"], message["checks"]
                self.ends = time.monotonic() + self.limits["submission_seconds"]
                return {"pid": os.getpid()}
            case "cells":
                return {"cells": self.cells}
            case "read":
                return dict(self.program.read(message, encoder))
            case "call":
                arguments, kept = ([self.codec.decode(item, blob) for item in message["args"]] for _ in "ab")
                return dict(self.program.call(message, arguments, kept, encoder))
            case _:
                self.said = message["said"]
                return {}


_here: list[Kernel] = []
_told: dict[str, dict[str, str]] = {}


def begin(space: dict[str, Any], name: str) -> None:
    """Called before the first cell of a submission, with the namespace in which its cells will run.

    name: what `__name__` is there; a .py file is imported, so that what stands below a check of it is left alone.
    """
    sys.modules[name] = sys.modules["__main__"]
    space["__name__"] = name
    _here[:] = [Kernel(space, os.environ[ADDRESS])]
    _here[0].serve()


def run(number: int, source: str) -> None:
    """Called in place of each cell."""
    _here[0].run(number, source)


def told(said: dict[str, str]) -> None:
    """Called instead of all that where the submission ran elsewhere: what the judge said is known already."""
    _told.update(said=said)


def finish() -> None:
    """Called after the last cell: goes back to Otter's folder, and lets the judge ask."""
    kernel = _here[0]
    kernel.change_folder(kernel.folder)
    with contextlib.redirect_stdout(kernel.printed), contextlib.redirect_stderr(kernel.printed):
        kernel.serve()


def check(_env: Mapping[str, Any], name: str) -> None:
    """What a test file calls: keeps the values while the program runs; afterwards says what the judge said.

    Raises AssertionError with the judge's words where points are missing, or where nobody judged.
    """
    said = _here[0].said if _here else _told.get("said", {name: NOBODY})
    if said is None:
        with contextlib.suppress(BaseException):  # a student's object may do anything when it is copied
            _here[0].program.check(name)
    elif said.get(name):
        _say(said[name])


def _say(words: str) -> None:
    """A function of its own: Otter looks for the failing line two calls above."""
    raise AssertionError(words[:MOST_TEXT])
