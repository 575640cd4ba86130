"""Column types that read the same on SQLite and PostgreSQL.

=========  ===================================  ==================
meaning    SQLite                               PostgreSQL
=========  ===================================  ==================
id         36-character text with hyphens       uuid
instant    ``2026-11-24T10:00:00Z`` text, UTC   timestamptz
date       ``2026-11-24`` text                  date
flag       0 or 1                               boolean
json       JSON text                            jsonb
money      integer minor units                  bigint
=========  ===================================  ==================

Rows are written as plain tuples of text and numbers in these forms: both drivers take them as they are.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

ID = Text().with_variant(UUID(as_uuid=False), "postgresql")
INSTANT = Text().with_variant(DateTime(timezone=True), "postgresql")
DATE = Text().with_variant(Date(), "postgresql")
JSON = Text().with_variant(JSONB(), "postgresql")
FLAG = Boolean(create_constraint=False)
BIG = BigInteger().with_variant(Integer(), "sqlite")


def is_json(column: Column[Any]) -> bool:
    """Whether a column holds JSON."""
    return column.type is JSON


def identity() -> Column[Any]:
    """The primary key of an entity: its deterministic id."""
    return Column("id", ID, primary_key=True)


def ownership() -> list[Column[Any]]:
    """What every record root carries: who said it, when, and the hash that tells whether it changed (ADR 0001)."""
    return [
        Column("source_id", Text, nullable=False),
        Column("raw_id", ID, nullable=False, index=True),
        Column("run_id", ID, nullable=False),
        Column("content_hash", Text, nullable=False),
        Column("first_seen_at", INSTANT, nullable=False),
        Column("changed_at", INSTANT, nullable=False),
        Column("retired_at", INSTANT),
    ]


def money(prefix: str = "") -> list[Column[Any]]:
    """An amount in minor units and its ISO 4217 currency."""
    return [Column(f"{prefix}amount_minor", BIG), Column(f"{prefix}currency", Text)]
