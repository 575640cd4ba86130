"""Erasing what raw records left in the database: their records, their faults, what readers were told, themselves.

Unlike retiring it deletes rows and empties earlier change rows; the numbers of changes stay without a gap.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from hub.store import bulk
from hub.store.changes import Change
from hub.store.rows import SHAPES, Shape
from hub.store.source import put_cursor
from hub.store.tables.operation import erasure
from hub.store.writer import INTERNAL

_COLUMNS = ("raw_id", "source_id", "run_id", "erased_at", "demanded_by", "reason", "barred")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TELLING = 4
"""Characters from which on a value may tell something of somebody."""


@dataclass(slots=True)
class Erased:
    """What raw records had left: the changes that tell of it, and the organisations that they spoke of."""

    changes: list[Change] = field(default_factory=list)
    organisation_ids: set[str] = field(default_factory=set)


def held(connection: Connection, raw_ids: Iterable[str]) -> list[str]:
    """Those of some raw records of which anything is stored."""
    wanted = list(raw_ids)
    stored = bulk.select_in(connection, "SELECT id FROM raw_record WHERE {member}", "id", wanted)
    faulty = bulk.select_in(connection, "SELECT DISTINCT raw_id AS id FROM quarantine WHERE {member}", "raw_id", wanted)
    return sorted({str(row.id) for row in (*stored, *faulty)})


def erase_records(connection: Connection, raw_ids: Collection[str], source_id: str) -> Erased:
    """Delete raw records with all that they own, and empty what readers were told of it."""
    erased = Erased()
    for shape in SHAPES:
        _erase_shape(connection, shape, raw_ids, source_id, erased)
    bulk.execute_in(connection, "DELETE FROM quarantine WHERE {member}", "raw_id", raw_ids)
    bulk.execute_in(connection, "DELETE FROM raw_record WHERE {member}", "id", raw_ids)
    return erased


def _erase_shape(
    connection: Connection, shape: Shape, raw_ids: Collection[str], source_id: str, erased: Erased
) -> None:
    organisation = "organisation_id" if "organisation_id" in shape.columns else "NULL"
    statement = f"SELECT id, {organisation} AS organisation_id FROM {shape.table.name} WHERE {{member}}"
    rows = bulk.select_in(connection, statement, "raw_id", raw_ids)
    if not rows:
        return
    ids = sorted(str(row.id) for row in rows)
    erased.organisation_ids |= {str(row.organisation_id) for row in rows if row.organisation_id}
    for place in shape.names:
        statement = f"SELECT DISTINCT {place.organisation} AS id FROM {place.table} WHERE {{member}}"
        named = bulk.select_in(connection, statement, place.record, ids)
        erased.organisation_ids |= {str(row.id) for row in named if row.id}
    for child in shape.children.values():
        bulk.execute_in(connection, f"DELETE FROM {child.table.name} WHERE {{member}}", child.link, ids)
    bulk.execute_in(connection, f"DELETE FROM {shape.table.name} WHERE {{member}}", "id", ids)
    if shape.entity not in INTERNAL:
        erased.organisation_ids |= _told_of(connection, ids)
        blank_changes(connection, ids)
        erased.changes += [Change(shape.entity, record_id, "erase", {"source": source_id}) for record_id in ids]


def _told_of(connection: Connection, entity_ids: Collection[str]) -> set[str]:
    """The organisations that any version of some entities named, as readers were told."""
    told: set[str] = set()
    for row in bulk.select_in(connection, "SELECT fields FROM change WHERE {member}", "entity_id", entity_ids):
        told |= set(_references(json.loads(row.fields) if isinstance(row.fields, str) else row.fields))
    found = bulk.select_in(connection, "SELECT id FROM organisation WHERE {member}", "id", told)
    return {str(row.id) for row in found}


def _references(fields: Any) -> Iterator[str]:
    if isinstance(fields, list):
        for each in fields:
            yield from _references(each)
    elif isinstance(fields, dict):
        for name, value in fields.items():
            if isinstance(value, str):
                if name.endswith("_id") and _ID.fullmatch(value):
                    yield value
            else:
                yield from _references(value)


def blank_changes(connection: Connection, entity_ids: Collection[str]) -> None:
    """Take the values out of all that readers were told of some entities so far; the rows and their numbers stay."""
    bulk.execute_in(connection, "UPDATE change SET fields = '{{}}' WHERE {member}", "entity_id", entity_ids)


def keep_erasures(
    connection: Connection,
    raw_ids: Iterable[str],
    *,
    source_id: str,
    run_id: str,
    at: str,
    demanded_by: str,
    reason: str,
    barred: bool,
) -> None:
    """Note which raw records were erased, when, for whom and why."""
    rows = [(each, source_id, run_id, at, demanded_by, reason, barred) for each in raw_ids]
    bulk.upsert(connection, erasure, _COLUMNS, rows)


def bar(connection: Connection, raw_ids: Iterable[str]) -> int:
    """Bar raw records that were erased already and might come again; gives how many those are."""
    statement = "UPDATE erasure SET barred = :barred WHERE NOT barred AND {member}"
    return int(bulk.execute_in(connection, statement, "raw_id", raw_ids, barred=True).rowcount)


def has_barred(connection: Connection, source_id: str) -> bool:
    """Whether any raw record of a source is never to be stored again."""
    statement = text("SELECT 1 FROM erasure WHERE source_id = :source AND barred LIMIT 1")
    return connection.execute(statement, {"source": source_id}).first() is not None


def find_barred(connection: Connection, raw_ids: Iterable[str]) -> set[str]:
    """Those of some raw records that are never to be stored again."""
    rows = bulk.select_in(connection, "SELECT raw_id FROM erasure WHERE barred AND {member}", "raw_id", raw_ids)
    return {str(row.raw_id) for row in rows}


def move_segment(connection: Connection, segment_id: str, path: str, byte_count: int) -> None:
    """Note that another file holds a segment now."""
    connection.execute(
        text("UPDATE archive_segment SET path = :path, byte_count = :bytes WHERE id = :id"),
        {"path": path, "bytes": byte_count, "id": segment_id},
    )


def drift_values(connection: Connection, source_id: str) -> dict[str, str]:
    """The values that a source's drift quotes, by the drift's id; short codes tell nothing of anybody."""
    statement = text("SELECT id, value FROM drift WHERE source_id = :source AND length(value) >= :telling")
    found = connection.execute(statement, {"source": source_id, "telling": _TELLING})
    return {str(row.id): row.value for row in found}


def forget_drift(connection: Connection, drift: Mapping[str, str], source_id: str) -> None:
    """Delete drift that quotes an erased raw record, and take its value (by the drift's id) out of conditions."""
    bulk.execute_in(connection, "DELETE FROM drift WHERE {member}", "id", drift)
    # A condition may have lost the blanks around a value. Longer ones first: a shorter one may be a part of them.
    said = {told for value in drift.values() if len(told := value.strip()) >= _TELLING}
    if said:
        connection.execute(
            text("UPDATE condition SET detail = replace(detail, :value, '[erased]') WHERE source_id = :source"),
            [{"value": value, "source": source_id} for value in sorted(said, key=len, reverse=True)],
        )


def forget_reading(connection: Connection, source_id: str) -> None:
    """Take out of a source's cursor which rows of a moment were read: an erased one that comes again is news."""
    cursor = connection.execute(text("SELECT cursor FROM source WHERE id = :id"), {"id": source_id}).scalar()
    known = json.loads(cursor) if isinstance(cursor, str) else cursor or {}
    if any(_is_watermark(mark) for mark in known.values()):
        kept = {name: {"at": mark["at"]} if _is_watermark(mark) else mark for name, mark in known.items()}
        put_cursor(connection, source_id, kept)


def _is_watermark(mark: Any) -> bool:
    return isinstance(mark, dict) and mark.keys() == {"at", "read"}
