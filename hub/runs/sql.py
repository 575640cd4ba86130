"""Runs and sources in the database."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.runs.outcome import WHOLE, RunResult
from hub.sdk import HubError, Manifest
from hub.store import bulk
from hub.store.engine import Connection
from hub.store.rows.aggregate import instant
from hub.store.tables.operation import archive_segment


class AlreadyRunning(HubError):
    """Another run of the same source is at work."""


_THIS_PROCESS: Final = uuid4().hex[:8]
SILENCE: Final = timedelta(minutes=15)
"""A run on another machine that has not shown a sign of life for so long is dead."""

LONG_SILENCE: Final = timedelta(hours=6)
"""The same for a run of this machine whose process number is in use."""


def this_process() -> str:
    """Who we are, for the run's row: host, process, and a mark that no later process with that number has."""
    return f"{socket.gethostname()}:{os.getpid()}:{_THIS_PROCESS}"


def register_source(
    connection: Connection, source_id: str, manifest: Manifest, *, schedule: str, enabled: bool
) -> Mapping[str, Any]:
    """Note a source and what its connector says about itself; gives its committed cursor."""
    connection.execute(
        text(
            "INSERT INTO source (id, connector, connector_version, title, publisher, homepage, licence, attribution,"
            " schedule, enabled) VALUES (:id, :connector, :version, :title, :publisher, :homepage, :licence,"
            " :attribution, :schedule, :enabled) ON CONFLICT (id) DO UPDATE SET connector = excluded.connector,"
            " connector_version = excluded.connector_version, title = excluded.title, publisher = excluded.publisher,"
            " homepage = excluded.homepage, licence = excluded.licence, attribution = excluded.attribution,"
            " schedule = excluded.schedule, enabled = excluded.enabled"
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
        },
    )
    cursor = connection.execute(text("SELECT cursor FROM source WHERE id = :id"), {"id": source_id}).scalar_one()
    return dict(json.loads(cursor) if isinstance(cursor, str) else cursor or {})


def open_run(connection: Connection, source_id: str, *, now: datetime) -> str:
    """Begin a run; a dead process's unfinished run becomes ``lost``. Raises :class:`AlreadyRunning`."""
    row = connection.execute(
        text("SELECT id, owner, started_at, heartbeat_at FROM run WHERE source_id = :id AND finished_at IS NULL"),
        {"id": source_id},
    ).one_or_none()
    if row is not None:
        if not _dead(row.owner, row.heartbeat_at, now):
            raise _already(source_id, row)
        connection.execute(
            text("UPDATE run SET finished_at = :now, outcome = 'lost', reason = :reason WHERE id = :id"),
            {"now": instant(now), "id": row.id, "reason": f"process {row.owner} is gone; the next run goes on"},
        )
    run_id = str(uuid4())
    try:
        connection.execute(
            text(
                "INSERT INTO run (id, source_id, owner, started_at, heartbeat_at)"
                " VALUES (:id, :source, :owner, :now, :now)"
            ),
            {"id": run_id, "source": source_id, "owner": this_process(), "now": instant(now)},
        )
    except IntegrityError:  # another process began one since we looked
        message = f"source {source_id!r} has just been started by another process"
        raise AlreadyRunning(message, instruction="see `hub status`") from None
    return run_id


def _already(source_id: str, row: Any) -> AlreadyRunning:
    return AlreadyRunning(
        f"source {source_id!r} is already running: started {row.started_at} by {row.owner}, last sign of life"
        f" {row.heartbeat_at}",
        instruction=f"wait for it, or stop that process; {SILENCE.seconds // 60} silent minutes make a run lost",
    )


def _dead(owner: str, heartbeat_at: Any, now: datetime) -> bool:
    """Whether a run's process is gone: one of this machine can be asked, one elsewhere has fallen silent."""
    host, pid, mark = owner.rsplit(":", 2)
    beat = datetime.fromisoformat(heartbeat_at) if isinstance(heartbeat_at, str) else heartbeat_at
    # Also a sign of life from the future: somebody's clock was wrong.
    silence = abs(now - beat)
    if host != socket.gethostname():
        return bool(silence > SILENCE)
    if int(pid) == os.getpid():
        return mark != _THIS_PROCESS
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    # The number may belong to another program by now, after a restart of the machine.
    return bool(silence > LONG_SILENCE)


def note_progress(connection: Connection, result: RunResult, *, at: datetime) -> None:
    """Commit a run's counts so far, as its sign of life."""
    connection.execute(
        text(
            "UPDATE run SET heartbeat_at = :at, read_count = :read, stored_count = :stored, changed_count = :changed,"
            " unchanged_count = :unchanged, retired_count = :retired, quarantined_count = :quarantined,"
            " counts = :counts WHERE id = :id"
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


def keep_cursor(connection: Connection, source_id: str, cursor: Mapping[str, Any]) -> None:
    """Commit a checkpoint."""
    connection.execute(
        text("UPDATE source SET cursor = :cursor WHERE id = :id"), {"cursor": json.dumps(dict(cursor)), "id": source_id}
    )


def finish_run(connection: Connection, result: RunResult, *, at: datetime) -> None:
    """Write how a run ended."""
    note_progress(connection, result, at=at)
    connection.execute(
        text("UPDATE run SET finished_at = :at, outcome = :outcome, reason = :reason WHERE id = :id"),
        {"at": instant(at), "outcome": result.outcome, "reason": result.reason or None, "id": result.run_id},
    )
    connection.execute(
        text("UPDATE source SET last_run_id = :run WHERE id = :source"),
        {"run": result.run_id, "source": result.source},
    )
    if result.outcome in WHOLE:
        connection.execute(
            text("UPDATE source SET last_success_at = :at WHERE id = :source"),
            {"at": instant(at), "source": result.source},
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
