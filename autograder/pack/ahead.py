"""Builds what wrong answers are looked up in while the image is built: python -m autograder.pack.ahead TOML NAME.

Here and not when packing: what is kept is good for one version of Python and NumPy, which are the image's, and the
zip neither grows by it nor takes longer to write.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from autograder.bench import Bench, bench
from autograder.config import load
from autograder.problem import Problem
from autograder.problem.indexes import build_indexes

__all__ = ["build_all"]


def build_all(found: Bench, after_each: Callable[[Problem, Exception | None], None] = lambda *_: None) -> None:
    """Build every index of an assignment; after_each is told what one without an index stopped with.

    An index that cannot be built costs no verdict: a wrong answer is refuted without it.
    """
    for problem in found.assignment.problems:
        stopped: Exception | None = None
        try:
            build_indexes(problem, found.options)
        except Exception as error:  # noqa: BLE001 - an author's function may raise anything
            stopped = error
        after_each(problem, stopped)


def main(config: str, name: str) -> None:
    """Build them, and say so in the log of the image."""

    def say(problem: Problem, stopped: Exception | None) -> None:
        if stopped is not None:
            print(f"{problem.name}: no index ({type(stopped).__name__}: {stopped})", file=sys.stderr)

    found = bench(load(Path(config)), name)
    build_all(found, say)
    print(f"{name}: what wrong answers are looked up in is built")


if __name__ == "__main__":
    main(*sys.argv[1:])
