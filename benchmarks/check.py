"""What a search finds out from the file that students get, at each level, and what one check costs.

    python benchmarks/check.py [--sweep] [--python PATH]

Formulas of homework 1 are searched in spaces of growing size: monomials up to degree 5 in the answer's own symbols
(with the factors 1, 2 and 1/2), then every expression of up to three signs among these symbols, 1 and 2.  Guesses
that are equal are asked once.  Which guess hits is found with a quick hash; its time is the number of guesses times
the measured cost of a real one.  --sweep also asks 294 monomials in five symbols for real, on one core and on all.

There are 252 monomials in five symbols up to degree 5.  147 of these have no symbol above its square; each of them also
doubled, since an operation may be counted twice, makes 294 guesses.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from itertools import product
from pathlib import Path

from autograder import catalog, offline
from autograder.expression import free_names, parse, to_text
from autograder.offline.exact import value_at
from autograder.offline.looking import look
from autograder.offline.seal import COST, _sealed, sealed, witness
from autograder.offline.sheet import Entry, Sheet
from autograder.problem import Formula
from autograder.problem.formula import declared_node, facts
from autograder.problem.options import CheckOptions

ROOT = Path(__file__).parent.parent
ASSIGNMENT = catalog.load(ROOT, "hw1")
FORMULAS = [problem for problem in ASSIGNMENT.problems if isinstance(problem, Formula)]
PRIME = (1 << 61) - 1
CHEAP = {"n": 2, "r": 1, "p": 1}
SIGNATURE = 6  # points that tell guesses apart
uncached = _sealed.__wrapped__
Guess = tuple[int, ...]  # values at the points, modulo a prime


def sheet(level: str, cost: dict[str, int]) -> Sheet:
    plan = offline.Plan("hw1", {}, level=level, options=CheckOptions(secret=b"benchmark"), cost=cost)
    return offline.sheet_in(offline.student_file(plan, ASSIGNMENT.problems))


# --- what one check costs ---


def cpu(command: list[str], folder: Path, runs: int = 20) -> float:
    """The least CPU time of a command, of several runs."""
    best = 1e9
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def costs(python: str) -> float:
    """Prints what a check costs at each level, and returns the dearest."""
    dearest = 0.0
    for level in offline.LEVELS:
        spent = {}
        for cost in (CHEAP, COST):
            plan = offline.Plan("hw1", {}, level=level, options=CheckOptions(secret=b"benchmark"), cost=cost)
            text = offline.student_file(plan, ASSIGNMENT.problems)
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                (folder / "grader.py").write_text(text, encoding="utf-8")
                (folder / "hw1.py").write_text('q1a2_weights = "F*D*K^2"\n', encoding="utf-8")
                spent[cost["n"]] = cpu([python, "grader.py", "hw1.py", "q1a2_weights"], folder)
        print(
            f"{level:9} {len(text.encode()) / 1024:4.0f} KiB; one formula checked, interpreter and all: "
            f"{spent[COST['n']]:.3f} CPU s, without the slow hash {spent[CHEAP['n']]:.3f}"
        )
        dearest = max(dearest, spent[COST["n"]])
    return dearest


def hash_seconds() -> float:
    """CPU seconds of one guess: the least of several."""
    best = 1e9
    for number in range(20):
        before = time.process_time()
        sealed(f"guess {number}", "salt", COST)
        best = min(best, time.process_time() - before)
    return best


# --- the search ---


def spaces(names: list[str], points: list[dict[str, int]]) -> Iterator[list[Guess]]:
    """Lists of guesses, each larger than the one before."""
    symbols = [tuple(point[name] for point in points) for name in names]
    ones, twos = tuple(1 for _ in points), tuple(2 for _ in points)
    half = tuple(pow(2, -1, PRIME) for _ in points)
    monomials = []
    for exponents in sorted(product(range(6), repeat=len(names)), key=sum):
        if sum(exponents) <= 5:
            value = ones
            for symbol, exponent in zip(symbols, exponents, strict=True):
                value = tuple(a * pow(b, exponent, PRIME) % PRIME for a, b in zip(value, symbol, strict=True))
            monomials += [
                tuple(a * b % PRIME for a, b in zip(value, factor, strict=True)) for factor in (ones, twos, half)
            ]
    yield monomials
    levels: list[list[Guess]] = [[*symbols, ones, twos]]
    seen = set(levels[0])
    for size in (1, 2, 3):
        found = []
        for left_size in range(size):
            for left, right in product(levels[left_size], levels[size - 1 - left_size]):
                for value in combined(left, right):
                    if value not in seen:
                        seen.add(value)
                        found.append(value)
        levels.append(found)
        yield [guess for level in levels for guess in level]


def combined(left: Guess, right: Guess) -> Iterator[Guess]:
    yield tuple((a + b) % PRIME for a, b in zip(left, right, strict=True))
    yield tuple((a - b) % PRIME for a, b in zip(left, right, strict=True))
    yield tuple(a * b % PRIME for a, b in zip(left, right, strict=True))
    if all(right):
        yield tuple(a * pow(b, -1, PRIME) % PRIME for a, b in zip(left, right, strict=True))


def modular(value: Fraction) -> int:
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


def searched(entry: Entry, problem: Formula, shown: bool) -> list[tuple[int, int, bool]]:
    """For each space: its guesses, how many of them are asked, and whether the formula is among them.

    shown: the worked points of `examples` are tried first, for nothing.
    """
    names = sorted(problem.symbols)
    at = [*entry.points[:SIGNATURE], *([point for point, _ in entry.examples] if shown else [])]
    points = [{name: modular(point.symbols[name]) for name in names} for point in at]
    node = facts(problem).reference
    wanted = tuple(modular(value_at(node, point)) for point in at)
    values = [modular(Fraction(value)) for _, value in entry.examples] if shown else []
    rows = []
    for space in spaces(names, points):
        kept = [guess for guess in dict.fromkeys(space) if list(guess[SIGNATURE:]) == values]
        hit = wanted in kept
        rows.append((len(space), kept.index(wanted) + 1 if hit else len(kept), hit))
    return rows


def searchable(entry: Entry, problem: Formula) -> bool:
    return bool(entry.seals and problem.symbols and not problem.arrays)


def table(level: str, each: float) -> None:
    """How many formulas each space holds, and the time of the searches that find them."""
    found = sheet(level, CHEAP)
    pairs = [(entry, ASSIGNMENT[entry.name]) for entry in found.entries if entry.kind == "Formula"]
    chosen = [
        (entry, problem) for entry, problem in pairs if isinstance(problem, Formula) and searchable(entry, problem)
    ]
    results = [searched(entry, problem, level == "examples") for entry, problem in chosen]
    print(f"{level}: {len(chosen)} of {len(FORMULAS)} formulas have seals and symbols to search in")
    for number, name in enumerate(["monomials to degree 5", "up to 1 sign", "up to 2 signs", "up to 3 signs"]):
        hits = [row[number] for row in results if row[number][2]]
        asked = sorted(row[1] for row in hits)
        largest = max(row[number][0] for row in results)
        middle = asked[len(asked) // 2] * each if asked else 0
        print(
            f"  {name:22} at most {largest:6} guesses: {len(hits):2} found; "
            f"half of these within {middle:6.0f} s, the last within {max(asked, default=0) * each:6.0f} s of one core"
        )


def identified_by_one_value() -> None:
    """How many formulas one value gives away: of the points that `examples` shows, and of plain points instead."""
    found = sheet("examples", CHEAP)
    shown = [entry for entry in found.entries if entry.examples]
    pairs = [(entry, ASSIGNMENT[entry.name]) for entry in found.entries if entry.kind == "Formula"]
    counts = {"shown": 0, "plain": 0}
    tried = 0
    for entry, problem in pairs:
        if not isinstance(problem, Formula) or not searchable(entry, problem):
            continue
        tried += 1
        names = sorted(problem.symbols)
        node = facts(problem).reference
        seals = entry.points[:SIGNATURE]
        for kind in counts:
            given = entry.examples[0][0] if kind == "shown" and entry.examples else entry.points[0]
            if kind == "shown" and not entry.examples:
                continue
            points = [{name: modular(point.symbols[name]) for name in names} for point in (*seals, given)]
            wanted = tuple(modular(value_at(node, point)) for point in (*seals, given))
            *_, space = (space for _, space in zip(range(3), spaces(names, points), strict=False))
            fits = {guess for guess in space if guess[-1] == wanted[-1]}
            counts[kind] += fits == {wanted}
    print(
        f"examples: {len(shown)} of {len(FORMULAS)} formulas have a worked point.  In the space of up to 2 signs, one of these "
        f"points singles out {counts['shown']} formulas; one plain point with spread values would single out "
        f"{counts['plain']} of {tried}"
    )


def parse_tells_nothing() -> None:
    """At `parse` a right formula and a wrong one are answered alike."""
    found = sheet("parse", CHEAP)
    asked = told = 0
    for problem in FORMULAS:
        (entry,) = found.find(problem.name)
        right = look(found, entry, {entry.name: to_text(facts(problem).reference)}, "en")
        for mistake in problem.mistakes:
            wrong = look(found, entry, {entry.name: to_text(declared_node(mistake))}, "en")
            asked += 1
            told += (wrong.state, wrong.notes) != (right.state, right.notes)
    print(
        f"parse: {asked} mistakes asked beside the right formula, {told} answered differently; the file holds no seal"
    )


# --- asked for real ---


def sweep() -> None:
    """294 monomials up to degree 5 in five symbols against one seal, for real."""
    (entry,) = (one for one in sheet("verdict", dict(COST)).entries if one.name == "q1a3_connections")
    names = sorted(free_names(facts(ASSIGNMENT[entry.name]).reference))  # type: ignore[arg-type]
    texts = [
        f"{factor}*" + "*".join(f"{name}^{exponent}" for name, exponent in zip(names, exponents, strict=True))
        for exponents in product(range(3), repeat=5)
        if sum(exponents) <= 5
        for factor in (1, 2)
    ]
    assert len(texts) == 294
    guesses = [witness(parse(text), entry.points) for text in texts]
    for workers in (1, os.cpu_count() or 1):
        start, spent = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(workers) as pool:
            hits = sum(mark in entry.seals for mark in pool.map(partial(fresh, salt=f"{entry.salt}"), guesses))
        wall, used = time.perf_counter() - start, time.process_time() - spent
        print(
            f"sweep: {len(guesses)} monomials in {', '.join(names)}, {workers} thread(s): {used:.0f} CPU s, {wall:.0f} s; {hits} hits"
        )


def fresh(guess: str, salt: str) -> str:
    """A guess that no cache has answered before."""
    return uncached(guess, salt, COST["n"], COST["r"], COST["p"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sweep", action="store_true", help="ask all monomials for real (minutes)")
    parser.add_argument("--python", default=sys.executable, help="the interpreter whose start is measured")
    options = parser.parse_args()
    check = costs(options.python)
    each = hash_seconds()
    print(
        f"one guess: {each:.3f} CPU s and {128 * COST['r'] * COST['n'] >> 20} MiB; {60 / each:.0f} guesses a minute and core"
    )
    for count in (252, 294):
        print(f"  {count} guesses: {count * each:.0f} s of one core, {count * check:.0f} s as checks of the file")
    parse_tells_nothing()
    table("verdict", each)
    table("examples", each)
    identified_by_one_value()
    if options.sweep:
        sweep()


if __name__ == "__main__":
    main()
