"""Instants out of a date, a time of day and what the publisher says, or does not say, about their zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from hub.sdk import clean

END_OF_DAY: Final = time(23, 59, 59)
"""When a deadline has no time of day: the last second of its day, as the OCDS profile for eForms does."""

_OFFSET: Final = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_TIME: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")


def offset_of(written: str) -> timezone | None:
    """The offset behind a date or a time: ``2024-05-01+02:00``, ``12:00:00Z``."""
    # The day of a plain date is no offset: 2024-05-01 ends in "-01", which is shorter than any offset.
    match = _OFFSET.search(written.strip())
    if match is None:
        return None
    if match[1] == "Z":
        return UTC
    digits = match[1].replace(":", "")
    shift = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-shift if digits[0] == "-" else shift)


def instant(day: str, hour: str | None, local: tzinfo | None, *, missing: time = END_OF_DAY) -> datetime:
    """The instant meant by a written date and time.

    Date and time of one deadline carry different offsets in 1 of 40 notices (a Swedish one: date +02:00,
    time 23:59+01:00). Then the buyer's clock (``local``) is meant, and neither offset. Without any offset
    it is the buyer's clock too, as in TED XML; without a known one, UTC.
    """
    on = clean.iso_date(day)
    if on is None:
        message = "no date"
        raise ValueError(message)
    at, carry = _time_of_day(hour) if hour else (missing, timedelta())
    by_day, by_hour = offset_of(day), offset_of(hour) if hour else None
    agreed = by_hour or by_day
    if by_day and by_hour and by_day != by_hour:
        agreed = None if local else by_hour
    return datetime.combine(on, at, agreed or local or UTC) + carry


def date_of_parts(year: str | None, month: str | None, day: str | None) -> date | None:
    """A date from R2.0.8's DAY, MONTH and YEAR elements."""
    if not (year and month and day):
        return None
    return date(int(year), int(month), int(day))


def _time_of_day(written: str) -> tuple[time, timedelta]:
    match = _TIME.match(written.strip())
    if match is None:
        message = f"{written[:40]!r} is not a time of day"
        raise ValueError(message)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if (hour, minute, second) == (24, 0, 0):
        return time(0, 0), timedelta(days=1)
    return time(hour, minute, second), timedelta()
