"""Calls a function again and again: all that APScheduler is used for.

One interval job in UTC, in memory. The job's function is never stored, a tick that is late still comes, and when ticks
take longer than the time between them, those that were missed are one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from hub.sdk import HubError

_JOB: Final = "tick"
_log = logging.getLogger(__name__)


class Ticker:
    """Calls ``tick`` at once and then every so often, from a thread of its own. Its errors are logged, not raised."""

    def __init__(self, tick: Callable[[], None], every: timedelta) -> None:
        self._tick = tick
        self._failed = ""
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
        self._scheduler.add_job(self.tick, trigger, id=_JOB, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin."""
        # That a tick takes longer than the time to the next one is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    def pace(self, every: timedelta) -> None:
        """Tick at another pace from now on."""
        self._scheduler.reschedule_job(_JOB, trigger=IntervalTrigger(seconds=every.total_seconds(), timezone=UTC))

    def stop(self) -> None:
        """Tick no more; a tick at work goes on to its end."""
        self._scheduler.shutdown(wait=False)

    def tick(self) -> None:
        """One tick, whatever comes of it. A failure that lasts is logged once."""
        try:
            self._tick()
        except Exception as error:  # noqa: BLE001 - whatever a tick raises, the next one tries again
            told = f"{type(error).__name__}: {error}"
            if told != self._failed:
                _log.warning(
                    "a tick failed; the next one tries again: %s",
                    told,
                    exc_info=None if isinstance(error, HubError) else error,
                    extra={"action": "tick_failed"},
                )
            self._failed = told
        else:
            self._failed = ""
