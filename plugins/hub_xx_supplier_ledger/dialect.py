"""How a file writes amounts and dates, decided from all its rows: a single ``1,234`` or ``03/04/2020`` says nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from hub.sdk import clean

POINT_COUNTRIES: Final = frozenset({"GB", "IE", "US", "MT", "CH"})
"""Where amounts have a decimal point (Unicode CLDR); elsewhere in Europe it is a comma."""
PLACEHOLDERS: Final = frozenset(
    {
        *("-", "–", "—", ".", "0", "n/a", "na", "nil", "none", "null", "#n/a", "exempt", "unknown", "not known"),
        *("not applicable", "not yet available", "not available", "redacted"),
        *("saknas", "okänd", "okänt", "ej angivet", "ej tillämpligt", "uppgift saknas"),
        *("ei tiedossa", "puuttuu", "ukjent", "ukendt"),
    }
)
"""What publishers write for "nothing here" in columns of numbers and dates."""

_NOISE: Final = re.compile(r"[\s\u00a0\u202f\u2007']|SEK|EUR|GBP|NOK|DKK|kr|[£€$()+\-\u2212\u2013]", re.IGNORECASE)
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SHORT_DATE: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?:\s.*)?")


def is_placeholder(text: str) -> bool:
    """Whether a cell says in words that it has nothing to say."""
    return not text or text.strip().lower() in PLACEHOLDERS


@dataclass(slots=True)
class Evidence:
    """What the cells of one file tell about its way of writing."""

    marks: Counter[str] = field(default_factory=Counter)
    """Amounts that can only be read with this decimal mark."""
    ambiguous: int = 0
    """Amounts such as ``1,234``, which both marks can read."""
    day_first: int = 0
    month_first: int = 0

    def see_amount(self, text: str) -> None:
        """Take an amount as written into account."""
        mark = decimal_mark_of(text)
        if mark in (",", "."):
            self.marks[mark] += 1
        elif mark:
            self.ambiguous += 1

    def see_date(self, text: str) -> None:
        """Take a date as written into account."""
        if match := _SHORT_DATE.fullmatch(text):
            self.day_first += int(match[1]) > 12  # noqa: PLR2004
            self.month_first += int(match[2]) > 12  # noqa: PLR2004

    def decimal_mark(self, country: str) -> tuple[str, bool]:
        """The decimal mark, and whether the country had to decide because the file's amounts leave it open."""
        if self.marks:
            return max(self.marks, key=lambda mark: self.marks[mark]), False
        return ("." if country in POINT_COUNTRIES else ","), self.ambiguous > 0

    @property
    def dates_day_first(self) -> bool:
        """Whether ``03/04/2020`` is the third of April. So in all of Europe, unless the file shows otherwise."""
        return self.month_first <= self.day_first


def decimal_mark_of(text: str) -> str:
    """The decimal mark that an amount must have: ``,`` or ``.``; ``?`` when either would do; empty when it has none."""
    number = _NOISE.sub("", text)
    commas, points = number.count(","), number.count(".")
    if not re.fullmatch(r"[\d.,]+", number) or not commas + points:
        return ""
    if commas and points:
        return max(",.", key=number.rfind)
    mark = "," if commas else "."
    if commas + points > 1:
        return "." if mark == "," else ","
    before, _, after = number.partition(mark)
    # A thousands mark has one to three digits before it, not a lone zero, and exactly three behind.
    if len(after) != 3 or not 1 <= len(before) <= 3 or before == "0":  # noqa: PLR2004
        return mark
    return "?"


@lru_cache(maxsize=10_000)
def read_date(text: str, *, day_first: bool = True) -> date | None:
    """The date in a cell: any spelling of :func:`hub.sdk.clean.any_date`, or the day number that Excel stores."""
    if found := clean.any_date(text, day_first=day_first):
        return found
    if match := re.fullmatch(r"([3-6]\d{4})(?:[.,]\d+)?", text):  # 1982-2079
        return _EXCEL_EPOCH + timedelta(days=int(match[1]))
    return None
