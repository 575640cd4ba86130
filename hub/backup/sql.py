"""What backup and restore ask of a database beyond its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import inspect, text

from hub.backup.manifest import Feed, SegmentFile
from hub.runs import sql as runs
from hub.runs.lease import is_dead
from hub.store import bulk, dump, schema
from hub.store.engine import Connection
from hub.store.rows.aggregate import instant
from hub.store.tables.operation import erasure, meta

_NEW = frozenset({"meta", "municipality", "change_counter"})
"""Tables that have rows in a new database."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a database holds that a restore would drop."""

    rows: dict[str, int]
    """By table, without empty ones and without what a new database has."""

    last_seq: int
    erased_since: int
    """Erasures that the backup does not know of: they would be undone."""


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


def standing(connection: Connection, known: Mapping[str, datetime]) -> Standing | None:
    """What a database holds; ``None`` when it is empty or new.

    ``known`` are the erasures in the backup: the raw record's id and when it was erased.
    """
    if schema.current_revision(connection) is None:
        return None
    names = [dumped.table.name for dumped in dump.tables(connection)]
    rows = {name: found for name in names if name not in _NEW and (found := dump.count(connection, name))}
    if not rows:
        return None
    erased = 0
    if inspect(connection).has_table("erasure"):
        erasures = connection.execute(text("SELECT raw_id, erased_at FROM erasure"))
        erased = sum(known.get(str(row.raw_id)) != _moment(row.erased_at) for row in erasures)
    return Standing(rows, _last_seq(connection), erased)


def former_segments(connection: Connection) -> list[SegmentFile]:
    """The archive's segments of a database that may be empty."""
    return segments(connection) if inspect(connection).has_table("archive_segment") else []


def bars(connection: Connection) -> list[tuple[Any, ...]]:
    """The erasures of raw records that are never to be stored again, as :func:`keep_bars` takes them."""
    if not inspect(connection).has_table("erasure"):
        return []
    (of,) = (each for each in dump.tables(connection) if each.table is erasure)
    barred = of.names.index("barred")
    return [row for page in dump.rows(connection, of) for row in page if row[barred]]


def keep_bars(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Note that raw records are never to be stored again, whatever the database says of them."""
    bulk.upsert(connection, erasure, [column.name for column in erasure.columns], rows)


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
