"""Organisations and what belongs to them."""

from __future__ import annotations

from hub.store.views.view import View

VIEWS = (
    View(
        "v1_organisation",
        "one organisation that a source names by a valid official number",
        {
            "id": "deterministic id; stays when names change",
            "identifier_scheme": "org-id.guide prefix of the number: SE-ON, FI-PRO, GB-COH, ...",
            "identifier": "the number in the scheme's stored form: ten digits for SE-ON",
            "name": "from the source that ranks highest",
            "country": "ISO 3166-1 alpha-2; null when no source says",
            "legal_form": "the register's own code, e.g. AB; null without a register row",
            "legal_form_scheme": "the list that legal_form comes from",
            "kind": "company, cooperative, association, foundation, faith_community, housing, partnership, "
            "public_body, estate, branch or other; null when unknown",
            "status": "active, winding_up or dissolved; null when no register says",
            "registered_on": "date of registration",
            "dissolved_on": "date of deregistration",
            "municipality_code": "four digits (SE); see municipality_basis",
            "municipality_basis": "seat, postal_code (derived from the postal address) or reference",
            "postal_code": "as published",
            "locality": "postal town as published",
            "purpose": "registered purpose or line of business, in its own words",
            "social_status": "verdict today: confirmed, likely, possible, excluded or unknown",
            "changed_at": "when this row last changed, UTC",
            "change_seq": "its last number in v1_change",
        },
        """
        SELECT o.id, o.scheme AS identifier_scheme, o.identifier, o.name, o.country, o.legal_form,
               o.legal_form_scheme, o.kind, o.status, o.registered_on, o.dissolved_on, o.municipality_code,
               o.municipality_basis, o.postal_code, o.locality, o.purpose,
               coalesce((SELECT a.status FROM social_assessment a WHERE a.organisation_id = o.id
                         AND (a.valid_from IS NULL OR a.valid_from <= today())
                         AND (a.valid_to IS NULL OR a.valid_to >= today())
                         ORDER BY a.valid_from DESC LIMIT 1), 'unknown') AS social_status,
               o.changed_at,
               (SELECT max(c.seq) FROM change c WHERE c.entity_id = o.id) AS change_seq
        FROM organisation o WHERE o.retired_at IS NULL
        """,
    ),
    View(
        "v1_organisation_alias",
        "an old id of an organisation after a merge",
        {"old_id": "the id that is no longer used", "organisation_id": "the organisation it means now"},
        "SELECT old_id, organisation_id FROM organisation_alias",
    ),
    View(
        "v1_identifier",
        "an official number of an organisation",
        {
            "organisation_id": "the organisation",
            "scheme": "org-id.guide prefix",
            "value": "the number in the scheme's stored form",
        },
        """
        SELECT id AS organisation_id, scheme, identifier AS value FROM organisation WHERE retired_at IS NULL
        UNION
        SELECT i.organisation_id, i.scheme, i.value FROM organisation_identifier i
        JOIN organisation_claim c ON c.id = i.claim_id WHERE c.retired_at IS NULL
        """,
    ),
    View(
        "v1_activity",
        "an industry code of an organisation",
        {
            "organisation_id": "the organisation",
            "scheme": "list and version: SNI 2007 and SNI 2025 are different lists",
            "code": "as published",
            "rank": "1 is the main activity",
        },
        """
        SELECT a.organisation_id, a.scheme, a.code, min(a.rank) AS rank FROM organisation_activity a
        JOIN organisation_claim c ON c.id = a.claim_id WHERE c.retired_at IS NULL
        GROUP BY a.organisation_id, a.scheme, a.code
        """,
    ),
    View(
        "v1_registration",
        "a period of membership in a special register, network or list",
        {
            "organisation_id": "the member",
            "register": "the list's id: se_idebura, se_asf, ...",
            "number": "the member's number in that list",
            "valid_from": "first day",
            "valid_to": "last day: published, or the day before the list was seen without it; null while it lasts",
            "valid_from_basis": "published by the list, or first_seen by the hub",
            "register_name": "the list's name",
            "source": "source id",
        },
        """
        SELECT m.organisation_id, m.register_id AS register, m.number,
               coalesce(m.valid_from, day(m.first_seen_at)) AS valid_from,
               CASE WHEN m.retired_at IS NULL OR m.valid_to < day_before(m.retired_at) THEN m.valid_to
                    ELSE day_before(m.retired_at) END AS valid_to,
               coalesce(m.valid_from_basis, 'first_seen') AS valid_from_basis, m.register_name, m.source_id AS source
        FROM membership m WHERE m.organisation_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM membership n WHERE n.organisation_id = m.organisation_id AND n.source_id = m.source_id
            AND n.register_id = m.register_id AND n.first_seen_at = m.retired_at)
        """,
    ),
    View(
        "v1_organisation_figure",
        "a yearly figure of an organisation",
        {
            "organisation_id": "the organisation",
            "figure": "turnover, employees, result, ...",
            "year": "calendar or financial year",
            "value": "exact decimal text",
            "unit": "SEK, persons, ...",
            "source": "source id",
        },
        """
        SELECT f.organisation_id, f.figure, f.year, f.value, f.unit, c.source_id AS source
        FROM organisation_figure f JOIN organisation_claim c ON c.id = f.claim_id WHERE c.retired_at IS NULL
        """,
    ),
    View(
        "v1_municipality",
        "a municipality (reference data)",
        {
            "code": "four digits, leading zero kept",
            "name": "official name",
            "county": "county (län)",
            "country": "ISO 3166-1 alpha-2",
            "organisation_id": "the municipality as an organisation",
            "valid_from": "first day of the code; null when not known",
            "valid_to": "last day of the code; null while it lasts",
        },
        "SELECT code, name, county, country, organisation_id, valid_from, valid_to FROM municipality",
    ),
    View(
        "v1_indicator",
        "a statistic of a municipality, one row for each group that it is published for",
        {
            "municipality_code": "four digits",
            "indicator": "the publisher's id, e.g. N00120",
            "year": "year",
            "value": "exact decimal text; null when published as missing",
            "source": "source id",
            "population": "whom it counts: T all, K women, M men; choose one",
            "title": "what it measures, in the publisher's words",
            "unit": "as published",
        },
        "SELECT municipality_code, indicator, year, value, source_id AS source, population, title, unit"
        " FROM indicator WHERE retired_at IS NULL",
    ),
)
