"""A response that speaks the hub's errors, so that no connector has to know httpx's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, cast

import httpx

from hub.http.failure import Failures

STREAMED: Final = "hub.streamed"
"""Request extension: the caller reads the body piece by piece."""

IN_MEMORY: Final = 256 << 20
"""Bytes that an answer read at once may have, as sent."""

_TOO_LARGE: Final = f"the answer is larger than {IN_MEMORY >> 20} MB"


class Answer(httpx.Response):
    """What a transport gives. ``raise_for_status`` raises a ``SourceError`` without the query of the address."""

    failures: Failures

    @classmethod
    def to(cls, request: httpx.Request, response: httpx.Response, failures: Failures) -> Answer:
        """The answer to a request. Its body is read now unless the caller streams it: cut short, it can be asked anew.

        Raises httpx's errors for what breaks on the way, ``ContractBroken`` for a body too large for memory.
        """
        # A transport's stream yields bytes as sent; the client above decodes them.
        raw = cast("httpx.SyncByteStream", response.stream)
        stream: httpx.SyncByteStream = (
            _Told(raw, request, failures)
            if request.extensions.get(STREAMED)
            else httpx.ByteStream(_read(raw, request, failures))
        )
        headers, extensions = response.headers, response.extensions
        answer = cls(response.status_code, headers=headers, stream=stream, extensions=extensions, request=request)
        answer.failures = failures
        return answer

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body, decompressed. Raises ``SourceUnavailable`` when it breaks off or is damaged."""
        try:
            yield from super().iter_bytes(chunk_size)
        except httpx.DecodingError as error:
            raise self.failures.of(error, self.request) from None

    def raise_for_status(self) -> Answer:
        """Itself when the status is a success. Raises ``SourceError``, or the kind of it that fits."""
        if self.is_success:
            return self
        raise self.failures.status(self.request, self.status_code)


def _read(raw: httpx.SyncByteStream, request: httpx.Request, failures: Failures) -> bytes:
    body = bytearray()
    try:
        for chunk in raw:
            body += chunk
            if len(body) > IN_MEMORY:
                raise failures.broken(request, _TOO_LARGE, "the connector should use `ctx.download`")
    finally:
        raw.close()
    return bytes(body)


class _Told(httpx.SyncByteStream):
    """A body that is read later; what breaks then is told as a source's error too."""

    def __init__(self, raw: httpx.SyncByteStream, request: httpx.Request, failures: Failures) -> None:
        self._raw: Iterable[bytes] = raw
        self._close = raw.close
        self._request = request
        self._failures = failures

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._raw
        except httpx.TransportError as error:
            raise self._failures.of(error, self._request) from None

    def close(self) -> None:
        self._close()
