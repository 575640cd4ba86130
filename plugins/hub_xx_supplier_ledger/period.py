"""Accounting periods, from cells and from file names."""

from __future__ import annotations

import re
from typing import Final

_YEAR: Final = r"(?<!\d)(20\d\d)"
_MONTH: Final = re.compile(_YEAR + r"[-_. ]?(0[1-9]|1[0-2])(?!\d)")
_QUARTER: Final = re.compile(
    _YEAR + r"[-_. ]*(?:q|kv|kvartal|t)[-_. ]?([1-4])(?!\d)"
    r"|(?<![a-z])(?:q|kv|kvartal)[-_. ]?([1-4])[-_. ]*(20\d\d)(?!\d)"
)
_YEARS: Final = re.compile(_YEAR + r"[-_](20\d\d)(?!\d)")
_NAMES: Final = (
    ("jan", "tammi"), ("feb", "helmi"), ("mar", "maalis"), ("apr", "huhti"), ("maj", "may", "mai", "touko"),
    ("jun", "kesä", "kesa"), ("jul", "heinä", "heina"), ("aug", "elo"), ("sep", "syys"), ("okt", "oct", "loka"),
    ("nov", "marras"), ("dec", "des", "joulu"),
)  # fmt: skip
_MONTH_NAMES: Final = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_WORD: Final = re.compile(rf"(?<![a-zåäö])({'|'.join(_MONTH_NAMES)})[a-zåäö]*")


def period_of_name(stem: str) -> str:
    """The period that a file's name gives: ``2026-07``, ``2025-Q1``, ``2016-07--2016-09``, ``2020``, or nothing."""
    name = stem.lower()
    if match := _YEARS.search(name):
        return f"{match[1]}--{match[2]}"
    if match := _MONTH.search(name):
        return f"{match[1]}-{match[2]}"
    if match := _QUARTER.search(name):
        return f"{match[1] or match[4]}-Q{match[2] or match[3]}"
    year = re.search(_YEAR + r"(?!\d)", name)
    if year is None:
        return ""
    months = [_MONTH_NAMES[word] for word in _WORD.findall(name)]
    if not months:
        return year[1]
    first, last = months[0], months[-1]
    return f"{year[1]}-{first:02}" if first == last else f"{year[1]}-{first:02}--{year[1]}-{last:02}"


def read_period(text: str, month: str = "") -> str:
    """A cell's period as ``YYYY-MM`` or ``YYYY``, with the month from a column of its own if there is one; or nothing.

    ``202011``, ``2020-11``, ``11/2020``, ``2020``, ``202011.0``.
    """
    compact = text.strip().removesuffix(".0")
    if match := re.fullmatch(r"(20\d\d|19\d\d)[-/. ]?(0?[1-9]|1[0-2])", compact):
        return f"{match[1]}-{int(match[2]):02}"
    if match := re.fullmatch(r"(0?[1-9]|1[0-2])[-/. ](20\d\d|19\d\d)", compact):
        return f"{match[2]}-{int(match[1]):02}"
    if not re.fullmatch(r"20\d\d|19\d\d", compact):
        return ""
    number = month.strip().lower().removesuffix(".0")
    if re.fullmatch(r"0?[1-9]|1[0-2]", number):
        return f"{compact}-{int(number):02}"
    if match := _WORD.match(number):
        return f"{compact}-{_MONTH_NAMES[match[1]]:02}"
    return compact


def is_month_or_year(period: str) -> bool:
    """Whether it is a period that a payment can carry; quarters and spans are not."""
    return bool(re.fullmatch(r"\d{4}(?:-\d{2})?", period))


def period_as_told(pattern: str, name: str) -> str:
    """The period in a file's name by a publisher's own pattern with the groups ``year`` and ``month``; or nothing."""
    match = re.search(pattern, name)
    if match is None:
        return ""
    groups = match.groupdict(default="")
    year = groups["year"] if len(groups["year"]) != 2 else f"20{groups['year']}"  # noqa: PLR2004 - "26"
    return read_period(year, groups.get("month", ""))


def months_of(period: str) -> tuple[str, ...]:
    """The calendar months of ``2026-07``, ``2025-Q1``, ``2016-07--2016-09``, ``2020`` or ``2019--2020``; or none."""
    first, _, last = period.partition("--")
    start, end = _ends(first), _ends(last or first)
    if start is None or end is None:
        return ()
    return tuple(f"{month // 12}-{month % 12 + 1:02}" for month in range(start[0], end[1] + 1))


def _ends(period: str) -> tuple[int, int] | None:
    """First and last month, counted from the year 0."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)|-Q([1-4]))?", period)
    if match is None:
        return None
    start, length = int(match[1]) * 12, 12
    if match[2]:
        start, length = start + int(match[2]) - 1, 1
    elif match[3]:
        start, length = start + 3 * int(match[3]) - 3, 3
    return start, start + length - 1
