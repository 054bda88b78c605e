"""Runs student code where it can hurt nobody, and asks it for values: host (ours) and worker (theirs)."""

from autograder.sandbox.host import CellOutcome, Sandbox, Session

__all__ = ["CellOutcome", "Sandbox", "Session"]
