"""Reading windows of the past beside the live cursor, each resumable and each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hub.runs.lease import Window
from hub.runs.outcome import WHOLE, RunResult
from hub.store import window
from hub.store.engine import Connection


def windows(first: date, last: date, days: int) -> Iterator[Window]:
    """The days from ``first`` to ``last``, both included, in pieces of ``days``."""
    start = first
    while start <= last:
        end = min(start + timedelta(days=days), last + timedelta(days=1))
        yield start, end
        start = end


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
