"""What the commands ask of the database: the read contract's views, and for "why" the rows behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hub.store.engine import Connection
from hub.store.plain import Row, select, stream

_ON = "(a.valid_from IS NULL OR a.valid_from <= {day}) AND (a.valid_to IS NULL OR a.valid_to >= {day})"


def sources(connection: Connection) -> list[Row]:
    """Every source that has run, with its last run."""
    return select(
        connection,
        "SELECT s.*, r.id AS run, r.started_at, r.finished_at, r.reason, r.read, r.stored, r.changed, r.unchanged,"
        " r.retired, r.quarantined,"
        " (SELECT count(*) FROM v1_quarantine q WHERE q.source = s.id AND q.resolved_at IS NULL"
        " AND q.dropped_at IS NULL) AS in_quarantine"
        " FROM v1_source s LEFT JOIN v1_run r ON r.source = s.id AND r.started_at ="
        " (SELECT max(l.started_at) FROM v1_run l WHERE l.source = s.id) ORDER BY s.id",
    )


def totals(connection: Connection) -> dict[str, int]:
    """How many rows the hub holds of each kind."""
    return {
        name: int(select(connection, f"SELECT count(*) AS rows FROM v1_{view}")[0]["rows"])
        for name, view in (
            ("organisations", "organisation"),
            ("notices", "notice"),
            ("contracts", "contract"),
            ("payments", "payment"),
            ("changes", "change"),
        )
    }


def organisations_by_verdict(connection: Connection) -> dict[str, int]:
    """How many organisations have which verdict today."""
    rows = select(connection, "SELECT social_status, count(*) AS rows FROM v1_organisation GROUP BY social_status")
    return {row["social_status"]: row["rows"] for row in rows}


def payments_by_verdict(connection: Connection) -> list[Row]:
    """Ledger lines by the payee's verdict on their date; grants and transfers apart."""
    return select(
        connection,
        "SELECT verdict, currency, count(*) AS payments, CAST(sum(amount_minor) AS BIGINT) AS amount_minor FROM ("
        " SELECT p.currency, p.amount_minor, CASE WHEN p.kind IN ('grant', 'transfer') THEN 'grant'"
        " WHEN p.link_method = 'pseudonym' THEN 'natural person' WHEN p.link_method = 'masked' THEN 'masked'"
        " WHEN p.supplier_id IS NULL THEN 'not linked' ELSE p.supplier_status END AS verdict FROM v1_payment p) t"
        " GROUP BY verdict, currency ORDER BY amount_minor DESC",
    )


def runs(connection: Connection, source: str | None, limit: int) -> list[Row]:
    """The latest runs first."""
    return select(
        connection,
        "SELECT * FROM v1_run WHERE source = coalesce(CAST(:source AS TEXT), source)"
        " ORDER BY started_at DESC, source LIMIT :limit",
        source=source,
        limit=limit,
    )


def runs_like(connection: Connection, start: str) -> list[Row]:
    """The runs whose id begins so."""
    statement = "SELECT * FROM v1_run WHERE CAST(id AS TEXT) LIKE :start ESCAPE '!' ORDER BY started_at DESC LIMIT 10"
    return select(connection, statement, start=f"{_escaped(start)}%")


def run_changes(connection: Connection, run_id: str) -> list[Row]:
    """What a run changed, counted."""
    return select(
        connection,
        "SELECT entity, operation, count(*) AS rows FROM v1_change WHERE run_id = :run"
        " GROUP BY entity, operation ORDER BY entity, operation",
        run=run_id,
    )


def drift(connection: Connection, run_ids: Sequence[str]) -> list[Row]:
    """What some runs met that their connectors do not know."""
    statement = (
        "SELECT source_id AS source, stream, kind, field, value, first_seen_at FROM drift WHERE run_id = :run"
        " ORDER BY kind, field, value"
    )
    return [row for run_id in run_ids for row in select(connection, statement, run=run_id)]


def quarantine(connection: Connection, source: str | None, limit: int, *, dropped: bool = False) -> list[Row]:
    """What stands in quarantine, newest first; what somebody dropped only when asked for."""
    return select(
        connection,
        "SELECT * FROM v1_quarantine WHERE resolved_at IS NULL AND source = coalesce(CAST(:source AS TEXT), source)"
        f"{'' if dropped else ' AND dropped_at IS NULL'} ORDER BY first_seen_at DESC, source, origin, key LIMIT :limit",
        source=source,
        limit=limit,
    )


def quarantined_of(connection: Connection, source: str, *, run: str | None = None) -> list[Row]:
    """What of a source stands in quarantine and was not dropped; with ``run``, of those the ones that it met."""
    return select(
        connection,
        "SELECT id, source_id AS source, CAST(raw_id AS TEXT) AS raw_id, key, stage, origin, reason FROM quarantine"
        " WHERE source_id = :source AND resolved_at IS NULL AND dropped_at IS NULL"
        " AND (CAST(:run AS TEXT) IS NULL OR CAST(run_id AS TEXT) = :run) ORDER BY origin, key",
        source=source,
        run=run,
    )


def quarantined(connection: Connection, start: str) -> list[Row]:
    """Quarantined items whose id begins so, with where the archive holds the payload that could not be read."""
    return select(
        connection,
        "SELECT v.*, q.raw_id, s.path AS archived_in, CASE WHEN s.id IS NOT NULL THEN r.position END AS position"
        " FROM v1_quarantine v JOIN quarantine q ON q.id = v.id"
        " LEFT JOIN raw_record r ON r.id = q.raw_id AND r.rejected AND q.stage <> 'fetch'"
        " LEFT JOIN archive_segment s ON s.id = r.segment_id"
        " WHERE CAST(v.id AS TEXT) LIKE :start ESCAPE '!' ORDER BY v.id LIMIT 10",
        start=f"{_escaped(start)}%",
    )


def organisation(connection: Connection, scheme: str, identifier: str) -> Row | None:
    """The organisation that has this number, today or before a merge."""
    rows = select(
        connection,
        "SELECT o.*, m.name AS municipality FROM v1_organisation o"
        " LEFT JOIN v1_municipality m ON m.code = o.municipality_code"
        " WHERE o.id IN (SELECT organisation_id FROM v1_identifier WHERE scheme = :scheme AND value = :value)"
        " ORDER BY CASE WHEN o.identifier = :value THEN 0 ELSE 1 END LIMIT 1",
        scheme=scheme,
        value=identifier,
    )
    return rows[0] if rows else None


def search(connection: Connection, words: str, limit: int) -> list[Row]:
    """Organisations with this text in their name, or under which name a source mentioned them."""
    return select(
        connection,
        "SELECT o.identifier, o.name, o.kind, o.status, o.locality, o.social_status FROM v1_organisation o"
        f" WHERE {_like('o.name')} OR EXISTS (SELECT 1 FROM mention m"
        f" WHERE m.organisation_id = o.id AND {_like('m.name')})"
        " ORDER BY o.name LIMIT :limit",
        limit=limit,
        # SQLite's LIKE and lower() know the case of ASCII letters alone.
        **{case: f"%{_escaped(spelt)}%" for case, spelt in _cases(words).items()},
    )


def belongings(connection: Connection, organisation_id: str) -> dict[str, list[Row]]:
    """An organisation's numbers, industry codes, registrations and figures."""
    return {
        name: select(connection, f"SELECT {columns} FROM {view} WHERE organisation_id = :id ORDER BY {order}",
                     id=organisation_id)
        for name, columns, view, order in (
            ("identifiers", "scheme, value", "v1_identifier", "scheme, value"),
            ("activities", "scheme, code, rank", "v1_activity", "scheme, rank, code"),
            ("registrations", "register, register_name, number, valid_from, valid_to, valid_from_basis, source",
             "v1_registration", "register, valid_from"),
            ("figures", "figure, year, value, unit, source", "v1_organisation_figure", "figure, year"),
        )
    }  # fmt: skip


def bought(connection: Connection, organisation_id: str) -> list[Row]:
    """What was paid to an organisation, by buyer and year."""
    year = "substr(coalesce(CAST(p.dated_on AS TEXT), p.period), 1, 4)"
    return select(
        connection,
        f"SELECT coalesce(b.name, '') AS buyer, {year} AS year, p.kind, p.currency, count(*) AS payments,"
        " CAST(sum(p.amount_minor) AS BIGINT) AS amount_minor"
        " FROM v1_payment p LEFT JOIN v1_organisation b ON b.id = p.buyer_id"
        f" WHERE p.supplier_id = :id GROUP BY b.name, {year}, p.kind, p.currency ORDER BY b.name, year, p.kind",
        id=organisation_id,
    )


def claims(connection: Connection, organisation_id: str) -> list[Row]:
    """What each source said about an organisation, as the canonical row is computed from it."""
    return select(
        connection,
        "SELECT c.*, s.connector FROM organisation_claim c JOIN source s ON s.id = c.source_id"
        " WHERE c.organisation_id = :id ORDER BY c.retired_at IS NOT NULL, c.source_id, c.row_key",
        id=organisation_id,
    )


def mentions(connection: Connection, organisation_id: str) -> list[Row]:
    """The names under which sources wrote an organisation's number."""
    statement = "SELECT source_id AS source, name FROM mention WHERE organisation_id = :id ORDER BY source_id, name"
    return select(connection, statement, id=organisation_id)


def assessments(connection: Connection, organisation_id: str) -> list[Row]:
    """Every verdict about an organisation, in time."""
    return select(
        connection,
        "SELECT * FROM v1_social_assessment WHERE organisation_id = :id ORDER BY coalesce("
        "CAST(valid_from AS TEXT), '')",
        id=organisation_id,
    )


def evidence(connection: Connection, organisation_id: str) -> list[Row]:
    """Every reason for or against, in time."""
    return select(
        connection,
        "SELECT * FROM v1_social_evidence WHERE organisation_id = :id ORDER BY coalesce(CAST(valid_from AS TEXT), ''),"
        " signal",
        id=organisation_id,
    )


def assessed(connection: Connection, statuses: Sequence[str], municipality: str | None, limit: int) -> list[Row]:
    """Organisations with one of the verdicts today; the municipality by code or name."""
    wanted = ", ".join(f":status{index}" for index in range(len(statuses)))
    return select(
        connection,
        "SELECT o.identifier, o.name, o.social_status, a.confidence, a.valid_from, o.locality, o.municipality_code,"
        " m.name AS municipality, a.explanation_sv, a.explanation_en FROM v1_organisation o"
        " LEFT JOIN v1_municipality m ON m.code = o.municipality_code"
        " LEFT JOIN v1_social_assessment a ON a.organisation_id = o.id AND a.status = o.social_status"
        f" AND {_ON.format(day='CURRENT_DATE')} WHERE o.social_status IN ({wanted})"
        " AND (CAST(:written AS TEXT) IS NULL OR o.municipality_code = :written"
        " OR m.name IN (:written, :title) OR o.locality IN (:written, :upper, :title))"
        " ORDER BY CASE o.social_status WHEN 'confirmed' THEN 1 WHEN 'likely' THEN 2 WHEN 'possible' THEN 3"
        " WHEN 'excluded' THEN 4 ELSE 5 END, o.name LIMIT :limit",
        limit=limit,
        **(_cases(municipality) if municipality else dict.fromkeys(("written", "lower", "upper", "title"))),
        **{f"status{index}": status for index, status in enumerate(statuses)},
    )


def changes(connection: Connection, after: int, limit: int) -> Iterator[Row]:
    """Changes in commit order, after a number."""
    statement = "SELECT * FROM v1_change WHERE seq > :after ORDER BY seq LIMIT :limit"
    return stream(connection, statement, after=after, limit=limit)


def feed(connection: Connection) -> Row:
    """The change feed's epoch, first and last number."""
    return select(connection, "SELECT epoch, first_seq, last_seq FROM v1_feed")[0]


def restored_at(connection: Connection) -> str | None:
    """When the database was last restored from a backup."""
    found = select(connection, "SELECT value FROM meta WHERE name = 'feed_restored_at'")
    return str(found[0]["value"]) if found else None


def _cases(text: str) -> dict[str, str]:
    return {"written": text, "lower": text.lower(), "upper": text.upper(), "title": text[:1].upper() + text[1:].lower()}


def _like(column: str) -> str:
    cases = ("written", "lower", "upper", "title")
    return "(" + " OR ".join(f"{column} LIKE :{case} ESCAPE '!'" for case in cases) + ")"


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def known(row: Row, *leave_out: str) -> dict[str, Any]:
    """A row without what is null and what is named."""
    return {name: value for name, value in row.items() if value is not None and name not in leave_out}
