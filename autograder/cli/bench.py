"""What the commands share beside the bench: views, options with few values, the terminal's width."""

from __future__ import annotations

import os
from collections.abc import Sequence

from autograder.bench import Bench, bench
from autograder.errors import ConfigError, ConfigProblem

__all__ = ["VIEWS", "Bench", "bench", "one_of", "width"]

VIEWS = ("student", "staff")


def one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    """An option's value has to be one of these.  Raises ConfigError otherwise."""
    if value not in allowed:
        known = [name for name in allowed if name]
        advice = f"Write {', '.join(known) if len(known) > 2 else ' or '.join(known)}."
        raise ConfigError([ConfigProblem(option, None, f"{value!r} is not known.", advice)])


def width() -> int:
    """Columns of the terminal, at most 120; 100 where there is none."""
    try:
        return min(120, os.get_terminal_size().columns)
    except OSError:
        return 100
