"""Runs a page as its reader would: what it shows of files is written, what it shows of commands is run and compared.

A page that says `<!-- in an empty folder -->` begins in one, one that says `<!-- in a copy of the course -->` in a
folder with grader.toml, solutions/ and submissions/, one that says `<!-- in a copy of the students' files -->` in one
with what is in assignments/hw1; others run in the checkout.

There are three kinds of block.  ```python file=PATH``` is written to the file.  ```diff``` changes the file that its
first line names, until the next commands have run.  ```console``` holds commands; a block that is not run says why in
a comment above it, `<!-- not run: it changes the machine -->`, and one that only a slow test runs, since it needs root
and packages from an index, says `<!-- run as root -->`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"(?:<!-- (?:not run: ([^\n]+)|(run as root)) -->\n)?^```(console|diff|python file=\S+)\n(.*?)^```", re.M | re.S
)
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
ALONE = re.compile(
    r"^<!-- in (an empty folder|a copy of the course|a copy of the students' files) -->$", re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """One block of a page: its kind, its text, why it is not run ("" if it is), whether it needs root, its line."""

    kind: str
    text: str
    excuse: str
    root: bool
    line: int

    @property
    def commands(self) -> list[tuple[str, str]]:
        """(command, what it prints) of a console block."""
        parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]
        return [(command, printed) for command, _, printed in (part.partition("\n") for part in parts)]


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(m[3], m[4], m[1] or "", bool(m[2]), text.count("\n", 0, m.start(3)) + 1) for m in BLOCK.finditer(text)
    ]


def commands(page: Path) -> list[tuple[str, str]]:
    """Every command of a page that is run, with what it prints."""
    return [
        pair
        for block in blocks(page)
        if block.kind == "console" and not (block.excuse or block.root)
        for pair in block.commands
    ]


def stands_alone(page: Path) -> bool:
    """Whether a page is followed from its beginning to its end in a folder of its own."""
    return bool(ALONE.search(page.read_text(encoding="utf-8")))


def furnish(page: Path, folder: Path) -> None:
    """Put into a folder what a page finds there."""
    (where,) = ALONE.findall(page.read_text(encoding="utf-8"))
    if where == "a copy of the students' files":
        shutil.copytree(ROOT / "assignments" / "hw1", folder, dirs_exist_ok=True)
    elif where == "a copy of the course":
        shutil.copy(ROOT / "grader.toml", folder)
        shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "tests" / "submissions", folder / "submissions")


def run(command: str, folder: Path) -> str:
    """What a command prints: its output, or its message if it has none."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}
    program, *rest = shlex.split(command.removeprefix("sudo "))
    rest = [HERE if part == "3.11" else part for part in rest]  # a zip to be tried here is packed for this Python
    arguments = [sys.executable, *(["-m", program] if program == "autograder" else []), *rest]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, env=environment, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout or done.stderr


def compare(seen: str, wanted: str) -> None:
    """What is printed is what the page says; a line `...` stands for any lines."""
    seen, wanted = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip() for text in (seen, wanted))
    if "\n...\n" not in f"\n{wanted}\n":
        assert seen == wanted
        return
    position = 0
    for piece in (piece.strip() for piece in re.split(r"^\.\.\.$", wanted, flags=re.MULTILINE)):
        assert piece in seen[position:]
        position = seen.index(piece, position) + len(piece)


def follow(page: Path, folder: Path, *, as_root: bool = False) -> Iterator[str]:
    """Do what a page says, from its first block to its last, in a folder; yields each command that was run."""
    furnish(page, folder)
    planted: dict[Path, str] = {}
    for block in blocks(page):
        if block.kind.startswith("python file="):
            target = folder / block.kind.removeprefix("python file=")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.kind == "diff":
            path = _plant(block, folder)
            planted.setdefault(path[0], path[1])
        elif not block.excuse and (as_root or not block.root):
            for command, printed in block.commands:
                compare(run(command, folder), printed)
                yield command
            for path, before in planted.items():
                path.write_text(before, encoding="utf-8")
            planted.clear()


def _plant(block: Block, folder: Path) -> tuple[Path, str]:
    """Make a change that a page shows; returns the file and what it held before."""
    first, *lines = block.text.splitlines()
    path = folder / first.removeprefix("--- ")
    before = path.read_text(encoding="utf-8")
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in "- ")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in "+ ")
    assert before.count(old) == 1, f"line {block.line}: {old!r} stands {before.count(old)} times in {path.name}"
    path.write_text(before.replace(old, new), encoding="utf-8")
    return path, before
