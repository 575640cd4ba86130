"""The canonical organisation: one row per official number, each field from the source that ranks highest (ADR 0001).

Computed anew for the organisations touched by a batch, from three set-based reads. Claims of registers outrank names
that stood in notices and ledgers; among sources, ``precedence`` in the configuration decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from hub.identity import sql
from hub.store.changes import Change, Operation
from hub.store.engine import Connection
from hub.store.tables.organisation import CLAIM_GROUPS

_LAST = 1_000


def canonicalise(
    connection: Connection, organisation_ids: Collection[str], *, precedence: Sequence[str], at: str
) -> list[Change]:
    """Recompute some organisations, write those that differ, and give their changes.

    ``precedence`` lists connector ids, highest first; ``at`` is the moment of the run in stored form.
    """
    if not organisation_ids:
        return []
    rank = {connector: position for position, connector in enumerate(precedence)}
    claims = _grouped(sql.claims_of(connection, organisation_ids))
    mentions = _grouped(sql.mentions_of(connection, organisation_ids))
    municipalities = sql.municipalities_of(connection, organisation_ids)
    stored = sql.stored_organisations(connection, organisation_ids)
    rows: list[tuple[Any, ...]] = []
    gone: list[str] = []
    changes: list[Change] = []
    for organisation_id in sorted(organisation_ids):
        before = stored.get(organisation_id)
        ranked = sorted(
            claims[organisation_id], key=lambda row: (rank.get(row.connector, _LAST), row.source_id, row.row_key)
        )
        named = sorted(mentions[organisation_id], key=lambda row: (rank.get(row.connector, _LAST), *_name_order(row)))
        if not ranked and not named:
            if before and not before[1]:
                gone.append(organisation_id)
                changes.append(Change("organisation", organisation_id, "retire", {"retired_at": at}))
            continue
        values = _fold(ranked, named, municipalities.get(organisation_id))
        content_hash = blake2b(msgspec.msgpack.encode(values), digest_size=16).hexdigest()
        if before == (content_hash, False):
            continue
        operation: Operation = "insert" if before is None else "revive" if before[1] else "update"
        rows.append((organisation_id, *values.values(), content_hash, at, at, None))
        changes.append(Change("organisation", organisation_id, operation, {"id": organisation_id, **values}))
    sql.save_organisations(connection, rows)
    if gone:
        sql.retire_organisations(connection, gone, at=at)
    return changes


def _grouped(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[str(row.organisation_id)].append(row)
    return groups


def _name_order(row: Any) -> tuple[Any, ...]:
    # Independent of the order in which things were read: a name with lower-case letters before one all in capitals.
    return (not row.name, row.name == row.name.upper(), row.source_id, row.name)


def _fold(claims: Sequence[Any], mentions: Sequence[Any], municipality: Any | None) -> dict[str, Any]:
    first = (*claims, *mentions)[0]
    values: dict[str, Any] = {"scheme": first.scheme, "identifier": first.identifier}
    for group in CLAIM_GROUPS:
        # Fields that mean something only together come from one claim: no street from one, postal code from another.
        winner = next((row for row in claims if any(getattr(row, name) is not None for name in group)), None)
        values |= {name: _stored(getattr(winner, name)) if winner is not None else None for name in group}
    if mentions:
        values["name"] = values["name"] or mentions[0].name or None
        values["country"] = values["country"] or next((row.country for row in mentions if row.country), None)
    if municipality is not None:
        values |= _municipal(values, municipality)
    return values


def _municipal(values: Mapping[str, Any], municipality: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "kind": values["kind"] or "public_body",
        "country": values["country"] or municipality.country,
    }
    if values["name"] is None or values["legal_form"] is None:
        known["name"] = municipality.name
    known |= {"municipality_code": municipality.code, "municipality_basis": "reference"}
    return known


def _stored(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
