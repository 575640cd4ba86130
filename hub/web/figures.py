"""The figures of one moment, read from the database: they survive restarts, and processes agree about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.store.engine import Connection, Engine
from hub.store.plain import Row
from hub.web import sql


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows as ``hub.web.sql`` gives them; ``runs`` has those of every source in ``sources``."""

    sources: Sequence[Row]
    runs: Sequence[Row]
    conditions: Sequence[Row]
    quarantined: Mapping[str, int]
    last_seq: int


class Reader:
    """Reads figures. Runs are added up anew only of sources that ran since: all of them may be many.

    That is safe because only the latest run of a source can still change. It is for one thread at a time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, tuple[object, list[Row]]] = {}

    def read(self) -> Figures:
        """The figures now. Raises ``DatabaseUnavailable``."""
        with sql.answering(self._engine) as connection:
            sources = sql.sources(connection)
            known = {row["id"] for row in sources}
            return Figures(
                sources=sources,
                runs=self._runs(connection, sources),
                conditions=[row for row in sql.conditions(connection) if row["source"] in known],
                quarantined=sql.quarantined(connection),
                last_seq=sql.last_seq(connection),
            )

    def _runs(self, connection: Connection, sources: Sequence[Row]) -> list[Row]:
        latest = {row["id"]: (row["latest"], row["latest_outcome"]) for row in sources if row["latest"]}
        # A run without an outcome is at work, and counts on.
        kept = {
            source: self._known[source]
            for source, run in latest.items()
            if run[1] is not None and source in self._known and self._known[source][0] == run
        }
        anew: dict[str, list[Row]] = {source: [] for source in latest if source not in kept}
        for row in sql.totals(connection, anew) if anew else ():
            anew[row["source"]].append(row)
        self._known = kept | {source: (latest[source], rows) for source, rows in anew.items()}
        return [row for source in latest for row in self._known[source][1]]
