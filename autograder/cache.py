"""What a run leaves for the next one, in the user's cache folder: private, and safe to throw away at any time.

Everything is named after all that it rests on, this package's own code among it.  What cannot be read, is damaged
or belongs to somebody else counts as absent; what cannot be written is found anew the next time.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import autograder

__all__ = ["Kept", "code_of", "digest", "engine", "folder"]

BELOW = ("numpy", "sympy", "python-flint")
MARK = hashlib.sha256().digest_size  # in front of an entry, of the rest of it
STALE = 30 * 24 * 3600  # seconds after which what another version of the grader left is taken away
LARGEST = 1 << 26  # bytes of one entry


def folder(name: str) -> Path:
    """A folder of ours below the user's cache, where the XDG base directory specification has it."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        cache = Path(named) if named else Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        cache = Path(os.devnull)  # below which nothing can be read or written
    return cache / "dl-autograder" / name


@cache
def engine() -> str:
    """The digest of what every result rests on: this package's code, the interpreter, the mathematics below it."""
    versions = (sys.version, *(f"{name} {_version(name)}" for name in BELOW))
    return digest([*map(str.encode, versions), *code_of(Path(autograder.__file__).parent)])


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"


def digest(parts: Iterable[bytes]) -> str:
    """One name for all these parts in this order.

    >>> digest([b"a", b"bc"]) == digest([b"ab", b"c"])
    False
    """
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def code_of(folder: Path) -> Iterable[bytes]:
    """The Python files of a folder: the name, then the content of each."""
    for path in sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts):
        yield path.relative_to(folder).as_posix().encode()
        yield path.read_bytes()


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Bytes by key, for this version of the grader.  root: the folder of all versions.

    secret: goes into each file's name.  Who may only ask whether a file is there learns nothing from a guessed key.

    >>> with tempfile.TemporaryDirectory() as root:
    ...     kept = Kept(Path(root))
    ...     kept.put("a key", b"found")
    ...     kept.get("a key"), kept.get("another key")
    (b'found', None)
    """

    root: Path
    secret: bytes = b""

    @property
    def folder(self) -> Path:
        """Where this version's entries are."""
        return self.root / engine()[:16]

    def path(self, key: str) -> Path:
        """The file of a key."""
        return self.folder / hmac.new(self.secret, key.encode(), hashlib.sha256).hexdigest()

    def get(self, key: str) -> bytes | None:
        """What was put there, whole and by this user; else None."""
        try:
            with self.path(key).open("rb") as file:
                if not _ours(os.fstat(file.fileno())):
                    return None
                content = file.read(LARGEST)
        except OSError:
            return None
        mark, rest = content[:MARK], content[MARK:]
        return rest if hashlib.sha256(rest).digest() == mark else None

    def put(self, key: str, content: bytes) -> None:
        """Write it whole or not at all: other processes never see a part."""
        with suppress(OSError):
            self._prepare()
            place, name = tempfile.mkstemp(dir=self.folder)  # for this user's eyes only, as mkstemp makes it
            try:
                with os.fdopen(place, "wb") as file:
                    file.write(hashlib.sha256(content).digest() + content)
                os.replace(name, self.path(key))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def _prepare(self) -> None:
        """The private folder of this version; those of others go when nothing was added to them for long."""
        if self.folder.is_dir():
            return
        self.root.mkdir(parents=True, exist_ok=True)
        mode = stat.S_IMODE(self.root.stat().st_mode)
        if mode & 0o077:
            self.root.chmod(mode & 0o700)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for other in self.root.iterdir():
            if time.time() - other.stat().st_mtime > STALE:
                shutil.rmtree(other, ignore_errors=True)


def _ours(status: os.stat_result) -> bool:
    """Whether nobody else can have written a file."""
    if not hasattr(os, "geteuid"):  # Windows: a user's profile is that user's own
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022
