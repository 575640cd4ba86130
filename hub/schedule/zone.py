"""Local times as moments, where the clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
_YEAR: Final = 2026


def moment_of(local: datetime, zone: tzinfo) -> datetime:
    """The moment (UTC) of a local time. One that comes twice is the first; one that never comes, the next that does."""
    while True:
        moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            return moment
        local += _MINUTE


def changes_clocks(zone: tzinfo) -> bool:
    """Whether clocks go forward and back in the course of a year."""
    return len({zone.utcoffset(datetime(_YEAR, month, 1)) for month in range(1, 13)}) > 1  # noqa: DTZ001 - local times
