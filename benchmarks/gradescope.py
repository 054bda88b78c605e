"""What Gradescope's way costs for the perfect notebook of 54 items, beside `otter run`, in one run.

Cold: one fresh process tree for each submission, from run_autograder to results.json, as in a fresh container; and as
Otter runs: `otter run` on thirty trivial questions.
CPU seconds are user and system of the whole tree; memory is the highest sum over the tree of what each process holds
(shared pages split among those that share them).

Run:  .venv/bin/python benchmarks/gradescope.py [REPEATS]
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from autograder.config import load
from autograder.pack.gradescope import Bundle, build, own_scripts

ROOT = Path(__file__).parent.parent
PERFECT = ROOT / "tests" / "submissions" / "perfect_ipynb" / "hw1.ipynb"
QUESTIONS = 30
MOST_CPU, MOST_MB = 1.5, 250


@dataclass(frozen=True)
class Cost:
    """CPU seconds, peak MiB of the tree, wall seconds."""

    cpu: float
    peak: float
    wall: float


def tree(root: int) -> list[int]:
    """A process and everything below it."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parent = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def held(pid: int) -> float:
    """MiB that a process holds, with its share of shared pages; 0 for one that is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.split("\nPss:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0


def cost(command: list[str], environment: dict[str, str], folder: Path, *, memory: bool) -> Cost:
    """One run; watching memory costs time of ours, so it has a run of its own."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(held, tree(process.pid)))) if memory else 0.0
        time.sleep(0.01 if memory else 0.005)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode == 0, command
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, peak, time.monotonic() - started)


def best(repeats: int, command: list[str], environment: dict[str, str], folder: Path) -> Cost:
    """The least CPU and wall time of several runs, and the most memory of one more."""
    runs = [cost(command, environment, folder, memory=False) for _ in range(repeats)]
    peak = cost(command, environment, folder, memory=True).peak
    return Cost(min(run.cpu for run in runs), peak, min(run.wall for run in runs))


def gradescope(folder: Path) -> tuple[list[str], dict[str, str]]:
    """Gradescope's folders with our zip unpacked; this environment stands in for the one that setup.sh makes."""
    archive = build(Bundle(load(ROOT / "grader.toml"), "hw1", own_scripts("hw1", "3.10")), folder / "hw1.zip")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder / "source")
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder / "source")], check=True)
    (folder / "submission").mkdir()
    shutil.copy(PERFECT, folder / "submission")
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(folder), "GRADER_VENV": sys.prefix}
    return ["bash", str(folder / "source" / "run_autograder")], environment


def otter(folder: Path) -> list[str]:
    """`otter run` on an assignment of trivial questions, generated here."""
    tests = folder / "tests"
    tests.mkdir()
    (folder / "out").mkdir()
    cells = []
    for number in range(QUESTIONS):
        test = f'OK_FORMAT = True\ntest = {{"name": "q{number}", "points": 1, "suites": [{{"cases": [{{"code": ">>> assert x{number} == {number}", "hidden": False, "locked": False}}], "scored": True, "type": "doctest"}}]}}\n'
        (tests / f"q{number}.py").write_text(test)
        cells.append(
            {
                "cell_type": "code",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": f"x{number} = {number}",
            }
        )
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": kernel, "cells": cells}
    (folder / "sub.ipynb").write_text(json.dumps(notebook))
    with zipfile.ZipFile(folder / "ag.zip", "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for path in sorted(tests.iterdir()):
            archive.write(path, f"tests/{path.name}")
    return [sys.executable, "-m", "otter", "run", "sub.ipynb", "-a", "ag.zip", "-o", "out"]


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        command, environment = gradescope(Path(one))
        ours = best(repeats, command, environment, Path(one))
        results = json.loads(Path(one, "results", "results.json").read_text(encoding="utf-8"))
        assert results["extra_data"]["state"] == "complete"
        assert len(results["tests"]) > 100
        print(f"{'':50} CPU s  peak MiB  wall s")
        show(f"our run_autograder, {len(results['tests'])} answers to 54 items", ours)
        if importlib.util.find_spec("otter") is None:
            print("otter-grader is not installed: nothing to compare with")
        else:
            theirs = best(repeats, otter(Path(other)), dict(os.environ), Path(other))
            graded = json.loads(Path(other, "out", "results.json").read_text(encoding="utf-8"))
            assert sum(test.get("score", 0) for test in graded["tests"]) == QUESTIONS, graded
            show(f"otter run, {QUESTIONS} trivial questions", theirs)
            print(
                f"ours / otter's: {ours.cpu / theirs.cpu:.2f} of the CPU time, {ours.peak / theirs.peak:.2f} of the memory"
            )
    met = ours.cpu <= MOST_CPU and ours.peak <= MOST_MB
    print(f"goals: at most {MOST_CPU} CPU s and {MOST_MB} MiB: {'met' if met else 'MISSED'}")
    sys.exit(not met)


def show(name: str, found: Cost) -> None:
    print(f"{name:50} {found.cpu:5.2f} {found.peak:9.0f} {found.wall:7.2f}")


if __name__ == "__main__":
    main()
