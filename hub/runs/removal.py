"""Removing a source: its records stay or are retired, and how far it had been read is forgotten.

It asks nothing of the source's file or connector, which may be gone already.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal

from hub.runs import condition, sql
from hub.runs.consequence import Consequences
from hub.runs.lease import LeaseLost, Stopped
from hub.runs.outcome import Outcome, RunResult
from hub.sdk import HubError
from hub.store import faults, raw, source
from hub.store.engine import Engine, reading, transaction
from hub.store.writer import Writer

Records = Literal["stay", "retire"]
"""What becomes of a removed source's records."""


def remove(
    engine: Engine, source_id: str, records: Records, *, follow: Consequences, batch_size: int, stop: threading.Event
) -> RunResult:
    """Remove a source, as a run of its own. One that breaks off is gone on with by the next removal.

    Raises ``AlreadyRunning`` while the source is at work, and what keeps it from going on.
    """
    with transaction(engine) as connection:
        source.hold(connection, source_id)
        lease = sql.open_run(connection, source_id, now=follow.now, kind="remove", window=None)
    result = RunResult(source_id, lease.run_id)
    try:
        while records == "retire" and (some := _standing(engine, source_id, batch_size)):
            if stop.is_set():
                raise Stopped("stopped; what was retired stays so, and the next removal goes on")  # noqa: TRY301
            _retire(engine, some, result, follow)
    except LeaseLost as error:
        result.outcome, result.reason = "lost", str(error)
    except BaseException as error:
        outcome: Outcome = "failed" if isinstance(error, HubError) and not isinstance(error, Stopped) else "cancelled"
        result.outcome, result.reason = outcome, str(error) or "stopped by the operator"
        with suppress(HubError):
            _end(engine, result)
        raise
    else:
        with transaction(engine) as connection:
            source.mark_removed(connection, source_id, at=follow.at)
            condition.end_all(connection, source_id, "it was removed", now=follow.now)
            if records == "retire":
                faults.resolve_older_faults(connection, source_id, run_id=result.run_id, at=follow.at)
            sql.finish_run(connection, result, at=datetime.now(UTC), sync=False)
    return result


def _standing(engine: Engine, source_id: str, limit: int) -> list[str]:
    with reading(engine) as connection:
        return source.standing_raw_ids(connection, source_id, limit)


def _retire(engine: Engine, raw_ids: Sequence[str], result: RunResult, follow: Consequences) -> None:
    before = result.retired
    try:
        with transaction(engine) as connection:
            writer = Writer(
                connection, source_id=result.source, run_id=result.run_id, at=follow.at, seen=lambda _known: False
            )
            written = writer.retire(raw_ids)
            raw.mark_retired(connection, raw_ids, at=follow.at)
            result.retired += len(raw_ids)
            follow.finish(connection, result, written)
    except BaseException:
        result.retired = before
        raise


def _end(engine: Engine, result: RunResult) -> None:
    with transaction(engine) as connection:
        sql.finish_run(connection, result, at=datetime.now(UTC), sync=False)
