"""The publishers that the connectors of these tests read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hub.testing import Fixture, TestServer, pages, ranged, reverse_rows
from tests.testing.connectors import ROWS

LIST = "\n".join(["number;name", *(f"{row['number']};{row['name']}" for row in ROWS)]).encode()


def play(site: TestServer) -> None:
    """The publisher: five rows, two a page."""
    site.on("/rows", pages(ROWS, 2))


def paged(**more: Any) -> Fixture:
    """The fixture of all of them."""
    return Fixture("pages", config=lambda site: {"url": site.url, "token": "not-very-secret"}, site=play, **more)


def downloaded() -> Fixture:
    """The same rows, in a file on the web that knows ranges."""

    def offer(site: TestServer) -> None:
        site.on("/list.csv", ranged(LIST, '"1"'))

    return Fixture("download", config=lambda site: {"url": site.url, "token": "not-very-secret"}, site=offer)


def listed(folder: Path) -> Fixture:
    """The same rows, in a file."""
    folder.mkdir(exist_ok=True)
    (folder / "list.csv").write_bytes(LIST)
    return Fixture("list", {"path": "list.csv"}, folder, reordered=lambda root: reverse_rows(root / "list.csv"))
