"""Sources as rows: whether they are paused or removed, and how far they have been read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from hub.model.person import mask_person_numbers
from hub.store import bulk, position, validator
from hub.store.plain import Row, select


def find(connection: Connection, source_id: str) -> Row | None:
    """A source's row; its cursor as an object."""
    rows = select(connection, "SELECT * FROM source WHERE id = :id", id=source_id)
    if not rows:
        return None
    cursor = rows[0]["cursor"]
    return rows[0] | {"cursor": json.loads(cursor) if isinstance(cursor, str) else cursor or {}}


def hold(connection: Connection, *source_ids: str) -> None:
    """Let no run of these sources begin until the commit. On SQLite a writing transaction holds everything."""
    if bulk.is_postgresql(connection):
        for source_id in sorted(source_ids):
            connection.execute(text("SELECT id FROM source WHERE id = :id FOR UPDATE"), {"id": source_id})


def pause(connection: Connection, source_id: str, reason: str, *, at: str) -> None:
    """Pause a source; one that is paused keeps the moment since when it is."""
    moment = "timestamptz" if bulk.is_postgresql(connection) else "TEXT"
    connection.execute(
        text(
            f"UPDATE source SET paused_at = coalesce(paused_at, CAST(:at AS {moment})), pause_reason = :reason"
            " WHERE id = :id"
        ),
        {"id": source_id, "at": at, "reason": mask_person_numbers(reason)[0] or None},
    )


def resume(connection: Connection, source_id: str) -> None:
    """End a source's pause."""
    connection.execute(
        text("UPDATE source SET paused_at = NULL, pause_reason = NULL WHERE id = :id"), {"id": source_id}
    )


def paused(connection: Connection) -> dict[str, Row]:
    """Since when (``paused_at``) and why (``pause_reason``) sources are paused, by id."""
    rows = select(connection, "SELECT id, paused_at, pause_reason FROM source WHERE paused_at IS NOT NULL")
    return {row["id"]: row for row in rows}


def mark_removed(connection: Connection, source_id: str, *, at: str) -> None:
    """Note that a source was removed, and forget how far it has been read: should it come back, it is read anew."""
    connection.execute(
        text(
            "UPDATE source SET removed_at = :at, cursor = NULL, next_due_at = NULL, failures = 0, paused_at = NULL,"
            " pause_reason = NULL WHERE id = :id"
        ),
        {"id": source_id, "at": at},
    )
    validator.void(connection, source_id)
    position.forget_all(connection, source_id)
    connection.execute(text("DELETE FROM backfill WHERE source_id = :id"), {"id": source_id})


def standing_raw_ids(connection: Connection, source_id: str, limit: int) -> list[str]:
    """Some raw records of a source that are not retired."""
    rows = connection.execute(
        text("SELECT id FROM raw_record WHERE source_id = :id AND retired_at IS NULL ORDER BY id LIMIT :limit"),
        {"id": source_id, "limit": limit},
    )
    return [str(row.id) for row in rows]


def put_cursor(connection: Connection, source_id: str, cursor: Mapping[str, Any] | None) -> None:
    """Put another cursor in place of the committed one; ``None`` for none."""
    told = None if cursor is None else json.dumps(dict(cursor))
    connection.execute(text("UPDATE source SET cursor = :cursor WHERE id = :id"), {"id": source_id, "cursor": told})


def positions(connection: Connection, source_id: str) -> list[Row]:
    """The scopes whose reading broke off, and how far each has been read."""
    return select(
        connection,
        "SELECT stream, scope, version, yielded, first_run FROM position WHERE source_id = :id ORDER BY stream, scope",
        id=source_id,
    )


def scopes(connection: Connection, source_id: str) -> list[Row]:
    """The scopes that were seen whole, how many raw records each held, and when."""
    return select(
        connection,
        "SELECT stream, scope, record_count AS records, completed_at FROM scope WHERE source_id = :id"
        " ORDER BY stream, scope",
        id=source_id,
    )


def validator_count(connection: Connection, source_id: str) -> int:
    """How many addresses the next run asks only for what changed since."""
    found = select(connection, "SELECT count(*) AS rows FROM validator WHERE source_id = :id", id=source_id)
    return int(found[0]["rows"])
