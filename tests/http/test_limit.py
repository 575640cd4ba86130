"""A host is never asked more often than it allows, nor while it wants to be left alone."""

from __future__ import annotations

import threading

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.http import HostPolicies, RateLimited
from hub.http.advice import exhausted_for, retry_after
from hub.http.limit import Bucket
from hub.sdk import HostPolicy
from hub.testing import reply
from hub.testing.clock import START, Ticking

seconds = st.floats(0, 100, allow_nan=False)


def most_in_a_window(times: list[float], per: float) -> int:
    """The largest number of requests in any half-open window of ``per`` seconds."""
    # Floats: a token that comes back at t + per may be taken a hair before.
    return max(sum(start <= time < start + per * (1 - 1e-9) for time in times) for start in times)


@given(
    requests=st.integers(1, 7),
    per=st.floats(0.5, 60),
    steps=st.lists(st.one_of(seconds.map(lambda s: ("idle", s)), seconds.map(lambda s: ("quiet", s))), max_size=60),
)
def test_no_window_sees_more_than_allowed_and_no_quiet_is_disturbed(requests, per, steps):
    ticking = Ticking()
    bucket, times, quiet_until = Bucket(requests, per, ticking.clock), [], 0.0
    for what, length in steps:
        if what == "idle":
            ticking.now += length / 10
        else:
            bucket.leave_alone(length)
            quiet_until = max(quiet_until, ticking.now + length)
        assert bucket.take() is None
        times.append(ticking.now)
        assert ticking.now >= quiet_until - 1e-9
    if times:
        assert most_in_a_window(times, per) <= requests


def test_threads_share_a_bucket():
    ticking = Ticking()
    bucket, granted = Bucket(5, 60, ticking.clock), []

    def ask():
        for _ in range(10):
            bucket.take()
            granted.append(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 40
    assert max(ticking.slept) >= 60  # every sixth waits for the first to come back
    assert ticking.now >= 7 * 60  # 40 tokens, 5 a minute


def test_a_token_whose_time_has_come_still_respects_a_pause_asked_for_meanwhile():
    ticking = Ticking()
    bucket = Bucket(1, 10, ticking.clock)
    bucket.take()

    def sleep(length: float) -> None:
        if not ticking.slept:
            bucket.leave_alone(30)  # another thread's request was answered with 429
        ticking.sleep(length)

    object.__setattr__(ticking.clock, "sleep", sleep)
    bucket.take()
    assert ticking.now >= 30


def test_of_two_declared_rates_the_slower_holds():
    ticking = Ticking()
    url = httpx.URL("https://api.example/x")
    hosts = HostPolicies(clock=ticking.clock)
    assert hosts.bucket(url).requests == 10
    hosts.declare([HostPolicy(host="api.example", requests=600, per=60)])
    assert (hosts.bucket(url).requests, hosts.bucket(url).per) == (600, 60)
    hosts.declare([HostPolicy(host="api.example", requests=60, per=60), HostPolicy(host="api.example", requests=99)])
    assert (hosts.bucket(url).requests, hosts.bucket(url).per) == (60, 60)
    assert hosts.bucket(httpx.URL("https://api.example:8443/x")) is not hosts.bucket(url)


def test_all_runs_share_what_a_host_allows(server, connect, ticking):
    hosts = HostPolicies([HostPolicy(host=server.host, requests=2, per=60)], clock=ticking.clock)
    url = server.on("/", reply())
    one, other = connect(hosts), connect(hosts)
    one.get(url), other.get(url)
    assert ticking.slept == []
    one.get(url)
    assert ticking.slept == [60]


def test_a_host_that_says_none_is_left_is_not_asked_before_its_reset(server, client, ticking):
    url = server.on("/", reply(X_RateLimit_Remaining="0", X_RateLimit_Reset="17"), reply())
    client.get(url)
    client.get(url)
    assert ticking.slept == [17]


def test_a_host_that_asks_for_a_day_ends_this_run_and_the_next(server, client, connect, hosts, ticking):
    url = server.on("/", reply(429, Retry_After="86400"))
    with pytest.raises(RateLimited, match=r"GET 127.0.0.1:\d+/: the host .* alone, for 86400 s → the next"):
        client.get(url)
    with pytest.raises(RateLimited) as caught:
        connect(hosts).get(url)
    assert caught.value.retry_after == 86400
    assert len(server.asked) == 1
    assert ticking.slept == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 120),
        (" 1.5 ", 1.5),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30),
        ("Tue, 24 Nov 2026 11:00:30 GMT", 0),
        ("Tue, 24 Nov 2026 12:00:30", 30),
        ("9" * 17, 366 * 86400),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Tue, 99 Nov 2026 12:00:30 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 366 * 86400),
    ],
)
def test_retry_after(text, expected):
    assert retry_after({"Retry-After": text}, START) == expected


@given(st.text(max_size=40))
def test_no_header_can_break_the_reading(text):
    for wait in (retry_after({"Retry-After": text}, START), exhausted_for({"RateLimit": text}, START)):
        assert wait is None or 0 <= wait <= 366 * 86400


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "5"}, 5),
        ({"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "5"}, 5),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(START) + 40)}, 40),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str((int(START) + 40) * 1000)}, 40),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(START) - 40)}, 0),
        ({"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "5"}, None),
        ({"X-RateLimit-Remaining": "0"}, None),
        ({"RateLimit": "limit=9, remaining=0, reset=5"}, 5),
        ({"RateLimit": '"day";r=0;t=30, "minute";r=4;t=5'}, 30),
        ({"RateLimit": '"minute";r=4;t=5'}, None),
        ({}, None),
    ],
)
def test_rate_limit_headers(headers, expected):
    assert exhausted_for(httpx.Headers(headers), START) == expected
