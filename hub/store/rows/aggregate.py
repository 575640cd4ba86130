"""A record as table rows: the root, its children, and the organisations that it names.

One module per entity turns a model record into an :class:`Aggregate`; the writer stores any aggregate the same way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec

from hub.store.tables.columns import is_json

if TYPE_CHECKING:
    from sqlalchemy import Table

    from hub.model.identifier import Mention

OWNERSHIP = ("source_id", "raw_id", "run_id", "content_hash", "first_seen_at", "changed_at", "retired_at")


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an entity is stored: root table and columns, child tables with their link to the root."""

    entity: str
    table: Table
    columns: tuple[str, ...]
    children: Mapping[str, ChildShape]
    names: tuple[NameColumn, ...] = ()
    """Where a stored record of this shape names organisations."""


@dataclass(frozen=True, slots=True)
class NameColumn:
    """A column that refers to an organisation under the name that stood beside its number."""

    table: str
    record: str
    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class ChildShape:
    """A child table, its column that holds the root's id, and its columns as written."""

    table: Table
    link: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation named by a valid number in some record, under the name that stood there."""

    organisation_id: str
    scheme: str
    identifier: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One record, flat. ``root`` starts with the id and follows ``shape.columns``."""

    shape: Shape
    root: tuple[Any, ...]
    children: Mapping[str, Sequence[tuple[Any, ...]]]
    named: Sequence[Named]
    organisation_ids: Sequence[str] = ()
    """Organisations that this record makes claims about (a register row, a membership)."""

    @property
    def id(self) -> str:
        """The record's deterministic id."""
        return str(self.root[0])

    @property
    def content_hash(self) -> str:
        """Equal for equal content, whoever read it and when."""
        packed = msgspec.msgpack.encode((self.root, self.children))
        return blake2b(packed, digest_size=16).hexdigest()

    @property
    def fields(self) -> dict[str, Any]:
        """The values as the change feed shows them: the root's columns, each child table as a list."""
        values = _named(self.shape.table, self.shape.columns, self.root)
        for name, rows in self.children.items():
            child = self.shape.children[name]
            values[name] = [_named(child.table, child.columns, row) for row in rows]
        return values


def _named(table: Table, columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    # JSON columns hold text in a row and are JSON again in the feed.
    return {
        name: json.loads(value) if value is not None and is_json(table.c[name]) else value
        for name, value in zip(columns, row, strict=True)
    }


def named(mentions: Iterable[Mention]) -> list[Named]:
    """The organisations among some mentions that a valid number identifies."""
    return [
        Named(found.organisation_id, found.scheme, found.value, mention.name or "", mention.country)
        for mention in mentions
        if (found := mention.identifier) is not None
    ]


def day(value: date | None) -> str | None:
    """A date in its stored form."""
    return value.isoformat() if value else None


def instant(value: datetime | None) -> str | None:
    """A moment in its stored form: UTC, seconds, ``Z``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def array(values: Iterable[Any]) -> str:
    """A list in its stored form."""
    return json.dumps(list(values), ensure_ascii=False)


def said(values: Sequence[Any]) -> str | None:
    """A list in its stored form, or nothing when the source does not say."""
    return array(values) if values else None
