from __future__ import annotations

import pytest

from hub.settings.schedule import check_schedule


@pytest.mark.parametrize(
    "text",
    [
        "hourly",
        "daily",
        "weekly",
        "every 15m",
        "every 6h",
        "every 2d",
        "cron 0 6 * * 1",
        "cron */5 8-17 1,15 jan-jun mon",
        "cron 0 0 1-10/2 12 7",
        "cron 0 0 * * sun",
    ],
)
def test_schedules(text: str) -> None:
    assert check_schedule(f" {text} ") == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a schedule"),
        ("Daily", "is not a schedule"),
        ("every 0m", "is not a schedule"),
        ("every 15 minutes", "is not a schedule"),
        ("0 6 * * 1", "is not a schedule"),
        ("cron 0 6 * *", "has 5 fields"),
        ("cron 60 6 * * 1", "'60' is not a cron minute"),
        ("cron 0 24 * * 1", "cron hour"),
        ("cron 0 6 0 * 1", "cron day of the month"),
        ("cron 0 6 * 13 1", "cron month"),
        ("cron 0 6 * * 8", "cron day of the week"),
        ("cron 5-1 6 * * 1", "cron minute"),
        ("cron 1- 6 * * 1", "cron minute"),
        ("cron */0 6 * * 1", "cron minute"),
        ("cron 0 6 * * someday", "cron day of the week"),
    ],
)
def test_what_is_no_schedule(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_schedule(text)
