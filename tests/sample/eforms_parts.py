"""Elements that all eForms notices share: root, organisations, dates with offset."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.sample.directory import BY_KEY
from tests.sample.procedures import Procedure
from tests.sample.xml import Node, el, path

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_EFORMS: Final = "http://data.europa.eu/p27/eforms-ubl-extension"
NUTS: Final = "SE331"
REVIEW_BODY: Final = "domstolen"


def namespaces(root: str) -> dict[str, str]:
    return {
        "xmlns": f"{_UBL}{root}-2",
        "xmlns:cac": f"{_UBL}CommonAggregateComponents-2",
        "xmlns:cbc": f"{_UBL}CommonBasicComponents-2",
        "xmlns:ext": f"{_UBL}CommonExtensionComponents-2",
        "xmlns:efac": f"{_EFORMS}-aggregate-components/1",
        "xmlns:efbc": f"{_EFORMS}-basic-components/1",
        "xmlns:efext": f"{_EFORMS}s/1",
    }


def offset(day: str) -> str:
    """+02:00 in summer time, else +01:00."""
    when = date.fromisoformat(day)

    def last_sunday(month: int) -> date:
        end = date(when.year, month, 31)
        return end - timedelta(days=(end.weekday() + 1) % 7)

    return "+02:00" if last_sunday(3) <= when < last_sunday(10) else "+01:00"


def dated(day: str) -> str:
    return day + offset(day)


def text(tag: str, swedish: str, english: str = "") -> list[Node]:
    nodes = [el(tag, swedish, languageID="SWE")]
    return [*nodes, el(tag, english, languageID="ENG")] if english else nodes


def money(tag: str, kronor: int | str) -> Node:
    return el(tag, kronor, currencyID="SEK")


def org_ids(keys: list[str]) -> dict[str, str]:
    return {key: f"ORG-{index:04d}" for index, key in enumerate(keys, 1)}


def reference(org_id: str) -> Node:
    return path("cac:PartyIdentification/cbc:ID", org_id, schemeName="organization")


def organisations(ids: dict[str, str]) -> Node:
    return el("efac:Organizations", [_organisation(key, org_id) for key, org_id in ids.items()])


def _organisation(key: str, org_id: str) -> Node:
    org = BY_KEY[key]
    # Publishers spell numbers in several ways; the spelling here depends on the number alone.
    spelling = (org.number, org.written, org.written, f"SE{org.number}01")[int(org.number[-1]) % 4]
    return el("efac:Organization", (el("efac:Company", (
        reference(org_id),
        el("cac:PartyName", text("cbc:Name", org.name)),
        el("cac:PostalAddress", (
            el("cbc:StreetName", org.street),
            el("cbc:CityName", org.town),
            el("cbc:PostalZone", f"{org.postal[:3]} {org.postal[3:]}"),
            el("cbc:CountrySubentityCode", NUTS, listName="nuts"),
            path("cac:Country/cbc:IdentificationCode", "SWE", listName="country"),
        )),
        path("cac:PartyLegalEntity/cbc:CompanyID", spelling),
        path("cac:Contact/cbc:ElectronicMail", f"{key}@exempel.invalid"),
    )),))  # fmt: skip


def contracting_party(procedure: Procedure, ids: dict[str, str]) -> Node:
    legal = {"bostadsbolaget": "pub-undert-la", "regionen": "ra"}.get(procedure.buyer, "la")
    activity = "hc-am" if procedure.buyer == "bostadsbolaget" else "gen-pub"
    return el("cac:ContractingParty", (
        path("cac:ContractingPartyType/cbc:PartyTypeCode", legal, listName="buyer-legal-type"),
        path("cac:ContractingActivity/cbc:ActivityTypeCode", activity, listName="authority-activity"),
        el("cac:Party", (reference(ids[procedure.buyer]),)),
    ))  # fmt: skip


def place() -> Node:
    return path("cac:RealizedLocation/cac:Address", (
        el("cbc:CountrySubentityCode", NUTS, listName="nuts"),
        path("cac:Country/cbc:IdentificationCode", "SWE", listName="country"),
    ))  # fmt: skip


def cpv(code: str) -> Node:
    return path("cac:MainCommodityClassification/cbc:ItemClassificationCode", code, listName="cpv")
