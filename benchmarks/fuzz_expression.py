"""Reads 200,000 random strings and damaged formulas; prints how many were read, refused, slow or anything worse.

    python benchmarks/fuzz_expression.py [count] [seed]

Exit code 1 if anything but an AnswerError was raised, or if one string cost more than 50 ms of CPU time.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from autograder.errors import AnswerError
from autograder.expression import parse, to_text

FORMULAS = (
    "F*(D*K**2 + 1)",
    "floor((W - K + 2*P)/S) + 1",
    "Sum(dz[i]*x[i+j], (i, 0, n-k))",
    "Piecewise((1, x > 0), (a, True))",
    "x if x > 0 else a*(exp(x) - 1)",
    r"\frac{W-K+2P}{S} + 1",
    r"\sum_{i=0}^{n-k} dz_i x_{i+j}",
    r"\begin{cases} x & x>0 \\ 0 & \text{otherwise} \end{cases}",
    r"\left\lfloor \sqrt[3]{\alpha^{2}} \right\rfloor",
    "Matrix([[1, 2], [a, b]])",
    "sum(x[i] for i in range(3))",
    "H² · α − 3e-5 // 2 % 7",
    "Max(0, -x)!",
    "log(8, 2) + |x|",
)
ALPHABET = "xKDαπ²₁−·√⌊⌋0123456789.eE+-*/^%()[]{},=<>!&|_\\$ '\"\n\x00\u200b\u202e\ud800٣：#@;:?~`"
LIMIT = 0.050


def damaged(source: random.Random) -> str:
    """A formula, or two, with characters removed, doubled, swapped, put in or repeated many times."""
    text = source.choice(FORMULAS)
    if source.random() < 0.3:
        text += source.choice(["", "+", "*", " ", "^", "("]) + source.choice(FORMULAS)
    for _ in range(source.randint(1, 6)):
        place = source.randint(0, len(text))
        stop = min(len(text), place + source.randint(0, 6))
        kind = source.randrange(4)
        if kind == 0:
            text = text[:place] + text[stop:]
        elif kind == 1:
            text = text[:place] + source.choice(ALPHABET) + text[place:]
        elif kind == 2:
            text = text[:place] + text[place:stop] * source.choice([2, 3, 200]) + text[stop:]
        else:
            text = text[:place] + source.choice(FORMULAS)[: source.randint(1, 12)] + text[stop:]
    return text


def generated(source: random.Random) -> str:
    """Characters at random, of the kind that formulas have and of the kind that they do not."""
    return "".join(source.choice(ALPHABET) for _ in range(source.randint(0, 80)))


def outcome(text: str) -> str:
    """What became of one string."""
    try:
        node = parse(text, relations=True)
        printed = to_text(node)
    except AnswerError as error:
        return f"refused {error.code}"
    except Exception as error:  # noqa: BLE001  what this program is looking for
        return f"FAULT {type(error).__name__}"
    if len(printed) > 4000:  # printed with spaces it can be longer than what may be handed in
        return "read, long"
    try:
        return "read" if parse(printed, relations=True) == node else "FAULT not the same tree"
    except AnswerError as error:
        return f"FAULT printed text refused: {error.code}"


def main() -> int:
    """Run and print; 1 if there is a fault."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    source = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    found: Counter[str] = Counter()
    slowest, slow, faults = 0.0, 0, []
    begun = time.process_time()
    for number in range(count):
        text = damaged(source) if number % 2 else generated(source)
        start = time.process_time()
        what = outcome(text)
        cost = time.process_time() - start
        slowest, slow = max(slowest, cost), slow + (cost > LIMIT)
        found[what] += 1
        if what.startswith("FAULT"):
            faults.append((what, text))
    for what, times in found.most_common():
        print(f"{times:8d}  {what}")
    for what, text in faults[:20]:
        print(f"{what}: {text[:300]!r}")
    spent = time.process_time() - begun
    print(
        f"{count} strings, {spent:.1f} s CPU"
        f", slowest {slowest * 1000:.1f} ms, over 50 ms: {slow}, faults: {len(faults)}"
    )
    return 1 if faults or slow else 0


if __name__ == "__main__":
    sys.exit(main())
