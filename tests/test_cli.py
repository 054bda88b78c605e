"""The command line as programs see it: exit codes, what goes where, files that are whole or not there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CASES = "tests/submissions"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["grade", f"{CASES}/sheet", "-a", "hw1"], 0, ""),
        (["grade", f"{CASES}/blank", "-a", "hw1"], 0, ""),
        (["grade", "no/such/path", "-a", "hw1"], 3, "no file or folder"),
        (["grade", f"{CASES}/sheet", "-a", "hw9"], 2, "The assignments here are: hw1."),
        (["grade", f"{CASES}/sheet", "-a", "hw1", "--view", "nobody"], 2, "student or staff"),
        (["grade"], 2, "Missing argument"),
        (["try", "hw1", "q1a2_weigths", "x"], 2, "Did you mean 'q1a2_weights'?"),
        (["try", "hw1", "q1a2_weights", "x", "--level", "loud"], 2, "received, verdict, hint"),
        (["layers", "no-such-file.json"], 3, "cannot be read"),
        (["layers", "examples/lenet5.json", "--set", "W"], 2, "Write --set W=224."),
        (["decide", "tests/corpus"], 3, "cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_exit_codes(arguments: list[str], code: int, says: str) -> None:
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_with_130() -> None:
    command = [sys.executable, "-m", "autograder", "grade", f"{CASES}/endless_loop", "-a", "hw1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2.5)  # the endless function is being called
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert b"Traceback" not in errors


def test_decide_answers_each_line_and_exits_with_0() -> None:
    lines = [
        '{"id": 1, "answer": "x+x", "reference": "2*x"}',
        "no json",
        '{"id": 3, "answer": "x", "reference": "y"}',
    ]
    command = [sys.executable, "-m", "autograder", "decide"]
    done = subprocess.run(command, input="\n".join(lines), cwd=ROOT, capture_output=True, text=True, timeout=60)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [row["status"] for row in found] == ["correct", "undecided", "incorrect"]


def test_a_class_folder_gives_one_result_for_each_student(tmp_path: Path) -> None:
    for name in ("ann", "bob"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
    (tmp_path / "class" / "notes.txt").write_text("not a submission", encoding="utf-8")
    done = run("grade", str(tmp_path / "class"), "-a", "hw1", "-o", str(tmp_path / "out"), "--json")
    assert [one["id"] for one in json.loads(done.stdout)["submissions"]] == ["ann", "bob"]
    for name in ("ann", "bob"):
        assert json.loads((tmp_path / "out" / name / "results.json").read_text(encoding="utf-8"))["score"] == 1


def test_one_broken_submission_does_not_keep_the_others_from_being_graded(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
    (tmp_path / "bad.ipynb").write_text("{broken", encoding="utf-8")
    done = run("grade", str(tmp_path / "good.py"), str(tmp_path / "bad.ipynb"), "-a", "hw1", "--json")
    assert done.returncode == 3
    assert [one["id"] for one in json.loads(done.stdout)["submissions"]] == ["good"]
    assert "not a notebook" in done.stderr


def test_every_command_is_found_by_its_name() -> None:
    code = "import importlib\nfrom autograder.cli import COMMANDS, app\nimport typer.main\n"
    code += "[importlib.import_module(f'autograder.cli.{module}') for module in set(COMMANDS.values())]\n"
    code += (
        "found = set(typer.main.get_command(app).commands)\nassert found == set(COMMANDS), found ^ set(COMMANDS)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "heavy", ["jinja2", "markdown_it", "jsonschema", "yaml", "otter", "nbformat", "autograder.audit"]
)
def test_grading_on_gradescope_does_not_load(heavy: str) -> None:
    """None of these is in the zip, or needed there."""
    code = f"import sys\nsys.argv = ['autograder', 'grade', '{CASES}/blank', '-a', 'hw1', '--json']\n"
    code += f"from autograder.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nassert {heavy!r} not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_class_with_a_stray_file_is_pointed_out(tmp_path: Path) -> None:
    for name in ("ada", "emmy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n')
    assert run("grade", str(tmp_path), "-a", "hw1").stderr == ""
    (tmp_path / "hw1.py").write_text('q1a2_weights = "F"\n')
    done = run("grade", str(tmp_path), "-a", "hw1")
    assert "graded as ONE submission" in done.stderr
    assert "2 folders in it hold code too (ada, emmy)" in done.stderr


def test_who_handed_in_a_document_is_not_left_out_of_a_class(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n')
    (tmp_path / "emmy.pdf").write_bytes(b"%PDF-1.4")
    done = run("grade", str(tmp_path), "-a", "hw1")
    assert done.returncode == 3
    assert "emmy.pdf" in done.stderr
