"""Conditions of sources as rows: at most one standing of a source and kind, and whether people were told."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from hub.model.ids import make_id
from hub.store import bulk
from hub.store.plain import Row, plain, select


@dataclass(frozen=True, slots=True)
class Health:
    """What a source's row says when one of its runs ends."""

    connector_version: int
    failures: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How many records a whole sync read, and how many of them had been retired before."""

    read: int
    revived: int


def standing(connection: Connection, source_id: str) -> set[str]:
    """The kinds that stand of a source."""
    rows = connection.execute(
        text("SELECT kind FROM condition WHERE source_id = :source AND cleared_at IS NULL"), {"source": source_id}
    )
    return {row.kind for row in rows}


def listed(connection: Connection, *, source: str | None = None, start: str = "", over: bool = False) -> list[Row]:
    """What is wrong, the latest first, where the id begins with ``start``; with ``over`` also what was."""
    return select(
        connection,
        "SELECT * FROM v1_condition WHERE source = coalesce(CAST(:source AS TEXT), source)"
        " AND substr(CAST(id AS TEXT), 1, :length) = :start"
        + ("" if over else " AND cleared_at IS NULL")
        + " ORDER BY raised_at DESC, source, kind",
        source=source,
        start=start,
        length=len(start),
    )


def sources_with(connection: Connection, kind: str) -> set[str]:
    """The sources of which a kind stands."""
    rows = connection.execute(
        text("SELECT source_id FROM condition WHERE kind = :kind AND cleared_at IS NULL"), {"kind": kind}
    )
    return {row.source_id for row in rows}


def put(connection: Connection, source_id: str, kind: str, detail: str, *, run_id: str | None, at: str) -> None:
    """Raise a condition. One that stands stays as it is: the index keeps it once, also between two processes."""
    before = connection.execute(
        text(
            "SELECT coalesce(s.seed, s.id) AS seed, (SELECT count(*) FROM condition c WHERE c.source_id = s.id"
            " AND c.kind = :kind) AS number FROM source s WHERE s.id = :source"
        ),
        {"source": source_id, "kind": kind},
    ).one()
    condition_id = make_id("condition", before.seed, kind, str(before.number))
    connection.execute(
        text(
            "INSERT INTO condition (id, source_id, kind, detail, run_id, raised_at)"
            " VALUES (:id, :source, :kind, :detail, :run, :at) ON CONFLICT DO NOTHING"
        ),
        {"id": condition_id, "source": source_id, "kind": kind, "detail": detail, "run": run_id, "at": at},
    )


def end(connection: Connection, source_id: str, kinds: Collection[str], reason: str, *, at: str) -> int:
    """Clear what stands of some kinds; gives how many."""
    return int(
        bulk.execute_in(
            connection,
            "UPDATE condition SET cleared_at = :at, clear_reason = :reason"
            " WHERE source_id = :source AND cleared_at IS NULL AND {member}",
            "kind",
            kinds,
            kind="text",
            at=at,
            reason=reason,
            source=source_id,
        ).rowcount
    )


def health(connection: Connection, source_id: str) -> Health:
    """What a source's row says of it now."""
    row = connection.execute(
        text("SELECT connector_version, failures FROM source WHERE id = :source"), {"source": source_id}
    ).one()
    return Health(row.connector_version, row.failures)


def raise_drift(connection: Connection, source_id: str) -> list[Row]:
    """The drift of a source that was not raised yet, also what a run met that died; from now on it was."""
    raised = connection.execute(
        text("UPDATE drift SET raised = true WHERE source_id = :source AND NOT raised RETURNING kind, field, value"),
        {"source": source_id},
    )
    rows = [dict(row) for row in raised.mappings()]
    return sorted(rows, key=lambda row: (row["kind"], row["field"], row["value"]))


def knows_all(connection: Connection, source_id: str, connector_version: int) -> bool:
    """Whether this version of the source's connector mapped every standing record and met nothing unknown.

    Records that are to be mapped anew when they come again (``connector_version`` -1) were mapped by some version.
    """
    against = connection.execute(
        text(
            "SELECT 1 FROM drift WHERE source_id = :source AND coalesce(connector_version, 0) >= :version"
            " UNION ALL SELECT 1 FROM raw_record WHERE source_id = :source AND retired_at IS NULL"
            " AND connector_version >= 0 AND connector_version < :version LIMIT 1"
        ),
        {"source": source_id, "version": connector_version},
    )
    return against.first() is None


def whole_syncs(connection: Connection, source_id: str, outcomes: Sequence[str], limit: int) -> list[Reading]:
    """The last syncs that ended with one of ``outcomes``, the latest first."""
    rows = bulk.select_in(
        connection,
        "SELECT read_count, counts FROM run WHERE source_id = :source AND kind = 'sync' AND {member}"
        " ORDER BY number DESC LIMIT :limit",
        "outcome",
        outcomes,
        kind="text",
        source=source_id,
        limit=limit,
    )
    return [Reading(int(row.read_count), _revived(row.counts)) for row in rows]


def _revived(counts: Any) -> int:
    told = json.loads(counts) if isinstance(counts, str) else counts
    return int((told or {}).get("revived", 0))


def lost_syncs(connection: Connection) -> list[Row]:
    """Sources whose last finished sync is lost, with the number of failures in a row."""
    return select(
        connection,
        "SELECT s.id AS source, s.failures, r.id AS run, r.reason FROM source s"
        " JOIN run r ON r.source_id = s.id AND r.outcome = 'lost' AND r.kind = 'sync' AND r.number ="
        " (SELECT max(l.number) FROM run l WHERE l.source_id = s.id AND l.kind = 'sync' AND l.finished_at IS NOT NULL)"
        " WHERE s.removed_at IS NULL",
    )


def last_read(connection: Connection) -> list[Row]:
    """For each source when it was last read whole (else first run), and since when it is paused."""
    return select(
        connection,
        "SELECT s.id AS source, s.paused_at, s.last_success_at,"
        " coalesce(s.last_success_at, (SELECT min(r.started_at) FROM run r WHERE r.source_id = s.id)) AS since"
        " FROM source s WHERE s.removed_at IS NULL",
    )


def claim_untold(connection: Connection, *, now: str, until: str) -> list[Row]:
    """Take the conditions whose raising or clearing people are to be told, for nobody else until ``until``."""
    taken = connection.execute(
        text(
            "UPDATE condition SET telling_until = :until WHERE (raise_told_at IS NULL OR"
            " (cleared_at IS NOT NULL AND clear_told_at IS NULL)) AND (telling_until IS NULL OR telling_until <= :now)"
            " RETURNING id, source_id AS source, kind, detail, run_id, raised_at, cleared_at, clear_reason,"
            " raise_told_at, clear_told_at, told"
        ),
        {"now": now, "until": until},
    )
    rows = [{name: plain(value) for name, value in row.items()} for row in taken.mappings()]
    return sorted(rows, key=lambda row: (row["raised_at"], row["source"], row["kind"]))


def keep_told(
    connection: Connection,
    condition_id: str,
    *,
    told: str,
    raise_told_at: str | None,
    clear_told_at: str | None,
    telling_until: str | None,
) -> None:
    """Note which channels have told a condition, and let it go for the next round at ``telling_until`` (else now)."""
    parameters: dict[str, Any] = {
        "id": condition_id,
        "told": told,
        "raised": raise_told_at,
        "cleared": clear_told_at,
        "until": telling_until,
    }
    connection.execute(
        text(
            "UPDATE condition SET told = :told, raise_told_at = :raised, clear_told_at = :cleared,"
            " telling_until = :until WHERE id = :id"
        ),
        parameters,
    )
