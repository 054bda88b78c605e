"""grader.toml -> a frozen Config: every number that a teacher may change, checked, with file and line.

All errors are reported at once, each with what is wrong and what to write.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Union, get_type_hints

from annotated_types import Ge, Gt, Le

from autograder.errors import ConfigError, ConfigProblem

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["AssignmentConfig", "Config", "Credit", "Feedback", "Limits", "Tolerances", "find", "load"]

FILE = "grader.toml"
Level = Literal["received", "verdict", "hint", "counterexample", "full"]
Language = Literal["en", "fa"]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
Share = Annotated[Fraction, Ge(0), Le(1)]
Points = Annotated[Fraction, Ge(0)]
STRICT: Any = {"extra": "forbid", "strict": False}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use.  Seconds are of the wall clock; sizes are in MiB and KiB."""

    __pydantic_config__: ClassVar[Any] = STRICT
    cell_seconds: Annotated[float, Gt(0)] = 10.0
    call_seconds: Annotated[float, Gt(0)] = 5.0
    submission_seconds: Annotated[float, Gt(0)] = 120.0
    memory_mb: Annotated[int, Ge(64)] = 1024
    output_kb: Annotated[int, Ge(1)] = 64
    file_mb: Annotated[int, Ge(0)] = 16
    processes: Annotated[int, Ge(1)] = 64
    open_files: Annotated[int, Ge(16)] = 64
    submission_mb: Annotated[int, Ge(1)] = 64
    members: Annotated[int, Ge(1)] = 2000
    require: tuple[Literal["uid", "no_new_privs", "rlimits", "landlock", "seccomp"], ...] = ()


@dataclass(frozen=True, slots=True)
class Tolerances:
    """numpy's meaning, for the outputs of functions; counts are always exact."""

    __pydantic_config__: ClassVar[Any] = STRICT
    rtol: Annotated[float, Ge(0), Le(1)] = 1e-9
    atol: Annotated[float, Ge(0)] = 0.0


@dataclass(frozen=True, slots=True)
class Credit:
    """Shares of a problem's points for answers that are not simply right."""

    __pydantic_config__: ClassVar[Any] = STRICT
    convention: Share = Fraction(1, 2)
    follow_through: Share = Fraction(1, 2)
    rounding: Share = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a student is told: a level for all, other levels by problem; reveal: examples may show our value."""

    __pydantic_config__: ClassVar[Any] = STRICT
    level: Level = "hint"
    levels: Mapping[str, Level] = field(default_factory=dict)
    reveal: bool = False
    after: Mapping[Level, Annotated[int, Ge(1)]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Late:
    """A late penalty: this share of the score for each day begun, up to so many days; applied when exporting."""

    __pydantic_config__: ClassVar[Any] = STRICT
    per_day: Share = Fraction(0)
    days: Annotated[int, Ge(0)] = 0


@dataclass(frozen=True, slots=True)
class AssignmentConfig:
    """One assignment: title, language, points by answer, feedback and what of the course's settings differs."""

    __pydantic_config__: ClassVar[Any] = STRICT
    title: Mapping[Language, str] = field(default_factory=dict)
    type: Literal["homework", "exam"] = "homework"
    language: Union[Language, None] = None  # noqa: UP007 - pydantic reads this on Python 3.10
    points: Mapping[str, Points] = field(default_factory=dict)
    due: str = ""
    visibility: Visibility = "visible"
    feedback: Union[Feedback, None] = None  # noqa: UP007
    credit: Union[Credit, None] = None  # noqa: UP007
    tolerances: Union[Tolerances, None] = None  # noqa: UP007
    late: Late = field(default_factory=Late)
    modules: tuple[str, ...] = ()

    def points_of(self, name: str) -> Fraction:
        """The points of one answer: its own, or the default of the assignment, or 1."""
        return self.points.get(name, self.points.get("default", Fraction(1)))


@dataclass(frozen=True, slots=True)
class Course:
    """The course as students see it, and the secret that keys hidden inputs: keep it out of what students get."""

    __pydantic_config__: ClassVar[Any] = STRICT
    name: str = ""
    term: str = ""
    language: Language = "en"
    secret: str = "change me"  # noqa: S105 - said to be changed


@dataclass(frozen=True, slots=True)
class Config:
    """A whole grader.toml.  path is the file itself; solutions/ and assignments/ lie beside it."""

    __pydantic_config__: ClassVar[Any] = STRICT
    course: Course = field(default_factory=Course)
    assignments: Mapping[str, AssignmentConfig] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    tolerances: Tolerances = field(default_factory=Tolerances)
    credit: Credit = field(default_factory=Credit)
    feedback: Feedback = field(default_factory=Feedback)
    path: Path = Path(FILE)

    @property
    def root(self) -> Path:
        """The folder that holds grader.toml."""
        return self.path.resolve().parent

    def assignment(self, name: str) -> AssignmentConfig:
        """The settings of one assignment; one that is not configured has the defaults."""
        return self.assignments.get(name, AssignmentConfig())

    def feedback_of(self, name: str) -> Feedback:
        """The feedback settings in force for an assignment: an exam says nothing unless it is told to."""
        own = self.assignment(name)
        if own.feedback is not None:
            return own.feedback
        return Feedback(level="received") if own.type == "exam" else self.feedback

    def language_of(self, name: str) -> str:
        """The language that an assignment's students read."""
        return self.assignment(name).language or self.course.language


def find(start: Path) -> Path:
    """The nearest grader.toml at or above a folder.

    Raises ConfigError where there is none.
    """
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / FILE).is_file():
            return folder / FILE
    advice = "Go to the course's folder, or name the file with --config FILE."
    raise ConfigError([ConfigProblem(str(start), None, f"there is no {FILE} here or above.", advice)])


def load(path: Path) -> Config:
    """Read and check a grader.toml.

    Raises ConfigError with every problem of the file: its line, what is wrong, what to write.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        text = path.read_text(encoding="utf-8")
        plain = tomllib.loads(text)
    except OSError as error:
        raise ConfigError([ConfigProblem(str(path), None, f"cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError:
        raise ConfigError([ConfigProblem(str(path), None, "is not UTF-8 text.")]) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        problem = ConfigProblem(str(path), int(place.group(1)) if place else None, f"is no valid TOML: {error}.")
        raise ConfigError([problem]) from None
    if "path" in plain:
        raise ConfigError(
            [ConfigProblem(str(path), _line(text, ("path",)), "unknown key 'path'.", "Delete the line.")]
        )
    try:
        return TypeAdapter(Config).validate_python({**plain, "path": path})
    except ValidationError as error:
        problems = [_problem(path, text, plain, entry) for entry in error.errors()]
        raise ConfigError(sorted(set(problems), key=lambda one: (one.line or 0, one.message))) from None


def _problem(path: Path, text: str, plain: Mapping[str, Any], entry: Mapping[str, Any]) -> ConfigProblem:
    """One of pydantic's findings in a teacher's words."""
    place = tuple(str(part) for part in entry["loc"] if _is_key(plain, entry["loc"], part))
    dotted = ".".join(place)
    line = _line(text, place)
    if entry["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return ConfigProblem(str(path), line, f"unknown key {dotted!r}.", _did_you_mean(place))
    shown = repr(entry["input"]) if not isinstance(entry["input"], dict) else "a table"
    reason = str(entry["msg"]).replace("Input should be", "it must be").replace("Value error, ", "")
    return ConfigProblem(str(path), line, f"{dotted} = {shown}.", reason[0].upper() + reason[1:] + ".")


def _is_key(plain: Mapping[str, Any], place: Sequence[Any], part: Any) -> bool:
    """Whether a part of pydantic's location is a key of the file (it adds names of its own for unions)."""
    if isinstance(part, int) or part == "[key]":
        return False
    return not (isinstance(part, str) and (part[:1].isupper() or part.startswith(("literal[", "constrained"))))


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


def _line(text: str, place: Sequence[str]) -> int | None:
    """The line of a dotted key: under the longest table header that begins it."""
    best: int | None = None
    header: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        table = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$", line)
        if table:
            header = _keys(table.group(1))
            if header == tuple(place[: len(header)]):
                best = number if best is None or len(header) == len(place) else best
            continue
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if key and header + _keys(key.group(1)) == tuple(place[: len(header) + len(_keys(key.group(1)))]):
            return number
    return best


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
