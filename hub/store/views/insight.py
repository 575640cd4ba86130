"""Assessments, and what follows from them for a buyer."""

from __future__ import annotations

from hub.store.views.view import View

_YEAR = "CAST(substr(coalesce(CAST(p.dated_on AS TEXT), p.period), 1, 4) AS INTEGER)"

VIEWS = (
    View(
        "v1_social_assessment",
        "one verdict about an organisation over a period",
        {
            "organisation_id": "the organisation",
            "status": "confirmed, likely, possible, excluded or unknown",
            "confidence": "high, medium or low",
            "valid_from": "first day; null = from the beginning",
            "valid_to": "last day; null while it lasts",
            "valid_from_basis": "published, first_seen or assumed",
            "decided_by": "rules, or the reviewer",
            "rules_version": "version of the rules that decided",
            "explanation_sv": "why, in Swedish",
            "explanation_en": "why, in English",
            "marks": "JSON: the three marks of the Swedish definition as shown, not_shown or contradicted",
        },
        """
        SELECT organisation_id, status, confidence, valid_from, valid_to, valid_from_basis, decided_by, rules_version,
               explanation_sv, explanation_en, marks
        FROM social_assessment
        """,
    ),
    View(
        "v1_social_evidence",
        "one reason for or against",
        {
            "organisation_id": "the organisation",
            "signal": "id of the signal",
            "criterion": "what it supports; several joined by +",
            "strength": "conclusive, strong, medium, weak or excluding",
            "source": "source id",
            "field": "the field that it was seen in",
            "value": "what stood there",
            "valid_from": "first day",
            "valid_to": "last day; null while it lasts",
            "legal_reference": "law or rule behind the signal",
            "valid_from_basis": "published, first_seen or assumed",
        },
        """
        SELECT organisation_id, signal, criterion, strength, source_id AS source, field, value, valid_from, valid_to,
               legal_reference, valid_from_basis
        FROM social_evidence
        """,
    ),
    View(
        "v1_spend_share",
        "what a buyer paid in a year, by verdict on the payment's date (purchases; grants and transfers stand apart)",
        {
            "buyer_id": "the buyer",
            "year": "year of the payment's date, else of its period; null when neither is known",
            "need": "'all' (needs are not assigned yet)",
            "currency": "ISO 4217",
            "total_amount": "purchases and payments of unknown kind",
            "confirmed_amount": "to confirmed social enterprises",
            "likely_amount": "to likely social enterprises",
            "unlinked_amount": "to suppliers that could not be identified, masked ones included",
            "private_amount": "to natural persons",
            "share": "(confirmed + likely) / total, decimal text with four digits; null when the total is not positive",
            "measure": "as_of_payment: v1_payment.supplier_status, the verdict on the payment's date",
            "grant_amount": "grants and transfers, not part of the total",
            "payments": "number of ledger lines",
        },
        f"""
        SELECT t.buyer_id, t.year, 'all' AS need, t.currency,
               amount(t.total_minor, t.currency) AS total_amount,
               amount(t.confirmed_minor, t.currency) AS confirmed_amount,
               amount(t.likely_minor, t.currency) AS likely_amount,
               amount(t.unlinked_minor, t.currency) AS unlinked_amount,
               amount(t.private_minor, t.currency) AS private_amount,
               share(t.confirmed_minor + t.likely_minor, t.total_minor) AS share,
               'as_of_payment' AS measure, amount(t.grant_minor, t.currency) AS grant_amount, t.payments
        FROM (
          SELECT r.buyer_id, r.year, r.currency, count(*) AS payments,
                 CAST(sum(CASE WHEN r.granted = 0 THEN r.amount_minor ELSE 0 END) AS BIGINT) AS total_minor,
                 CAST(sum(CASE WHEN r.granted = 0 AND r.status = 'confirmed' THEN r.amount_minor ELSE 0 END) AS BIGINT)
                   AS confirmed_minor,
                 CAST(sum(CASE WHEN r.granted = 0 AND r.status = 'likely' THEN r.amount_minor ELSE 0 END) AS BIGINT)
                   AS likely_minor,
                 CAST(sum(CASE WHEN r.granted = 0 AND r.link_method IN ('none', 'masked') THEN r.amount_minor ELSE 0
                          END) AS BIGINT) AS unlinked_minor,
                 CAST(sum(CASE WHEN r.granted = 0 AND r.link_method = 'pseudonym' THEN r.amount_minor ELSE 0 END)
                   AS BIGINT) AS private_minor,
                 CAST(sum(CASE WHEN r.granted = 1 THEN r.amount_minor ELSE 0 END) AS BIGINT) AS grant_minor
          FROM (
            SELECT p.buyer_id, {_YEAR} AS year, p.currency, p.amount_minor, p.link_method,
                   CASE WHEN p.kind IN ('grant', 'transfer') THEN 1 ELSE 0 END AS granted,
                   p.supplier_status AS status
            FROM v1_payment p WHERE p.duplicate_of IS NULL
          ) r GROUP BY r.buyer_id, r.year, r.currency
        ) t
        """,
    ),
    View(
        "v1_opportunity",
        "something that may be bought next: an open lot, or a contract that ends within a year",
        {
            "id": "id of the lot or contract",
            "kind": "reserved_lot, open_lot or contract_ending",
            "buyer_id": "the buyer",
            "notice_id": "the notice, for lots",
            "lot_id": "the lot, for lots",
            "contract_id": "the contract that ends",
            "organisation_id": "who could supply it; null until needs are matched",
            "need": "null until needs are assigned",
            "score": "null until needs are matched",
            "reasons": "why it is listed",
        },
        """
        SELECT l.id,
               CASE WHEN l.reserved_execution = 'yes' OR CAST(l.reserved_participation AS TEXT) LIKE '%res%'
                    THEN 'reserved_lot' ELSE 'open_lot' END AS kind,
               n.buyer_id, n.id AS notice_id, l.id AS lot_id,
               (SELECT k.id FROM contract k WHERE 1 = 0) AS contract_id,
               (SELECT o.id FROM organisation o WHERE 1 = 0) AS organisation_id,
               CAST(NULL AS TEXT) AS need, CAST(NULL AS TEXT) AS score,
               'open until ' || substr(CAST(l.deadline_at AS TEXT), 1, 10) AS reasons
        FROM lot l JOIN v1_notice n ON n.id = l.notice_id
        WHERE n.form_type = 'competition' AND n.superseded_by IS NULL
          AND substr(CAST(l.deadline_at AS TEXT), 1, 10) >= CAST(today() AS TEXT)
        UNION ALL
        SELECT c.id, 'contract_ending', c.buyer_id, c.notice_id, c.lot_id, c.id,
               NULL, NULL, NULL, 'ends on ' || CAST(c.ends_on AS TEXT)
        FROM v1_contract c
        WHERE c.superseded_by IS NULL AND c.ends_on >= today()
          AND CAST(c.ends_on AS TEXT) <= CAST(CAST(substr(CAST(today() AS TEXT), 1, 4) AS INTEGER) + 1 AS TEXT)
              || substr(CAST(today() AS TEXT), 5, 6)
        """,
    ),
    View(
        "v1_need",
        "a need of an organisation, lot, contract or payment; empty: needs are not assigned yet",
        {"entity": "organisation, lot, contract or payment", "entity_id": "its id", "need": "id", "basis": "why"},
        "SELECT CAST(NULL AS TEXT) AS entity, CAST(NULL AS TEXT) AS entity_id, CAST(NULL AS TEXT) AS need,"
        " CAST(NULL AS TEXT) AS basis WHERE 1 = 0",
    ),
    View(
        "v1_supply",
        "municipality by need; empty: needs are not assigned yet",
        {
            "municipality_code": "four digits",
            "need": "id",
            "here": "social enterprises in the municipality",
            "neighbours": "in neighbouring municipalities",
            "county": "in the county",
            "potential": "organisations that could become one",
        },
        "SELECT CAST(NULL AS TEXT) AS municipality_code, CAST(NULL AS TEXT) AS need, CAST(NULL AS INTEGER) AS here,"
        " CAST(NULL AS INTEGER) AS neighbours, CAST(NULL AS INTEGER) AS county, CAST(NULL AS INTEGER) AS potential"
        " WHERE 1 = 0",
    ),
)
