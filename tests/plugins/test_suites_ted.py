"""The TED connector keeps every connector's promises over HTTP and with saved packages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from hub.sdk import RawRecord
from hub.testing import Fixture, TestServer, connector_suite, reply
from hub.testing.server import Handler
from hub_eu_ted.connector import Ted

FIXTURES: Final = Path(__file__).parent / "fixtures" / "eu_ted"
PUBLISHED: Final = {
    date(2024, 5, 2): ("competition", "change", "modification", "result"),
    date(2024, 5, 3): ("withheld", "republished"),
}
"""Which fixtures the played site has, by the day on which its search says that they were published."""
NOW: Final = datetime(2024, 5, 4, 12, tzinfo=UTC)
CONTACTS: Final = ("Anna Andersson", "anna.andersson@exempel.se", "+46 70 000 00 00")


def number_of(name: str) -> str:
    text = (FIXTURES / f"{name}.xml").read_text("utf-8")
    found = re.search(r"NoticePublicationID[^>]*>0*(\d+-\d{4})<", text)
    assert found, name
    return found[1]


def search(handler: Handler) -> None:
    """All of a day on the first page, nothing on the second."""
    body = json.loads(handler.told.asked[-1].body)
    day = date.fromisoformat(re.findall(r"publication-date >= (\d{8})", body["query"])[0])
    hits = [
        {"publication-number": number_of(name), "publication-date": f"{day}+02:00", "ojs-number": f"{day:%j}/2024"}
        for name in PUBLISHED.get(day, ())
    ]
    shown = [] if "iterationNextToken" in body else hits
    answer = {"notices": shown, "totalNoticeCount": len(hits), "iterationNextToken": "next", "timedOut": False}
    reply(200, json.dumps(answer).encode(), content_type="application/json")(handler)


def play(site: TestServer) -> None:
    site.on("/v3/notices/search", search)
    for names in PUBLISHED.values():
        for name in names:
            body = (FIXTURES / f"{name}.xml").read_bytes()
            site.on(f"/en/notice/{number_of(name)}/xml", reply(200, body, content_type="application/xml"))


def unknown_element(raw: RawRecord) -> RawRecord:
    """An element that no version of eForms has."""
    assert isinstance(raw.payload, bytes)
    end = raw.payload.rindex(b"</")
    return replace(raw, payload=raw.payload[:end] + b"<hub_unknown_field>x</hub_unknown_field>" + raw.payload[end:])


TestTedOnTheWeb = connector_suite(
    Ted,
    fixtures=[
        Fixture(
            "search",
            lambda site: {"api_url": f"{site.url}/v3", "site_url": site.url, "since": "2024-05-01"},
            site=play,
            unknown=unknown_element,
            personal=CONTACTS,
            now=NOW,
        )
    ],
)

TestTedFiles = connector_suite(
    Ted,
    fixtures=[Fixture("notices", {"path": "*.xml"}, FIXTURES, unknown=unknown_element, personal=CONTACTS)],
)
