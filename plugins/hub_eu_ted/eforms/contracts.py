"""Contract records: one per settled contract and lot, and one per lot that was awarded without naming a contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from hub.sdk import Contract, ContractSupplier, Mention, Money, Notice
from hub.sdk.formats.xml import Element
from hub_eu_ted.eforms.document import Document
from hub_eu_ted.eforms.organisations import Organisations
from hub_eu_ted.eforms.results import Results, Settled, Tender, given_reference

AmountKind = Literal["awarded", "framework_maximum", "estimated", "changed"]


class Contracts:
    """The contracts of one notice."""

    def __init__(self, document: Document, results: Results, organisations: Organisations, notice: Notice) -> None:
        self._document = document
        self._results = results
        self._organisations = organisations
        self._notice = notice
        self._lots = {lot.lot_number: lot for lot in notice.lots}
        self._buyers = tuple(party.organisation for party in notice.parties if party.role == "buyer")
        self._used: set[tuple[str, str]] = set()
        self._per_lot: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Contract]:
        found = [
            (lot, self._winners(settled, lot), settled)
            for settled in self._results.settled
            for lot in self._lots_of(settled)
        ]
        told = {lot for lot, _, _ in found}
        unnamed = [lot for lot in self._results.lots if lot not in told]
        loose = [(lot, (tender,), None) for lot in unnamed for tender in self._results.winners(lot)]
        self._per_lot = Counter(lot for lot, _, _ in [*found, *loose])
        for lot, tenders, contract in [*found, *loose]:
            yield self._contract(lot, tenders, contract)

    def _lots_of(self, settled: Settled) -> tuple[str, ...]:
        """The lots of the contract's tenders, and those whose result names the contract (OPT-315).

        A contract that is linked to nothing belongs to the only lot with a result, when there is only one.
        """
        lots = [lot for key in settled.tenders for lot in self._results.lots_of_tender.get(key, ())]
        lots += [result.lot or "" for result in self._results.lot_results if settled.key in result.contracts]
        found = tuple(dict.fromkeys(lot for lot in lots if lot))
        if not found and len(self._results.lots) == 1:
            return self._results.lots
        if not found:
            self._document.findings.missing("BT-13713", "a contract that belongs to no lot")
        return found or ("",)

    def _winners(self, settled: Settled, lot: str) -> tuple[Tender, ...]:
        """The contract's own tenders of the lot; the lot's winners when no contract names a tender of it."""
        of_lot = {tender.key for tender in self._results.tenders_of(lot)} if lot else set(settled.tenders)
        own = tuple(
            self._results.tenders[key] for key in settled.tenders if key in of_lot and key in self._results.tenders
        )
        if own or not lot:
            return own
        winners = self._results.winners(lot)
        return () if any(tender.key in self._results.contracted for tender in winners) else winners

    def _contract(self, number: str, tenders: tuple[Tender, ...], settled: Settled | None) -> Contract:
        document, lot = self._document, self._lots.get(number)
        at = settled.element if settled else None
        inside = document.text(at, "efbc:ContractFrameworkIndicator")
        framework = lot.framework != "none" if lot and lot.framework else None
        if framework is None and inside is not None:
            framework = inside == "true"
        value, kind = self._value(number, tenders, framework=bool(framework))
        return Contract(
            kind="award",
            reference=self._reference(number, tenders, settled),
            title=document.spoken(at, "cbc:Title") or (lot.title if lot else None) or self._notice.title,
            buyers=self._signatories(at) or self._buyers,
            procedure_id=self._notice.procedure_id,
            notice_key=self._notice.natural_key,
            lot_number=number or None,
            decided_on=document.date(at, "cbc:AwardDate", "BT-1451"),
            signed_on=document.date(at, "cbc:IssueDate", "BT-145"),
            starts_on=lot.starts_on if lot else None,
            ends_on=lot.ends_on if lot else None,
            value=value,
            amount_kind=kind,
            cpv_main=(lot.cpv_main if lot else None) or self._notice.cpv_main,
            framework=framework,
            suppliers=_suppliers(tenders),
        )

    def _reference(self, lot: str, tenders: tuple[Tender, ...], settled: Settled | None) -> str:
        """BT-150, else the tender's own number (BT-3201), else the key within the notice.

        Publishers write "-" or give all contracts of a framework one number; then the key tells them apart.
        """
        if settled is not None:
            key = settled.key
            own = given_reference(self._document.text(settled.element, "efac:ContractReference/cbc:ID"))
        else:
            key, own = tenders[0].key, tenders[0].reference
        reference = own or key
        if (lot, reference) in self._used:
            reference = f"{reference} ({key})"
        self._used.add((lot, reference))
        return reference

    def _signatories(self, at: Element | None) -> tuple[Mention, ...]:
        """Which of many buyers signed; told in joint procurement, and trusted only when they are buyers."""
        keys = self._document.texts(at, "cac:SignatoryParty/cac:PartyIdentification/cbc:ID")
        signed = tuple(dict.fromkeys(self._organisations.named(keys)))
        return tuple(mention for mention in signed if mention in self._buyers)

    def _told_here(self, tender: Tender, lot: str) -> bool:
        return self._results.lots_of_tender[tender.key][0] == lot

    def _value(
        self, lot: str, tenders: tuple[Tender, ...], *, framework: bool
    ) -> tuple[Money | None, AmountKind | None]:
        """What was awarded, never mixed up with what a framework may at most cost (BT-709) or will (BT-660)."""
        # A tender for several lots has one value; repeated with each lot it would be counted twice.
        here = [tender for tender in tenders if not lot or self._told_here(tender, lot)]
        values = [tender.value for tender in here if tender.value is not None]
        whole = len(values) == len(tenders) and len({value.currency for value in values}) == 1
        # Ranked suppliers of one framework offer for the same needs: their tenders do not add up.
        if whole and (len(tenders) == 1 or not framework):
            total = Money(amount_minor=sum(v.amount_minor for v in values), currency=values[0].currency)
            return total, "changed" if self._notice.form_type == "cont-modif" else "awarded"
        # The lot's maximum is one for all its suppliers: with several contracts it stands with the lot alone.
        outcome = self._results.outcomes.get(lot) if self._per_lot[lot] == 1 else None
        if outcome and outcome.framework_maximum:
            return outcome.framework_maximum, "framework_maximum"
        if outcome and outcome.reestimated:
            return outcome.reestimated, "estimated"
        return None, None


def _suppliers(tenders: tuple[Tender, ...]) -> tuple[ContractSupplier, ...]:
    found = (
        ContractSupplier(organisation=bidder.organisation, rank=tender.rank, lead=bidder.lead)
        for tender in tenders
        for bidder in tender.bidders
    )
    return tuple(dict.fromkeys(found))
