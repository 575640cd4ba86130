"""When a source is to run: jitter, first runs, retries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.schedule.timetable import Timetable
from hub.settings import Source

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def source(schedule="daily", **other):
    return Source(id="fake", path=Path("fake.toml"), connector="xx_fake", schedule=schedule, **other)


@given(st.floats(0, 1, exclude_max=True), st.sampled_from(["hourly", "daily", "every 5m", "cron 0 6 * * 1"]))
def test_jitter_only_delays_by_at_most_itself_and_a_tenth_of_the_interval(chance, schedule):
    timetable = Timetable(timedelta(minutes=5), chance=lambda: chance)
    due, regular = timetable.regular(source(schedule), NOW), Timetable().regular(source(schedule), NOW)
    most = min(timedelta(minutes=5), timedelta(seconds=30) if schedule == "every 5m" else timedelta(minutes=6))
    assert regular <= due <= regular + most


@given(
    st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None) + timedelta(days=90), timezones=st.just(UTC)),
    st.floats(0, 1),
)
def test_what_jitter_gave_stays_plausible_until_it_is_due(later, chance):
    timetable = Timetable(timedelta(hours=1), chance=lambda: chance)
    due = timetable.regular(source("hourly"), NOW)
    assert timetable.is_plausible(source("hourly"), due, min(later, due))


def test_a_due_time_of_a_schedule_that_left_more_time_is_not_plausible():
    assert not Timetable().is_plausible(source("hourly"), NOW + timedelta(days=3), NOW)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (400, 60)])
def test_waits_after_failures_double_up_to_the_interval(failures, minutes):
    assert Timetable().again(source("hourly"), failures, NOW) == NOW + timedelta(minutes=minutes)


def test_a_source_is_not_asked_again_sooner_than_its_manifest_allows():
    timetable = Timetable(floor=lambda _: timedelta(minutes=15))
    waits = [timetable.again(source("hourly"), failures, NOW) - NOW for failures in (1, 2, 3, 9)]
    assert waits == [timedelta(minutes=minutes) for minutes in (15, 15, 20, 60)]


def test_a_source_that_was_never_read_is_due_at_once_and_one_just_read_is_not():
    timetable = Timetable()
    assert timetable.first(source(), None, NOW) == NOW
    assert timetable.first(source(), NOW - timedelta(days=2), NOW) == NOW
    assert timetable.first(source(), NOW - timedelta(hours=2), NOW) == datetime(2026, 3, 4, tzinfo=UTC)


def test_local_times_are_those_of_the_sources_zone():
    local = source("cron 0 6 * * *", timezone="Europe/Stockholm")
    assert Timetable().regular(local, NOW) == datetime(2026, 3, 4, 5, tzinfo=UTC)
    assert Timetable().regular(local, datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 1, 4, tzinfo=UTC)
