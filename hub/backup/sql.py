"""What backup and restore ask of a database beyond its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import inspect, text

from hub.backup.manifest import Feed, SegmentFile
from hub.runs import sql as runs
from hub.runs.lease import is_dead
from hub.store import bulk, dump, schema
from hub.store.engine import Connection
from hub.store.rows.aggregate import instant
from hub.store.tables.operation import meta

_NEW = frozenset({"meta", "municipality", "change_counter"})
"""Tables that have rows in a new database."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a database holds that a restore would drop."""

    rows: dict[str, int]
    """By table, without empty ones and without what a new database has."""

    last_seq: int
    erased_since: int
    """Erasures after the backup: they would be undone."""


def feed(connection: Connection) -> Feed:
    """The change feed's epoch and numbers."""
    first = connection.execute(text("SELECT min(seq) FROM change")).scalar_one()
    return Feed(said(connection, "feed_epoch"), first, _last_seq(connection))


def said(connection: Connection, name: str) -> str | None:
    """What the database notes of itself under a name."""
    found = connection.execute(text("SELECT value FROM meta WHERE name = :name"), {"name": name}).scalar()
    return None if found is None else str(found)


def segments(connection: Connection) -> list[SegmentFile]:
    """The archive's segments, up to their last committed batch."""
    found = connection.execute(text("SELECT path, byte_count, record_count FROM archive_segment ORDER BY path"))
    return [SegmentFile(row.path, row.byte_count, row.record_count) for row in found]


def is_committed(connection: Connection, segment: SegmentFile) -> bool:
    """Whether a segment still is what it was, or has only grown."""
    found = connection.execute(
        text("SELECT 1 FROM archive_segment WHERE path = :path AND byte_count >= :size"),
        {"path": segment.path, "size": segment.size},
    )
    return found.first() is not None


def standing(connection: Connection, taken_at: str) -> Standing | None:
    """What a database holds; ``None`` when it is empty or new."""
    if schema.current_revision(connection) is None:
        return None
    names = [dumped.table.name for dumped in dump.tables(connection)]
    rows = {name: found for name in names if name not in _NEW and (found := dump.count(connection, name))}
    if not rows:
        return None
    erased = 0
    if inspect(connection).has_table("erasure"):
        kind = "timestamptz" if bulk.is_postgresql(connection) else "TEXT"
        statement = text(f"SELECT count(*) FROM erasure WHERE erased_at > CAST(:taken AS {kind})")
        erased = int(connection.execute(statement, {"taken": taken_at}).scalar_one())
    return Standing(rows, _last_seq(connection), erased)


def living_runs(connection: Connection, now: datetime) -> list[str]:
    """Who is at work in the database: source and process of each unfinished run that shows life."""
    if not inspect(connection).has_table("run"):
        return []
    found = connection.execute(text("SELECT source_id, owner, heartbeat_at FROM run WHERE finished_at IS NULL"))
    return [
        f"{row.source_id} by {row.owner}" for row in found if not is_dead(row.owner, _moment(row.heartbeat_at), now)
    ]


def end_unfinished(connection: Connection, reason: str, now: datetime) -> int:
    """Declare every unfinished run lost; gives how many there were."""
    found = connection.execute(text("SELECT id FROM run WHERE finished_at IS NULL")).scalars().all()
    return sum(runs.end_lost(connection, str(run_id), reason, now=now) for run_id in found)


def begin_epoch(connection: Connection, now: datetime) -> str:
    """Give the change feed another epoch, from now on; the numbers go on."""
    epoch = str(uuid4())
    bulk.upsert(connection, meta, ("name", "value"), [("feed_epoch", epoch), ("feed_restored_at", instant(now))])
    return epoch


def contradictions(connection: Connection) -> Iterator[tuple[str, str]]:
    """Where a database disagrees with itself, as table and what is wrong there."""
    for table, what, statement in _CONTRADICTIONS:
        if found := connection.execute(text(statement)).scalar_one():
            yield table, what.format(found)


_LAST = (
    "(SELECT c.entity_id, c.operation FROM change c WHERE c.entity = 'organisation' AND c.seq = (SELECT max(l.seq)"
    " FROM change l WHERE l.entity_id = c.entity_id AND l.entity = 'organisation')) t"
)
_STANDS = "organisation o ON o.id = t.entity_id AND o.retired_at IS NULL"
_UNTABLED = f"""
    SELECT count(*) FROM {_LAST} LEFT JOIN {_STANDS} WHERE t.operation NOT IN ('retire', 'erase') AND o.id IS NULL
"""
_UNFED = f"SELECT count(*) FROM {_LAST} JOIN {_STANDS} WHERE t.operation IN ('retire', 'erase')"
_UNNUMBERED = "SELECT abs(value - coalesce((SELECT max(seq) FROM change), value)) FROM change_counter"
_UNARCHIVED = """
    SELECT count(*) FROM raw_record r LEFT JOIN archive_segment s ON s.id = r.segment_id
    WHERE r.segment_id IS NOT NULL AND r.retired_at IS NULL AND (s.id IS NULL OR r.position >= s.record_count)
"""
_CONTRADICTIONS = (
    ("change", "{} organisations stand by the change feed and not in their table", _UNTABLED),
    ("change", "{} organisations stand in their table and are gone by the change feed", _UNFED),
    ("change_counter", "the counter is {} away from the last change's number", _UNNUMBERED),
    ("raw_record", "{} raw records name a place in the archive that no segment has", _UNARCHIVED),
)


def _last_seq(connection: Connection) -> int:
    return int(connection.execute(text("SELECT value FROM change_counter")).scalar_one())


def _moment(stored: str | datetime) -> datetime:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored
