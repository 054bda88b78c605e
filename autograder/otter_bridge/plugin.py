"""Otter's plugin: grades with a course's problems in `otter run`, `otter assign` and Otter's own zips."""

from __future__ import annotations

import contextlib
import linecache
import os
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder import config as configuration
from autograder import submission
from autograder.bench import bench
from autograder.errors import AnswerError
from autograder.gradescope.metadata import standing
from autograder.otter_bridge.judge import Judge, Record
from autograder.otter_bridge.kernel import ADDRESS
from autograder.otter_bridge.results import PLUGIN, JudgedResults
from autograder.results import ResultsFile, write_fallback
from autograder.score import plain
from autograder.submission import Submission

__all__ = ["Plugin"]

COURSE = ("files/course", ".")  # where grader.toml and solutions/ lie below source/
LOG = ".OTTER_LOG"
CALL = '__import__("autograder.otter_bridge.kernel", fromlist=["run"])'


class Plugin(AbstractOtterPlugin):  # type: ignore[misc]  # Otter has no types
    """Configuration: {"assignment": "hw1"}.  The course's grader.toml and solutions/ lie in the zip."""

    judge: Judge

    def before_grading(self, config: Any) -> None:
        """Load the key, take it away from where the submission runs, and leave no other way to a grade."""
        source = Path("../source").resolve()
        root = next(source / place for place in COURSE if (source / place / "grader.toml").exists())
        found = bench(configuration.load(root / "grader.toml"), self.plugin_config["assignment"])
        _remember(root / "solutions")
        for place in (source / "solutions", source / "files" / "course", Path("course"), source / "grader.toml"):
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        Path(LOG).unlink(missing_ok=True)  # Otter would unpickle it, and so run what it holds
        config.grade_from_log = False
        config.print_summary = config.print_score = False  # of rows that have a score; ours is in the report
        known = None
        if self.submission_metadata:
            known = standing(self.submission_metadata, found.config.assignment(found.assignment.name).due)
            found = found.standing(known)
        target = Path("../results/results.json").resolve()
        self.judge = Judge(ResultsFile(target, found, Path(self.submission_path).stem, known))
        write_fallback(target)

    def before_execution(self, notebook: Any) -> Any:
        """Cells that run the submission as the sandbox does; or none of it, where it runs in the sandbox itself."""
        found = self.judge.file.bench
        limits = found.config.limits_of(found.assignment.name)
        elsewhere = found.config.assignment(found.assignment.name).otter.run == "sandbox"
        path = Path(self.submission_path)
        names = [problem.name for problem in found.assignment.problems]
        try:
            handed_in = submission.read(path.parent if elsewhere else path, limits, path.stem, names)
        except AnswerError as error:
            self.judge.refuse(error)
            lines = []
        else:
            lines = self._lines(handed_in, elsewhere=elsewhere)
        notebook.cells = [nbformat.v4.new_code_cell(line) for line in lines]
        return notebook

    def _lines(self, handed_in: Submission, *, elsewhere: bool) -> list[str]:
        if elsewhere:
            return [f"{CALL}.told({dict(self.judge.grade_here(handed_in).said)!r})"]
        self.judge.start(handed_in)
        os.environ[ADDRESS] = self.judge.address
        name = "submission" if handed_in.kind == "py" else "__main__"
        calls = [f"run({cell.number}, {cell.source!r})" for cell in handed_in.cells]
        return [f"{CALL}.{call}" for call in (f"begin(globals(), {name!r})", *calls, "finish()")]

    def after_grading(self, results: Any) -> None:
        """Put the judge's record in the place of what came out of the kernel."""
        os.environ.pop(ADDRESS, None)
        found = self.judge.finish()
        if self.judge.trouble:
            print(self.judge.trouble, file=sys.stderr)
        for name in set(results.results) & set(found.earned):
            results.update_score(name, plain(found.earned[name]))
        _replace(results, found)

    def generate_report(self) -> str:
        """What Otter prints for who runs it."""
        return str(self.judge.finish().form["output"])


def _remember(folder: Path) -> None:
    """Keep the key's sources in memory: a wrong function is explained by slips in the reference's own source."""
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        # without a time of change it is never looked for on disk again
        linecache.cache[str(path)] = (len(text), None, text.splitlines(keepends=True), str(path))


def _replace(results: Any, found: Record) -> None:
    """Rows for each answer.  Where a later Otter refuses that, its own rows stay, with the right scores."""
    total, possible = (sum(by.values(), Fraction(0)) for by in (found.earned, found.possible))
    results.set_plugin_data(PLUGIN, {"form": dict(found.form), "total": plain(total), "possible": plain(possible)})
    with contextlib.suppress(TypeError):
        results.__class__ = JudgedResults
        return
    results.set_output("\n\n".join(f"{test['name']}\n{test['output']}" for test in found.form["tests"]))
