"""What the suite asks a database: its content, to be compared, and to die at a commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal

from sqlalchemy import Table, event, text

from hub.store.engine import Engine, reading, transaction
from hub.store.tables.columns import metadata

_OF_THE_HUB: Final = frozenset(
    {"run", "source", "archive_segment", "scope", "validator", "backfill", "condition", "meta", "change_counter"}
    | {"change", "erasure", "municipality"}
)
"""Tables that tell of the hub's work, not of what sources said."""

_OF_THE_MOMENT: Final = frozenset(
    {"run_id", "seen_run_id", "last_run_id", "first_run", "segment_id", "position", "change_seq", "connector_version"}
)
"""Columns that tell when and in which run something was stored."""

Content = dict[str, list[dict[str, Any]]]
"""Rows by table, without what differs from run to run, in a defined order."""


class Killed(BaseException):
    """The process was killed, as far as the database can tell."""


def hurry(engine: Engine) -> None:
    """Let SQLite trust the machine not to lose power: the database is thrown away."""

    def loosen(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", loosen)


def content(engine: Engine) -> Content:
    """What a database says of the world, to be compared with another."""
    with reading(engine) as connection:
        found: Content = {}
        for table in metadata.sorted_tables:
            if table.name in _OF_THE_HUB:
                continue
            columns = ", ".join(_lasting(table))
            rows = connection.execute(text(f'SELECT {columns} FROM "{table.name}"')).mappings()
            found[table.name] = sorted((_plain(row) for row in rows), key=repr)
        found["what v1_change adds up to"] = _folded(
            dict(row) for row in connection.execute(text("SELECT * FROM v1_change ORDER BY seq")).mappings()
        )
        return found


def rows(engine: Engine, view: str) -> list[dict[str, Any]]:
    """The rows of a view or table."""
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(text(f'SELECT * FROM "{view}"')).mappings()]


def last_change(engine: Engine) -> int:
    """The number of the newest change."""
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT value FROM change_counter")).scalar_one())


def bury(engine: Engine) -> None:
    """Let the runs of a killed process look like those of a dead one: this process is still alive."""
    with transaction(engine) as connection:
        connection.execute(text("UPDATE run SET owner = owner || 'x' WHERE finished_at IS NULL"))


@contextmanager
def counting(engine: Engine) -> Iterator[Callable[[], int]]:
    """Count commits while the block lasts."""
    seen = 0

    def count(_connection: object) -> None:
        nonlocal seen
        seen += 1

    event.listen(engine, "commit", count)
    try:
        yield lambda: seen
    finally:
        event.remove(engine, "commit", count)


@contextmanager
def dying(engine: Engine, commit: int, when: Literal["before", "after"]) -> Iterator[None]:
    """Die at this commit (from 1): nothing reaches the database from right before or right after it."""
    seen, dead = 0, False

    def committing(_connection: object) -> None:
        nonlocal seen, dead
        seen += 1
        if when == "before" and seen == commit:
            dead = True
        if dead:
            raise Killed

    def beginning(_connection: object) -> None:
        nonlocal dead
        dead = dead or seen >= commit
        if dead:
            raise Killed

    event.listen(engine, "commit", committing)
    event.listen(engine, "begin", beginning, insert=True)
    try:
        yield
    finally:
        event.remove(engine, "commit", committing)
        event.remove(engine, "begin", beginning)


def _lasting(table: Table) -> list[str]:
    """What is compared of a table; of the moment when something ended, only that it did."""
    chosen = []
    for name in (column.name for column in table.columns):
        if name in ("retired_at", "resolved_at"):
            chosen.append(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END AS is_{name.removesuffix('_at')}")
        elif name not in _OF_THE_MOMENT and not name.endswith("_at"):
            chosen.append(f'"{name}"')
    return chosen


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value if isinstance(value, str | int | None) else str(value) for name, value in row.items()}


def _folded(changes: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a reader of the change feed holds in the end."""
    state: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        key = (change["entity"], str(change["entity_id"]))
        fields = change["fields"]
        told = json.loads(fields) if isinstance(fields, str) else fields
        if change["operation"] in ("retire", "erase"):
            state.pop(key, None)
        else:
            lasting = {n: v for n, v in told.items() if n not in _OF_THE_MOMENT and not n.endswith("_at")}
            state[key] = {**state.get(key, {}), **lasting}
    return [{"entity": key[0], "id": key[1], **fields} for key, fields in sorted(state.items())]
