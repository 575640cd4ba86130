"""A clock that moves only when someone sleeps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from hub.http import Clock

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp()


class Ticking:
    """``now`` in seconds since the start; ``slept`` are the pauses so far."""

    def __init__(self, random: float = 0.5) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.random = random
        self._lock = threading.Lock()
        self.clock = Clock(lambda: self.now, lambda: START + self.now, self.sleep, lambda: self.random)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds
