"""One batch: raw records in, one transaction out (DESIGN rule 3, ADR 0001).

The mapping runs before the transaction, so that a writer's lock is held for writing alone. Everything that the batch
causes (records, retired records, canonical organisations, verdicts, seen keys, faults, checkpoint, change numbers) is
committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from hub.archive import Segment
from hub.identity import canonicalise
from hub.identity.sql import add_mentions, prune_mentions
from hub.pipeline.fingerprint import raw_hash
from hub.pipeline.normalise import Normalised, normalise
from hub.runs import sql
from hub.runs.lease import Lease
from hub.runs.outcome import RunResult
from hub.runs.plan import Assess
from hub.sdk import Connector, Drift, RawRecord
from hub.store import changes, faults, raw
from hub.store.engine import Connection, Engine, reading, transaction
from hub.store.faults import Fault
from hub.store.rows import Aggregate, flatten
from hub.store.writer import Writer, Written

Also = Callable[[Connection], None]
"""Something to be committed together with a batch, such as the checkpoint behind it."""


@dataclass(slots=True)
class Batch:
    """What was fetched since the last commit."""

    records: dict[str, tuple[RawRecord, str]] = field(default_factory=dict)
    """By raw id: the raw record and its hash."""
    faults: list[Fault] = field(default_factory=list)
    drift: set[Drift] = field(default_factory=set)
    repeated: int = 0
    rejected: int = 0
    """Items that came and could not even become raw records."""
    size: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.records or self.faults or self.drift or self.repeated)

    def add(self, raw_id: str, record: RawRecord) -> None:
        """Take a raw record; one that repeats a key with other content is a fault."""
        fingerprint = raw_hash(record)
        if raw_id in self.records:
            self.repeat(record, same=self.records[raw_id][1] == fingerprint)
            return
        self.records[raw_id] = (record, fingerprint)
        self.size += len(record.payload) if isinstance(record.payload, bytes) else 500

    def contest(self, raw_ids: Iterable[str]) -> None:
        """Keep as faults raw records that gave a record which another one had already given."""
        for raw_id in sorted(raw_ids):
            record = self.records[raw_id][0]
            reason = "another item of this run describes the same record differently; the first one stands"
            self.faults.append(Fault(record.stream, record.key, "store", reason, record.origin))

    def repeat(self, record: RawRecord, *, same: bool) -> None:
        """Count a key that came before; keep it as a fault unless it says the same."""
        self.repeated += 1
        if not same:
            reason = "the same key came before in this run with other content; the first one was kept"
            self.faults.append(Fault(record.stream, record.key, "fetch", reason, record.origin))


@dataclass(frozen=True, slots=True)
class BatchWriter:
    """Commits the batches of one run."""

    engine: Engine
    connector: Connector[Any]
    lease: Lease
    result: RunResult
    segment: Segment
    precedence: Sequence[str]
    assess: Assess
    now: datetime
    passes: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """For scopes (stream and name) whose reading began in an earlier run: that run and those since."""

    def commit(self, batch: Batch, also: Also | None = None) -> None:
        """Store a batch and, with it, ``also``. Counts move only when the database has committed."""
        if batch.is_empty and also is None:
            return
        before = replace(self.result, counts=self.result.counts.copy())
        try:
            self._commit(batch, also)
        except BaseException:
            self.result.take_counts(before)
            raise

    def _commit(self, batch: Batch, also: Also | None) -> None:
        with reading(self.engine) as connection:
            known = raw.look_up(connection, batch.records)
        fresh, unchanged = self._split(batch, known)
        normalised = {raw_id: self._normalise(raw_id, batch) for raw_id in fresh}
        positions = self._archive(batch, fresh, known)
        aggregates = {
            raw_id: [flatten(record, self.lease.seed) for record in outcome.records]
            for raw_id, outcome in normalised.items()
            if outcome.rejection is None
        }
        at = self._at
        with transaction(self.engine) as connection:
            raw.mark_seen(connection, unchanged, run_id=self.result.run_id)
            written = self._writer(connection).write(aggregates, stored_before=aggregates.keys() & known.keys())
            batch.contest(written.contested)
            self._remember(connection, batch, normalised, known, positions, rejected=written.contested)
            raw.mark_seen(connection, self._mentioned_by_faults(batch), run_id=self.result.run_id)
            self._keep_faults(connection, batch, aggregates)
            if positions:
                self._keep_segment(connection, at)
            self._count(batch, aggregates, known, written, len(unchanged))
            self.finish(connection, written, also)

    def retire(self, raw_ids: Sequence[str]) -> None:
        """Retire raw records that a complete scope no longer holds, with all that they own."""
        with transaction(self.engine) as connection:
            written = self._writer(connection).retire(raw_ids)
            raw.mark_retired(connection, raw_ids, at=self._at)
            self.result.retired += len(raw_ids)
            self.finish(connection, written)

    def finish(self, connection: Connection, written: Written, also: Also | None = None) -> None:
        """Compute what follows from the written records, and number the changes as the last act."""
        changes.take_turn(connection)
        if written.unnamed:
            prune_mentions(connection, written.unnamed, self.result.source)
        touched = written.organisation_ids | written.unnamed
        touched |= add_mentions(connection, written.named, self.result.source)
        log = list(written.changes)
        log += canonicalise(connection, touched, precedence=self.precedence, at=self._at)
        log += self.assess(connection, touched, self.now)
        if also is not None:
            also(connection)
        sql.note_progress(connection, self.result, at=datetime.now(UTC))
        changes.append(connection, log, run_id=self.result.run_id, at=self._at)

    def seen(self, known: raw.Known) -> bool:
        """Whether this reading of its scope has met a raw record already, in this run or before it broke off."""
        return known.seen_run_id in self.passes.get((known.stream, known.scope), (self.lease.run_id,))

    def _writer(self, connection: Connection) -> Writer:
        return Writer(connection, source_id=self.lease.source_id, run_id=self.lease.run_id, at=self._at, seen=self.seen)

    @property
    def _at(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _split(self, batch: Batch, known: Mapping[str, raw.Known]) -> tuple[list[str], list[str]]:
        version = self.connector.manifest.version
        fresh: list[str] = []
        unchanged: list[str] = []
        for raw_id, (record, fingerprint) in list(batch.records.items()):
            before = known.get(raw_id)
            if before is not None and self.seen(before):
                del batch.records[raw_id]
                batch.repeat(record, same=before.raw_hash == fingerprint)
            elif before is not None and before.says(fingerprint, version, record.scope):
                unchanged.append(raw_id)
            else:
                fresh.append(raw_id)
        return fresh, unchanged

    def _normalise(self, raw_id: str, batch: Batch) -> Normalised:
        record, _ = batch.records[raw_id]
        outcome = normalise(self.connector.normalise, record)
        batch.drift.update(outcome.drift)
        if outcome.rejection is not None:
            why = outcome.rejection
            batch.faults.append(
                Fault(record.stream, record.key, "normalise", why.reason, record.origin, why.field, why.value)
            )
        return outcome

    def _archive(self, batch: Batch, fresh: Sequence[str], known: Mapping[str, raw.Known]) -> dict[str, int]:
        new = [raw_id for raw_id in fresh if raw_id not in known or known[raw_id].raw_hash != batch.records[raw_id][1]]
        first = self.segment.append([batch.records[raw_id] for raw_id in new])
        return {raw_id: first + index for index, raw_id in enumerate(new)}

    def _remember(
        self,
        connection: Connection,
        batch: Batch,
        normalised: Mapping[str, Normalised],
        known: Mapping[str, raw.Known],
        positions: Mapping[str, int],
        *,
        rejected: Collection[str],
    ) -> None:
        rows = []
        for raw_id, outcome in normalised.items():
            record, fingerprint = batch.records[raw_id]
            before = known.get(raw_id)
            archived = raw_id in positions
            rows.append(
                raw.RawRow(
                    raw_id,
                    record.stream,
                    record.key,
                    record.scope,
                    fingerprint,
                    outcome.rejection is not None or raw_id in rejected,
                    self.result.run_id if archived else before.segment_id if before else None,
                    positions[raw_id] if archived else before.position if before else None,
                )
            )
        raw.remember(
            connection,
            rows,
            source_id=self.result.source,
            connector_version=self.connector.manifest.version,
            run_id=self.result.run_id,
        )

    def _mentioned_by_faults(self, batch: Batch) -> list[str]:
        # An item that came but could not be read is not gone: its last good version stays.
        return [raw.raw_id(self.lease.seed, fault.stream, fault.key) for fault in batch.faults]

    def _keep_faults(self, connection: Connection, batch: Batch, aggregates: Mapping[str, Sequence[Aggregate]]) -> None:
        source_id, run_id = self.result.source, self.result.run_id
        version = self.connector.manifest.version
        faults.quarantine_faults(connection, batch.faults, self.lease, connector_version=version, at=self._at)
        faults.resolve_faults(connection, aggregates, run_id=run_id, at=self._at)
        faults.report_drift(connection, batch.drift, source_id=source_id, run_id=run_id, at=self._at)

    def _keep_segment(self, connection: Connection, at: str) -> None:
        sql.keep_segment(
            connection,
            source_id=self.result.source,
            run_id=self.result.run_id,
            path=self.segment.name,
            records=self.segment.record_count,
            size=self.segment.byte_count,
            at=at,
        )

    def _count(
        self,
        batch: Batch,
        aggregates: Mapping[str, Sequence[Aggregate]],
        known: Mapping[str, raw.Known],
        written: Written,
        unchanged: int,
    ) -> None:
        result = self.result
        result.read += len(batch.records) + batch.repeated + batch.rejected
        result.quarantined += len(batch.faults)
        result.unchanged += unchanged
        if batch.repeated:
            result.counts["repeated"] += batch.repeated
        for raw_id in aggregates.keys() - written.contested:
            if raw_id not in known:
                result.stored += 1
            elif written.operations.get(raw_id):
                result.changed += 1
            else:
                result.unchanged += 1
