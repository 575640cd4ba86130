"""Ledgers from the web: a row store, a CKAN data store and addresses of files, all played by the test server."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.sdk import Complete, ContractBroken, Payment, SourceError, SourceUnavailable
from hub.testing import (
    Action,
    Collected,
    Database,
    Fixture,
    Handler,
    TestServer,
    add_column,
    collect,
    connector_suite,
    fake_context,
    open_test_client,
    reply,
    serving,
    versioned,
)
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.connector import SupplierLedger

BUYER, WHO = "212000-2627", "2120002627"
ROWSTORE = "/rowstore/dataset/0f3b2024-0000-4000-8000-000000002024"
DATASTORE = "/api/3/action/datastore_search"
FIXTURES = Path(__file__).parent / "fixtures" / "xx_supplier_ledger"
ROWS = [
    {
        "\ufeffkopare_id": WHO,
        "kopare": "Exempelköpings kommun",
        "verifikationsnummer": f"V{number}",
        "leverantor": f"Leverantör {number % 7}",
        "leverantor_id": str(40_000 + number % 7),
        "konto_nr": "6011",
        "konto_text": "Material",
        "belopp": f"{number},50",
        "datum": f"2025-{number % 12 + 1:02}-05",
    }
    for number in range(1, 46)
]
HEADER = "leverantor;leverantor_id;verifikationsnummer;datum;belopp\n"


def rowstore(rows: list[dict[str, str]], most: int = 20) -> Action:
    """EntryScape's row store; it gives fewer rows than it is asked for."""

    def act(handler: Handler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        offset, limit = int(asked["_offset"][0]), min(int(asked["_limit"][0]), most)
        answer = {"resultCount": len(rows), "offset": offset, "limit": limit, "results": rows[offset : offset + limit]}
        reply(200, json.dumps(answer).encode(), content_type="application/json")(handler)

    return act


def datastore(rows: list[dict[str, Any]]) -> Action:
    """CKAN's data store; amounts are JSON numbers."""

    def act(handler: Handler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        offset, limit = int(asked["offset"][0]), min(int(asked["limit"][0]), 20)
        result = {"records": rows[offset : offset + limit], "total": len(rows), "fields": []}
        reply(200, json.dumps({"success": True, "result": result}).encode(), content_type="application/json")(handler)

    return act


def ckan_rows() -> list[dict[str, Any]]:
    return [
        {"_id": number, "Leverantör": "Alfa AB", "Belopp": number + 0.25, "Fakturadatum": "2024-05-05T00:00:00",
         "Ver.nr": number, "Orgnr": None}
        for number in range(1, 31)
    ]  # fmt: skip


def play(server: TestServer) -> None:
    server.on(f"{ROWSTORE}/json", rowstore(ROWS))
    server.on(DATASTORE, datastore(ckan_rows()))
    server.on("/files/reskontra-2026-01.csv", versioned(ledger("1;1,50", "2;2,00", month="01"), '"a"'))


def ledger(*rows: str, month: str) -> bytes:
    """Rows given as ``number;amount``."""
    lines = [f"Leverantör {n};;V{n};2026-{month}-05;{amount}\n" for n, amount in (row.split(";") for row in rows)]
    return (HEADER + "".join(lines)).encode()


TestSupplierLedgerOnTheWeb = connector_suite(
    SupplierLedger,
    fixtures=[
        Fixture(
            "rowstore",
            lambda server: {"rowstore": server.url + ROWSTORE},
            site=play,
            without={"unknown_field": "an unknown key is a column, reported when the rows have come: tested below"},
        ),
        Fixture(
            "address",
            lambda server: {"url": server.url + "/files/reskontra-2026-01.csv", "buyer": BUYER},
            site=play,
            without={"unknown_field": "the same reader of columns as the saved file's"},
        ),
        Fixture(
            "saved file",
            {"path": "spec_1.1_2026-07.csv"},
            FIXTURES,
            unknown_file=lambda root: add_column(root / "spec_1.1_2026-07.csv", delimiter=","),
        ),
    ],
)


@pytest.fixture
def server() -> Iterator[TestServer]:
    with serving() as web:
        play(web)
        yield web


def read(server: TestServer, **config: Any) -> Collected:
    with open_test_client() as client:
        return collect(SupplierLedger(), fake_context(LedgerConfig(**config), client=client))


def total(found: Collected) -> Decimal:
    return sum((one.value.amount for one in found.records if isinstance(one, Payment)), Decimal(0))


def test_a_rowstore_is_read_to_its_end_with_marks_in_its_keys_and_internal_numbers(server):
    found = read(server, rowstore=server.url + ROWSTORE)
    assert len(found.records) == len(ROWS)
    assert total(found) == sum(Decimal(row["belopp"].replace(",", ".")) for row in ROWS)
    payment = found.records[0]
    assert payment.buyer.identifier is not None
    assert payment.supplier.identifier is None
    assert payment.supplier_local_number == "40001"
    assert found.drift == []
    assert [item for item in found.items if isinstance(item, Complete)] == [Complete("payments", f"{WHO}:2025", 45)]
    offsets = [parse_qs(urlsplit(asked.path).query)["_offset"] for asked in server.asked]
    assert offsets == [["0"], ["20"], ["40"]]


def test_a_key_that_nobody_knows_is_drift(server):
    server.on(f"{ROWSTORE}/json", rowstore([{**row, "hemlighet": "x"} for row in ROWS]))
    assert [drift.field for drift in read(server, rowstore=server.url + ROWSTORE).drift] == ["hemlighet"]


def test_a_datastore_is_read_with_its_numbers_as_numbers(server):
    found = read(server, datastore=f"{server.url}{DATASTORE}?resource_id=r-1", buyer=BUYER)
    assert total(found) == sum(Decimal(number) + Decimal("0.25") for number in range(1, 31))
    assert found.rejected == found.rejects == []
    assert parse_qs(urlsplit(server.asked[1].path).query)["offset"] == ["20"]


@pytest.mark.parametrize("status", [200, 404, 409])
def test_what_ckan_says_in_the_body_decides_whatever_the_status(server, status):
    said = {"success": False, "error": {"__type": "Not Found Error", "message": "Resource r-1 hittades inte"}}
    server.on(DATASTORE, reply(status, json.dumps(said).encode()))
    with pytest.raises(ContractBroken, match="Resource r-1 hittades inte"):
        read(server, datastore=f"{server.url}{DATASTORE}?resource_id=r-1", buyer=BUYER)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (reply(200, b"<html>"), "no JSON"),
        (reply(200, b'{"results": []}'), "resultCount"),
        (reply(200, b'{"resultCount": 3, "results": []}'), "0 rows came and 3 were announced"),
        (reply(200, b'{"resultCount": 3, "result": "?"}'), "the answer has no rows"),
        (reply(404, b"gone"), "404"),
    ],
)
def test_an_answer_of_another_form_is_a_clear_error(server, answer, told):
    server.on(f"{ROWSTORE}/json", answer)
    with pytest.raises(SourceError, match=told):
        read(server, rowstore=server.url + ROWSTORE)


def test_rows_published_while_they_are_read_stop_the_reading(server):
    server.on(f"{ROWSTORE}/json", rowstore(ROWS), rowstore(ROWS[:30]))
    with pytest.raises(SourceUnavailable, match="changed from 45 to 30 while"):
        read(server, rowstore=server.url + ROWSTORE)


def test_saved_answers_are_read_as_files(tmp_path):
    (tmp_path / "2025.json").write_text(json.dumps({"resultCount": 45, "results": ROWS}), encoding="utf-8")
    found = collect(SupplierLedger(), fake_context(LedgerConfig(path="2025.json"), root=tmp_path))
    assert len(found.records) == 45


def test_the_number_in_an_address_is_not_taken_for_a_year(server):
    server.on("/store/1/resource/2019", reply(200, ledger("1;1,50", month="03")))
    found = read(server, url=[server.url + "/store/1/resource/2019"], buyer=BUYER)
    assert {raw.scope for raw in found.raw} == {f"{WHO}:2026"}


def test_rows_of_a_service_are_not_kept_in_memory(server):
    def peak(count: int) -> int:
        rows = [{**ROWS[0], "verifikationsnummer": f"V{number}"} for number in range(count)]
        server.on(f"{ROWSTORE}/json", rowstore(rows, 500))
        with open_test_client() as client:
            ctx = fake_context(LedgerConfig(rowstore=server.url + ROWSTORE), client=client)
            tracemalloc.start()
            for _ in SupplierLedger().fetch(ctx):
                pass
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    # A row that was kept would take more than 1,000 bytes; its digest takes up to 36, and caches fill up meanwhile.
    assert peak(16_000) - peak(4_000) < 12_000 * 200


DAYS = (
    {"01": ledger("1;1,50", "2;2,00", month="01"), "02": ledger("3;4,00", month="02")},
    # January comes again: a late row, a changed one, one withdrawn. March is new.
    {"01": ledger("1;1,75", "9;8,00", month="01"), "02": ledger("3;4,00", month="02"),
     "03": ledger("5;16,00", month="03")},
    # March republished with more, February corrected to fewer rows.
    {"01": ledger("1;1,75", "9;8,00", month="01"), "02": ledger("4;4,00", month="02"),
     "03": ledger("5;16,00", "6;32,00", month="03")},
)  # fmt: skip


def publish(server: TestServer, day: dict[str, bytes]) -> LedgerConfig:
    urls = [
        server.on(f"/ledger/reskontra-2026-{month}.csv", versioned(body, f'"{hash(body)}"'))
        for month, body in day.items()
    ]
    return LedgerConfig(url=urls, buyer=BUYER)


def paid(database: Database) -> list[tuple[str, int]]:
    rows = database.rows("v1_payment")
    return sorted((row["document_number"], row["amount_minor"]) for row in rows if not row.get("retired_at"))


def test_three_days_of_late_changed_republished_and_removed_rows_equal_a_fresh_sync(database_url, tmp_path, server):
    with open_test_client() as client, Database(tmp_path / "daily", database_url) as daily:
        for day in DAYS:
            result = daily.run(SupplierLedger(), publish(server, day), client=client, accept_shrinking=True)
            assert result.outcome == "succeeded"
        again = daily.run(SupplierLedger(), publish(server, DAYS[-1]), client=client)
        assert again.outcome in {"succeeded", "unchanged"}
        with Database(tmp_path / "fresh") as fresh:
            fresh.run(SupplierLedger(), publish(server, DAYS[-1]), client=client)
            assert paid(daily) == paid(fresh)
        assert paid(daily) == [("V1", 175), ("V4", 400), ("V5", 1600), ("V6", 3200), ("V9", 800)]
