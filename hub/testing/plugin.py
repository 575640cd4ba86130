"""The pytest plugin of ``integration-hub[testing]``: a publisher on the web, and a hub to throw away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # pytest loads this in every run: nothing heavy before a test asks for it
    from hub.testing.database import Database
    from hub.testing.server import TestServer


@pytest.fixture
def test_server() -> Iterator[TestServer]:
    """A :class:`hub.testing.TestServer` on this machine, for one test."""
    from hub.testing.server import serving

    with serving() as server:
        yield server


@pytest.fixture
def hub_database(tmp_path: Path) -> Iterator[Database]:
    """A :class:`hub.testing.Database`, new and empty, on SQLite."""
    from hub.testing.database import Database

    with Database(tmp_path / "hub") as database:
        yield database
