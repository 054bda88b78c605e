"""Which of a submission's files is graded: the one that answers most of what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from autograder.errors import AnswerError
from autograder.submission.cells import code_cells, kind_of
from autograder.verdict import Finding

__all__ = ["choose"]

KNOWN = re.compile(r"hw|homework|assignment|submission|solution|answers?|main")
ASSIGNED = re.compile(r"(?m)^[ \t]*(\w+)[ \t]*=(?!=)(?![ \t]*(?:\.\.\.|None\b|\"\"\s|''\s|#|$))")
FUNCTION = re.compile(r"(?m)^def[ \t]+(\w+)[ \t]*\([^\n]*\n((?:[ \t][^\n]*\n|\n)*)")
QUOTED = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''", re.DOTALL)
COMMENT = re.compile(r"(?m)#.*$")
BLANK_BODIES = frozenset({"", "...", "return ...", "pass", "return", "return None", "raise NotImplementedError"})
OURS = "grader.py"  # what students get beside their notebook, and some hand in again
MOST_NAMED = 5  # files in a note


def choose(members: Mapping[str, bytes], answers: Sequence[str]) -> tuple[str, list[Finding]]:
    """The file to grade, and a note where others could have been meant.

    Where nothing tells them apart it is a notebook, the shallowest, the one with a usual name, the largest.
    Raises AnswerError where there is no code.
    """
    code = [entry for entry in members if kind_of(entry)]
    if not code:
        kinds = ", ".join(sorted({PurePosixPath(entry).suffix or entry for entry in members})[:MOST_NAMED])
        raise AnswerError("no-code", fields={"found": kinds})
    code = [entry for entry in code if PurePosixPath(entry).name != OURS] or code
    if len(code) == 1:
        return code[0], []
    filled = {entry: _filled(entry, members[entry], frozenset(answers)) for entry in code}

    def rank(entry: str) -> tuple[int, int, bool, bool, int]:
        unusual = KNOWN.search(entry.lower()) is None
        return -filled[entry], entry.count("/"), kind_of(entry) != "ipynb", unusual, -len(members[entry])

    chosen, *others = sorted(code, key=rank)
    meant = [entry for entry in others if filled[entry] or kind_of(entry) == "ipynb"]
    if not meant:
        return chosen, []
    same = all(kind_of(entry) == "ipynb" for entry in (chosen, *meant))
    fields = {"file": chosen, "others": ", ".join(meant[:MOST_NAMED])}
    return chosen, [Finding("file", "one-notebook-graded" if same else "one-file-graded", fields)]


def _filled(name: str, content: bytes, answers: frozenset[str]) -> int:
    """How many of the answers a file gives, as far as its text shows; nothing is run.

    >>> _filled("hw1.py", b"q1 = 'K'\\nq2 = ...\\ndef f(x):\\n    return ...\\n", frozenset({"q1", "q2", "f"}))
    1
    """
    if not answers:
        return 0
    try:
        cells, _ = code_cells(name, content)
    except AnswerError:
        return -1  # cannot be graded at all
    given: set[str] = set()
    for cell in cells:
        given |= {found.group(1) for found in ASSIGNED.finditer(cell.source)}
        for found in FUNCTION.finditer(f"{cell.source}\n"):
            body = COMMENT.sub("", QUOTED.sub("", found.group(2))).strip()
            given |= {found.group(1)} - ({found.group(1)} if body in BLANK_BODIES else set())
    return len(given & answers)
