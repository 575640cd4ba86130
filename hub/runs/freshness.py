"""For how long a source may stay unread before it is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from hub.settings import Source
from hub.settings.schedule import parse_duration

MARGIN: Final = timedelta(hours=1)

_NAMED: Final = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}


def usual_interval(schedule: str) -> timedelta | None:
    """The time between two runs; ``None`` when the schedule's words alone do not tell, as with cron."""
    if schedule in _NAMED:
        return _NAMED[schedule]
    span = parse_duration(schedule.removeprefix("every ")) if schedule.startswith("every ") else None
    return span if isinstance(span, timedelta) else None


def longest_ages(
    sources: Iterable[Source], interval: Callable[[str], timedelta | None] = usual_interval
) -> dict[str, timedelta | None]:
    """By source: its ``max_age``, else two intervals and an hour; ``None`` when nobody expects it to be read."""
    return {source.id: _longest_age(source, interval) if source.enabled else None for source in sources}


def _longest_age(source: Source, interval: Callable[[str], timedelta | None]) -> timedelta | None:
    if source.max_age is not None:
        return source.max_age
    usual = interval(source.schedule)
    return None if usual is None else 2 * usual + MARGIN
