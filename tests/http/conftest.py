"""A server, a clock and a client around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hub.http import HostPolicies, PoliteClient, open_client
from hub.observe import Redactor
from hub.sdk import HostPolicy
from hub.testing import TestServer, Ticking, serving


@pytest.fixture
def server() -> Iterator[TestServer]:
    with serving() as web:
        yield web


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def redactor() -> Redactor:
    return Redactor()


@pytest.fixture
def hosts(ticking: Ticking, server: TestServer) -> HostPolicies:
    return HostPolicies([HostPolicy(host=server.host, requests=1000)], clock=ticking.clock)


@pytest.fixture
def connect(hosts: HostPolicies, redactor: Redactor) -> Iterator[Callable[..., PoliteClient]]:
    """Opens clients that are closed after the test. Real silences last 0.2 s."""
    opened: list[PoliteClient] = []

    def make(policy: HostPolicies = hosts, **options) -> PoliteClient:
        opened.append(open_client(policy, **{"redactor": redactor, "timeout_seconds": 0.2, **options}))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def client(connect: Callable[..., PoliteClient]) -> PoliteClient:
    return connect()
