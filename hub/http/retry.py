"""Asking again when that may help, ever later and never all at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

import httpx

from hub.http.advice import retry_after
from hub.http.answer import Answer
from hub.http.clock import Clock
from hub.http.failure import Failures, is_lasting
from hub.http.limit import PATIENCE
from hub.sdk import SourceError

SAFE: Final = "hub.safe"
"""Request extension by which a connector says that asking twice does no harm, as with a search by POST."""

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RetryPolicy:
    """How patient a request is.

    ``attempts`` in all; pauses of at most ``first`` seconds, then twice that, and so on up to ``longest``; no new
    attempt begins more than ``total`` seconds after the first. A ``Retry-After`` above ``patience`` seconds is not
    waited for.
    """

    attempts: int = 5
    first: float = 0.5
    longest: float = 30.0
    total: float = 300.0
    patience: float = PATIENCE

    def backoff(self, attempt: int, random: float) -> float:
        """Seconds before the attempt after number ``attempt`` (from 1), with ``random`` from 0 up to 1: full jitter."""
        return random * min(self.longest, self.first * 2.0 ** min(attempt - 1, 60))


class RetryTransport(httpx.BaseTransport):
    """Gives an :class:`Answer`, or raises the last failure as a ``SourceError``.

    Asked again: connection errors, timeouts, answers cut short, 408, 429 and 5xx, for methods that are idempotent and
    requests marked ``extensions={"hub.safe": True}``.
    """

    def __init__(self, inner: httpx.BaseTransport, policy: RetryPolicy, clock: Clock, failures: Failures) -> None:
        self._inner = inner
        self._policy = policy
        self._clock = clock
        self._failures = failures

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        began = self._clock.monotonic()
        attempt = 0
        while True:
            attempt += 1
            told: float | None = None
            lasting = not _may_repeat(request)
            failure: SourceError
            try:
                answer = Answer.to(request, self._inner.handle_request(request), self._failures)
            except httpx.TransportError as error:
                failure = self._failures.of(error, request, attempt)
                lasting = lasting or is_lasting(error)
            else:
                if not _is_passing(answer.status_code):
                    return answer
                answer.close()
                told = retry_after(answer.headers, self._clock.wall())
                failure = self._failed(answer, told, attempt)
            pause = max(told or 0.0, self._policy.backoff(attempt, self._clock.random()))
            if lasting or attempt >= self._policy.attempts or not self._affords(told, pause, began):
                raise failure from None
            what = f"{failure.where}: {failure.reason}; asking again in {pause:.1f} s"
            _log.info(what, extra={"action": "http_retry", "attempt": attempt + 1})
            self._clock.sleep(pause)

    def _failed(self, answer: Answer, told: float | None, attempt: int) -> SourceError:
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return self._failures.limited(answer.request, told, attempt)
        return self._failures.unavailable(answer.request, f"answered {answer.status_code}", attempt)

    def _affords(self, told: float | None, pause: float, began: float) -> bool:
        elapsed = self._clock.monotonic() - began
        return (told or 0.0) <= self._policy.patience and elapsed + pause <= self._policy.total

    def close(self) -> None:
        self._inner.close()


def _may_repeat(request: httpx.Request) -> bool:
    # A body that came from an iterator is used up.
    whole = isinstance(request.stream, httpx.ByteStream)
    return whole and (request.method in _IDEMPOTENT or bool(request.extensions.get(SAFE)))


def _is_passing(status: int) -> bool:
    return status in {408, 429} or status >= 500  # noqa: PLR2004 - HTTP's own numbers
