"""Bring the verdicts on some organisations up to date, writing only what differs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from hub.social import sql
from hub.social.assess import Assessment, assess
from hub.social.catalogue import Signals
from hub.social.evidence import Evidence, collect
from hub.social.history import merge
from hub.store.changes import Change
from hub.store.engine import Connection

ENTITY = "social_assessment"


def refresh(
    connection: Connection, organisation_ids: Collection[str], *, signals: Signals, now: datetime, forgotten: str = ""
) -> list[Change]:
    """Look at these organisations again, as of ``now``, and return what changed in their assessments.

    The caller appends the changes to the change log in the same transaction. Without new data nothing is written and
    nothing returned. Evidence of an organisation that the store no longer knows (merged or erased) goes with it.
    Reviewers' decisions are left alone. Of what the source ``forgotten`` said only what still holds stays, for nobody
    can tell which of its past evidence rested on a record that was erased.
    """
    ids = sorted(set(organisation_ids))
    now = now.astimezone(UTC).replace(microsecond=0)
    facts = sql.load_facts(connection, ids)
    stored = sql.load_evidence(connection, ids)
    titles = sql.load_titles(connection)

    evidence: dict[str, Evidence] = {}
    assessments: dict[str, Assessment] = {}
    for organisation_id, known in sorted(facts.items()):
        merged = merge(organisation_id, collect(known, signals), stored.get(organisation_id, ()), now, forgotten)
        evidence |= {item.id: item for item in merged}
        assessments |= {item.id: item for item in assess(known, merged, signals, titles=titles)}

    before = {item.id: item for items in stored.values() for item in items}
    sql.write_evidence(
        connection,
        [item for item in evidence.values() if before.get(item.id) != item],
        [item for item in before if item not in evidence],
    )
    hashes = sql.load_hashes(connection, ids)
    changed = [item for item in assessments.values() if hashes.get(item.id, ("", ""))[1] != item.content_hash]
    gone = sorted(item for item in hashes if item not in assessments)
    sql.write_assessments(connection, changed, gone, now)
    at = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        *(Change(ENTITY, item.id, "update" if item.id in hashes else "insert", item.fields()) for item in changed),
        *(Change(ENTITY, item, "retire", {"organisation_id": hashes[item][0], "retired_at": at}) for item in gone),
    ]
