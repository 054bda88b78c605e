"""The zip for Gradescope: the grader, the key, wheels, and the two scripts; no network at build or run time.

Contract: setup.sh runs once as root when the image is built, run_autograder once for each submission.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import ConfigError, ConfigProblem

__all__ = ["REQUIREMENTS", "Bundle", "build", "wheels"]

REQUIREMENTS = ("numpy", "sympy", "python-flint", "typer", "pydantic", "typing_extensions", "tomli", "pip")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
MOST_MB = 60

SETUP = """#!/usr/bin/env bash
# Runs once, when Gradescope builds the image.  A failed build has to fail: nothing here is allowed to go wrong.
set -euo pipefail
A="${AUTOGRADER_ROOT:-/autograder}"
VENV="${GRADER_VENV:-/opt/grader}"
python3 -m venv --without-pip "$VENV"   # the system's python3 stays as it is; pip itself comes from the wheels
PIP="$(echo "$A"/source/wheels/pip-*.whl)/pip"
"$VENV/bin/python" "$PIP" install -q --no-index --find-links "$A/source/wheels" -r "$A/source/requirements.txt"
PYTHONPATH="$A/source/package" "$VENV/bin/python" -m compileall -q "$A/source/package"
chmod -R o-rwx "$A/source"
chmod o+x "$A/source" "$A/source/package" "$A/source/package/autograder" "$A/source/package/autograder/sandbox"
chmod o+r "$A"/source/package/autograder/sandbox/{worker,codec,student,confine}.py
PYTHONPATH="$A/source/package" "$VENV/bin/python" -m autograder doctor
"""

RUN = """#!/usr/bin/env bash
# Runs for each submission.  Whatever happens, a valid results.json stands there from the first second on.
A="${AUTOGRADER_ROOT:-/autograder}"
VENV="${GRADER_VENV:-/opt/grader}"
R="$A/results/results.json"
mkdir -p "$A/results" && chmod 0700 "$A/results"
cat > "$R" <<'JSON'
{"score": 0, "output": "The grader stopped before it finished. Your work is stored. This is not your fault: please tell the course staff.", "extra_data": {"state": "incomplete"}, "tests": [{"name": "Grader did not finish", "status": "failed"}]}
JSON
chmod 0600 "$A/submission_metadata.json" 2>/dev/null || true
PYTHONPATH="$A/source/package" timeout --signal=TERM --kill-after=10 "${GRADER_BUDGET_S:-540}" \\
  "$VENV/bin/python" -m autograder grade "$A/submission" -a @NAME@ --config "$A/source/grader.toml" --results "$R" --view student
exit 0
"""  # noqa: E501 - the fallback is one line of JSON


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into the zip: the course's folder, the assignment, the wheels (none for a trial)."""

    root: Path
    name: str
    wheels: Sequence[Path] = ()


def wheels(python: str, folder: Path) -> list[Path]:
    """Wheels of everything that grading needs, for this Python on Gradescope's x86-64 image, resolved with pip.

    Raises ConfigError with pip's own words where they cannot be found.
    """
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--only-binary=:all:"]
    command += ["--python-version", python, "--implementation", "cp", "--dest", str(folder)]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    done = subprocess.run([*command, *REQUIREMENTS], capture_output=True, text=True)  # noqa: S603 - our own pip
    if done.returncode:
        words = "\\n".join(line for line in done.stderr.splitlines() if "ERROR" in line)
        raise ConfigError([ConfigProblem("pip", None, f"the wheels for Python {python} were not found.", words)])
    return sorted(folder.glob("*.whl"))


def build(bundle: Bundle, target: Path) -> Path:
    """Write the zip; the same inputs give the same bytes.

    Raises ConfigError where it grows beyond what is sensible to upload.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in _members(bundle):
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    size = target.stat().st_size / 2**20
    if size > MOST_MB:
        raise ConfigError(
            [ConfigProblem(str(target), None, f"the zip has {size:.0f} MiB; the limit is {MOST_MB}.")]
        )
    return target


def _members(bundle: Bundle) -> Iterator[tuple[str, bytes, int]]:
    yield "setup.sh", SETUP.encode(), 0o755
    yield "run_autograder", RUN.replace("@NAME@", bundle.name).encode(), 0o755
    yield "requirements.txt", "".join(f"{name}\n" for name in REQUIREMENTS if name != "pip").encode(), 0o644
    yield "grader.toml", (bundle.root / "grader.toml").read_bytes(), 0o644
    package = Path(__file__).parent.parent
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"package/autograder/{path.relative_to(package).as_posix()}", path.read_bytes(), 0o644
    key = bundle.root / "solutions" / bundle.name
    for path in sorted(key.rglob("*.py")):
        yield f"solutions/{bundle.name}/{path.relative_to(key).as_posix()}", path.read_bytes(), 0o644
    for wheel in bundle.wheels:
        yield f"wheels/{wheel.name}", wheel.read_bytes(), 0o644
