"""Serving the pages beside the scheduler, in a thread of their own."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

import uvicorn
from pydantic import SecretStr

from hub.schedule.state import ServeState
from hub.sdk import ConfigError, HubError
from hub.settings.serve import listen_address
from hub.store.engine import Engine
from hub.web.pages import application

log = logging.getLogger("hub.web")

_CONNECTIONS: Final = 64
_STOP: Final = 1.0
"""Seconds. Then the process ends without those who still wait for an answer."""


@contextmanager
def serve_pages(listen: str, engine: Engine, state: ServeState, token: SecretStr | None) -> Iterator[str]:
    """Answer at ``listen`` (``host:port``; port 0 for any that is free) for as long as the block lasts.

    Gives the address that is listened at; empty when ``listen`` is. Raises ``ConfigError`` when nothing can listen
    there.
    """
    if not listen:
        yield ""
        return
    with _bound(listen) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                application(engine, state, token),
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                # Who asks is told by the connection, never by a header (hub.web.caller).
                proxy_headers=False,
                limit_concurrency=_CONNECTIONS,
                timeout_graceful_shutdown=1,
            )
        )
        # Not in the main thread uvicorn leaves signals alone.
        thread = Thread(target=server.run, args=([listener],), name="hub-web", daemon=True)
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.005)
        if not server.started:
            raise HubError("health and metrics could not be started: see the log", where="serve.listen")
        where = _shown(listener)
        log.info("health and metrics at http://%s", where, extra={"action": "pages_served", "listen": where})
        try:
            yield where
        finally:
            server.should_exit = True
            thread.join(_STOP)


@contextmanager
def _bound(listen: str) -> Iterator[socket.socket]:
    host, port = listen_address(listen)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family)
    except OSError as error:
        used = error.errno == errno.EADDRINUSE
        reason = "another process listens there" if used else error.strerror or type(error).__name__
        raise ConfigError(
            f"cannot listen at {listen}: {reason}",
            where="serve.listen",
            instruction=(
                "stop the other one (is it another `hub serve`?), or set another port in serve.listen"
                if used
                else "set serve.listen to an address of this machine and a port that the hub's user may take"
            ),
        ) from None
    with listener:
        yield listener


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
