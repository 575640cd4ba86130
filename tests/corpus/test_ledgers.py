"""Every ledger of the corpus: the sum of its payments is the file's own sum, to the minor unit.

The expected sums are computed here with nothing but csv, openpyxl and Decimal, from a table that says by hand where
each file has its amounts. The corpus is not part of the repository: set HUB_CORPUS, or keep it in ../shared/corpus.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from hub.sdk import Complete, Context, Payment, RawRecord, RecordRejected, Reject, SourceError
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.connector import SupplierLedger

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
LEDGERS = CORPUS / "municipal"

pytestmark = pytest.mark.skipif(
    not LEDGERS.is_dir(), reason=f"no corpus at {CORPUS}: set HUB_CORPUS to the folder that holds municipal/"
)


class Ledger(NamedTuple):
    """Where a file has its amounts, as somebody reading it would say."""

    name: str
    encoding: str  # empty for a workbook
    delimiter: str
    column: int  # of the amount, from 0
    decimal: str
    rows: int  # payments
    header_rows: int = 1
    last_rows: int = 0  # totals at the end
    rejected: int = 0
    line_end: str = ""
    basis: str = "net"
    date_kind: str = "booking"
    linked: int | None = None  # suppliers with a valid official number


FILES = (
    Ledger("ledger_se/goteborg_style_2026-07_utf16le_invented.csv", "utf-16", ",", 7, ",", 601),
    Ledger(
        "ledger_se/goteborg_style_leverantorsfakturor-202005_cp1252_invented.csv",
        "cp1252", ";", 6, ",", 400, basis="unknown", date_kind="period",
    ),
    Ledger("ledger_se/huddinge_style_ledger_2026_invented.xlsx", "", "", 17, ".", 500, basis="unknown"),
    Ledger("ledger_se/moms_style_2025_q1_utf8bom_nbsp_invented.csv", "utf-8-sig", ";", 5, ",", 300),
    Ledger(
        "ledger_se/umea_style_2020_utf8_invented.csv", "utf-8", ";", 6, ".", 500, basis="unknown", date_kind="period"
    ),
    Ledger("ledger_se/vgr_2026-01_real4rows_cr.csv", "utf-8", ";", 10, ".", 4, line_end="\r", linked=4),
    Ledger("ledger_se/vgr_style_2026-02_cr_invented.csv", "utf-8", ";", 10, ".", 400, line_end="\r"),
    Ledger("ledger_fi/jyvaskyla_style_2015_nodate_invented.xlsx", "", "", 6, ".", 120, date_kind="period", linked=0),
    Ledger("ledger_fi/jyvaskyla_style_2020_totalsrow_invented.xlsx", "", "", 7, ".", 300, last_rows=1),
    Ledger("ledger_uk/gateshead_2010-12.csv", "utf-8", ",", 7, ".", 1500, basis="unknown"),
    Ledger("ledger_uk/gateshead_2014-02.csv", "utf-8-sig", ",", 7, ".", 4471, basis="unknown"),
    Ledger("ledger_uk/harrogate_2015-11.csv", "cp1252", ",", 9, ".", 1427, date_kind="payment"),
    Ledger("ledger_uk/harrogate_2021-09.csv", "utf-8", ",", 11, ".", 1187, date_kind="payment"),
    Ledger("ledger_uk/leeds_2011-06_raw.csv", "utf-8", ",", 9, ".", 3000, date_kind="payment"),
    Ledger("ledger_uk/leeds_2012-12_raw.csv", "utf-8", ",", 9, ".", 2500, date_kind="payment"),
    Ledger("ledger_uk/leeds_2013-07_raw.csv", "cp1252", ",", 9, ".", 2500, date_kind="payment"),
    Ledger(
        "ledger_uk/northtyneside_2016-03_invoices.csv", "utf-8", ",", 2, ".", 4000, basis="unknown", date_kind="payment"
    ),
    Ledger("ledger_uk/northtyneside_2019-05_pcards.csv", "utf-8", ",", 4, ".", 3000, date_kind="payment"),
    Ledger("ledger_uk/oxford_2016-q3_raw.csv", "utf-8", ",", 6, ".", 2500, basis="unknown", date_kind="payment"),
    Ledger("ledger_uk/oxford_2017-q4_raw.csv", "utf-8", ",", 6, ".", 2500, basis="unknown", date_kind="payment"),
    Ledger("ledger_uk/salford_2014-11.csv", "utf-8", ",", 5, ".", 2031, date_kind="payment"),
    Ledger("ledger_uk/salford_2018-04.csv", "utf-8", ",", 5, ".", 1248, header_rows=2, date_kind="payment"),
    Ledger("ledger_uk/wakefield_2014-Q2.csv", "utf-8", ",", 14, ".", 4000, date_kind="payment", linked=0),
    Ledger("ledger_uk/wakefield_2018-Q4.csv", "utf-8", ",", 14, ".", 4000, date_kind="payment"),
)  # fmt: skip
COUNTRIES = {"ledger_se": ("SE", "SEK"), "ledger_fi": ("FI", "EUR"), "ledger_uk": ("GB", "GBP")}


@cache
def run(name: str) -> tuple[Context, list[object], list[Payment], list[str]]:
    """Fetch and normalise one file, as the hub would."""
    country, currency = COUNTRIES[Path(name).parent.name]
    settings = LedgerConfig(path=name, country=country, currency=currency, buyer_name="Köparen")
    ctx = Context(
        source_id="t", config=settings, now=datetime(2026, 11, 1, tzinfo=UTC), root=LEDGERS, pseudonym_key=b"k" * 32
    )
    connector = SupplierLedger()
    items = list(connector.fetch(ctx))
    payments, rejected = [], [item.origin for item in items if isinstance(item, Reject)]
    for item in items:
        if isinstance(item, RawRecord):
            try:
                payments.extend(connector.normalise(item))
            except RecordRejected as error:
                rejected.append(error.where)
    return ctx, items, payments, rejected


def amounts_of(ledger: Ledger) -> Iterator[Decimal]:
    """The file's amounts, read without the project."""
    path = LEDGERS / ledger.name
    if ledger.encoding:
        text = path.read_bytes().decode(ledger.encoding)
        lines: Iterable[str] = text.split(ledger.line_end) if ledger.line_end else text.splitlines(keepends=True)
        cells = [row[ledger.column] for row in csv.reader(lines, delimiter=ledger.delimiter) if row]
    else:
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            cells = [repr(row[ledger.column]) for row in book.worksheets[0].iter_rows(values_only=True)]
    for cell in cells[ledger.header_rows : len(cells) - ledger.last_rows]:
        compact = cell.replace(" ", "").replace("\u00a0", "")
        if ledger.decimal == ",":
            compact = compact.replace(".", "").replace(",", ".")
        yield Decimal(compact)


@pytest.mark.parametrize("ledger", FILES, ids=lambda ledger: ledger.name)
def test_payments_add_up_to_the_files_own_sum(ledger: Ledger) -> None:
    _, items, payments, rejected = run(ledger.name)

    amounts = list(amounts_of(ledger))
    assert len(amounts) == len(payments) == ledger.rows
    assert sum(payment.value.amount_minor for payment in payments) == sum(amounts) * 100
    assert len(rejected) == ledger.rejected
    assert [item.expected for item in items if isinstance(item, Complete)] == [ledger.rows]
    assert {payment.amount_basis for payment in payments} == {ledger.basis}
    assert {payment.date_kind for payment in payments} == {ledger.date_kind}
    keys = [item.key for item in items if isinstance(item, RawRecord)]
    assert len(set(keys)) == len(keys)
    if ledger.linked is not None:
        assert sum(payment.supplier.identifier is not None for payment in payments) == ledger.linked


def test_every_ledger_of_the_corpus_is_in_the_table() -> None:
    known = {ledger.name for ledger in FILES}
    known |= {"ledger_se/orebro_xmlsie_minimal_real1row.xml", "ledger_se/spec11_appendixA_broken_example_real.csv"}
    found = {
        f"{path.parent.name}/{path.name}"
        for country in COUNTRIES
        for path in (LEDGERS / country).iterdir()
        if path.suffix in {".csv", ".xlsx", ".xml"} and not path.name.startswith("osta_")
    }
    assert found == known


@pytest.mark.parametrize("ledger", FILES, ids=lambda ledger: ledger.name)
def test_nothing_is_new_to_the_connector_and_every_row_has_a_date_or_period(ledger: Ledger) -> None:
    ctx, items, payments, _ = run(ledger.name)

    assert [item for item in items if type(item).__name__ == "Drift"] == []
    assert all(payment.dated_on or payment.period for payment in payments)
    assert "files_with_decimal_mark_by_country" not in ctx.counts


def test_the_shifted_rows_of_the_specifications_own_example_are_rejected() -> None:
    _, _, payments, rejected = run("ledger_se/spec11_appendixA_broken_example_real.csv")

    assert payments == []
    assert sorted(rejected) == [f"spec11_appendixA_broken_example_real.csv:{row}" for row in (2, 3)]


def test_xml_sie() -> None:
    _, _, payments, rejected = run("ledger_se/orebro_xmlsie_minimal_real1row.xml")

    assert rejected == []
    (payment,) = payments
    assert str(payment.value) == "57.00 SEK"
    assert payment.amount_basis == "gross"
    assert payment.supplier.identifier_as_written == "556334-8449"
    assert payment.supplier.identifier is not None
    assert payment.buyer.identifier is not None
    assert (payment.account_code, payment.account_text) == ("60150", "Lokalhyror parkering garage")
    assert (payment.period, payment.date_kind) == ("2016-04", "period")


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("ledger_se/umea_style_2020_utf8_invented.csv", "*****"),
        ("ledger_uk/harrogate_2015-11.csv", "REDACTED"),
        ("ledger_uk/salford_2014-11.csv", "Redacted"),
        ("ledger_uk/oxford_2016-q3_raw.csv", "GENERAL EXPENSES"),
    ],
)
def test_masked_payees_stay_in_the_sum_without_becoming_a_supplier(name: str, mask: str) -> None:
    _, items, payments, _ = run(name)

    raw = {item.key: item for item in items if isinstance(item, RawRecord)}
    supplier = [
        payment
        for payment in payments
        if any(str(cell).startswith(mask) for cell in raw[payment.line_key].payload.values())
    ]
    nameless = [payment for payment in supplier if payment.supplier.name is None]
    assert nameless
    assert not [p for p in payments if p.supplier.name and p.supplier.name.startswith(mask)]
    assert all(p.supplier.identifier_as_written is None and p.supplier_local_number is None for p in nameless)


OTHERS = {
    "benchmark/nwod_2019_bolton_salford_tameside.csv": "read",
    "catalogue/arcgis_featureserver_query_invented.json": "the answer has no rows",
    "catalogue/ckan_datastore_search_invented.json": "read",
    "catalogue/ckan_error_invented.json": "the data store says that it failed: Not found",
    "catalogue/ckan_package_search_invented.json": "the answer has no rows",
    "catalogue/dataportal_publishers.json": "the answer has no rows",
    "catalogue/dcat-ap-se_obligatoriskt.ttl": "is a header of a supplier ledger",
    "catalogue/dcat-ap-se_rekommenderat.rdf": "the file is XML",
    "catalogue/dcat-ap-se_rekommenderat.ttl": "is a header of a supplier ledger",
    "catalogue/entryscape_search_vgr_real.json": "the answer has no rows",
    "catalogue/opendatasoft_v2.1_records_invented.json": "read",
    "catalogue/sambruk_open-accounts-payable_dcat.rdf": "the file is XML",
    "sie/Exempelbolaget_SIE_110322_B_33.si": "names no suppliers",
    "sie/MAMUT_SIE4_EXPORT.SE": "names no suppliers",
    "sie/SIE4_Exempelfil_med_underdim.SE": "names no suppliers",
    "sie/SIE_exempelfil.se": "names no suppliers",
}
"""Files beside the ledgers, and what is said of them; ``read`` where they hold ledger rows."""


def test_every_file_beside_the_ledgers_is_in_the_table() -> None:
    found = {
        f"{folder}/{path.name}"
        for folder in ("benchmark", "catalogue", "sie")
        for path in (LEDGERS / folder).iterdir()
        if path.name != "SOURCE.md"
    }
    assert found == set(OTHERS)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_beside_the_ledgers_is_read_or_refused_with_its_reason(name: str) -> None:
    country = "GB" if name.startswith("benchmark") else "FI" if "ckan" in name else "SE"
    settings = LedgerConfig(path=name, country=country, buyer_name="Köparen")
    ctx = Context(
        source_id="t", config=settings, now=datetime(2026, 11, 1, tzinfo=UTC), root=LEDGERS, pseudonym_key=b"k" * 32
    )
    if OTHERS[name] == "read":
        items = list(SupplierLedger().fetch(ctx))
        raw = [item for item in items if isinstance(item, RawRecord)]
        payments = [payment for item in raw for payment in SupplierLedger().normalise(item)]
        assert payments
        assert not [item for item in items if isinstance(item, Reject)]
        assert len(payments) == len(raw)
        return
    with pytest.raises(SourceError, match=OTHERS[name]):
        list(SupplierLedger().fetch(ctx))


@pytest.mark.parametrize("ledger", FILES, ids=lambda ledger: ledger.name)
def test_every_ledger_is_recognised_with_its_rows_and_total(ledger: Ledger) -> None:
    country, currency = COUNTRIES[Path(ledger.name).parent.name]
    settings = LedgerConfig(path="x", country=country, currency=currency)
    seen = SupplierLedger().recognise(LEDGERS / ledger.name, settings)
    assert seen is not None
    assert seen.rows == ledger.rows
    assert [money.amount for money in seen.total] == [sum(amounts_of(ledger))]
    assert seen.sureness >= Decimal("0.6")
