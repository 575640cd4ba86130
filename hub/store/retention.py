"""Which of the archive's segments are kept, as the database knows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

from hub.store import bulk


@dataclass(frozen=True, slots=True)
class Written:
    """What counts of that which an ended run wrote: a file below the archive's folder, and how many bytes of it."""

    path: str | None
    byte_count: int


_CURRENT = "SELECT 1 FROM raw_record r WHERE r.segment_id = s.id AND r.retired_at IS NULL"


def expired(connection: Connection, source_id: str, *, before: str, keep_current: bool) -> list[str]:
    """The ids of a source's segments that were begun before a moment.

    With ``keep_current`` without those that hold the current version of a standing raw record.
    """
    spared = f" AND NOT EXISTS ({_CURRENT})" if keep_current else ""
    rows = connection.execute(
        text(f"SELECT s.id FROM archive_segment s WHERE s.source_id = :source AND s.created_at < :before{spared}"),
        {"source": source_id, "before": before},
    )
    return [str(row.id) for row in rows]


def forget_segment(connection: Connection, segment_id: str) -> None:
    """Forget a segment and that it held any raw record. Its file may be deleted when this is committed."""
    bound = {"segment": segment_id}
    connection.execute(
        text("UPDATE raw_record SET segment_id = NULL, position = NULL WHERE segment_id = :segment"), bound
    )
    connection.execute(text("DELETE FROM archive_segment WHERE id = :segment"), bound)


def written(connection: Connection, run_ids: Collection[str]) -> dict[str, Written]:
    """What counts of that which some runs wrote, by run.

    Only of runs that this database knows and that have ended: another database's archive is not ours to tidy.
    """
    rows = bulk.select_in(
        connection,
        "SELECT r.id, s.path, s.byte_count FROM run r LEFT JOIN archive_segment s ON s.id = r.id"
        " WHERE r.finished_at IS NOT NULL AND {member}",
        "r.id",
        run_ids,
    )
    return {str(row.id): Written(row.path, row.byte_count or 0) for row in rows}
