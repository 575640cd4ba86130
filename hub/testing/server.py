"""A web server on this machine that answers, or fails to, as a test tells it."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, NamedTuple

Action = Callable[["Handler"], None]
"""Answers one request; ``hub.testing`` has the usual ones: ``reply``, ``pages``, ``stall`` and so on."""


class Asked(NamedTuple):
    """One request as it came. Header names are in lower case, ``path`` has its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class TestServer:
    """A publisher played by a test, at ``url``.

    ``on(path, …)`` says what answers come one after the other; the last one stays. What nobody spoke of is 404.
    ``disturb`` spoils single requests, or every one from some number on. ``asked`` are the requests so far.
    """

    __test__: ClassVar = False  # its name begins with Test, and it is none

    def __init__(self, port: int, scheme: str = "http") -> None:
        self.host = f"127.0.0.1:{port}"
        self.url = f"{scheme}://{self.host}"
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._actions: dict[str, list[Action]] = {}
        self._disturbances: list[tuple[int, int | None, Action]] = []
        self._lock = threading.Lock()

    def on(self, path: str, *actions: Action) -> str:
        """Answer requests of ``path`` (without its query) with these, in order; gives the whole address."""
        with self._lock:
            self._actions[path] = list(actions)
        return self.url + path

    def disturb(self, fault: Action, first: int, last: int | None = None) -> None:
        """Answer the requests number ``first`` (from 1) to ``last`` with ``fault``; all that follow without a last."""
        with self._lock:
            self._disturbances.append((first, last, fault))

    def forget(self) -> None:
        """Begin anew: no request was asked, no answer is set, nothing is disturbed."""
        with self._lock:
            self.asked.clear()
            self._actions.clear()
            self._disturbances.clear()

    def take(self, asked: Asked) -> tuple[Action, Action]:
        """For the handler: what answers this request, and what would if nothing were disturbed."""
        with self._lock:
            self.asked.append(asked)
            actions = self._actions.get(asked.path.partition("?")[0], [_not_found])
            meant = actions.pop(0) if len(actions) > 1 else actions[0]
            number = len(self.asked)
            faults = [
                fault
                for first, last, fault in self._disturbances
                if first <= number and (last is None or number <= last)
            ]
            return (faults[-1] if faults else meant), meant


class Handler(BaseHTTPRequestHandler):
    """One request at the server; an action writes its answer to it. ``meant`` answers it when nothing is disturbed."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written apart: the second would wait for a receipt
    told: TestServer
    meant: Action

    def answer(self) -> None:
        """Let the server say what becomes of the request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        action, self.meant = self.told.take(Asked(self.command, self.path, headers, body))
        with contextlib.suppress(ConnectionError):
            action(self)

    do_GET = do_POST = do_PUT = do_HEAD = do_CONNECT = answer  # noqa: N815 - the library's names

    def log_message(self, *args: object) -> None:
        """Nothing: tests look at ``asked``."""


def _not_found(handler: Handler) -> None:
    handler.send_response(404)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@contextlib.contextmanager
def serving(secure: ssl.SSLContext | None = None) -> Iterator[TestServer]:
    """A server in a thread, for as long as the block lasts; with ``secure`` it speaks https."""
    handler = type("TestHandler", (Handler,), {})
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    web.daemon_threads = True
    if secure:
        web.socket = secure.wrap_socket(web.socket, server_side=True)
    web.block_on_close = False
    web.handle_error = lambda *_: None  # type: ignore[method-assign] # resets are meant
    server = TestServer(web.server_port, "https" if secure else "http")
    handler.told = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        web.shutdown()
        web.server_close()
        thread.join()
