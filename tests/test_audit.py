"""A slip in a copy of the key makes the audit fail, with the right message; the key itself is clean."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# file, what stands there, what is put there instead, the finding's kind and a part of its message
SLIPS = {
    "a wrong exponent in a reference": ("q1a.py", "reference=COUNTED.totals.weights,", "reference=COUNTED.totals.weights * K,", "reference", "measures"),
    "a wrong implementation": ("q1a.py", "return np.empty((F, D, K, K)).size", "return np.empty((F, D, K)).size", "reference", ""),
    "a mistake that is right": ("q1a.py", "answer=F * D * K,", "answer=F * K * D * K,", "mistake", "equals the reference"),
    "two mistakes that are one": ("q1a.py", "answer=F * D * K,", "answer=F * D * K**2 + 1,", "mistake", "same formula"),
    "a step that leads elsewhere": ("q1a.py", "Step(\"F*(D*K*K)\"", "Step(\"F*(D*K + K)\"", "step", "does not equal"),
    "a number that is off": ("q1c.py", "reference=K**2 * Cin * Cout + Cout,", "reference=K**2 * Cin * Cout,", "reference", "73728"),
    "an index out by one": ("q2.py", "GRADIENT = sp.Sum(dz[i] * x[i + j],", "GRADIENT = sp.Sum(dz[i] * x[i + j - 1],", "", ""),
    "a sum cut short": ("q2.py", "x[i + j], (i, 0, n - k))\n", "x[i + j], (i, 0, n - k - 1))\n", "reference", "gives"),
    "a hint that gives the answer": ("q1a.py", "A filter is a square, not a line. Count its cells.", "It is: F*D*K^2", "leak", "holds the reference"),
    "a text in one language only": ("q1a.py", '"fa": "تعداد وزن‌ها."', '"xx": ""', "text", "missing in 'fa'"),
    "a domain that allows nonsense": ("q1a.py", 'where=("W >= K",),', 'where=(),', "", ""),
    "a published figure that does not agree": ("q1c.py", "Published(73856,", "Published(73728,", "published", "73856"),
    "a style that is another function": ("q2.py", "styles=(grad_w_in_loops,)", "styles=(lambda x, dz, k: x[:k],)", "style", "no right way"),
    "a formula of an output that is off": ("q1a.py", '"depth": "F"', '"depth": "D"', "reference", "gives 3"),
    "one case only": ("q1a.py", "return [public, *strided,", "return [public] or [*strided,", "cases", "one case"),
}  # fmt: skip


def audit(folder: Path) -> tuple[int, list[dict[str, str]], str]:
    command = [
        sys.executable,
        "-m",
        "autograder",
        "audit",
        "hw1",
        "--json",
        "--config",
        str(folder / "grader.toml"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    return done.returncode, json.loads(done.stdout)["findings"] if done.stdout else [], done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A course of a few questions only, so that each slip is found in a second."""
    (tmp_path / "grader.toml").write_text("[course]\nname = 'a copy'\n", encoding="utf-8")
    target = tmp_path / "solutions" / "hw1"
    target.mkdir(parents=True)
    for name in ("_common.py", "_styles.py", "_words.py", "q1a.py", "q1c.py", "q2.py"):
        shutil.copy(ROOT / "solutions" / "hw1" / name, target)
    return tmp_path


@pytest.mark.slow
def test_the_whole_key_is_clean() -> None:
    code, findings, errors = audit(ROOT)
    assert (findings, errors) == ([], "")
    assert code == 0


@pytest.mark.parametrize("slip", SLIPS)
def test_a_planted_slip_is_found(slip: str, copy: Path) -> None:
    name, before, after, kind, message = SLIPS[slip]
    path = copy / "solutions" / "hw1" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    code, findings, _ = audit(copy)
    assert code == 1
    assert any(kind in found["kind"] and message in found["message"] for found in findings), findings
    assert all(found["file"].endswith((name, "_common.py")) and found["line"] for found in findings)
