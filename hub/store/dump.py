"""Whole tables out of a database and into one, in text forms that both engines understand.

What leaves one engine is what the other takes: ids, dates and instants as text, flags as 0 and 1, JSON as text (see
:mod:`hub.store.tables.columns`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.sdk.errors import HubError
from hub.store import bulk
from hub.store.engine import Connection, Engine, reading
from hub.store.tables.columns import DATE, FLAG, ID, INSTANT, JSON, metadata

_PAGE: Final = 5000
_INSTANT: Final = "to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
_FORMS: Final = (
    (ID, "CAST({name} AS TEXT)"),
    (JSON, "CAST({name} AS TEXT)"),
    (DATE, "to_char({name}, 'YYYY-MM-DD')"),
    # Fractions of a second stand only where there are any.
    (INSTANT, f"rtrim(rtrim({_INSTANT}, '0'), '.') || 'Z'"),
    (FLAG, "CAST({name} AS INTEGER)"),
)
"""How PostgreSQL puts a value into its text form; SQLite keeps it in that form."""


@dataclass(frozen=True, slots=True)
class Dumped:
    """A table of the hub as it is in some database, which may be older than this program."""

    table: Table
    columns: tuple[Column[Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order of the values."""
        return tuple(str(column.name) for column in self.columns)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first statement, whoever writes meanwhile."""
    with reading(engine) as connection:
        if bulk.is_postgresql(connection):
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def tables(connection: Connection) -> list[Dumped]:
    """The hub's tables that the database has, with the columns that it has of them."""
    look = inspect(connection)
    there = set(look.get_table_names())
    found = []
    for table in metadata.sorted_tables:
        if table.name in there:
            have = {column["name"] for column in look.get_columns(table.name)}
            found.append(Dumped(table, tuple(column for column in table.columns if column.name in have)))
    return found


def rows(connection: Connection, of: Dumped) -> Iterator[list[tuple[Any, ...]]]:
    """All rows of a table, a page at a time; those numbered by their key in its order."""
    chosen = ", ".join(_form(connection, column) for column in of.columns)
    key = list(of.table.primary_key)
    order = f' ORDER BY "{key[0].name}"' if len(key) == 1 and isinstance(key[0].type, Integer) else ""
    statement = text(f'SELECT {chosen} FROM "{of.table.name}"{order}')
    found = connection.execute(statement, execution_options={"yield_per": _PAGE})
    for page in found.partitions():
        yield [tuple(row) for row in page]


def count(connection: Connection, name: str) -> int:
    """How many rows a table has."""
    return int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())


def empty(connection: Connection) -> None:
    """Delete every row, also those that a new database has from the start."""
    for dumped in tables(connection):
        connection.execute(text(f'DELETE FROM "{dumped.table.name}"'))


def load(connection: Connection, name: str, columns: Sequence[str], pages: Iterable[Sequence[Sequence[Any]]]) -> None:
    """Insert rows in their text forms. Raises ``HubError`` for a table or values that the database does not take."""
    look = inspect(connection)
    if not look.has_table(name) or not {column["name"] for column in look.get_columns(name)} >= set(columns):
        raise HubError("the schema of that revision has no such table or column", where=f"table {name}")
    table = Table(name, MetaData())
    try:
        for page in pages:
            bulk.insert(connection, table, columns, page)
    except OperationalError:  # the database's own trouble
        raise
    except (DBAPIError, psycopg.Error) as error:
        kind = type(getattr(error, "orig", error)).__name__
        raise HubError(f"the database does not take its rows ({kind})", where=f"table {name}") from error


def analyse(connection: Connection) -> None:
    """Let PostgreSQL count what was loaded, so that its first plans are good ones."""
    if bulk.is_postgresql(connection):
        for dumped in tables(connection):
            connection.execute(text(f'ANALYZE "{dumped.table.name}"'))


def _form(connection: Connection, column: Column[Any]) -> str:
    name = f'"{column.name}"'
    if bulk.is_postgresql(connection):
        for kind, form in _FORMS:
            if column.type is kind:
                return form.format(name=name)
    return name
