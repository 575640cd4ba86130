"""The ledger connector, deviation by deviation. All rows are invented."""

from __future__ import annotations

import json
import logging
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.sdk import (
    Checkpoint,
    Complete,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    Mention,
    Payment,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
    parse_amount,
)
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.connector import SupplierLedger
from hub_xx_supplier_ledger.dialect import Evidence, read_date
from hub_xx_supplier_ledger.editions import latest_editions
from hub_xx_supplier_ledger.kind import kind_of
from hub_xx_supplier_ledger.layout import fold, meaning
from hub_xx_supplier_ledger.period import months_of, period_of_name, read_period
from hub_xx_supplier_ledger.privacy import is_masked
from hub_xx_supplier_ledger.reader import LedgerFile, LedgerReader
from hub_xx_supplier_ledger.tally import Tally

BUYER, WHO = "212000-2627", "2120002627"
FIXTURES = Path(__file__).parent / "fixtures" / "xx_supplier_ledger"


class Run(NamedTuple):
    items: list[object]
    payments: list[Payment]
    rejected: list[str]
    counts: dict[str, int]

    @property
    def raw(self) -> list[RawRecord]:
        return [item for item in self.items if isinstance(item, RawRecord)]

    @property
    def complete(self) -> list[Complete]:
        return [item for item in self.items if isinstance(item, Complete)]

    @property
    def amounts(self) -> list[Decimal]:
        return [payment.value.amount for payment in self.payments]


def context(root: Path, cursor: dict[str, object] | None = None, **config: object) -> Context[LedgerConfig]:
    if config.get("country", "SE") != "SE" and config.pop("buyer", None):
        config["buyer_name"] = "Köparen"  # the number that most tests give is a Swedish one
    return Context(
        source_id="t",
        config=LedgerConfig(**config),
        now=datetime(2026, 11, 1, tzinfo=UTC),
        root=root,
        pseudonym_key=b"k" * 32,
        cursor=cursor or {},
    )


def run(path: Path | str, root: Path = FIXTURES, **config: object) -> Run:
    ctx = context(root, path=str(path), **config)
    connector = SupplierLedger()
    items = list(connector.fetch(ctx))
    payments, rejected = [], [f"{item.origin} {item.reason}" for item in items if isinstance(item, Reject)]
    for item in items:
        if isinstance(item, RawRecord):
            try:
                payments.extend(connector.normalise(item))
            except RecordRejected as error:
                rejected.append(str(error))
    return Run(items, payments, rejected, dict(ctx.counts))


def ledger(tmp_path: Path, text: str, name: str = "reskontra.csv", encoding: str = "utf-8", **config: object) -> Run:
    (tmp_path / name).write_bytes(text.encode(encoding))
    return run(name, tmp_path, **{"buyer": "212000-2627", **config})


# ── the Swedish specification ───────────────────────────────────────────────────────────────────────────────────────


def test_the_specification_1_1() -> None:
    result = run("spec_1.1_2026-07.csv")

    assert result.rejected == []
    first, second, third, fourth, fifth = result.payments
    assert first.buyer.identifier is not None
    assert first.buyer.identifier.value == "2120002627"
    assert first.buyer_unit == "Kommunstyrelsen"
    assert first.supplier.identifier is not None
    assert (first.supplier.identifier.scheme, first.supplier.identifier.value) == ("SE-ON", "7696000004")
    assert (str(first.value), first.amount_basis) == ("1234.50 SEK", "net")
    assert (first.dated_on, first.date_kind, first.period) == (date(2026, 7, 2), "booking", "2026-07")
    assert (first.account_code, first.account_text, first.kind) == ("7459", "Konsulttjänster", "purchase")
    assert (first.document_number, first.invoice_number, first.agreement_reference) == ("1001", "F1", "AV-1")
    assert second.kind == "grant"
    assert third.value.amount_minor == fourth.value.amount_minor == -9999
    assert third.supplier.identifier is not None
    assert third.supplier.identifier.value == "5560125790"
    assert third.line_key != fourth.line_key
    assert (fifth.supplier.identifier, fifth.supplier.identifier_as_written) == (None, "12345")
    assert result.complete == [Complete("payments", "2120002627:2026-07", 5)]
    assert result.raw[0].origin == "spec_1.1_2026-07.csv:2"


def test_the_same_rows_keep_their_keys_in_any_order_and_under_any_name(tmp_path: Path) -> None:
    header, *rows = (FIXTURES / "spec_1.1_2026-07.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "annat namn 202607.csv").write_text("\n".join([header, *reversed(rows)]), encoding="utf-8")

    before, after = run("spec_1.1_2026-07.csv"), run("annat namn 202607.csv", tmp_path)
    assert {raw.key for raw in before.raw} == {raw.key for raw in after.raw}
    assert before.complete == after.complete


# ── natural persons ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_persons_are_kept_out_and_their_amounts_kept() -> None:
    result = run("persons_2026-07.csv")

    assert sum(result.amounts) == 3600
    everything = repr([raw.payload for raw in result.raw]) + repr(result.payments)
    for secret in ("800101", "Påhittad", "Annan Person", "Tredje", "Storgatan", "Firma Namn"):
        assert secret not in everything
    one, same, mistyped, *masked, firm, named = (payment.supplier for payment in result.payments)
    assert one.pseudonym
    assert one == same
    assert mistyped.pseudonym not in {None, one.pseudonym}
    assert masked == [Mention()] * 3
    assert firm.identifier is not None
    assert result.raw[6].payload["fritext"] == "avser [personnummer]"
    assert named == one
    assert result.counts["persons"] == 4


def test_a_number_that_lost_its_zeros_is_still_a_persons(tmp_path: Path) -> None:
    result = ledger(tmp_path, "leverantor;orgnr;belopp\nPåhittad Person;101012383;1,50\nAlfa;101012385;2,50\n")
    assert [bool(payment.supplier.pseudonym) for payment in result.payments] == [True, False]


@pytest.mark.parametrize(
    "written", ["8001011231kr", "kvitto_8001011231.pdf", "800101-1231,5", "CASE8001011231", "SE800101123101"]
)
def test_a_number_among_other_words_is_still_a_persons(tmp_path: Path, written: str) -> None:
    result = ledger(tmp_path, f"leverantor;orgnr;belopp\nPåhittad Person;{written};1,50\n")
    assert result.payments[0].supplier.pseudonym
    assert "Påhittad" not in repr(result.items)
    assert "800101" not in repr(result.items)


@pytest.mark.parametrize(("country", "number"), [("FI", "131052-308T"), ("DK", "211062-5629"), ("NO", "15108695088")])
def test_neighbouring_countries_personal_numbers(tmp_path: Path, country: str, number: str) -> None:
    result = ledger(tmp_path, f"leverantor;orgnr;belopp\nSomeone;{number};1,50\n", country=country)
    assert result.payments[0].supplier.pseudonym
    assert number not in repr(result.items)


@pytest.mark.parametrize(
    "name",
    [
        *("*****", "** *", "[innehåller personuppgifter]", "[Kan innehålla personuppgifter]", "REDACTED PERSONAL DATA"),
        *("Redacted - Commercial Confidentiality", "GENERAL EXPENSES", "ONETIME", "Engångsleverantör", "Privatperson"),
        *("DETAILS REDACTED", "GENERAL BACS PAYMENTS - BSS ONLY", "Enskild firma", "Yksityishenkilö", "Sekretess"),
    ],
)
def test_masks(name: str) -> None:
    assert is_masked(name)


@pytest.mark.parametrize(
    "name",
    [
        "REDACTIVE MEDIA SALES LIMITED",
        "LEGAL & GENERAL ASSURANCE",
        "Stena Sekretess AB",
        "JOHNSON PERSONAL TRAINING",
        "E*Trade",
    ],
)
def test_names_that_are_no_masks(name: str) -> None:
    assert not is_masked(name)


# ── layouts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_title_rows_totals_fillers_and_repeated_headers() -> None:
    result = run("title_rows_totals_cp1252.csv", buyer="212000-2627")

    assert result.rejected == []
    assert result.amounts == [Decimal("1234.50"), Decimal("-34.50"), Decimal("10.00")]
    assert [payment.supplier.name for payment in result.payments] == ["Ålfa AB", "Beta", "Summa AB"]
    assert result.counts == {"total_rows": 1, "filler_rows": 3}
    assert result.complete == [Complete("payments", "2120002627:2025", 3)]


def test_two_header_rows_pounds_in_parentheses_and_day_first_dates() -> None:
    result = run("two_headers_2018-04.csv", country="GB", currency="GBP")

    assert [str(payment.value) for payment in result.payments] == ["1000.00 GBP", "-50.00 GBP"]
    assert [payment.dated_on for payment in result.payments] == [date(2018, 4, 3), date(2018, 4, 25)]
    assert [payment.kind for payment in result.payments] == ["grant", "purchase"]
    assert [payment.supplier.name for payment in result.payments] == ["Alfa Ltd", None]

    gross = run("two_headers_2018-04.csv", country="GB", currency="GBP", amount="gross")
    assert [(str(p.value), p.amount_basis) for p in gross.payments] == [
        ("1200.00 GBP", "gross"),
        ("-60.00 GBP", "gross"),
    ]


def test_the_same_header_twice_is_a_number_and_a_text() -> None:
    payment = run("same_header_twice_2021-09.csv", country="GB", currency="GBP").payments[0]

    assert (payment.supplier.name, payment.supplier_local_number) == ("1ST SELECT LIMITED", "226559")
    assert (payment.account_code, payment.account_text) == ("19", "Temporary Staff")


def test_british_company_and_charity_numbers() -> None:
    company, charity, neither = run("british_numbers_2019-01.csv", country="GB", currency="GBP").payments

    assert company.supplier.identifier is not None
    assert (company.supplier.identifier.scheme, company.supplier.identifier.value) == ("GB-COH", "00587618")
    assert company.supplier_local_number is None
    assert charity.supplier.identifier is not None
    assert (charity.supplier.identifier.scheme, charity.kind) == ("GB-CHC", "grant")
    assert neither.supplier == Mention(name="SOMEONE")
    assert neither.kind == "unknown"


def test_periods_of_a_financial_year_are_not_taken_for_months() -> None:
    payment = run("fiscal_period_2014-02.csv", country="GB", currency="GBP", buyer_name="Gateshead").payments[0]
    assert (payment.dated_on, payment.period) == (date(2014, 2, 21), "2014-02")


def test_a_mojibake_mark_and_internal_numbers_under_the_organisation_numbers_header() -> None:
    result = run("mojibake_mark_2025-03.csv")

    assert result.payments[0].buyer.organisation_id
    assert result.payments[0].supplier == Mention(name="Leverantör 1 AB")
    assert result.payments[0].supplier_local_number == "100001"


def test_a_workbook_with_a_total_in_its_last_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Vastuualue", "Toimittajan\n nimi", "Y-tunnus", "Nettosumma ", "Kirjauspvm"])
    sheet.append(["Keskus", "Malli Oy", "0112038-9", 1234.5, datetime(2020, 1, 2)])  # noqa: DTZ001
    sheet.append(["Keskus", "Malli ry", None, 0.1 + 0.2, datetime(2020, 2, 3)])  # noqa: DTZ001
    sheet.append([None, None, None, 1234.8, None])
    book.save(tmp_path / "ostot2020.xlsx")
    result = run("ostot2020.xlsx", tmp_path, country="FI", currency="EUR", buyer_name="Kunta")

    assert [str(payment.value) for payment in result.payments] == ["1234.50 EUR", "0.30 EUR"]
    assert result.counts == {"total_rows": 1}
    assert result.payments[0].supplier.identifier is not None
    assert result.payments[0].supplier.identifier.scheme == "FI-PRO"


def test_a_total_that_does_not_add_up_is_told(tmp_path: Path) -> None:
    result = ledger(tmp_path, "leverantor;datum;belopp\nAlfa;2025-01-02;1,50\nBeta;2025-01-03;2,50\n;;9,00\n")

    assert result.amounts == [Decimal("1.50"), Decimal("2.50")]
    assert (
        "reskontra.csv:4 the row has the form of a total, 9.00, but the rows above it add up to 4.00"
        in result.rejected[0]
    )


def test_subtotals_are_dropped_and_a_supplier_called_total_is_not_lost_silently(tmp_path: Path) -> None:
    groups = "leverantor;datum;belopp\nA;2025-01-01;1,00\nB;2025-01-01;2,00\nDelsumma;;3,00\nC;2025-01-01;4,00\n"
    result = ledger(tmp_path, groups + "Delsumma;;4,00\nTotalt;;7,00\n")
    assert (result.amounts, result.counts) == ([Decimal(1), Decimal(2), Decimal(4)], {"total_rows": 3})

    result = ledger(tmp_path, "leverantor;konto;belopp\nAlfa;6420;2,00\nTotal;6420;1,00\nTotal Gas AB;6420;5,00\n")
    assert result.amounts == [Decimal(2), Decimal(5)]
    assert "the row has the form of a total, 1.00" in result.rejected[0]


def test_thousands_of_kronor_are_not_taken_for_kronor(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="no column is recognised as the amount"):
        ledger(tmp_path, "leverantor;orgnr;Belopp (tkr)\nAlfa;5560125790;12\n")


def test_a_valid_buyer_in_the_rows_goes_before_the_configured_one(tmp_path: Path) -> None:
    text = "kopare_id;leverantor;belopp;datum\n{};Alfa;1,50;2025-01-02\n"
    own = ledger(tmp_path, text.format("212000-1967"))
    assert own.payments[0].buyer.identifier_as_written == "212000-1967"
    assert own.complete[0].scope == "2120001967:2025"
    told = ledger(tmp_path, text.format("Kommunen"))
    assert told.payments[0].buyer.identifier_as_written == "212000-2627"
    assert told.complete[0].scope == "2120002627:2025"


def test_a_column_without_a_header_is_kept_and_told(tmp_path: Path) -> None:
    result = ledger(tmp_path, "leverantor;belopp\nAlfa;1,50;x\nBeta;2,50;y\n")
    assert [item.field for item in result.items if isinstance(item, Drift)] == ["column 3"]
    assert result.raw[0].payload["column 3"] == "x"


def test_numbers_stored_as_numbers_beside_amounts_typed_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Leverantör", "Orgnr", "Belopp"], ["Alfa", 5560125790.0, 12.5], ["Beta", "5560125790.0", "1 234,50"]):
        sheet.append(row)
    book.save(tmp_path / "bok.xlsx")
    result = run("bok.xlsx", tmp_path, buyer="212000-2627")

    assert result.amounts == [Decimal("12.50"), Decimal("1234.50")]
    assert all(payment.supplier.identifier for payment in result.payments)


def test_account_and_text_in_one_cell_and_debit_and_credit(tmp_path: Path) -> None:
    result = ledger(
        tmp_path, "Leverantör;Konto;Debet;Kredit\nAlfa;6420 IT-tjänster;100,00;\nBeta;6420 IT-tjänster;;25,00\n"
    )

    assert result.amounts == [Decimal(100), Decimal(-25)]
    assert (result.payments[0].account_code, result.payments[0].account_text) == ("6420", "IT-tjänster")


def test_unknown_columns_are_told_once_and_kept(tmp_path: Path) -> None:
    for name in ("a-2025-01.csv", "a-2025-02.csv"):
        (tmp_path / name).write_text("leverantor;belopp;Hållbarhetsmärkning;\nAlfa;1,50;Svanen;\n", encoding="utf-8")
    result = run(".", tmp_path, buyer="212000-2627")

    assert [item for item in result.items if isinstance(item, Drift)] == [
        Drift("new_field", "Hållbarhetsmärkning", stream="payments")
    ]
    assert result.raw[0].payload["Hållbarhetsmärkning"] == "Svanen"
    assert [complete.scope for complete in result.complete] == ["2120002627:2025-01", "2120002627:2025-02"]


def test_columns_can_be_told(tmp_path: Path) -> None:
    text = "Vem;Kronor;Krimskrams\nAlfa;1,50;x\n"
    with pytest.raises(ContractBroken, match="header"):
        ledger(tmp_path, text)
    result = ledger(tmp_path, text, columns={"vem": "supplier_name", "Kronor": "amount_net"})
    assert (result.amounts, result.payments[0].supplier.name) == ([Decimal("1.50")], "Alfa")
    with pytest.raises(ValidationError, match="no such field"):
        LedgerConfig(path=".", columns={"Vem": "leverantör"})
    with pytest.raises(ValidationError, match="no such encoding"):
        LedgerConfig(path=".", encoding="svenska")


# ── what cannot be read ─────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_that_cannot_be_read_are_rejected_in_words_and_the_others_go_on() -> None:
    result = run("slipped_rows_2025-01.csv")

    assert result.amounts == [Decimal(100)]
    told = "\n".join(sorted(result.rejected))
    assert "slipped_rows_2025-01.csv:3 the row has 6 cells and the header 5: cells have slipped" in told
    assert "slipped_rows_2025-01.csv:4: the row has no amount" in told
    assert "slipped_rows_2025-01.csv:5: the amount column holds 'tolv kronor'" in told
    assert "slipped_rows_2025-01.csv:6: the date column holds 'igår'" in told
    # The last one holds a person's number in a row that cannot be trusted: nothing of it is kept.
    assert "slipped_rows_2025-01.csv:7 the row has no readable amount or date" in told
    assert "Påhittad" not in repr(result.items)
    assert "8001011231" not in repr(result.items)


def test_a_file_that_is_no_ledger_does_not_stop_the_others(tmp_path: Path) -> None:
    for name in ("no_amount.csv", "no_header.csv", "spec_1.1_2026-07.csv"):
        (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    (tmp_path / "README.md").write_text("not data")
    result = run(".", tmp_path, buyer="212000-2627")

    assert len(result.payments) == 5
    assert [reason.split(" → ")[0] for reason in result.rejected] == [
        "no_amount.csv:1 no column is recognised as the amount; the header is: Leverantör, Organisationsnummer, Datum",
        "no_header.csv none of the first 60 rows is a header of a supplier ledger",
    ]
    assert len(result.complete) == 1


def test_a_source_without_any_readable_file_fails() -> None:
    with pytest.raises(ContractBroken, match="no column is recognised as the amount"):
        run("no_amount.csv", buyer="212000-2627")
    with pytest.raises(SourceUnavailable, match="no file at"):
        run("nothing*.csv")


def test_a_file_that_names_no_buyer_needs_one_from_the_configuration() -> None:
    with pytest.raises(ContractBroken, match="does not say who the buyer is"):
        run("title_rows_totals_cp1252.csv")


# ── amounts, dates, periods ─────────────────────────────────────────────────────────────────────────────────────────


@given(
    st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), min_size=1),
    st.sampled_from([(",", ""), (",", " "), (",", "\u00a0"), (",", "."), (".", ","), (".", "'"), (".", "")]),
    st.booleans(),
)
def test_written_amounts_are_read_back(amounts: list[Decimal], marks: tuple[str, str], accountant: bool) -> None:
    mark, thousands = marks
    evidence = Evidence()
    written = []
    for amount in amounts:
        text = f"{abs(amount):,.2f}".replace(",", "t").replace(".", mark).replace("t", thousands)
        if amount < 0:
            text = f"({text})" if accountant else f"-{text}"
        evidence.see_amount(text)
        written.append(text)
    decided, by_country = evidence.decimal_mark("SE")
    assert (decided, by_country) == (mark, False)
    assert [parse_amount(text, decided) for text in written] == amounts


def test_an_ambiguous_amount_is_read_as_the_other_rows_say(tmp_path: Path) -> None:
    text = 'leverantor,belopp\nAlfa,"1,234"\nBeta,"{other}"\n'
    assert ledger(tmp_path, text.format(other="12.50")).amounts == [Decimal(1234), Decimal("12.5")]
    assert ledger(tmp_path, text.format(other="12,50")).amounts == [Decimal("1.23"), Decimal("12.5")]


def test_without_evidence_the_country_decides_and_it_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = 'supplier name,amount\nAlfa,"1,234"\n'
    with caplog.at_level(logging.WARNING):
        british = ledger(tmp_path, text, country="GB", currency="GBP")
    assert british.amounts == [Decimal(1234)]
    assert british.counts == {"files_with_decimal_mark_by_country": 1}
    assert "Set `decimal`" in caplog.text
    assert ledger(tmp_path, text, country="GB", currency="GBP", decimal=",").amounts == [Decimal("1.23")]


@pytest.mark.parametrize("amount", ["1e5", "1E+400", "9" * 16, "-" + "9" * 30, "1" * 5000, "9" * 100_000, "Inf", "NaN"])
def test_an_absurd_amount_is_a_rejected_row(tmp_path: Path, amount: str) -> None:
    result = ledger(tmp_path, f"leverantor;orgnr;belopp\nAlfa;5560125790;1,50\nBeta;5560125790;{amount}\nC;;2,00\n")
    assert result.amounts == [Decimal("1.50"), Decimal(2)]
    (told,) = result.rejected
    assert told.startswith("reskontra.csv:3: the amount column holds")


def test_what_money_refuses_is_a_rejected_row(tmp_path: Path) -> None:
    text = f"leverantor;orgnr;debet;kredit\nAlfa;5560125790;1,50;\nBeta;5560125790;{'9' * 15};-{'9' * 15}\n"
    assert len(ledger(tmp_path, text).payments) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hub.sdk.Money.of", refuse)
        result = ledger(tmp_path, text)
    assert [told.partition(": ")[0] for told in result.rejected] == ["reskontra.csv:2", "reskontra.csv:3"]


def refuse(*_: object) -> None:
    raise ValueError


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("2025-01-31", True, date(2025, 1, 31)),
        ("20250131", True, date(2025, 1, 31)),
        ("31/01/2025", True, date(2025, 1, 31)),
        ("01/31/2025", False, date(2025, 1, 31)),
        ("31-Jan-25", True, date(2025, 1, 31)),
        ("45688", True, date(2025, 1, 31)),
        ("2025-01-31 00:00:00", True, date(2025, 1, 31)),
        ("800 - Miljönämnden", True, None),
    ],
)
def test_dates(text: str, day_first: bool, expected: date | None) -> None:
    assert read_date(text, day_first=day_first) == expected


def test_american_dates_show_themselves(tmp_path: Path) -> None:
    result = ledger(tmp_path, "supplier name,date,amount\nA,01/31/2025,1.50\nB,02/03/2025,2.50\n")
    assert [payment.dated_on for payment in result.payments] == [date(2025, 1, 31), date(2025, 2, 3)]


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("goteborg_2026-07", "2026-07"),
        ("leverantorsfakturor-202005", "2020-05"),
        ("moms_2025_q1", "2025-Q1"),
        ("Kvartal 3 2024", "2024-Q3"),
        ("expenditure-over-500-jul-sep-2016", "2016-07--2016-09"),
        ("Leverantörsfakturor maj 2023", "2023-05"),
        ("ostolaskut 2021", "2021"),
        ("2019-2020", "2019--2020"),
        ("reskontra", ""),
        ("export20250131", ""),
    ],
)
def test_periods_in_file_names(name: str, period: str) -> None:
    assert period_of_name(name) == period


def test_periods_in_cells() -> None:
    assert [read_period(text) for text in ("202011", "2020-11", "11/2020", "2020", "202011.0", "x", "")] == [
        *("2020-11", "2020-11", "2020-11", "2020", "2020-11", "", ""),
    ]
    assert read_period("2020", "3") == "2020-03"
    assert read_period("2020", "maaliskuu") == "2020-03"


def test_a_period_in_place_of_a_date(tmp_path: Path) -> None:
    rows = "leverantor;period;belopp\nAlfa;202011;1,50\nBeta;202012;2,50\n"
    payment = ledger(tmp_path, rows).payments[0]
    assert (payment.dated_on, payment.date_kind, payment.period) == (None, "period", "2020-11")
    named = ledger(tmp_path, "leverantor;belopp\nAlfa;1,50\n", "reskontra-202005.csv").payments[0]
    assert (named.dated_on, named.date_kind, named.period) == (None, "period", "2020-05")


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_file_replaces_the_one_beside_it(tmp_path: Path) -> None:
    names = ("2025-01.csv", "2025-01 rättad.csv", "2025-02.csv", "2025-02 (1).csv", "2025-02_v3.csv", "2025-03.csv")
    read, replaced = latest_editions(tmp_path / name for name in names)
    assert [path.name for path in read] == ["2025-01 rättad.csv", "2025-02_v3.csv", "2025-03.csv"]
    assert len(replaced) == 3


class Store:
    """What the hub would hold after its runs: a complete scope retires what it no longer has."""

    def __init__(self, root: Path, **config: object) -> None:
        self.root = root
        self.config = {"path": ".", "buyer": BUYER, **config}
        self.rows: dict[str, RawRecord] = {}
        self.cursor: dict[str, object] = {}

    def write(self, name: str, *amounts: str, day: str = "2026-01-02") -> None:
        lines = [f"Alfa;{day};{amount}\n" for amount in amounts]
        (self.root / name).write_text("leverantor;datum;belopp\n" + "".join(lines), encoding="utf-8")

    def sync(self) -> list[object]:
        items = list(SupplierLedger().fetch(context(self.root, self.cursor, **self.config)))
        seen: dict[str, RawRecord] = {}
        for item in items:
            match item:
                case RawRecord():
                    assert item.key not in seen
                    seen[item.key] = self.rows[item.key] = item
                case Complete(_, scope, expected):
                    assert expected == sum(row.scope == scope for row in seen.values())
                    self.rows = {k: row for k, row in self.rows.items() if row.scope != scope or k in seen}
                case Checkpoint(cursor):
                    self.cursor = json.loads(json.dumps(cursor))
        return items

    @property
    def total(self) -> Decimal:
        payments = (payment for row in self.rows.values() for payment in SupplierLedger().normalise(row))
        return sum((payment.value.amount for payment in payments), Decimal(0))

    @property
    def scopes(self) -> set[str]:
        return {row.scope for row in self.rows.values()}


YEAR = "leverantor;datum;belopp\nAlfa;2026-01-02;1,00\nAlfa;2026-02-02;2,00\nAlfa;2026-03-02;4,00\n"


def test_a_month_beside_its_year_is_counted_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path)
    (tmp_path / "2026.csv").write_text(YEAR, encoding="utf-8")
    store.sync()
    assert store.total == 7
    store.write("2026-02.csv", "2,50", day="2026-02-02")
    for _ in range(2):
        store.sync()
        assert (store.total, store.scopes) == (Decimal("7.50"), {f"{WHO}:2026", f"{WHO}:2026-02"})
    assert "2120002627:2026 overlaps 2120002627:2026-02" in caplog.text


def test_a_year_that_comes_when_its_months_files_are_gone_replaces_them(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("2026-01.csv", "1,00", day="2026-01-02")
    store.write("2026-02.csv", "2,50", "9,00", day="2026-02-02")
    store.sync()
    for month in ("2026-01.csv", "2026-02.csv"):
        (tmp_path / month).unlink()
    (tmp_path / "2026.csv").write_text(YEAR, encoding="utf-8")
    for _ in range(2):
        store.sync()
        assert (store.total, store.scopes) == (7, {f"{WHO}:2026-01", f"{WHO}:2026-02", f"{WHO}:2026"})
    (tmp_path / "2026.csv").unlink()
    store.write("2026-02.csv", "3,00", day="2026-02-02")
    store.sync()
    assert store.total == 8


def test_a_month_whose_year_is_stored_and_gone_is_refused_unless_the_year_lacks_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / "2026.csv").write_text(YEAR, encoding="utf-8")
    store.sync()
    (tmp_path / "2026.csv").unlink()
    store.write("2026-02.csv", "2,50", day="2026-02-02")
    store.write("2026-04.csv", "8,00", day="2026-04-02")
    (refused,) = [item for item in store.sync() if isinstance(item, Reject)]
    assert refused.reason.startswith(f"{WHO}:2026-02 is already counted in {WHO}:2026")
    assert store.total == 15


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-07", ["2026-07"]),
        ("2025-Q2", ["2025-04", "2025-05", "2025-06"]),
        ("2025-12--2026-01", ["2025-12", "2026-01"]),
        ("reskontra", []),
    ],
)
def test_months_of_periods(period: str, months: list[str]) -> None:
    assert list(months_of(period)) == months
    assert len(months_of("2019--2020")) == 24


def test_a_profile_says_what_detection_cannot_know(tmp_path: Path) -> None:
    text = "Leverantor;Belopp\nx;y\nUtbetalt till;Summa kr\nAlfa;-1.234\nBeta;5\n"
    (tmp_path / "u_0726.csv").write_text(text, encoding="utf-8")
    profile = {
        "files": "u_*",
        "header_row": 3,
        "columns": {"Utbetalt till": "supplier_name", "Summa kr": "amount_gross"},
        "period": r"_(?P<month>\d\d)(?P<year>\d\d)",
        "sign": "reversed",
        "decimal": ",",
        "currency": "EUR",
        "buyer": BUYER,
    }
    result = run("u_0726.csv", tmp_path, buyer_name="Någon annan", profile={"u": profile})
    assert [str(payment.value) for payment in result.payments] == ["1234.00 EUR", "-5.00 EUR"]
    assert {payment.period for payment in result.payments} == {"2026-07"}
    assert result.complete == [Complete("payments", f"{WHO}:2026-07", 2)]


@pytest.mark.parametrize(
    "config",
    [
        {"buyer": BUYER},
        {"path": "x", "profile": {"a": {"delimeter": ";"}}},
        {"path": "x", "profile": {"a": {"period": "(?P<day>.)"}}},
        {"path": "x", "profile": {"a": {"period": "("}}},
        {"rowstore": "https://host/store/1"},
        {"datastore": "https://host/dataset/x"},
        {"url": "ftp://host/x"},
    ],
)
def test_settings_that_mean_nothing_are_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LedgerConfig(**config)


@pytest.mark.parametrize("written", ["1980-01-01 1231", "800101.1231", "1980-01-01-1231"])
def test_unusual_spellings_of_personal_numbers_are_persons(tmp_path: Path, written: str) -> None:
    result = ledger(tmp_path, f"leverantor;leverantor_id;datum;belopp\nPåhittad Person;{written};2026-01-02;1,00")
    (payment,) = result.payments
    assert payment.supplier.name is None
    assert "Påhittad" not in repr(result.items)
    assert "1231" not in repr(result.items)


def test_files_of_one_period_are_one_scope_and_one_of_them_can_be_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("fakturor-2026-01.csv", "1,50", "2,00")
    store.write("kort-2026-01.csv", "1,50")
    items = store.sync()
    assert items[-2:] == [
        Complete("payments", f"{WHO}:2026-01", 3),
        Checkpoint(
            {"files": {"fakturor-2026-01.csv": f"{WHO}:2026-01", "kort-2026-01.csv": f"{WHO}:2026-01"}},
        ),
    ]
    assert store.total == 5

    (tmp_path / "fakturor-2026-01.csv").unlink()
    store.sync()
    assert store.total == Decimal("1.50")


def test_neither_order_nor_names_of_a_scopes_files_matter(tmp_path: Path) -> None:
    folders = []
    for number, (first, second) in enumerate([("a 2026", "b 2026"), ("b 2026", "a 2026"), ("2026 x", "2026 y")]):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = Store(folder)
        store.write(f"{first}.csv", "1,50", "2,00")
        store.write(f"{second}.csv", "3,00", "1,50", "1,50")
        store.sync()
        folders.append({key: row.payload for key, row in store.rows.items()})
    assert len(folders[0]) == 5
    assert folders[0].keys() == folders[1].keys() == folders[2].keys()
    assert folders[0] == folders[1] == folders[2]


def test_a_renamed_file_is_counted_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("reskontra.csv", "1,50", "2,00")
    store.sync()
    (tmp_path / "reskontra.csv").rename(tmp_path / "leverantörer.csv")
    store.sync()
    (tmp_path / "leverantörer.csv").rename(tmp_path / "reskontra-2026.csv")
    store.sync()
    assert (store.total, store.scopes) == (Decimal("3.50"), {f"{WHO}:2026"})


def test_an_unnamed_file_that_grows_stays_in_one_scope(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path)
    lines = ["leverantor;datum;belopp"]
    for month in range(1, 13):
        lines += [f"Alfa;2026-{month:02}-02;1,00", f"Beta;2026-{month:02}-03;1,00"]
        (tmp_path / "reskontra.csv").write_text("\n".join(lines), encoding="utf-8")
        store.sync()
        assert (store.total, store.scopes) == (2 * month, {f"{WHO}:2026"})
    assert caplog.text == ""

    # It grows into the next year: what it had before must not be counted in two scopes.
    for month in range(1, 13):
        lines += [f"Alfa;2027-{month:02}-02;1,00", f"Beta;2027-{month:02}-03;1,00"]
        (tmp_path / "reskontra.csv").write_text("\n".join(lines), encoding="utf-8")
        store.sync()
        assert (store.total, store.scopes) == (24 + 2 * month, {f"{WHO}:2026"})
    assert "split it by year" in caplog.text


def test_an_unnamed_file_that_begins_with_last_years_invoices_stays_in_one_scope(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path)
    lines = ["leverantor;datum;belopp", "Alfa;2025-12-30;1,00"]
    for month in range(1, 13):
        lines += [f"Alfa;2026-{month:02}-{day:02};1,00" for day in range(1, 5)]
        (tmp_path / "Reskontra (1).csv").write_text("\n".join(lines), encoding="utf-8")
        store.sync()
        assert (store.total, store.scopes) == (1 + 4 * month, {"reskontra"})
    assert "Name files after their period" in caplog.text


@pytest.mark.parametrize(("strays", "scope"), [(5, f"{WHO}:2026"), (6, "reskontra")])
def test_the_year_of_an_unnamed_file_is_that_of_nearly_all_its_rows(tmp_path: Path, strays: int, scope: str) -> None:
    rows = ["Alfa;2025-12-31;1,00"] * strays + ["Alfa;2026-01-31;1,00"] * (100 - strays)
    result = ledger(tmp_path, "\n".join(["leverantor;datum;belopp", *rows]))
    assert result.complete == [Complete("payments", scope, 100)]


def test_a_file_that_was_never_read_holds_nothing_up(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    store.write("2026-01.csv", "1,50", "2,00")
    store.write("2026-02.csv", "4,00")
    store.sync()
    store.write("2026-01.csv", "1,50", "2,50")
    items = store.sync()

    assert [item.key for item in items if isinstance(item, Reject) and item.whole] == ["notes.pdf"]
    assert store.total == 8
    assert store.cursor["files"] == {"2026-01.csv": f"{WHO}:2026-01", "2026-02.csv": f"{WHO}:2026-02"}


@pytest.mark.parametrize("broken", ["kort-2026-01.csv", "kort-2026-01 rättad.xlsx"])
def test_a_file_that_was_read_before_holds_its_scope_up_until_it_is_mended(tmp_path: Path, broken: str) -> None:
    store = Store(tmp_path)
    store.write("fakturor-2026-01.csv", "1,00", "2,00")
    store.write("kort-2026-01.csv", "4,00")
    store.write("2026-02.csv", "8,00")
    store.sync()

    (tmp_path / "kort-2026-01.csv").unlink()
    (tmp_path / broken).write_bytes(b"%PDF-1.7")
    store.write("fakturor-2026-01.csv", "1,00")
    store.write("2026-02.csv", "16,00")
    for _ in range(2):  # it is remembered for as long as it is broken
        items = store.sync()
        assert [item.scope for item in items if isinstance(item, Complete)] == [f"{WHO}:2026-02"]
        assert store.total == 1 + 2 + 4 + 16

    store.write(broken, "5,00")
    store.sync()
    assert store.total == 1 + 5 + 16


def test_a_file_that_breaks_after_the_first_look_holds_its_scope_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    for name in ("a-2026-01.csv", "b-2026-01.csv", "c-2026-02.csv"):
        store.write(name, "1,00")
    read = LedgerReader.read

    def remove_b(self: LedgerReader, file: LedgerFile, tally: Tally, place: dict[str, str]) -> Iterator[FetchItem]:
        (tmp_path / "b-2026-01.csv").unlink(missing_ok=True)
        return read(self, file, tally, place)

    monkeypatch.setattr(LedgerReader, "read", remove_b)
    items = store.sync()
    assert [item.scope for item in items if isinstance(item, Complete)] == [f"{WHO}:2026-02"]
    assert [(item.key, item.whole) for item in items if isinstance(item, Reject)] == [("b-2026-01.csv", True)]
    assert "b-2026-01.csv" in store.cursor["files"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("row", "cut"),
    [
        ("Beta", True),
        ("Beta;2026-", True),
        ("Beta;2026-01-02;", False),  # as many cells as the header: nothing shows that the amount is missing
        ('"Be', True),
        ('Beta;2026-01-02;"2', True),
        (";", True),
        ("Beta;2026-01-02;2,00", False),
        ('"Beta";"2026-01-02";"2,00"', False),
        ("", False),
        ("  ", False),
        ("\x1a", False),
        ("\0\0", False),
    ],
)
def test_a_file_that_ends_in_the_middle_of_a_row_is_not_read(
    tmp_path: Path, row: str, cut: bool, line_end: str
) -> None:
    text = line_end.join(["leverantor;datum;belopp", "Alfa;2026-01-02;1,00", row])
    (tmp_path / "2026-01.csv").write_bytes(text.encode())
    (tmp_path / "2026-02.csv").write_bytes(b"leverantor;datum;belopp\nAlfa;2026-02-02;4,00")
    result = run(".", tmp_path, buyer=BUYER)

    assert [item.scope for item in result.complete] == [f"{WHO}:2026-0{n}" for n in ((2,) if cut else (1, 2))]
    broken = [item for item in result.items if isinstance(item, Reject) and item.whole]
    assert bool(broken) == cut
    if cut:
        assert broken[0].reason.startswith(
            "the file ends in the middle of row 3; it was probably not copied whole → copy it again"
        )
        assert result.amounts == [4]


def test_a_half_copied_file_retires_nothing_until_it_is_copied_whole(tmp_path: Path) -> None:
    store = Store(tmp_path)
    file = tmp_path / "2026-01.csv"
    store.write(file.name, "1,00", "2,00", "4,00")
    store.write("2026-02.csv", "8,00")
    store.sync()
    whole = file.read_bytes()
    assert store.total == 15

    file.write_bytes(whole[: whole.index(b"2,00") - 2])
    items = store.sync()
    assert [item.scope for item in items if isinstance(item, Complete)] == [f"{WHO}:2026-02"]
    assert [item.key for item in items if isinstance(item, Reject) and item.whole] == [file.name]
    assert not [item for item in items if isinstance(item, RawRecord) and item.scope == f"{WHO}:2026-01"]
    assert store.total == 15

    file.write_bytes(whole)
    assert len([item for item in store.sync() if isinstance(item, Complete)]) == 2
    assert store.total == 15


def test_file_names_are_remembered_by_folder_and_without_persons(tmp_path: Path) -> None:
    store = Store(tmp_path, path="*/*.csv")
    for municipality in ("a", "b"):
        (tmp_path / municipality).mkdir()
        store.write(f"{municipality}/2026-01.csv", "1,00")
    store.write("b/800101-1231.csv", "1,00", day="2025-01-02")
    store.sync()
    assert store.cursor == {
        "files": {
            "a/2026-01.csv": f"{WHO}:2026-01",
            "b/2026-01.csv": f"{WHO}:2026-01",
            "b/[personnummer].csv": f"{WHO}:2025",
        },
        "months": {f"{WHO}:2025": ["2025-01"]},
    }


def test_a_scope_that_has_no_file_any_more_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(tmp_path)
    store.write("2026-01.csv", "1,00")
    store.write("2026-02.csv", "1,00")
    store.sync()
    (tmp_path / "2026-01.csv").unlink()
    store.sync()
    assert store.total == 2
    assert f"{WHO}:2026-01 has no file any more (last time: 2026-01.csv)" in caplog.text


def test_files_that_share_a_period_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("fakturor-2025-01.csv", "kort-2025-01.csv"):
        (tmp_path / name).write_text("leverantor;belopp\nAlfa;1,50\n", encoding="utf-8")
    result = run(".", tmp_path, buyer=BUYER)
    assert result.complete == [Complete("payments", f"{WHO}:2025-01", 2)]
    assert result.counts == {"files_sharing_a_period": 1}
    assert "fakturor-2025-01.csv, kort-2025-01.csv are for the same buyer and period" in caplog.text
    assert "remove the other; the next run then asks for `hub sync --accept-shrinking t`" in caplog.text


@given(st.lists(st.integers(min_value=0, max_value=2**64 - 1) | st.integers(min_value=1, max_value=9), max_size=3000))
def test_a_tally_counts(digests: list[int]) -> None:
    tally, seen = Tally(), Counter[int]()
    for digest in digests:
        seen[digest or 1] += 1
        assert tally.add(digest) == seen[digest or 1]


def test_a_tally_takes_two_dozen_bytes_a_row() -> None:
    number = 50_000
    digests = [int.from_bytes(blake2b(str(n).encode(), digest_size=8).digest(), "big") for n in range(number)]
    tracemalloc.start()
    try:
        tally = Tally()
        assert all(tally.add(digest) == 1 for digest in digests)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 25 * number
    assert peak < 40 * number


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("\ufeffkopare_id", "buyer_id"),
        ("Leverantörens namn", "supplier_name"),
        ("LEV.NR (T)", "supplier_name"),
        ("Belopp exkl. moms (SEK)", "amount_net"),
        ("Net Amount £", "amount_net"),
        ("Amount (£)", "amount"),
        ("Expenditure Catergory", "account_text"),
        ("Toimittajan y-tunnus", "supplier_org_no"),
        ("Leverandørens navn", "supplier_name"),
        ("Contact", None),
    ],
)
def test_headers(header: str, field: str | None) -> None:
    found = meaning(header)
    assert (found[0] if found else None) == field


def test_folding_forgets_what_does_not_matter() -> None:
    assert fold("  Ver.\nDatum ") == fold("ver datum")
    assert fold("€") == ""


@pytest.mark.parametrize(
    ("country", "code", "text", "flag", "kind"),
    [
        ("SE", "4510", "Bidrag till föreningar", "", "grant"),
        ("SE", "4520", "", "", "grant"),
        ("SE", "4511", "Försörjningsstöd", "", "transfer"),
        ("SE", "5831", "Driftbidr i VGR t. utförarare", "", "grant"),
        ("SE", "7459", "Övriga konsulttjänster", "", "purchase"),
        ("SE", "4631", "Köp av huvudverksamhet", "", "purchase"),
        ("SE", "5010", "", "", "unknown"),
        ("SE", "8591", "Övriga finansiella kostnader", "", "unknown"),
        ("SE", "", "", "", "unknown"),
        ("FI", "4740", "Avustukset yhteisöille", "", "grant"),
        ("FI", "4340", "", "", "purchase"),
        ("GB", "", "Grants to Voluntary Bodies", "", "grant"),
        ("GB", "", "Migrants support", "", "unknown"),
        ("GB", "", "", "Yes", "grant"),
        ("GB", "", "", "Not yet available", "unknown"),
    ],
)
def test_kinds(country: str, code: str, text: str, flag: str, kind: str) -> None:
    assert kind_of(country, code, (text,), flag) == kind
