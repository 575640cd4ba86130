"""Organisations: what each source claims, what is mentioned, and the canonical organisation computed from both."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from hub.store.tables.columns import DATE, ID, INSTANT, JSON, identity, metadata, ownership

CLAIM_GROUPS = (
    ("name",),
    ("country",),
    ("legal_form", "legal_form_scheme", "kind"),
    ("status", "status_reason", "registered_on", "dissolved_on"),
    ("street", "postal_code", "locality", "municipality_code", "municipality_basis"),
    ("purpose",),
)
"""The fields of an organisation that a source may claim, by what belongs together: one claim wins a whole group."""
CLAIM_FIELDS = tuple(name for group in CLAIM_GROUPS for name in group)


def _fields() -> list[Column[str]]:
    return [Column(name, DATE if name.endswith("_on") else Text) for name in CLAIM_FIELDS]


organisation_claim = Table(
    "organisation_claim",
    metadata,
    identity(),
    Column("organisation_id", ID, nullable=False, index=True),
    Column("scheme", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    *_fields(),
    Column("other_names", JSON, nullable=False),
    *ownership(),
)

organisation_identifier = Table(
    "organisation_identifier",
    metadata,
    Column("claim_id", ID, nullable=False, index=True),
    Column("organisation_id", ID, nullable=False, index=True),
    Column("scheme", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_organisation_identifier_value", "value"),
)

organisation_activity = Table(
    "organisation_activity",
    metadata,
    Column("claim_id", ID, nullable=False, index=True),
    Column("organisation_id", ID, nullable=False, index=True),
    Column("scheme", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("rank", Integer, nullable=False),
)

organisation_figure = Table(
    "organisation_figure",
    metadata,
    Column("claim_id", ID, nullable=False, index=True),
    Column("organisation_id", ID, nullable=False, index=True),
    Column("figure", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", Text, nullable=False),
)

mention = Table(
    "mention",
    metadata,
    # A name under which a source wrote a number; kept when the record that held it retires.
    Column("organisation_id", ID, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("scheme", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("country", Text),
)

organisation = Table(
    "organisation",
    metadata,
    identity(),
    Column("scheme", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    *_fields(),
    Column("content_hash", Text, nullable=False),
    Column("first_seen_at", INSTANT, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Column("retired_at", INSTANT),
    Index("ix_organisation_identifier", "identifier"),
    Index("ix_organisation_municipality_code", "municipality_code"),
)

organisation_alias = Table(
    "organisation_alias",
    metadata,
    Column("old_id", ID, primary_key=True),
    Column("organisation_id", ID, nullable=False, index=True),
)

membership = Table(
    "membership",
    metadata,
    identity(),
    Column("register_id", Text, nullable=False),
    Column("register_name", Text, nullable=False),
    Column("number", Text),
    Column("organisation_id", ID, index=True),
    Column("name_as_written", Text),
    Column("identifier_as_written", Text),
    Column("pseudonym", Text),
    Column("valid_from", DATE),
    Column("valid_to", DATE),
    Column("valid_from_basis", Text),
    *ownership(),
)

municipality = Table(
    "municipality",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("county", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("identifier", Text),
    Column("organisation_id", ID, index=True),
    Column("valid_from", DATE),
    Column("valid_to", DATE),
)

indicator = Table(
    "indicator",
    metadata,
    identity(),
    Column("municipality_code", Text, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("population", Text, nullable=False),
    # NULL: published as missing.
    Column("value", Text),
    Column("title", Text),
    Column("unit", Text),
    *ownership(),
    Index("ix_indicator_municipality_code_indicator", "municipality_code", "indicator"),
)
