"""A control group with Gradescope's memory and processor, and what a run used of them.

Both versions of the kernel's interface are known; where neither can be used, that is said, and the run goes on.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Group", "Used"]

ROOT = Path("/sys/fs/cgroup")
PERIOD_US = 100_000
EMPTYING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Used:
    """What a run used: wall and processor seconds, the highest memory in MiB (with cached files), processes that
    were killed for want of memory; None where it was not measured."""

    seconds: float
    cpu_seconds: float | None = None
    peak_mb: float | None = None
    killed: int | None = None


@dataclass(slots=True)
class Group:
    """Use as a context manager; `enter` is called in the child between fork and exec.

    missing: the limits that this machine does not allow to set, in words.
    """

    memory_mb: int
    cpus: float
    folders: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unified: bool = False

    def __enter__(self) -> Group:
        """Make the group where the kernel has one."""
        self.unified = (ROOT / "cgroup.controllers").is_file()
        if self.unified:
            _write(ROOT / "cgroup.subtree_control", "+memory +cpu")
        for part in ("",) if self.unified else ("memory", "cpu", "cpuacct"):
            folder = ROOT / part / f"autograder-simulate-{os.getpid()}"
            try:
                folder.mkdir()
                self.folders.append(folder)
            except OSError:
                self.missing.append(f"no control group {part or 'of version 2'}")
        if not self._set("memory.max" if self.unified else "memory.limit_in_bytes", str(self.memory_mb << 20)):
            self.missing.append("memory is not limited")
        self._set("memory.swap.max", "0")
        quota = int(self.cpus * PERIOD_US)
        name, text = ("cpu.max", f"{quota} {PERIOD_US}") if self.unified else ("cpu.cfs_quota_us", str(quota))
        if not self._set(name, text):
            self.missing.append("the processor is not limited")
        return self

    def __exit__(self, *_: object) -> None:
        """Take the group away once its processes have ended."""
        deadline = time.monotonic() + EMPTYING_SECONDS
        for folder in self.folders:
            while folder.is_dir():
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > deadline:
                        break
                    time.sleep(0.02)

    def enter(self) -> None:
        """Join the group: this process and all that it starts."""
        for folder in self.folders:
            _write(folder / "cgroup.procs", str(os.getpid()))

    def used(self, seconds: float) -> Used:
        """What the group used so far."""
        peak = self._number("memory.peak" if self.unified else "memory.max_usage_in_bytes")
        if self.unified:
            cpu = self._number("cpu.stat", "usage_usec")
            killed = self._number("memory.events", "oom_kill")
        else:
            nanoseconds = self._number("cpuacct.usage")
            cpu = None if nanoseconds is None else nanoseconds / 1000
            killed = self._number("memory.oom_control", "oom_kill")
        return Used(
            seconds,
            None if cpu is None else cpu / 1e6,
            None if peak is None else peak / 2**20,
            None if killed is None else int(killed),
        )

    def _set(self, name: str, text: str) -> bool:
        return any(_write(folder / name, text) for folder in self.folders if (folder / name).exists())

    def _number(self, name: str, key: str = "") -> float | None:
        """The number in a file of the group, or that beside a key in it."""
        for folder in self.folders:
            try:
                words = (folder / name).read_text().split()
                return float(words[words.index(key) + 1] if key else words[0])
            except (OSError, ValueError, IndexError):
                continue
        return None


def _write(path: Path, text: str) -> bool:
    try:
        path.write_text(text)
    except OSError:
        return False
    return True
