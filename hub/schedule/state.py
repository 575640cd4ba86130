"""How a serving hub is doing, for those who ask while it works."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class ServeState:
    """Written by the ticker's thread, read by pages; any thread may read a field as it stands.

    ``tick_seconds`` is the time from one tick to the next as configured; ``late_starts`` counts runs that began later
    than that after they were due. ``config_valid`` is false while the files of the config folder are wrong and an
    earlier configuration is in force; ``config_error`` then says why, with what to do.
    """

    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    last_tick_at: datetime | None = None
    tick_seconds: float = 5.0
    ticks: int = 0
    late_starts: int = 0
    config_valid: bool = True
    config_error: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def ticked(self, at: datetime) -> None:
        """Note a finished tick."""
        with self._lock:
            self.last_tick_at, self.ticks = at, self.ticks + 1

    def started_late(self) -> None:
        """Count a run that began late."""
        with self._lock:
            self.late_starts += 1

    def configured(self, error: str = "") -> None:
        """Note whether the files of the config folder are in force; ``error`` says why they are not."""
        with self._lock:
            self.config_valid, self.config_error = not error, error
