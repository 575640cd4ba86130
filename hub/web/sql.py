"""What health and metrics read of the database: some set-based questions, none of them per source."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.store import bulk, schema
from hub.store.engine import Connection, DatabaseUnavailable, Engine, reading
from hub.store.plain import Row, plain, select


@contextmanager
def answering(engine: Engine) -> Iterator[Connection]:
    """A connection for reading; whatever is wrong with the database is a :class:`DatabaseUnavailable`."""
    try:
        with reading(engine) as connection:
            if bulk.is_postgresql(connection):
                connection.execute(text("SET LOCAL statement_timeout = '10s'"))
            yield connection
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(
            f"the database does not answer as it should ({type(error).__name__})",
            where="database",
            instruction="ask `/readyz` on the hub's own machine, or run `hub check` there",
        ) from error


def schema_is_current(engine: Engine) -> bool:
    """Whether the database can be read and is at this program's schema."""
    with answering(engine) as connection:
        return schema.is_current(connection)


def sources(connection: Connection) -> list[Row]:
    """The sources that are not removed: the latest run of each (``latest``), and when its last finished one ran."""
    return select(
        connection,
        "SELECT s.id, s.enabled, s.last_success_at, s.next_due_at, s.failures, s.paused_at,"
        " l.id AS latest, l.outcome AS latest_outcome, f.started_at, f.finished_at"
        " FROM source s"
        f" LEFT JOIN run l ON l.id = ({_LAST.format('TRUE')})"
        f" LEFT JOIN run f ON f.id = ({_LAST.format('r.finished_at IS NOT NULL')})"
        " WHERE s.removed_at IS NULL ORDER BY s.id",
    )


_LAST = "SELECT r.id FROM run r WHERE r.source_id = s.id AND {} ORDER BY r.number DESC LIMIT 1"


def totals(connection: Connection, source_ids: Collection[str]) -> list[Row]:
    """Of these sources, by kind and outcome (null while it runs): how many runs there were, and what they counted."""
    counted = ", ".join(
        f"CAST(sum({name}_count) AS BIGINT) AS {name}"
        for name in ("read", "stored", "changed", "unchanged", "retired", "quarantined")
    )
    rows = bulk.select_in(
        connection,
        f"SELECT source_id AS source, kind, outcome, count(*) AS runs, {counted} FROM run WHERE {{member}}"
        " GROUP BY source_id, kind, outcome ORDER BY source_id, kind, outcome",
        "source_id",
        source_ids,
        kind="text",
    )
    return [{name: plain(value) for name, value in row._mapping.items()} for row in rows]  # noqa: SLF001 - its public API


def conditions(connection: Connection) -> list[Row]:
    """What stands of which source."""
    return select(
        connection, "SELECT source_id AS source, kind FROM condition WHERE cleared_at IS NULL ORDER BY source_id, kind"
    )


def quarantined(connection: Connection) -> dict[str, int]:
    """How much stands in quarantine and was not dropped, by source."""
    rows = select(
        connection,
        "SELECT source_id AS source, count(*) AS items FROM quarantine"
        " WHERE resolved_at IS NULL AND dropped_at IS NULL GROUP BY source_id",
    )
    return {row["source"]: row["items"] for row in rows}


def last_seq(connection: Connection) -> int:
    """The highest number in the change feed; 0 when it is empty."""
    return int(connection.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())
