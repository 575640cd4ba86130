"""The composition root: settings, plugins, database and rules put together into a hub that can run its sources."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from hub.model import scheme
from hub.observe import Redactor, dispatch
from hub.registry import Registry
from hub.runs import Run, RunPlan, RunResult, live
from hub.runs.channels import open_channels
from hub.runs.clients import Clients
from hub.runs.consequence import Consequences
from hub.runs.difference import Difference
from hub.runs.false_start import keep_false_start
from hub.runs.freshness import longest_ages
from hub.runs.interval import refuse_too_often
from hub.runs.lease import AlreadyRunning, NotDue
from hub.runs.plan import config_digest
from hub.runs.replay import EVERYTHING, preview, replay
from hub.runs.walk import Selection
from hub.runs.watch import Watch
from hub.schedule.due import interval, longest_interval
from hub.sdk import ConfigError, Connector, ConnectorConfig, HubError
from hub.settings import (
    ConfigErrors,
    Problem,
    Settings,
    Source,
    load_settings,
    pseudonym_key,
    resolve_secrets,
    secret_values,
    validate_source_config,
)
from hub.social import Signals, load_signals, refresh
from hub.store import schema
from hub.store.engine import DatabaseUnavailable, Engine, open_engine
from hub.store.validator import Validators

Progress = Callable[[str, int, int | None, str], None]
"""Called with source id, raw records (or bytes) done, how many there are if known, and of what."""


class Hub:
    """One hub: its settings, its plugins and its database."""

    def __init__(self, settings: Settings, registry: Registry, *, environ: Mapping[str, str] | None = None) -> None:
        self.settings = settings
        self.registry = registry
        self._environ = os.environ if environ is None else environ
        self._database: str | None = None
        self.stopping = threading.Event()
        """Set it, and runs commit what they have and end as cancelled."""
        self.redactor = Redactor(secret.get_secret_value() for secret in settings.secrets)

    @classmethod
    def open(
        cls,
        config_dir: Path | None = None,
        *,
        database: str | None = None,
        environ: Mapping[str, str] | None = None,
        registry: Registry | None = None,
    ) -> Hub:
        """A hub from an operator's folder. Raises ``ConfigErrors`` with everything that is wrong in it."""
        found = registry or Registry.discover(environ)
        scheme.register(found.hooks.identifier_schemes())
        settings = load_settings(config_dir, database=database, environ=environ, secret_hook=found.hooks.secret)
        hub = cls(settings, found, environ=environ)
        hub._database = database
        return hub

    def reopened(self) -> Hub:
        """A hub of the same folder as it is by now, for runs to come; it shares what runs of a process share.

        Raises ``ConfigErrors``, and ``ConfigError`` for what cannot change while the process lives.
        """
        hub = Hub.open(self.settings.config_dir, database=self._database, environ=self._environ, registry=self.registry)
        if (hub.settings.database.url, hub.settings.data_dir) != (self.settings.database.url, self.settings.data_dir):
            raise ConfigError(
                "another database or data_dir is configured than the one in use",
                where=str(self.settings.config_dir / "hub.toml"),
                instruction="start `hub serve` again to change to it",
            )
        self.redactor.add(secret.get_secret_value() for secret in hub.settings.secrets)
        hub.stopping, hub.redactor, hub.engine = self.stopping, self.redactor, self.engine
        hub.clients = Clients(hub.settings, self.redactor, self.stopping, hosts=self.clients.hosts)
        return hub

    @cached_property
    def engine(self) -> Engine:
        """The database, upgraded to this version's schema."""
        engine = open_engine(self.settings.database.url.get_secret_value())
        schema.ensure(engine)
        return engine

    def close(self) -> None:
        """Give the database's connections back."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    @cached_property
    def signals(self) -> Signals:
        """The social-enterprise signals: the hub's own, those in ``config/signals`` and those of plugins."""
        # Whatever runs today: what plugins say must not depend on which source is read.
        self.registry.load({source.connector for source in self.settings.sources if source.enabled})
        folder = self.settings.config_dir / "signals"
        return load_signals([folder] if folder.is_dir() else (), rows=self.registry.hooks.signals())

    @cached_property
    def pseudonym_key(self) -> bytes:
        """The key of natural persons' pseudonyms: from the settings, else from a file made at first use."""
        configured, file = self.settings.privacy.pseudonym_key, self.settings.data_dir / "pseudonym.key"
        if configured is None:
            schema.refuse_missing_key(self.engine, file)
        key = pseudonym_key(file) if configured is None else configured.get_secret_value().encode()
        schema.keep_fingerprint(self.engine, key)
        return key

    @cached_property
    def clients(self) -> Clients:
        """HTTP clients; they share what hosts allow and how they fare."""
        return Clients(self.settings, self.redactor, self.stopping)

    def sources(self, ids: Iterable[str] = ()) -> list[Source]:
        """The named sources, else all enabled ones but those that nothing was dropped for yet.

        Raises ``ConfigError`` for an id that there is none of.
        """
        wanted = list(ids)
        if wanted:
            return [self.settings.source(source_id) for source_id in wanted]
        return [source for source in self.settings.sources if source.enabled and not self._waits_for_file(source)]

    def _waits_for_file(self, source: Source) -> bool:
        kept = self.settings.root / str(source.config.get("path", ""))
        return bool(source.inbox) and not (kept.is_dir() and any(path.is_file() for path in kept.iterdir()))

    def prepare(self, source: Source) -> tuple[Connector[Any], ConnectorConfig]:
        """A source's connector and its validated configuration, secrets resolved."""
        connector_class = self.registry.connector(source.connector)
        refuse_too_often(source, connector_class.manifest, interval)
        raw, found = resolve_secrets(
            source.config,
            self.settings.root,
            self.registry.hooks.secret,
            where=str(source.path),
            environ=self._environ,
        )
        self.redactor.add(found)
        config = validate_source_config(connector_class.config_model, raw, str(source.path))
        self.redactor.add(secret_values(config))
        return connector_class(), config

    def check(self) -> list[Problem]:
        """What is wrong with any source, without running one."""
        problems: list[Problem] = []
        try:
            _ = self.signals
        except HubError as error:
            problems.extend(Problem("signals", item) for item in _each(error))
        for source in self.settings.sources:
            try:
                self.prepare(source)
            except HubError as error:
                problems.extend(Problem(source.id, item) for item in _each(error))
        return problems

    def sync(
        self, ids: Iterable[str] = (), *, progress: Progress | None = None, accept_shrinking: bool = False
    ) -> Iterator[RunResult]:
        """Run sources one after the other; one that cannot begin gives a failed result and the others go on.

        ``accept_shrinking`` lets scopes retire records although they fell below their floor.
        """
        for source in self.sources(ids):
            if self.stopping.is_set():
                return
            yield self.run(source, progress, accept_shrinking=accept_shrinking)
        self.after_tick()

    def run(self, source: Source, progress: Progress | None = None, **options: Any) -> RunResult:
        """Run one source, with ``options`` of the plan; what keeps it from beginning is a failed result.

        With a ``claim`` it raises ``NotDue`` or ``AlreadyRunning`` when the run is somebody else's.
        """
        begun = partial(self._tell, action="run_started", source=source.id)
        with ExitStack() as stack:
            try:
                plan = stack.enter_context(self.plan(source, progress, on_begin=begun, **options))
            except HubError as error:
                result = self._false_start(source, error, **options)
            else:
                try:
                    result = Run(plan).execute()
                except HubError as error:  # it is at work elsewhere, not due, or the database is gone
                    if isinstance(error, NotDue | AlreadyRunning) and plan.claim is not None:
                        raise
                    result = RunResult(source.id, "", outcome="failed", reason=self.redactor(str(error)))
        self._tell(action="run_finished", source=source.id, outcome=result.outcome, reason=result.reason)
        self.deliver_notices()
        return result

    def preview(self, source: Source, progress: Progress | None = None, chosen: Selection = EVERYTHING) -> Difference:
        """What a replay of a source's archived raw records would change; nothing is stored."""
        with self.plan(source, progress) as plan:
            return preview(plan, self.redactor, chosen)

    def replay(self, source: Source, progress: Progress | None = None, chosen: Selection = EVERYTHING) -> RunResult:
        """Map a source's archived raw records anew and store what comes of it. Raises what keeps it from beginning."""
        result = RunResult(source.id, "", outcome="failed", reason="it could not begin")
        with self.plan(source, progress) as plan:
            self._tell(action="run_started", source=source.id)
            try:
                result = replay(plan, chosen)
            finally:
                self._tell(action="run_finished", source=source.id, outcome=result.outcome, reason=result.reason)
        self.deliver_notices()
        return result

    def ask(self, source: Source) -> live.Answer:
        """Ask a source as its next run would, until the first item comes; nothing is stored."""
        try:
            with self.plan(source) as plan:
                return live.ask(plan)
        except HubError as error:
            return live.Answer(source.id, 0.0, error=error)

    def consequences(self, now: datetime | None = None) -> Consequences:
        """What follows in this hub from records that are written outside a source's own run."""
        moment = (now or datetime.now(UTC)).replace(microsecond=0)
        return Consequences(self.settings.precedence, self._assess, moment)

    def _false_start(self, source: Source, error: HubError, **options: Any) -> RunResult:
        reason = self.redactor(str(error))
        unkept = RunResult(source.id, "", outcome="failed", reason=reason)
        if isinstance(error, DatabaseUnavailable) or options.get("window"):
            return unkept
        after, claim = self.settings.conditions.failing_after, options.get("claim")
        try:
            return keep_false_start(self.engine, source, reason, claim=claim, failing_after=after)
        except HubError as other:
            if isinstance(other, NotDue | AlreadyRunning) and claim is not None:
                raise
            return unkept

    def after_tick(self, now: datetime | None = None) -> None:
        """See which sources were not read for too long and which runs died, and tell people. Never fails."""
        self._watch.check(longest_ages(self.settings.sources, longest_interval), now)
        self._watch.deliver(now)

    def deliver_notices(self, now: datetime | None = None) -> None:
        """Tell people what is wrong, or over, and was not told yet. Never fails."""
        self._watch.deliver(now)

    @cached_property
    def _watch(self) -> Watch:
        receivers = self.registry.hooks.event_receivers
        channels = open_channels(self.settings, open_client=self.clients.for_webhook, receivers=receivers)
        after = self.settings.conditions.failing_after
        return Watch(lambda: self.engine, channels, self.settings.notices.name, self.redactor, after)

    @contextmanager
    def plan(self, source: Source, progress: Progress | None = None, **options: Any) -> Iterator[RunPlan]:
        """Everything that a run of this source needs, with its HTTP client open. Raises what keeps it from running."""
        from hub.http import download, sweep

        connector, config = self.prepare(source)
        validators = Validators()
        plan = RunPlan(
            source_id=source.id,
            connector=connector,
            config=config,
            engine=self.engine,
            root=self.settings.root,
            archive=Path(self.settings.archive.path),
            pseudonym_key=self.pseudonym_key,
            precedence=self.settings.precedence,
            assess=self._assess,
            batch_size=self.settings.batch_size,
            schedule=source.schedule,
            enabled=source.enabled,
            config_digest=config_digest(connector, config),
            lookback=source.lookback,
            failing_after=self.settings.conditions.failing_after,
            keep_archive=self.settings.archive.keep,
            keep_current=self.settings.archive.keep_current,
            validators=validators,
            stop=self.stopping,
            redact=self.redactor,
        )
        with self.clients.for_run(connector, config, validators) as client:
            folder = self.settings.data_dir / "spool"
            sweep(folder)
            spool = partial(download, client, folder)
            if progress is not None:
                options["on_progress"] = partial(progress, source.id)
            yield replace(plan, client=client, spool=spool, **options)

    def _tell(self, **event: str) -> None:
        dispatch(event, self.registry.hooks.event_receivers())

    def _assess(
        self, connection: Any, organisation_ids: set[str], now: datetime, /, *, forgotten: str = ""
    ) -> list[Any]:
        return refresh(connection, organisation_ids, signals=self.signals, now=now, forgotten=forgotten)


def _each(error: HubError) -> Iterable[HubError]:
    return error.errors if isinstance(error, ConfigErrors) else (error,)


__all__ = ["ConfigError", "Hub", "Problem", "Progress"]
