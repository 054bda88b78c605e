"""Documentation that runs: every `$ autograder ...` in a console block prints what stands under it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sessions(page: Path) -> list[tuple[str, str]]:
    """(command, what it prints) of every console block; commands other than autograder's are not run."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            if command.startswith("autograder "):
                found.append((command, printed))
    return found


SESSIONS = [(page.name, *session) for page in PAGES for session in sessions(page)]


@pytest.mark.parametrize(("page", "command", "printed"), SESSIONS, ids=[f"{p}: {c[:60]}" for p, c, _ in SESSIONS])
def test_the_command_prints_what_the_page_says(page: str, command: str, printed: str) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}
    arguments = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=120)
    seen, wanted = (re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip() for text in (done.stdout, printed))
    if "\n...\n" in f"\n{wanted}\n":  # a long output is shown in part
        position = 0
        for piece in (piece.strip() for piece in re.split(r"^\.\.\.$", wanted, flags=re.MULTILINE)):
            assert piece in seen[position:], done.stderr
            position = seen.index(piece, position) + len(piece)
    else:
        assert seen == wanted, done.stderr
