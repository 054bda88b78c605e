"""Documentation that runs: every `$ autograder ...` in a console block prints what stands under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import pages

HERE = [page for page in pages.PAGES if not pages.stands_alone(page)]
ALONE = [page for page in pages.PAGES if pages.stands_alone(page)]
COMMANDS = [(page.name, *pair) for page in HERE for pair in pages.commands(page)]
MOST_COMMANDS = 8  # from nothing to the first graded answer


@pytest.mark.parametrize(("page", "command", "printed"), COMMANDS, ids=[f"{p}: {c[:60]}" for p, c, _ in COMMANDS])
def test_the_command_prints_what_the_page_says(page: str, command: str, printed: str) -> None:
    pages.compare(pages.run(command, pages.ROOT), printed)


@pytest.mark.parametrize("page", ALONE, ids=[page.name for page in ALONE])
def test_the_page_can_be_followed_in_an_empty_folder(page: Path, tmp_path: Path) -> None:
    done = list(pages.follow(page, tmp_path))
    assert len(done) > 3


@pytest.mark.parametrize("page", pages.PAGES, ids=[page.name for page in pages.PAGES])
def test_what_is_not_run_says_why(page: Path) -> None:
    for block in pages.blocks(page):
        if block.kind == "console" and not block.excuse:
            assert block.commands, f"line {block.line}: no command"
            others = [command for command, _ in block.commands if not command.startswith("autograder ")]
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
