"""Redirects go where a publisher may send us, and nowhere else."""

from __future__ import annotations

import httpx
import pytest
import respx

from hub.sdk import ContractBroken, SourceUnavailable
from hub.testing import reply

NAMES = {
    "public.example": ["93.184.216.34"],
    "other.example": ["2606:2800:220:1::1"],
    "intern.example": ["10.0.0.7"],
    "both.example": ["93.184.216.34", "fd00::1"],
}


def lookup(host: str) -> list[str]:
    if host in NAMES:
        return NAMES[host]
    if host[0].isdigit() or ":" in host:
        return [host]
    raise OSError("unknown")


def follow(connect, start: str, target: str) -> httpx.Response:
    with respx.mock(assert_all_called=False) as web:
        web.get(start).respond(302, headers={"Location": target})
        web.get(target).respond(200, text="there")
        return connect(lookup=lookup).get(start)


@pytest.mark.parametrize(
    "target",
    [
        "https://intern.example/",
        "https://both.example/",
        "https://127.0.0.1/",
        "https://0.0.0.0/",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:127.0.0.1]/",
    ],
)
def test_private_addresses_are_refused(target, connect):
    with pytest.raises(ContractBroken, match=r"public.example redirects to a private address"):
        follow(connect, "https://public.example/", target)


@pytest.mark.parametrize(
    ("start", "target"),
    [
        ("https://public.example/", "https://other.example/"),
        ("http://public.example/", "https://other.example/"),
        ("https://intern.example/", "https://192.168.1.1/"),
        ("https://intern.example/", "https://public.example/"),
        ("https://unknown.example/", "https://elsewhere.example/"),
        ("https://intern.example/a", "https://intern.example/b"),
    ],
)
def test_others_are_followed(start, target, connect):
    assert follow(connect, start, target).text == "there"


def test_from_https_to_http_is_refused(connect):
    with pytest.raises(ContractBroken, match=r"public.example redirects from https to http"):
        follow(connect, "https://public.example/", "http://public.example/")


def test_the_whole_chain_is_measured_by_its_beginning(connect):
    with respx.mock:
        respx.get("https://public.example/").respond(302, headers={"Location": "https://other.example/"})
        respx.get("https://other.example/").respond(302, headers={"Location": "https://10.0.0.1/"})
        with pytest.raises(ContractBroken):
            connect(lookup=lookup).get("https://public.example/")


def test_first_addresses_are_the_operators_own_business(server, client):
    url = server.on("/a", reply(302, Location="/b"))
    server.on("/b", reply(200, b"there"))
    assert client.get(url).text == "there"


def test_endless_redirects_end(server, client):
    url = server.on("/a", reply(302, Location="/a"))
    with pytest.raises(SourceUnavailable, match="redirected again and again"):
        client.get(url)
    assert len(server.asked) == 6
