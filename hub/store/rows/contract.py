"""Contracts with their suppliers."""

from __future__ import annotations

from hub.model.contract import Contract
from hub.model.ids import make_id
from hub.store.rows.aggregate import Aggregate, ChildShape, NameColumn, Shape, day, named
from hub.store.rows.notice import lot_id, notice_id
from hub.store.tables import procurement as tables

CONTRACT = Shape(
    entity="contract",
    table=tables.contract,
    columns=(
        "id",
        "kind",
        "reference",
        "title",
        "buyer_id",
        "procedure_id",
        "notice_id",
        "lot_number",
        "lot_id",
        "decided_on",
        "signed_on",
        "starts_on",
        "ends_on",
        "extendable_until",
        "amount_minor",
        "currency",
        "amount_kind",
        "cpv_main",
        "framework",
        "buyer_name_as_written",
        "buyer_identifier_as_written",
    ),
    children={
        "suppliers": ChildShape(
            tables.contract_supplier,
            "contract_id",
            (
                "contract_id",
                "organisation_id",
                "name_as_written",
                "identifier_as_written",
                "country",
                "pseudonym",
                "rank",
                "lead",
            ),
        )
    },
    names=(
        NameColumn("contract_supplier", "contract_id", "organisation_id", "name_as_written"),
        NameColumn("contract", "id", "buyer_id", "buyer_name_as_written"),
    ),
)


def contract(record: Contract, source_id: str) -> Aggregate:
    """One award, agreement or planned purchase."""
    root_id = make_id(record.entity, source_id, *record.natural_key)
    in_notice = notice_id(record.notice_key, source_id) if record.notice_key else None
    buyer = record.buyers[0] if record.buyers else None
    value = record.value
    root = (
        root_id,
        record.kind,
        record.reference,
        record.title,
        buyer.organisation_id if buyer else None,
        record.procedure_id,
        in_notice,
        record.lot_number,
        lot_id(in_notice, record.lot_number) if in_notice and record.lot_number else None,
        day(record.decided_on),
        day(record.signed_on),
        day(record.starts_on),
        day(record.ends_on),
        day(record.extendable_until),
        value.amount_minor if value else None,
        value.currency if value else None,
        record.amount_kind,
        record.cpv_main,
        record.framework,
        buyer.name if buyer else None,
        buyer.identifier_as_written if buyer else None,
    )
    suppliers = [
        (
            root_id,
            supplier.organisation.organisation_id,
            supplier.organisation.name,
            supplier.organisation.identifier_as_written,
            supplier.organisation.country,
            supplier.organisation.pseudonym,
            supplier.rank,
            supplier.lead,
        )
        for supplier in record.suppliers
    ]
    mentions = (*record.buyers, *(supplier.organisation for supplier in record.suppliers))
    return Aggregate(CONTRACT, root, {"suppliers": suppliers}, named=named(mentions))
