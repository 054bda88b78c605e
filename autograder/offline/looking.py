"""One answer of a student's, looked at without the key: how it is read, and where a level tells more, that too."""

from __future__ import annotations

import contextlib
import copy
import io
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from autograder.answer import FunctionValue, Missing, Opaque, SympyText, Value
from autograder.errors import AnswerError
from autograder.expression import Node, Number, Tuple, substitute, to_text
from autograder.messages import error_text, sentence
from autograder.offline.exact import Inexact, NoValue, Point, value_at, values_at
from autograder.offline.seal import sealed, witness
from autograder.offline.sheet import LEVELS, Entry, Sheet
from autograder.offline.watch import Watch
from autograder.problem.reading import is_blank, lines_of, options_of, read, read_line, type_name

__all__ = ["BLANK", "READ", "RIGHT", "UNREADABLE", "WRONG", "Row", "look", "plain"]

READ, BLANK, UNREADABLE, RIGHT, WRONG = "read", "blank", "unreadable", "right", "wrong"
MOST_TEXT, MOST_ITEMS, MOST_DEPTH, MOST_BITS = 20_000, 4000, 6, 4096  # as the grader's own sandbox has them
NUMBERS = "biufc"  # kinds of numpy's dtypes
NOWHERE = Point({})


@dataclass(frozen=True)
class Row:
    """What is said about one answer.  reading: as the grader reads it; node: the same, to be typeset."""

    entry: Entry
    state: str
    reading: str = ""
    node: Node | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """What looking at an answer needs beside the answer: the sheet, the language, the student's own object."""

    sheet: Sheet
    entry: Entry
    language: str
    raw: Any = field(default=None, repr=False)

    def say(self, key: str, **fields: str) -> str:
        """A sentence of the catalogue."""
        return sentence(key, fields, self.language)


def look(sheet: Sheet, entry: Entry, space: Mapping[str, Any], language: str) -> Row:
    """One answer, found by its name among the student's names.  Never raises for what a student wrote."""
    desk = Desk(sheet, entry, language, space.get(entry.name))
    value = plain(desk.raw) if entry.name in space else Missing()
    if is_blank(value):
        return Row(entry, BLANK)
    try:
        return KINDS[entry.kind](desk, value)
    except AnswerError as error:
        return Row(entry, UNREADABLE, notes=(error_text(error, language),))


def plain(value: Any, depth: int = 0) -> Value:
    """A student's object as plain data, just as the grader's sandbox hands it over: exactly these types.

    >>> plain(len), plain({1, 2})
    (FunctionValue(name='len', parameters=()), Opaque(type_name='set', why=''))
    """
    kind = type(value)
    if value is None or kind in (bool, float, complex, Fraction):
        return value
    if kind is int:
        return value if value.bit_length() <= MOST_BITS else Opaque("int", "too many digits")
    if kind is str:
        return value[:MOST_TEXT].encode("utf-8", "replace").decode("utf-8")
    if kind in (tuple, list) and depth < MOST_DEPTH and len(value) <= MOST_ITEMS:
        return kind(plain(item, depth + 1) for item in value)
    if kind is dict:
        return {}
    if kind is types.FunctionType:
        code = value.__code__
        return FunctionValue(value.__name__, code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    if kind in (types.BuiltinFunctionType, types.MethodType, type) or kind.__name__ in ("partial", "ufunc"):
        return FunctionValue(str(getattr(value, "__name__", kind.__name__)))
    return _of_packages(value, kind)


def _of_packages(value: Any, kind: type) -> Value:
    """Values of numpy and sympy, known by their names: neither is needed here."""
    package = kind.__module__.split(".")[0]
    if package == "numpy" and getattr(getattr(value, "dtype", None), "kind", "") in NUMBERS:
        return value.tolist()
    if package == "sympy" and hasattr(value, "free_symbols"):
        return SympyText(str(value)[:MOST_TEXT])
    return Opaque(kind.__name__)


# --- each kind of answer ---


def _formula(desk: Desk, value: Value) -> Row:
    node = read(value, desk.entry.names)
    return _told(desk, node, Row(desk.entry, READ, to_text(node), node))


def _number(desk: Desk, value: Value) -> Row:
    written = read(value, desk.entry.names, number=True, percent=desk.entry.percent)
    node = substitute(written, desk.entry.given)
    row = Row(desk.entry, READ, to_text(written), written)
    if isinstance(node, Tuple):
        return row
    try:
        found = to_text(Number(value_at(node, NOWHERE)))
    except NoValue as error:
        raise AnswerError("no-value", text=row.reading, fields={"why": str(error)}) from None
    except Inexact:
        return _told(desk, node, row)
    if found != row.reading:
        row = replace(row, reading=f"{row.reading} = {found}", node=None)
    return _told(desk, node, row)


def _derivation(desk: Desk, value: Value) -> Row:
    lines = lines_of(value)
    if lines is None:
        raise AnswerError("not-a-list-of-steps", fields={"type": type_name(value)})
    steps: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            steps += map(to_text, read_line(line, desk.entry.names))
        except AnswerError as error:
            note = f"{desk.say('check.step', step=str(number))} {error_text(error, desk.language)}"
            return Row(desk.entry, UNREADABLE, notes=(note,))
    return Row(desk.entry, READ, "\n".join(steps))


def _choice(desk: Desk, value: Value) -> Row:
    chosen = options_of(value)
    fields = {"options": ", ".join(desk.entry.options)}
    if chosen is None:
        raise AnswerError("not-a-choice", fields=fields)
    unknown = [option for option in chosen if option not in desk.entry.options]
    if unknown:
        raise AnswerError("unknown-option", fields=fields | {"option": unknown[0]})
    return Row(desk.entry, READ, ", ".join(chosen))


def _written(desk: Desk, value: Value) -> Row:
    if not isinstance(value, str):
        raise AnswerError("not-a-text", fields={"type": type_name(value)})
    return Row(desk.entry, READ, value)


def _function(desk: Desk, value: Value) -> Row:
    """A function is there and runs on the public example; whether what it returns is right is not known here."""
    if not isinstance(value, FunctionValue):
        raise AnswerError("not-a-function", fields={"type": type_name(value)})
    row = Row(desk.entry, READ, f"{desk.entry.name}({', '.join(value.parameters)})")
    try:
        arguments = _arguments(desk.entry.arguments)
    except LookupError:
        row = replace(row, notes=(desk.say("check.not-run", package="numpy"),))
        arguments = None
    if arguments is None:
        return Row(desk.entry, BLANK) if _is_starter(desk.raw) else row
    watch = Watch(desk.sheet.seconds)
    case = desk.entry.case.get(desk.language) or desk.entry.case.get("en", "")
    try:
        with contextlib.redirect_stdout(io.StringIO()), watch:
            result = desk.raw(*copy.deepcopy(arguments))
    except KeyboardInterrupt:
        if not watch.rang:  # a person's own Ctrl-C
            raise
        return replace(row, state=UNREADABLE, notes=(desk.say("timeout", seconds=f"{desk.sheet.seconds:g}"),))
    except NotImplementedError:
        return Row(desk.entry, BLANK)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - shown to its author
        if isinstance(error, NameError | ModuleNotFoundError) and _numpy() is None:
            return replace(row, notes=(desk.say("check.not-run", package="numpy"),))
        return replace(row, state=UNREADABLE, notes=_failed(desk, error, case))
    if result is None:
        return Row(desk.entry, BLANK, notes=(desk.say("returned-none"),))
    if is_blank(plain(result)):
        return Row(desk.entry, BLANK)
    return replace(row, notes=(desk.say("check.ran", case=case, result=shape_of(result)),))


def _is_starter(function: Any) -> bool:
    """Whether a function that cannot be tried out is the starter's, which does nothing but `return ...`."""
    code = getattr(function, "__code__", None)
    return code is not None and not code.co_names and any(one is Ellipsis for one in code.co_consts)


def _failed(desk: Desk, error: BaseException, case: str) -> tuple[str, ...]:
    failure = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    line = _line_of(error, desk.raw)
    where = desk.say("exception.line", line=str(line)) if line else ""
    notes = (f"{desk.say('exception', failure=failure)} {where}".rstrip(), desk.say("value.case", case=case))
    expected = desk.say("check.parameters", signature=desk.entry.call)
    return (*notes, expected) if isinstance(error, TypeError) and "argument" in str(error) else notes


def _line_of(error: BaseException, function: Any) -> int:
    """The last line of the function's own file or cell that an error passed through; 0 where there is none."""
    own, line, at = getattr(getattr(function, "__code__", None), "co_filename", ""), 0, error.__traceback__
    while at is not None:
        line = at.tb_lineno if at.tb_frame.f_code.co_filename == own else line
        at = at.tb_next
    return line


def _arguments(plain_arguments: Sequence[Any] | None) -> list[Any] | None:
    """The inputs of the public example; None where there are none.

    Raises LookupError where numpy is not there to make them.
    """
    return None if plain_arguments is None else [_argument(one) for one in plain_arguments]


def _argument(one: Any) -> Any:
    if isinstance(one, dict) and "array" in one:
        numpy = _numpy()
        if numpy is None:
            raise LookupError("numpy")
        return numpy.array(one["array"], dtype=one["dtype"])
    if isinstance(one, dict):
        return tuple(_argument(part) for part in one["tuple"])
    return [_argument(part) for part in one] if isinstance(one, list) else one


def _numpy() -> Any:
    """NumPy, where this Python has it."""
    try:
        return sys.modules.get("numpy") or __import__("numpy")
    except ImportError:
        return None


def shape_of(result: Any) -> str:
    """The type of a result, with shapes: what may be seen of it without knowing what is right.

    >>> shape_of((1, [2.0, 3.0]))
    'tuple: int, list of 2'
    """
    kind = type(result).__name__
    if isinstance(result, tuple):
        return f"{kind}: {', '.join(map(shape_of, result[:9]))}"
    if isinstance(result, list | dict):
        return f"{kind} of {len(result)}"
    shape = getattr(result, "shape", None)
    return f"{kind} {shape}" if isinstance(shape, tuple) and shape else kind


KINDS: Mapping[str, Callable[[Desk, Value], Row]] = {
    "Formula": _formula,
    "Number": _number,
    "Derivation": _derivation,
    "Choice": _choice,
    "Written": _written,
    "Function": _function,
}


# --- what a higher level tells ---


def _mark(desk: Desk, node: Node) -> str:
    """The slow hash of a formula's values; "" where nothing can be told: not every answer has exact values."""
    if not desk.entry.seals:
        return ""
    try:
        return sealed(witness(node, desk.entry.points), desk.entry.salt, desk.sheet.cost)
    except Inexact:
        return ""


def _told(desk: Desk, node: Node, row: Row) -> Row:
    """Right or not, where exact values decide it; worked points, where the teacher shows some."""
    entry, state, notes = desk.entry, row.state, [*row.notes]
    if desk.sheet.level != LEVELS[0]:
        mark = _mark(desk, node)
        state = (RIGHT if mark in entry.seals else WRONG) if mark else READ
        if not mark:
            notes.append(desk.say("check.undecided"))
    for point, value in entry.examples if state != RIGHT else ():
        at = ", ".join(f"{name} = {number}" for name, number in point.symbols.items())
        try:
            own = " ".join(values_at(node, point))
            notes.append(desk.say("check.example", at=at, value=value, own=own))
        except Inexact:
            notes.append(desk.say("check.example-only", at=at, value=value))
    return replace(row, state=state, notes=tuple(notes))
