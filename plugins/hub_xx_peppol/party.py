"""A party of an invoice: its numbers in the order in which they are believed, its name and its country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hub.sdk import Identifier, Mention, clean
from hub.sdk.formats.xml import Element
from hub_xx_peppol.schemes import SWEDISH, by_scheme, by_vat

VAT: Final = "VAT"
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class Number(NamedTuple):
    """A number of a party with its ICD or EAS code, ``VAT``, or an empty text for none."""

    scheme: str
    text: str

    def identifier(self, country: str | None) -> Identifier | None:
        """The official identifier that it is, if any."""
        return by_vat(self.text) if self.scheme == VAT else by_scheme(self.scheme, self.text, country)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.text}" if self.scheme not in {"", VAT, SWEDISH} else self.text


def numbers(party: Element) -> Iterator[Number]:
    """The legal entity's number, the electronic address, other identifications, and last the VAT number."""
    for path in ("{*}PartyLegalEntity/{*}CompanyID", "{*}EndpointID", "{*}PartyIdentification/{*}ID"):
        for element in party.iterfind(path):
            if text := clean.text(element.text):
                yield Number(_code(element), text)
    taxes = [(clean.text(tax.findtext("{*}TaxScheme/{*}ID")), tax) for tax in party.iterfind("{*}PartyTaxScheme")]
    # Svefaktura has the organisation number as a tax scheme of its own, SWT.
    for scheme, code in (("SWT", SWEDISH), ("VAT", VAT)):
        for named, tax in taxes:
            if named == scheme and (text := clean.text(tax.findtext("{*}CompanyID"))):
                yield Number(code, text)


def country(party: Element) -> str | None:
    """ISO 3166-1 alpha-2 of its postal address; ``None`` for anything else."""
    place = party.find("{*}PostalAddress/{*}Country/{*}IdentificationCode")
    if place is None:
        place = party.find("{*}Address/{*}Country/{*}IdentificationCode")
    code = (clean.text(place.text) or "").upper() if place is not None else ""
    return code if _COUNTRY.fullmatch(code) else None


def mention(party: Element | None) -> Mention:
    """The party; the first number that is an official identifier is believed, else the first one stays as written."""
    if party is None:
        return Mention()
    home, written = country(party), list(numbers(party))
    name = clean.text(party.findtext("{*}PartyLegalEntity/{*}RegistrationName"))
    name = name or clean.text(party.findtext("{*}PartyName/{*}Name"))
    for number in written:
        if found := number.identifier(home):
            return Mention(name=name, identifier_as_written=str(number), identifier=found, country=home)
    first = str(written[0]) if written else None
    alone = Mention.of(None, first)  # a pseudonym stands where the number stood
    return alone if alone.pseudonym else Mention(name=name, identifier_as_written=first, country=home)


def _code(element: Element) -> str:
    # Svefaktura says identificationSchemeID, and its numbers there are of no list.
    return (element.get("schemeID") or "").strip()
