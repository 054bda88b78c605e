"""Names that an author chooses: of a homework, an answer, a kind.  A poor one is refused with a better one."""

from __future__ import annotations

import builtins
import difflib
import keyword
import re
from collections.abc import Sequence

from autograder.errors import ConfigError, ConfigProblem

__all__ = ["answer_name", "closest", "homework_name", "kind_name"]

# what a student's file already uses
RESERVED = frozenset({"np", "sp", "numpy", "sympy", "grader", *keyword.kwlist, *keyword.softkwlist, *dir(builtins)})


def homework_name(text: str) -> str:
    """The name of a homework: folders, files and a table of grader.toml are called so.

    Raises ConfigError for any other text.

    >>> homework_name("hw2")
    'hw2'
    """
    if re.fullmatch(r"[a-z][a-z0-9_]*", text):
        return text
    better = re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9_]+", "", text.lower())) or "hw2"
    raise _refused(text, "is no name for a homework: small letters, digits and _ only.", better)


def answer_name(text: str) -> str:
    """The Python name of an answer, which a student's code defines; a hyphen becomes an underscore.

    Raises ConfigError where no variable or function may be called so.

    >>> answer_name("conv-params")
    'conv_params'
    """
    name = text.replace("-", "_")
    if name in RESERVED:
        raise _refused(text, "means something else in a student's code.", f"{name}_answer")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        return name
    better = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_").lower() or "weights"
    better = better if better[0].isalpha() else f"q{better}"
    raise _refused(text, "is no Python name: letters, digits and _, and a letter first.", better)


def kind_name(text: str, kinds: Sequence[str]) -> str:
    """One of the kinds of answer, however its letters are written.

    Raises ConfigError for any other text.

    >>> kind_name("Formula", ["formula", "number"])
    'formula'
    """
    if text.lower() in kinds:
        return text.lower()
    advice = f"{closest(text.lower(), kinds)}The kinds are: {', '.join(kinds)}."
    raise ConfigError([ConfigProblem("--kind", None, f"{text!r} is no kind of answer.", advice)])


def closest(text: str, known: Sequence[str]) -> str:
    """The sentence that asks whether a known name was meant, or nothing.

    >>> closest("formla", ["formula", "number"])
    "Did you mean 'formula'? "
    """
    close = difflib.get_close_matches(text, known, n=1)
    return f"Did you mean {close[0]!r}? " if close else ""


def _refused(text: str, why: str, better: str) -> ConfigError:
    return ConfigError([ConfigProblem(repr(text), None, why, f"Such as: {better}")])
