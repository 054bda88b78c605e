"""Imports go one way: a module uses only what stands above it on the line from a file to a report."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "autograder"

LINE = [
    "errors",
    "config",
    "verdict",
    "answer",
    "expression",
    "domain",
    "decide",
    "decide_lines",
    "fingerprint",
    "arrays",
    "diagnose",
    "layers",
    "problem",
    "worked",
    "locale",
    "score",
    "messages",
    "report",
    "render",
    "catalog",
    "cache",
    "submission",
    "gradescope",
    "sandbox",
    "grade",
    "bench",
    "results",
    "audit",
    "publish",
    "offline",
    "pack",
    "simulate",
    "ledger",
    "classroom",
    "otter_bridge",
    "scaffold",
    "cli",
]
# below this line files and processes are allowed
FIRST_WITH_EFFECTS = LINE.index("catalog")
EFFECTS = {"subprocess", "socket", "sqlite3", "tempfile", "shutil", "multiprocessing", "random", "time", "datetime"}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, int, bool]]:
    """(module, line, inside a function) for every import in a file."""
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nested = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in nested) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, node.lineno, id(node) in nested))
    return found


SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path.name not in {"__init__.py", "__main__.py"})
IDS = [path.relative_to(PACKAGE).as_posix() for path in SOURCES]


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_a_module_imports_only_from_above_it_on_the_line(path: Path) -> None:
    own = room(path)
    assert own in LINE, f"{own} has no place on the line"
    for module, line, _ in imports(path):
        parts = module.split(".")
        if parts[0] != "autograder" or len(parts) < 2 or parts[1] == own:
            continue
        assert LINE.index(parts[1]) < LINE.index(own), (
            f"{path.name}:{line} imports {module}, which stands below {own}"
        )


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_the_core_touches_no_process_clock_or_chance(path: Path) -> None:
    if LINE.index(room(path)) >= FIRST_WITH_EFFECTS or room(path) == "config":
        return
    used = {module.split(".")[0] for module, _, _ in imports(path)}
    assert not used & EFFECTS


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_our_own_modules_are_imported_at_the_top(path: Path) -> None:
    if room(path) == "cli":  # commands load only what they use: `autograder check` must not pay for Otter
        return
    hidden = [
        (module, line) for module, line, inside in imports(path) if inside and module.startswith("autograder")
    ]
    assert hidden == []


@pytest.mark.parametrize("heavy", ["otter", "nbformat", "typst", "dask", "pydantic", "sympy", "jinja2"])
def test_the_grading_path_does_not_pay_for(heavy: str) -> None:
    code = f"import autograder.grade, sys; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
