"""What explaining costs: the index of slips of homework 1, and one wrong formula once the index is there.

Run:  .venv/bin/python benchmarks/diagnose.py
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import plausible  # noqa: E402

from autograder import catalog  # noqa: E402
from autograder.decide import decide  # noqa: E402
from autograder.diagnose.numbers import slips_at  # noqa: E402
from autograder.diagnose.search import slips  # noqa: E402
from autograder.expression import to_text  # noqa: E402
from autograder.problem import Formula, Number  # noqa: E402
from autograder.problem.formula import case_of, declared_node, explained, facts  # noqa: E402
from autograder.problem.number import number_case, number_facts  # noqa: E402
from autograder.problem.options import CheckOptions  # noqa: E402
from autograder.problem.reading import read  # noqa: E402

LOADED = catalog.load(ROOT, "hw1").problems
# nothing is declared: every answer has to be explained by a search
PROBLEMS = {
    problem.name: dataclasses.replace(problem, mistakes=(), conventions=())
    if isinstance(problem, Formula | Number)
    else problem
    for problem in LOADED
}
OPTIONS = CheckOptions(b"benchmark", questions=tuple(PROBLEMS.values()))


def index() -> tuple[float, int]:
    """CPU seconds to build every index of the homework, and how many slips they hold."""
    count, start = 0, time.process_time()
    for problem in PROBLEMS.values():
        if isinstance(problem, Formula):
            found = slips(case_of(problem))
        elif isinstance(problem, Number):
            found = slips_at(number_case(problem), tuple(sorted(number_facts(problem).at.items())))
        else:
            continue
        if found.reference is not None:
            count += len(found.singles.edits) + len(found.pairs.edits)
    return time.process_time() - start, count


def one(problem: Any, text: str) -> tuple[float, bool]:
    """Milliseconds to explain an answer that is refuted already, and whether it was explained."""
    known = facts(problem)
    node = read(text, known.names)
    decision = decide(node, known.reference, known.domain, secret=OPTIONS.secret)
    start = time.process_time_ns()
    verdict = explained(problem, node, decision, OPTIONS)
    return (time.process_time_ns() - start) / 1e6, verdict.finding is not None


def wrong() -> dict[str, list[str]]:
    """Wrong formulas by answer: those that nobody listed, and the declared ones, which are hidden here."""
    found = {name: list(texts) for name, texts in (plausible.FORMULAS | plausible.SHAPES).items()}
    for problem in LOADED:
        if isinstance(problem, Formula):
            declared = [to_text(declared_node(mistake)) for mistake in problem.mistakes]
            found[problem.name] = list(dict.fromkeys([*found.get(problem.name, ()), *declared]))
    return found


def main() -> None:
    """Print the figures."""
    seconds, count = index()
    print(f"index of hw1: {count} slips, {seconds:.1f} CPU s")
    times: dict[str, tuple[float, bool]] = {}
    for name, texts in wrong().items():
        for text in texts:
            times[f"{name}: {text}"] = one(PROBLEMS[name], text)
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
