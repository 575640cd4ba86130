"""The change feed folded: what a reader has who read every change since the beginning."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from hub.store.engine import Engine
from hub.store.plain import select
from hub.store.rows import SHAPES

_OWN = {
    "organisation": "organisation",
    "social_assessment": "social_assessment",
    **{shape.entity: shape.table.name for shape in SHAPES if shape.entity != "organisation_claim"},
}
_UNFED = {"content_hash", "changed_at", "first_seen_at", "run_id", "raw_id", "retired_at"}
"""Columns of the hub's own, which the feed does not carry."""


def folded(engine: Engine) -> dict[tuple[str, str], dict[str, Any]]:
    """What stands after the last change, by entity and id."""
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT seq, entity, entity_id, operation, fields FROM v1_change ORDER BY seq"))
        for expected, (seq, entity, entity_id, operation, fields) in enumerate(rows, 1):
            assert seq == expected, "the numbers have a gap"
            key, values = (entity, str(entity_id)), json.loads(fields) if isinstance(fields, str) else fields
            if operation in ("retire", "erase"):
                standing.pop(key, None)
            elif operation == "update":
                standing[key] = standing[key] | values
            else:
                standing[key] = values
    return standing


def stored(engine: Engine) -> dict[tuple[str, str], dict[str, Any]]:
    """What stands in the tables, in the columns that the feed carries; child rows are left out."""
    found = {}
    with engine.connect() as connection:
        for entity, table in _OWN.items():
            standing = "" if table == "social_assessment" else " WHERE retired_at IS NULL"
            for row in select(connection, f"SELECT * FROM {table}{standing}"):
                found[entity, row["id"]] = {name: value for name, value in row.items() if name not in _UNFED}
    return found


def assert_feed_tells_the_tables(engine: Engine) -> None:
    """The law of the feed: full state = fold of changes."""
    fed, kept = folded(engine), stored(engine)
    assert fed.keys() == kept.keys()
    for key, row in kept.items():
        told = fed[key]
        for name, value in row.items():
            column = "source" if name == "source_id" else name
            if column in told:
                assert _same(told[column], value), (key, name, told[column], value)


def _same(told: Any, value: Any) -> bool:
    if isinstance(value, str) and not isinstance(told, str) and told is not None:
        return bool(json.loads(value) == told)
    return bool(told == value)
