"""How far a source has been read, and changing it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.runs import sql
from hub.sdk import ConfigError
from hub.store import position, source, validator, window
from hub.store.engine import Connection, Engine, transaction
from hub.store.plain import Row


def show(connection: Connection, source_id: str) -> Row:
    """All that the next run of a source begins with. Raises ``ConfigError`` for one that has never run."""
    row = _found(connection, source_id)
    return {
        "source": source_id,
        "cursor": row["cursor"],
        "config_digest": row["config_digest"],
        "positions": source.positions(connection, source_id),
        "scopes": source.scopes(connection, source_id),
        "validators": source.validator_count(connection, source_id),
        "backfills": window.every(connection, source_id),
    }


def put_cursor(engine: Engine, source_id: str, cursor: Mapping[str, Any], *, now: datetime) -> Mapping[str, Any]:
    """Put another cursor in place of the committed one, which is given. Raises ``AlreadyRunning``."""
    with transaction(engine) as connection:
        before = _held(connection, source_id, now)
        source.put_cursor(connection, source_id, cursor)
    return before


def clear(
    engine: Engine, source_id: str, *, now: datetime, cursor: bool, validators: bool, positions: bool
) -> Mapping[str, Any]:
    """Forget how far a source has been read; gives the cursor that was committed. Raises ``AlreadyRunning``."""
    with transaction(engine) as connection:
        before = _held(connection, source_id, now)
        if cursor:
            source.put_cursor(connection, source_id, None)
        if validators:
            validator.void(connection, source_id)
        if positions:
            position.forget_all(connection, source_id)
    return before


def _held(connection: Connection, source_id: str, now: datetime) -> Mapping[str, Any]:
    """The committed cursor of a source that no run is reading, nor begins to until the commit."""
    source.hold(connection, source_id)
    cursor: Mapping[str, Any] = _found(connection, source_id)["cursor"]
    sql.refuse_running(connection, source_id, now=now)
    return cursor


def _found(connection: Connection, source_id: str) -> Row:
    row = source.find(connection, source_id)
    if row is None:
        raise ConfigError(f"source {source_id!r} has never been run", instruction=f"run it with `hub sync {source_id}`")
    return row
