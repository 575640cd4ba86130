"""Evidence and assessments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.tables.columns import DATE, ID, INSTANT, JSON

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "social_assessment",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("valid_from", DATE, nullable=True),
        sa.Column("valid_from_basis", sa.Text(), nullable=True),
        sa.Column("valid_to", DATE, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("explanation_sv", sa.Text(), nullable=False),
        sa.Column("explanation_en", sa.Text(), nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("evidence_ids", JSON, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_assessment")),
    )
    op.create_index(
        op.f("ix_social_assessment_organisation_id"), "social_assessment", ["organisation_id"], unique=False
    )
    op.create_table(
        "social_evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("valid_from", DATE, nullable=True),
        sa.Column("valid_from_basis", sa.Text(), nullable=True),
        sa.Column("valid_to", DATE, nullable=True),
        sa.Column("legal_reference", sa.Text(), nullable=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_evidence")),
    )
    op.create_index(op.f("ix_social_evidence_organisation_id"), "social_evidence", ["organisation_id"], unique=False)
