"""A host that is down is left alone, tried with one request, and asked again when that went well."""

from __future__ import annotations

import pytest

from hub.http.breaker import Breaker
from hub.http.failure import RateLimited
from hub.sdk import ContractBroken, SourceUnavailable
from hub.testing import Ticking, reply


def attempt(breaker: Breaker, error: Exception | None = None) -> bool:
    """Whether the request was let through; it ends with the error."""
    if breaker.open_for() is not None:
        return False
    try:
        with breaker.reporting():
            if error:
                raise error
    except type(error or Exception()):
        pass
    return True


DOWN = SourceUnavailable("down")


def test_closed_open_half_open():
    ticking = Ticking()
    breaker = Breaker(ticking.clock)
    assert [attempt(breaker, DOWN) for _ in range(4)] == [True, True, True, False]
    assert breaker.state == "open"
    ticking.now += 60
    assert breaker.state == "half-open"
    assert attempt(breaker, DOWN)
    assert breaker.state == "open"
    ticking.now += 60
    assert attempt(breaker)
    assert breaker.state == "closed"
    assert [attempt(breaker, DOWN) for _ in range(3)] == [True, True, True]


def test_half_open_lets_one_through():
    ticking = Ticking()
    breaker = Breaker(ticking.clock)
    for _ in range(3):
        attempt(breaker, DOWN)
    ticking.now += 60
    assert breaker.open_for() is None
    assert breaker.open_for() == 0
    with breaker.reporting():
        assert breaker.state == "open"
    assert breaker.open_for() is None


@pytest.mark.parametrize("other", [ContractBroken("odd"), KeyboardInterrupt()])
def test_a_trial_that_says_nothing_about_the_host_frees_the_way(other):
    ticking = Ticking()
    breaker = Breaker(ticking.clock)
    for _ in range(3):
        attempt(breaker, DOWN)
    ticking.now += 60
    assert breaker.open_for() is None
    with pytest.raises(type(other)), breaker.reporting():
        raise other
    assert breaker.state == "half-open"


def test_a_host_that_asks_for_a_pause_is_not_broken():
    breaker = Breaker(Ticking().clock)
    for error in [DOWN, DOWN, RateLimited("slower"), DOWN, DOWN]:
        attempt(breaker, error)
    assert breaker.state == "closed"


def test_all_runs_leave_the_host_alone(server, connect, ticking):
    url = server.on("/", reply(500))
    for _ in range(3):
        with pytest.raises(SourceUnavailable, match="answered 500"):
            connect().get(url)
    asked = len(server.asked)
    with pytest.raises(SourceUnavailable, match=r"failed 3 times or more in a row and is not asked for another 60 s"):
        connect().get(server.on("/", reply()))
    assert len(server.asked) == asked
    ticking.now += 60
    assert connect().get(url).is_success
