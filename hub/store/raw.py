"""Raw records as the store remembers them: hash, scope and where the archive keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from hub.model.ids import make_id
from hub.store import bulk
from hub.store.tables.operation import raw_record

_COLUMNS = (
    "id",
    "source_id",
    "stream",
    "key",
    "scope",
    "raw_hash",
    "rejected",
    "connector_version",
    "seen_run_id",
    "segment_id",
    "position",
    "retired_at",
)


_SEEN = "seen_run_id IN (SELECT id FROM run WHERE source_id = :source AND number >= :since)"


def raw_id(seed: str, stream: str, key: str) -> str:
    """The id of a raw record; ``seed`` is the source's first name (its own, unless it was renamed)."""
    return make_id("raw_record", seed, stream, key)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a raw record; ``rejected`` while its last version is in quarantine."""

    raw_hash: str
    rejected: bool
    connector_version: int
    stream: str
    scope: str
    seen_run_id: str
    retired: bool
    segment_id: str | None
    position: int | None

    def holds(self, raw_hash: str) -> bool:
        """Whether the archive has this content already."""
        return self.segment_id is not None and self.raw_hash == raw_hash

    def says(self, raw_hash: str, connector_version: int, scope: str) -> bool:
        """Whether it was stored with this content, by this mapping, and stands."""
        same = (self.raw_hash, self.connector_version, self.scope) == (raw_hash, connector_version, scope)
        return same and not self.rejected and not self.retired


@dataclass(frozen=True, slots=True)
class RawRow:
    """A raw record as it is to be stored."""

    id: str
    stream: str
    key: str
    scope: str
    raw_hash: str
    rejected: bool
    segment_id: str | None
    position: int | None


def look_up(connection: Connection, ids: Iterable[str]) -> dict[str, Known]:
    """What is known about some raw records, by id."""
    rows = bulk.select_in(
        connection,
        "SELECT id, raw_hash, rejected, connector_version, stream, scope, seen_run_id, retired_at, segment_id, position"
        " FROM raw_record WHERE {member}",
        "id",
        ids,
    )
    return {
        str(row.id): Known(
            row.raw_hash,
            bool(row.rejected),
            row.connector_version,
            row.stream,
            row.scope,
            str(row.seen_run_id),
            row.retired_at is not None,
            str(row.segment_id) if row.segment_id else None,
            row.position,
        )
        for row in rows
    }


def remember(
    connection: Connection, rows: Sequence[RawRow], *, source_id: str, connector_version: int, run_id: str
) -> None:
    """Store new versions of raw records, as seen in this run."""
    bulk.upsert(
        connection,
        raw_record,
        _COLUMNS,
        [
            (
                row.id,
                source_id,
                row.stream,
                row.key,
                row.scope,
                row.raw_hash,
                row.rejected,
                connector_version,
                run_id,
                row.segment_id,
                row.position,
                None,
            )
            for row in rows
        ],
    )


def mark_mapped(connection: Connection, ids: Iterable[str], *, connector_version: int, rejected: bool) -> None:
    """Note by which version of the mapping archived versions were mapped again. When they were seen is left alone."""
    bulk.execute_in(
        connection,
        "UPDATE raw_record SET connector_version = :version, rejected = :rejected WHERE {member}",
        "id",
        ids,
        version=connector_version,
        rejected=rejected,
    )


def mark_seen(connection: Connection, ids: Iterable[str], *, run_id: str) -> None:
    """Note that unchanged raw records are still there."""
    bulk.execute_in(connection, "UPDATE raw_record SET seen_run_id = :run WHERE {member}", "id", ids, run=run_id)


def count_in_scope(connection: Connection, source_id: str, stream: str, scope: str, *, since: int) -> tuple[int, int]:
    """How many standing raw records of a scope runs from number ``since`` on have seen, and how many they have not."""
    row = connection.execute(
        text(
            f"SELECT count(CASE WHEN {_SEEN} THEN 1 END) AS seen, count(*) AS held FROM raw_record"
            " WHERE source_id = :source AND stream = :stream AND scope = :scope AND retired_at IS NULL"
        ),
        {"since": since, "source": source_id, "stream": stream, "scope": scope},
    ).one()
    return int(row.seen), int(row.held) - int(row.seen)


def missing_in_scope(
    connection: Connection, source_id: str, stream: str, scope: str, *, since: int, limit: int
) -> list[str]:
    """Some raw records of a scope that no run from number ``since`` on has seen and that are not retired yet."""
    rows = connection.execute(
        text(
            "SELECT id FROM raw_record WHERE source_id = :source AND stream = :stream AND scope = :scope"
            f" AND retired_at IS NULL AND NOT ({_SEEN}) ORDER BY id LIMIT :limit"
        ),
        {"since": since, "source": source_id, "stream": stream, "scope": scope, "limit": limit},
    )
    return [str(row.id) for row in rows]


def map_anew(connection: Connection, ids: Iterable[str]) -> None:
    """Have raw records mapped again when they come again, although they may say the same."""
    bulk.execute_in(connection, "UPDATE raw_record SET connector_version = -1 WHERE {member}", "id", ids)


def mark_retired(connection: Connection, ids: Iterable[str], *, at: str) -> None:
    """Note that raw records are gone from their publisher."""
    bulk.execute_in(connection, "UPDATE raw_record SET retired_at = :at WHERE {member}", "id", ids, at=at)
