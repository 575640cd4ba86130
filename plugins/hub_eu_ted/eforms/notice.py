"""A notice as a whole: its identity, procedure, lots, parties and contracts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from hub.sdk import Contract, Drift, Lot, Money, Notice, RecordRejected
from hub.sdk.formats.xml import Element
from hub_eu_ted import codes
from hub_eu_ted.clock import instant
from hub_eu_ted.countries import zone
from hub_eu_ted.eforms import lots as lot_paths
from hub_eu_ted.eforms.contracts import Contracts
from hub_eu_ted.eforms.document import PROJECT, Document
from hub_eu_ted.eforms.elements import report_new_elements
from hub_eu_ted.eforms.lots import read_lots
from hub_eu_ted.eforms.organisations import Organisations
from hub_eu_ted.eforms.parties import read_parties
from hub_eu_ted.eforms.results import Results
from hub_eu_ted.numbers import notice_url, publication_number, reference

_NATIONAL_SUBTYPE: Final = re.compile(r"N\d{1,2}")
_CHANGED: Final = "efac:Changes/efbc:ChangedNoticeIdentifier"
_MODIFIED: Final = "efac:ContractModification/efbc:ChangedNoticeIdentifier"
_REASON: Final = "efac:ChangeReason/cbc:ReasonCode"


def notice_id(root: Element) -> tuple[str | None, str, str | None]:
    """Notice id (BT-701), version (BT-757, two digits) and publication number (OPP-010), each if there is one."""
    document = Document(root)
    identifier = document.text(root, "cbc:ID[@schemeName='notice-id']") or document.text(root, "cbc:ID")
    number = document.text(document.extension, "efac:Publication/efbc:NoticePublicationID")
    version = document.text(root, "cbc:VersionID") or "01"
    return identifier, version.zfill(2), publication_number(number)


def read_notice(root: Element) -> Iterator[Notice | Contract | Drift]:
    """The notice, its contracts, and what of it is unknown."""
    identifier, version, number = notice_id(root)
    if identifier is None:
        raise RecordRejected(
            "the notice has no identifier (BT-701)",
            field="cbc:ID",
            instruction="report it to the publisher; a notice without an identifier cannot be told from others",
        )
    document = Document(root)
    organisations = Organisations(document)
    results = Results(document, organisations)
    parties = read_parties(document, organisations, results)
    country = next((party.organisation.country for party in parties if party.role == "buyer"), None)
    local = zone(country)
    lots = read_lots(document, local, results.outcomes)
    value, kind = _value(document)
    project = PROJECT
    first = lots[0] if lots else None
    titles = document.by_language(root, f"{project}/cbc:Name")
    notice = Notice(
        notice_identifier=identifier,
        version=version,
        publication_number=number,
        notice_type=document.code(root, "cbc:NoticeTypeCode", "BT-02", codes.NOTICE_TYPE),
        notice_subtype=_subtype(document),
        form_type=document.findings.code("BT-03", document.form_type, codes.FORM_TYPE),
        procedure_id=document.text(root, "cbc:ContractFolderID"),
        procedure_type=document.code(root, "cac:TenderingProcess/cbc:ProcedureCode", "BT-105", codes.PROCEDURE),
        legal_basis=document.code(root, "cbc:RegulatoryDomain", "BT-01", codes.LEGAL_BASIS),
        sdk_version=document.text(root, "cbc:CustomizationID"),
        language=document.language,
        # Planning notices without a procedure have their title and CPV on the parts alone.
        title=document.spoken(root, f"{project}/cbc:Name") or _of(first, "title"),
        titles=titles or (first.titles if first else {}),
        description=document.spoken(root, f"{project}/cbc:Description") or _of(first, "description"),
        published_on=document.date(document.extension, "efac:Publication/efbc:PublicationDate", "OPP-012"),
        sent_at=_sent_at(document, local),
        country=country,
        contract_nature=document.code(root, lot_paths.NATURE, "BT-23", codes.NATURE) or _of(first, "contract_nature"),
        cpv_main=document.text(root, lot_paths.CPV_MAIN) or _of(first, "cpv_main"),
        cpv_additional=document.texts(root, lot_paths.CPV_ADDITIONAL),
        nuts=document.texts(root, lot_paths.NUTS),
        value=value,
        value_kind=kind,
        withheld=_withheld(document),
        changes=_changes(document),
        change_reason=_change_reason(document),
        previous=_previous(document),
        url=notice_url(number) if number else None,
        lots=lots,
        parties=parties,
    )
    yield notice
    yield from Contracts(document, results, organisations, notice)
    report_new_elements(document)
    yield from document.findings


def _of(lot: Lot | None, name: str) -> str | None:
    return None if lot is None else getattr(lot, name)


def _subtype(document: Document) -> str | None:
    """OPP-070; national feeds have subtypes of their own (Norway's N16), kept as published."""
    code = document.text(document.extension, "efac:NoticeSubType/cbc:SubTypeCode")
    if code and _NATIONAL_SUBTYPE.fullmatch(code):
        return code
    return document.findings.code("OPP-070", code, codes.NOTICE_SUBTYPE)


def _sent_at(document: Document, local: tzinfo | None) -> datetime | None:
    """BT-05."""
    day, hour = document.text(document.root, "cbc:IssueDate"), document.text(document.root, "cbc:IssueTime")
    if day is None:
        return None
    try:
        return instant(day, hour, local)
    except ValueError:
        document.findings.unreadable("BT-05", f"{day} {hour or ''}".strip())
        return None


def _value(document: Document) -> tuple[Money | None, str | None]:
    """Awarded total (BT-161), else a framework's maximum (BT-118, BT-271), else the estimate (BT-27)."""
    result = document.result
    awarded = document.money(result, "cbc:TotalAmount", "BT-161")
    maximum = document.money(result, "efbc:OverallMaximumFrameworkContractsAmount", "BT-118")
    estimate = document.money(document.root, lot_paths.ESTIMATE, "BT-27")
    called = document.money(document.root, lot_paths.MAXIMUM, "BT-271")
    if awarded:
        return awarded, "awarded"
    if maximum:
        return maximum, "framework_maximum"
    if estimate:
        return estimate, "estimated"
    return called, "framework_maximum" if called else None


def _withheld(document: Document) -> tuple[str, ...]:
    """BT-195, and fields whose value says so itself.

    When the date (BT-198) has come, TED publishes the same version again with the values; the privacy section may
    still stand there, and no longer says anything.
    """
    published = document.date(document.extension, "efac:Publication/efbc:PublicationDate", "OPP-012")
    for section in document.all(document.root, ".//efac:FieldsPrivacy"):
        until = document.date(section, "efbc:PublicationDate", "BT-198")
        code = document.code(section, "efbc:FieldIdentifierCode", "BT-195", codes.WITHHELD)
        if code and not (published and until and until <= published):
            document.withheld.add(code)
    return tuple(sorted(document.withheld))


def _changes(document: Document) -> str | None:
    """BT-758, else BT-1501: a change of a modification notice points to the notice that it changes."""
    written = document.text(document.extension, _CHANGED) or document.text(document.extension, _MODIFIED)
    return reference(written) if written else None


def _change_reason(document: Document) -> str | None:
    """BT-140 of a change, else BT-200 of a contract modification."""
    changed = document.code(document.extension, f"efac:Changes/{_REASON}", "BT-140", codes.CHANGE)
    modified = document.code(document.extension, f"efac:ContractModification/{_REASON}", "BT-200", codes.MODIFICATION)
    return changed or modified


def _previous(document: Document) -> tuple[str, ...]:
    """BT-125 earlier planning notices, OPT-100 the framework's notice, and BT-1501 beside a BT-758."""
    written = document.texts(
        document.root, "cac:ProcurementProjectLot/cac:TenderingProcess/cac:NoticeDocumentReference/cbc:ID"
    )
    written += document.texts(document.root, "cac:TenderingProcess/cac:NoticeDocumentReference/cbc:ID")
    written += document.texts(document.result, "efac:SettledContract/cac:NoticeDocumentReference/cbc:ID")
    if document.text(document.extension, _CHANGED):
        written += document.texts(document.extension, _MODIFIED)
    return tuple(dict.fromkeys(reference(text) for text in written))
