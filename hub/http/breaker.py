"""A host that fails again and again is left alone for a while, by every run of this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

import httpx

from hub.http.clock import Clock
from hub.http.failure import Failures, RateLimited
from hub.sdk import SourceUnavailable

THRESHOLD: Final = 3
"""Requests in a row that failed, each after all its attempts."""

COOLDOWN: Final = 60.0
"""Seconds that a host is left alone before one request tries it."""

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Closed while a host answers, open after ``THRESHOLD`` failures, half-open for the one request that tries."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: float | None = None
        self._trying = False

    @property
    def state(self) -> State:
        """What a request would meet now."""
        with self._lock:
            return self._state()

    def _state(self) -> State:
        if self._open_until is None:
            return "closed"
        return "open" if self._trying or self._clock.monotonic() < self._open_until else "half-open"

    def open_for(self) -> float | None:
        """Seconds until a request may try, ``None`` when this one may. Whoever is let through must report back."""
        with self._lock:
            state = self._state()
            if state == "open":
                return max((self._open_until or 0) - self._clock.monotonic(), 0.0)
            self._trying = state == "half-open"
            return None

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """The request that was let through: how it ends decides the state."""
        try:
            yield
        except RateLimited:
            # The host is well and says so; the bucket keeps the pause.
            self._end(failed=False)
            raise
        except SourceUnavailable:
            self._end(failed=True)
            raise
        except BaseException:
            # Says nothing about the host, but lets the next one try.
            with self._lock:
                self._trying = False
            raise
        self._end(failed=False)

    def _end(self, *, failed: bool) -> None:
        with self._lock:
            self._trying = False
            self._failed = self._failed + 1 if failed else 0
            if not failed:
                self._open_until = None
            elif self._failed >= THRESHOLD:
                self._open_until = self._clock.monotonic() + COOLDOWN


class BreakerTransport(httpx.BaseTransport):
    """Asks only hosts whose breaker lets it. Raises ``SourceUnavailable`` at once for the others."""

    def __init__(self, inner: httpx.BaseTransport, breaker: Callable[[httpx.URL], Breaker], failures: Failures) -> None:
        self._inner = inner
        self._breaker = breaker
        self._failures = failures

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        breaker = self._breaker(request.url)
        seconds = breaker.open_for()
        if seconds is not None:
            what = f"failed {THRESHOLD} times or more in a row and is not asked for another {seconds:.0f} s"
            raise self._failures.unavailable(request, what)
        with breaker.reporting():
            return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
