"""This package as a wheel, for an image that Otter's own scripts build; no build tool is needed for plain files."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from autograder import __version__
from autograder.errors import ConfigError, ConfigProblem
from autograder.pack.gradescope import files_of

__all__ = ["Wheel", "wheel"]

NAME = "dl_autograder"
TAGS = "Wheel-Version: 1.0\nGenerator: dl-autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel's file name and its bytes."""

    name: str
    content: bytes


def wheel() -> Wheel:
    """The package as it is here; the same files give the same bytes.

    Raises ConfigError where it is not installed, so that nobody knows what it requires.
    """
    package, info = Path(__file__).parent.parent, f"{NAME}-{__version__}.dist-info"
    members = {
        f"autograder/{path.relative_to(package).as_posix()}": path.read_bytes() for path in files_of(package)
    }
    members |= {f"{info}/METADATA": _text("METADATA"), f"{info}/WHEEL": TAGS.encode()}
    members[f"{info}/entry_points.txt"] = _text("entry_points.txt")
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in members.items())
    members[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0)), content)
    return Wheel(f"{NAME}-{__version__}-py3-none-any.whl", made.getvalue())


def _text(name: str) -> bytes:
    try:
        found = importlib.metadata.distribution("dl-autograder").read_text(name)
    except importlib.metadata.PackageNotFoundError:
        found = None
    if found is None:
        advice = "Install it, with pip install -e . in its folder, and pack again."
        raise ConfigError([ConfigProblem("dl-autograder", None, "the package is not installed.", advice)])
    return found.encode()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
