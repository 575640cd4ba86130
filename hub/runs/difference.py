"""What storing some mapped raw records would change, told before anything is stored."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from hub.runs.mapping import Batch, Mapped
from hub.store import raw, standing
from hub.store.engine import Connection
from hub.store.rows import SHAPES, Aggregate, Shape
from hub.store.standing import Standing

_EXAMPLES: Final = 3
_REASONS: Final = 20
_EXCERPT: Final = 80
_OTHER: Final = "other reasons"

Claims = dict[str, tuple[str, Aggregate]]
"""Records by their id, each with the raw id that it comes from."""


@dataclass(slots=True)
class FieldDifference:
    """A field (a column, or the rows of a child table) of records that would be updated."""

    records: int = 0
    examples: list[tuple[str | None, str | None]] = field(default_factory=list)
    """Old and new, without secrets and persons; some of them."""


@dataclass(slots=True)
class EntityDifference:
    """What would become of one entity's records."""

    inserted: int = 0
    updated: int = 0
    retired: int = 0
    revived: int = 0
    fields: dict[str, FieldDifference] = field(default_factory=lambda: defaultdict(FieldDifference))

    @property
    def records(self) -> int:
        """How many records would differ."""
        return self.inserted + self.updated + self.retired + self.revived

    def as_object(self) -> dict[str, Any]:
        """The difference for scripts."""
        told = {name: getattr(self, name) for name in ("inserted", "updated", "retired", "revived")}
        return told | {"fields": {name: asdict(found) for name, found in sorted(self.fields.items())}}


@dataclass(slots=True)
class Difference:
    """What a replay would change. Each batch is compared with what stands now, not with what earlier ones would store.

    Canonical organisations and verdicts follow from what is stored and are not foretold.
    """

    redact: Callable[[str], str] = field(repr=False)
    version: int = 0
    """The connector's version today."""
    read: int = 0
    missing: int = 0
    """Raw records that the archive no longer holds."""
    unreadable: int = 0
    """Raw records that would be in quarantine; their last good version stays."""
    newly_unreadable: int = 0
    newly_readable: int = 0
    outdated: int = 0
    """Raw records that another version of the connector mapped last."""
    reasons: Counter[str] = field(default_factory=Counter)
    entities: dict[str, EntityDifference] = field(default_factory=lambda: defaultdict(EntityDifference))

    @property
    def is_empty(self) -> bool:
        """Whether storing would change no record and no item's place in quarantine."""
        moved = self.newly_unreadable or self.newly_readable
        return not moved and not any(entity.records for entity in self.entities.values())

    def as_object(self) -> dict[str, Any]:
        """The difference for scripts."""
        told = {name: getattr(self, name) for name in _COUNTS}
        entities = {name: found.as_object() for name, found in sorted(self.entities.items()) if found.records}
        return told | {"reasons": dict(self.reasons.most_common()), "entities": entities}

    def add(self, connection: Connection, batch: Batch, mapped: Mapped, is_ahead: Callable[[raw.Known], bool]) -> None:
        """Compare a batch with what stands. ``is_ahead`` tells of a raw record whether it is yet to be compared."""
        known = raw.look_up(connection, batch.records)
        contested: set[str] = set()
        for shape in SHAPES:
            claims = _claims(shape, mapped, contested)
            stored = standing.find(connection, shape, claims)
            _leave_contested(connection, claims, stored, is_ahead, contested)
            found = self.entities[shape.entity]
            gone = [one for one in standing.owned(connection, shape, mapped.aggregates) if one not in claims]
            found.retired += len(gone)
            found.inserted += sum(1 for one in claims if one not in stored)
            found.revived += sum(1 for one in claims if one in stored and stored[one].retired)
            self._compare(connection, shape, claims, stored, found)
        batch.contest(contested)
        self._count(batch, known, mapped.aggregates.keys() - contested)

    def _compare(
        self,
        connection: Connection,
        shape: Shape,
        claims: Claims,
        stored: Mapping[str, Standing],
        found: EntityDifference,
    ) -> None:
        differing = {
            record_id: aggregate
            for record_id, (_, aggregate) in claims.items()
            if record_id in stored
            and not stored[record_id].retired
            and stored[record_id].content_hash != aggregate.content_hash
        }
        found.updated += len(differing)
        if not differing:
            return
        before = standing.read(connection, shape, list(differing))
        for record_id, aggregate in differing.items():
            old, new = before[record_id], _values(shape, aggregate)
            for name in shape.children:
                old[name], new[name] = _only_in(old[name], new[name]), _only_in(new[name], old[name])
            for name, value in new.items():
                if old[name] != value:
                    self._note(found.fields[name], old[name], value)

    def _note(self, found: FieldDifference, old: Any, new: Any) -> None:
        found.records += 1
        example = (self._shown(old), self._shown(new))
        if len(found.examples) < _EXAMPLES and example not in found.examples:
            found.examples.append(example)

    def _shown(self, value: Any) -> str | None:
        if value is None:
            return None
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        # First redacted: half a secret would not be known for one.
        text = self.redact(text)
        return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"

    def _count(self, batch: Batch, known: Mapping[str, raw.Known], accepted: Iterable[str]) -> None:
        readable = set(accepted)
        was_rejected = {raw_id for raw_id, before in known.items() if before.rejected}
        unreadable = batch.records.keys() - readable
        self.read += len(batch.records)
        self.unreadable += len(unreadable)
        self.newly_unreadable += len(unreadable - was_rejected)
        self.newly_readable += len(readable & was_rejected)
        self.outdated += sum(1 for before in known.values() if before.connector_version != self.version)
        for fault in batch.faults:
            reason = self.redact(fault.reason)
            self.reasons[reason if reason in self.reasons or len(self.reasons) < _REASONS else _OTHER] += 1


_COUNTS: Final = ("version", "read", "missing", "unreadable", "newly_unreadable", "newly_readable", "outdated")


def _claims(shape: Shape, mapped: Mapped, contested: set[str]) -> Claims:
    claims: Claims = {}
    for raw_id, aggregates in mapped.aggregates.items():
        for aggregate in aggregates:
            if aggregate.shape.entity != shape.entity:
                continue
            owner, first = claims.setdefault(aggregate.id, (raw_id, aggregate))
            if owner != raw_id and first.content_hash != aggregate.content_hash:
                contested.add(raw_id)
    return claims


def _leave_contested(
    connection: Connection,
    claims: Claims,
    stored: Mapping[str, Standing],
    is_ahead: Callable[[raw.Known], bool],
    contested: set[str],
) -> None:
    """Drop what another raw record already gives, with other content, as the writer does."""
    rivals = {
        record_id: before.raw_id
        for record_id, before in stored.items()
        if not before.retired
        and before.raw_id != claims[record_id][0]
        and before.content_hash != claims[record_id][1].content_hash
    }
    known = raw.look_up(connection, rivals.values()) if rivals else {}
    for record_id, owner in rivals.items():
        if owner in known and not is_ahead(known[owner]):
            contested.add(claims.pop(record_id)[0])


def _values(shape: Shape, aggregate: Aggregate) -> standing.Values:
    found = standing.values(shape.table, shape.columns, aggregate.root)
    for name, rows in aggregate.children.items():
        child = shape.children[name]
        found[name] = [standing.values(child.table, child.columns, row) for row in rows]
    return found


def _only_in(rows: list[standing.Values], others: list[standing.Values]) -> list[standing.Values]:
    """The rows of a child table that the other version has not, in a fixed order, without the ids that link them."""
    spare = Counter(_written(row) for row in others)
    left = []
    for row in sorted(rows, key=_written):
        if spare[_written(row)] > 0:
            spare[_written(row)] -= 1
        else:
            left.append({name: value for name, value in row.items() if value is not None and not name.endswith("_id")})
    return left


def _written(row: standing.Values) -> str:
    return json.dumps(row, sort_keys=True, default=str)
