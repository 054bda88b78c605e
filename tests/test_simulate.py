"""Gradescope on this machine: what a student sees of any results.json, and real runs of the real zip."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.simulate.page import Shown, page, rendered
from autograder.simulate.resources import Used
from autograder.simulate.seen import Seen, seen
from autograder.simulate.table import table

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "submissions"
GOLDEN, RESULTS = ROOT / "tests" / "golden", ROOT / "tests" / "corpus" / "results"
USED = Used(1.25, 0.75, 93.0, 0)


def view(form: Any) -> Seen:
    return seen(json.dumps(form).encode())


def test_rows_are_coloured_and_counted_as_gradescope_does() -> None:
    tests = [
        {"number": "1", "name": "a", "score": 1, "max_score": 1},
        {"name": "b", "score": 1, "max_score": 2},
        {"name": "c", "max_score": 2},
        {"name": "d", "score": 0, "max_score": 0, "status": "failed"},
    ]
    found = view({"tests": tests})
    assert [test.state for test in found.tests] == ["passed", "failed", "none", "failed"]
    assert [test.points for test in found.tests] == ["1/1", "1/2", "", "0/0"]
    assert (found.total, found.most, found.problems) == (2, 5, ())


@pytest.mark.parametrize("place", ["hidden", "after_due_date", "after_published"])
def test_a_row_that_is_kept_back_costs_the_student_the_total(place: str) -> None:
    one, other = {"name": "a", "score": 1}, {"name": "b", "score": 1, "visibility": place}
    found = view({"score": 2, "tests": [one, other]})
    assert (found.total, found.later, [test.name for test in found.tests]) == (None, {place: 1}, ["a"])
    assert view({"score": 2, "visibility": place, "tests": [one, one | {"visibility": "visible"}]}).later == {
        place: 1
    }


BROKEN = {
    "no file": (None, "there is no results.json"),
    "nothing in it": (b"", "not JSON"),
    "half a file": (b'{"score": 1', "not JSON"),
    "NaN": (b'{"score": NaN}', "NaN"),
    "infinity": (b'{"score": -Infinity}', "Infinity"),
    "deep": (b"[" * 100_000, "not JSON"),
    "a list": (b"[]", "is not of type 'object'"),
    "no score anywhere": (b'{"tests": []}', "not valid under any"),
    "a score that is text": (b'{"score": "7"}', "not valid under any"),
    "an unknown visibility": (b'{"score": 1, "visibility": "secret"}', "is not one of"),
    "an unknown key": (b'{"score": 1, "grade": 1}', "'grade' was unexpected"),
    "an unknown status": (b'{"tests": [{"score": 1, "status": "ok"}]}', "tests.0.status"),
    "very large": (b'{"score": 1, "output": "' + b"x" * 1_000_001 + b'"}', "larger than what is known to work"),
}


@pytest.mark.parametrize(("content", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_with_a_file_is_said(content: bytes | None, says: str) -> None:
    found = seen(content)
    assert any(says in problem for problem in found.problems), found.problems
    assert "INVALID" in table(Shown("x", found, USED), 100)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | st.recursive(st.none() | st.floats(allow_nan=False) | st.text(max_size=5), lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["score", "tests", "output", "name", "visibility"]), part, max_size=4)).map(lambda form: json.dumps(form).encode()))  # fmt: skip
def test_no_results_make_the_page_fail(content: bytes) -> None:
    found = Shown("x", seen(content), USED)
    page("t", [found], "")
    table(found, 80)


# --- the page and the table ---

FORGED = "<script>alert(1)</script> <b>bold</b> [a](javascript:alert(1)) ![i](http://a/b.png)"


@pytest.mark.parametrize("form", ["md", "text", "html", "simple_format", "ansi"])
def test_nothing_of_a_student_becomes_a_script_an_image_or_a_link_that_runs(form: str) -> None:
    tests = [{"name": FORGED, "score": 1, "output": FORGED, "output_format": form}]
    written = page(
        FORGED, [Shown(FORGED, view({"output": FORGED, "output_format": form, "tests": tests}), USED)], FORGED
    )
    tags = set(re.findall(r"<([a-z0-9]+)", written))
    assert not tags & {"script", "img", "b", "iframe", "object"}
    assert not re.search(r"<[^>]*javascript:", written)


def test_formats_are_rendered_as_gradescope_does() -> None:
    assert rendered("a\nb", "simple_format") == "<p>a<br>b</p>"
    assert rendered("\x1b[31mred\x1b[0m", "ansi") == "<pre>red</pre>"
    assert rendered("`K^2`", "md") == "<p><code>K^2</code></p>"


@pytest.mark.parametrize("name", ["results_en", "results_fa", "results_exam_en"])
def test_what_is_printed(name: str, update_golden: bool) -> None:
    found = seen((RESULTS / f"{name}.json").read_bytes())
    text = table(Shown("student 7", found, USED, ("a note",)), 90) + "\n"
    target = GOLDEN / f"simulate_{name.removeprefix('results_')}.txt"
    if update_golden:
        target.write_text(text, encoding="utf-8")
    assert text == target.read_text(encoding="utf-8")


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
@pytest.mark.parametrize("width", [360, 1100])
def test_the_page_fits_its_window(width: int, tmp_path: Path) -> None:
    shown = [
        Shown(name, seen((RESULTS / f"{name}.json").read_bytes()), USED) for name in ("results_en", "results_fa")
    ]
    script = "<script>document.title = `${document.documentElement.scrollWidth} ${innerWidth}`</script></body>"
    (tmp_path / "page.html").write_text(page("hw1", shown, "").replace("</body>", script), encoding="utf-8")
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    command += [f"--window-size={width},900", "--dump-dom", (tmp_path / "page.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    wide, window = map(int, re.findall(r"<title>(\d+) (\d+)</title>", done.stdout)[0])
    assert wide <= window


# --- real runs ---


def autograder(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600)


def can_simulate() -> str:
    """Why a simulation is not possible here; "" where it is."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "needs root on Linux"
    probe = "mkdir $0/u $0/w $0/r && mount -t tmpfs t $0/u && mkdir $0/u/u $0/u/w && mount -t overlay o -o lowerdir=/,upperdir=$0/u/u,workdir=$0/u/w $0/r"
    folder = subprocess.run(["mktemp", "-d"], capture_output=True, text=True).stdout.strip()
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", probe, folder], capture_output=True
    )
    shutil.rmtree(folder, ignore_errors=True)
    return "" if done.returncode == 0 else "needs mount namespaces and overlay mounts"


needs_root = pytest.mark.skipif(bool(can_simulate()), reason=can_simulate())
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"

SPY = r"""
import os, socket

def tried(act):
    try:
        return f"got {act()!r:.40}"
    except BaseException as error:
        return type(error).__name__

PATHS = ["submission_metadata.json", "source/grader.toml", "source/solutions/hw1/q1a.py", "results/results.json"]
told = {path: tried(lambda: open("/autograder/" + path).read()) for path in PATHS}
told |= {path: tried(lambda: os.listdir("/autograder/" + path)) for path in ("source", "source/cache/dl-autograder/slips", "results")}
told["write"] = tried(lambda: open("/autograder/results/results.json", "w").write("{}"))
told["network"] = tried(lambda: socket.create_connection(("127.0.0.1", 9), 1))
told["user"] = os.getuid()
q1a5_text = repr(told)
q1a2_weights = "F*D*K^2"
"""
HOG = """
import numpy as np
q1a2_weights = "F*D*K^2"
def conv_weights(D, K, F, bias=False):
    return np.ones(110_000_000)
def dense_weights(W, H, D, F, bias=False):
    return W * H * D * F + (F if bias else 0)
"""
LEAVES = 'q1a2_weights = "F*D*K^2"\nimport os\nos._exit(0)\n'
FORGES = """
import json, sys
q1a2_weights = "F"
for target in ("/autograder/results/results.json", "../results/results.json", "results.json"):
    try:
        open(target, "w").write('{"score": 138}')
    except Exception:
        pass
print('{"score": 138, "tests": []}')
sys.exit(0)
"""


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real zip for the Python at hand, wheels and all."""
    folder = tmp_path_factory.mktemp("dist")
    done = autograder("pack", "hw1", "--python", HERE, "-o", str(folder))
    if done.returncode:
        pytest.skip(f"the wheels could not be fetched: {done.stderr[-300:]}")
    return folder / "hw1-gradescope.zip"


@pytest.fixture(scope="module")
def ran(zipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict[str, Any]], str, Path]:
    """{submission: results}, what was printed, and the page, of one simulation of very different students."""
    folder = tmp_path_factory.mktemp("students")
    written = {"spy": SPY, "hog": HOG, "leaves": LEAVES, "forges": FORGES, "loops": "while True:\n    pass\n"}
    for name, text in written.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    (folder / "broken.ipynb").write_bytes(b'{"cells": [')
    given = [str(CASES / name) for name in ("perfect_ipynb", "blank", "sheet", "syntax_error", "wrong_outputs")]
    given += [str(path) for path in sorted(folder.iterdir())]
    out, html = folder / "out", folder / "page.html"
    done = autograder(
        "simulate", str(zipped), *given, "-o", str(out), "--html", str(html), "--attempt", "3", "--late", "30"
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*/results.json")
    }
    assert set(results) == {Path(path).name for path in given}
    return results, done.stdout, html


def row(results: dict[str, Any], name: str) -> dict[str, Any]:
    return next(test for test in results["tests"] if test["extra_data"]["name"] == name)


@pytest.mark.slow
@needs_root
class TestRealZip:
    """One simulation, looked at from many sides."""

    @pytest.mark.parametrize("case", ["perfect_ipynb", "blank", "sheet", "syntax_error", "wrong_outputs"])
    def test_the_same_rows_as_on_a_laptop(self, case: str, ran: Any) -> None:
        found = ran[0][case]
        local = json.loads(autograder("grade", str(CASES / case), "-a", "hw1", "--json").stdout)["submissions"][0]
        statuses = {one["name"]: one["status"] for one in local["problems"]}
        assert {test["extra_data"]["name"]: test["extra_data"]["status"] for test in found["tests"]} == statuses
        assert found["score"] == pytest.approx(local["score"])

    def test_every_file_is_complete_and_valid(self, ran: Any) -> None:
        results, printed, _ = ran
        assert "INVALID" not in printed
        states = {name: found["extra_data"]["state"] for name, found in results.items()}
        refused = {name for name, state in states.items() if state == "refused"}
        assert refused == {"scan.pdf", "broken.ipynb"}
        assert set(states.values()) == {"complete", "refused"}

    def test_student_code_reads_nothing_of_ours(self, ran: Any) -> None:
        told = row(ran[0]["spy.py"], "q1a5_text")["output"]
        assert "got" not in told, told
        assert "'user': 0" not in told
        assert row(ran[0]["spy.py"], "q1a2_weights")["score"] == 1

    def test_what_needs_too_much_memory_costs_only_itself(self, ran: Any) -> None:
        found = ran[0]["hog.py"]
        assert row(found, "conv_weights")["score"] == 0
        assert "too much memory" in row(found, "conv_weights")["output"]
        assert row(found, "dense_weights")["score"] == row(found, "q1a2_weights")["score"] == 1

    @pytest.mark.parametrize("name", ["leaves.py", "forges.py", "loops.py"])
    def test_nobody_forges_a_score(self, name: str, ran: Any) -> None:
        assert ran[0][name]["score"] == 0
        assert len(ran[0][name]["tests"]) > 100

    def test_metadata_reaches_the_grader(self, ran: Any) -> None:
        found = ran[0]["blank"]
        assert found["extra_data"]["attempt"] == 3
        assert "Handed in 1 d 6 h after the due date." in found["output"]

    def test_the_page_shows_every_student(self, ran: Any) -> None:
        written = ran[2].read_text(encoding="utf-8")
        assert all(f">{name}</h2>" in written for name in ran[0])

    def test_nothing_stays_on_this_machine(self, ran: Any) -> None:
        assert not Path("/opt/grader/bin/autograder").exists()
        assert "simulate-" not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")
        assert not list(Path("/sys/fs/cgroup").glob("**/autograder-simulate-*"))


@pytest.mark.slow
@needs_root
def test_a_zip_for_another_python_is_refused_with_advice(zipped: Path, tmp_path: Path) -> None:

    other = tmp_path / "other.zip"
    with zipfile.ZipFile(zipped) as source, zipfile.ZipFile(other, "w") as target:
        target.writestr("setup.sh", source.read("setup.sh"))
        target.writestr("run_autograder", source.read("run_autograder"))
        target.writestr("wheels/numpy-1-cp399-cp399-linux.whl", b"")
    done = autograder("simulate", str(other), str(CASES / "blank"))
    assert done.returncode == 2
    assert "wheels are for Python 3.99" in done.stderr
    assert f"--python {HERE}" in done.stderr


MODES = """
import sys
from pathlib import Path
from autograder.simulate.image import Image, python_for
from autograder.simulate.resources import Group

def look(folder):
    for path in [folder / "source", *(folder / "source").rglob("*")]:
        if path.stat().st_mode & 0o077:
            print("open to others:", path.relative_to(folder))
    kept = [path for path in (folder / "source" / "cache").rglob("*") if path.is_file()]
    print("more than 150 indexes:", len(kept) > 150)

archive = Path(sys.argv[1])
with Image(archive, python_for(archive)) as image:
    print("setup.sh:", image.build().code)
    image.grade(look, Group(768, 1.0), 60)
"""


@pytest.mark.slow
@needs_root
def test_after_the_build_the_source_is_for_root_alone(zipped: Path) -> None:
    done = subprocess.run([sys.executable, "-c", MODES, str(zipped)], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "setup.sh: 0\nmore than 150 indexes: True\n", done.stdout[:2000] + done.stderr[-2000:]


@pytest.mark.slow
@needs_root
def test_a_build_that_fails_is_said_loudly(tmp_path: Path) -> None:
    done = autograder("pack", "hw1", "--python", HERE, "--no-wheels", "-o", str(tmp_path))
    done = autograder("simulate", str(tmp_path / "hw1-gradescope.zip"), str(CASES / "blank"))
    assert done.returncode == 1
    assert "setup.sh failed in line" in done.stderr
    assert "on Gradescope the build fails" in done.stderr


def another_user_can_run_this_python() -> bool:
    """Not where the interpreter lies under a private folder, such as /root."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    code = "import os; os.setuid(12345); import ipaddress"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.skipif(not another_user_can_run_this_python(), reason="needs root, to become another user")
def test_without_root_it_says_what_to_do() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.zip")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("setup.sh", "")
            archive.writestr("run_autograder", "")
        Path(folder).chmod(0o755)
        code = (
            "import os, sys, autograder.cli.simulating, autograder.simulate.page\nfrom autograder.cli import main\n"
        )
        code += f"sys.argv = ['autograder', 'simulate', {str(path)!r}, {str(path)!r}]\nos.setuid(12345)\nmain()"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "this user is not root" in done.stderr
    assert "sudo" in done.stderr


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_a_zip_with_a_folder_in_between_is_refused(name: str, tmp_path: Path) -> None:

    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(f"folder/{name}", "")
        archive.writestr("run_autograder" if name == "setup.sh" else "setup.sh", "")
    done = autograder("simulate", str(tmp_path / "x.zip"), str(CASES / "blank"))
    assert done.returncode == 2
    assert f"{name} must lie at the root" in done.stderr
