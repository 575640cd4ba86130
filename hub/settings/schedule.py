"""The words for when a source runs. Only their shape is checked here; when that is, ``hub.schedule`` works out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

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
        _check_cron(schedule.split(" ")[1:])
        return schedule
    raise ValueError(f"{text!r} is not a schedule; write {FORMS}")


def _check_cron(fields: list[str]) -> None:
    if len(fields) != len(_CRON):
        raise ValueError(f"a cron schedule has {len(_CRON)} fields (minute hour day month weekday), not {len(fields)}")
    for text, (name, low, high, words) in zip(fields, _CRON, strict=True):
        if not all(_is_cron_item(item, low, high, words) for item in text.split(",")):
            raise ValueError(f"{text!r} is not a cron {name} ({low}-{high})")


def _is_cron_item(item: str, low: int, high: int, words: tuple[str, ...]) -> bool:
    match = _STEP.fullmatch(item)
    if match is None:
        return False
    if match["range"] == "*":
        return True
    bounds = [_cron_number(bound, low, words) for bound in match["range"].split("-")]
    numbers = [number for number in bounds if number is not None and low <= number <= high]
    return len(numbers) == len(bounds) and numbers == sorted(numbers)


def _cron_number(text: str, low: int, words: tuple[str, ...]) -> int | None:
    if text.lower() in words:
        return words.index(text.lower()) + low
    return int(text) if re.fullmatch(r"\d{1,2}", text, re.ASCII) else None
