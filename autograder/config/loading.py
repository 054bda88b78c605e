"""grader.toml -> a frozen Config, or everything that is wrong with the file at once.

What an assignment says about feedback, credit, tolerances or limits overrides the course's settings key by key.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from autograder.config.schema import Config
from autograder.errors import ConfigError, ConfigProblem

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["check_names", "find", "load"]

FILE = "grader.toml"
OVERRIDDEN = ("feedback", "credit", "tolerances", "limits")  # tables of the course that an assignment may override


def find(start: Path) -> Path:
    """The nearest grader.toml at or above a folder.

    Raises ConfigError where there is none.
    """
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / FILE).is_file():
            return folder / FILE
    advice = "Go to the course's folder, name the file with --config FILE, or begin: autograder new homework hw1"
    raise ConfigError([ConfigProblem(str(start), None, f"there is no {FILE} here or above.", advice)])


def load(path: Path) -> Config:
    """Read and check a grader.toml.

    Raises ConfigError with every problem of the file: its line, what is wrong, what to write.
    """
    from pydantic import TypeAdapter, ValidationError

    text, plain = _toml(path)
    problems = []
    if "path" in plain:  # a field of ours, which a file must not set
        problems.append(_unknown(path, text, ("path",)))
        del plain["path"]
    adapter = TypeAdapter(Config)
    try:
        adapter.validate_python(plain)
    except ValidationError as error:
        problems += [_problem(path, text, entry) for entry in error.errors()]
    if problems:
        raise ConfigError(sorted(set(problems), key=lambda one: (one.line or 0, one.message)))
    config = adapter.validate_python(_inherited(plain))
    return replace(
        config, path=path, course=replace(config.course, secret=_secret(config.course.secret, path, text))
    )


def _toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text and what TOML makes of it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except OSError as error:
        problem = ConfigProblem(str(path), None, f"cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        problem = ConfigProblem(str(path), None, "is not UTF-8 text.", "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place.group(1)) if place else len(text.splitlines())
        reason = re.sub(r" \(at .*\)$", "", str(error))
        problem = ConfigProblem(
            str(path), line, f"is no valid TOML: {reason}.", "See https://toml.io for its rules."
        )
    raise ConfigError([problem])


def _inherited(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Each assignment's tables laid over the course's; an exam says nothing unless the exam itself is told to."""
    assignments = {}
    for name, own in plain.get("assignments", {}).items():
        merged = dict(own)
        for table in OVERRIDDEN:
            base = plain.get(table, {})
            if table == "feedback" and own.get("type") == "exam":
                base = {"level": "received"}
            if table in own:
                merged[table] = {**base, **own[table]}
        assignments[name] = merged
    return {**plain, "assignments": assignments}


def _secret(secret: str, path: Path, text: str) -> str:
    """The secret itself, from where grader.toml says that it is."""
    kind, _, rest = secret.partition(":")
    found, advice = secret, 'Write a text, "env:NAME" or "file:PATH".'
    if kind == "env":
        found, advice = os.environ.get(rest, ""), f"Set the variable {rest} of the environment."
    elif kind == "file":
        target, advice = path.parent / rest, f"Write the secret into the file {rest}."
        found = target.read_text(encoding="utf-8").strip() if target.is_file() else ""
    if not found:
        line = _line(text, ("course", "secret"))
        raise ConfigError([ConfigProblem(str(path), line, f"course.secret = {secret!r} holds no secret.", advice)])
    return found


def check_names(config: Config, assignment: str, names: Iterable[str]) -> None:
    """Refuse points and feedback levels for answers that the assignment does not have.

    Raises ConfigError with each such name, its line, and the answer that may be meant.
    """
    known, own = [*names], config.assignment(assignment)
    feedback = own.feedback.levels if own.feedback else {}
    places: list[tuple[str, ...]] = [("points", name) for name in own.points if name not in (*known, "default")]
    places += [("feedback", "levels", name) for name in feedback if name not in (*known, *config.feedback.levels)]
    if not places:
        return
    text = config.path.read_text(encoding="utf-8-sig")
    problems = []
    for place in places:
        close = difflib.get_close_matches(place[-1], known, n=1)
        advice = f"Did you mean {close[0]!r}?" if close else f"See: autograder list {assignment}"
        line = _line(text, ("assignments", assignment, *place))
        message = f"{assignment} has no answer {place[-1]!r}."
        problems.append(ConfigProblem(str(config.path), line, message, advice))
    raise ConfigError(problems)


# --- what is wrong, in a teacher's words ---


def _problem(path: Path, text: str, entry: Mapping[str, Any]) -> ConfigProblem:
    """One of pydantic's findings in a teacher's words."""
    is_name = "[key]" in entry["loc"]
    place = tuple(part for part in entry["loc"] if isinstance(part, str) and part != "[key]")
    if entry["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return _unknown(path, text, place)
    reason = str(entry["msg"]).removeprefix("Value error, ").replace("Input should be", "It must be")
    for theirs, ours in IN_OTHER_WORDS.items():
        reason = re.sub(theirs, ours, reason)
    line, dotted = _line(text, place), ".".join(place)
    if is_name:
        return ConfigProblem(str(path), line, f"unknown key {dotted!r}.", f"{reason}.")
    shown = "a table" if isinstance(entry["input"], dict) else repr(entry["input"])[:60]
    return ConfigProblem(str(path), line, f"{dotted} = {shown}.", f"{_meant(entry)}{reason}.")


def _meant(entry: Mapping[str, Any]) -> str:
    """Of a few allowed words the one that was probably meant."""
    if entry["type"] != "literal_error" or not isinstance(entry["input"], str):
        return ""
    allowed = re.findall(r"'(\w+)'", entry["ctx"]["expected"])
    close = difflib.get_close_matches(entry["input"].lower(), allowed, n=1)
    return f"Did you mean {close[0]!r}? " if close else ""


IN_OTHER_WORDS = {
    "a valid string": "a text in quotes",
    "a valid tuple": "a list",
    r"a valid dictionary|a dictionary or an instance of \w+": "a table",
    "greater than or equal to": "at least",
    "less than or equal to": "at most",
    "greater than": "more than",
}


def _unknown(path: Path, text: str, place: Sequence[str]) -> ConfigProblem:
    return ConfigProblem(str(path), _line(text, place), f"unknown key {'.'.join(place)!r}.", _did_you_mean(place))


def _did_you_mean(place: Sequence[str]) -> str:
    known = _known_keys(place[:-1])
    close = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known keys here: {', '.join(known)}." if known else "Delete the line."


def _known_keys(place: Sequence[str]) -> list[str]:
    """The keys that a table of the file may have."""
    current: Any = Config
    any_name = False  # the next part is the teacher's own name, such as hw1
    for part in place:
        if any_name:
            any_name = False
            continue
        hint = get_type_hints(current).get(part) if is_dataclass(current) else None
        any_name = "Mapping" in repr(hint)
        current = _dataclass_in(hint)
    return [entry.name for entry in fields(current) if entry.name != "path"] if is_dataclass(current) else []


def _dataclass_in(hint: Any) -> Any:
    """The dataclass that a hint such as Mapping[str, AssignmentConfig] or Feedback | None leads to."""
    if is_dataclass(hint):
        return hint
    return next((found for part in getattr(hint, "__args__", ()) if (found := _dataclass_in(part))), None)


PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
DOTTED = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"\s*\[\[?\s*({DOTTED})\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(rf"\s*({DOTTED})\s*=")


def _line(text: str, place: Sequence[str]) -> int | None:
    """The line of a key: its own, or that of the table header that leads furthest to it.

    >>> _line('[course]\\nname = "x"\\n', ("course", "name")), _line("[a]\\n[a.b]\\n", ("a", "b", "c"))
    (2, 2)
    """
    best: int | None = None
    header: tuple[str, ...] = ()
    longest = 0
    for number, line in enumerate(text.splitlines(), start=1):
        table, key = HEADER.match(line), KEY.match(line)
        if table:
            header = _parts(table.group(1))
            if header == tuple(place[: len(header)]) and len(header) > longest:
                best, longest = number, len(header)
        elif key:
            full = header + _parts(key.group(1))
            if full == tuple(place[: len(full)]):
                return number
    return best


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(PART, dotted))
