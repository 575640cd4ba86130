"""Three days of an API that tells what changed: what is stored then equals a fresh reading of the last day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hub.testing import Database, TestServer, open_test_client, reply
from hub.testing.server import Handler
from hub_se_kolada.connector import Kolada, KoladaConfig

Values = dict[tuple[str, int], str | None]
DAYS: list[Values] = [
    {("1780", 2024): "7.10", ("1780", 2025): "8.0", ("1280", 2025): "3.25"},
    # One changed, one published late and missing, one deleted.
    {("1780", 2024): "7.10", ("1780", 2025): "8.5", ("1860", 2025): None},
    # The deleted one is back, another goes.
    {("1780", 2025): "8.5", ("1860", 2025): "1", ("1280", 2025): "3.25"},
]


def serve(site: TestServer, day: int, *, asked: list[str]) -> KoladaConfig:
    now, before = DAYS[day], DAYS[day - 1] if day else {}

    def data(handler: Handler) -> None:
        query = parse_qs(urlsplit(handler.path).query)
        asked.append(query.get("from_date", [""])[0])
        told = {key: (value, False) for key, value in now.items()}
        if "from_date" in query:
            told = {key: pair for key, pair in told.items() if before.get(key, "?") != pair[0]}
            told |= {key: (before[key], True) for key in before if key not in now}
        members = [
            f'{{"kpi": "N00120", "municipality": "{place}", "period": {year}, "values": [{{"gender": "T", "count": 1,'
            f' "status": "", "value": {value or "null"}, "is_deleted": {json.dumps(gone)}}}]}}'
            for (place, year), (value, gone) in told.items()
        ]
        page = int(query.get("page", ["1"])[-1])
        following = f"{site.url}{handler.path}&page={page + 1}" if page < len(members) else None
        body = f'{{"values": [{", ".join(members[page - 1 : page])}], "count": 1, "next_url": {json.dumps(following)}}}'
        reply(200, body.encode())(handler)

    title = {"values": [{"id": "N00120", "title": "Köp av verksamhet", "is_divided_by_gender": 0}], "count": 1}
    site.on("/v3/kpi/N00120", reply(200, json.dumps(title).encode()))
    site.on("/v3/data/", data)
    return KoladaConfig(municipalities=("1780", "1280", "1860"), kpis=("N00120",), api_url=f"{site.url}/v3")


def read(database: Database, site: TestServer, day: int, asked: list[str]) -> Any:
    config = serve(site, day, asked=asked)
    with open_test_client() as client:
        return database.run(Kolada(), config, client=client, now=datetime(2032, 1, 10 + day, tzinfo=UTC))


def told(database: Database) -> list[tuple[Any, ...]]:
    names = ("municipality_code", "indicator", "year", "population", "value", "title")
    return sorted(tuple(str(row[name]) for name in names) for row in database.rows("v1_indicator"))


def test_three_days_of_changes_equal_a_fresh_reading(
    tmp_path: Path, database_url: str, test_server: TestServer
) -> None:
    asked: list[str] = []
    with Database(tmp_path / "followed", database_url) as followed, Database(tmp_path / "fresh") as fresh:
        for day in range(3):
            assert read(followed, test_server, day, asked).outcome in ("succeeded", "unchanged")
        assert asked[0] == ""
        assert set(asked[3:]) == {"2032-01-08", "2032-01-09"}
        read(fresh, test_server, 2, asked)
        expected = {(place, "N00120", str(year), "T", str(value)) for (place, year), value in DAYS[2].items()}
        assert {row[:5] for row in told(fresh)} == expected
        assert told(followed) == told(fresh)
        assert {row[5] for row in told(followed)} == {"Köp av verksamhet"}
