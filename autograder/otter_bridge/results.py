"""Otter's results with the judge's record in them: one row for each answer instead of one for each test."""

from __future__ import annotations

from typing import Any

from otter.test_files import GradingResults

__all__ = ["PLUGIN", "JudgedResults"]

PLUGIN = "autograder.otter_bridge.plugin.Plugin"


class JudgedResults(GradingResults):  # type: ignore[misc]  # Otter has no types
    """What Otter writes, prints and sums up comes from the record, which no kernel can reach."""

    def _judged(self) -> dict[str, Any]:
        return dict(self.get_plugin_data(PLUGIN))

    def to_gradescope_dict(self, ag_config: Any) -> dict[str, Any]:
        """The judge's results.json."""
        return dict(self._judged()["form"])

    @property
    def total(self) -> float:
        """Points of all answers but the written ones."""
        return float(self._judged()["total"])

    @property
    def possible(self) -> float:
        """Their maximum."""
        return float(self._judged()["possible"])

    @property
    def catastrophic_error(self) -> None:
        """None: the judge's record stands, whatever became of Otter's own tests."""

    def has_catastrophic_failure(self) -> bool:
        """Never, for the same reason."""
        return False
