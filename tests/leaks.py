"""Finds whatever belongs to a key in the bytes of a file: as it is, in other spellings, encoded, or packed."""

from __future__ import annotations

import base64
import binascii
import contextlib
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from autograder.bench import Bench
from autograder.errors import AnswerError
from autograder.expression import canonical, from_sympy, parse, size, to_text
from autograder.problem import Derivation, Formula, Function, Item, Number, Problem, Written
from autograder.problem.formula import as_node
from autograder.problem.kinds import declared_in

MOST_LAYERS = 4
BASE64 = re.compile(rb"[A-Za-z0-9+/_=-]{8,}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){5,}")
SHORT = 16  # encoded: so little is only worth a look if it is text
FORMULA_LIKE = re.compile(r"[\w(][\w+*/^() .,\[\]-]{3,}[\w)\]]")


# --- every text that is in some bytes ---


def texts(data: bytes, layer: int = 0) -> Iterator[str]:
    """The bytes as text, the strings of JSON in them, and what base64, hex, zlib, gzip and zip hide."""
    text = data.decode("utf-8", "replace")
    yield text
    yield from _strings(text)
    if "\\" in text:
        yield re.sub(
            r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1] or found[2], 16)), text
        )
    if layer < MOST_LAYERS:
        for inner in _unpacked(data):
            yield from texts(inner, layer + 1)


def _strings(text: str) -> Iterator[str]:
    try:
        document = json.loads(text)
    except ValueError:
        return
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for name, part in value.items():
                walk(name)
                walk(part)
        elif isinstance(value, list):
            if value and all(isinstance(part, str) for part in value):
                found.append("".join(value))  # the lines of a cell
            else:
                for part in value:
                    walk(part)

    walk(document)
    yield "\n".join(found)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode() + b"\n" + archive.comment
                yield archive.read(name)
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    with contextlib.suppress(zlib.error):
        yield zlib.decompress(data)
    for found in BASE64.findall(data):
        for alphabet in (b"+/", b"-_"):
            try:
                inner = base64.b64decode(found + b"=" * (-len(found) % 4), altchars=alphabet, validate=True)
            except binascii.Error:
                continue
            if len(found) >= SHORT or (inner.isascii() and inner.decode().isprintable()):
                yield inner
    for found in HEX.findall(data):
        yield bytes.fromhex(found.decode())


# --- what belongs to a key ---


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("**", "^")


def telling(form: str) -> bool:
    """A single name or a small number says nothing."""
    return len(form) > 4 and re.search(r"[-+*/^]|\d{4}", form) is not None


def spellings(reference: Any) -> set[str]:
    """Ways in which a formula may be written."""
    forms = {squeezed(str(reference)), squeezed(to_text(as_node(reference)))}
    if hasattr(reference, "expand"):
        if not re.search(r"Sum|Piecewise|^\(", str(reference)):
            forms |= {squeezed(str(reference.expand())), squeezed(str(reference.factor()))}
        forms.add(squeezed(to_text(from_sympy(reference))))
    return {form for form in forms if telling(form)}


class Key:
    """Everything of an assignment that a student must not get, to look for in a text."""

    def __init__(self, found: Bench, given: str) -> None:
        """given: what the questions say anyway, in all languages."""
        self.words: dict[str, str] = {"secret": found.config.course.secret}
        self.forms: dict[str, str] = {}
        self.values: dict[str, str] = {}
        self.inputs: dict[str, str] = {}  # of hidden cases: the first digits of each
        self.trees: dict[Any, str] = {}
        said = squeezed(given)
        for problem in found.assignment.problems:
            self._problem(problem, found)
            self._item(problem.item)
        self.forms = {form: name for form, name in self.forms.items() if form not in said}
        told = {_tree(part) for part in _parts(given)}
        self.trees = {tree: name for tree, name in self.trees.items() if tree not in told}

    def _item(self, item: Item) -> None:
        if len(item.sheet) > 8:
            self.words[f"{item.id} sheet"] = item.sheet

    def _problem(self, problem: Problem, found: Bench) -> None:
        name = problem.name
        for mistake in declared_in(problem):
            self.words |= {
                f"{name} hint {mistake.id} {tongue}": words for tongue, words in mistake.hint.items() if words
            }
            if isinstance(problem, Formula | Number):
                self._formula(f"{name} mistake {mistake.id}", mistake.answer)
        for place, step in enumerate(problem.steps):
            self.words |= {
                f"{name} step {place} {tongue}": words for tongue, words in step.words.items() if len(words) > 20
            }
        if isinstance(problem, Formula | Number):
            self._formula(name, problem.reference)
        if isinstance(problem, Number):
            self._number(name, problem)
        if isinstance(problem, Derivation):
            for point in problem.checkpoints[1:]:
                self._formula(f"{name} {point.id}", point.reference)
        if isinstance(problem, Written):
            lines = [*problem.model.values(), *(words for _, by in problem.rubric for words in by.values())]
            self.words |= {f"{name} rubric {place}": words for place, words in enumerate(lines) if len(words) > 20}
        if isinstance(problem, Function):
            self._hidden(name, problem, found)

    def _formula(self, name: str, reference: Any) -> None:
        node = as_node(reference)
        self.forms |= {form: name for form in spellings(reference)}
        if size(node) > 2:
            self.trees.setdefault(canonical(node), name)

    def _number(self, name: str, problem: Number) -> None:
        value = sp.sympify(problem.reference).subs(dict(problem.given_values))
        if value.is_Integer and abs(int(value)) > 9999:
            self.values |= {str(int(value)): name, f"{int(value):,}": name}
        elif value.is_Rational and not value.is_Integer:
            self.values[f"{float(value):.6g}"] = name
            self.values[str(Fraction(int(value.p), int(value.q)))] = name
        self.values = {form: owner for form, owner in self.values.items() if len(form) > 4}

    def _hidden(self, name: str, problem: Function, found: Bench) -> None:
        rng = np.random.default_rng(found.options.seed(name))
        for case in problem.cases(rng)[1:]:
            for part in case.args:
                for value in np.asarray(part, dtype=object).ravel()[:50]:
                    if isinstance(value, float) and len(repr(value)) > 12:
                        self.inputs[repr(abs(value))[:10]] = name

    def found_in(self, text: str) -> list[str]:
        """What of the key is in a text; empty where nothing is."""
        plain = squeezed(text)
        found = [f"{name}: {words[:40]}" for name, words in self.words.items() if words in text]
        found += [f"{name}: {form}" for form, name in self.forms.items() if form in plain]
        found += [f"{name}: {value}" for value, name in self.values.items() if _stands(value, text)]
        found += [f"{name}: input {digits}" for digits, name in self.inputs.items() if digits in text]
        return found + self._read(text)

    def found_in_bytes(self, data: bytes) -> list[str]:
        """The same, through every layer."""
        return [found for text in dict.fromkeys(texts(data)) for found in self.found_in(text)]

    def _read(self, text: str) -> list[str]:
        """Parts of a text that, read as a formula, are of the key in whatever order of terms."""
        found = []
        for part in _parts(text):
            tree = _tree(part)
            if tree is not None and tree in self.trees:
                found.append(f"{self.trees[tree]}: {part}")
        return found


def _parts(text: str) -> set[str]:
    return {window for match in FORMULA_LIKE.findall(text) for window in windows(match)}


def _stands(value: str, text: str) -> bool:
    return value in text and re.search(rf"(?<![\d.,]){re.escape(value)}(?!\d)", text) is not None


@cache
def _tree(part: str) -> Any:
    try:
        return canonical(parse(part))
    except AnswerError:
        return None


def windows(text: str) -> set[str]:
    """Every run of words of a text that may be a formula: prose around one is left away."""
    words = text.split()
    runs = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, min(a + 12, len(words)) + 1)}
    return {run.strip(" .,:;") for run in runs if re.search(r"[-+*/^(]", run) and len(run) > 3}
