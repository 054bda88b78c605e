"""The zip for Gradescope, run as Gradescope runs it: in a folder of its own, by its own scripts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.config import load
from autograder.errors import ConfigError
from autograder.pack.gradescope import Bundle, build, own_scripts, wheels

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "autograder" / "simulate" / "results.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip without wheels: this environment stands in for the one that setup.sh would make."""
    return build(bundle(), tmp_path_factory.mktemp("dist") / "hw1-gradescope.zip")


def bundle(config: Path = ROOT / "grader.toml", **more: Any) -> Bundle:
    return Bundle(load(config), "hw1", own_scripts("hw1", "3.10"), **more)


@pytest.fixture
def image(archive: Path, tmp_path: Path) -> Path:
    """Gradescope's folders, with the zip unpacked."""
    source = tmp_path / "source"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(source)
    shutil.copy(source / "run_autograder", tmp_path / "run_autograder")
    (tmp_path / "submission").mkdir()
    return tmp_path


def start(image: Path) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(image), "GRADER_VENV": sys.prefix}
    command = ["bash", str(image / "run_autograder")]
    return subprocess.Popen(command, env=environment, cwd=image, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def results(image: Path) -> dict[str, object]:
    found = json.loads((image / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return dict(found)


def test_scripts_stand_at_the_root_and_the_key_is_inside(archive: Path) -> None:
    with zipfile.ZipFile(archive) as zipped:
        names = set(zipped.namelist())
        assert {"setup.sh", "run_autograder", "grader.toml", "solutions/hw1/q1a.py"} <= names
        assert zipped.getinfo("setup.sh").external_attr >> 16 & 0o111
        assert not any(name.startswith("tests/") or name.endswith(".pyc") for name in names)


def test_the_same_inputs_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    again = build(bundle(), tmp_path / "again.zip")
    assert again.read_bytes() == archive.read_bytes()


@pytest.mark.parametrize("case", ["perfect_ipynb", "sheet", "syntax_error"])
def test_a_submission_is_graded_as_on_a_laptop(case: str, image: Path) -> None:
    for path in (ROOT / "tests" / "submissions" / case).glob("hw1.*"):
        shutil.copy(path, image / "submission")
    process = start(image)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    found = results(image)
    assert found["extra_data"]["state"] == "complete"  # type: ignore[index]
    here = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(ROOT / "tests" / "submissions" / case),
        "-a",
        "hw1",
        "--json",
    ]
    local = json.loads(subprocess.run(here, cwd=ROOT, capture_output=True, text=True, timeout=120).stdout)
    assert found["score"] == pytest.approx(local["submissions"][0]["score"])


@pytest.mark.parametrize(
    "files", [{}, {"paper.pdf": b"%PDF-1.7"}, {"hw1.ipynb": b"{not a notebook"}, {"a.zip": b"PK"}]
)
def test_what_cannot_be_graded_gets_a_valid_answer_too(files: dict[str, bytes], image: Path) -> None:
    for name, content in files.items():
        (image / "submission" / name).write_bytes(content)
    start(image).communicate(timeout=120)
    assert results(image)["score"] == 0


def test_a_killed_grader_leaves_a_valid_file(image: Path) -> None:
    (image / "submission" / "hw1.py").write_text("while True:\n    pass\n", encoding="utf-8")
    process = start(image)
    file = image / "results" / "results.json"
    deadline = time.monotonic() + 30
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(1.0)
    subprocess.run(["pkill", "-KILL", "-f", f"grade {image}/submission"], check=False)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    found = results(image)
    assert found["score"] == 0
    assert "not your fault" in json.dumps(found)


def test_a_killed_grader_leaves_what_it_had_graded(image: Path) -> None:
    """Right answers first, then functions that never come back: the partial file is what stays."""
    loops = "".join(
        f"def {name}(*values):\n    while True:\n        pass\n\n\n" for name in ("conv_weights", "grad_w")
    )
    (image / "submission" / "hw1.py").write_text('q1a1_w_out = "W - K + 1"\n' + loops, encoding="utf-8")
    process = start(image)
    file = image / "results" / "results.json"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (
        file.exists() and '"q1a1_w_out"' in file.read_text(encoding="utf-8")
    ):
        time.sleep(0.05)
    subprocess.run(["pkill", "-KILL", "-f", f"grade {image}/submission"], check=False)
    process.communicate(timeout=30)
    found = results(image)
    tests = {test["extra_data"]["name"]: test for test in found["tests"]}  # type: ignore[union-attr, index]
    assert found["extra_data"]["state"] == "incomplete"  # type: ignore[index]
    assert found["score"] == tests["q1a1_w_out"]["score"] == 1
    assert "score" not in tests["grad_w"]
    assert "no points are lost" in tests["grad_w"]["output"]
    assert len(tests) > 100


# --- what is packed ---


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_scripts_are_whole(script: str) -> None:
    text = own_scripts("hw1", "3.12")[script]
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "@" not in text.replace('"$@"', "")
    assert "\r" not in text
    assert subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True).stderr == ""


@pytest.mark.parametrize(
    ("line", "environment", "file"),
    [
        ('secret = "plain text"', {}, ""),
        ('secret = "env:COURSE_SECRET"   # in the environment', {"COURSE_SECRET": 'with "quotes" and \\ too'}, ""),
        ("secret = 'file:secret.txt'", {}, "from a file، فارسی"),
    ],
    ids=["in the file", "env", "file"],
)
def test_the_secret_itself_is_packed(
    line: str, environment: dict[str, str], file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "secret.txt").write_text(file, encoding="utf-8")
    (tmp_path / "grader.toml").write_text(f"[course]\n{line}\n[assignments.hw1]\n", encoding="utf-8")
    (tmp_path / "solutions").symlink_to(ROOT / "solutions")
    here = load(tmp_path / "grader.toml").course.secret
    archive = build(bundle(tmp_path / "grader.toml"), tmp_path / "x.zip")
    monkeypatch.delenv("COURSE_SECRET", raising=False)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extract("grader.toml", tmp_path / "there")
    assert load(tmp_path / "there" / "grader.toml").course.secret == here


def test_the_lock_names_every_wheel_but_pip(tmp_path: Path) -> None:
    files = []
    for name in (
        "numpy-2.2.6-cp310-cp310-manylinux.whl",
        "python_flint-0.7-cp310-cp310-x.whl",
        "pip-25.0-py3-none-any.whl",
    ):
        (tmp_path / name).write_bytes(b"")
        files.append(tmp_path / name)
    archive = build(bundle(wheels=files, extra={"otter_config.json": b"{}"}), tmp_path / "x.zip")
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.read("requirements.lock").decode() == "numpy==2.2.6\npython_flint==0.7\n"
        assert zipped.read("otter_config.json") == b"{}"
        assert {f"wheels/{file.name}" for file in files} <= set(zipped.namelist())


def test_a_zip_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "big-1-x.whl").open("wb") as file:
        file.truncate(61 << 20)
    with pytest.raises(ConfigError, match="the limit is 60"):
        build(bundle(wheels=[tmp_path / "big-1-x.whl"]), tmp_path / "x.zip")


@pytest.mark.parametrize("python", ["3.9", "2.7", "banana", "3"])
def test_an_image_that_is_too_old_is_refused(python: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be packed for"):
        wheels(python, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_results_and_metadata_are_for_nobody_else(image: Path) -> None:
    (image / "submission" / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
    (image / "submission_metadata.json").write_text('{"created_at": "2026-01-01T00:00:00Z"}', encoding="utf-8")
    _, errors = start(image).communicate(timeout=120)
    for name in ("results", "results/results.json", "submission_metadata.json"):
        assert (image / name).stat().st_mode & 0o077 == 0, (name, errors)
    assert results(image)["extra_data"]["attempt"] == 1  # type: ignore[index]
