"""The TED connector against real notices, kept outside the repository.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried. Key facts are read a
second time here, from the publisher's files by plain ElementTree paths, with none of the connector's code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hub.sdk import Context, Contract, Drift, Notice, RawRecord, RecordRejected, Reject, mask_person_numbers
from hub_eu_ted.connector import Ted, TedConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
TED = CORPUS / "ted"
EFORMS = sorted((TED / "eforms").glob("*.xml"))
LEGACY = sorted((TED / "legacy").glob("*.xml"))

pytestmark = pytest.mark.skipif(
    not EFORMS or not LEGACY,
    reason="no corpus here: set HUB_CORPUS to the folder that holds ted/eforms and ted/legacy",
)

NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}


@dataclass
class Read:
    """What the connector made of a file."""

    raw: RawRecord
    notice: Notice
    contracts: list[Contract]
    drift: list[Drift]


@cache
def connector_reads(folder: str) -> dict[str, Read]:
    """Every file of a folder by its name. Fails for a file that gives neither a notice nor a reason."""
    ctx = Context(
        source_id="corpus",
        config=TedConfig(path=folder),
        now=datetime(2026, 11, 16, tzinfo=UTC),
        root=TED,
        pseudonym_key=b"k" * 32,
    )
    connector, found = Ted(), {}
    reasons: list[str] = []
    for item in connector.fetch(ctx):
        if isinstance(item, Reject):
            reasons.append(item.reason)
            continue
        assert isinstance(item, RawRecord)
        try:
            notice, *others = connector.normalise(item)
        except RecordRejected as error:
            reasons.append(error.reason)
            continue
        assert isinstance(notice, Notice)
        contracts = [record for record in others if isinstance(record, Contract)]
        drift = [record for record in others if isinstance(record, Drift)]
        found[item.origin] = Read(item, notice, contracts, drift)
    assert all(reasons)
    return found


@pytest.mark.parametrize(("folder", "files"), [("eforms", EFORMS), ("legacy", LEGACY)])
def test_every_notice_is_read(folder, files):
    assert set(connector_reads(folder)) == {file.name for file in files}


def test_invalid_notices_are_read_or_refused_with_a_reason():
    assert all(isinstance(read.notice, Notice) for read in connector_reads("eforms/invalid").values())


@pytest.mark.parametrize("folder", ["eforms", "legacy"])
def test_contracts_are_told_apart_and_belong_to_their_notice(folder):
    for name, read in connector_reads(folder).items():
        keys = [contract.natural_key for contract in read.contracts]
        assert len(set(keys)) == len(keys), name
        assert {contract.notice_key for contract in read.contracts} <= {read.notice.natural_key}, name
        suppliers = {p.organisation for p in read.notice.parties if p.role == "supplier"}
        assert {s.organisation for c in read.contracts for s in c.suppliers} <= suppliers, name


@pytest.mark.parametrize("folder", ["eforms", "legacy"])
def test_nothing_about_people_is_kept(folder):
    gone = re.compile(
        r"<(?:\w+:)?(?:Contact|ElectronicMail|Telephone|UltimateBeneficialOwner|FamilyName|E_MAIL|PHONE|"
        r"CONTACT_POINT|MEMBER_NAME|ATTENTION)[ >]|[\w.]@[\w-]+\.\w"
    )
    for name, read in connector_reads(folder).items():
        assert isinstance(read.raw.payload, bytes)
        text = read.raw.payload.decode()
        assert gone.search(text) is None, name
        assert mask_person_numbers(text)[1] == 0, name


def test_drift_stays_rare():
    drift = [one for folder in ("eforms", "legacy") for read in connector_reads(folder).values() for one in read.drift]
    assert len(drift) < 20
    assert {one.kind for one in drift} <= {"unknown_code", "new_field", "missing_field"}


# eForms, read again


def clean(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def at(element: ET.Element, path: str) -> str | None:
    return clean(element.findtext(path, None, NS))


def official(element: ET.Element, path: str, language: str | None) -> str | None:
    found = [(e.get("languageID"), clean(e.text)) for e in element.findall(path, NS) if clean(e.text)]
    return next((text for code, text in found if code == language), found[0][1] if found else None)


@cache
def plain(file: Path) -> ET.Element:
    return ET.parse(file).getroot()


def organisations(root: ET.Element, language: str | None) -> dict[str, tuple[str | None, set[str], bool]]:
    """Name, numbers and whether it is a natural person, by key, contact points with the organisation behind."""
    found = {}
    for block in root.iterfind(".//efac:Organizations/efac:Organization", NS):
        company = block.find("efac:Company", NS)
        assert company is not None
        numbers = {clean(n.text) or "" for n in company.findall("cac:PartyLegalEntity/cbc:CompanyID", NS)} - {""}
        person = at(block, "efbc:NaturalPersonIndicator") == "true"
        value = (official(company, "cac:PartyName/cbc:Name", language), numbers, person)
        for key in block.iterfind(".//cac:PartyIdentification/cbc:ID", NS):
            found.setdefault(clean(key.text) or "", value)
    return found


def lots(root: ET.Element) -> list[ET.Element]:
    return [
        lot
        for lot in root.findall("cac:ProcurementProjectLot", NS)
        if (key := lot.find("cbc:ID", NS)) is not None and key.get("schemeName") != "LotsGroup"
    ]


def each() -> Iterator[tuple[ET.Element, Notice, str]]:
    for name, read in connector_reads("eforms").items():
        yield plain(TED / "eforms" / name), read.notice, name


def test_identity_again():
    numbered = 0
    for root, notice, name in each():
        assert notice.notice_identifier == at(root, "cbc:ID"), name
        assert notice.version == at(root, "cbc:VersionID"), name
        assert notice.procedure_id == at(root, "cbc:ContractFolderID"), name
        written = at(root, ".//efbc:NoticePublicationID") or ""
        if match := re.fullmatch(r"0*([1-9]\d*-\d{4})", written):
            assert notice.publication_number == match[1], name
            numbered += 1
        else:  # national feeds: nothing, or the number in the journal's own spelling
            year_first = re.fullmatch(r"(\d{4})/S \d+-0*(\d+)", written)
            assert notice.publication_number == (year_first and f"{year_first[2]}-{year_first[1]}"), name
        if re.fullmatch(r"\d{8}-\d{4}\.xml", name):
            assert f"{notice.publication_number}.xml" == name.lstrip("0")
    assert numbered >= 190


def test_titles_cpv_and_lots_again():
    for root, notice, name in each():
        language = at(root, "cbc:NoticeLanguageCode")
        title = official(root, "cac:ProcurementProject/cbc:Name", language)
        cpv = at(root, "cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode")
        if title:
            assert mask_person_numbers(title)[0] == notice.title, name
        if cpv:
            assert notice.cpv_main == cpv, name
        found = lots(root)
        assert [lot.lot_number for lot in notice.lots] == [at(lot, "cbc:ID") for lot in found], name
        for lot, element in zip(notice.lots, found, strict=True):
            assert lot.title == official(element, "cac:ProcurementProject/cbc:Name", language), name
            assert lot.cpv_main == at(
                element, "cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode"
            ), name


def test_buyers_again():
    seen = 0
    for root, notice, name in each():
        known = organisations(root, at(root, "cbc:NoticeLanguageCode"))
        keys = [
            clean(key.text) or ""
            for key in root.findall("cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID", NS)
        ]
        expected = {known[key][0] for key in keys}
        buyers = [party.organisation for party in notice.parties if party.role == "buyer"]
        assert {buyer.name for buyer in buyers} == expected, name
        numbers = {number for key in keys for number in known[key][1]}
        for buyer in buyers:
            written = buyer.identifier_as_written
            assert written is None or written in numbers or written.startswith("["), name
            seen += written is not None
    assert seen > 250


def test_deadlines_again():
    """The day and the time on the clock are what is written, whatever the offsets say."""
    paths = (
        "cac:TenderSubmissionDeadlinePeriod",
        "cac:ParticipationRequestReceptionPeriod",
        ".//efac:InterestExpressionReceptionPeriod",
    )
    seen = disagreeing = 0
    for root, notice, name in each():
        for lot, element in zip(notice.lots, lots(root), strict=True):
            process = element.find("cac:TenderingProcess", NS)
            periods = [] if process is None else [process.find(path, NS) for path in paths]
            period = next((p for p in periods if p is not None and p.find("cbc:EndDate", NS) is not None), None)
            if period is None:
                assert lot.deadline_at is None, name
                continue
            day, hour = at(period, "cbc:EndDate") or "", at(period, "cbc:EndTime") or "23:59:59"
            assert lot.deadline_at is not None, name
            assert lot.deadline_at.strftime("%Y-%m-%d %H:%M:%S") == f"{day[:10]} {hour[:8]}", name
            seen += 1
            if day[10:] == hour[8:]:
                offset = lot.deadline_at.strftime("%z")
                assert offset == (day[10:].replace("Z", "+0000").replace(":", "") or offset), name
            else:
                disagreeing += 1
    assert seen > 300
    assert disagreeing


def test_reserved_again():
    reserved = 0
    for root, notice, name in each():
        for lot, element in zip(notice.lots, lots(root), strict=True):
            codes = [
                clean(code.text)
                for code in element.iterfind(".//cbc:TendererRequirementTypeCode", NS)
                if code.get("listName") == "reserved-procurement"
            ]
            assert list(lot.reserved_participation) == list(dict.fromkeys(codes)), name
            reserved += bool(set(codes) & {"res-ws", "res-pub-ser"})
    assert reserved >= 6


def test_winners_and_losers_again():
    """Whom a contract names is a supplier; who bid for a lot whose contracts name others is none."""
    compared = 0
    for root, notice, name in each():
        result = root.find(".//efac:NoticeResult", NS)
        if result is None:
            assert not [party for party in notice.parties if party.role in {"supplier", "tenderer"}], name
            continue
        known = organisations(root, at(root, "cbc:NoticeLanguageCode"))
        parties = {
            at(party, "cbc:ID"): {
                known[clean(t.text) or ""][0] for t in party.findall("efac:Tenderer/cbc:ID", NS)
                if not known[clean(t.text) or ""][2]
            }
            for party in result.findall("efac:TenderingParty", NS)
        }  # fmt: skip
        signed = {clean(key.text) for key in result.findall("efac:SettledContract/efac:LotTender/cbc:ID", NS)}
        won: dict[str | None, set[str | None]] = {}
        bid: dict[str | None, set[str | None]] = {}
        for tender in result.findall("efac:LotTender", NS):
            key = at(tender, "cbc:ID")
            named_by = [
                at(lot_result, "efac:TenderLot/cbc:ID")
                for lot_result in result.findall("efac:LotResult", NS)
                if key in {clean(k.text) for k in lot_result.findall("efac:LotTender/cbc:ID", NS)}
            ]
            bidders = parties.get(at(tender, "efac:TenderingParty/cbc:ID"), set())
            for lot in named_by or [at(tender, "efac:TenderLot/cbc:ID")]:  # a tender's own may be a group of lots
                (won if key in signed else bid).setdefault(lot, set()).update(bidders)
        for lot, names in won.items():
            suppliers = {
                party.organisation.name
                for party in notice.parties
                if party.role == "supplier" and party.lot_number == lot and not party.organisation.pseudonym
            }
            if names:
                assert suppliers == names, (name, lot)
                assert not suppliers & (bid.get(lot, set()) - names), (name, lot)
                compared += 1
    assert compared > 100


# TED XML, read again


def test_legacy_again():
    compared = 0
    for name, read in connector_reads("legacy").items():
        text = (TED / "legacy" / name).read_text("utf-8")
        number = re.search(r'DOC_ID="0*(\d+-\d{4})"', text)
        assert number is not None
        assert read.notice.publication_number == number[1], name
        form = next(m for m in re.finditer(r"<\w+_2014 [^>]*>|<MOVE [^>]*>|\Z", text))
        if not form[0]:
            continue
        body = text[form.end() :]
        assert read.notice.notice_subtype == re.findall(r'FORM="(\w+)"', form[0])[0], name
        body = body[: body.find("</" + form[0][1:].split()[0])]
        cpv = re.search(r'<CPV_MAIN>\s*<CPV_CODE CODE="(\d+)"', body)
        assert read.notice.cpv_main == (cpv and cpv[1]), name
        buyer = re.search(r"<ADDRESS_CONTRACTING_BODY>\s*<OFFICIALNAME>(.*?)</OFFICIALNAME>", body, re.DOTALL)
        assert buyer is not None
        expected = clean(buyer[1].replace("&amp;", "&").replace("&quot;", '"').replace("&apos;", "'"))
        assert read.notice.parties[0].organisation.name == expected, name
        for lot in read.notice.lots:
            assert ("RESTRICTED_SHELTERED_WORKSHOP" in body) == ("res-ws" in lot.reserved_participation), name
            assert ("RESERVED_ORGANISATIONS_SERVICE" in body) == ("res-pub-ser" in lot.reserved_participation), name
            assert ("RESTRICTED_SHELTERED_PROGRAM" in body) == (lot.reserved_execution == "yes"), name
        winners = re.findall(r"<ADDRESS_(?:CONTRACTOR|WINNER)>\s*<OFFICIALNAME>", body)
        suppliers = [party for party in read.notice.parties if party.role == "supplier"]
        assert bool(suppliers) <= bool(winners), name
        compared += 1
    assert compared > 80
