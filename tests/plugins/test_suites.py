"""The bundled connectors keep every connector's promises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hub.sdk import RawRecord
from hub.testing import Fixture, add_column, connector_suite, reverse_rows
from hub_eu_ted.connector import Ted
from hub_se_bolagsverket.connector import Bolagsverket
from hub_xx_membership_list.connector import MembershipList
from hub_xx_supplier_ledger.connector import SupplierLedger

FIXTURES = Path(__file__).parent / "fixtures"


def unknown_element(raw: RawRecord) -> RawRecord:
    """An element that no version of eForms or TED XML has."""
    assert isinstance(raw.payload, bytes)
    end = raw.payload.rindex(b"</")
    return replace(raw, payload=raw.payload[:end] + b"<hub_unknown_field>x</hub_unknown_field>" + raw.payload[end:])


TestTed = connector_suite(
    Ted,
    fixtures=[Fixture("notices", {"path": "*.xml"}, FIXTURES / "eu_ted", unknown=unknown_element)],
)

TestBolagsverket = connector_suite(
    Bolagsverket,
    fixtures=[
        Fixture(
            "bulk file",
            {"path": "bulk.txt"},
            FIXTURES / "se_bolagsverket",
            reordered=lambda root: reverse_rows(root / "bulk.txt"),
            personal=("850709-9805",),
        )
    ],
)

TestMembershipList = connector_suite(
    MembershipList,
    fixtures=[
        Fixture(
            "network",
            {
                "path": "naringsliv_2026-03-01.csv",
                "register": "se_test",
                "register_name": "Idéburna nätverket",
                "columns": {"name": "Medlem", "identifier": "Org.nr", "valid_from": "Medlem sedan"},
                "ignore": ["Kontaktperson"],
            },
            FIXTURES / "xx_membership_list",
            unknown_file=lambda root: add_column(root / "naringsliv_2026-03-01.csv", header=4),
            personal=("Vilma Påhittad",),
        )
    ],
)

LEDGER = "spec_1.1_2026-07.csv"
TestSupplierLedger = connector_suite(
    SupplierLedger,
    fixtures=[
        Fixture(
            "specification",
            {"path": LEDGER},
            FIXTURES / "xx_supplier_ledger",
            unknown_file=lambda root: add_column(root / LEDGER, delimiter=","),
            reordered=lambda root: reverse_rows(root / LEDGER),
        ),
        Fixture(
            "persons",
            {"path": "persons_2026-07.csv"},
            FIXTURES / "xx_supplier_ledger",
            unknown_file=lambda root: add_column(root / "persons_2026-07.csv", delimiter=","),
            personal=("800101-1231", "Påhittad Person"),
        ),
    ],
)
