"""What explaining costs: the indexes of homework 1, built and loaded; one wrong formula once they are there; and a file
full of wrong answers, graded by a process of its own as on Gradescope, without and with what an earlier run has kept.

Run:  .venv/bin/python benchmarks/diagnose.py
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import plausible  # noqa: E402

from autograder import catalog  # noqa: E402
from autograder.cache import Kept  # noqa: E402
from autograder.decide import decide  # noqa: E402
from autograder.expression import to_text  # noqa: E402
from autograder.problem import Formula, Number  # noqa: E402
from autograder.problem.formula import declared_node, explained, facts  # noqa: E402
from autograder.problem.indexes import indexes  # noqa: E402
from autograder.problem.options import CheckOptions  # noqa: E402
from autograder.problem.reading import read  # noqa: E402

LOADED = catalog.load(ROOT, "hw1").problems
UNLISTED = ROOT / "tests" / "unlisted.json"
# nothing is declared: every answer has to be explained by a search
PROBLEMS = {
    problem.name: dataclasses.replace(problem, mistakes=(), conventions=())
    if isinstance(problem, Formula | Number)
    else problem
    for problem in LOADED
}
OPTIONS = CheckOptions(b"benchmark", questions=tuple(PROBLEMS.values()))


def index(options: CheckOptions) -> dict[str, tuple[float, int, float]]:
    """By kind of answer: CPU seconds for every index of the homework, the slips in them, the most for one answer."""
    found: dict[str, tuple[float, int, float]] = defaultdict(lambda: (0.0, 0, 0.0))
    for problem in PROBLEMS.values():
        start, count = time.process_time(), 0
        for each in indexes(problem, options):
            if each.reference is not None:
                count += len(each.singles.edits) + len(each.pairs.edits)
        seconds = time.process_time() - start
        total, slips, most = found[problem.kind]
        found[problem.kind] = total + seconds, slips + count, max(most, seconds)
    return {kind: figures for kind, figures in found.items() if figures[1]}


def submission() -> str:
    """A file in which every formula, number and function is wrong in a way that nobody declared."""
    lines = ["import numpy as np"]
    for name, texts in (plausible.FORMULAS | plausible.SHAPES | plausible.NUMBERS).items():
        lines.append(f"{name} = {texts[-1]!r}")
    for name, bodies in plausible.FUNCTIONS.items():
        body = next((body for body in bodies[::-1] if "ref(" not in body), "return 0")
        lines.append(f"def {name}{inspect.signature(PROBLEMS[name].implementation)}:")
        lines += [f"    {line}" for line in body.splitlines()]
    return "\n".join(lines) + "\n"


def graded(path: Path, cache: Path) -> float:
    """CPU seconds of a process that grades one file and its sandbox."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "autograder", "grade", str(path), "-a", "hw1", "--json"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold(folder: Path) -> None:
    """Print what grading costs in a fresh process."""
    wrong_file = folder / "wrong.py"
    wrong_file.write_text(submission(), encoding="utf-8")
    without = min(graded(wrong_file, folder / f"empty{turn}") for turn in range(2))
    kept = min(graded(wrong_file, folder / "empty0") for _ in range(3))
    perfect = ROOT / "tests" / "submissions" / "perfect_py" / "hw1.py"
    right = min(graded(perfect, folder / "empty0") for _ in range(3))
    symbolic = len(plausible.FORMULAS) + len(plausible.SHAPES) + len(plausible.NUMBERS)
    print(
        f"a file of {symbolic} wrong formulas and numbers and {len(plausible.FUNCTIONS)} wrong functions, graded by"
    )
    print(
        f"  a fresh process: {without:.2f} CPU s with nothing kept, {kept:.2f} from then on; all right: {right:.2f}"
    )


def one(problem: Any, text: str, options: CheckOptions) -> tuple[float, bool]:
    """Milliseconds to explain an answer that is refuted already, and whether it was explained."""
    known = facts(problem)
    node = read(text, known.names)
    decision = decide(node, known.reference, known.domain, secret=options.secret)
    start = time.process_time_ns()
    verdict = explained(problem, node, decision, options)
    return (time.process_time_ns() - start) / 1e6, verdict.finding is not None


def wrong() -> dict[str, list[str]]:
    """Wrong formulas by answer: those that nobody listed, and the declared ones, which are hidden here."""
    plain = plausible.FORMULAS | plausible.SHAPES
    unlisted = json.loads(UNLISTED.read_text(encoding="utf-8"))
    found = {}
    for problem in LOADED:
        if isinstance(problem, Formula):
            name, declared = problem.name, [to_text(declared_node(mistake)) for mistake in problem.mistakes]
            others = [text for text, reason in unlisted.get(name, {}).items() if reason != "UNREADABLE"]
            found[name] = list(dict.fromkeys([*plain.get(name, ()), *others, *declared]))
    return found


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "kept")
        options = dataclasses.replace(OPTIONS, keeper=Kept(root))
        for told, found in (
            ("built", index(dataclasses.replace(OPTIONS, keeper=Kept(root)))),
            ("loaded", index(options)),
        ):
            print(f"{told}: {sum(seconds for seconds, _, _ in found.values()):.2f} CPU s for all of hw1")
            for kind, (seconds, count, most) in found.items():
                print(f"  {kind:11} {count:7} slips {seconds:6.2f} CPU s, at most {most:.3f} for one answer")
        files = [path.stat().st_size for path in root.rglob("*") if path.is_file()]
        print(f"kept: {len(files)} files, {sum(files) / 2**20:.1f} MiB")
        explaining(options)
        cold(Path(folder))


def explaining(options: CheckOptions) -> None:
    """Print what one explanation costs."""
    times: dict[str, tuple[float, bool]] = {}
    for name, texts in wrong().items():
        for text in texts:
            times[f"{name}: {text}"] = one(PROBLEMS[name], text, options)
    milliseconds = sorted(ms for ms, _ in times.values())
    print(f"wrong formulas: {len(times)}, explained {sum(found for _, found in times.values())}")
    print(
        f"one explanation: median {statistics.median(milliseconds):.2f} ms, mean {statistics.mean(milliseconds):.2f} ms, "
        f"95 % below {milliseconds[int(0.95 * len(milliseconds))]:.2f} ms, most {milliseconds[-1]:.2f} ms"
    )
    for text, (ms, _) in sorted(times.items(), key=lambda item: -item[1][0])[:8]:
        print(f"  {ms:7.2f} ms  {text[:90]}")


if __name__ == "__main__":
    main()
