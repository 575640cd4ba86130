"""An invoice that also stands in the supplier ledger: both are kept, and its money is counted once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from hub.testing import Database
from hub_xx_peppol.connector import Peppol, PeppolConfig
from hub_xx_supplier_ledger.config import LedgerConfig
from hub_xx_supplier_ledger.connector import SupplierLedger

INVOICE = (Path(__file__).parent / "fixtures" / "xx_peppol" / "invoice.xml").read_text("utf-8")
LEDGER = """Leverantör;Organisationsnummer;Fakturanummer;Fakturadatum;Belopp exkl moms
Kooperativet Exempelbjörken;769655-5015;100;2026-02-01;969,50
"""


@pytest.fixture
def hub(tmp_path: Path, database_url: str) -> Iterator[Database]:
    with Database(tmp_path / "hub", database_url) as database:
        yield database


def read(hub: Database, invoice: str, ledger: str) -> None:
    (hub.folder / "faktura.xml").write_text(invoice, "utf-8")
    (hub.folder / "reskontra.csv").write_text(ledger, "utf-8")
    config = LedgerConfig(path="reskontra.csv", buyer="2120009994", buyer_name="Exempelköpings kommun")
    for result in (
        hub.run(Peppol(), PeppolConfig(path="faktura.xml"), source_id="efakturor"),
        hub.run(SupplierLedger(), config, source_id="reskontra"),
    ):
        assert result.outcome == "succeeded"


def spent(hub: Database) -> Decimal:
    (share,) = hub.rows("v1_spend_share")
    return Decimal(str(share["total_amount"]))


def test_an_invoice_in_the_ledger_is_counted_once(hub: Database):
    read(hub, INVOICE, LEDGER)
    rows = hub.rows("v1_payment")
    (line,) = [row for row in rows if row["line_of"] == "ledger"]
    invoiced = [row for row in rows if row["line_of"] == "invoice"]
    assert len(invoiced) == 4
    assert {row["duplicate_of"] for row in invoiced} == {line["id"]}
    assert {row["order_reference"] for row in invoiced if row["account"] == "7210"} == {"INK-100"}
    assert line["duplicate_of"] is None
    assert spent(hub) == Decimal("969.50")


@pytest.mark.parametrize(
    ("old", "new"),
    [(";100;", ";101;"), ("769655-5015", "769655-5023"), ("2026-02-01", "2023-02-01")],
    ids=["another number", "another supplier", "years away"],
)
def test_an_invoice_that_the_ledger_does_not_hold_is_counted_beside_it(hub: Database, old: str, new: str):
    assert old in LEDGER
    read(hub, INVOICE, LEDGER.replace(old, new))
    assert {row["duplicate_of"] for row in hub.rows("v1_payment")} == {None}
    assert sum(Decimal(str(row["total_amount"])) for row in hub.rows("v1_spend_share")) == Decimal("1939.00")
