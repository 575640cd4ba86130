"""The headings of catalogues that follow no standard: which mean the same, and which row holds them.

Words: files and records requests seen in Sweden, and the statutory contracts register of English authorities (Local
Government Transparency Code 2015).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from hub.sdk import clean
from hub.sdk.formats.table import Row
from hub_xx_agreements.config import Column

_SEARCHED: Final = 30
"""Workbooks made for readers have a title and a few lines of text above the table."""

_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "reference": (
        "avtalsnummer_original", "avtalsnummer", "avtalsnr", "avtals-id", "avtalsid", "diarienummer", "diarienr",
        "diarie", "dnr", "contract reference number / id", "contract reference", "upphandlingsnummer",
    ),
    # The first that a file has is the title; the coarser ones below it are categories then.
    "title": (
        "avtalsnamn", "avtalsbenämning", "benämning", "titel", "title of the agreement", "title", "upphandling",
        "upphandlingens namn", "beställningsgrupp", "varugrupp",
    ),
    "supplier": (
        "leverantörsnamn_original", "leverantörsnamn", "leverantör", "leverantörer", "supplier name", "supplier",
    ),
    "number": (
        "leverantör_organisationsnummer_original", "leverantörens organisationsnummer", "organisationsnummer", "orgnr",
        "org.nr", "org nummer", "supplier registered company number",
    ),
    "charity_number": ("supplier registered charity number",),
    "starts": (
        "startdatum_avtal", "startdatum", "avtalsstart", "fr.o.m.", "giltig från", "giltigt från",
        "contract start date", "start date",
    ),
    "ends": (
        "slutdatum_avtal", "slutdatum", "avtalsslut", "t.o.m.", "giltig till", "giltigt till", "end date",
        "contract end date",
    ),
    "ends_max": ("slutdatum_avtal_max", "slutdatum max", "slutdatum inkl. option", "längst till"),
    "extension": (
        "avtalsförlängning_avtal", "avtalsförlängning", "förlängning", "förlängningsoption", "option", "optioner",
        "extension period",
    ),
    "rank": ("rangordning", "rang", "rank"),
    "ceiling": ("takvolym", "takbelopp", "maxvärde"),
    "value": (
        "avtalsvärde", "värde", "contract value", "uppskattat värde", "beräknat värde", "estimerat värde",
    ),
    "cpv": ("cpv", "cpv-kod", "cpv kod", "procurement classification: cpv code"),
    "type": ("avtalstyp", "avtalsform", "contract type"),
    "signed": ("avtal tecknat", "undertecknat", "tecknat datum"),
    "buyer": (
        "köpare", "avtalsägare", "upphandlande myndighet", "avropsberättigade", "kommun", "organisation name",
    ),
    "buyer_number": ("köparens organisationsnummer", "kopare_id", "organisation code"),
    "planned_start": (
        "planerad start", "planerad annonsering", "planerat startdatum", "planerad upphandlingsstart",
        "beräknad annonsering", "annonseras",
    ),
    "unit": ("förvaltning", "nämnd", "enhet", "avdelning"),
}  # fmt: skip

IGNORED: Final[Mapping[str, str]] = {
    "bestallningsgrupp": "a category beside a title",
    "varugrupp": "a category beside a title",
    "kategori": "the publisher's own categories",
    "undergrupp": "the publisher's own categories",
    "delomraden": "parts of the agreement in free text; the model has lots only by number",
    "delomrade": "parts of the agreement in free text; the model has lots only by number",
    "localauthoritydirectorateserviceresponsible": "the hub keeps contracts per buyer",
    "descriptionofgoodsandservices": "the title says it; free text may name persons",
    "reviewdate": "no date of the contract's own course",
    "irrecoverablevat": "values are kept without VAT",
    "smesupplier": "size comes from registers",
    "vcsesupplier": "flags come from registers; the column mostly says 'Not yet available'",
    "vcsesuppliertype": "flags come from registers; the column mostly says 'Not yet available'",
    "tendertype": "the procedure is told by notices",
}
"""Known headings that are not taken, in their plain form, and why."""


def plain(heading: str) -> str:
    """A heading without case, accents, byte order marks, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", heading).casefold())


_MEANING: Final = {
    plain(word): (field, place) for field, words in _SYNONYMS.items() for place, word in enumerate(words)
}


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of headings: its number, where each field stands, and the headings that nobody knows."""

    number: int
    places: Mapping[str, int]
    names: tuple[str, ...]
    unknown: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def plan(self) -> bool:
        """Whether they are those of a procurement plan."""
        return "planned_start" in self.places


def find_headings(rows: Iterable[Row], told: Mapping[Column, str], ignore: Iterable[str]) -> Headings | None:
    """The best of the first rows that has a title or reference and one field more; ``None`` when there is none.

    ``told`` (field → heading) goes before the synonyms.
    """
    best: Headings | None = None
    for row in islice(rows, _SEARCHED):
        found = _headings(row, {plain(heading): field for field, heading in told.items()}, {*map(plain, ignore)})
        says_what = {"reference", "title"} & found.places.keys()
        if says_what and len(found.places) > max(1, len(best.places) if best else 0):
            best = found
    return best


def _headings(row: Row, told: Mapping[str, str], ignore: set[str]) -> Headings:
    names = tuple(clean.text(cell) or "" for cell in row.cells)
    chosen: dict[str, tuple[int, int]] = {}  # field → (how good the word is, place); what is told beats every word
    for place, name in enumerate(names):
        word = plain(name)
        if word in ignore:
            continue
        field, rank = (told[word], -1) if word in told else _MEANING.get(word, ("", 0))
        if field and not (rank >= 0 and field in told.values()) and (field not in chosen or rank < chosen[field][0]):
            chosen[field] = (rank, place)
    places = {field: place for field, (_, place) in chosen.items()}
    left = [name for place, name in enumerate(names) if name and place not in places.values()]
    known = tuple(name for name in left if plain(name) in ignore or plain(name) in IGNORED)
    return Headings(row.number, places, names, tuple(name for name in left if name not in known), known)
