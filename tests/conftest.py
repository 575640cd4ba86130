"""Fixtures for all tests: databases."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.observe.logs import HubHandler

if sys.platform == "win32":
    collect_ignore = ["postgres.py"]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The PostgreSQL server of this test run (`tests.postgres.Server`), shared by all its workers."""
    if sys.platform == "win32":
        pytest.skip("the test server is not made for Windows")
    from tests.postgres import shared_server

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # each worker has its own folder inside the run's
    with shared_server(folder) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server) -> Iterator[str]:
    """SQLAlchemy URL of a new, empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy URL of a new, empty SQLite database (a file)."""
    return f"sqlite:///{tmp_path / 'hub.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of a new, empty database: the test runs once on each engine."""
    return request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param])


@pytest.fixture(autouse=True)
def fresh_logs() -> None:
    """Logging as Python starts with it: a command that an earlier test ran has set it up for its whole process."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    logging.getLogger("hub").setLevel(logging.NOTSET)
    for handler in [each for each in root.handlers if isinstance(each, HubHandler)]:
        root.removeHandler(handler)
