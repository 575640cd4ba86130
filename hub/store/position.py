"""How far a scope has been read that is not complete yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from hub.store import bulk
from hub.store.tables.operation import position

_WHERE = " WHERE source_id = :source AND stream = :stream AND scope = :scope"


@dataclass(frozen=True, slots=True)
class Position:
    """A place inside a scope: ``yielded`` raw records came before it, the first of them in run ``first_run``."""

    version: str
    cursor: Mapping[str, Any]
    yielded: int
    first_run: int


def find(connection: Connection, source_id: str, stream: str, scope: str) -> Position | None:
    """The position kept for a scope."""
    row = connection.execute(
        text(f"SELECT version, cursor, yielded, first_run FROM position{_WHERE}"),
        {"source": source_id, "stream": stream, "scope": scope},
    ).one_or_none()
    if row is None:
        return None
    cursor = json.loads(row.cursor) if isinstance(row.cursor, str) else row.cursor
    return Position(row.version, cursor, row.yielded, row.first_run)


def keep(connection: Connection, source_id: str, stream: str, scope: str, found: Position) -> None:
    """Commit a position in place of an earlier one."""
    columns = ("source_id", "stream", "scope", "version", "cursor", "yielded", "first_run")
    cursor = json.dumps(dict(found.cursor))
    row = (source_id, stream, scope, found.version, cursor, found.yielded, found.first_run)
    bulk.upsert(connection, position, columns, [row])


def forget(connection: Connection, source_id: str, stream: str, scope: str) -> None:
    """The scope is complete, or is read from its beginning."""
    connection.execute(text(f"DELETE FROM position{_WHERE}"), {"source": source_id, "stream": stream, "scope": scope})


def forget_all(connection: Connection, source_id: str) -> None:
    """Read every scope of a source from its beginning."""
    connection.execute(text("DELETE FROM position WHERE source_id = :source"), {"source": source_id})
