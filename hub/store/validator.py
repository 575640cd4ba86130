"""What publishers named the versions by that were read whole, so that the next run asks only for what changed."""

from __future__ import annotations

from sqlalchemy import Connection, text

from hub.store import bulk
from hub.store.tables.operation import validator


class Validators:
    """The validators of one source during one run.

    What answers bring is staged and committed with the run that read the source whole: a run that broke off asks for
    everything again. They are void when the connector's version or the source's config changes.
    """

    def __init__(self) -> None:
        self._committed: dict[str, tuple[str, str]] = {}
        self._staged: dict[str, tuple[str, str]] = {}
        self.spared = 0
        """Requests to which the publisher said that nothing has changed."""

    def load(self, connection: Connection, source_id: str) -> None:
        """Take what was committed for the source."""
        rows = connection.execute(
            text("SELECT url, etag, last_modified FROM validator WHERE source_id = :source"), {"source": source_id}
        )
        self._committed = {row.url: (row.etag, row.last_modified) for row in rows}

    def get(self, url: str) -> tuple[str, str] | None:
        """ETag and Last-Modified committed for the address; each empty where the publisher gave none."""
        return self._committed.get(url)

    def put(self, url: str, validators: tuple[str, str], *, unmodified: bool) -> None:
        """Stage what an answer brought."""
        self.spared += unmodified
        self._staged[url] = (validators[0], validators[1])

    def commit(self, connection: Connection, source_id: str) -> None:
        """Store what was staged, in the transaction that ends the run."""
        bulk.upsert(
            connection,
            validator,
            ("source_id", "url", "etag", "last_modified"),
            [(source_id, url, *pair) for url, pair in sorted(self._staged.items())],
        )


def void(connection: Connection, source_id: str) -> None:
    """Forget a source's validators: everything is asked for again."""
    connection.execute(text("DELETE FROM validator WHERE source_id = :source"), {"source": source_id})
