"""Reading rows as plain values that are the same from both databases: text, whole numbers and truth values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from hub.store.engine import Connection

Row = dict[str, Any]
"""A row by column name. Ids, dates, instants and decimals are text; JSON is as the driver gives it."""


def select(connection: Connection, statement: str, **parameters: Any) -> list[Row]:
    """The rows of a SELECT with ``:name`` parameters."""
    return list(stream(connection, statement, **parameters))


def stream(connection: Connection, statement: str, **parameters: Any) -> Iterator[Row]:
    """The rows one by one, for answers of any size."""
    # As an option of the statement: as the connection's it would hold for everything that comes after.
    result = connection.execute(text(statement), parameters, execution_options={"yield_per": 1000})
    for row in result.mappings():
        yield {name: plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    """A value from a driver in its plain form."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
