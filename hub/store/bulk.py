"""Set-based reading and writing of many rows at once, on either database.

Rows are plain tuples in the text forms of :mod:`hub.store.tables.columns`. Nothing here knows an entity. SQLite gets
``executemany`` of tuples; PostgreSQL gets COPY into a temporary table and one statement from there (measured:
docs/adr/0008). Callers keep batches at some thousands of rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, text

Rows = Sequence[Sequence[Any]]


def is_postgresql(connection: Connection) -> bool:
    """Whether this connection talks to PostgreSQL (else SQLite)."""
    return connection.dialect.name == "postgresql"


def execute_in(
    connection: Connection, sql: str, column: str, values: Iterable[str], *, kind: str = "uuid", **parameters: Any
) -> Any:
    """Execute ``sql`` with ``{member}`` standing for "``column`` is one of ``values``", in one statement.

    ``kind`` is the column's PostgreSQL type (``uuid`` or ``text``).
    """
    if is_postgresql(connection):
        member, bound = f"{column} = ANY(CAST(:_values AS {kind}[]))", list(values)
    else:
        member, bound = f"{column} IN (SELECT value FROM json_each(:_values))", json.dumps(list(values))  # type: ignore[assignment]
    return connection.execute(text(sql.format(member=member)), {"_values": bound, **parameters})


def select_in(
    connection: Connection, sql: str, column: str, values: Iterable[str], *, kind: str = "uuid", **parameters: Any
) -> list[Row[Any]]:
    """The rows of a query restricted to some values of a column; see :func:`execute_in`."""
    return list(execute_in(connection, sql, column, values, kind=kind, **parameters).all())


def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert rows that are known to be new."""
    if not rows:
        return
    if is_postgresql(connection):
        _copy(connection, table.name, columns, rows)
    else:
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({marks})", [tuple(row) for row in rows]
        )


def insert_missing(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert rows whose primary key is not there yet; leave the others as they are."""
    _merge(connection, table, columns, rows, "DO NOTHING")


def upsert(
    connection: Connection, table: Table, columns: Sequence[str], rows: Rows, *, keep: Sequence[str] = ()
) -> None:
    """Insert rows, or replace those with the same primary key except for the columns in ``keep``."""
    key = [column.name for column in table.primary_key]
    changed = [column for column in columns if column not in (*key, *keep)]
    assignments = ", ".join(f'"{column}" = excluded."{column}"' for column in changed)
    _merge(connection, table, columns, rows, f"DO UPDATE SET {assignments}")


def _merge(connection: Connection, table: Table, columns: Sequence[str], rows: Rows, action: str) -> None:
    if not rows:
        return
    key = _names([column.name for column in table.primary_key])
    if not is_postgresql(connection):
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({marks}) ON CONFLICT ({key}) {action}",
            [tuple(row) for row in rows],
        )
        return
    staging = f"staging_{table.name}"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE {table.name}) ON COMMIT DELETE ROWS"
    )
    connection.exec_driver_sql(f"TRUNCATE {staging}")
    _copy(connection, staging, columns, rows)
    # Ordered by key, so that concurrent writers take row locks in one order.
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({_names(columns)}) SELECT {_names(columns)} FROM {staging} ORDER BY {key}"
        f" ON CONFLICT ({key}) {action}"
    )


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {table} ({_names(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    finally:
        cursor.close()


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
