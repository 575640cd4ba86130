"""A TED_EXPORT document: its coded part, its original form, and texts without the namespaces of seven releases."""

from __future__ import annotations

from typing import Final

from lxml import etree

from hub.sdk import Mention, Money, RecordRejected, clean
from hub.sdk.formats.xml import Element
from hub_eu_ted.amounts import amount
from hub_eu_ted.countries import zone
from hub_eu_ted.drift import Findings
from hub_eu_ted.numbers import publication_number

ROOT: Final = "TED_EXPORT"

_LANGUAGES: Final = {
    "BG": "BUL", "CS": "CES", "DA": "DAN", "DE": "DEU", "EL": "ELL", "EN": "ENG", "ES": "SPA", "ET": "EST",
    "FI": "FIN", "FR": "FRA", "GA": "GLE", "HR": "HRV", "HU": "HUN", "IS": "ISL", "IT": "ITA", "LT": "LIT",
    "LV": "LAV", "MK": "MKD", "MT": "MLT", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "POR", "RO": "RON",
    "SK": "SLK", "SL": "SLV", "SV": "SWE",
}  # fmt: skip


def publication(root: Element) -> str | None:
    """The publication number, from DOC_ID or the coded part."""
    written = root.find("{*}CODED_DATA_SECTION/{*}NOTICE_DATA/{*}NO_DOC_OJS")
    return publication_number(root.get("DOC_ID")) or publication_number(None if written is None else written.text)


class Export:
    """One notice. Element names are local names: each release and each NUTS version has its own namespace."""

    def __init__(self, root: Element) -> None:
        self.findings = Findings()
        self.withheld: set[str] = set()
        number = publication(root)
        if number is None:
            raise RecordRejected(
                "the notice has no publication number",
                field="TED_EXPORT/@DOC_ID",
                value=root.get("DOC_ID") or "",
                instruction="take the notice from TED again; TED XML without a number cannot be identified",
            )
        self.number: str = number
        for element in root.iter("*"):
            element.tag = etree.QName(element).localname
        self.root = root
        forms = [form for form in root.iterfind("FORM_SECTION/*") if form.get("LG")]
        # Up to 24 translations stand beside the original, and a NOTICE_UUID before it.
        original = next((form for form in forms if form.get("CATEGORY") != "TRANSLATION"), None)
        if original is None:
            raise RecordRejected(
                "the notice has no original form",
                field="FORM_SECTION",
                instruction="take the notice from TED again; this one lost its form",
            )
        self.form: Element = original
        self.translations = [form for form in forms if form is not original]
        self.language = language(original)
        country = next((b.country for b in self.buyers() if b.country), None) or self.findings.country(
            "ISO_COUNTRY", self.attribute(root, "CODED_DATA_SECTION/NOTICE_DATA/ISO_COUNTRY", "VALUE")
        )
        self.country = country
        self.local = zone(country)

    def buyers(self) -> tuple[Mention, ...]:
        """The contracting bodies, in both layouts; the ones bought for in R2.0.8 too."""
        names = (
            "ADDRESS_CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY_ADDITIONAL",
            "CA_CE_CONCESSIONAIRE_PROFILE", "CONTACT_DATA_OTHER_BEHALF_CONTRACTING_AUTORITHY",
        )  # fmt: skip
        found = (self.mention(address) for address in self.form.iter(*names))
        return tuple(dict.fromkeys(mention for mention in found if mention is not None))

    def mention(self, address: Element) -> Mention | None:
        """An organisation's name, number and country; R2.0.8 wraps the first two in ORGANISATION."""
        holder = address.find("ORGANISATION")
        holder = address if holder is None or holder.find("*") is None else holder
        name = self.text(holder, "OFFICIALNAME") or self.text(address, "ORGANISATION")
        number = self.text(holder, "NATIONALID")
        country = self.findings.country("COUNTRY", self.attribute(address, "COUNTRY", "VALUE"))
        return Mention.of(name, number, country=country) if name or number else None

    def text(self, at: Element | None, path: str = ".") -> str | None:
        """The text at a path, its paragraphs joined."""
        element = None if at is None else at.find(path)
        return None if element is None else clean.text(" ".join(str(part) for part in element.itertext()))

    def attribute(self, at: Element | None, path: str, name: str) -> str | None:
        """An attribute at a path."""
        element = None if at is None else at.find(path)
        return None if element is None else clean.text(element.get(name))

    def attributes(self, at: Element, path: str, name: str) -> tuple[str, ...]:
        """An attribute of every element at a path, each value once."""
        found = (clean.text(element.get(name)) for element in at.iterfind(path))
        return tuple(dict.fromkeys(text for text in found if text))

    def published(self, element: Element | None) -> Element | None:
        """The element, unless it or what it stands in is marked not for publication; then it is noted."""
        at = element
        while at is not None and at is not self.form:
            if at.get("PUBLICATION") == "NO":
                self.withheld.add(str(at.tag))
                return None
            at = at.getparent()
        return element

    def money(self, element: Element | None) -> Money | None:
        """An amount: VAL_TOTAL and its like with @CURRENCY, or R2.0.8's VALUE_COST with @FMTVAL inside them.

        FMTVAL is the plain number; the text beside it is written in the buyer's language. A range is no amount.
        """
        element = self.published(element)
        if element is None or element.find(".//LOW") is not None:
            return None
        cost = element.find("VALUE_COST")
        written = element.text if cost is None else cost.get("FMTVAL") or cost.text
        return amount(written, element.get("CURRENCY"), str(element.tag), self.findings)

    def number_at(self, at: Element | None, path: str) -> int | None:
        """A whole number."""
        text = self.text(at, path)
        if text is None:
            return None
        if text.isascii() and text.isdigit():
            return int(text)
        self.findings.unreadable(path, text)
        return None


def language(form: Element) -> str | None:
    """The form's language in ISO 639-3 upper case, as eForms write it."""
    written = form.get("LG") or ""
    return _LANGUAGES.get(written, written) or None
