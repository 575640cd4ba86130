"""Backups that need not survive a power failure."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def in_no_fear_of_power_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)
