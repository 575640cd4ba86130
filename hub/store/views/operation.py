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
        },
        """
        SELECT s.id, s.connector, s.title, s.publisher, s.licence, s.attribution, s.schedule, s.enabled,
               (SELECT r.outcome FROM run r WHERE r.source_id = s.id AND r.finished_at IS NOT NULL
                ORDER BY r.started_at DESC LIMIT 1) AS last_outcome, s.last_success_at
        FROM source s
        """,
    ),
    View(
        "v1_run",
        "one run of a source",
        {
            "id": "run id",
            "source": "source id",
            "started_at": "UTC",
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
        SELECT id, source_id AS source, started_at, finished_at, outcome, reason, read_count AS read,
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
            "stage": "fetch or normalise",
            "origin": "file and row, or address",
            "field": "path of the field",
            "value": "what stood there, personal numbers masked",
            "reason": "why",
            "connector_version": "version of the connector that failed",
            "first_seen_at": "UTC",
            "resolved_at": "when it could be read or was gone; null while it stands",
        },
        """
        SELECT id, source_id AS source, stream, key, stage, origin, field, value, reason, connector_version,
               first_seen_at, resolved_at
        FROM quarantine
        """,
    ),
)
