"""OAuth2 client credentials: a token is fetched when it is needed, kept, and renewed once when it is refused."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Generator
from typing import Final, NamedTuple
from urllib.parse import quote_plus

import httpx

from hub.http.clock import Clock
from hub.http.failure import Failures
from hub.http.retry import SAFE
from hub.sdk import AuthFailed, ClientCredentials

MARGIN: Final = 60.0
"""Seconds before its end (or a tenth of its life, if that is less) at which a token is renewed."""

_REASON: Final = re.compile(r"[a-z_]{1,40}")
_Flow = Generator[httpx.Request, httpx.Response, str]


class _Token(NamedTuple):
    value: str
    renew_at: float


class OAuth2(httpx.Auth):
    """Puts a bearer token on requests to the credentials' hosts.

    ``keep_secret`` is told the secret, the header it is sent in, and each token. Raises ``AuthFailed`` when the
    credentials are refused.
    """

    def __init__(
        self, credentials: ClientCredentials, clock: Clock, failures: Failures, keep_secret: Callable[[str], None]
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._failures = failures
        self._keep_secret = keep_secret
        self._lock = threading.Lock()
        self._token: _Token | None = None
        secret = credentials.client_secret.get_secret_value()
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        pair = f"{quote_plus(credentials.client_id)}:{quote_plus(secret)}"
        self._basic = base64.b64encode(pair.encode()).decode()
        keep_secret(secret)
        keep_secret(self._basic)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if not {request.url.host, request.url.netloc.decode()} & set(self._credentials.hosts):
            yield request
            return
        token = yield from self._valid(request)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = yield from self._valid(request, refused=token)
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    def _valid(self, request: httpx.Request, refused: str = "") -> _Flow:
        """A token that is not the refused one. Threads that need one at a time wait for the first to fetch it."""
        with self._lock:
            token = self._token
            if token is None or token.value == refused or self._clock.monotonic() >= token.renew_at:
                response = yield self._token_request(request)
                token = self._token = self._read(response)
                self._keep_secret(token.value)
            return token.value

    def _token_request(self, request: httpx.Request) -> httpx.Request:
        credentials = self._credentials
        form = {"grant_type": "client_credentials"}
        headers = {"Accept": "application/json", "User-Agent": request.headers.get("User-Agent", "")}
        if credentials.scope:
            form["scope"] = credentials.scope
        if credentials.style == "basic":
            headers["Authorization"] = f"Basic {self._basic}"
        else:
            form |= {"client_id": credentials.client_id, "client_secret": credentials.client_secret.get_secret_value()}
        # Requests made here get no timeout from the client.
        extensions = {SAFE: True, "timeout": request.extensions.get("timeout", {})}
        return httpx.Request("POST", credentials.token_url, data=form, headers=headers, extensions=extensions)

    def _read(self, response: httpx.Response) -> _Token:
        response.read()
        try:
            told = json.loads(response.content)
        except ValueError:
            told = None
        told = told if isinstance(told, dict) else {}
        if 400 <= response.status_code < 500:  # noqa: PLR2004 - HTTP's own numbers
            code = str(told.get("error", ""))
            reason = code if _REASON.fullmatch(code) else str(response.status_code)
            raise AuthFailed(f"no token was given ({reason})", where=self._failures.place(response.request))
        value = told.get("access_token")
        if not response.is_success or not isinstance(value, str) or not value:
            raise self._failures.broken(response.request, "the answer holds no token")
        return _Token(value, self._clock.monotonic() + _life(told.get("expires_in")))


def _life(seconds: object) -> float:
    """For how long a token is used. One whose life is not told is used until it is refused."""
    try:
        life = float(str(seconds))
    except ValueError:
        return float("inf")
    return max(life - min(MARGIN, life / 10), 0.0)
