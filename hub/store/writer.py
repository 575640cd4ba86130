"""Storing aggregates: only what differs is written, and each difference becomes a change.

The writer works inside the caller's transaction. A record is owned by its raw record: what a raw record yielded
before and does not yield now is retired (DESIGN rules 2, 5, 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text

from hub.store import bulk, raw
from hub.store.changes import Change, Operation
from hub.store.rows import SHAPES, Aggregate, Named, Shape
from hub.store.rows.aggregate import OWNERSHIP

INTERNAL = frozenset({"organisation_claim"})
"""Entities whose changes readers see only through the canonical organisation."""


@dataclass(slots=True)
class Written:
    """What a batch did."""

    changes: list[Change] = field(default_factory=list)
    operations: dict[str, set[Operation]] = field(default_factory=lambda: defaultdict(set))
    """By raw id: what happened to the records that it owns; a raw id without an entry changed nothing."""
    named: set[Named] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    """Organisations that a replaced or retired version named: nobody may name them so any more."""
    organisation_ids: set[str] = field(default_factory=set)
    """Organisations whose canonical row or assessment may differ now."""
    contested: set[str] = field(default_factory=set)
    """Raw ids whose record another raw record of the same run already gave, differently: the first one stands."""
    shared: set[str] = field(default_factory=set)
    """Raw ids that gave a record which another raw record owns now: they are to be mapped anew when they come again,
    so that the record stays when its owner goes."""


Claimed = dict[str, tuple[str, Aggregate]]
"""Records to be stored by their id, each with the raw id that it comes from."""


class Writer:
    """Writes the records of one run of one source."""

    def __init__(
        self, connection: Connection, *, source_id: str, run_id: str, at: str, seen: Callable[[raw.Known], bool]
    ) -> None:
        self._connection = connection
        self._source_id = source_id
        self._run_id = run_id
        self._at = at
        self._seen = seen

    def write(self, batch: Mapping[str, Sequence[Aggregate]], *, stored_before: Iterable[str]) -> Written:
        """Store what each raw record (by its id) yields now, and retire what it no longer yields.

        ``stored_before`` names the raw records that may own something already; the others are new.
        """
        older = list(stored_before)
        written = Written()
        by_shape: dict[str, Claimed] = defaultdict(dict)
        for raw_id, aggregates in batch.items():
            for aggregate in aggregates:
                rows = by_shape[aggregate.shape.entity]
                owner, first = rows.setdefault(aggregate.id, (raw_id, aggregate))
                if owner == raw_id:
                    continue
                same = first.content_hash == aggregate.content_hash
                (written.shared if same else written.contested).add(raw_id)
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

    def _store(self, shape: Shape, rows: Claimed, written: Written) -> None:
        stored = {
            str(row.id): row for row in self._select(shape, "id, content_hash, retired_at, raw_id, run_id", "id", rows)
        }
        self._leave_contested(rows, stored, written)
        moved: list[tuple[str, str]] = []
        replaced: list[str] = []
        roots: list[tuple[object, ...]] = []
        children: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        for record_id, (raw_id, aggregate) in rows.items():
            content_hash = aggregate.content_hash
            before = stored.get(record_id)
            if before is not None and str(before.raw_id) != raw_id:
                written.shared.add(str(before.raw_id))
            if before is not None and (before.content_hash, before.retired_at) == (content_hash, None):
                if str(before.raw_id) != raw_id:
                    moved.append((record_id, raw_id))
                continue
            operation: Operation = "insert" if before is None else "revive" if before.retired_at else "update"
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
            self._note(shape, record_id, operation, aggregate.fields, written)
        self._move(shape, moved)
        self._note_unnamed(shape, replaced, written)
        bulk.upsert(self._connection, shape.table, (*shape.columns, *OWNERSHIP), roots, keep=("first_seen_at",))
        for name, child in shape.children.items():
            if replaced:
                bulk.execute_in(
                    self._connection, f"DELETE FROM {child.table.name} WHERE {{member}}", child.link, replaced
                )
            bulk.insert(self._connection, child.table, child.columns, children[name])

    def _leave_contested(self, rows: Claimed, stored: Mapping[str, Any], written: Written) -> None:
        """Drop records that another raw record of this same run has already given, with other content."""
        rivals = {
            record_id: str(before.raw_id)
            for record_id, before in stored.items()
            if before.retired_at is None
            and str(before.raw_id) != rows[record_id][0]
            and before.content_hash != rows[record_id][1].content_hash
        }
        if not rivals:
            return
        known = raw.look_up(self._connection, rivals.values())
        for record_id, owner in rivals.items():
            if owner in known and self._seen(known[owner]):
                written.contested.add(rows.pop(record_id)[0])

    def _move(self, shape: Shape, moved: Sequence[tuple[str, str]]) -> None:
        """The same record under another raw key: a new owner, and no change for readers."""
        if moved:
            self._connection.execute(
                text(f"UPDATE {shape.table.name} SET raw_id = :raw WHERE id = :id"),
                [{"raw": raw_id, "id": record_id} for record_id, raw_id in moved],
            )

    def _retire(self, shape: Shape, raw_ids: Iterable[str], written: Written, *, keep: Iterable[str]) -> None:
        organisation = "organisation_id" if "organisation_id" in shape.columns else "NULL"
        kept = set(keep)
        columns = f"id, raw_id, retired_at, {organisation} AS organisation_id"
        candidates = self._select(shape, columns, "raw_id", raw_ids)
        gone = [row for row in candidates if row.retired_at is None and str(row.id) not in kept]
        if not gone:
            return
        ids = [str(row.id) for row in gone]
        self._note_unnamed(shape, ids, written)
        bulk.execute_in(
            self._connection,
            f"UPDATE {shape.table.name} SET retired_at = :at, changed_at = :at, run_id = :run WHERE {{member}}",
            "id",
            ids,
            at=self._at,
            run=self._run_id,
        )
        for row in gone:
            written.operations[str(row.raw_id)].add("retire")
            if row.organisation_id:
                written.organisation_ids.add(str(row.organisation_id))
            self._note(shape, str(row.id), "retire", {"retired_at": self._at}, written)

    def _select(self, shape: Shape, columns: str, column: str, values: Iterable[str]) -> list[Row[Any]]:
        sql = f"SELECT {columns} FROM {shape.table.name} WHERE {{member}}"
        return bulk.select_in(self._connection, sql, column, values)

    def _note(
        self, shape: Shape, record_id: str, operation: Operation, fields: Mapping[str, Any], written: Written
    ) -> None:
        if shape.entity not in INTERNAL:
            whole = {"source": self._source_id, **fields}
            written.changes.append(Change(shape.entity, record_id, operation, whole))

    def _note_unnamed(self, shape: Shape, record_ids: Sequence[str], written: Written) -> None:
        for place in shape.names if record_ids else ():
            found = bulk.select_in(
                self._connection,
                f"SELECT DISTINCT {place.organisation} AS id FROM {place.table}"
                f" WHERE {place.organisation} IS NOT NULL AND {{member}}",
                place.record,
                record_ids,
            )
            written.unnamed.update(str(row.id) for row in found)
