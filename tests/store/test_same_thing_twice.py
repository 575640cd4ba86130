"""Money and contracts that two sources tell of are recognised in the read contract, and counted once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from hub.sdk import Contract, ContractSupplier, Drift, Indicator, Mention, Money, Payment, RawRecord, Record
from hub.store.watched import watched
from tests.runs.harness import ALFA, BETA, GAMMA, Bench, Fake

RECORDS: dict[str, Record] = {}


class Given(Fake):
    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        yield RECORDS[raw.key]


@pytest.fixture
def bench(database_url: str, tmp_path: Path) -> Iterator[Bench]:
    RECORDS.clear()
    made = Bench(database_url, tmp_path)
    yield made
    made.engine.dispose()


def tell(bench: Bench, source: str, *records: Record) -> None:
    items = []
    for number, record in enumerate(records):
        key = f"{source}-{number}"
        RECORDS[key] = record
        items.append(RawRecord("rows", key, {"row": key}))
    assert bench.run(items, source=source, connector=Given(items)).outcome == "succeeded"


def rows(bench: Bench, sql: str) -> list[Any]:
    with bench.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def paid(amount: str, invoice: str | None, **more: Any) -> Payment:
    usual: dict[str, Any] = {
        "line_key": f"{amount}/{invoice}/{more.get('line_of')}",
        "buyer": Mention.of("Exempelköpings kommun", ALFA, country="SE"),
        "supplier": Mention.of("Beta", BETA, country="SE"),
        "value": Money.of(Decimal(amount), "SEK"),
        "amount_basis": "net",
        "invoice_number": invoice,
        "dated_on": date(2026, 3, 1),
        "date_kind": "booking",
    }
    return Payment(**(usual | more))


def test_an_invoice_that_a_ledger_holds_too_is_counted_once(bench: Bench) -> None:
    tell(bench, "ledger", paid("60", "F1"), paid("40", "F1"), paid("5", None))
    tell(bench, "invoices", paid("100", "F1", line_of="invoice"), paid("7", "F2", line_of="invoice"))
    found = rows(bench, "SELECT amount_minor, duplicate_of IS NOT NULL FROM v1_payment WHERE line_of = 'invoice'")
    assert sorted((amount, bool(twice)) for amount, twice in found) == [(700, False), (10000, True)]
    assert rows(bench, "SELECT CAST(total_amount AS TEXT) FROM v1_spend_share") == [("112.00",)]


def test_invoices_of_other_years_suppliers_or_no_number_are_no_duplicates(bench: Bench) -> None:
    tell(bench, "ledger", paid("100", "F1"), paid("9", None))
    gamma = Mention.of("Gamma", GAMMA, country="SE")
    tell(
        bench,
        "invoices",
        paid("100", "F1", line_of="invoice", dated_on=date(2023, 1, 1)),
        paid("101", "F1", line_of="invoice", supplier=gamma),
        paid("9", None, line_of="invoice"),
    )
    assert rows(bench, "SELECT count(*) FROM v1_payment WHERE duplicate_of IS NOT NULL") == [(0,)]


def agreed(kind: Any, reference: str, **more: Any) -> Contract:
    usual: dict[str, Any] = {
        "title": "Städtjänster",
        "buyers": (Mention.of("Exempelköpings kommun", ALFA, country="SE"),),
        "signed_on": date(2026, 1, 7),
        "cpv_main": "90910000",
        "suppliers": (ContractSupplier(organisation=Mention.of("Beta", BETA, country="SE")),),
    }
    return Contract(kind=kind, reference=reference, **(usual | more))


def test_a_contract_that_three_sources_tell_of_points_to_one_of_them(bench: Bench) -> None:
    tell(bench, "catalogue", agreed("agreement", "A-1", cpv_main=None))
    tell(bench, "ted", agreed("award", "CON-1"))
    tell(bench, "uhm", agreed("award", "MT-1"))
    counted = rows(bench, "SELECT source FROM v1_contract WHERE same_as IS NULL")
    assert counted == [("ted",)]
    assert rows(bench, "SELECT count(DISTINCT same_as) FROM v1_contract") == [(1,)]


def test_what_differs_in_year_supplier_title_or_cpv_is_another_contract(bench: Bench) -> None:
    tell(bench, "ted", agreed("award", "CON-1"))
    gamma = (ContractSupplier(organisation=Mention.of("Gamma", GAMMA, country="SE")),)
    tell(
        bench,
        "uhm",
        agreed("award", "1", signed_on=date(2022, 1, 7)),
        agreed("award", "2", suppliers=gamma),
        agreed("award", "3", title="Fönsterputs"),
        agreed("award", "4", cpv_main="79713000"),
        agreed("award", "5", signed_on=None),
        agreed("planned", "6"),
    )
    assert rows(bench, "SELECT count(*) FROM v1_contract WHERE same_as IS NOT NULL") == [(0,)]


def test_who_sells_to_a_buyer_is_watched_and_the_buyer_is_not(bench: Bench) -> None:
    tell(bench, "ledger", paid("60", "F1"))
    tell(
        bench,
        "ted",
        agreed("award", "1", suppliers=(ContractSupplier(organisation=Mention.of("Gamma", GAMMA, country="SE")),)),
    )
    with bench.engine.connect() as connection:
        assert watched(connection, "SE-ON") == [BETA, GAMMA]
        assert watched(connection, "NO-BRC") == []


def test_an_indicator_stands_per_group_and_goes_when_it_is_withdrawn(bench: Bench) -> None:
    women = Indicator(municipality_code="1780", indicator="N03935", year=2025, group="K", value="4.2")
    everyone = Indicator(municipality_code="1780", indicator="N03935", year=2025, value=None)
    tell(bench, "kolada", everyone, women)
    told = "SELECT municipality_code, indicator, year, population, value, source FROM v1_indicator ORDER BY population"
    assert rows(bench, told) == [
        ("1780", "N03935", 2025, "K", "4.2", "kolada"),
        ("1780", "N03935", 2025, "T", None, "kolada"),
    ]
