"""A read-contract view: its columns with their meaning, and one SELECT that serves both databases.

In a SELECT, ``amount(minor, currency)`` stands for exact decimal text on SQLite and ``numeric`` on PostgreSQL, and
``today()``, ``day(instant)`` and ``day_before(instant)`` for dates in UTC.
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
