"""Both ways in, for real: Otter's own `run` and `assign` with the plugin, and our sandbox, give the same rows."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest
import sympy as sp
from tricks import CASES, FAILS, answers, log

from autograder.bench import Bench, bench
from autograder.config import load
from autograder.errors import ConfigError
from autograder.otter_bridge.assign import Assigned, assign
from autograder.pack.gradescope import write
from autograder.pack.starter import notebook
from autograder.pack.student import student_cells

pytest.importorskip("otter")
pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCHEMA = json.loads(next(ROOT.rglob("results.schema.json")).read_text(encoding="utf-8"))
STUDENTS = sorted(path.parent for path in ROOT.glob("tests/submissions/*/expected.json"))


def course(root: Path, name: str) -> Bench:
    return bench(load(root / "grader.toml"), name)


@pytest.fixture(scope="module")
def small() -> Assigned:
    """What Otter makes of the small course; its notebook with the worked answers is graded on the way."""
    return assign(course(HERE / "course", "small"), self_test=True)


@pytest.fixture(scope="module")
def homework() -> Assigned:
    return assign(course(ROOT, "hw1"), self_test=True)


def written(made: Assigned, folder: Path) -> Path:
    return write([(name, text, 0o644) for name, text in made.zip.items()], folder / "autograder.zip")


def notebook_file(path: Path, cells: list[str]) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, path)
    return path


def otter(archive: Path, out: Path, submissions: list[Path]) -> dict[str, dict[str, Any]]:
    """results.json of each submission by Otter; {"error": ...} where Otter stopped."""
    command = [sys.executable, str(HERE / "runs.py"), str(archive), str(out)]
    parts = [submissions[start::2] for start in range(2) if submissions[start::2]]  # two at a time
    running = [
        subprocess.Popen([*command, *map(str, part)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for part in parts
    ]
    for process in running:
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors.decode()
    return {
        folder.name: {"error": (folder / "error").read_text(encoding="utf-8")}
        if (folder / "error").exists()
        else json.loads((folder / "results.json").read_text(encoding="utf-8"))
        for folder in out.iterdir()
    }


def sandbox(config: Path, name: str, out: Path, submissions: list[Path]) -> dict[str, dict[str, Any]]:
    """results.json of each submission by our own way."""
    command = [sys.executable, "-m", "autograder", "grade", *map(str, submissions), "-a", name, "-o", str(out)]
    done = subprocess.run([*command, "--config", str(config)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return {
        folder.name: json.loads((folder / "results.json").read_text(encoding="utf-8")) for folder in out.iterdir()
    }


def comparable(results: dict[str, Any]) -> dict[str, Any]:
    """Everything but how long it took and which walls stood."""
    extra = {name: value for name, value in results["extra_data"].items() if name != "walls"}
    return {name: value for name, value in results.items() if name != "execution_time"} | {"extra_data": extra}


# --- the small course: everything that stock Otter gets wrong ---


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("cases")
    return {name: notebook_file(folder / f"{name}.ipynb", cells) for name, (cells, _) in (CASES | FAILS).items()}


@pytest.fixture(scope="module")
def by_otter(
    small: Assigned, cases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("otter")
    return otter(written(small, folder), folder / "out", list(cases.values()))


@pytest.fixture(scope="module")
def by_sandbox(cases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    out = tmp_path_factory.mktemp("sandbox")
    return sandbox(HERE / "course" / "grader.toml", "small", out, list(cases.values()))


def points(results: dict[str, Any]) -> tuple[float, ...]:
    return tuple(test.get("score", 0) for test in results["tests"])[:3]


@pytest.mark.parametrize("case", CASES)
def test_the_plugin_gives_the_points_that_are_due(case: str, by_otter: dict[str, dict[str, Any]]) -> None:
    jsonschema.validate(by_otter[case], SCHEMA)
    assert points(by_otter[case]) == CASES[case][1]
    assert by_otter[case]["score"] == sum(CASES[case][1])


@pytest.mark.parametrize("case", [*CASES, *FAILS])
def test_the_sandbox_gives_the_points_that_are_due(case: str, by_sandbox: dict[str, dict[str, Any]]) -> None:
    assert points(by_sandbox[case]) == (CASES | FAILS)[case][1]


SEES_OTTER = {
    "patches_call_func",  # imports what is not there in the sandbox
    "shows_the_tests",  # says which files it found
}


@pytest.mark.parametrize("case", [case for case in CASES if case not in SEES_OTTER])
def test_both_ways_give_the_same_rows(
    case: str, by_otter: dict[str, dict[str, Any]], by_sandbox: dict[str, dict[str, Any]]
) -> None:
    assert comparable(by_otter[case]) == comparable(by_sandbox[case])


@pytest.mark.parametrize("case", FAILS)
def test_a_kernel_that_ends_ends_otter_run(case: str, by_otter: dict[str, dict[str, Any]]) -> None:
    """The plugin cannot help here, and docs/otter.md says so: Otter stops, with an error and not with a grade."""
    assert "DeadKernel" in by_otter[case]["error"] or "Kernel died" in by_otter[case]["error"]


IN_THE_SANDBOX = ["right", "patches_dump", "looks_for_the_key", *FAILS]


@pytest.fixture(scope="module")
def by_otter_in_the_sandbox(
    cases: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(HERE / "course", folder / "course")
    with (folder / "course" / "grader.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[assignments.small.otter]\nrun = "sandbox"\n')
    made = assign(course(folder / "course", "small"))
    return otter(written(made, folder), folder / "out", [cases[name] for name in IN_THE_SANDBOX])


@pytest.mark.parametrize("case", IN_THE_SANDBOX)
def test_the_plugin_may_grade_in_the_sandbox_where_nothing_ends_otter(
    case: str, by_otter_in_the_sandbox: dict[str, dict[str, Any]], by_sandbox: dict[str, dict[str, Any]]
) -> None:
    assert points(by_otter_in_the_sandbox[case]) == (CASES | FAILS)[case][1]
    assert comparable(by_otter_in_the_sandbox[case]) == comparable(by_sandbox[case])


def test_nothing_of_the_key_or_the_tests_is_in_a_row(by_otter: dict[str, dict[str, Any]]) -> None:
    shown = json.dumps(by_otter["shows_the_tests"])
    assert "W * H" not in shown
    assert "4277" not in json.dumps(by_otter["wrong"])


# --- what else comes in a submission, or in a zip ---


def run_otter(archive: Path, submission: Path, out: Path) -> dict[str, Any]:
    """The real command."""
    out.mkdir()
    command = [
        sys.executable,
        "-m",
        "otter",
        "run",
        str(submission),
        "-a",
        str(archive),
        "-o",
        str(out),
        "--no-logo",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return found


def test_a_crafted_log_is_never_read(small: Assigned, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    notebook_file(tmp_path / "hw.ipynb", answers())
    handed_in = tmp_path / "handed_in.zip"
    with zipfile.ZipFile(handed_in, "w") as archive:
        archive.write(tmp_path / "hw.ipynb", "hw.ipynb")
        archive.writestr(".OTTER_LOG", log(str(marker)))
    assert points(run_otter(written(small, tmp_path), handed_in, tmp_path / "out")) == (1, 1, 2)
    own = sandbox(HERE / "course" / "grader.toml", "small", tmp_path / "own", [handed_in])
    assert points(own["handed_in"]) == (1, 1, 2)
    assert not marker.exists()
    pickle.loads(log(str(marker)))
    assert marker.exists()  # it would have been


@pytest.mark.parametrize("text", ['this is "broken', "raise SystemExit"])
def test_a_broken_test_file_costs_nobody_a_point(text: str, small: Assigned, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(written(small, tmp_path)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == "tests/q11.py" else old.read(name))
    handed_in = notebook_file(tmp_path / "hw.ipynb", answers(**WRONG_NUMBER))
    out = tmp_path / "out"
    found = otter(broken, out, [handed_in])
    assert points(found["hw"]) == (1, 0, 2)


WRONG_NUMBER = {"q1_count": "q1_count = 4278"}


def test_what_a_dead_kernel_leaves_on_gradescope(small: Assigned, tmp_path: Path) -> None:
    """In Gradescope's folders the judge's partial results stand there, where `otter run` throws them away."""
    for name in ("source", "submission", "results"):
        (tmp_path / "ag" / name).mkdir(parents=True)
    with zipfile.ZipFile(written(small, tmp_path)) as archive:
        archive.extractall(tmp_path / "ag" / "source")
    (tmp_path / "ag" / "submission_metadata.json").write_text(METADATA, encoding="utf-8")
    notebook_file(tmp_path / "ag" / "submission" / "hw.ipynb", FAILS["leaves_in_a_function"][0])
    code = f"from otter.run.run_autograder import main; main({str(tmp_path / 'ag')!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    found = json.loads((tmp_path / "ag" / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    assert points(found) == (1, 1, 0)
    assert found["extra_data"]["attempt"] == 3
    assert not list((tmp_path / "ag").rglob("q1.py"))  # the key was gone before the submission ran


METADATA = json.dumps(
    {
        "id": 9,
        "created_at": "2026-01-01T10:00:00Z",
        "users": [{"email": "s@example.edu"}],
        "assignment": {"due_date": "2026-01-02T00:00:00Z"},
        "previous_submissions": [
            {"id": 7, "submission_time": "2026-01-01T08:00:00Z", "autograder_error": False},
            {"id": 8, "submission_time": "2026-01-01T09:00:00Z", "autograder_error": False},
        ],
    }
)


def test_a_file_that_is_too_large_is_refused_alike(small: Assigned, tmp_path: Path) -> None:
    handed_in = notebook_file(tmp_path / "hw.ipynb", ["x = 1"] * 2001)
    found = run_otter(written(small, tmp_path), handed_in, tmp_path / "out")
    assert found["extra_data"]["state"] == "refused"
    assert found["score"] == 0


# --- Otter's assign, and the whole homework ---


def test_assign_makes_the_notebook_that_we_make_without_it(homework: Assigned) -> None:
    assert notebook(homework.cells) == notebook(student_cells(course(ROOT, "hw1")))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_it_does_so_in_both_languages(language: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / "course", tmp_path / "course")
    settings = tmp_path / "course" / "grader.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'name = "Small"', f'name = "Small"\nlanguage = "{language}"'
    )
    settings.write_text(text, encoding="utf-8")
    own = course(tmp_path / "course", "small")
    assert notebook(assign(own).cells) == notebook(student_cells(own))
    assert ("rtl" in notebook(student_cells(own))) == (language == "fa")


def test_the_same_problems_give_the_same_bytes(small: Assigned) -> None:
    again = assign(course(HERE / "course", "small"))
    assert notebook(again.cells) == notebook(small.cells)
    assert again.run == small.run


def test_the_test_files_hold_nothing(homework: Assigned) -> None:
    items = {problem.item.check for problem in course(ROOT, "hw1").assignment.problems}
    tests = {name: text.decode() for name, text in homework.run.items() if name.startswith("tests/")}
    assert set(tests) == {f"tests/{item}.py" for item in items}
    assert len(items) == 54
    for item in items:
        body = tests[f"tests/{item}.py"].split("\n\n")[-2:]
        assert f"autograder.otter_check(env, {item!r})" in "".join(body)
        assert len(tests[f"tests/{item}.py"]) < 300


def test_assign_notices_a_wrong_answer_in_the_master() -> None:
    own = course(HERE / "course", "small")
    right = own.assignment["q1_count"]
    slips = tuple(
        replace(right, name="q1_count", reference=sp.Integer(9)) if one is right else one
        for one in own.assignment.problems
    )
    wrong_key = replace(own, assignment=replace(own.assignment, problems=slips))
    with pytest.raises(ConfigError, match="q1_count"):
        assign(wrong_key, self_test=True)


@pytest.fixture(scope="module")
def students(homework: Assigned, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("students")
    files = [next(path for path in case.iterdir() if path.name.startswith("hw1.")) for case in STUDENTS]
    return otter(written(homework, folder), folder / "out", files)


@pytest.fixture(scope="module")
def students_here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return sandbox(ROOT / "grader.toml", "hw1", tmp_path_factory.mktemp("own"), STUDENTS)


@pytest.mark.parametrize("case", [case.name for case in STUDENTS])
def test_a_student_gets_the_same_rows_both_ways(
    case: str, students: dict[str, dict[str, Any]], students_here: dict[str, dict[str, Any]]
) -> None:
    assert comparable(students[case]) == comparable(students_here[case])


def test_the_perfect_notebook_has_all_points_and_the_blank_one_none(students: dict[str, dict[str, Any]]) -> None:
    perfect = students["perfect_ipynb"]
    assert perfect["score"] + perfect["extra_data"]["pending"] == sum(
        test["max_score"] for test in perfect["tests"]
    )
    assert students["blank"]["score"] == 0
    assert students["sheet"]["score"] > 0


def test_the_real_command_on_the_real_homework(homework: Assigned, tmp_path: Path) -> None:
    blank = tmp_path / "hw1.ipynb"
    blank.write_text(notebook(homework.cells), encoding="utf-8")
    found = run_otter(written(homework, tmp_path), blank, tmp_path / "out")
    assert found["score"] == 0
    assert {test["extra_data"]["status"] for test in found["tests"]} == {"missing"}


# --- the zips that leave the house ---


@pytest.fixture
def own_course(tmp_path: Path) -> Path:
    """A copy of the small course that `pack` may write into."""
    return Path(shutil.copytree(HERE / "course", tmp_path / "course"))


def pack(root: Path, *options: str) -> str:
    command = [sys.executable, "-m", "autograder", "pack", "small", *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_one_zip_serves_both_ways(own_course: Path, tmp_path: Path) -> None:
    pack(own_course, "--no-wheels")
    archive = own_course / "dist" / "small-gradescope.zip"
    handed_in = notebook_file(tmp_path / "hw.ipynb", answers(**WRONG_NUMBER))
    found = run_otter(archive, handed_in, tmp_path / "out")
    own = sandbox(own_course / "grader.toml", "small", tmp_path / "own", [handed_in])
    assert comparable(found) == comparable(own["hw"])
    assert points(found) == (1, 0, 2)
    with zipfile.ZipFile(archive) as packed:
        assert b"/opt/grader" in packed.read("run_autograder")  # what Gradescope runs is ours
    made = {path.name for path in (own_course / "assignments" / "small").iterdir()}
    assert made == {"small.ipynb", "small.py", "grader.py"}


def test_a_stock_zip_keeps_otters_scripts(own_course: Path, tmp_path: Path) -> None:
    pack(own_course, "--stock")
    archive = own_course / "dist" / "small-otter.zip"
    first = archive.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
        assert {"setup.sh", "run_autograder", "run_otter.py", "environment.yml", "otter_config.json"} <= names
        (wheel,) = (name for name in names if name.endswith(".whl"))
        assert f"/autograder/source/{wheel}" in packed.read("environment.yml").decode()
        packed.extract(wheel, tmp_path)
        packed.extractall(tmp_path / "ag" / "source")
    target = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(target)]
    subprocess.run([*install, str(tmp_path / wheel)], check=True, timeout=120)
    assert (target / "autograder" / "otter_bridge" / "plugin.py").exists()
    assert list(target.glob("dl_autograder-*.dist-info/METADATA"))
    for name in ("submission", "results"):
        (tmp_path / "ag" / name).mkdir()
    (tmp_path / "ag" / "submission_metadata.json").write_text(METADATA, encoding="utf-8")
    notebook_file(tmp_path / "ag" / "submission" / "hw.ipynb", answers(**WRONG_NUMBER))
    code = f"from otter.run.run_autograder import main; main({str(tmp_path / 'ag')!r})"  # as run_otter.py does
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=120)
    found = json.loads((tmp_path / "ag" / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    assert points(found) == (1, 0, 2)
    pack(own_course, "--stock")
    assert archive.read_bytes() == first


@pytest.mark.parametrize("option", ["--no-wheels", "--stock"])
def test_without_otter_it_says_so(option: str, own_course: Path) -> None:
    hidden = "import sys; sys.modules['otter'] = None; sys.argv = ['autograder', *sys.argv[1:]]\n"
    code = hidden + "import importlib.util as u; real = u.find_spec\n"
    code += "u.find_spec = lambda name, *a: None if name == 'otter' else real(name, *a)\n"
    code += "from autograder.cli import main; main()"
    command = [sys.executable, "-c", code, "pack", "small", option]
    done = subprocess.run(command, cwd=own_course, capture_output=True, text=True, timeout=120)
    assert "Otter" in done.stderr
    assert "pip install 'dl-autograder[otter]'" in done.stderr
    assert done.returncode == (2 if option == "--stock" else 0)
    assert (own_course / "dist" / "small-gradescope.zip").exists() == (option != "--stock")
