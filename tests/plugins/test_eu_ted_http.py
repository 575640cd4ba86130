"""TED over HTTP: found by search, read from XML and packages, day by day; the service is played on this machine."""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import Checkpoint, Complete, ContractBroken, SourceUnavailable
from hub.testing import Database, TestServer, collect, fake_context, reply, serving
from hub.testing.context import Collected, open_test_client
from hub.testing.server import Handler
from hub_eu_ted.config import TedConfig
from hub_eu_ted.connector import Ted
from hub_eu_ted.package import members, publication_of
from hub_eu_ted.search import issue

FIXTURES = Path(__file__).parent / "fixtures" / "eu_ted"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
ISSUES = {MONDAY: "42/2026", TUESDAY: "43/2026", WEDNESDAY: "44/2026"}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Published:
    """One notice at TED. Without XML its rendering is never ready."""

    number: str
    day: date
    title: str = "städning"
    identifier: str = ""
    ready: bool = True

    @property
    def xml(self) -> bytes:
        identifier = self.identifier or f"aaaaaaaa-0001-4000-8000-{int(self.number[:-5]):012d}"
        text = (FIXTURES / "competition.xml").read_text("utf-8")
        for old, new in (
            ("00312345-2024", f"{self.number:0>13}"),
            ("2024-05-02Z", f"{self.day}Z"),
            ("86/2024", ISSUES[self.day]),
            ("aaaaaaaa-0001-4000-8000-000000000001", identifier),
            ("städning", self.title),
        ):
            assert old in text
            text = text.replace(old, new)
        return text.encode()


@dataclass
class Played:
    """TED: a search that pages by token over what stood there when it began, notices, and packages."""

    site: TestServer
    notices: list[Published]
    page: int = 2
    timed_out: int = 0
    frozen: dict[str, tuple[list[Published], int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site.on("/v3/notices/search", self.search)
        self.show()

    def show(self) -> None:
        for one in self.notices:
            ready = reply(200, one.xml, content_type="application/xml")
            self.site.on(f"/en/notice/{one.number}/xml", ready if one.ready else reply(202))

    def search(self, handler: Handler) -> None:
        body = json.loads(self.site.asked[-1].body)
        assert body["scope"] == "ALL"
        assert body["paginationMode"] == "ITERATION"
        assert body["limit"] <= 250
        assert len(body["fields"]) * body["limit"] <= 10_000
        first, last = re.findall(r"publication-date [<>]= (\d{8})", body["query"])
        if token := body.get("iterationNextToken"):
            rows, start = self.frozen[token]
        else:
            rows, start = [one for one in self.notices if first <= f"{one.day:%Y%m%d}" <= last], 0
        shown = rows[start : start + self.page]
        following = f"token {len(self.frozen)}"
        self.frozen[following] = (rows, start + len(shown))
        timed_out, self.timed_out = self.timed_out > 0, self.timed_out - 1
        hits = [
            {
                "publication-number": one.number,
                "publication-date": f"{one.day}+01:00",
                "ojs-number": ISSUES[one.day],
                "links": {"xml": {"MUL": "…"}},
            }
            for one in shown
        ]
        answer = {
            "notices": hits[:1] if timed_out else hits,
            "totalNoticeCount": len(rows),
            "iterationNextToken": following,
            "timedOut": timed_out,
        }
        reply(200, json.dumps(answer).encode(), content_type="application/json")(handler)

    def pack(self, day: date, *more: tuple[str, bytes]) -> None:
        number = ISSUES[day].partition("/")[0]
        files = [(f"{day:%Y%m%d}_{number}/{one.number[:-5]:0>8}_2026.xml", one.xml) for one in self.notices]
        self.site.on(f"/packages/daily/2026{int(number):05d}", reply(200, packed(*files, *more)))

    def asked(self, path: str) -> int:
        return sum(one.path.startswith(path) for one in self.site.asked)


def packed(*files: tuple[str, bytes]) -> bytes:
    store = io.BytesIO()
    with tarfile.open(fileobj=store, mode="w:gz") as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return store.getvalue()


def config(site: TestServer, **more: Any) -> TedConfig:
    return TedConfig(api_url=f"{site.url}/v3", site_url=site.url, **{"since": MONDAY, **more})


def read(site: TestServer, *, now: date = TUESDAY, window: Any = None, cursor: Any = None, **more: Any) -> Collected:
    connector = Ted()
    with open_test_client(hosts=connector.manifest.hosts) as client:
        context = fake_context(config(site, **more), now=noon(now), window=window, cursor=cursor, client=client)
        return collect(connector, context)


def keys(found: Collected) -> list[str]:
    return [raw.key for raw in found.raw]


def some(count: int, day: date = MONDAY, first: int = 100_001) -> list[Published]:
    return [Published(f"{first + index}-2026", day) for index in range(count)]


@pytest.fixture
def site() -> Iterator[TestServer]:
    with serving() as server:
        yield server


# Finding


def test_all_pages_are_read_by_their_token_until_one_is_empty(site: TestServer):
    played = Played(site, some(5))
    found = read(site, now=MONDAY)
    assert keys(found) == [one.number for one in played.notices]
    assert played.asked("/v3/") == 4
    assert "iterationNextToken" not in json.loads(site.asked[0].body)
    assert found.items[-2:-1] == [Complete("notices", "2026-03-02", 5)]


def test_the_search_names_countries_in_three_letters_and_the_further_condition(site: TestServer):
    Played(site, [])
    read(site, now=MONDAY, countries=("SE", "NO"), query="classification-cpv = 85*")
    assert json.loads(site.asked[0].body)["query"] == (
        "(buyer-country IN (SWE NOR) OR place-of-performance IN (SWE NOR))"
        " AND publication-date >= 20260302 AND publication-date <= 20260302 AND (classification-cpv = 85*)"
    )


def test_a_release_between_two_pages_shifts_nothing(site: TestServer):
    played = Played(site, some(4))

    def released(handler: Handler) -> None:
        played.notices = [*some(3, first=1), *played.notices]
        played.search(handler)

    site.on("/v3/notices/search", played.search, released, played.search)
    assert keys(read(site, now=MONDAY)) == [f"{number}-2026" for number in range(100_001, 100_005)]


def test_a_page_that_timed_out_is_asked_for_again(site: TestServer):
    Played(site, some(2), timed_out=2)
    assert len(read(site, now=MONDAY).raw) == 2


def test_a_search_that_keeps_timing_out_ends_the_run(site: TestServer):
    Played(site, some(2), timed_out=9)
    with pytest.raises(SourceUnavailable, match="timedOut"):
        read(site, now=MONDAY)


@pytest.mark.parametrize("kind", ["EXPIRED_ITERATION_TOKEN", "INVALID_ITERATION_TOKEN"])
def test_a_token_that_ran_out_begins_the_day_again(site: TestServer, kind: str):
    played = Played(site, some(3))
    refusal = reply(400, json.dumps({"message": "token", "error": {"type": kind}}).encode())
    site.on("/v3/notices/search", played.search, refusal, played.search)
    assert keys(read(site, now=MONDAY)) == [one.number for one in played.notices]


def test_tokens_that_always_run_out_end_the_run(site: TestServer):
    body = json.dumps({"message": "token", "error": {"type": "EXPIRED_ITERATION_TOKEN"}}).encode()
    site.on("/v3/notices/search", reply(400, body))
    with pytest.raises(SourceUnavailable, match="ran out 3 times"):
        read(site)


def test_a_refused_field_is_named_and_the_list_of_all_fields_is_not(site: TestServer, caplog):
    error = {
        "message": "Field 'ojs-nummer' is unknown, supported are: AA, AC, buyer-country, notice-title",
        "error": {"type": "QUERY_UNKNOWN_FIELD", "location": {"beginColumn": 4}, "fieldName": "ojs-nummer"},
    }
    site.on("/v3/notices/search", reply(400, json.dumps(error).encode()))
    with pytest.raises(ContractBroken, match="QUERY_UNKNOWN_FIELD, field ojs-nummer, column 4") as caught:
        read(site)
    assert "notice-title" not in str(caught.value) + caplog.text


def one_hit(published: object, **more: str) -> bytes:
    hit = {"publication-number": "1-2026", "publication-date": published}
    return json.dumps({"notices": [hit], "totalNoticeCount": 1, **more}).encode()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<html>", "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"notices": []}', "totalNoticeCount"),
        (b'{"notices": ["x"], "totalNoticeCount": 1, "iterationNextToken": "t"}', "no object"),
        (b'{"notices": [{}], "totalNoticeCount": 1, "iterationNextToken": "t"}', "no readable publication-number"),
        (b'{"notices": [{}, {}], "totalNoticeCount": 1, "iterationNextToken": "t"}', "told of 1 notices"),
        (
            one_hit("2026-02-01+01:00", iterationNextToken="t"),
            "asked for notices of 2026-03-02, got 1-2026 of 2026-02-01",
        ),
        (
            one_hit(["2026-03-02Z"]),
            "iterationNextToken",
        ),
    ],
)
def test_an_answer_that_is_not_as_documented_says_what_is_wrong(site: TestServer, answer: bytes, reason: str):
    site.on("/v3/notices/search", reply(200, answer))
    with pytest.raises(ContractBroken, match=reason):
        read(site)


def test_fewer_notices_than_were_told_are_no_whole_day(site: TestServer):
    site.on("/v3/notices/search", reply(200, b'{"notices": [], "totalNoticeCount": 7}'))
    with pytest.raises(SourceUnavailable, match="told of 7 notices on 2026-03-02 and gave 0"):
        read(site)


def test_a_host_that_asks_for_a_pause_is_asked_again_after_it(site: TestServer):
    played = Played(site, some(1))
    site.on("/v3/notices/search", reply(429, retry_after="3"), played.search)
    site.on("/en/notice/100001-2026/xml", reply(429, retry_after="3"), reply(200, played.notices[0].xml))
    assert keys(read(site, now=MONDAY)) == ["100001-2026"]


@pytest.mark.parametrize(
    ("written", "package"),
    [
        ("157/2026", "202600157"),
        ("OJ S 157/2026", "202600157"),
        ("2026/S 7", "202600007"),
        ("7", "202600007"),
        ("", None),
        ("157-2026", None),
    ],
)
def test_issue_numbers(written: str, package: str | None):
    assert issue(written, MONDAY) == package


# Reading


@pytest.mark.parametrize(
    "answer", [reply(202), reply(200), reply(404), reply(200, b"<html>", content_type="text/html")]
)
def test_xml_that_is_not_ready_is_asked_for_again_after_the_others(site: TestServer, answer: Any):
    played = Played(site, some(2))
    site.on("/en/notice/100001-2026/xml", answer, reply(200, played.notices[0].xml))
    found = read(site, now=MONDAY)
    assert keys(found) == ["100002-2026", "100001-2026"]
    assert not found.rejects


def test_xml_that_never_comes_is_taken_from_the_package(site: TestServer):
    played = Played(site, [replace(one, ready=False) for one in some(2)])
    played.pack(MONDAY)
    found = read(site, now=MONDAY)
    assert keys(found) == ["100001-2026", "100002-2026"]
    assert not found.rejects


def test_a_notice_that_cannot_be_had_is_told_and_holds_the_cursor(site: TestServer):
    late = Published("100003-2026", MONDAY, ready=False)
    played = Played(site, [*some(2), late, *some(1, TUESDAY, 200_001)])
    found = read(site)
    assert keys(found) == ["100001-2026", "100002-2026", "200001-2026"]
    (told,) = found.rejects
    assert (told.key, told.whole) == ("100003-2026", True)
    assert [item.scope for item in found.items if isinstance(item, Complete)] == ["2026-03-03"]
    assert not [item for item in found.items if isinstance(item, Checkpoint)]
    played.notices[2] = replace(late, ready=True)
    played.show()
    assert "100003-2026" in keys(read(site))


def test_what_is_no_notice_is_rejected_and_its_day_not_called_whole(site: TestServer):
    played = Played(site, some(3))
    site.on("/en/notice/100001-2026/xml", reply(200, b"<broken"))
    site.on("/en/notice/100002-2026/xml", reply(200, played.notices[2].xml))
    found = read(site, now=MONDAY)
    assert keys(found) == ["100003-2026"]
    assert [told.reason[:20] for told in found.rejects] == ["not well-formed XML,", "the XML is another n"]
    assert not [item for item in found.items if isinstance(item, Complete)]


# History


def test_a_window_is_read_from_packages_with_what_was_found_alone(site: TestServer):
    played = Played(site, some(3))
    played.pack(MONDAY, ("20260302_42/00999999_2026.xml", b"not even read"))
    found = read(site, now=WEDNESDAY, window=(MONDAY, TUESDAY))
    assert keys(found) == ["100001-2026", "100002-2026", "100003-2026"]
    assert played.asked("/packages/daily/202600042") == 1
    assert played.asked("/en/") == 0


def test_a_window_without_its_package_is_read_notice_by_notice(site: TestServer):
    Played(site, some(2))
    assert len(read(site, now=WEDNESDAY, window=(MONDAY, TUESDAY)).raw) == 2


def test_a_window_goes_on_at_the_day_it_broke_off(site: TestServer):
    Played(site, [*some(1), *some(1, TUESDAY, 200_001)])
    cursor = {"published": {"at": "2026-03-03T00:00:00+00:00", "read": []}}
    found = read(site, now=WEDNESDAY, window=(MONDAY, WEDNESDAY), cursor=cursor)
    assert keys(found) == ["200001-2026"]


def test_a_saved_package_gives_the_notices_of_the_countries(tmp_path: Path):
    swedish = Published("100001-2026", MONDAY).xml
    norwegian = swedish.replace(b">SWE<", b">NOR<").replace(b">SE110<", b">NO081<").replace(b"0001-2026", b"0002-2026")
    performed = norwegian.replace(b">NO081<", b">SE110<").replace(b"0002-2026", b"0003-2026")
    (tmp_path / "day.tar.gz").write_bytes(
        packed(("d/1.xml", swedish), ("d/2.xml", norwegian), ("d/3.xml", performed), ("d/4.xml", b"<x"))
    )
    (tmp_path / "single.xml").write_bytes(norwegian)
    found = collect(Ted(), fake_context(TedConfig(path="*"), root=tmp_path))
    assert keys(found) == ["100001-2026", "100003-2026", "100002-2026"]
    assert [told.origin for told in found.rejects] == ["day.tar.gz, 4.xml"]


def test_packages_that_no_publisher_makes_are_refused(tmp_path: Path):
    link = tarfile.TarInfo("d/1.xml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    store = io.BytesIO()
    with tarfile.open(fileobj=store, mode="w:gz") as archive:
        archive.addfile(link)
    whole = packed(("d/1.xml", Published("1-2026", MONDAY).xml))
    bad = {
        "a link": store.getvalue(),
        "leads out": packed(("../1.xml", b"x")),
        "more than 1:100": packed(("1.txt", bytes(60 << 20))),
        "cut off": whole[: len(whole) // 2],
        "no tar.gz": b"<html>",
        "bytes": gzip.compress(big_member()),
    }
    for reason, data in bad.items():
        file = tmp_path / "p.tar.gz"
        file.write_bytes(data)
        with pytest.raises(ContractBroken, match=reason):
            list(members(file))


def big_member() -> bytes:
    entry = tarfile.TarInfo("1.xml")
    entry.size = 65 << 20
    return entry.tobuf()


def test_a_members_name_tells_its_number():
    assert publication_of("20240813_157/00497414_2024.xml") == "497414-2024"
    assert publication_of("20110107_4/005302_2011.xml") == "5302-2011"
    assert publication_of("readme.xml") is None


# Day after day


OF_THE_RUN = re.compile(r"_at$|origin")
VIEWS = (
    "v1_notice",
    "v1_lot",
    "v1_notice_party",
    "v1_contract",
    "v1_organisation",
    "v1_identifier",
    "v1_quarantine",
    "v1_drift",
)


def told(database: Database) -> dict[str, list[dict[str, Any]]]:
    """What the hub tells today, without when it first did."""
    return {
        view: sorted(
            (
                {name: value for name, value in row.items() if not OF_THE_RUN.search(name)}
                for row in database.rows(view)
                if not row.get("resolved_at")
            ),
            key=repr,
        )
        for view in VIEWS
    }


def added_up(database: Database) -> list[dict[str, Any]]:
    """What a reader of the change feed holds; verdicts tell when an organisation was first seen, and that differs."""
    rows = database.content()["what v1_change adds up to"]
    return [row for row in rows if not row["entity"].startswith("social")]


@pytest.fixture
def other_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second database on the same engine."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other.sqlite'}"
    else:
        with request.getfixturevalue("postgres_server").database() as url:
            yield url


def test_three_days_with_late_changed_republished_and_removed_notices_equal_a_fresh_read(
    site: TestServer, tmp_path: Path, database_url: str, other_url: str
):
    def run(database: Database, day: date) -> str:
        connector = Ted()
        with open_test_client(hosts=connector.manifest.hosts) as client:
            return database.run(connector, config(site), client=client, now=noon(day)).outcome

    first = some(6)
    played = Played(site, list(first))
    with Database(tmp_path / "daily", database_url) as daily:
        assert run(daily, MONDAY) == "succeeded"
        assert len(daily.rows("v1_notice")) == 6
        changed = replace(first[1], title="rättad")
        again = Published("200001-2026", TUESDAY, identifier=f"aaaaaaaa-0001-4000-8000-{100_001:012d}")
        unready = Published("200002-2026", TUESDAY, ready=False)
        late = Published("100009-2026", MONDAY)
        played.notices = [first[0], changed, *first[3:], late, again, unready]
        played.show()
        assert run(daily, TUESDAY) == "partial"
        played.notices = [*played.notices[:-1], replace(unready, ready=True), *some(1, WEDNESDAY, 300_001)]
        played.show()
        assert run(daily, WEDNESDAY) == "succeeded"
        numbers = {row["publication_number"] for row in daily.rows("v1_notice")}
        assert {"100009-2026", "200001-2026", "200002-2026", "300001-2026"} <= numbers
        assert "100003-2026" not in numbers
        with Database(tmp_path / "fresh", other_url) as fresh:
            assert run(fresh, WEDNESDAY) == "succeeded"
            expected = told(fresh)
            summed = added_up(fresh)
        assert [row["title"] for row in expected["v1_notice"]].count("Café och rättad") == 1
        assert told(daily) == expected
        assert added_up(daily) == summed
        assert run(daily, WEDNESDAY) == "unchanged"


def test_a_site_that_is_down_fails_the_run_and_retires_nothing(site: TestServer, tmp_path: Path):
    connector = Ted()
    for spoilt in (1, 3, 6):
        site.forget()
        Played(site, some(3))
        with (
            Database(tmp_path / str(spoilt)) as database,
            open_test_client(hosts=connector.manifest.hosts) as client,
        ):
            assert database.run(connector, config(site), client=client, now=noon(MONDAY)).outcome == "succeeded"
            site.disturb(reply(503), len(site.asked) + spoilt)
            result = database.run(connector, config(site), client=client, now=noon(TUESDAY))
            assert (result.outcome, result.retired) == ("failed" if spoilt == 1 else result.outcome, 0)
            assert result.outcome in {"failed", "partial"}
            assert site.host in result.reason
            assert len(database.rows("v1_notice")) == 3
