"""Winners, losers and contracts of real notices, read a second time by following the keys in the XML by hand.

Nothing of the connector's code is used to read them: an index of every element that has a key, and the rule as the
README tells it. ``HUB_CORPUS`` names the folder, as in ``test_ted``.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import pytest

from tests.corpus.test_ted import EFORMS, LEGACY, TED, Read, connector_reads

pytestmark = pytest.mark.skipif(
    not EFORMS or not LEGACY,
    reason="no corpus here: set HUB_CORPUS to the folder that holds ted/eforms and ted/legacy",
)

Names = set[str]


@dataclass
class Outcome:
    """Who won and who bid, by lot; ``decided`` are the lots for which a contract names the winners."""

    won: dict[str, Names] = field(default_factory=lambda: defaultdict(set))
    bid: dict[str, Names] = field(default_factory=lambda: defaultdict(set))
    decided: set[str] = field(default_factory=set)


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def children(element: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in element if local(child) == name]


def said(element: ET.Element, *path: str) -> list[str]:
    """The texts below ``element``, child by child along ``path``."""
    here = [element]
    for name in path:
        here = [child for parent in here for child in children(parent, name)]
    return [" ".join((one.text or "").split()) for one in here]


def names_by_key(root: ET.Element) -> dict[str, str]:
    """The first name in the notice's language; natural persons are left out."""
    language = next(iter(said(root, "NoticeLanguageCode")), "")
    found: dict[str, str] = {}
    for company in (one for one in root.iter() if local(one) == "Company"):
        key = said(company, "PartyIdentification", "ID")[0]
        names = [one for holder in children(company, "PartyName") for one in children(holder, "Name")]
        names = [one for one in names if (one.text or "").strip()]
        names.sort(key=lambda one: one.get("languageID") != language)
        found.setdefault(key, " ".join((names[0].text or "").split()) if names else "")
    for block in (one for one in root.iter() if local(one) == "Organization"):
        if said(block, "NaturalPersonIndicator") == ["true"]:
            found[said(block, "Company", "PartyIdentification", "ID")[0]] = ""
    return found


def outcome(root: ET.Element) -> Outcome | None:
    """By lot: tenders that a settled contract names have won; the others of that lot have not."""
    result = next((one for one in root.iter() if local(one) == "NoticeResult"), None)
    if result is None:
        return None
    names = names_by_key(root)
    teams: dict[str, Names] = {}
    for team in children(result, "TenderingParty"):
        keys = said(team, "Tenderer", "ID")
        # Some publishers write the bidder's name into the party and name no organisation.
        bidders = {names.get(key, "") for key in keys} if keys else set(said(team, "Name"))
        teams[said(team, "ID")[0]] = bidders - {""}
    signed = {key for contract in children(result, "SettledContract") for key in said(contract, "LotTender", "ID")}
    told_by: dict[str, Names] = defaultdict(set)
    for one in children(result, "LotResult"):
        for tender in said(one, "LotTender", "ID"):
            told_by[tender].update(said(one, "TenderLot", "ID"))
    found = Outcome()
    for tender in children(result, "LotTender"):
        (key,) = said(tender, "ID")
        bidders = {name for team in said(tender, "TenderingParty", "ID") for name in teams.get(team, set())}
        for lot in told_by.get(key) or said(tender, "TenderLot", "ID"):
            found.bid[lot] |= bidders
            if key in signed:
                found.decided.add(lot)
                found.won[lot] |= bidders
    return found


def names_of(read: Read, role: str, lot: str) -> Names:
    return {
        party.organisation.name or ""
        for party in read.notice.parties
        if party.role == role and party.lot_number == lot and not party.organisation.pseudonym
    } - {""}


def test_winners_and_losers_of_every_lot_that_a_contract_decides():
    won_in, lost_in = set(), set()
    for name, read in connector_reads("eforms").items():
        found = outcome(ET.parse(TED / "eforms" / name).getroot())
        for lot in found.decided if found else ():
            assert names_of(read, "supplier", lot) == found.won[lot], (name, lot)
            losers = found.bid[lot] - found.won[lot]
            assert names_of(read, "tenderer", lot) == losers, (name, lot)
            if found.won[lot]:
                won_in.add(name)
            if losers:
                lost_in.add(name)
    assert len(won_in) >= 40
    assert len(lost_in) >= 5


def test_nobody_bids_for_a_lot_who_is_not_in_one_of_its_tenders():
    undecided = 0
    for name, read in connector_reads("eforms").items():
        found = outcome(ET.parse(TED / "eforms" / name).getroot()) or Outcome()
        told = {party.lot_number for party in read.notice.parties if party.role in {"supplier", "tenderer"}}
        assert {lot for lot, bidders in found.bid.items() if bidders} <= told, name
        for lot in found.bid.keys() - found.decided:
            assert names_of(read, "supplier", lot) | names_of(read, "tenderer", lot) == found.bid[lot], (name, lot)
            undecided += 1
    assert undecided


def test_winners_of_ted_xml_again():
    compared = 0
    for name, read in connector_reads("legacy").items():
        text = (TED / "legacy" / name).read_text("utf-8")
        form = re.search(r'<F(?:03|06|15|21|22|23|25)_2014 [^>]*CATEGORY="ORIGINAL".*?</F\d\d_2014>', text, re.DOTALL)
        if form is None:
            continue
        written = re.findall(r"<ADDRESS_CONTRACTOR>\s*<OFFICIALNAME>(.*?)</OFFICIALNAME>", form[0], re.DOTALL)
        expected = {" ".join(html.unescape(one).split()) for one in written}
        suppliers = {
            party.organisation.name or ""
            for party in read.notice.parties
            if party.role == "supplier" and not party.organisation.pseudonym
        }
        persons = [party for party in read.notice.parties if party.organisation.pseudonym]
        assert suppliers == expected or (persons and suppliers < expected), name
        compared += bool(expected)
    assert compared >= 10
