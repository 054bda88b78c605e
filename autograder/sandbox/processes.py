"""Users, processes and folders of one submission: taking them, watching them, and leaving none behind."""

from __future__ import annotations

import os
import secrets
import select
import signal
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Handle", "User", "crowded", "folder_size", "lowest_unreadable", "sweep_children", "take_user"]

FIRST_UID = 61_184  # a range that systemd leaves to dynamic users
UIDS = 4_000
DEATH_SECONDS = 2.0
SWEEPS = 500


@dataclass(frozen=True, slots=True)
class User:
    """A user id that no other grader on this machine has while the lock is open."""

    uid: int
    lock: socket.socket

    def release(self) -> None:
        """Let others have the id; its processes have ended."""
        self.lock.close()

    def sweep(self, end: Callable[[int], None]) -> None:
        """End every process of this user, until none is left.

        end: ends them all at once; one by one, a fork bomb refills while we look.
        """
        for _ in range(SWEEPS):
            found = [pid for pid in _processes() if _owner(pid) == self.uid and _parent(pid)]
            if not found:
                return
            end(self.uid)
            _kill(found)  # also where it could not be done at once


def take_user(name: str = "") -> User:
    """A free user id; its lock is an abstract socket, which ends with this process however it ends.

    name: the user that this machine has for student code, who is taken first.
    Raises RuntimeError where all are taken.
    """
    start = secrets.randbelow(UIDS)
    for uid in [*_uid_of(name), *(FIRST_UID + (start + step) % UIDS for step in range(UIDS))]:
        lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            lock.bind(f"\0autograder-user-{uid}")
        except OSError:
            lock.close()
            continue
        return User(uid, lock)
    raise RuntimeError("no user id is free for a student's process")


def _uid_of(name: str) -> list[int]:
    import pwd  # not on every system, and root is on none of the others

    try:
        return [uid] if name and (uid := pwd.getpwnam(name).pw_uid) else []
    except KeyError:
        return []


def lowest_unreadable(path: str) -> str:
    """The folder that keeps other users from a path, such as a home of mode 0700; "" where there is none."""
    real = Path(path).resolve()
    for folder in [real, *real.parents]:
        try:
            mode = folder.stat().st_mode
        except OSError:
            return str(folder)
        needed = stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH
        if not mode & needed:
            return str(folder)
    return ""


class Handle:
    """One worker process; a file descriptor of it, so that its number cannot come to mean another process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self.descriptor = os.pidfd_open(pid)
        except (OSError, AttributeError):  # already gone, or a system without such descriptors
            self.descriptor = -1

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.descriptor >= 0 and not select.select([self.descriptor], [], [], 0)[0]

    def kill(self) -> None:
        """End the process and wait until it is gone."""
        if self.alive():
            for target in (-self.pid, self.pid):  # its session first: the leader's number is safe while it lives
                try:
                    os.kill(target, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    continue
            select.select([self.descriptor], [], [], DEATH_SECONDS)
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def crowded(worker: int, user: User | None) -> bool:
    """Whether other processes run beside a worker: its user's, or without one its children."""
    others = (pid for pid in _processes() if pid != worker)
    return any(_owner(pid) == user.uid and _parent(pid) if user else _parent(pid) == worker for pid in others)


def sweep_children(parent: int) -> None:
    """End every child of a process until none is left: orphans of a worker come to its subreaper."""
    for _ in range(SWEEPS):
        found = [pid for pid in _processes() if _parent(pid) == parent]
        if not found:
            return
        _kill(found)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue


def _owner(pid: int) -> int:
    """The user that a process runs as; the owner of its folder in /proc would be root's for one that hides."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Uid:"))
    except (OSError, StopIteration, ValueError):
        return -1


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _parent(pid: int) -> int:
    """The parent of a running process; 0 for one that is gone or a zombie."""
    try:
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return 0 if state == "Z" else int(parent)
    except (OSError, ValueError, IndexError):
        return 0


def folder_size(folder: str, most: int = 5000) -> int:
    """Bytes under a folder, links not followed; a folder of very many entries counts as endless."""
    total = seen = 0
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if seen > most:
                        return 1 << 62
                    total += entry.stat(follow_symlinks=False).st_size
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:
            continue
    return total
