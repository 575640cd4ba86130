"""When schedules are due: no day left out, none twice, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.schedule.due import interval, is_unsure, longest_interval, next_due
from hub.settings.schedule import check_schedule, check_timezone

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SCHEDULES = (
    *("hourly", "daily", "weekly", "every 15m", "every 7h", "every 3d"),
    *("cron 0 6 * * 1", "cron */20 8-17 * * mon-fri", "cron 30 2 * * *", "cron 0 0 29 2 *", "cron 5 4 13 * fri"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def row(schedule: str, after: datetime, count: int, zone=UTC) -> list[datetime]:
    found = []
    for _ in range(count):
        after = next_due(schedule, after, zone)
        found.append(after)
    return found


def by_apscheduler(count: int, after: datetime, **fields: object) -> list[datetime]:
    trigger, previous, now = CronTrigger(timezone=STOCKHOLM, **fields), None, after.astimezone(STOCKHOLM)
    found = []
    for _ in range(count):
        previous = trigger.get_next_fire_time(previous, now)
        now = previous
        found.append(previous)
    return found


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("hourly", "2026-11-24T11:00"),
        ("daily", "2026-11-25T00:00"),
        ("weekly", "2026-11-30T00:00"),
        ("every 15m", "2026-11-24T10:15"),
        ("every 6h", "2026-11-24T12:00"),
        ("cron 0 6 * * 1", "2026-11-30T06:00"),  # Monday
        ("cron 0 6 * * 0", "2026-11-29T06:00"),  # Sunday
        ("cron 0 6 * * 7", "2026-11-29T06:00"),
        ("cron 0 6 * * sun", "2026-11-29T06:00"),
        ("cron 0 6 1 jan *", "2027-01-01T06:00"),
        ("cron 0 6 1 * fri", "2026-11-27T06:00"),  # either
        ("cron 0 6 */2 * mon", "2026-12-07T06:00"),  # both: a day of the month beginning with * restricts nothing
        ("cron 50/5 10 * * *", "2026-11-24T10:50"),
        ("cron 0 0 29 2 *", "2028-02-29T00:00"),
    ],
)
def test_when_a_schedule_is_due_next(schedule: str, due: str):
    assert next_due(schedule, at("2026-11-24T10:07")) == at(due)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SCHEDULES),
    st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001
    st.integers(0, 10**7),
    st.sampled_from((UTC, STOCKHOLM)),
)
def test_due_is_strictly_after_and_never_earlier_for_a_later_moment(schedule, after, seconds, zone):
    moment = after.replace(tzinfo=UTC)
    due = next_due(schedule, moment, zone)
    assert due > moment
    assert next_due(schedule, moment + timedelta(seconds=seconds), zone) >= due
    assert next_due(schedule, due - timedelta(seconds=1), zone) == due


@pytest.mark.parametrize("time", ["0 0", "30 0", "59 0", "30 1", "0 2", "30 2", "59 2", "0 3", "0 6", "59 23"])
def test_a_daily_time_in_stockholm_comes_once_on_every_day_for_years(time: str):
    due = row(f"cron {time} * * *", at("2023-12-31T23:30"), 366 * 4, STOCKHOLM)
    days = [moment.astimezone(STOCKHOLM).date() for moment in due]
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))


def test_apscheduler_skips_a_day_in_spring_and_we_do_not():
    theirs = by_apscheduler(3, at("2026-03-27T23:00"), hour=0, minute=0)
    assert [moment.day for moment in theirs] == [28, 29, 31]
    ours = row("cron 0 0 * * *", at("2026-03-27T22:59"), 3, STOCKHOLM)
    assert [moment.astimezone(STOCKHOLM).day for moment in ours] == [28, 29, 30]


def test_apscheduler_comes_twice_on_an_october_night_and_we_do_not():
    theirs = by_apscheduler(2, at("2026-10-24T12:00"), hour=2, minute=30)
    assert [moment.day for moment in theirs] == [25, 25]
    ours = row("cron 30 2 * * *", at("2026-10-24T12:00"), 2, STOCKHOLM)
    assert ours == [at("2026-10-25T00:30"), at("2026-10-26T01:30")]  # the first of the two


def test_apscheduler_takes_weekday_0_for_monday_and_we_for_sunday():
    theirs = CronTrigger.from_crontab("0 6 * * 0", timezone=UTC).get_next_fire_time(None, at("2026-11-24T00:00"))
    assert theirs.strftime("%a") == "Mon"
    assert next_due("cron 0 6 * * 0", at("2026-11-24T00:00")).strftime("%a") == "Sun"


def test_a_time_that_does_not_exist_is_the_next_that_does():
    assert next_due("cron 30 2 * * *", at("2026-03-28T12:00"), STOCKHOLM) == at("2026-03-29T01:00")  # 03:00


def test_times_that_fall_together_are_one():
    due = row("cron 0,30 2,3 * * *", at("2026-03-28T12:00"), 3, STOCKHOLM)
    assert due == [at("2026-03-29T01:00"), at("2026-03-29T01:30"), at("2026-03-30T00:00")]


def test_spans_do_not_drift():
    due = row("every 15m", at("2026-11-24T10:07:31"), 500)
    assert {moment.minute % 15 for moment in due} == {0}
    assert {later - earlier for earlier, later in pairwise(due)} == {timedelta(minutes=15)}


@pytest.mark.parametrize(
    ("schedule", "shortest", "longest"),
    [
        ("hourly", timedelta(hours=1), timedelta(hours=1)),
        ("weekly", timedelta(days=7), timedelta(days=7)),
        ("every 15m", timedelta(minutes=15), timedelta(minutes=15)),
        ("cron 0 6 * * *", timedelta(days=1), timedelta(days=1)),
        ("cron */5 8-17 * * 1-5", timedelta(minutes=5), timedelta(days=2, hours=14, minutes=5)),
        ("cron 0 6 1 * *", timedelta(days=28), timedelta(days=31)),
        ("cron 0 6 29 2 *", timedelta(days=1461), timedelta(days=1461)),
    ],
)
def test_the_gaps_of_a_schedule(schedule, shortest, longest):
    assert (interval(schedule), longest_interval(schedule)) == (shortest, longest)


def test_which_schedules_are_unsure():
    assert is_unsure("cron 30 2 * * *", STOCKHOLM)
    assert is_unsure("daily", STOCKHOLM)
    assert not is_unsure("cron 0 3 * * *", STOCKHOLM)
    assert not is_unsure("hourly", STOCKHOLM)
    assert not is_unsure("cron 30 2 * * *", ZoneInfo("UTC"))


def test_a_day_that_never_comes_is_refused():
    with pytest.raises(ValueError, match="never comes"):
        check_schedule("cron 0 6 31 2,4 *")
    assert check_schedule("cron 0 6 31 2,4 mon")  # Mondays do


@pytest.mark.parametrize("name", ["Europe/Stokholm", "Europe", "../etc/passwd", ""])
def test_what_is_no_time_zone_is_refused(name: str):
    with pytest.raises(ValueError, match="is not a time zone"):
        check_timezone(name)
