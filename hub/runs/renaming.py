"""Another name for a source (ADR 0013): its records keep their ids, and readers are told the new name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hub.runs import sql
from hub.runs.consequence import Consequences
from hub.runs.outcome import RunResult
from hub.sdk import ConfigError
from hub.store import changes, renaming, source
from hub.store.engine import Connection, Engine, transaction


def rename(
    engine: Engine, old: str, new: str, *, follow: Consequences, batch_size: int, also: Callable[[], None]
) -> RunResult | None:
    """Give a source another name in one transaction, ``also`` at its end; ``None`` when it has never been run.

    Raises ``AlreadyRunning`` while the source is at work, and ``ConfigError`` when the name is another source's.
    """
    with transaction(engine) as connection:
        # First of all: who has the turn goes on to rows that the lines below lock.
        changes.take_turn(connection)
        source.hold(connection, old, new)
        _refuse_taken(connection, old, new, now=follow.now)
        if source.find(connection, old) is None:
            also()
            return None
        lease = sql.open_run(connection, old, now=follow.now, kind="rename", window=None)
        result = RunResult(new, lease.run_id)
        renaming.forget(connection, new)
        renaming.move(connection, old, new)
        result.changed = renaming.tell(connection, new, run_id=lease.run_id, at=follow.at)
        # Between two sources of one connector their names decide, and verdicts name where a reason comes from.
        for some in renaming.organisations(connection, new, batch_size):
            changes.append(connection, follow.recompute(connection, some), run_id=lease.run_id, at=follow.at)
        sql.finish_run(connection, result, at=follow.now, sync=False)
        also()
    return result


def _refuse_taken(connection: Connection, old: str, new: str, *, now: datetime) -> None:
    if old == new:
        raise ConfigError(f"it is called {new!r} already", instruction="choose another name")
    other = renaming.named_after(connection, new)
    if other is not None and other != old:
        raise ConfigError(
            f"the ids of source {other!r} are made from the name {new!r}", instruction="choose another name"
        )
    sql.refuse_running(connection, new, now=now)
    if renaming.holds_records(connection, new):
        raise ConfigError(
            f"there are records of a source {new!r} already, and two sources are not made one",
            instruction="choose another name",
        )
