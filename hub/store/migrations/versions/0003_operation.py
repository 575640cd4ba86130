"""Runs that resume, conditions, backfills, erasure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store.tables.columns import BIG, DATE, FLAG, ID, INSTANT, JSON

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STANDING = sa.text("cleared_at IS NULL")


def upgrade() -> None:
    for name, kind in (
        ("seed", sa.Text()),
        ("config_digest", sa.Text()),
        ("next_due_at", INSTANT),
        ("paused_at", INSTANT),
        ("pause_reason", sa.Text()),
        ("removed_at", INSTANT),
    ):
        op.add_column("source", sa.Column(name, kind, nullable=True))
    op.add_column("source", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("number", BIG, nullable=False, server_default="0"))
    op.add_column("run", sa.Column("kind", sa.Text(), nullable=False, server_default="sync"))
    op.add_column("run", sa.Column("window_from", DATE, nullable=True))
    op.add_column("run", sa.Column("window_to", DATE, nullable=True))
    for name, kind in (("dropped_at", INSTANT), ("dropped_by", sa.Text()), ("drop_reason", sa.Text())):
        op.add_column("quarantine", sa.Column(name, kind, nullable=True))
    op.add_column("drift", sa.Column("connector_version", sa.Integer(), nullable=True))
    op.add_column("drift", sa.Column("raised", FLAG, nullable=False, server_default=sa.text("false")))
    # What was met before there were conditions is no news.
    op.execute("UPDATE drift SET raised = true")
    op.execute(
        "UPDATE run SET number = (SELECT count(*) FROM run b WHERE b.source_id = run.source_id AND"
        " (b.started_at < run.started_at OR (b.started_at = run.started_at AND b.id <= run.id)))"
    )
    op.create_index("ix_run_source_id_number", "run", ["source_id", "number"], unique=False)
    op.create_index("ix_raw_record_segment_id_position", "raw_record", ["segment_id", "position"], unique=False)
    op.create_table(
        "position",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("cursor", JSON, nullable=False),
        sa.Column("yielded", BIG, nullable=False),
        sa.Column("first_run", BIG, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "stream", "scope", name=op.f("pk_position")),
    )
    op.create_table(
        "validator",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "url", name=op.f("pk_validator")),
    )
    op.create_table(
        "backfill",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("window_from", DATE, nullable=False),
        sa.Column("window_to", DATE, nullable=False),
        sa.Column("cursor", JSON, nullable=True),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("source_id", "window_from", "window_to", name=op.f("pk_backfill")),
    )
    op.create_table(
        "condition",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.Column("clear_reason", sa.Text(), nullable=True),
        sa.Column("raise_told_at", INSTANT, nullable=True),
        sa.Column("clear_told_at", INSTANT, nullable=True),
        sa.Column("told", sa.Text(), nullable=False, server_default=""),
        sa.Column("telling_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
    )
    op.create_index(
        "ux_condition_standing",
        "condition",
        ["source_id", "kind"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "erasure",
        sa.Column("raw_id", ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=False),
        sa.Column("demanded_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("barred", FLAG, nullable=False),
        sa.PrimaryKeyConstraint("raw_id", name=op.f("pk_erasure")),
    )
