"""Where a notice's buyers are and where it is performed, read from its XML."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lxml import etree

from hub.sdk.formats.xml import Element
from hub_eu_ted.countries import iso2
from hub_eu_ted.eforms.document import EXTENSION, Document
from hub_eu_ted.legacy import ROOT

_BUYER = "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID"
_ORGANISATION = f"{EXTENSION}/efac:Organizations/efac:Organization"
_KEYS = ".//cac:PartyIdentification/cbc:ID"
_COUNTRY = "efac:Company/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
_PERFORMED = ".//cac:RealizedLocation/cac:Address"


def concerns(root: Element, countries: Collection[str]) -> bool:
    """Whether a buyer is in one of the countries (ISO2), or the contract is performed there."""
    found = _legacy(root) if etree.QName(root).localname == ROOT else _eforms(root)
    return any(iso2(code) in countries for code in found)


def _eforms(root: Element) -> Iterator[str]:
    document = Document(root)
    buyers = set(document.texts(root, _BUYER))
    for block in document.all(root, _ORGANISATION):
        if buyers & set(document.texts(block, _KEYS)):
            yield from document.texts(block, _COUNTRY)
    yield from document.texts(root, f"{_PERFORMED}/cac:Country/cbc:IdentificationCode")
    yield from (nuts[:2] for nuts in document.texts(root, f"{_PERFORMED}/cbc:CountrySubentityCode"))


def _legacy(root: Element) -> Iterator[str]:
    coded = "{*}CODED_DATA_SECTION/{*}NOTICE_DATA/{*}"
    yield from (element.get("VALUE", "") for element in root.iterfind(f"{coded}ISO_COUNTRY"))
    # Addresses have NUTS codes too, those of winners among them: only places of performance count.
    for path in (f"{coded}PERFORMANCE_NUTS", f"{coded}ORIGINAL_NUTS", ".//{*}OBJECT_DESCR/{*}NUTS",
                 ".//{*}LOCATION_NUTS/{*}NUTS"):  # fmt: skip
        yield from (element.get("CODE", "")[:2] for element in root.iterfind(path))
