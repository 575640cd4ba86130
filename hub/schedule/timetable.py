"""When a source is to run: as its schedule says, a little later at random, sooner after a failure."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.schedule.due import interval, next_due
from hub.settings import Source

_FIRST_RETRY: Final = timedelta(minutes=5)
_DOUBLINGS: Final = 20
"""More would overflow nothing yet say nothing either: five minutes are ten years by then."""
_TENTH: Final = 10


@dataclass(frozen=True)
class Timetable:
    """When sources are due. ``jitter`` is at most a tenth of the interval; ``chance`` gives numbers from 0 to 1.

    ``floor`` is how long a source is left alone at least before it is asked again.
    """

    jitter: timedelta = timedelta(0)
    chance: Callable[[], float] = random.random
    floor: Callable[[Source], timedelta] = lambda source: timedelta(0)  # noqa: ARG005

    def regular(self, source: Source, now: datetime) -> datetime:
        """Its next due time after ``now``, whatever was missed before."""
        due = next_due(source.schedule, now, ZoneInfo(source.timezone)) + self._latest(source) * self.chance()
        return due.replace(microsecond=0)

    def first(self, source: Source, last_read: datetime | None, now: datetime) -> datetime:
        """Of a source that has no due time: at once, unless it was read within its interval."""
        fresh = last_read is not None and now - last_read < interval(source.schedule)
        return self.regular(source, now) if fresh else now

    def again(self, source: Source, failures: int, now: datetime) -> datetime:
        """When to try again after so many failures in a row, should the regular time be later."""
        wait: timedelta = _FIRST_RETRY * 2 ** min(max(failures - 1, 0), _DOUBLINGS)
        return now + max(min(wait, interval(source.schedule)), self.floor(source))

    def is_plausible(self, source: Source, due: datetime, now: datetime) -> bool:
        """Whether a due time can be of the schedule as it is now, and not of one that left more time."""
        return due <= next_due(source.schedule, now, ZoneInfo(source.timezone)) + self._latest(source)

    def _latest(self, source: Source) -> timedelta:
        return min(self.jitter, interval(source.schedule) / _TENTH)
