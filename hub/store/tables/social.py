"""Evidence and assessments: dated claims about whether an organisation is a social enterprise (DESIGN §7)."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from hub.store.tables.columns import DATE, ID, INSTANT, JSON, identity, metadata

social_evidence = Table(
    "social_evidence",
    metadata,
    identity(),
    Column("organisation_id", ID, nullable=False, index=True),
    Column("signal", Text, nullable=False),
    # business_activity, social_aim, profit_reinvestment, governance, work_integration, independence, exclusion;
    # unspecified; several joined by "+" when one signal supports several.
    Column("criterion", Text, nullable=False),
    # conclusive, strong, medium, weak, excluding
    Column("strength", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("valid_from", DATE),
    Column("valid_from_basis", Text),
    Column("valid_to", DATE),
    Column("legal_reference", Text),
    Column("first_seen_at", INSTANT, nullable=False),
)

social_assessment = Table(
    "social_assessment",
    metadata,
    identity(),
    Column("organisation_id", ID, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("valid_from", DATE),
    Column("valid_from_basis", Text),
    Column("valid_to", DATE),
    Column("decided_by", Text, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("explanation_sv", Text, nullable=False),
    Column("explanation_en", Text, nullable=False),
    # The three marks of the Swedish definition: {"business": "shown", "measured": "not_shown", "reinvested": ...}
    Column("marks", JSON, nullable=False),
    Column("evidence_ids", JSON, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
)
