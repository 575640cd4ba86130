"""The client that connectors get: httpx's, with one transport for each concern."""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx

from hub.http.answer import STREAMED
from hub.http.auth import OAuth2
from hub.http.breaker import BreakerTransport
from hub.http.clock import Clock
from hub.http.conditional import ConditionalTransport, ValidatorStore
from hub.http.failure import Failures
from hub.http.guard import MAX_REDIRECTS, GuardTransport, Resolve, resolve
from hub.http.hosts import HostPolicies
from hub.http.limit import LimitTransport
from hub.http.redact import redacted_logs
from hub.http.retry import RetryPolicy, RetryTransport
from hub.observe import Redactor
from hub.sdk import ClientCredentials, ConfigError

TIMEOUT: Final = 60.0
USER_AGENT: Final = "integration-hub"


class PoliteClient(httpx.Client):
    """httpx's client; whatever goes wrong is a ``SourceError``, and 401 and 403 are ``AuthFailed``."""

    def __init__(self, *, clock: Clock, failures: Failures, until_closed: ExitStack, **options: Any) -> None:
        super().__init__(**options)
        self.clock = clock
        self.failures = failures
        self._until_closed = until_closed

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        try:
            return super().build_request(method, url, **options)
        except httpx.InvalidURL:
            raise self.failures.no_address() from None

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        request.extensions[STREAMED] = stream
        try:
            response = super().send(request, stream=stream, **options)
        except httpx.HTTPError as error:
            raise self.failures.of(error, request) from None
        if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            response.close()
            raise self.failures.refused(request, response.status_code)
        return response

    def close(self) -> None:
        super().close()
        self._until_closed.close()

    def __exit__(self, *exception: object) -> None:
        self.close()  # httpx closes its transports here without calling `close`


def open_client(  # noqa: PLR0913 - each is a choice of its own
    policy: HostPolicies,
    *,
    redactor: Redactor,
    store: ValidatorStore | None = None,
    credentials: ClientCredentials | None = None,
    proxy: str | None = None,
    ca_file: Path | None = None,
    user_agent: str = USER_AGENT,
    timeout_seconds: float = TIMEOUT,
    retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - frozen
    lookup: Resolve = resolve,
    wire: httpx.BaseTransport | None = None,
) -> PoliteClient:
    """A client for one run; close it afterwards. ``policy`` is the process's own, and brings the clock.

    ``ca_file`` holds certificates that are trusted beside the public ones. ``timeout_seconds`` is for connecting, and
    for each silence while sending or reading. Without a ``store`` no request is conditional. ``wire`` replaces the
    network. Proxies and passwords from the environment and ``.netrc`` are not used. Raises ``ConfigError``.
    """
    clock, failures = policy.clock, Failures(redactor)
    transport = wire or _wire(proxy, ca_file)
    transport = LimitTransport(transport, policy.bucket, clock, failures)
    transport = RetryTransport(transport, retry, clock, failures)
    transport = BreakerTransport(transport, policy.breaker, failures)
    if store is not None:
        transport = ConditionalTransport(transport, store, redactor)
    transport = GuardTransport(transport, failures, lookup)

    until_closed = ExitStack()
    until_closed.enter_context(redacted_logs(redactor))

    def keep_secret(value: str) -> None:
        until_closed.enter_context(redactor.secrets([value]))

    if password := proxy and httpx.URL(proxy).password:
        keep_secret(password)
    return PoliteClient(
        clock=clock,
        failures=failures,
        until_closed=until_closed,
        transport=transport,
        auth=OAuth2(credentials, clock, failures, keep_secret) if credentials else None,
        headers={"User-Agent": user_agent},
        timeout=timeout_seconds,
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        trust_env=False,
    )


def _wire(proxy: str | None, ca_file: Path | None) -> httpx.BaseTransport:
    try:
        return httpx.HTTPTransport(verify=_trust(ca_file), proxy=proxy, trust_env=False)
    except (ValueError, httpx.InvalidURL):
        raise ConfigError(
            "is no proxy's address", where="hub.toml, http.proxy", instruction="write http://host:port"
        ) from None


@cache
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """Certificate authorities. Kept: reading the public ones takes longer than opening a client."""
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # ssl's errors are among these
            raise ConfigError(
                f"certificates cannot be read from {ca_file} ({error.strerror or type(error).__name__})",
                where="hub.toml, http.ca_file",
                instruction="name a file with certificates in PEM form",
            ) from None
    return context
