"""What students get is generated from the problems, is current, is gradable, and holds nothing of the key."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import catalog
from autograder.config import load
from autograder.errors import AnswerError
from autograder.expression import canonical, from_sympy, parse, size, to_text
from autograder.pack.student import student_files
from autograder.problem import Formula, Number
from autograder.problem.formula import as_node

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "assignments" / "hw1"
ASSIGNMENT = catalog.load(ROOT, "hw1")
TITLE = dict(load(ROOT / "grader.toml").assignment("hw1").title)["en"]
FILES = student_files("hw1", TITLE, ASSIGNMENT.problems)


@pytest.mark.parametrize("name", FILES)
def test_the_committed_file_is_current(name: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        (FOLDER / name).write_text(FILES[name], encoding="utf-8")
    assert (FOLDER / name).read_text(encoding="utf-8") == FILES[name]


def test_the_notebook_is_valid() -> None:
    nbformat.validate(nbformat.reads(FILES["hw1.ipynb"], as_version=4))


@pytest.mark.parametrize("name", FILES)
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


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("**", "^")


def spellings(reference: object) -> set[str]:
    """Ways in which a reference may be written; those of a single name or small number say nothing and are left out."""
    forms = {squeezed(str(reference)), squeezed(to_text(as_node(reference)))}
    if hasattr(reference, "expand"):
        forms |= (
            {squeezed(str(reference.expand())), squeezed(str(reference.factor()))}
            if not _sums(reference)
            else set()
        )
        forms.add(squeezed(to_text(from_sympy(reference))))
    return {form for form in forms if len(form) > 4 and re.search(r"[-+*/^]|\d{4}", form)}


def _sums(reference: object) -> bool:
    return "Sum" in str(reference) or "Piecewise" in str(reference) or str(reference).startswith("(")


FORMULA_LIKE = re.compile(r"[\w(][\w+*/^() .,\[\]-]{3,}[\w)\]]")
REFERENCES = {
    canonical(as_node(problem.reference)): problem.name
    for problem in ASSIGNMENT.problems
    if isinstance(problem, Formula | Number) and size(as_node(problem.reference)) > 2
}


def read_as_a_reference(text: str) -> list[str]:
    """Parts of a text that, read as a formula, are a reference in whatever order of terms."""
    found = []
    for part in {window for match in FORMULA_LIKE.findall(text) for window in windows(match)}:
        try:
            name = REFERENCES.get(canonical(parse(part)))
        except AnswerError:
            continue
        if name:
            found.append(f"{name}: {part}")
    return found


def windows(text: str) -> set[str]:
    """Every run of words of a text that may be a formula: prose around one is left away."""
    words = text.split()
    runs = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, min(a + 12, len(words)) + 1)}
    return {run.strip(" .,:;") for run in runs if re.search(r"[-+*/^(]", run) and len(run) > 3}


def leaks(text: str) -> list[str]:
    plain = squeezed(text)
    found = read_as_a_reference(text)
    for problem in ASSIGNMENT.problems:
        if isinstance(problem, Formula | Number):
            found += [f"{problem.name}: {form}" for form in spellings(problem.reference) if form in plain]
        for mistake in getattr(problem, "mistakes", ()):
            found += [
                f"{problem.name}: hint {mistake.id}" for hint in mistake.hint.values() if hint and hint in text
            ]
    return found


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_the_key_is_in_a_students_file(name: str) -> None:
    assert leaks(FILES[name]) == []


def test_a_planted_reference_is_found() -> None:
    assert leaks(FILES["hw1.py"] + "# the answer is (F - 1) * D + 1\n") != []
    assert leaks(FILES["hw1.py"] + '# "K^2*F*D"') != []
    assert leaks(FILES["hw1.py"] + '"metadata": {"note": "D*F*K**2"}') != []
