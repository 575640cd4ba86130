"""What may pass is asked again, with growing pauses and an end; what may not is told at once."""

from __future__ import annotations

import gzip
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from hub.http import RateLimited, RetryPolicy
from hub.sdk import AuthFailed, ContractBroken, SourceUnavailable
from hub.testing import cut, reply, reset, stall
from hub.testing.clock import START

OK = reply(200, b"whole")


@given(
    attempt=st.integers(1, 10_000),
    random=st.floats(0, 1, exclude_max=True),
    first=st.floats(0.01, 10),
    longest=st.floats(0.01, 600),
)
def test_a_pause_stays_within_its_bounds(attempt, random, first, longest):
    policy = RetryPolicy(first=first, longest=longest)
    pause = policy.backoff(attempt, random)
    assert 0 <= pause <= longest
    assert pause <= policy.backoff(attempt + 1, random) or pause <= longest
    assert policy.backoff(attempt, 0.0) == 0  # full jitter: from nothing to all of it


@pytest.mark.parametrize(
    "trouble",
    [reset, stall, cut(b"half", 9), *(reply(status) for status in (408, 429, 500, 502, 503, 504))],
    ids=["reset", "stall", "cut", "408", "429", "500", "502", "503", "504"],
)
def test_what_passes_is_asked_again(trouble, server, client, ticking):
    url = server.on("/", trouble, trouble, OK)
    assert client.get(url).text == "whole"
    assert len(server.asked) == 3
    assert ticking.slept == [0.25, 0.5]  # half of 0.5 and of 1


def test_a_post_is_asked_again_only_when_the_connector_says_that_it_is_safe(server, client):
    url = server.on("/search", reply(503), OK)
    with pytest.raises(SourceUnavailable, match=r"POST .*/search: answered 503 → "):
        client.post(url, json={"query": "ND=1"})
    url = server.on("/search", reply(503), OK)
    assert client.post(url, json={"q": 1}, extensions={"hub.safe": True}).text == "whole"
    assert [asked.body for asked in server.asked[1:]] == [b'{"q":1}'] * 2


def test_a_body_from_an_iterator_cannot_be_sent_twice(server, client):
    url = server.on("/", reply(503), OK)
    with pytest.raises(SourceUnavailable):
        client.put(url, content=iter([b"a"]))


def test_the_last_failure_says_where_what_how_often_and_what_to_do(server, client, ticking):
    url = server.on("/list", reply(500))
    with pytest.raises(SourceUnavailable) as caught:
        client.get(url, params={"page": 3})
    assert str(caught.value) == (
        f"GET {server.host}/list: answered 500 after 5 attempts → the publisher's service may be down; "
        "the next run tries again"
    )
    assert len(ticking.slept) == 4


def test_429_to_the_end_is_rate_limited(server, client):
    with pytest.raises(RateLimited, match="left alone after 5 attempts"):
        client.get(server.on("/", reply(429)))


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_waited_for(as_date, server, client, ticking):
    date = format_datetime(datetime.fromtimestamp(START, UTC) + timedelta(seconds=40), usegmt=True)
    url = server.on("/", reply(429, Retry_After=date if as_date else "40"), OK)
    assert client.get(url).text == "whole"
    assert ticking.slept == [40]


def test_nobody_waits_longer_than_the_cap(server, client, ticking):
    with pytest.raises(SourceUnavailable, match="answered 503"):
        client.get(server.on("/", reply(503, Retry_After="121"), OK))
    assert ticking.slept == []


def test_attempts_end_when_the_time_is_up(server, connect, ticking):
    client = connect(retry=RetryPolicy(attempts=100, total=60))
    with pytest.raises(SourceUnavailable):
        client.get(server.on("/", reply(503, Retry_After="25")))
    assert ticking.slept == [25, 25]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, ContractBroken, "the request was not taken (400) → compare it"),
        (404, SourceUnavailable, "there is nothing at this address (404) → check the address"),
        (304, ContractBroken, "not modified (304)"),
    ],
)
def test_other_answers_are_the_connectors_to_judge(status, kind, words, server, client):
    answer = client.get(server.on("/", reply(status, b"")), params={"key": "abc"})
    assert answer.status_code == status
    with pytest.raises(kind) as caught:
        answer.raise_for_status()
    assert words in str(caught.value)
    assert "abc" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_access_is_told_at_once(status, server, client):
    with pytest.raises(AuthFailed, match=rf"access was refused \({status}\) → renew the credentials"):
        client.get(server.on("/", reply(status)))
    assert len(server.asked) == 1


def test_a_streamed_body_that_breaks_off_is_a_source_error(server, client):
    with (
        client.stream("GET", server.on("/", cut(b"half", 9))) as answer,
        pytest.raises(SourceUnavailable, match="broke off its answer"),
    ):
        list(answer.iter_bytes())


def test_compressed_answers_are_read(server, client):
    body = gzip.compress(b"whole" * 1000)
    told = {"Content_Encoding": "gzip"}
    answer = client.get(server.on("/", cut(body[:20], len(body), **told), reply(200, body, **told)))
    assert answer.text == "whole" * 1000
    assert answer.raise_for_status() is answer


def test_damaged_compression_is_a_source_error(server, client):
    with pytest.raises(SourceUnavailable, match="compressed and damaged"):
        client.get(server.on("/", reply(200, b"no gzip", Content_Encoding="gzip")))
    with (
        client.stream("GET", server.url + "/") as answer,
        pytest.raises(SourceUnavailable, match="compressed and damaged"),
    ):
        list(answer.iter_lines())


def test_an_answer_too_large_for_memory_is_refused(server, client, monkeypatch):
    monkeypatch.setattr("hub.http.answer.IN_MEMORY", 10)
    with pytest.raises(ContractBroken, match=r"use `ctx.download`"):
        client.get(server.on("/", reply(200, b"x" * 11)))


def test_nobody_listening(client, ticking):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceUnavailable, match=r"cannot be reached .* after 5 attempts → check the address"):
        client.get(f"http://127.0.0.1:{port}/")
    assert len(ticking.slept) == 4


@pytest.mark.parametrize("address", ["ftp://x.example/a", "register.example/a", "http://[::"])
def test_what_is_no_address(address, client):
    with pytest.raises(ContractBroken, match="no address that can be asked"):
        client.get(address)


@respx.mock
def test_an_untrusted_certificate_is_no_reason_to_ask_again(client):
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    route = respx.get("https://intern.example/").mock(side_effect=error)
    with pytest.raises(SourceUnavailable, match=r"not trusted .* → .* http.ca_file"):
        client.get("https://intern.example/")
    assert route.call_count == 1


@respx.mock
def test_every_kind_of_timeout_passes(client):
    kinds = [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout]
    respx.get("https://slow.example/").mock(side_effect=[*(kind("slow") for kind in kinds), httpx.Response(200)])
    assert client.get("https://slow.example/").is_success
