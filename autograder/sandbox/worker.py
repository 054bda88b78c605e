"""The student's side, run by path in a fresh interpreter: a warm process that forks a worker for each submission.

Standard library and NumPy only; nothing of the grader is ever loaded here, so there is nothing of it to find.
The worker answers requests over one socket.  Whatever it says is data, which the host judges.
"""

# mypy: ignore-errors
# a student's objects have any type at all, and this file must stand alone
from __future__ import annotations
import __future__

import ast
import gc
import importlib.util
import io
import json
import os
import random
import signal
import socket
import struct
import sys
import types

MAGIC = b"AGW1"
HEADER = struct.Struct("!4sIII")  # magic, request, length of the JSON, length of the blobs
MOST_JSON, MOST_BLOB = 1 << 20, 32 << 20
KINDS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128"
DTYPES = frozenset(KINDS.split())
MOST_TEXT, MOST_DEPTH, MOST_ITEMS = 20_000, 6, 4000
SYMPY_TEXT = 20_000


# --- the wire ---


def receive_exactly(wire: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = wire.recv(min(count - len(parts), 1 << 16))
        if not part:
            os._exit(0)
        parts += part
    return bytes(parts)


def receive(wire: socket.socket) -> tuple[int, dict, bytes]:
    magic, request, json_size, blob_size = HEADER.unpack(receive_exactly(wire, HEADER.size))
    if magic != MAGIC:
        os._exit(0)
    message = json.loads(receive_exactly(wire, json_size))
    return request, message, receive_exactly(wire, blob_size)


def send(wire: socket.socket, request: int, message: dict, blobs: list[bytes]) -> None:
    blob = b"".join(blobs)
    text = json.dumps(message).encode()
    if len(text) > MOST_JSON or len(blob) > MOST_BLOB:
        text, blob = json.dumps({"value": ["opaque", "value", "too large"]}).encode(), b""
    wire.sendall(HEADER.pack(MAGIC, request, len(text), len(blob)) + text + blob)


# --- values: exactly these types, never a subclass ---


class Encoder:
    """Turns a student's value into plain data; array buffers are collected beside it."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []
        self.size = 0
        self.items = 0

    def encode(self, value: object, depth: int = 0) -> list:
        kind = type(value)
        self.items += 1
        if depth > MOST_DEPTH or self.items > MOST_ITEMS:
            return ["opaque", kind.__name__[:80], "too deep or too long"]
        if value is None:
            return ["none"]
        if kind is bool:
            return ["bool", value]
        if kind is int:
            return self.integer(value)
        if kind is float:
            return ["float", value.hex()]
        if kind is complex:
            return ["complex", value.real.hex(), value.imag.hex()]
        if kind is str:
            return ["str", value[:MOST_TEXT].encode("utf-8", "replace").decode("utf-8"), len(value)]
        if kind in (tuple, list):
            return [
                "tuple" if kind is tuple else "list",
                [self.encode(item, depth + 1) for item in value[:MOST_ITEMS]],
            ]
        if kind is dict:
            pairs = [(k, v) for k, v in list(value.items())[:MOST_ITEMS] if type(k) is str]
            return ["dict", [[k[:200], self.encode(v, depth + 1)] for k, v in pairs]]
        return self.numeric(value, kind)

    def integer(self, value: object) -> list:
        assert type(value) is int
        if value.bit_length() > 4096:
            return ["opaque", "int", "too many digits"]
        return ["int", hex(value)]

    def numeric(self, value: object, kind: type) -> list:
        if kind is numpy.ndarray:
            return self.array(value)
        if kind.__module__ == "numpy" and issubclass(kind, numpy.generic) and kind.__name__.rstrip("_") in DTYPES:
            return ["scalar", *self.array(numpy.ndarray((), value.dtype, value.tobytes()))[1:]]
        if kind.__module__ == "fractions" and kind.__name__ == "Fraction":
            return ["fraction", hex(int(value.numerator)), hex(int(value.denominator))]
        if kind is types.FunctionType:
            code = value.__code__
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            return ["function", str(value.__name__)[:80], [str(name)[:40] for name in names[:30]]]
        if kind in (types.BuiltinFunctionType, types.MethodType, type) or kind.__name__ in ("partial", "ufunc"):
            return ["function", str(getattr(value, "__name__", kind.__name__))[:80], []]
        if kind.__module__.split(".")[0] == "sympy" and hasattr(value, "free_symbols"):
            return ["sympy", str(value)[:SYMPY_TEXT]]
        return ["opaque", kind.__name__[:80], ""]

    def array(self, value: object) -> list:
        name = value.dtype.name
        if name not in DTYPES or value.dtype.fields or value.dtype.subdtype:
            return ["opaque", "ndarray", "dtype " + str(name)[:60]]
        if value.ndim > 8 or self.size + value.nbytes > MOST_BLOB:
            return ["opaque", "ndarray", "too large"]
        raw = numpy.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False).tobytes()
        place, self.size = self.size, self.size + len(raw)
        self.blobs.append(raw)
        return ["array", name, list(value.shape), place, len(raw)]


def decode(item: list, blob: bytes) -> object:
    """An argument from the host, as a fresh value."""
    kind = item[0]
    if kind == "none":
        return None
    if kind == "bool" or kind == "str":
        return item[1]
    if kind == "int":
        return int(item[1], 16)
    if kind == "float":
        return float.fromhex(item[1])
    if kind == "complex":
        return complex(float.fromhex(item[1]), float.fromhex(item[2]))
    if kind in ("array", "scalar"):
        _, name, shape, place, size = item
        made = numpy.frombuffer(blob[place : place + size], dtype=name).reshape(shape).copy()
        return made if kind == "array" else made[()]
    if kind == "tuple":
        return tuple(decode(part, blob) for part in item[1])
    if kind == "list":
        return [decode(part, blob) for part in item[1]]
    return {key: decode(part, blob) for key, part in item[1]}


# --- what the student printed ---


class Printed(io.TextIOBase):
    """Standard output and error: the beginning and the end are kept, the middle of a flood is not."""

    def __init__(self, limit: int) -> None:
        self.half = limit // 2
        self.head = ""
        self.tail = ""
        self.dropped = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        size = len(text)
        room = self.half - len(self.head)
        if room > 0:
            self.head += text[:room]
            text = text[room:]
        if text:
            joined = self.tail + text[-self.half :]
            self.dropped += len(text) - len(text[-self.half :]) + max(0, len(joined) - self.half)
            self.tail = joined[-self.half :]
        return size

    def text(self) -> str:
        middle = f"\n[... {self.dropped} characters left out ...]\n" if self.dropped else ""
        return self.head + middle + self.tail


# --- running ---


def describe(error: BaseException, source: str, line_offset: int = 0) -> dict:
    """The type, the words and the student's own line of an error; nothing else of the traceback."""
    line = None
    if isinstance(error, SyntaxError) and error.filename == "<answer>":
        line = error.lineno
    frame = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == "<answer>":
            line = frame.tb_lineno
        frame = frame.tb_next
    lines = source.splitlines()
    shown = lines[line - 1].strip()[:200] if line and 0 < line <= len(lines) else ""
    try:
        words = str(error)[:600]
    except BaseException:  # noqa: BLE001 - the student's own __str__ may raise anything
        words = ""
    found = {"type": type(error).__name__[:80], "message": words, "line": line, "source": shown}
    if isinstance(error, SyntaxError):
        found |= {
            "message": str(error.msg)[:300],
            "offset": error.offset if isinstance(error.offset, int) else None,
        }
    return found


def statements(source: str) -> tuple[list, dict | None]:
    """Top-level statements that can be run, and the first syntax error if there is one.

    Of a text with a syntax error the blocks around it are kept, so that one slip does not cost every answer.
    """
    try:
        return list(ast.parse(source, "<answer>").body), None
    except SyntaxError as error:
        first = describe(error, source)
    except (ValueError, MemoryError, RecursionError) as error:
        return [], describe(error, source)
    lines = source.split("\n")
    starts = [n for n, line in enumerate(lines) if line[:1] not in ("", " ", "\t", "#", ")", "]", "}", "@")]
    starts = [n for n in starts if not lines[n].startswith(("else", "elif", "except", "finally"))]
    bounds = [*starts, len(lines)]
    found: list = []
    at = 0
    while at < len(bounds) - 1:
        for end in range(at + 1, min(at + 30, len(bounds))):
            block = "\n" * bounds[at] + "\n".join(lines[bounds[at] : bounds[end]])
            try:
                found += ast.parse(block, "<answer>").body
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            at = end
            break
        else:
            at += 1
    return found, first


def future_flags(nodes: list) -> int:
    """What `from __future__ import ...` at the top switches on, for statements that are compiled one by one."""
    flags = 0
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            for alias in node.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


class Student:
    """One submission's namespace and the requests on it."""

    def __init__(self, plan: dict) -> None:
        self.module = types.ModuleType(plan["module"])
        self.module.__dict__["__builtins__"] = __builtins__
        sys.modules[plan["module"]] = sys.modules["__main__"] = self.module
        self.space = self.module.__dict__
        self.printed = Printed(plan["output"])
        sys.stdout = sys.stderr = self.printed
        self.sources: dict[int, str] = {}

    def run(self, message: dict) -> dict:
        """Run one cell; top-level statements after a failing one still run."""
        source = message["source"]
        self.sources[message["cell"]] = source
        found, failure = statements(source)
        errors = [failure] if failure else []
        flags = future_flags(found)
        for node in found:
            module = ast.Module([node], [])
            try:
                exec(compile(module, "<answer>", "exec", flags, dont_inherit=True), self.space)  # noqa: S102
            except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt
                errors.append(describe(error, source))
                if len(errors) >= 20:
                    break
        return {"errors": errors}

    def read(self, message: dict, encoder: Encoder) -> dict:
        values = []
        for name in message["names"]:
            if name not in self.space:
                values.append(["missing"])
                continue
            try:
                values.append(encoder.encode(self.space[name]))
            except BaseException as error:  # noqa: BLE001 - reading an odd object may raise anything
                values.append(["opaque", type(error).__name__[:80], "cannot be read"])
        return {"values": values}

    def call(self, message: dict, blob: bytes, encoder: Encoder) -> dict:
        function = self.space.get(message["name"])
        arguments = [decode(item, blob) for item in message["args"]]
        kept = [decode(item, blob) for item in message["args"]]
        random.seed(message["seed"])
        numpy.random.seed(message["seed"] % 2**32)
        try:
            result = function(*arguments)
        except BaseException as error:  # noqa: BLE001 - also SystemExit
            return {"error": describe(error, "\n".join(self.sources.values()))}
        mutated = [place for place, pair in enumerate(zip(arguments, kept, strict=True)) if changed(*pair)]
        return {"value": encoder.encode(result), "mutated": mutated}


def changed(now: object, before: object) -> bool:
    try:
        if type(before) is numpy.ndarray:
            return not (
                now.shape == before.shape and numpy.array_equal(now, before, equal_nan=before.dtype.kind in "fc")
            )
        return now != before
    except BaseException:  # noqa: BLE001 - a student's == may raise anything
        return True


def serve(wire: socket.socket, plan: dict, walls: dict) -> None:
    """Answer requests until the host hangs up."""
    student = Student(plan)
    while True:
        request, message, blob = receive(wire)
        encoder = Encoder()
        op = message["op"]
        try:
            if op == "run":
                answer = student.run(message)
            elif op == "read":
                answer = student.read(message, encoder)
            elif op == "call":
                answer = student.call(message, blob, encoder)
            elif op == "output":
                answer = {"text": student.printed.text()}
            else:
                answer = {"walls": walls}
        except MemoryError:
            answer = {"error": {"type": "MemoryError", "message": "", "line": None, "source": ""}}
        send(wire, request, answer, encoder.blobs)


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


def warm(control: socket.socket) -> None:
    """Fork a worker for each request; leave when the host goes."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.util.spec_from_file_location("confine", os.path.join(here, "confine.py"))
    confine = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(confine)
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
    import numpy
    import numpy.linalg
    import numpy.random

    for module in json.loads(sys.argv[3]):
        importlib.import_module(module)
    warm(socket.socket(fileno=int(sys.argv[1])))
