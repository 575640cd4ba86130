"""Reading facts and writing evidence and assessments: a few set-based statements for any number of organisations."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from hub.model import DateBasis
from hub.social.assess import RULES, Assessment
from hub.social.evidence import Evidence
from hub.social.facts import ActivityFact, MembershipFact, OrganisationFacts, Origin
from hub.store import bulk
from hub.store.tables.social import social_assessment, social_evidence

_FIELDS: Final = ("name", "country", "legal_form", "legal_form_scheme", "kind", "status", "registered_on",
                  "dissolved_on", "purpose")  # fmt: skip
_EVIDENCE: Final = ("id", "organisation_id", "signal", "criterion", "strength", "source_id", "field", "value",
                    "valid_from", "valid_from_basis", "valid_to", "legal_reference", "first_seen_at")  # fmt: skip
_ASSESSMENT: Final = ("id", "organisation_id", "status", "confidence", "valid_from", "valid_from_basis", "valid_to",
                      "decided_by", "rules_version", "explanation_sv", "explanation_en", "marks", "evidence_ids",
                      "content_hash", "changed_at")  # fmt: skip


def load_facts(connection: Connection, organisation_ids: Collection[str]) -> dict[str, OrganisationFacts]:
    """What the store knows of these organisations; ids that it knows nothing of are left out."""
    names = ", ".join(_FIELDS)
    rows = bulk.select_in(
        connection, f"SELECT id, scheme, identifier, {names} FROM organisation WHERE {{member}}", "id", organisation_ids
    )
    values = {str(row.id): dict(row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's documented name
    members = _memberships(connection, organisation_ids)
    for organisation_id, (name, _) in members.items():
        # Known from a list alone: the list's spelling is all there is.
        values.setdefault(organisation_id, {"scheme": "", "identifier": "", "name": name})
    origins = _origins(connection, values)
    activities = _activities(connection, organisation_ids)
    return {
        organisation_id: OrganisationFacts(
            organisation_id=organisation_id,
            scheme=row["scheme"],
            identifier=row["identifier"],
            **_values(row),
            activities=tuple(activities.get(organisation_id, ())),
            memberships=tuple(members[organisation_id][1]) if organisation_id in members else (),
            origins=origins.get(organisation_id, {}),
        )
        for organisation_id, row in values.items()
    }


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _day(row.get(name)) if name.endswith("_on") else row.get(name) for name in _FIELDS}


def _origins(connection: Connection, values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Origin]]:
    """By organisation and field: the claim that gave the canonical value. Of several the first source by id."""
    claims = bulk.select_in(
        connection,
        f"SELECT organisation_id, source_id, first_seen_at, changed_at, {', '.join(_FIELDS)} FROM organisation_claim"
        " WHERE {member} AND retired_at IS NULL ORDER BY source_id, row_key",
        "organisation_id",
        values,
    )
    found: dict[str, dict[str, Origin]] = defaultdict(dict)
    for claim in claims:
        organisation_id = str(claim.organisation_id)
        origin = Origin(claim.source_id, settled=claim.first_seen_at == claim.changed_at)
        for name in _FIELDS:
            value = getattr(claim, name)
            if value is not None and value == values[organisation_id].get(name):
                found[organisation_id].setdefault(name, origin)
    nameless = [organisation_id for organisation_id in values if "name" not in found.get(organisation_id, {})]
    mentions = bulk.select_in(
        connection,
        "SELECT organisation_id, source_id, name FROM mention WHERE {member} ORDER BY source_id",
        "organisation_id",
        nameless,
    )
    for mention in mentions:
        # The number is known from there, whatever name the organisation has from elsewhere.
        found[str(mention.organisation_id)].setdefault("identifier", Origin(mention.source_id))
        if mention.name == values[str(mention.organisation_id)].get("name"):
            found[str(mention.organisation_id)].setdefault("name", Origin(mention.source_id))
    return found


def _activities(connection: Connection, organisation_ids: Collection[str]) -> dict[str, list[ActivityFact]]:
    rows = bulk.select_in(
        connection,
        "SELECT a.organisation_id, a.scheme, a.code, c.source_id, c.first_seen_at, c.changed_at"
        " FROM organisation_activity a JOIN organisation_claim c ON c.id = a.claim_id"
        " WHERE {member} AND c.retired_at IS NULL ORDER BY c.source_id, a.rank, a.code",
        "a.organisation_id",
        organisation_ids,
    )
    found: dict[str, list[ActivityFact]] = defaultdict(list)
    for row in rows:
        origin = Origin(row.source_id, settled=row.first_seen_at == row.changed_at)
        found[str(row.organisation_id)].append(ActivityFact(row.scheme, row.code, origin))
    return found


def _memberships(
    connection: Connection, organisation_ids: Collection[str]
) -> dict[str, tuple[str | None, list[MembershipFact]]]:
    rows = bulk.select_in(
        connection,
        "SELECT organisation_id, register_id, register_name, source_id, name_as_written, valid_from, valid_to,"
        " valid_from_basis, first_seen_at, retired_at FROM membership m WHERE {member} AND NOT EXISTS ("
        # A row that another one of the same member replaced within one run was corrected, not left.
        "SELECT 1 FROM membership n WHERE n.organisation_id = m.organisation_id AND n.source_id = m.source_id"
        " AND n.register_id = m.register_id AND n.first_seen_at = m.retired_at) ORDER BY source_id, id",
        "m.organisation_id",
        organisation_ids,
    )
    found: dict[str, tuple[str | None, list[MembershipFact]]] = {}
    for row in rows:
        _, facts = found.setdefault(str(row.organisation_id), (row.name_as_written, []))
        published = _day(row.valid_from)
        start = published or _instant(row.first_seen_at).date()
        end = _day(row.valid_to)
        if row.retired_at is not None:
            # The day before it was seen missing is the last on which the list is known to have held it.
            left = _instant(row.retired_at).date() - timedelta(days=1)
            end = min(end, left) if end else left
        if end is None or start <= end:
            basis: DateBasis = (row.valid_from_basis or "published") if published else "first_seen"
            facts.append(MembershipFact(row.register_id, row.register_name, row.source_id, start, basis, end))
    return found


def load_titles(connection: Connection) -> dict[str, str]:
    """What sources are called in explanations, by their id: a generic connector's title would not tell which list."""
    rows = connection.execute(text("SELECT id, title, connector FROM source"))
    return {row.id: row.id if row.connector.startswith("xx_") else row.title for row in rows}


def load_evidence(connection: Connection, organisation_ids: Collection[str]) -> dict[str, list[Evidence]]:
    """Stored evidence by organisation."""
    rows = bulk.select_in(
        connection,
        f"SELECT {', '.join(_EVIDENCE)} FROM social_evidence WHERE {{member}} ORDER BY id",
        "organisation_id",
        organisation_ids,
    )
    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in rows:
        found[str(row.organisation_id)].append(_evidence(row))
    return found


def load_hashes(connection: Connection, organisation_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """The rules' own assessments: by id the organisation and the content hash."""
    rows = bulk.select_in(
        connection,
        "SELECT id, organisation_id, content_hash FROM social_assessment WHERE {member} AND decided_by = :rules",
        "organisation_id",
        organisation_ids,
        rules=RULES,
    )
    return {str(row.id): (str(row.organisation_id), row.content_hash) for row in rows}


def write_evidence(connection: Connection, changed: Iterable[Evidence], gone: Collection[str]) -> None:
    """Write evidence rows that differ and remove those that are gone."""
    if gone:
        bulk.execute_in(connection, "DELETE FROM social_evidence WHERE {member}", "id", gone)
    rows = [
        tuple(_written(getattr(item, column)) for column in _EVIDENCE)
        for item in sorted(changed, key=lambda item: item.id)
    ]
    bulk.upsert(connection, social_evidence, _EVIDENCE, rows)


def write_assessments(
    connection: Connection, changed: Iterable[Assessment], gone: Collection[str], now: datetime
) -> None:
    """Write assessment rows that differ and remove those that are gone."""
    if gone:
        bulk.execute_in(connection, "DELETE FROM social_assessment WHERE {member}", "id", gone)
    rows = []
    for item in changed:
        values = {**item.fields(), "id": item.id, "content_hash": item.content_hash, "changed_at": now}
        rows.append(tuple(_written(values[column]) for column in _ASSESSMENT))
    bulk.upsert(connection, social_assessment, _ASSESSMENT, rows)


def _evidence(row: Row[Any]) -> Evidence:
    values = dict(row._mapping)  # noqa: SLF001
    values |= {name: str(values[name]) for name in ("id", "organisation_id")}
    values |= {name: _day(values[name]) for name in ("valid_from", "valid_to")}
    values["first_seen_at"] = _instant(values["first_seen_at"])
    return Evidence(**values)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
