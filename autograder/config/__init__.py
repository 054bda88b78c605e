"""grader.toml: every number that a teacher may change, checked, with file and line."""

from autograder.config.loading import check_names, find, load
from autograder.config.schema import (
    AssignmentConfig,
    Check,
    Config,
    Course,
    Credit,
    Feedback,
    Late,
    Limits,
    Tolerances,
)

__all__ = [
    "AssignmentConfig",
    "Check",
    "Config",
    "Course",
    "Credit",
    "Feedback",
    "Late",
    "Limits",
    "Tolerances",
    "check_names",
    "find",
    "load",
]
