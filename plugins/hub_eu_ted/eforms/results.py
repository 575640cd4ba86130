"""Results: who won which lot, who lost, and which contract says so.

The chain is LotResult → LotTender (OPT-320) → TenderingParty (OPT-310) → Tenderer (OPT-300) → Organisation. Losing
tenders stand in a lot result like winning ones: the winner is the tender that a SettledContract names (BT-3202).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from hub.sdk import Mention, Money
from hub.sdk.formats.xml import Element
from hub_eu_ted import codes
from hub_eu_ted.eforms.document import Document
from hub_eu_ted.eforms.organisations import Organisations

_NO_REFERENCE: Final = frozenset({"", "-", "--", ".", "n/a", "N/A", "unpublished"})


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """What a notice's lot results say about one lot."""

    code: str | None = None
    reason: str | None = None
    tenders_received: int | None = None
    framework_maximum: Money | None = None
    reestimated: Money | None = None


@dataclass(frozen=True, slots=True)
class Bidder:
    """An organisation in a tendering party; ``lead`` is told in groups only."""

    organisation: Mention
    lead: bool | None


@dataclass(frozen=True, slots=True)
class Tender:
    """A tender (OPT-321) for one lot."""

    key: str
    lot: str | None
    reference: str | None
    rank: int | None
    value: Money | None
    bidders: tuple[Bidder, ...]
    subcontractors: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class LotResult:
    """One result of one lot; a lot may have several, one per winner."""

    lot: str | None
    outcome: LotOutcome
    tenders: tuple[str, ...]
    contracts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled contract as published."""

    key: str
    tenders: tuple[str, ...]
    element: Element = field(compare=False)


class Results:
    """The notice's result section, with its links followed."""

    def __init__(self, document: Document, organisations: Organisations) -> None:
        self._document = document
        self._organisations = organisations
        result = document.result
        self._winner_is_given = document.form_type in {"dir-awa-pre", "cont-modif"}
        parties = {document.text(party, "cbc:ID"): party for party in document.all(result, "efac:TenderingParty")}
        found = [self._tender(element, parties) for element in document.all(result, "efac:LotTender")]
        self.tenders: dict[str, Tender] = {tender.key: tender for tender in found}
        self.lot_results = tuple(self._lot_result(el) for el in document.all(result, "efac:LotResult"))
        self.settled = tuple(
            Settled(document.text(el, "cbc:ID") or "", document.texts(el, "efac:LotTender/cbc:ID"), el)
            for el in document.all(result, "efac:SettledContract")
        )
        self.contracted = frozenset(key for contract in self.settled for key in contract.tenders)

    @cached_property
    def outcomes(self) -> dict[str, LotOutcome]:
        """Per lot. Where a lot has several results, a winner outweighs none and the first figure given counts."""
        merged: dict[str, LotOutcome] = {}
        for result in self.lot_results:
            if result.lot is None:
                continue
            old, new = merged.get(result.lot), result.outcome
            if old is not None:
                won = "selec-w" in {old.code, new.code}
                new = LotOutcome(
                    code="selec-w" if won else old.code or new.code,
                    reason=None if won else old.reason or new.reason,
                    tenders_received=_first(old.tenders_received, new.tenders_received),
                    framework_maximum=old.framework_maximum or new.framework_maximum,
                    reestimated=old.reestimated or new.reestimated,
                )
            merged[result.lot] = new
        return merged

    @cached_property
    def lots(self) -> tuple[str, ...]:
        """The lots that results speak of, in the notice's order, and those of tenders that no result names.

        A tender for a group of lots (GLO-nnnn) so counts for the lots whose results name it.
        """
        told = {key for result in self.lot_results for key in result.tenders}
        named = [result.lot for result in self.lot_results]
        named += [tender.lot for tender in self.tenders.values() if tender.key not in told]
        return tuple(dict.fromkeys(lot for lot in named if lot))

    @cached_property
    def _by_lot(self) -> dict[str, dict[str, Tender]]:
        """Every tender for a lot: those that its results name, and those that name it."""
        links = [(result.lot, key) for result in self.lot_results for key in result.tenders]
        links += [(tender.lot, tender.key) for tender in self.tenders.values()]
        found: dict[str, dict[str, Tender]] = {lot: {} for lot in self.lots}
        for lot, key in links:
            if lot in found and key in self.tenders:
                found[lot][key] = self.tenders[key]
        return found

    @cached_property
    def lots_of_tender(self) -> dict[str, tuple[str, ...]]:
        """The lots that a tender is for, its own first; its value is told with the first one alone."""
        found: dict[str, tuple[str, ...]] = {}
        for lot, tenders in self._by_lot.items():
            for key, tender in tenders.items():
                found[key] = (lot, *found.get(key, ())) if tender.lot == lot else (*found.get(key, ()), lot)
        return found

    def tenders_of(self, lot: str) -> tuple[Tender, ...]:
        """Every tender for the lot, in the order that its results name them."""
        return tuple(self._by_lot.get(lot, {}).values())

    def winners(self, lot: str) -> tuple[Tender, ...]:
        """The tenders that won the lot.

        Some contracts name no tender, or only the first of several lots' (35 of 346 notices with results). Only
        when no contract names any tender of the lot, and its result says that a winner was chosen, the tenders
        ranked first count, or the unranked ones when none is ranked first. Never a loser: a ranked second is none.
        """
        tenders = self.tenders_of(lot)
        named = tuple(tender for tender in tenders if tender.key in self.contracted)
        if named:
            return named
        chosen = {
            key
            for result in self.lot_results
            if result.lot == lot and self._has_winner(result.outcome.code)
            for key in result.tenders
        }
        candidates = [tender for tender in tenders if tender.key in chosen]
        first = tuple(tender for tender in candidates if tender.rank == 1)
        return first or tuple(tender for tender in candidates if tender.rank is None)

    def _has_winner(self, outcome: str | None) -> bool:
        """Direct awards and modifications carry no outcome (BT-142): they are about a winner."""
        return outcome == "selec-w" or (outcome is None and self._winner_is_given)

    def _lot_result(self, at: Element) -> LotResult:
        document = self._document
        submissions = "efac:ReceivedSubmissionsStatistics[efbc:StatisticsCode='tenders']/efbc:StatisticsNumeric"
        values = "efac:FrameworkAgreementValues"
        outcome = LotOutcome(
            code=document.code(at, "cbc:TenderResultCode", "BT-142", codes.OUTCOME),
            reason=document.code(at, "efac:DecisionReason/efbc:DecisionReasonCode", "BT-144", codes.NO_AWARD),
            tenders_received=document.number(at, submissions, "BT-759"),
            framework_maximum=document.money(at, f"{values}/cbc:MaximumValueAmount", "BT-709"),
            reestimated=document.money(at, f"{values}/efbc:ReestimatedValueAmount", "BT-660"),
        )
        return LotResult(
            lot=document.text(at, "efac:TenderLot/cbc:ID"),
            outcome=outcome,
            tenders=document.texts(at, "efac:LotTender/cbc:ID"),
            contracts=document.texts(at, "efac:SettledContract/cbc:ID"),
        )

    def _tender(self, at: Element, parties: dict[str | None, Element]) -> Tender:
        document = self._document
        party = parties.get(document.text(at, "efac:TenderingParty/cbc:ID"))
        reference = document.text(at, "efac:TenderReference/cbc:ID")
        rank = document.number(at, "cbc:RankCode", "BT-171")
        return Tender(
            key=document.text(at, "cbc:ID") or "",
            lot=document.text(at, "efac:TenderLot/cbc:ID"),
            reference=given_reference(reference),
            rank=rank or None,
            value=document.money(at, "cac:LegalMonetaryTotal/cbc:PayableAmount", "BT-720"),
            bidders=self._bidders(party),
            subcontractors=tuple(self._organisations.named(document.texts(party, "efac:SubContractor/cbc:ID"))),
        )

    def _bidders(self, party: Element | None) -> tuple[Bidder, ...]:
        """OPT-300; a group has one lead. A party with a name and no organisation behind it is kept by its name."""
        document = self._document
        tenderers = document.all(party, "efac:Tenderer")
        grouped = len(tenderers) > 1
        found: list[Bidder] = []
        for tenderer in tenderers:
            lead = document.text(tenderer, "efbc:GroupLeadIndicator") == "true"
            members = self._organisations.named(document.texts(tenderer, "cbc:ID"))
            found.extend(Bidder(member, lead if grouped else None) for member in members)
        name = document.text(party, "cbc:Name")
        if not found and name:
            found.append(Bidder(Mention.of(name), None))
        return tuple(dict.fromkeys(found))


def given_reference(written: str | None) -> str | None:
    """A contract's or tender's own number, unless it is one of the marks for having none."""
    return None if (written or "").strip() in _NO_REFERENCE else written


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one
