"""Equal formulas share a fingerprint however they are written; different ones hardly ever do."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import seeds

from autograder.domain import domain
from autograder.expression import parse
from autograder.fingerprint import fingerprint

ROOT = Path(__file__).parents[1]
COUNTS = {name: "positive integer" for name in ("F", "D", "K", "W", "H", "n", "s", "L")}


def of(text: str, symbols: Any = None, **more: Any) -> str | None:
    return fingerprint(parse(text), domain(symbols or COUNTS, **more))


@pytest.mark.parametrize(
    ("one", "other", "symbols"),
    [
        ("F*(D*K^2 + 1)", "F + D*K*K*F", COUNTS),
        ("F*(D*K^2 + 1) + W - W", "F + D*K*K*F", COUNTS),
        ("(K^2 - 1)/(K + 1)", "K - 1", COUNTS),
        ("ceiling((n+1)/s)", "floor(n/s) + 1", COUNTS),
        ("Sum(i, (i, 1, n))", "n*(n+1)/2", COUNTS),
        ("2**(L+1)", "2*2**L", COUNTS),
        ("sqrt(2)^2*K", "2*K", COUNTS),
        ("sin(x)^2 + cos(x)^2", "1", {"x": "real"}),
        ("exp(x)/(1 + exp(x))", "1/(1 + exp(-x))", {"x": "real"}),
        ("Max(0, x)", "(x + abs(x))/2", {"x": "real"}),
        ("(W - K + 1, F)", "(1 + W - K, F*1)", COUNTS),
        ("exp(I*x)", "cos(x) + I*sin(x)", {"x": "real"}),
    ],
)
def test_equal_formulas_share_a_fingerprint(one: str, other: str, symbols: Any) -> None:
    assert of(one, symbols) == of(other, symbols) is not None


def test_different_formulas_have_different_ones() -> None:
    texts = ["F*D*K^2", "F*D*K^2 + F", "F*D*K^2 + 1", "F*D*K", "F*D*2*K", "D*K^2", "floor(n/s)", "ceiling(n/s)"]
    texts += ["n/s", "2**L", "2**L - 1", "W - K", "W - K + 1", "(W, H)", "(H, W)", "(W, H, F)", "sqrt(K)", "W*H"]
    found = [of(text) for text in texts]
    assert None not in found
    assert all(a != b for a, b in combinations(found, 2))


def test_indexed_sums_have_one_too() -> None:
    lives: Any = {"arrays": {"x": ["n"], "dz": ["n-k+1"]}, "indices": {"j": [0, "k-1"]}, "where": ["n >= k"]}
    one = of("Sum(dz[i]*x[i+j], (i, 0, n-k))", {}, **lives)
    assert one == of("Sum(x[m]*dz[m-j], (m, j, n-k+j))", {}, **lives) is not None
    assert one != of("Sum(dz[i]*x[i], (i, 0, n-k))", {}, **lives)


@pytest.mark.parametrize("text", ["9**9**9**9", "factorial(10**9)", "1/(K - K)", "K > 1"])
def test_what_has_no_value_within_budget_has_no_fingerprint(text: str) -> None:
    assert fingerprint(parse(text, relations=True), domain(COUNTS)) is None


def test_it_depends_on_the_problem() -> None:
    assert of("K", {"K": "positive integer"}) != of("K", {"K": "real"})


def test_it_is_the_same_in_every_process() -> None:
    code = (
        "from autograder.fingerprint import fingerprint as f\nfrom autograder.domain import domain as d\n"
        "from autograder.expression import parse as p\n"
        "print(f(p('exp(x)*K+y'), d({'K': 'positive integer', 'x': 'real'})))\n"
    )
    assert seeds.printed(code).strip()
