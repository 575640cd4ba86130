"""A hub at service: it reads its sources as they fall due, by the configuration as it is on disk."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hub.cli.session import start_logs
from hub.inbox import Inbox
from hub.runs import RunResult
from hub.schedule.dispatcher import GRACE, Claim, Dispatcher, Operation
from hub.schedule.due import is_unsure
from hub.schedule.state import ServeState
from hub.schedule.ticker import Ticker
from hub.schedule.timetable import Timetable
from hub.sdk import HubError
from hub.service import Hub, Problem
from hub.settings import Source

_ON_SQLITE: Final = 1
_ON_POSTGRESQL: Final = 4
_WATCHED: Final = ("hub.toml", "sources/*.toml", "signals/*")
_log = logging.getLogger(__name__)


class Serving:
    """Ticks: looks at the config folder, starts what is due, and has conditions checked and notices told.

    ``hub`` is the one in force; runs that are at work keep the one they began with.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.state = ServeState(tick_seconds=hub.settings.schedule.tick.total_seconds())
        self._seen = fingerprint(hub.settings.config_dir)
        self._problems = hub.check()
        for problem in self._problems:
            _log.error("%s", hub.redactor(str(problem.error)), extra=_about(problem))
        self.operation = operation_of(hub)
        self.dispatcher = Dispatcher(hub.engine, self.state)
        self._watching: threading.Thread | None = None
        self._inbox = Inbox()
        self._receiving: threading.Thread | None = None
        self._ticker: Ticker | None = None

    def start(self) -> None:
        """Tick from now on, in a thread."""
        self._ticker = Ticker(self.tick, self.hub.settings.schedule.tick)
        self._ticker.start()

    def stop(self) -> None:
        """Tick no more, and end the runs that are at work as cancelled, with what they have committed."""
        if self._ticker is not None:
            self._ticker.stop()
        self.dispatcher.close(self.hub.stopping)
        if self._receiving is not None:
            self._receiving.join(GRACE)

    def run_due(self, stop: threading.Event) -> None:
        """Run everything that is due by now, and wait for it."""
        self._receive()
        self.dispatcher.run_due(self.operation, stop)
        self.hub.after_tick()

    def tick(self) -> None:
        """One look at what is due. It counts as a tick also when it fails: the process is alive."""
        try:
            self.reload()
            self.dispatcher.tick(self.operation)
            self._look_into_inbox()
            self._look_after()
        finally:
            self.state.ticked(datetime.now(UTC))

    def reload(self) -> None:
        """Put the config folder's files in force when they have changed; wrong ones are told once and left alone."""
        seen = fingerprint(self.hub.settings.config_dir)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            hub = self.hub.reopened()
            problems = hub.check()
            if added := [problem for problem in problems if str(problem.error) not in self._known()]:
                self._refuse([problem.error for problem in added])
                return
            operation = operation_of(hub)
        except HubError as error:
            self._refuse([error])
            return
        self.hub, self.operation, self._problems = hub, operation, problems
        self.state.tick_seconds = hub.settings.schedule.tick.total_seconds()
        self.state.configured()
        start_logs(hub)
        if self._ticker is not None:
            self._ticker.pace(hub.settings.schedule.tick)
        _log.info("the configuration has changed and is in force", extra={"action": "config_reloaded"})

    def _known(self) -> set[str]:
        # What was wrong before does not keep the rest from changing.
        return {str(problem.error) for problem in self._problems}

    def _refuse(self, errors: list[HubError]) -> None:
        told = self.hub.redactor("\n".join(str(error) for error in errors))
        self.state.configured(told)
        message = "the configuration on disk is wrong, the earlier one stays in force: %s"
        _log.error(message, told, extra={"action": "config_invalid"})

    def _look_into_inbox(self) -> None:
        # One file may take minutes to load: ticks go on meanwhile. On SQLite, runs write one at a time.
        idle = self._receiving is None or not self._receiving.is_alive()
        if idle and self.dispatcher.wait(0, below=self.operation.parallel):
            self._receiving = threading.Thread(target=self._receive, name="inbox", daemon=True)
            self._receiving.start()

    def _receive(self) -> None:
        """Look into the drop folders. Never fails: the next look tries again."""
        try:
            for _ in self._inbox.look(self.hub):
                pass
        except Exception:  # noqa: BLE001 - the thread's last: nobody else would hear of it
            _log.exception("the drop folders could not be looked at", extra={"action": "inbox_failed"})

    def _look_after(self) -> None:
        # A mail server that does not answer must not keep sources waiting.
        if self._watching is None or not self._watching.is_alive():
            self._watching = threading.Thread(target=self.hub.after_tick, name="conditions", daemon=True)
            self._watching.start()


def operation_of(hub: Hub) -> Operation:
    """How this hub runs what is due. Loads all that its runs share, while there is one thread."""
    schedule = hub.settings.schedule
    for source in hub.settings.sources:
        if source.enabled and is_unsure(source.schedule, ZoneInfo(source.timezone)):
            _log.warning(
                "%s is due at a time that does not exist, or comes twice, when clocks are changed in %s",
                source.id,
                source.timezone,
                extra={"action": "schedule_unsure", "source": source.id},
            )
    _ = hub.pseudonym_key, hub.clients.hosts
    hub.deliver_notices()

    def run(source: Source, claim: Claim) -> RunResult:
        return hub.run(source, claim=claim)

    def hosts(source: Source) -> frozenset[str]:
        if "path" in source.config:  # read from files
            return frozenset()
        try:
            return frozenset(host.host for host in hub.registry.connector(source.connector).manifest.hosts)
        except HubError:  # its run will tell
            return frozenset()

    def floor(source: Source) -> timedelta:
        try:
            return hub.registry.connector(source.connector).manifest.shortest_interval
        except HubError:  # its run has told
            return timedelta(0)

    usual = _ON_POSTGRESQL if hub.engine.dialect.name == "postgresql" else _ON_SQLITE
    return Operation(
        # Who drops a file starts the run; a folder that nothing came to yet is no failure.
        sources=[source for source in hub.settings.sources if not source.inbox],
        timetable=Timetable(schedule.jitter, floor=floor),
        parallel=schedule.parallel or usual,
        per_host=schedule.per_host,
        run=run,
        hosts=hosts,
    )


def fingerprint(config_dir: Path) -> str:
    """Tells one state of a config folder's files from another, by name, size and time of change."""
    found = blake2b(digest_size=16)
    for pattern in _WATCHED:
        for path in sorted(config_dir.glob(pattern)):
            try:
                facts = path.stat()
            except FileNotFoundError:
                continue
            found.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _about(problem: Problem) -> dict[str, str]:
    return {"action": "config_invalid", "source": problem.source}
