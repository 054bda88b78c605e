"""What grading costs: CPU seconds of the whole process tree, as ratios within one run.

Run:  .venv/bin/python benchmarks/grade.py [REPEATS]
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PERFECT = ROOT / "tests" / "submissions" / "perfect_py" / "hw1.py"
CLASS = 50


def cpu(*command: str) -> float:
    """User and system seconds of a command and all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, command
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(repeats: int, *command: str) -> float:
    return statistics.median(cpu(*command) for _ in range(repeats))


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    grade = [sys.executable, "-m", "autograder", "grade"]
    imports = median(repeats, sys.executable, "-c", "import numpy, sympy")
    one = median(repeats, *grade, str(PERFECT), "-a", "hw1")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(CLASS):
            student = Path(folder, f"student{number:02}")
            student.mkdir()
            shutil.copy(PERFECT, student)
        many = median(max(1, repeats // 2), *grade, folder, "-a", "hw1")
    print(f"import numpy, sympy                     {imports:6.2f} CPU s")
    print(
        f"one perfect submission, cold            {one:6.2f} CPU s   {one / imports:5.2f} x the imports (goal: at most 3)"
    )
    each = (many - one) / (CLASS - 1)
    print(f"each submission beyond the first        {each:6.3f} CPU s   (goal: at most 0.15)")


if __name__ == "__main__":
    main()
