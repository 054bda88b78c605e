"""The page of thirty wrong answers says what the program says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))

import feedback_page  # noqa: E402


@pytest.mark.slow
def test_the_page_is_current() -> None:
    """Run `make feedback` where this fails, and read what it wrote as a student would."""
    assert feedback_page.page() == feedback_page.PAGE.read_text(encoding="utf-8")


def test_there_are_thirty_in_both_languages_right_to_left_and_left_to_right() -> None:
    page = feedback_page.PAGE.read_text(encoding="utf-8")
    assert len(feedback_page.CASES) == page.count("\n## ") == 30
    assert len({case.name for case in feedback_page.CASES}) == 30
    parts = page.split("\n## ")[1:]
    assert all('<p dir="rtl">' in part and "<p>" in part for part in parts)
    for paragraph in re.findall(r'<p dir="rtl">(.*)</p>', page):
        outside = re.sub(r'<bdi dir="ltr">.*?</bdi>', "", paragraph)
        assert not re.search(r"[A-Za-z0-9]", outside), outside


def test_every_kind_of_answer_is_there() -> None:
    page = feedback_page.PAGE.read_text(encoding="utf-8")
    for word in (
        "Partly right",
        "Not right yet",
        "No answer yet",
        "stopped after 5 seconds",
        "Did you mean",
        "A person",
    ):
        assert word in page
