"""Who stands in a notice in which role (OCDS ``parties/roles``)."""

from __future__ import annotations

from collections.abc import Iterator

from hub.sdk import Party
from hub_eu_ted.eforms.document import Document
from hub_eu_ted.eforms.organisations import Organisations
from hub_eu_ted.eforms.results import Results


def read_parties(document: Document, organisations: Organisations, results: Results) -> tuple[Party, ...]:
    """Buyers, then per lot suppliers, losing tenderers and subcontractors.

    The same organisation stands under two keys in 8 % of notices; equal roles are told once.
    """
    found = dict.fromkeys(_buyers(document, organisations))
    for lot in results.lots:
        found |= dict.fromkeys(_bidders(results, lot))
    return tuple(found)


def _buyers(document: Document, organisations: Organisations) -> Iterator[Party]:
    """OPT-300-Procedure-Buyer; up to 42 in one notice."""
    path = "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID"
    for mention in organisations.named(document.texts(document.root, path)):
        yield Party(role="buyer", organisation=mention)


def _bidders(results: Results, lot: str) -> Iterator[Party]:
    winners = results.winners(lot)
    suppliers = dict.fromkeys(bidder.organisation for tender in winners for bidder in tender.bidders)
    for organisation in suppliers:
        yield Party(role="supplier", organisation=organisation, lot_number=lot)
    for tender in results.tenders_of(lot):
        for bidder in tender.bidders:
            # Who wins with one tender and loses with another has won the lot.
            if bidder.organisation not in suppliers:
                yield Party(role="tenderer", organisation=bidder.organisation, lot_number=lot)
    for tender in winners:
        for organisation in tender.subcontractors:
            yield Party(role="subcontractor", organisation=organisation, lot_number=lot)
