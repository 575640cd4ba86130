"""A cron schedule: on which days it comes, and when on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from hub.settings.schedule import cron_numbers, is_either

_DAY: Final = timedelta(days=1)
_HORIZON: Final = 60 * 366
"""Days to look ahead: a 29 February on a certain weekday may be 40 years away."""


@dataclass(frozen=True)
class Cron:
    """Days and times of day. With ``either``, a day needs to be one of ``days`` or of ``weekdays``, else of both.

    Weekdays count as in cron: Sunday is 0. (APScheduler's own crontab reader takes 0 for Monday.)
    """

    times: tuple[time, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    @classmethod
    def of(cls, schedule: str) -> Cron:
        """From ``cron minute hour day month weekday``, as the settings have checked it."""
        minutes, hours, days, months, weekdays = cron_numbers(schedule)
        times = tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
        return cls(times, days, months, frozenset(day % 7 for day in weekdays), is_either(schedule))

    def days_from(self, day: date, horizon: int = _HORIZON) -> Iterator[date]:
        """The days it comes on, from ``day`` on."""
        for _ in range(horizon):
            if self._comes_on(day):
                yield day
            day += _DAY

    def _comes_on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (by_month or by_week) if self.either else (by_month and by_week)
