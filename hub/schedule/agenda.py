"""The due times of sources: entered when they are configured, and brought forward when their process died."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from hub.runs.sql import register_unread
from hub.schedule import sql
from hub.schedule.timetable import Timetable
from hub.sdk import HubError
from hub.settings import Source
from hub.store.engine import Engine, reading, transaction
from hub.store.plain import Row

_log = logging.getLogger(__name__)


class _Entry(NamedTuple):
    source: Source
    due: datetime | None
    before: str | None
    is_new: bool = False


class Agenda:
    """Keeps ``source.next_due_at`` in step with the configuration."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._refused: set[str] = set()

    def enter(self, sources: Sequence[Source], timetable: Timetable, now: datetime) -> None:
        """Give due times to sources that have none or whose schedule changed, and take those of others away."""
        with reading(self._engine) as connection:
            known = sql.rows(connection)
        for entry in _entries(sources, known, timetable, now):
            self._keep(entry)
        configured = {source.id for source in sources}
        if gone := [name for name, row in known.items() if row["next_due_at"] and name not in configured]:
            with transaction(self._engine) as connection:
                sql.unschedule(connection, gone)

    def end_silent(self, sources: Sequence[Source], timetable: Timetable, now: datetime) -> None:
        """Declare lost the runs of processes that are gone, and let their sources be due again.

        At once, for the next run goes on where it died; but not when it dies again and again.
        """
        with reading(self._engine) as connection:
            silent = sql.silent(connection, now)
        by_id = {source.id: source for source in sources}
        for run in silent:
            with transaction(self._engine) as connection:
                if not sql.declare_lost(connection, run, now):
                    continue
                source = by_id.get(run["source_id"])
                if source is not None and run["kind"] == "sync":
                    failures = sql.failures(connection, source.id)
                    due = now if failures <= 1 else timetable.again(source, failures - 1, now)
                    sql.bring_forward(connection, source.id, due)
            extra = {"action": "run_lost", "source": run["source_id"], "run": run["id"], "owner": run["owner"]}
            _log.warning("the process of a run is gone; the next run goes on", extra=extra)

    def _keep(self, entry: _Entry) -> None:
        source = entry.source
        try:
            with transaction(self._engine) as connection:
                if entry.is_new:
                    register_unread(
                        connection, source.id, source.connector, schedule=source.schedule, enabled=source.enabled
                    )
                sql.set_due(
                    connection,
                    source.id,
                    entry.due,
                    before=entry.before,
                    schedule=source.schedule,
                    enabled=source.enabled,
                )
        except HubError as error:
            if not entry.is_new:
                raise
            if source.id not in self._refused:  # said once: it is tried again at every tick
                self._refused.add(source.id)
                _log.warning(str(error), extra={"action": "source_refused", "source": source.id})
        else:
            self._refused.discard(source.id)


def _entries(sources: Iterable[Source], known: dict[str, Row], timetable: Timetable, now: datetime) -> Iterable[_Entry]:
    for source in sources:
        row = known.get(source.id)
        if row is None or row["removed_at"]:
            if source.enabled:
                yield _Entry(source, now, None, is_new=True)
        elif not source.enabled:
            if row["next_due_at"] or row["enabled"]:
                yield _Entry(source, None, row["next_due_at"])
        elif row["next_due_at"] is None:
            yield _Entry(source, timetable.first(source, _moment(row["last_success_at"]), now), None)
        else:
            due = datetime.fromisoformat(row["next_due_at"])
            if row["schedule"] != source.schedule or not timetable.is_plausible(source, due, now):
                # What is due already stays so, whatever its next time is.
                yield _Entry(source, due if due <= now else timetable.regular(source, now), row["next_due_at"])


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
