"""Quarantine: what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, text

from hub.model.ids import make_id
from hub.model.person import mask_person_numbers
from hub.store import bulk
from hub.store.raw import raw_id
from hub.store.tables.operation import quarantine

_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read: where it stood, at which stage it failed and why."""

    stream: str
    key: str
    stage: str
    reason: str
    origin: str = ""
    field: str = ""
    value: str = ""


class Meeting(Protocol):
    """The run that met some faults; ``seed`` is the name that ids of its source's records are made from."""

    @property
    def source_id(self) -> str: ...
    @property
    def seed(self) -> str: ...
    @property
    def run_id(self) -> str: ...


def quarantine_faults(
    connection: Connection, faults: Sequence[Fault], run: Meeting, *, connector_version: int, at: str
) -> None:
    """Keep faults for people. The same fault in a later run is the same row; personal numbers are masked."""
    rows = {}
    for fault in faults:
        fault_id = make_id("quarantine", run.seed, fault.stream, fault.key, fault.stage, fault.field, fault.reason)
        rows[fault_id] = (
            fault_id,
            run.source_id,
            run.run_id,
            raw_id(run.seed, fault.stream, fault.key),
            fault.stream,
            fault.key,
            fault.stage,
            fault.origin or None,
            fault.field or None,
            mask_person_numbers(fault.value)[0][:_EXCERPT] or None,
            mask_person_numbers(fault.reason)[0],
            connector_version,
            at,
            None,
        )
    columns = tuple(column.name for column in quarantine.columns if not column.name.startswith("drop"))
    bulk.upsert(connection, quarantine, columns, list(rows.values()), keep=("first_seen_at",))


def resolve_faults(connection: Connection, raw_ids: Iterable[str], *, run_id: str, at: str) -> None:
    """Close the faults of raw records that could be read in this run."""
    bulk.execute_in(
        connection,
        "UPDATE quarantine SET resolved_at = :at WHERE resolved_at IS NULL AND run_id <> :run AND {member}",
        "raw_id",
        raw_ids,
        at=at,
        run=run_id,
    )


def resolve_mapping_faults(connection: Connection, raw_ids: Iterable[str], *, run_id: str, at: str) -> None:
    """Close the faults of raw records that were mapped again in this run and did not meet them.

    What could not be fetched stays: nobody asked the publisher.
    """
    bulk.execute_in(
        connection,
        "UPDATE quarantine SET resolved_at = :at"
        " WHERE resolved_at IS NULL AND run_id <> :run AND stage <> 'fetch' AND {member}",
        "raw_id",
        raw_ids,
        at=at,
        run=run_id,
    )


def drop(connection: Connection, ids: Iterable[str], *, by: str, reason: str, at: str) -> int:
    """Note that faults need not be read, who decided that and why; gives how many there are.

    The same fault in a later run stays dropped; another one of the same item is a new row.
    """
    dropped = bulk.execute_in(
        connection,
        "UPDATE quarantine SET dropped_at = :at, dropped_by = :by, drop_reason = :reason WHERE {member}",
        "id",
        ids,
        at=at,
        by=by,
        reason=mask_person_numbers(reason)[0],
    )
    return int(dropped.rowcount)


def resolve_older_faults(connection: Connection, source_id: str, *, run_id: str, at: str) -> None:
    """Close the faults that a whole, successful run of the source did not meet again."""
    connection.execute(
        text(
            "UPDATE quarantine SET resolved_at = :at"
            " WHERE source_id = :source AND run_id <> :run AND resolved_at IS NULL"
        ),
        {"source": source_id, "run": run_id, "at": at},
    )
