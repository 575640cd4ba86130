"""Payments."""

from __future__ import annotations

from hub.model.identifier import Mention
from hub.model.ids import make_id
from hub.model.payment import Payment
from hub.store.rows.aggregate import Aggregate, NameColumn, Shape, day, named
from hub.store.tables import procurement as tables

PAYMENT = Shape(
    entity="payment",
    table=tables.payment,
    columns=(
        "id",
        "buyer_id",
        "buyer_name_as_written",
        "buyer_unit",
        "supplier_id",
        "supplier_name_as_written",
        "supplier_identifier_as_written",
        "supplier_local_number",
        "supplier_pseudonym",
        "link_method",
        "kind",
        "amount_minor",
        "currency",
        "amount_basis",
        "dated_on",
        "date_kind",
        "period",
        "account_code",
        "account_text",
        "category",
        "description",
        "document_number",
        "invoice_number",
        "agreement_reference",
        "order_reference",
        "line_of",
    ),
    children={},
    names=(
        NameColumn("payment", "id", "supplier_id", "supplier_name_as_written"),
        NameColumn("payment", "id", "buyer_id", "buyer_name_as_written"),
    ),
)


def link_method(supplier: Mention) -> str:
    """How the supplier of a payment is known."""
    if supplier.pseudonym:
        return "pseudonym"
    if supplier.identifier:
        return "identifier"
    return "none" if supplier.name or supplier.identifier_as_written else "masked"


def payment(record: Payment, source_id: str) -> Aggregate:
    """One ledger line."""
    buyer, supplier = record.buyer, record.supplier
    root = (
        make_id(record.entity, source_id, *record.natural_key),
        buyer.organisation_id,
        buyer.name,
        record.buyer_unit,
        supplier.organisation_id,
        supplier.name,
        supplier.identifier_as_written,
        record.supplier_local_number,
        supplier.pseudonym,
        link_method(supplier),
        record.kind,
        record.value.amount_minor,
        record.value.currency,
        record.amount_basis,
        day(record.dated_on),
        record.date_kind,
        record.period,
        record.account_code,
        record.account_text,
        record.category,
        record.description,
        record.document_number,
        record.invoice_number,
        record.agreement_reference,
        record.order_reference,
        record.line_of,
    )
    return Aggregate(PAYMENT, root, {}, named=named((buyer, supplier)))
