"""A run: it fetches, hands over batches, proves scopes complete, and ends with an outcome."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from hub.archive import Segment
from hub.pipeline.gate import Gate
from hub.runs import sql
from hub.runs.batch import Assess, Batch, BatchWriter
from hub.runs.outcome import Outcome, RunResult
from hub.sdk import (
    Checkpoint,
    Complete,
    Connector,
    ConnectorConfig,
    Context,
    Drift,
    FetchItem,
    HubError,
    PluginError,
    RawRecord,
    Reject,
    Stream,
)
from hub.store import faults, raw
from hub.store.engine import Engine, reading, transaction
from hub.store.faults import Fault

_FEW: Final = 5
"""So many records fewer never make a scope suspect, unless none is left."""
_TOO_MANY: Final = 0.2
"""Items that could not be read, for each one that could: with more, the source was not read whole."""
_BATCH_BYTES: Final = 32 << 20
"""Payload after which a batch is committed even when it is short in records."""

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True)
class RunPlan:
    """Everything that a run needs, put together by the service."""

    source_id: str
    connector: Connector[Any]
    config: ConnectorConfig
    engine: Engine
    root: Path
    archive: Path
    pseudonym_key: bytes = field(repr=False)
    precedence: Sequence[str]
    assess: Assess
    batch_size: int = 5000
    schedule: str = "daily"
    enabled: bool = True
    on_progress: Progress = lambda done, total, what: None  # noqa: ARG005
    client: Any = None  # an HTTP client; only its maker and the connector know more
    spool: Callable[..., Any] | None = None
    accept_shrinking: bool = False
    now: datetime | None = None


class Run:
    """One execution of a source."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._now = (plan.now or datetime.now(UTC)).replace(microsecond=0)
        self._log = logging.getLogger(f"hub.source.{plan.source_id}")
        self._scope_counts: Counter[tuple[str, str]] = Counter()
        self._missed_whole = False
        self._gate = Gate(plan.pseudonym_key)
        self._streams = {stream.name: stream for stream in plan.connector.manifest.streams}

    def execute(self) -> RunResult:
        """Run to an outcome. Raises only when the run could not begin or the database is gone."""
        plan, began = self._plan, time.monotonic()
        manifest = plan.connector.manifest
        with transaction(plan.engine) as connection:
            cursor = sql.register_source(
                connection, plan.source_id, manifest, schedule=plan.schedule, enabled=plan.enabled
            )
            run_id = sql.open_run(connection, plan.source_id, now=self._now)
        result = RunResult(plan.source_id, run_id)
        segment = Segment(plan.archive, plan.source_id, run_id, self._now.strftime("%Y-%m"))
        context: Context[Any] = Context(
            source_id=plan.source_id,
            config=plan.config,
            now=self._now,
            root=plan.root,
            pseudonym_key=plan.pseudonym_key,
            cursor=cursor,
            log=self._log,
            client=plan.client,
            spool=plan.spool,
            on_progress=plan.on_progress,
            counts=result.counts,
        )
        writer = BatchWriter(plan.engine, plan.connector, result, segment, plan.precedence, plan.assess, self._now)
        try:
            self._fetch(context, writer)
            self._conclude(result)
        except HubError as error:
            self._end(result, "partial" if result.read else "failed", str(error))
        except KeyboardInterrupt:
            self._end(result, "cancelled", "stopped by the operator; what was committed stays")
            raise
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises, the run gets an outcome
            self._end(result, "failed", f"{type(error).__name__}: see the log")
            self._log.exception("run failed", extra={"action": "run_failed"})
        finally:
            segment.close()
            result.seconds = round(time.monotonic() - began, 3)
            with transaction(plan.engine) as connection:
                # With a cursor, what a source of events did not meet again may just not have been asked for.
                if result.whole and (not cursor or all(stream.snapshot for stream in manifest.streams)):
                    faults.resolve_older_faults(connection, plan.source_id, run_id=run_id, at=_stored(self._now))
                sql.finish_run(connection, result, at=datetime.now(UTC))
        return result

    def _fetch(self, context: Context[Any], writer: BatchWriter) -> None:
        batch = Batch()
        try:
            for yielded in self._plan.connector.fetch(context):
                item = self._without_persons(yielded)
                self._take(item, batch)
                if isinstance(item, Checkpoint | Complete) or self._is_full(batch):
                    full, batch = batch, Batch()
                    writer.commit(full, item.cursor if isinstance(item, Checkpoint) else None)
                    context.progress(writer.result.read)
                if isinstance(item, Complete):
                    self._complete(item, writer)
        finally:
            # Also when the source breaks: what came before it is kept.
            writer.commit(batch, None)
            if self._gate.masked:
                writer.result.counts["masked_by_gate"] = self._gate.masked

    def _without_persons(self, item: FetchItem) -> FetchItem:
        public = isinstance(item, RawRecord | Reject) and self._stream(item.stream).public_keys
        return self._gate(item, public_keys=public)

    def _take(self, item: FetchItem, batch: Batch) -> None:
        match item:
            case RawRecord():
                self._scope_counts[item.stream, item.scope] += 1
                batch.add(raw.raw_id(self._plan.source_id, item.stream, item.key), item)
            case Reject():
                batch.faults.append(
                    Fault(item.stream, item.key, "fetch", item.reason, item.origin, item.field, item.value)
                )
                batch.rejected += 1
                self._missed_whole = self._missed_whole or item.whole
            case Drift():
                batch.drift.add(item)
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

    def _is_full(self, batch: Batch) -> bool:
        return len(batch.records) + len(batch.faults) >= self._plan.batch_size or batch.size >= _BATCH_BYTES

    def _complete(self, item: Complete, writer: BatchWriter) -> None:
        """Retire what a scope no longer holds, when it is proven whole and did not shrink below its floor."""
        plan, result = self._plan, writer.result
        yielded = self._scope_counts[item.stream, item.scope]
        if yielded != item.expected:
            reason = f"scope {item.scope!r} promised {item.expected} raw records and gave {yielded}"
            self._suspect(result, reason)
            return
        with reading(plan.engine) as connection:
            seen, lost = raw.count_in_scope(
                connection, plan.source_id, item.stream, item.scope, seen_run_id=result.run_id
            )
            before = sql.last_scope_count(connection, plan.source_id, item.stream, item.scope)
        if before is not None and self._fell(seen, lost, before, self._stream(item.stream).floor):
            self._suspect(
                result,
                f"{lost} of {before} raw records of scope {item.scope!r} are gone; nothing was retired"
                f" → if that is right, run `hub sync --accept-shrinking {plan.source_id}`",
            )
            return
        while True:
            with reading(plan.engine) as connection:
                missing = raw.missing_in_scope(
                    connection,
                    plan.source_id,
                    item.stream,
                    item.scope,
                    seen_run_id=result.run_id,
                    limit=plan.batch_size,
                )
            if not missing:
                break
            writer.retire(missing)
        with transaction(plan.engine) as connection:
            sql.keep_scope(
                connection,
                source_id=plan.source_id,
                stream=item.stream,
                scope=item.scope,
                run_id=result.run_id,
                count=seen,
                at=_stored(self._now),
            )

    def _fell(self, seen: int, lost: int, before: int, floor: float) -> bool:
        """Whether so much is gone from a scope that something is probably wrong. A short list may lose a few members.

        What is new does not make up for what is gone: last month's ledger in place of this one's has as many rows.
        """
        return not self._plan.accept_shrinking and lost > 0 and (seen == 0 or lost > max(_FEW, before * (1 - floor)))

    def _suspect(self, result: RunResult, reason: str) -> None:
        result.outcome, result.reason = "suspect", reason
        self._log.warning(reason, extra={"action": "scope_suspect"})

    def _conclude(self, result: RunResult) -> None:
        if result.outcome == "suspect":
            return
        good = result.stored + result.changed + result.unchanged
        if self._missed_whole:
            result.outcome, result.reason = "partial", "a whole file could not be read; see `hub quarantine list`"
        elif result.quarantined > (_FEW if good else 0) and result.quarantined > good * _TOO_MANY:
            result.outcome = "partial"
            result.reason = f"{result.quarantined} items could not be read, {good} could; see `hub quarantine list`"
        elif not (result.stored or result.changed or result.retired):
            result.outcome = "unchanged"

    def _end(self, result: RunResult, outcome: Outcome, reason: str) -> None:
        result.outcome, result.reason = outcome, reason


def _stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
