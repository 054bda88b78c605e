"""A submission's namespace: its cells run in it, its values are read from it, its functions are called.

Standard library and NumPy only: this file is loaded by its path where nothing of the grader is, in the sandbox's
worker and in the kernel of a notebook alike, so that both ways in treat a program the same.
"""

# mypy: ignore-errors
# a student's objects have any type at all, and this file must stand alone
from __future__ import annotations
import __future__

import ast
import contextlib
import copy
import io
import random
import types

import numpy

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


class Stopped(BaseException):
    """Raised by an alarm in the middle of a student's program, where an alarm is the only limit."""


class Student:
    """One submission's namespace and the requests on it.

    checks: check name -> the answers that `grader.check` of that name is about; kept: their values at that point.
    """

    def __init__(self, space: dict) -> None:
        self.space = space
        self.checks: dict[str, list[str]] = {}
        self.kept: dict[str, object] = {}
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
            except Stopped:
                raise
            except BaseException as error:  # noqa: BLE001 - also SystemExit and KeyboardInterrupt
                errors.append(describe(error, source))
                if len(errors) >= 20:
                    break
        return {"errors": errors}

    def check(self, *names: object, **_: object) -> None:
        """What `grader.check(name)` does here: keep the values as they are now.  It decides nothing.

        A later check keeps later values; what is still blank is not kept, so that an answer below its check counts.
        """
        wanted = [str(name).replace(".", "").lower() for name in names]
        answers = [answer for name in wanted for answer in self.checks.get(name, ())]
        if answers:
            now = as_it_is(self.space)
            self.kept.update({name: own(now[name]) for name in answers if name in now and not is_blank(now[name])})

    def value(self, name: str) -> object:
        """An answer's value at its last check, or at the end.  Raises KeyError where there is none."""
        return self.kept[name] if name in self.kept else self.space[name]

    def read(self, message: dict, encoder: object) -> dict:
        values = []
        for name in message["names"]:
            try:
                value = self.value(name)
            except KeyError:
                values.append(["missing"])
                continue
            try:
                values.append(encoder.encode(value))
            except Stopped:
                raise
            except BaseException as error:  # noqa: BLE001 - reading an odd object may raise anything
                values.append(["opaque", type(error).__name__[:80], "cannot be read"])
        return {"values": values}

    def call(self, message: dict, arguments: list, kept: list, encoder: object) -> dict:
        """Call a function; kept are the same arguments once more, to see what it changed."""
        random.seed(message["seed"])
        numpy.random.seed(message["seed"] % 2**32)
        try:
            result = self.value(message["name"])(*arguments)
        except Stopped:
            raise
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


# --- grader.check ---


def _returns() -> object:
    return ...


def _returns_with_words() -> object:
    """As in the starter."""
    return ...


def _passes() -> None:
    pass


BLANK = frozenset(made.__code__.co_code for made in (_returns, _returns_with_words, _passes))


def is_blank(value: object) -> bool:
    """Whether an answer is as the starter leaves it; the host alone decides what that is worth."""
    kind = type(value)
    if kind is str:
        return value.strip() in ("", "...")
    if kind in (list, tuple):
        return all(is_blank(item) for item in value)
    if kind is types.FunctionType:
        constants = value.__code__.co_consts
        return value.__code__.co_code in BLANK and all(item in (None, ..., value.__doc__) for item in constants)
    return value is None or value is ...


def as_it_is(space: dict) -> dict:
    """A copy of a namespace whose functions see the copy: a name that is used again later does not change them."""
    copied = dict(space)
    for name, value in space.items():
        if type(value) is types.FunctionType and value.__globals__ is space:
            twin = types.FunctionType(value.__code__, copied, value.__name__, value.__defaults__, value.__closure__)
            twin.__kwdefaults__, twin.__doc__ = value.__kwdefaults__, value.__doc__
            twin.__dict__.update(value.__dict__)
            copied[name] = twin
    return copied


def own(value: object) -> object:
    """A value that no later change of a list or an array reaches."""
    if type(value) in (list, dict, tuple, numpy.ndarray):
        with contextlib.suppress(Exception):  # an odd part of it may refuse: then it is kept as it is
            return copy.deepcopy(value)
    return value


def nothing(*_: object, **__: object) -> None:
    """What everything else of a stand-in does: printing, exporting and uploading are no part of grading."""


def stand_ins(student: Student) -> dict:
    """Modules that take the place of the student's `grader` and of Otter, which are not here."""
    grader, otter = types.ModuleType("grader"), types.ModuleType("otter")
    grader.check = student.check
    grader.__getattr__ = otter.__getattr__ = _only_plain

    class Notebook:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def check(self, *names: object, **_: object) -> None:
            student.check(*names)

        __getattr__ = staticmethod(_only_plain)

    otter.Notebook = Notebook
    return {"grader": grader, "otter": otter}


def _only_plain(name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    return nothing
