"""Indicators that sources own, invoices beside ledgers, and contracts that several sources tell of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.tables.columns import ID, INSTANT

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No source could write indicators before.
    op.drop_table("indicator")
    op.create_table(
        "indicator",
        sa.Column("id", ID, nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    op.create_index("ix_indicator_raw_id", "indicator", ["raw_id"])
    op.create_index("ix_indicator_municipality_code_indicator", "indicator", ["municipality_code", "indicator"])
    op.add_column("payment", sa.Column("order_reference", sa.Text(), nullable=True))
    op.add_column("payment", sa.Column("line_of", sa.Text(), nullable=False, server_default="ledger"))
    op.create_index("ix_payment_supplier_id_invoice_number", "payment", ["supplier_id", "invoice_number"])
    op.create_index("ix_contract_buyer_id_title", "contract", ["buyer_id", "title"])
