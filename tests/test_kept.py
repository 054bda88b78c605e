"""An index of wrong answers that was kept answers as one that was built, and nothing kept can do harm."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import plausible
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import cache, catalog
from autograder.answer import Answer
from autograder.cache import Kept
from autograder.diagnose import Case
from autograder.diagnose.edits import Edit
from autograder.diagnose.kept import Found
from autograder.diagnose.numbers import slips_at
from autograder.diagnose.search import Slips, slips
from autograder.domain import domain
from autograder.expression import (
    Call,
    Constant,
    Fold,
    Index,
    Logic,
    Matrix,
    Node,
    Op,
    Piecewise,
    Relation,
    Symbol,
    Truth,
    Tuple,
    parse,
)
from autograder.expression import Number as Literal
from autograder.problem import Formula, Number
from autograder.problem.check import check
from autograder.problem.formula import case_of
from autograder.problem.number import number_case, number_facts
from autograder.problem.options import CheckOptions
from autograder.verdict import Verdict

ROOT = Path(__file__).parent.parent
# nothing is declared, so that every wrong answer is looked up
PROBLEMS: dict[str, Any] = {
    problem.name: replace(problem, mistakes=(), conventions=())
    for problem in catalog.load(ROOT, "hw1").problems
    if isinstance(problem, Formula | Number)
}
ANSWERS = plausible.FORMULAS | plausible.SHAPES | plausible.NUMBERS
# sizes, a product, a sum over arrays, real numbers with branches, counts
TRIED = ("q1a1_w_out", "q1b2_params", "q2_grad", "q31_grad", "q6f_f", "q1c1_pixels", "q42d_macs", "q6c_std")


def index(name: str, kept: Kept | None) -> Slips:
    problem = PROBLEMS[name]
    if isinstance(problem, Formula):
        return slips(case_of(problem, kept))
    return slips_at(number_case(problem, kept), tuple(sorted(number_facts(problem).at.items())))


def verdicts(name: str, kept: Kept | None) -> list[Verdict]:
    options = CheckOptions(b"kept", questions=tuple(PROBLEMS.values()), keeper=kept)
    return [check(PROBLEMS[name], Answer(text), options) for text in ANSWERS[name]]


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.fixture
def built_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on an index can be looked up, but none can be built."""

    def refuse(self: Slips) -> None:
        raise AssertionError("an index was built")

    monkeypatch.setattr(Slips, "_collect", refuse)


# --- what comes back is what was there ---


@pytest.mark.parametrize("name", TRIED)
def test_what_was_kept_is_what_was_found(name: str) -> None:
    found = index(name, None)
    for one in (found.singles, found.pairs):
        again = Found.unpacked(one.packed())
        assert again is not None
        assert len(again.edits) == len(one.edits) > 0
        assert list(map(repr, again.edits)) == list(map(repr, one.edits))  # also how a number was written
        assert again.rows.tobytes() == one.rows.tobytes()
        assert again.keys.tobytes() == one.keys.tobytes()
        assert (list(again.ranks), list(again.ways)) == (list(one.ranks), list(one.ways))
        for row in one.rows[:: max(1, len(one.rows) // 200)]:
            assert again.at(row) == one.at(row) != []


@pytest.mark.parametrize("name", TRIED)
def test_a_later_run_says_the_same_and_builds_nothing(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    without = verdicts(name, None)
    assert verdicts(name, Kept(tmp_path)) == without
    assert files(tmp_path)
    request.getfixturevalue("built_only_once")
    assert verdicts(name, Kept(tmp_path)) == without  # another Kept knows nothing of the first, as a later run does


def test_what_is_kept_of_one_slip_is_no_help_for_two(tmp_path: Path) -> None:
    whole = index("q1a1_w_out", None)
    assert list(index("q1a1_w_out", Kept(tmp_path)).singles.edits) == list(whole.singles.edits)
    later = index("q1a1_w_out", Kept(tmp_path))
    assert list(later.singles.edits) == list(whole.singles.edits)
    assert list(later.pairs.edits) == list(whole.pairs.edits)
    assert list(later.pairs.ways) == list(whole.pairs.ways)


TEXT = st.text(max_size=4)
NUMBERS = st.builds(Literal, st.fractions(), TEXT)
LEAVES = NUMBERS | st.builds(Symbol, TEXT) | st.builds(Constant, TEXT) | st.builds(Truth, st.booleans())


def nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, max_size=3).map(tuple)
    return (
        st.one_of(*(st.builds(kind, TEXT, several) for kind in (Op, Call, Index, Logic)))
        | st.builds(Fold, TEXT, inner, st.lists(st.tuples(TEXT, inner, inner), max_size=2).map(tuple))
        | st.builds(Piecewise, st.lists(st.tuples(inner, inner), max_size=2).map(tuple))
        | st.builds(Relation, TEXT, inner, inner)
        | st.builds(Tuple, several)
        | st.builds(Matrix, st.lists(several, max_size=2).map(tuple))
    )


EDITS = st.builds(Edit, TEXT, st.recursive(LEAVES, nodes, max_leaves=8), TEXT, TEXT, st.none() | st.just((0, 12)))


@given(edits=st.lists(EDITS, max_size=3))
@settings(deadline=None)
def test_any_tree_comes_back_as_it_was(edits: list[Edit]) -> None:
    rows = np.arange(2.0 * len(edits)).reshape(-1, 2)
    found = Found.of(list(zip(edits, rows, strict=True)), 2, [1] * len(edits))
    again = Found.unpacked(found.packed())
    assert again is not None
    assert list(map(repr, again.edits)) == list(map(repr, found.edits))


# --- harm ---

DAMAGES = {
    "empty": lambda _: b"",
    "cut": lambda content: content[:-100],
    "one bit": lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
    "something else": lambda _: b"#!/bin/sh\n" * 100,
    "too long": lambda content: content + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_found_anew(damage: str, tmp_path: Path) -> None:
    without = verdicts("q1a1_w_out", Kept(tmp_path))
    whole = {path: path.read_bytes() for path in files(tmp_path)}
    for path, content in whole.items():
        path.write_bytes(DAMAGES[damage](content))
    assert verdicts("q1a1_w_out", Kept(tmp_path)) == without
    assert {path: path.read_bytes() for path in files(tmp_path)} == whole


def test_an_entry_that_is_whole_but_no_index_is_refused(tmp_path: Path) -> None:
    without = verdicts("q1a1_w_out", Kept(tmp_path))
    other = Kept(tmp_path)
    for part in ("one", "two"):
        other.put(f"{part} {index('q1a1_w_out', other).key}", b"no index")
    assert verdicts("q1a1_w_out", Kept(tmp_path)) == without


def test_nothing_that_is_kept_is_run() -> None:
    class Runs:
        def __reduce__(self) -> Any:
            return (pytest.fail, ("it was run",))

    file = io.BytesIO()
    harmless = {name: np.array([0, 1], dtype=np.int64) for name in ("ends", "ranks", "ways", "rows", "keys")}
    np.savez(file, lines=np.array([Runs()], dtype=object), **harmless)
    assert Found.unpacked(file.getvalue()) is None
    assert Found.unpacked(pickle.dumps(Runs())) is None


@pytest.mark.parametrize("place", ["below a file", "read-only"])
def test_where_nothing_can_be_written_answers_are_explained_all_the_same(place: str, tmp_path: Path) -> None:
    if place == "below a file":
        (tmp_path / "file").write_text("")
        root = tmp_path / "file" / "cache"
    else:
        root = tmp_path / "closed"
        root.mkdir(mode=0o500)
        if os.geteuid() == 0:
            pytest.skip("root can write everywhere")
    assert verdicts("q1a1_w_out", Kept(root)) == verdicts("q1a1_w_out", None)
    assert files(tmp_path) == ([tmp_path / "file"] if place == "below a file" else [])


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Kept(tmp_path / "kept").put("a key", b"content")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kept", *(tmp_path / "kept").iterdir())}
    assert modes == {0o700}
    (file,) = files(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_whether_a_guess_is_kept_cannot_be_asked_without_the_secret(tmp_path: Path) -> None:
    one, other = Kept(tmp_path, b"one"), Kept(tmp_path, b"other")
    one.put("a key", b"content")
    assert [each.path("a key").exists() for each in (one, other)] == [True, False]
    assert (one.get("a key"), other.get("a key")) == (b"content", None)


def test_what_others_can_have_written_is_not_believed(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.put("a key", b"content")
    (file,) = files(tmp_path)
    assert kept.get("a key") == b"content"
    file.chmod(0o666)
    assert kept.get("a key") is None
    file.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(file, 12345, 12345)
        assert kept.get("a key") is None


BUILDS = """
import hashlib, sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from test_kept import Kept, index
for name in ("q1a1_w_out", "q31_grad"):
    found = index(name, Kept(Path({root!r})))
    for one in (found.singles, found.pairs):
        print(hashlib.sha256(repr([*one.edits]).encode() + one.rows.tobytes()).hexdigest(), list(one.ways)[:50])
"""


def test_several_processes_at_once_keep_the_same(tmp_path: Path) -> None:
    code = BUILDS.format(tests=str(Path(__file__).parent), root=str(tmp_path))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2, 3)
    ]
    printed = {process.communicate(timeout=120)[0] for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert len(printed) == 1
    assert len(files(tmp_path)) == 4
    again = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert {again.stdout} == printed


# --- another key where anything is different ---

KINDS = dict.fromkeys(("F", "K"), "positive integer")
ONE = Case(parse("F*K^2"), domain(KINDS), ("F", "K"))
OTHERS = {
    "the reference": replace(ONE, reference=parse("F*K^3")),
    "how the author writes it": replace(ONE, forms=(parse("K*F*K"),)),
    "where a symbol lives": replace(ONE, domain=domain(KINDS | {"K": "integer >= 2"})),
    "a relation": replace(ONE, domain=domain(KINDS, where=["F >= K"])),
    "the names": replace(ONE, names=("F", "K", "W")),
    "the topics": replace(ONE, topics=frozenset({"bias"})),
}


@pytest.mark.parametrize("changed", OTHERS)
def test_another_problem_has_another_key(changed: str) -> None:
    assert slips(OTHERS[changed]).key != slips(ONE).key == slips(replace(ONE)).key


def test_other_code_has_another_key(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "autograder", tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))

    def engine() -> str:
        command = [sys.executable, "-c", "from autograder import cache; print(cache.engine())"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()

    assert engine() == engine() == cache.engine()
    changed = tmp_path / "autograder" / "diagnose" / "plausible.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert engine() != cache.engine()


def test_what_other_versions_kept_goes_when_it_is_old(tmp_path: Path) -> None:
    for name, days in (("old", 31), ("recent", 29)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "entry").write_bytes(b"")
        then = (tmp_path / name).stat().st_mtime - days * 24 * 3600
        os.utime(tmp_path / name, (then, then))
    Kept(tmp_path).put("a key", b"content")
    assert {path.name for path in tmp_path.iterdir()} == {"recent", cache.engine()[:16]}
