"""What the demonstration's report asks of the read contract's views."""

from __future__ import annotations

from typing import Final

from hub.store.engine import Connection
from hub.store.plain import Row, select

_GROUP: Final = """
    CASE WHEN p.kind IN ('grant', 'transfer') THEN 'grant'
         WHEN p.link_method = 'pseudonym' THEN 'private'
         WHEN p.supplier_id IS NULL THEN 'unlinked'
         WHEN p.supplier_status IN ('confirmed', 'likely', 'possible') THEN p.supplier_status
         ELSE 'other'
    END"""
"""Where a payment belongs: by the payee's verdict on the day of the payment. Each one belongs somewhere, once."""

_YEAR: Final = "coalesce(substr(coalesce(CAST(p.dated_on AS TEXT), p.period), 1, 4), '')"


def buyer(connection: Connection) -> Row | None:
    """The municipality whose ledgers the hub holds: the buyer of most lines."""
    rows = select(
        connection,
        "SELECT o.id, o.name, o.identifier, m.code AS municipality_code, t.lines, t.first_on, t.last_on"
        " FROM (SELECT buyer_id, count(*) AS lines, min(dated_on) AS first_on, max(dated_on) AS last_on"
        "       FROM v1_payment WHERE buyer_id IS NOT NULL GROUP BY buyer_id) t"
        " JOIN v1_organisation o ON o.id = t.buyer_id LEFT JOIN v1_municipality m ON m.organisation_id = o.id"
        " ORDER BY t.lines DESC, o.identifier LIMIT 1",
    )
    return rows[0] if rows else None


def spending(connection: Connection, buyer_id: str) -> list[Row]:
    """Every payment in kronor, summed by year and by where it belongs."""
    return select(
        connection,
        'SELECT year, "group", count(*) AS lines, CAST(sum(amount_minor) AS BIGINT) AS amount FROM ('
        f'SELECT {_YEAR} AS year, {_GROUP} AS "group", p.amount_minor'
        " FROM v1_payment p WHERE p.buyer_id = :buyer AND p.currency = 'SEK') t"
        ' GROUP BY year, "group" ORDER BY year, "group"',
        buyer=buyer_id,
    )


def ledger(connection: Connection, buyer_id: str) -> Row:
    """What the report must add up to, and how the amounts are stated."""
    (row,) = select(
        connection,
        "SELECT CAST(coalesce(sum(CASE WHEN currency = 'SEK' THEN amount_minor END), 0) AS BIGINT) AS amount,"
        " sum(CASE WHEN currency = 'SEK' THEN 0 ELSE 1 END) AS foreign_lines,"
        " sum(CASE WHEN amount_minor < 0 THEN 1 ELSE 0 END) AS credits,"
        " min(amount_basis) AS basis, max(amount_basis) AS other_basis"
        " FROM v1_payment WHERE buyer_id = :buyer",
        buyer=buyer_id,
    )
    return row


def suppliers(connection: Connection, buyer_id: str) -> list[Row]:
    """What was bought from each known supplier, by where the payments belong."""
    return select(
        connection,
        'SELECT t."group", o.id, o.name, o.identifier, count(*) AS lines, CAST(sum(t.amount_minor) AS BIGINT) AS amount'
        f' FROM (SELECT {_GROUP} AS "group", p.supplier_id, p.amount_minor'
        "       FROM v1_payment p WHERE p.buyer_id = :buyer AND p.currency = 'SEK') t"
        ' JOIN v1_organisation o ON o.id = t.supplier_id GROUP BY t."group", o.id, o.name, o.identifier'
        " ORDER BY amount DESC, o.identifier",
        buyer=buyer_id,
    )


def unlinked(connection: Connection, buyer_id: str) -> list[Row]:
    """Payees that could not be identified, as the ledger writes them; masked ones have no name."""
    return select(
        connection,
        "SELECT supplier_name_as_written AS name, link_method, count(*) AS lines,"
        " CAST(sum(amount_minor) AS BIGINT) AS amount FROM v1_payment"
        " WHERE buyer_id = :buyer AND currency = 'SEK' AND link_method IN ('none', 'masked')"
        " AND kind NOT IN ('grant', 'transfer')"
        " GROUP BY supplier_name_as_written, link_method ORDER BY amount DESC",
        buyer=buyer_id,
    )


def bought(connection: Connection, buyer_id: str, since: str) -> list[Row]:
    """Purchases after a day by account, supplier and month: what is bought again and again."""
    return select(
        connection,
        'SELECT account_text, "group", supplier_id, month, count(*) AS lines,'
        " CAST(sum(amount_minor) AS BIGINT) AS amount FROM ("
        f'SELECT p.account_text, {_GROUP} AS "group", p.supplier_id, p.amount_minor,'
        " substr(CAST(p.dated_on AS TEXT), 1, 7) AS month FROM v1_payment p WHERE p.buyer_id = :buyer"
        " AND p.currency = 'SEK' AND CAST(p.dated_on AS TEXT) > :since AND p.account_text IS NOT NULL) t"
        ' GROUP BY account_text, "group", supplier_id, month ORDER BY account_text, month',
        buyer=buyer_id,
        since=since,
    )


def enterprises(connection: Connection) -> list[Row]:
    """Every organisation with a verdict that says something, today."""
    return select(
        connection,
        "SELECT o.id, o.identifier, o.name, o.kind, o.status AS standing, o.locality, o.postal_code,"
        " o.municipality_code, o.purpose, a.status, a.confidence, a.valid_from, a.valid_from_basis, a.explanation_sv"
        " FROM v1_organisation o JOIN v1_social_assessment a ON a.organisation_id = o.id AND a.status = o.social_status"
        " AND (a.valid_from IS NULL OR a.valid_from <= CURRENT_DATE)"
        " AND (a.valid_to IS NULL OR a.valid_to >= CURRENT_DATE)"
        " WHERE o.social_status IN ('confirmed', 'likely', 'possible', 'excluded') ORDER BY o.name, o.identifier",
    )


def former(connection: Connection) -> list[Row]:
    """Organisations that were confirmed or likely and are so no more, with their last such period."""
    return select(
        connection,
        "SELECT o.identifier, o.name, o.social_status, o.dissolved_on, a.status, a.valid_to FROM v1_organisation o"
        " JOIN v1_social_assessment a ON a.organisation_id = o.id"
        " WHERE o.social_status NOT IN ('confirmed', 'likely') AND a.status IN ('confirmed', 'likely')"
        " AND a.valid_to < CURRENT_DATE AND NOT EXISTS (SELECT 1 FROM v1_social_assessment b"
        "   WHERE b.organisation_id = o.id AND b.status IN ('confirmed', 'likely') AND b.valid_to > a.valid_to)"
        " ORDER BY o.name",
    )


def home_postal_codes(connection: Connection, place: str) -> list[str]:
    """The first three digits of postal codes in a postal town."""
    rows = select(
        connection,
        "SELECT DISTINCT substr(replace(postal_code, ' ', ''), 1, 3) AS start FROM v1_organisation"
        " WHERE locality IN (:place, :upper) AND postal_code IS NOT NULL ORDER BY start",
        place=place,
        upper=place.upper(),
    )
    return [row["start"] for row in rows]


def open_lots(connection: Connection, buyer_id: str) -> list[Row]:
    """The buyer's lots that can be tendered for today."""
    return select(
        connection,
        "SELECT p.kind, l.title, l.cpv_main, l.reserved_participation, l.reserved_execution, l.amount_minor,"
        " l.currency, l.deadline_at, n.title AS notice, n.publication_number"
        " FROM v1_opportunity p JOIN v1_lot l ON l.id = p.lot_id JOIN v1_notice n ON n.id = p.notice_id"
        " WHERE p.buyer_id = :buyer AND p.contract_id IS NULL ORDER BY l.deadline_at, n.title, l.lot_number",
        buyer=buyer_id,
    )


def ending_contracts(connection: Connection, buyer_id: str) -> list[Row]:
    """The buyer's contracts that end within a year, with their suppliers."""
    return select(
        connection,
        "SELECT DISTINCT c.reference, c.title, c.cpv_main, c.ends_on, c.extendable_until, c.framework,"
        " s.organisation_id AS supplier_id, coalesce(o.name, s.name_as_written) AS supplier"
        " FROM v1_opportunity p JOIN v1_contract c ON c.id = p.contract_id"
        " LEFT JOIN v1_contract_supplier s ON s.contract_id = c.id"
        " LEFT JOIN v1_organisation o ON o.id = s.organisation_id"
        " WHERE p.buyer_id = :buyer ORDER BY c.ends_on, c.reference, supplier",
        buyer=buyer_id,
    )


def tenders(connection: Connection) -> list[Row]:
    """Who tendered for what without winning it, whoever asked."""
    return select(
        connection,
        "SELECT DISTINCT t.organisation_id, l.title, l.cpv_main, n.title AS notice, b.name AS buyer"
        " FROM v1_notice_party t JOIN v1_notice n ON n.id = t.notice_id LEFT JOIN v1_lot l ON l.id = t.lot_id"
        " LEFT JOIN v1_organisation b ON b.id = n.buyer_id"
        " WHERE t.role = 'tenderer' AND t.organisation_id IS NOT NULL ORDER BY n.title, l.title",
    )


def quarantine(connection: Connection) -> list[Row]:
    """What could not be read."""
    statement = "SELECT source, origin, field, value, reason FROM v1_quarantine WHERE resolved_at IS NULL ORDER BY 1, 2"
    return select(connection, statement)


def drift(connection: Connection) -> list[Row]:
    """What a source said that its connector does not know."""
    return select(connection, "SELECT source_id AS source, kind, field, value FROM drift ORDER BY 1, 3, 4")


def sources(connection: Connection) -> list[Row]:
    """The sources behind the report."""
    return select(connection, "SELECT id, title, publisher, last_outcome FROM v1_source ORDER BY id")


def counts(connection: Connection) -> dict[str, int]:
    """How much the hub read."""
    return {
        name: int(select(connection, f"SELECT count(*) AS rows FROM {view}")[0]["rows"])
        for name, view in (
            ("organisations", "v1_organisation"),
            ("notices", "v1_notice"),
            ("contracts", "v1_contract"),
            ("payments", "v1_payment"),
        )
    }


EXAMPLE: Final = (
    "SELECT o.name, round(sum(p.amount_minor) / 100.0) AS kronor FROM v1_payment p"
    " JOIN v1_organisation o ON o.id = p.supplier_id"
    " WHERE p.kind NOT IN ('grant', 'transfer') AND p.supplier_status IN ('confirmed', 'likely')"
    " GROUP BY o.name ORDER BY kronor DESC LIMIT 5"
)
"""A line to try; the report shows what it answers."""


def example(connection: Connection) -> list[Row]:
    """The answer to the example."""
    return select(connection, EXAMPLE)
