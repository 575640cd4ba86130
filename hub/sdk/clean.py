"""Cleaning that every connector needs: text, dates, and taking fields out of a row so that none is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from hub.sdk.events import Drift

_SPACES: Final = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_WORDED: Final = re.compile(r"(?:\w+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-/ ]([A-Za-z]{3,9})\.?,?[-/ ](\d{4}|\d{2})$")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def text(value: object) -> str | None:
    """Text with runs of white space made one space and NUL characters dropped; ``None`` for nothing or ``null``."""
    if value is None:
        return None
    cleaned = _SPACES.sub(" ", str(value).replace("\0", "")).strip()
    return cleaned if cleaned and cleaned != "null" else None


def iso_date(value: str | date | None) -> date | None:
    """A date as published: ``2024-05-01``, ``20240501``, ``2024-05-01T10:00:00Z``, ``2024-05-01+02:00``.

    An offset behind a date does not move it: ``2024-04-14Z`` is that day. ``None`` for nothing; ``ValueError`` for
    text that is no date.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)", value)
    if match is None:
        message = f"{value[:40]!r} is not a date"
        raise ValueError(message)
    return date(int(match[1]), int(match[2]), int(match[3]))


def any_date(value: str, *, day_first: bool = True) -> date | None:
    """A date in one of the spellings seen in ledgers, or ``None``.

    ISO with ``-``, ``/`` or ``.``; ``YYYYMMDD``; ``dd/mm/yyyy``, ``dd.mm.yyyy``, ``dd-mm-yy``; ``dd-Mon-yy``,
    ``1 April 2014`` (English month names).
    """
    compact = value.strip()
    try:
        if match := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$", compact):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.match(r"(\d{4})(\d{2})(\d{2})(?:\.0)?$", compact):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:\s.*)?$", compact):
            first, second = int(match[1]), int(match[2])
            day, month = (first, second) if day_first else (second, first)
            return date(_full_year(match[3]), month, day)
        if match := _WORDED.match(compact):
            month = _MONTHS.index(match[2][:3].lower()) + 1
            return date(_full_year(match[3]), month, int(match[1]))
    except ValueError:
        return None
    return None


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)  # noqa: PLR2004


class Fields:
    """A row whose fields are taken one by one; what nobody took or named as ignored is drift (strict interpretation).

    >>> row = Fields({"namn": "Alfa", "ny": "x"})
    >>> row.take("namn")
    'Alfa'
    >>> [drift.field for drift in row.left_over()]
    ['ny']
    """

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self._left = set(row)

    def take(self, name: str) -> str | None:
        """The field as cleaned text, or ``None`` when it is empty or missing."""
        self._left.discard(name)
        return text(self._row.get(name))

    def ignore(self, *names: str) -> None:
        """Fields that are known and not used."""
        self._left.difference_update(names)

    def left_over(self) -> Iterator[Drift]:
        """One drift per field that was neither taken nor ignored."""
        for name in sorted(self._left):
            yield Drift("new_field", name)
