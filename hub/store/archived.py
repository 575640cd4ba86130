"""Where the archive holds the current versions of a source's raw records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from hub.store.engine import Connection, Engine, reading

_STANDING = (
    "r.source_id = :source AND r.retired_at IS NULL"
    " AND (CAST(:run AS TEXT) IS NULL OR CAST(s.run_id AS TEXT) = CAST(:run AS TEXT))"
)
_MET = "SELECT 1 FROM quarantine q WHERE q.raw_id = r.id AND q.stage <> 'fetch' AND CAST(q.run_id AS TEXT) = :met_in"


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment as it is committed: its file below the archive's folder, and how many bytes of it count."""

    id: str
    path: str
    byte_count: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a segment a raw record's current version stands."""

    raw_id: str
    position: int
    raw_hash: str


def segments(connection: Connection, source_id: str, run_id: str | None = None) -> list[StoredSegment]:
    """The segments of a source, or of one run, in the order of the runs that wrote them."""
    rows = connection.execute(
        text(
            "SELECT s.id, s.path, s.byte_count FROM archive_segment s LEFT JOIN run r ON r.id = s.run_id"
            " WHERE s.source_id = :source AND (CAST(:run AS TEXT) IS NULL OR CAST(s.run_id AS TEXT) = :run)"
            " ORDER BY coalesce(r.number, 0), s.created_at, s.id"
        ),
        {"source": source_id, "run": run_id},
    )
    return [StoredSegment(str(row.id), row.path, row.byte_count) for row in rows]


def count(connection: Connection, source_id: str, run_id: str | None = None) -> tuple[int, int]:
    """How many standing raw records some segment holds, and how many none does."""
    row = connection.execute(
        text(
            "SELECT count(s.id) AS held, count(*) AS standing FROM raw_record r"
            f" LEFT JOIN archive_segment s ON s.id = r.segment_id WHERE {_STANDING}"
        ),
        {"source": source_id, "run": run_id},
    ).one()
    return int(row.held), int(row.standing) - int(row.held)


def places(engine: Engine, segment_id: str, *, rejected: bool, page: int, met_in: str = "") -> Iterator[Place]:
    """What of a segment is some standing raw record's current version, in order, a ``page`` of rows at a time.

    ``rejected`` chooses those in quarantine, else the others. Those that the run ``met_in`` put there are left out.
    """
    after = -1
    while True:
        with reading(engine) as connection:
            rows = connection.execute(
                text(
                    "SELECT r.id, r.position, r.raw_hash FROM raw_record r WHERE r.segment_id = :segment"
                    " AND r.position > :after AND r.rejected = :rejected AND r.retired_at IS NULL"
                    f" AND NOT EXISTS ({_MET}) ORDER BY r.position LIMIT :page"
                ),
                {"segment": segment_id, "after": after, "rejected": rejected, "met_in": met_in, "page": page},
            ).all()
        for row in rows:
            yield Place(str(row.id), row.position, row.raw_hash)
        if len(rows) < page:
            return
        after = rows[-1].position
