"""Documentation that runs: every `$ autograder ...` in a console block prints what stands under it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import pages
from tests.test_simulate import needs_root

HERE = [page for page in pages.PAGES if not pages.stands_alone(page)]
ALONE = [page for page in pages.PAGES if pages.stands_alone(page)]
COMMANDS = [(page.name, *pair) for page in HERE for pair in pages.commands(page)]
MOST_COMMANDS = 8  # from nothing to the first graded answer


@pytest.mark.parametrize(("page", "command", "printed"), COMMANDS, ids=[f"{p}: {c[:60]}" for p, c, _ in COMMANDS])
def test_the_command_prints_what_the_page_says(page: str, command: str, printed: str) -> None:
    pages.compare(pages.run(command, pages.ROOT), printed)


@pytest.mark.slow
@pytest.mark.parametrize("page", ALONE, ids=[page.name for page in ALONE])
def test_the_page_can_be_followed_from_its_beginning(page: Path, tmp_path: Path) -> None:
    done = list(pages.follow(page, tmp_path))
    assert done


@pytest.mark.slow
@needs_root
def test_the_instructors_page_can_be_followed_to_the_upload(tmp_path: Path) -> None:
    """With the wheels and the real scripts of the zip."""
    probe = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path), "tomli"]
    if subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("wheels cannot be fetched here")
    page = pages.ROOT / "docs" / "instructor.md"
    done = list(pages.follow(page, tmp_path, as_root=True))
    assert any(command.startswith("sudo autograder simulate") for command in done)
    assert (tmp_path / "ada.html").stat().st_size > 10_000


@pytest.mark.parametrize("page", pages.PAGES, ids=[page.name for page in pages.PAGES])
def test_what_is_not_run_says_why(page: Path) -> None:
    for block in pages.blocks(page):
        if block.kind == "console" and not block.excuse:
            assert block.commands, f"line {block.line}: no command"
            others = [
                command
                for command, _ in block.commands
                if command.removeprefix("sudo ").split()[0] not in ("autograder", "python")
            ]
            assert others == [], f"line {block.line}"


def test_a_newcomer_needs_few_commands() -> None:
    """The first chapter of the authors' page: a problem with two mistakes is made, audited, packed, and graded."""
    page = pages.ROOT / "docs" / "authoring.md"
    text = page.read_text(encoding="utf-8")
    end = text[: text.index("\n## Every kind of answer")].count("\n")
    first = [block for block in pages.blocks(page) if block.line < end]
    commands = [command for block in first for command, _ in block.commands]
    verbs = [command.split()[1] for command in commands]
    assert len(commands) <= MOST_COMMANDS
    assert [verb for verb in verbs if verb in ("new", "audit", "pack", "grade")] == [
        "new",
        "new",
        "audit",
        "pack",
        "grade",
    ]
    (problem,) = [block.text for block in first if "PROBLEMS" in block.text]
    assert problem.count("Mistake(") == 2


@pytest.mark.parametrize("page", pages.PAGES, ids=[page.name for page in pages.PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("#"):
            continue
        name, _, heading = target.partition("#")
        path = page.parent / name
        assert path.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles], target


def test_pictures_are_small() -> None:
    pictures = list((pages.ROOT / "docs" / "pictures").glob("*"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 150_000] == []
