"""One batch: raw records in, one transaction out (DESIGN rule 3, ADR 0001).

The mapping runs before the transaction, so that a writer's lock is held for writing alone. Everything that the batch
causes (records, retired records, canonical organisations, verdicts, seen keys, faults, checkpoint, change numbers) is
committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hub.archive import Segment
from hub.pipeline.normalise import Normalised
from hub.runs import sql
from hub.runs.consequence import Also, Consequences
from hub.runs.lease import Lease
from hub.runs.mapping import Batch, Mapped, map_batch
from hub.runs.outcome import RunResult
from hub.runs.plan import Assess
from hub.sdk import Connector
from hub.store import faults, raw
from hub.store.drift import report_drift
from hub.store.engine import Connection, Engine, reading, transaction
from hub.store.erase import find_barred
from hub.store.writer import Writer, Written

__all__ = ["Also", "Batch", "BatchWriter"]


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
    has_barred: bool = False
    """Whether some raw record of the source is never to be stored again."""

    def commit(self, batch: Batch, also: Also | None = None) -> None:
        """Store a batch and, with it, ``also``. Counts move only when the database has committed."""
        if batch.is_empty and also is None:
            return
        with self.counted():
            self._commit(batch, also)

    def remap(self, batch: Batch, *, is_ahead: Callable[[raw.Known], bool]) -> None:
        """Store what today's mapping makes of archived raw records, each in the version that is the source's current.

        ``is_ahead`` tells of a raw record whether this run has yet to map it again. When and in which scope they were
        seen stays as it is, and so does where the archive holds them.
        """
        with self.counted():
            self._remap(batch, is_ahead)

    def _commit(self, batch: Batch, also: Also | None) -> None:
        with reading(self.engine) as connection:
            if self.has_barred:
                self._drop_barred(connection, batch)
            known = raw.look_up(connection, batch.records)
        fresh, unchanged = self._split(batch, known)
        mapped = map_batch(self.connector, self.lease.seed, batch, fresh)
        positions = self._archive(batch, fresh, known)
        at = self._at
        with transaction(self.engine) as connection:
            raw.mark_seen(connection, unchanged, run_id=self.result.run_id)
            written = self._write(connection, batch, mapped, known, self.seen)
            self._remember(connection, batch, mapped.outcomes, known, positions, rejected=written.contested)
            raw.map_anew(connection, written.shared)
            raw.mark_seen(connection, self._mentioned_by_faults(batch), run_id=self.result.run_id)
            self._keep_faults(connection, batch)
            faults.resolve_faults(connection, mapped.aggregates, run_id=self.result.run_id, at=at)
            if positions:
                self._keep_segment(connection, at)
            self._count(batch, mapped, known, written, len(unchanged))
            self.finish(connection, written, also)

    def _remap(self, batch: Batch, is_ahead: Callable[[raw.Known], bool]) -> None:
        with reading(self.engine) as connection:
            known = raw.look_up(connection, batch.records)
        mapped = map_batch(self.connector, self.lease.seed, batch, batch.records)
        with transaction(self.engine) as connection:
            written = self._write(connection, batch, mapped, known, lambda owner: not is_ahead(owner))
            accepted = mapped.aggregates.keys() - written.contested
            version = self.connector.manifest.version
            raw.mark_mapped(connection, accepted, connector_version=version, rejected=False)
            raw.mark_mapped(connection, batch.records.keys() - accepted, connector_version=version, rejected=True)
            raw.map_anew(connection, written.shared)
            self._keep_faults(connection, batch)
            faults.resolve_mapping_faults(connection, batch.records, run_id=self.result.run_id, at=self._at)
            self._count(batch, mapped, known, written, 0)
            self.finish(connection, written)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Take the counts back when the block, and with it the transaction in it, fails."""
        before = replace(self.result, counts=self.result.counts.copy())
        try:
            yield
        except BaseException:
            self.result.take_counts(before)
            raise

    def retire(self, raw_ids: Sequence[str]) -> None:
        """Retire raw records that a complete scope no longer holds, with all that they own."""
        with transaction(self.engine) as connection:
            written = self._writer(connection, self.seen).retire(raw_ids)
            raw.mark_retired(connection, raw_ids, at=self._at)
            self.result.retired += len(raw_ids)
            self.finish(connection, written)

    def finish(self, connection: Connection, written: Written, also: Also | None = None) -> None:
        """Compute what follows from the written records, and number the changes as the last act."""
        follow = Consequences(self.precedence, self.assess, self.now)
        follow.finish(connection, self.result, written, also)

    def seen(self, known: raw.Known) -> bool:
        """Whether this reading of its scope has met a raw record already, in this run or before it broke off."""
        return known.seen_run_id in self.passes.get((known.stream, known.scope), (self.lease.run_id,))

    def _writer(self, connection: Connection, seen: Callable[[raw.Known], bool]) -> Writer:
        return Writer(connection, source_id=self.lease.source_id, run_id=self.lease.run_id, at=self._at, seen=seen)

    def _write(
        self,
        connection: Connection,
        batch: Batch,
        mapped: Mapped,
        known: Mapping[str, raw.Known],
        seen: Callable[[raw.Known], bool],
    ) -> Written:
        stored_before = mapped.aggregates.keys() & known.keys()
        written = self._writer(connection, seen).write(mapped.aggregates, stored_before=stored_before)
        batch.contest(written.contested)
        return written

    @property
    def _at(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _drop_barred(self, connection: Connection, batch: Batch) -> None:
        """Leave out what a person had erased for good, although the publisher still sends it."""
        of_faults = self._mentioned_by_faults(batch)
        barred = find_barred(connection, {*batch.records, *of_faults})
        faults_left = zip(batch.faults, of_faults, strict=True)
        batch.faults = [fault for fault, raw_id in faults_left if raw_id not in barred]
        for raw_id in barred & batch.records.keys():
            del batch.records[raw_id]
            batch.barred += 1

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

    def _archive(self, batch: Batch, fresh: Sequence[str], known: Mapping[str, raw.Known]) -> dict[str, int]:
        new = [raw_id for raw_id in fresh if not (raw_id in known and known[raw_id].holds(batch.records[raw_id][1]))]
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

    def _keep_faults(self, connection: Connection, batch: Batch) -> None:
        source_id, run_id = self.result.source, self.result.run_id
        version = self.connector.manifest.version
        faults.quarantine_faults(connection, batch.faults, self.lease, connector_version=version, at=self._at)
        unlisted = report_drift(
            connection,
            batch.drift,
            source_id=source_id,
            seed=self.lease.seed,
            run_id=run_id,
            connector_version=version,
            at=self._at,
        )
        if unlisted:
            self.result.counts["drift_unlisted"] += unlisted

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
        mapped: Mapped,
        known: Mapping[str, raw.Known],
        written: Written,
        unchanged: int,
    ) -> None:
        result = self.result
        result.read += len(batch.records) + batch.repeated + batch.rejected + batch.barred
        result.quarantined += len(batch.faults)
        result.unchanged += unchanged
        for what, number in (("repeated", batch.repeated), ("barred", batch.barred)):
            if number:
                result.counts[what] += number
        if revived := sum("revive" in operations for operations in written.operations.values()):
            result.counts["revived"] += revived
        for raw_id in mapped.aggregates.keys() - written.contested:
            if raw_id not in known:
                result.stored += 1
            elif written.operations.get(raw_id):
                result.changed += 1
            else:
                result.unchanged += 1
