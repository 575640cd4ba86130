"""An eForms document: XPaths with its namespaces, texts by language, codes and amounts with their drift."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Final, cast

from lxml import etree

from hub.sdk import Money, clean
from hub.sdk.formats.xml import Element
from hub_eu_ted.amounts import amount, is_withheld
from hub_eu_ted.codes import PRIVACY, UNPUBLISHED
from hub_eu_ted.drift import Findings

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
_EFORMS: Final = "http://data.europa.eu/p27"
NAMESPACES: Final = {
    "cac": f"{_UBL}:CommonAggregateComponents-2",
    "cbc": f"{_UBL}:CommonBasicComponents-2",
    "ext": f"{_UBL}:CommonExtensionComponents-2",
    "efac": f"{_EFORMS}/eforms-ubl-extension-aggregate-components/1",
    "efbc": f"{_EFORMS}/eforms-ubl-extension-basic-components/1",
    "efext": f"{_EFORMS}/eforms-ubl-extensions/1",
}
ROOTS: Final = frozenset(
    {"PriorInformationNotice", "ContractNotice", "ContractAwardNotice", "BusinessRegistrationInformationNotice"}
)
EXTENSION: Final = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"
PROJECT: Final = "cac:ProcurementProject"


@cache
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=NAMESPACES, smart_strings=False)


class Document:
    """One notice. Paths are XPaths below a given element, in the prefixes of :data:`NAMESPACES`."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.findings = Findings()
        self.withheld: set[str] = set()
        self.language = self.text(root, "cbc:NoticeLanguageCode")
        kind = self.first(root, "cbc:NoticeTypeCode")
        # BT-03 stands in the list name of BT-02.
        self.form_type = None if kind is None else clean.text(kind.get("listName"))
        self.extension = self.first(root, EXTENSION)
        self.result = self.first(root, f"{EXTENSION}/efac:NoticeResult")

    def all(self, at: Element | None, path: str) -> list[Element]:
        """Every element at ``path``; none when there is nothing to start from."""
        return [] if at is None else cast("list[Element]", _compiled(path)(at))

    def first(self, at: Element | None, path: str) -> Element | None:
        """The first element at ``path``."""
        return next(iter(self.all(at, path)), None)

    def texts(self, at: Element | None, path: str) -> tuple[str, ...]:
        """The texts at ``path``, cleaned, each once, in order."""
        found = (clean.text(element.text) for element in self.all(at, path))
        return tuple(dict.fromkeys(text for text in found if text))

    def text(self, at: Element | None, path: str) -> str | None:
        """The first text at ``path``."""
        return next(iter(self.texts(at, path)), None)

    def by_language(self, at: Element | None, path: str) -> dict[str, str]:
        """A multilingual text as published; without a language it counts as the notice's own."""
        found: dict[str, str] = {}
        for element in self.all(at, path):
            if text := clean.text(element.text):
                found.setdefault(element.get("languageID") or self.language or "und", text)
        return found

    def spoken(self, at: Element | None, path: str) -> str | None:
        """A multilingual text in the notice's official language (BT-702), else in the first one given."""
        texts = self.by_language(at, path)
        return texts.get(self.language or "") or next(iter(texts.values()), None)

    def code(self, at: Element | None, path: str, field: str, known: Collection[str]) -> str | None:
        """A code as published, reported when it is not in its list."""
        return next(iter(self.codes(at, path, field, known)), None)

    def codes(self, at: Element | None, path: str, field: str, known: Collection[str]) -> tuple[str, ...]:
        """Codes as published, each once, reported when not in their list; withheld ones are noted."""
        found = []
        for text in self.texts(at, path):
            if text == UNPUBLISHED:
                self.withhold(field)
            else:
                self.findings.code(field, text, known)
                found.append(text)
        return tuple(found)

    def countries(self, at: Element | None, path: str, field: str) -> tuple[str, ...]:
        """Countries as ISO2."""
        found = (self.findings.country(field, text) for text in self.texts(at, path))
        return tuple(dict.fromkeys(code for code in found if code))

    def withhold(self, field: str) -> None:
        """Note a field whose value stands for not being published, by its code in BT-195 where it has one."""
        self.withheld.add(PRIVACY.get(field, field))

    def money(self, at: Element | None, path: str, field: str) -> Money | None:
        """An amount; a withheld one is ``None`` and its field is noted."""
        element = self.first(at, path)
        if element is None:
            return None
        text, currency = element.text or "", element.get("currencyID") or ""
        if is_withheld(text, currency):
            self.withhold(field)
        return amount(text, currency, field, self.findings)

    def number(self, at: Element | None, path: str, field: str) -> int | None:
        """A whole number of zero or more; -1 stands for withheld."""
        text = self.text(at, path)
        if text is None:
            return None
        try:
            value = int(text.removesuffix(".0"))
        except ValueError:
            self.findings.unreadable(field, text)
            return None
        if value < 0:
            self.withhold(field)
        return value if value >= 0 else None

    def date(self, at: Element | None, path: str, field: str) -> date | None:
        """A date as published; an offset behind it does not move it."""
        text = self.text(at, path)
        try:
            return clean.iso_date(text)
        except ValueError:
            self.findings.unreadable(field, text or "")
            return None
