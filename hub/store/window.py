"""Windows of the past that backfills have read, or are reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from hub.store.plain import Row, select

_KEY = "source_id = :source AND window_from = :first AND window_to = :last"
_ON_CONFLICT = "ON CONFLICT (source_id, window_from, window_to) DO UPDATE SET"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a window has been read, and how the last attempt ended."""

    cursor: Mapping[str, Any]
    outcome: str | None


def find(connection: Connection, source_id: str, of: tuple[date, date]) -> Reading | None:
    """What is known of a window."""
    row = connection.execute(text(f"SELECT cursor, outcome FROM backfill WHERE {_KEY}"), _bound(source_id, of))
    found = row.one_or_none()
    if found is None:
        return None
    cursor = json.loads(found.cursor) if isinstance(found.cursor, str) else found.cursor
    return Reading(cursor or {}, found.outcome)


def keep(connection: Connection, source_id: str, of: tuple[date, date], *, cursor: Mapping[str, Any]) -> None:
    """Note how far a window has been read."""
    connection.execute(
        text(
            "INSERT INTO backfill (source_id, window_from, window_to, cursor) VALUES (:source, :first, :last, :cursor)"
            f" {_ON_CONFLICT} cursor = excluded.cursor, outcome = NULL"
        ),
        {**_bound(source_id, of), "cursor": json.dumps(dict(cursor))},
    )


def finish(
    connection: Connection, source_id: str, of: tuple[date, date], *, run_id: str, outcome: str, at: str
) -> None:
    """Note how an attempt to read a window ended."""
    connection.execute(
        text(
            "INSERT INTO backfill (source_id, window_from, window_to, run_id, outcome, finished_at)"
            f" VALUES (:source, :first, :last, :run, :outcome, :at) {_ON_CONFLICT}"
            " run_id = excluded.run_id, outcome = excluded.outcome, finished_at = excluded.finished_at"
        ),
        {**_bound(source_id, of), "run": run_id, "outcome": outcome, "at": at},
    )


def forget(connection: Connection, source_id: str, of: tuple[date, date]) -> None:
    """Read a window again from its beginning."""
    connection.execute(text(f"DELETE FROM backfill WHERE {_KEY}"), _bound(source_id, of))


def every(connection: Connection, source_id: str) -> list[Row]:
    """The windows of a source in order of time, each with its outcome and whether it has a cursor to go on from."""
    return select(
        connection,
        "SELECT window_from, window_to, outcome, finished_at, cursor IS NOT NULL AS begun FROM backfill"
        " WHERE source_id = :source ORDER BY window_from, window_to",
        source=source_id,
    )


def forget_places(connection: Connection, source_id: str) -> None:
    """Windows that are being read begin anew; those that were read whole stay read."""
    connection.execute(
        text(
            "UPDATE backfill SET cursor = NULL WHERE source_id = :source"
            " AND coalesce(outcome, '') NOT IN ('succeeded', 'unchanged')"
        ),
        {"source": source_id},
    )


def _bound(source_id: str, of: tuple[date, date]) -> dict[str, str]:
    return {"source": source_id, "first": of[0].isoformat(), "last": of[1].isoformat()}
