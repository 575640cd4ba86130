"""Reading claims and mentions of some organisations, set-wise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row

from hub.store import bulk
from hub.store.rows import SHAPES, Named
from hub.store.tables import organisation as tables

_COLUMNS = tuple(column.name for column in tables.organisation.columns)


def add_mentions(connection: Connection, named: Iterable[Named], source_id: str) -> set[str]:
    """Keep names under which a source wrote a number; gives the organisations for which one was new."""
    rows = {
        (item.organisation_id, source_id, item.name): (
            item.organisation_id,
            source_id,
            item.name,
            item.scheme,
            item.identifier,
            item.country,
        )
        for item in named
    }
    if not rows:
        return set()
    stored = bulk.select_in(
        connection,
        "SELECT organisation_id, source_id, name FROM mention WHERE source_id = :source AND {member}",
        "organisation_id",
        {key[0] for key in rows},
        source=source_id,
    )
    for row in stored:
        rows.pop((str(row.organisation_id), row.source_id, row.name), None)
    columns = ("organisation_id", "source_id", "name", "scheme", "identifier", "country")
    bulk.insert_missing(connection, tables.mention, columns, [rows[key] for key in sorted(rows)])
    return {key[0] for key in rows}


def prune_mentions(connection: Connection, ids: Collection[str], source_id: str) -> None:
    """Forget names of some organisations that no standing record of the source writes any more."""
    still = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {place.table} t"
        f"{'' if place.table == shape.table.name else f' JOIN {shape.table.name} r ON r.id = t.{place.record}'}"
        f" WHERE t.{place.organisation} = mention.organisation_id"
        f" AND coalesce(t.{place.name}, '') = mention.name"
        f" AND {'t' if place.table == shape.table.name else 'r'}.source_id = mention.source_id"
        f" AND {'t' if place.table == shape.table.name else 'r'}.retired_at IS NULL)"
        for shape in SHAPES
        for place in shape.names
    )
    bulk.execute_in(
        connection,
        f"DELETE FROM mention WHERE source_id = :source AND {{member}} AND {still}",
        "organisation_id",
        ids,
        source=source_id,
    )


def claims_of(connection: Connection, ids: Collection[str]) -> list[Row[Any]]:
    """Standing claims about some organisations, with the connector that each came through."""
    fields = ", ".join(f"c.{name}" for name in tables.CLAIM_FIELDS)
    return bulk.select_in(
        connection,
        f"SELECT c.organisation_id, c.scheme, c.identifier, c.row_key, c.source_id, s.connector, {fields}"
        " FROM organisation_claim c JOIN source s ON s.id = c.source_id WHERE c.retired_at IS NULL AND {member}",
        "c.organisation_id",
        ids,
    )


def mentions_of(connection: Connection, ids: Collection[str]) -> list[Row[Any]]:
    """Names under which some organisations were mentioned."""
    return bulk.select_in(
        connection,
        "SELECT m.organisation_id, m.scheme, m.identifier, m.name, m.country, m.source_id, s.connector"
        " FROM mention m JOIN source s ON s.id = m.source_id WHERE {member}",
        "m.organisation_id",
        ids,
    )


def municipalities_of(connection: Connection, ids: Collection[str]) -> dict[str, Row[Any]]:
    """Which of some organisations are municipalities, by the reference list."""
    rows = bulk.select_in(
        connection,
        "SELECT code, name, country, organisation_id FROM municipality WHERE {member}",
        "organisation_id",
        ids,
    )
    return {str(row.organisation_id): row for row in rows}


def stored_organisations(connection: Connection, ids: Collection[str]) -> dict[str, tuple[str, bool]]:
    """Content hash and whether retired, of the canonical rows that exist."""
    rows = bulk.select_in(connection, "SELECT id, content_hash, retired_at FROM organisation WHERE {member}", "id", ids)
    return {str(row.id): (row.content_hash, row.retired_at is not None) for row in rows}


def save_organisations(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Write canonical rows, in the order of the table's columns."""
    bulk.upsert(connection, tables.organisation, _COLUMNS, rows, keep=("first_seen_at",))


def retire_organisations(connection: Connection, ids: Collection[str], *, at: str) -> None:
    """Mark canonical organisations that nobody claims or mentions any more."""
    bulk.execute_in(
        connection,
        "UPDATE organisation SET retired_at = :at, changed_at = :at, content_hash = '' WHERE {member}",
        "id",
        ids,
        at=at,
    )
