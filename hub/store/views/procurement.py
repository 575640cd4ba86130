"""Notices, lots, contracts and payments."""

from __future__ import annotations

from hub.store.views.view import View

VIEWS = (
    View(
        "v1_notice",
        "one edition of a notice version",
        {
            "id": "deterministic id",
            "source": "source id",
            "notice_identifier": "eForms BT-701; legacy notices: their publication number",
            "version": "eForms BT-757",
            "publication_number": "without leading zeros: 421816-2024",
            "notice_type": "eForms BT-02 as published, e.g. cn-standard",
            "form_type": "eForms BT-03: planning, competition, result, ...",
            "procedure_id": "eForms BT-04; joins calls and awards",
            "buyer_id": "first buyer with a valid number; all buyers in v1_notice_party",
            "title": "in the notice's official language",
            "published_on": "date of publication",
            "deadline_at": "the last of the lots' deadlines, UTC",
            "country": "first buyer's country",
            "cpv_main": "CPV 2008 code of the procedure",
            "amount": "see amount_kind; null when withheld or not given",
            "currency": "ISO 4217",
            "reserved": "whether any lot is reserved (BT-71, BT-736); null when the notice does not say",
            "changes_notice_id": "the notice that this one changes, when the hub has it",
            "superseded_by": "the newer edition, version or change notice that replaces it; null for the one in force",
            "url": "page for people",
            "amount_minor": "amount in minor units",
            "amount_kind": "estimated, awarded or framework_maximum",
            "notice_subtype": "eForms OPP-070",
            "withheld": "JSON array: fields withheld from publication (BT-195)",
            "nuts": "JSON array of NUTS codes of performance",
        },
        """
        SELECT n.id, n.source_id AS source, n.notice_identifier, n.version, n.publication_number, n.notice_type,
               n.form_type, n.procedure_id, n.buyer_id, n.title, n.published_on, n.deadline_at, n.country, n.cpv_main,
               amount(n.amount_minor, n.currency) AS amount, n.currency, n.reserved,
               (SELECT p.id FROM notice p WHERE p.source_id = n.source_id AND p.retired_at IS NULL AND p.id <> n.id
                  AND ((p.notice_identifier = substr(n.changes_reference, 1, 36)
                        AND p.version = substr(n.changes_reference, 38))
                       OR p.publication_number = ltrim(n.changes_reference, '0'))
                ORDER BY p.published_on DESC, p.id LIMIT 1) AS changes_notice_id,
               (SELECT s.id FROM notice s WHERE s.source_id = n.source_id AND s.retired_at IS NULL AND s.id <> n.id
                  AND ((s.notice_identifier = n.notice_identifier
                        AND (s.version > n.version OR (s.version = n.version
                             AND coalesce(s.published_on, day(s.sent_at)) > coalesce(n.published_on, day(n.sent_at)))))
                       OR (s.changes_reference IN (n.notice_identifier || '-' || n.version, n.publication_number)
                           AND s.notice_type <> 'can-modif'))
                ORDER BY s.published_on DESC, s.version DESC, s.id LIMIT 1) AS superseded_by,
               n.url, n.amount_minor, n.amount_kind, n.notice_subtype, n.withheld, n.nuts
        FROM notice n WHERE n.retired_at IS NULL
        """,
    ),
    View(
        "v1_lot",
        "a lot of a notice",
        {
            "id": "deterministic id",
            "notice_id": "the notice",
            "lot_number": "eForms BT-137",
            "title": "in the notice's official language",
            "cpv_main": "CPV 2008",
            "nuts": "JSON array of NUTS codes",
            "reserved_participation": "JSON array of BT-71 codes: none, res-ws, res-pub-ser; null when not said",
            "reserved_execution": "BT-736: yes, no, not-known",
            "social_objectives": "JSON array of BT-775 codes; null when the notice does not say",
            "amount": "estimated value (BT-27)",
            "currency": "ISO 4217",
            "deadline_at": "UTC",
            "starts_on": "BT-536",
            "ends_on": "BT-537",
            "amount_minor": "amount in minor units",
            "framework": "BT-765: none, fa-wo-rc, fa-w-rc, fa-mix",
            "duration": "BT-36, in duration_unit",
            "duration_unit": "DAY, WEEK, MONTH, YEAR, or UNLIMITED, UNKNOWN",
            "renewals_max": "BT-58",
            "outcome": "BT-142 in result notices: selec-w, open-nw, clos-nw",
            "tenders_received": "BT-759",
        },
        """
        SELECT l.id, l.notice_id, l.lot_number, l.title, l.cpv_main, l.nuts, l.reserved_participation,
               l.reserved_execution, l.social_objectives, amount(l.amount_minor, l.currency) AS amount, l.currency,
               l.deadline_at, l.starts_on, l.ends_on, l.amount_minor, l.framework, l.duration, l.duration_unit,
               l.renewals_max, l.outcome, l.tenders_received
        FROM lot l JOIN notice n ON n.id = l.notice_id WHERE n.retired_at IS NULL
        """,
    ),
    View(
        "v1_notice_party",
        "an organisation's role in a notice",
        {
            "notice_id": "the notice",
            "lot_id": "the lot; null for the whole notice",
            "role": "buyer, supplier (winner), tenderer (not a winner), subcontractor, ...",
            "organisation_id": "when its number is valid; null while it is only a mention",
            "name_as_written": "null for natural persons",
            "identifier_as_written": "null for natural persons",
        },
        """
        SELECT p.notice_id, p.lot_id, p.role, p.organisation_id, p.name_as_written, p.identifier_as_written
        FROM notice_party p JOIN notice n ON n.id = p.notice_id WHERE n.retired_at IS NULL
        """,
    ),
    View(
        "v1_contract",
        "an award of a lot, an agreement, or a planned purchase",
        {
            "id": "deterministic id",
            "source": "source id",
            "kind": "award, agreement or planned",
            "title": "as published",
            "buyer_id": "first buyer, when its number is valid",
            "procedure_id": "eForms BT-04",
            "notice_id": "the notice that it stands in",
            "lot_id": "the lot in that notice",
            "call_notice_id": "the call of the same procedure, when the hub has it",
            "call_lot_id": "the lot in that call (by internal id BT-22, else by lot number)",
            "signed_on": "BT-145",
            "starts_on": "first day",
            "ends_on": "last day without extensions",
            "extendable_until": "last day with every extension used",
            "amount": "see amount_kind",
            "amount_kind": "awarded, framework_maximum, estimated or changed",
            "currency": "ISO 4217",
            "cpv_main": "CPV 2008",
            "framework": "whether it is a framework agreement; null when not said",
            "same_as": "the same contract in another source, which is the one to count: same buyer, title and year, "
            "a supplier in common and no contrary CPV; null for the one to count",
            "amount_minor": "amount in minor units",
            "reference": "the publisher's number",
            "superseded_by": "the same contract (procedure, reference and lot) in a later notice: a republication, "
            "correction or modification; null for the newest, so that sums over nulls count each contract once",
        },
        """
        SELECT k.id, k.source_id AS source, k.kind, k.title, k.buyer_id, k.procedure_id, k.notice_id, k.lot_id,
               k.call_notice_id,
               coalesce(
                 (SELECT l.id FROM lot l
                  WHERE l.notice_id = k.call_notice_id AND l.internal_id = k.internal_id
                  ORDER BY l.lot_number LIMIT 1),
                 (SELECT l.id FROM lot l
                  WHERE l.notice_id = k.call_notice_id AND l.lot_number = k.lot_number LIMIT 1))
                 AS call_lot_id,
               k.signed_on, k.starts_on, k.ends_on, k.extendable_until, amount(k.amount_minor, k.currency) AS amount,
               k.amount_kind, k.currency, k.cpv_main, k.framework,
               (SELECT o.id FROM contract o LEFT JOIN notice t ON t.id = o.notice_id
                WHERE o.buyer_id = k.buyer_id AND o.title = k.title AND o.source_id <> k.source_id
                  AND o.retired_at IS NULL AND o.kind IN ('award', 'agreement') AND k.kind IN ('award', 'agreement')
                  AND (CASE o.kind WHEN 'award' THEN 0 ELSE 1 END < CASE k.kind WHEN 'award' THEN 0 ELSE 1 END
                       OR (o.kind = k.kind AND o.source_id < k.source_id))
                  AND (o.cpv_main = k.cpv_main OR o.cpv_main IS NULL OR k.cpv_main IS NULL)
                  AND substr(CAST(coalesce(o.signed_on, o.decided_on, o.starts_on, t.published_on) AS TEXT), 1, 4)
                      = substr(CAST(coalesce(k.signed_on, k.decided_on, k.starts_on, k.told_on) AS TEXT), 1, 4)
                  AND EXISTS (SELECT 1 FROM contract_supplier x JOIN contract_supplier y
                                ON x.organisation_id = y.organisation_id OR x.name_as_written = y.name_as_written
                              WHERE x.contract_id = o.id AND y.contract_id = k.id)
                ORDER BY CASE o.kind WHEN 'award' THEN 0 ELSE 1 END, o.source_id, o.id LIMIT 1) AS same_as,
               k.amount_minor,
               k.reference,
               (SELECT s.id FROM contract s JOIN notice m ON m.id = s.notice_id
                WHERE s.procedure_id = k.procedure_id AND s.source_id = k.source_id AND s.reference = k.reference
                  AND coalesce(s.lot_number, '') = coalesce(k.lot_number, '') AND s.retired_at IS NULL
                  AND (coalesce(m.published_on, day(m.sent_at)) > k.told_on
                       OR (coalesce(m.published_on, day(m.sent_at)) = k.told_on AND m.version > k.version))
                ORDER BY coalesce(m.published_on, day(m.sent_at)) DESC, m.version DESC, s.id LIMIT 1) AS superseded_by
        FROM (SELECT c.*, a.internal_id, coalesce(p.published_on, day(p.sent_at)) AS told_on, p.version,
                     (SELECT n.id FROM notice n WHERE n.procedure_id = c.procedure_id AND n.source_id = c.source_id
                        AND n.form_type = 'competition' AND n.retired_at IS NULL
                      ORDER BY n.published_on DESC, n.version DESC, n.id LIMIT 1) AS call_notice_id
              FROM contract c LEFT JOIN lot a ON a.id = c.lot_id LEFT JOIN notice p ON p.id = c.notice_id
              WHERE c.retired_at IS NULL) k
        """,
    ),
    View(
        "v1_contract_supplier",
        "a supplier in a contract",
        {
            "contract_id": "the contract",
            "organisation_id": "when its number is valid",
            "name_as_written": "null for natural persons",
            "identifier_as_written": "null for natural persons",
            "rank": "rank among a framework's suppliers",
            "lead": "whether it leads a consortium",
        },
        """
        SELECT s.contract_id, s.organisation_id, s.name_as_written, s.identifier_as_written, s.rank, s.lead
        FROM contract_supplier s JOIN contract c ON c.id = s.contract_id WHERE c.retired_at IS NULL
        """,
    ),
    View(
        "v1_payment",
        "a ledger line or invoice; credit notes are negative",
        {
            "id": "deterministic id",
            "source": "source id",
            "buyer_id": "who paid",
            "buyer_unit": "department as written",
            "supplier_id": "who was paid, when its number is valid",
            "supplier_name_as_written": "null for natural persons and masked payees",
            "supplier_identifier_as_written": "null for natural persons and masked payees",
            "supplier_pseudonym": "a keyed stand-in for a natural person's number",
            "link_method": "identifier, pseudonym (natural person), masked (hidden by the publisher) or none",
            "kind": "purchase, grant, transfer or unknown",
            "amount": "in currency, exact",
            "amount_basis": "net or gross of VAT, or unknown",
            "currency": "ISO 4217",
            "dated_on": "see date_kind",
            "date_kind": "booking, payment, invoice or period",
            "period": "accounting period YYYY-MM or YYYY",
            "account": "account code as written",
            "description": "as written, personal numbers masked",
            "document_number": "voucher",
            "invoice_number": "as written",
            "duplicate_of": "for an invoice line: a ledger line of the same buyer, supplier and invoice number, "
            "of the same year or the next to it; count only payments without",
            "amount_minor": "amount in minor units",
            "account_text": "account name as written",
            "order_reference": "the buyer's order, as written",
            "line_of": "ledger or invoice",
            "supplier_status": "verdict about the supplier on the payment's date, else on the last day of its period: "
            "confirmed, likely, possible, excluded or unknown; null while the supplier is not identified",
        },
        """
        SELECT p.id, p.source_id AS source, p.buyer_id, p.buyer_unit, p.supplier_id, p.supplier_name_as_written,
               p.supplier_identifier_as_written, p.supplier_pseudonym, p.link_method, p.kind,
               amount(p.amount_minor, p.currency) AS amount, p.amount_basis, p.currency, p.dated_on, p.date_kind,
               p.period, p.account_code AS account, p.description, p.document_number, p.invoice_number,
               CASE WHEN p.line_of = 'invoice' THEN
                 (SELECT l.id FROM payment l
                  WHERE l.supplier_id = p.supplier_id AND l.invoice_number = p.invoice_number
                    AND l.buyer_id = p.buyer_id AND l.line_of = 'ledger' AND l.retired_at IS NULL
                    AND abs(CAST(substr(coalesce(CAST(l.dated_on AS TEXT), l.period), 1, 4) AS INTEGER)
                            - CAST(substr(coalesce(CAST(p.dated_on AS TEXT), p.period), 1, 4) AS INTEGER)) <= 1
                  ORDER BY l.id LIMIT 1) END AS duplicate_of,
               p.amount_minor, p.account_text, p.order_reference, p.line_of,
               CASE WHEN p.supplier_id IS NOT NULL THEN coalesce(
                 (SELECT a.status FROM social_assessment a WHERE a.organisation_id = p.supplier_id
                    AND (a.valid_from IS NULL OR a.valid_from <= coalesce(p.dated_on, period_end(p.period)))
                    AND (a.valid_to IS NULL OR a.valid_to >= coalesce(p.dated_on, period_end(p.period)))
                    AND coalesce(p.dated_on, period_end(p.period)) IS NOT NULL
                  ORDER BY a.valid_from DESC LIMIT 1), 'unknown') END AS supplier_status
        FROM payment p WHERE p.retired_at IS NULL
        """,
    ),
)
