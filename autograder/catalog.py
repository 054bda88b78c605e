"""solutions/ -> {name: Assignment}: loads the problem values that an author wrote, and says where a slip is."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import ConfigError, ConfigProblem
from autograder.problem import Problem

__all__ = ["Assignment", "load", "names"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The problems of one assignment in the order of the sheet.

    key: a digest of every file in its folder, which names this version of the answer key.
    places: where each problem's file is, for messages to its author.
    """

    name: str
    folder: Path
    problems: tuple[Problem, ...]
    key: str
    places: dict[str, Path] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Problem:
        return next(problem for problem in self.problems if problem.name == name)

    @property
    def checks(self) -> dict[str, list[str]]:
        """What a notebook's `grader.check` is about: the answers of an item, or one answer of that name."""
        found: dict[str, list[str]] = {}
        for problem in self.problems:
            found.setdefault(problem.item.check, []).append(problem.name)
        return {problem.name.lower(): [problem.name] for problem in self.problems} | found


def names(root: Path) -> list[str]:
    """The assignments that lie in solutions/ beside a grader.toml."""
    folder = root / "solutions"
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and any(entry.glob("[!_]*.py")))


def load(root: Path, name: str) -> Assignment:
    """Load solutions/<name>/*.py; files that begin with _ hold what the others share.

    Raises ConfigError with file and line where a file fails, where two problems have one name, or where the
    folder has no problem.
    """
    folder = root / "solutions" / name
    if not folder.is_dir():
        known = ", ".join(names(root)) or "none"
        advice = f"The assignments here are: {known}."
        raise ConfigError([ConfigProblem(str(folder), None, f"there is no assignment {name!r}.", advice)])
    found: list[Problem] = []
    places: dict[str, Path] = {}
    slips: list[ConfigProblem] = []
    with _importable(folder):
        for path in sorted(folder.glob("[!_]*.py"), key=_natural):
            for problem in _problems(path, name, slips):
                if problem.name in places:
                    message = f"the name {problem.name!r} is already used in {places[problem.name].name}."
                    slips.append(
                        ConfigProblem(str(path), _line(path, problem.name), message, "Choose another name.")
                    )
                    continue
                places[problem.name] = path
                found.append(problem)
    if not found and not slips:
        advice = "Write PROBLEMS = [Formula(...), ...] at the end of a file there."
        slips.append(ConfigProblem(str(folder), None, "no problem is declared here.", advice))
    if slips:
        raise ConfigError(slips)
    return Assignment(name, folder, tuple(found), _digest(folder), places)


def _natural(path: Path) -> list[Any]:
    """q2 comes before q10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.name)]


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Lets the files of one folder import what they share, and nothing of it stays behind."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None) or ""
            if Path(origin).parent == folder:
                del sys.modules[name]


def _problems(path: Path, assignment: str, slips: list[ConfigProblem]) -> Sequence[Problem]:
    try:
        declared = getattr(_execute(path, assignment), "PROBLEMS", ())
    except Exception as error:  # noqa: BLE001 - whatever an author's file raises is shown to its author
        slips.append(_slip(path, error))
        return ()
    for entry in declared:
        if not isinstance(entry, Problem):
            message = f"PROBLEMS holds {entry!r:.60}, which is no problem."
            slips.append(ConfigProblem(str(path), _line(path, "PROBLEMS"), message, "List problems only."))
            return ()
    return tuple(declared)


def _execute(path: Path, assignment: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"solutions_{assignment}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pickling look a module up by its name
    spec.loader.exec_module(module)
    return module


def _slip(path: Path, error: Exception) -> ConfigProblem:
    if isinstance(error, SyntaxError):
        return ConfigProblem(str(path), error.lineno, f"{error.msg}.", "Python cannot read this file.")
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return ConfigProblem(
        str(path), lines[-1] if lines else None, f"{type(error).__name__}: {error}", "The file stopped here."
    )


def _line(path: Path, text: str) -> int | None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text in line:
            return number
    return None


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return "sha256:" + digest.hexdigest()[:16]
