"""Redirects that no honest publisher needs: into the operator's own network, or from https to http."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv6Address, ip_address
from typing import Final

import httpx

from hub.http.failure import Failures

MAX_REDIRECTS: Final = 5

_FIRST: Final = "hub.first_url"
"""Where a chain of redirects began. The client hands a request's extensions on to the requests that follow it."""

Resolve = Callable[[str], Iterable[str]]
"""The IP addresses of a host name; raises ``OSError`` when there are none."""


def resolve(host: str) -> list[str]:
    """What the system says."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


class GuardTransport(httpx.BaseTransport):
    """Lets first requests through as they are and checks those that follow a redirect. Raises ``ContractBroken``.

    Private targets are fine when the address that the chain began at is private itself: a register on the operator's
    own network. A name is looked up here and again when it is connected to; between the two it may change, so that this
    stops mistakes and most attacks, and a firewall stops the rest.
    """

    def __init__(self, inner: httpx.BaseTransport, failures: Failures, lookup: Resolve = resolve) -> None:
        self._inner = inner
        self._failures = failures
        self._lookup = lookup

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        first: httpx.URL = request.extensions.setdefault(_FIRST, request.url)
        if request.url != first:
            self._check(request, first)
        return self._inner.handle_request(request)

    def _check(self, request: httpx.Request, first: httpx.URL) -> None:
        instruction = "check the address in the source's [config], and whether it still is the publisher's"
        if first.scheme == "https" and request.url.scheme != "https":
            raise self._failures.broken(request, f"{first.host} redirects from https to http", instruction)
        if request.url.host != first.host and self._is_private(request.url.host) and not self._is_private(first.host):
            raise self._failures.broken(request, f"{first.host} redirects to a private address", instruction)

    def _is_private(self, host: str) -> bool:
        try:
            # Any of them may be the one that is connected to.
            return any(not _is_public(address) for address in self._lookup(host))
        except OSError:
            return False  # behind a proxy the hub may not know the name; without one the connection will fail

    def close(self) -> None:
        self._inner.close()


def _is_public(text: str) -> bool:
    address = ip_address(text.partition("%")[0])  # `%eth0` names a link, not an address
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast
