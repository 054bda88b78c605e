"""The student's side, run by path in a fresh interpreter: a warm process that forks a worker for each submission.

Standard library and NumPy only; nothing of the grader is ever loaded here, so there is nothing of it to find.
The worker answers requests over one socket.  Whatever it says is data, which the host judges.
"""

# mypy: ignore-errors
# a student's objects have any type at all, and this file must stand alone
from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import os
import signal
import socket
import struct
import sys
import types


def beside(name: str) -> types.ModuleType:
    """A file of this folder as a module that no `import` finds: nothing of ours is in a student's way."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def namespace(plan: dict) -> dict:
    """The module in which the submission runs, with nothing in it yet."""
    module = types.ModuleType(plan["module"])
    module.__dict__["__builtins__"] = __builtins__
    sys.modules[plan["module"]] = sys.modules["__main__"] = module
    return module.__dict__


def serve(wire: socket.socket, plan: dict, walls: dict) -> None:
    """Answer requests until the host hangs up."""
    printed = student.Printed(plan["output"])
    sys.stdout = sys.stderr = printed
    program = student.Student(namespace(plan))
    sys.modules.update(student.stand_ins(program))
    while True:
        request, message, blob = codec.receive(wire)
        encoder = codec.Encoder()
        op = message["op"]
        try:
            if op == "run":
                answer = program.run(message)
            elif op == "read":
                answer = program.read(message, encoder)
            elif op == "call":
                arguments, kept = ([codec.decode(item, blob) for item in message["args"]] for _ in "ab")
                answer = program.call(message, arguments, kept, encoder)
            elif op == "output":
                answer = {"text": printed.text()}
            else:
                program.checks = message["checks"]
                answer = {"walls": walls}
        except MemoryError:
            answer = {"error": {"type": "MemoryError", "message": "", "line": None, "source": ""}}
        codec.send(wire, request, answer, encoder.blobs)


# --- the warm process ---


def become_worker(wire: socket.socket, plan: dict, confine: types.ModuleType) -> None:
    """In the fork: close everything but the wire, build the walls, serve."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    kept = wire.fileno()
    wire = socket.socket(fileno=os.dup2(kept, 3))
    os.closerange(4, 4096)
    os.environ.clear()
    os.environ.update(
        {"HOME": plan["folder"], "TMPDIR": plan["folder"], "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    )
    os.chdir(plan["folder"])
    sys.path.insert(0, plan["folder"])
    sys.argv = ["answer"]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    walls = confine.raise_walls(plan)
    serve(wire, plan, walls)


def reap(*_: object) -> None:
    """Take leave of ended workers, so that no zombie stays and their CPU time is counted as ours."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def end_user(uid: int) -> None:
    """End every process of a user at once, as that user: a fork bomb outruns whoever ends them one by one."""
    if uid == 0 or os.geteuid() != 0:  # -1 would then mean the machine, or the grader itself
        return
    try:
        pid = os.fork()
    except OSError:
        return
    if pid == 0:
        try:
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    with contextlib.suppress(ChildProcessError):  # taken leave of already
        os.waitpid(pid, 0)


def warm(control: socket.socket) -> None:
    """Fork a worker for each request, or end a user's processes; leave when the host goes."""
    confine = beside("confine")
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0) if sys.platform.startswith(
        "linux"
    ) else None
    if sys.platform.startswith("linux"):  # orphans of a worker come to this process, where the host finds them
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        data, files, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not data:
            os._exit(0)
        plan = json.loads(data)
        if "end" in plan:
            end_user(plan["end"])
            control.sendall(struct.pack("!I", 0))
            continue
        plan["parent"] = os.getpid()
        wire = socket.socket(fileno=files[0])
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                become_worker(wire, plan, confine)
            finally:
                os._exit(0)
        wire.close()
        control.sendall(struct.pack("!I", pid))


if __name__ == "__main__":
    sys.path[:] = [
        *json.loads(sys.argv[2]),
        *[entry for entry in sys.path if entry != os.path.dirname(os.path.abspath(__file__))],
    ]
    import numpy.linalg
    import numpy.random  # noqa: F401 - before the fork

    codec, student = beside("codec"), beside("student")
    for module in json.loads(sys.argv[3]):
        importlib.import_module(module)
    warm(socket.socket(fileno=int(sys.argv[1])))
