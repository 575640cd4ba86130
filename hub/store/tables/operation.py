"""Tables of the hub's own work: sources, runs, raw records, archive, quarantine, drift and changes."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, text

from hub.store.tables.columns import BIG, FLAG, ID, INSTANT, JSON, identity, metadata

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("connector", Text, nullable=False),
    Column("connector_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("publisher", Text),
    Column("homepage", Text),
    Column("licence", Text),
    Column("attribution", Text),
    Column("schedule", Text),
    Column("enabled", FLAG, nullable=False),
    Column("cursor", JSON),
    Column("last_run_id", ID),
    Column("last_success_at", INSTANT),
)

run = Table(
    "run",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("heartbeat_at", INSTANT, nullable=False),
    Column("finished_at", INSTANT),
    Column("outcome", Text),
    Column("reason", Text),
    Column("read_count", BIG, nullable=False, server_default="0"),
    Column("stored_count", BIG, nullable=False, server_default="0"),
    Column("changed_count", BIG, nullable=False, server_default="0"),
    Column("unchanged_count", BIG, nullable=False, server_default="0"),
    Column("retired_count", BIG, nullable=False, server_default="0"),
    Column("quarantined_count", BIG, nullable=False, server_default="0"),
    Column("counts", JSON),
    Index("ix_run_source_id_started_at", "source_id", "started_at"),
    # At most one unfinished run of a source, whoever starts it.
    Index(
        "ux_run_unfinished",
        "source_id",
        unique=True,
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)

raw_record = Table(
    "raw_record",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("raw_hash", Text, nullable=False),
    # The last version went to quarantine: it is tried again in every run, and archived once.
    Column("rejected", FLAG, nullable=False),
    Column("connector_version", Integer, nullable=False),
    Column("seen_run_id", ID, nullable=False),
    Column("segment_id", ID),
    Column("position", BIG),
    Column("retired_at", INSTANT),
    Index("ix_raw_record_source_id_stream_scope", "source_id", "stream", "scope"),
)

archive_segment = Table(
    "archive_segment",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False),
    Column("run_id", ID, nullable=False),
    Column("path", Text, nullable=False),
    Column("record_count", BIG, nullable=False),
    # Bytes up to the last committed batch: what follows was written by a run that died and is never read.
    Column("byte_count", BIG, nullable=False),
    Column("created_at", INSTANT, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False, index=True),
    Column("run_id", ID, nullable=False),
    Column("raw_id", ID, nullable=False, index=True),
    Column("stream", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("origin", Text),
    Column("field", Text),
    Column("value", Text),
    Column("reason", Text, nullable=False),
    Column("connector_version", Integer, nullable=False),
    Column("first_seen_at", INSTANT, nullable=False),
    Column("resolved_at", INSTANT),
)

drift = Table(
    "drift",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False, index=True),
    Column("run_id", ID, nullable=False),
    Column("stream", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("first_seen_at", INSTANT, nullable=False),
)

scope = Table(
    "scope",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("run_id", ID, nullable=False),
    Column("record_count", BIG, nullable=False),
    Column("completed_at", INSTANT, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("seq", BIG, primary_key=True, autoincrement=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", ID, nullable=False),
    Column("operation", Text, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Column("run_id", ID, nullable=False),
    Column("fields", JSON, nullable=False),
    Index("ix_change_entity_id_seq", "entity_id", "seq"),
)

meta = Table(
    "meta",
    metadata,
    # What this database was last built with, e.g. the digest of the views.
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

change_counter = Table(
    "change_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", BIG, nullable=False),
)
