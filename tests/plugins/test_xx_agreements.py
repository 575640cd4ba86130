"""Agreement catalogues and procurement plans: rows, suppliers and their ranks, options, persons. All are invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub.sdk import Complete, Contract
from hub.testing import Collected, Fixture, add_column, collect, connector_suite, fake_context, versioned
from hub_xx_agreements.config import AgreementsConfig
from hub_xx_agreements.connector import Agreements

FIXTURES = Path(__file__).parent / "fixtures" / "xx_agreements"
CATALOGUE, PLAN = "katalog_2026-03-01.csv", "upphandlingsplan_2026.csv"
BUYER = "2120002627"

TestAgreements = connector_suite(
    Agreements,
    fixtures=[
        Fixture(
            "catalogue",
            {"path": CATALOGUE, "buyer": BUYER},
            FIXTURES,
            unknown_file=lambda root: add_column(root / CATALOGUE, header=3),
            personal=("800101-1236", "Påhittad Person"),
        ),
        Fixture(
            "plan",
            {"path": PLAN, "buyer": BUYER},
            FIXTURES,
            unknown_file=lambda root: add_column(root / PLAN),
        ),
        Fixture(
            "on the web",
            lambda site: {"url": site.url + "/katalog.csv", "buyer": BUYER},
            site=lambda site: site.on("/katalog.csv", versioned((FIXTURES / CATALOGUE).read_bytes(), '"1"')),
            personal=("800101-1236", "Påhittad Person"),
        ),
    ],
)


def read(name: str = CATALOGUE, root: Path = FIXTURES, **settings: Any) -> Collected:
    config = AgreementsConfig.model_validate({"path": name, "buyer": BUYER} | settings)
    return collect(Agreements(), fake_context(config, root=root))


def table(folder: Path, *lines: str) -> Collected:
    (folder / "katalog.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return read("katalog.csv", folder)


def contracts(found: Collected) -> dict[str | None, Contract]:
    return {record.reference: record for record in found.records if isinstance(record, Contract)}


def suppliers(contract: Contract) -> list[tuple[str | None, int | None]]:
    return [(supplier.organisation.name, supplier.rank) for supplier in contract.suppliers]


def test_a_bad_row_never_loses_the_others():
    found = read()
    assert set(contracts(found)) == {"A-1", "A-2", "A-3", "A-5"}
    assert [(item.origin, item.field, item.value) for item in found.rejects] == [
        (f"{CATALOGUE}:8", "starts", "2025-02-31x"),
        (f"{CATALOGUE}:9", "reference", ""),
    ]
    assert found.items[-1] == Complete("agreements", f"{BUYER}/catalogue", 5)


def test_suppliers_have_their_ranks_and_the_contract_its_ceiling_and_last_day():
    contract = contracts(read())["A-1"]
    assert suppliers(contract) == [("Påhittade Städ AB", 1), ("Vävstugan i Norrby ek. för.", 2)]
    assert (str(contract.value), contract.amount_kind) == ("1500000.50 SEK", "framework_maximum")
    assert (contract.ends_on, contract.extendable_until) == (date(2026, 12, 31), date(2028, 12, 31))
    assert contract.buyers[0].identifier
    assert contract.buyers[0].identifier.value == BUYER


def test_a_cell_with_several_suppliers_is_divided_only_when_that_is_sure():
    found = read()
    assert suppliers(contracts(found)["A-5"]) == [("Alfa AB", 1), ("Beta AB", 2)]
    assert suppliers(contracts(found)["A-3"]) == [("Alfa AB / Beta AB", None)]
    assert ("supplier", "several suppliers in one cell") in {(drift.field, drift.value) for drift in found.drift}


def test_an_extension_is_computed_or_reported_and_an_agreement_without_end_is_running():
    found = read()
    assert contracts(found)["A-3"].extendable_until == date(2028, 3, 15)
    assert (contracts(found)["A-5"].ends_on, contracts(found)["A-5"].extendable_until) == (None, None)
    assert ("extension", "enligt avtal") in {(drift.field, drift.value) for drift in found.drift}


def test_a_person_is_a_pseudonym_and_nothing_else():
    found = read()
    (person,) = contracts(found)["A-2"].suppliers
    assert person.organisation.pseudonym
    assert person.organisation.name is None
    assert "Påhittad Person" not in repr(found)
    assert "800101" not in repr(found)


def test_planned_purchases_start_on_the_first_day_of_what_is_stated():
    found = read(PLAN)
    plans = contracts(found)
    assert {plan.kind for plan in plans.values()} == {"planned"}
    assert [(name, plan.starts_on, str(plan.value), plan.amount_kind) for name, plan in plans.items()] == [
        ("Skolmat / Barn och utbildning", date(2026, 9, 1), "12000000.00 SEK", "estimated"),
        ("Skogsvård / Teknik", date(2026, 7, 1), "450000.00 SEK", "estimated"),
    ]
    assert [(item.field, item.value) for item in found.rejects] == [("planned_start", "snart")]


def test_a_day_of_signing_that_is_none_rejects_its_row_alone(tmp_path):
    found = table(
        tmp_path,
        "Avtalsnummer;Avtalsnamn;Leverantör;Avtal tecknat",
        "A-1;Lokalvård;Alfa AB;2025-02-31",
        "A-2;Catering;Beta AB;2025-02-28",
    )
    assert {name: contract.signed_on for name, contract in contracts(found).items()} == {"A-2": date(2025, 2, 28)}
    assert [(item.field, item.value) for item in found.rejects] == [("signed", "2025-02-31")]


@pytest.mark.parametrize("address", ["ftp://host/a.csv", "katalog.csv", "https://host", "https://host/a b.csv"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValidationError, match="url"):
        AgreementsConfig(url=(address,), buyer=BUYER)


def test_one_address_may_stand_alone():
    assert AgreementsConfig.model_validate({"url": "https://host/a.csv"}).url == ("https://host/a.csv",)
