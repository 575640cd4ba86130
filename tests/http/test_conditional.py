"""A publisher is asked what changed, and nothing unchanged is taken for empty."""

from __future__ import annotations

import pytest

from hub.http import Validators
from hub.sdk import ContractBroken
from hub.testing import reply, versioned
from tests.http.remembered import Remembered

ASK = {"hub.conditional": True}


def test_validators_count_when_they_were_committed(server, connect):
    store = Remembered()
    client = connect(store=store)
    url = server.on("/list", versioned(b"all", '"v1"'))
    assert client.get(url, extensions=ASK).text == "all"
    assert client.get(url, extensions=ASK).status_code == 200  # only staged: the run was not complete yet
    store.commit()
    answer = client.get(url, extensions=ASK)
    assert (answer.status_code, answer.content) == (304, b"")
    with pytest.raises(ContractBroken, match="look at `status_code`"):
        answer.raise_for_status()
    store.commit()
    assert store.get(url) == Validators('"v1"', "")  # an unchanged run keeps them
    store.void()
    assert client.get(url, extensions=ASK).text == "all"


def test_last_modified(server, connect):
    store = Remembered()
    client = connect(store=store)
    date = "Tue, 24 Nov 2026 12:00:00 GMT"
    url = server.on("/list", reply(200, b"all", Last_Modified=date), reply(304))
    client.get(url, extensions=ASK)
    store.commit()
    assert client.get(url, extensions=ASK).status_code == 304
    assert server.asked[-1].headers["if-modified-since"] == date


def test_nobody_is_asked_conditionally_who_did_not_say_so(server, connect, client):
    store = Remembered()
    url = server.on("/list", versioned(b"all", '"v1"'))
    for one in (connect(store=store), client):
        extensions = ASK if one is client else {}
        assert one.get(url, extensions=extensions).text == "all"
        store.commit()
    assert store.get(url) is None
    assert all("if-none-match" not in asked.headers for asked in server.asked)


def test_a_failed_answer_stages_nothing(server, connect):
    store = Remembered()
    url = server.on("/list", reply(404, ETag='"error"'))
    connect(store=store).get(url, extensions=ASK)
    store.commit()
    assert store.get(url) is None


def test_addresses_with_something_secret_or_personal_are_not_kept(server, connect, redactor):
    redactor.add(["planted-secret"])
    store = Remembered()
    client = connect(store=store)
    server.on("/list", versioned(b"all", '"v1"'))
    for query in ("?k=planted-secret", "?api_key=unknown", "?id=19811218-9876"):
        client.get(server.url + "/list" + query, extensions=ASK)
    store.commit()
    assert not store._committed


def test_a_redirect_does_not_carry_validators_along(server, connect):
    store = Remembered()
    client = connect(store=store)
    old = server.on("/old", versioned(b"all", '"old"'))
    client.get(old, extensions=ASK)
    store.commit()
    server.on("/old", reply(302, Location="/new"))
    server.on("/new", versioned(b"new", '"old"'))  # by chance the same validator
    assert client.get(old, extensions=ASK).text == "new"
