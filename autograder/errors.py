"""The two errors that are written for a person: one for the student, one for the author of an assignment.

Any other exception is a fault of ours: it makes an answer UNDECIDED, never wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["AnswerError", "ConfigError", "ConfigProblem"]


class AnswerError(Exception):
    """A student's answer could not be read: what, where in their own text, and what to write instead.

    code names the sentence in the message catalogues, fields what the sentence needs.
    text is the student's own text, offset the place in it (in characters, from 0), if there is one.

    >>> error = AnswerError("open-bracket", text="F*(D", offset=2)
    >>> error.code, error.offset
    ('open-bracket', 2)
    """

    def __init__(
        self, code: str, *, text: str = "", offset: int | None = None, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.offset = offset
        self.fields: Mapping[str, str] = dict(fields or {})


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that an author has to mend: where it is, what is wrong, what to do."""

    file: str
    line: int | None
    message: str
    advice: str = field(default="")

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}  {self.message}" + (f"\n    {self.advice}" if self.advice else "")


class ConfigError(Exception):
    """An author's mistake in grader.toml or in solutions/: stops the run before any grading (exit code 2).

    >>> print(ConfigError([ConfigProblem("grader.toml", 14, "points = -2.", "Write 0 or more.")]))
    grader.toml:14  points = -2.
        Write 0 or more.
    """

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
