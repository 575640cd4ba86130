"""What APScheduler is used for, and the traps in it."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from hub.schedule.ticker import Ticker

FAST = timedelta(seconds=0.02)


class Counted:
    """A tick that can be waited for."""

    def __init__(self, *, raising=(), seconds=0.0):
        self.count = 0
        self._raising, self._seconds = raising, seconds
        self._changed = threading.Condition()

    def __call__(self):
        time.sleep(self._seconds)
        with self._changed:
            self.count += 1
            self._changed.notify_all()
        if self.count in self._raising:
            raise ZeroDivisionError("secret words")

    def reach(self, count):
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, 5)


@pytest.fixture
def started():
    tickers = []

    def start(tick, every=FAST):
        tickers.append(Ticker(tick, every))
        tickers[-1].start()
        return tickers[-1]

    yield start
    for ticker in tickers:
        ticker.stop()


def test_the_first_tick_comes_at_once_and_others_follow(started):
    tick = Counted()
    started(tick)
    assert tick.reach(3)


def test_a_tick_that_raises_is_told_once_and_does_not_end_ticking(started, caplog):
    tick = Counted(raising=range(1, 5))
    with caplog.at_level(logging.WARNING):
        started(tick)
        assert tick.reach(6)
    told = [record for record in caplog.records if getattr(record, "action", "") == "tick_failed"]
    assert len(told) == 1


def test_ticks_that_take_longer_than_the_time_between_them_neither_pile_up_nor_warn(started, caplog):
    running, most = [], []

    def tick():
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()

    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        started(tick)
        while len(most) < 3:
            assert time.monotonic() < began + 20, "it does not tick"
            time.sleep(0.01)
    assert max(most) == 1
    assert len(most) <= 1 + (time.monotonic() - began) / 0.05
    assert not caplog.records


def test_a_late_tick_still_comes_where_a_job_of_the_defaults_is_dropped(caplog):
    late = datetime.now(UTC) - timedelta(hours=2.5)
    dropped = Counted()
    usual = BackgroundScheduler(timezone=UTC)
    usual.add_job(dropped, IntervalTrigger(hours=1, timezone=UTC), next_run_time=late)
    usual.start()
    tick = Counted()
    ticker = Ticker(tick, timedelta(hours=1))
    ticker._scheduler.modify_job("tick", next_run_time=late)
    ticker.start()
    try:
        assert tick.reach(1)
        time.sleep(0.1)
        assert tick.count == 1, "three ticks were missed: they are one"
        assert dropped.count == 0, "the trap is gone: say so in ADR 0014"
    finally:
        usual.shutdown()
        ticker.stop()


def test_jobs_are_kept_in_memory_and_never_pickled():
    ticker = Ticker(lambda: None, FAST)
    ticker.start()
    try:
        stores = ticker._scheduler._jobstores
        assert [type(store) for store in stores.values()] == [MemoryJobStore]
        (job,) = ticker._scheduler.get_jobs()
        assert job.misfire_grace_time is None
        assert (job.coalesce, job.max_instances) == (True, 1)
        assert ticker._scheduler.timezone is UTC
    finally:
        ticker.stop()


def test_jitter_of_a_trigger_only_delays_which_is_why_ours_only_delays_too():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    trigger = IntervalTrigger(hours=1, start_date=now, jitter=600, timezone=UTC)
    fired = [trigger.get_next_fire_time(None, now) for _ in range(200)]
    assert min(fired) >= now
    assert max(fired) > now


def test_the_pace_can_be_changed_from_within_a_tick(started):
    paced = []

    def tick():
        if not paced:
            paced.append(1)
            ticker.pace(FAST)
        counted()

    counted = Counted()
    ready = threading.Event()
    ticker = Ticker(lambda: (ready.wait(5), tick()), timedelta(hours=1))
    ticker.start()
    ready.set()
    try:
        assert counted.reach(3)
    finally:
        ticker.stop()
