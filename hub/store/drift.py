"""Drift: what a source says that its connector does not know. Each kind, field and value once per source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, text

from hub.model.ids import make_id
from hub.model.person import mask_person_numbers
from hub.sdk.events import Drift
from hub.store import bulk
from hub.store.plain import Row, select
from hub.store.tables.operation import drift

MOST_VALUES: Final = 50
"""Values of one field that are kept one by one."""

MOST_FIELDS: Final = 500
"""Fields of one kind that are kept one by one: an object keyed by identifiers looks like so many new fields."""

OTHERS: Final = "(others; the hub lists no more of them)"
"""Stands for all values, or fields, beyond those."""

_COLUMNS = (
    "id",
    "source_id",
    "run_id",
    "stream",
    "kind",
    "field",
    "value",
    "connector_version",
    "first_seen_at",
    "raised",
)
_EXCERPT = 200

Group = tuple[str, ...]


def report_drift(
    connection: Connection,
    found: Iterable[Drift],
    *,
    source_id: str,
    run_id: str,
    connector_version: int,
    at: str,
    seed: str = "",
) -> int:
    """Keep what was met with the first time and the last run; gives how many values were too many to be kept.

    ``seed`` is the name that ids are made from, when it is not the source's own.

    An identifier in a code's place gives a new value with every record: beyond ``MOST_VALUES`` of a field one row
    stands for the rest, so that neither the database nor its reader drowns.
    """
    named, met = seed or source_id, {}
    for item in found:
        value = mask_person_numbers(item.value)[0][:_EXCERPT]
        met[_id(named, item.stream, item.kind, item.field, value)] = (item.stream, item.kind, item.field, value)
    if not met:
        return 0
    rows = bulk.select_in(connection, "SELECT id FROM drift WHERE {member}", "id", met)
    known = {str(row.id) for row in rows}
    room = _Room(connection, source_id) if met.keys() - known else None
    kept, dropped = {}, 0
    for drift_id, said in sorted(met.items(), key=lambda entry: entry[1]):
        placed = said if drift_id in known or room is None else room.place(*said)
        dropped += placed != said
        kept[_id(named, *placed)] = placed
    tail = (connector_version, at, False)
    bulk.upsert(
        connection,
        drift,
        _COLUMNS,
        [(drift_id, source_id, run_id, *said, *tail) for drift_id, said in kept.items()],
        keep=("first_seen_at", "raised"),
    )
    return dropped


def listed(connection: Connection, *, source: str | None = None, run_id: str | None = None) -> list[Row]:
    """What sources said that their connectors do not know, the latest found first; of a run, what it met last."""
    return select(
        connection,
        "SELECT * FROM v1_drift WHERE source = coalesce(CAST(:source AS TEXT), source)"
        " AND (CAST(:run AS TEXT) IS NULL OR CAST(last_run_id AS TEXT) = :run)"
        " ORDER BY first_seen_at DESC, source, stream, kind, field, value",
        source=source,
        run=run_id,
    )


class _Room:
    """How much more may be listed of each field, and how many more fields of each kind."""

    def __init__(self, connection: Connection, source_id: str) -> None:
        rows = connection.execute(
            text(
                "SELECT stream, kind, field, count(*) AS listed FROM drift WHERE source_id = :source"
                " AND value <> :others AND field <> :others GROUP BY stream, kind, field"
            ),
            {"source": source_id, "others": OTHERS},
        )
        self._values: Counter[Group] = Counter()
        self._fields: Counter[Group] = Counter()
        for row in rows:
            self._values[row.stream, row.kind, row.field] = row.listed
            self._fields[row.stream, row.kind] += 1

    def place(self, stream: str, kind: str, field: str, value: str) -> Group:
        """Where a new value is listed: as itself, or among the others of its field or kind."""
        if not self._values[stream, kind, field]:
            if self._fields[stream, kind] >= MOST_FIELDS:
                return stream, kind, OTHERS, ""
            self._fields[stream, kind] += 1
        elif self._values[stream, kind, field] >= MOST_VALUES:
            return stream, kind, field, OTHERS
        self._values[stream, kind, field] += 1
        return stream, kind, field, value


def _id(seed: str, stream: str, kind: str, field: str, value: str) -> str:
    return make_id("drift", seed, stream, kind, field, value)
