"""The test server answers as it is told, and is disturbed as it is told."""

from __future__ import annotations

import json
import ssl

import pytest

from hub.sdk import SourceUnavailable
from hub.testing import FAULTS, open_test_client, pages, reply, serving


@pytest.fixture
def site():
    with serving() as server:
        yield server


def test_rows_come_in_pages(site):
    url = site.on("/rows", pages(list("abcde"), 2))
    with open_test_client() as client:
        answers = [client.get(f"{url}?page={number}").json() for number in (1, 2, 3)]
    assert [answer["items"] for answer in answers] == [["a", "b"], ["c", "d"], ["e"]]
    assert answers[0] == {"items": ["a", "b"], "page": 1, "pages": 3, "total": 5}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_single_request_is_disturbed_and_the_next_one_is_not(site, fault):
    url = site.on("/", reply(200, b"x" * 1000))
    site.disturb(fault, 2, 2)
    with open_test_client() as client:
        assert [len(client.get(url).content) for _ in range(3)] == [1000, 1000, 1000]
    assert len(site.asked) == 4


def test_it_stays_broken_without_a_last_request(site):
    url = site.on("/", reply(200))
    site.disturb(reply(500), 2)
    with open_test_client() as client:
        assert client.get(url).is_success
        with pytest.raises(SourceUnavailable):
            client.get(url)


def test_it_forgets(site):
    url = site.on("/", reply(200))
    site.disturb(reply(500), 1)
    site.forget()
    with open_test_client() as client:
        assert client.get(url).status_code == 404
    assert len(site.asked) == 1


def test_it_speaks_https_when_it_is_given_a_certificate():
    with serving(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as server:
        assert server.url == f"https://{server.host}"


def test_what_was_asked_can_be_looked_at(site):
    url = site.on("/search", reply(200, json.dumps([]).encode()))
    with open_test_client() as client:
        client.post(f"{url}?q=1", content=b"words", extensions={"hub.safe": True})
    (asked,) = site.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/search?q=1", b"words")
    assert asked.headers["user-agent"] == "integration-hub"
