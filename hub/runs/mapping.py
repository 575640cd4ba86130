"""What the connector's mapping makes of some raw records, before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hub.pipeline.fingerprint import raw_hash
from hub.pipeline.normalise import Normalised, normalise
from hub.sdk import Connector, Drift, RawRecord
from hub.store.faults import Fault
from hub.store.rows import Aggregate, flatten

_MOST_BYTES: Final = 32 << 20
"""Payload after which a batch is committed even when it is short in records."""


@dataclass(slots=True)
class Batch:
    """Raw records since the last commit, with what was found wrong with them and beside them."""

    records: dict[str, tuple[RawRecord, str]] = field(default_factory=dict)
    """By raw id: the raw record and its hash."""
    faults: list[Fault] = field(default_factory=list)
    drift: set[Drift] = field(default_factory=set)
    repeated: int = 0
    rejected: int = 0
    """Items that came and could not even become raw records."""
    barred: int = 0
    """Raw records that came and are never to be stored again."""
    size: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.records or self.faults or self.drift or self.repeated)

    def is_full(self, most: int) -> bool:
        """Whether it is to be committed: ``most`` items are in it, or more payload than should be held in memory."""
        return len(self.records) + len(self.faults) >= most or self.size >= _MOST_BYTES

    def add(self, raw_id: str, record: RawRecord) -> None:
        """Take a raw record; one that repeats a key with other content is a fault."""
        fingerprint = raw_hash(record)
        if raw_id in self.records:
            self.repeat(record, same=self.records[raw_id][1] == fingerprint)
            return
        self.take(raw_id, record, fingerprint)

    def take(self, raw_id: str, record: RawRecord, fingerprint: str) -> None:
        """Take a raw record whose hash is known."""
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
class Mapped:
    """What some raw records of a batch gave, by raw id."""

    outcomes: Mapping[str, Normalised]
    aggregates: Mapping[str, list[Aggregate]]
    """The records, as rows, of those that could be read."""


def map_batch(connector: Connector[Any], seed: str, batch: Batch, raw_ids: Iterable[str]) -> Mapped:
    """Map some of a batch's raw records; what cannot be read, and drift, is noted in the batch.

    ``seed`` is the name that ids of the source's records are made from.
    """
    outcomes = {raw_id: _normalise(connector, batch, raw_id) for raw_id in raw_ids}
    aggregates = {
        raw_id: [flatten(record, seed) for record in outcome.records]
        for raw_id, outcome in outcomes.items()
        if outcome.rejection is None
    }
    return Mapped(outcomes, aggregates)


def _normalise(connector: Connector[Any], batch: Batch, raw_id: str) -> Normalised:
    record, _ = batch.records[raw_id]
    outcome = normalise(connector.normalise, record)
    batch.drift.update(outcome.drift)
    if outcome.rejection is not None:
        why = outcome.rejection
        batch.faults.append(
            Fault(record.stream, record.key, "normalise", why.reason, record.origin, why.field, why.value)
        )
    return outcome
