"""What a grader.toml may hold: frozen dataclasses, which pydantic checks when the file is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Union

from annotated_types import Ge, Gt, Le

__all__ = [
    "AssignmentConfig",
    "Check",
    "Config",
    "Course",
    "Credit",
    "Feedback",
    "Late",
    "Limits",
    "Otter",
    "Tolerances",
]

STRICT: Any = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Reads:
    """Marks a field: its TOML value goes through this function first, which raises ValueError with the advice."""

    function: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """What pydantic asks of a mark; imported here because grading must start quickly."""
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self.function, handler(source))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Write a whole number")
    return value


def _decimal(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e15:
        raise ValueError("Write a number")
    return float(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Write true or false, without quotes")
    return value


def _exact(value: Any) -> Fraction:
    """Points and shares are exact: 0.1 means a tenth, and "1/3" a third."""
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        pass
    raise ValueError('Write a number, or a fraction in quotes such as "1/3"')


def _moment(value: Any) -> str:
    """A date and time with its offset, as TOML writes it or in quotes; "" for none."""
    if isinstance(value, date):
        return value.isoformat()
    try:
        if value:
            datetime.fromisoformat(value.replace("Z", "+00:00"))
        return str(value)
    except (AttributeError, TypeError, ValueError):
        raise ValueError("Write a date and time such as 2026-12-01T23:59:00+03:30") from None


Whole = Annotated[int, Reads(_whole)]
Decimal = Annotated[float, Reads(_decimal)]
Truth = Annotated[bool, Reads(_truth)]
Share = Annotated[Fraction, Reads(_exact), Ge(0), Le(1)]
Points = Annotated[Fraction, Reads(_exact), Ge(0)]
Level = Literal["received", "verdict", "hint", "counterexample", "full"]
LEVELS = ("received", "verdict", "hint", "counterexample", "full")
Language = Literal["en", "fa"]
Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use.  Seconds are of the wall clock; sizes are in MiB and KiB."""

    __pydantic_config__: ClassVar[Any] = STRICT
    cell_seconds: Annotated[Decimal, Gt(0)] = 10.0
    call_seconds: Annotated[Decimal, Gt(0)] = 5.0
    submission_seconds: Annotated[Decimal, Gt(0)] = 120.0
    memory_mb: Annotated[Whole, Ge(64)] = 1024
    output_kb: Annotated[Whole, Ge(1)] = 64
    file_mb: Annotated[Whole, Ge(0)] = 16
    processes: Annotated[Whole, Ge(1)] = 64
    open_files: Annotated[Whole, Ge(16)] = 64
    submission_mb: Annotated[Whole, Ge(1)] = 64
    members: Annotated[Whole, Ge(1)] = 2000
    require: tuple[Literal["uid", "no_new_privs", "rlimits", "landlock", "seccomp"], ...] = ()


@dataclass(frozen=True, slots=True)
class Tolerances:
    """numpy's meaning, for the outputs of functions; counts are always exact."""

    __pydantic_config__: ClassVar[Any] = STRICT
    rtol: Annotated[Decimal, Ge(0), Le(1)] = 1e-9
    atol: Annotated[Decimal, Ge(0)] = 0.0


@dataclass(frozen=True, slots=True)
class Credit:
    """Shares of a problem's points for answers that are not simply right."""

    __pydantic_config__: ClassVar[Any] = STRICT
    convention: Share = Fraction(1, 2)
    follow_through: Share = Fraction(1, 2)
    rounding: Share = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a student is told: a level for all, other levels by problem; reveal: examples may show our value.

    The level full is said after the due date; until then such answers are at the level counterexample.
    """

    __pydantic_config__: ClassVar[Any] = STRICT
    level: Level = "hint"
    levels: Mapping[str, Level] = field(default_factory=dict)
    reveal: Truth = False
    after: Mapping[Level, Annotated[Whole, Ge(1)]] = field(default_factory=dict)

    def level_of(self, name: str, attempt: int | None = None, *, early: bool = False) -> str:
        """The level of one answer, at the attempt counted from 1: never above the level that is set.

        early: the due date has not passed.

        >>> slow = Feedback(level="counterexample", after={"hint": 2, "counterexample": 4})
        >>> [slow.level_of("q1", attempt) for attempt in (1, 2, 3, 4, None)]
        ['verdict', 'hint', 'hint', 'counterexample', 'counterexample']
        >>> Feedback(level="full").level_of("q1", early=True)
        'counterexample'
        """
        most = self._most(self.levels.get(name, self.level), early=early)
        if attempt is None:
            return most
        allowed, after = (
            LEVELS[: LEVELS.index(most) + 1],
            {str(level): count for level, count in self.after.items()},
        )
        earned = [level for level in allowed if attempt >= after.get(level, 1)]
        return earned[-1] if earned else LEVELS[0]

    @staticmethod
    def _most(level: str, *, early: bool) -> str:
        return "counterexample" if early and level == "full" else level

    def more_from(self, attempt: int, *, early: bool = False) -> int | None:
        """The next attempt from which on more is said than at this one; None where nothing more will be.

        >>> slow = Feedback(level="counterexample", after={"hint": 2, "counterexample": 4, "full": 9})
        >>> [slow.more_from(attempt) for attempt in (1, 2, 3, 4)]
        [2, 4, 4, None]
        """
        most = max(LEVELS.index(self._most(level, early=early)) for level in (self.level, *self.levels.values()))
        later = [count for level, count in self.after.items() if LEVELS.index(level) <= most and count > attempt]
        return min(later, default=None)


@dataclass(frozen=True, slots=True)
class Late:
    """A late penalty: this share of the score for each day begun, applied when exporting.

    days: from so many days on nothing more is taken; 0 where there is no such end.
    """

    __pydantic_config__: ClassVar[Any] = STRICT
    per_day: Share = Fraction(0)
    days: Annotated[Whole, Ge(0)] = 0

    def lost(self, seconds: int) -> Fraction:
        """The share of the score that a submission loses which is so late.

        >>> rule = Late(Fraction(1, 5), days=2)
        >>> [str(rule.lost(seconds)) for seconds in (0, 1, 86_400, 86_401, 999_999)]
        ['0', '1/5', '1/5', '2/5', '2/5']
        """
        begun = -(-max(0, seconds) // 86_400)
        return min(Fraction(1), self.per_day * (min(begun, self.days) if self.days else begun))


@dataclass(frozen=True, slots=True)
class Check:
    """What students can ask at home, without the key: parse says how an answer is read, verdict whether it is right
    (an oracle: whoever asks often enough finds the answer), examples shows worked points as well.
    """

    __pydantic_config__: ClassVar[Any] = STRICT
    level: Literal["parse", "verdict", "examples"] = "parse"


@dataclass(frozen=True, slots=True)
class Otter:
    """Where Otter's plugin runs student code: in Otter's kernel, or in our sandbox, which holds against attacks."""

    __pydantic_config__: ClassVar[Any] = STRICT
    run: Literal["kernel", "sandbox"] = "kernel"


@dataclass(frozen=True, slots=True)
class AssignmentConfig:
    """One assignment: title, language, points by answer, feedback and what of the course's settings differs.

    conventions: the share of the points for an answer that is right under a named convention; 1 makes it right.
    """

    __pydantic_config__: ClassVar[Any] = STRICT
    title: Mapping[Language, str] = field(default_factory=dict)
    type: Literal["homework", "exam"] = "homework"
    language: Union[Language, None] = None  # noqa: UP007 - pydantic reads this on Python 3.10
    points: Mapping[str, Points] = field(default_factory=dict)
    due: Annotated[str, Reads(_moment)] = ""
    visibility: Visibility = "visible"
    feedback: Union[Feedback, None] = None  # noqa: UP007
    credit: Union[Credit, None] = None  # noqa: UP007
    conventions: Mapping[str, Share] = field(default_factory=dict)
    tolerances: Union[Tolerances, None] = None  # noqa: UP007
    limits: Union[Limits, None] = None  # noqa: UP007
    late: Late = field(default_factory=Late)
    check: Check = field(default_factory=Check)
    otter: Otter = field(default_factory=Otter)
    modules: tuple[str, ...] = ()

    def points_of(self, name: str) -> Fraction:
        """The points of one answer: its own, or the default of the assignment, or 1."""
        return self.points.get(name, self.points.get("default", Fraction(1)))


@dataclass(frozen=True, slots=True)
class Course:
    """The course as students see it, and the secret that keys hidden inputs: keep it out of what students get.

    languages: those in which every text of a key has to be there; an audit finds one that is missing.
    secret: the text itself, or "env:NAME" for a variable of the environment, or "file:PATH" beside grader.toml.
    """

    __pydantic_config__: ClassVar[Any] = STRICT
    name: str = ""
    term: str = ""
    language: Language = "en"
    languages: tuple[Language, ...] = ("en", "fa")
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
    path: Path = Path("grader.toml")

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

    def limits_of(self, name: str) -> Limits:
        """What one submission of an assignment may use."""
        return self.assignment(name).limits or self.limits

    def language_of(self, name: str) -> str:
        """The language that an assignment's students read."""
        return self.assignment(name).language or self.course.language
