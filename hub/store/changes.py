"""The change log: append-only, with numbers that follow commit order without a gap (ADR 0005).

The last act before a commit takes numbers from one counter row. Its lock is held until the commit, so a transaction
that got later numbers also commits later: a reader that stores the last ``seq`` misses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, text

from hub.store import bulk
from hub.store.tables.operation import change

Operation = Literal["insert", "update", "retire", "revive", "erase"]
_COLUMNS = ("seq", "entity", "entity_id", "operation", "changed_at", "run_id", "fields")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entity; ``fields`` holds the new values (all of them for insert, update and revive)."""

    entity: str
    entity_id: str
    operation: Operation
    fields: Mapping[str, Any]


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction is about to number changes, and keep the turn until the commit.

    What is computed from other sources' rows (canonical organisations, verdicts) is computed after this: it then sees
    every row that was committed before, and nobody computes from ours before they are committed. On SQLite a
    writing transaction has had its turn since it began.
    """
    if bulk.is_postgresql(connection):
        connection.execute(text("SELECT value FROM change_counter WHERE id = 1 FOR UPDATE"))


def append(connection: Connection, changes: Sequence[Change], *, run_id: str, at: str) -> None:
    """Number and write the changes. Call it last in the transaction."""
    if not changes:
        return
    last = connection.execute(
        text("UPDATE change_counter SET value = value + :number WHERE id = 1 RETURNING value"), {"number": len(changes)}
    ).scalar_one()
    first = last - len(changes) + 1
    bulk.insert(
        connection,
        change,
        _COLUMNS,
        [
            (
                first + index,
                item.entity,
                item.entity_id,
                item.operation,
                at,
                run_id,
                msgspec.json.encode(item.fields).decode(),
            )
            for index, item in enumerate(changes)
        ],
    )


def append_to_each(
    connection: Connection,
    entity: str,
    fields: Mapping[str, Any],
    rows: str,
    *,
    run_id: str,
    at: str,
    **parameters: Any,
) -> int:
    """Number and write the same update for each ``id`` that the query ``rows`` gives; gives how many there are.

    Like :func:`append` it belongs to the end of a transaction. What ``rows`` gives must not change in between.
    """
    number = int(connection.execute(text(f"SELECT count(*) FROM ({rows}) t"), parameters).scalar_one())
    if not number:
        return 0
    last = connection.execute(
        text("UPDATE change_counter SET value = value + :number WHERE id = 1 RETURNING value"), {"number": number}
    ).scalar_one()
    instant, ident, json = ("timestamptz", "uuid", "jsonb") if bulk.is_postgresql(connection) else ("TEXT",) * 3
    connection.execute(
        text(
            "INSERT INTO change (seq, entity, entity_id, operation, changed_at, run_id, fields)"
            " SELECT CAST(:before AS BIGINT) + row_number() OVER (ORDER BY t.id), CAST(:_entity AS TEXT), t.id,"
            f" 'update', CAST(:_at AS {instant}), CAST(:_run AS {ident}), CAST(:_fields AS {json}) FROM ({rows}) t"
        ),
        {
            **parameters,
            "before": last - number,
            "_entity": entity,
            "_at": at,
            "_run": run_id,
            "_fields": msgspec.json.encode(fields).decode(),
        },
    )
    return number
