"""Every attack and every break is graded for real: no credit for cheats, none lost by the honest parts.

With the mark "slow": the same with Landlock, and with seccomp, switched off.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from attacks import ALL, ATTACKS, BREAKS, GOOD, WRONG

from autograder import catalog, config
from autograder.cache import Kept
from autograder.grade import grade
from autograder.messages import Say
from autograder.problem.indexes import build_indexes
from autograder.problem.options import CheckOptions
from autograder.render import gradescope, jsonform
from autograder.report import Report, build, row
from autograder.sandbox import Sandbox
from autograder.score import Fraction
from autograder.submission import read
from autograder.verdict import Status

HERE = Path(__file__).parent
CANARY = "CANARY-" + hashlib.sha256(b"hostile").hexdigest()[:32]
PLANTED = ("271828", "2.718282")
FULL = {Status.CORRECT}


@dataclass(frozen=True)
class Course:
    """The hostile course with its canary, a listener that nobody may reach, and a running sandbox."""

    folder: Path
    assignment: catalog.Assignment
    kept: Kept
    options: CheckOptions
    limits: config.Limits
    sandbox: Sandbox
    listener: socket.socket


@pytest.fixture(
    scope="module",
    params=[
        (),
        pytest.param(("landlock",), marks=pytest.mark.slow),
        pytest.param(("seccomp",), marks=pytest.mark.slow),
    ],
    ids=["all-walls", "no-landlock", "no-seccomp"],
)
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(HERE / "course", folder, dirs_exist_ok=True)
    for path in [*folder.rglob("*.py"), *folder.rglob("*.toml")]:
        path.write_text(path.read_text(encoding="utf-8").replace("{CANARY}", CANARY), encoding="utf-8")
    settings = config.load(folder / "grader.toml")
    assignment = catalog.load(folder, "hostile")
    kept = Kept(folder / "cache")
    options = CheckOptions(secret=b"hostile", questions=assignment.problems, keeper=kept)
    for problem in assignment.problems:
        build_indexes(problem, options)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        with Sandbox(settings.limits, without=request.param) as sandbox:
            yield Course(folder, assignment, kept, options, settings.limits, sandbox, listener)


def graded(course: Course, source: str, folder: Path) -> tuple[dict[str, Status], str]:
    """Status of each answer, and every text that a student, a teacher or Gradescope could see."""
    path = folder / "submission.py"
    path.write_text(source, encoding="utf-8")
    judged = grade(read(path, course.limits), course.assignment, course.options, course.sandbox)
    say = Say("en", "full", True)
    rows = [row(one.problem, one.verdict, Fraction(1), say) for one in judged.graded]
    report = build(Report("hostile", "", "student", "en", "0", course.assignment.key, ()), rows, ())
    seen: list[Any] = [jsonform.reports([report], "staff", say), gradescope.render(report), judged.output]
    return {one.problem.name: one.verdict.status for one in judged.graded}, json.dumps(seen, ensure_ascii=False)


def nothing_happened(course: Course, before: dict[Path, bytes]) -> None:
    assert {path: path.read_bytes() for path in before} == before
    with pytest.raises(BlockingIOError):
        course.listener.accept()


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_learns_nothing(name: str, course: Course, tmp_path: Path) -> None:
    solutions, port = str(course.folder / "solutions" / "hostile"), course.listener.getsockname()[1]
    kept = course.kept.folder
    places = {"{solutions!r}": solutions, "{kept!r}": str(kept), "{entry!r}": str(next(kept.iterdir()))}
    code = ATTACKS[name].replace("{port}", str(port))
    for place, path in places.items():
        code = code.replace(place, repr(path))
    before = snapshot(course.folder)
    statuses, seen = graded(course, f"{WRONG}\n{code}\n", tmp_path)
    assert not [answer for answer in ALL if statuses[answer] in FULL]
    if not name.startswith("formula"):  # a value too large to be computed may go to a person
        assert Status.UNDECIDED not in statuses.values()
    assert CANARY not in seen
    nothing_happened(course, before)


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_honest_keeps_its_credit(name: str, course: Course, tmp_path: Path) -> None:
    code, lost = BREAKS[name]
    before = snapshot(course.folder)
    statuses, seen = graded(course, f"{GOOD}\n{code}\n", tmp_path)
    assert [answer for answer in ALL if statuses[answer] not in FULL] == [
        answer for answer in ALL if answer in lost
    ]
    if name.startswith("leaks"):
        assert not [number for number in PLANTED if number in seen]
    nothing_happened(course, before)


def test_the_suite_is_large_enough() -> None:
    assert len(ATTACKS) + len(BREAKS) >= 60


def test_no_process_stays(course: Course) -> None:
    assert course.sandbox.process is not None
    children = Path(f"/proc/{course.sandbox.process.pid}/task/{course.sandbox.process.pid}/children")
    deadline = time.monotonic() + 2.0  # a killed process takes a moment to be gone
    while children.exists() and children.read_text().split() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not children.exists() or children.read_text().split() == []
