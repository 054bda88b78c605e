"""The zip for Gradescope: the grader, the key, wheels, and the two scripts; no network at build or run time.

Contract: setup.sh runs once as root when the image is built, run_autograder once for each submission.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.config import Config, load
from autograder.errors import ConfigError, ConfigProblem

__all__ = ["REQUIREMENTS", "Bundle", "build", "files_of", "own_scripts", "settings_of", "wheels", "write"]

REQUIREMENTS = ("numpy", "sympy", "python-flint", "typer", "pydantic", "typing_extensions", "tomli", "pip")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
MOST_MB = 60
SCRIPTS = Path(__file__).with_name("scripts")
SECRET = re.compile(r"""(?m)^(\s*(?:course\s*\.\s*)?secret\s*=\s*)(["'])(?:env|file):[^"'\n]*\2""")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into the zip: the course, the assignment, the wheels (none for a trial).

    scripts: setup.sh and run_autograder, ours or Otter's.  extra: further members by name.
    """

    config: Config
    name: str
    scripts: Mapping[str, str]
    wheels: Sequence[Path] = ()
    extra: Mapping[str, bytes] = field(default_factory=dict)


def own_scripts(name: str, python: str) -> dict[str, str]:
    """Our setup.sh and run_autograder, for an assignment and for the Python of the image."""
    texts = {file: (SCRIPTS / file).read_text(encoding="utf-8") for file in ("setup.sh", "run_autograder")}
    return {file: text.replace("@NAME@", name).replace("@PYTHON@", python) for file, text in texts.items()}


def wheels(python: str, folder: Path, modules: Sequence[str] = ()) -> list[Path]:
    """Wheels of everything that grading needs, for this Python on Gradescope's x86-64 image, resolved with pip.

    modules: what a homework may import beside NumPy.  Raises ConfigError with pip's own words where they cannot
    be found.
    """
    if not re.fullmatch(r"3\.\d+", python) or int(python[2:]) < 10:
        advice = "Write the version of the image's python3, such as --python 3.12; 3.10 is the oldest."
        raise ConfigError([ConfigProblem("--python", None, f"{python!r} cannot be packed for.", advice)])
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--only-binary=:all:"]
    command += ["--python-version", python, "--implementation", "cp", "--dest", str(folder)]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    done = subprocess.run([*command, *REQUIREMENTS, *_distributions(modules)], capture_output=True, text=True)  # noqa: S603 - our own pip
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        words = "\n    ".join([line for line in lines if "ERROR" in line] or lines[-3:])
        raise ConfigError([ConfigProblem("pip", None, f"the wheels for Python {python} were not found.", words)])
    return sorted(folder.glob("*.whl"))


def _distributions(modules: Sequence[str]) -> list[str]:
    """What to install for modules such as scipy or sklearn, as it is called on this machine."""
    known = importlib.metadata.packages_distributions()
    tops = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names)
    return sorted({name for top in tops for name in known.get(top, [top])[:1]})


def build(bundle: Bundle, target: Path) -> Path:
    """Write the zip; the same inputs give the same bytes.

    Raises ConfigError where it grows beyond what is sensible to upload.
    """
    return write(_members(bundle), target)


def write(members: Iterable[tuple[str, bytes, int]], target: Path) -> Path:
    """Members (name, content, mode) as a zip without a trace of when it was written.

    Raises ConfigError where it grows beyond what is sensible to upload.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in members:
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    size = target.stat().st_size / 2**20
    if size > MOST_MB:
        raise ConfigError(
            [ConfigProblem(str(target), None, f"the zip has {size:.0f} MiB; the limit is {MOST_MB}.")]
        )
    return target


def _members(bundle: Bundle) -> Iterator[tuple[str, bytes, int]]:
    for name, text in bundle.scripts.items():
        yield name, text.encode(), 0o755
    lock = [_pinned(wheel) for wheel in bundle.wheels if not wheel.name.startswith("pip-")]
    yield "requirements.lock", "".join(f"{line}\n" for line in lock).encode(), 0o644
    yield "grader.toml", settings_of(bundle.config).encode(), 0o644
    package, key = Path(__file__).parent.parent, bundle.config.root / "solutions" / bundle.name
    for path in files_of(package):
        yield f"package/autograder/{path.relative_to(package).as_posix()}", path.read_bytes(), 0o644
    for path in files_of(key):
        yield f"solutions/{bundle.name}/{path.relative_to(key).as_posix()}", path.read_bytes(), 0o644
    for wheel in bundle.wheels:
        yield f"wheels/{wheel.name}", wheel.read_bytes(), 0o644
    for name, content in sorted(bundle.extra.items()):
        yield name, content, 0o644


def files_of(folder: Path) -> list[Path]:
    """What of a folder goes into a zip: no hidden file, nothing compiled."""
    hidden = (".", "__pycache__")
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(hidden) for part in path.relative_to(folder).parts)
    ]


def _pinned(wheel: Path) -> str:
    """name==version, from the name of a wheel."""
    name, version, *_ = wheel.name.split("-")
    return f"{name}=={version}"


def settings_of(config: Config) -> str:
    """grader.toml with the secret itself in it: what it points to on this machine is not on Gradescope's.

    Raises ConfigError where the secret cannot be written into it.
    """
    text = config.path.read_text(encoding="utf-8-sig")
    secret = json.dumps(config.course.secret, ensure_ascii=False)
    packed = SECRET.sub(lambda found: found.group(1) + secret, text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "grader.toml")
        path.write_text(packed, encoding="utf-8")
        if load(path).course.secret == config.course.secret:
            return packed
    advice = 'Write it on a line of its own, as secret = "env:NAME" or secret = "file:PATH".'
    raise ConfigError([ConfigProblem(str(config.path), None, "course.secret cannot be packed.", advice)])
