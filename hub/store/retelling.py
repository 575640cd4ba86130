"""What is computed from records, after some of them were erased: organisations and verdicts, and their change rows.

Nobody can tell which value of an earlier change row came from which record. So all that readers were told of an
organisation that an erased record spoke of is emptied, and what stands is told anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Table

from hub.store import bulk
from hub.store.changes import Change
from hub.store.erase import blank_changes
from hub.store.standing import Values, values
from hub.store.tables.organisation import organisation
from hub.store.tables.social import social_assessment, social_evidence

_UNFED: Final = {"content_hash", "first_seen_at", "changed_at", "retired_at"}
_OF_ORGANISATION: Final = (
    (organisation, "id"),
    (social_evidence, "organisation_id"),
    (social_assessment, "organisation_id"),
)
_JSON_VALUE: Final = "json_extract(fields, '$.organisation_id')"
"""SQLite understands PostgreSQL's arrows since 3.38 alone."""


def forget_organisations(connection: Connection, organisation_ids: Collection[str]) -> set[str]:
    """Delete those that nobody claims or mentions any more, with evidence and verdicts; gives their ids."""
    statement = "SELECT id FROM organisation WHERE retired_at IS NULL AND {member}"
    standing = {str(row.id) for row in bulk.select_in(connection, statement, "id", organisation_ids)}
    gone = set(organisation_ids) - standing
    for table, link in _OF_ORGANISATION if gone else ():
        bulk.execute_in(connection, f"DELETE FROM {table.name} WHERE {{member}}", link, gone)
    return gone


def tell_anew(connection: Connection, organisation_ids: Collection[str], found: Sequence[Change]) -> list[Change]:
    """Empty the change rows of some organisations and their verdicts; gives changes that tell what stands of them.

    ``found`` is what computing them anew has changed. What no longer stands is erased, also when it was retired
    before: a reader may have kept it.
    """
    if not organisation_ids:
        return []
    latest = {change.entity_id: change for change in found}
    log: list[Change] = []
    told = {
        organisation: _ids(connection, "{member}", "entity_id", organisation_ids),
        social_assessment: _assessments_told(connection, organisation_ids),
    }
    for (table, ids), link in zip(told.items(), ("id", "organisation_id"), strict=True):
        standing = _standing(connection, table, link, organisation_ids)
        blank_changes(connection, ids)
        for entity_id in sorted(ids | standing.keys()):
            if entity_id not in standing:
                log.append(Change(table.name, entity_id, "erase", {}))
            elif entity_id in latest:
                log.append(latest[entity_id])
            else:
                log.append(Change(table.name, entity_id, "update", standing[entity_id]))
    return log


def _assessments_told(connection: Connection, organisation_ids: Collection[str]) -> set[str]:
    # Also those that no longer stand: their ids are found in the log alone.
    value = "fields ->> 'organisation_id'" if bulk.is_postgresql(connection) else _JSON_VALUE
    return _ids(connection, "entity = 'social_assessment' AND {member}", value, organisation_ids, kind="text")


def _ids(
    connection: Connection, condition: str, column: str, among: Collection[str], *, kind: str = "uuid"
) -> set[str]:
    statement = f"SELECT DISTINCT entity_id AS id FROM change WHERE {condition}"
    return {str(row.id) for row in bulk.select_in(connection, statement, column, among, kind=kind)}


def _standing(
    connection: Connection, table: Table, link: str, organisation_ids: Collection[str]
) -> Mapping[str, Values]:
    columns = [column.name for column in table.columns if column.name not in _UNFED]
    names = ", ".join(f'"{name}"' for name in columns)
    rows = bulk.select_in(connection, f"SELECT {names} FROM {table.name} WHERE {{member}}", link, organisation_ids)
    found = (values(table, columns, row) for row in rows)
    if table is organisation:
        return {whole["id"]: whole for whole in found}
    return {whole.pop("id"): whole for whole in found}
