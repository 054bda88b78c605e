"""What a run sets up once: configuration, problems and options of one assignment; and the rows of its reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from fractions import Fraction

from autograder import __version__, cache, catalog
from autograder.catalog import Assignment
from autograder.config import Config, check_names
from autograder.errors import ConfigError, ConfigProblem
from autograder.grade import Graded
from autograder.gradescope.metadata import Standing, moment
from autograder.messages import Say
from autograder.problem import Problem
from autograder.problem.options import CheckOptions
from autograder.report import Report, Row, build, row
from autograder.verdict import Finding, Verdict

__all__ = ["Bench", "bench"]


@dataclass(frozen=True, slots=True)
class Bench:
    """What grading needs, set up once for all submissions of a run.

    attempt: of the submission at hand, counted from 1, where it is known; feedback may depend on it.
    early: the due date has not passed, so that nothing of the level full is said.
    """

    config: Config
    assignment: Assignment
    options: CheckOptions
    attempt: int | None = None
    early: bool = False

    def standing(self, known: Standing | None) -> Bench:
        """The same bench for a submission of which this is known."""
        if known is None:
            return self
        waits = self.early if known.closes is None else early(known.closes)
        return replace(self, attempt=known.attempt, early=waits)

    @property
    def language(self) -> str:
        """What students read."""
        return self.config.language_of(self.assignment.name)

    @property
    def title(self) -> str:
        """The assignment's title in that language, or in English."""
        titles = self.config.assignment(self.assignment.name).title
        found: dict[str, str] = {str(language): words for language, words in titles.items()}
        return found.get(self.language) or found.get("en", "")

    @property
    def total(self) -> Fraction:
        """The points of the whole assignment."""
        settings = self.config.assignment(self.assignment.name)
        return sum((settings.points_of(problem.name) for problem in self.assignment.problems), Fraction(0))

    def say(self, problem: Problem | None = None, level: str = "") -> Say:
        """To whom, in which language, at which level an answer's message speaks."""
        feedback = self.config.feedback_of(self.assignment.name)
        own = feedback.level_of(problem.name if problem else "", self.attempt, early=self.early)
        return Say(self.language, level or own, feedback.reveal)

    def row(self, graded: Graded, level: str = "") -> Row:
        """One answer's row with its points."""
        most = self.config.assignment(self.assignment.name).points_of(graded.problem.name)
        return row(graded.problem, self._kept(graded.verdict), most, self.say(graded.problem, level))

    def _kept(self, verdict: Verdict) -> Verdict:
        """The verdict without the news that this is right for another question whose verdict is kept back."""
        finding = verdict.finding
        if finding is None or finding.kind != "other_answer":
            return verdict
        feedback = self.config.feedback_of(self.assignment.name)
        level = feedback.level_of(finding.fields.get("other", ""), self.attempt, early=self.early)
        return replace(verdict, finding=None) if level == "received" else verdict

    def report(self, name: str, rows: Sequence[Row], notes: Sequence[Finding] = ()) -> Report:
        """A report of these rows."""
        own = self.assignment
        empty = Report(own.name, self.title, name, self.language, __version__, own.key, ())
        return build(empty, rows, notes)


def early(due: datetime | None) -> bool:
    """Whether a date is still to come.

    >>> early(None), early(datetime(2000, 1, 1, tzinfo=timezone.utc))
    (False, False)
    """
    return due is not None and datetime.now(timezone.utc) < due


def bench(config: Config, name: str | None) -> Bench:
    """The configuration, problems and options of one assignment; the only one there is if none is named."""
    folders = catalog.names(config.root)
    if name is None and len(folders) != 1:
        advice = f"Name it with -a: {', '.join(folders) or 'there is none yet'}."
        raise ConfigError([ConfigProblem(str(config.path), None, "several assignments are possible.", advice)])
    assignment = catalog.load(config.root, name or folders[0])
    check_names(config, assignment.name, [problem.name for problem in assignment.problems])
    own = config.assignment(assignment.name)
    known = {entry.id for problem in assignment.problems for entry in getattr(problem, "conventions", ())}
    for other in sorted(set(own.conventions) - known - {"percent-without-sign"}):
        advice = f"Conventions here: {', '.join(sorted(known))}."
        raise ConfigError([ConfigProblem(str(config.path), None, f"no answer has a convention {other!r}.", advice)])
    tolerances, credit = own.tolerances or config.tolerances, own.credit or config.credit
    secret = f"{config.course.secret}/{assignment.name}".encode()
    options = CheckOptions(
        secret=secret,
        rtol=tolerances.rtol,
        atol=tolerances.atol,
        convention_credit=credit.convention,
        partial_credit=credit.rounding,
        follow_credit=credit.follow_through,
        conventions=tuple(sorted(own.conventions.items())),
        questions=assignment.problems,
        keeper=cache.Kept(cache.folder("slips"), secret),
    )
    return Bench(config, assignment, options, early=early(moment(own.due)))
