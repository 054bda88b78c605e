"""How often other checkers and this one are right on pairs of formulas, and what each costs.

    python benchmarks/decide.py [dev.jsonl] [--only ours|sympy|math-verify] [--limit N]

Runs `decide`, sympy's `simplify(a - b) == 0` with the same assumptions, and Math-Verify where it is installed, one
after the other in one process, on the rows of kind `equal` whose truth is not contested.  Times are CPU time of a
warm process; the median is over distinct rows.  A row that takes more than ten seconds has no verdict.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.decide import decide
from autograder.decide_lines import decide_line
from autograder.domain import domain
from autograder.expression import parse, to_latex

DEFAULT = Path(__file__).parents[2] / "shared" / "verdicts" / "dev.jsonl"
SECONDS = 10.0
Row = dict[str, Any]
Checker = Callable[[Row], bool | None]
WORDS = {"correct": True, "incorrect": False}
ASSUMPTIONS: dict[str, dict[str, bool]] = {
    "real": {"real": True},
    "positive": {"positive": True},
    "negative": {"negative": True},
    "nonnegative": {"nonnegative": True},
    "nonzero": {"real": True, "nonzero": True},
    "complex": {},
    "integer": {"integer": True},
    "positive integer": {"integer": True, "positive": True},
    "nonnegative integer": {"integer": True, "nonnegative": True},
}


class TooLong(Exception):
    """A row passed its limit."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TooLong after some seconds (of the wall clock: a timer of CPU time makes the CPU clock coarse)."""

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ours(row: Row) -> bool | None:
    """Text to verdict, as `autograder decide` does it."""
    return WORDS.get(json.loads(decide_line(row["line"]))["status"])


def by_sympy(row: Row) -> bool | None:
    """simplify(a - b) == 0 with the domains declared as assumptions."""
    import sympy

    names = {part: _symbol(row, part) for part in _names(row)}
    space: dict[str, Any] = {name: getattr(sympy, name) for name in dir(sympy) if not name.startswith("_")}
    space |= {"abs": sympy.Abs, "arg": sympy.arg, "ln": sympy.log} | names
    answer, reference = (
        sympy.sympify(row[side].replace("^", "**"), locals=space) for side in ("answer", "reference")
    )
    return bool(sympy.simplify(answer - reference) == 0)


def _names(row: Row) -> set[str]:
    from autograder.expression import free_names

    return set(free_names(parse(row["answer"])) | free_names(parse(row["reference"])))


def _symbol(row: Row, name: str) -> Any:
    import sympy

    kind = (row.get("symbols") or {}).get(name, row.get("domain", "real"))
    if kind.startswith((">", "<", "[", "(")):
        return sympy.Symbol(name, **ASSUMPTIONS["positive" if kind.startswith(">") else "real"])
    return sympy.Symbol(name, **ASSUMPTIONS.get(kind, {"real": True}))


def by_math_verify(row: Row) -> bool | None:
    """Both sides as LaTeX, as that tool expects them."""
    import math_verify

    sides = [f"${to_latex(parse(row[side]))}$" for side in ("reference", "answer")]
    gold, answer = (math_verify.parse(side, parsing_timeout=None) for side in sides)
    return bool(math_verify.verify(gold, answer, timeout_seconds=None))


def run(checker: Checker, rows: list[Row]) -> tuple[list[bool | None], list[float]]:
    """Verdicts and CPU seconds, row by row."""
    verdicts: list[bool | None] = []
    seconds: list[float] = []
    for row in rows:
        start = time.process_time()
        try:
            with limited(SECONDS):
                found = checker(row)
        except Exception:  # noqa: BLE001 - whatever a checker does, it is no verdict
            found = None
        seconds.append(time.process_time() - start)
        verdicts.append(found)
    return verdicts, seconds


def figures(name: str, rows: list[Row], verdicts: list[bool | None], seconds: list[float]) -> str:
    """One line of the table."""
    accepts = sum(got is True and not row["expected"] for row, got in zip(rows, verdicts, strict=True))
    refusals = sum(got is False and row["expected"] for row, got in zip(rows, verdicts, strict=True))
    none = sum(got is None for got in verdicts)
    right = 100 * (len(rows) - accepts - refusals - none) / len(rows)
    distinct = {json.dumps([row.get(k) for k in KEYS]): s for row, s in zip(rows, seconds, strict=True)}
    median = 1000 * statistics.median(distinct.values())
    return (
        f"{name:34} {accepts:8d} {refusals:9d} {none:10d} {right:7.1f} {median:10.3f} "
        f"{1000 * max(seconds):9.1f} {sum(seconds):8.2f}"
    )


KEYS = ("answer", "reference", "domain", "symbols")


def deciding_only(rows: list[Row]) -> str:
    """The cost of the decision alone, formulas already read."""
    seconds: dict[str, float] = {}
    for row in rows:
        answer, reference = parse(row["answer"]), parse(row["reference"])
        where = domain(row.get("symbols") or {}, default=row.get("domain", "real"))
        start = time.perf_counter()
        decide(answer, reference, where, strict=False)
        seconds[json.dumps([row.get(k) for k in KEYS])] = time.perf_counter() - start
    median, most = statistics.median(seconds.values()), max(seconds.values())
    return f"without reading the text: median {1000 * median:.3f} ms, max {1000 * most:.1f} ms"


def main() -> None:
    """Read the rows, run each checker, print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    options.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    options.add_argument("--only", choices=["ours", "sympy", "math-verify"])
    options.add_argument("--limit", type=int, default=None)
    chosen = options.parse_args()
    if not chosen.file.exists():
        raise SystemExit(f"{chosen.file} is not here: name a file of pairs")
    lines = chosen.file.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) | {"line": line} for line in lines]
    rows = [row for row in rows if row.get("kind", "equal") == "equal" and not row.get("contested")][: chosen.limit]
    print(f"{len(rows)} pairs")
    print(
        f"{'':34} {'accepts':>8} {'refusals':>9} {'no verdict':>10} {'right %':>7} {'median ms':>10} {'max ms':>9} {'CPU s':>8}"
    )
    checkers: dict[str, tuple[str, Checker]] = {
        "ours": ("autograder decide", ours),
        "sympy": ("sympy simplify(a - b) == 0", by_sympy),
        "math-verify": ("Math-Verify", by_math_verify),
    }
    for key, (name, checker) in checkers.items():
        if chosen.only not in (None, key):
            continue
        if key == "math-verify" and importlib.util.find_spec("math_verify") is None:
            print(f"{name:34} not installed: pip install math-verify")
            continue
        run(checker, rows[:20])
        print(figures(name, rows, *run(checker, rows)), flush=True)
    if chosen.only in (None, "ours"):
        print(deciding_only(rows))


if __name__ == "__main__":
    main()
