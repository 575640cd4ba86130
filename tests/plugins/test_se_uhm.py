"""Upphandlingsmyndigheten's open data: what a row means, who is kept out, and the row store's pages."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from hub.sdk import Complete, Contract, ContractBroken, Notice
from hub.testing import (
    Fixture,
    TestServer,
    collect,
    connector_suite,
    fake_context,
    open_test_client,
    reply,
    reverse_rows,
)
from hub.testing.server import Handler
from hub_se_uhm import saved
from hub_se_uhm.config import UhmConfig
from hub_se_uhm.connector import Uhm
from hub_se_uhm.person import is_person

FIXTURES = Path(__file__).parent / "fixtures" / "se_uhm"
PERSONAL = ("800101-1231", "Vilma Påhittad", "Sigrid Uppdiktad")


def stored_rows(name: str) -> list[dict[str, str]]:
    """The fixture as the row store gives it: lower-case columns, a BOM before the first."""
    with (FIXTURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{heading.lower(): cell for heading, cell in row.items()} for row in csv.DictReader(file, delimiter=";")]


def serve(site: TestServer, name: str, rows: list[dict[str, str]], count: int | None = None, most: int = 500) -> None:
    def act(handler: Handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        first, size = int(query["_offset"][0]), min(int(query["_limit"][0]), most)
        answer = {"results": rows[first : first + size], "resultCount": len(rows) if count is None else count}
        reply(200, json.dumps(answer).encode(), content_type="application/json")(handler)

    site.on(f"/rowstore/dataset/{name}/json", act)


def play(site: TestServer) -> None:
    for name in ("procurements", "awards"):
        serve(site, name, stored_rows(name), most=2)


DATASETS = {"procurements": "procurements", "awards": "awards"}

TestSavedFiles = connector_suite(
    Uhm,
    fixtures=[
        Fixture(
            "saved files",
            {"path": "*.csv"},
            FIXTURES,
            reordered=lambda root: reverse_rows(root / "awards.csv"),
            personal=PERSONAL,
        )
    ],
)
TestRowStore = connector_suite(
    Uhm,
    fixtures=[
        Fixture(
            "row store",
            config=lambda site: {"rowstore": site.url, "datasets": DATASETS},
            site=play,
            personal=PERSONAL,
        )
    ],
)


def read(path: str = "*.csv", root: Path = FIXTURES):
    return collect(Uhm(), fake_context(UhmConfig(path=path), root=root))


def notices(found) -> dict[str, Notice]:
    return {record.notice_identifier: record for record in found.records if isinstance(record, Notice)}


def test_a_procurement_becomes_a_notice_with_its_flags():
    notice = notices(read())["XX1"]
    assert (notice.procedure_type, notice.published_on) == ("Öppet förfarande", date(2031, 1, 4))
    assert notice.parties[0].organisation.identifier.value == "2120002742"
    (lot,) = notice.lots
    assert (lot.reserved_participation, lot.reserved_execution) == (("reserverad",), "no")
    assert (lot.strategic, lot.cpv_main) == (("soc-obj",), "90910000")


def test_what_is_not_told_stays_unknown():
    found = notices(read())
    assert (found["XX2"].procedure_type, found["XX2"].cpv_main) == (None, None)
    assert found["XX3"].lots[0].reserved_execution is None


def test_a_foreign_buyer_number_is_kept_as_written_and_links_to_nobody():
    buyer = notices(read())["XX3"].parties[0].organisation
    assert (buyer.name, buyer.identifier, buyer.identifier_as_written) == ("ÅLÄNDSKT HAMNBOLAG", None, "02050316")


def test_a_lot_is_one_contract_with_all_its_suppliers_and_no_amount():
    contracts = [record for record in read().records if isinstance(record, Contract)]
    first = next(contract for contract in contracts if contract.lot_number == "CAN-1")
    assert len(contracts) == 2
    assert len(first.suppliers) == 3
    assert first.value is None
    assert first.framework is True
    assert {s.organisation.name for s in first.suppliers} == {"Städ i Påhittad AB", None}
    assert sum(s.organisation.pseudonym is not None for s in first.suppliers) == 2


def test_amounts_stand_on_notices_with_their_kind_exactly():
    found = notices(read())
    assert (found["XX1/values"].value.amount_minor, found["XX1/values"].value_kind) == (150000000, "framework_maximum")
    assert (found["XX2/values"].value.amount_minor, found["XX2/values"].value_kind) == (10, "awarded")


def test_each_year_is_a_scope_of_its_own():
    completes = [item for item in read().items if isinstance(item, Complete)]
    assert Complete("procurements", "2031", 3) in completes
    assert Complete("procurements", "2032", 1) in completes


@pytest.mark.parametrize(
    ("name", "number", "form", "person"),
    [
        ("Alfa AB", "5567701437", "", False),
        ("Alfa AB", "", "", False),
        ("Alfa", "", "Övriga aktiebolag", False),
        ("Vilma P", "", "", True),
        ("Vilma AB", "", "Fysiska personer", True),
        ("Enskild näringsidkare 7", "", "Övriga aktiebolag", True),
        ("Alfa AB", "800101-1232", "Övriga aktiebolag", True),
    ],
)
def test_a_person_is_told_by_number_form_or_a_name_without_company(name, number, form, person):
    assert is_person(name, number, form, buyer=False) is person


def test_a_statistics_table_is_named_and_other_files_still_count(tmp_path):
    (tmp_path / "a.csv").write_bytes((FIXTURES / "values.csv").read_bytes())
    (tmp_path / "b.csv").write_text("År,Typ av socialt hållbar upphandling,Antal\n2031,Annat,4\n", "utf-8")
    found = read(".", tmp_path)
    assert [reject.reason for reject in found.rejects] == [
        "no rows of procurements: the file holds counts of procurements by social aim"
    ]
    assert [item for item in found.items if isinstance(item, Complete)] == [Complete("values", "2031", 2)]


def test_beside_a_file_of_unknown_headings_nothing_is_complete(tmp_path):
    (tmp_path / "a.csv").write_bytes((FIXTURES / "values.csv").read_bytes())
    (tmp_path / "b.csv").write_text("x;y\n1;2\n", "utf-8")
    found = read(".", tmp_path)
    assert found.rejects[0].whole
    assert not [item for item in found.items if isinstance(item, Complete)]


def test_a_packed_file_says_the_same(tmp_path):
    (tmp_path / "values.csv.gz").write_bytes(gzip.compress((FIXTURES / "values.csv").read_bytes()))
    assert read(".", tmp_path).records == read("values.csv").records


def test_a_file_that_swells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "RATIO_LIMIT", 5)
    (tmp_path / "values.csv.gz").write_bytes(gzip.compress(b"a;b\n" * 100_000))
    with pytest.raises(ContractBroken, match="unpacks to more than"):
        read(".", tmp_path)


@pytest.mark.parametrize("figure", ["1.460", "tusen"])
def test_a_figure_that_is_none_or_two_is_rejected(tmp_path, figure):
    text = (FIXTURES / "values.csv").read_text("utf-8").replace("1500000", figure)
    (tmp_path / "values.csv").write_text(text, "utf-8")
    found = read(".", tmp_path)
    assert [error.field for error in found.rejected] == ["kontrakterat värde"]
    assert list(notices(found)) == ["XX2/values"]


def test_a_row_store_that_changes_meanwhile_breaks_the_run(test_server):
    serve(test_server, "values", stored_rows("values"), count=3)
    config = UhmConfig(rowstore=test_server.url, datasets={"values": "values"})
    with open_test_client() as client, pytest.raises(ContractBroken, match="says 3 rows and gives 2"):
        collect(Uhm(), fake_context(config, client=client))


def test_a_whole_file_is_read_by_its_address(test_server):
    test_server.on("/v.csv", reply(200, (FIXTURES / "values.csv").read_bytes()))
    config = UhmConfig(files={"values": f"{test_server.url}/v.csv"})
    with open_test_client() as client:
        found = collect(Uhm(), fake_context(config, client=client))
    assert set(notices(found)) == {"XX1/values", "XX2/values"}


def test_losers_become_tenderers_of_their_lot(tmp_path):
    text = (FIXTURES / "awards.csv").read_text("utf-8").replace("Antal kontrakterade anbud*", "Antal anbud")
    (tmp_path / "t.csv").write_text(text, "utf-8")
    parties = notices(read(".", tmp_path))["XX1/tenderers"].parties
    assert [(party.role, party.lot_number) for party in parties].count(("tenderer", "CAN-1")) == 3


def test_path_and_addresses_exclude_each_other():
    with pytest.raises(ValidationError, match="two ways"):
        UhmConfig(path="x", files={"values": "http://127.0.0.1/x"})
