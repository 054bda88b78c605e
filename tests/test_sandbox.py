"""The sandbox for real: processes are forked, killed and counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograder.answer import Died, FunctionValue, Missing, Opaque, Raised, Returned, SympyText, TimedOut
from autograder.config import Limits
from autograder.errors import ConfigError
from autograder.sandbox import Sandbox, Session
from autograder.sandbox.doctor import layers
from autograder.sandbox.processes import folder_size, lowest_unreadable, take_user
from autograder.submission import Cell, Submission

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the walls are Linux's")
LIMITS = Limits(cell_seconds=1.0, call_seconds=0.6, submission_seconds=20, memory_mb=512, file_mb=2, output_kb=4)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as opened:
        yield opened


def student(*cells: str, files: dict[str, bytes] | None = None) -> Submission:
    numbered = tuple(Cell(number, source) for number, source in enumerate(cells, start=1))
    return Submission("student", "ipynb", numbered, files or {})


def value_of(sandbox: Sandbox, source: str, name: str = "answer") -> object:
    with sandbox.open(student(source)) as session:
        session.run()
        return session.read([name])[name]


# --- values ---


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("answer = 3", 3),
        ("answer = 10**1000", 10**1000),
        ("answer = 0.1", 0.1),
        ("answer = 'F*D*K'", "F*D*K"),
        ("answer = None", None),
        ("answer = True", True),
        ("answer = (1, [2.5, 'x'], {'k': 1j})", (1, [2.5, "x"], {"k": 1j})),
        ("from fractions import Fraction\nanswer = Fraction(1, 3)", Fraction(1, 3)),
        ("import sympy\nF, D = sympy.symbols('F D')\nanswer = F*D + 1", SympyText("D*F + 1")),
        ("def answer(x, dz): pass", FunctionValue("answer", ("x", "dz"))),
        ("other = 1", Missing()),
    ],
)
def test_plain_values_come_over_as_they_are(sandbox: Sandbox, source: str, expected: object) -> None:
    assert value_of(sandbox, source) == expected


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool", "complex128", ">f8"])
def test_arrays_keep_shape_and_numbers(sandbox: Sandbox, dtype: str) -> None:
    source = f"import numpy as np\nanswer = np.arange(6).reshape(2, 3).astype({dtype!r})[:, ::-1]"
    found = value_of(sandbox, source)
    assert isinstance(found, np.ndarray)
    assert np.array_equal(found, np.arange(6).reshape(2, 3).astype(dtype)[:, ::-1])


@pytest.mark.parametrize(
    "source",
    [
        "class F(float): pass\nanswer = F(3)",
        "import numpy as np\nanswer = np.ma.array([1.0])",
        "import numpy as np\nanswer = np.array([1, 'x', None], dtype=object)",
        "answer = (i for i in range(3))",
        "answer = object()",
        "answer = 1 << 100000",
        "import numpy as np\nanswer = np.zeros(10_000_000)",
    ],
)
def test_what_is_not_plain_data_is_opaque(sandbox: Sandbox, source: str) -> None:
    assert isinstance(value_of(sandbox, source), Opaque)


# --- cells ---


def test_a_cell_that_raises_is_reported_and_the_others_run(sandbox: Sandbox) -> None:
    with sandbox.open(student("a = 1", "b = 1/0\nc = 3", "d = a + 3")) as session:
        outcomes = session.run()
        values = session.read(["a", "b", "c", "d"])
    assert [bool(outcome.failures) for outcome in outcomes] == [False, True, False]
    failure = outcomes[1].failures[0]
    assert isinstance(failure, Raised)
    assert (failure.type_name, failure.line, failure.cell, failure.source) == ("ZeroDivisionError", 1, 2, "b = 1/0")
    assert values == {"a": 1, "b": Missing(), "c": 3, "d": 4}


def test_a_syntax_error_has_its_line(sandbox: Sandbox) -> None:
    with sandbox.open(student("a = 1\nb = = 2\nc = 3")) as session:
        failure = session.run()[0].failures[0]
    assert isinstance(failure, Raised)
    assert (failure.type_name, failure.line) == ("SyntaxError", 2)


def test_an_endless_cell_is_stopped_and_the_others_run(sandbox: Sandbox) -> None:
    with sandbox.open(student("a = 1", "while True: pass", "b = 2")) as session:
        outcomes = session.run()
        values = session.read(["a", "b"])
    assert isinstance(outcomes[1].failures[0], TimedOut)
    assert values == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    "act",
    ["import os; os._exit(0)", "import ctypes; ctypes.string_at(0)", "import os, signal; os.kill(os.getpid(), 9)"],
    ids=["exit", "crash", "kill"],
)
def test_a_cell_that_ends_the_program_costs_only_itself(sandbox: Sandbox, act: str) -> None:
    with sandbox.open(student("a = 1", act, "b = 2")) as session:
        outcomes = session.run()
        values = session.read(["a", "b"])
    assert isinstance(outcomes[1].failures[0], Died)
    assert values == {"a": 1, "b": 2}


def test_annotations_mean_what_they_mean_in_python(sandbox: Sandbox) -> None:
    assert value_of(sandbox, "def f(x: int): pass\nanswer = f.__annotations__['x'] is int") is True
    future = "from __future__ import annotations\ndef f(x: int): pass\nanswer = f.__annotations__['x']"
    assert value_of(sandbox, future) == "int"


def test_a_helper_module_and_a_data_file_of_the_submission_work(sandbox: Sandbox) -> None:
    files = {"helper.py": b"def twice(x): return 2*x\n", "data/n.txt": b"21"}
    source = "from helper import twice\nanswer = twice(int(open('data/n.txt').read()))"
    with sandbox.open(student(source, files=files)) as session:
        session.run()
        assert session.read(["answer"]) == {"answer": 42}


# --- calls ---


@pytest.fixture(scope="module")
def session(sandbox: Sandbox) -> Iterator[Session]:
    source = """
import numpy as np, os, sys, time
count = 0
def double(x): return 2*x
def spoil(x): x[0] = 99; return x
def loop(x):
    while True: pass
def leave(x): os._exit(0)
def bye(x): sys.exit(0)
def fail(x): raise ValueError("no")
def counter(x):
    global count
    count += 1
    return count
def draw(x): return np.random.rand()
def forge(x):
    os.write(3, b"AGW1" + bytes(12)); time.sleep(0.1); return 1
def noisy(x): print("secret", x); return x
"""
    with sandbox.open(student(source)) as opened:
        opened.run()
        opened.read(["double"])
        yield opened


def test_a_call_gets_copies_and_returns_a_copy(session: Session) -> None:
    x = np.array([1.0, 2.0])
    outcome = session.call("double", [x])
    assert isinstance(outcome, Returned)
    assert np.array_equal(outcome.value, [2.0, 4.0])


def test_changing_an_argument_is_noticed_and_harms_nobody(session: Session) -> None:
    x = np.array([1.0, 2.0])
    outcome = session.call("spoil", [x])
    assert isinstance(outcome, Returned)
    assert outcome.mutated == (0,)
    assert x[0] == 1.0


def test_an_endless_function_is_stopped_once_and_the_next_one_works(session: Session) -> None:
    assert isinstance(session.call("loop", [1]), TimedOut)
    started = time.monotonic()
    assert isinstance(session.call("loop", [1]), TimedOut)
    assert time.monotonic() - started < 0.1
    assert session.call("double", [4]) == Returned(8)


def test_a_function_that_leaves_costs_only_itself(session: Session) -> None:
    assert isinstance(session.call("leave", [1]), Died)
    assert session.call("double", [4]) == Returned(8)


def test_exceptions_come_over_as_data(session: Session) -> None:
    outcome = session.call("fail", [1])
    assert isinstance(outcome, Raised)
    assert (outcome.type_name, outcome.message) == ("ValueError", "no")
    assert isinstance(session.call("bye", [1]), Raised)
    assert isinstance(session.call("no_such_function", [1]), Raised)


def test_a_forged_frame_is_no_answer(session: Session) -> None:
    outcome = session.call("forge", [1])
    assert isinstance(outcome, Died)
    assert outcome.why == "protocol"


def test_chance_is_seeded_before_each_call(session: Session) -> None:
    assert session.call("draw", [1], seed=5) == session.call("draw", [1], seed=5)
    assert session.call("draw", [1], seed=5) != session.call("draw", [1], seed=6)


def test_prints_of_calls_are_not_kept(session: Session) -> None:
    session.call("noisy", [271828])
    assert "271828" not in session.output


def test_output_is_cut_in_the_middle_and_controls_are_visible(sandbox: Sandbox) -> None:
    source = "print('begin'); print('\\x1b[31m'); print('x' * 10**6); print('end')"
    with sandbox.open(student(source)) as opened:
        opened.run()
        opened.read(["a"])
        text = opened.output
    assert text.startswith("begin")
    assert "left out" in text
    assert text.rstrip().endswith("end")
    assert "\x1b" not in text
    assert len(text) < 5000


# --- walls ---

ATTEMPTS = {
    "listing folders": "import os; os.listdir('/etc')",
    "reading a file of the system": "open('/etc/hostname').read()",
    "reading the grader's memory": "open(f'/proc/{__import__(\"os\").getppid()}/mem', 'rb').read(1)",
    "a TCP socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "a UDP socket": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "a fork": "import os; os.fork() or os._exit(0)",
    "a program": "import subprocess; subprocess.run(['/bin/true'])",
    "a signal to the parent": "import os; os.kill(os.getppid(), 9)",
    "a signal to all": "import os; os.kill(-1, 9)",
    "a file outside its folder": "open('/tmp/student-was-here', 'w')",
    "a large file": "open('big', 'wb').write(bytes(3 << 20))",
    "much memory": "bytearray(1 << 31)",
    "another user": "import os; os.setuid(0)",
    "raising a limit": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "switching off the death signal": (
        "import ctypes, os; c = ctypes.CDLL(None, use_errno=True)\nif c.prctl(1, 0, 0, 0, 0): raise OSError('denied')"
    ),
    "changing a mode": "import os; os.chmod('.', 0o777)",
}


@LINUX
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_it_is_denied(sandbox: Sandbox, attempt: str) -> None:
    with sandbox.open(student(ATTEMPTS[attempt], "alive = True")) as session:
        outcomes = session.run()
        walls = session.walls
        assert session.read(["alive"]) == {"alive": True}
    if {"landlock", "seccomp"} & {wall for wall, state in walls.items() if state != "on"}:
        pytest.skip(f"not all walls stand here: {walls}")
    assert outcomes[0].failures


@LINUX
def test_threads_and_temporary_files_work(sandbox: Sandbox) -> None:
    source = """
import tempfile, threading
found = []
thread = threading.Thread(target=lambda: found.append(1))
thread.start(); thread.join()
with tempfile.TemporaryFile() as file:
    file.write(b"x")
answer = found
"""
    assert value_of(sandbox, source) == [1]


def test_many_files_end_the_program(sandbox: Sandbox) -> None:
    source = "import time\nfor n in range(40): open(str(n), 'wb').write(bytes(1 << 20))\ntime.sleep(0.9)"
    with sandbox.open(student(source)) as session:
        assert isinstance(session.run()[0].failures[0], Died)


def test_the_worker_has_no_reference_and_no_variable_of_the_environment(sandbox: Sandbox) -> None:
    os.environ["AUTOGRADER_TEST_SECRET"] = "x"
    source = "import os, sys\nanswer = [n for n in sys.modules if n.startswith(('autograder', 'solutions'))]"
    assert value_of(sandbox, source) == []
    assert "AUTOGRADER_TEST_SECRET" not in str(value_of(sandbox, "import os\nanswer = dict(os.environ)"))
    del os.environ["AUTOGRADER_TEST_SECRET"]


def test_only_the_wire_is_open(sandbox: Sandbox) -> None:
    source = """
import os
answer = []
for n in range(64):
    try:
        os.fstat(n)
    except OSError:
        continue
    answer.append(n)
"""
    assert value_of(sandbox, source) == [0, 1, 2, 3]


def test_a_required_wall_that_is_missing_stops_the_run() -> None:
    limits = Limits(require=("landlock",))
    with Sandbox(limits, without=["landlock"]) as sandbox, sandbox.open(student("a = 1")) as session:  # noqa: SIM117
        with pytest.raises(ConfigError) as raised:
            session.run()
    assert "landlock" in str(raised.value.problems[0].message)


def test_doctor_finds_no_wall_broken() -> None:
    found = layers()
    assert [row for row in found if row[1] == "broken"] == []
    assert {"rlimits", "seccomp", "landlock", "uid"} <= {name for name, _, _ in found}


# --- nothing stays behind ---


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@LINUX
def test_many_submissions_leave_nothing_behind(sandbox: Sandbox) -> None:
    descriptors, staged, pids = open_descriptors(), [], []
    for _ in range(60):
        with sandbox.open(student("a = 1")) as session:
            session.run()
            assert session.handle is not None
            pids.append(session.handle.pid)
            staged.append(session.folder)
    assert open_descriptors() == descriptors
    assert not [folder for folder in staged if folder.exists()]
    assert not [pid for pid in pids if running(pid)]


@LINUX
def test_a_killed_grader_leaves_no_student_process() -> None:
    program = """
import sys
from autograder.config import Limits
from autograder.sandbox import Sandbox
from autograder.submission import Cell, Submission
source = "import signal, time\\nsignal.signal(15, signal.SIG_IGN)\\nwhile True: time.sleep(1)"
with Sandbox(Limits(cell_seconds=60)) as sandbox:
    with sandbox.open(Submission("s", "py", (Cell(1, "a = 1"),))) as session:
        session.run()
        print(sandbox.process.pid, session.handle.pid, session.folder, flush=True)
        session._exchange({"op": "run", "cell": 2, "source": source}, 60)
"""
    root = Path(__file__).parent.parent
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=root, text=True) as grader:
        assert grader.stdout is not None
        *words, folder = grader.stdout.readline().split()
        pids = [int(word) for word in words]
        time.sleep(0.2)
        grader.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline and any(running(pid) for pid in pids):
        time.sleep(0.02)
    assert len(pids) == 2
    assert not [pid for pid in pids if running(pid)]
    Path(folder).rmdir()  # a killed grader cannot tidy up


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@LINUX
def test_two_graders_never_share_a_user() -> None:
    users = [take_user() for _ in range(20)]
    assert len({user.uid for user in users}) == 20
    for user in users:
        user.lock.close()


def test_a_private_folder_above_the_interpreter_is_found(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "python").write_text("")
    assert lowest_unreadable(str(home / "python")) == str(home)


def test_a_folder_is_measured_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(1000))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    assert 1000 <= folder_size(str(tmp_path)) < 20_000
