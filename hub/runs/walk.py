"""Walking through the archived raw records of a source, each in its current version, in constant memory."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.archive import ArchivedRecord, read_positions
from hub.pipeline.gate import Gate
from hub.runs.mapping import Batch
from hub.runs.plan import RunPlan
from hub.sdk import HubError, RawRecord
from hub.store import archived, raw
from hub.store.archived import Place, StoredSegment
from hub.store.engine import reading

Rank = tuple[bool, int, int]
"""Where a raw record comes in the walk: whether it is in quarantine, the order of its segment, its position there."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which raw records of a source: all that stand, those that one run archived, or of those in quarantine some."""

    run_id: str | None = None
    quarantined: Collection[str] | None = None
    """Raw ids."""


class Walk:
    """The chosen raw records in batches: segment by segment as archived, then those in quarantine in the same order.

    A record that stands is thereby mapped before one that contests it. ``missing`` counts what the archive no longer
    holds. ``met_in`` names the run that stores what is walked through: what it sends to quarantine comes once.
    """

    def __init__(self, plan: RunPlan, selection: Selection, met_in: str = "") -> None:
        self._plan = plan
        self._selection = selection
        self._met_in = met_in
        self._gate = Gate(plan.pseudonym_key)
        self._public = {stream.name: stream.public_keys for stream in plan.connector.manifest.streams}
        self._start: Rank = (False, 0, 0)
        with reading(plan.engine) as connection:
            self._segments = archived.segments(connection, plan.source_id, selection.run_id)
            self.total, self.missing = archived.count(connection, plan.source_id, selection.run_id)
        self._order = {segment.id: order for order, segment in enumerate(self._segments)}
        if selection.quarantined is not None:
            self.total, self.missing = len(selection.quarantined), 0

    def batches(self) -> Iterator[Batch]:
        """The raw records. Raises :class:`HubError` that names the file of a segment that cannot be read."""
        batch, read = Batch(), 0
        for rank, place, record in self._records():
            if not batch.records:
                self._start = rank
            batch.take(place.raw_id, record, place.raw_hash)
            if batch.is_full(self._plan.batch_size):
                read += len(batch.records)
                yield batch
                batch = Batch()
                self._plan.on_progress(read, self.total, "")
        if batch.records:
            yield batch

    @property
    def masked(self) -> int:
        """Personal numbers that the gate knows today and did not know when the raw records were archived."""
        return self._gate.masked

    def is_ahead(self, known: raw.Known) -> bool:
        """Whether a raw record comes in this batch or a later one."""
        order = self._order.get(known.segment_id or "")
        if order is None or known.retired or (self._selection.quarantined is not None and not known.rejected):
            return False
        return (known.rejected, order, known.position or 0) >= self._start

    def _records(self) -> Iterator[tuple[Rank, Place, RawRecord]]:
        chosen = self._selection.quarantined
        for rejected in (False, True) if chosen is None else (True,):
            for order, segment in enumerate(self._segments):
                for place, record in self._read(segment, self._places(segment, rejected=rejected)):
                    yield (rejected, order, place.position), place, self._without_persons(record)

    def _places(self, segment: StoredSegment, *, rejected: bool) -> Iterator[Place]:
        chosen = self._selection.quarantined
        found = archived.places(
            self._plan.engine, segment.id, rejected=rejected, page=self._plan.batch_size, met_in=self._met_in
        )
        return found if chosen is None else (place for place in found if place.raw_id in chosen)

    def _read(self, segment: StoredSegment, places: Iterator[Place]) -> Iterator[tuple[Place, RawRecord]]:
        """What stands at the places of one segment; places where nothing stands any more count as missing."""
        place = next(places, None)
        if place is None:
            return
        for position, found in _positions(self._plan.archive / segment.path, segment.byte_count):
            if position < place.position:
                continue
            if found is not None and found.raw_hash == place.raw_hash:
                yield place, found.raw
            else:
                self.missing += 1
            place = next(places, None)
            if place is None:
                return
        self.missing += 1 + sum(1 for _ in places)

    def _without_persons(self, record: RawRecord) -> RawRecord:
        # What the gate did not know when the record was archived it may know today.
        cleaned: Any = self._gate(record, public_keys=self._public.get(record.stream, False))
        return cleaned  # type: ignore[no-any-return]


def _positions(path: Path, byte_count: int) -> Iterator[tuple[int, ArchivedRecord | None]]:
    """What a segment holds at which position, as far as the file goes; nothing when there is none."""
    try:
        yield from read_positions(path, min(byte_count, path.stat().st_size))
    except FileNotFoundError:
        return
    except (zlib.error, ValueError, KeyError, TypeError, OSError) as error:
        raise HubError(
            f"this segment of the archive is damaged ({type(error).__name__})",
            where=str(path),
            instruction="restore the file from a backup; or delete it, and the next sync maps its records anew",
        ) from None
