"""grader.toml -> a frozen Config: every number that a teacher may change, checked, with file and line."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use.  Seconds are wall and CPU seconds alike; sizes are in MiB and KiB."""

    cell_seconds: float = 10.0
    call_seconds: float = 5.0
    submission_seconds: float = 120.0
    memory_mb: int = 1024
    output_kb: int = 64
    file_mb: int = 16
    processes: int = 64
    open_files: int = 64
    submission_mb: int = 64
    members: int = 2000
    require: tuple[str, ...] = ()
