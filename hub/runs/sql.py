"""Runs and sources in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.runs.lease import AlreadyRunning, Lease, LeaseLost, Window, expires_at, is_dead, this_process
from hub.runs.outcome import WHOLE, RunResult
from hub.sdk import ConfigError, Manifest
from hub.store import bulk, position, renaming, validator
from hub.store import window as windows
from hub.store.engine import Connection
from hub.store.rows.aggregate import instant
from hub.store.tables.operation import archive_segment


def register_source(
    connection: Connection, source_id: str, manifest: Manifest, *, schedule: str, enabled: bool, digest: str
) -> Mapping[str, Any]:
    """Note a source and what its connector says about itself; gives its committed cursor.

    Validators and positions were committed under a version of the connector and a config (``digest``); under others
    they are void.
    """
    before = connection.execute(text("SELECT config_digest FROM source WHERE id = :id"), {"id": source_id}).scalar()
    if before is not None and before != digest:
        validator.void(connection, source_id)
        position.forget_all(connection, source_id)
        windows.forget_places(connection, source_id)
    connection.execute(
        text(
            "INSERT INTO source (id, connector, connector_version, title, publisher, homepage, licence, attribution,"
            " schedule, enabled, config_digest) VALUES (:id, :connector, :version, :title, :publisher, :homepage,"
            " :licence, :attribution, :schedule, :enabled, :digest) ON CONFLICT (id) DO UPDATE"
            " SET connector = excluded.connector, connector_version = excluded.connector_version,"
            " title = excluded.title, publisher = excluded.publisher,"
            " homepage = excluded.homepage, licence = excluded.licence, attribution = excluded.attribution,"
            " schedule = excluded.schedule, enabled = excluded.enabled,"
            " config_digest = excluded.config_digest, removed_at = NULL"
        ),
        {
            "id": source_id,
            "connector": manifest.id,
            "version": manifest.version,
            "title": manifest.title,
            "publisher": manifest.publisher,
            "homepage": manifest.homepage,
            "licence": manifest.licence,
            "attribution": manifest.attribution,
            "schedule": schedule,
            "enabled": enabled,
            "digest": digest,
        },
    )
    _refuse_name_of_another(connection, source_id)
    cursor = connection.execute(text("SELECT cursor FROM source WHERE id = :id"), {"id": source_id}).scalar_one()
    return dict(json.loads(cursor) if isinstance(cursor, str) else cursor or {})


def register_unread(connection: Connection, source_id: str, connector: str, *, schedule: str, enabled: bool) -> None:
    """Note a source whose connector cannot say anything about itself; what an earlier version said stays."""
    connection.execute(
        text(
            "INSERT INTO source (id, connector, connector_version, title, schedule, enabled)"
            " VALUES (:id, :connector, 0, :id, :schedule, :enabled) ON CONFLICT (id) DO UPDATE"
            " SET connector = excluded.connector, schedule = excluded.schedule, enabled = excluded.enabled,"
            " removed_at = NULL"
        ),
        {"id": source_id, "connector": connector, "schedule": schedule, "enabled": enabled},
    )
    _refuse_name_of_another(connection, source_id)


def _refuse_name_of_another(connection: Connection, source_id: str) -> None:
    # Asked after the source's row is written: a renaming that was under way is committed by then.
    other = renaming.named_after(connection, source_id)
    if other is not None:
        raise ConfigError(
            f"source {other!r} was once called {source_id!r}, and the ids of its records are made from that name:"
            " another source of that name would get the same ones",
            where=f"sources/{source_id}.toml",
            instruction="give the file a name that no source has had",
        )


def refuse_running(connection: Connection, source_id: str, *, now: datetime) -> None:
    """Raise :class:`AlreadyRunning` when a run of the source is at work; a dead process's run becomes ``lost``."""
    row = connection.execute(
        text("SELECT id, owner, started_at, heartbeat_at FROM run WHERE source_id = :id AND finished_at IS NULL"),
        {"id": source_id},
    ).one_or_none()
    if row is not None:
        if not is_dead(row.owner, _moment(row.heartbeat_at), now):
            raise _already(source_id, row)
        end_lost(connection, str(row.id), f"process {row.owner} is gone; the next run goes on", now=now)


def open_run(connection: Connection, source_id: str, *, now: datetime, kind: str, window: Window | None) -> Lease:
    """Begin a run; a dead process's unfinished run becomes ``lost``. Raises :class:`AlreadyRunning`."""
    refuse_running(connection, source_id, now=now)
    begun = {
        "id": str(uuid4()),
        "source": source_id,
        "kind": kind,
        "owner": this_process(),
        "now": instant(now),
        "first": window[0].isoformat() if window else None,
        "last": window[1].isoformat() if window else None,
    }
    try:
        number = connection.execute(
            text(
                "INSERT INTO run (id, source_id, number, kind, owner, started_at, heartbeat_at, window_from, window_to)"
                " VALUES (:id, :source, 1 + coalesce((SELECT max(number) FROM run WHERE source_id = :source), 0),"
                " :kind, :owner, :now, :now, :first, :last) RETURNING number"
            ),
            begun,
        ).scalar_one()
    except IntegrityError:  # another process began one since we looked
        message = f"source {source_id!r} has just been started by another process"
        raise AlreadyRunning(message, instruction="see `hub runs`") from None
    return Lease(source_id, seed_of(connection, source_id), str(begun["id"]), int(number))


def seed_of(connection: Connection, source_id: str) -> str:
    """The name that ids of the source's records are made from."""
    seed = connection.execute(text("SELECT seed FROM source WHERE id = :id"), {"id": source_id}).scalar()
    return seed or source_id


def end_lost(connection: Connection, run_id: str, reason: str, *, now: datetime) -> bool:
    """Declare a run dead; its process, should it live, commits nothing more. ``False`` when it had ended already."""
    ended = connection.execute(
        text(
            "UPDATE run SET finished_at = :now, outcome = 'lost', reason = :reason"
            " WHERE id = :id AND finished_at IS NULL"
        ),
        {"now": instant(now), "id": run_id, "reason": reason},
    )
    if ended.rowcount:
        connection.execute(
            text(
                "UPDATE source SET failures = failures + 1, last_run_id = :id"
                " WHERE id = (SELECT source_id FROM run WHERE id = :id AND kind = 'sync')"
            ),
            {"id": run_id},
        )
    return bool(ended.rowcount)


def _already(source_id: str, row: Any) -> AlreadyRunning:
    until = expires_at(row.owner, _moment(row.heartbeat_at))
    return AlreadyRunning(
        f"source {source_id!r} is already running: run {str(row.id)[:8]}, started {instant(_moment(row.started_at))} by"
        f" {row.owner}, last sign of life {instant(_moment(row.heartbeat_at))}",
        instruction=f"wait for it; it counts as dead at {instant(until)}, or at once by `hub runs break"
        f" {str(row.id)[:8]}`",
    )


def _moment(stored: Any) -> datetime:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored


def beat(connection: Connection, run_id: str, *, at: datetime) -> bool:
    """Store a sign of life; ``False`` when the run has been declared dead."""
    renewed = connection.execute(
        text("UPDATE run SET heartbeat_at = :at WHERE id = :id AND finished_at IS NULL"),
        {"at": instant(at), "id": run_id},
    )
    return bool(renewed.rowcount)


def run_ids_since(connection: Connection, source_id: str, number: int) -> set[str]:
    """The runs of a source from that number on."""
    rows = connection.execute(
        text("SELECT id FROM run WHERE source_id = :source AND number >= :number"),
        {"source": source_id, "number": number},
    )
    return {str(row.id) for row in rows}


def note_progress(connection: Connection, result: RunResult, *, at: datetime) -> None:
    """Commit a run's counts so far, as its sign of life. Raises :class:`LeaseLost` when somebody declared it dead."""
    renewed = connection.execute(
        text(
            "UPDATE run SET heartbeat_at = :at, read_count = :read, stored_count = :stored, changed_count = :changed,"
            " unchanged_count = :unchanged, retired_count = :retired, quarantined_count = :quarantined,"
            " counts = :counts WHERE id = :id AND finished_at IS NULL"
        ),
        {
            "at": instant(at),
            "read": result.read,
            "stored": result.stored,
            "changed": result.changed,
            "unchanged": result.unchanged,
            "retired": result.retired,
            "quarantined": result.quarantined,
            "counts": json.dumps(dict(result.counts)),
            "id": result.run_id,
        },
    )
    if not renewed.rowcount:
        raise LeaseLost(
            f"run {result.run_id[:8]} of source {result.source!r} was declared dead while it was at work",
            instruction="what it had committed stays; the next run goes on",
        )


def keep_cursor(connection: Connection, source_id: str, cursor: Mapping[str, Any]) -> None:
    """Commit a checkpoint."""
    connection.execute(
        text("UPDATE source SET cursor = :cursor WHERE id = :id"), {"cursor": json.dumps(dict(cursor)), "id": source_id}
    )


def finish_run(connection: Connection, result: RunResult, *, at: datetime, sync: bool) -> None:
    """Write how a run ended; of a ``sync``, also what that says of the source."""
    note_progress(connection, result, at=at)
    connection.execute(
        text("UPDATE run SET finished_at = :at, outcome = :outcome, reason = :reason WHERE id = :id"),
        {"at": instant(at), "outcome": result.outcome, "reason": result.reason or None, "id": result.run_id},
    )
    if not sync:
        return
    connection.execute(
        text(
            "UPDATE source SET last_run_id = :run, failures = CASE WHEN :whole THEN 0 WHEN :cancelled THEN failures"
            " ELSE failures + 1 END, last_success_at = CASE WHEN :whole THEN CAST(:at AS "
            + ("timestamptz" if bulk.is_postgresql(connection) else "TEXT")
            + ") ELSE last_success_at END WHERE id = :source"
        ),
        {
            "run": result.run_id,
            "source": result.source,
            "at": instant(at),
            "whole": result.outcome in WHOLE,
            "cancelled": result.outcome == "cancelled",
        },
    )


def last_scope_count(connection: Connection, source_id: str, stream: str, scope: str) -> int | None:
    """How many raw records the scope had when it was last complete."""
    return connection.execute(
        text("SELECT record_count FROM scope WHERE source_id = :source AND stream = :stream AND scope = :scope"),
        {"source": source_id, "stream": stream, "scope": scope},
    ).scalar_one_or_none()


def keep_scope(
    connection: Connection, *, source_id: str, stream: str, scope: str, run_id: str, count: int, at: str
) -> None:
    """Note that a scope was seen whole."""
    connection.execute(
        text(
            "INSERT INTO scope (source_id, stream, scope, run_id, record_count, completed_at)"
            " VALUES (:source, :stream, :scope, :run, :count, :at) ON CONFLICT (source_id, stream, scope) DO UPDATE"
            " SET run_id = excluded.run_id, record_count = excluded.record_count, completed_at = excluded.completed_at"
        ),
        {"source": source_id, "stream": stream, "scope": scope, "run": run_id, "count": count, "at": at},
    )


def keep_segment(
    connection: Connection, *, source_id: str, run_id: str, path: str, records: int, size: int, at: str
) -> None:
    """Note how far a run's archive segment is committed; its id is the run's."""
    columns = ("id", "source_id", "run_id", "path", "record_count", "byte_count", "created_at")
    bulk.upsert(
        connection,
        archive_segment,
        columns,
        [(run_id, source_id, run_id, path, records, size, at)],
        keep=("created_at",),
    )
