"""E-invoices: amounts that add up, parties by their schemes, private data kept out, and what is no invoice."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.sdk import Identifier, Payment, RawRecord
from hub.sdk.recognition import Recognition
from hub.testing import Fixture, collect, connector_suite, fake_context
from hub.testing.context import Collected
from hub_xx_peppol import hub_connectors
from hub_xx_peppol.connector import Peppol, PeppolConfig
from hub_xx_peppol.schemes import by_scheme, by_vat

FOLDER = Path(__file__).parent / "fixtures" / "xx_peppol"
INVOICE = (FOLDER / "invoice.xml").read_text("utf-8")
CREDIT = (FOLDER / "credit.xml").read_text("utf-8")


def unknown_element(raw: RawRecord) -> RawRecord:
    assert isinstance(raw.payload, bytes)
    end = raw.payload.rindex(b"</")
    return replace(raw, payload=raw.payload[:end] + b"<hub_unknown_field>x</hub_unknown_field>" + raw.payload[end:])


TestPeppol = connector_suite(
    Peppol,
    fixtures=[
        Fixture(
            "folder",
            {"path": "*.xml"},
            FOLDER,
            unknown=unknown_element,
            personal=(
                "8001011231",
                "800101-1231",
                "SE800101123101",
                "Påhittad Näringsidkare",
                "Påhittad Kontakt",
                "Påhittad Beställare",
                "kontakt@example.org",
                "SE0000000000000000000001",
            ),
        )
    ],
)


def read(folder: Path, **files: str) -> Collected:
    for name, text in files.items():
        (folder / f"{name}.xml").write_text(text, "utf-8")
    return collect(Peppol(), fake_context(PeppolConfig(path="."), root=folder))


def payments(found: Collected) -> list[Payment]:
    return [record for record in found.records if isinstance(record, Payment)]


def test_the_plugin_offers_its_connector():
    assert list(hub_connectors()) == [Peppol]


def test_an_invoice_becomes_a_payment_for_each_line_allowance_and_charge(tmp_path):
    paid = payments(read(tmp_path, a=INVOICE))
    assert [(p.line_key.rpartition("380/")[2], str(p.value)) for p in paid] == [
        ("line/1", "1200.00 SEK"),
        ("line/2", "-200.00 SEK"),
        ("charge/1", "20.00 SEK"),
        ("allowance/1", "-50.50 SEK"),
    ]
    first = paid[0]
    assert (first.dated_on, first.date_kind, first.amount_basis) == (date(2026, 2, 1), "invoice", "net")
    assert (first.invoice_number, first.agreement_reference) == ("100", "UPP-2025-7")
    assert (first.description, first.category, first.account_code) == ("Lokalvård", "STI 90911200", "7210")
    assert first.supplier.identifier == Identifier(scheme="SE-ON", value="7696555015")
    assert first.buyer.identifier == Identifier(scheme="SE-ON", value="2120009994")
    assert paid[1].account_code == "46200", "the document's account where the line has none"


def test_the_order_is_kept_and_na_is_none(tmp_path):
    assert payments(read(tmp_path, a=INVOICE))[0].order_reference == "INK-100"
    assert payments(read(tmp_path, a=INVOICE.replace("INK-100", "NA")))[0].order_reference is None


def test_every_payment_is_an_invoice_line(tmp_path):
    assert {p.line_of for p in payments(read(tmp_path, a=INVOICE, b=CREDIT))} == {"invoice"}


def test_of_a_buyers_reference_only_words_with_a_digit_are_kept(tmp_path):
    assert payments(read(tmp_path, a=INVOICE))[0].buyer_unit == "4711"


def test_a_credit_note_is_negative_and_a_negative_line_in_it_is_positive(tmp_path):
    text = CREDIT.replace(">300.00</cbc:LineExtensionAmount>", ">-300.00</cbc:LineExtensionAmount>")
    assert [str(p.value) for p in payments(read(tmp_path, a=CREDIT))] == ["-300.00 SEK"]
    text = text.replace(">300.00</cbc:TaxExclusiveAmount>", ">-300.00</cbc:TaxExclusiveAmount>")
    assert [str(p.value) for p in payments(read(tmp_path, a=text))] == ["300.00 SEK"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (">1200.00<", ">1199.99<", "the lines add up to 999.99 SEK, and the document says 1000.00 (BR-CO-10)"),
        (">50.50</cbc:Allow", ">50.00</cbc:Allow", "the allowances add up to 50.50 SEK, and the document says 50.00"),
        (">20.00</cbc:Charge", ">21.00</cbc:Charge", "the charges add up to 20.00 SEK, and the document says 21.00"),
        (">969.50</cbc:TaxEx", ">970.00</cbc:TaxEx", "charges add up to 969.50 SEK, and the document says 970.00"),
        (">1200.00<", ">1 200,00<", "not an amount"),
        ('currencyID="SEK">1200', 'currencyID="EUR">1200', "the amount is in EUR, and the document in SEK"),
        (">true<", ">yes<", "neither true nor false"),
        ("InvoiceTypeCode>380", "InvoiceTypeCode>381", "an invoice of type 381, a credit note's"),
        ("2026-02-01", "1 februari", "not a date"),
        ("<cbc:ID>100</cbc:ID>", "", "the field is missing or empty"),
    ],
)
def test_what_does_not_add_up_or_cannot_be_read_is_rejected_and_the_next_is_stored(tmp_path, old, new, said):
    assert old in INVOICE
    found = read(tmp_path, a=INVOICE.replace(old, new), b=CREDIT)
    reasons = [item.reason for item in found.rejects] + [error.reason for error in found.rejected]
    assert len(reasons) == 1
    assert said in reasons[0]
    assert [str(p.value) for p in payments(found)] == ["-300.00 SEK"]


def test_lines_with_more_decimals_than_the_currency_get_a_payment_for_the_rounding(tmp_path):
    text = INVOICE.replace(">1200.00<", ">1200.005<").replace(">-200.00<", ">-200.004<")
    paid = payments(read(tmp_path, a=text))
    assert [str(p.value) for p in paid] == ["1200.01 SEK", "-200.00 SEK", "20.00 SEK", "-50.50 SEK", "-0.01 SEK"]
    assert paid[-1].line_key.endswith("/rounding")
    assert sum(p.value.amount for p in paid) == Decimal("969.50")


def test_the_same_invoice_in_two_files_is_one_record_however_it_is_spelled(tmp_path):
    body = INVOICE.split("?>", 1)[1]
    envelope = (
        '<sh:StandardBusinessDocument xmlns:sh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
        f"<sh:StandardBusinessDocumentHeader/>{body}</sh:StandardBusinessDocument>"
    )
    found = read(tmp_path, a=INVOICE, b=INVOICE.replace(">\n", ">  \n\n"), c=envelope)
    assert [raw.origin for raw in found.raw] == ["a.xml"]
    assert found.rejects == []


def test_another_content_under_the_same_number_is_told_and_a_corrected_invoice_is_its_own(tmp_path):
    found = read(
        tmp_path, a=INVOICE, b=INVOICE.replace("Lokalvård", "Annat"), c=INVOICE.replace("Code>380", "Code>384")
    )
    assert [raw.origin for raw in found.raw] == ["a.xml", "c.xml"]
    assert "another file says something else" in found.rejects[0].reason


def test_a_sole_trader_is_a_pseudonym_and_the_money_stays(tmp_path):
    found = read(tmp_path, a=(FOLDER / "sole_trader.xml").read_text("utf-8"))
    (paid,) = payments(found)
    assert paid.supplier.pseudonym
    assert paid.supplier.name is None
    assert str(paid.value) == "80.00 SEK"
    payload = found.raw[0].payload
    assert isinstance(payload, bytes)
    assert "Påhittad" not in payload.decode()
    assert "800101" not in payload.decode()
    assert "person:" in found.raw[0].key


def test_contacts_accounts_and_notes_never_become_part_of_a_raw_record(tmp_path):
    payload = read(tmp_path, a=INVOICE).raw[0].payload
    assert isinstance(payload, bytes)
    names = {etree.QName(element).localname for element in etree.fromstring(payload).iter()}
    assert not names & {"Contact", "PaymentMeans", "PayeeFinancialAccount", "Note", "ElectronicMail"}


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("0007", "7696555015", "SE-ON 7696555015"),
        ("0007", "769655-5015", "SE-ON 7696555015"),
        ("0192", "974760673", "NO-BRC 974760673"),
        ("0184", "DK13585628", "DK-CVR 13585628"),
        ("0037", "003701120389", "FI-PRO 0112038-9"),
        ("0216", "003701120389ABC", "FI-PRO 0112038-9"),
        ("0213", "FI01120389", "FI-PRO 0112038-9"),
        ("0009", "73282932000074", "FR-RCS 732829320"),
        ("0088", "7300010000001", None),
        ("0007", "7696555016", None),
        ("9999", "7696555015", None),
    ],
)
def test_a_number_is_read_by_its_scheme(code, text, found):
    read = by_scheme(code, text, "SE")
    assert (read and f"{read.scheme} {read.value}") == found


def test_a_vat_number_names_the_organisation_where_it_holds_its_number():
    assert by_vat("SE769655501501") == Identifier(scheme="SE-ON", value="7696555015")
    assert by_vat("GB1232434") is None


def test_a_supplier_under_a_gln_alone_is_kept_as_written_and_by_name(tmp_path):
    text = INVOICE.replace('schemeID="0007">7696555015', 'schemeID="0088">7300010000001')
    text = text.replace("SE769655501501", "GB1232434")
    supplier = payments(read(tmp_path, a=text))[0].supplier
    assert (supplier.name, supplier.identifier_as_written) == ("Kooperativet Exempelbjörken", "0088:7300010000001")
    assert supplier.identifier is None


@pytest.mark.parametrize("root", ["Order", "OrderResponse", "Catalogue", "DespatchAdvice", "CodeList", "Anything"])
def test_other_documents_are_rejected_by_what_they_are(tmp_path, root):
    found = read(tmp_path, a=f'<{root} xmlns="urn:x"/>')
    assert f"the root element is <{root}>" in found.rejects[0].reason


def test_what_is_no_xml_is_said_and_notes_beside_the_files_are_not(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "b.txt").write_text("hej")
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    found = read(tmp_path, c=bomb, d=INVOICE)
    assert [item.origin for item in found.rejects] == ["a.pdf", "b.txt", "c.xml"]
    assert len(found.raw) == 1


def test_a_zip_of_invoices_is_read_and_a_damaged_one_is_a_missing_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("jan/1.xml", INVOICE)
        archive.writestr("jan/2.xml", CREDIT)
    (tmp_path / "b.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:-40])
    found = read(tmp_path)
    assert [raw.origin for raw in found.raw] == ["a.zip/jan/1.xml", "a.zip/jan/2.xml"]
    assert [(item.origin, item.whole) for item in found.rejects] == [("b.zip", True)]


def test_an_unknown_type_and_specification_are_drift(tmp_path):
    text = INVOICE.replace("InvoiceTypeCode>380", "InvoiceTypeCode>325").replace("urn:cen.eu:en16931:2017", "urn:x")
    fields = {drift.field for drift in read(tmp_path, a=text).drift}
    assert fields == {"InvoiceTypeCode", "CustomizationID"}


def recognised(file: Path) -> Recognition | None:
    return Peppol().recognise(file, PeppolConfig(path="elsewhere"))


def test_a_dropped_invoice_is_recognised_with_its_net_total(tmp_path):
    file = tmp_path / "faktura [1].xml"
    file.write_text(INVOICE, "utf-8")
    found = recognised(file)
    assert found
    assert (found.kind, found.title) == ("invoice", "e-faktura (Peppol BIS Billing 3)")
    assert (found.sureness, found.rows, [str(money) for money in found.total]) == (1, 4, ["969.50 SEK"])
    assert (found.period, found.notes, found.profile) == ("2026-02", (), "")


def test_a_dropped_invoice_that_does_not_add_up_is_one_of_no_sureness(tmp_path):
    file = tmp_path / "a.xml"
    file.write_text(INVOICE.replace(">1200.00<", ">1199.99<"), "utf-8")
    found = recognised(file)
    assert found
    assert (found.sureness, found.rows, found.total) == (0, 0, ())
    assert "BR-CO-10" in found.notes[0]


def test_a_dropped_archive_is_as_sure_as_the_share_of_its_documents_that_are_read(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in (("1", INVOICE), ("2", INVOICE), ("3", CREDIT), ("4", "<Order/>")):
            archive.writestr(f"{name}.xml", text)
    found = recognised(file)
    assert found
    assert (found.sureness, found.rows) == (Decimal("0.67"), 5)
    assert [str(money) for money in found.total] == ["669.50 SEK"]
    assert [note.split(" ", 1)[0] for note in found.notes] == ["1", "1"]


@pytest.mark.parametrize("text", ["<Order/>", "leverantör;belopp\nA;1", "%PDF-1.7", ""])
def test_a_dropped_file_that_is_no_invoice_is_not_recognised(tmp_path, text):
    (tmp_path / "a").write_text(text, "utf-8")
    assert recognised(tmp_path / "a") is None


CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
FINE = st.integers(-10_000_000, 10_000_000).map(lambda tenths: Decimal(tenths).scaleb(-4))


def written(root: str, lines: list[Decimal], allowances: list[Decimal], charges: list[Decimal], net: Decimal) -> str:
    source, kind = (INVOICE, "Invoice") if root == "Invoice" else (CREDIT, "CreditNote")
    head = source.split("  <cac:AllowanceCharge>")[0].split("  <cac:LegalMonetaryTotal>")[0]
    parts = [
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{said}</cbc:ChargeIndicator>"
        f'<cbc:Amount currencyID="SEK">{amount:f}</cbc:Amount></cac:AllowanceCharge>'
        for said, amounts in (("false", allowances), ("true", charges))
        for amount in amounts
    ]
    parts.append(
        f'<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="SEK">{net:f}</cbc:TaxExclusiveAmount>'
        "</cac:LegalMonetaryTotal>"
    )
    parts += [
        f'<cac:{kind}Line><cbc:LineExtensionAmount currencyID="SEK">{amount:f}</cbc:LineExtensionAmount>'
        f"</cac:{kind}Line>"
        for amount in lines
    ]
    return head + "".join(parts) + f"</{root}>"


@settings(max_examples=60, deadline=None)
@given(
    root=st.sampled_from(["Invoice", "CreditNote"]),
    lines=st.lists(CENTS | FINE, min_size=1, max_size=6),
    allowances=st.lists(CENTS | FINE, max_size=3),
    charges=st.lists(CENTS | FINE, max_size=3),
)
def test_payments_sum_to_the_documents_total_without_vat(tmp_path_factory, root, lines, allowances, charges):
    exact = sum(lines) - sum(allowances) + sum(charges)
    net = exact.quantize(Decimal("0.01"), "ROUND_HALF_UP")
    found = read(tmp_path_factory.mktemp("made"), a=written(root, lines, allowances, charges, net))
    assert found.rejected == []
    total = sum(p.value.amount for p in payments(found))
    assert total == (net if root == "Invoice" else -net)
    wrong = written(root, lines, allowances, charges, net + Decimal("0.01"))
    assert read(tmp_path_factory.mktemp("wrong"), a=wrong).records == []
