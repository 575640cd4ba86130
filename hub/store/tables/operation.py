"""Tables of the hub's own work: sources, runs, raw records, archive, quarantine, drift, conditions and changes."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, text

from hub.store.tables.columns import BIG, DATE, FLAG, ID, INSTANT, JSON, identity, metadata

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
    # The name that ids of its records are made from, when it was renamed since (ADR 0011).
    Column("seed", Text),
    # Of what its cursor and validators were committed under: connector, version and config.
    Column("config_digest", Text),
    # When the scheduler runs it next; null while it has no schedule.
    Column("next_due_at", INSTANT),
    # Runs in a row that did not read it whole.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("paused_at", INSTANT),
    Column("pause_reason", Text),
    Column("removed_at", INSTANT),
)

run = Table(
    "run",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False),
    # 1, 2, 3 … within its source: which run came before which.
    Column("number", BIG, nullable=False, server_default="0"),
    # sync, backfill, replay, erase, rename or remove
    Column("kind", Text, nullable=False, server_default="sync"),
    Column("window_from", DATE),
    Column("window_to", DATE),
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
    # The next number, and the latest run, without reading the others.
    Index("ix_run_source_id_number", "source_id", "number"),
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
    # Which current versions a segment holds: replay reads them in order, and retention asks whether there are any.
    Index("ix_raw_record_segment_id_position", "segment_id", "position"),
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
    # Somebody decided that it need not be read.
    Column("dropped_at", INSTANT),
    Column("dropped_by", Text),
    Column("drop_reason", Text),
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
    # Of the last connector that met it.
    Column("connector_version", Integer),
    Column("first_seen_at", INSTANT, nullable=False),
    # A condition told of it; what a run met that died is raised by the next.
    Column("raised", FLAG, nullable=False, server_default=text("false")),
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

position = Table(
    "position",
    metadata,
    # How far a scope has been read that is not complete yet.
    Column("source_id", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    # Which edition of the payload is being read: another one starts anew.
    Column("version", Text, nullable=False),
    Column("cursor", JSON, nullable=False),
    Column("yielded", BIG, nullable=False),
    # Number of the run that began to read it: what that and later runs saw is still there.
    Column("first_run", BIG, nullable=False),
)

validator = Table(
    "validator",
    metadata,
    # What a publisher named the version by that was last read whole (ETag, Last-Modified).
    Column("source_id", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
)

backfill = Table(
    "backfill",
    metadata,
    # A window of the past, from its first day up to (not including) its last.
    Column("source_id", Text, primary_key=True),
    Column("window_from", DATE, primary_key=True),
    Column("window_to", DATE, primary_key=True),
    Column("cursor", JSON),
    Column("run_id", ID),
    Column("outcome", Text),
    Column("finished_at", INSTANT),
)

condition = Table(
    "condition",
    metadata,
    identity(),
    Column("source_id", Text, nullable=False),
    # failing, stale, suspect, drifting or flapping
    Column("kind", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("run_id", ID),
    Column("raised_at", INSTANT, nullable=False),
    Column("cleared_at", INSTANT),
    Column("clear_reason", Text),
    # When all channels had told people, so that each is told once, and also after a crash between the two.
    Column("raise_told_at", INSTANT),
    Column("clear_told_at", INSTANT),
    # The channels that have told it, while others have not: "raised:mail cleared:mail".
    Column("told", Text, nullable=False, server_default=""),
    # Nobody else tells it before.
    Column("telling_until", INSTANT),
    Index(
        "ux_condition_standing",
        "source_id",
        "kind",
        unique=True,
        sqlite_where=text("cleared_at IS NULL"),
        postgresql_where=text("cleared_at IS NULL"),
    ),
)

erasure = Table(
    "erasure",
    metadata,
    # The raw record whose values were removed. Only its id stays, from which nobody can tell the key.
    Column("raw_id", ID, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("run_id", ID, nullable=False),
    Column("erased_at", INSTANT, nullable=False),
    Column("demanded_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # Never stored again, although the publisher still sends it.
    Column("barred", FLAG, nullable=False),
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
