"""Which raw records own a record that names somebody: an organisation by its number, or a person by the pseudonym."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, text

from hub.store import bulk
from hub.store.erase import held
from hub.store.rows import SHAPES, Shape
from hub.store.tables.columns import ID
from hub.store.tables.organisation import organisation_identifier

_ORGANISATIONS: Final = frozenset({"organisation_id", "buyer_id", "supplier_id"})
"""Columns that hold an organisation's id, in whatever table of a record."""
_PSEUDONYM: Final = "pseudonym"
"""How columns end that hold a person's stand-in."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is named: an organisation (its id and its number), or a natural person (the pseudonym alone)."""

    organisation_id: str = ""
    scheme: str = ""
    identifier: str = ""
    pseudonym: str = ""


def find_naming(connection: Connection, who: Somebody, source_id: str | None = None) -> dict[str, set[str]]:
    """The raw records, by source, of which something is stored that names somebody, retired records among them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    parameters = {"organisation": who.organisation_id, "scheme": who.scheme, "number": who.identifier,
                  "pseudonym": who.pseudonym, "source": source_id}  # fmt: skip
    for query in _of_person() if who.pseudonym else _of_organisation(connection):
        limited = (
            f"SELECT source_id, raw_id FROM ({query}) t WHERE CAST(:source AS TEXT) IS NULL OR source_id = :source"
        )
        for row in connection.execute(text(limited), parameters):
            found[row.source_id].add(str(row.raw_id))
    return dict(found)


def find_erasable(connection: Connection, raw_ids: Collection[str]) -> set[str]:
    """Those of some raw records of which something is stored, or that were erased and would be stored again."""
    again = bulk.select_in(connection, "SELECT raw_id FROM erasure WHERE NOT barred AND {member}", "raw_id", raw_ids)
    return {*held(connection, raw_ids), *(str(row.raw_id) for row in again)}


def count_owned(connection: Connection, raw_ids: Collection[str]) -> Counter[str]:
    """How many records of each entity some raw records own, retired ones among them."""
    owned: Counter[str] = Counter()
    for shape in SHAPES:
        statement = f"SELECT count(*) AS number FROM {shape.table.name} WHERE {{member}}"
        owned[shape.entity] += int(bulk.select_in(connection, statement, "raw_id", raw_ids)[0].number)
    return +owned


def _of_organisation(connection: Connection) -> Iterator[str]:
    kind = "uuid" if bulk.is_postgresql(connection) else "TEXT"
    for shape, table, link in _tables():
        columns = [column.name for column in table.columns if column.type is ID and column.name in _ORGANISATIONS]
        if columns:
            yield _owners(shape, table, link, columns, f"CAST(:organisation AS {kind})")
        if table is organisation_identifier:  # a register may give an organisation several numbers
            yield f"{_owners(shape, table, link, ['value'], 'CAST(:number AS TEXT)')} AND t.scheme = :scheme"


def _of_person() -> Iterator[str]:
    for shape, table, link in _tables():
        columns = [column.name for column in table.columns if column.name.endswith(_PSEUDONYM)]
        if columns:
            yield _owners(shape, table, link, columns, "CAST(:pseudonym AS TEXT)")
    yield "SELECT source_id, id AS raw_id FROM raw_record WHERE key = :pseudonym"
    yield "SELECT source_id, raw_id FROM quarantine WHERE key = :pseudonym"


def _tables() -> Iterator[tuple[Shape, Table, str]]:
    """Every table of every entity, with its column that holds the record's id."""
    for shape in SHAPES:
        yield shape, shape.table, "id"
        for child in shape.children.values():
            yield shape, child.table, child.link


def _owners(shape: Shape, table: Table, link: str, columns: Collection[str], value: str) -> str:
    named = " OR ".join(f't."{column}" = {value}' for column in columns)
    root = shape.table.name
    return f"SELECT r.source_id, r.raw_id FROM {table.name} t JOIN {root} r ON r.id = t.{link} WHERE ({named})"
