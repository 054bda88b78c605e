"""What isolation costs: CPU of a confined submission against an unconfined fork that runs the same code, and of a call.

usage: python benchmarks/sandbox.py [SUBMISSIONS]
Targets: at most 12 ms CPU per submission beyond the plain fork, at most 1 ms CPU per call.  CPU seconds are of the whole
process tree: the warm process's children are counted through its own clock in /proc.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

from autograder.config import Limits
from autograder.sandbox import Sandbox
from autograder.submission import Cell, Submission

SOURCE = """
import numpy as np

def grad(x, dz):
    return np.array([x[j : j + len(dz)] @ dz for j in range(len(x) - len(dz) + 1)])

formula = "F*D*K**2"
"""
MOST_SUBMISSION, MOST_CALL = 0.012, 0.001
CALLS = 500


def cpu() -> float:
    """CPU seconds of this process and of the children that it has waited for."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system


def plain_forks(count: int) -> float:
    """CPU seconds for each of many unconfined forks that run the source."""
    code = compile(SOURCE, "<plain>", "exec")
    started = cpu()
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            exec(code, {})
            os._exit(0)
        os.waitpid(pid, 0)
    return (cpu() - started) / count


def confined(count: int) -> tuple[float, float]:
    """CPU seconds for each confined submission that is run and read, and for each call."""
    submission = Submission("bench", "py", (Cell(1, SOURCE),))
    started = cpu()
    with Sandbox(Limits()):  # the start of the warm process is paid once for a class
        time.sleep(0.5)
    start_up = cpu() - started
    started = cpu()
    with Sandbox(Limits()) as sandbox:
        for _ in range(count):
            with sandbox.open(submission) as session:
                session.run()
                session.read(["formula", "grad"])
    each = (cpu() - started - start_up) / count
    return each, max(0.0, calls(submission) - start_up - each) / CALLS


def calls(submission: Submission) -> float:
    started = cpu()
    with Sandbox(Limits()) as sandbox, sandbox.open(submission) as session:
        session.run()
        session.read(["grad"])
        for _ in range(CALLS):
            session.call("grad", [np.arange(9.0), np.ones(3)])
    return cpu() - started


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    before = {path.name for path in Path("/tmp").glob("answer-*")}
    plain = plain_forks(count)
    each, call = confined(count)
    left = {path.name for path in Path("/tmp").glob("answer-*")} - before
    beyond = each - plain
    print(f"plain fork      {plain * 1000:7.2f} ms CPU for each submission")
    print(
        f"confined        {each * 1000:7.2f} ms, {beyond * 1000:.2f} ms beyond (target {MOST_SUBMISSION * 1000:.0f})"
    )
    print(f"one call        {call * 1000:7.3f} ms CPU, host and worker (target {MOST_CALL * 1000:.0f})")
    print(f"left behind     {len(left)} folders, {len(os.listdir('/proc/self/fd')) - 4} descriptors")
    return int(beyond > MOST_SUBMISSION or call > MOST_CALL or bool(left))


if __name__ == "__main__":
    sys.exit(main())
