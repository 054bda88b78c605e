"""Commands for what leaves the house: `pack` writes the student's files and the zip for Gradescope."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.cli.bench import Bench, bench
from autograder.cli.common import ConfigOption, app, course, echo
from autograder.otter_bridge.assign import INSTALL, Assigned, assign, installed
from autograder.otter_bridge.wheel import wheel
from autograder.pack.gradescope import Bundle, build, own_scripts, wheels, write
from autograder.pack.student import student_files
from autograder.score import plain

__all__ = ["pack"]


@app.command()
def pack(
    assignment: Annotated[Optional[str], typer.Argument(help="Such as hw1.")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option("-o", "--out", help="Folder for the zip (default: dist).")] = None,  # noqa: UP045
    python: Annotated[
        str, typer.Option("--python", help="Python of the image; Gradescope's default has 3.10.")
    ] = "3.10",
    no_wheels: Annotated[
        bool, typer.Option("--no-wheels", help="Leave the wheels out, to look at the rest.")
    ] = False,
    stock: Annotated[
        bool,
        typer.Option("--stock", help="Keep Otter's own scripts, with our plugin in its zip."),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Write what students get (assignments/) and the zip that Gradescope gets (dist/).

    With Otter installed the notebook is made by `otter assign`, and the zip serves `otter run` as well.

    Example:  autograder pack hw1
    """
    found = bench(course(config), assignment)
    made = assign(found, wheel=wheel() if stock else None) if stock or installed() else None
    _for_students(found, made)
    name = found.assignment.name
    folder = out or found.config.root / "dist"
    if stock and made is not None:
        scripts = ("setup.sh", "run_autograder")
        members = [(file, text, 0o755 if file in scripts else 0o644) for file, text in made.zip.items()]
        target = write(members, folder / f"{name}-otter.zip")
        echo(f"{target}: {target.stat().st_size / 2**20:.1f} MiB, Otter's own; its image is built over the network")
    else:
        target = _for_gradescope(found, made, folder, python, no_wheels=no_wheels)
        echo(f"{target}: {target.stat().st_size / 2**20:.1f} MiB, for Gradescope")
    echo(f"Enter {plain(found.total)} as the assignment's total points.")


def _for_students(found: Bench, made: Assigned | None) -> None:
    for file, text in student_files(found, made.cells if made else None).items():
        target = found.config.root / "assignments" / found.assignment.name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        echo(f"{target.relative_to(found.config.root)}: for students")


def _for_gradescope(found: Bench, made: Assigned | None, folder: Path, python: str, *, no_wheels: bool) -> Path:
    """Our own zip.  python: of the image, for which wheels are resolved."""
    name = found.assignment.name
    if made is None:
        print(f"Otter is not installed: this zip will not serve `otter run`. {INSTALL}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as wheels_here:
        chosen: list[Path] = []
        if not no_wheels:
            print(f"resolving wheels for Python {python} ...", file=sys.stderr)
            chosen = wheels(python, Path(wheels_here), found.config.assignment(name).modules)
        scripts, extra = own_scripts(name, python), made.run if made else {}
        return build(Bundle(found.config, name, scripts, chosen, extra), folder / f"{name}-gradescope.zip")
