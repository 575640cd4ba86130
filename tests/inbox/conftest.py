"""A hub with drop folders, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub_xx_supplier_ledger.connector import SupplierLedger
from tests.inbox import dropping


@pytest.fixture
def knows_ledgers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SupplierLedger, "recognise", dropping.recognise, raising=False)


@pytest.fixture
def box(tmp_path: Path, database_url: str, knows_ledgers: None) -> Iterator[dropping.Dropping]:
    made = dropping.Dropping(tmp_path / "hub", database_url)
    yield made
    for hub in made.opened:
        hub.close()
