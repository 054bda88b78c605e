"""What the sandbox can do on this machine: each wall is built in a real worker and then run against."""

from __future__ import annotations

import platform
import sys

from autograder.answer import Raised, Value
from autograder.config import Limits
from autograder.sandbox.host import Sandbox
from autograder.submission import Cell, Submission

__all__ = ["layers"]

# each line tries what one wall forbids, as a student's program would; True: it was stopped
PROBES = """
import os, socket

def stopped(act):
    try:
        act()
    except (OSError, MemoryError):
        return True
    return False

def fork():
    if os.fork() == 0:
        os._exit(0)

probe_files = stopped(lambda: os.listdir("/etc"))
probe_network = stopped(lambda: socket.socket())
probe_new_process = stopped(fork)
probe_signals = stopped(lambda: os.kill(os.getppid(), 0))
probe_memory = stopped(lambda: bytearray(1 << 40))
probe_environment = not set(os.environ) - {"HOME", "TMPDIR", "LANG", "OPENBLAS_NUM_THREADS", "LC_CTYPE"}
probe_numpy = __import__("numpy").ones((3, 3)).sum() == 9
"""
STOPPED = {
    "probe_files": ("reading other files", ("landlock",)),
    "probe_network": ("network", ("seccomp",)),
    "probe_new_process": ("new processes", ("seccomp",)),
    "probe_signals": ("signals to other processes", ("seccomp", "uid", "landlock")),
    "probe_memory": ("memory beyond the limit", ("rlimits",)),
    "probe_environment": ("the grader's environment", ()),
}


def layers() -> list[tuple[str, str, str]]:
    """(name, state, detail) for each wall and each attempt; state is "on", "off" or "broken".

    "broken" means that a wall said that it stands, and an attempt went through all the same.
    """
    versions = f"Python {platform.python_version()}, {platform.system()} {platform.release()}, {platform.machine()}"
    found = [("system", "on", versions)]
    submission = Submission("doctor", "py", (Cell(1, PROBES),))
    try:
        with Sandbox(Limits()) as sandbox, sandbox.open(submission) as session:
            outcomes = session.run()
            values = session.read([*STOPPED, "probe_numpy"])
            walls = dict(session.walls)
    except (RuntimeError, OSError) as error:
        return [*found, ("sandbox", "broken", str(error))]
    for name, state in walls.items():
        found.append((name, "on" if state == "on" else "off", "" if state == "on" else state.removeprefix("off: ")))
    for failure in (one for outcome in outcomes for one in outcome.failures):
        text = f"{failure.type_name}: {failure.message}" if isinstance(failure, Raised) else str(failure)
        found.append(("worker", "broken", text))
    found += [_attempt(name, values[name], walls) for name in STOPPED]
    if values["probe_numpy"] is not True and str(values["probe_numpy"]) != "True":
        found.append(("numpy", "broken", f"a worker of {sys.executable} cannot use NumPy"))
    return found


def _attempt(name: str, stopped: Value, walls: dict[str, str]) -> tuple[str, str, str]:
    what, needs = STOPPED[name]
    if stopped is True:
        return (f"no {what}"[:40], "on", "tried, and stopped")
    standing = [wall for wall in needs if walls.get(wall) == "on"]
    state = "broken" if standing or not needs else "off"
    return (f"no {what}"[:40], state, f"went through (needs {' or '.join(needs) or 'a clean start'})")
