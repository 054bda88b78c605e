"""`autograder new`: what it makes passes the audit as it is, explains its own mistakes, and overwrites nothing."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import config as configuration
from autograder.errors import ConfigError
from autograder.scaffold import KINDS, new_homework, new_problem
from autograder.scaffold.problem import TEMPLATES

SECRET = re.compile(r'^secret = "([^"]+)"', re.MULTILINE)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course made in an empty folder, with a problem of each kind."""
    root = tmp_path_factory.mktemp("course")
    assert run(root, "new", "homework", "hw1").returncode == 0
    for kind in KINDS:
        assert run(root, "new", "problem", "hw1", f"my-{kind}", "--kind", kind).returncode == 0
    return root


def test_every_scaffold_passes_the_audit_as_it_is(course: Path) -> None:
    done = run(course, "audit", "hw1", "--json")
    assert json.loads(done.stdout)["findings"] == []
    assert json.loads(done.stdout)["instances"] > 10
    assert done.returncode == 0


def test_an_empty_folder_becomes_a_course(course: Path) -> None:
    assert (course / "assignments" / "hw1").is_dir()
    files = [path.name for path in sorted((course / "solutions" / "hw1").glob("*.py"))]
    assert files == ["q1_loss.py", *(f"q{n}_my_{kind}.py" for n, kind in enumerate(KINDS, start=2))]
    done = run(course, "list", "hw1")
    assert "Q2       my_formula                     Formula         1  C, F, K\n" in done.stdout
    assert done.stdout.endswith("7 answers, 7 points\n")


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_of_the_template_is_left(kind: str, course: Path) -> None:
    (path,) = (course / "solutions" / "hw1").glob(f"q*_my_{kind}.py")
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(ANSWER|Q0)\b", text)
    assert f'name="my_{kind}"' in text
    assert text.count("#") >= 3  # it teaches
    ast.parse(text)


@pytest.mark.parametrize(
    ("kind", "mistakes"),
    [("formula", 2), ("number", 2), ("function", 2), ("choice", 2)],
)
def test_the_printed_try_shows_a_hint(kind: str, mistakes: int, course: Path) -> None:
    """The command that `new problem` prints is run as it stands."""
    fresh = new_problem(course, "hw1", f"sample-{kind}", kind)
    try:
        done = run(course, "try", "hw1", fresh.answer, fresh.sample, "--json")
        shown = json.loads(done.stdout)
        assert shown["status"] == "incorrect"
        assert shown["finding"]["kind"] == "mistake"
        assert fresh.path.read_text(encoding="utf-8").count("Mistake(\n") == mistakes
    finally:
        fresh.path.unlink()


def test_the_printed_steps_of_a_derivation_earn_their_share(course: Path) -> None:
    done = run(course, "try", "hw1", "my_derivation", "(tanh(w*x) - t)^2/2; tanh(w*x) - t", "--json")
    assert json.loads(done.stdout)["status"] == "partial"


def test_templates_come_with_the_package() -> None:
    assert sorted(path.stem for path in TEMPLATES.glob("[!_]*.py")) == sorted(KINDS)


# --- grader.toml is added to, never rewritten ---


def test_a_new_course_has_a_secret_of_its_own(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        new_homework(tmp_path / name, "hw1")
        secret = SECRET.search((tmp_path / name / "grader.toml").read_text(encoding="utf-8"))
        assert secret
        found.append(secret.group(1))
    assert found[0] != found[1]
    assert min(map(len, found)) >= 32
    assert "new secret" in run(tmp_path, "new", "homework", "hw1").stdout


@pytest.mark.parametrize(
    "before",
    [
        '# mine\n[course]\nname = "X"  # a comment\nsecret = "s"\n',
        '[course]\nname = "X"\nsecret = "s"',
        '[course]\r\nname = "X"\r\nsecret = "s"\r\n',
        '[course]\nsecret = "s"\n[assignments.hw1]\ntype = "exam"\n',
    ],
    ids=["comments", "no newline at the end", "Windows", "another homework"],
)
def test_grader_toml_keeps_every_byte_it_had(before: str, tmp_path: Path) -> None:
    path = tmp_path / "grader.toml"
    path.write_bytes(before.encode())
    new_homework(tmp_path, "hw2")
    assert path.read_bytes().startswith(before.encode())
    config = configuration.load(path)
    assert dict(config.assignment("hw2").title) == {"en": "Homework 2", "fa": "تمرین ۲"}
    assert config.course.secret == "s"
    lines = path.read_bytes().count(b"\n")
    assert path.read_bytes().count(b"\r\n") == (lines if "\r\n" in before else 0)


def test_a_table_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    before = '[course]\nsecret = "s"\n\n[assignments.hw2]\ntype = "exam"\n'
    (tmp_path / "grader.toml").write_text(before, encoding="utf-8")
    made = new_homework(tmp_path, "hw2")
    assert "has a table for hw2 already" in made[0].what
    assert (tmp_path / "grader.toml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("before", ["assignments = { hw1 = {} }\n", "[course\n"], ids=["inline table", "no TOML"])
def test_a_file_that_cannot_be_added_to_is_left_alone(before: str, tmp_path: Path) -> None:
    path = tmp_path / "grader.toml"
    path.write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[assignments\.hw2\] cannot be added"):
        new_homework(tmp_path, "hw2")
    assert path.read_text(encoding="utf-8") == before
    assert not (tmp_path / "solutions").exists()


# --- what is refused, and what is said ---

REFUSED = {
    "a homework that is there": (["homework", "hw1"], "is there already; nothing was changed."),
    "a homework with a hyphen": (["homework", "hw-2"], "Such as: hw2"),
    "a homework in capitals": (["homework", "HW 2"], "Such as: hw2"),
    "a homework outside": (["homework", "../hw2"], "Such as: hw2"),
    "an unknown homework": (["problem", "hw2", "x1"], "Did you mean 'hw1'? Make it first: autograder new homework hw2"),
    "an unknown kind": (["problem", "hw1", "x1", "--kind", "formla"], "Did you mean 'formula'?"),
    "a name that is taken": (["problem", "hw1", "my-formula"], "the name 'my_formula' is taken"),
    "a name that begins with a digit": (["problem", "hw1", "2x"], "Such as: q2x"),
    "a name with a dot": (["problem", "hw1", "../up"], "Such as: up"),
    "a word of Python": (["problem", "hw1", "lambda"], "Such as: lambda_answer"),
    "a module's name": (["problem", "hw1", "np"], "Such as: np_answer"),
    "a name in other letters": (["problem", "hw1", "وزن"], "Such as: weights"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_poor_request_is_refused_and_changes_nothing(case: str, course: Path) -> None:
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    arguments, says = REFUSED[case]
    done = run(course, "new", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before


def test_a_file_of_the_name_is_never_overwritten(tmp_path: Path) -> None:
    new_homework(tmp_path, "hw1")
    path = tmp_path / "solutions" / "hw1" / "q2_weights.py"
    before = "# half written\nPROBLEMS = []\n"
    path.write_text(before, encoding="utf-8")
    done = run(tmp_path, "new", "problem", "hw1", "weights")
    assert (done.returncode, path.read_text(encoding="utf-8")) == (2, before)
    assert "solutions/hw1/q2_weights.py  is there already; nothing was changed." in done.stderr


@pytest.mark.parametrize(
    ("name", "file", "item"),
    [
        ("q7-weights", "q7_weights.py", "Q7"),
        ("q2b-loss", "q2b_loss.py", "Q2b"),
        ("weights", "q2_weights.py", "Q2"),
        ("q1-again", "q1_again.py", "Q2"),
    ],
)
def test_a_number_in_the_name_is_the_item(name: str, file: str, item: str, tmp_path: Path) -> None:
    new_homework(tmp_path, "hw1")
    made = new_problem(tmp_path, "hw1", name, "choice")
    assert (made.path.name, f"item {item} " in made.what) == (file, True)


def test_the_help_shows_examples() -> None:
    for what in ("homework", "problem"):
        done = run(Path.cwd(), "new", what, "--help")
        assert f"autograder new {what} hw2" in " ".join(done.stdout.split())
