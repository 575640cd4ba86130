"""Due times in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text

from hub.runs.lease import is_dead
from hub.runs.sql import end_lost
from hub.store import bulk
from hub.store.engine import Connection
from hub.store.plain import Row, select
from hub.store.rows.aggregate import instant


def rows(connection: Connection) -> dict[str, Row]:
    """What the database knows of each source."""
    found = select(
        connection, "SELECT id, schedule, enabled, next_due_at, last_success_at, failures, removed_at FROM source"
    )
    return {row["id"]: row for row in found}


def set_due(
    connection: Connection, source_id: str, due: datetime | None, *, before: str | None, schedule: str, enabled: bool
) -> None:
    """Set a source's due time and what it follows from, unless somebody else has set it since it was ``before``."""
    connection.execute(
        text(
            f"UPDATE source SET next_due_at = {_instant(connection, 'due')}, schedule = :schedule, enabled = :enabled"
            f" WHERE id = :id AND {_same(connection, 'next_due_at', 'before')}"
        ),
        {"id": source_id, "due": instant(due), "before": before, "schedule": schedule, "enabled": enabled},
    )


def unschedule(connection: Connection, source_ids: Iterable[str]) -> None:
    """Sources that nobody has configured are due no more."""
    for source_id in source_ids:
        connection.execute(text("UPDATE source SET next_due_at = NULL WHERE id = :id"), {"id": source_id})


def claim(connection: Connection, source_id: str, *, following: datetime, now: datetime) -> bool:
    """Take a due run, so that nobody else does; ``False`` when it is not due, or not any more."""
    taken = connection.execute(
        text(
            f"UPDATE source SET next_due_at = {_instant(connection, 'following')} WHERE id = :id"
            f" AND next_due_at <= {_instant(connection, 'now')} AND paused_at IS NULL"
        ),
        {"id": source_id, "following": instant(following), "now": instant(now)},
    )
    return bool(taken.rowcount)


def bring_forward(connection: Connection, source_id: str, due: datetime) -> None:
    """Let a source be due at that moment, if it would be later. One that has no due time stays so."""
    connection.execute(
        text(
            f"UPDATE source SET next_due_at = {_instant(connection, 'due')} WHERE id = :id"
            f" AND next_due_at > {_instant(connection, 'due')}"
        ),
        {"id": source_id, "due": instant(due)},
    )


def failures(connection: Connection, source_id: str) -> int:
    """How many runs in a row did not read it whole."""
    found = connection.execute(text("SELECT failures FROM source WHERE id = :id"), {"id": source_id}).scalar()
    return int(found or 0)


def due(connection: Connection, now: datetime) -> list[Row]:
    """The sources that are due and at which nobody is at work (``id``, ``next_due_at``), longest due first."""
    return select(
        connection,
        "SELECT id, next_due_at FROM source s WHERE paused_at IS NULL"
        f" AND next_due_at <= {_instant(connection, 'now')} AND NOT EXISTS"
        " (SELECT 1 FROM run r WHERE r.source_id = s.id AND r.finished_at IS NULL) ORDER BY s.next_due_at, s.id",
        now=instant(now),
    )


def silent(connection: Connection, now: datetime) -> list[Row]:
    """Unfinished runs whose process is gone: ``id``, ``source_id``, ``kind``, ``owner``."""
    unfinished = select(
        connection, "SELECT id, source_id, kind, owner, heartbeat_at FROM run WHERE finished_at IS NULL"
    )
    return [row for row in unfinished if is_dead(row["owner"], datetime.fromisoformat(row["heartbeat_at"]), now)]


def declare_lost(connection: Connection, run: Row, now: datetime) -> bool:
    """End the run of a process that is gone; ``False`` when somebody else has."""
    return end_lost(connection, run["id"], f"process {run['owner']} is gone; the next run goes on", now=now)


def cancel_own(connection: Connection, owner: str, reason: str, *, now: datetime) -> list[str]:
    """End this process's unfinished runs as cancelled: whoever still works at one commits nothing more.

    Gives their sources.
    """
    ended = connection.execute(
        text(
            f"UPDATE run SET finished_at = {_instant(connection, 'now')}, outcome = 'cancelled', reason = :reason"
            " WHERE owner = :owner AND finished_at IS NULL RETURNING source_id"
        ),
        {"now": instant(now), "reason": reason, "owner": owner},
    )
    return [row.source_id for row in ended]


def _instant(connection: Connection, name: str) -> str:
    return f"CAST(:{name} AS {'timestamptz' if bulk.is_postgresql(connection) else 'TEXT'})"


def _same(connection: Connection, column: str, name: str) -> str:
    operator = "IS NOT DISTINCT FROM" if bulk.is_postgresql(connection) else "IS"
    return f"{column} {operator} {_instant(connection, name)}"
