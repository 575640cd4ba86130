"""Sources, runs, raw records, organisations, notices, contracts, payments and the change log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.tables.columns import BIG, DATE, ID, INSTANT, JSON

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_segment",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("record_count", BIG, nullable=False),
        sa.Column("byte_count", BIG, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_segment")),
    )
    op.create_table(
        "change",
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    op.create_index("ix_change_entity_id_seq", "change", ["entity_id", "seq"], unique=False)
    op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_counter")),
    )
    op.create_table(
        "contract",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("buyer_id", ID, nullable=True),
        sa.Column("procedure_id", sa.Text(), nullable=True),
        sa.Column("notice_id", ID, nullable=True),
        sa.Column("lot_number", sa.Text(), nullable=True),
        sa.Column("lot_id", ID, nullable=True),
        sa.Column("decided_on", DATE, nullable=True),
        sa.Column("signed_on", DATE, nullable=True),
        sa.Column("starts_on", DATE, nullable=True),
        sa.Column("ends_on", DATE, nullable=True),
        sa.Column("extendable_until", DATE, nullable=True),
        sa.Column("amount_minor", BIG, nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("amount_kind", sa.Text(), nullable=True),
        sa.Column("cpv_main", sa.Text(), nullable=True),
        sa.Column("framework", sa.Boolean(), nullable=True),
        sa.Column("buyer_name_as_written", sa.Text(), nullable=True),
        sa.Column("buyer_identifier_as_written", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index(op.f("ix_contract_buyer_id"), "contract", ["buyer_id"], unique=False)
    op.create_index(op.f("ix_contract_notice_id"), "contract", ["notice_id"], unique=False)
    op.create_index("ix_contract_procedure_id", "contract", ["procedure_id"], unique=False)
    op.create_index(op.f("ix_contract_raw_id"), "contract", ["raw_id"], unique=False)
    op.create_table(
        "contract_supplier",
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("name_as_written", sa.Text(), nullable=True),
        sa.Column("identifier_as_written", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("pseudonym", sa.Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("lead", sa.Boolean(), nullable=True),
    )
    op.create_index(op.f("ix_contract_supplier_contract_id"), "contract_supplier", ["contract_id"], unique=False)
    op.create_index(
        op.f("ix_contract_supplier_organisation_id"), "contract_supplier", ["organisation_id"], unique=False
    )
    op.create_table(
        "drift",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift")),
    )
    op.create_index(op.f("ix_drift_source_id"), "drift", ["source_id"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("municipality_code", "indicator", "year", "source_id", name=op.f("pk_indicator")),
    )
    op.create_table(
        "lot",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("lot_number", sa.Text(), nullable=False),
        sa.Column("internal_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("contract_nature", sa.Text(), nullable=True),
        sa.Column("cpv_main", sa.Text(), nullable=True),
        sa.Column("cpv_additional", JSON, nullable=False),
        sa.Column("nuts", JSON, nullable=False),
        sa.Column("countries", JSON, nullable=False),
        sa.Column("reserved_participation", JSON, nullable=True),
        sa.Column("reserved_execution", sa.Text(), nullable=True),
        sa.Column("strategic", JSON, nullable=True),
        sa.Column("social_objectives", JSON, nullable=True),
        sa.Column("amount_minor", BIG, nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("framework", sa.Text(), nullable=True),
        sa.Column("framework_amount_minor", BIG, nullable=True),
        sa.Column("framework_currency", sa.Text(), nullable=True),
        sa.Column("dynamic_purchasing", sa.Text(), nullable=True),
        sa.Column("deadline_at", INSTANT, nullable=True),
        sa.Column("deadline_kind", sa.Text(), nullable=True),
        sa.Column("starts_on", DATE, nullable=True),
        sa.Column("ends_on", DATE, nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("duration_unit", sa.Text(), nullable=True),
        sa.Column("renewals_max", sa.Integer(), nullable=True),
        sa.Column("renewal_text", sa.Text(), nullable=True),
        sa.Column("options_text", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=True),
        sa.Column("tenders_received", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    op.create_index(op.f("ix_lot_notice_id"), "lot", ["notice_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("register_id", sa.Text(), nullable=False),
        sa.Column("register_name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("name_as_written", sa.Text(), nullable=True),
        sa.Column("identifier_as_written", sa.Text(), nullable=True),
        sa.Column("pseudonym", sa.Text(), nullable=True),
        sa.Column("valid_from", DATE, nullable=True),
        sa.Column("valid_to", DATE, nullable=True),
        sa.Column("valid_from_basis", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_membership_raw_id"), "membership", ["raw_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "name", name=op.f("pk_mention")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "municipality",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("valid_from", DATE, nullable=True),
        sa.Column("valid_to", DATE, nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_index(op.f("ix_municipality_organisation_id"), "municipality", ["organisation_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_identifier", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("publication_number", sa.Text(), nullable=True),
        sa.Column("notice_type", sa.Text(), nullable=True),
        sa.Column("notice_subtype", sa.Text(), nullable=True),
        sa.Column("form_type", sa.Text(), nullable=True),
        sa.Column("procedure_id", sa.Text(), nullable=True),
        sa.Column("procedure_type", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("sdk_version", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("buyer_id", ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("published_on", DATE, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("deadline_at", INSTANT, nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("contract_nature", sa.Text(), nullable=True),
        sa.Column("cpv_main", sa.Text(), nullable=True),
        sa.Column("cpv_additional", JSON, nullable=False),
        sa.Column("nuts", JSON, nullable=False),
        sa.Column("amount_minor", BIG, nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("amount_kind", sa.Text(), nullable=True),
        sa.Column("reserved", sa.Boolean(), nullable=True),
        sa.Column("withheld", JSON, nullable=False),
        sa.Column("changes_reference", sa.Text(), nullable=True),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("previous_references", JSON, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_changes_reference", "notice", ["changes_reference"], unique=False)
    op.create_index("ix_notice_notice_identifier_version", "notice", ["notice_identifier", "version"], unique=False)
    op.create_index("ix_notice_procedure_id", "notice", ["procedure_id"], unique=False)
    op.create_index("ix_notice_publication_number", "notice", ["publication_number"], unique=False)
    op.create_index(op.f("ix_notice_raw_id"), "notice", ["raw_id"], unique=False)
    op.create_table(
        "notice_party",
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("name_as_written", sa.Text(), nullable=True),
        sa.Column("identifier_as_written", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("pseudonym", sa.Text(), nullable=True),
    )
    op.create_index(op.f("ix_notice_party_notice_id"), "notice_party", ["notice_id"], unique=False)
    op.create_index(op.f("ix_notice_party_organisation_id"), "notice_party", ["organisation_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", ID, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("legal_form", sa.Text(), nullable=True),
        sa.Column("legal_form_scheme", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("registered_on", DATE, nullable=True),
        sa.Column("dissolved_on", DATE, nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("municipality_basis", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index("ix_organisation_identifier", "organisation", ["identifier"], unique=False)
    op.create_index("ix_organisation_municipality_code", "organisation", ["municipality_code"], unique=False)
    op.create_table(
        "organisation_activity",
        sa.Column("claim_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
    )
    op.create_index(op.f("ix_organisation_activity_claim_id"), "organisation_activity", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_organisation_activity_organisation_id"), "organisation_activity", ["organisation_id"], unique=False
    )
    op.create_table(
        "organisation_alias",
        sa.Column("old_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_organisation_alias")),
    )
    op.create_index(
        op.f("ix_organisation_alias_organisation_id"), "organisation_alias", ["organisation_id"], unique=False
    )
    op.create_table(
        "organisation_claim",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("legal_form", sa.Text(), nullable=True),
        sa.Column("legal_form_scheme", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("registered_on", DATE, nullable=True),
        sa.Column("dissolved_on", DATE, nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("municipality_basis", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("other_names", JSON, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_claim")),
    )
    op.create_index(
        op.f("ix_organisation_claim_organisation_id"), "organisation_claim", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_organisation_claim_raw_id"), "organisation_claim", ["raw_id"], unique=False)
    op.create_table(
        "organisation_figure",
        sa.Column("claim_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_organisation_figure_claim_id"), "organisation_figure", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_organisation_figure_organisation_id"), "organisation_figure", ["organisation_id"], unique=False
    )
    op.create_table(
        "organisation_identifier",
        sa.Column("claim_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_organisation_identifier_claim_id"), "organisation_identifier", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_organisation_identifier_organisation_id"), "organisation_identifier", ["organisation_id"], unique=False
    )
    op.create_index("ix_organisation_identifier_value", "organisation_identifier", ["value"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", ID, nullable=False),
        sa.Column("buyer_id", ID, nullable=True),
        sa.Column("buyer_name_as_written", sa.Text(), nullable=True),
        sa.Column("buyer_unit", sa.Text(), nullable=True),
        sa.Column("supplier_id", ID, nullable=True),
        sa.Column("supplier_name_as_written", sa.Text(), nullable=True),
        sa.Column("supplier_identifier_as_written", sa.Text(), nullable=True),
        sa.Column("supplier_local_number", sa.Text(), nullable=True),
        sa.Column("supplier_pseudonym", sa.Text(), nullable=True),
        sa.Column("link_method", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", BIG, nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("amount_basis", sa.Text(), nullable=False),
        sa.Column("dated_on", DATE, nullable=True),
        sa.Column("date_kind", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("account_code", sa.Text(), nullable=True),
        sa.Column("account_text", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("document_number", sa.Text(), nullable=True),
        sa.Column("invoice_number", sa.Text(), nullable=True),
        sa.Column("agreement_reference", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_buyer_id_dated_on", "payment", ["buyer_id", "dated_on"], unique=False)
    op.create_index(op.f("ix_payment_raw_id"), "payment", ["raw_id"], unique=False)
    op.create_index(op.f("ix_payment_supplier_id"), "payment", ["supplier_id"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("connector_version", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_raw_id"), "quarantine", ["raw_id"], unique=False)
    op.create_index(op.f("ix_quarantine_source_id"), "quarantine", ["source_id"], unique=False)
    op.create_table(
        "raw_record",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("raw_hash", sa.Text(), nullable=False),
        sa.Column("rejected", sa.Boolean(), nullable=False),
        sa.Column("connector_version", sa.Integer(), nullable=False),
        sa.Column("seen_run_id", ID, nullable=False),
        sa.Column("segment_id", ID, nullable=True),
        sa.Column("position", BIG, nullable=True),
        sa.Column("retired_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_record")),
    )
    op.create_index(
        "ix_raw_record_source_id_stream_scope", "raw_record", ["source_id", "stream", "scope"], unique=False
    )
    op.create_table(
        "run",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("heartbeat_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("read_count", BIG, server_default="0", nullable=False),
        sa.Column("stored_count", BIG, server_default="0", nullable=False),
        sa.Column("changed_count", BIG, server_default="0", nullable=False),
        sa.Column("unchanged_count", BIG, server_default="0", nullable=False),
        sa.Column("retired_count", BIG, server_default="0", nullable=False),
        sa.Column("quarantined_count", BIG, server_default="0", nullable=False),
        sa.Column("counts", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_source_id_started_at", "run", ["source_id", "started_at"], unique=False)
    op.create_index(
        "ux_run_unfinished",
        "run",
        ["source_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "scope",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("record_count", BIG, nullable=False),
        sa.Column("completed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "stream", "scope", name=op.f("pk_scope")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("connector_version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("homepage", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("attribution", sa.Text(), nullable=True),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("cursor", JSON, nullable=True),
        sa.Column("last_run_id", ID, nullable=True),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )

    op.execute("INSERT INTO change_counter (id, value) VALUES (1, 0)")
