"""TED's search API as it was recorded, and as it is specified, read through the connector's search.

``HUB_CORPUS`` names the folder; without it, ``shared/corpus`` beside the repository is tried.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import Context, ContractBroken
from hub.testing import TestServer, fake_context, reply, serving
from hub.testing.context import open_test_client
from hub_eu_ted import query, search
from hub_eu_ted.config import TedConfig

CORPUS = Path(os.environ.get("HUB_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
API = CORPUS / "ted" / "api"
READ_HERE = {
    "deu-notices-2026.json",
    "error-400-unsupported-value.request.json",
    "error-400-unsupported-value.response.json",
    "fields.json",
    "openapi-notice-search-v3.json",
    "search-fields.json",
    "swe-2026-08-13.request.json",
    "swe-2026-08-13.response.json",
}

pytestmark = pytest.mark.skipif(
    not API.is_dir(), reason="no corpus here: set HUB_CORPUS to the folder that holds ted/api"
)


def load(name: str) -> Any:
    return json.loads((API / name).read_text("utf-8"))


@pytest.fixture
def site() -> Iterator[TestServer]:
    with serving() as server:
        yield server


@pytest.fixture
def asking(site: TestServer) -> Iterator[Context[TedConfig]]:
    with open_test_client() as client:
        yield fake_context(TedConfig(api_url=f"{site.url}/v3", site_url=site.url), client=client)


def play(site: TestServer, *answers: Any, status: int = 200) -> None:
    site.on("/v3/notices/search", *(reply(status, json.dumps(answer).encode()) for answer in answers))


def test_no_file_is_passed_over():
    assert {file.name for file in API.glob("*.json")} == READ_HERE


def test_the_recorded_swedish_hits_are_found(site: TestServer, asking: Context[TedConfig]):
    recorded = load("swe-2026-08-13.response.json")
    # It was recorded page by page, without a token, and two of its 709 hits were kept.
    page = {**recorded, "totalNoticeCount": len(recorded["notices"]), "iterationNextToken": "next"}
    play(site, page, {**page, "notices": []})
    found = search.find(asking, date(2026, 7, 14))
    assert [hit.number for hit in found] == ["483918-2026", "484062-2026"]
    assert {hit.issue for hit in found} == {None}  # it was not asked for
    assert [one["links"]["xml"]["MUL"] for one in recorded["notices"]] == [
        f"https://ted.europa.eu/en/notice/{hit.number}/xml" for hit in found
    ]


def test_a_recorded_page_without_a_token_is_refused_in_a_reading_by_token(site: TestServer, asking: Context[TedConfig]):
    recorded = load("swe-2026-08-13.response.json")
    assert recorded["iterationNextToken"] is None
    play(site, recorded)
    with pytest.raises(ContractBroken, match="iterationNextToken"):
        search.find(asking, date(2026, 7, 14))


def test_the_recorded_german_hits_are_found_on_their_days(site: TestServer, asking: Context[TedConfig]):
    notices = load("deu-notices-2026.json")
    for notice in notices:
        page = {"notices": [notice], "totalNoticeCount": 1, "iterationNextToken": "next"}
        play(site, page, {**page, "notices": []})
        (hit,) = search.find(asking, date.fromisoformat(notice["publication-date"][:10]))
        assert hit.number == notice["publication-number"]
    assert len(notices) == 2


def test_the_recorded_refusal_tells_type_field_and_place_and_not_the_message(
    site: TestServer, asking: Context[TedConfig]
):
    recorded = load("error-400-unsupported-value.response.json")
    play(site, recorded["body"], status=recorded["status"])
    with pytest.raises(ContractBroken) as caught:
        search.find(asking, date(2026, 7, 14))
    assert caught.value.reason == (
        "the search was refused: QUERY_UNSUPPORTED_FIELD_VALUE, field notice-type, column 34 of the query"
    )
    assert "XXXXXXXXXX_OGILTIGT" not in str(caught.value)


def test_requests_have_the_specified_shape():
    schemas = load("openapi-notice-search-v3.json")["components"]["schemas"]
    # Whatever the schema is called: the one that has a query, fields and a token.
    (specified,) = [
        known
        for schema in schemas.values()
        if {"query", "fields", "iterationNextToken"} <= (known := schema.get("properties", {})).keys()
    ]
    body = query.request(TedConfig(), date(2026, 7, 14), "token")
    assert body.keys() <= specified.keys()
    assert body["scope"] in specified["scope"]["enum"]
    assert body["paginationMode"] in specified["paginationMode"]["enum"]
    for name in ("swe-2026-08-13.request.json", "error-400-unsupported-value.request.json"):
        recorded = load(name)
        assert recorded.keys() <= specified.keys()
        assert {type(recorded[key]) for key in recorded} == {type(body[key]) for key in recorded}


def test_the_specification_has_each_error_that_the_search_tells_apart():
    schemas = load("openapi-notice-search-v3.json")["components"]["schemas"]
    kinds = {
        kind for schema in schemas.values() for kind in schema.get("properties", {}).get("type", {}).get("enum", [])
    }
    assert kinds >= search.STALE
    assert {"QUERY_UNKNOWN_FIELD", "QUERY_SYNTAX_ERROR"} <= kinds


def test_fields_asked_for_and_searched_by_exist():
    used = {*query.FIELDS, "buyer-country", "place-of-performance"}
    assert used <= load("fields.json").keys()
    assert used <= {row["field"] for row in load("search-fields.json")}
