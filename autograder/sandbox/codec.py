"""The student's side of the wire: values as plain data, and the frames that carry them.

Standard library and NumPy only: this file is loaded by its path where nothing of the grader is.
"""

# mypy: ignore-errors
# a student's objects have any type at all, and this file must stand alone
from __future__ import annotations

import json
import socket
import struct
import types

import numpy

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
            raise EOFError  # the host hung up
        parts += part
    return bytes(parts)


def receive(wire: socket.socket) -> tuple[int, dict, bytes]:
    magic, request, json_size, blob_size = HEADER.unpack(receive_exactly(wire, HEADER.size))
    if magic != MAGIC:
        raise EOFError
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
