"""Options to extend, in free text: ``1+1 år``, ``option 24 mån``, ``2 x 12 månader``, ``12 months``."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

_OPTION: Final = re.compile(
    r"(?:option|förlängning|möjlighet till förlängning|extension)?[: ]*(?:om |på |of )?"
    r"(?:(?P<times>\d) ?[x*] ?)?(?P<terms>\d{1,2}(?: ?\+ ?\d{1,2})*) ?(?P<unit>år|mån(?:ader|ad)?|years?|months?)\.?",
    re.IGNORECASE,
)
_YEAR: Final = 12


def months(text: str) -> tuple[int, ...] | None:
    """The length of each option in months, or ``None`` for words that say something else."""
    match = _OPTION.fullmatch(text.strip())
    if match is None:
        return None
    unit = _YEAR if match["unit"].lower().startswith(("år", "year")) else 1
    return tuple(int(term) * unit for term in match["terms"].split("+")) * int(match["times"] or 1)


def extended(start: date | None, end: date, terms: tuple[int, ...]) -> date | None:
    """The end with every option used, or ``None`` when that is no matter of arithmetic alone.

    Not when the first of several terms is as long as the agreement itself (``2+1+1 år`` may count it), and not from
    the last day of a month to a month of another length.
    """
    if len(terms) > 1 and start and abs((_later(start, terms[0]) - end).days) <= 1:
        return None
    later = _later(end, sum(terms))
    last = end.day == monthrange(end.year, end.month)[1]
    return None if (last and later.day != monthrange(later.year, later.month)[1]) or later.day != end.day else later


def _later(day: date, count: int) -> date:
    year, month = divmod(day.year * _YEAR + day.month - 1 + count, _YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
