"""Where symbols live: kinds, relations, arrays and indices, as authors write them."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from autograder.decide import decide
from autograder.decide.points import Chance, admitted, generic, small
from autograder.domain import domain, kind
from autograder.errors import ConfigError
from autograder.expression import free_names, parse

DATA = Path(__file__).parents[2] / "shared" / "problems" / "answers.json"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("real", ["-1", "0", "1/2"], []),
        ("positive", ["1/9", "3"], ["0", "-1"]),
        ("nonnegative", ["0", "1/2"], ["-1"]),
        ("negative", ["-1"], ["0", "1"]),
        ("nonzero", ["-1", "1"], ["0"]),
        ("integer", ["-3", "0"], ["1/2"]),
        ("positive integer", ["1", "7"], ["0", "1/2"]),
        ("nonnegative integer", ["0"], ["-1"]),
        (">2", ["5/2"], ["2"]),
        (">=2", ["2"], ["1"]),
        ("<1/2", ["0"], ["1/2"]),
        ("[0, 1]", ["0", "1/2", "1"], ["-1", "2"]),
        ("(0, 1)", ["1/2"], ["0", "1"]),
        ("integer >= 3", ["3"], ["2", "7/2"]),
    ],
)
def test_a_kind_admits_what_it_says(text: str, inside: list[str], outside: list[str]) -> None:
    assert all(kind(text).admits(Fraction(value)) for value in inside)
    assert not any(kind(text).admits(Fraction(value)) for value in outside)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (["W >= K", "H >= K"], "WHK"),
        (["G | C"], "CG"),
        (["S | (W-K+2*P)", "W >= K"], "SWKP"),
        (["K % 2 == 1"], "K"),
        (["M > (F-1)*D"], "MFD"),
        (["L > i"], "Li"),
    ],
)
def test_every_sample_point_obeys_the_relations(where: list[str], names: str) -> None:
    where_they_live = domain({name: "positive integer" for name in names}, where)
    points = [
        *small(where_they_live, sorted(names), 30),
        *islice(generic(where_they_live, sorted(names), Chance()), 30),
    ]
    assert len(points) >= 36
    assert all(admitted(where_they_live, point) for point in points)
    assert len({tuple(map(str, point.values())) for point in points}) > 15


@pytest.mark.parametrize(
    "plain",
    [
        {"symbols": {"x": "purple"}},
        {"symbols": {}, "where": ["x >"]},
        {"symbols": {}, "arrays": {"x": ["n-"]}},
        {"symbols": {}, "outside": "wrap"},
        {"symbols": {}, "default": "big"},
    ],
)
def test_an_unreadable_declaration_is_the_authors_error(plain: Any) -> None:
    with pytest.raises(ConfigError):
        domain(**plain)


def test_sizes_of_arrays_are_positive_whole_numbers() -> None:
    found = domain({}, arrays={"dz": ["n-k+1"]}, indices={"j": [0, "k-1"]})
    assert found.sizes() == {"n", "k"}
    assert found.kind_of("k").whole


@pytest.mark.skipif(not DATA.exists(), reason="optional data is not here")
def test_every_declared_answer_equals_itself_and_not_itself_plus_one() -> None:
    tried = 0
    for row in json.loads(DATA.read_text(encoding="utf-8")):
        if row.get("kind") != "Formula" or "reference" not in row:
            continue
        lives = domain(
            row.get("symbols") or {},
            row.get("where") or (),
            row.get("arrays"),
            row.get("indices"),
            row.get("outside", "error"),
        )
        reference = parse(row["reference"].replace("Rational(1,4)", "1/4"))
        turned = (
            parse(f"({row['reference'].replace('Rational(1,4)', '1/4')})*1 + 0")
            if free_names(reference)
            else reference
        )
        first = decide(reference, reference, lives)
        assert first.equal is True, row["name"]
        if not row["reference"].startswith("("):
            assert decide(turned, reference, lives).equal is True, row["name"]
            more = parse(f"({row['reference'].replace('Rational(1,4)', '1/4')}) + 1")
            assert decide(more, reference, lives).equal is False, row["name"]
        tried += 1
    assert tried > 50
