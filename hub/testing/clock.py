"""A clock that moves only when someone sleeps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hub.http import Clock

START: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp()


class Ticking:
    """``now`` in seconds since the start; ``slept`` are the pauses so far; ``clock`` is for the HTTP client."""

    def __init__(self, random: float = 0.5) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.random = random
        self._lock = threading.Lock()

    @cached_property
    def clock(self) -> Clock:
        """This clock as the client takes it."""
        from hub.http import Clock

        return Clock(lambda: self.now, lambda: START + self.now, self.sleep, lambda: self.random)

    def sleep(self, seconds: float) -> None:
        """Move on at once. Raises ``ValueError`` for less than nothing."""
        if seconds < 0:
            raise ValueError("nobody sleeps backwards")
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds
