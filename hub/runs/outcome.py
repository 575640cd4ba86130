"""How a run ended, and what it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["succeeded", "unchanged", "partial", "suspect", "failed", "cancelled", "lost"]
"""``unchanged`` read everything and found nothing new; ``partial`` stored what it could before the source broke, or
missed a whole file; ``suspect`` saw so much less than before that nothing was retired."""

WHOLE: tuple[Outcome, ...] = ("succeeded", "unchanged")
"""Outcomes after which the source counts as read."""


@dataclass(slots=True)
class RunResult:
    """One run's outcome and counts.

    ``read`` counts every item that came: each was stored, changed, unchanged, quarantined, a repetition, or
    barred.
    """

    source: str
    run_id: str
    outcome: Outcome = "succeeded"
    reason: str = ""
    read: int = 0
    stored: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    quarantined: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    def take_counts(self, other: RunResult) -> None:
        """Go back to what another moment of this run had counted."""
        for name in ("read", "stored", "changed", "unchanged", "retired", "quarantined", "counts"):
            setattr(self, name, getattr(other, name))

    @property
    def whole(self) -> bool:
        """Whether the source was read whole."""
        return self.outcome in WHOLE
