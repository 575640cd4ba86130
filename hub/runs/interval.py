"""A schedule must not ask a publisher more often than its connector's manifest allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hub.sdk import ConfigError, Manifest
from hub.settings import Source


def refuse_too_often(source: Source, manifest: Manifest, interval: Callable[[str], timedelta]) -> None:
    """Raise ``ConfigError`` for a schedule that is shorter than the manifest's floor."""
    usual, floor = interval(source.schedule), manifest.shortest_interval
    if usual < floor:
        raise ConfigError(
            f"{source.schedule!r} asks the publisher more often than {manifest.id} may, which is every {span(floor)}",
            where=f"{source.path}, schedule",
            instruction=f'write schedule = "every {span(floor)}", or a longer one',
        )


def span(time: timedelta) -> str:
    """A time span as a schedule has it: in days, hours or minutes, rounded up."""
    for unit, size in (("d", timedelta(days=1)), ("h", timedelta(hours=1))):
        if time >= size and not time % size:
            return f"{time // size}{unit}"
    return f"{-(-time // timedelta(minutes=1))}m"
