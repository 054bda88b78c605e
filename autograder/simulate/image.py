"""Gradescope's image and containers, as layers over this machine's own system that vanish with this process.

The machine's files are the lowest layer and are never written: what setup.sh does goes into a layer in memory, what
one submission's run does into another on top.  Needs root on Linux, for mounts, a chroot and namespaces.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

from autograder.errors import ConfigError, ConfigProblem
from autograder.simulate.resources import Group, Used

__all__ = ["Image", "Run", "python_for"]

CLONE_NEWNS = 0x00020000
TOOLS = ("unshare", "mount", "umount", "chroot", "bash")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
SYSTEM = ("/usr", "/etc", "/var", "/opt", "/lib", "/lib64", "/bin", "/sbin")
SETUP_SECONDS = 1800
OUT_OF_TIME = 124


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one script: its exit code, what it printed, results.json if there is one, and what it used."""

    code: int
    printed: str
    results: bytes | None
    used: Used


def python_for(archive: Path, wanted: Path | None = None) -> Path:
    """The Python that a zip's wheels are for: the one named, the one that runs this, or one on the PATH.

    Raises ConfigError, with what to do, where there is none.
    """
    with zipfile.ZipFile(archive) as zipped:
        names = [Path(name).name for name in zipped.namelist() if name.startswith("wheels/")]
    versions = {int(found) for name in names for found in re.findall(r"-cp3(\d+)-cp3\1-", name)}
    if not versions and wanted is None:
        return _real(sys.executable) or Path(sys.executable)
    tried = [str(wanted)] if wanted else [sys.executable, *(f"python3.{minor}" for minor in versions)]
    for candidate in tried:
        python = _real(candidate)
        if python is not None and (not versions or _minor(python) in versions):
            return python
    needed = ", ".join(f"3.{minor}" for minor in sorted(versions))
    here = f"3.{sys.version_info.minor}"
    advice = f"Name one with --python PATH, or pack for this one: autograder pack --python {here} -o FOLDER"
    raise ConfigError(
        [ConfigProblem(str(archive), None, f"its wheels are for Python {needed}, which was not found.", advice)]
    )


def _real(command: str) -> Path | None:
    """The interpreter itself, behind an environment or a starter."""
    code = "import sys; print(getattr(sys, '_base_executable', sys.executable))"
    found = _asked(command, code)
    return Path(found).resolve() if found else None


def _minor(python: Path) -> int:
    return int(_asked(str(python), "import sys; print(sys.version_info[1])") or 0)


def _asked(command: str, code: str) -> str:
    try:
        done = subprocess.run([command, "-c", code], capture_output=True, text=True, timeout=60)  # noqa: S603 - an interpreter
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@dataclass(slots=True)
class Image:
    """A zip, built into an image by its own setup.sh.  Use as a context manager; everything ends with it."""

    archive: Path
    python: Path
    network: bool = False
    base: Path = field(init=False)

    def __enter__(self) -> Image:
        """Take this process into a mount namespace of its own.

        Raises ConfigError where this machine or this user cannot do that.
        """
        _private_mounts()
        self.base = Path(mkdtemp(prefix="simulate-"))
        _tool("mount", "-t", "tmpfs", "-o", "mode=0755", "simulate", str(self.base))
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing of it is left; processes in it have ended with their namespace."""
        subprocess.run(["umount", "-l", str(self.base)], check=False, capture_output=True)  # noqa: S603, S607
        shutil.rmtree(self.base, ignore_errors=True)

    def build(self) -> Run:
        """Unpack the zip as Gradescope does, and run setup.sh."""
        with self._layer("image", []) as root:
            folder = root / "autograder"
            (folder / "source").mkdir(parents=True)
            with zipfile.ZipFile(self.archive) as zipped:
                zipped.extractall(folder / "source")
            shutil.copyfile(folder / "source" / "run_autograder", folder / "run_autograder")
            (folder / "run_autograder").chmod(0o755)
            self._lay_python(root)
            return self._run(root, "bash /autograder/source/setup.sh", SETUP_SECONDS, lambda: None)

    def grade(self, fill: Callable[[Path], None], group: Group, seconds: float) -> Run:
        """Run run_autograder in a fresh container; `fill` lays a submission and its metadata into /autograder."""
        with self._layer(f"run-{time.monotonic_ns()}", [self.base / "image"]) as root:
            folder = root / "autograder"
            for name in ("submission", "results"):
                (folder / name).mkdir()
            fill(folder)
            with group:
                started = time.monotonic()
                done = self._run(root, "/autograder/run_autograder", seconds, group.enter)
                used = group.used(time.monotonic() - started)
            results = folder / "results" / "results.json"
            return Run(done.code, done.printed, results.read_bytes() if results.is_file() else None, used)

    @contextmanager
    def _layer(self, name: str, below: list[Path]) -> Iterator[Path]:
        """A new layer over others and the machine's own files, mounted as a root folder."""
        upper, work, root = self.base / name, self.base / f"{name}-work", self.base / f"{name}-root"
        for folder in (upper, work, root):
            folder.mkdir()
        lower = ":".join([*map(str, below), "/"])
        options = f"lowerdir={lower},upperdir={upper},workdir={work}"
        _tool("mount", "-t", "overlay", "-o", options, "overlay", str(root))
        try:
            for point in _mounted([*SYSTEM, str(self.python)]):
                _tool("mount", "--bind", "-o", "ro", point, f"{root}{point}")
            _devices(root)
            (root / "tmp").chmod(0o1777)
            yield root
        finally:
            subprocess.run(["umount", "-l", "-R", str(root)], check=False, capture_output=True)  # noqa: S603, S607
            if below:
                shutil.rmtree(upper, ignore_errors=True)

    def _lay_python(self, root: Path) -> None:
        """python3 is the chosen one; student code, which is another user's, must be able to read it."""
        (root / "simulate").mkdir()
        for name in ("python3", "python3" + self.python.name.removeprefix("python3")):
            link = root / "simulate" / name
            if not link.is_symlink():
                link.symlink_to(self.python)
        for folder in self.python.parents:
            place = root / folder.relative_to("/")
            mode = place.stat().st_mode
            if not mode & 0o001:
                place.chmod(mode & 0o7777 | 0o011)

    def _run(self, root: Path, script: str, seconds: float, enter: Callable[[], None]) -> Run:
        """One script as root in the container: own processes, own mounts, and no network."""
        spaces = ["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", f"--mount-proc={root}/proc"]
        spaces += [] if self.network else ["--net"]
        inner = f"cd /autograder && exec {script}"
        loopback = 'ip link set lo up 2>/dev/null; exec chroot "$0" bash -c "$1"'
        command = ["unshare", *spaces, "bash", "-c", loopback, str(root), inner]
        printed = root.with_suffix(".printed")
        started = time.monotonic()
        with printed.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603
                command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=file, stderr=file, preexec_fn=enter
            )
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                code = OUT_OF_TIME
        text = printed.read_bytes().decode("utf-8", "replace")
        return Run(code, text, None, Used(time.monotonic() - started))


ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/simulate:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


def _private_mounts() -> None:
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    why = f"{', '.join(missing)} not found" if missing else ""
    if not sys.platform.startswith("linux"):
        why = f"this is {sys.platform}"
    elif os.geteuid() != 0:
        why = "this user is not root"
    if not why:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNS) != 0:
            why = f"no mount namespace: {os.strerror(ctypes.get_errno())}"
    if why:
        advice = "Run it as root on Linux (sudo, or a container with --privileged)."
        raise ConfigError([ConfigProblem("simulate", None, f"Gradescope cannot be simulated here: {why}.", advice)])
    _tool("mount", "--make-rprivate", "/")


def _tool(*command: str) -> None:
    """Run a system tool.  Raises ConfigError with its own words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - ours, by name
    if done.returncode:
        message = f"Gradescope cannot be simulated here: {' '.join(done.stderr.split())}"
        raise ConfigError([ConfigProblem(command[0], None, message, "Does this kernel have overlay mounts?")])


def _mounted(paths: list[str]) -> list[str]:
    """Mount points other than / that hold some of these paths; a layer over / does not show what is mounted."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    wanted = [point for point in points if any(f"{path}/".startswith(f"{point}/") for path in paths)]
    return sorted({point for point in wanted if point != "/"})


def _devices(root: Path) -> None:
    """A /dev that holds what programs need, and no disk."""
    _tool("mount", "-t", "tmpfs", "-o", "mode=0755", "dev", str(root / "dev"))
    for name in DEVICES:
        (root / "dev" / name).touch()
        _tool("mount", "--bind", f"/dev/{name}", str(root / "dev" / name))
    (root / "dev" / "shm").mkdir(mode=0o1777)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        (root / "dev" / name).symlink_to(f"/proc/self/fd{target}")
