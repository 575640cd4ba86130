"""Quarantine and drift: what could not be read, and what the connector did not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, text

from hub.model.ids import make_id
from hub.model.person import mask_person_numbers
from hub.sdk.events import Drift
from hub.store import bulk
from hub.store.raw import raw_id
from hub.store.tables.operation import drift, quarantine

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


def resolve_older_faults(connection: Connection, source_id: str, *, run_id: str, at: str) -> None:
    """Close the faults that a whole, successful run of the source did not meet again."""
    connection.execute(
        text(
            "UPDATE quarantine SET resolved_at = :at"
            " WHERE source_id = :source AND run_id <> :run AND resolved_at IS NULL"
        ),
        {"source": source_id, "run": run_id, "at": at},
    )


def report_drift(connection: Connection, found: Iterable[Drift], *, source_id: str, run_id: str, at: str) -> None:
    """Keep each kind of drift once per source, with the first time that it was seen."""
    rows = {}
    for item in found:
        value = mask_person_numbers(item.value)[0][:_EXCERPT]
        drift_id = make_id("drift", source_id, item.stream, item.kind, item.field, value)
        rows[drift_id] = (drift_id, source_id, run_id, item.stream, item.kind, item.field, value, at)
    columns = tuple(column.name for column in drift.columns)
    bulk.upsert(connection, drift, columns, list(rows.values()), keep=("first_seen_at",))
