"""Local times as moments, where the clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_MINUTE: Final = timedelta(minutes=1)


def moment_of(local: datetime, zone: tzinfo) -> datetime:
    """The moment (UTC) of a local time. One that comes twice is the first; one that never comes, the next that does."""
    while True:
        moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            return moment
        local += _MINUTE
