"""Requests to a student's process and its answers, each with a deadline; what an answer means is checked here."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.answer import CallOutcome, Raised, Returned
from autograder.sandbox.wire import HEADER, MAGIC, Broken, decode, parse_header, parse_json, visible

__all__ = ["Channel", "Gone", "Late", "outcome", "raised"]

WATCH_SECONDS = 0.25  # how often a silent process is looked after


@dataclass(frozen=True, slots=True)
class Late(Exception):
    """No answer within the limit."""

    seconds: float


class Gone(Exception):
    """The process ended."""


class Channel:
    """One request after the other over a socket.  over: asked while waiting; true ends it as if it were gone."""

    def __init__(self, wire: socket.socket, over: Callable[[], bool] = lambda: False) -> None:
        self.wire = wire
        self.over = over

    def close(self) -> None:
        """Hang up."""
        self.wire.close()

    def exchange(
        self, request: Mapping[str, Any], seconds: float, blob: bytes = b""
    ) -> tuple[dict[str, Any], bytes]:
        """Ask, and wait for the answer.  Raises Late, Gone, or Broken where it breaks the protocol."""
        number = secrets.randbits(32)
        text = json.dumps(request).encode()
        deadline = time.monotonic() + seconds
        self.wire.settimeout(seconds)
        try:
            self.wire.sendall(HEADER.pack(MAGIC, number, len(text), len(blob)) + text + blob)
            json_size, blob_size = parse_header(self._receive(HEADER.size, deadline), number)
            message = parse_json(self._receive(json_size, deadline))
            return message, self._receive(blob_size, deadline)
        except TimeoutError:
            raise Late(seconds) from None
        except OSError:
            raise Gone from None

    def _receive(self, count: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.wire.settimeout(min(left, WATCH_SECONDS))
            try:
                part = self.wire.recv(min(count - len(parts), 1 << 20))
            except TimeoutError:
                if self.over():
                    raise Gone from None
                continue
            if not part:
                raise Gone
            parts += part
        return bytes(parts)


def outcome(message: Mapping[str, Any], blob: bytes) -> CallOutcome:
    """What came of a call.  Raises Broken for what an honest worker would not send."""
    if "error" in message:
        return raised(message["error"], None)
    mutated = message.get("mutated", [])
    if not isinstance(mutated, list) or any(type(place) is not int for place in mutated):
        raise Broken("mutated")
    return Returned(decode(message.get("value"), blob), tuple(mutated[:20]))


def raised(item: Any, cell: int | None) -> Raised:
    """An error of the student's program.  Raises Broken likewise."""
    if not isinstance(item, dict):
        raise Broken("error")
    line = item.get("line")
    return Raised(
        visible(str(item.get("type", "Exception")), 80),
        visible(str(item.get("message", "")), 600),
        line if type(line) is int else None,
        cell,
        visible(str(item.get("source", "")), 200),
    )
