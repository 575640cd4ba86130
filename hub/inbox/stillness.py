"""Whether a file is whole: nobody has written to it for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

SETTLED: Final = 10.0
"""Seconds without a change. Copying over a network pauses for less."""


class Stillness:
    """Remembers how files looked before, for folders whose clock is not this machine's."""

    def __init__(
        self,
        settled: float = SETTLED,
        *,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] | None = None,
    ) -> None:
        self._settled = settled
        self._clock = clock
        self._ticks = ticks or time.monotonic
        self._seen: dict[Path, tuple[tuple[int, int, int], float]] = {}

    def is_still(self, file: Path) -> bool:
        """Whether size and times have not changed for long enough."""
        facts = file.stat()
        # Not the time of change alone: copies may keep the original's, and be under way.
        if self._clock() - max(facts.st_mtime, facts.st_ctime) >= self._settled:
            self._seen.pop(file, None)
            return True
        looks, now = (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns), self._ticks()
        before, since = self._seen.get(file, (looks, now))
        self._seen[file] = (looks, since if looks == before else now)
        return looks == before and now - since >= self._settled
