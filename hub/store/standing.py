"""Rows of records as they stand, in the same plain form as the rows that are about to be written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from hub.store import bulk
from hub.store.plain import plain
from hub.store.rows import Shape
from hub.store.tables.columns import FLAG, is_json

Values = dict[str, Any]
"""A row's values by column; of a child table, the list of its rows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is stored of a record beside its values."""

    content_hash: str
    retired: bool
    raw_id: str


def find(connection: Connection, shape: Shape, ids: Iterable[str]) -> dict[str, Standing]:
    """The records of one entity that are stored, by id."""
    statement = f"SELECT id, content_hash, retired_at, raw_id FROM {shape.table.name} WHERE {{member}}"
    return {
        str(row.id): Standing(row.content_hash, row.retired_at is not None, str(row.raw_id))
        for row in bulk.select_in(connection, statement, "id", ids)
    }


def owned(connection: Connection, shape: Shape, raw_ids: Iterable[str]) -> list[str]:
    """The ids of the standing records of one entity that some raw records own."""
    statement = f"SELECT id FROM {shape.table.name} WHERE retired_at IS NULL AND {{member}}"
    return [str(row.id) for row in bulk.select_in(connection, statement, "raw_id", raw_ids)]


def read(connection: Connection, shape: Shape, ids: Sequence[str]) -> dict[str, Values]:
    """Some records whole, by id."""
    columns = ", ".join(f'"{name}"' for name in shape.columns)
    rows = bulk.select_in(connection, f"SELECT {columns} FROM {shape.table.name} WHERE {{member}}", "id", ids)
    found: dict[str, Values] = {str(row.id): values(shape.table, shape.columns, row) for row in rows}
    for name, child in shape.children.items():
        columns = ", ".join(f'"{column}"' for column in child.columns)
        statement = f"SELECT {columns} FROM {child.table.name} WHERE {{member}}"
        by_record: Mapping[str, list[Values]] = defaultdict(list)
        for row in bulk.select_in(connection, statement, child.link, ids):
            made = values(child.table, child.columns, row)
            by_record[made[child.link]].append(made)
        for record_id, whole in found.items():
            whole[name] = by_record[record_id]
    return found


def values(table: Table, columns: Sequence[str], row: Sequence[Any]) -> Values:
    """A row, stored or about to be, as plain values by column."""
    return {name: _plain(table, name, value) for name, value in zip(columns, row, strict=True)}


def _plain(table: Table, name: str, value: Any) -> Any:
    if value is None:
        return None
    column = table.c[name]
    if column.type is FLAG:
        return bool(value)
    if is_json(column) and isinstance(value, str):
        return json.loads(value)
    return plain(value)
