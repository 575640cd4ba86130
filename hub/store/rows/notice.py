"""Notices with lots and parties."""

from __future__ import annotations

import json

from hub.model.ids import make_id
from hub.model.notice import Lot, Notice
from hub.store.rows.aggregate import Aggregate, ChildShape, NameColumn, Shape, array, day, instant, named, said
from hub.store.tables import procurement as tables

_LOT_COLUMNS = tuple(column.name for column in tables.lot.columns)
NOTICE = Shape(
    entity="notice",
    table=tables.notice,
    columns=(
        "id",
        "notice_identifier",
        "version",
        "publication_number",
        "notice_type",
        "notice_subtype",
        "form_type",
        "procedure_id",
        "procedure_type",
        "legal_basis",
        "sdk_version",
        "language",
        "buyer_id",
        "title",
        "titles",
        "description",
        "published_on",
        "sent_at",
        "deadline_at",
        "country",
        "contract_nature",
        "cpv_main",
        "cpv_additional",
        "nuts",
        "amount_minor",
        "currency",
        "amount_kind",
        "reserved",
        "withheld",
        "changes_reference",
        "change_reason",
        "previous_references",
        "url",
    ),
    children={
        "lots": ChildShape(tables.lot, "notice_id", _LOT_COLUMNS),
        "parties": ChildShape(
            tables.notice_party,
            "notice_id",
            (
                "notice_id",
                "lot_id",
                "role",
                "organisation_id",
                "name_as_written",
                "identifier_as_written",
                "country",
                "pseudonym",
            ),
        ),
    },
    names=(NameColumn("notice_party", "notice_id", "organisation_id", "name_as_written"),),
)


def notice_id(natural_key: tuple[str, ...], source_id: str) -> str:
    """The id of a notice of this source."""
    return make_id(Notice.entity, source_id, *natural_key)


def lot_id(of_notice: str, lot_number: str) -> str:
    """The id of a lot of a notice."""
    return make_id("lot", of_notice, lot_number)


def is_reserved(lots: tuple[Lot, ...]) -> bool | None:
    """Whether any lot is reserved (BT-71 or BT-736); ``None`` when no lot says anything about it."""
    codes = [code for lot in lots for code in lot.reserved_participation]
    executions = [lot.reserved_execution for lot in lots if lot.reserved_execution]
    if not codes and not executions:
        return None
    return any(code != "none" for code in codes) or "yes" in executions


def notice(record: Notice, source_id: str) -> Aggregate:
    """One edition of a notice version."""
    root_id = notice_id(record.natural_key, source_id)
    buyers = [party.organisation for party in record.parties if party.role == "buyer"]
    deadlines = [lot.deadline_at for lot in record.lots if lot.deadline_at]
    value = record.value
    root = (
        root_id,
        record.notice_identifier,
        record.version,
        record.publication_number,
        record.notice_type,
        record.notice_subtype,
        record.form_type,
        record.procedure_id,
        record.procedure_type,
        record.legal_basis,
        record.sdk_version,
        record.language,
        buyers[0].organisation_id if buyers else None,
        record.title,
        json.dumps(record.titles, ensure_ascii=False, sort_keys=True),
        record.description,
        day(record.published_on),
        instant(record.sent_at),
        # The last chance to answer anything in it; each lot has its own.
        instant(max(deadlines, default=None)),
        record.country,
        record.contract_nature,
        record.cpv_main,
        array(record.cpv_additional),
        array(record.nuts),
        value.amount_minor if value else None,
        value.currency if value else None,
        record.value_kind,
        is_reserved(record.lots),
        array(record.withheld),
        record.changes,
        record.change_reason,
        array(record.previous),
        record.url,
    )
    numbers = {lot.lot_number for lot in record.lots}
    return Aggregate(
        NOTICE,
        root,
        {
            "lots": [_lot(lot, root_id) for lot in record.lots],
            "parties": [
                (
                    root_id,
                    lot_id(root_id, party.lot_number) if party.lot_number in numbers and party.lot_number else None,
                    party.role,
                    party.organisation.organisation_id,
                    party.organisation.name,
                    party.organisation.identifier_as_written,
                    party.organisation.country,
                    party.organisation.pseudonym,
                )
                for party in record.parties
            ],
        },
        named=named(party.organisation for party in record.parties),
    )


def _lot(lot: Lot, root_id: str) -> tuple[object, ...]:
    value, ceiling = lot.value, lot.framework_maximum
    return (
        lot_id(root_id, lot.lot_number),
        root_id,
        lot.lot_number,
        lot.internal_id,
        lot.title,
        json.dumps(lot.titles, ensure_ascii=False, sort_keys=True),
        lot.description,
        lot.contract_nature,
        lot.cpv_main,
        array(lot.cpv_additional),
        array(lot.nuts),
        array(lot.countries),
        said(lot.reserved_participation),
        lot.reserved_execution,
        said(lot.strategic),
        said(lot.social_objectives),
        value.amount_minor if value else None,
        value.currency if value else None,
        lot.framework,
        ceiling.amount_minor if ceiling else None,
        ceiling.currency if ceiling else None,
        lot.dynamic_purchasing,
        instant(lot.deadline_at),
        lot.deadline_kind,
        day(lot.starts_on),
        day(lot.ends_on),
        lot.duration,
        lot.duration_unit,
        lot.renewals_max,
        lot.renewal_text,
        lot.options_text,
        lot.outcome,
        lot.outcome_reason,
        lot.tenders_received,
    )
