"""Reading windows of the past beside the live cursor, each resumable and each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from hub.runs import sql
from hub.runs.lease import Window
from hub.runs.outcome import WHOLE, RunResult
from hub.store import source, window
from hub.store.engine import Connection, Engine, reading, transaction


def windows(first: date, last: date, days: int) -> Iterator[Window]:
    """The days from ``first`` to ``last``, both included, in pieces of ``days``."""
    start = first
    while start <= last:
        end = min(start + timedelta(days=days), last + timedelta(days=1))
        yield start, end
        start = end


def read(
    run: Callable[[Window], RunResult], engine: Engine, source_id: str, chosen: Iterable[Window]
) -> Iterator[tuple[Window, RunResult | None]]:
    """Read windows by ``run``, in order, until one was not read whole; those that were before are passed by (``None``).

    One that broke off goes on at its checkpoint.
    """
    for each in chosen:
        with reading(engine) as connection:
            done = is_done(connection, source_id, each)
        if done:
            yield each, None
            continue
        result = run(each)
        yield each, result
        if not result.whole:
            return


def forget(engine: Engine, source_id: str, chosen: Iterable[Window], *, now: datetime) -> None:
    """Have windows read again from their beginning, whatever came of them. Raises ``AlreadyRunning``."""
    with transaction(engine) as connection:
        source.hold(connection, source_id)
        sql.refuse_running(connection, source_id, now=now)
        for each in chosen:
            window.forget(connection, source_id, each)


def is_done(connection: Connection, source_id: str, of: Window) -> bool:
    """Whether exactly this window was read whole."""
    found = window.find(connection, source_id, of)
    return found is not None and found.outcome in WHOLE


def cursor_of(connection: Connection, source_id: str, of: Window) -> Mapping[str, Any]:
    """Where the reading of a window broke off; empty to begin it."""
    found = window.find(connection, source_id, of)
    return found.cursor if found is not None and found.outcome not in WHOLE else {}


def keep_cursor(connection: Connection, source_id: str, of: Window, cursor: Mapping[str, Any]) -> None:
    """Commit a checkpoint inside a window; the live cursor stays as it is."""
    window.keep(connection, source_id, of, cursor=cursor)


def keep_outcome(connection: Connection, result: RunResult, of: Window, *, at: str) -> None:
    """Note how the reading of a window ended."""
    window.finish(connection, result.source, of, run_id=result.run_id, outcome=result.outcome, at=at)
