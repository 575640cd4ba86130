"""The change feed and the hub's own work."""

from __future__ import annotations

from hub.store.views.view import View

VIEWS = (
    View(
        "v1_change",
        "one change, in commit order without gaps",
        {
            "seq": "store the last one read; ask for greater ones",
            "entity": "organisation, membership, notice, contract, payment or social_assessment",
            "entity_id": "its id",
            "operation": "insert, update, retire, revive or erase",
            "changed_at": "UTC",
            "run_id": "the run that did it",
            "fields": "JSON object: the new values",
        },
        "SELECT seq, entity, entity_id, operation, changed_at, run_id, fields FROM change",
    ),
    View(
        "v1_source",
        "a configured source",
        {
            "id": "source id: the stem of its file in config/sources",
            "connector": "connector id",
            "title": "what it is",
            "publisher": "who publishes it",
            "licence": "licence of the data",
            "attribution": "words that the licence asks for",
            "schedule": "how often",
            "enabled": "whether it runs",
            "last_outcome": "outcome of its last finished run",
            "last_success_at": "when it was last read whole, UTC",
            "failures": "runs in a row that did not read it whole",
            "next_due_at": "when the scheduler runs it next, UTC; null while it has no schedule",
            "paused_at": "since when it is paused, UTC; null when it is not",
            "pause_reason": "why it is paused",
            "removed_at": "when it was removed, UTC; its records may have stayed",
        },
        """
        SELECT s.id, s.connector, s.title, s.publisher, s.licence, s.attribution, s.schedule, s.enabled,
               (SELECT r.outcome FROM run r WHERE r.source_id = s.id AND r.finished_at IS NOT NULL
                ORDER BY r.started_at DESC LIMIT 1) AS last_outcome, s.last_success_at,
               s.failures, s.next_due_at, s.paused_at, s.pause_reason, s.removed_at
        FROM source s
        """,
    ),
    View(
        "v1_run",
        "one run of a source",
        {
            "id": "run id",
            "source": "source id",
            "number": "1, 2, 3 … within its source",
            "kind": "sync, backfill, replay, erase, rename or remove",
            "window_from": "first day of a backfill's window",
            "window_to": "the day after its last",
            "owner": "host:process:mark that ran it",
            "started_at": "UTC",
            "heartbeat_at": "its last sign of life, UTC",
            "finished_at": "UTC; null while it runs",
            "outcome": "succeeded, unchanged, partial, suspect, failed, cancelled or lost",
            "reason": "why, when it is not succeeded or unchanged",
            "read": "items that came, those that could not be read included",
            "stored": "raw records stored for the first time",
            "changed": "raw records with changed content",
            "unchanged": "raw records as before",
            "retired": "raw records gone from the publisher",
            "quarantined": "raw records that could not be read",
        },
        """
        SELECT id, source_id AS source, number, kind, window_from, window_to, owner, started_at, heartbeat_at,
               finished_at, outcome, reason, read_count AS read,
               stored_count AS stored, changed_count AS changed, unchanged_count AS unchanged,
               retired_count AS retired, quarantined_count AS quarantined
        FROM run
        """,
    ),
    View(
        "v1_quarantine",
        "something that could not be read, until it can",
        {
            "id": "deterministic id",
            "source": "source id",
            "stream": "stream",
            "key": "raw key",
            "stage": "fetch, normalise or store",
            "origin": "file and row, or address",
            "field": "path of the field",
            "value": "what stood there, personal numbers masked",
            "reason": "why",
            "connector_version": "version of the connector that failed",
            "first_seen_at": "UTC",
            "resolved_at": "when it could be read or was gone; null while it stands",
            "dropped_at": "when somebody decided that it need not be read, UTC",
            "dropped_by": "who decided that",
            "drop_reason": "why",
        },
        """
        SELECT id, source_id AS source, stream, key, stage, origin, field, value, reason, connector_version,
               first_seen_at, resolved_at, dropped_at, dropped_by, drop_reason
        FROM quarantine
        """,
    ),
    View(
        "v1_drift",
        "something that a source said and its connector does not know",
        {
            "id": "deterministic id",
            "source": "source id",
            "stream": "stream",
            "kind": "new_field, missing_field, changed_type or unknown_code",
            "field": "path of the field",
            "value": "what stood there, personal numbers masked",
            "first_seen_at": "UTC",
            "last_run_id": "the last run that met it",
        },
        "SELECT id, source_id AS source, stream, kind, field, value, first_seen_at, run_id AS last_run_id FROM drift",
    ),
    View(
        "v1_condition",
        "something that is wrong with a source, from when it was noticed until it was over",
        {
            "id": "id",
            "source": "source id",
            "kind": "failing, stale, suspect, drifting or flapping",
            "detail": "what is wrong, for people",
            "run_id": "the run that showed it; null when time did",
            "raised_at": "UTC",
            "cleared_at": "UTC; null while it stands",
            "clear_reason": "why it is over",
        },
        "SELECT id, source_id AS source, kind, detail, run_id, raised_at, cleared_at, clear_reason FROM condition",
    ),
    View(
        "v1_feed",
        "the change feed as a whole: one row",
        {
            "epoch": "another value after a restore from a backup: numbers read before mean something else now",
            "first_seq": "lowest number in v1_change; null when it is empty",
            "last_seq": "highest number in v1_change; null when it is empty",
        },
        """
        SELECT (SELECT value FROM meta WHERE name = 'feed_epoch') AS epoch,
               (SELECT min(seq) FROM change) AS first_seq, (SELECT max(seq) FROM change) AS last_seq
        """,
    ),
)
