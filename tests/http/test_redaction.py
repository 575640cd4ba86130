"""A planted secret appears in no log line, exception or repr, whatever goes wrong."""

from __future__ import annotations

import logging
import traceback

import httpx
import pytest
import respx

from hub.http.redact import LOGGERS
from hub.sdk import ClientCredentials, HubError
from hub.testing import cut, reply, reset, stall

PLANTED = "CANARY/7f3a"
SPELLED = (PLANTED, "CANARY%2F7f3a", "CANARY")
PERSON = "19811218-9876"

TROUBLES = {
    "reset": reset,
    "stall": stall,
    "cut": cut(b"half", 9),
    "refused": reply(403),
    "missing": reply(404),
    "odd": reply(400, f"your key is {PLANTED}".encode()),
    "failing": reply(500),
    "limited": reply(429),
    "for a day": reply(429, Retry_After="86400"),
    "compressed": reply(200, b"no gzip", Content_Encoding="gzip"),
    "redirected": reply(302, Location="/planted?token=CANARY%2F7f3a"),
    "redirected nowhere": reply(302, Location="http://[CANARY%2F7f3a/"),
}


@pytest.fixture
def said(caplog, redactor):
    """Everything that any logger said, as a handler that knows nothing of redaction would write it."""
    redactor.add([PLANTED])
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(
        f"{record.getMessage()} {record.args} {vars(record)}" for record in caplog.records if record.name != "asyncio"
    )


def shown(error: BaseException) -> str:
    return "".join([*traceback.format_exception(error), repr(error), str(error), str(vars(error))])


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_in_the_query_the_path_and_the_headers(trouble, server, client, said):
    url = server.on("/planted", trouble)
    with pytest.raises(HubError) as caught:
        client.get(url, params={"api_key": PLANTED, "id": PERSON}, headers={"X-Api-Key": PLANTED}).raise_for_status()
    everything = said() + shown(caught.value) + repr(client)
    assert server.host in everything
    assert not [spelling for spelling in (*SPELLED, PERSON) if spelling in everything]


def test_the_libraries_lines_stay_but_for_what_is_secret(server, client, said):
    client.get(server.on("/a", reply()), params={"q": PLANTED, "token": "unregistered"})
    assert f'HTTP Request: GET {server.url}/a?q=***&token=*** "HTTP/1.1 200 OK"' in said()


def test_a_query_that_nobody_called_secret_stays_out_of_errors(server, client):
    params = {"q": str(4711 * 4711)}  # a traceback shows this line, but not the number
    with pytest.raises(HubError) as caught:
        client.get(server.on("/a", reply(404)), params=params).raise_for_status()
    assert params["q"] not in shown(caught.value)


@pytest.mark.parametrize("trouble", ["given", "refused", "odd"])
@pytest.mark.parametrize("style", ["basic", "form"])
def test_credentials_and_tokens(style, trouble, server, connect, said):
    answers = {
        "given": reply(200, b'{"access_token": "CANARY-token"}'),
        "refused": reply(401, b'{"error": "CANARY"}'),
        "odd": reply(200, b"CANARY-token"),
    }
    credentials = ClientCredentials(
        token_url=server.on("/token", answers[trouble]),
        client_id="me",
        client_secret=PLANTED,
        hosts=("127.0.0.1",),
        style=style,
    )
    client = connect(credentials=credentials)
    with pytest.raises(HubError) as caught:
        client.get(server.on("/api", reply(401)))
    basic = server.asked[0].headers.get("authorization", "Basic none").removeprefix("Basic ")
    everything = said() + shown(caught.value) + repr(client) + repr(credentials) + repr(client.auth)
    assert not [word for word in (*SPELLED, "CANARY-token", basic) if word in everything]


@respx.mock
@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ProxyError, httpx.LocalProtocolError])
def test_libraries_that_quote_what_they_choke_on(kind, client, said):
    respx.get("https://a.example/").mock(side_effect=kind(f"Illegal header value b'{PLANTED}'"))
    with pytest.raises(HubError) as caught:
        client.get("https://a.example/")
    everything = said() + str(caught.value) + repr(caught.value) + "".join(traceback.format_exception(caught.value))
    assert "Illegal header value b'***'" in everything
    assert PLANTED not in everything


def test_the_filters_go_with_the_client(connect, client):
    other = connect()
    before = sum(len(logging.getLogger(name).filters) for name in LOGGERS)
    other.close()
    with connect():
        assert sum(len(logging.getLogger(name).filters) for name in LOGGERS) == before
    assert sum(len(logging.getLogger(name).filters) for name in LOGGERS) == before - len(LOGGERS)
