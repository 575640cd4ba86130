"""A download is whole or an error, within its limit, and leaves nothing behind."""

from __future__ import annotations

import gzip
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.http import RetryPolicy, download, sweep
from hub.sdk import ContractBroken, SourceUnavailable
from hub.testing import cut, ranged, reply, reset, stall, versioned
from tests.http.remembered import Remembered

BODY = bytes(range(256)) * 40


@pytest.fixture
def fetch(client, tmp_path):
    def read(url: str, **options) -> bytes:
        with download(client, tmp_path, url, **options) as path:
            assert path is not None
            assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]
            return path.read_bytes()

    yield read
    assert list(tmp_path.iterdir()) == []


def test_a_whole_file(server, fetch):
    assert fetch(server.on("/a.zip", reply(200, BODY))) == BODY
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_its_name_keeps_the_ending_and_no_path(server, client, tmp_path):
    server.on("/x/..%2F.b%C3%A5.zip", reply(200, BODY))
    with download(client, tmp_path / "new", server.url + "/x/..%2F.b%C3%A5.zip") as path:
        assert path.suffix == ".zip"
        assert path.parent.parent == tmp_path / "new"
    with download(client, tmp_path, server.on("/", reply(200, b""))) as path:
        assert path.read_bytes() == b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(most=st.integers(1500, 12_000))
def test_it_is_taken_up_where_it_broke_off(most, server, client, tmp_path):
    server.asked.clear()
    url = server.on("/a.zip", ranged(BODY, '"v1"', most))
    policy = RetryPolicy(attempts=9)
    with download(client, tmp_path, url, policy=policy) as path:
        assert path.read_bytes() == BODY
    starts = [asked.headers.get("range") for asked in server.asked]
    assert starts[0] is None
    assert len(starts) == -(-len(BODY) // most)
    assert all(asked.headers["if-range"] == '"v1"' for asked in server.asked[1:])


@pytest.mark.parametrize(
    "second",
    [ranged(b"new" * 100, '"v2"'), reply(200, b"new" * 100), cut(b"new" * 100, 300, ETag='"v2"')],
    ids=["changed", "without ranges", "changed, without ranges"],
)
def test_a_file_that_changed_meanwhile_is_read_anew(second, server, fetch):
    assert fetch(server.on("/a", ranged(BODY, '"v1"', 1000), second)) == b"new" * 100


def test_a_host_that_ignores_if_range_does_not_get_two_versions_mixed(server, fetch):
    half = len(BODY) // 2
    told = {"ETag": '"v2"', "Content_Range": f"bytes {half}-{len(BODY) - 1}/{len(BODY)}"}
    url = server.on("/a", ranged(BODY, '"v1"', half), reply(206, b"x" * half, **told), reply(200, b"new"))
    assert fetch(url) == b"new"


def test_without_a_strong_validator_it_begins_anew(server, fetch):
    url = server.on("/a", cut(BODY[:9], len(BODY), ETag='W/"v1"'), reply(200, BODY))
    assert fetch(url) == BODY
    assert "range" not in server.asked[1].headers


def test_last_modified_is_a_validator_too(server, fetch):
    date = "Tue, 24 Nov 2026 12:00:00 GMT"
    rest = {"Content_Range": f"bytes 9-{len(BODY) - 1}/{len(BODY)}", "Last_Modified": date}
    url = server.on("/a", cut(BODY[:9], len(BODY), Last_Modified=date), reply(206, BODY[9:], **rest))
    assert fetch(url) == BODY
    assert server.asked[1].headers["if-range"] == date


def test_a_lost_place_is_found_from_the_beginning(server, fetch):
    assert fetch(server.on("/a", ranged(BODY, '"v1"', 99), reply(416), reply(200, BODY))) == BODY


def test_another_part_than_was_asked_for_is_refused(server, client, tmp_path):
    odd = reply(206, BODY[50:], Content_Range=f"bytes 50-{len(BODY) - 1}/{len(BODY)}")
    url = server.on("/a", ranged(BODY, '"v1"', 99), odd)
    with pytest.raises(ContractBroken, match="another part"), download(client, tmp_path, url):
        pytest.fail("gave a file")


def test_a_part_that_is_whole_by_its_own_account_but_not_by_the_files(server, client, tmp_path):
    short = reply(206, BODY[99:200], Content_Range=f"bytes 99-{len(BODY) - 1}/{len(BODY)}", ETag='"v1"')
    url = server.on("/a", ranged(BODY, '"v1"', 99), short, ranged(BODY, '"v1"'))
    with download(client, tmp_path, url) as path:
        assert path.read_bytes() == BODY


@pytest.mark.parametrize("trouble", [reset, stall])
def test_trouble_before_the_body_is_the_clients_to_mend(trouble, server, fetch):
    assert fetch(server.on("/a", trouble, reply(200, BODY))) == BODY


def test_it_gives_up(server, client, tmp_path, ticking):
    url = server.on("/a", cut(b"half", 99))
    with pytest.raises(SourceUnavailable, match="broke off its answer"), download(client, tmp_path, url):
        pytest.fail("gave half a file")
    assert len(server.asked) == 5
    assert len(ticking.slept) == 4
    assert list(tmp_path.iterdir()) == []


def test_the_limit_holds_whether_the_size_was_told_or_not(server, client, tmp_path):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        while True:
            handler.wfile.write(b"x" * 1000)

    for action in (reply(200, BODY), endless):
        url = server.on("/a", action)
        with pytest.raises(ContractBroken, match="more than 9999 bytes"), download(client, tmp_path, url, limit=9999):
            pytest.fail("gave too large a file")
    assert len(server.asked) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_compresses_all_the_same(server, fetch):
    body = gzip.compress(BODY)
    url = server.on(
        "/a",
        cut(body[:50], len(body), Content_Encoding="gzip", ETag='"v1"'),
        reply(200, b"no gzip", Content_Encoding="gzip"),
        reply(200, body, Content_Encoding="gzip"),
    )
    assert fetch(url) == BODY
    assert all("range" not in asked.headers for asked in server.asked)


def test_unchanged(server, connect, tmp_path):
    store = Remembered()
    client = connect(store=store)
    url = server.on("/a", versioned(BODY, '"v1"'))
    with download(client, tmp_path, url, conditional=True) as path:
        assert path.read_bytes() == BODY
    store.commit()
    with download(client, tmp_path, url, conditional=True) as path:
        assert path is None
    with download(client, tmp_path, url) as path:
        assert path.read_bytes() == BODY


def test_it_is_deleted_when_the_reader_fails(server, client, tmp_path):
    url = server.on("/a", reply(200, BODY))
    with pytest.raises(ZeroDivisionError), download(client, tmp_path, url):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_after_a_day(tmp_path):
    day = 24 * 3600
    for name, age in (
        ("download-old", 2 * day),
        ("download-new", 60),
        ("download-growing", 2 * day),
        ("notes", 9 * day),
    ):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "file.part"
        file.write_bytes(b"x")
        for path in (file, tmp_path / name):
            os.utime(path, (time.time() - age,) * 2)
    os.utime(tmp_path / "download-growing" / "file.part")
    sweep(tmp_path)
    sweep(tmp_path / "not there yet")
    assert {path.name for path in tmp_path.iterdir()} == {"download-new", "download-growing", "notes"}
