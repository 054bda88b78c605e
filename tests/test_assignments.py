"""What students get is generated from the problems, is current, is gradable, and holds nothing of the key."""

from __future__ import annotations

import base64
import gzip
import io
import json
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from leaks import Key

from autograder import offline, submission
from autograder.bench import bench
from autograder.config import load
from autograder.pack.student import student_files
from autograder.submission import choosing

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "assignments" / "hw1"
FOUND = bench(load(ROOT / "grader.toml"), "hw1")
FILES = student_files(FOUND)
NAMES = [problem.name for problem in FOUND.assignment.problems]


@pytest.mark.parametrize("name", FILES)
def test_the_committed_file_is_current(name: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        (FOLDER / name).write_text(FILES[name], encoding="utf-8")
    assert (FOLDER / name).read_text(encoding="utf-8") == FILES[name]


def test_the_notebook_is_valid() -> None:
    nbformat.validate(nbformat.reads(FILES["hw1.ipynb"], as_version=4))


@pytest.mark.parametrize("name", ["hw1.py", "hw1.ipynb"])
def test_the_starter_as_it_is_counts_as_blank(name: str) -> None:
    command = [sys.executable, "-m", "autograder", "grade", str(FOLDER / name), "-a", "hw1", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    (report,) = json.loads(done.stdout)["submissions"]
    assert {row["status"] for row in report["problems"]} == {"missing"}, done.stderr


def test_the_blank_case_is_the_starter(request: pytest.FixtureRequest) -> None:
    blank = ROOT / "tests" / "submissions" / "blank" / "hw1.py"
    if request.config.getoption("--update-golden"):
        blank.write_text(FILES["hw1.py"], encoding="utf-8")
    assert blank.read_text(encoding="utf-8") == FILES["hw1.py"]


@pytest.mark.parametrize(
    "names", [("hw1.ipynb", "hw1.py"), ("hw1.ipynb",), ("hw1.py",), ("ali.py",), ("a b.ipynb",)]
)
def test_the_whole_folder_may_be_handed_in(names: tuple[str, ...], tmp_path: Path) -> None:
    for name in (*names, "grader.py"):
        text = (
            "q1a2_weights = 1"
            if name.endswith(".py")
            else json.dumps({"cells": [{"cell_type": "code", "source": "q1a2_weights = 1"}]})
        )
        (tmp_path / name).write_text(FILES["grader.py"] if name == "grader.py" else text, encoding="utf-8")
    assert choosing.OURS == offline.FILE
    assert submission.read(tmp_path, answers=NAMES).cells[0].source == "q1a2_weights = 1"


# --- nothing of the key ---


def given() -> str:
    """What the questions say."""
    problems = FOUND.assignment.problems
    words = [(one.item.title, one.item.question, one.ask, getattr(one, "doc", {})) for one in problems]
    return "\n".join(text for by in words for part in by for text in part.values())


KEY = Key(FOUND, given())


def leaks(text: str) -> list[str]:
    """What of the key is in a text, however it is wrapped; each begins with the answer's name."""
    return KEY.found_in_bytes(text.encode())


BUNDLE = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())} | {
    name: text.encode() for name, text in FILES.items()
}


@pytest.mark.parametrize("name", BUNDLE)
def test_nothing_of_the_key_is_in_a_students_file(name: str) -> None:
    assert KEY.found_in_bytes(BUNDLE[name]) == []


def test_nothing_of_the_key_is_in_the_bundle_in_persian() -> None:
    course = replace(FOUND.config.course, language="fa")
    for text in student_files(replace(FOUND, config=replace(FOUND.config, course=course))).values():
        assert KEY.found_in_bytes(text.encode()) == []


def test_there_is_a_key_to_look_for() -> None:
    """A test that looks for nothing finds nothing."""
    assert len(KEY.words) > 500
    assert len(KEY.forms) > 300
    assert len(KEY.trees) > 200
    assert len(KEY.values) > 20
    assert len(KEY.inputs) > 500


def planted(text: str) -> dict[str, bytes]:
    """A text in the places and wrappings in which it could slip out."""
    data = text.encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", data)
    named = io.BytesIO()
    with zipfile.ZipFile(named, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x"), zlib.compress(data))
    blank = json.loads(FILES["hw1.ipynb"])
    in_metadata, in_cell, in_output = (json.loads(json.dumps(blank)) for _ in "abc")
    in_metadata["metadata"]["otter"] = {"tests": {"q1": text}}
    in_cell["cells"][5]["source"] = [*(char for char in text)]
    in_output["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [text]}]
    return {
        "a comment": f"{FILES['hw1.py']}# {text}\n".encode(),
        "notebook metadata": json.dumps(in_metadata).encode(),
        "a cell in pieces": json.dumps(in_cell).encode(),
        "an output": json.dumps(in_output, ensure_ascii=False).encode(),
        "escaped": "".join(f"\\u{ord(char):04x}" for char in text).encode(),
        "a zip's member": packed.getvalue(),
        "compressed in a zip": named.getvalue(),
        "base64 of zlib in code": FILES["grader.py"].encode()
        + b'DATA = "'
        + base64.b64encode(zlib.compress(data))
        + b'"',
        "urlsafe base64": b"x = '" + base64.urlsafe_b64encode(b"\n".join([data] * 3)) + b"'",
        "hex": b"x = bytes.fromhex('" + data.hex().encode() + b"')",
        "gzip": gzip.compress(data),
    }


@pytest.mark.parametrize(
    "text",
    [
        "(F - 1) * D + 1",
        "K^2*F*D",
        "1 + D*(F - 1)",
        next(words for name, words in KEY.words.items() if "hint" in name),
        next(words for name, words in KEY.words.items() if "rubric" in name),
        "q42a_macs = " + next(value for value, name in KEY.values.items() if name == "q42a_macs"),
        "[" + next(iter(KEY.inputs)) + "123]",
        FOUND.config.course.secret,
    ],
    ids=[
        "reference",
        "its factors in another order",
        "its terms",
        "hint",
        "rubric",
        "number",
        "hidden input",
        "secret",
    ],
)
def test_what_is_planted_is_found_wherever_it_is(text: str) -> None:
    missed = [place for place, data in planted(text).items() if not KEY.found_in_bytes(data)]
    assert missed == []
