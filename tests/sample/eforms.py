"""Whole eForms notices."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.sample.eforms_lots import lot_node, project
from tests.sample.eforms_parts import (
    REVIEW_BODY,
    contracting_party,
    dated,
    namespaces,
    offset,
    org_ids,
    organisations,
)
from tests.sample.eforms_result import notice_result
from tests.sample.procedures import Award, Procedure, Publication, uuid_of
from tests.sample.xml import Node, document, el, path

# stage: root element, form type, notice type, subtype; notice type and subtype under the light regime
_FORMS: Final = {
    "planning": ("PriorInformationNotice", "planning", "pin-only", "4", "pin-only", "4"),
    "call": ("ContractNotice", "competition", "cn-standard", "16", "cn-social", "20"),
    "change": ("ContractNotice", "competition", "cn-standard", "16", "cn-social", "20"),
    "result": ("ContractAwardNotice", "result", "can-standard", "29", "can-social", "33"),
    "republished": ("ContractAwardNotice", "result", "can-standard", "29", "can-social", "33"),
    "modification": ("ContractAwardNotice", "cont-modif", "can-modif", "38", "can-modif", "38"),
    "direct": ("ContractAwardNotice", "dir-awa-pre", "veat", "25", "veat", "25"),
}
_MODIFIED_VALUE: Final = 7_640_000


def notice_id(procedure: Procedure, stage: str) -> str:
    """A republication is the same notice as the result; a change is a notice of its own."""
    return uuid_of(f"notice {procedure.key} {'result' if stage == 'republished' else stage}")


def notice_file(procedure: Procedure, notice: Publication) -> tuple[str, str]:
    """File name (as in the publisher's packages) and text of one notice."""
    number, year = notice.number.split("-")
    return f"{int(number):08d}-{year}.xml", document(_root(procedure, notice))


def _root(procedure: Procedure, notice: Publication) -> Node:
    root, form, kind, subtype, light_kind, light_subtype = _FORMS[notice.stage]
    if procedure.light:
        kind, subtype = light_kind, light_subtype
    awards = _awards(procedure, notice)
    suppliers = [key for award in awards for key, _ in (*award.winners, *award.losers)]
    ids = org_ids(list(dict.fromkeys([procedure.buyer, REVIEW_BODY, *suppliers])))
    sent = _sent(procedure, notice)
    planned = notice.stage == "planning"
    return el(root, (
        _extension(procedure, notice, subtype, ids, awards),
        el("cbc:UBLVersionID", "2.3"),
        el("cbc:CustomizationID", "eforms-sdk-1.10" if sent < "2025" else "eforms-sdk-1.13"),
        el("cbc:ID", notice_id(procedure, notice.stage), schemeName="notice-id"),
        None if planned else el("cbc:ContractFolderID", uuid_of(f"procedure {procedure.key}")),
        el("cbc:IssueDate", dated(sent)),
        el("cbc:IssueTime", f"09:30:00{offset(sent)}"),
        el("cbc:VersionID", "01"),
        el("cbc:PlannedDate", dated("2027-02-15")) if planned else None,
        el("cbc:RegulatoryDomain", "32014L0024"),
        el("cbc:NoticeTypeCode", kind, listName=form),
        el("cbc:NoticeLanguageCode", "SWE"),
        path("cac:AdditionalNoticeLanguage/cbc:ID", "ENG") if procedure.english else None,
        contracting_party(procedure, ids),
        None if planned else path("cac:TenderingProcess/cbc:ProcedureCode", procedure.kind,
                                  listName="procurement-procedure-type"),
        project(procedure),
        *(lot_node(procedure, lot, notice) for lot in _lots(procedure, awards, notice)),
        path("cac:TenderResult/cbc:AwardDate", dated(awards[0].decided or sent)) if awards else None,
    ), **namespaces(root))  # fmt: skip


def _sent(procedure: Procedure, notice: Publication) -> str:
    """Notices are sent some days before they are published; a republication keeps the day."""
    published = notice.published
    if notice.stage == "republished":
        published = next(each.published for each in procedure.publications if each.stage == "result")
    year, month, day = published.split("-")
    return f"{year}-{month}-{max(1, int(day) - 3):02d}"


def _awards(procedure: Procedure, notice: Publication) -> tuple[Award, ...]:
    if notice.stage in {"result", "republished", "direct"}:
        return procedure.awards
    if notice.stage == "modification":  # the last lot's contract, with its new value
        last = procedure.awards[-1]
        return (replace(last, winners=((last.winners[0][0], _MODIFIED_VALUE),), losers=()),)
    return ()


def _lots(procedure: Procedure, awards: tuple[Award, ...], notice: Publication) -> list[int]:
    if notice.stage == "modification":
        return [award.lot for award in awards]
    return list(range(1, len(procedure.lots) + 1))


def _extension(
    procedure: Procedure, notice: Publication, subtype: str, ids: dict[str, str], awards: tuple[Award, ...]
) -> Node:
    number, year = notice.number.split("-")
    return path("ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension", (
        _changes(procedure, notice) if notice.stage == "change" else None,
        _modification(procedure, notice) if notice.stage == "modification" else None,
        notice_result(procedure, notice, ids, awards) if awards else None,
        path("efac:NoticeSubType/cbc:SubTypeCode", subtype, listName="notice-subtype"),
        organisations(ids),
        el("efac:Publication", (
            el("efbc:NoticePublicationID", f"{int(number):08d}-{year}", schemeName="ojs-notice-id"),
            el("efbc:GazetteID", f"{int(notice.published[5:7]) * 20}/{year}", schemeName="ojs-id"),
            el("efbc:PublicationDate", dated(notice.published)),
        )),
    ))  # fmt: skip


def _changes(procedure: Procedure, notice: Publication) -> Node:
    return el("efac:Changes", (
        el("efbc:ChangedNoticeIdentifier", f"{notice_id(procedure, 'call')}-01", schemeName="notice-id-ref"),
        el("efac:Change", (
            el("efbc:ChangeDescription", notice.text, languageID="SWE"),
            path("efac:ChangedSection/efbc:ChangedSectionIdentifier", "LOT-0001"),
        )),
        path("efac:ChangeReason/cbc:ReasonCode", "update-add", listName="change-corrig-justification"),
    ))  # fmt: skip


def _modification(procedure: Procedure, notice: Publication) -> Node:
    parent = next(each.number for each in procedure.publications if each.stage == "result")
    return el("efac:ContractModification", (
        el("efbc:ChangedNoticeIdentifier", parent, schemeName="ojs-notice-id"),
        el("efbc:ModifiedContractIdentifier", f"CON-{len(procedure.awards):04d}", schemeName="contract"),
        path("efac:Change/efbc:ChangeDescription", notice.text, languageID="SWE"),
        path("efac:ChangeReason/cbc:ReasonCode", "add-wss", listName="modification-justification"),
    ))  # fmt: skip
