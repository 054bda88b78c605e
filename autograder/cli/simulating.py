"""The command that runs a zip as Gradescope would: setup.sh once, then run_autograder for each submission."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from autograder.cli.bench import width
from autograder.cli.common import DONE, FINDINGS, UNOPENED, app, color, echo
from autograder.errors import ConfigError, ConfigProblem
from autograder.simulate.image import OUT_OF_TIME, Image, Run, python_for
from autograder.simulate.page import Shown, page
from autograder.simulate.resources import Group
from autograder.simulate.seen import seen
from autograder.simulate.table import table

__all__ = ["simulate"]

MOST_BYTES = 1 << 30  # of a submission's zip, unpacked


@app.command()
def simulate(  # noqa: PLR0913 - a command's options are its parameters
    archive: Annotated[Path, typer.Argument(metavar="ZIP", help="What `autograder pack` wrote.")],
    submissions: Annotated[list[Path], typer.Argument(help="Files, folders or zips: what students upload.")],
    html: Annotated[Optional[Path], typer.Option("--html", help="Write the page that students see.")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="Write OUT/<submission>/results.json.")] = None,  # noqa: UP045
    memory: Annotated[float, typer.Option("--memory", help="GB of memory; Gradescope has 0.75, 1.5, 3, 6.")] = 0.75,
    cpus: Annotated[float, typer.Option("--cpus", help="Processors; Gradescope has 0.5, 1, 2, 4.")] = 0.5,
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds for each submission.")] = 600.0,
    python: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--python", help="The python3 of the image (default: this one, or one that the wheels fit)."),
    ] = None,
    attempt: Annotated[int, typer.Option("--attempt", min=1, help="Which attempt of the student it is.")] = 1,
    late: Annotated[float, typer.Option("--late", help="Hours after the due date.")] = 0.0,
    network: Annotated[bool, typer.Option("--network", help="Leave the network on; ours needs none.")] = False,
) -> None:
    """Run the real zip in Gradescope's layout, and show what a student would see.

    Needs root on Linux: everything happens in a private copy of the file system that vanishes afterwards.

    Example:  sudo autograder simulate dist/hw1-gradescope.zip tests/submissions/blank --html blank.html
    """
    for path in [archive, *submissions]:
        if not path.exists():
            print(f"{path}: there is no such file or folder.", file=sys.stderr)
            raise typer.Exit(UNOPENED)
    _check_zip(archive)
    metadata = _metadata(attempt, late)
    with Image(archive, python_for(archive, python), network) as image:
        print("running setup.sh ...", file=sys.stderr)
        built = image.build()
        if built.code:
            print(built.printed.strip(), file=sys.stderr)
            print(f"setup.sh failed with exit code {built.code}: on Gradescope the build fails.", file=sys.stderr)
            raise typer.Exit(FINDINGS)
        print(f"setup.sh took {built.used.seconds:.0f} s", file=sys.stderr)
        found = []
        for path in submissions:
            group = Group(int(memory * 1024), cpus)
            run = image.grade(_Upload(path, metadata).fill, group, timeout)
            found.append(_shown(path, run, group, out))
            echo(table(found[-1], width(), color=color()) + "\n")
    if html is not None:
        limits = f"{memory:g} GB, {cpus:g} CPU, network {'on' if network else 'off'}"
        note = f"{archive.name}, simulated with {limits}: what students see before the due date"
        html.write_text(page(archive.stem, found, note), encoding="utf-8")
    raise typer.Exit(FINDINGS if any(one.seen.problems for one in found) else DONE)


def _check_zip(archive: Path) -> None:
    """Both scripts have to lie at the root.  Raises ConfigError otherwise."""
    names = set(zipfile.ZipFile(archive).namelist()) if zipfile.is_zipfile(archive) else set()
    missing = [name for name in ("setup.sh", "run_autograder") if name not in names]
    if missing:
        message = f"{' and '.join(missing)} must lie at the root of the zip."
        raise ConfigError([ConfigProblem(str(archive), None, message, "Make it with: autograder pack")])


@dataclass(frozen=True, slots=True)
class _Upload:
    """What a student uploads, and what Gradescope writes beside it."""

    path: Path
    metadata: dict[str, Any]

    def fill(self, folder: Path) -> None:
        """Lay it into /autograder; Gradescope unpacks a zip."""
        text = json.dumps(self.metadata, ensure_ascii=False)
        (folder / "submission_metadata.json").write_text(text, encoding="utf-8")
        target = folder / "submission"
        if self.path.is_dir():
            shutil.copytree(self.path, target, symlinks=True, ignore=_special, dirs_exist_ok=True)
        elif not _unpacked(self.path, target):
            shutil.copy(self.path, target)


def _special(folder: str, names: list[str]) -> list[str]:
    """Pipes, sockets and devices: nobody can upload one."""
    paths = {name: Path(folder, name) for name in names}
    return [name for name, path in paths.items() if not (path.is_symlink() or path.is_file() or path.is_dir())]


def _unpacked(path: Path, target: Path) -> bool:
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            return False
        archive.extractall(target)
    return True


def _metadata(attempt: int, late: float) -> dict[str, Any]:
    """submission_metadata.json as Gradescope writes it, for one student."""
    now = datetime.now(timezone.utc)
    due = now - timedelta(hours=late) if late else now + timedelta(days=7)
    dates = {"release_date": None, "due_date": due.isoformat(), "late_due_date": None}
    results = {"score": 0.0, "tests": [], "extra_data": {"state": "complete"}}
    previous = [
        {"id": n, "submission_time": (now - timedelta(hours=attempt - n)).isoformat(), "score": "0.0",
         "autograder_error": False, "results": results}
        for n in range(1, attempt)
    ]  # fmt: skip
    assignment = {"id": 1, "course_id": 1, "title": "Homework", "group_size": None, "group_submission": False}
    return {
        "id": 1000,
        "created_at": now.isoformat(),
        "assignment_id": None,
        "submission_method": "upload",
        "users": [{"id": 1, "email": "s1@example.edu", "name": "Student One", "sid": "0001", "assignment": dates}],
        "assignment": assignment | dates | {"total_points": "100.0", "outline": []},
        "previous_submissions": previous,
    }


def _shown(path: Path, run: Run, group: Group, out: Path | None) -> Shown:
    if out is not None and run.results is not None:
        target = out / path.name / "results.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(run.results)
    view = seen(run.results)
    notes = list(group.missing)
    if run.code == OUT_OF_TIME:
        view = replace(view, problems=("out of time: the student gets 0 and sees no rows", *view.problems))
    elif run.code:
        notes.append(f"run_autograder ended with exit code {run.code}")
    if view.state and view.state not in ("complete", "refused"):
        notes.append(f"the grader did not finish: {view.state}")
    return Shown(path.name, view, run.used, tuple(notes))
