"""A web server on this machine that answers, or fails to, as a test tells it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Action = Callable[["Handler"], None]


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Server:
    """``on(path, …)`` says what answers come one after the other; the last one stays."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._actions: dict[str, list[Action]] = defaultdict(list)
        self._lock = threading.Lock()

    def on(self, path: str, *actions: Action) -> str:
        self._actions[path] = list(actions)
        return self.url + path

    def next_action(self, asked: Asked) -> Action:
        with self._lock:
            self.asked.append(asked)
            actions = self._actions[asked.path.partition("?")[0]]
            if not actions:
                return reply(404)
            return actions.pop(0) if len(actions) > 1 else actions[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: Server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        action = self.told.next_action(Asked(self.command, self.path, headers, body))
        with contextlib.suppress(ConnectionError):
            action(self)

    do_GET = do_POST = do_PUT = do_HEAD = do_CONNECT = answer  # noqa: N815 - the library's names

    def log_message(self, *args: object) -> None:
        pass


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Action:
    """A whole answer; ``retry_after="5"`` is the header Retry-After."""

    def act(handler: Handler) -> None:
        handler.send_response(status)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if status != 304:
            told = {"content-length": str(len(body)), **{name.lower(): value for name, value in told.items()}}
        for name, value in told.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def reset(handler: Handler) -> None:
    """The connection is torn down without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def stall(handler: Handler) -> None:
    """Nothing comes until the test is over."""
    handler.told.over.wait(10)
    handler.close_connection = True


def cut(body: bytes, length: int, status: int = 200, **headers: str) -> Action:
    """Promises ``length`` bytes, sends ``body`` and hangs up."""

    def act(handler: Handler) -> None:
        reply(status, body, content_length=str(length), **headers)(handler)
        handler.close_connection = True

    return act


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


@contextlib.contextmanager
def serving(secure: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server in a thread, for as long as the block lasts."""
    handler = type("TestHandler", (Handler,), {})
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    web.daemon_threads = True
    if secure:
        web.socket = secure.wrap_socket(web.socket, server_side=True)
    web.block_on_close = False
    web.handle_error = lambda *_: None  # type: ignore[method-assign] # resets are meant
    handler.told = server = Server(web.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        web.shutdown()
        web.server_close()
        thread.join()
