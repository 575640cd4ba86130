"""The organisations of a notice (OPT-200), looked up by the keys that roles point to."""

from __future__ import annotations

from collections.abc import Iterator

from hub.sdk import Identifier, Mention
from hub.sdk.formats.xml import Element
from hub_eu_ted.eforms.document import Document


class Organisations:
    """ORG-nnnn, and its contact points TPO-nnnn, as mentions.

    Review bodies, platforms and mediators are organisations of a notice too: only what a role points to is a party.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._by_key: dict[str, Mention] = {}
        for block in document.all(document.extension, "efac:Organizations/efac:Organization"):
            company = document.first(block, "efac:Company")
            mention = self._mention(company)
            keys = document.texts(company, "cac:PartyIdentification/cbc:ID")
            # A role may point to a contact point; the organisation behind it is meant.
            keys += document.texts(block, "efac:TouchPoint/cac:PartyIdentification/cbc:ID")
            for key in keys:
                self._by_key.setdefault(key, mention)

    def get(self, key: str) -> Mention | None:
        """The organisation with this key; a key that leads nowhere is reported."""
        found = self._by_key.get(key)
        if found is None:
            self._document.findings.missing("OPT-200", "a role points to an organisation that is not there")
        return found

    def named(self, keys: tuple[str, ...]) -> Iterator[Mention]:
        """The organisations with these keys that exist and have a name, a number or a pseudonym."""
        for key in keys:
            mention = self.get(key)
            if mention is not None and (mention.name or mention.identifier_as_written or mention.pseudonym):
                yield mention

    def _mention(self, company: Element | None) -> Mention:
        """BT-500 name, BT-501 number, BT-514 country.

        Two or three numbers occur (71 of 1,010 notices); the first that is valid in its country's register counts,
        else the first.
        """
        document = self._document
        country = document.text(company, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")
        iso2 = document.findings.country("BT-514", country)
        numbers = document.texts(company, "cac:PartyLegalEntity/cbc:CompanyID")
        written = next((n for n in numbers if Identifier.parse(n, country=iso2)), next(iter(numbers), None))
        name = document.spoken(company, "cac:PartyName/cbc:Name")
        return Mention.of(name, written, country=iso2)
