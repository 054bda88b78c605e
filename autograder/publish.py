"""A key as bytes of a file: reads the layout and the fonts of the package, and runs Typst for a PDF."""

from __future__ import annotations

import importlib
from pathlib import Path

from autograder import __version__
from autograder.bench import Bench
from autograder.errors import ConfigError, ConfigProblem
from autograder.render.key import FONTS, Key, document, html_page, markdown, notebook, typst_source

__all__ = ["FORMS", "key_of", "published"]

FORMS = ("md", "html", "pdf", "ipynb")
LAYOUT = Path(__file__).parent / "render" / "key"


def key_of(bench: Bench, only: str, language: str, *, answers: bool) -> Key:
    """What a key of an assignment is made from: its problems, points, and what each convention earns.

    Raises ConfigError if no answer's name begins with `only`.
    """
    settings, course = bench.config.assignment(bench.assignment.name), bench.config.course
    problems = [problem for problem in bench.assignment.problems if problem.name.startswith(only)]
    if not problems:
        advice = f"`autograder list {bench.assignment.name}` shows the names."
        raise ConfigError([ConfigProblem("--only", None, f"no answer's name begins with {only!r}.", advice)])
    titles = {str(name): text for name, text in dict(settings.title).items()}
    return Key(
        titles.get(language) or titles.get("en") or bench.assignment.name,
        problems,
        bench.assignment.key,
        language,
        answers,
        " · ".join(part for part in (course.name, course.term) if part),
        __version__,
        {problem.name: settings.points_of(problem.name) for problem in problems},
        {
            (problem.name, entry.id): bench.options.credit_of(entry.id, entry.credit)
            for problem in problems
            for entry in getattr(problem, "conventions", ())
        },
    )


def published(key: Key, form: str) -> bytes:
    """The file of a key in one of FORMS.  Raises ConfigError if a PDF is asked for and Typst is not there."""
    if form == "ipynb":
        return notebook(key).encode()
    whole = document(key)
    if form == "md":
        return markdown(whole).encode()
    if form == "html":
        fonts = {file: (LAYOUT / "fonts" / file).read_bytes() for *_, file in FONTS[key.language]}
        return html_page(whole, (LAYOUT / "key.css").read_text(encoding="utf-8"), fonts).encode()
    return pdf(typst_source(whole, (LAYOUT / "key.typ").read_text(encoding="utf-8")))


def pdf(source: str) -> bytes:
    """Typst's PDF of a document, with the package's own fonts embedded and none of the machine's."""
    try:
        typst = importlib.import_module("typst")
    except ImportError:
        advice = "Install it with  pip install 'dl-autograder[pdf]' , or print the page of --format html."
        raise ConfigError([ConfigProblem("--format pdf", None, "Typst is not installed.", advice)]) from None
    made = typst.compile(source.encode(), font_paths=[str(LAYOUT / "fonts")], ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made
