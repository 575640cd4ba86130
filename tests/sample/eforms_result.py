"""The result part of eForms notices: tenders, winners, contracts."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.sample.eforms_lots import lot_id
from tests.sample.eforms_parts import dated, money, reference, text
from tests.sample.procedures import Award, Procedure, Publication
from tests.sample.xml import Node, el, path

WITHHELD_UNTIL = "2026-04-01"


@dataclass
class _Result:
    """Collects the four lists that refer to each other by number."""

    procedure: Procedure
    notice: Publication
    ids: dict[str, str]
    lots: list[Node] = field(default_factory=list)
    tenders: list[Node] = field(default_factory=list)
    contracts: list[Node] = field(default_factory=list)
    parties: list[Node] = field(default_factory=list)

    def add(self, award: Award) -> None:
        first = len(self.tenders)
        hidden = award.withheld and self.notice.stage != "republished"
        offers = (*award.winners, *award.losers)
        contract_ids = []
        for rank, (key, kronor) in enumerate(offers, 1):
            number = len(self.tenders) + 1
            self._tender(award, number, rank, key, -1 if hidden else kronor, hidden=hidden)
            if rank <= len(award.winners):
                contract_ids.append(self._contract(award, number, rank))
        tenders = [path("efac:LotTender/cbc:ID", f"TEN-{first + rank:04d}", schemeName="tender")
                   for rank in range(1, len(offers) + 1)]  # fmt: skip
        self._lot(award, tenders, contract_ids)

    def _lot(self, award: Award, tenders: list[Node], contract_ids: list[str]) -> None:
        lot = self.procedure.lots[award.lot - 1]
        status = "selec-w" if award.winners else "clos-nw"
        self.lots.append(el("efac:LotResult", (
            el("cbc:ID", f"RES-{len(self.lots) + 1:04d}", schemeName="result"),
            None if self.notice.stage == "modification"
            else el("cbc:TenderResultCode", status, listName="winner-selection-status"),
            path("efac:DecisionReason/efbc:DecisionReasonCode", award.reason, listName="non-award-justification")
            if award.reason else None,
            *tenders,
            path("efac:FrameworkAgreementValues", (money("cbc:MaximumValueAmount", lot.value * 12 // 10),))
            if lot.framework != "none" else None,
            el("efac:ReceivedSubmissionsStatistics", (
                el("efbc:StatisticsCode", "tenders", listName="received-submission-type"),
                el("efbc:StatisticsNumeric", len(tenders)),
            )),
            *(path("efac:SettledContract/cbc:ID", contract, schemeName="contract") for contract in contract_ids),
            self._lot_reference(award),
        )))  # fmt: skip

    def _tender(self, award: Award, number: int, rank: int, key: str, kronor: int, *, hidden: bool) -> None:
        self.tenders.append(el("efac:LotTender", (
            privacy("win-ten-val") if hidden else None,
            el("cbc:ID", f"TEN-{number:04d}", schemeName="tender"),
            el("cbc:RankCode", rank),
            el("efbc:TenderRankedIndicator", "true"),
            path("cac:LegalMonetaryTotal", (money("cbc:PayableAmount", kronor),)),
            path("efac:TenderingParty/cbc:ID", f"TPA-{number:04d}", schemeName="tendering-party"),
            self._lot_reference(award),
            path("efac:TenderReference/cbc:ID", f"Anbud {number}"),
        )))  # fmt: skip
        self.parties.append(el("efac:TenderingParty", (
            el("cbc:ID", f"TPA-{number:04d}", schemeName="tendering-party"),
            path("efac:Tenderer/cbc:ID", self.ids[key], schemeName="organization"),
        )))  # fmt: skip

    def _contract(self, award: Award, tender: int, rank: int) -> str:
        contract = f"CON-{len(self.contracts) + 1:04d}"
        several = len(award.winners) > 1
        self.contracts.append(el("efac:SettledContract", (
            el("cbc:ID", contract, schemeName="contract"),
            el("cbc:AwardDate", dated(award.decided)),
            el("cbc:IssueDate", dated(award.signed)) if award.signed else None,
            *text("cbc:Title", f"{self.procedure.title}: {self.procedure.lots[award.lot - 1].title}"),
            el("cac:SignatoryParty", (reference(self.ids[self.procedure.buyer]),)),
            path("efac:ContractReference/cbc:ID", f"{award.reference}-{rank}" if several else award.reference),
            path("efac:LotTender/cbc:ID", f"TEN-{tender:04d}", schemeName="tender"),
        )))  # fmt: skip
        return contract

    def _lot_reference(self, award: Award) -> Node:
        return path("efac:TenderLot/cbc:ID", lot_id(self.procedure, award.lot), schemeName="Lot")


def privacy(what: str) -> Node:
    return el("efac:FieldsPrivacy", (
        el("efbc:FieldIdentifierCode", what, listName="non-publication-identifier"),
        el("cbc:ReasonCode", "fair-comp", listName="non-publication-justification"),
        *text("efbc:ReasonDescription", "Värdet offentliggörs senare av konkurrensskäl."),
        el("efbc:PublicationDate", dated(WITHHELD_UNTIL)),
    ))  # fmt: skip


def notice_result(procedure: Procedure, notice: Publication, ids: dict[str, str], awards: tuple[Award, ...]) -> Node:
    result = _Result(procedure, notice, ids)
    for award in awards:
        result.add(award)
    hidden = any(award.withheld for award in awards) and notice.stage != "republished"
    total = sum(kronor for award in awards for _, kronor in award.winners[:1])
    framework = sum(lot.value * 12 // 10 for lot in procedure.lots if lot.framework != "none")
    return el("efac:NoticeResult", (
        privacy("not-val") if hidden else None,
        money("cbc:TotalAmount", -1 if hidden else total),
        money("efbc:OverallMaximumFrameworkContractsAmount", framework) if framework else None,
        *result.lots,
        *result.tenders,
        *result.contracts,
        *result.parties,
    ))  # fmt: skip
