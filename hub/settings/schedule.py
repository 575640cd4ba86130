"""The words for when a source runs. Only their shape is checked here; when that is, ``hub.schedule`` works out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

NAMED: Final = ("hourly", "daily", "weekly")
FORMS: Final = 'hourly, daily, weekly, "every 15m" (m, h or d) or "cron 0 6 * * 1"'

_EVERY: Final = re.compile(r"every [1-9]\d{0,4}[mhd]")
_STEP: Final = re.compile(r"(?P<range>\*|\w+(?:-\w+)?)(?:/(?P<step>[1-9]\d?))?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_CRON: Final[tuple[tuple[str, int, int, tuple[str, ...]], ...]] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _WEEKDAYS),
)
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_DURATION: Final = re.compile(r"(0|[1-9]\d{0,4})([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(text: Any) -> Any:
    """``"2d"`` as a time span (s, m, h, d or w); what is no text is handed on. ``ValueError`` for other words."""
    if not isinstance(text, str):
        return text
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'{text!r} is not a time span; write a number and s, m, h, d or w, as in "2d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def check_schedule(text: str) -> str:
    """``text`` with single spaces; ``ValueError`` when it is not a schedule."""
    schedule = " ".join(text.split())
    if schedule in NAMED or _EVERY.fullmatch(schedule):
        return schedule
    if schedule.startswith("cron "):
        _check_cron(schedule)
        return schedule
    raise ValueError(f"{text!r} is not a schedule; write {FORMS}")


def check_timezone(text: str) -> str:
    """``text``; ``ValueError`` when it is not the name of a time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'{text!r} is not a time zone; write one as "Europe/Stockholm"') from None
    return text


def cron_numbers(schedule: str) -> tuple[frozenset[int], ...]:
    """What each field of a cron schedule names. Weekdays count from Sunday, which may be 0 or 7.

    ``ValueError`` for what is not a cron schedule.
    """
    fields = schedule.split()[1:]
    if len(fields) != len(_CRON):
        raise ValueError(f"a cron schedule has {len(_CRON)} fields (minute hour day month weekday), not {len(fields)}")
    found = []
    for text, (name, low, high, words) in zip(fields, _CRON, strict=True):
        numbers: set[int] = set()
        for item in text.split(","):
            meant = _cron_item(item, low, high, words)
            if meant is None:
                raise ValueError(f"{text!r} is not a cron {name} ({low}-{high})")
            numbers.update(meant)
        found.append(frozenset(numbers))
    return tuple(found)


def is_either(schedule: str) -> bool:
    """Whether a cron schedule names days of the month and of the week: it comes on both, as cron has it."""
    fields = schedule.split()[1:]
    return not (fields[2].startswith("*") or fields[4].startswith("*"))


def _check_cron(schedule: str) -> None:
    _, _, days, months, _ = cron_numbers(schedule)
    if not is_either(schedule) and not any(min(days) <= _LONGEST[month - 1] for month in months):
        raise ValueError(f"{schedule!r} never comes: no such month has that day")


def _cron_item(item: str, low: int, high: int, words: tuple[str, ...]) -> range | None:
    match = _STEP.fullmatch(item)
    if match is None:
        return None
    step = int(match["step"] or 1)
    if match["range"] == "*":
        return range(low, high + 1, step)
    first, _, last = match["range"].partition("-")
    # "5/10" is from 5 on, every 10.
    begin = _cron_number(first, low, words)
    end = _cron_number(last, low, words) if last else high if match["step"] else begin
    if begin is None or end is None or not low <= begin <= end <= high:
        return None
    return range(begin, end + 1, step)


def _cron_number(text: str, low: int, words: tuple[str, ...]) -> int | None:
    if text.lower() in words:
        return words.index(text.lower()) + low
    return int(text) if re.fullmatch(r"\d{1,2}", text, re.ASCII) else None
