"""The hosts that this process asks: what each allows and how it fares, shared by all runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import httpx

from hub.http.breaker import Breaker
from hub.http.clock import Clock
from hub.http.limit import Bucket
from hub.sdk import HostPolicy

UNDECLARED: Final = HostPolicy(host="*", requests=10, per=1)
"""For hosts that no manifest speaks of."""


@dataclass
class Host:
    """One host's state. ``policy`` is what holds for it, ``UNDECLARED`` until a manifest speaks of it."""

    policy: HostPolicy
    bucket: Bucket
    breaker: Breaker


class HostPolicies:
    """Made once by a process and given to each client. Hosts are told apart by name and port."""

    def __init__(self, policies: Iterable[HostPolicy] = (), *, clock: Clock = Clock()) -> None:  # noqa: B008 - frozen
        self.clock = clock
        self._lock = threading.Lock()
        self._hosts: dict[str, Host] = {}
        self.declare(policies)

    def declare(self, policies: Iterable[HostPolicy]) -> None:
        """Keep to these from now on. When a host is declared twice, the slower rate holds, whoever came first."""
        for policy in policies:
            host = self._host(policy.host)
            with self._lock:
                slower = policy.requests / policy.per < host.policy.requests / host.policy.per
                if slower or host.policy is UNDECLARED:
                    host.policy = policy
                    host.bucket.resize(policy.requests, policy.per)

    def bucket(self, url: httpx.URL) -> Bucket:
        """The bucket of the address's host."""
        return self._host(url.netloc.decode()).bucket

    def breaker(self, url: httpx.URL) -> Breaker:
        """The breaker of the address's host."""
        return self._host(url.netloc.decode()).breaker

    def _host(self, name: str) -> Host:
        with self._lock:
            if name not in self._hosts:
                bucket = Bucket(UNDECLARED.requests, UNDECLARED.per, self.clock)
                self._hosts[name] = Host(UNDECLARED, bucket, Breaker(self.clock))
            return self._hosts[name]
