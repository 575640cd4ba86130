"""The headings of every vintage in one spelling, and which data set a file's headings belong to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from hub_se_uhm.config import StreamName

YEAR: Final = "år"
ID: Final = "upphandlings-id"
LOT: Final = "anbudsområdes-id"
BUYER: Final = "namn för köpare"
BUYER_NUMBER: Final = "organisationsnummer för köpare"
BUYER_FORM: Final = "juridisk form för köpare"
SUPPLIER: Final = "namn för leverantör"
SUPPLIER_NUMBER: Final = "organisationsnummer för leverantör"
SUPPLIER_FORM: Final = "juridisk form för leverantör"
SUPPLIER_WORD: Final = "för leverantör"

MEASURES: Final[dict[StreamName, tuple[str, ...]]] = {
    "procurements": ("antal upphandlingar",),
    "awards": ("antal kontrakterade anbud",),
    "values": ("kontrakterat värde",),
    "tender_counts": ("antal anbud",),
    "tenderers": ("antal anbud",),
    "estimates": ("uppskattat värde", "upphandlingens uppskattade värde"),
}
"""The figure that each data set counts. That of ``estimates`` was never seen: another heading is drift, not guessed."""

_TABLES: Final = {
    "typ av socialt hållbar upphandling": "counts of procurements by social aim",
    "typ av miljömässigt hållbar upphandling": "counts of procurements by environmental aim",
    "typ av innovationsupphandling": "counts of procurements by kind of innovation",
    "valfrihetssystem-id": "systems of choice (valfrihetssystem), which are no procurements",
}


def plain(heading: str) -> str:
    """A heading as the hub spells it: no BOM, lower case, without the mark of a note and the word for a sum."""
    spelt = " ".join(heading.replace("\ufeff", "").replace("*", "").split()).casefold()
    return spelt.removesuffix(", summa")


def stream_of(headings: Collection[str]) -> StreamName | None:
    """The data set that rows under these headings (in :func:`plain` spelling) belong to, or ``None``."""
    if ID not in headings or YEAR not in headings:
        return None
    if "antal anbud" in headings:
        return "tenderers" if SUPPLIER in headings else "tender_counts"
    for stream, measures in MEASURES.items():
        if any(measure in headings for measure in measures):
            return stream
    return None


def table_of(headings: Collection[str]) -> str | None:
    """What a statistics table without rows of procurements holds, when it is a known one."""
    return next((what for heading, what in _TABLES.items() if heading in headings), None)
