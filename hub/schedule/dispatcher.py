"""Runs what is due, each source once, by however many processes look at the same database."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.runs import RunResult
from hub.runs.lease import AlreadyRunning, NotDue, this_process
from hub.schedule import sql
from hub.schedule.agenda import Agenda
from hub.schedule.state import ServeState
from hub.schedule.timetable import Timetable
from hub.settings import Source
from hub.store.engine import Connection, Engine, reading, transaction

GRACE: Final = 10.0
"""Seconds that runs have to commit and end when the process is asked to stop."""
_LATE: Final = timedelta(minutes=1)
_HOLD: Final = timedelta(minutes=5)
_LOOK: Final = 0.5
_COUNTS: Final = ("read", "stored", "changed", "unchanged", "retired", "quarantined", "seconds")

Claim = Callable[[Connection], None]
"""Asked in the transaction that opens the run; raises :class:`NotDue` when the run is somebody else's."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Operation:
    """The configuration in force: its sources, how many run at once, and how one is run.

    ``run`` raises ``NotDue`` or ``AlreadyRunning`` when the run is somebody else's. ``hosts`` names the hosts that a
    source is read from, as far as its connector tells.
    """

    sources: Sequence[Source]
    timetable: Timetable
    parallel: int
    per_host: int
    run: Callable[[Source, Claim], RunResult]
    hosts: Callable[[Source], frozenset[str]]


class Dispatcher:
    """Starts a thread for each due source, as many as may run at once. A run keeps the operation it began with.

    The threads are daemons: one that waits for a publisher cannot keep the process from ending.
    """

    def __init__(
        self, engine: Engine, state: ServeState, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.not_whole = 0
        """How many runs so far did not read their source whole."""
        self._engine = engine
        self._state = state
        self._clock = clock
        self._agenda = Agenda(engine)
        self._at_work: dict[str, frozenset[str]] = {}
        self._held: dict[str, datetime] = {}
        self._ended = 0
        self._changed = threading.Condition()
        self._closed = False

    def tick(self, operation: Operation, now: datetime | None = None) -> int:
        """Bring the due times up to date and start what is due; gives how many were started."""
        moment = (now or self._clock()).replace(microsecond=0)
        self._agenda.enter(operation.sources, operation.timetable, moment)
        self._agenda.end_silent(operation.sources, operation.timetable, moment)
        with reading(self._engine) as connection:
            due = sql.due(connection, moment)
        by_id = {source.id: source for source in operation.sources if source.enabled}
        waiting = [(by_id[row["id"]], datetime.fromisoformat(row["next_due_at"])) for row in due if row["id"] in by_id]
        return sum(self._start(operation, source, since, moment) for source, since in waiting)

    def wait(self, seconds: float | None = None, *, below: int = 1) -> bool:
        """Wait until fewer than ``below`` runs are at work; ``False`` when that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._at_work) < below, seconds)

    def run_due(self, operation: Operation, stop: threading.Event) -> None:
        """Run everything that is due by now, and wait for it, or until ``stop`` is set."""
        now = self._clock()
        while not stop.is_set() and (self.tick(operation, now) or not self.wait(0)):
            ended = self._ended
            with self._changed:
                # A signal sets the event, and nobody notifies: look again now and then.
                self._changed.wait_for(lambda: self._ended > ended or not self._at_work, _LOOK)  # noqa: B023

    def close(self, stop: threading.Event, grace: float = GRACE) -> None:
        """Start nothing more, ``stop`` the runs and wait for them; one that cannot end in time ends as cancelled."""
        with self._changed:
            self._closed = True
        stop.set()
        if self.wait(grace):
            return
        now = self._clock()
        with transaction(self._engine) as connection:
            reason = "stopped while it waited; what was committed stays and the next run goes on"
            for source_id in sql.cancel_own(connection, this_process(), reason, now=now):
                sql.bring_forward(connection, source_id, now)
                extra = {"action": "run_finished", "source": source_id, "outcome": "cancelled"}
                _log.warning(reason, extra=extra)

    def _start(self, operation: Operation, source: Source, since: datetime, now: datetime) -> bool:
        if self._held.get(source.id, now) > now:
            return False
        hosts = operation.hosts(source)
        with self._changed:
            busy = Counter(host for at_work in self._at_work.values() for host in at_work)
            if (
                self._closed
                or source.id in self._at_work
                or len(self._at_work) >= operation.parallel
                or any(busy[host] >= operation.per_host for host in hosts)
            ):
                return False
            self._at_work[source.id] = hosts
        name = f"run-{source.id}"
        threading.Thread(target=self._work, args=(operation, source, since, now), name=name, daemon=True).start()
        return True

    def _work(self, operation: Operation, source: Source, since: datetime, now: datetime) -> None:
        def claim(connection: Connection) -> None:
            following = operation.timetable.regular(source, now)
            if not sql.claim(connection, source.id, following=following, now=now):
                raise NotDue(f"source {source.id!r} is not due: another process has begun its run")
            self._tell_start(source, late=now - since)

        try:
            result = operation.run(source, claim)
            self._conclude(operation, source, result)
        except (NotDue, AlreadyRunning):
            pass
        except Exception:  # noqa: BLE001 - the thread's last: nobody else would hear of it
            self._hold(source)
            _log.exception("a run could not be concluded", extra={"action": "run_failed", "source": source.id})
        finally:
            with self._changed:
                del self._at_work[source.id]
                self._ended += 1
                self._changed.notify_all()

    def _tell_start(self, source: Source, *, late: timedelta) -> None:
        _log.info("reading %s", source.id, extra={"action": "run_started", "source": source.id})
        if late > max(_LATE, timedelta(seconds=2 * self._state.tick_seconds)):
            self._state.started_late()
            extra = {"action": "source_late", "source": source.id, "seconds_late": int(late.total_seconds())}
            _log.warning("%s begins %s later than it was due", source.id, late, extra=extra)

    def _conclude(self, operation: Operation, source: Source, result: RunResult) -> None:
        extra = {"action": "run_finished", "source": source.id, "outcome": result.outcome, "run": result.run_id}
        extra |= {name: getattr(result, name) for name in _COUNTS}
        if result.whole:
            _log.info("read %s", source.id, extra=extra)
            return
        self.not_whole += 1
        _log.warning("%s was not read whole: %s", source.id, result.reason, extra=extra)
        if not result.run_id:
            self._hold(source)
        elif result.outcome != "suspect":
            now = self._clock()
            with transaction(self._engine) as connection:
                failures = sql.failures(connection, source.id)
                # A cancelled run goes on when the hub is started again.
                due = now if result.outcome == "cancelled" else operation.timetable.again(source, failures, now)
                sql.bring_forward(connection, source.id, due)

    def _hold(self, source: Source) -> None:
        """Leave a source alone for a while: its run could not even begin, and the next tick would try again."""
        self._held[source.id] = self._clock() + _HOLD
