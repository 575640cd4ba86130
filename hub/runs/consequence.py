"""What follows from written records: mentions, canonical organisations, verdicts, and the numbers of all changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.identity import canonicalise
from hub.identity.sql import add_mentions, prune_mentions
from hub.runs import sql
from hub.runs.outcome import RunResult
from hub.runs.plan import Assess
from hub.store import changes
from hub.store.changes import Change
from hub.store.engine import Connection
from hub.store.rows.aggregate import instant
from hub.store.writer import Written

Also = Callable[[Connection], None]
"""Something to be committed together with a batch, such as the checkpoint behind it."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """By what rules the rest of the database follows from records. ``precedence`` lists connectors, highest first."""

    precedence: Sequence[str]
    assess: Assess
    now: datetime

    @property
    def at(self) -> str:
        """The moment of the run, as stored."""
        return instant(self.now) or ""

    def finish(self, connection: Connection, result: RunResult, written: Written, also: Also | None = None) -> None:
        """Compute what follows from the written records, and number the changes as the last act."""
        changes.take_turn(connection)
        if written.unnamed:
            prune_mentions(connection, written.unnamed, result.source)
        touched = written.organisation_ids | written.unnamed
        touched |= add_mentions(connection, written.named, result.source)
        log = [*written.changes, *self.recompute(connection, touched)]
        if also is not None:
            also(connection)
        sql.note_progress(connection, result, at=datetime.now(UTC))
        changes.append(connection, log, run_id=result.run_id, at=self.at)

    def recompute(self, connection: Connection, organisation_ids: set[str]) -> list[Change]:
        """Compute some organisations and their verdicts anew; gives the changes, which are not numbered yet."""
        log = canonicalise(connection, organisation_ids, precedence=self.precedence, at=self.at)
        return log + self.assess(connection, organisation_ids, self.now)
