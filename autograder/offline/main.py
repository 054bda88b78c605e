"""`grader.check(...)` in a notebook and `python grader.py FILE` in a terminal."""

from __future__ import annotations

import builtins
import getopt
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.errors import AnswerError
from autograder.messages import error_text, sentence
from autograder.offline.choosing import chosen, entries_of
from autograder.offline.failing import explained, notes
from autograder.offline.looking import UNREADABLE, Row, look
from autograder.offline.running import run_file
from autograder.offline.sheet import Entry, Sheet, short
from autograder.offline.show import Report

__all__ = ["as_json", "check_file", "check_names", "main", "say"]

CLEAN, FINDINGS, MISUSED, UNOPENED = 0, 1, 2, 3
MOST_THREADS = 4  # each needs the memory of one slow hash
FEW = 5  # answers: a question's, not a whole sheet's


def check_names(sheet: Sheet, names: Sequence[str], space: Mapping[str, Any], language: str = "") -> Report:
    """Look at the answers that these names mean, where a student's names hold `space`."""
    spoken = language or sheet.language
    try:
        entries = entries_of(sheet, names)
    except AnswerError as error:
        name = _unquoted_name(sheet, names, space)
        said = sentence("check.unquoted-name", {"name": name}, spoken) if name else error_text(error, spoken)
        return Report(sheet, (), spoken, (said,))
    rows = _rows(sheet, entries, space, spoken)
    if len(rows) <= FEW:  # the cell above was not run, or its name was changed
        rows = [row if row.entry.name in space else _absent(row, spoken) for row in rows]
    return Report(sheet, tuple(rows), spoken)


def _unquoted_name(sheet: Sheet, names: Sequence[Any], space: Mapping[str, Any]) -> str:
    """The name to put in quotes where `grader.check(q1a2_weights)` passed the answer instead of its name, or ""."""
    meant = [entry.name for entry in sheet.entries for name in names if space.get(entry.name) is name]
    if len(meant) == 1:
        return meant[0]
    return "" if all(isinstance(name, str) for name in names) else short(sheet.entries[0].item)


def _absent(row: Row, language: str) -> Row:
    texts = row.entry.kind in ("Formula", "Number", "Derivation")
    keys = ["check.absent", "check.absent.quotes"] if texts else ["check.absent"]
    return replace(row, notes=(" ".join(sentence(key, {}, language) for key in keys),))


def _rows(sheet: Sheet, entries: Sequence[Entry], space: Mapping[str, Any], language: str) -> list[Row]:
    """Every answer looked at, in order; several slow hashes are computed on all cores: they run no student code."""
    slow = [entry for entry in entries if entry.seals]
    rows: dict[str, Row] = {}
    if len(slow) > 1:
        from concurrent.futures import ThreadPoolExecutor  # a single answer is not to wait for this import

        with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
            for row in pool.map(lambda entry: look(sheet, entry, space, language), slow):
                rows[row.entry.name] = row
    return [rows.get(entry.name) or look(sheet, entry, space, language) for entry in entries]


def check_file(sheet: Sheet, path: str | os.PathLike[str], names: Sequence[str] = (), language: str = "") -> Report:
    """Run a student's file and look at its answers.  path: a file, a folder, or "" for the folder we are in.

    Raises AnswerError where it cannot be opened, or where a name means nothing.
    """
    spoken = language or sheet.language
    file, names = chosen(sheet, os.fspath(path), names)
    entries = entries_of(sheet, names)
    ran = run_file(file, sheet.seconds)
    others = {entry.name for entry in sheet.entries if entry.kind != "Function"}
    rows = [explained(row, ran, others, spoken) for row in _rows(sheet, entries, ran.space, spoken)]
    said = notes(ran, {entry.name for entry in sheet.entries}, spoken, packages=_run_at_all(rows))
    return Report(sheet, tuple(rows), spoken, said)


def _run_at_all(rows: Sequence[Row]) -> bool:
    """Whether more is asked about than formulas that can be read: only then it matters which packages there are."""
    return any(row.entry.kind == "Function" or row.state == UNREADABLE for row in rows)


def shown(report: Report) -> Report:
    """Printed where nothing else would show it: in a notebook and at Python's prompt a value shows itself."""
    if not (hasattr(builtins, "__IPYTHON__") or hasattr(sys, "ps1")):
        say(report)
    return report


def say(report: Report) -> None:
    """Print a report; a terminal that has no Persian letters gets English, and no character is a crash."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    text = repr(report)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = (
            text.translate(dict.fromkeys(map(ord, "\u2066\u2069"), ""))
            .encode(encoding, "backslashreplace")
            .decode(encoding)
        )
    print(text)


@dataclass(frozen=True)
class Asked:
    """What a command line asks for."""

    file: str
    names: tuple[str, ...]
    language: str
    json: bool = False
    help: bool = False


def asked(sheet: Sheet, arguments: Sequence[str]) -> Asked:
    """A command line, read.

    Raises AnswerError for an option that there is not.
    """
    options: list[tuple[str, str]] = []
    plain: Sequence[str] = arguments
    if any(one.startswith("-") for one in arguments):
        try:
            options, plain = getopt.gnu_getopt(list(arguments), "h", ["help", "json", "language="])
        except getopt.GetoptError as error:
            raise AnswerError("check.no-option", fields={"option": error.opt}) from None
    given = dict(options)
    language = given.get("--language", _language(sheet))
    if language not in ("en", "fa"):
        raise AnswerError("check.no-language", fields={"language": language})
    file, *names = plain or [""]
    return Asked(file, tuple(names), language, "--json" in given, not given.keys().isdisjoint(("-h", "--help")))


def main(sheet: Sheet, arguments: Sequence[str] | None = None) -> int:
    """The command line.

    0: nothing to mend and nothing blank; 1: something is; 2: no such option; 3: the file could not be opened.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        wanted = asked(sheet, given)
    except AnswerError as error:
        return _refused(sheet, _language(sheet), error, usage(sheet, _language(sheet)), code=MISUSED)
    if wanted.help:
        say(Report(sheet, (), wanted.language, (usage(sheet, wanted.language),)))
        return CLEAN
    try:
        report = check_file(sheet, wanted.file, wanted.names, wanted.language)
    except AnswerError as error:
        return _refused(sheet, wanted.language, error)
    if wanted.json:
        print(json.dumps(as_json(report), ensure_ascii=True, indent=2))
    else:
        say(report)
    return CLEAN if report.clean else FINDINGS


def _refused(sheet: Sheet, language: str, error: AnswerError, *more: str, code: int = UNOPENED) -> int:
    say(Report(sheet, (), language, (error_text(error, language), *more)))
    return code


def usage(sheet: Sheet, language: str) -> str:
    """How the command line is written."""
    return sentence("check.usage", {"file": f"{sheet.name}.ipynb", "plain": f"{sheet.name}.py"}, language)


def _language(sheet: Sheet) -> str:
    """The sheet's language, or English where the terminal has no letters for it."""
    try:
        "تمرین".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return "en"
    return sheet.language


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    answers = [_row(row) for row in report.rows]
    return {
        "assignment": report.sheet.name,
        "level": report.sheet.level,
        "language": report.language,
        "clean": report.clean,
        "notes": list(report.notes),
        "answers": answers,
    }


def _row(row: Row) -> dict[str, Any]:
    entry = row.entry
    return {
        "name": entry.name, "item": entry.item, "kind": entry.kind, "state": row.state, "reading": row.reading,
        "notes": list(row.notes),
    }  # fmt: skip
