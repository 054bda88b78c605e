"""Commands for what leaves the house: `pack` writes the student's files and the zip for Gradescope."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated, Optional

import typer

from autograder.cli.bench import bench
from autograder.cli.common import ConfigOption, app, course, echo
from autograder.pack.gradescope import Bundle, build, own_scripts, wheels
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
    config: ConfigOption = None,
) -> None:
    """Write what students get (assignments/) and the zip that Gradescope gets (dist/).

    Example:  autograder pack hw1
    """
    found = bench(course(config), assignment)
    name, root = found.assignment.name, found.config.root
    language = found.config.language_of(name)
    settings = found.config.assignment(name)
    titles = {str(key): value for key, value in dict(settings.title).items()}
    files = student_files(name, titles.get(language) or titles.get("en", name), found.assignment.problems, language)
    for file, text in files.items():
        target = root / "assignments" / name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        echo(f"{target.relative_to(root)}: for students")
    with tempfile.TemporaryDirectory() as folder:
        if not no_wheels:
            print(f"resolving wheels for Python {python} ...", file=sys.stderr)
        chosen = [] if no_wheels else wheels(python, Path(folder), settings.modules)
        bundle = Bundle(found.config, name, own_scripts(name, python), chosen)
        target = build(bundle, (out or root / "dist") / f"{name}-gradescope.zip")
    echo(f"{target}: {target.stat().st_size / 2**20:.1f} MiB, for Gradescope")
    echo(f"Enter {plain(found.total)} as the assignment's total points.")
