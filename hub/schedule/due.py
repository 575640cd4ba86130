"""When a schedule is due, and how often that is.

What is due is a fixed row of moments, whenever the hub was started, late, or trying again: ``every 15m`` is at each
quarter of an hour (UTC), ``daily`` at midnight, ``weekly`` on Monday. So nothing drifts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Final

from hub.schedule.cron import Cron
from hub.schedule.zone import changes_clocks, moment_of
from hub.settings.schedule import parse_duration

_ORIGIN: Final = datetime(1970, 1, 5, tzinfo=UTC)
"""A Monday, from which spans are counted."""
_NAMED: Final = {"hourly": "every 1h", "daily": "cron 0 0 * * *", "weekly": "cron 0 0 * * 1"}
_FIRST_DAY: Final = date(2024, 1, 1)
_YEARS: Final = 9 * 366
"""Days in which the gaps of a cron schedule are looked for: two leap days at least."""
_UNSURE_BEFORE: Final = 3
_DAY: Final = timedelta(days=1)


def next_due(schedule: str, after: datetime, zone: tzinfo = UTC) -> datetime:
    """The first moment (UTC) strictly after ``after`` at which a schedule is due.

    ``zone`` is where days and times of ``daily``, ``weekly`` and cron are. On the days that clocks are changed none is
    left out and none comes twice.
    """
    words = _NAMED.get(schedule, schedule)
    if (span := _span(words)) is not None:
        return _ORIGIN + (1 + (after - _ORIGIN) // span) * span
    return next(moment for moment in _moments(words, after, zone) if moment > after)


def interval(schedule: str) -> timedelta:
    """The shortest time between two moments at which a schedule is due."""
    return _gaps(schedule)[0]


def longest_interval(schedule: str) -> timedelta:
    """The longest time between two of them: over a weekend, say."""
    return _gaps(schedule)[1]


def is_unsure(schedule: str, zone: tzinfo) -> bool:
    """Whether it is due at local times that do not exist, or come twice, where and when clocks are changed."""
    words = _NAMED.get(schedule, schedule)
    if _span(words) is not None or not changes_clocks(zone):
        return False
    return any(time.hour < _UNSURE_BEFORE for time in Cron.of(words).times)


def _span(words: str) -> timedelta | None:
    span = parse_duration(words.removeprefix("every ")) if words.startswith("every ") else None
    return span if isinstance(span, timedelta) else None


def _moments(words: str, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    cron = Cron.of(words)
    # A day earlier: a time that never comes may lie in the day before.
    for day in cron.days_from(after.astimezone(zone).date() - _DAY):
        for time in cron.times:
            yield moment_of(datetime.combine(day, time), zone)


@lru_cache(maxsize=1024)
def _gaps(schedule: str) -> tuple[timedelta, timedelta]:
    words = _NAMED.get(schedule, schedule)
    if (span := _span(words)) is not None:
        return span, span
    cron = Cron.of(words)
    within = [datetime.combine(_FIRST_DAY, time) for time in cron.times]
    gaps = {later - earlier for earlier, later in pairwise(within)}
    overnight = within[0] - within[-1]
    gaps |= {later - earlier + overnight for earlier, later in pairwise(cron.days_from(_FIRST_DAY, _YEARS))}
    # Of what comes less than twice in all those years only that is known.
    return (min(gaps), max(gaps)) if gaps else (_YEARS * _DAY, _YEARS * _DAY)
