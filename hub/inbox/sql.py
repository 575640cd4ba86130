"""What the database holds of a file that was loaded."""

from __future__ import annotations

from hub.store.engine import Connection
from hub.store.plain import Row, select


def faults(connection: Connection, source_id: str, name: str, run_id: str) -> list[Row]:
    """What of a file could not be read in a run: ``key``, ``origin``, ``stage``, ``reason``, in the file's order."""
    found = select(
        connection,
        "SELECT key, origin, stage, reason FROM quarantine WHERE source_id = :source AND resolved_at IS NULL"
        " AND dropped_at IS NULL AND CAST(run_id AS TEXT) = :run",
        source=source_id,
        run=run_id,
    )
    mine = [row for row in found if row["key"] == name or _is_of(row["origin"] or "", name)]
    return sorted(mine, key=lambda row: (len(row["origin"] or ""), row["origin"] or ""))


def totals(connection: Connection, source_id: str, period: str) -> list[Row]:
    """Payments of a source in the scope of a period, by currency: ``currency``, ``minor``, ``payments``."""
    return select(
        connection,
        "SELECT p.currency, sum(p.amount_minor) AS minor, count(*) AS payments FROM payment p"
        " JOIN raw_record r ON r.id = p.raw_id WHERE p.source_id = :source AND p.retired_at IS NULL"
        " AND r.scope LIKE :scope ESCAPE '!' GROUP BY p.currency ORDER BY p.currency",
        source=source_id,
        scope=f"%:{period.replace('!', '!!').replace('%', '!%').replace('_', '!_')}",
    )


def _is_of(origin: str, name: str) -> bool:
    return origin == name or origin.startswith(f"{name}:")
