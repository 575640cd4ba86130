"""Storing aggregates: only what differs is written, and each difference becomes a change.

The writer works inside the caller's transaction. A record is owned by its raw record: what a raw record yielded
before and does not yield now is retired (DESIGN rules 2, 5, 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from hub.store import bulk
from hub.store.changes import Change, Operation
from hub.store.rows import SHAPES, Aggregate, Named, Shape
from hub.store.rows.aggregate import OWNERSHIP

_INTERNAL = frozenset({"organisation_claim"})
"""Entities whose changes readers see only through the canonical organisation."""


@dataclass(slots=True)
class Written:
    """What a batch did."""

    changes: list[Change] = field(default_factory=list)
    operations: dict[str, set[Operation]] = field(default_factory=lambda: defaultdict(set))
    """By raw id: what happened to the records that it owns; a raw id without an entry changed nothing."""
    named: set[Named] = field(default_factory=set)
    organisation_ids: set[str] = field(default_factory=set)
    """Organisations whose canonical row or assessment may differ now."""


class Writer:
    """Writes the records of one run of one source."""

    def __init__(self, connection: Connection, *, source_id: str, run_id: str, at: str) -> None:
        self._connection = connection
        self._source_id = source_id
        self._run_id = run_id
        self._at = at

    def write(self, batch: Mapping[str, Sequence[Aggregate]], *, stored_before: Iterable[str]) -> Written:
        """Store what each raw record (by its id) yields now, and retire what it no longer yields.

        ``stored_before`` names the raw records that may own something already; the others are new.
        """
        older = list(stored_before)
        written = Written()
        by_shape: dict[str, dict[str, tuple[str, Aggregate]]] = defaultdict(dict)
        for raw_id, aggregates in batch.items():
            for aggregate in aggregates:
                by_shape[aggregate.shape.entity][aggregate.id] = (raw_id, aggregate)
        for shape in SHAPES:
            rows = by_shape.get(shape.entity, {})
            if rows:
                self._store(shape, rows, written)
            if older:
                self._retire(shape, older, written, keep=rows.keys())
        return written

    def retire(self, raw_ids: Iterable[str]) -> Written:
        """Retire everything that these raw records own."""
        written = Written()
        wanted = list(raw_ids)
        for shape in SHAPES:
            self._retire(shape, wanted, written, keep=())
        return written

    def _store(self, shape: Shape, rows: Mapping[str, tuple[str, Aggregate]], written: Written) -> None:
        stored = {
            str(row.id): (row.content_hash, row.retired_at)
            for row in bulk.select_in(
                self._connection,
                f"SELECT id, content_hash, retired_at FROM {shape.table.name} WHERE {{member}}",
                "id",
                rows,
            )
        }
        roots, replaced = [], []
        children: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        for record_id, (raw_id, aggregate) in rows.items():
            content_hash = aggregate.content_hash
            before = stored.get(record_id)
            if before == (content_hash, None):
                continue
            operation: Operation = "insert" if before is None else "revive" if before[1] else "update"
            if before is not None:
                replaced.append(record_id)
            roots.append(
                (*aggregate.root, self._source_id, raw_id, self._run_id, content_hash, self._at, self._at, None)
            )
            for name, child_rows in aggregate.children.items():
                children[name].extend(child_rows)
            written.operations[raw_id].add(operation)
            written.named.update(aggregate.named)
            written.organisation_ids.update(aggregate.organisation_ids)
            if shape.entity not in _INTERNAL:
                written.changes.append(Change(shape.entity, record_id, operation, aggregate.fields))
        if not roots:
            return
        bulk.upsert(self._connection, shape.table, (*shape.columns, *OWNERSHIP), roots, keep=("first_seen_at",))
        for name, child in shape.children.items():
            if replaced:
                bulk.execute_in(
                    self._connection, f"DELETE FROM {child.table.name} WHERE {{member}}", child.link, replaced
                )
            bulk.insert(self._connection, child.table, child.columns, children[name])

    def _retire(self, shape: Shape, raw_ids: Iterable[str], written: Written, *, keep: Iterable[str]) -> None:
        organisation = "organisation_id" if "organisation_id" in shape.columns else "NULL"
        kept = set(keep)
        candidates = bulk.select_in(
            self._connection,
            f"SELECT id, raw_id, {organisation} AS organisation_id FROM {shape.table.name}"
            " WHERE retired_at IS NULL AND {member}",
            "raw_id",
            raw_ids,
        )
        gone = [row for row in candidates if str(row.id) not in kept]
        if not gone:
            return
        bulk.execute_in(
            self._connection,
            f"UPDATE {shape.table.name} SET retired_at = :at, changed_at = :at, run_id = :run WHERE {{member}}",
            "id",
            [str(row.id) for row in gone],
            at=self._at,
            run=self._run_id,
        )
        for row in gone:
            written.operations[str(row.raw_id)].add("retire")
            if row.organisation_id:
                written.organisation_ids.add(str(row.organisation_id))
            if shape.entity not in _INTERNAL:
                written.changes.append(Change(shape.entity, str(row.id), "retire", {"retired_at": self._at}))
