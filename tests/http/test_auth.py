"""Tokens are fetched once, kept, renewed in time, and shown to nobody else."""

from __future__ import annotations

import base64
import json
import threading
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from hub.sdk import AuthFailed, ClientCredentials, ContractBroken, SourceUnavailable
from hub.testing import Action, Handler, TestServer, reply

SECRET = "s3cret/with+odd=signs"


class Portal:
    """Gives tokens t1, t2, …; the API takes the last one."""

    def __init__(self, server: TestServer, **told: object) -> None:
        self.server = server
        self.told = told
        self.given = 0
        self.taken = ""
        server.on("/token", self.give)
        self.api = server.on("/api", self.check)

    def give(self, handler: Handler) -> None:
        self.given += 1
        self.taken = f"token-{self.given}"
        reply(200, json.dumps({"access_token": self.taken, "token_type": "Bearer", **self.told}).encode())(handler)

    def check(self, handler: Handler) -> None:
        reply(200 if handler.headers.get("Authorization") == f"Bearer {self.taken}" else 401)(handler)

    def credentials(self, **more: object) -> ClientCredentials:
        told = {"client_id": "me:too", "client_secret": SECRET, "hosts": ["127.0.0.1"], "scope": "a:read a:ping"}
        return ClientCredentials.model_validate({"token_url": f"{self.server.url}/token", **told, **more})

    def token_requests(self) -> list[tuple[dict[str, str], dict[str, list[str]]]]:
        return [(asked.headers, parse_qs(asked.body.decode())) for asked in self.server.asked if asked.path == "/token"]


@pytest.fixture
def portal(server: TestServer) -> Portal:
    return Portal(server, expires_in=3600)


def test_one_token_for_many_requests(portal, connect):
    client = connect(credentials=portal.credentials())
    for _ in range(3):
        assert client.get(portal.api).status_code == 200
    ((headers, form),) = portal.token_requests()
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"me%3Atoo:s3cret%2Fwith%2Bodd%3Dsigns"
    assert form == {"grant_type": ["client_credentials"], "scope": ["a:read a:ping"]}
    assert headers["user-agent"] == "integration-hub"


def test_credentials_in_the_form(portal, connect):
    connect(credentials=portal.credentials(style="form")).get(portal.api)
    ((headers, form),) = portal.token_requests()
    assert "authorization" not in headers
    assert (form["client_id"], form["client_secret"]) == (["me:too"], [SECRET])


@pytest.mark.parametrize(("life", "used_for"), [(3600, 3540), (100, 90), (0, 0)])
def test_a_token_is_renewed_before_it_ends(life, used_for, server, connect, ticking):
    portal = Portal(server, expires_in=life)
    client = connect(credentials=portal.credentials())
    client.get(portal.api)
    ticking.now += max(used_for - 1, 0)
    client.get(portal.api)
    assert portal.given == (1 if used_for else 2)
    ticking.now += 1
    client.get(portal.api)
    assert portal.given == (2 if used_for else 3)


@pytest.mark.parametrize("told", [{}, {"expires_in": None}, {"expires_in": "soon"}])
def test_a_token_of_unknown_life_is_used_until_it_is_refused(told, server, connect, ticking):
    portal = Portal(server, **told)
    client = connect(credentials=portal.credentials())
    client.get(portal.api)
    ticking.now += 1e6
    client.get(portal.api)
    assert portal.given == 1
    portal.taken = "another"
    portal.server.on("/api", reply(401), portal.check)
    assert client.get(portal.api).status_code == 200
    assert portal.given == 2


def test_a_refused_token_is_renewed_once(portal, connect):
    client = connect(credentials=portal.credentials())
    portal.server.on("/api", reply(401))
    with pytest.raises(AuthFailed, match=r"GET .*/api: access was refused \(401\)"):
        client.get(portal.api)
    assert portal.given == 2


def test_a_streamed_request_may_be_refused_too(portal, connect):
    client = connect(credentials=portal.credentials())
    portal.server.on("/api", reply(401), reply(200, b"body"))
    with client.stream("GET", portal.api) as answer:
        assert answer.read() == b"body"


def test_threads_share_one_token(portal, connect):
    client, statuses = connect(credentials=portal.credentials(), timeout_seconds=5), []
    threads = [threading.Thread(target=lambda: statuses.append(client.get(portal.api).status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert portal.given == 1


def test_other_hosts_see_no_token(portal, connect):
    client = connect(credentials=portal.credentials(hosts=["api.example"]))
    url = portal.server.on("/other", reply())
    client.get(url)
    assert portal.given == 0
    assert "authorization" not in portal.server.asked[-1].headers


def test_a_redirect_to_another_host_takes_no_token_along(portal, connect):
    client = connect(credentials=portal.credentials())
    elsewhere = portal.server.on("/elsewhere", reply()).replace("127.0.0.1", "localhost")
    portal.server.on("/api", reply(302, Location=elsewhere))
    client.get(portal.api)
    assert portal.server.asked[-1].path == "/elsewhere"
    assert "authorization" not in portal.server.asked[-1].headers


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (reply(401, b'{"error": "invalid_client"}'), AuthFailed, "no token was given (invalid_client) → renew"),
        (reply(400, b"<html>"), AuthFailed, "no token was given (400)"),
        (reply(400, b'{"error": "Your secret was s3cret"}'), AuthFailed, "no token was given (400)"),
        (reply(200, b"<html>"), ContractBroken, "the answer holds no token"),
        (reply(200, b'["token"]'), ContractBroken, "the answer holds no token"),
        (reply(200, b'{"access_token": ""}'), ContractBroken, "the answer holds no token"),
        (reply(503), SourceUnavailable, "/token: answered 503 after 5 attempts"),
    ],
)
def test_no_token(answer: Action, kind, words, portal, connect):
    client = connect(credentials=portal.credentials())
    portal.server.on("/token", answer)
    with pytest.raises(kind) as caught:
        client.get(portal.api)
    assert words in str(caught.value)
    # The lock is free again: the next request tries.
    portal.server.on("/token", portal.give)
    assert client.get(portal.api).status_code == 200


def test_secrets_are_redacted_while_the_client_is_open(portal, connect, redactor):
    client = connect(credentials=portal.credentials())
    client.get(portal.api)
    basic = portal.token_requests()[0][0]["authorization"]
    assert redactor(f"token-1 {SECRET} {basic}") == "*** *** Basic ***"
    client.close()
    assert redactor("token-1") == "token-1"
    assert SECRET not in repr(portal.credentials())


def test_secrets_go_over_https_only(portal):
    with pytest.raises(ValidationError) as caught:
        portal.credentials(token_url="http://portal.example/token")
    assert SECRET not in str(caught.value)
