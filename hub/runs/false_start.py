"""Runs that could not begin: the connector does not load, the configuration is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from hub.runs import condition, sql
from hub.runs.outcome import RunResult
from hub.settings import Source
from hub.store.engine import Connection, Engine, transaction


def keep_false_start(
    engine: Engine,
    source: Source,
    reason: str,
    *,
    claim: Callable[[Connection], None] | None = None,
    failing_after: int = 1,
) -> RunResult:
    """Write a failed sync for a source that could not be planned, so that whoever looks sees why it does not run.

    ``claim`` is asked as for any run: without it a scheduler would try again at once. Raises ``AlreadyRunning`` when
    somebody else is reading the source, with a configuration that works for them, and whatever ``claim`` raises.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction(engine) as connection:
        sql.register_unread(connection, source.id, source.connector, schedule=source.schedule, enabled=source.enabled)
        if claim is not None:
            claim(connection)
        lease = sql.open_run(connection, source.id, now=now, kind="sync", window=None)
        result = RunResult(source.id, lease.run_id, outcome="failed", reason=reason)
        sql.finish_run(connection, result, at=now, sync=True)
        condition.settle(connection, result, at=now, sync=True, failing_after=failing_after)
    return result
