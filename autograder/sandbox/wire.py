"""The host's side of the wire: plain data out, plain data in, everything checked before it is believed.

Frames: magic, request number, lengths, JSON, raw array buffers.  Nothing is unpickled, and nothing is allocated
before type, dtype, shape and size were checked.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.answer import FunctionValue, Missing, Opaque, SympyText, Value

__all__ = ["HEADER", "MAGIC", "Broken", "decode", "encode", "parse_header", "parse_json", "visible"]

MAGIC = b"AGW1"
HEADER = struct.Struct("!4sIII")
MOST_JSON, MOST_BLOB = 1 << 20, 32 << 20
MOST_DIMENSIONS, MOST_DEPTH, MOST_TEXT = 8, 8, 20_000
MOST_DIGITS = 1100
KINDS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128"
DTYPES = {name: np.dtype(name).newbyteorder("<") for name in KINDS.split()}


class Broken(Exception):
    """The worker's side does not keep to the protocol."""


def parse_header(raw: bytes, request: int) -> tuple[int, int]:
    """Lengths of the JSON and of the buffers of the answer to one request."""
    magic, number, json_size, blob_size = HEADER.unpack(raw)
    if magic != MAGIC or number != request or json_size > MOST_JSON or blob_size > MOST_BLOB:
        raise Broken("header")
    return json_size, blob_size


def parse_json(raw: bytes) -> dict[str, Any]:
    """The JSON object of an answer."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise Broken("json") from None
    if not isinstance(message, dict):
        raise Broken("json")
    return message


def encode(values: Sequence[Any]) -> tuple[list[Any], bytes]:
    """Arguments of a call as plain data with their buffers."""
    blobs: list[bytes] = []
    return [_encode(value, blobs) for value in values], b"".join(blobs)


def _encode(value: Any, blobs: list[bytes]) -> list[Any]:
    match value:
        case None:
            return ["none"]
        case bool() | str():
            return ["bool" if isinstance(value, bool) else "str", value]
        case int():
            return ["int", hex(value)]
        case float():
            return ["float", value.hex()]
        case complex():
            return ["complex", value.real.hex(), value.imag.hex()]
        case np.ndarray() | np.generic():
            array = np.asarray(value)
            raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
            place = sum(map(len, blobs))
            blobs.append(raw)
            tag = "array" if isinstance(value, np.ndarray) else "scalar"
            return [tag, array.dtype.name, list(array.shape), place, len(raw)]
        case tuple() | list():
            return ["tuple" if isinstance(value, tuple) else "list", [_encode(item, blobs) for item in value]]
        case Mapping():
            return ["dict", [[str(key), _encode(item, blobs)] for key, item in value.items()]]
    raise TypeError(f"a {type(value).__name__} cannot be an argument")


def decode(item: Any, blob: bytes, depth: int = 0) -> Value:
    """A value from the worker.

    Raises Broken for whatever an honest worker would not send.

    >>> decode(["int", "0x10"], b"")
    16
    """
    if not isinstance(item, list) or not item or not isinstance(item[0], str) or depth > MOST_DEPTH:
        raise Broken("value")
    try:
        return _decode(item[0], item[1:], blob, depth)
    except (ValueError, TypeError, IndexError, OverflowError, KeyError):
        raise Broken("value") from None


def _decode(kind: str, rest: list[Any], blob: bytes, depth: int) -> Value:
    if kind in SCALARS:
        return SCALARS[kind](rest)
    match kind:
        case "tuple" | "list":
            items = [decode(part, blob, depth + 1) for part in rest[0]]
            return tuple(items) if kind == "tuple" else items
        case "dict":
            return {_text(key, 200): decode(part, blob, depth + 1) for key, part in rest[0]}
        case "array":
            return _array(rest, blob)
        case "scalar":
            return _array(rest, blob)[()]
    raise Broken(f"value of kind {kind[:20]!r}")


SCALARS: Mapping[str, Callable[[list[Any]], Value]] = {
    "none": lambda rest: None,
    "missing": lambda rest: Missing(),
    "bool": lambda rest: rest[0] is True,
    "int": lambda rest: int(_text(rest[0], MOST_DIGITS), 16),
    "float": lambda rest: float.fromhex(_text(rest[0], 60)),
    "complex": lambda rest: complex(float.fromhex(_text(rest[0], 60)), float.fromhex(_text(rest[1], 60))),
    "fraction": lambda rest: Fraction(int(_text(rest[0], MOST_DIGITS), 16), int(_text(rest[1], MOST_DIGITS), 16)),
    "str": lambda rest: _text(rest[0], MOST_TEXT),
    "sympy": lambda rest: SympyText(_text(rest[0], MOST_TEXT)),
    "opaque": lambda rest: Opaque(_text(rest[0], 80), _text(rest[1], 100)),
    "function": lambda rest: FunctionValue(_text(rest[0], 80), tuple(_text(name, 40) for name in rest[1][:30])),
}


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise Broken("text")
    return value.encode("utf-8", "replace").decode("utf-8")


def _array(rest: list[Any], blob: bytes) -> np.ndarray[Any, Any]:
    name, shape, place, size = rest
    dtype = DTYPES[name]
    if not isinstance(shape, list) or len(shape) > MOST_DIMENSIONS:
        raise Broken("shape")
    if any(type(length) is not int or length < 0 for length in [*shape, place, size]):
        raise Broken("shape")
    if math.prod(shape) * dtype.itemsize != size or place + size > len(blob):
        raise Broken("buffer")
    made = np.frombuffer(blob, dtype=dtype, count=math.prod(shape), offset=place).reshape(shape)
    return made.astype(dtype.newbyteorder("="))


def visible(text: str, limit: int) -> str:
    """Text of a student's, bounded, with control characters made visible.

    >>> visible("a" + chr(27) + "[31mb", 20)
    'a␛[31mb'
    """
    safe = text.encode("utf-8", "replace").decode("utf-8")[:limit]
    return "".join(_visible(char) for char in safe)


def _visible(char: str) -> str:
    code = ord(char)
    if char in "\n\t" or (code >= 32 and code not in BIDI and not 127 <= code < 160):
        return char
    return chr(0x2400 + code) if code < 32 else "�"


BIDI = frozenset([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])
