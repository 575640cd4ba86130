"""For how long a source may stay unread before it is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from hub.settings import Source

MARGIN: Final = timedelta(hours=1)


def longest_ages(sources: Iterable[Source], interval: Callable[[str], timedelta]) -> dict[str, timedelta | None]:
    """By source: its ``max_age``, else two intervals and an hour; ``None`` when nobody expects it to be read."""
    return {source.id: _longest_age(source, interval) if source.enabled else None for source in sources}


def _longest_age(source: Source, interval: Callable[[str], timedelta]) -> timedelta | None:
    if source.max_age is not None or source.inbox:  # who drops files keeps to no schedule
        return source.max_age
    return 2 * interval(source.schedule) + MARGIN
