"""The pages: ``/healthz``, ``/readyz`` and ``/metrics``; nothing else is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hub.schedule.state import ServeState
from hub.sdk import HubError
from hub.store.engine import DatabaseUnavailable, Engine
from hub.web.caller import is_here, refusal
from hub.web.figures import Reader
from hub.web.health import not_ready, not_ticking
from hub.web.metrics import Metrics

_TURN: Final = 5.0
_NEVER_KEPT: Final = {"cache-control": "no-store"}
_REFUSED: Final = {
    401: "show the token: Authorization: Bearer <token>\n",
    403: "metrics are for the hub's own machine; serve.token opens them to others\n",
}


def application(
    engine: Engine, state: ServeState, token: SecretStr | None, *, clock: Callable[[], datetime] | None = None
) -> Starlette:
    """The pages as an ASGI application."""
    pages = _Pages(engine, state, token, clock or (lambda: datetime.now(UTC)))
    app = Starlette(
        routes=[
            Route("/healthz", pages.healthz),
            Route("/readyz", pages.readyz),
            Route("/metrics", pages.metrics),
        ]
    )
    app.router.redirect_slashes = False
    return app


class _Pages:
    def __init__(
        self, engine: Engine, state: ServeState, token: SecretStr | None, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._state = state
        self._token = token
        self._clock = clock
        self._reader = Reader(engine)
        self._lock = Lock()

    async def healthz(self, request: Request) -> Response:
        """Whether the process works. On the event loop: it answers also when all threads wait for the database."""
        return _told(request, "not ticking", not_ticking(self._state, self._clock()))

    def readyz(self, request: Request) -> Response:
        """Whether what it needs is there."""
        try:
            with self._turn():
                return _told(request, "not ready", not_ready(self._engine, self._state))
        except DatabaseUnavailable as error:
            return _told(request, "not ready", [error])

    def metrics(self, request: Request) -> Response:
        """The figures, for callers that may have them."""
        here = is_here(request)
        if not here and (status := refusal(request, self._token)):
            challenge = {"www-authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
            return PlainTextResponse(_REFUSED[status], status, headers=_NEVER_KEPT | challenge)
        try:
            with self._turn():
                figures = self._reader.read()
        except DatabaseUnavailable as error:
            return PlainTextResponse(f"{error}\n" if here else "not ready\n", 503, headers=_NEVER_KEPT)
        registry = CollectorRegistry()
        registry.register(Metrics(figures, self._state, self._clock()))
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers=_NEVER_KEPT | {"content-type": kind})

    @contextmanager
    def _turn(self) -> Iterator[None]:
        # However many ask, they take one of the database's connections, which runs need more.
        if not self._lock.acquire(timeout=_TURN):
            raise DatabaseUnavailable(
                f"the database has kept another page waiting for {_TURN:.0f} seconds",
                where="database",
                instruction="check that the database server answers",
            )
        try:
            yield
        finally:
            self._lock.release()


def _told(request: Request, otherwise: str, problems: Iterable[HubError]) -> Response:
    """200 when there are no problems, else 503; why is for callers on this machine alone."""
    found = list(problems)
    answer: dict[str, object] = {"status": otherwise if found else "ok"}
    if found and is_here(request):
        answer["reasons"] = [_reason(error) for error in found]
    return JSONResponse(answer, 503 if found else 200, headers=_NEVER_KEPT)


def _reason(error: HubError) -> Mapping[str, str]:
    return {"where": error.where, "reason": error.reason, "instruction": error.instruction}
