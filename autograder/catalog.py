"""solutions/ -> {name: Assignment}: loads the problem values that an author wrote, and says where a slip is."""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder import problem as problems
from autograder.errors import ConfigError, ConfigProblem
from autograder.problem import Problem
from autograder.problem.flaws import flaws

__all__ = ["Assignment", "line_of", "load", "names"]


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
                slips += _flawed(path, problem, places)
                if problem.name not in places:
                    places[problem.name] = path
                    found.append(problem)
    if not slips:
        slips += _unknown_given(found, places)
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


def _flawed(path: Path, problem: Problem, places: Mapping[str, Path]) -> Iterator[ConfigProblem]:
    """What is wrong with how a problem is declared, each with its line."""
    for flaw in flaws(problem):
        line = line_of(path, problem.name, flaw.near)
        yield ConfigProblem(str(path), line, f"{problem.name}: {flaw.message}", flaw.advice)
    if problem.name in places:
        other = places[problem.name]
        line = _lines(path, [problem.name])[-1] if other == path else line_of(path, problem.name)
        where = f"{other.name}:{line_of(other, problem.name)}"
        message = f"the name {problem.name!r} is already used in {where}."
        yield ConfigProblem(str(path), line, message, "Choose another name.")


def _unknown_given(problems: Sequence[Problem], places: Mapping[str, Path]) -> Iterator[ConfigProblem]:
    """Earlier answers that a problem is given have to exist."""
    known = {problem.name for problem in problems}
    for problem in problems:
        for name in (name for name in problem.given if name not in known):
            advice = _closest(name, sorted(known)) or "It names other answers of this homework."
            path = places[problem.name]
            message = f"{problem.name}: given holds {name!r}, which is no answer here."
            yield ConfigProblem(str(path), line_of(path, problem.name, "given="), message, advice)


def _problems(path: Path, assignment: str, slips: list[ConfigProblem]) -> Sequence[Problem]:
    try:
        module = _execute(path, assignment)
    except Exception as error:  # noqa: BLE001 - whatever an author's file raises is shown to its author
        slips.append(_slip(path, error))
        return ()
    declared = getattr(module, "PROBLEMS", ())
    message, advice = "", "Write PROBLEMS = [Formula(...), ...]"
    if not isinstance(declared, Sequence) or isinstance(declared, str):
        message, advice = f"PROBLEMS is {declared!r:.60}, no list.", f"{advice}, in brackets also for a single one."
    elif wrong := [entry for entry in declared if not isinstance(entry, Problem)]:
        message, advice = f"PROBLEMS holds {wrong[0]!r:.60}, which is no problem.", "List problems only."
    elif not hasattr(module, "PROBLEMS") and _has_problems(module):
        message, advice = "declares problems, but no PROBLEMS.", f"{advice} at its end."
    if message:
        lines = _lines(path, ["PROBLEM"])
        slips.append(ConfigProblem(str(path), lines[0] if lines else None, message, advice))
        return ()
    return tuple(declared)


def _has_problems(module: ModuleType) -> bool:
    """Whether a file that lists no PROBLEMS holds some under another name; it may also only help others."""
    values = [*vars(module).values()]
    return any(
        isinstance(one, Problem) for value in values for one in (value if isinstance(value, list) else [value])
    )


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
    line = lines[-1] if lines else None
    return ConfigProblem(str(path), line, f"{type(error).__name__}: {error}", _meant(error))


def _meant(error: Exception) -> str:
    """What an author may have meant who misspelt a name or left a field out."""
    text, known = str(error), list[str]()
    if call := re.match(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", text):
        declared = getattr(problems, call.group(1), None)
        known = [entry.name for entry in fields(declared)] if declared else []
        return _closest(call.group(2), known) or f"Known here: {', '.join(known)}."
    if missing := re.search(r"missing \d+ required .*?: (.*)", text):
        return f"Add {missing.group(1)}."
    if isinstance(error, ModuleNotFoundError):
        return "Is its name right, and is it installed?"
    if isinstance(error, NameError) and error.__traceback__:
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        return _closest(error.name or "", [*frame.f_globals]) or "Define or import it above this line."
    return "The file stopped here."


def _closest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else ""


def line_of(path: Path, name: str, near: str = "") -> int | None:
    """The line where a problem is declared, or the first one from there on that holds a text of its declaration."""
    declared = _lines(path, [f'name="{name}"', f"name='{name}'"]) or _lines(path, [f'"{name}"', f"'{name}'"])
    start = declared[0] if declared else 1
    close = _lines(path, [near, near.replace('"', "'")]) if near else []
    after = [line for line in close if line >= start]
    return next(iter([*after, *close[::-1], *declared]), None)


def _lines(path: Path, texts: Sequence[str]) -> list[int]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    code = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    return [number for number, line in code if any(text in line for text in texts)]


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return "sha256:" + digest.hexdigest()[:16]
