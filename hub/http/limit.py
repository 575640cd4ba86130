"""How often a host may be asked, whoever in this process asks it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

import httpx

from hub.http.advice import exhausted_for, retry_after
from hub.http.clock import Clock
from hub.http.failure import Failures

PATIENCE: Final = 120.0
"""Seconds that a run waits for a host that asked to be left alone. Longer, and the run ends: the next one tries."""

_BUSY: Final = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})


class Bucket:
    """``requests`` tokens; each comes back ``per`` seconds after it was taken.

    So no window of that length ever sees more than ``requests``. A bucket that fills evenly lets nearly twice as many
    through in its first window, and publishers who count by the minute refuse them.
    """

    def __init__(self, requests: int, per: float, clock: Clock) -> None:
        self.per = per
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: deque[float] = deque(maxlen=requests)
        self._quiet_until = float("-inf")

    @property
    def requests(self) -> int:
        """Tokens in the bucket."""
        return self._taken.maxlen or 0

    def resize(self, requests: int, per: float) -> None:
        """Let through so many from now on; the tokens that are out still count."""
        with self._lock:
            self._taken = deque(self._taken, maxlen=requests)
            self.per = per

    def leave_alone(self, seconds: float) -> None:
        """The host asked not to be asked for so long."""
        with self._lock:
            self._quiet_until = max(self._quiet_until, self._clock.monotonic() + seconds)

    def quiet_for(self) -> float:
        """Seconds for which the host asked not to be asked; not above zero when it may be."""
        with self._lock:
            return self._quiet_until - self._clock.monotonic()

    def take(self, patience: float = PATIENCE) -> float | None:
        """Wait for a token and take it. Gives, without waiting, the seconds asked for when they exceed ``patience``."""
        while True:
            quiet = self.quiet_for()
            if quiet > patience:
                return quiet
            wait = self._reserve()
            if wait > 0:
                self._clock.sleep(wait)
            # Meanwhile another thread may have been told to wait. The token is lost then: rather too few than too many.
            if self.quiet_for() <= 0:
                return None

    def _reserve(self) -> float:
        with self._lock:
            now = self._clock.monotonic()
            at = max(now, self._quiet_until)
            if len(self._taken) == self._taken.maxlen:
                at = max(at, self._taken[0] + self.per)
            self._taken.append(at)  # pushes the oldest out
            return at - now


class LimitTransport(httpx.BaseTransport):
    """Waits for the host's bucket before each request, and tells the bucket what the answer's headers say."""

    def __init__(
        self, inner: httpx.BaseTransport, bucket: Callable[[httpx.URL], Bucket], clock: Clock, failures: Failures
    ) -> None:
        self._inner = inner
        self._bucket = bucket
        self._clock = clock
        self._failures = failures

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        bucket = self._bucket(request.url)
        too_long = bucket.take()
        if too_long is not None:
            raise self._failures.limited(request, too_long)
        response = self._inner.handle_request(request)
        wall = self._clock.wall()
        told = [exhausted_for(response.headers, wall)]
        if response.status_code in _BUSY:
            told.append(retry_after(response.headers, wall))
        for seconds in told:
            if seconds:
                bucket.leave_alone(seconds)
        return response

    def close(self) -> None:
        self._inner.close()
