"""Another name for a source: every row that bears the old one, and what readers are told of it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from hub.store import changes
from hub.store.plain import select
from hub.store.rows import SHAPES
from hub.store.tables.columns import metadata
from hub.store.writer import INTERNAL

_NAMING_ORGANISATIONS = ("organisation_claim", "mention", "membership", "social_evidence")
_FIRST = "00000000-0000-0000-0000-000000000000"


def owned_tables() -> list[str]:
    """The tables whose rows belong to a source."""
    return [table.name for table in metadata.sorted_tables if "source_id" in table.c]


def named_after(connection: Connection, name: str) -> str | None:
    """The source whose ids are made from this name although it is called otherwise now."""
    found = connection.execute(text("SELECT id FROM source WHERE seed = :name AND id <> :name"), {"name": name})
    return found.scalar()


def holds_records(connection: Connection, source_id: str) -> bool:
    """Whether anything was ever stored, or erased, under this name."""
    found = connection.execute(
        text(
            "SELECT 1 FROM raw_record WHERE source_id = :id UNION ALL SELECT 1 FROM erasure WHERE source_id = :id"
            " LIMIT 1"
        ),
        {"id": source_id},
    )
    return found.first() is not None


def forget(connection: Connection, source_id: str) -> None:
    """Forget a name under which nothing was stored, with the runs that failed under it."""
    for table in owned_tables():
        connection.execute(text(f"DELETE FROM {table} WHERE source_id = :id"), {"id": source_id})
    connection.execute(text("DELETE FROM source WHERE id = :id"), {"id": source_id})


def move(connection: Connection, old: str, new: str) -> None:
    """Give a source another name. What its ids are made from stays its first one."""
    connection.execute(
        text("UPDATE source SET id = :new, seed = nullif(coalesce(seed, id), :new) WHERE id = :old"),
        {"old": old, "new": new},
    )
    for table in owned_tables():
        connection.execute(
            text(f"UPDATE {table} SET source_id = :new WHERE source_id = :old"), {"old": old, "new": new}
        )


def tell(connection: Connection, source_id: str, *, run_id: str, at: str) -> int:
    """Tell readers the new name of each standing record; gives how many there are."""
    return sum(
        changes.append_to_each(
            connection,
            shape.entity,
            {"source": source_id},
            f"SELECT id FROM {shape.table.name} WHERE source_id = :source AND retired_at IS NULL",
            run_id=run_id,
            at=at,
            source=source_id,
        )
        for shape in SHAPES
        if shape.entity not in INTERNAL
    )


def organisations(connection: Connection, source_id: str, size: int) -> Iterator[set[str]]:
    """The organisations that a source says anything of, ``size`` at a time; some come more than once."""
    for table in _NAMING_ORGANISATIONS:
        last = _FIRST
        while rows := select(
            connection,
            f"SELECT DISTINCT organisation_id AS id FROM {table} WHERE source_id = :source AND organisation_id > :last"
            " ORDER BY organisation_id LIMIT :size",
            source=source_id,
            last=last,
            size=size,
        ):
            last = rows[-1]["id"]
            yield {row["id"] for row in rows}
