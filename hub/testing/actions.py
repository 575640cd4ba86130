"""Answers, good and bad, that a ``TestServer`` can be told to give."""

from __future__ import annotations

import io
import json
import socket
import struct
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from hub.testing.server import Action, Handler


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Action:
    """A whole answer; ``retry_after="5"`` is the header Retry-After."""

    def act(handler: Handler) -> None:
        handler.send_response(status)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if status != 304:  # noqa: PLR2004 - HTTP's own number
            told = {"content-length": str(len(body)), **{name.lower(): value for name, value in told.items()}}
        for name, value in told.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def pages(rows: Sequence[Any], size: int, *, parameter: str = "page", under: str = "items") -> Action:
    """JSON in pages of ``size`` rows, for addresses such as ``/rows?page=2``; the first page is number 1.

    An answer is ``{"items": […], "page": 2, "pages": 5, "total": 98}``, with the rows under the name in ``under``.
    """

    def act(handler: Handler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query).get(parameter, ["1"])[0])
        shown = rows[(number - 1) * size : number * size]
        count = -(-len(rows) // size)
        answer = {under: list(shown), "page": number, "pages": count, "total": len(rows)}
        reply(200, json.dumps(answer).encode(), content_type="application/json")(handler)

    return act


def reset(handler: Handler) -> None:
    """The connection is torn down without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def stall(handler: Handler) -> None:
    """Nothing comes until the test is over, or for ten seconds."""
    handler.told.over.wait(10)
    handler.close_connection = True


def cut(body: bytes, length: int, status: int = 200, **headers: str) -> Action:
    """Promises ``length`` bytes, sends ``body`` and hangs up."""

    def act(handler: Handler) -> None:
        reply(status, body, content_length=str(length), **headers)(handler)
        handler.close_connection = True

    return act


def truncate(handler: Handler) -> None:
    """The answer that was meant, of which only the first half comes before the line is cut."""
    whole, line = io.BytesIO(), handler.wfile
    handler.wfile = whole
    try:
        handler.meant(handler)
    finally:
        handler.wfile = line
    head, end, body = whole.getvalue().partition(b"\r\n\r\n")
    # An answer without a body is cut within its head.
    line.write(head + end + body[: len(body) // 2] if body else head[: len(head) // 2])
    handler.close_connection = True


def versioned(body: bytes, etag: str) -> Action:
    """Knows If-None-Match."""

    def act(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == etag
        (reply(304, ETag=etag) if known else reply(200, body, ETag=etag))(handler)

    return act


def ranged(body: bytes, etag: str, most: int | None = None) -> Action:
    """Knows Range and If-Range; hangs up after ``most`` bytes."""

    def act(handler: Handler) -> None:
        asked, start = handler.headers.get("Range"), 0
        if asked and handler.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        rest = body[start:]
        told = {"ETag": etag}
        if start:
            told["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        cut(rest[:most], len(rest), 206 if start else 200, **told)(handler)

    return act


FAULTS: Final[dict[str, Action]] = {
    "429 with Retry-After": reply(429, retry_after="2"),
    "429 without Retry-After": reply(429),
    "500": reply(500),
    "no answer": stall,
    "a reset connection": reset,
    "a truncated answer": truncate,
}
"""What happens on the web and passes, by its name; for ``TestServer.disturb``."""
