"""A read-contract view: its columns with their meaning, and one SELECT that serves both databases.

In a SELECT, ``amount(minor, currency)`` stands for exact decimal text on SQLite and ``numeric`` on PostgreSQL, and
``today()``, ``day(instant)``, ``day_before(instant)`` and ``period_end(period)`` for dates in UTC.
``share(part, whole)`` is their quotient rounded to four decimals, as decimal text; null when the whole is not positive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hub.model.money import MINOR_DIGITS

_WHOLE = ", ".join(f"'{code}'" for code, digits in MINOR_DIGITS.items() if digits == 0)
_THOUSANDTHS = ", ".join(f"'{code}'" for code, digits in MINOR_DIGITS.items() if digits == 3)  # noqa: PLR2004
_DAY = re.compile(r"\bday\(([\w.]+)\)")
_DAY_BEFORE = re.compile(r"\bday_before\(([\w.]+)\)")
_PERIOD_END = re.compile(r"\bperiod_end\(([\w.]+)\)")
_SHARE = re.compile(r"\bshare\((?P<part>[^,()]+), (?P<whole>[\w.]+)\)")
_AMOUNT = re.compile(r"amount\((?P<minor>[^,()]+|sum\([^()]+\)), (?P<currency>[\w.]+)\)")


@dataclass(frozen=True, slots=True)
class View:
    """One view: name, what a row is, its columns in order with their meaning, and its SELECT."""

    name: str
    row: str
    columns: Mapping[str, str]
    select: str

    def sql(self, dialect: str) -> str:
        """The SELECT for ``sqlite`` or ``postgresql``."""
        postgresql = dialect == "postgresql"
        amount = _amount_postgresql if postgresql else _amount_sqlite
        select = _AMOUNT.sub(lambda match: amount(match["minor"], match["currency"]), self.select)
        select = _SHARE.sub(lambda match: _share(match["part"], match["whole"]), select)
        select = _PERIOD_END.sub(lambda match: _period_end(match[1], postgresql=postgresql), select)
        select = _DAY.sub(r"(\1 AT TIME ZONE 'UTC')::date" if postgresql else r"date(\1)", select)
        select = _DAY_BEFORE.sub(
            r"((\1 AT TIME ZONE 'UTC')::date - 1)" if postgresql else r"date(\1, '-1 day')", select
        )
        return select.replace("today()", "(now() AT TIME ZONE 'UTC')::date" if postgresql else "date('now')")


def _amount_postgresql(minor: str, currency: str) -> str:
    return (
        f"CASE WHEN {currency} IN ({_WHOLE}) THEN {minor}::numeric"
        f" WHEN {currency} IN ({_THOUSANDTHS}) THEN round({minor} / 1000.0, 3)"
        f" ELSE round({minor} / 100.0, 2) END"
    )


def _amount_sqlite(minor: str, currency: str) -> str:
    sign = f"CASE WHEN {minor} < 0 THEN '-' ELSE '' END"
    return (
        f"CASE WHEN {minor} IS NULL THEN NULL WHEN {currency} IN ({_WHOLE}) THEN CAST({minor} AS TEXT)"
        f" WHEN {currency} IN ({_THOUSANDTHS}) THEN"
        f" printf('%s%d.%03d', {sign}, abs({minor}) / 1000, abs({minor}) % 1000)"
        f" ELSE printf('%s%d.%02d', {sign}, abs({minor}) / 100, abs({minor}) % 100) END"
    )


def _share(part: str, whole: str) -> str:
    # Whole numbers alone, so that both databases round the same way: half away from zero.
    rounded = f"((abs({part}) * 20000 / {whole} + 1) / 2)"
    return (
        f"CASE WHEN {whole} > 0 THEN CASE WHEN {part} < 0 AND {rounded} > 0 THEN '-' ELSE '' END"
        f" || CAST({rounded} / 10000 AS TEXT) || '.' || substr(CAST(10000 + {rounded} % 10000 AS TEXT), 2) END"
    )


def _period_end(period: str, *, postgresql: bool) -> str:
    month = f"{period} || '-01'"
    last = f"(CAST({month} AS date) + interval '1 month' - interval '1 day')::date"
    month_end = last if postgresql else f"date({month}, '+1 month', '-1 day')"
    year_end = f"CAST({period} || '-12-31' AS date)" if postgresql else f"{period} || '-12-31'"
    return f"CASE length({period}) WHEN 7 THEN {month_end} WHEN 4 THEN {year_end} END"
