"""Every e-invoice of the corpus: read, with its own totals, or rejected by what it is.

The expected figures are read here from the XML with plain ElementTree, with none of the connector's code. The corpus is
not part of the repository: set HUB_CORPUS, or keep it in ../shared/corpus.
"""

from __future__ import annotations

import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hub.sdk import Payment
from hub.testing import collect, fake_context
from hub.testing.context import Collected
from hub_xx_peppol.connector import Peppol, PeppolConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
FOLDER = CORPUS / "municipal" / "einvoice"
FILES = sorted(FOLDER.glob("*.xml"))
OTHERS = {
    "peppol_codelist_eas.xml": "a code list",
    "peppol_poacc_Catalogue_Example.xml": "a catalogue",
    "peppol_poacc_DespatchAdvice_Example.xml": "a despatch advice",
    "peppol_poacc_OrderResponse_Example.xml": "an answer to an order",
    "peppol_poacc_Order_Example.xml": "a purchase order",
}
INVOICES = [path for path in FILES if path.name not in OTHERS]

pytestmark = pytest.mark.skipif(
    not FILES, reason=f"no corpus at {CORPUS}: set HUB_CORPUS to the folder that holds municipal/"
)


@cache
def read(name: str) -> Collected:
    return collect(Peppol(), fake_context(PeppolConfig(path=name), root=FOLDER))


def payments(found: Collected) -> list[Payment]:
    return [record for record in found.records if isinstance(record, Payment)]


def texts(path: Path, name: str) -> list[str]:
    """Every text of the elements of that name, in order."""
    return [(e.text or "").strip() for e in ET.parse(path).iter() if e.tag.rpartition("}")[2] == name]


def total(path: Path) -> Decimal:
    """The total without VAT, as it stands."""
    return Decimal((texts(path, "TaxExclusiveAmount") or texts(path, "TaxExclusiveTotalAmount"))[0])


def sign(path: Path) -> int:
    return -1 if ET.parse(path).getroot().tag.endswith("}CreditNote") else 1


@pytest.mark.parametrize("name", OTHERS)
def test_a_document_that_is_no_invoice_is_rejected_by_what_it_is(name):
    found = read(name)
    assert (found.raw, found.records) == ([], [])
    assert OTHERS[name] in found.rejects[0].reason


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name)
def test_payments_add_up_to_the_documents_total(path):
    found = read(path.name)
    assert (found.rejects, found.rejected) == ([], [])
    paid = payments(found)
    assert sum(p.value.amount for p in paid) == sign(path) * total(path)
    # And each line is there with its own amount: lines are what has a quantity beside it.
    lines = [
        Decimal(amount.text or "")
        for line in ET.parse(path).iter()
        if line.tag.rpartition("}")[2] in {"InvoiceLine", "CreditNoteLine"}
        for amount in line
        if amount.tag.rpartition("}")[2] == "LineExtensionAmount"
    ]
    read_lines = [p.value.amount for p in paid if "/line/" in p.line_key]
    assert read_lines == [sign(path) * amount for amount in lines]


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name)
def test_number_date_currency_and_names_are_the_documents(path):
    paid = payments(read(path.name))
    currency = (texts(path, "DocumentCurrencyCode") or texts(path, "InvoiceCurrencyCode"))[0]
    issued, names = texts(path, "IssueDate")[0], texts(path, "RegistrationName") + texts(path, "Name")
    numbers = [
        (child.text or "").strip()
        for parent in ET.parse(path).iter()
        if parent.tag.rpartition("}")[2] in {"Invoice", "CreditNote"}
        for child in parent
        if child.tag.rpartition("}")[2] == "ID"
    ]
    for p in paid:
        assert (p.invoice_number, p.value.currency, str(p.dated_on)) == (numbers[0], currency, issued)
        assert p.supplier.name in names
        assert p.buyer.name in names


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name)
def test_nothing_in_a_published_example_is_unknown(path):
    assert read(path.name).drift == []


@pytest.mark.parametrize("path", INVOICES, ids=lambda path: path.name)
def test_no_contact_or_bank_account_is_kept(path):
    payload = read(path.name).raw[0].payload
    assert isinstance(payload, bytes)
    kept = payload.decode()
    for name in ("Lisa Johnson", "lj@buyer.se", "IBAN32423940", "SE1212341234123412", "Delivery street 2"):
        assert name not in kept


def test_the_swedish_cooperative_is_linked_in_all_three_formats():
    names = [path.name for path in INVOICES if "invented" in path.name]
    assert len(names) == 3
    for name in names:
        for p in payments(read(name)):
            assert p.supplier.identifier
            assert p.supplier.identifier.value == "7696555015"
            assert p.buyer.identifier
            assert p.buyer.identifier.value == "2120009994"


def test_the_agreement_is_read_from_peppol_and_svefaktura():
    names = ("peppol_se_social_enterprise_invoice_invented.xml", "svefaktura_1.0_sbdh_iso8859-1_invented.xml")
    assert {p.agreement_reference for name in names for p in payments(read(name))} == {"UPP-2024-012"}


def test_of_the_whole_folder_no_file_is_passed_over():
    """Three published examples bear one number and date: the first is kept and the other two are told."""
    found = read(".")
    told = {item.origin for item in (*found.raw, *found.rejects)}
    assert told == {path.name for path in FILES}
    assert {item.origin for item in found.rejects} - set(OTHERS) == {
        "peppol_Vat-category-S.xml",
        "peppol_base-example.xml",
    }
