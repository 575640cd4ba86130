"""XML-SIE with accounts payable, as the Open Accounts Payable project of Sambruk described it (2016, Örebro kommun)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hub.sdk import ContractBroken, RecordRejected
from hub.sdk.formats import Row, Table
from hub.sdk.formats.xml import Element, parse_xml

HEADER: Final = (
    "Company", "organizationalnumber", "SupplierName", "SupplierOrganizationalNumber", "InternalId", "Period",
    "JournalEntryId", "AccountId", "AccountName", "GrossAmount",
)  # fmt: skip
_LIMIT: Final = 64 << 20


def is_sie_xml(path: Path) -> bool:
    """Whether the file begins as an XML-SIE document."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<SIE" in start


def refuse_sie4(path: Path) -> None:
    """Raise ``ContractBroken`` for a SIE 4 text file: its vouchers name accounts and amounts and no suppliers."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").upper().startswith(b"#FLAGGA"):
        raise ContractBroken(
            "the file is a SIE 4 export of vouchers, which names no suppliers",
            where=path.name,
            instruction="export the supplier ledger (leverantörsreskontra) as CSV or Excel instead",
        )


def sie_table(path: Path) -> Table:
    """The invoices of an XML-SIE document as a table with :data:`HEADER`, one row each.

    Raises ``ContractBroken`` when the document is not well-formed or too large.
    """
    return Table(path=path, format="xml", read=lambda: _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    try:
        if path.stat().st_size > _LIMIT:
            raise ContractBroken("the XML-SIE file is too large", where=path.name, instruction="split it by month")
        root = parse_xml(path.read_bytes(), where=path.name, limit=_LIMIT)
    except RecordRejected as error:
        raise ContractBroken(error.reason, where=path.name, instruction="ask the publisher for a valid file") from error
    company = root.find("{*}Company")
    buyer = ("", "") if company is None else (company.get("name", ""), company.get("organizationalnumber", ""))
    accounts = {_text(a, "Id"): _text(a, "Name") for a in root.iterfind(".//{*}Account")}
    suppliers = {
        _text(s, "SupplierId"): (_text(s, "SupplierName"), _text(s, "SupplierOrganizationalNumber"))
        for s in root.iterfind(".//{*}Supplier")
    }
    entries = dict(_entries(root))
    yield Row(1, HEADER)
    for number, invoice in enumerate(root.iterfind(".//{*}Invoice"), 2):
        info = invoice.find("{*}JournalInfo")
        year, journal, entry = (_text(info, n) for n in ("FinancialYear", "JournalId", "JournalEntryId"))
        codes = entries.get((year[:10], journal, entry), set())
        # Several accounts share an invoice without saying how much of its gross amount is whose.
        code = next(iter(codes)) if len(codes) == 1 else ""
        name, org_no = suppliers.get(_text(invoice, "SupplierId"), ("", ""))
        cells = (
            *buyer, name, org_no, _text(invoice, "InternalId"), year[:7], entry, code, accounts.get(code, ""),
            _text(invoice, "GrossAmount"),
        )  # fmt: skip
        yield Row(number, cells, frozenset({len(cells) - 1}))


def _entries(root: Element) -> Iterator[tuple[tuple[str, str, str], set[str]]]:
    for year in root.iterfind(".//{*}FinancialYear"):
        for journal in year.iterfind(".//{*}Journal"):
            for entry in journal.iterfind("{*}JournalEntry"):
                key = (year.get("start", "")[:10], _text(journal, "Id"), _text(entry, "Id"))
                yield key, {_text(line, "AccountId") for line in entry.iterfind("{*}LedgerEntry")}


def _text(element: Element | None, name: str) -> str:
    return "" if element is None else (element.findtext(f"{{*}}{name}") or "").strip()
