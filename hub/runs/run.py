"""A sync: it fetches, hands over batches, proves scopes complete, and ends with an outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from hub.pipeline.gate import Gate
from hub.runs import backfill, retention, sql
from hub.runs.batch import Also, Batch
from hub.runs.completion import FEW, complete
from hub.runs.erase import PUBLISHER, Demand, erase
from hub.runs.execution import Execution, execute
from hub.runs.outcome import RunResult
from hub.runs.plan import RunPlan
from hub.sdk import (
    Checkpoint,
    Complete,
    Context,
    Drift,
    Erase,
    FetchItem,
    PluginError,
    RawRecord,
    Reject,
    Stream,
)
from hub.store import faults, position, raw
from hub.store.engine import Connection, reading
from hub.store.faults import Fault
from hub.store.position import Position
from hub.store.watched import watched

_TOO_MANY: Final = 0.2
"""Items that could not be read, for each one that could: with more, the source was not read whole."""


class Run:
    """One execution of a source: a sync, or a backfill when the plan has a window."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._scope_counts: Counter[tuple[str, str]] = Counter()
        self._first_runs: dict[tuple[str, str], int] = {}
        self._missed_whole = False
        self._demanded: dict[str, None] = {}
        self._gate = Gate(plan.pseudonym_key)
        self._streams = {stream.name: stream for stream in plan.connector.manifest.streams}

    def execute(self) -> RunResult:
        """Run to an outcome. Raises only when the run could not begin or the database is gone."""
        return execute(self._plan, self._sync, kind="backfill" if self._plan.window else "sync")

    def _sync(self, work: Execution) -> None:
        plan = self._plan
        cursor = work.cursor
        with reading(plan.engine) as connection:
            if plan.validators is not None and plan.window is None:
                plan.validators.load(connection, plan.source_id)
            if plan.window is not None:
                cursor = backfill.cursor_of(connection, plan.source_id, plan.window)
        work.closing.append(partial(self._close, work, asked_for_news=bool(cursor)))
        context: Context[Any] = Context(
            source_id=plan.source_id,
            config=plan.config,
            now=work.now,
            root=plan.root,
            pseudonym_key=plan.pseudonym_key,
            cursor=cursor,
            window=plan.window,
            log=work.log,
            client=plan.client,
            spool=plan.spool,
            resume=partial(self._resume, work),
            watch=self._watched,
            lookback=plan.lookback,
            on_progress=plan.on_progress,
            counts=work.result.counts,
        )
        self._fetch(context, work)
        self._conclude(work.result)
        retention.tidy(work)

    def _fetch(self, context: Context[Any], work: Execution) -> None:
        batch = Batch()
        try:
            for yielded in self._plan.connector.fetch(context):
                item = self._without_persons(yielded)
                if self._is_due(item, batch, work):
                    work.writer.commit(batch)
                    batch = Batch()
                    self._erase(work)
                self._take(item, batch, work)
                if isinstance(item, Checkpoint | Complete) or batch.is_full(self._plan.batch_size):
                    self._erase(work)
                    full, batch = batch, Batch()
                    work.writer.commit(full, self._mark(item, work) if isinstance(item, Checkpoint) else None)
                    context.progress(work.result.read)
                if isinstance(item, Complete):
                    self._complete(item, work)
                work.go_on()
        finally:
            # Also when the source breaks: what came before it is kept.
            if not work.lost.is_set():
                work.writer.commit(batch)
                self._erase(work)
            if self._gate.masked:
                work.result.counts["masked_by_gate"] = self._gate.masked

    def _watched(self, scheme: str) -> list[str]:
        with reading(self._plan.engine) as connection:
            return watched(connection, scheme)

    def _is_due(self, item: FetchItem, batch: Batch, work: Execution) -> bool:
        """Whether batch and demands must be dealt with before the item, for they speak of the same raw record."""
        if not isinstance(item, RawRecord | Erase):
            return False
        raw_id = raw.raw_id(work.lease.seed, item.stream, item.key)
        if isinstance(item, Erase):
            return raw_id in batch.records or len(self._demanded) >= self._plan.batch_size
        return raw_id in self._demanded

    def _erase(self, work: Execution) -> None:
        """Erase what the publisher demanded of records that are committed by now, or were never sent."""
        demanded, self._demanded = list(self._demanded), {}
        if demanded:
            erase(work, demanded, Demand(PUBLISHER, "the publisher withdrew it", barred=False))

    def _without_persons(self, item: FetchItem) -> FetchItem:
        public = isinstance(item, RawRecord | Reject | Erase) and self._stream(item.stream).public_keys
        return self._gate(item, public_keys=public)

    def _take(self, item: FetchItem, batch: Batch, work: Execution) -> None:
        match item:
            case RawRecord():
                self._scope_counts[item.stream, item.scope] += 1
                batch.add(raw.raw_id(work.lease.seed, item.stream, item.key), item)
            case Reject():
                told = map(self._plan.redact, (item.reason, item.origin, item.field, item.value))
                batch.faults.append(Fault(item.stream, item.key, "fetch", *told))
                batch.rejected += 1
                self._missed_whole = self._missed_whole or item.whole
            case Drift():
                batch.drift.add(item)
            case Erase():
                self._demanded[raw.raw_id(work.lease.seed, item.stream, item.key)] = None
            case Checkpoint() | Complete():
                pass

    def _stream(self, name: str) -> Stream:
        if name not in self._streams:
            known = ", ".join(self._streams)
            raise PluginError(
                f"connector {self._plan.connector.manifest.id!r} yielded stream {name!r}; its manifest names: {known}",
                instruction="tell the connector's author",
            )
        return self._streams[name]

    def _mark(self, item: Checkpoint, work: Execution) -> Also:
        """What commits a checkpoint: into its scope's position, the backfill's window or the source's cursor."""
        plan = self._plan
        if item.scope or item.stream:
            self._stream(item.stream)
            if not item.version:
                raise PluginError(
                    f"connector {plan.connector.manifest.id!r} yielded a position in scope {item.scope!r} without a"
                    " version: nobody could tell whether the payload changed before it is resumed",
                    instruction="tell the connector's author",
                )
            if plan.window is not None:
                return lambda connection: None  # noqa: ARG005 - positions are the live reading's
            key = (item.stream, item.scope)
            first = self._first_runs.get(key, work.lease.number)
            found = Position(item.version, item.cursor, self._scope_counts[key], first)
            return lambda connection: position.keep(connection, plan.source_id, *key, found)
        if plan.window is not None:
            window = plan.window
            return lambda connection: backfill.keep_cursor(connection, plan.source_id, window, item.cursor)
        return lambda connection: sql.keep_cursor(connection, plan.source_id, item.cursor)

    def _resume(self, work: Execution, stream: str, scope: str, version: str) -> Mapping[str, Any]:
        """The position kept for a scope; one of another version is forgotten at once, and its reading with it."""
        plan, asked = self._plan, self._gate(Checkpoint({}, stream, scope, version))
        if not isinstance(asked, Checkpoint) or plan.window is not None:
            return {}
        key = (asked.stream, asked.scope)
        with work.committing() as connection:
            found = position.find(connection, plan.source_id, *key)
            if found is None:
                return {}
            if found.version != asked.version:
                position.forget(connection, plan.source_id, *key)
                work.log.info("scope %r changed since its reading broke off; it is read anew", asked.scope)
                return {}
            runs = sql.run_ids_since(connection, plan.source_id, found.first_run)
        self._scope_counts[key] = found.yielded
        self._first_runs[key] = found.first_run
        work.writer.passes[key] = frozenset(runs)
        return found.cursor

    def _complete(self, item: Complete, work: Execution) -> None:
        key = (item.stream, item.scope)
        since = self._first_runs.pop(key, work.lease.number)
        floor = self._stream(item.stream).floor
        if reason := complete(work, item, yielded=self._scope_counts[key], since=since, floor=floor):
            work.result.outcome, work.result.reason = "suspect", reason
            work.log.warning(reason, extra={"action": "scope_suspect"})

    def _conclude(self, result: RunResult) -> None:
        if result.outcome == "suspect":
            return
        good = result.stored + result.changed + result.unchanged
        if self._missed_whole:
            result.outcome, result.reason = "partial", "a whole file could not be read; see `hub quarantine list`"
        elif result.quarantined > (FEW if good else 0) and result.quarantined > good * _TOO_MANY:
            result.outcome = "partial"
            result.reason = f"{result.quarantined} items could not be read, {good} could; see `hub quarantine list`"
        elif not (result.stored or result.changed or result.retired or result.counts["erased"]):
            result.outcome = "unchanged"

    def _close(self, work: Execution, connection: Connection, *, asked_for_news: bool) -> None:
        """What the end of a run says beyond its outcome, committed with it."""
        plan, result = self._plan, work.result
        if plan.window is not None:
            backfill.keep_outcome(connection, result, plan.window, at=work.at)
        if not result.whole:
            return
        validators = plan.validators
        if validators is not None and plan.window is None:
            validators.commit(connection, plan.source_id)
        # What did not come again may just not have been asked for: with a cursor, or when files had not changed.
        all_came = not asked_for_news or all(stream.snapshot for stream in self._streams.values())
        if all_came and plan.window is None and not (validators and validators.spared):
            faults.resolve_older_faults(connection, plan.source_id, run_id=work.lease.run_id, at=work.at)
