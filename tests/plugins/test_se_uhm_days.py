"""Three days of a row store whose sets are replaced: what is stored then equals a fresh reading of the last day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.testing import Database, TestServer, open_test_client, reply
from hub.testing.server import Handler
from hub_se_uhm.config import UhmConfig
from hub_se_uhm.connector import Uhm

VIEWS = ("v1_notice", "v1_lot", "v1_notice_party", "v1_contract", "v1_contract_supplier")


def row(number: int, **more: str) -> dict[str, str]:
    return {
        "\ufeffår": "2031",
        "namn för köpare": "PÅHITTADS KOMMUN",
        "organisationsnummer för köpare": "2120002742",
        "typ av avtal": "Kontrakt",
        "upphandlings-id": f"XX{number}",
        "upphandlingens titel": f"Köp {number}",
        "publiceringsdatum": "2031-01-04",
    } | more


def award(number: int, supplier: str) -> dict[str, str]:
    return row(number, **{"anbudsområdes-id": f"CAN-{number}", "namn för leverantör": supplier})


AWARDS = [award(number, f"Leverantör {number} AB") for number in range(10)]
VALUES = [row(number, **{"kontrakterat värde": str(number * 1000)}) for number in range(10)]
CHANGED = [award(3, "Efterträdaren AB"), row(3, **{"kontrakterat värde": "77"})]
DAYS = [
    (AWARDS, VALUES),
    # One supplier and one amount changed, one row of each removed, a second supplier come late.
    (
        [*AWARDS[:3], CHANGED[0], *AWARDS[4:9], award(5, "Sena Bolaget AB")],
        [*VALUES[:3], CHANGED[1], *VALUES[4:9]],
    ),
    # The removed rows are back, another has gone, and a new procurement has come.
    (
        [*AWARDS[:3], CHANGED[0], *AWARDS[5:], award(5, "Sena Bolaget AB"), award(11, "Nykomlingen AB")],
        [*VALUES[:3], CHANGED[1], *VALUES[5:], row(11, **{"kontrakterat värde": "5"})],
    ),
]


def serve(site: TestServer, day: int) -> UhmConfig:
    for name, rows in zip(("awards", "values"), DAYS[day], strict=True):

        def act(handler: Handler, rows: list[dict[str, str]] = rows) -> None:
            offset = int(parse_qs(urlsplit(handler.path).query)["_offset"][0])
            reply(200, json.dumps({"results": rows[offset : offset + 4], "resultCount": len(rows)}).encode())(handler)

        site.on(f"/rowstore/dataset/{name}/json", act)
    return UhmConfig(rowstore=site.url, datasets={"awards": "awards", "values": "values"})


def read(database: Database, site: TestServer, day: int) -> Any:
    config = serve(site, day)
    with open_test_client() as client:
        return database.run(Uhm(), config, client=client, now=datetime(2032, 1, 1 + day, tzinfo=UTC))


def plain(value: object) -> object:
    """One form for both engines: SQLite has no truth values, and keeps lists as JSON text."""
    if isinstance(value, list):
        return json.dumps(value)
    return int(value) if isinstance(value, bool) else value


def told(database: Database) -> dict[str, list[str]]:
    return {
        view: sorted(
            json.dumps({name: plain(cell) for name, cell in row.items()}, default=str, sort_keys=True)
            for row in database.rows(view)
        )
        for view in VIEWS
    }


@pytest.fixture
def followed(tmp_path: Path, database_url: str, test_server: TestServer):
    with Database(tmp_path / "followed", database_url) as database:
        results = [read(database, test_server, day) for day in range(3)]
        yield database, results


def test_following_the_days_equals_a_fresh_reading(followed, tmp_path, test_server):
    database, results = followed
    assert [str(result.outcome) for result in results] == ["succeeded"] * 3
    with Database(tmp_path / "fresh") as fresh:
        read(fresh, test_server, 2)
        expected = told(fresh)
    found = told(database)
    assert len(found["v1_contract"]) == len(found["v1_notice"]) == 10
    assert len(found["v1_contract_supplier"]) == 11
    assert found == expected
