"""What every kind of run has: a lease, a heartbeat, an outcome. The work itself is handed in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from hub.archive import Segment
from hub.runs import condition, sql
from hub.runs.batch import BatchWriter
from hub.runs.lease import Lease, LeaseLost, Stopped, beating
from hub.runs.outcome import Outcome, RunResult
from hub.runs.plan import RunPlan
from hub.sdk import HubError
from hub.store import erase, position
from hub.store.engine import Connection, transaction

Kind = Literal["sync", "backfill", "replay", "erase", "rename", "remove"]
Closing = Callable[[Connection], None]


@dataclass
class Execution:
    """A run at work. What ``closing`` holds is committed together with the outcome."""

    plan: RunPlan
    lease: Lease
    result: RunResult
    writer: BatchWriter
    cursor: Mapping[str, Any]
    now: datetime
    log: logging.Logger
    lost: threading.Event = field(default_factory=threading.Event)
    closing: list[Closing] = field(default_factory=list)

    def go_on(self) -> None:
        """Raise when the run should not: it was asked to stop, or declared dead. Call it between items."""
        if self.plan.stop.is_set():
            raise Stopped("stopped; what was committed stays and the next run goes on")
        if self.lost.is_set():
            raise LeaseLost(f"run {self.lease.run_id[:8]} of source {self.lease.source_id!r} was declared dead")

    @contextmanager
    def committing(self) -> Iterator[Connection]:
        """A transaction that commits only while the lease is ours. Raises :class:`LeaseLost` when it is not."""
        with transaction(self.plan.engine) as connection:
            if not sql.beat(connection, self.lease.run_id, at=datetime.now(UTC)):
                raise LeaseLost(f"run {self.lease.run_id[:8]} of source {self.lease.source_id!r} was declared dead")
            yield connection

    @property
    def at(self) -> str:
        """The run's start, as stored."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")


def execute(plan: RunPlan, work: Callable[[Execution], None], *, kind: Kind = "sync") -> RunResult:
    """Run ``work`` to an outcome. Raises only when the run could not begin or the database is gone."""
    began = time.monotonic()
    execution = _begin(plan, kind)
    result = execution.result
    try:
        plan.on_begin()
        with beating(lambda: _beat(execution), execution.lost):
            work(execution)
    except Stopped as error:
        _end(result, "cancelled", error.reason)
    except LeaseLost as error:
        _end(result, "lost", str(error))
    except HubError as error:
        _end(result, "partial" if result.read else "failed", str(error))
    except Exception as error:
        _end(result, "failed", f"{type(error).__name__}: see the log")
        execution.log.exception("run failed", extra={"action": "run_failed"})
    except BaseException:
        _end(result, "cancelled", "stopped by the operator; what was committed stays")
        raise
    finally:
        execution.writer.segment.close()
        result.seconds = round(time.monotonic() - began, 3)
        result.reason = plan.redact(result.reason)  # a source's own words, and a publisher's, may be in it
        if result.outcome != "lost":
            _finish(execution, kind)
    return result


def _begin(plan: RunPlan, kind: Kind) -> Execution:
    now = (plan.now or datetime.now(UTC)).replace(microsecond=0)
    with transaction(plan.engine) as connection:
        cursor = sql.register_source(
            connection,
            plan.source_id,
            plan.connector.manifest,
            schedule=plan.schedule,
            enabled=plan.enabled,
            digest=plan.config_digest,
        )
        if plan.claim is not None:
            plan.claim(connection)
        lease = sql.open_run(connection, plan.source_id, now=now, kind=kind, window=plan.window)
        if kind == "backfill":
            # It marks records as seen: a scope whose reading broke off could no longer tell what is missing in it.
            position.forget_all(connection, plan.source_id)
        has_barred = erase.has_barred(connection, plan.source_id)
    result = RunResult(plan.source_id, lease.run_id)
    segment = Segment(plan.archive, lease.seed, lease.run_id, now.strftime("%Y-%m"))
    rules = (plan.precedence, plan.assess, now)
    writer = BatchWriter(plan.engine, plan.connector, lease, result, segment, *rules, has_barred=has_barred)
    log = logging.getLogger(f"hub.source.{plan.source_id}")
    return Execution(plan, lease, result, writer, cursor, now, log)


def _beat(execution: Execution) -> bool:
    with transaction(execution.plan.engine) as connection:
        return sql.beat(connection, execution.lease.run_id, at=datetime.now(UTC))


def _finish(execution: Execution, kind: Kind) -> None:
    result = execution.result
    try:
        with transaction(execution.plan.engine) as connection:
            for close in execution.closing:
                close(connection)
            at, sync = datetime.now(UTC), kind == "sync"
            sql.finish_run(connection, result, at=at, sync=sync)
            condition.settle(connection, result, at=at, sync=sync, failing_after=execution.plan.failing_after)
    except LeaseLost as error:
        _end(result, "lost", str(error))


def _end(result: RunResult, outcome: Outcome, reason: str) -> None:
    if result.outcome == "suspect" and outcome in ("partial", "failed"):
        outcome, reason = "suspect", f"{result.reason}; then it broke off: {reason}"
    result.outcome, result.reason = outcome, reason
