"""Asking whether something changed since it was last read whole.

A request takes part with ``extensions={"hub.conditional": True}``. When the publisher says that nothing changed, the
answer's ``status_code`` is 304 and its body empty; ``raise_for_status`` raises on it, so that a connector that forgets
to look cannot take the empty body for an empty register.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import httpx

CONDITIONAL: Final = "hub.conditional"


class Validators(NamedTuple):
    """What a publisher named a version of a document by; empty where it did not."""

    etag: str = ""
    last_modified: str = ""


class ValidatorStore(Protocol):
    """Remembers validators of one source.

    Whoever keeps them commits what was staged with the run that read the source whole, and forgets all when the
    connector's version or the source's config changes.
    """

    def get(self, url: str) -> tuple[str, str] | None:
        """ETag and Last-Modified committed for the address."""

    def put(self, url: str, validators: Validators, *, unmodified: bool) -> None:
        """Stage these. ``get`` does not give them before they are committed."""


class ConditionalTransport(httpx.BaseTransport):
    """Sends ``If-None-Match`` and ``If-Modified-Since`` from the store, and stages what answers bring.

    Addresses that ``redact`` changes take no part: they hold a secret or a person's number, and the store would keep
    them.
    """

    def __init__(self, inner: httpx.BaseTransport, store: ValidatorStore, redact: Callable[[str], str]) -> None:
        self._inner = inner
        self._store = store
        self._redact = redact

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url.copy_with(fragment=None))
        if request.method != "GET" or not request.extensions.get(CONDITIONAL) or self._redact(url) != url:
            return self._inner.handle_request(request)
        known = self._store.get(url)
        response = self._inner.handle_request(_asking(request, Validators(*known) if known else None))
        if response.status_code in {httpx.codes.OK, httpx.codes.NOT_MODIFIED}:
            headers = response.headers
            validators = Validators(headers.get("ETag", ""), headers.get("Last-Modified", ""))
            if any(validators):
                self._store.put(url, validators, unmodified=response.status_code == httpx.codes.NOT_MODIFIED)
        return response

    def close(self) -> None:
        self._inner.close()


def _asking(request: httpx.Request, known: Validators | None) -> httpx.Request:
    """The request with the validators. A copy: a redirect repeats the original's headers at another address."""
    headers = request.headers.copy()
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return httpx.Request(
        request.method, request.url, headers=headers, stream=request.stream, extensions=request.extensions
    )
