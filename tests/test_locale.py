"""The catalogues: complete in both languages, compiled, and with a sentence for whatever the program finds."""

from __future__ import annotations

import ast
import gettext
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from autograder import catalog
from autograder.expression.codes import CODES
from autograder.locale import LANGUAGES, known, template
from autograder.messages import sentence
from autograder.messages.findings import key_of
from autograder.messages.hints import IN_WORDS, betrayed
from autograder.problem.kinds import declared_in
from autograder.verdict import Finding

babel = pytest.importorskip("babel.messages.pofile")

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "autograder" / "locale"
LRI, PDI = "\u2066", "\u2069"
PERSIAN = re.compile(r"[\u0600-\u06ff]")
OURS = {"index-count", "check.ran", "check.no-file"}  # what we counted or named ourselves may stand outside of code


def catalogue(language: str) -> dict[str, str]:
    with (LOCALE / language / "LC_MESSAGES" / "autograder.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in babel.read_po(file) if entry.id}


EN, FA = catalogue("en"), catalogue("fa")
KEYS = list(EN)


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


# --- complete and current ---


def test_both_languages_have_the_same_sentences_in_the_same_order() -> None:
    assert list(EN) == list(FA)
    assert len(KEYS) > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_current(language: str) -> None:
    """Run `make messages` where this fails."""
    folder = LOCALE / language / "LC_MESSAGES"
    with (folder / "autograder.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert {key: text for key, text in compiled.items() if key} == {"en": EN, "fa": FA}[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs GNU gettext")
def test_gnu_gettext_finds_nothing_wrong(language: str) -> None:
    path = LOCALE / language / "LC_MESSAGES" / "autograder.po"
    command = ["msgfmt", "--check-domain", "-o", "/dev/null", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("key", KEYS)
def test_a_sentence_says_the_same_in_both_languages(key: str) -> None:
    english, persian = EN[key], FA[key]
    assert fields_of(english) == fields_of(persian)
    assert PERSIAN.search(persian)
    assert not PERSIAN.search(english)
    assert english.count("`") % 2 == persian.count("`") % 2 == 0
    # code is the same in every language, whatever the order
    assert sorted(re.findall(r"`[^`]*`", english)) == sorted(re.findall(r"`[^`]*`", persian))


def test_an_unknown_key_has_no_sentence() -> None:
    for language in LANGUAGES:
        assert template("no such key", language) == template("", language) == ""
    assert not known("no such key")


def test_only_the_language_that_is_spoken_is_read() -> None:
    code = "import sys, autograder.locale as l; l.template('blank', 'en'); sys.exit(l._catalogue.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 1


# --- what a student wrote ---

STUDENTS_FIELDS = {
    "found",
    "name",
    "character",
    "value",
    "failure",
    "case",
    "line",
    "path",
    "file",
    "others",
    "answer",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_student_wrote_always_stands_as_code(language: str) -> None:
    """So that no exception text or file name can pass for a sentence of ours, or for markup."""
    loose = []
    for key in KEYS:
        outside = re.sub(r"`[^`]*`", "", template(key, language))
        if fields_of(outside) & STUDENTS_FIELDS and key not in OURS and not key.endswith(".line"):
            loose.append(key)
    assert loose == []


@pytest.mark.parametrize("key", KEYS)
def test_formulas_and_words_of_another_script_run_left_to_right(key: str) -> None:
    filled = sentence(key, {name: "(K+1)*F" for name in fields_of(FA[key])}, "fa")
    assert filled.count(LRI) == filled.count(PDI)
    outside = re.sub(f"{LRI}[^{LRI}{PDI}]*{PDI}", "", filled)
    assert not re.search(r"[A-Za-z0-9`*+^]", outside), outside


EXPLAINING = [key for key in KEYS if key.startswith(("edit", "convention"))]
EXPLAINING += ["mistake", "factor", "offset", "other_answer", "unexplained", "choice"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", EXPLAINING)
def test_hints_name_the_mistake_and_hold_no_correction(key: str, language: str) -> None:
    """No number, no operator and no symbol can slip out of a sentence that has none and takes no field."""
    text = template(key, language)
    assert not fields_of(text)
    assert not re.search(r"[0-9+*/^=<>]|`", text)
    assert not betrayed(text, IN_WORDS)  # nor a number in words


# --- nothing that the program finds is left without words ---


def codes_in_source() -> Iterator[tuple[str, str, str]]:
    """(kind, code, place) of every AnswerError and Finding that is made with a literal code."""
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args[:2]]
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            if node.func.id == "AnswerError" and texts and isinstance(texts[0], str):
                yield "syntax", texts[0], place
            if node.func.id == "Finding" and len(texts) == 2 and isinstance(texts[1], str):
                yield str(texts[0]), texts[1], place


def test_every_finding_of_the_program_has_a_sentence() -> None:
    found = [*codes_in_source(), *(("syntax", code, "CODES") for code in CODES)]
    assert len(found) > 60
    silent = [entry for entry in found if not known(key_of(Finding(*entry[:2]), {"cell": "1"}))]
    assert silent == []


def test_a_wrong_output_has_a_sentence_for_hidden_inputs_too() -> None:
    source = (ROOT / "autograder" / "arrays.py").read_text(encoding="utf-8")
    codes = {code for _, code in re.findall(r'Finding\("(\w+)", "([\w-]+)"', source)}
    assert codes >= {"shape", "opaque"}
    assert {f"{code}-hidden" for code in codes} <= set(EN)


def test_declared_conventions_are_named_and_hints_are_in_both_languages() -> None:
    pytest.importorskip("numpy")
    missing = []
    for problem in catalog.load(ROOT, "hw1").problems:
        for convention in getattr(problem, "conventions", ()):
            if not convention.hint and not known(f"convention.{convention.id}"):
                missing.append((problem.name, convention.id))
        for declared in declared_in(problem):
            if declared.hint and not {"en", "fa"} <= set(declared.hint):
                missing.append((problem.name, declared.id))
    assert missing == []
